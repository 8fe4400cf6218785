/* Ranks symbols by their counts, leaves out those that are shorter spelled, and writes codes. */
#include "index/word_writer.h"

#include "index/bitpack.h"
#include "index/format.h"
#include "index/sort.h"

#include <stdlib.h>

enum {
    SPELLED_BYTES = 2, /* of a piece beside its own: an escape of one byte, a head */
    INDEX_SHARE = 4,   /* a word's share of the index is 1/4 byte */
};

void kw_word_writer_release(struct kw_word_writer *writer)
{
    kw_phrases_release(&writer->phrases);
    free(writer->codes);
    free(writer->order);
    *writer = (struct kw_word_writer){.count = 0};
}

/* ---- Ranks -------------------------------------------------------------------------------- */

/* Whether a symbol takes less if it is spelled wherever it is than if it has a code of `size`
 * bytes. Phrases are not spelled. */
static bool is_spelled(const struct kw_word_writer *writer, const struct kw_counted *candidate,
                       uint32_t size)
{
    uint32_t bytes = candidate->head & KW_PIECE_BYTES;
    uint64_t kept = (candidate->count * size + 1 + bytes) * INDEX_SHARE + 1;
    uint64_t spelled = candidate->count * (SPELLED_BYTES + bytes) * INDEX_SHARE;
    return candidate->number < writer->phrases.first && spelled < kept;
}

/* The best code for candidates in order, and the bytes that it takes. */
static uint64_t choose_code(struct kw_word_writer *writer, const uint64_t *sums, uint32_t count)
{
    uint64_t best = UINT64_MAX;
    for (uint32_t one = 0; one <= 256; one++) {
        for (uint32_t two = 0; one + two <= 256; two++) {
            struct kw_word_code code = {one, two};
            uint32_t first = one < count ? one : count;
            uint32_t second = kw_word_code_short(code);
            second = second < count ? second : count;
            uint64_t size =
                sums[first] + (sums[second] - sums[first]) * 2 + (sums[count] - sums[second]) * 3;
            if (kw_word_code_all(code) >= count && size < best) {
                best = size;
                writer->code = code;
            }
        }
    }
    return best;
}

/* Fills `candidates`, which have room, with all symbols and phrases that occur, by number. */
static uint32_t list_candidates(const struct kw_word_writer *writer, struct kw_counted *candidates)
{
    const struct kw_symbols *symbols = writer->symbols;
    const struct kw_phrases *phrases = &writer->phrases;
    uint32_t count = 0;
    for (uint32_t i = 0; i < symbols->count; i++) {
        const struct kw_symbol *symbol = &symbols->list.items[i];
        if (symbol->count)
            candidates[count++] = (struct kw_counted){symbol->count, i, symbol->head};
    }
    for (uint32_t i = 0; i < phrases->count; i++) {
        const struct kw_phrase *phrase = &phrases->list.items[i];
        candidates[count++] = (struct kw_counted){phrase->count, phrases->first + i, phrase->head};
    }
    return count;
}

/* Leaves out what is spelled, and takes the escape in at its place. Returns how many are left. */
static uint32_t drop_spelled(struct kw_word_writer *writer, struct kw_counted *candidates,
                             uint32_t count)
{
    /* sizes as they are usual: what is left out makes others shorter at most */
    const struct kw_word_code usual = {96, 156};
    struct kw_counted escape = {writer->symbols->spelled, KW_NO_SYMBOL, KW_PIECE_ESCAPE};
    uint32_t kept = 0;
    writer->estimate = writer->symbols->spelled_bytes + writer->symbols->spelled;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bytes = candidates[i].head & KW_PIECE_BYTES;
        if (!is_spelled(writer, &candidates[i], kw_word_code_size(usual, i))) {
            writer->estimate += bytes + 1;
            candidates[kept++] = candidates[i];
            continue;
        }
        escape.count += candidates[i].count;
        writer->estimate += candidates[i].count * (bytes + 1);
    }
    uint32_t place = kept;
    for (; place && candidates[place - 1].count < escape.count; place--)
        candidates[place] = candidates[place - 1];
    candidates[place] = escape;
    return kept + 1;
}

/* Fills writer->codes. */
static void make_codes(struct kw_word_writer *writer)
{
    for (uint32_t rank = 0; rank < writer->count; rank++) {
        uint8_t bytes[4] = {0};
        uint8_t *end = kw_word_code_put(writer->code, bytes, rank);
        if (rank != writer->escape)
            writer->codes[writer->order[rank]] = kw_load32(bytes) | (uint32_t)(end - bytes) << 24;
    }
}

