/* Documents of a list, met with other lists. */
#include "rank/meeting.h"

#include <math.h>

struct kw_meeting *kw_meeting_in(struct kw_pruning *pruning)
{
    struct kw_arena *arena = pruning->arena;
    uint32_t count = pruning->must_count, placed = 0;
    struct kw_meeting *meeting = kw_arena_take(arena, sizeof *meeting);
    struct kw_member *members = kw_arena_take(arena, count * sizeof *members);
    struct kw_member **plan = kw_arena_take(arena, count * sizeof(struct kw_member *));
    if (!meeting || !members || !plan)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        members[i].list = pruning->must[i];
    for (uint32_t i = 0; i < pruning->leaf_lists; i++)
        for (uint32_t j = 0; j < count; j++)
            if (members[j].list == &pruning->lists[i])
                plan[placed++] = &members[j];
    meeting->pruning = pruning;
    meeting->members = members;
    meeting->plan = plan;
    meeting->member_count = count;
    meeting->count = 0;
    return meeting;
}

void kw_meeting_take(struct kw_meeting *meeting, const struct kw_sieve *sieve)
{
    struct kw_member *lead = &meeting->members[0];
    struct kw_list *list = lead->list;
    const uint8_t *classes = NULL;
    double table[KW_CLASSES];
    uint32_t count = meeting->count;
    if (!list->scores && !(classes = kw_list_classes(list, list->postings.block, table)))
        return;
    for (uint32_t word = 0; word < KW_POSTING_BLOCK / 64; word++) {
        for (uint64_t bits = sieve->bits[word]; bits; bits &= bits - 1, count++) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            meeting->documents[count] = list->postings.documents[place];
            if (classes)
                lead->frequencies[count] = kw_list_frequency(list, place);
            else
                lead->parts[count] = list->scores[place];
            meeting->bounds[count] =
                classes ? table[kw_class_at(classes, place)] : list->scores[place];
        }
    }
    meeting->count = count;
}

/* Leaves the documents at these places, and what the first members give them. */
static void leave(struct kw_meeting *meeting, const uint32_t *places, uint32_t count,
                  uint32_t members)
{
    if (count == meeting->count)
        return; /* all of them */
    meeting->count = count;
    for (uint32_t i = 0; i < count; i++) {
        meeting->documents[i] = meeting->documents[places[i]];
        meeting->bounds[i] = meeting->bounds[places[i]];
    }
    for (uint32_t j = 0; j < members; j++) {
        struct kw_member *member = &meeting->members[j];
        if (member->list->scores)
            for (uint32_t i = 0; i < count; i++)
                member->parts[i] = member->parts[places[i]];
        else
            for (uint32_t i = 0; i < count; i++)
                member->frequencies[i] = member->frequencies[places[i]];
    }
}

/* Leaves the documents of which the bound is enough, before lists are asked. */
static void keep(struct kw_meeting *meeting)
{
    double need = kw_pruning_need(meeting->pruning);
    uint32_t places[KW_CANDIDATES], kept = 0;
    for (uint32_t i = 0; i < meeting->count; i++) {
        places[kept] = i;
        kept += meeting->bounds[i] >= need;
    }
    leave(meeting, places, kept, 1);
}

/* Adds to the bounds what the list can give by the blocks in which the documents would be. */
static void bound(struct kw_meeting *meeting, const struct kw_list *list)
{
    uint32_t block = list->block, last = 0;
    double most = 0;
    for (uint32_t i = 0; i < meeting->count; i++) {
        uint32_t document = meeting->documents[i];
        if (i == 0 || document > last) {
            block = kw_list_seek(list, block, document);
            bool there = block < list->block_count;
            last = there ? kw_list_last(list, block) : UINT32_MAX;
            most = there ? kw_list_most_of_block(list, block) : -INFINITY;
        }
        meeting->bounds[i] += most;
    }
}

/* The documents that one of a list's blocks may hold. */
struct group {
    uint32_t block;
    uint32_t first;
};

/* Groups the documents by the list's blocks, which are fetched; how many groups. Behind the last
 * stands where it ends. */
static uint32_t group(const struct kw_meeting *meeting, struct kw_list *list, struct group *groups)
{
    uint32_t count = 0, block = list->block;
    for (uint32_t i = 0; i < meeting->count; count++) {
        block = kw_list_seek(list, block, meeting->documents[i]);
        groups[count] = (struct group){block, i};
        if (block >= list->block_count)
            break;
        if (block != list->postings.block)
            kw_postings_prefetch(&list->postings, block);
        uint32_t last = kw_list_last(list, block);
        while (++i < meeting->count && meeting->documents[i] <= last)
            continue;
        groups[count + 1] = (struct group){block, i};
    }
    list->block = block;
    return count;
}

/* What was found of a group in its block. */
struct finds {
    uint32_t count;
    uint8_t which[KW_CANDIDATES], places[KW_CANDIDATES];
    struct kw_extras extras; /* where the block is a bitmap and not decoded, else NULL */
};

