/* The planner: what leaves and groups a query becomes. */
#include "tests/unit/query_plan.h"

static void a_bare_word_is_its_stem(void **state)
{
    check(state, "guards", "guard~#0");
    check(state, "Border GUARDS", "{border~#0 guard~#1}");
    check(state, "title:guards", "title:guard~#0");
}

static void an_exact_word_is_its_surface(void **state)
{
    check(state, "=Guards", "guards#0");
    check(state, "\"guards\"", "guards#0");
    check(state, "author:=guards", "author:guards#0");
}

static void optional_words_of_several_tokens_are_their_words(void **state)
{
    check(state, "multi-agents", "{multi~#0 agent~#0}");
    check(state, "x multi-agents", "{x~#0 multi~#1 agent~#1}");
    check(state, "agent multi-agents", "{agent~*2#0 multi~#1}");
    check(state, "x OR a-b", "{x~#0 a~#1 b~#1}");
}

static void required_words_of_several_tokens_are_phrases(void **state)
{
    check(state, "+multi-agents", "\"multi@0 agents@1\"#0");
    check(state, "x -multi-agents", "{x~#0 -\"multi@0 agents@1\"#1!}");
    check(state, "x AND a-b", "{+x~#0 +\"a@0 b@1\"#1}");
    check(state, "=multi-agents", "\"multi@0 agents@1\"#0");
    check(state, "title:\"border guards\" a", "{\"title:border@0 title:guards@1\"#0 a~#1}");
}

static void scripts_without_spaces_give_their_pairs(void **state)
{
    check(state, "北", "北~#0");
    check(state, "北京", "北京~#0");
    check(state, "北京大学", "{北京~#0 京大~#0 大学~#0}");
    check(state, "+北京大 x", "{+\"北京@0 京大@1\"#0 x~#1}");
    check(state, "哈哈哈", "哈哈~*2#0");
    check(state, "nokia北京大", "{nokia~#0 北京~#0 京大~#0}");
}

static void phrases_use_pairs_at_their_offsets(void **state)
{
    check(state, "\"北京大学\"", "\"北京@0 京大@1 大学@2\"#0");
    check(state, "\"北京 x 学\"", "\"北京@0 x@2 学@3\"#0");
    check(state, "\"北京\"", "北京#0");
    check(state, "=北京大", "\"北京@0 京大@1\"#0");
}

static void signs_become_occurrences(void **state)
{
    check(state, "+a -b c", "{+a~#0 -b~#1! c~#2}");
    check(state, "-a", "{-a~#0!}");
    check(state, "-a -\"b c\"", "{-a~#0! -\"b@0 c@1\"#1!}");
    check(state, "a AND NOT b", "{+a~#0 -b~#1!}");
    check(state, "a OR NOT b", "{a~#0 {-b~#1!}}");
    check(state, "a b OR c d", "{a~#0 {b~#1 c~#2} d~#3}");
}

static void all_turns_juxtaposed_words_into_musts(void **state)
{
    check_with(state, "a b", &all, "{+a~#0 +b~#1}");
    check_with(state, "a (b c) d OR e -f", &all, "{+a~#0 +{+b~#1 +c~#2} +{d~#3 e~#4} -f~#5!}");
    check_with(state, "北京大", &all, "\"北京@0 京大@1\"#0");
}

static void equal_words_of_a_group_merge(void **state)
{
    check(state, "a b a =a a", "{a~*3#0 b~#1 a#3}");
    check(state, "guard guards", "guard~*2#0");
    check(state, "+a a -a -a", "{+a~#0 a~#1 -a~*2#2!}");
    check(state, "a title:a author:a title:a", "{a~#0 title:a~*2#1 author:a~#2}");
    check(state, "x (x y) y", "{x~#0 {x~#1 y~#2} y~#3}");
    check(state, "a AND a", "a~*2#0");
    check(state, "\"a b\" \"a b\"", "{\"a@0 b@1\"#0 \"a@0 b@1\"#1}");
    check_with(state, "+a a", &all, "a~*2#0");
}

