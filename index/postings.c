/* The cursor over a term's postings: decodes a block at a time, verified before it is read. Its
 * positions are read in positions.c. */
#include "index/postings.h"

#include "index/bitpack.h"

#include <stdlib.h>

struct kw_skips kw_postings_skips(const struct kw_term *term, uint32_t block_count)
{
    struct kw_skips skips;
    uint64_t count = block_count;
    skips.greatest = term->postings_at;
    skips.stronger = skips.greatest + KW_CLASSES;
    skips.blocks = skips.stronger + (uint64_t)KW_CLASSES * 4;
    skips.last = skips.blocks + count;
    skips.offsets = skips.last + count * 4;
    skips.positions = skips.offsets + count * 4;
    skips.classes = skips.positions + (term->positional ? count * 8 : 0);
    skips.first_block = skips.classes + count * KW_CLASS_BYTES;
    return skips;
}

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
    cursor->counted = true;
    cursor->count = cursor->term.documents;
    return;
damaged:
    kw_pages_damage(&cursor->segment->pages, cursor->segment->lexicon,
                    (uint64_t)(cursor->term.inlined.data - cursor->segment->pages.map.view.data) -
                        cursor->segment->lexicon->offset,
                    "inline postings make no sense");
    end(cursor);
}

/* Where block `block` begins in the section of postings; its offset is behind the last documents.
 */
static uint64_t block_at(const struct kw_postings *cursor, uint32_t block)
{
    if (!cursor->last)
        return cursor->term.postings_at;
    const uint8_t *offsets = cursor->last + (size_t)cursor->block_count * 4;
    return cursor->first_at + kw_load32(offsets + (size_t)block * 4);
}

/* The first document that block `block` can hold. */
static uint32_t first_possible(const struct kw_postings *cursor, uint32_t block)
{
    return block ? kw_postings_last(cursor, block - 1) + 1 : 0;
}

/* How many postings a block has. */
static uint32_t count_of(const struct kw_postings *cursor, uint32_t block)
{
    uint32_t rest = cursor->term.documents - block * KW_POSTING_BLOCK;
    return rest < KW_POSTING_BLOCK ? rest : KW_POSTING_BLOCK;
}

/* Lists the documents of a block that is a bitmap, from `next` on; the last one, or UINT64_MAX if
 * they are not `count`. */
static uint64_t list_bits(struct kw_postings *cursor, const uint8_t *bits, uint32_t next,
                          uint32_t block, uint32_t count)
{
    uint32_t size = kw_postings_last(cursor, block) - next + 1;
    if (!cursor->segment->pages.kernels->list_bits(bits, size, next, count, cursor->documents))
        return UINT64_MAX;
    return cursor->documents[count - 1];
}

bool kw_postings_bits(struct kw_postings *cursor, uint32_t block, struct kw_posting_bits *bits)
{
    struct kw_pages *pages = &cursor->segment->pages;
    const struct kw_section *section = cursor->segment->postings;
    uint64_t at;
    if (!cursor->last)
        return false;
    at = block_at(cursor, block);
    const uint8_t *widths = kw_pages_view(pages, section, at, 2);
    if (!widths || widths[0] != KW_BITMAP_WIDTH || widths[1] > 32)
        return false;
    bits->first = first_possible(cursor, block);
    bits->last = kw_postings_last(cursor, block);
    bits->extras.bits = widths[1];
    bits->bytes = NULL;
    if (bits->first <= bits->last && bits->last < cursor->segment->documents) {
        size_t size = kw_posting_bitmap_size(bits->first, bits->last);
        size_t behind = kw_bitpack_size(count_of(cursor, block), widths[1]);
        bits->bytes = kw_pages_view(pages, section, at + 2, size + behind);
        bits->extras.packed = bits->bytes ? bits->bytes + size : NULL;
    }
    if (!bits->bytes)
        damage(cursor, at, "a block does not end where its skip data says");
    return bits->bytes;
}

