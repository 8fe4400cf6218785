/* Fuzzes the query parser and the planner: the first byte picks options, the rest is the query. Any
 * bytes must parse, and what comes out must hold together. */
#include "query/describe.h"
#include "query/parser.h"
#include "query/plan.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ALL = 1, LITERAL = 2, STRICT = 4, NO_FIELDS = 8, NO_STEMS = 16, TWO = 32, HALF = 64 };

static void hold(bool condition)
{
    if (!condition)
        abort();
}

static void check_boost(double boost)
{
    hold(boost >= KW_BOOST_LEAST && boost <= KW_BOOST_MOST);
}

static void check_filter(const struct kw_filter *filter)
{
    hold(filter->field.size > 0 && filter->uses && !(filter->uses & KW_FIELD_WORDS));
    if (filter->uses & KW_FIELD_NUMBER)
        hold(!isnan(filter->numbers.least) && !isnan(filter->numbers.most));
    hold(filter->keyword.data != NULL);
}

/* Checks a word, phrase or filter of the tree. */
static void check_operand(const struct kw_ast_node *node)
{
    hold(node->text.data != NULL && node->child_count == 0);
    hold((node->kind == KW_AST_PATTERN) == (node->wildcard_count > 0));
    for (uint32_t i = 0; i < node->wildcard_count; i++) {
        hold(i == 0 || node->wildcards[i] > node->wildcards[i - 1]);
        hold(node->wildcards[i] < node->text.size &&
             strchr("*?", node->text.data[node->wildcards[i]]));
    }
    if (node->kind == KW_AST_FUZZY)
        hold(node->number == 1 || node->number == 2);
    else
        hold(node->number <= (node->kind == KW_AST_PHRASE ? KW_QUERY_DISTANCE : 0));
    hold((node->kind == KW_AST_FILTER) == (node->filter != NULL));
    if (node->kind == KW_AST_FILTER)
        check_filter(node->filter);
}

/* Checks the tree below `node`; clauses come in order, places within the query never fall. `nears`
 * NEARs are around it. */
static void check_tree(const struct kw_ast *ast, const struct kw_ast_node *node, size_t size,
                       size_t depth, size_t nears, uint32_t *clause, uint32_t *at)
{
    hold(node->at >= *at && node->at < size);
    *at = node->at;
    check_boost(node->boost);
    bool group = node->kind == KW_AST_GROUP;
    /* Within a NEAR nothing counts, and nothing but alternatives is there. */
    hold(nears ? node->occur == KW_SHOULD && node->kind != KW_AST_FILTER
               : group || node->clause == (*clause)++);
    hold(group || nears == 0 || node->clause + 1 == *clause);
    if (!group && node->kind != KW_AST_NEAR) {
        check_operand(node);
        return;
    }
    if (!group) {
        hold(node->number >= 1 && node->number <= KW_QUERY_DISTANCE);
        hold(node->child_count <= KW_QUERY_OPERANDS && nears < KW_QUERY_NEARS);
    }
    hold(!group || node->child_count > 0);
    /* A parenthesis, OR and AND each make a level. */
    hold(depth <= 3 * KW_QUERY_DEPTH + 3 + KW_QUERY_NEARS);
    for (uint32_t i = 0; i < node->child_count; i++)
        check_tree(ast, node->children[i], size, depth + 1, nears + !group, clause, at);
}

static void check_terms(const struct kw_leaf *leaf)
{
    uint32_t offset = 0;
    bool phrase = leaf->kind == KW_LEAF_PHRASE;
    hold(phrase ? leaf->term_count > 1 : leaf->term_count >= 1 && leaf->span == 1);
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        const struct kw_query_term *term = &leaf->terms[i];
        hold(term->bytes.size > 0);
        hold(term->offset >= offset && (phrase || term->offset == 0));
        hold(!phrase || term->language.size == 0);
        hold(kw_view_equal(term->field, leaf->terms[0].field));
        offset = term->offset;
    }
    hold(leaf->terms[0].offset == 0);
    hold(leaf->span == (leaf->distance ? 0 : offset + 1));
}

static void check_match(const struct kw_plan *plan, const struct kw_leaf *leaf)
{
    bool terms = leaf->kind == KW_LEAF_WORD || leaf->kind == KW_LEAF_PHRASE;
    bool operands = leaf->kind == KW_LEAF_NEAR || leaf->kind == KW_LEAF_ANY;
    hold(leaf->clause < plan->clause_count);
    hold((leaf->terms != NULL) == terms && (leaf->term_count > 0) == terms);
    hold((leaf->operand_count > 1) == operands && leaf->distance <= KW_QUERY_DISTANCE);
    hold((leaf->filter != NULL) == (leaf->kind == KW_LEAF_FILTER));
    if (terms)
        check_terms(leaf);
    if (leaf->kind == KW_LEAF_EXPANSION)
        hold(leaf->expansion < plan->expansion_count && leaf->span == 1);
    if (leaf->kind == KW_LEAF_FILTER)
        check_filter(leaf->filter);
    hold(leaf->kind != KW_LEAF_NEAR || leaf->distance >= 1);
    for (uint32_t i = 0; i < leaf->operand_count; i++) {
        const struct kw_leaf *operand = &leaf->operands[i];
        hold(operand->kind != KW_LEAF_FILTER && operand->clause == leaf->clause);
        hold(operand->kind != KW_LEAF_ANY || leaf->kind == KW_LEAF_NEAR);
        check_match(plan, operand);
    }
}