static void groups_of_one_are_that_one(void **state)
{
    check(state, "((a))", "a~#0");
    check(state, "a (a)", "a~*2#0");
    check(state, "a (a a) b", "{a~*3#0 b~#3}");
    check(state, "-(a) b", "{-a~#0! b~#1}");
    check(state, "(a b)", "{a~#0 b~#1}");
    check(state, "(-a)", "{-a~#0!}");
    check(state, "b (-a)", "{b~#0 {-a~#1!}}");
}

static void all_below_a_negation_is_negated(void **state)
{
    check(state, "-(-a)", "{-{-a~#0!}}");
    check(state, "b -(+c d)", "{b~#0 -{+c~#1! d~#2!}}");
}

static void words_without_tokens_vanish_but_count(void **state)
{
    check(state, "", "");
    check(state, "-- !!", "");
    check(state, "a -- b", "{a~#0 b~#2}");
    check(state, "a AND --", "a~#0");
    check(state, "a (\"\" ?) b", "{a~#0 b~#3}");
    check(state, "-\"...\"", "");
}

static void fields_reach_into_groups(void **state)
{
    check(state, "title:(a author:b \"c d\")",
          "{title:a~#0 author:b~#1 \"title:c@0 title:d@1\"#2}");
    check(state, "title:(a OR (b author:(c)))", "{title:a~#0 {title:b~#1 author:c~#2}}");
}

/* The terms of the leaves of a query's plan, with the languages of stems. */
static void check_terms(const char *const *languages, const char *query,
                        const struct kw_plan_options *options, const char *expected)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "auto", false, KW_RULES_OWN};
    struct kw_analyzer *analyzer;
    struct kw_ast ast = KW_AST_INIT;
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_bytes found = KW_BYTES_INIT;
    uint32_t number;
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    for (; *languages; languages++)
        assert_int_equal(kw_analyzer_use(analyzer, *languages, &number, NULL), KW_OK);
    assert_int_equal(kw_parse(&ast, kw_view_of(query), NULL, 0, NULL, NULL, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&plan, &ast, analyzer, options, NULL), KW_OK);
    for (uint32_t i = 0; i < plan.leaf_count; i++) {
        const struct kw_leaf *leaf = &plan.leaves[i];
        for (uint32_t k = 0; k < leaf->term_count; k++) {
            const struct kw_query_term *term = &leaf->terms[k];
            kw_bytes_append_text(&found, k ? "|" : i ? " " : "");
            kw_bytes_append_view(&found, term->bytes);
            kw_bytes_append_text(&found, term->language.size ? "/" : "");
            kw_bytes_append_view(&found, term->language);
        }
        if (leaf->boost != 1)
            kw_bytes_format(&found, "^%g", leaf->boost);
    }
    kw_bytes_append_byte(&found, 0);
    assert_string_equal((const char *)found.data, expected);
    kw_bytes_release(&found);
    kw_plan_release(&plan);
    kw_ast_release(&ast);
    kw_analyzer_free(analyzer);
}

static void a_word_has_a_stem_in_each_language(void **state)
{
    const char *const languages[] = {"english", "german", "polish", NULL};
    const struct kw_plan_options german = {.language = "german"};
    const struct kw_plan_options french = {.language = "french"};
    (void)state;
    check_terms(languages, "Laufen", NULL, "laufen/english|lauf/german|laufen/polish");
    check_terms(languages, "Laufen =Laufen", &german, "lauf/german laufen");
    check_terms(languages, "guards", &french, "guards/french");
}

