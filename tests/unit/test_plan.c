/* The planner: what leaves and groups a query becomes, with the English analysis.
 *
 * A plan is written as {…} for a group, with a minimum before it where that is not the usual one,
 * + and - for occurrences, stem~ for a leaf of a stem, word for one of a surface term, "a@0 b@1"
 * for a phrase, with ~n for its slop, /pattern/ and /word/n for expansions, near3(…), onear3(…) and
 * any(…), field(…) for filters, *n for repeats, ^n for a boost, #n for the clause, and ! for a
 * negated leaf. */
#include "query/parser.h"
#include "query/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static int setup(void **state)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false};
    return kw_analyzer_new((struct kw_analyzer **)state, &settings, NULL) == KW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    kw_analyzer_free(*state);
    return 0;
}

static void render_term(struct kw_bytes *out, const struct kw_query_term *term)
{
    if (term->field.size) {
        kw_bytes_append_view(out, term->field);
        kw_bytes_append_byte(out, ':');
    }
    kw_bytes_append_view(out, term->bytes);
    if (term->language.size) {
        assert_true(kw_view_equal(term->language, kw_view_of("english")));
        kw_bytes_append_byte(out, '~');
    }
}

static void render_terms(struct kw_bytes *out, const struct kw_leaf *leaf)
{
    bool phrase = leaf->kind == KW_LEAF_PHRASE;
    assert_true(phrase ? leaf->term_count > 1 : leaf->term_count == 1 && leaf->span == 1);
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        if (phrase)
            kw_bytes_append_byte(out, i ? ' ' : '"');
        render_term(out, &leaf->terms[i]);
        if (phrase)
            kw_bytes_format(out, "@%u", leaf->terms[i].offset);
    }
    if (!phrase)
        return;
    assert_int_equal(leaf->span, leaf->distance ? 0 : leaf->terms[leaf->term_count - 1].offset + 1);
    kw_bytes_append_byte(out, '"');
    if (leaf->distance)
        kw_bytes_format(out, "~%u", leaf->distance);
}

static void render_expansion(struct kw_bytes *out, const struct kw_expansion *expansion)
{
    if (expansion->field.size) {
        kw_bytes_append_view(out, expansion->field);
        kw_bytes_append_byte(out, ':');
    }
    kw_bytes_append_byte(out, '/');
    kw_bytes_append_view(out, expansion->pattern);
    kw_bytes_append_byte(out, '/');
    if (expansion->edits)
        kw_bytes_format(out, "%u", expansion->edits);
    assert_int_equal(expansion->term_count, 0);
}

static void render_match(struct kw_bytes *out, const struct kw_plan *plan,
                         const struct kw_leaf *leaf)
{
    if (leaf->kind == KW_LEAF_WORD || leaf->kind == KW_LEAF_PHRASE) {
        render_terms(out, leaf);
        return;
    }
    if (leaf->kind == KW_LEAF_EXPANSION) {
        assert_true(leaf->expansion < plan->expansion_count && leaf->span == 1);
        render_expansion(out, &plan->expansions[leaf->expansion]);
        return;
    }
    assert_int_equal(leaf->span, 0);
    if (leaf->kind == KW_LEAF_FILTER) {
        kw_bytes_append_view(out, leaf->filter->field);
        kw_bytes_append_byte(out, '(');
        kw_bytes_append_view(out, leaf->filter->keyword);
        kw_bytes_append_byte(out, ')');
        return;
    }
    if (leaf->kind == KW_LEAF_NEAR)
        kw_bytes_format(out, "%snear%u", leaf->ordered ? "o" : "", leaf->distance);
    else
        kw_bytes_append_text(out, "any");
    assert_true(leaf->operand_count > 1);
    for (uint32_t i = 0; i < leaf->operand_count; i++) {
        const struct kw_leaf *operand = &leaf->operands[i];
        kw_bytes_append_byte(out, i ? ' ' : '(');
        assert_true(operand->boost == 1 && operand->repeats == 1);
        assert_int_equal(operand->clause, leaf->clause);
        assert_true(operand->kind != KW_LEAF_FILTER &&
                    (operand->kind != KW_LEAF_ANY || leaf->kind == KW_LEAF_NEAR));
        render_match(out, plan, operand);
    }
    kw_bytes_append_byte(out, ')');
}

