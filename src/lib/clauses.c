/* The clauses of a query by themselves: how many documents each of them finds. */
#include "lib/clauses.h"

#include "lib/status.h"
#include "rank/term.h"

#include <stdlib.h>

/* Adds the clauses in `node`, which is a part of a group that `required` and `negated` hold for if
 * it is a clause itself. */
static bool collect(struct kw_clauses *clauses, const struct kw_ast_node *node, bool required,
                    bool negated, bool all)
{
    if (node->kind != KW_AST_GROUP) {
        if (!kw_grow(clauses, clauses->count + 1))
            return false;
        clauses->items[clauses->count++] = (struct kw_clause){node, required, negated};
        return true;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        const struct kw_ast_node *child = node->children[i];
        bool narrows = node->juxtaposed && child->kind == KW_AST_FILTER;
        bool needed = child->occur != KW_SHOULD || narrows || (all && node->juxtaposed);
        if (!collect(clauses, child, needed, negated || child->occur == KW_MUST_NOT, all))
            return false;
    }
    return true;
}

enum kw_status kw_clauses_collect(struct kwic_results *results, struct kw_error *error)
{
    struct kw_clauses *clauses = &results->clauses;
    const struct kw_ast_node *root = results->ast.root;
    if (clauses->count || !root || collect(clauses, root, true, false, results->options.all))
        return KW_OK;
    clauses->count = 0;
    return kw_fail_memory(error);
}

void kw_clauses_release(struct kwic_results *results)
{
    free(results->clauses.items);
    free(results->missing.items);
    kw_arena_release(&results->missing.arena);
}

enum kw_status kw_clause_plan(struct kwic_results *results, const struct kw_clause *clause,
                              struct kw_plan *plan, struct kw_error *error)
{
    const struct kwic_search_options *options = &results->options;
    struct kw_ast_node node = *clause->node;
    struct kw_ast_node *children[] = {&node};
    struct kw_ast_node root = {
        .kind = KW_AST_GROUP, .occur = KW_MUST, .boost = 1, .children = children, .child_count = 1};
    struct kw_ast ast = {.root = &root, .clauses = 1};
    struct kw_plan_options planning = {.language = results->language};
    node.occur = clause->required ? KW_MUST : KW_SHOULD;
    node.clause = 0;
    enum kw_status status = kw_plan_init(plan, &ast, results->index->analyzer, &planning, error);
    if (status == KW_OK)
        status = kw_index_expand(results->index, plan, (uint32_t)options->max_expansions, error);
    return status;
}

enum kw_status kw_clause_count(struct kwic_results *results, const struct kw_plan *plan,
                               uint64_t *documents, struct kw_error *error)
{
    struct kwic_index *index = results->index;
    const struct kw_parameters parameters = kw_results_parameters(results);
    struct kw_statistics statistics;
    struct kw_top top;
    *documents = 0;
    if (!plan->root)
        return KW_OK;
    enum kw_status status = kw_statistics_init(&statistics, plan, &parameters, error);
    if (status != KW_OK)
        return status;
    statistics.work = &results->aside;
    status = kw_top_init(&top, 0, false, kw_index_order, index, error);
    if (status == KW_OK)
        status = kw_index_search(index, plan, &statistics, &top, documents, NULL, error);
    kw_top_release(&top);
    kw_statistics_release(&statistics);
    return status;
}

enum kw_status kw_clause_holders(const struct kwic_results *results, const struct kw_plan *plan,
                                 const struct kw_leaf *leaf, uint64_t *holders,
                                 struct kw_error *error)
{
    const struct kw_plan_node root = {.kind = KW_PLAN_LEAF, .occur = KW_MUST};
    const struct kw_parameters none = {0, 0, 0}; /* nothing is scored */
    struct kw_leaf alone = *leaf;
    struct kw_plan asked = *plan;
    struct kw_statistics statistics;
    alone.negated = alone.again = false;
    asked.root = &root;
    asked.leaves = &alone;
    asked.leaf_count = 1;
    asked.additions = NULL;
    asked.addition_count = 0;
    enum kw_status status = kw_statistics_init(&statistics, &asked, &none, error);
    if (status != KW_OK)
        return status;
    status = kw_index_statistics(results->index, &asked, &statistics, error);
    *holders = statistics.leaves[0].frequencies[0];
    kw_statistics_release(&statistics);
    return status;
}

/* Clause `number` of a query. */
static enum kw_status query_clause(struct kwic_results *results, size_t number,
                                   struct kwic_clause *clause, struct kw_error *error)
{
    struct kw_plan plan = KW_PLAN_INIT;
    enum kw_status status = kw_clauses_collect(results, error);
    if (status != KW_OK || number >= results->clauses.count)
        return status == KW_OK ? KW_END : status;
    const struct kw_clause *found = &results->clauses.items[number];
    *clause =
        (struct kwic_clause){.text = kw_text_of(found->node->written), .negated = found->negated};
    status = kw_clause_plan(results, found, &plan, error);
    if (status == KW_OK)
        status = kw_clause_count(results, &plan, &clause->documents, error);
    kw_plan_release(&plan);
    return status;
}

