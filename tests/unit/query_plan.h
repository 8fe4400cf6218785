/* Plans as text, with the English analysis, for tests of the planner.
 *
 * {…} is a group, with a minimum before it where that is not the usual one; + and - are
 * occurrences, stem~ is a leaf of a stem, word one of a surface term, "a@0 b@1" a phrase, with ~n
 * for its slop, /pattern/ and /word/n are expansions, near3(…), onear3(…) and any(…) what they say,
 * field(…) filters, *n are repeats, ^n is a boost, #n the clause, and ! a negated leaf. */
#ifndef KW_TESTS_QUERY_PLAN_H
#define KW_TESTS_QUERY_PLAN_H

#include "query/parser.h"
#include "query/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static inline int setup(void **state)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false, KW_RULES_OWN};
    return kw_analyzer_new((struct kw_analyzer **)state, &settings, NULL) == KW_OK ? 0 : -1;
}

static inline int teardown(void **state)
{
    kw_analyzer_free(*state);
    return 0;
}

static inline void render_term(struct kw_bytes *out, const struct kw_query_term *term)
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

static inline void render_terms(struct kw_bytes *out, const struct kw_leaf *leaf)
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

static inline void render_expansion(struct kw_bytes *out, const struct kw_expansion *expansion)
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

static inline void render_match(struct kw_bytes *out, const struct kw_plan *plan,
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

static inline void render_leaf(struct kw_bytes *out, const struct kw_plan *plan,
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
static inline uint32_t usual_minimum(const struct kw_plan_node *group)
{
    uint32_t optional = 0;
    for (uint32_t i = 0; i < group->child_count; i++) {
        if (group->children[i]->occur == KW_MUST)
            return 0;
        optional += group->children[i]->occur == KW_SHOULD;
    }
    return optional > 0;
}

static inline void render(struct kw_bytes *out, const struct kw_plan *plan,
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

static inline void make(struct kw_plan *plan, void **state, const char *query,
                        const struct kw_plan_options *options)
{
    struct kw_ast ast = KW_AST_INIT;
    struct kw_error error = KW_ERROR_INIT;
    struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS},
                                      {kw_view_of("author"), KW_FIELD_WORDS},
                                      {kw_view_of("lang"), KW_FIELD_KEYWORD},
                                      {kw_view_of("n"), KW_FIELD_NUMBER},
                                      {kw_view_of("year"), KW_FIELD_NUMBER | KW_FIELD_DATE}};
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 5, NULL, NULL, NULL), KW_OK);
    uint32_t clauses = ast.clauses;
    if (kw_plan_init(plan, &ast, *state, options, &error) != KW_OK)
        fail_msg("%s: %s", query, error.message);
    kw_ast_release(&ast); /* the plan borrows nothing from it */
    assert_int_equal(plan->clause_count, clauses);
}

static inline void check_with(void **state, const char *query,
                              const struct kw_plan_options *options, const char *expected)
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

static inline void check(void **state, const char *query, const char *expected)
{
    check_with(state, query, &any, expected);
}

#endif
