/* The cursor over a term's postings: decodes a block at a time, verified before it is read. */
#include "index/postings.h"

#include "index/bitpack.h"

#include <stdlib.h>

static void damage(struct kw_postings *cursor, uint64_t at, const char *reason)
{
    kw_pages_damage(&cursor->segment->pages, cursor->segment->postings, at, reason);
    cursor->block = cursor->block_count;
    cursor->count = 0;
    cursor->at = 0;
}

static void end(struct kw_postings *cursor)
{
    cursor->block = cursor->block_count;
    cursor->count = 0;
    cursor->at = 0;
    cursor->document = KW_NO_DOCUMENT;
}

/* Decodes the inline form as the cursor's one block. */
static void decode_inline(struct kw_postings *cursor)
{
    struct kw_view view = cursor->term.inlined;
    uint64_t next = 0;
    size_t total = 0;
    uint32_t capacity = cursor->term.positional ? KW_INLINE_BYTES : 0;
    if (cursor->term.documents > KW_INLINE_BYTES)
        goto damaged;
    for (uint32_t i = 0; i < cursor->term.documents; i++) {
        uint32_t gap;
        uint32_t extra;
        uint64_t expected = 0;
        if (!kw_take_varint32(&view, &gap) || !kw_take_varint32(&view, &extra) ||
            next + gap >= cursor->segment->documents || extra == UINT32_MAX)
            goto damaged;
        cursor->documents[i] = (uint32_t)(next + gap);
        cursor->frequencies[i] = extra + 1;
        cursor->starts[i] = (uint32_t)total;
        next += gap + UINT64_C(1);
        for (uint32_t j = 0; capacity && j <= extra; j++) {
            if (total == capacity || !kw_take_varint32(&view, &gap) || expected + gap > UINT32_MAX)
                goto damaged;
            cursor->inline_positions[total++] = (uint32_t)(expected + gap);
            expected += gap + UINT64_C(1);
        }
    }
    if (view.size)
        goto damaged;
    cursor->starts[cursor->term.documents] = (uint32_t)total;
    cursor->position_block = 0;
    cursor->count = cursor->term.documents;
    return;
damaged:
    kw_pages_damage(&cursor->segment->pages, cursor->segment->lexicon,
                    (uint64_t)(cursor->term.inlined.data - cursor->segment->pages.map.view.data) -
                        cursor->segment->lexicon->offset,
                    "inline postings make no sense");
    end(cursor);
}

/* Where block `block` begins, relative to the section of postings. */
static uint64_t block_at(const struct kw_postings *cursor, uint32_t block)
{
    uint64_t skips = cursor->block_count > 1 ? (uint64_t)cursor->block_count * KW_SKIP_BYTES : 0;
    uint32_t offset =
        cursor->skips ? kw_load32(cursor->skips + (size_t)block * KW_SKIP_BYTES + 4) : 0;
    return cursor->term.postings_at + skips + offset;
}

