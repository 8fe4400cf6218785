/* Words of a query that no document holds, and the terms near them: did you mean? */
#include "lib/clauses.h"
#include "lib/status.h"

#include <stdlib.h>

enum {
    CLAUSES_AT_MOST = 100, /* that are looked at */
    SPELLED_AT_MOST = 20,  /* words whose spellings are looked for: each takes some milliseconds */
    ONE_EDIT_AT_LEAST = 3, /* characters of a word that has spellings at all */
    TWO_EDITS_AT_LEAST = 5,
};

/* How many live documents hold any of the terms. */
static enum kw_status count_holders(const struct kwic_results *results,
                                    const struct kw_query_term *terms, uint32_t count,
                                    uint64_t *holders, struct kw_error *error)
{
    const struct kw_leaf leaf = {.kind = KW_LEAF_WORD,
                                 .terms = terms,
                                 .term_count = count,
                                 .span = 1,
                                 .boost = 1,
                                 .repeats = 1};
    const struct kw_plan plan = {.arena = KW_ARENA_INIT, .clause_count = 1};
    return kw_clause_holders(results, &plan, &leaf, holders, error);
}

/* ---- Words that are missing ------------------------------------------------------------------ */

/* Notes a word, unless it is noted already. */
static enum kw_status add_missing(struct kw_missing_words *missing, struct kw_view field,
                                  struct kw_view word, struct kw_error *error)
{
    for (size_t i = 0; i < missing->count; i++)
        if (kw_view_equal(missing->items[i].field, field) &&
            kw_view_equal(missing->items[i].word, word))
            return KW_OK;
    if (!kw_grow(missing, missing->count + 1))
        return kw_fail_memory(error);
    field = kw_arena_copy(&missing->arena, field);
    word = kw_arena_copy(&missing->arena, word);
    if (!field.data || !word.data)
        return kw_fail_memory(error);
    missing->items[missing->count].field = field;
    missing->items[missing->count++].word = word;
    return KW_OK;
}

/* Notes `word` if no live document holds any of `terms`. */
static enum kw_status look_for(struct kwic_results *results, const struct kw_query_term *terms,
                               uint32_t count, struct kw_view word, struct kw_error *error)
{
    uint64_t holders;
    enum kw_status status = count_holders(results, terms, count, &holders, error);
    if (status == KW_OK && holders == 0)
        status = add_missing(&results->missing, terms[0].field, word, error);
    return status;
}

/* Notes the missing words of a leaf or operand. */
static enum kw_status look_at(struct kwic_results *results, const struct kw_plan *plan,
                              const struct kw_leaf *leaf, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (leaf->kind == KW_LEAF_WORD)
        return look_for(results, leaf->terms, leaf->term_count, leaf->surface, error);
    if (leaf->kind == KW_LEAF_EXPANSION) {
        const struct kw_expansion *expansion = &plan->expansions[leaf->expansion];
        if (expansion->edits && expansion->term_count == 0)
            status = add_missing(&results->missing, expansion->field, expansion->pattern, error);
        return status;
    }
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK; i++)
        status = look_for(results, &leaf->terms[i], 1, leaf->terms[i].bytes, error);
    for (uint32_t i = 0; i < leaf->operand_count && status == KW_OK; i++)
        status = look_at(results, plan, &leaf->operands[i], error);
    return status;
}

/* Notes the missing words of a clause. A bare word finds any of its parts, so that some can be
 * missing; of the readings of any other clause one is enough, and none is missing where finding out
 * whether it finds anything is too much work. */
static enum kw_status look_at_clause(struct kwic_results *results, const struct kw_clause *clause,
                                     struct kw_error *error)
{
    struct kw_plan plan = KW_PLAN_INIT;
    uint64_t documents = 0;
    enum kw_status status = kw_clause_plan(results, clause, &plan, error);
    if (status == KW_OK && clause->node->kind != KW_AST_WORD)
        status = kw_clause_count(results, &plan, &documents, error);
    if (documents || status == KW_E_USAGE)
        plan.leaf_count = 0;
    if (status == KW_E_USAGE)
        status = KW_OK;
    for (uint32_t i = 0; i < plan.leaf_count && status == KW_OK; i++)
        status = look_at(results, &plan, &plan.leaves[i], error);
    kw_plan_release(&plan);
    return status;
}

/* ---- Terms near a word ----------------------------------------------------------------------- */

