/* Gathers the pairs of a merged segment from positions: which words are frequent depends on all of
 * it, so that some that have pairs now had none before.
 *
 * The words' postings are walked by windows of documents. The tokens of a window are chained by
 * document; those of a document are put where they stand, and each looks at the next position. What
 * is found of a pair is kept as gaps of documents and frequencies, some bits a posting. */
#include "index/merge_parts.h"

#include <stdlib.h>

enum {
    WINDOW_DOCUMENTS = 64,
    WINDOW_WORDS = 1 << 18, /* a window ends behind a document that makes it so long */
    NONE = UINT32_MAX,
};

/* A chosen word at a position. */
struct token {
    uint32_t position;
    uint32_t next;   /* of the same document */
    uint32_t beside; /* at the same position */
    uint32_t place;  /* of the word */
};

/* A pair's last posting. */
struct last {
    uint32_t document;
    uint32_t frequency; /* 0: none yet */
};

/* Those before it. */
struct found {
    struct kw_bytes coded; /* varints: gaps of documents in the old order, frequencies - 1 */
    uint32_t next;         /* one above the last of these documents */
};

struct pairs {
    struct kw_merge_field *field;
    uint32_t words;
    struct last *last; /* of each first and second word; small, so that caches hold it */
    struct found *found;
    struct kw_postings *cursors; /* of the words in the input at hand; block_count 0: it has none */
    struct {
        struct token *items;
        size_t capacity;
    } tokens;
    uint32_t token_count;
    uint32_t heads[WINDOW_DOCUMENTS];
    struct kw_numbers slots; /* by position the first token there; NONE between documents */
    size_t slot_count;
    struct kw_numbers documents, frequencies; /* of one pair */
};

/* ---- Looking ------------------------------------------------------------------------------ */

/* Notes a place of a pair. */
static void note(struct pairs *pairs, uint32_t cell, uint32_t document)
{
    struct last *last = &pairs->last[cell];
    if (last->frequency && last->document == document) {
        last->frequency++;
        return;
    }
    if (last->frequency) {
        struct found *found = &pairs->found[cell];
        kw_bytes_varint(&found->coded, last->document - found->next);
        kw_bytes_varint(&found->coded, last->frequency - 1);
        found->next = last->document + 1;
    }
    *last = (struct last){document, 1};
}

/* Makes room for positions up to `position`. */
static bool make_slots(struct pairs *pairs, uint32_t position)
{
    size_t need = (size_t)position + 2;
    if (need <= pairs->slot_count)
        return true;
    if (!kw_grow(&pairs->slots, need))
        return false;
    while (pairs->slot_count < pairs->slots.capacity)
        pairs->slots.items[pairs->slot_count++] = NONE;
    return true;
}

/* Finds the pairs among the tokens of a document, which is `document` in the old order. */
static void look(struct pairs *pairs, uint32_t head, uint32_t document)
{
    struct token *tokens = pairs->tokens.items;
    uint32_t *slots = pairs->slots.items;
    for (uint32_t at = head; at != NONE; at = tokens[at].next) {
        tokens[at].beside = slots[tokens[at].position];
        slots[tokens[at].position] = at;
    }
    for (uint32_t at = head; at != NONE; at = tokens[at].next) {
        uint32_t row = tokens[at].place * pairs->words;
        for (uint32_t other = slots[tokens[at].position + (size_t)1]; other != NONE;
             other = tokens[other].beside)
            note(pairs, row + tokens[other].place, document);
    }
    for (uint32_t at = head; at != NONE; at = tokens[at].next)
        slots[tokens[at].position] = NONE;
}

