/* BM25 against figures worked out by hand. */
#include "rank/bm25.h"
#include "rank/synonyms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct kw_parameters parameters = {1.2, 0.75, 1};

static const struct kw_query_term text_terms[] = {
    {.bytes = {(const uint8_t *)"border", 6}},
    {.bytes = {(const uint8_t *)"guards", 6}, .offset = 1},
};
static const struct kw_query_term title_terms[] = {
    {.field = {(const uint8_t *)"title", 5}, .bytes = {(const uint8_t *)"border", 6}},
};

/* border NEAR ("border guards" OR border): operands of a NEAR. */
static const struct kw_leaf alternatives[] = {
    {.kind = KW_LEAF_PHRASE, .terms = text_terms, .term_count = 2},
    {.kind = KW_LEAF_WORD, .terms = text_terms, .term_count = 1},
};
static const struct kw_leaf operands[] = {
    {.kind = KW_LEAF_WORD, .terms = text_terms, .term_count = 1},
    {.kind = KW_LEAF_ANY, .operands = alternatives, .operand_count = 2},
    {.kind = KW_LEAF_EXPANSION},
};

/* A word of the text, a phrase of the text, a word of the title, a NEAR. */
static const struct kw_leaf leaves[] = {
    {.kind = KW_LEAF_WORD, .terms = text_terms, .term_count = 1, .boost = 1, .repeats = 1},
    {.kind = KW_LEAF_PHRASE, .terms = text_terms, .term_count = 2, .boost = 1, .repeats = 1},
    {.kind = KW_LEAF_WORD, .terms = title_terms, .term_count = 1, .boost = 1, .repeats = 1},
    {.kind = KW_LEAF_NEAR, .operands = operands, .operand_count = 3, .boost = 1, .repeats = 1},
};
static const struct kw_plan plan = {.leaves = leaves, .leaf_count = 4};

static int setup(void **state)
{
    static struct kw_statistics statistics;
    *state = &statistics;
    if (kw_statistics_init(&statistics, &plan, &parameters, NULL) != KW_OK)
        return -1;
    statistics.documents = 10;
    for (int i = 0; i < 2; i++) {
        statistics.leaves[i].field_documents = 9; /* one document is empty */
        statistics.leaves[i].field_length = 60;
    }
    statistics.leaves[0].frequencies[0] = 3;
    statistics.leaves[1].frequencies[0] = 4;
    statistics.leaves[1].frequencies[1] = 1;
    statistics.leaves[2].field_documents = 5;
    statistics.leaves[2].field_length = 20;
    statistics.leaves[2].frequencies[0] = 3;
    return 0;
}

static int teardown(void **state)
{
    kw_statistics_release(*state);
    return 0;
}

static void assert_close(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g, expected %.17g", found, expected);
}

static void idf_is_the_logarithm_of_the_page(void **state)
{
    (void)state;
    assert_close(kw_bm25_idf(10, 3), log(1 + 7.5 / 3.5));
    assert_close(kw_bm25_idf(10, 3), 1.1451323043030026);
    assert_close(kw_bm25_idf(10, 0), 3.091042453358316);
}

static void idf_is_positive_for_a_term_of_every_document(void **state)
{
    (void)state;
    assert_close(kw_bm25_idf(10, 10), 0.046520015634892827);
    assert_close(kw_bm25_idf(10, 12), 0.046520015634892827);
}

/* tf 2 in 8 words of on average 60 / 10: 1.1451 · 2 · 2.2 / (2 + 1.2 · (0.25 + 0.75 · 8 / 6)). */
static void score_of_a_word(void **state)
{
    struct kw_bm25 bm25 = kw_bm25_leaf(*state, &plan, 0);
    assert_close(bm25.average, 6);
    assert_close(kw_bm25_score(&bm25, 2, 8), 1.1451323043030026 * 4.4 / 3.5);
}

static void a_field_averages_over_the_documents_that_have_it(void **state)
{
    struct kw_bm25 bm25 = kw_bm25_leaf(*state, &plan, 2);
    assert_close(bm25.average, 4);
    assert_close(kw_bm25_score(&bm25, 1, 4), 1.1451323043030026);
}

/* ln(1 + 6.5 / 4.5) + ln(1 + 9.5 / 1.5) = 0.8938 + 1.9924. */
static void a_phrase_has_the_sum_of_its_words_idfs(void **state)
{
    struct kw_bm25 bm25 = kw_bm25_leaf(*state, &plan, 1);
    assert_close(bm25.weight, (0.8938178760220964 + 1.9924301646902061) * 2.2);
}

/* Of the alternatives the word's idf, 0.8938, is less than the phrase's, though that has a word
 * that is more frequent. */
static void a_near_has_the_sum_of_its_operands_idfs(void **state)
{
    static const uint64_t frequencies[] = {3, 8, 1, 4, 6};
    struct kw_statistics *statistics = *state;
    assert_int_equal(kw_leaf_figures(&leaves[3]), 5);
    memcpy(statistics->leaves[3].frequencies, frequencies, sizeof frequencies);
    struct kw_bm25 bm25 = kw_bm25_leaf(statistics, &plan, 3);
    double expected = 1.1451323043030026 + 0.8938178760220964 + log(1 + 4.5 / 6.5);
    assert_close(bm25.weight, expected * 2.2);
}

