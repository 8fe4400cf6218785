/* Checks pairs: which words have them, and every pair against the positions of its words.
 *
 * The text is gone through document by document, from the positions of the words that have pairs;
 * what each pair's postings should be goes into a sum, which is compared with that of what they
 * are. */
#include "index/bitpack.h"
#include "index/check_segment.h"
#include "index/pairs.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    STRETCH = 1024, /* documents whose words are sorted at a time */
    POSITION_BITS = 32,
    PLACE_BITS = 16,
};

/* Postings of a pair, as they come. */
struct tally {
    uint64_t sum; /* of those that are complete */
    uint32_t document;
    uint32_t frequency; /* in that document so far; 0: no posting has come */
};

struct pair_checker {
    struct kw_checker *checker;
    struct kw_segment *segment;
    struct kw_field_info field;
    struct kw_pairs pairs;
    uint32_t *numbers;     /* of the pair of two places; UINT32_MAX: there is none */
    struct tally *tallies; /* by number */
    struct kw_postings *words;
    struct {
        uint64_t *items; /* document, position, place */
        size_t capacity;
    } tokens;
    size_t token_count;
    uint64_t postings_next; /* where the next listed pair has to begin */
};

static bool problem(const struct pair_checker *state, const char *what, uint32_t number)
{
    return kw_check_report(state->checker, state->segment->pages.path, "pairs", "%s %" PRIu32, what,
                           number);
}