/* Decodes the documents of block `block`; on damage the cursor is at its end. */
static void decode_block(struct kw_postings *cursor, uint32_t block)
{
    struct kw_pages *pages = &cursor->segment->pages;
    const struct kw_section *section = cursor->segment->postings;
    uint64_t at = block_at(cursor, block);
    uint32_t count = count_of(cursor, block);
    const uint8_t *widths = kw_pages_view(pages, section, at, 2);
    bool bitmap = widths && widths[0] == KW_BITMAP_WIDTH && cursor->last;
    if (!widths || (widths[0] > 32 && !bitmap) || widths[1] > 32) {
        damage(cursor, at, "a block's bit widths make no sense");
        return;
    }
    uint32_t next = first_possible(cursor, block);
    if (bitmap && next > kw_postings_last(cursor, block)) {
        damage(cursor, at, "a block does not end where its skip data says");
        return;
    }
    size_t gap_bytes = bitmap ? kw_posting_bitmap_size(next, kw_postings_last(cursor, block))
                              : kw_bitpack_size(count, widths[0]);
    const uint8_t *packed =
        kw_pages_view(pages, section, at + 2, gap_bytes + kw_bitpack_size(count, widths[1]));
    if (!packed) {
        damage(cursor, at, "a block reaches beyond its section");
        return;
    }
    uint64_t last =
        bitmap ? list_bits(cursor, packed, next, block, count)
               : pages->kernels->unpack_rising(packed, cursor->documents, count, widths[0], next);
    if (last >= cursor->segment->documents) {
        damage(cursor, at, "a posting's document does not exist");
        return;
    }
    if (cursor->last && last != kw_postings_last(cursor, block)) {
        damage(cursor, at, "a block does not end where its skip data says");
        return;
    }
    cursor->extras = packed + gap_bytes;
    cursor->bytes = 2 + gap_bytes + kw_bitpack_size(count, widths[1]);
    cursor->extra_bits = widths[1];
    cursor->counted = false;
    cursor->block = block;
    cursor->count = count;
    cursor->at = 0;
}

uint32_t kw_postings_damaged_frequency(struct kw_postings *cursor)
{
    kw_pages_damage(&cursor->segment->pages, cursor->segment->postings,
                    block_at(cursor, cursor->block), "a posting's frequency is out of range");
    return 1;
}

void kw_postings_count(struct kw_postings *cursor)
{
    cursor->segment->pages.kernels->unpack(cursor->extras, cursor->frequencies, cursor->count,
                                           cursor->extra_bits);
    cursor->counted = true;
    if (cursor->extra_bits < 32) { /* none is out of range: any number of them in the same time */
        for (uint32_t i = 0; i < KW_POSTING_BLOCK; i++)
            cursor->frequencies[i]++;
        return;
    }
    for (uint32_t i = 0; i < cursor->count; i++)
        cursor->frequencies[i] = cursor->frequencies[i] < UINT32_MAX
                                     ? cursor->frequencies[i] + 1
                                     : kw_postings_damaged_frequency(cursor);
}

