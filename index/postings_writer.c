/* Encodes postings, positions, strengths and skip data. */
#include "index/postings_writer.h"

#include "index/bitpack.h"
#include "index/postings.h"
#include "index/strength.h"

#include <stdlib.h>

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

/* Appends a bit for each document from `next` up to the last of the block. */
static void add_bitmap(struct kw_bytes *out, const uint32_t *documents, uint32_t count,
                       uint32_t next)
{
    size_t size = kw_posting_bitmap_size(next, documents[count - 1]);
    uint8_t *bits = kw_bytes_reserve(out, size);
    if (!bits)
        return;
    memset(bits, 0, size);
    for (uint32_t i = 0; i < count; i++)
        bits[(documents[i] - next) / 8] |= (uint8_t)(1U << ((documents[i] - next) % 8));
    out->size += size;
}

/* Whether a block of a term with several is a bitmap: one is read so much faster that it may take
 * somewhat more bytes. */
static bool is_bitmap(uint32_t next, uint32_t last, uint32_t count, uint32_t gap_bits)
{
    return 2 * (uint64_t)kw_posting_bitmap_size(next, last) <=
           3 * (uint64_t)kw_bitpack_size(count, gap_bits);
}

/* Packs a block's documents and frequencies; `next` is one past the block before's last. */
static void encode_block(struct kw_bytes *out, const struct kw_posting_list *list, uint32_t from,
                         uint32_t count, uint32_t next)
{
    const uint32_t first = next;
    uint32_t gaps[KW_POSTING_BLOCK] = {0}; /* a compiler does not see that there are any */
    uint32_t extras[KW_POSTING_BLOCK];
    for (uint32_t i = 0; i < count; i++) {
        gaps[i] = list->documents[from + i] - next;
        next = list->documents[from + i] + 1;
        extras[i] = list->frequencies[from + i] - 1;
    }
    uint32_t gap_bits = kw_bitpack_width(gaps, count);
    uint32_t extra_bits = kw_bitpack_width(extras, count);
    bool bitmap = list->count > KW_POSTING_BLOCK && is_bitmap(first, next - 1, count, gap_bits);
    kw_bytes_append_byte(out, bitmap ? KW_BITMAP_WIDTH : (uint8_t)gap_bits);
    kw_bytes_append_byte(out, (uint8_t)extra_bits);
    if (bitmap)
        add_bitmap(out, list->documents + from, count, first);
    else
        kw_bitpack_encode(out, gaps, count, gap_bits);
    kw_bitpack_encode(out, extras, count, extra_bits);
}

