/* Encodes postings, positions and skip data. */
#include "index/postings_writer.h"

#include "index/bitpack.h"

void kw_postings_encode_inline(struct kw_bytes *out, const struct kw_posting_list *list)
{
    const uint32_t *position = list->positions;
    uint32_t next = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        kw_bytes_varint(out, list->documents[i] - next);
        kw_bytes_varint(out, list->frequencies[i] - 1);
        next = list->documents[i] + 1;
        uint32_t expected = 0;
        for (uint32_t j = 0; position && j < list->frequencies[i]; j++) {
            kw_bytes_varint(out, *position - expected);
            expected = *position++ + 1;
        }
    }
}

/* Packs a block's document gaps and frequencies; `next` is one past the block before's last. */
static void encode_block(struct kw_bytes *out, const struct kw_posting_list *list, uint32_t from,
                         uint32_t count, uint32_t next)
{
    uint32_t gaps[KW_POSTING_BLOCK];
    uint32_t extras[KW_POSTING_BLOCK];
    for (uint32_t i = 0; i < count; i++) {
        gaps[i] = list->documents[from + i] - next;
        next = list->documents[from + i] + 1;
        extras[i] = list->frequencies[from + i] - 1;
    }
    uint32_t gap_bits = kw_bitpack_width(gaps, count);
    uint32_t extra_bits = kw_bitpack_width(extras, count);
    kw_bytes_append_byte(out, (uint8_t)gap_bits);
    kw_bytes_append_byte(out, (uint8_t)extra_bits);
    kw_bitpack_encode(out, gaps, count, gap_bits);
    kw_bitpack_encode(out, extras, count, extra_bits);
}

/* Packs the positions of a block's `total` occurrences: the widths of their runs, then the runs. */
static void encode_positions(struct kw_bytes *out, const uint32_t *positions,
                             const uint32_t *frequencies, uint64_t total)
{
    uint64_t runs = (total + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    uint32_t gaps[KW_POSTING_BLOCK];
    uint32_t expected = 0;
    uint32_t left = *frequencies; /* occurrences left of the document at hand */
    kw_bytes_clear(out);
    uint8_t *widths = kw_bytes_reserve(out, runs);
    if (!widths)
        return;
    out->size += runs;
    for (uint64_t run = 0; run < runs; run++) {
        uint32_t count = 0;
        for (; count < KW_POSTING_BLOCK && total; count++, total--) {
            if (!left) {
                left = *++frequencies;
                expected = 0;
            }
            gaps[count] = *positions - expected;
            expected = *positions++ + 1;
            left--;
        }
        uint32_t bits = kw_bitpack_width(gaps, count);
        kw_bitpack_encode(out, gaps, count, bits);
        if (!out->failed)
            out->data[run] = (uint8_t)bits;
    }
}

void kw_postings_encode(struct kw_bytes *postings, struct kw_pages_writer *positions,
                        const struct kw_posting_list *list, const uint32_t *lengths,
                        struct kw_bytes *scratch)
{
    uint32_t block_count = (list->count + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    size_t skips_at = postings->size;
    if (block_count > 1 && kw_bytes_reserve(postings, (size_t)block_count * KW_SKIP_BYTES))
        postings->size += (size_t)block_count * KW_SKIP_BYTES;
    size_t blocks_at = postings->size;
    const uint32_t *position = list->positions;
    uint64_t written = 0; /* bytes of positions */
    for (uint32_t block = 0; block < block_count; block++) {
        uint32_t from = block * KW_POSTING_BLOCK;
        uint32_t count =
            list->count - from < KW_POSTING_BLOCK ? list->count - from : KW_POSTING_BLOCK;
        uint32_t highest = 0;
        uint32_t shortest = UINT32_MAX;
        uint64_t total = 0;
        for (uint32_t i = from; i < from + count; i++) {
            uint32_t length = lengths[list->documents[i]];
            highest = list->frequencies[i] > highest ? list->frequencies[i] : highest;
            shortest = length < shortest ? length : shortest;
            total += list->frequencies[i];
        }
        if (block_count > 1 && !postings->failed) {
            uint8_t *skip = postings->data + skips_at + (size_t)block * KW_SKIP_BYTES;
            kw_store32(skip, list->documents[from + count - 1]);
            kw_store32(skip + 4, (uint32_t)(postings->size - blocks_at));
            kw_store64(skip + 8, written);
            kw_store32(skip + 16, highest);
            kw_store32(skip + 20, shortest);
        }
        encode_block(postings, list, from, count, from ? list->documents[from - 1] + 1 : 0);
        if (position) {
            encode_positions(scratch, position, list->frequencies + from, total);
            if (scratch->failed)
                postings->failed = true; /* reported with the postings */
            kw_pages_writer_append(positions, scratch->data, scratch->size);
            written += scratch->size;
            position += total;
        }
    }
}