static void check_leaf(const struct kw_plan *plan, const struct kw_leaf *leaf, bool negated)
{
    hold(leaf->repeats >= 1 && (leaf->repeats == 1 || leaf->kind == KW_LEAF_WORD));
    hold(leaf->boost >= KW_BOOST_PRODUCT_LEAST && leaf->boost <= KW_BOOST_PRODUCT_MOST);
    hold(leaf->negated == negated && leaf->kind != KW_LEAF_ANY);
    check_match(plan, leaf);
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
    uint32_t optional = 0;
    bool must = false;
    for (uint32_t i = 0; i < node->child_count; i++) {
        optional += node->children[i]->occur == KW_SHOULD;
        must = must || node->children[i]->occur == KW_MUST;
        check_plan(plan, node->children[i], negated, leaf, clause);
    }
    hold(node->minimum <= optional && (must || !optional || node->minimum >= 1));
}

/* Checks the patterns: distinct, and of more than wildcards. */
static void check_expansions(const struct kw_plan *plan)
{
    hold(plan->expansion_count <= KW_QUERY_PATTERNS);
    for (uint32_t i = 0; i < plan->expansion_count; i++) {
        const struct kw_expansion *one = &plan->expansions[i];
        hold(one->pattern.size > 0 && one->edits <= 2 && one->term_count == 0);
        hold(one->edits || strspn((const char *)one->pattern.data, "*?") < one->pattern.size);
        for (uint32_t j = 0; j < i; j++) {
            const struct kw_expansion *other = &plan->expansions[j];
            hold(one->edits != other->edits || !kw_view_equal(one->pattern, other->pattern) ||
                 !kw_view_equal(one->field, other->field));
        }
    }
}

/* Gives each pattern two terms, as an engine does. */
static void expand(struct kw_plan *plan)
{
    struct kw_view terms[] = {kw_view_of("a"), kw_view_of("b")};
    for (uint32_t i = 0; i < plan->expansion_count; i++) {
        hold(kw_plan_expand(plan, i, terms, 2, NULL) == KW_OK);
        hold(plan->expansions[i].term_count == 2 && plan->expansions[i].terms[1].bytes.size == 1);
    }
}

/* Every group and leaf has a line of its own. */
static void describe(const struct kw_plan *plan)
{
    struct kw_bytes text = KW_BYTES_INIT;
    size_t lines = 0;
    kw_plan_describe(plan, 1, &text);
    hold(kw_bytes_status(&text, NULL) == KW_OK && (text.size > 0) == (plan->root != NULL));
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    hold(lines >= plan->leaf_count);
    kw_bytes_release(&text);
}

static void plan_query(const struct kw_ast *ast, uint8_t picked)
{
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_analyzer *analyzer = NULL;
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false, KW_RULES_OWN};
    if (picked & NO_STEMS)
        memcpy(settings.language, "none", sizeof "none");
    struct kw_plan_options options = {.all = (picked & ALL) != 0,
                                      .language = settings.language,
                                      .minimum = {picked & TWO ? 2 : 0, picked & HALF ? 50 : 0}};
    uint32_t leaf = 0;
    uint32_t clause = 0;
    hold(kw_analyzer_new(&analyzer, &settings, NULL) == KW_OK);
    hold(kw_plan_init(&plan, ast, analyzer, &options, NULL) == KW_OK);
    kw_analyzer_free(analyzer);
    hold(plan.clause_count == ast->clauses);
    if (plan.root)
        check_plan(&plan, plan.root, false, &leaf, &clause);
    hold(leaf == plan.leaf_count);
    check_expansions(&plan);
    expand(&plan);
    describe(&plan);
    kw_plan_release(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_ast ast = KW_AST_INIT;
    struct kw_query_field fields[] = {
        {kw_view_of("title"), KW_FIELD_WORDS},
        {kw_view_of("a"), KW_FIELD_WORDS},
        {kw_view_of("a:b"), KW_FIELD_WORDS},
        {kw_view_of("n"), KW_FIELD_NUMBER},
        {kw_view_of("d"), KW_FIELD_DATE},
        {kw_view_of("k"), KW_FIELD_KEYWORD},
        {kw_view_of("x"), KW_FIELD_WORDS | KW_FIELD_NUMBER | KW_FIELD_DATE | KW_FIELD_KEYWORD}};
    size_t field_count = sizeof fields / sizeof *fields;
    if (size == 0)
        return 0;
    uint8_t picked = data[0];
    struct kw_view text = {data + 1, size - 1};
    struct kw_parse_options options = {(picked & STRICT) != 0, (picked & LITERAL) != 0};
    size_t error_at = SIZE_MAX;
    enum kw_status status = kw_parse(&ast, text, fields, picked & NO_FIELDS ? 0 : field_count,
                                     &options, &error_at, NULL);
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
        check_tree(&ast, ast.root, text.size, 0, 0, &clause, &at);
    hold(clause == ast.clauses);
    plan_query(&ast, picked);
    kw_ast_release(&ast);
    return 0;
}