static void render_leaf(struct kw_bytes *out, const struct kw_plan *plan,
                        const struct kw_leaf *leaf)
{
    assert_true(leaf->kind != KW_LEAF_ANY);
    render_match(out, plan, leaf);
    if (leaf->repeats > 1)
        kw_bytes_format(out, "*%u", leaf->repeats);
    if (leaf->boost != 1)
        kw_bytes_format(out, "^%g", leaf->boost);
    kw_bytes_format(out, "#%u%s", leaf->clause, leaf->negated ? "!" : "");
}

/* How many optional children must match unless the query says otherwise. */
static uint32_t usual_minimum(const struct kw_plan_node *group)
{
    uint32_t optional = 0;
    for (uint32_t i = 0; i < group->child_count; i++) {
        if (group->children[i]->occur == KW_MUST)
            return 0;
        optional += group->children[i]->occur == KW_SHOULD;
    }
    return optional > 0;
}

static void render(struct kw_bytes *out, const struct kw_plan *plan,
                   const struct kw_plan_node *node, uint32_t *leaf)
{
    if (node->occur != KW_SHOULD)
        kw_bytes_append_byte(out, node->occur == KW_MUST ? '+' : '-');
    if (node->kind == KW_PLAN_LEAF) {
        assert_int_equal(node->leaf, (*leaf)++);
        render_leaf(out, plan, &plan->leaves[node->leaf]);
        return;
    }
    if (node->minimum != usual_minimum(node))
        kw_bytes_format(out, "%u", node->minimum);
    kw_bytes_append_byte(out, '{');
    for (uint32_t i = 0; i < node->child_count; i++) {
        if (i)
            kw_bytes_append_byte(out, ' ');
        render(out, plan, node->children[i], leaf);
    }
    kw_bytes_append_byte(out, '}');
}

static const struct kw_plan_options any = {.language = "english"};
static const struct kw_plan_options all = {.all = true, .language = "english"};

static void make(struct kw_plan *plan, void **state, const char *query,
                 const struct kw_plan_options *options)
{
    struct kw_ast ast = KW_AST_INIT;
    struct kw_error error = KW_ERROR_INIT;
    struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS},
                                      {kw_view_of("author"), KW_FIELD_WORDS},
                                      {kw_view_of("lang"), KW_FIELD_KEYWORD},
                                      {kw_view_of("n"), KW_FIELD_NUMBER}};
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 4, NULL, NULL, NULL), KW_OK);
    uint32_t clauses = ast.clauses;
    if (kw_plan_init(plan, &ast, *state, options, &error) != KW_OK)
        fail_msg("%s: %s", query, error.message);
    kw_ast_release(&ast); /* the plan borrows nothing from it */
    assert_int_equal(plan->clause_count, clauses);
}

static void check_with(void **state, const char *query, const struct kw_plan_options *options,
                       const char *expected)
{
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_bytes out = KW_BYTES_INIT;
    uint32_t leaves = 0;
    make(&plan, state, query, options);
    if (plan.root) {
        assert_int_equal(plan.root->occur, KW_MUST);
        render(&out, &plan, plan.root, &leaves);
    }
    assert_int_equal(leaves, plan.leaf_count);
    kw_bytes_append_byte(&out, '\0');
    const char *got = (const char *)out.data + (plan.root ? 1 : 0);
    if (strcmp(got, expected) != 0)
        fail_msg("%s gives %s instead of %s", query, got, expected);
    kw_bytes_release(&out);
    kw_plan_release(&plan);
}

static void check(void **state, const char *query, const char *expected)
{
    check_with(state, query, &any, expected);
}

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

/* The terms of the leaves of a query's plan, with the languages of stems. */
static void check_terms(const char *const *languages, const char *query,
                        const struct kw_plan_options *options, const char *expected)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "auto", false};
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
                "the/english|the/german^0.1 katz/english|katz/german the");
    check_terms(languages, "die", &weigh, "die/english|die/german^0.1");
}

static void without_stems_words_are_surfaces(void **state)
{
    (void)state;
    struct kw_analyzer *analyzer;
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "none", false};
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
            assert_int_equal(kw_plan_init(&plan, &ast, *state, &options, NULL), KW_OK);
            double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
            if (seconds >= 1)
                fail_msg("planning 1 MB of '%s' takes %.2f s", units[i], seconds);
            kw_plan_release(&plan);
        }
        kw_ast_release(&ast);
        kw_bytes_release(&text);
    }
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
        cmocka_unit_test(a_word_has_a_stem_in_each_language),
        cmocka_unit_test(the_capital_i_is_that_of_each_language),
        cmocka_unit_test(stop_words_weigh_less_if_asked),
        cmocka_unit_test(without_stems_words_are_surfaces),
        cmocka_unit_test(a_mebibyte_is_planned_in_linear_time),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
