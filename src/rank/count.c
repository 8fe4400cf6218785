/* Counts what a flat plan matches: by looking the documents of its rarer lists up in the others, or
 * by windows, whichever is less work. */
#include "rank/counting.h"
#include "rank/statistics.h"

#include <stdlib.h>

/* What things cost, beside each other. */
enum {
    A_MARK = 12,     /* to decode a posting and to set its bit */
    A_DOCUMENT = 1,  /* to mark a list of bitmaps, by eight documents that they are of */
    A_WINDOW = 2000, /* to clear and to join the bitmap of a list in a window */
    A_LOOK = 50,     /* to find a document in a decoded block … */
    A_BIT = 10,      /* … and in one that is a bitmap */
    A_BLOCK = 300,   /* to decode a block */
    A_STEP = 80,     /* to find a block that is a bitmap */
    DENSE = 7,       /* lists with one in so many documents are mostly bitmaps */
};

static bool is_dense(const struct kw_segment *segment, const struct kw_list *list)
{
    return (uint64_t)list->postings.term.documents * DENSE >= segment->documents;
}

uint64_t kw_cost_of_looking(const struct kw_segment *segment, uint64_t found,
                            const struct kw_sought *sought, uint32_t count)
{
    uint64_t cost = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct kw_list *list = sought[i].list;
        uint64_t here = list->postings.term.documents;
        uint64_t blocks = found < list->block_count ? found : list->block_count;
        bool dense = is_dense(segment, list);
        cost += found * (dense ? A_BIT : A_LOOK) + blocks * (dense ? A_STEP : A_BLOCK);
        found = found * (sought[i].wanted ? here : segment->documents - here) / segment->documents;
    }
    return cost;
}

static uint64_t cost_of_marking(const struct kw_segment *segment, const struct kw_list *list)
{
    uint64_t windows = segment->documents / KW_COUNT_WINDOW + 1;
    return windows * A_WINDOW + (is_dense(segment, list)
                                     ? (uint64_t)segment->documents * A_DOCUMENT / 8
                                     : (uint64_t)list->postings.term.documents * A_MARK);
}

uint64_t kw_cost_of_windows(const struct kw_pruning *pruning)
{
    const bool all = pruning->must_count > 0;
    uint64_t cost = 0;
    for (uint32_t i = 0; i < pruning->must_count; i++)
        cost += cost_of_marking(pruning->segment, pruning->must[i]);
    for (uint32_t i = 0; !all && i < pruning->may_count; i++)
        cost += cost_of_marking(pruning->segment, pruning->may[i]);
    for (uint32_t i = 0; i < pruning->never_count; i++)
        cost += cost_of_marking(pruning->segment, pruning->never[i]);
    return cost;
}

/* Lists are looked through from their beginnings again. */
static void rewind_lists(struct kw_pruning *pruning)
{
    for (uint32_t i = 0; i < pruning->list_count; i++)
        pruning->lists[i].block = pruning->lists[i].postings.at = 0;
}

/* Adds what has all that must be there. */
static enum kw_status count_all(struct kw_pruning *pruning, uint64_t *count, struct kw_error *error)
{
    struct kw_segment *segment = pruning->segment;
    struct kw_list *lead = pruning->must[0];
    size_t room = (size_t)pruning->must_count + pruning->never_count;
    struct kw_sought *sought = kw_arena_alloc(pruning->arena, room * sizeof *sought);
    uint32_t others = 0;
    if (!sought)
        return kw_fail_memory(error);
    for (uint32_t i = 1; i < pruning->must_count; i++)
        sought[others++] = (struct kw_sought){pruning->must[i], true};
    for (uint32_t i = 0; i < pruning->never_count; i++)
        sought[others++] = (struct kw_sought){pruning->never[i], false};
    if (kw_cost_of_looking(segment, lead->postings.term.documents, sought, others) >
        kw_cost_of_windows(pruning))
        return kw_count_by_windows(pruning, count, error);
    *count += kw_count_by_looking(segment, lead, sought, others);
    return KW_OK;
}

/* Adds what has any of the lists: all of the longest one, and of each other one what is in none
 * that is longer. */
static enum kw_status count_any(struct kw_pruning *pruning, uint64_t *count, struct kw_error *error)
{
    struct kw_segment *segment = pruning->segment;
    uint32_t may = pruning->may_count;
    struct kw_list **lists = kw_arena_alloc(pruning->arena, may * sizeof(struct kw_list *));
    struct kw_sought *sought = kw_arena_alloc(pruning->arena, may * sizeof *sought);
    uint64_t cost = 0;
    if (!lists || !sought)
        return kw_fail_memory(error);
    memcpy(lists, pruning->may, may * sizeof(struct kw_list *));
    qsort(lists, may, sizeof(struct kw_list *), kw_flat_compare_lists);
    for (uint32_t i = 0; i < may; i++)
        sought[may - 1 - i] = (struct kw_sought){lists[i], false}; /* the longest one first */
    uint64_t most = kw_cost_of_windows(pruning);
    for (uint32_t i = 1; i < may && cost < most; i++)
        cost += kw_cost_of_looking(segment, sought[i].list->postings.term.documents, sought, i);
    if (pruning->never_count || cost >= most)
        return kw_count_by_windows(pruning, count, error);
    *count += kw_live_documents(segment, &sought[0].list->postings.term);
    for (uint32_t i = 1; i < may; i++)
        *count += kw_count_by_looking(segment, sought[i].list, sought, i);
    return KW_OK;
}

enum kw_status kw_flat_count(struct kw_flat *flat, uint64_t *count, struct kw_error *error)
{
    struct kw_pruning *pruning = &flat->pruning;
    enum kw_status status = KW_OK;
    if (flat->hopeless)
        return KW_OK;
    uint32_t lists = pruning->must_count ? pruning->must_count : pruning->may_count;
    if (lists == 1 && pruning->never_count == 0) {
        struct kw_list *list = pruning->must_count ? pruning->must[0] : pruning->may[0];
        *count += kw_live_documents(pruning->segment, &list->postings.term);
        return KW_OK;
    }
    if (pruning->must_count)
        status = count_all(pruning, count, error);
    else if (lists)
        status = count_any(pruning, count, error);
    rewind_lists(pruning);
    return status;
}
