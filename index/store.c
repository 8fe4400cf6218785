/* Reads passages: their borders, and their text, by the word code or out of compressed blocks. */
#include "index/bitpack.h"
#include "index/format.h"
#include "index/inverter.h"
#include "index/word_store.h"

#include <libdeflate.h>
#include <zlib.h>

enum { TEXT_INDEX_BYTES = 16, EXTENTS = 3, DEFLATE_RATIO = 1032 };

/* Up to this share of a block, in percent, zlib, which can stop there, takes less time than
 * libdeflate takes for the whole. */
enum { FRONT_SHARE = 45 };

/* Unpacked words, bytes and lines of one block of borders. */
struct border_block {
    uint32_t extents[EXTENTS][KW_POSTING_BLOCK];
};

/* Unpacks the block that holds passage `passage`; false marks damage. */
static bool unpack(struct kw_segment *segment, uint64_t passage, struct border_block *block)
{
    uint64_t number = passage / KW_POSTING_BLOCK;
    uint64_t left = segment->passages - number * KW_POSTING_BLOCK;
    size_t count = left < KW_POSTING_BLOCK ? (size_t)left : KW_POSTING_BLOCK;
    const uint8_t *at = kw_pages_view(&segment->pages, segment->border_index, number * 8, 8);
    uint64_t offset = at ? kw_load64(at) : 0;
    const uint8_t *widths =
        at ? kw_pages_view(&segment->pages, segment->borders, offset, EXTENTS) : NULL;
    size_t sizes[EXTENTS];
    size_t total = 0;
    for (int i = 0; i < EXTENTS; i++) {
        if (!widths || widths[i] > 32)
            goto damaged;
        sizes[i] = kw_bitpack_size(count, widths[i]);
        total += sizes[i];
    }
    const uint8_t *packed =
        kw_pages_view(&segment->pages, segment->borders, offset + EXTENTS, total);
    if (!packed)
        goto damaged;
    for (int i = 0; i < EXTENTS; i++) {
        segment->pages.kernels->unpack(packed, block->extents[i], count, widths[i]);
        packed += sizes[i];
    }
    return true;
damaged:
    kw_pages_damage(&segment->pages, segment->borders, offset, "passage borders make no sense");
    return false;
}

enum kw_status kw_segment_borders(struct kw_segment *segment, const struct kw_record *record,
                                  uint32_t first_position, struct kw_border *borders,
                                  struct kw_error *error)
{
    struct border_block block;
    struct kw_border next = {.position = first_position};
    for (uint64_t i = 0; i < record->passage_count; i++) {
        uint64_t passage = record->first_passage + i;
        size_t slot = passage % KW_POSTING_BLOCK;
        if ((i == 0 || slot == 0) && !unpack(segment, passage, &block))
            return kw_segment_status(segment, error);
        next.words = block.extents[0][slot];
        next.bytes = block.extents[1][slot];
        next.lines = block.extents[2][slot];
        borders[i] = next;
        next.position += next.words;
        next.start += next.bytes;
        next.line += next.lines;
    }
    if (next.start != record->bytes)
        kw_pages_damage(&segment->pages, segment->borders, 0,
                        "passages do not tile their document's text");
    return kw_segment_status(segment, error);
}

enum kw_status kw_segment_extents(struct kw_segment *segment, uint64_t first, size_t count,
                                  struct kw_extent *extents, struct kw_error *error)
{
    struct border_block block;
    for (size_t i = 0; i < count; i++) {
        size_t slot = (first + i) % KW_POSTING_BLOCK;
        if ((i == 0 || slot == 0) && !unpack(segment, first + i, &block))
            return kw_segment_status(segment, error);
        extents[i] = (struct kw_extent){block.extents[0][slot], block.extents[1][slot],
                                        block.extents[2][slot]};
    }
    return KW_OK;
}

/* The entry of the text index for the last block that begins at or before `passage`. */
static const uint8_t *find_block(struct kw_segment *segment, uint64_t passage, uint64_t *number)
{
    uint64_t low = 0;
    uint64_t high = segment->text_index->size / TEXT_INDEX_BYTES;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        const uint8_t *at = kw_pages_view(&segment->pages, segment->text_index,
                                          middle * TEXT_INDEX_BYTES, TEXT_INDEX_BYTES);
        if (!at)
            return NULL;
        if (kw_load64(at) <= passage)
            low = middle;
        else
            high = middle;
    }
    *number = low;
    return kw_pages_view(&segment->pages, segment->text_index, low * TEXT_INDEX_BYTES,
                         TEXT_INDEX_BYTES);
}