/* Decodes block `block`; on damage the cursor is at its end. */
static void decode_block(struct kw_postings *cursor, uint32_t block)
{
    struct kw_pages *pages = &cursor->segment->pages;
    const struct kw_section *section = cursor->segment->postings;
    uint64_t at = block_at(cursor, block);
    uint32_t rest = cursor->term.documents - block * KW_POSTING_BLOCK;
    uint32_t count = rest < KW_POSTING_BLOCK ? rest : KW_POSTING_BLOCK;
    const uint8_t *widths = kw_pages_view(pages, section, at, 2);
    if (!widths || widths[0] > 32 || widths[1] > 32) {
        damage(cursor, at, "a block's bit widths make no sense");
        return;
    }
    size_t gap_bytes = kw_bitpack_size(count, widths[0]);
    const uint8_t *packed =
        kw_pages_view(pages, section, at + 2, gap_bytes + kw_bitpack_size(count, widths[1]));
    if (!packed) {
        damage(cursor, at, "a block reaches beyond its section");
        return;
    }
    kw_bitpack_decode(packed, cursor->documents, count, widths[0]);
    kw_bitpack_decode(packed + gap_bytes, cursor->frequencies, count, widths[1]);
    uint64_t next =
        block ? (uint64_t)kw_load32(cursor->skips + (size_t)(block - 1) * KW_SKIP_BYTES) + 1 : 0;
    for (uint32_t i = 0; i < count; i++) {
        next += cursor->documents[i];
        if (next >= cursor->segment->documents || cursor->frequencies[i] == UINT32_MAX) {
            damage(cursor, at, "a posting's document does not exist");
            return;
        }
        cursor->documents[i] = (uint32_t)next++;
        cursor->frequencies[i]++;
    }
    if (cursor->skips &&
        cursor->documents[count - 1] != kw_load32(cursor->skips + (size_t)block * KW_SKIP_BYTES)) {
        damage(cursor, at, "a block does not end where its skip data says");
        return;
    }
    cursor->block = block;
    cursor->count = count;
    cursor->at = 0;
}