enum kwic_status kwic_results_clause(struct kwic_results *results, size_t number,
                                     struct kwic_clause *clause, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status = KW_END;
    unsigned tries = 0;
    if (!results->leaves_out) {
        do {
            status = query_clause(results, number, clause, &inner);
        } while (kw_index_again(results->index, &tries, &status, &inner));
    } else if (number < results->plan.leaf_count) {
        *clause = (struct kwic_clause){
            .text = kw_text_of(results->plan.leaves[number].surface),
            .documents = results->statistics.leaves[number].frequencies[0],
        };
        status = KW_OK;
    }
    return kw_publish(status, &inner, error);
}

/* ---- Words of a clause ----------------------------------------------------------------------- */

/* A word that is looked for among those of a clause, in the order of the query. */
struct word_search {
    struct kwic_results *results;
    const struct kw_plan *plan;
    struct kw_error *error;
    size_t number; /* how many come before it */
    struct kwic_clause *word;
    struct kw_bytes text;  /* of the one at hand */
    struct kw_arena arena; /* the texts of those before it … */
    struct texts {
        struct kw_view *items; /* … each once */
        size_t count;
        size_t capacity;
    } texts;
};

/* Writes a word as a query of its own: a form that is looked for as it stands with its sign. */
static enum kw_status write_word(struct word_search *search, const struct kw_leaf *leaf)
{
    struct kw_bytes *text = &search->text;
    const struct kw_analyzer *analyzer = search->results->index->analyzer;
    struct kw_view field = kw_leaf_field(search->plan, leaf);
    kw_bytes_clear(text);
    if (field.size) {
        kw_bytes_append_view(text, field);
        kw_bytes_append_byte(text, ':');
    }
    if (leaf->kind == KW_LEAF_EXPANSION) {
        const struct kw_expansion *expansion = &search->plan->expansions[leaf->expansion];
        kw_bytes_append_view(text, expansion->pattern);
        if (expansion->edits)
            kw_bytes_format(text, "~%u", expansion->edits);
    } else {
        if (!leaf->terms[0].language.size && kw_analyzer_languages(analyzer) > 0)
            kw_bytes_append_byte(text, '=');
        kw_bytes_append_view(text, leaf->surface.size ? leaf->surface : leaf->terms[0].bytes);
    }
    return kw_bytes_status(text, search->error);
}

/* Looks at a word: KW_OK if it is the one, KW_END to go on. */
static enum kw_status try_word(struct word_search *search, const struct kw_leaf *leaf)
{
    struct texts *texts = &search->texts;
    enum kw_status status = write_word(search, leaf);
    struct kw_view text = kw_bytes_view(&search->text);
    for (size_t i = 0; i < texts->count && status == KW_OK; i++)
        if (kw_view_equal(texts->items[i], text))
            return KW_END;
    if (status != KW_OK)
        return status;
    if (texts->count == search->number) {
        text = kw_arena_copy(&search->results->missing.arena, text);
        search->word->text = kw_text_of(text);
        if (!text.data)
            return kw_fail_memory(search->error);
        return kw_clause_holders(search->results, search->plan, leaf, &search->word->documents,
                                 search->error);
    }
    text = kw_arena_copy(&search->arena, text);
    if (!text.data || !kw_grow(texts, texts->count + 1))
        return kw_fail_memory(search->error);
    texts->items[texts->count++] = text;
    return KW_END;
}

/* Looks at the words of a leaf or operand. */
static enum kw_status try_words(struct word_search *search, const struct kw_leaf *leaf)
{
    enum kw_status status = KW_END;
    if (leaf->kind == KW_LEAF_WORD || leaf->kind == KW_LEAF_EXPANSION)
        return try_word(search, leaf);
    for (uint32_t i = 0; i < leaf->term_count && status == KW_END; i++) {
        struct kw_leaf word = {.kind = KW_LEAF_WORD,
                               .terms = &leaf->terms[i],
                               .term_count = 1,
                               .span = 1,
                               .boost = 1,
                               .repeats = 1};
        status = try_word(search, &word);
    }
    for (uint32_t i = 0; i < leaf->operand_count && status == KW_END; i++)
        status = try_words(search, &leaf->operands[i]);
    return status;
}

static enum kw_status clause_word(struct kwic_results *results, size_t clause, size_t number,
                                  struct kwic_clause *word, struct kw_error *error)
{
    struct kw_plan plan = KW_PLAN_INIT;
    struct word_search search = {.results = results,
                                 .plan = &plan,
                                 .error = error,
                                 .number = number,
                                 .word = word,
                                 .text = KW_BYTES_INIT,
                                 .arena = KW_ARENA_INIT};
    enum kw_status status = results->leaves_out ? KW_OK : kw_clauses_collect(results, error);
    *word = (struct kwic_clause){.text = KWIC_TEXT("")};
    if (status != KW_OK || clause >= results->clauses.count)
        return status == KW_OK ? KW_END : status;
    status = kw_clause_plan(results, &results->clauses.items[clause], &plan, error);
    status = status == KW_OK ? KW_END : status;
    for (uint32_t i = 0; i < plan.leaf_count && status == KW_END; i++)
        status = try_words(&search, &plan.leaves[i]);
    kw_bytes_release(&search.text);
    kw_arena_release(&search.arena);
    free(search.texts.items);
    kw_plan_release(&plan);
    return status;
}

enum kwic_status kwic_results_clause_word(struct kwic_results *results, size_t clause,
                                          size_t number, struct kwic_clause *word,
                                          struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    enum kw_status status;
    do {
        status = clause_word(results, clause, number, word, &inner);
    } while (kw_index_again(results->index, &tries, &status, &inner));
    return kw_publish(status, &inner, error);
}
