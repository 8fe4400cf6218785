/* Reads passages: their borders, and their text out of compressed blocks. */
#include "index/bitpack.h"
#include "index/format.h"
#include "index/segment.h"

#include <zlib.h>

enum { TEXT_INDEX_BYTES = 16, EXTENTS = 3, DEFLATE_RATIO = 1032 };

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

/* Bytes of the passages [from, to). UINT64_MAX on damage. */
static uint64_t passage_bytes(struct kw_segment *segment, uint64_t from, uint64_t to)
{
    struct border_block block;
    uint64_t bytes = 0;
    for (uint64_t passage = from; passage < to; passage++) {
        size_t slot = passage % KW_POSTING_BLOCK;
        if ((passage == from || slot == 0) && !unpack(segment, passage, &block))
            return UINT64_MAX;
        bytes += block.extents[1][slot];
    }
    return bytes;
}

/* What is read of one block. */
struct stretch {
    uint64_t from; /* bytes [from, to) of the section are the block */
    uint64_t to;
    uint64_t skip; /* bytes of text before those wanted */
    uint64_t want;
    bool to_end; /* no text follows those wanted */
};

/* Whether a block can hold so much: deflate codes at most 258 bytes in two bits. */
static bool is_possible(const struct stretch *part)
{
    uint64_t packed = part->to - part->from;
    return part->skip <= UINT32_MAX && part->want <= UINT32_MAX && packed <= UINT32_MAX &&
           (part->skip + part->want) / DEFLATE_RATIO <= packed;
}

/* Inflates the `skip + want` first bytes of a block and appends the last `want` of them to `out`.
 */
static enum kw_status inflate_block(struct kw_segment *segment, const struct stretch *part,
                                    struct kw_bytes *out, struct kw_error *error)
{
    uint8_t passed[4096];
    uint64_t skip = part->skip;
    z_stream stream = {.zalloc = Z_NULL};
    size_t packed_size = part->to - part->from;
    const uint8_t *packed = kw_pages_view(&segment->pages, segment->text, part->from, packed_size);
    if (!packed)
        return kw_segment_status(segment, error);
    uint8_t *place = kw_bytes_reserve(out, part->want);
    if (!place || inflateInit(&stream) != Z_OK)
        return kw_fail_memory(error);
    stream.next_in = (Bytef *)(uintptr_t)packed;
    stream.avail_in = (uInt)packed_size;
    int code = Z_OK;
    while (code == Z_OK && skip) {
        stream.next_out = passed;
        stream.avail_out = skip < sizeof passed ? (uInt)skip : (uInt)sizeof passed;
        uInt room = stream.avail_out;
        code = inflate(&stream, Z_SYNC_FLUSH);
        skip -= room - stream.avail_out;
    }
    stream.next_out = place;
    stream.avail_out = (uInt)part->want;
    while (code == Z_OK && !skip && stream.avail_out)
        code = inflate(&stream, Z_SYNC_FLUSH);
    bool whole = !skip && !stream.avail_out;
    if (whole && part->to_end && code == Z_OK) /* what is left ends the stream, or it is too long */
        code = inflate(&stream, Z_SYNC_FLUSH);
    if (part->to_end)
        whole = whole && code == Z_STREAM_END && !stream.avail_in;
    inflateEnd(&stream);
    if (!whole) {
        kw_pages_damage(&segment->pages, segment->text, part->from, "stored text does not inflate");
        return kw_segment_status(segment, error);
    }
    out->size += part->want;
    return KW_OK;
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

enum kw_status kw_segment_text(struct kw_segment *segment, uint64_t first, uint64_t count,
                               struct kw_bytes *out, struct kw_error *error)
{
    if (first > segment->passages || count > segment->passages - first)
        return kw_fail(error, KW_E_NOT_FOUND, "no such passage");
    while (count) {
        uint64_t number;
        uint64_t to;
        uint64_t end;
        const uint8_t *entry = find_block(segment, first, &number);
        if (!entry || !block_end(segment, number, &to, &end))
            return kw_segment_status(segment, error);
        uint64_t block_first = kw_load64(entry);
        uint64_t from = kw_load64(entry + 8);
        if (block_first > first || end <= first || end > segment->passages || from > to) {
            kw_pages_damage(&segment->pages, segment->text_index, number * TEXT_INDEX_BYTES,
                            "blocks of stored text are out of order");
            return kw_segment_status(segment, error);
        }
        uint64_t last = first + count < end ? first + count : end;
        struct stretch part = {from, to, passage_bytes(segment, block_first, first),
                               passage_bytes(segment, first, last), last == end};
        if (!is_possible(&part)) {
            kw_pages_damage(&segment->pages, segment->borders, 0, "a passage is too large");
            return kw_segment_status(segment, error);
        }
        enum kw_status status = part.want ? inflate_block(segment, &part, out, error) : KW_OK;
        if (status)
            return status;
        count -= last - first;
        first = last;
    }
    return KW_OK;
}