void kw_postings_init(struct kw_postings *cursor, struct kw_segment *segment,
                      const struct kw_term *term)
{
    cursor->segment = segment;
    cursor->term = *term;
    cursor->document = KW_NO_DOCUMENT;
    cursor->frequency = 0;
    cursor->block = UINT32_MAX; /* none yet: the first next or advance decodes the first */
    cursor->count = 0;
    cursor->at = 0;
    cursor->skips = NULL;
    cursor->position_block = UINT32_MAX;
    cursor->positions.items = NULL;
    cursor->positions.capacity = 0;
    if (term->place == KW_PLACE_INLINE) {
        cursor->block_count = 1;
        return;
    }
    cursor->block_count = (term->documents + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    if (cursor->block_count > 1) {
        cursor->skips = kw_pages_view(&segment->pages, segment->postings, term->postings_at,
                                      (uint64_t)cursor->block_count * KW_SKIP_BYTES);
        if (!cursor->skips)
            cursor->block_count = 0;
    }
}

void kw_postings_release(struct kw_postings *cursor)
{
    free(cursor->positions.items);
    cursor->positions.items = NULL;
    cursor->positions.capacity = 0;
}

/* Makes `block` the current one; false at the end. */
static bool enter(struct kw_postings *cursor, uint32_t block)
{
    if (block >= cursor->block_count) {
        end(cursor);
        return false;
    }
    if (cursor->term.place == KW_PLACE_INLINE) {
        decode_inline(cursor);
        if (cursor->count)
            cursor->block = 0;
    } else {
        decode_block(cursor, block);
    }
    if (!cursor->count)
        end(cursor);
    return cursor->count > 0;
}

static uint32_t settle(struct kw_postings *cursor)
{
    cursor->document = cursor->documents[cursor->at];
    cursor->frequency = cursor->frequencies[cursor->at];
    return cursor->document;
}

uint32_t kw_postings_next(struct kw_postings *cursor)
{
    if (cursor->block == UINT32_MAX)
        return enter(cursor, 0) ? settle(cursor) : KW_NO_DOCUMENT;
    if (cursor->block >= cursor->block_count)
        return KW_NO_DOCUMENT;
    if (++cursor->at >= cursor->count && !enter(cursor, cursor->block + 1))
        return KW_NO_DOCUMENT;
    return settle(cursor);
}

/* The first block from `from` on whose last document is ≥ target, by galloping over the skip data;
 * block_count if there is none. */
static uint32_t find_block(const struct kw_postings *cursor, uint32_t from, uint32_t target)
{
    if (!cursor->skips)
        return from;
    uint32_t low = from;
    uint32_t step = 1;
    uint32_t high = from;
    while (high < cursor->block_count &&
           kw_load32(cursor->skips + (size_t)high * KW_SKIP_BYTES) < target) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    if (high > cursor->block_count)
        high = cursor->block_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kw_load32(cursor->skips + (size_t)middle * KW_SKIP_BYTES) < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t kw_postings_advance(struct kw_postings *cursor, uint32_t target)
{
    bool fresh = cursor->block == UINT32_MAX;
    if (!fresh && (cursor->block >= cursor->block_count || cursor->document >= target))
        return cursor->document;
    if (!fresh && cursor->at + 1 < cursor->count && cursor->documents[cursor->at + 1] >= target) {
        cursor->at++; /* mostly, of many cursors that move along; the block's end stays untouched */
        return settle(cursor);
    }
    if (fresh || cursor->documents[cursor->count - 1] < target) {
        uint32_t block = find_block(cursor, fresh ? 0 : cursor->block + 1, target);
        if (!enter(cursor, block))
            return KW_NO_DOCUMENT;
    }
    while (cursor->at < cursor->count && cursor->documents[cursor->at] < target)
        cursor->at++;
    if (cursor->at >= cursor->count) {
        end(cursor);
        return KW_NO_DOCUMENT;
    }
    return settle(cursor);
}

/* Decodes the positions of all postings of the current block. */
static enum kw_status decode_positions(struct kw_postings *cursor, struct kw_error *error)
{
    struct kw_pages *pages = &cursor->segment->pages;
    const struct kw_section *section = cursor->segment->positions;
    uint64_t at = cursor->term.positions_at;
    uint64_t total = 0;
    if (cursor->skips)
        at += kw_load64(cursor->skips + (size_t)cursor->block * KW_SKIP_BYTES + 8);
    for (uint32_t i = 0; i < cursor->count; i++) {
        cursor->starts[i] = (uint32_t)total;
        total += cursor->frequencies[i];
    }
    cursor->starts[cursor->count] = (uint32_t)total;
    if (total / KW_POSTING_BLOCK > section->size || total > UINT32_MAX)
        goto damaged;
    if (!kw_grow(&cursor->positions, total))
        return kw_fail_memory(error);
    uint64_t runs = (total + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    const uint8_t *widths = kw_pages_view(pages, section, at, runs);
    at += runs;
    for (uint64_t run = 0; widths && run < runs; run++) {
        uint64_t from = run * KW_POSTING_BLOCK;
        uint64_t count = total - from < KW_POSTING_BLOCK ? total - from : KW_POSTING_BLOCK;
        size_t bytes = kw_bitpack_size(count, widths[run]);
        const uint8_t *packed = widths[run] <= 32 ? kw_pages_view(pages, section, at, bytes) : NULL;
        if (!packed)
            goto damaged;
        kw_bitpack_decode(packed, cursor->positions.items + from, count, widths[run]);
        at += bytes;
    }
    if (!widths)
        goto damaged;
    for (uint32_t i = 0; i < cursor->count; i++) {
        uint64_t expected = 0;
        for (uint32_t j = cursor->starts[i]; j < cursor->starts[i + 1]; j++) {
            expected += cursor->positions.items[j];
            if (expected > UINT32_MAX)
                goto damaged;
            cursor->positions.items[j] = (uint32_t)expected++;
        }
    }
    cursor->position_block = cursor->block;
    return KW_OK;
damaged:
    kw_pages_damage(pages, section, at, "positions make no sense");
    return kw_pages_status(pages, error);
}

enum kw_status kw_postings_positions(struct kw_postings *cursor, const uint32_t **positions,
                                     struct kw_error *error)
{
    if (cursor->position_block != cursor->block) {
        enum kw_status status = decode_positions(cursor, error);
        if (status)
            return status;
    }
    bool inlined = cursor->term.place == KW_PLACE_INLINE;
    *positions =
        (inlined ? cursor->inline_positions : cursor->positions.items) + cursor->starts[cursor->at];
    return KW_OK;
}
