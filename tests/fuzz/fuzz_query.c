/* Fuzzes the query parser and the planner: the first byte picks options, the rest is the query. Any
 * bytes must parse, and what comes out must hold together. */
#include "query/parser.h"
#include "query/plan.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ALL = 1, LITERAL = 2, STRICT = 4, NO_FIELDS = 8, NO_STEMS = 16 };

static void hold(bool condition)
{
    if (!condition)
        abort();
}

/* Checks the tree below `node`; clauses come in order, places within the query never fall. */
static void check_tree(const struct kw_ast *ast, const struct kw_ast_node *node, size_t size,
                       size_t depth, uint32_t *clause, uint32_t *at)
{
    hold(node->at >= *at && node->at < size);
    *at = node->at;
    if (node->kind != KW_AST_GROUP) {
        hold(node->clause == (*clause)++ && node->clause < ast->clauses);
        hold(node->text.data != NULL && node->child_count == 0);
        return;
    }
    hold(node->child_count > 0);
    hold(depth <= 3 * KW_QUERY_DEPTH + 3); /* a parenthesis, OR and AND each make a level */
    for (uint32_t i = 0; i < node->child_count; i++)
        check_tree(ast, node->children[i], size, depth + 1, clause, at);
}

static void check_leaf(const struct kw_plan *plan, const struct kw_leaf *leaf, bool negated)
{
    hold(leaf->clause < plan->clause_count);
    hold(leaf->term_count >= 1 && leaf->repeats >= 1 && leaf->boost > 0);
    hold(leaf->negated == negated);
    hold(leaf->kind == KW_LEAF_PHRASE ? leaf->term_count > 1 && leaf->repeats == 1
                                      : leaf->span == 1);
    uint32_t offset = 0;
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        const struct kw_query_term *term = &leaf->terms[i];
        hold(term->bytes.size > 0);
        hold(term->offset >= offset && term->offset < leaf->span);
        hold(leaf->kind == KW_LEAF_WORD || term->language.size == 0);
        offset = term->offset;
    }
    hold(leaf->terms[0].offset == 0 && offset + 1 == leaf->span);
}

/* Checks the plan below `node`; leaves come in order, none is left out. */
static void check_plan(const struct kw_plan *plan, const struct kw_plan_node *node, bool negated,
                       uint32_t *leaf, uint32_t *clause)
{
    negated = negated || node->occur == KW_MUST_NOT;
    if (node->kind == KW_PLAN_LEAF) {
        hold(node->leaf == (*leaf)++ && node->leaf < plan->leaf_count);
        check_leaf(plan, &plan->leaves[node->leaf], negated);
        hold(plan->leaves[node->leaf].clause >= *clause);
        *clause = plan->leaves[node->leaf].clause;
        return;
    }
    hold(node->child_count > 1 ||
         (node->child_count == 1 && node->children[0]->occur == KW_MUST_NOT));
    for (uint32_t i = 0; i < node->child_count; i++)
        check_plan(plan, node->children[i], negated, leaf, clause);
}

static void plan_query(const struct kw_ast *ast, uint8_t picked)
{
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_analyzer *analyzer = NULL;
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false};
    if (picked & NO_STEMS)
        memcpy(settings.language, "none", sizeof "none");
    struct kw_plan_options options = {.all = (picked & ALL) != 0, .language = settings.language};
    uint32_t leaf = 0;
    uint32_t clause = 0;
    hold(kw_analyzer_new(&analyzer, &settings, NULL) == KW_OK);
    hold(kw_plan_init(&plan, ast, analyzer, &options, NULL) == KW_OK);
    kw_analyzer_free(analyzer);
    hold(plan.clause_count == ast->clauses);
    if (plan.root)
        check_plan(&plan, plan.root, false, &leaf, &clause);
    hold(leaf == plan.leaf_count);
    kw_plan_release(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_ast ast = KW_AST_INIT;
    struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS},
                                      {kw_view_of("a"), KW_FIELD_WORDS},
                                      {kw_view_of("a:b"), KW_FIELD_WORDS}};
    if (size == 0)
        return 0;
    uint8_t picked = data[0];
    struct kw_view text = {data + 1, size - 1};
    struct kw_parse_options options = {(picked & STRICT) != 0, (picked & LITERAL) != 0};
    size_t error_at = SIZE_MAX;
    enum kw_status status =
        kw_parse(&ast, text, fields, picked & NO_FIELDS ? 0 : 3, &options, &error_at, NULL);
    if (status == KW_E_SYNTAX) {
        hold(options.strict && !options.literal && error_at < text.size);
        hold(!ast.root && !ast.arena.blocks);
        return 0;
    }
    hold(status == KW_OK);
    hold(!(ast.note && (options.strict || options.literal)));
    hold((ast.root == NULL) == (ast.clauses == 0));
    uint32_t clause = 0;
    uint32_t at = 0;
    if (ast.root)
        check_tree(&ast, ast.root, text.size, 0, &clause, &at);
    hold(clause == ast.clauses);
    plan_query(&ast, picked);
    kw_ast_release(&ast);
    return 0;
}