/* Adds a word's tokens in the document at its cursor, which is the `slot`th of the window. */
static enum kw_status add_tokens(struct pairs *pairs, struct kw_postings *cursor, uint32_t place,
                                 uint32_t slot, struct kw_error *error)
{
    const uint32_t *positions;
    uint32_t count = kw_postings_frequency(cursor);
    enum kw_status status = kw_postings_positions(cursor, &positions, error);
    if (status)
        return status;
    if (pairs->token_count > NONE - count ||
        !kw_grow(&pairs->tokens, (size_t)pairs->token_count + count) ||
        !make_slots(pairs, positions[count - 1]))
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        pairs->tokens.items[pairs->token_count] =
            (struct token){positions[i], pairs->heads[slot], NONE, place};
        pairs->heads[slot] = pairs->token_count++;
    }
    return KW_OK;
}

/* Looks at the documents [from, to) of an input; *old is the number of the first of them that stays
 * in the old order, and is moved on. */
static enum kw_status look_at(struct pairs *pairs, const struct kw_merge_input *input,
                              uint32_t from, uint32_t to, uint32_t *old, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    pairs->token_count = 0;
    memset(pairs->heads, 0xFF, sizeof pairs->heads);
    for (uint32_t place = 0; place < pairs->words && !status; place++) {
        struct kw_postings *cursor = &pairs->cursors[place];
        while (cursor->document < to && !status) {
            if (input->map[cursor->document] != KW_NO_DOCUMENT)
                status = add_tokens(pairs, cursor, place, cursor->document - from, error);
            kw_postings_next(cursor);
        }
    }
    for (uint32_t i = from; i < to && !status; i++) {
        if (input->map[i] == KW_NO_DOCUMENT)
            continue;
        look(pairs, pairs->heads[i - from], *old);
        ++*old;
    }
    return status;
}

/* ---- Walking ------------------------------------------------------------------------------ */

/* Opens the words' postings in an input. */
static enum kw_status open_words(struct pairs *pairs, const struct kw_merge_input *input,
                                 struct kw_error *error)
{
    const struct kw_merge_field *field = pairs->field;
    for (uint32_t i = 0; i < pairs->words; i++) {
        uint32_t at = field->pairs->words.items[i].number;
        struct kw_view keys = {field->pair_keys->data + at, field->pair_keys->size - at}, key;
        struct kw_term term = {.documents = 0};
        kw_take_string(&keys, &key);
        enum kw_status status = kw_segment_find_term(input->segment, key, &term, error);
        if (status && status != KW_E_NOT_FOUND)
            return status;
        kw_postings_init(&pairs->cursors[i], input->segment, &term);
        if (status == KW_OK)
            kw_postings_next(&pairs->cursors[i]);
    }
    return KW_OK;
}

/* Goes through an input by windows of documents. */
static enum kw_status walk(struct pairs *pairs, const struct kw_merge_input *input,
                           struct kw_error *error)
{
    struct kw_segment *segment = input->segment;
    struct kw_field_info info;
    uint32_t old = input->first, from = 0, to = 0;
    enum kw_status status = open_words(pairs, input, error);
    if (!status && input->field >= 0)
        status = kw_segment_field(segment, (uint32_t)input->field, &info, error);
    while (!status && input->field >= 0 && from < segment->documents) {
        uint64_t words = 0;
        for (to = from; to < segment->documents && to - from < WINDOW_DOCUMENTS; to++) {
            words += kw_segment_length(segment, &info, to);
            if (words > WINDOW_WORDS && to > from)
                break;
        }
        status = look_at(pairs, input, from, to, &old, error);
        from = to;
    }
    for (uint32_t i = 0; i < pairs->words; i++)
        kw_postings_release(&pairs->cursors[i]);
    return status ? status : kw_segment_status(segment, error);
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* A posting, to be sorted. */
struct posting {
    uint32_t document, frequency;
};

static int compare_postings(const void *left, const void *right)
{
    const struct posting *a = left, *b = right;
    return (a->document > b->document) - (a->document < b->document);
}

/* Gives the postings of a pair their new numbers, and puts them in order. */
static enum kw_status reorder(struct pairs *pairs, uint32_t count, struct kw_error *error)
{
    const uint32_t *new_of = pairs->field->merge->new_of;
    struct posting *postings = malloc(((size_t)count + 1) * sizeof *postings);
    if (!postings)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++)
        postings[i] =
            (struct posting){new_of[pairs->documents.items[i]], pairs->frequencies.items[i]};
    qsort(postings, count, sizeof *postings, compare_postings);
    for (uint32_t i = 0; i < count; i++) {
        pairs->documents.items[i] = postings[i].document;
        pairs->frequencies.items[i] = postings[i].frequency;
    }
    free(postings);
    return KW_OK;
}

