/* The choice of passages. A document here is a row of passages of 10 words, the first at position
 * 0 unless a test says otherwise. */
#include "passage/select.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORDS = 10, PASSAGES = 8 };

static const struct kw_query_term term = {.bytes = {(const uint8_t *)"a", 1}};

/* Leaves 0 and 1 are clauses of their own; 2 and 3 share the third. */
static const struct kw_leaf leaves[] = {
    {.terms = &term, .term_count = 1, .span = 1, .boost = 1, .repeats = 1, .clause = 0},
    {.terms = &term, .term_count = 1, .span = 1, .boost = 1, .repeats = 1, .clause = 1},
    {.terms = &term, .term_count = 1, .span = 1, .boost = 1, .repeats = 1, .clause = 2},
    {.terms = &term, .term_count = 1, .span = 1, .boost = 1, .repeats = 1, .clause = 2},
};
/* A character that adds to the score. */
static const struct kw_addition additions[] = {
    {.kind = KW_ADD_CHARACTER,
     .leaf = {.terms = &term, .term_count = 1, .span = 1, .boost = 0.75, .repeats = 1}},
};
static const struct kw_plan plan = {
    .leaves = leaves,
    .leaf_count = 4,
    .clause_count = 3,
    .additions = additions,
    .addition_count = 1,
};
enum { CHARACTER = 4 }; /* behind the leaves */

/* No documents: every idf among them is ln 2. */
static uint64_t none[1];
static struct kw_leaf_statistics figures[] = {
    {0, 0, none, NULL}, {0, 0, none, NULL}, {0, 0, none, NULL}, {0, 0, none, NULL}};
static const struct kw_statistics statistics = {
    .parameters = {1.2, 0.75, 1}, .leaves = figures, .additions = figures};

struct document {
    struct kw_border borders[PASSAGES];
    struct kw_matches matches;
    struct kw_choice *choices;
    size_t count;
};

static int setup(void **state)
{
    static struct document document;
    document = (struct document){.matches = KW_MATCHES_INIT};
    for (uint32_t i = 0; i < PASSAGES; i++)
        document.borders[i] = (struct kw_border){.position = i * WORDS, .words = WORDS};
    *state = &document;
    return 0;
}

static int teardown(void **state)
{
    struct document *document = *state;
    kw_matches_release(&document->matches);
    free(document->choices);
    return 0;
}

static void match(struct document *document, uint32_t first, uint32_t span, uint32_t leaf)
{
    struct kw_match one = {first, span, leaf};
    assert_int_equal(kw_matches_add(&document->matches, one, NULL), KW_OK);
}

static void choose(struct document *document, uint64_t passages, size_t limit)
{
    kw_matches_sort(&document->matches);
    free(document->choices);
    assert_int_equal(kw_select(document->borders, passages, &document->matches, &plan, &statistics,
                               limit, &document->choices, &document->count, NULL),
                     KW_OK);
}

static void assert_choice(const struct document *document, size_t number, uint64_t first,
                          uint64_t count)
{
    assert_true(number < document->count);
    assert_int_equal(document->choices[number].first, first);
    assert_int_equal(document->choices[number].count, count);
}

static void more_matches_win(void **state)
{
    struct document *document = *state;
    match(document, 15, 1, 0);
    match(document, 31, 1, 0);
    match(document, 35, 1, 0);
    choose(document, PASSAGES, 1);
    assert_int_equal(document->count, 1);
    assert_choice(document, 0, 3, 1);
}

/* Leaf 0 is in one of 8 passages, once in 10 words, the average:
 * (2 · ln(1 + 7.5 / 1.5) + ln 2) · 1 · 1.3 / (1 + 0.3) = ln 72. */
static void the_score_is_bm25_within_the_document(void **state)
{
    struct document *document = *state;
    match(document, 15, 1, 0);
    choose(document, PASSAGES, 1);
    assert_true(fabs(document->choices[0].score - log(72)) < 1e-14);
}

static void shorter_passages_win(void **state)
{
    struct document *document = *state;
    match(document, 15, 1, 0);
    match(document, 25, 1, 0);
    document->borders[2].words = 9;
    document->borders[3].position = 29;
    document->borders[3].words = 11;
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 2, 1);
}

static void rarer_leaves_win(void **state)
{
    struct document *document = *state;
    match(document, 5, 1, 0);
    match(document, 15, 1, 0);
    match(document, 25, 1, 1);
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 2, 1);
}

static void more_clauses_win_at_equal_scores(void **state)
{
    struct document *document = *state;
    match(document, 5, 1, 2);
    match(document, 6, 1, 3);
    match(document, 15, 1, 0);
    match(document, 16, 1, 1);
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 1, 1);
}

static void the_first_wins_at_equal_clauses(void **state)
{
    struct document *document = *state;
    match(document, 65, 1, 0);
    match(document, 25, 1, 0);
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 2, 1);
}

static void no_limit_gives_all_that_hold_a_match(void **state)
{
    struct document *document = *state;
    match(document, 5, 1, 0);
    match(document, 45, 1, 0);
    match(document, 46, 1, 1);
    choose(document, PASSAGES, 0);
    assert_int_equal(document->count, 2);
    assert_choice(document, 0, 4, 1);
    assert_choice(document, 1, 0, 1);
}