static void the_capital_i_is_that_of_each_language(void **state)
{
    const char *const turkish[] = {"turkish", NULL};
    const char *const both[] = {"english", "turkish", NULL};
    (void)state;
    check_terms(turkish, "ILIK", NULL, "ilik/turkish");
    check_terms(both, "guards I", NULL, "guard/english|guards/turkish i/english|i/turkish");
    check_terms(both, "KITAPLARI", NULL, "kitaplari/english|kitap/turkish");
    check_terms(both, "kitapları", NULL, "kitaplari/english|kitap/turkish");
}

static void stop_words_weigh_less_if_asked(void **state)
{
    const char *const languages[] = {"english", "german", NULL};
    const struct kw_plan_options weigh = {.weigh_stop_words = true};
    (void)state;
    check_terms(languages, "the die", NULL, "the/english|the/german die/english|die/german");
    check_terms(languages, "the Katze =the", &weigh,
                "the/english|the/german^0.2 katz/english|katz/german the");
    check_terms(languages, "die", &weigh, "die/english|die/german^0.2");
}

static void without_stems_words_are_surfaces(void **state)
{
    (void)state;
    struct kw_analyzer *analyzer;
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "none", false, KW_RULES_OWN};
    void *other;
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    other = analyzer;
    check_with(&other, "Guards 北京大", NULL, "{guards#0 北京#1 京大#1}");
    kw_analyzer_free(analyzer);
}

/* Planning time may grow only with the text, also where every word is new or every word the same.
 */
static void a_mebibyte_is_planned_in_linear_time(void **state)
{
    static const char *const units[] = {
        "a AND ",
        "a%u AND ",
        "a%u ",
        "a ",
        "\"a b%u\" ",
        "a-",
        "a%u-",
        "lang:%u ",
        "lang:a OR ",
        "(lang:a ",
        "a NEAR/2 b%u ",
        "a NEAR ",
        "(a b NEAR c) ",
        "a NEAR/1 b NEAR/2 ",
        "(a (b) NEAR -- NEAR () ",
        "a*",
        "\xe5\x8c\x97",
        "\xe5\x8c\x97* ",
        "a%u* ",
        "a~ ",
        "a^2 ",
        "(a%u)^2 ",
        "title:a ",
    };
    struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS},
                                      {kw_view_of("lang"), KW_FIELD_KEYWORD}};
    struct kw_plan_options options = {.language = "english"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct kw_bytes text = KW_BYTES_INIT;
        struct kw_ast ast = KW_AST_INIT;
        struct kw_plan plan = KW_PLAN_INIT;
        for (unsigned j = 0; text.size < 1000 * 1000; j++) {
            char unit[64];
            const char *number = strstr(units[i], "%u");
            size_t before = number ? (size_t)(number - units[i]) : strlen(units[i]);
            snprintf(unit, sizeof unit, "%.*s%u", (int)before, units[i], j);
            if (!number)
                unit[before] = '\0';
            kw_bytes_append_text(&text, unit);
            kw_bytes_append_text(&text, number ? number + 2 : "");
        }
        assert_int_equal(kw_parse(&ast, kw_bytes_view(&text), fields, 2, NULL, NULL, NULL), KW_OK);
        for (int all_of_them = 0; all_of_them < 2; all_of_them++) {
            options.all = all_of_them;
            clock_t begin = clock();
            enum kw_status status = kw_plan_init(&plan, &ast, *state, &options, NULL);
            assert_true(status == KW_OK || status == KW_E_USAGE); /* too many words */
            double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
            if (seconds >= 1)
                fail_msg("planning 1 MB of '%s' takes %.2f s", units[i], seconds);
            kw_plan_release(&plan);
        }
        kw_ast_release(&ast);
        kw_bytes_release(&text);
    }
}

/* ---- Limits --------------------------------------------------------------------------------- */

