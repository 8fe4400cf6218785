/* The planner's operators: patterns, edits, slop, NEAR, boosts, filters, and the minimum. */
#include "tests/unit/query_plan.h"

static void patterns_are_folded_expansions(void **state)
{
    check(state, "Traffick* K\u00c4za?hstan", "{/traffick*/#0 /kaza?hstan/#1}");
    check(state, "a***b title:*Stan", "{/a*b/#0 title:/*stan/#1}");
    check(state, "\u0130* \u00df?x Don't* U.S.A*", "{/i*/#0 /ss?x/#1 /don't*/#2 /usa*/#3}");
    check(state, "a* =a* A* title:a*", "{/a*/#0 a#1 /a*/#2 title:/a*/#3}");
    check(state, "-a* +b*", "{-/a*/#0! +/b*/#1}");
}

static void edits_are_of_the_surface_form(void **state)
{
    check(state, "Guards~", "/guards/1#0");
    check(state, "G\u00fcrds~2 title:a~1", "{/gurds/2#0 title:/a/1#1}");
    check(state, "--~", "");
}

static void words_of_several_tokens_have_patterns(void **state)
{
    check(state, "multi-agent*", "{multi~#0 /agent*/#0}");
    check(state, "multi-agents~ x", "{multi~#0 /agents/1#0 x~#1}");
    check(state, "+multi-ag*s", "onear1(multi /ag*s/)#0");
    check(state, "-a-b-c~2", "{-onear1(\"a@0 b@1\" /c/2)#0!}");
    check(state, "+a-b*-c-d-e?f", "onear1(a /b*/ \"c@0 d@1\" /e?f/)#0");
    check(state, "+\u5317\u4eac\u5927a*", "onear2(\"\u5317\u4eac@0 \u4eac\u5927@1\" /a*/)#0");
}

/* A wildcard among characters that are words by themselves is no part of any. */
static void wildcards_alone_ask_for_nothing(void **state)
{
    check(state, "\u5317*", "\u5317~#0");
    check(state, "\u5317*\u4eac", "{\u5317~#0 \u4eac~#0}");
    check(state, "+\u5317*\u4eac", "\"\u5317@0 \u4eac@2\"#0");
    check(state, "a \u0301* b", "{a~#0 b~#2}");
}

static void slop_is_of_phrases_alone(void **state)
{
    check(state, "\"a b\"~3", "\"a@0 b@1\"~3#0");
    check(state, "\"a\"~3 \"\"~2", "a#0");
}

static void near_takes_words_by_stem_and_the_rest_exactly(void **state)
{
    check(state, "guards NEAR/3 =guards", "near3(guard~ guards)#0");
    check(state, "x \"a b\"~2 ONEAR c* d", "{x~#0 onear10(\"a@0 b@1\"~2 /c*/)#1 d~#2}");
    check(state, "a NEAR/3 multi-agents NEAR/3 b-c~",
          "near3(a~ \"multi@0 agents@1\" onear1(b /c/1))#0");
    check(state, "(a NEAR/2 b) NEAR/4 c", "near4(near2(a~ b~) c~)#0");
    check(state, "title:(a NEAR b)", "near10(title:a~ title:b~)#0");
    check(state, "-a NEAR b", "{-near10(a~ b~)#0!}");
}

static void near_takes_alternatives(void **state)
{
    check(state, "(a b) NEAR c", "near10(any(a~ b~) c~)#0");
    check(state, "(a OR (b \"c d\")) NEAR (e)", "near10(any(a~ b~ \"c@0 d@1\") e~)#0");
    check(state, "(a NEAR/2 (b c) d) NEAR e", "near10(any(near2(a~ any(b~ c~)) d~) e~)#0");
    check(state, "((a b) NEAR () c) NEAR e", "near10(any(a~ b~ c~) e~)#0");
    check_with(state, "(a b) NEAR c d", &all, "{+near10(any(a~ b~) c~)#0 +d~#1}");
}

static void operands_that_ask_for_nothing_are_left_out(void **state)
{
    check(state, "a NEAR -- NEAR b", "near10(a~ b~)#0");
    check(state, "a NEAR --", "a~#0");
    check(state, "-- NEAR () x", "x~#1");
    check(state, "+(a a b) NEAR ()", "{a~*2#0 b~#0}");
    check(state, "c (a b) NEAR -- a", "{c~#0 a~*2#1 b~#1}");
    check(state, "c -(a b) NEAR --", "{c~#0 -{a~#1! b~#1!}}");
}

static void boosts_multiply(void **state)
{
    check(state, "a^2 (b c^3)^0.5", "{a~^2#0 {b~^0.5#1 c~^1.5#2}}");
    check(state, "(a)^2 a a^2", "{a~*2^2#0 a~#1}");
    check(state, "a-b^2 \"c d\"^3 e*^4 (f NEAR g)^5",
          "{a~^2#0 b~^2#0 \"c@0 d@1\"^3#1 /e*/^4#2 near10(f~ g~)^5#3}");
    check(state, "a NEAR b^2", "near10(a~ b~)#0");
    check(state, "((((a)^1000)^1000)^1000)^1000", "a~^1e+09#0");
    check(state, "((((a)^.001)^.001)^.001)^.001", "a~^1e-09#0");
}