static void a_match_across_a_border_shows_both_passages(void **state)
{
    struct document *document = *state;
    match(document, 19, 2, 0);
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 1, 2);
}

static void a_match_that_ends_in_the_passage_shows_both_too(void **state)
{
    struct document *document = *state;
    match(document, 19, 2, 0);
    match(document, 25, 2, 0);
    match(document, 27, 2, 0);
    choose(document, PASSAGES, 0);
    assert_int_equal(document->count, 1);
    assert_choice(document, 0, 1, 2);
}

static void a_passage_whose_match_is_not_shown_whole_is_chosen_again(void **state)
{
    struct document *document = *state;
    match(document, 15, 1, 1);
    match(document, 19, 2, 0);
    match(document, 29, 2, 0);
    choose(document, PASSAGES, 0);
    assert_int_equal(document->count, 2);
    assert_choice(document, 0, 1, 2);
    assert_choice(document, 1, 1, 3);
}

static void a_match_may_cross_several_borders(void **state)
{
    struct document *document = *state;
    match(document, 19, 22, 0);
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 1, 4);
}

static void a_passage_without_words_holds_no_match(void **state)
{
    struct document *document = *state;
    document->borders[1].words = 0;
    for (uint32_t i = 2; i < PASSAGES; i++)
        document->borders[i].position -= WORDS;
    match(document, 10, 1, 0);
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 2, 1);
}

/* It is none of the document's passages where these are counted and their words averaged. */
static void a_passage_without_words_weighs_nothing(void **state)
{
    struct document *document = *state;
    match(document, 15, 1, 0);
    choose(document, PASSAGES - 1, 1);
    double score = document->choices[0].score;
    document->borders[PASSAGES - 1].words = 0;
    choose(document, PASSAGES, 1);
    assert_true(document->choices[0].score == score);
}

static void matches_in_the_title_choose_the_first_passage(void **state)
{
    struct document *document = *state;
    for (uint32_t i = 0; i < PASSAGES; i++)
        document->borders[i].position += 105;
    match(document, 4, 1, 0);
    choose(document, PASSAGES, 0);
    assert_int_equal(document->count, 1);
    assert_choice(document, 0, 0, 1);
    assert_true(document->choices[0].score == 0);
}

static void leaves_of_the_title_count_a_quarter(void **state)
{
    struct document *document = *state;
    for (uint32_t i = 0; i < PASSAGES; i++)
        document->borders[i].position += 105;
    match(document, 4, 1, 0);
    match(document, 125, 1, 0);
    choose(document, PASSAGES, 0);
    assert_int_equal(document->count, 1);
    assert_choice(document, 0, 2, 1);
    assert_true(fabs(document->choices[0].score - log(72) / 4) < 1e-14);
    match(document, 135, 1, 1);
    choose(document, PASSAGES, 1);
    assert_choice(document, 0, 3, 1);
}

/* It adds three quarters of what it has by itself where a leaf matches, and chooses no passage of
 * its own. */
static void characters_only_add(void **state)
{
    struct document *document = *state;
    match(document, 15, 1, 0);
    match(document, 16, 1, CHARACTER);
    match(document, 35, 1, 1);
    match(document, 45, 1, CHARACTER);
    match(document, 46, 1, CHARACTER);
    choose(document, PASSAGES, 0);
    assert_int_equal(document->count, 2);
    assert_choice(document, 0, 1, 1);
    assert_choice(document, 1, 3, 1);
    /* in two of eight passages: 2 · ln(1 + 6.5 / 2.5) + ln 2 */
    assert_true(fabs(document->choices[0].score - log(72) - 0.75 * log(25.92)) < 1e-14);
    assert_true(fabs(document->choices[1].score - log(72)) < 1e-14);
}

static void nothing_to_match_chooses_the_first_passage(void **state)
{
    struct document *document = *state;
    choose(document, PASSAGES, 1);
    assert_int_equal(document->count, 1);
    assert_choice(document, 0, 0, 1);
}

static void an_empty_document_has_no_choice(void **state)
{
    struct document *document = *state;
    choose(document, 0, 1);
    assert_int_equal(document->count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(more_matches_win),
        TEST(the_score_is_bm25_within_the_document),
        TEST(leaves_of_the_title_count_a_quarter),
        TEST(shorter_passages_win),
        TEST(rarer_leaves_win),
        TEST(more_clauses_win_at_equal_scores),
        TEST(the_first_wins_at_equal_clauses),
        TEST(no_limit_gives_all_that_hold_a_match),
        TEST(a_match_across_a_border_shows_both_passages),
        TEST(a_match_that_ends_in_the_passage_shows_both_too),
        TEST(a_passage_whose_match_is_not_shown_whole_is_chosen_again),
        TEST(a_match_may_cross_several_borders),
        TEST(a_passage_without_words_holds_no_match),
        TEST(a_passage_without_words_weighs_nothing),
        TEST(matches_in_the_title_choose_the_first_passage),
        TEST(characters_only_add),
        TEST(nothing_to_match_chooses_the_first_passage),
        TEST(an_empty_document_has_no_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
