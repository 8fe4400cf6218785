/* Merges the postings of a term: documents and frequencies are gathered, positions are packed again
 * block by block as they come, as gaps, which new numbers of documents leave as they are. */
#include "index/merge_parts.h"

#include <stdlib.h>

void kw_merge_list_release(struct kw_merge_list *list)
{
    struct kw_numbers *all[] = {&list->documents, &list->frequencies, &list->gaps,  &list->taken,
                                &list->positions, &list->order,       &list->sorted};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]->items);
    free(list->offsets.items);
    kw_bytes_release(&list->packed);
}

void kw_merge_list_clear(struct kw_merge_list *list, bool positional)
{
    list->count = 0;
    list->positional = positional;
    list->gap_count = 0;
    list->written = 0;
}

/* Packs the positions of the last postings, a block at most. */
static enum kw_status write_gaps(struct kw_merge_list *list, const uint32_t *gaps, size_t count,
                                 struct kw_error *error)
{
    struct kw_pages_writer *pages = &list->merge->pages;
    size_t block = list->written / KW_POSTING_BLOCK;
    if (!kw_grow(&list->offsets, block + 1))
        return kw_fail_memory(error);
    if (!block)
        list->positions_at = kw_pages_writer_size(pages);
    list->offsets.items[block] = kw_pages_writer_size(pages) - list->positions_at;
    kw_bytes_clear(&list->packed);
    kw_positions_encode(&list->packed, gaps, count);
    kw_pages_writer_append(pages, list->packed.data, list->packed.size);
    return kw_bytes_status(&list->packed, error);
}

/* Packs those of a block that is full, unless postings have to be sorted first. */
static enum kw_status close_block(struct kw_merge_list *list, struct kw_error *error)
{
    if (!list->positional || list->merge->order || list->count % KW_POSTING_BLOCK)
        return KW_OK;
    enum kw_status status = write_gaps(list, list->gaps.items, list->gap_count, error);
    list->written = list->count;
    list->gap_count = 0;
    return status;
}

static enum kw_status add_gaps(struct kw_merge_list *list, const uint32_t *gaps, size_t count,
                               struct kw_error *error)
{
    if (!kw_grow(&list->gaps, list->gap_count + count))
        return kw_fail_memory(error);
    memcpy(list->gaps.items + list->gap_count, gaps, count * sizeof *gaps);
    list->gap_count += count;
    return KW_OK;
}

enum kw_status kw_merge_list_posting(struct kw_merge_list *list, uint32_t document,
                                     uint32_t frequency, const uint32_t *gaps,
                                     struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (!kw_grow(&list->documents, (size_t)list->count + 1) ||
        !kw_grow(&list->frequencies, (size_t)list->count + 1))
        return kw_fail_memory(error);
    if (list->positional)
        status = add_gaps(list, gaps, frequency, error);
    if (status)
        return status;
    list->documents.items[list->count] = document;
    list->frequencies.items[list->count++] = frequency;
    return close_block(list, error);
}

/* Adds postings [from, from + count) of the cursor's block, which all stay and fit the list's block
 * at hand; *gaps are those of their positions, and are moved behind these. */
static enum kw_status add_run(struct kw_merge_list *list, const struct kw_merge_input *input,
                              const struct kw_postings *cursor, uint32_t from, uint32_t count,
                              const uint32_t **gaps, struct kw_error *error)
{
    size_t total = 0;
    uint32_t *documents = list->documents.items + list->count;
    uint32_t *frequencies = list->frequencies.items + list->count;
    for (uint32_t i = 0; i < count; i++) {
        documents[i] = input->map[cursor->documents[from + i]];
        frequencies[i] = cursor->frequencies[from + i];
        total += frequencies[i];
    }
    list->count += count;
    if (!list->positional)
        return KW_OK;
    enum kw_status status = add_gaps(list, *gaps, total, error);
    *gaps += total;
    return status ? status : close_block(list, error);
}

/* Adds the cursor's block, of which all postings stay. */
static enum kw_status add_whole(struct kw_merge_list *list, const struct kw_merge_input *input,
                                const struct kw_postings *cursor, struct kw_error *error)
{
    const uint32_t *gaps = list->taken.items;
    enum kw_status status = KW_OK;
    if (!kw_grow(&list->documents, (size_t)list->count + cursor->count) ||
        !kw_grow(&list->frequencies, (size_t)list->count + cursor->count))
        return kw_fail_memory(error);
    for (uint32_t from = 0; from < cursor->count && !status;) {
        uint32_t room = KW_POSTING_BLOCK - list->count % KW_POSTING_BLOCK;
        uint32_t left = cursor->count - from;
        uint32_t count = left < room ? left : room;
        status = add_run(list, input, cursor, from, count, &gaps, error);
        from += count;
    }
    return status;
}

/* Adds what stays of the cursor's block. */
static enum kw_status add_some(struct kw_merge_list *list, const struct kw_merge_input *input,
                               const struct kw_postings *cursor, struct kw_error *error)
{
    const uint32_t *gaps = list->taken.items;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < cursor->count && !status; i++) {
        uint32_t document = input->map[cursor->documents[i]];
        if (document != KW_NO_DOCUMENT)
            status = kw_merge_list_posting(list, document, cursor->frequencies[i], gaps, error);
        if (list->positional)
            gaps += cursor->frequencies[i];
    }
    return status;
}

