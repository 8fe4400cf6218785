/* How a document fares with each clause of a query: what it lacks, or how far its words are apart.
 */
#include "lib/why.h"

#include <stdlib.h>

/* A clause, planned by itself, and what is found out about it. */
struct trial {
    struct kwic_why *why;
    const struct kw_plan *plan;
    const struct kw_statistics *statistics; /* of the plan; without figures */
    struct kwic_why_clause *clause;
    struct kw_error *error;
};

/* Whether the document matches a leaf or operand by itself. */
static enum kw_status try_leaf(const struct trial *trial, const struct kw_leaf *leaf, bool *matches)
{
    const struct kw_plan_node root = {.kind = KW_PLAN_LEAF, .occur = KW_MUST};
    struct kw_plan plan = *trial->plan;
    struct kw_leaf alone = *leaf;
    alone.negated = false;
    plan.leaves = &alone;
    plan.leaf_count = 1;
    return kw_why_matches(trial->why, &plan, &root, trial->statistics, matches, trial->error);
}

/* Notes something that the document lacks: `text`, and the edits of a word, if it has any. */
static enum kw_status lack(const struct trial *trial, struct kw_view text, uint32_t edits)
{
    struct kw_bytes *lacking = &trial->why->lacking;
    if (lacking->size)
        kw_bytes_append_text(lacking, ", ");
    kw_bytes_append_view(lacking, text);
    if (edits)
        kw_bytes_format(lacking, "~%u", edits);
    return kw_bytes_status(lacking, trial->error);
}

/* Notes the words of a phrase that the document lacks. */
static enum kw_status lack_terms(const struct trial *trial, const struct kw_leaf *leaf)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK; i++) {
        /* Each in a place of its own, by which what is looked up is remembered. */
        struct kw_query_term *term = kw_arena_alloc(&trial->why->arena, sizeof *term);
        struct kw_leaf word = {
            .kind = KW_LEAF_WORD, .terms = term, .term_count = 1, .span = 1, .boost = 1};
        bool matches;
        if (!term)
            return kw_fail_memory(trial->error);
        *term = leaf->terms[i];
        term->offset = 0;
        word.repeats = 1;
        status = try_leaf(trial, &word, &matches);
        if (status == KW_OK && !matches)
            status = lack(trial, term->bytes, 0);
    }
    return status;
}

/* The least distance of the leaf, which does not match as it is, at which it does: 0 if there is
 * none. */
static enum kw_status find_distance(const struct trial *trial, struct kw_leaf leaf,
                                    uint32_t *distance)
{
    uint32_t low = leaf.distance, high = KW_QUERY_DISTANCE; /* it does not match at low */
    bool matches;
    if (leaf.kind == KW_LEAF_PHRASE)
        leaf.span = 0;
    leaf.distance = high;
    *distance = 0;
    enum kw_status status = try_leaf(trial, &leaf, &matches);
    if (status != KW_OK || !matches)
        return status;
    while (high - low > 1 && status == KW_OK) {
        leaf.distance = low + (high - low) / 2;
        status = try_leaf(trial, &leaf, &matches);
        *(matches ? &high : &low) = leaf.distance;
    }
    *distance = high;
    return status;
}

/* How far apart the words of a phrase, or the operands of a NEAR, are; all of them are there. */
static enum kw_status measure(const struct trial *trial, const struct kw_leaf *leaf)
{
    struct kwic_why_clause *clause = trial->clause;
    struct kw_leaf loose = *leaf;
    clause->outcome = KWIC_APART;
    clause->moves = leaf->kind == KW_LEAF_PHRASE;
    enum kw_status status = find_distance(trial, loose, &clause->distance);
    if (status != KW_OK || clause->distance || !leaf->ordered ||
        leaf->operand_count > KW_QUERY_OPERANDS)
        return status;
    loose.ordered = false;
    loose.distance = 0;
    status = find_distance(trial, loose, &clause->distance);
    clause->ordered = clause->distance != 0;
    return status;
}

/* Notes the first values that the document has in the field of a filter. */
static enum kw_status tell_values(const struct trial *trial, const struct kw_leaf *filter)
{
    enum { MOST = 20 };
    struct kwic_why *why = trial->why;
    struct kw_bytes *values = &why->values;
    enum kw_status status = KW_OK;
    trial->clause->outcome = KWIC_VALUE;
    for (uint32_t i = 0; i <= MOST && status == KW_OK; i++) {
        struct kw_engine *engine = why->member->engine;
        enum kw_value_type type;
        size_t before = values->size;
        if (i)
            kw_bytes_append_text(values, ", ");
        status = engine->ops->value(engine, why->document, filter->filter->field, i, &type, values,
                                    trial->error);
        if (status != KW_OK || i == MOST)
            values->size = before;
    }
    if (status == KW_OK)
        kw_bytes_append_text(values, ", ...");
    if (status == KW_E_NOT_FOUND)
        status = KW_OK;
    return status == KW_OK ? kw_bytes_status(values, trial->error) : status;
}

/* Whether the document holds an operand; of alternatives, any of them. */
static enum kw_status try_operand(const struct trial *trial, const struct kw_leaf *operand,
                                  bool *matches)
{
    enum kw_status status = KW_OK;
    *matches = false;
    if (operand->kind != KW_LEAF_ANY)
        return try_leaf(trial, operand, matches);
    for (uint32_t i = 0; i < operand->operand_count && status == KW_OK && !*matches; i++)
        status = try_leaf(trial, &operand->operands[i], matches);
    return status;
}

