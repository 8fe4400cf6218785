/* Measures of rankings, against figures worked out by hand. */
#include "cli/measures.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_close(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12))
        fail_msg("%.17g, expected %.17g", found, expected);
}

static void a_ranking_of_five(void **state)
{
    const int ranking[] = {0, 2, 0, 1, 0}, judged[] = {1, 0, 2, 1};
    double values[KW_MEASURES];
    (void)state;
    kw_measure(ranking, 5, judged, 4, values);
    assert_close(values[KW_MAP], (1.0 / 2 + 2.0 / 4) / 3);
    assert_close(values[KW_MRR], 1.0 / 2);
    assert_close(values[KW_P_10], 2.0 / 10);
    assert_close(values[KW_RECALL_100], 2.0 / 3);
    assert_close(values[KW_NDCG_10], (2 / log2(3) + 1 / log2(5)) / (2 + 1 / log2(3) + 1 / log2(4)));
}

static void nothing_found_is_zero(void **state)
{
    const int judged[] = {1};
    double values[KW_MEASURES];
    (void)state;
    kw_measure(NULL, 0, judged, 1, values);
    for (int i = 0; i < KW_MEASURES; i++)
        assert_close(values[i], 0);
}

static void the_ideal_ranking_is_one(void **state)
{
    const int judged[] = {1, 3, 2, 1, 1, 1, 1, 1, 1, 2, 1, 3};
    const int ranking[] = {3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1};
    double values[KW_MEASURES];
    (void)state;
    kw_measure(ranking, 12, judged, 12, values);
    assert_close(values[KW_MAP], 1);
    assert_close(values[KW_NDCG_10], 1);
    assert_close(values[KW_P_10], 1);
    assert_close(values[KW_RECALL_100], 1);
    assert_close(values[KW_MRR], 1);
}

static void grades_below_one_are_not_relevant(void **state)
{
    const int ranking[] = {-1, 0, 1}, judged[] = {-1, 1, -2};
    double values[KW_MEASURES];
    (void)state;
    assert_int_equal(kw_relevant(judged, 3), 1);
    kw_measure(ranking, 3, judged, 3, values);
    assert_close(values[KW_MAP], 1.0 / 3);
    assert_close(values[KW_NDCG_10], 1 / log2(4));
}

static void cuts_are_at_ten_and_a_hundred(void **state)
{
    int ranking[150] = {0}, judged[] = {1, 1, 1, 1};
    double values[KW_MEASURES];
    (void)state;
    ranking[9] = ranking[10] = ranking[99] = ranking[100] = 1;
    kw_measure(ranking, 150, judged, 4, values);
    assert_close(values[KW_P_10], 0.1);
    assert_close(values[KW_RECALL_100], 0.75);
    assert_close(values[KW_MAP], (1.0 / 10 + 2.0 / 11 + 3.0 / 100 + 4.0 / 101) / 4);
    assert_close(values[KW_NDCG_10], 1 / log2(11) / (1 + 1 / log2(3) + 1 / log2(4) + 1 / log2(5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ranking_of_five),
        cmocka_unit_test(nothing_found_is_zero),
        cmocka_unit_test(the_ideal_ranking_is_one),
        cmocka_unit_test(grades_below_one_are_not_relevant),
        cmocka_unit_test(cuts_are_at_ten_and_a_hundred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