/* What is read of one block. */
struct stretch {
    uint64_t from; /* bytes [from, to) of the section are the block */
    uint64_t to;
    uint64_t skip; /* bytes of text before those wanted */
    uint64_t want;
    uint64_t rest; /* and behind them */
};

/* Sets how many bytes of text the passages [block_first, first), [first, last) and [last, end)
 * have.
 */
static bool measure(struct kw_segment *segment, uint64_t block_first, uint64_t first, uint64_t last,
                    uint64_t end, struct stretch *part)
{
    struct border_block block;
    part->skip = part->want = part->rest = 0;
    for (uint64_t passage = block_first; passage < end; passage++) {
        size_t slot = passage % KW_POSTING_BLOCK;
        if ((passage == block_first || slot == 0) && !unpack(segment, passage, &block))
            return false;
        uint64_t *bytes = passage < first  ? &part->skip
                          : passage < last ? &part->want
                                           : &part->rest;
        *bytes += block.extents[1][slot];
    }
    return true;
}

/* Whether a block can hold so much: deflate codes at most 258 bytes in two bits. */
static bool is_possible(const struct stretch *part)
{
    uint64_t packed = part->to - part->from;
    return part->skip <= UINT32_MAX && part->want <= UINT32_MAX && part->rest <= UINT32_MAX &&
           packed <= UINT32_MAX && (part->skip + part->want + part->rest) / DEFLATE_RATIO <= packed;
}

/* Inflates the `size` first bytes of a block, and no more. KW_E_MEMORY, or KW_E_DAMAGED, which is
 * not recorded yet. */
static enum kw_status inflate_front(struct kw_view packed, uint8_t *place, size_t size,
                                    struct kw_error *error)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.size};
    if (inflateInit(&stream) != Z_OK)
        return kw_fail_memory(error);
    stream.next_out = place;
    stream.avail_out = (uInt)size;
    (void)inflate(&stream, Z_SYNC_FLUSH);
    inflateEnd(&stream);
    return stream.avail_out ? KW_E_DAMAGED : KW_OK;
}

/* Inflates a block, which has to hold exactly `size` bytes. Fails as inflate_front. */
static enum kw_status inflate_whole(struct kw_segment *segment, struct kw_view packed,
                                    uint8_t *place, size_t size, struct kw_error *error)
{
    size_t used;
    if (!segment->inflater)
        segment->inflater = libdeflate_alloc_decompressor();
    if (!segment->inflater)
        return kw_fail_memory(error);
    if (libdeflate_zlib_decompress_ex(segment->inflater, packed.data, packed.size, place, size,
                                      &used, NULL) != LIBDEFLATE_SUCCESS ||
        used != packed.size)
        return KW_E_DAMAGED;
    return KW_OK;
}

/* Inflates block `number` into segment->block, at least up to what is wanted of it, unless that is
 * there. */
static enum kw_status inflate_block(struct kw_segment *segment, uint64_t number,
                                    const struct stretch *part, struct kw_error *error)
{
    size_t front = part->skip + part->want;
    size_t whole = front + part->rest;
    size_t size = front <= whole / 100 * FRONT_SHARE ? front : whole;
    size_t packed_size = part->to - part->from;
    if (segment->block_number == number && segment->block.size >= front)
        return KW_OK;
    const uint8_t *packed = kw_pages_view(&segment->pages, segment->text, part->from, packed_size);
    if (!packed)
        return kw_segment_status(segment, error);
    kw_bytes_clear(&segment->block);
    uint8_t *place = kw_bytes_reserve(&segment->block, size);
    if (!place) {
        kw_bytes_release(&segment->block);
        return kw_fail_memory(error);
    }
    struct kw_view view = {packed, packed_size};
    enum kw_status status = size < whole ? inflate_front(view, place, size, error)
                                         : inflate_whole(segment, view, place, size, error);
    if (status == KW_E_DAMAGED) {
        kw_pages_damage(&segment->pages, segment->text, part->from, "stored text does not inflate");
        return kw_segment_status(segment, error);
    }
    if (status)
        return status;
    segment->block.size = size;
    segment->block_number = number;
    return KW_OK;
}