/* w(3) = 6 / 4. */
static void repeats_and_boost_weigh(void **state)
{
    (void)state;
    assert_close(kw_bm25_weight(2, 3, 0.5, &parameters), 2 * 1.5 * 0.5 * 2.2);
    assert_close(kw_bm25_weight(1, 1, 0.5, &parameters), 0.5 * 2.2);
}

/* w(3) = 5 · 3 / 7 with k3 = 4; without limit it is 3, with k3 = 0 it is 1. */
static void k3_says_how_fast_repeats_saturate(void **state)
{
    const struct kw_parameters four = {1, 0.75, 4}, none = {1, 0.75, 0}, all = {1, 0.75, 1e12};
    (void)state;
    assert_close(kw_bm25_weight(1, 3, 0.5, &four), 15.0 / 7);
    assert_close(kw_bm25_weight(1, 3, 0.5, &none), 1);
    assert_true(fabs(kw_bm25_weight(1, 3, 0.5, &all) - 3) < 1e-9);
}

static void without_k1_only_presence_counts(void **state)
{
    struct kw_statistics *statistics = *state;
    statistics->parameters.k1 = 0;
    struct kw_bm25 bm25 = kw_bm25_leaf(statistics, &plan, 0);
    assert_close(kw_bm25_score(&bm25, 1, 3), 1.1451323043030026);
    assert_close(kw_bm25_score(&bm25, 7, 30), 1.1451323043030026);
}

static void an_empty_collection_has_a_finite_average(void **state)
{
    struct kw_statistics *statistics = *state;
    statistics->documents = 0;
    statistics->leaves[0].field_length = 0;
    struct kw_bm25 bm25 = kw_bm25_leaf(statistics, &plan, 0);
    assert_close(bm25.average, 1);
    assert_true(isfinite(kw_bm25_score(&bm25, 1, 0)));
}

/* Xapian's figures, by the formula of weight/bm25weight.cc. */
static void parity_is_that_of_xapian(void **state)
{
    struct kw_statistics *statistics = *state;
    struct kw_plan parity = plan;
    struct kw_parameters own = KW_PARITY_PARAMETERS;
    parity.parity = true;
    statistics->parameters = own;
    assert_close(kw_parity_idf(10, 3), log(7.5 / 3.5));
    assert_close(kw_parity_idf(10, 4), log(6.5 / 4.5 / 2 + 1));
    assert_close(kw_parity_idf(10, 10), log(0.5 / 10.5 / 2 + 1));
    assert_close(kw_parity_idf(10, 12), kw_parity_idf(10, 10));
    struct kw_bm25 bm25 = kw_bm25_figure(statistics, &parity, 1, 1);
    assert_close(kw_bm25_score(&bm25, 3, 9), log(9.5 / 1.5) * 2 * 3 / (3 + 0.5 + 0.5 * 9 / 6));
    assert_close(kw_bm25_score(&bm25, 3, 2), log(9.5 / 1.5) * 2 * 3 / (3 + 0.5 + 0.5 * 0.5));
    assert_close(kw_leaf_idf(statistics, &parity, 1), kw_parity_idf(10, 4) + kw_parity_idf(10, 1));
    bm25 = kw_bm25_figure(statistics, &parity, 2, 0); /* words of fields count 0 times */
    assert_true(kw_bm25_score(&bm25, 3, 2) == 0);
}

/* The estimate over a list that is sorted anew each time. */
static uint64_t naive_estimate(uint64_t *items, size_t count, uint64_t documents)
{
    while (count > 1) {
        for (size_t i = 0; i < 2; i++)
            for (size_t k = i + 1; k < count; k++)
                if (items[k] < items[i]) {
                    uint64_t swapped = items[i];
                    items[i] = items[k];
                    items[k] = swapped;
                }
        double l = (double)items[0], r = (double)items[1];
        items[0] = (uint64_t)floor(l + r - l * r / (double)documents + 0.5);
        items[1] = items[--count];
    }
    return count ? items[0] : 0;
}

static void synonyms_are_estimated_from_the_rarest_on(void **state)
{
    uint64_t ours[40], theirs[40];
    uint32_t random = 7;
    (void)state;
    assert_int_equal(kw_synonym_frequency(ours, 0, 10), 0);
    for (int round = 0; round < 2000; round++) {
        size_t count = (size_t)(1 + round % 40);
        uint64_t documents = 1 + (uint64_t)round;
        for (size_t i = 0; i < count; i++) {
            random = random * 1103515245 + 12345;
            ours[i] = theirs[i] = (random >> 8) % (documents + 1);
        }
        assert_int_equal(kw_synonym_frequency(ours, count, documents),
                         naive_estimate(theirs, count, documents));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(parity_is_that_of_xapian, setup, teardown),
        cmocka_unit_test(synonyms_are_estimated_from_the_rarest_on),
        cmocka_unit_test(idf_is_the_logarithm_of_the_page),
        cmocka_unit_test(idf_is_positive_for_a_term_of_every_document),
        cmocka_unit_test_setup_teardown(score_of_a_word, setup, teardown),
        cmocka_unit_test_setup_teardown(a_field_averages_over_the_documents_that_have_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_phrase_has_the_sum_of_its_words_idfs, setup, teardown),
        cmocka_unit_test_setup_teardown(a_near_has_the_sum_of_its_operands_idfs, setup, teardown),
        cmocka_unit_test(repeats_and_boost_weigh),
        cmocka_unit_test(k3_says_how_fast_repeats_saturate),
        cmocka_unit_test_setup_teardown(without_k1_only_presence_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_collection_has_a_finite_average, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