void kw_positions_encode(struct kw_bytes *out, const uint32_t *gaps, uint64_t total)
{
    uint64_t runs = (total + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    size_t widths_at = out->size;
    if (!kw_bytes_reserve(out, runs))
        return;
    out->size += runs;
    for (uint64_t run = 0; run < runs; run++, gaps += KW_POSTING_BLOCK) {
        uint64_t left = total - run * KW_POSTING_BLOCK;
        size_t count = left < KW_POSTING_BLOCK ? (size_t)left : KW_POSTING_BLOCK;
        uint32_t bits = kw_bitpack_width(gaps, count);
        kw_bitpack_encode(out, gaps, count, bits);
        if (!out->failed)
            out->data[widths_at + run] = (uint8_t)bits;
    }
}

/* Packs the positions of `count` postings, `total` of them. */
static void encode_positions(struct kw_postings_scratch *scratch, const uint32_t *positions,
                             const uint32_t *frequencies, uint32_t count, uint64_t total)
{
    uint32_t *gaps = kw_grow(&scratch->gaps, total) ? scratch->gaps.items : NULL;
    kw_bytes_clear(&scratch->positions);
    if (!gaps) {
        scratch->positions.failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t expected = 0;
        for (uint32_t j = 0; j < frequencies[i]; j++) {
            *gaps++ = *positions - expected;
            expected = *positions++ + 1;
        }
    }
    kw_positions_encode(&scratch->positions, scratch->gaps.items, total);
}

void kw_postings_scratch_release(struct kw_postings_scratch *scratch)
{
    kw_bytes_release(&scratch->codes);
    kw_bytes_release(&scratch->blocks);
    kw_bytes_release(&scratch->positions);
    free(scratch->gaps.items);
}

/* The postings of block `block`. */
static uint32_t block_size(const struct kw_posting_list *list, uint32_t block)
{
    uint32_t rest = list->count - block * KW_POSTING_BLOCK;
    return rest < KW_POSTING_BLOCK ? rest : KW_POSTING_BLOCK;
}

/* Appends the greatest code of each class, and how many postings have each or a higher one. */
static void add_classes(struct kw_bytes *out, const uint32_t counts[KW_STRENGTH_CODES],
                        const uint8_t classes[KW_STRENGTH_CODES])
{
    uint8_t greatest[KW_CLASSES] = {0};
    uint32_t stronger[KW_CLASSES] = {0};
    for (uint32_t code = 0; code < KW_STRENGTH_CODES; code++) {
        if (counts[code])
            greatest[classes[code]] = (uint8_t)code;
        stronger[classes[code]] += counts[code];
    }
    for (uint32_t class = KW_CLASSES - 1; class -- > 0;)
        stronger[class] += stronger[class + 1];
    kw_bytes_append(out, greatest, sizeof greatest);
    for (uint32_t class = 0; class < KW_CLASSES; class ++)
        kw_bytes_u32(out, stronger[class]);
}

/* Codes the strengths of a list of several blocks: appends what is told of classes and blocks, and
 * fills `codes` with the classes of its postings, in place of their codes. */
static void encode_strengths(struct kw_bytes *out, const struct kw_posting_list *list,
                             const double *ks, uint8_t *codes)
{
    uint32_t counts[KW_STRENGTH_CODES] = {0};
    uint8_t classes[KW_STRENGTH_CODES];
    for (uint32_t i = 0; i < list->count; i++) {
        codes[i] = kw_strength_code(list->frequencies[i], ks[list->documents[i]]);
        counts[codes[i]]++;
    }
    kw_strength_classes(counts, classes);
    add_classes(out, counts, classes);
    for (uint32_t from = 0; from < list->count; from += KW_POSTING_BLOCK) {
        uint8_t greatest = 0;
        for (uint32_t i = from; i < from + KW_POSTING_BLOCK && i < list->count; i++)
            greatest = codes[i] > greatest ? codes[i] : greatest;
        kw_bytes_append_byte(out, greatest);
    }
    for (uint32_t i = 0; i < list->count; i++)
        codes[i] = classes[codes[i]];
}

/* Appends the classes of all postings, two a byte, up to the end of the last block. */
static void add_posting_classes(struct kw_bytes *out, const uint8_t *classes, uint32_t count,
                                uint32_t block_count)
{
    size_t size = (size_t)block_count * KW_CLASS_BYTES;
    uint8_t *at = kw_bytes_reserve(out, size);
    if (!at)
        return;
    memset(at, 0, size);
    for (uint32_t i = 0; i < count; i++)
        at[i / 2] |= (uint8_t)(classes[i] << (i % 2 * 4));
    out->size += size;
}

/* Appends the positions of all blocks to the section at hand of `pages`, and to `out`, if there are
 * several blocks, where each block's begin. */
static void add_positions(struct kw_bytes *out, struct kw_pages_writer *pages,
                          const struct kw_posting_list *list, uint32_t block_count,
                          struct kw_postings_scratch *scratch)
{
    const struct kw_bytes *packed = &scratch->positions;
    const uint32_t *positions = list->positions;
    uint64_t written = 0;
    for (uint32_t block = 0; block < block_count; block++) {
        const uint32_t *frequencies = list->frequencies + (size_t)block * KW_POSTING_BLOCK;
        uint32_t count = block_size(list, block);
        uint64_t total = 0;
        for (uint32_t i = 0; i < count; i++)
            total += frequencies[i];
        if (block_count > 1)
            kw_bytes_u64(out, written);
        encode_positions(scratch, positions, frequencies, count, total);
        if (packed->failed)
            out->failed = true; /* reported with the postings */
        kw_pages_writer_append(pages, packed->data, packed->size);
        written += packed->size;
        positions += total;
    }
}

void kw_postings_encode(struct kw_bytes *postings, struct kw_pages_writer *positions,
                        const struct kw_posting_list *list, const double *ks,
                        struct kw_postings_scratch *scratch)
{
    uint32_t block_count = (list->count + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    bool several = block_count > 1;
    uint8_t *codes = NULL;
    kw_bytes_clear(&scratch->codes);
    kw_bytes_clear(&scratch->blocks);
    if (several) {
        codes = kw_bytes_reserve(&scratch->codes, list->count);
        if (!codes) {
            postings->failed = true;
            return;
        }
        encode_strengths(postings, list, ks, codes);
    }
    for (uint32_t block = 0; several && block < block_count; block++)
        kw_bytes_u32(postings,
                     list->documents[block * KW_POSTING_BLOCK + block_size(list, block) - 1]);
    for (uint32_t block = 0; block < block_count; block++) {
        uint32_t from = block * KW_POSTING_BLOCK;
        if (several)
            kw_bytes_u32(postings, (uint32_t)scratch->blocks.size);
        encode_block(&scratch->blocks, list, from, block_size(list, block),
                     from ? list->documents[from - 1] + 1 : 0);
    }
    if (list->positions)
        add_positions(postings, positions, list, block_count, scratch);
    for (uint32_t block = 0; several && list->offsets && block < block_count; block++)
        kw_bytes_u64(postings, list->offsets[block]);
    if (several)
        add_posting_classes(postings, codes, list->count, block_count);
    kw_bytes_append_view(postings, kw_bytes_view(&scratch->blocks));
    if (scratch->blocks.failed)
        postings->failed = true;
}