void kw_segment_text_release(struct kw_segment *segment)
{
    libdeflate_free_decompressor(segment->inflater);
    segment->inflater = NULL;
    kw_bytes_release(&segment->block);
}

/* Where block `number` ends in the section, and its first passage that is not in it. */
static bool block_end(struct kw_segment *segment, uint64_t number, uint64_t *to, uint64_t *passage)
{
    uint64_t next = (number + 1) * TEXT_INDEX_BYTES;
    *to = segment->text->size;
    *passage = segment->passages;
    if (next >= segment->text_index->size)
        return true;
    const uint8_t *at = kw_pages_view(&segment->pages, segment->text_index, next, TEXT_INDEX_BYTES);
    if (!at)
        return false;
    *passage = kw_load64(at);
    *to = kw_load64(at + 8);
    return true;
}

/* A block of stored text. */
struct text_block {
    uint64_t number;
    uint64_t first, end; /* its passages are [first, end), … */
    uint64_t from, to;   /* … its bytes in the section [from, to) */
};

/* Finds the block that holds `passage`; false marks damage. */
static bool locate(struct kw_segment *segment, uint64_t passage, struct text_block *block)
{
    const uint8_t *entry = find_block(segment, passage, &block->number);
    if (!entry || !block_end(segment, block->number, &block->to, &block->end))
        return false;
    block->first = kw_load64(entry);
    block->from = kw_load64(entry + 8);
    if (block->first <= passage && block->end > passage && block->end <= segment->passages &&
        block->from <= block->to)
        return true;
    kw_pages_damage(&segment->pages, segment->text_index, block->number * TEXT_INDEX_BYTES,
                    "blocks of stored text are out of order");
    return false;
}

enum kw_status kw_segment_text_block(struct kw_segment *segment, uint64_t passage, uint64_t *first,
                                     uint64_t *end, struct kw_view *packed, struct kw_error *error)
{
    struct text_block block;
    if (!locate(segment, passage, &block))
        return kw_segment_status(segment, error);
    *first = block.first;
    *end = block.end;
    packed->size = block.to - block.from;
    packed->data = kw_pages_view(&segment->pages, segment->text, block.from, packed->size);
    return kw_segment_status(segment, error);
}

/* Reads passages that a word code has. */
static enum kw_status read_words(struct kw_segment *segment, uint64_t first, uint64_t count,
                                 struct kw_bytes *out, struct kw_error *error)
{
    struct border_block block;
    enum kw_status status = KW_OK;
    for (uint64_t some; count && status == KW_OK; first += some, count -= some) {
        size_t slot = first % KW_POSTING_BLOCK;
        some = KW_POSTING_BLOCK - slot < count ? KW_POSTING_BLOCK - slot : count;
        if (!unpack(segment, first, &block))
            return kw_segment_status(segment, error);
        status =
            kw_word_store_text(segment, first, block.extents[1] + slot, (size_t)some, out, error);
    }
    return status;
}

/* Reads passages out of compressed blocks. */
static enum kw_status read_blocks(struct kw_segment *segment, uint64_t first, uint64_t count,
                                  struct kw_bytes *out, struct kw_error *error)
{
    while (count) {
        struct text_block block;
        if (!locate(segment, first, &block))
            return kw_segment_status(segment, error);
        uint64_t last = first + count < block.end ? first + count : block.end;
        struct stretch part = {.from = block.from, .to = block.to};
        if (!measure(segment, block.first, first, last, block.end, &part))
            return kw_segment_status(segment, error);
        if (!is_possible(&part)) {
            kw_pages_damage(&segment->pages, segment->borders, 0, "a passage is too large");
            return kw_segment_status(segment, error);
        }
        if (part.want) {
            enum kw_status status = inflate_block(segment, block.number, &part, error);
            if (status)
                return status;
            kw_bytes_append(out, segment->block.data + part.skip, part.want);
            if (out->failed)
                return kw_fail_memory(error);
        }
        count -= last - first;
        first = last;
    }
    return KW_OK;
}

enum kw_status kw_segment_text(struct kw_segment *segment, uint64_t first, uint64_t count,
                               struct kw_bytes *out, struct kw_error *error)
{
    if (first > segment->passages || count > segment->passages - first)
        return kw_fail(error, KW_E_NOT_FOUND, "no such passage");
    return segment->words ? read_words(segment, first, count, out, error)
                          : read_blocks(segment, first, count, out, error);
}