static void add_posting(struct tally *tally, uint32_t document, uint32_t frequency)
{
    uint64_t posting = (uint64_t)document << 32 | frequency;
    tally->sum = (tally->sum + posting + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

/* ---- Words and rows ------------------------------------------------------------------------- */

/* The words that have to have pairs, into `words`; how many they are. */
static enum kw_status choose_words(struct pair_checker *state, struct kw_pair_word **words,
                                   uint32_t *count, struct kw_error *error)
{
    struct {
        struct kw_pair_word *items;
        size_t capacity;
    } found = {0};
    size_t found_count = 0;
    struct kw_lexicon_cursor cursor;
    enum kw_status status =
        kw_lexicon_cursor_init(&cursor, state->segment, (struct kw_view){NULL, 0}, error);
    if (status != KW_OK)
        return status;
    for (uint64_t i = 0; i < state->field.surfaces && status == KW_OK; i++) {
        status = kw_lexicon_cursor_next(&cursor, error);
        if (status != KW_OK || cursor.term.documents < KW_PAIR_DOCUMENTS)
            continue;
        if (!kw_grow(&found, found_count + 1))
            status = kw_fail_memory(error);
        else
            found.items[found_count++] =
                (struct kw_pair_word){(uint32_t)i, cursor.term.documents, 0};
    }
    kw_lexicon_cursor_release(&cursor);
    *count = kw_pairs_choose(found.items, found_count);
    *words = found.items;
    return status;
}

/* Whether the words that have pairs are those that have to. */
static enum kw_status check_words(struct pair_checker *state, bool *sound, struct kw_error *error)
{
    struct kw_segment *segment = state->segment;
    struct kw_pair_word *words = NULL;
    uint32_t count = 0;
    enum kw_status status = choose_words(state, &words, &count, error);
    *sound = false;
    if (status != KW_OK)
        goto done;
    if (!segment->pairs) {
        if (count)
            problem(state, "there are none of words, which are", count);
        goto done;
    }
    if (!kw_pairs_init(&state->pairs, segment))
        goto done;
    *sound = state->pairs.words == count || problem(state, "not so many words have some:", count);
    for (uint32_t i = 0; i < count && *sound; i++) {
        uint32_t place;
        status = kw_pairs_find_word(segment, &state->pairs, words[i].ordinal, &place, error);
        if (status != KW_OK || place != i)
            *sound = problem(state, "they are of other words than", words[i].ordinal);
    }
    if (status == KW_E_NOT_FOUND)
        status = KW_OK;
done:
    free(words);
    return status;
}

/* Numbers the pairs by their bits. */
static bool check_rows(struct pair_checker *state)
{
    const struct kw_pairs *pairs = &state->pairs;
    struct kw_pages *pages = &state->segment->pages;
    uint32_t number = 0;
    for (uint32_t first = 0; first < pairs->words; first++) {
        const uint8_t *row =
            kw_pages_view(pages, state->segment->pairs,
                          pairs->rows + (uint64_t)first * pairs->row_bytes, pairs->row_bytes);
        const uint8_t *before =
            kw_pages_view(pages, state->segment->pairs, pairs->before + (uint64_t)first * 4, 4);
        if (!row || !before)
            return false;
        if (kw_load32(before) != number)
            return problem(state, "another number of pairs comes before row", first);
        for (uint32_t second = 0; second < pairs->row_bytes * 8; second++) {
            bool there = row[second / 8] >> (second % 8) & 1;
            if (second < pairs->words)
                state->numbers[(size_t)first * pairs->words + second] = there ? number : UINT32_MAX;
            else if (there)
                return problem(state, "there is one of no word in row", first);
            number += there;
        }
    }
    return number == pairs->count || problem(state, "the rows do not have so many:", pairs->count);
}

/* ---- What the postings should be ------------------------------------------------------------ */

static int compare_tokens(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* Gathers the words' positions in the documents of a stretch, in the order of the text. */
static enum kw_status load_stretch(struct pair_checker *state, uint32_t first, uint32_t end,
                                   struct kw_error *error)
{
    state->token_count = 0;
    for (uint32_t place = 0; place < state->pairs.words; place++) {
        struct kw_postings *postings = &state->words[place];
        for (; postings->document < end; kw_postings_next(postings)) {
            uint32_t frequency = kw_postings_frequency(postings);
            const uint32_t *positions;
            enum kw_status status = kw_postings_positions(postings, &positions, error);
            if (status != KW_OK)
                return status;
            if (!kw_grow(&state->tokens, state->token_count + frequency))
                return kw_fail_memory(error);
            for (uint32_t i = 0; i < frequency; i++)
                state->tokens.items[state->token_count++] =
                    (uint64_t)(postings->document - first) << (POSITION_BITS + PLACE_BITS) |
                    (uint64_t)positions[i] << PLACE_BITS | place;
        }
    }
    if (state->token_count)
        qsort(state->tokens.items, state->token_count, sizeof *state->tokens.items, compare_tokens);
    return KW_OK;
}

static void add_place(struct pair_checker *state, uint64_t first, uint64_t second,
                      uint32_t document)
{
    uint64_t mask = (UINT64_C(1) << PLACE_BITS) - 1;
    size_t cell = (size_t)(first & mask) * state->pairs.words + (second & mask);
    uint32_t number = state->numbers[cell];
    if (number == UINT32_MAX) {
        problem(state, "one is missing that stands in document", document);
        return;
    }
    struct tally *tally = &state->tallies[number];
    if (tally->frequency && tally->document != document) {
        add_posting(tally, tally->document, tally->frequency);
        tally->frequency = 0;
    }
    tally->document = document;
    tally->frequency++;
}

/* Adds up the pairs of a stretch: those of a word with all at the position behind its own. */
static void add_stretch(struct pair_checker *state, uint32_t first)
{
    const uint64_t *tokens = state->tokens.items;
    size_t behind = 0; /* the first token behind the position of the one at hand */
    for (size_t i = 0; i < state->token_count; i++) {
        uint64_t where = tokens[i] >> PLACE_BITS;
        uint32_t document = first + (uint32_t)(where >> POSITION_BITS);
        if ((uint32_t)where == UINT32_MAX)
            continue; /* the next one is in another document */
        while (behind < state->token_count && tokens[behind] >> PLACE_BITS <= where)
            behind++;
        for (size_t at = behind; at < state->token_count && tokens[at] >> PLACE_BITS == where + 1;
             at++)
            add_place(state, tokens[i], tokens[at], document);
    }
}

static enum kw_status add_up(struct pair_checker *state, struct kw_error *error)
{
    struct kw_segment *segment = state->segment;
    enum kw_status status = KW_OK;
    for (uint64_t first = 0; first < segment->documents && status == KW_OK; first += STRETCH) {
        uint64_t end = first + STRETCH < segment->documents ? first + STRETCH : segment->documents;
        status = load_stretch(state, (uint32_t)first, (uint32_t)end, error);
        if (status == KW_OK && state->checker->problems < KW_CHECK_PROBLEMS)
            add_stretch(state, (uint32_t)first);
    }
    for (uint32_t i = 0; i < state->pairs.count; i++)
        if (state->tallies[i].frequency)
            add_posting(&state->tallies[i], state->tallies[i].document,
                        state->tallies[i].frequency);
    return status;
}

/* ---- What they are -------------------------------------------------------------------------- */

/* A listed pair's blocks lie behind those of the one before; called at a block's first posting. */
static void check_place(struct pair_checker *state, struct kw_postings *cursor)
{
    struct kw_pages *pages = &state->segment->pages;
    uint64_t at = cursor->term.postings_at;
    if (cursor->last) {
        struct kw_skips skips = kw_postings_skips(&cursor->term, cursor->block_count);
        const uint8_t *offset = kw_pages_view(pages, state->segment->postings,
                                              skips.offsets + (uint64_t)cursor->block * 4, 4);
        state->postings_next += cursor->block ? 0 : skips.first_block - skips.greatest;
        at = skips.first_block + (offset ? kw_load32(offset) : 0);
    }
    if (at != state->postings_next)
        problem(state, "a block is not in its place, of number", (uint32_t)cursor->term.ordinal);
    state->postings_next = at + cursor->bytes;
}

static enum kw_status check_pair(struct pair_checker *state, const struct kw_term *pair,
                                 struct kw_error *error)
{
    struct tally tally = {0};
    struct kw_postings cursor;
    uint64_t documents = 0, occurrences = 0;
    kw_postings_init(&cursor, state->segment, pair);
    while (kw_postings_next(&cursor) != KW_NO_DOCUMENT) {
        uint32_t frequency = kw_postings_frequency(&cursor);
        documents++;
        occurrences += frequency;
        add_posting(&tally, cursor.document, frequency);
        if (pair->place == KW_PLACE_LISTED && cursor.at == 0)
            check_place(state, &cursor);
    }
    kw_postings_release(&cursor);
    if (documents != pair->documents || occurrences != pair->occurrences)
        problem(state, "the postings do not add up, of number", (uint32_t)pair->ordinal);
    if (tally.sum != state->tallies[pair->ordinal].sum)
        problem(state, "the postings are not where its words stand, of number",
                (uint32_t)pair->ordinal);
    if (pair->place == KW_PLACE_INLINE)
        return KW_OK;
    return kw_check_strengths(state->checker, state->segment, &state->field, pair, error);
}

static enum kw_status check_entries(struct pair_checker *state, struct kw_error *error)
{
    struct kw_pair_cursor cursor = {.segment = state->segment, .pairs = state->pairs};
    enum kw_status status = KW_OK;
    state->postings_next = state->pairs.postings_at;
    while (status == KW_OK && state->checker->problems < KW_CHECK_PROBLEMS) {
        status = kw_pair_cursor_next(&cursor, error);
        if (status == KW_OK)
            status = check_pair(state, &cursor.term, error);
    }
    if (status == KW_END && state->postings_next != state->segment->postings->size)
        kw_check_report(state->checker, state->segment->pages.path, "postings",
                        "bytes belong to no pair");
    return status == KW_END ? KW_OK : status;
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Opens the postings of the words that have pairs, each on its first document. */
static enum kw_status open_words(struct pair_checker *state, struct kw_error *error)
{
    struct kw_lexicon_cursor cursor;
    uint32_t place = 0;
    enum kw_status status =
        kw_lexicon_cursor_init(&cursor, state->segment, (struct kw_view){NULL, 0}, error);
    if (status != KW_OK)
        return status;
    for (uint32_t i = 0; place < state->pairs.words && status == KW_OK; i++) {
        uint32_t found;
        status = kw_lexicon_cursor_next(&cursor, error);
        if (status == KW_OK &&
            kw_pairs_find_word(state->segment, &state->pairs, i, &found, NULL) == KW_OK) {
            kw_postings_init(&state->words[place], state->segment, &cursor.term);
            kw_postings_next(&state->words[place++]);
        }
    }
    kw_lexicon_cursor_release(&cursor);
    return status;
}

enum kw_status kw_check_pairs(struct kw_checker *checker, struct kw_segment *segment,
                              struct kw_error *error)
{
    struct pair_checker state = {.checker = checker, .segment = segment};
    bool sound = false;
    enum kw_status status = kw_segment_field(segment, 0, &state.field, error);
    if (status == KW_OK)
        status = check_words(&state, &sound, error);
    if (status != KW_OK || !sound)
        return status == KW_E_MEMORY ? status : KW_OK; /* damage is reported at the end */
    size_t words = state.pairs.words;
    state.numbers = malloc(words * words * sizeof *state.numbers);
    state.tallies = calloc((size_t)state.pairs.count + 1, sizeof *state.tallies);
    state.words = calloc(words, sizeof *state.words);
    if (!state.numbers || !state.tallies || !state.words)
        status = kw_fail_memory(error);
    else if (check_rows(&state))
        status = open_words(&state, error);
    else
        sound = false;
    if (status == KW_OK && sound)
        status = add_up(&state, error);
    if (status == KW_OK && sound)
        status = check_entries(&state, error);
    for (size_t i = 0; i < words && state.words; i++)
        kw_postings_release(&state.words[i]);
    free(state.numbers);
    free(state.tallies);
    free(state.words);
    free(state.tokens.items);
    return status == KW_E_MEMORY ? status : KW_OK;
}