/* How many edits away the terms near a word may be; 0: it has none. */
static uint32_t edits_of(struct kw_view word)
{
    uint32_t characters = 0;
    bool letters = false;
    for (size_t i = 0; i < word.size; i++) {
        uint8_t byte = word.data[i];
        characters += (byte & 0xc0) != 0x80;
        letters = letters || byte >= 0x80 || (byte >= 'a' && byte <= 'z');
    }
    if (!letters || characters < ONE_EDIT_AT_LEAST)
        return 0;
    return characters < TWO_EDITS_AT_LEAST ? 1 : 2;
}

static bool is_better(const struct kwic_spelling *one, const struct kwic_spelling *other)
{
    if (one->edits != other->edits)
        return one->edits < other->edits;
    if (one->documents != other->documents)
        return one->documents > other->documents;
    return kw_view_compare(kw_view_of_text(one->term), kw_view_of_text(other->term)) < 0;
}

/* Keeps a spelling if it is new and among the best. */
static void offer(struct kwic_missing *missing, struct kwic_spelling spelling)
{
    struct kwic_spelling *items = missing->spellings;
    size_t at = missing->spelling_count;
    for (size_t i = 0; i < missing->spelling_count; i++)
        if (kw_view_equal(kw_view_of_text(items[i].term), kw_view_of_text(spelling.term)))
            return;
    while (at > 0 && is_better(&spelling, &items[at - 1]))
        at--;
    if (at == KWIC_SPELLINGS)
        return;
    if (missing->spelling_count < KWIC_SPELLINGS)
        missing->spelling_count++;
    for (size_t i = missing->spelling_count - 1; i > at; i--)
        items[i] = items[i - 1];
    items[at] = spelling;
}

/* Offers the most frequent terms within `edits` of the word. One of them may be the word itself, in
 * other languages than are looked for, and others are known from fewer edits: hence so many more.
 */
static enum kw_status offer_terms(struct kwic_results *results, struct kwic_missing *missing,
                                  uint32_t edits, struct kw_error *error)
{
    struct kw_view word = kw_view_of_text(missing->word);
    struct kw_expansion expansion = {
        .field = kw_view_of_text(missing->field), .pattern = word, .edits = edits};
    struct kw_plan plan = {.arena = KW_ARENA_INIT, .expansions = &expansion, .expansion_count = 1};
    enum kw_status status = kw_index_expand(results->index, &plan, 2 * KWIC_SPELLINGS, error);
    for (uint32_t i = 0; i < expansion.term_count && status == KW_OK; i++) {
        struct kwic_spelling spelling = {.edits = edits};
        if (kw_view_equal(expansion.terms[i].bytes, word))
            continue;
        status = count_holders(results, &expansion.terms[i], 1, &spelling.documents, error);
        struct kw_view term = kw_arena_copy(&results->missing.arena, expansion.terms[i].bytes);
        if (status == KW_OK && !term.data)
            status = kw_fail_memory(error);
        spelling.term = kw_text_of(term);
        if (status == KW_OK)
            offer(missing, spelling);
    }
    kw_arena_release(&plan.arena);
    return status;
}

static enum kw_status next_missing(struct kwic_results *results, struct kwic_missing *missing,
                                   struct kw_error *error)
{
    struct kw_missing_words *words = &results->missing;
    enum kw_status status = kw_clauses_collect(results, error);
    size_t clauses = results->clauses.count;
    if (clauses > CLAUSES_AT_MOST)
        clauses = CLAUSES_AT_MOST;
    while (status == KW_OK && words->next == words->count) {
        if (words->next_clause == clauses)
            return KW_END;
        status = look_at_clause(results, &results->clauses.items[words->next_clause], error);
        words->next_clause += status == KW_OK;
    }
    if (status != KW_OK)
        return status;
    *missing = (struct kwic_missing){
        .word = kw_text_of(words->items[words->next].word),
        .field = kw_text_of(words->items[words->next].field),
    };
    uint32_t edits = edits_of(words->items[words->next].word);
    if (edits && words->spelled++ >= SPELLED_AT_MOST)
        edits = 0;
    for (uint32_t i = 1; i <= edits && missing->spelling_count < KWIC_SPELLINGS; i++) {
        status = offer_terms(results, missing, i, error);
        if (status != KW_OK)
            return status;
    }
    words->next++;
    return KW_OK;
}

enum kwic_status kwic_results_next_missing(struct kwic_results *results,
                                           struct kwic_missing *missing, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    enum kw_status status;
    do {
        status = next_missing(results, missing, &inner);
    } while (kw_index_again(results->index, &tries, &status, &inner));
    return kw_publish(status, &inner, error);
}