static enum kw_status give_ranks(struct kw_word_writer *writer, struct kw_counted *candidates,
                                 struct kw_error *error)
{
    uint32_t count = list_candidates(writer, candidates);
    enum kw_status status = kw_sort_counted(candidates, count, error);
    if (status)
        return status;
    count = drop_spelled(writer, candidates, count);
    uint64_t *sums = calloc((size_t)count + 1, sizeof *sums);
    if (!sums)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = candidates[i].number;
        sums[i + 1] = sums[i] + candidates[i].count;
        writer->order[i] = number;
        if (number == KW_NO_SYMBOL)
            writer->escape = i;
    }
    writer->count = count;
    writer->estimate += choose_code(writer, sums, count) + count / INDEX_SHARE;
    free(sums);
    make_codes(writer);
    return KW_OK;
}

enum kw_status kw_word_writer_init(struct kw_word_writer *writer, struct kw_symbols *symbols,
                                   struct kw_error *error)
{
    *writer = (struct kw_word_writer){.symbols = symbols};
    enum kw_status status = kw_phrases_init(&writer->phrases, symbols, error);
    if (status != KW_OK)
        return status;
    size_t all = (size_t)symbols->count + writer->phrases.count + 1;
    struct kw_counted *candidates = malloc(all * sizeof *candidates);
    writer->codes = calloc(all, sizeof *writer->codes);
    writer->order = malloc(all * sizeof *writer->order);
    if (candidates && writer->codes && writer->order)
        status = give_ranks(writer, candidates, error);
    else
        status = kw_fail_memory(error);
    free(candidates);
    return status;
}

/* ---- Codes -------------------------------------------------------------------------------- */

/* A block of passages being filled. */
struct block {
    uint32_t sizes[KW_WORD_BLOCK];
    size_t count;
    struct kw_bytes codes;
    struct kw_bytes head; /* scratch */
};

/* Appends a piece that is spelled: an escape, a head and bytes. */
static uint8_t *put_spelled(const struct kw_word_writer *writer, uint8_t head, const uint8_t *bytes,
                            uint8_t *place)
{
    place = kw_word_code_put(writer->code, place, writer->escape);
    *place++ = head;
    memcpy(place, bytes, head & KW_PIECE_BYTES);
    return place + (head & KW_PIECE_BYTES);
}

/* Appends the pieces of the passage that was read last, `count` numbers with its phrases. */
static uint8_t *put_pieces(const struct kw_word_writer *writer,
                           const struct kw_symbol_reader *reader, size_t count, uint8_t *place)
{
    const uint8_t **spelled = reader->spelled.items;
    const uint32_t *codes = writer->codes;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = reader->numbers.items[i];
        if (number == KW_NO_SYMBOL) {
            place = put_spelled(writer, **spelled, *spelled + 1, place);
            spelled++;
            continue;
        }
        kw_store32(place, codes[number]);
        place += codes[number] >> 24;
        if (!codes[number])
            place = put_spelled(writer, writer->symbols->list.items[number].head,
                                kw_symbol_bytes(writer->symbols, number).data, place);
    }
    return place;
}

/* Adds the passage that was read last to the block. */
static enum kw_status add_passage(const struct kw_word_writer *writer,
                                  struct kw_symbol_reader *reader, struct kw_phrase_finder *finder,
                                  struct block *block, struct kw_error *error)
{
    size_t count = reader->count;
    enum kw_status status =
        kw_phrases_apply(&writer->phrases, finder, reader->numbers.items, &count, error);
    if (status)
        return status;
    size_t before = block->codes.size;
    uint8_t *place =
        kw_bytes_reserve(&block->codes, (count + 1) * (KW_CODE_BYTES + 1 + KW_PIECE_BYTES));
    if (!place)
        return kw_fail_memory(error);
    place = put_pieces(writer, reader, count, place);
    block->codes.size = (size_t)(place - block->codes.data);
    if (block->codes.size - before > UINT32_MAX)
        return kw_fail(error, KW_E_USAGE, "a passage is too large");
    block->sizes[block->count++] = (uint32_t)(block->codes.size - before);
    return KW_OK;
}

