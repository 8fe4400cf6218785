/* Maps the words of a segment to symbols, each when it is met first. */
#include "index/word_recode.h"

#include "index/format.h"
#include "index/word_store.h"

#include <stdlib.h>

enum {
    SINGLE = 1,                /* and more in the map: a symbol */
    LIST = KW_SYMBOLS + 1,     /* and more: a phrase */
    MOST = KW_PIECE_BYTES + 2, /* pieces of a word, with joints at both ends */
};

#define ESCAPE KW_NO_SYMBOL

/* A passage being read. */
struct passage {
    const uint8_t *codes, *end;
    uint64_t bytes; /* of its text so far */
    bool closed;    /* its last piece closes */
};

enum kw_status kw_word_recoder_init(struct kw_word_recoder *recoder, struct kw_segment *segment,
                                    struct kw_error *error)
{
    size_t words = (size_t)segment->word_index->parameter;
    *recoder = (struct kw_word_recoder){.segment = segment};
    recoder->heads = calloc(words + 1, sizeof *recoder->heads);
    recoder->map = calloc(words + 1, sizeof *recoder->map);
    if (recoder->heads && recoder->map)
        return KW_OK;
    kw_word_recoder_release(recoder);
    return kw_fail_memory(error);
}

void kw_word_recoder_release(struct kw_word_recoder *recoder)
{
    free(recoder->heads);
    free(recoder->map);
    free(recoder->lists.items);
    free(recoder->numbers.items);
    kw_bytes_release(&recoder->spelled);
    kw_split_release(&recoder->split);
    *recoder = (struct kw_word_recoder){.segment = NULL};
}

/* ---- Words -------------------------------------------------------------------------------- */

/* Appends the number of a piece, or its bytes if it gets none. */
static void add_piece(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                      const uint8_t *bytes, uint8_t head)
{
    uint32_t number = kw_symbols_number(symbols, bytes, head);
    recoder->numbers.items[recoder->count++] = number;
    if (number != KW_NO_SYMBOL)
        return;
    kw_bytes_append_byte(&recoder->spelled, head);
    kw_bytes_append(&recoder->spelled, bytes, head & KW_PIECE_BYTES);
}

/* Appends the pieces of a word or phrase, for which there is room. Where it opens or closes as a
 * word does and its head says that it does not, there is a joint. False if the head makes no sense.
 */
static bool add_pieces(struct kw_word_recoder *recoder, struct kw_symbols *symbols, uint8_t head)
{
    const struct kw_split *split = &recoder->split;
    bool opens = head & KW_PIECE_OPENS, closes = head & KW_PIECE_CLOSES;
    uint8_t last = KW_PIECE_JOINT;
    bool joint;
    if (!split->size) {
        add_piece(recoder, symbols, NULL, KW_PIECE_JOINT);
        return head == KW_PIECE_JOINT;
    }
    for (size_t at = 0; at < split->size;) {
        bool front = at == 0;
        const uint8_t *bytes = split->text.data + at;
        last = kw_split_take(split, &at, &joint);
        bool word = last & KW_PIECE_OPENS;
        if (front && opens && !word)
            return false;
        if (front && word && !opens)
            add_piece(recoder, symbols, NULL, KW_PIECE_JOINT);
        add_piece(recoder, symbols, bytes, last);
        if (joint)
            add_piece(recoder, symbols, NULL, KW_PIECE_JOINT);
    }
    if (last & KW_PIECE_CLOSES && !closes)
        add_piece(recoder, symbols, NULL, KW_PIECE_JOINT);
    return !closes || last & KW_PIECE_CLOSES;
}

/* Appends a word or phrase by its head and bytes. KW_E_DAMAGED if they make no sense. */
static enum kw_status add_bytes(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                                uint8_t head, const uint8_t *bytes, struct kw_error *error)
{
    enum kw_status status =
        kw_split_text(&recoder->split, (struct kw_view){bytes, head & KW_PIECE_BYTES}, error);
    if (status)
        return status;
    if (!add_pieces(recoder, symbols, head)) {
        kw_pages_damage(&recoder->segment->pages, recoder->segment->words, 0,
                        "a word makes no sense");
        return kw_segment_status(recoder->segment, error);
    }
    return kw_bytes_status(&recoder->spelled, error);
}

/* Notes what a rank stands for: the numbers from `from` on. A word that is no symbol, as there are
 * too many, is looked for again each time. */
static enum kw_status note(struct kw_word_recoder *recoder, uint32_t rank, size_t from,
                           struct kw_error *error)
{
    const uint32_t *numbers = recoder->numbers.items + from;
    size_t count = recoder->count - from;
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == KW_NO_SYMBOL)
            return KW_OK;
    if (count == 1) {
        recoder->map[rank] = SINGLE + numbers[0];
        return KW_OK;
    }
    if (!kw_grow(&recoder->lists, recoder->list_size + count + 1))
        return kw_fail_memory(error);
    recoder->map[rank] = LIST + (uint32_t)recoder->list_size;
    recoder->lists.items[recoder->list_size++] = (uint32_t)count;
    memcpy(recoder->lists.items + recoder->list_size, numbers, count * sizeof *numbers);
    recoder->list_size += count;
    return KW_OK;
}