static enum kw_status explain(const struct trial *trial, const struct kw_leaf *leaf);

/* Explains the operands that the document does not hold; *held: there are none. */
static enum kw_status explain_operands(const struct trial *trial, const struct kw_leaf *leaf,
                                       bool *held)
{
    enum kw_status status = KW_OK;
    *held = true;
    for (uint32_t i = 0; i < leaf->operand_count && status == KW_OK; i++) {
        bool matches;
        status = try_operand(trial, &leaf->operands[i], &matches);
        if (status != KW_OK || matches)
            continue;
        status = explain(trial, &leaf->operands[i]);
        *held = false;
    }
    return status;
}

/* Finds out why a leaf or operand, which the document does not hold, does not match. */
static enum kw_status explain(const struct trial *trial, const struct kw_leaf *leaf)
{
    size_t before = trial->why->lacking.size;
    enum kw_status status = KW_OK;
    bool held = false;
    if (leaf->kind == KW_LEAF_WORD) {
        status = lack(trial, leaf->surface, 0);
    } else if (leaf->kind == KW_LEAF_EXPANSION) {
        const struct kw_expansion *expansion = &trial->plan->expansions[leaf->expansion];
        status = lack(trial, expansion->pattern, expansion->edits);
    } else if (leaf->kind == KW_LEAF_FILTER) {
        status = tell_values(trial, leaf);
    } else if (leaf->kind == KW_LEAF_PHRASE) {
        status = lack_terms(trial, leaf);
        held = trial->why->lacking.size == before;
    } else {
        status = explain_operands(trial, leaf, &held);
    }
    return status == KW_OK && held ? measure(trial, leaf) : status;
}

/* Finds out how the document fares with the clause as planned. */
static enum kw_status judge(const struct trial *trial)
{
    struct kwic_why *why = trial->why;
    const struct kw_plan *plan = trial->plan;
    struct kw_engine *engine = why->member->engine;
    struct kw_part *parts = calloc((size_t)plan->leaf_count + 1, sizeof *parts);
    bool matches;
    if (!parts)
        return kw_fail_memory(trial->error);
    enum kw_status status = engine->ops->judge(engine, plan, trial->statistics, why->document,
                                               &matches, parts, trial->error);
    for (uint32_t i = 0; i < plan->leaf_count && status == KW_OK; i++) {
        trial->clause->frequency += parts[i].frequency;
        if (!matches)
            status = explain(trial, &plan->leaves[i]);
    }
    free(parts);
    if (status != KW_OK || matches)
        return status;
    if (why->lacking.size || trial->clause->outcome == KWIC_HOLDS)
        trial->clause->outcome = KWIC_LACKS;
    return KW_OK;
}

/* What the clause adds to the score of the document. */
static double score_of(const struct kwic_why *why, size_t number)
{
    const struct kw_plan *plan = &why->results->plan;
    double sum = 0;
    for (uint32_t i = 0; i < plan->leaf_count && why->parts; i++)
        if (plan->leaves[i].clause == number)
            sum += why->parts[i].score;
    return sum;
}

/* Keeps a text that was gathered as long as the handle. */
static enum kw_status keep(struct kwic_why *why, const struct kw_bytes *gathered,
                           struct kwic_text *text, struct kw_error *error)
{
    struct kw_view copy = kw_arena_copy(&why->arena, kw_bytes_view(gathered));
    *text = kw_text_of(copy);
    return copy.data ? KW_OK : kw_fail_memory(error);
}

static enum kw_status look_at(struct kwic_why *why, size_t number, struct kwic_why_clause *clause,
                              struct kw_error *error)
{
    struct kwic_results *results = why->results;
    const struct kw_parameters parameters = kw_results_parameters(results);
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_statistics statistics = {.arena = KW_ARENA_INIT};
    const struct kw_clause *found = &results->clauses.items[number];
    struct trial trial = {why, &plan, &statistics, clause, error};
    *clause = (struct kwic_why_clause){
        .text = kw_text_of(found->node->written),
        .negated = found->negated,
        .required = found->required,
        .outcome = KWIC_HOLDS,
        .score = score_of(why, number),
    };
    kw_bytes_clear(&why->lacking);
    kw_bytes_clear(&why->values);
    enum kw_status status = kw_clause_plan(results, found, &plan, error);
    if (status == KW_OK)
        status = kw_statistics_init(&statistics, &plan, &parameters, error);
    statistics.work = &why->work;
    if (status == KW_OK)
        status = judge(&trial);
    if (status == KW_OK)
        status = keep(why, &why->lacking, &clause->lacking, error);
    if (status == KW_OK)
        status = keep(why, &why->values, &clause->values, error);
    kw_statistics_release(&statistics);
    kw_plan_release(&plan);
    return status;
}

enum kw_status kw_why_clauses(struct kwic_why *why, struct kw_error *error)
{
    struct kwic_results *results = why->results;
    enum kw_status status = kw_clauses_collect(results, error);
    if (status != KW_OK)
        return status;
    why->clauses = calloc(results->clauses.count + 1, sizeof *why->clauses);
    if (!why->clauses)
        return kw_fail_memory(error);
    for (; status == KW_OK && why->clause_count < results->clauses.count; why->clause_count++)
        status = look_at(why, why->clause_count, &why->clauses[why->clause_count], error);
    return status;
}

enum kwic_status kwic_why_clause(const struct kwic_why *why, size_t number,
                                 struct kwic_why_clause *clause)
{
    if (number >= why->clause_count)
        return KWIC_END;
    *clause = why->clauses[number];
    return KWIC_OK;
}
