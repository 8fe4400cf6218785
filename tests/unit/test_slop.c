/* Sloppy phrases against all assignments of positions to terms, straight from the definition. */
#include "rank/slop.h"
#include "tests/unit/index_scratch.h"

enum { TERMS = 5, POSITIONS = 6 };

struct drawn {
    uint32_t count;
    uint32_t distance;
    uint32_t words[TERMS][POSITIONS]; /* the positions of words, some of which terms share */
    struct kw_slop_term terms[TERMS];
};

/* An assignment. */
struct assignment {
    uint32_t positions[TERMS];
    int64_t least;
    int64_t most;
};

struct enumeration {
    const struct drawn *drawn;
    struct assignment at;
    struct assignment found[20000];
    size_t count;
};

/* Sorts, and drops repeats. */
static uint32_t sort_positions(uint32_t *positions, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t position = positions[i], at = kept;
        while (at > 0 && positions[at - 1] > position)
            at--;
        if (at > 0 && positions[at - 1] == position)
            continue;
        memmove(positions + at + 1, positions + at, (kept - at) * sizeof *positions);
        positions[at] = position;
        kept++;
    }
    return kept;
}

static void draw(struct drawn *drawn, uint64_t *seed, uint32_t words)
{
    uint32_t counts[TERMS], offset = 0;
    drawn->count = 2 + scratch_below(seed, TERMS - 1);
    drawn->distance = 1 + scratch_below(seed, 7);
    for (uint32_t i = 0; i < words; i++) {
        counts[i] = 1 + scratch_below(seed, POSITIONS - (drawn->count == TERMS));
        for (uint32_t j = 0; j < counts[i]; j++)
            drawn->words[i][j] = scratch_below(seed, 14);
        counts[i] = sort_positions(drawn->words[i], counts[i]);
    }
    for (uint32_t i = 0; i < drawn->count; i++) {
        uint32_t word = scratch_below(seed, words);
        drawn->terms[i] = (struct kw_slop_term){drawn->words[word], counts[word], offset, 0};
        offset += scratch_below(seed, 5) ? 1 : scratch_below(seed, 3);
    }
}

static void enumerate(struct enumeration *e, uint32_t term)
{
    const struct kw_slop_term *terms = e->drawn->terms;
    if (term == e->drawn->count) {
        e->at.least = INT64_MAX;
        e->at.most = INT64_MIN;
        for (uint32_t i = 0; i < term; i++) {
            int64_t shift = (int64_t)e->at.positions[i] - terms[i].offset;
            e->at.least = shift < e->at.least ? shift : e->at.least;
            e->at.most = shift > e->at.most ? shift : e->at.most;
        }
        if (e->at.most - e->at.least <= e->drawn->distance)
            e->found[e->count++] = e->at;
        return;
    }
    for (uint32_t i = 0; i < terms[term].count; i++) {
        bool taken = false;
        for (uint32_t j = 0; j < term; j++)
            taken = taken || e->at.positions[j] == terms[term].positions[i];
        e->at.positions[term] = terms[term].positions[i];
        if (!taken)
            enumerate(e, term + 1);
    }
}

/* The match with the next least shift above `before`; NULL if there is none. Assignments were found
 * in the order of their positions, term by term. */
static const struct assignment *next_match(const struct enumeration *e, int64_t before)
{
    const struct assignment *best = NULL;
    for (size_t i = 0; i < e->count; i++) {
        const struct assignment *found = &e->found[i];
        if (found->least > before && (!best || found->least < best->least ||
                                      (found->least == best->least && found->most < best->most)))
            best = found;
    }
    return best;
}

static struct kw_span span_of(const struct assignment *match, uint32_t count)
{
    struct kw_span span = {match->positions[0], match->positions[0], 0};
    for (uint32_t i = 1; i < count; i++) {
        if (match->positions[i] < span.start)
            span.start = match->positions[i];
        if (match->positions[i] > span.end) {
            span.end = match->positions[i];
            span.term = i;
        }
    }
    return span;
}

/* Holds one draw to the definition; returns the number of matches. */
static uint32_t compare(const struct drawn *drawn)
{
    static struct enumeration e;
    const struct assignment *match;
    struct kw_slop *slop;
    uint32_t count = 0, counted = 0;
    e.drawn = drawn;
    e.count = 0;
    enumerate(&e, 0);
    assert_int_equal(kw_slop_new(&slop, drawn->count, drawn->distance, NULL), KW_OK);
    memcpy(kw_slop_terms(slop), drawn->terms, drawn->count * sizeof *drawn->terms);
    for (int64_t before = INT64_MIN; (match = next_match(&e, before)); before = match->least) {
        struct kw_span found, expected = span_of(match, drawn->count);
        assert_int_equal(kw_slop_next(slop, &found, NULL, NULL), KW_OK);
        assert_int_equal(kw_span_compare(&found, &expected), 0);
        count++;
    }
    assert_int_equal(kw_slop_next(slop, NULL, NULL, NULL), KW_END);
    memcpy(kw_slop_terms(slop), drawn->terms, drawn->count * sizeof *drawn->terms);
    while (kw_slop_next(slop, NULL, NULL, NULL) == KW_OK)
        counted++;
    assert_int_equal(counted, count);
    kw_slop_free(slop);
    return count;
}

static void agree(uint64_t seed, uint32_t draws, uint32_t words)
{
    struct drawn drawn;
    uint32_t total = 0;
    for (uint32_t i = 0; i < draws; i++) {
        draw(&drawn, &seed, words);
        total += compare(&drawn);
    }
    assert_true(total > draws / 2);
}

static void different_words_agree_with_all_assignments(void **state)
{
    (void)state;
    agree(1, 20000, TERMS);
}

static void repeated_words_agree_with_all_assignments(void **state)
{
    (void)state;
    agree(2, 10000, 1);
    agree(3, 20000, 2);
}

/* The example of the definition: 4 is the least shift where the words change places. */
static void each_least_shift_is_a_match(void **state)
{
    static const uint32_t positions[] = {5, 7};
    struct drawn drawn = {.count = 2, .distance = 3};
    (void)state;
    drawn.terms[0] = (struct kw_slop_term){positions, 2, 0, 0};
    drawn.terms[1] = (struct kw_slop_term){positions, 2, 1, 0};
    assert_int_equal(compare(&drawn), 2);
    drawn.distance = 2;
    assert_int_equal(compare(&drawn), 1);
}

/* A word a thousand times in the phrase, and more often in the document. */
static void long_phrases_of_one_word_end(void **state)
{
    enum { COUNT = 1000 };
    static uint32_t positions[COUNT * 2];
    struct kw_slop *slop;
    struct kw_span span;
    uint32_t count = 0;
    (void)state;
    for (uint32_t i = 0; i < COUNT * 2; i++)
        positions[i] = i + i / 400;
    assert_int_equal(kw_slop_new(&slop, COUNT, 3, NULL), KW_OK);
    for (uint32_t i = 0; i < COUNT; i++)
        kw_slop_terms(slop)[i] = (struct kw_slop_term){positions, COUNT * 2, i, 0};
    while (kw_slop_next(slop, count < 2 ? &span : NULL, NULL, NULL) == KW_OK)
        count++;
    assert_true(count > COUNT / 2);
    kw_slop_free(slop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(different_words_agree_with_all_assignments),
        cmocka_unit_test(repeated_words_agree_with_all_assignments),
        cmocka_unit_test(each_least_shift_is_a_match),
        cmocka_unit_test(long_phrases_of_one_word_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
