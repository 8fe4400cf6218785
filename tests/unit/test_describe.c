/* Plans in words: each kind of group, leaf and operand has its line. */
#include "query/describe.h"
#include "tests/unit/query_plan.h"

static void check_lines(void **state, const char *query, const char *expected)
{
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_bytes out = KW_BYTES_INIT;
    struct kw_view terms[] = {kw_view_of("guard"), kw_view_of("guards"), kw_view_of("guild")};
    make(&plan, state, query, &any);
    for (uint32_t i = 0; i < plan.expansion_count; i++)
        assert_int_equal(kw_plan_expand(&plan, i, terms, i + 1, NULL), KW_OK);
    kw_plan_describe(&plan, 2, &out);
    kw_bytes_append_byte(&out, '\0');
    assert_int_equal(kw_bytes_status(&out, NULL), KW_OK);
    if (strcmp((const char *)out.data, expected) != 0)
        fail_msg("%s gives\n%s instead of\n%s", query, out.data, expected);
    kw_bytes_release(&out);
    kw_plan_release(&plan);
}

static void words_and_phrases_are_named(void **state)
{
    check_lines(state, "Guards", "stem 'guard' of english, clause 0\n");
    check_lines(state, "title:=Guards^2", "word 'guards' in title, boost 2, clause 0\n");
    check_lines(state, "\"a b\"", "phrase 'a' 'b', clause 0\n");
    check_lines(state, "title:\"a b\"~7", "phrase 'a' 'b' within 7 moves in title, clause 0\n");
    check_lines(state, "+\u5317*\u4eac", "phrase '\u5317' _ '\u4eac', clause 0\n");
    check_lines(state, "...", "");
}

static void groups_say_what_must_match(void **state)
{
    check_lines(state, "a a b",
                "any of\n"
                "  stem 'a' of english, 2 times, clause 0\n"
                "  stem 'b' of english, clause 2\n");
    check_lines(state, "+a -(b OR c) d",
                "all of\n"
                "+ stem 'a' of english, clause 0\n"
                "- any of\n"
                "    stem 'b' of english, clause 1\n"
                "    stem 'c' of english, clause 2\n"
                "  stem 'd' of english, clause 3\n");
}

static void expansions_name_their_first_words(void **state)
{
    check_lines(state, "gua* x gu~2 title:g*",
                "any of\n"
                "  words 'gua*', 1: guard, clause 0\n"
                "  stem 'x' of english, clause 1\n"
                "  words like 'gu' within 2 edits, 2: guard guards, clause 2\n"
                "  words 'g*' in title, 3: guard guards ..., clause 3\n");
}

static void nears_list_their_operands(void **state)
{
    check_lines(state, "(a \"b c\") ONEAR/3 d NEAR/4 e~",
                "within 4 words, clause 0\n"
                "  within 3 words, in this order\n"
                "    any of\n"
                "      stem 'a' of english\n"
                "      phrase 'b' 'c'\n"
                "    stem 'd' of english\n"
                "  words like 'e' within 1 edit, 1: guard\n");
}

static void filters_show_their_ranges(void **state)
{
    check_lines(state, "n:5", "filter n from 5 to 5, clause 0\n");
    check_lines(state, "n:>=1.5k", "filter n from 1500, clause 0\n");
    check_lines(state, "lang:de", "filter lang is 'de', clause 0\n");
    check_lines(state, "lang:d*", "filter lang like 'd*', clause 0\n");
    check_lines(state, "year:..2007",
                "filter year to 2007 or to 2007-12-31T23:59:59.999999Z, clause 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_phrases_are_named),
        cmocka_unit_test(groups_say_what_must_match),
        cmocka_unit_test(expansions_name_their_first_words),
        cmocka_unit_test(nears_list_their_operands),
        cmocka_unit_test(filters_show_their_ranges),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