/* Filters side by side with others must match, and do not make these optional. */
static void filters_narrow(void **state)
{
    check(state, "a lang:de", "1{a~#0 +lang(de)#1}");
    check(state, "lang:de a b n:5", "1{+lang(de)#0 a~#1 b~#2 +n(5)#3}");
    check(state, "lang:de", "lang(de)#0");
    check(state, "lang:de lang:fr", "{+lang(de)#0 +lang(fr)#1}");
    check(state, "a lang:(de OR fr)", "1{a~#0 +{lang(de)#1 lang(fr)#2}}");
    check(state, "a lang:de OR lang:fr", "1{a~#0 +{lang(de)#1 lang(fr)#2}}");
    check(state, "a (-lang:de)", "1{a~#0 +{-lang(de)#1!}}");
    check(state, "a (lang:de --)", "1{a~#0 +lang(de)#1}");
    check(state, "a -lang:de", "{a~#0 -lang(de)#1!}");
    check(state, "a +lang:de", "{a~#0 +lang(de)#1}");
    check(state, "+a b lang:de", "{+a~#0 b~#1 +lang(de)#2}");
    check(state, "a OR lang:de", "{a~#0 lang(de)#1}");
    check(state, "a AND lang:de", "{+a~#0 +lang(de)#1}");
    check(state, "a (b lang:de)", "{a~#0 1{b~#1 +lang(de)#2}}");
    check(state, "(a lang:de)", "1{a~#0 +lang(de)#1}");
    check_with(state, "a lang:de", &all, "{+a~#0 +lang(de)#1}");
}

static void a_minimum_is_of_the_outermost_group(void **state)
{
    static const struct kw_plan_options two = {.language = "english", .minimum = {2, 0}};
    static const struct kw_plan_options half = {.language = "english", .minimum = {0, 50}};
    static const struct kw_plan_options most = {.language = "english", .minimum = {0, 100}};
    check_with(state, "a b c", &two, "2{a~#0 b~#1 c~#2}");
    check_with(state, "a", &two, "a~#0");
    check_with(state, "a +b", &two, "1{a~#0 +b~#1}");
    check_with(state, "+a +b", &two, "{+a~#0 +b~#1}");
    check_with(state, "-a", &two, "{-a~#0!}");
    check_with(state, "a OR b OR c", &two, "2{a~#0 b~#1 c~#2}");
    check_with(state, "a (b c d)", &two, "2{a~#0 {b~#1 c~#2 d~#3}}");
    check_with(state, "a a b c", &two, "2{a~*2#0 b~#2 c~#3}");
    check_with(state, "a b lang:de", &two, "2{a~#0 b~#1 +lang(de)#2}");
    check_with(state, "a b c d e", &half, "2{a~#0 b~#1 c~#2 d~#3 e~#4}");
    check_with(state, "a b c +d", &half, "1{a~#0 b~#1 c~#2 +d~#3}");
    check_with(state, "a +b", &half, "1{a~#0 +b~#1}");
    check_with(state, "a b c", &most, "3{a~#0 b~#1 c~#2}");
}

static void an_expansion_takes_its_terms(void **state)
{
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_view terms[] = {kw_view_of("guard"), kw_view_of("guards")};
    make(&plan, state, "title:guard* b* title:GUARD*", &any);
    assert_int_equal(plan.expansion_count, 2);
    assert_int_equal(plan.leaves[2].expansion, plan.leaves[0].expansion);
    assert_int_equal(kw_plan_expand(&plan, plan.leaves[0].expansion, terms, 2, NULL), KW_OK);
    const struct kw_expansion *expansion = &plan.expansions[plan.leaves[0].expansion];
    assert_int_equal(expansion->term_count, 2);
    assert_true(kw_view_equal(expansion->terms[1].bytes, terms[1]));
    assert_true(kw_view_equal(expansion->terms[1].field, kw_view_of("title")));
    assert_int_equal(plan.expansions[plan.leaves[1].expansion].term_count, 0);
    kw_plan_release(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_are_folded_expansions),
        cmocka_unit_test(edits_are_of_the_surface_form),
        cmocka_unit_test(words_of_several_tokens_have_patterns),
        cmocka_unit_test(wildcards_alone_ask_for_nothing),
        cmocka_unit_test(slop_is_of_phrases_alone),
        cmocka_unit_test(near_takes_words_by_stem_and_the_rest_exactly),
        cmocka_unit_test(near_takes_alternatives),
        cmocka_unit_test(operands_that_ask_for_nothing_are_left_out),
        cmocka_unit_test(boosts_multiply),
        cmocka_unit_test(filters_narrow),
        cmocka_unit_test(a_minimum_is_of_the_outermost_group),
        cmocka_unit_test(an_expansion_takes_its_terms),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
