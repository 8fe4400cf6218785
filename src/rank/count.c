/* Counts what a flat plan matches: by bitmaps of windows of documents, or, where the rarest word
 * that must be there is rare enough, by looking for its documents in the other lists. */
#include "index/deletes.h"
#include "rank/flat.h"
#include "rank/statistics.h"

enum {
    WINDOW = 1 << 15, /* documents: a bitmap of 4 KiB */
    WORDS = WINDOW / 64,
    A_LOOK = 8, /* postings that can be marked while one document is looked for */
};

/* Bitmaps of a window, and where lists go on. */
struct counting {
    struct kw_pruning *pruning;
    uint64_t *found; /* what matches */
    uint64_t *list;  /* of one list */
    uint32_t *next;  /* by list: the first block that reaches into the next window */
};

/* Marks the list's documents of the window in `bits`. */
static void mark(struct counting *counting, struct kw_list *list, uint32_t first, uint64_t *bits)
{
    const struct kw_kernels *kernels = counting->pruning->segment->pages.kernels;
    struct kw_postings *postings = &list->postings;
    uint32_t *block = &counting->next[list - counting->pruning->lists];
    for (; *block < list->block_count; ++*block) {
        if ((postings->block != *block && !kw_postings_enter(postings, *block)) || !postings->count)
            return; /* damage */
        const uint32_t *documents = postings->documents;
        uint32_t from = 0, to = postings->count;
        bool reaches_on = documents[to - 1] - first >= WINDOW;
        if (documents[0] < first)
            from = kernels->first_at_least32(documents, 0, to, first);
        if (reaches_on)
            to = kernels->first_at_least32(documents, from, to, first + WINDOW);
        kernels->set_bits(documents + from, to - from, first, bits);
        if (reaches_on)
            return;
    }
}

/* Takes the deleted documents of the window out. *next is the first that was not looked at. */
static void drop_deleted(struct counting *counting, uint32_t first, uint32_t *next)
{
    struct kw_deletes *deletes = counting->pruning->segment->deletes;
    for (; deletes && *next < deletes->count; ++*next) {
        const uint8_t *entry =
            kw_pages_view(&deletes->pages, deletes->documents, 4 * (uint64_t)*next, 4);
        uint32_t place = entry ? kw_load32(entry) - first : WINDOW;
        if (place >= WINDOW)
            return;
        counting->found[place / 64] &= ~(UINT64_C(1) << (place % 64));
    }
}

/* What matches in the window from `first` on. */
static uint64_t count_window(struct counting *counting, uint32_t first, uint32_t *deleted)
{
    struct kw_pruning *pruning = counting->pruning;
    bool all = pruning->must_count > 0;
    uint32_t count = all ? pruning->must_count : pruning->may_count;
    memset(counting->found, 0, WINDOW / 8);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *bits = all && i > 0 ? counting->list : counting->found;
        if (bits == counting->list)
            memset(bits, 0, WINDOW / 8);
        mark(counting, all ? pruning->must[i] : pruning->may[i], first, bits);
        for (uint32_t word = 0; bits == counting->list && word < WORDS; word++)
            counting->found[word] &= bits[word];
    }
    for (uint32_t i = 0; i < pruning->never_count; i++) {
        memset(counting->list, 0, WINDOW / 8);
        mark(counting, pruning->never[i], first, counting->list);
        for (uint32_t word = 0; word < WORDS; word++)
            counting->found[word] &= ~counting->list[word];
    }
    drop_deleted(counting, first, deleted);
    return pruning->segment->pages.kernels->popcount(counting->found, WORDS);
}

static enum kw_status count_by_windows(struct kw_pruning *pruning, uint64_t *count,
                                       struct kw_error *error)
{
    struct kw_arena *arena = pruning->arena;
    struct counting counting = {.pruning = pruning};
    uint32_t documents = pruning->segment->documents, deleted = 0;
    counting.found = kw_arena_alloc(arena, WINDOW / 8);
    counting.list = kw_arena_alloc(arena, WINDOW / 8);
    counting.next = kw_arena_alloc(arena, pruning->list_count * sizeof *counting.next);
    if (!counting.found || !counting.list || !counting.next)
        return kw_fail_memory(error);
    for (uint64_t first = 0; first < documents; first += WINDOW)
        *count += count_window(&counting, (uint32_t)first, &deleted);
    return KW_OK;
}

/* Whether the document, which the rarest word has, matches. */
static bool matches(struct kw_pruning *pruning, uint32_t document)
{
    uint32_t at;
    for (uint32_t i = 1; i < pruning->must_count; i++)
        if (!kw_list_find(pruning->must[i], document, &at))
            return false;
    for (uint32_t i = 0; i < pruning->never_count; i++)
        if (kw_list_find(pruning->never[i], document, &at))
            return false;
    return !kw_segment_deleted(pruning->segment, document);
}

static uint64_t count_by_looking(struct kw_pruning *pruning)
{
    struct kw_list *lead = pruning->must[0];
    struct kw_postings *postings = &lead->postings;
    uint64_t count = 0;
    for (uint32_t block = 0; block < lead->block_count; block++) {
        if (postings->block != block && !kw_postings_enter(postings, block))
            break;
        for (uint32_t i = 0; i < postings->count; i++)
            count += matches(pruning, postings->documents[i]);
    }
    return count;
}

/* Whether to look for the documents of the rarest list is less work than to mark all lists. */
static bool is_rare(const struct kw_pruning *pruning)
{
    uint64_t marked = 0, looked = 0;
    for (uint32_t i = 0; i < pruning->must_count; i++) {
        marked += pruning->must[i]->postings.term.documents;
        looked += i ? pruning->must[0]->postings.term.documents : 0;
    }
    for (uint32_t i = 0; i < pruning->never_count; i++)
        marked += pruning->never[i]->postings.term.documents;
    return pruning->must_count > 0 && looked * A_LOOK < marked;
}

/* Lists are looked through from their beginnings again. */
static void rewind_lists(struct kw_pruning *pruning)
{
    for (uint32_t i = 0; i < pruning->list_count; i++)
        pruning->lists[i].block = pruning->lists[i].postings.at = 0;
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
    } else if (is_rare(pruning)) {
        *count += count_by_looking(pruning);
    } else if (lists) {
        status = count_by_windows(pruning, count, error);
    }
    rewind_lists(pruning);
    return status;
}
