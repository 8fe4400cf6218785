/* Reads the positions of a posting: of the runs of a block only those in which they lie. */
#include "index/postings.h"

#include "index/bitpack.h"

#include <stdlib.h>

static void damage(struct kw_postings *cursor)
{
    kw_pages_damage(&cursor->segment->pages, cursor->segment->positions, cursor->term.positions_at,
                    "positions make no sense");
}

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
    cursor->run = 0;
    cursor->run_at = cursor->runs_at;
    cursor->position_block = cursor->block;
    return true;
}

/* Where a run begins: counted from the one asked for last, or from the first. */
static uint64_t find_run(struct kw_postings *cursor, uint32_t run)
{
    if (run < cursor->run) {
        cursor->run = 0;
        cursor->run_at = cursor->runs_at;
    }
    for (; cursor->run < run; cursor->run++)
        cursor->run_at += kw_bitpack_size(KW_POSTING_BLOCK, cursor->widths[cursor->run]);
    return cursor->run_at;
}

bool kw_postings_spot(struct kw_postings *cursor, uint32_t at, struct kw_position_spot *spot)
{
    bool inlined = cursor->term.place == KW_PLACE_INLINE;
    if (!inlined && cursor->position_block != cursor->block && !open_block(cursor)) {
        damage(cursor);
        return false;
    }
    uint32_t start = cursor->starts[at], run = start / KW_POSTING_BLOCK;
    spot->count = cursor->starts[at + 1] - start;
    spot->first = inlined ? start : start % KW_POSTING_BLOCK;
    spot->widths = inlined ? NULL : cursor->widths + run;
    spot->at = inlined ? 0 : find_run(cursor, run);
    return true;
}

void kw_postings_prefetch_positions(const struct kw_postings *cursor,
                                    const struct kw_position_spot *spot)
{
    enum { LINE = 64 }; /* behind two of which the processor sees what is going on */
    const struct kw_segment *segment = cursor->segment;
    if (!spot->widths)
        return;
    const uint8_t *at = segment->pages.map.view.data + segment->positions->offset + spot->at +
                        (size_t)spot->first * spot->widths[0] / 8;
    __builtin_prefetch(at);
    __builtin_prefetch(at + LINE);
}

/* Reads the positions of a posting of a listed term: of each run what belongs to it. */
static bool read_posting(struct kw_postings *cursor, const struct kw_position_spot *spot)
{
    struct kw_pages *pages = &cursor->segment->pages;
    const uint8_t *width = spot->widths;
    uint32_t *position = cursor->positions.items;
    uint32_t left = spot->count, first = spot->first;
    uint64_t at = spot->at, next = 0;
    while (left) {
        uint32_t bits = *width++, room = KW_POSTING_BLOCK - first;
        uint32_t count = left < room ? left : room;
        size_t before = (size_t)(first / 8) * bits;
        size_t bytes = kw_bitpack_size(first + count, bits) - before;
        const uint8_t *packed = NULL;
        if (bits <= 32 && next <= UINT32_MAX)
            packed = kw_pages_view(pages, cursor->segment->positions, at + before, bytes);
        if (!packed)
            return false;
        next = 1 + pages->kernels->unpack_part(packed, first % 8, position, count, bits,
                                               (uint32_t)next);
        at += kw_bitpack_size(KW_POSTING_BLOCK, bits);
        position += count;
        left -= count;
        first = 0;
    }
    return next <= (uint64_t)UINT32_MAX + 1;
}

enum kw_status kw_postings_read_spot(struct kw_postings *cursor,
                                     const struct kw_position_spot *spot,
                                     const uint32_t **positions, struct kw_error *error)
{
    if (!spot->widths) {
        *positions = cursor->inline_positions + spot->first;
        return KW_OK;
    }
    bool sound = spot->count / KW_POSTING_BLOCK <= cursor->segment->positions->size;
    if (sound && !kw_grow(&cursor->positions, (size_t)spot->count + KW_KERNEL_ROUND))
        return kw_fail_memory(error);
    if (!sound || !read_posting(cursor, spot)) {
        damage(cursor);
        return kw_pages_status(&cursor->segment->pages, error);
    }
    *positions = cursor->positions.items;
    return KW_OK;
}

enum kw_status kw_postings_positions(struct kw_postings *cursor, const uint32_t **positions,
                                     struct kw_error *error)
{
    struct kw_position_spot spot;
    if (!kw_postings_spot(cursor, cursor->at, &spot))
        return kw_pages_status(&cursor->segment->pages, error);
    return kw_postings_read_spot(cursor, &spot, positions, error);
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
        damage(cursor);
        return kw_pages_status(&cursor->segment->pages, error);
    }
    *added = total;
    return KW_OK;
}
