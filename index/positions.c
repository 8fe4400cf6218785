/* Reads the positions of a posting: of the runs of a block only those in which they lie. */
#include "index/postings.h"

#include "index/bitpack.h"

#include <stdlib.h>

/* Where the positions of the current block begin in their section; false on damage. */
static bool positions_at(struct kw_postings *cursor, uint64_t *at)
{
    *at = cursor->term.positions_at;
    if (!cursor->last)
        return true;
    uint64_t offsets = kw_postings_skips(&cursor->term, cursor->block_count).positions;
    const uint8_t *offset = kw_pages_view(&cursor->segment->pages, cursor->segment->postings,
                                          offsets + (uint64_t)cursor->block * 8, 8);
    *at += offset ? kw_load64(offset) : 0;
    return offset != NULL;
}

/* Finds where each posting's positions begin among those of the block, and where the runs are.
 * Frequencies are stored less 1, as gaps are, so that their sums are what gaps to rising numbers
 * give. */
static bool open_block(struct kw_postings *cursor)
{
    uint64_t at;
    if (!positions_at(cursor, &at))
        return false;
    cursor->starts[0] = 0;
    uint64_t total = cursor->segment->pages.kernels->unpack_rising(
        cursor->extras, cursor->starts + 1, cursor->count, cursor->extra_bits, 1);
    if (total > UINT32_MAX)
        return false;
    uint64_t runs = (total + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    cursor->widths = kw_pages_view(&cursor->segment->pages, cursor->segment->positions, at, runs);
    if (!cursor->widths)
        return false;
    cursor->runs_at = at + runs;
    cursor->run = UINT32_MAX;
    cursor->position_block = cursor->block;
    return true;
}

/* Decodes a run of the block unless it is there already. */
static bool load_run(struct kw_postings *cursor, uint32_t run)
{
    struct kw_pages *pages = &cursor->segment->pages;
    uint32_t total = cursor->starts[cursor->count], from = run * KW_POSTING_BLOCK;
    uint32_t count = total - from < KW_POSTING_BLOCK ? total - from : KW_POSTING_BLOCK;
    bool behind = cursor->run < run; /* whose place is known from the one at hand */
    uint64_t at = behind ? cursor->run_at : cursor->runs_at;
    if (cursor->run == run)
        return true;
    for (uint32_t i = behind ? cursor->run : 0; i < run; i++)
        at += kw_bitpack_size(KW_POSTING_BLOCK, cursor->widths[i]);
    size_t bytes = kw_bitpack_size(count, cursor->widths[run]);
    const uint8_t *packed = cursor->widths[run] <= 32
                                ? kw_pages_view(pages, cursor->segment->positions, at, bytes)
                                : NULL;
    if (!packed)
        return false;
    pages->kernels->unpack(packed, cursor->gaps, count, cursor->widths[run]);
    cursor->run = run;
    cursor->run_at = at;
    return true;
}

/* Reads the positions of the current posting of a listed term. */
static bool read_posting(struct kw_postings *cursor)
{
    uint32_t start = cursor->starts[cursor->at], end = cursor->starts[cursor->at + 1];
    uint32_t *position = cursor->positions.items;
    uint64_t next = 0;
    while (start < end) {
        if (!load_run(cursor, start / KW_POSTING_BLOCK))
            return false;
        uint32_t first = start % KW_POSTING_BLOCK;
        uint32_t count =
            end - start < KW_POSTING_BLOCK - first ? end - start : KW_POSTING_BLOCK - first;
        for (uint32_t i = first; i < first + count; i++) {
            next += cursor->gaps[i];
            *position++ = (uint32_t)next++;
        }
        start += count;
    }
    return next <= (uint64_t)UINT32_MAX + 1;
}

enum kw_status kw_postings_positions(struct kw_postings *cursor, const uint32_t **positions,
                                     struct kw_error *error)
{
    struct kw_pages *pages = &cursor->segment->pages;
    if (cursor->term.place == KW_PLACE_INLINE) {
        *positions = cursor->inline_positions + cursor->starts[cursor->at];
        return KW_OK;
    }
    bool sound = cursor->position_block == cursor->block || open_block(cursor);
    uint32_t frequency = sound ? cursor->starts[cursor->at + 1] - cursor->starts[cursor->at] : 0;
    if (sound && frequency / KW_POSTING_BLOCK > cursor->segment->positions->size)
        sound = false;
    if (sound && !kw_grow(&cursor->positions, frequency))
        return kw_fail_memory(error);
    if (!sound || !read_posting(cursor)) {
        kw_pages_damage(pages, cursor->segment->positions, cursor->term.positions_at,
                        "positions make no sense");
        return kw_pages_status(pages, error);
    }
    *positions = cursor->positions.items;
    return KW_OK;
}

/* Decodes the runs of the current block into `gaps`, which has room for them and
 * KW_KERNEL_ROUND more. */
static bool read_block(struct kw_postings *cursor, uint32_t *gaps)
{
    struct kw_pages *pages = &cursor->segment->pages;
    uint64_t at = cursor->runs_at;
    uint32_t total = cursor->starts[cursor->count];
    for (uint32_t run = 0; run * KW_POSTING_BLOCK < total; run++) {
        uint32_t left = total - run * KW_POSTING_BLOCK;
        uint32_t count = left < KW_POSTING_BLOCK ? left : KW_POSTING_BLOCK;
        size_t bytes = kw_bitpack_size(count, cursor->widths[run]);
        const uint8_t *packed = cursor->widths[run] <= 32
                                    ? kw_pages_view(pages, cursor->segment->positions, at, bytes)
                                    : NULL;
        if (!packed)
            return false;
        pages->kernels->unpack(packed, gaps + (size_t)run * KW_POSTING_BLOCK, count,
                               cursor->widths[run]);
        at += bytes;
    }
    return true;
}

/* Writes the positions of an inline term as gaps. */
static void inline_gaps(const struct kw_postings *cursor, uint32_t *gaps)
{
    for (uint32_t i = 0; i < cursor->count; i++) {
        uint32_t expected = 0;
        for (uint32_t j = cursor->starts[i]; j < cursor->starts[i + 1]; j++) {
            *gaps++ = cursor->inline_positions[j] - expected;
            expected = cursor->inline_positions[j] + 1;
        }
    }
}

enum kw_status kw_postings_gaps(struct kw_postings *cursor, struct kw_numbers *out, size_t count,
                                size_t *added, struct kw_error *error)
{
    struct kw_pages *pages = &cursor->segment->pages;
    bool inlined = cursor->term.place == KW_PLACE_INLINE;
    bool sound = inlined || cursor->position_block == cursor->block || open_block(cursor);
    uint32_t total = sound ? cursor->starts[cursor->count] : 0;
    if (sound && total / KW_POSTING_BLOCK > cursor->segment->positions->size)
        sound = false;
    if (sound && !kw_grow(out, count + total + KW_KERNEL_ROUND))
        return kw_fail_memory(error);
    if (sound && inlined)
        inline_gaps(cursor, out->items + count);
    else if (!sound || !read_block(cursor, out->items + count)) {
        kw_pages_damage(pages, cursor->segment->positions, cursor->term.positions_at,
                        "positions make no sense");
        return kw_pages_status(pages, error);
    }
    *added = total;
    return KW_OK;
}