enum kw_status kw_merge_list_add(struct kw_merge_list *list, const struct kw_merge_input *input,
                                 const struct kw_term *term, struct kw_error *error)
{
    struct kw_postings cursor;
    enum kw_status status = KW_OK;
    if ((uint64_t)list->count + term->documents > list->merge->documents && input->whole) {
        kw_pages_damage(&input->segment->pages, input->segment->lexicon, 0,
                        "a term has more documents than there are");
        return kw_segment_status(input->segment, error);
    }
    kw_postings_init(&cursor, input->segment, term);
    for (uint32_t block = 0; block < cursor.block_count && !status; block++) {
        size_t taken = 0;
        if (!kw_postings_enter(&cursor, block))
            break;
        if (!cursor.counted)
            kw_postings_count(&cursor);
        if (list->positional)
            status = kw_postings_gaps(&cursor, &list->taken, 0, &taken, error);
        if (!status)
            status = input->whole ? add_whole(list, input, &cursor, error)
                                  : add_some(list, input, &cursor, error);
    }
    kw_postings_release(&cursor);
    return status ? status : kw_segment_status(input->segment, error);
}

/* ---- Sorting ------------------------------------------------------------------------------ */

/* Sorts `count` keys, which are documents in the high and places in the low half, by digits of 11
 * bits of the documents. */
static void sort_keys(uint64_t *keys, uint64_t *other, size_t count, uint32_t greatest)
{
    enum { DIGIT = 11, DIGITS = 1 << DIGIT };
    for (uint32_t shift = 0; shift < 32 && greatest >> shift; shift += DIGIT) {
        uint32_t starts[DIGITS + 1] = {0};
        for (size_t i = 0; i < count; i++)
            starts[(keys[i] >> (32 + shift)) % DIGITS + 1]++;
        for (size_t i = 1; i < DIGITS; i++)
            starts[i] += starts[i - 1];
        for (size_t i = 0; i < count; i++)
            other[starts[(keys[i] >> (32 + shift)) % DIGITS]++] = keys[i];
        memcpy(keys, other, count * sizeof *keys);
    }
}

static int compare_keys(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Puts the postings of a list of documents in another order into theirs, and packs their
 * positions. */
static enum kw_status sort_list(struct kw_merge_list *list, struct kw_error *error)
{
    enum { FEW = 4096 };
    enum kw_status status = KW_OK;
    size_t count = list->count;
    uint64_t *keys = malloc((2 * count + 1) * sizeof *keys);
    uint64_t *starts = malloc((count + 1) * sizeof *starts);
    uint64_t at = 0;
    if (!keys || !starts || !kw_grow(&list->order, count) || !kw_grow(&list->sorted, count) ||
        !kw_grow(&list->positions, list->gap_count)) {
        status = kw_fail_memory(error);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        keys[i] = (uint64_t)list->documents.items[i] << 32 | i;
        starts[i] = at;
        at += list->positional ? list->frequencies.items[i] : 0;
    }
    if (count < FEW)
        qsort(keys, count, sizeof *keys, compare_keys);
    else
        sort_keys(keys, keys + count, count, list->merge->documents);
    at = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t from = (uint32_t)keys[i];
        uint32_t frequency = list->frequencies.items[from];
        list->documents.items[i] = (uint32_t)(keys[i] >> 32);
        list->sorted.items[i] = frequency;
        if (list->positional) {
            memcpy(list->positions.items + at, list->gaps.items + starts[from],
                   frequency * sizeof(uint32_t));
            at += frequency;
        }
    }
    struct kw_numbers swapped = list->frequencies;
    list->frequencies = list->sorted;
    list->sorted = swapped;
    swapped = list->gaps;
    list->gaps = list->positions;
    list->positions = swapped;
done:
    free(keys);
    free(starts);
    return status;
}

/* Packs the positions of a sorted list. */
static enum kw_status write_sorted(struct kw_merge_list *list, struct kw_error *error)
{
    const uint32_t *gaps = list->gaps.items;
    enum kw_status status = KW_OK;
    while (list->written < list->count && !status) {
        uint32_t left = list->count - list->written;
        uint32_t count = left < KW_POSTING_BLOCK ? left : KW_POSTING_BLOCK;
        size_t total = 0;
        for (uint32_t i = 0; i < count; i++)
            total += list->frequencies.items[list->written + i];
        status = write_gaps(list, gaps, total, error);
        list->written += count;
        gaps += total;
    }
    return status;
}

/* ---- The end ------------------------------------------------------------------------------ */

/* Turns the gaps of a list that may fit inline into positions. */
static enum kw_status find_positions(struct kw_merge_list *list, struct kw_error *error)
{
    const uint32_t *gap = list->gaps.items;
    if (!kw_grow(&list->positions, list->gap_count + 1))
        return kw_fail_memory(error);
    uint32_t *position = list->positions.items;
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t expected = 0;
        for (uint32_t j = 0; j < list->frequencies.items[i]; j++) {
            *position = expected + *gap++;
            expected = *position++ + 1;
        }
    }
    return KW_OK;
}

enum kw_status kw_merge_list_end(struct kw_merge_list *list, struct kw_posting_list *out,
                                 struct kw_error *error)
{
    bool few = list->count <= KW_INLINE_BYTES / 2 && list->gap_count <= KW_INLINE_BYTES;
    enum kw_status status = KW_OK;
    if (list->merge->order)
        status = sort_list(list, error);
    *out = (struct kw_posting_list){.documents = list->documents.items,
                                    .frequencies = list->frequencies.items,
                                    .count = list->count};
    if (status || !list->positional)
        return status;
    if (few) {
        status = find_positions(list, error);
        out->positions = list->positions.items;
        return status;
    }
    if (list->merge->order)
        status = write_sorted(list, error);
    else if (list->written < list->count)
        status = write_gaps(list, list->gaps.items, list->gap_count, error);
    out->offsets = list->offsets.items;
    out->positions_at = list->positions_at;
    return status;
}