void kw_postings_init(struct kw_postings *cursor, struct kw_segment *segment,
                      const struct kw_term *term)
{
    cursor->segment = segment;
    cursor->term = *term;
    cursor->document = KW_NO_DOCUMENT;
    cursor->block = UINT32_MAX; /* none yet: the first next or advance decodes the first */
    cursor->count = 0;
    cursor->at = 0;
    cursor->counted = false;
    cursor->extra_bits = 0;
    cursor->extras = NULL;
    cursor->last = NULL;
    cursor->position_block = UINT32_MAX;
    cursor->positions.items = NULL;
    cursor->positions.capacity = 0;
    if (term->place == KW_PLACE_INLINE) {
        cursor->block_count = 1;
        return;
    }
    cursor->block_count = (term->documents + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    if (cursor->block_count > 1) {
        struct kw_skips skips = kw_postings_skips(term, cursor->block_count);
        cursor->last = kw_pages_view(&segment->pages, segment->postings, skips.last,
                                     (uint64_t)cursor->block_count * 8); /* and the offsets */
        cursor->classes_at = skips.classes;
        cursor->first_at = skips.first_block;
        if (!cursor->last)
            cursor->block_count = 0;
    }
}

void kw_postings_release(struct kw_postings *cursor)
{
    free(cursor->positions.items);
    cursor->positions.items = NULL;
    cursor->positions.capacity = 0;
}

bool kw_postings_enter(struct kw_postings *cursor, uint32_t block)
{
    if (block >= cursor->block_count) {
        end(cursor);
        return false;
    }
    cursor->at = 0;
    if (cursor->term.place != KW_PLACE_INLINE) {
        if (cursor->block != block)
            decode_block(cursor, block);
    } else if (cursor->block != 0) {
        decode_inline(cursor);
        if (cursor->count)
            cursor->block = 0;
    }
    if (!cursor->count) {
        end(cursor);
        return false;
    }
    /* Kernels compare whole blocks. */
    memset(cursor->documents + cursor->count, 0xFF,
           (KW_POSTING_BLOCK - cursor->count) * sizeof *cursor->documents);
    cursor->document = cursor->documents[0];
    return true;
}

uint32_t kw_postings_next(struct kw_postings *cursor)
{
    if (cursor->block == UINT32_MAX)
        return kw_postings_enter(cursor, 0) ? cursor->document : KW_NO_DOCUMENT;
    if (cursor->block >= cursor->block_count)
        return KW_NO_DOCUMENT;
    if (++cursor->at < cursor->count)
        return cursor->document = cursor->documents[cursor->at];
    return kw_postings_enter(cursor, cursor->block + 1) ? cursor->document : KW_NO_DOCUMENT;
}

uint32_t kw_postings_find_block(const struct kw_postings *cursor, uint32_t from, uint32_t target)
{
    if (!cursor->last)
        return from;
    uint32_t low = from;
    uint32_t step = 1;
    uint32_t high = from;
    while (high < cursor->block_count && kw_postings_last(cursor, high) < target) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    if (high > cursor->block_count)
        high = cursor->block_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kw_postings_last(cursor, middle) < target)
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
        return cursor->document = cursor->documents[cursor->at];
    }
    if (fresh || cursor->documents[cursor->count - 1] < target) {
        uint32_t block = kw_postings_find_block(cursor, fresh ? 0 : cursor->block + 1, target);
        if (!kw_postings_enter(cursor, block))
            return KW_NO_DOCUMENT;
    }
    cursor->at = cursor->segment->pages.kernels->first_at_least32(cursor->documents, cursor->at,
                                                                  cursor->count, target);
    if (cursor->at >= cursor->count) {
        end(cursor);
        return KW_NO_DOCUMENT;
    }
    return cursor->document = cursor->documents[cursor->at];
}

bool kw_postings_strengths(struct kw_postings *cursor, struct kw_strengths *out)
{
    struct kw_pages *pages = &cursor->segment->pages;
    const struct kw_section *section = cursor->segment->postings;
    if (!cursor->last)
        return false;
    struct kw_skips skips = kw_postings_skips(&cursor->term, cursor->block_count);
    const uint8_t *at = kw_pages_view(pages, section, skips.greatest, skips.last - skips.greatest);
    if (!at)
        return false;
    out->greatest = at;
    out->blocks = at + (skips.blocks - skips.greatest);
    out->block_count = cursor->block_count;
    uint32_t before = cursor->term.documents;
    for (uint32_t i = 0; i < KW_CLASSES; i++) {
        out->stronger[i] = kw_load32(at + KW_CLASSES + (size_t)i * 4);
        if (out->stronger[i] > before || (i == 0 && out->stronger[i] != before)) {
            kw_pages_damage(pages, section, skips.stronger, "classes of postings make no sense");
            return false;
        }
        before = out->stronger[i];
    }
    return true;
}

const uint8_t *kw_postings_classes(struct kw_postings *cursor, uint32_t block)
{
    return kw_pages_view(&cursor->segment->pages, cursor->segment->postings,
                         cursor->classes_at + (uint64_t)block * KW_CLASS_BYTES, KW_CLASS_BYTES);
}