static enum kw_status write_block(struct block *block, struct kw_pages_writer *pages,
                                  struct kw_bytes *index, struct kw_error *error)
{
    uint32_t width = kw_bitpack_width(block->sizes, block->count);
    kw_bytes_u64(index, kw_pages_writer_size(pages));
    kw_bytes_clear(&block->head);
    kw_bytes_append_byte(&block->head, (uint8_t)width);
    kw_bitpack_encode(&block->head, block->sizes, block->count, width);
    kw_pages_writer_append(pages, block->head.data, block->head.size);
    kw_pages_writer_append(pages, block->codes.data, block->codes.size);
    kw_bytes_clear(&block->codes);
    block->count = 0;
    return block->head.failed ? kw_fail_memory(error) : kw_bytes_status(index, error);
}

static enum kw_status write_text(struct kw_word_writer *writer, struct kw_pages_writer *pages,
                                 struct kw_bytes *index, struct kw_error *error)
{
    struct kw_symbol_reader reader = {.at = 0};
    struct kw_phrase_finder finder = {.found = {NULL, 0}};
    struct block block = {.count = 0};
    enum kw_status status = KW_OK;
    for (uint64_t i = 0; i < writer->symbols->passages && status == KW_OK; i++) {
        status = kw_symbol_reader_next(&reader, writer->symbols, error);
        if (status == KW_OK)
            status = add_passage(writer, &reader, &finder, &block, error);
        if (status == KW_OK && block.count == KW_WORD_BLOCK)
            status = write_block(&block, pages, index, error);
    }
    if (status == KW_OK && block.count)
        status = write_block(&block, pages, index, error);
    kw_symbol_reader_release(&reader);
    kw_phrase_finder_release(&finder);
    kw_bytes_release(&block.codes);
    kw_bytes_release(&block.head);
    return status;
}

/* ---- Words -------------------------------------------------------------------------------- */

static uint8_t head_of(const struct kw_word_writer *writer, uint32_t number)
{
    if (number == KW_NO_SYMBOL)
        return KW_PIECE_ESCAPE;
    return number < writer->phrases.first
               ? writer->symbols->list.items[number].head
               : writer->phrases.list.items[number - writer->phrases.first].head;
}

/* Fills `words` and their index, group by group: heads, then bytes. */
static enum kw_status list_words(const struct kw_word_writer *writer, struct kw_bytes *words,
                                 struct kw_bytes *index, struct kw_error *error)
{
    for (uint32_t from = 0; from < writer->count; from += KW_WORD_GROUP) {
        uint32_t to = writer->count - from < KW_WORD_GROUP ? writer->count : from + KW_WORD_GROUP;
        if (words->size > UINT32_MAX)
            return kw_fail(error, KW_E_USAGE, "too many words for one segment");
        kw_bytes_u32(index, (uint32_t)words->size);
        for (uint32_t rank = from; rank < to; rank++)
            kw_bytes_append_byte(words, head_of(writer, writer->order[rank]));
        for (uint32_t rank = from; rank < to; rank++)
            if (writer->order[rank] != KW_NO_SYMBOL)
                kw_phrase_bytes(&writer->phrases, writer->symbols, writer->order[rank], words);
    }
    return words->failed ? kw_fail_memory(error) : kw_bytes_status(index, error);
}

static void write_section(struct kw_pages_writer *pages, const char *name,
                          const struct kw_bytes *bytes, uint64_t parameter)
{
    kw_pages_writer_section(pages, name);
    kw_pages_writer_append(pages, bytes->data, bytes->size);
    kw_pages_writer_parameter(pages, parameter);
}

enum kw_status kw_word_writer_write(struct kw_word_writer *writer, struct kw_pages_writer *pages,
                                    struct kw_error *error)
{
    struct kw_bytes index = KW_BYTES_INIT;
    struct kw_bytes words = KW_BYTES_INIT;
    struct kw_bytes word_index = KW_BYTES_INIT;
    kw_pages_writer_section(pages, "text");
    kw_pages_writer_parameter(pages, KW_TEXT_WORDS);
    enum kw_status status = write_text(writer, pages, &index, error);
    if (status == KW_OK)
        status = list_words(writer, &words, &word_index, error);
    if (status == KW_OK) {
        write_section(pages, "textindex", &index, writer->symbols->bytes);
        write_section(pages, "words", &words, writer->code.one | writer->code.two << 16);
        write_section(pages, "wordindex", &word_index, writer->count);
    }
    kw_bytes_release(&index);
    kw_bytes_release(&words);
    kw_bytes_release(&word_index);
    return status;
}