/* Appends a word that is met first, or that is no symbol. */
static enum kw_status add_word(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                               uint32_t rank, struct kw_error *error)
{
    size_t from = recoder->count;
    const uint8_t *bytes;
    if (!kw_word_store_word(recoder->segment, rank, &recoder->heads[rank], &bytes))
        return kw_segment_status(recoder->segment, error);
    if (recoder->heads[rank] == KW_PIECE_ESCAPE) {
        recoder->map[rank] = ESCAPE;
        return KW_OK;
    }
    enum kw_status status = add_bytes(recoder, symbols, recoder->heads[rank], bytes, error);
    return status ? status : note(recoder, rank, from, error);
}

/* ---- Passages ----------------------------------------------------------------------------- */

static enum kw_status fail_text(struct kw_word_recoder *recoder, struct kw_error *error)
{
    kw_pages_damage(&recoder->segment->pages, recoder->segment->text, 0,
                    "stored text does not decode");
    return kw_segment_status(recoder->segment, error);
}

/* Counts the text of a piece or phrase. */
static inline void count_bytes(struct passage *passage, uint8_t head)
{
    passage->bytes += (head & KW_PIECE_BYTES) + (passage->closed && head & KW_PIECE_OPENS);
    passage->closed = head & KW_PIECE_CLOSES;
}

/* Appends the piece behind an escape. */
static enum kw_status add_spelled(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                                  struct passage *passage, struct kw_error *error)
{
    if (passage->codes == passage->end ||
        passage->end - passage->codes - 1 < (*passage->codes & KW_PIECE_BYTES))
        return fail_text(recoder, error);
    uint8_t head = *passage->codes++;
    const uint8_t *bytes = passage->codes;
    passage->codes += head & KW_PIECE_BYTES;
    count_bytes(passage, head);
    return add_bytes(recoder, symbols, head, bytes, error);
}

/* Appends what a rank stands for that is not one known symbol. */
static enum kw_status add_other(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                                uint32_t rank, struct passage *passage, struct kw_error *error)
{
    uint32_t to = recoder->map[rank];
    if (!kw_grow(&recoder->numbers,
                 recoder->count + MOST + (size_t)(passage->end - passage->codes)))
        return kw_fail_memory(error);
    if (to == ESCAPE)
        return add_spelled(recoder, symbols, passage, error);
    if (to) {
        const uint32_t *list = recoder->lists.items + (to - LIST);
        memcpy(recoder->numbers.items + recoder->count, list + 1, *list * sizeof *list);
        recoder->count += *list;
        count_bytes(passage, recoder->heads[rank]);
        return KW_OK;
    }
    enum kw_status status = add_word(recoder, symbols, rank, error);
    if (status)
        return status;
    if (recoder->map[rank] == ESCAPE)
        return add_spelled(recoder, symbols, passage, error);
    count_bytes(passage, recoder->heads[rank]);
    return KW_OK;
}

static enum kw_status add_passage(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                                  struct kw_view codes, uint32_t size, struct kw_error *error)
{
    const struct kw_word_code code = recoder->segment->word_code;
    uint64_t words = recoder->segment->word_index->parameter;
    struct passage passage = {.codes = codes.data, .end = codes.data + codes.size};
    recoder->count = 0;
    kw_bytes_clear(&recoder->spelled);
    if (!kw_grow(&recoder->numbers, codes.size + MOST))
        return kw_fail_memory(error);
    while (passage.codes < passage.end) {
        uint32_t rank = kw_word_code_take(code, &passage.codes);
        if (rank >= words || passage.codes > passage.end)
            return fail_text(recoder, error);
        uint32_t to = recoder->map[rank] - SINGLE;
        if (to < KW_SYMBOLS) {
            recoder->numbers.items[recoder->count++] = to;
            count_bytes(&passage, recoder->heads[rank]);
            continue;
        }
        enum kw_status status = add_other(recoder, symbols, rank, &passage, error);
        if (status)
            return status;
    }
    if (passage.bytes != size)
        return fail_text(recoder, error);
    return kw_symbols_add_numbers(symbols, recoder->numbers.items, recoder->count,
                                  recoder->spelled.data, size, error);
}

enum kw_status kw_word_recoder_add(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                                   uint64_t first, const struct kw_extent *extents, size_t count,
                                   struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct kw_view codes[KW_WORD_BLOCK];
    for (size_t at = 0; at < count && !status;) {
        size_t some = KW_WORD_BLOCK - (size_t)((first + at) % KW_WORD_BLOCK);
        some = some < count - at ? some : count - at;
        status = kw_word_store_codes(recoder->segment, first + at, some, codes, error);
        for (size_t i = 0; i < some && !status; i++)
            status = add_passage(recoder, symbols, codes[i], extents[at + i].bytes, error);
        at += some;
    }
    return status;
}
