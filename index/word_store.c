/* Decodes passages: from a code to its rank, to the group of words that the rank is in, to bytes.
 * Nothing of the vocabulary is read but the groups that a passage needs. */
#include "index/word_store.h"

#include "index/bitpack.h"
#include "index/format.h"
#include "index/word_split.h"

#include <sys/mman.h>

enum {
    AHEAD = 1 << 19, /* bytes: of the words, the frequent ones, of which a page of results has some
                        on each page of the file */
    COPIED = 16,     /* bytes of a word that are copied at a time */
    SLACK = KW_PIECE_BYTES + COPIED,
};

bool kw_word_store_find(struct kw_segment *segment)
{
    uint64_t passages = segment->borders->parameter;
    segment->words = kw_pages_section(&segment->pages, "words");
    segment->word_index = kw_pages_section(&segment->pages, "wordindex");
    if (!segment->words || !segment->word_index || segment->words->size > UINT32_MAX)
        return false;
    uint64_t count = segment->word_index->parameter;
    uint64_t code = segment->words->parameter;
    segment->word_code = (struct kw_word_code){code & 0xffff, (uint32_t)(code >> 16)};
    return code >> 32 == 0 && segment->word_code.one + segment->word_code.two <= 256 &&
           count <= kw_word_code_all(segment->word_code) &&
           segment->word_index->size == (count / KW_WORD_GROUP + (count % KW_WORD_GROUP > 0)) * 4 &&
           segment->text_index->size ==
               (passages / KW_WORD_BLOCK + (passages % KW_WORD_BLOCK > 0)) * 8;
}

static void mark(struct kw_segment *segment, const struct kw_section *section, uint64_t at,
                 const char *reason)
{
    kw_pages_damage(&segment->pages, section, at, reason);
}

/* ---- Words -------------------------------------------------------------------------------- */

/* The sum of the sizes in the first `count` (0..16) of 16 heads. */
static inline uint32_t sum_sizes(const uint8_t *heads, uint32_t count)
{
    static const uint64_t sizes = UINT64_C(0x3F3F3F3F3F3F3F3F);
    static const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
    uint64_t low = kw_load64(heads) & sizes;
    uint64_t high = kw_load64(heads + 8) & sizes;
    if (count < 8) {
        low &= (UINT64_C(1) << 8 * count) - 1;
        high = 0;
    } else if (count < 16) {
        high &= (UINT64_C(1) << 8 * (count - 8)) - 1;
    }
    low = (low & even) + (low >> 8 & even) + (high & even) + (high >> 8 & even);
    return (uint32_t)(low * UINT64_C(0x0001000100010001) >> 48);
}

/* The head and bytes of the word of a rank; false marks damage. Up to COPIED bytes behind the bytes
 * may be read. */
static inline __attribute__((always_inline)) bool
find_word(struct kw_segment *segment, uint32_t rank, uint8_t *head, const uint8_t **bytes)
{
    struct kw_pages *pages = &segment->pages;
    uint64_t group = rank / KW_WORD_GROUP;
    uint32_t slot = rank % KW_WORD_GROUP;
    uint64_t left = segment->word_index->parameter - group * KW_WORD_GROUP;
    uint32_t heads = left < KW_WORD_GROUP ? (uint32_t)left : KW_WORD_GROUP;
    const uint8_t *at = kw_pages_view(pages, segment->word_index, group * 4, 4);
    uint64_t from = at ? kw_load32(at) : 0;
    const uint8_t *view = at ? kw_pages_view(pages, segment->words, from, heads) : NULL;
    if (!view)
        return false;
    from += heads + sum_sizes(view, slot);
    *head = view[slot];
    *bytes = kw_pages_view(pages, segment->words, from, *head & KW_PIECE_BYTES);
    return *bytes != NULL;
}

bool kw_word_store_word(struct kw_segment *segment, uint32_t rank, uint8_t *head,
                        const uint8_t **bytes)
{
    return find_word(segment, rank, head, bytes);
}

/* Asks the processor to fetch the words of these codes, most of which lie far apart. What follows a
 * word that is spelled out may be taken for codes: then other words are fetched. */
static void fetch_words(struct kw_segment *segment, const uint8_t *codes, const uint8_t *end)
{
    enum { LINE = 64 };
    const struct kw_word_code code = segment->word_code;
    const struct kw_section *words = segment->words;
    const uint8_t *all = segment->pages.map.view.data + words->offset;
    while (codes < end) {
        uint32_t rank = kw_word_code_take(code, &codes);
        if (rank < code.one)
            continue; /* these are at hand */
        if (rank >= segment->word_index->parameter)
            return;
        const uint8_t *at = kw_pages_view(&segment->pages, segment->word_index,
                                          (uint64_t)rank / KW_WORD_GROUP * 4, 4);
        uint32_t from = at ? kw_load32(at) : 0;
        if (from >= words->size)
            return;
        __builtin_prefetch(all + from);
        __builtin_prefetch(all + from + LINE);
    }
}

/* ---- Passages ----------------------------------------------------------------------------- */

/* Decodes the codes of one passage to `place`, which has room for `size` and SLACK bytes; false
 * marks damage, also if it is not `size` bytes long. */