/* Decodes the postings of a pair into pairs->documents and ->frequencies. */
static enum kw_status decode(struct pairs *pairs, uint32_t cell, uint32_t *count,
                             struct kw_error *error)
{
    struct found *found = &pairs->found[cell];
    struct kw_view coded = kw_bytes_view(&found->coded);
    uint32_t next = 0, gap, extra;
    *count = 0;
    if (found->coded.failed || !kw_grow(&pairs->documents, coded.size / 2 + 1) ||
        !kw_grow(&pairs->frequencies, coded.size / 2 + 1))
        return kw_fail_memory(error);
    while (kw_take_varint32(&coded, &gap) && kw_take_varint32(&coded, &extra)) {
        pairs->documents.items[*count] = next + gap;
        pairs->frequencies.items[(*count)++] = extra + 1;
        next += gap + 1;
    }
    pairs->documents.items[*count] = pairs->last[cell].document;
    pairs->frequencies.items[(*count)++] = pairs->last[cell].frequency;
    kw_bytes_release(&found->coded);
    return pairs->field->merge->order ? reorder(pairs, *count, error) : KW_OK;
}

static enum kw_status write_pairs(struct pairs *pairs, struct kw_error *error)
{
    struct kw_pairs_writer *writer = pairs->field->pairs;
    enum kw_status status = KW_OK;
    for (uint32_t cell = 0; cell < pairs->words * pairs->words && !status; cell++) {
        struct kw_posting_list list = {.count = 0};
        if (!pairs->last[cell].frequency)
            continue;
        status = decode(pairs, cell, &list.count, error);
        if (status)
            break;
        list.documents = pairs->documents.items;
        list.frequencies = pairs->frequencies.items;
        kw_pairs_writer_pair(writer, cell / pairs->words, cell % pairs->words, &list,
                             pairs->field->ks);
        status = kw_spool_relieve(&writer->postings, error);
    }
    return status ? status : kw_pairs_writer_status(writer, error);
}

enum kw_status kw_merge_pairs(struct kw_merge_field *field, struct kw_error *error)
{
    struct pairs *pairs = NULL;
    enum kw_status status = kw_pairs_writer_choose(field->pairs, error);
    if (status || !field->pairs->word_count)
        return status;
    pairs = calloc(1, sizeof *pairs);
    if (!pairs)
        return kw_fail_memory(error);
    pairs->field = field;
    pairs->words = (uint32_t)field->pairs->word_count;
    pairs->found = calloc((size_t)pairs->words * pairs->words, sizeof *pairs->found);
    pairs->last = calloc((size_t)pairs->words * pairs->words, sizeof *pairs->last);
    pairs->cursors = calloc(pairs->words, sizeof *pairs->cursors);
    if (!pairs->found || !pairs->last || !pairs->cursors)
        status = kw_fail_memory(error);
    for (size_t i = 0; i < field->merge->count && !status; i++)
        status = walk(pairs, &field->merge->inputs[i], error);
    if (!status)
        status = write_pairs(pairs, error);
    for (size_t i = 0; pairs->found && i < (size_t)pairs->words * pairs->words; i++)
        kw_bytes_release(&pairs->found[i].coded);
    free(pairs->found);
    free(pairs->last);
    free(pairs->cursors);
    free(pairs->tokens.items);
    free(pairs->slots.items);
    free(pairs->documents.items);
    free(pairs->frequencies.items);
    free(pairs);
    return status;
}