/* Finds the documents of a group in its block. */
static void find(const struct kw_meeting *meeting, struct kw_list *list, const struct group *group,
                 struct finds *finds)
{
    const uint32_t *documents = meeting->documents + group->first;
    const struct kw_kernels *kernels = list->postings.segment->pages.kernels;
    struct kw_postings *postings = &list->postings;
    uint32_t wanted = group[1].first - group->first;
    struct kw_posting_bits bits;
    finds->extras.packed = NULL;
    finds->count = KW_KERNEL_FEW;
    if (group->block != postings->block && kw_postings_bits(postings, group->block, &bits)) {
        const struct kw_kernel_bits all = {bits.bytes, bits.last - bits.first + 1,
                                           kw_list_size(list, group->block)};
        finds->extras = bits.extras;
        finds->count =
            kernels->find_bits(&all, bits.first, documents, wanted, finds->which, finds->places);
    }
    if (finds->count != KW_KERNEL_FEW)
        return;
    finds->extras.packed = NULL;
    finds->count = 0;
    if (kw_list_enter(list, group->block))
        finds->count = kernels->find32(postings->documents, postings->count, documents, wanted,
                                       finds->which, finds->places);
}

/* Leaves the documents that the member's list holds. */
static void meet(struct kw_meeting *meeting, uint32_t number)
{
    struct kw_member *member = &meeting->members[number];
    struct kw_list *list = member->list;
    struct group groups[KW_CANDIDATES + 1];
    uint32_t places[KW_CANDIDATES], kept = 0, count = group(meeting, list, groups);
    for (uint32_t i = 0; i < count; i++) {
        struct finds finds;
        find(meeting, list, &groups[i], &finds);
        for (uint32_t j = 0; j < finds.count; j++, kept++) {
            uint32_t place = finds.places[j];
            places[kept] = groups[i].first + finds.which[j];
            if (list->scores)
                member->parts[kept] = list->scores[place];
            else if (finds.extras.packed)
                member->frequencies[kept] =
                    kw_postings_frequency_of(&list->postings, &finds.extras, place);
            else
                member->frequencies[kept] = kw_list_frequency(list, place);
        }
    }
    leave(meeting, places, kept, number);
}

static void read_lengths(const struct kw_meeting *meeting, const struct kw_field_info *field,
                         uint32_t *lengths)
{
    for (uint32_t i = 0; i < meeting->count; i++)
        lengths[i] = kw_segment_length(meeting->pruning->segment, field, meeting->documents[i]);
}

/* Scores all documents: sums in the order of the plan. */
static void score(struct kw_meeting *meeting)
{
    const struct kw_kernels *kernels = meeting->pruning->segment->pages.kernels;
    const struct kw_field_info *field = NULL;
    uint32_t lengths[KW_CANDIDATES], count = meeting->count;
    for (uint32_t i = 0; i < count; i++)
        meeting->bounds[i] = 0;
    for (uint32_t j = 0; j < meeting->member_count; j++) {
        struct kw_member *member = meeting->plan[j];
        const struct kw_list *list = member->list;
        const struct kw_kernel_weights weights = kw_list_weights(list);
        if (!list->scores && (!field || field->lengths_at != list->field.lengths_at)) {
            field = &list->field;
            read_lengths(meeting, field, lengths);
        }
        if (!list->scores)
            kernels->score(member->frequencies, lengths, count, &weights, member->parts);
        for (uint32_t i = 0; i < count; i++)
            meeting->bounds[i] += member->parts[i];
    }
}

/* Whether the document holds nothing that must not be there. */
static bool is_clean(const struct kw_pruning *pruning, uint32_t document)
{
    uint32_t at;
    for (uint32_t i = 0; i < pruning->never_count; i++)
        if (kw_list_find(pruning->never[i], document, &at))
            return false;
    return !kw_segment_deleted(pruning->segment, document);
}

enum kw_status kw_meeting_hold(struct kw_meeting *meeting, struct kw_error *error)
{
    struct kw_pruning *pruning = meeting->pruning;
    enum kw_status status = KW_OK;
    if (kw_pruning_need(pruning) > 0) {
        for (uint32_t j = 1; j < meeting->member_count; j++)
            bound(meeting, meeting->members[j].list);
        keep(meeting);
    }
    for (uint32_t j = 1; j < meeting->member_count && meeting->count; j++)
        meet(meeting, j);
    score(meeting);
    for (uint32_t i = 0; i < meeting->count && status == KW_OK; i++) {
        uint32_t document = meeting->documents[i];
        double sum = meeting->bounds[i];
        if (sum > 0 && sum >= kw_pruning_need(pruning) && is_clean(pruning, document))
            status = pruning->take(pruning->context, document, sum, error);
    }
    meeting->count = 0;
    return status;
}