/* Plans `before`, `count` different words and `after`. */
static enum kw_status plan_words(struct kw_analyzer *analyzer, const char *before, uint32_t count,
                                 const char *after, struct kw_error *error)
{
    struct kw_bytes text = KW_BYTES_INIT;
    struct kw_ast ast;
    struct kw_plan plan;
    kw_bytes_append_text(&text, before);
    for (uint32_t i = 0; i < count; i++)
        kw_bytes_format(&text, "%s%u", i ? " " : "", i);
    kw_bytes_append_text(&text, after);
    assert_int_equal(kw_parse(&ast, kw_bytes_view(&text), NULL, 0, NULL, NULL, NULL), KW_OK);
    enum kw_status status = kw_plan_init(&plan, &ast, analyzer, NULL, error);
    kw_plan_release(&plan);
    kw_ast_release(&ast);
    kw_bytes_release(&text);
    return status;
}

static void so_many_words_can_be_asked_for_and_no_more(void **state)
{
    static const struct {
        const char *before;
        uint32_t words; /* besides the numbers */
        const char *after;
    } queries[] = {
        {"", 0, ""},           {"a ", 1, ""},        {"\"", 0, "\""},       {"-a (", 1, ")"},
        {"a a b* ", 2, " =c"}, {"a NEAR (", 1, ")"}, {"\"", 0, "\"~9 a a"}, {"(a b) (b ", 3, ")"},
    };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        uint32_t more = strstr(queries[i].after, "=c") || strstr(queries[i].after, "~9");
        uint32_t most = KW_QUERY_WORDS - queries[i].words - more;
        struct kw_error error = KW_ERROR_INIT;
        assert_int_equal(plan_words(*state, queries[i].before, most, queries[i].after, NULL),
                         KW_OK);
        assert_int_equal(plan_words(*state, queries[i].before, most + 1, queries[i].after, &error),
                         KW_E_USAGE);
        assert_string_equal(error.message, "the query asks for 5001 words, a query may for 5000");
    }
}

static void words_that_are_there_again_are_known(void **state)
{
    static const bool again[] = {false, false, true, false, true, false, false};
    struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS}};
    struct kw_ast ast;
    struct kw_plan plan;
    const char *query = "run run =run (runs a) -running title:run \"run a\"";
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 1, NULL, NULL, NULL), KW_OK);
    struct kw_plan_options options = {.language = "english"};
    assert_int_equal(kw_plan_init(&plan, &ast, *state, &options, NULL), KW_OK);
    assert_int_equal(plan.leaf_count, 7);
    for (uint32_t i = 0; i < plan.leaf_count; i++)
        assert_int_equal(plan.leaves[i].again, again[i]);
    kw_plan_release(&plan);
    kw_ast_release(&ast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_word_is_its_stem),
        cmocka_unit_test(an_exact_word_is_its_surface),
        cmocka_unit_test(optional_words_of_several_tokens_are_their_words),
        cmocka_unit_test(required_words_of_several_tokens_are_phrases),
        cmocka_unit_test(scripts_without_spaces_give_their_pairs),
        cmocka_unit_test(phrases_use_pairs_at_their_offsets),
        cmocka_unit_test(signs_become_occurrences),
        cmocka_unit_test(all_turns_juxtaposed_words_into_musts),
        cmocka_unit_test(equal_words_of_a_group_merge),
        cmocka_unit_test(groups_of_one_are_that_one),
        cmocka_unit_test(all_below_a_negation_is_negated),
        cmocka_unit_test(words_without_tokens_vanish_but_count),
        cmocka_unit_test(fields_reach_into_groups),
        cmocka_unit_test(a_word_has_a_stem_in_each_language),
        cmocka_unit_test(the_capital_i_is_that_of_each_language),
        cmocka_unit_test(stop_words_weigh_less_if_asked),
        cmocka_unit_test(without_stems_words_are_surfaces),
        cmocka_unit_test(a_mebibyte_is_planned_in_linear_time),
        cmocka_unit_test(so_many_words_can_be_asked_for_and_no_more),
        cmocka_unit_test(words_that_are_there_again_are_known),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
