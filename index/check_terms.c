/* Checks a segment's lexicon, postings, skip data and positions. */
#include "index/bitpack.h"
#include "index/check_segment.h"
#include "index/pairs.h"

#include <inttypes.h>
#include <stdlib.h>

struct term_checker {
    struct kw_checker *checker;
    struct kw_segment *segment;
    struct kw_field_info field; /* of the terms at hand */
    struct kw_bytes field_name; /* its name; empty before the first term too */
    bool field_known;
    uint64_t surfaces; /* of the field so far */
    uint64_t stems;
    uint64_t totals;         /* of both kinds, as the rows of the fields say */
    uint64_t postings_next;  /* where the next listed block has to begin … */
    uint64_t positions_next; /* … and its positions */
    struct kw_bytes before;  /* the key before */
    struct {
        uint32_t *items;
        size_t capacity;
    } merged; /* positions of several forms */
};

static void problem(struct term_checker *state, const char *section, uint64_t ordinal,
                    const char *what)
{
    kw_check_report(state->checker, state->segment->pages.path, section, "term %" PRIu64 ": %s",
                    ordinal, what);
}

/* Compares what the field's row says of its terms with what they were. */
static void end_field(struct term_checker *state)
{
    if (!state->field_known)
        return;
    state->totals += state->field.surfaces + state->field.stems;
    if (state->surfaces != state->field.surfaces || state->stems != state->field.stems)
        kw_check_report(state->checker, state->segment->pages.path, "fields",
                        "field '%.*s' has other numbers of terms than its row says",
                        (int)state->field_name.size, (const char *)state->field_name.data);
    state->surfaces = 0;
    state->stems = 0;
}

/* Finds the field that the key belongs to. */
static void find_field(struct term_checker *state, struct kw_view key, uint64_t ordinal)
{
    const uint8_t *end = memchr(key.data, 0, key.size);
    struct kw_view name = {key.data, end ? (size_t)(end - key.data) : 0};
    if (state->field_known && kw_view_equal(name, kw_bytes_view(&state->field_name)))
        return;
    end_field(state);
    int64_t number = kw_segment_find_field(state->segment, name);
    kw_bytes_clear(&state->field_name);
    kw_bytes_append_view(&state->field_name, name);
    state->field_known =
        number >= 0 && !kw_segment_field(state->segment, (uint32_t)number, &state->field, NULL);
    if (!state->field_known)
        problem(state, "lexicon", ordinal, "its field does not exist");
}

