/* Counts by windows: a bit for each of so many documents, set from blocks of postings or from
 * blocks that are bitmaps themselves. */
#include "index/deletes.h"
#include "rank/counting.h"

enum {
    WINDOW = KW_COUNT_WINDOW,
    WORDS = WINDOW / 64,
    ROOM = WORDS + 2, /* a word before and one behind it, for blocks that begin or end there */
};

/* Bitmaps of a window, and where lists go on. */
struct windows {
    struct kw_pruning *pruning;
    uint64_t *found; /* what matches */
    uint64_t *list;  /* of one list */
    uint32_t *next;  /* by list: the first block that reaches into the next window */
};

/* Sets the bits of a block that is a bitmap. The one of document `first` is the lowest of words[1].
 */
static void mark_bitmap(const struct kw_posting_bits *block, uint32_t first, uint64_t *words)
{
    const uint32_t size = block->last - block->first + 1, last = (size - 1) / 64;
    const uint32_t from = block->first < first ? (first - block->first) / 64 : 0;
    const uint64_t at = 64 + (uint64_t)block->first + 64 * (uint64_t)from - first;
    const uint32_t shift = at % 64;
    uint32_t to = from + (uint32_t)((WINDOW + 64 - at + 63) / 64);
    uint64_t *out = words + at / 64;
    to = to < last ? to : last;
    uint32_t i = from;
    for (; i < to; i++, out++) {
        const uint64_t word = kw_load64(block->bytes + 8 * (size_t)i);
        out[0] |= word << shift;
        out[1] |= word >> 1 >> (63 - shift);
    }
    if (i < last || out > words + WORDS)
        return;
    const uint64_t word =
        kw_load64(block->bytes + 8 * (size_t)i) << (63 - (size - 1) % 64) >> (63 - (size - 1) % 64);
    out[0] |= word << shift;
    out[1] |= word >> 1 >> (63 - shift);
}

/* Sets the bits of a decoded block. */
static void mark_documents(const struct kw_kernels *kernels, const struct kw_postings *postings,
                           uint32_t first, uint64_t *words)
{
    const uint32_t *documents = postings->documents;
    uint32_t from = 0, to = postings->count;
    if (documents[0] < first)
        from = kernels->first_at_least32(documents, 0, to, first);
    if (documents[to - 1] - first >= WINDOW)
        to = kernels->first_at_least32(documents, from, to, first + WINDOW);
    kernels->set_bits(documents + from, to - from, first, words + 1);
}

/* Marks the list's documents of the window. */
static void mark(struct windows *windows, struct kw_list *list, uint32_t first, uint64_t *words)
{
    const struct kw_kernels *kernels = windows->pruning->segment->pages.kernels;
    struct kw_postings *postings = &list->postings;
    uint32_t *block = &windows->next[list - windows->pruning->lists];
    for (; *block < list->block_count; ++*block) {
        struct kw_posting_bits bits;
        uint32_t last;
        if (kw_postings_bits(postings, *block, &bits)) {
            mark_bitmap(&bits, first, words);
            last = bits.last;
        } else {
            if ((postings->block != *block && !kw_postings_enter(postings, *block)) ||
                !postings->count)
                return; /* damage */
            mark_documents(kernels, postings, first, words);
            last = postings->documents[postings->count - 1];
        }
        if (last - first >= WINDOW)
            return;
    }
}

/* Takes the deleted documents of the window out. *next is the first that was not looked at. */
static void drop_deleted(struct windows *windows, uint32_t first, uint32_t *next)
{
    struct kw_deletes *deletes = windows->pruning->segment->deletes;
    for (; deletes && *next < deletes->count; ++*next) {
        const uint8_t *entry =
            kw_pages_view(&deletes->pages, deletes->documents, 4 * (uint64_t)*next, 4);
        uint32_t place = entry ? kw_load32(entry) - first : WINDOW;
        if (place >= WINDOW)
            return;
        windows->found[1 + place / 64] &= ~(UINT64_C(1) << (place % 64));
    }
}

/* Marks the list in a bitmap of its own. */
static void mark_alone(struct windows *windows, struct kw_list *list, uint32_t first)
{
    memset(windows->list, 0, ROOM * sizeof *windows->list);
    mark(windows, list, first, windows->list);
}

/* What matches in the window from `first` on. */
static uint64_t count_window(struct windows *windows, uint32_t first, uint32_t *deleted)
{
    struct kw_pruning *pruning = windows->pruning;
    bool all = pruning->must_count > 0;
    memset(windows->found, 0, ROOM * sizeof *windows->found);
    if (all)
        mark(windows, pruning->must[0], first, windows->found);
    for (uint32_t i = 0; !all && i < pruning->may_count; i++)
        mark(windows, pruning->may[i], first, windows->found);
    for (uint32_t i = 1; i < pruning->must_count; i++) {
        mark_alone(windows, pruning->must[i], first);
        for (uint32_t word = 0; word < ROOM; word++)
            windows->found[word] &= windows->list[word];
    }
    for (uint32_t i = 0; i < pruning->never_count; i++) {
        mark_alone(windows, pruning->never[i], first);
        for (uint32_t word = 0; word < ROOM; word++)
            windows->found[word] &= ~windows->list[word];
    }
    drop_deleted(windows, first, deleted);
    return pruning->segment->pages.kernels->popcount(windows->found + 1, WORDS);
}

enum kw_status kw_count_by_windows(struct kw_pruning *pruning, uint64_t *count,
                                   struct kw_error *error)
{
    struct kw_arena *arena = pruning->arena;
    struct windows windows = {.pruning = pruning};
    uint32_t documents = pruning->segment->documents, deleted = 0;
    windows.found = kw_arena_take(arena, ROOM * sizeof *windows.found);
    windows.list = kw_arena_take(arena, ROOM * sizeof *windows.list);
    windows.next = kw_arena_alloc(arena, pruning->list_count * sizeof *windows.next);
    if (!windows.found || !windows.list || !windows.next)
        return kw_fail_memory(error);
    for (uint64_t first = 0; first < documents; first += WINDOW)
        *count += count_window(&windows, (uint32_t)first, &deleted);
    return KW_OK;
}