static bool decode(struct kw_segment *segment, const uint8_t *codes, const uint8_t *end,
                   uint8_t *place, size_t size)
{
    const struct kw_word_code code = segment->word_code;
    const uint8_t *limit = place + size;
    uint64_t count = segment->word_index->parameter;
    uint8_t closed = 0;
    while (codes < end) {
        uint32_t rank = kw_word_code_take(code, &codes);
        const uint8_t *bytes;
        uint8_t head;
        if (rank >= count || codes > end || place > limit)
            return false;
        if (!find_word(segment, rank, &head, &bytes))
            return false;
        if (head == KW_PIECE_ESCAPE) {
            if (codes == end || end - codes - 1 < (*codes & KW_PIECE_BYTES))
                return false;
            head = *codes++;
            bytes = codes;
            codes += head & KW_PIECE_BYTES;
        }
        *place = ' ';
        place += closed && head & KW_PIECE_OPENS;
        closed = head & KW_PIECE_CLOSES;
        memcpy(place, bytes, COPIED);
        if ((head & KW_PIECE_BYTES) > COPIED)
            memcpy(place, bytes, head & KW_PIECE_BYTES);
        place += head & KW_PIECE_BYTES;
    }
    return place == limit;
}

/* A block of passages: where the codes of each begin. */
struct block {
    const uint8_t *codes;
    uint64_t at; /* of `codes` in the section */
    uint64_t ends[KW_WORD_BLOCK + 1];
};

/* Reads the head of a block of passages; false marks damage. */
static bool read_block(struct kw_segment *segment, uint64_t number, struct block *block)
{
    struct kw_pages *pages = &segment->pages;
    uint64_t left = segment->passages - number * KW_WORD_BLOCK;
    size_t count = left < KW_WORD_BLOCK ? (size_t)left : KW_WORD_BLOCK;
    uint32_t sizes[KW_WORD_BLOCK];
    const uint8_t *at = kw_pages_view(pages, segment->text_index, number * 8, 8);
    uint64_t from = at ? kw_load64(at) : 0;
    const uint8_t *width = at ? kw_pages_view(pages, segment->text, from, 1) : NULL;
    if (!width)
        return false;
    if (*width > 32) {
        mark(segment, segment->text, from, "sizes of codes make no sense");
        return false;
    }
    size_t packed_size = kw_bitpack_size(count, *width);
    const uint8_t *packed = kw_pages_view(pages, segment->text, from + 1, packed_size);
    if (!packed)
        return false;
    kw_bitpack_decode(packed, sizes, count, *width);
    block->at = from + 1 + packed_size;
    block->ends[0] = 0;
    for (size_t i = 0; i < count; i++)
        block->ends[i + 1] = block->ends[i] + sizes[i];
    return true;
}

/* Asks the system for the pages of frequent words, unless they have been in use: from a cold disk
 * they take far longer one by one. What becomes of it does not matter. */
static void ask_for_words(const struct kw_segment *segment)
{
    const struct kw_section *words = segment->words;
    uint64_t from = words->offset / KW_PAGE * KW_PAGE;
    uint64_t size = words->size < AHEAD ? words->size : AHEAD;
    uint64_t second = (words->offset + KW_PAGE) / KW_PAGE; /* the first may hold other things too */
    if (size > KW_PAGE && !kw_pages_seen(&segment->pages, second))
        (void)madvise((void *)(uintptr_t)(segment->pages.map.view.data + from),
                      words->offset - from + size, MADV_WILLNEED);
}

enum kw_status kw_word_store_text(struct kw_segment *segment, uint64_t first, const uint32_t *sizes,
                                  size_t count, struct kw_bytes *out, struct kw_error *error)
{
    struct block block;
    ask_for_words(segment);
    for (size_t i = 0; i < count; i++) {
        uint64_t number = (first + i) / KW_WORD_BLOCK;
        size_t slot = (first + i) % KW_WORD_BLOCK;
        if ((i == 0 || slot == 0) && !read_block(segment, number, &block))
            return kw_segment_status(segment, error);
        uint64_t from = block.at + block.ends[slot];
        uint64_t coded = block.ends[slot + 1] - block.ends[slot];
        const uint8_t *codes = kw_pages_view(&segment->pages, segment->text, from, coded);
        if (!codes)
            return kw_segment_status(segment, error);
        /* a code of one byte is a blank and a word at most */
        if (sizes[i] / (KW_PIECE_BYTES + 1) > coded) {
            mark(segment, segment->text, from, "a passage is too large");
            return kw_segment_status(segment, error);
        }
        fetch_words(segment, codes, codes + coded);
        uint8_t *place = kw_bytes_reserve(out, (size_t)sizes[i] + SLACK + 1);
        if (!place)
            return kw_fail_memory(error);
        if (!decode(segment, codes, codes + coded, place, sizes[i])) {
            mark(segment, segment->text, from, "stored text does not decode");
            return kw_segment_status(segment, error);
        }
        out->size += sizes[i];
    }
    return KW_OK;
}

enum kw_status kw_word_store_codes(struct kw_segment *segment, uint64_t first, size_t count,
                                   struct kw_view *codes, struct kw_error *error)
{
    struct block block;
    size_t slot = first % KW_WORD_BLOCK;
    if (!read_block(segment, first / KW_WORD_BLOCK, &block))
        return kw_segment_status(segment, error);
    for (size_t i = 0; i < count; i++) {
        uint64_t from = block.ends[slot + i];
        codes[i].size = (size_t)(block.ends[slot + i + 1] - from);
        codes[i].data =
            kw_pages_view(&segment->pages, segment->text, block.at + from, codes[i].size);
        if (!codes[i].data)
            return kw_segment_status(segment, error);
    }
    return KW_OK;
}