/* Bytes of `runs` of positions that hold `total` of them and begin at `at`. */
static uint64_t positions_size(struct kw_segment *segment, uint64_t at, uint64_t total)
{
    uint64_t runs = (total + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK;
    uint64_t size = runs;
    const uint8_t *widths = kw_pages_view(&segment->pages, segment->positions, at, runs);
    for (uint64_t run = 0; widths && run < runs; run++) {
        uint64_t left = total - run * KW_POSTING_BLOCK;
        size += kw_bitpack_size(left < KW_POSTING_BLOCK ? left : KW_POSTING_BLOCK, widths[run]);
    }
    return size;
}

/* Listed terms' blocks and positions lie behind one another in the order of the lexicon; called at
 * a block's first posting. */
static void check_place(struct term_checker *state, struct kw_postings *cursor)
{
    struct kw_segment *segment = state->segment;
    const struct kw_term *term = &cursor->term;
    uint64_t postings = term->postings_at;
    uint64_t positions = term->positions_at;
    uint64_t total = 0;
    if (cursor->last) {
        struct kw_skips skips = kw_postings_skips(term, cursor->block_count);
        const uint8_t *offset = kw_pages_view(&segment->pages, segment->postings,
                                              skips.offsets + (uint64_t)cursor->block * 4, 4);
        state->postings_next += cursor->block ? 0 : skips.first_block - skips.greatest;
        postings = skips.first_block + (offset ? kw_load32(offset) : 0);
        if (term->positional)
            offset = kw_pages_view(&segment->pages, segment->postings,
                                   skips.positions + (uint64_t)cursor->block * 8, 8);
        positions += term->positional && offset ? kw_load64(offset) : 0;
    }
    if (postings != state->postings_next ||
        (term->positional && positions != state->positions_next))
        problem(state, "postings", term->ordinal, "a block of it is not in its place");
    kw_postings_count(cursor);
    for (uint32_t i = 0; i < cursor->count; i++)
        total += cursor->frequencies[i];
    state->postings_next = postings + cursor->bytes;
    if (term->positional)
        state->positions_next = positions + positions_size(segment, positions, total);
}

/* Walks one term's postings against its entry. */
static void check_postings(struct term_checker *state, const struct kw_term *term)
{
    struct kw_postings cursor;
    const uint32_t *positions;
    uint64_t documents = 0;
    uint64_t occurrences = 0;
    kw_postings_init(&cursor, state->segment, term);
    while (kw_postings_next(&cursor) != KW_NO_DOCUMENT) {
        documents++;
        occurrences += kw_postings_frequency(&cursor);
        if (term->place == KW_PLACE_LISTED && cursor.at == 0)
            check_place(state, &cursor);
        if (term->positional && kw_postings_positions(&cursor, &positions, NULL))
            break;
        if (state->field_known &&
            !kw_segment_length(state->segment, &state->field, cursor.document))
            problem(state, "postings", term->ordinal, "it stands in a document without words");
    }
    if (documents != term->documents || occurrences != term->occurrences)
        problem(state, "postings", term->ordinal, "its postings do not add up to its entry");
    kw_postings_release(&cursor);
}

static int compare_positions(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* How many different positions the forms have that stand in `document`: tokens may share one. */
static enum kw_status count_positions(struct term_checker *state, struct kw_postings *forms,
                                      uint32_t count, uint32_t document, uint64_t *distinct,
                                      struct kw_error *error)
{
    size_t total = 0;
    *distinct = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *positions;
        if (forms[i].document != document)
            continue;
        if (kw_postings_positions(&forms[i], &positions, NULL))
            return KW_OK; /* marked */
        uint32_t frequency = kw_postings_frequency(&forms[i]);
        if (!kw_grow(&state->merged, total + frequency))
            return kw_fail_memory(error);
        memcpy(state->merged.items + total, positions, frequency * sizeof *positions);
        total += frequency;
    }
    if (total)
        qsort(state->merged.items, total, sizeof *state->merged.items, compare_positions);
    for (size_t i = 0; i < total; i++)
        *distinct += i == 0 || state->merged.items[i] != state->merged.items[i - 1];
    return KW_OK;
}

/* Walks a stem's postings along those of its forms. A stem without positions of its own stands at
 * all the positions of its forms in a document, another one at some of them. *met counts the forms'
 * postings that lie in the stem's documents. */
static enum kw_status compare_stem(struct term_checker *state, const struct kw_term *stem,
                                   struct kw_postings *forms, uint64_t *met, struct kw_error *error)
{
    struct kw_postings cursor;
    enum kw_status status = KW_OK;
    kw_postings_init(&cursor, state->segment, stem);
    while (!status && kw_postings_next(&cursor) != KW_NO_DOCUMENT) {
        uint64_t sum = 0;
        for (uint32_t i = 0; i < stem->form_count; i++) {
            if (kw_postings_advance(&forms[i], cursor.document) != cursor.document)
                continue;
            sum += kw_postings_frequency(&forms[i]);
            ++*met;
        }
        uint32_t frequency = kw_postings_frequency(&cursor);
        if (!stem->positional && sum > frequency)
            status = count_positions(state, forms, stem->form_count, cursor.document, &sum, error);
        if (stem->positional ? sum < frequency : sum != frequency) {
            problem(state, "postings", stem->ordinal, "a stem disagrees with its forms");
            break;
        }
    }
    kw_postings_release(&cursor);
    return status;
}

static enum kw_status check_stem(struct term_checker *state, const struct kw_term *stem,
                                 struct kw_error *error)
{
    struct kw_term *terms = calloc(stem->form_count, sizeof *terms);
    struct kw_postings *forms = calloc(stem->form_count, sizeof *forms);
    uint64_t met = 0;
    uint64_t all = 0;
    enum kw_status status =
        terms && forms ? kw_term_forms(state->segment, stem, terms, error) : kw_fail_memory(error);
    if (status)
        goto done;
    for (uint32_t i = 0; i < stem->form_count; i++) {
        kw_postings_init(&forms[i], state->segment, &terms[i]);
        all += terms[i].documents;
    }
    status = compare_stem(state, stem, forms, &met, error);
    /* With several languages, a form may stand in documents that are not the stem's. */
    if (!stem->positional && met < all && state->segment->languages->parameter == 1)
        problem(state, "postings", stem->ordinal, "a stem lacks documents of its forms");
    for (uint32_t i = 0; i < stem->form_count; i++)
        kw_postings_release(&forms[i]);
done:
    free(terms);
    free(forms);
    return status;
}

/* Checks one entry of the lexicon: its key, its postings, its forms. */
static enum kw_status check_entry(struct term_checker *state, struct kw_view key,
                                  const struct kw_term *term, struct kw_error *error)
{
    if (term->ordinal && kw_view_compare(kw_bytes_view(&state->before), key) >= 0)
        problem(state, "lexicon", term->ordinal, "its key does not rise");
    kw_bytes_clear(&state->before);
    kw_bytes_append_view(&state->before, key);
    find_field(state, key, term->ordinal);
    state->surfaces += term->form_count == 0;
    state->stems += term->form_count > 0;
    if (term->shared) /* its postings are its form's and were checked with it */
        return KW_OK;
    check_postings(state, term);
    if (state->field_known && term->place == KW_PLACE_LISTED) {
        enum kw_status status =
            kw_check_strengths(state->checker, state->segment, &state->field, term, error);
        if (status)
            return status;
    }
    return term->form_count ? check_stem(state, term, error) : KW_OK;
}

/* What holds only once all terms were seen. */
static void check_end(struct term_checker *state)
{
    struct kw_segment *segment = state->segment;
    const char *path = segment->pages.path;
    struct kw_pairs pairs;
    uint64_t end = segment->postings->size;
    if (segment->pairs && kw_pairs_init(&pairs, segment))
        end = pairs.postings_at;
    end_field(state);
    if (state->totals != segment->lexicon->parameter)
        kw_check_report(state->checker, path, "fields",
                        "the rows' numbers of terms do not add up to the lexicon's");
    if (state->postings_next != end)
        kw_check_report(state->checker, path, "postings", "bytes belong to no term");
    if (state->positions_next != segment->positions->size)
        kw_check_report(state->checker, path, "positions", "bytes belong to no term");
}

enum kw_status kw_check_terms(struct kw_checker *checker, struct kw_segment *segment,
                              struct kw_error *error)
{
    struct term_checker state = {.checker = checker, .segment = segment};
    struct kw_lexicon_cursor cursor;
    enum kw_status status =
        kw_lexicon_cursor_init(&cursor, segment, (struct kw_view){NULL, 0}, error);
    if (status)
        return status == KW_E_MEMORY ? status : KW_OK; /* damage is reported at the end */
    while (checker->problems < KW_CHECK_PROBLEMS) {
        status = kw_lexicon_cursor_next(&cursor, error);
        if (!status)
            status = check_entry(&state, kw_bytes_view(&cursor.key), &cursor.term, error);
        if (status)
            break;
    }
    if (status == KW_END)
        check_end(&state);
    kw_lexicon_cursor_release(&cursor);
    kw_bytes_release(&state.before);
    kw_bytes_release(&state.field_name);
    free(state.merged.items);
    return status == KW_E_MEMORY ? status : KW_OK;
}
