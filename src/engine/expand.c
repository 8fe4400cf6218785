/* Gathers the terms of patterns from engines and picks the most frequent. */
#include "engine/expand.h"

#include <stdlib.h>

enum kw_status kw_found_terms_add(struct kw_found_terms *found, struct kw_view bytes,
                                  uint64_t documents, struct kw_error *error)
{
    struct kw_found_term term = {kw_arena_copy(&found->arena, bytes), documents};
    if (!term.bytes.data || !kw_grow(found, found->count + 1))
        return kw_fail_memory(error);
    found->items[found->count++] = term;
    return KW_OK;
}

static void clear(struct kw_found_terms *found)
{
    kw_arena_release(&found->arena);
    found->count = 0;
    found->looked_at = 0;
}

static int by_bytes(const void *a, const void *b)
{
    const struct kw_found_term *left = a, *right = b;
    return kw_view_compare(left->bytes, right->bytes);
}

static int by_frequency(const void *a, const void *b)
{
    const struct kw_found_term *left = a, *right = b;
    if (left->documents != right->documents)
        return left->documents > right->documents ? -1 : 1;
    return by_bytes(a, b);
}

/* Adds up equal terms, and drops those that no live document holds. */
static void merge(struct kw_found_terms *found)
{
    size_t kept = 0, last;
    if (found->count)
        qsort(found->items, found->count, sizeof *found->items, by_bytes);
    for (size_t i = 0; i < found->count; i = last) {
        struct kw_found_term term = found->items[i];
        for (last = i + 1; last < found->count && by_bytes(&term, &found->items[last]) == 0; last++)
            term.documents += found->items[last].documents;
        if (term.documents)
            found->items[kept++] = term;
    }
    found->count = kept;
}

/* Takes the most frequent terms of all into the plan. */
static enum kw_status take(struct kw_plan *plan, uint32_t number, struct kw_found_terms *found,
                           uint32_t limit, struct kw_error *error)
{
    merge(found);
    plan->expansions[number].fitting = found->count;
    if (found->count > limit) {
        qsort(found->items, found->count, sizeof *found->items, by_frequency);
        found->count = limit;
        qsort(found->items, found->count, sizeof *found->items, by_bytes);
    }
    struct kw_view *terms = malloc((found->count + 1) * sizeof *terms);
    if (!terms)
        return kw_fail_memory(error);
    for (size_t i = 0; i < found->count; i++)
        terms[i] = found->items[i].bytes;
    enum kw_status status = kw_plan_expand(plan, number, terms, (uint32_t)found->count, error);
    free(terms);
    return status;
}

/* The steps that a pattern takes, the terms that fit it being those that are left. */
static uint64_t count_steps(const struct kw_found_terms *found)
{
    uint64_t documents = 0;
    for (size_t i = 0; i < found->count; i++)
        documents += found->items[i].documents;
    return found->looked_at + documents;
}

/* What all patterns take so far. */
struct expense {
    uint64_t sum;
    uint64_t greatest; /* of one of them */
};

static enum kw_status spend(struct expense *expense, uint64_t steps, struct kw_error *error)
{
    enum { FREE_PATTERNS = 3 };
    expense->sum += steps;
    if (steps > expense->greatest)
        expense->greatest = steps;
    if (expense->sum <= KW_EXPAND_STEPS || expense->sum / FREE_PATTERNS <= expense->greatest)
        return KW_OK;
    kw_fail(error, KW_E_USAGE, "the words with wildcards and edits ask for too much on this index");
    kw_hint(error, "use fewer of them, or more letters in each");
    return KW_E_USAGE;
}

enum kw_status kw_expand_plan(struct kw_plan *plan, struct kw_engine *const *engines,
                              size_t engine_count, uint32_t limit, struct kw_error *error)
{
    struct kw_found_terms found = {.arena = KW_ARENA_INIT};
    struct kw_pattern pattern;
    struct expense expense = {0, 0};
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < plan->expansion_count && status == KW_OK; i++) {
        const struct kw_expansion *expansion = &plan->expansions[i];
        if (expansion->edits)
            kw_pattern_spelling(&pattern, expansion->pattern, expansion->edits);
        else
            kw_pattern_wildcard(&pattern, expansion->pattern);
        clear(&found);
        for (size_t j = 0; j < engine_count && status == KW_OK; j++)
            status = engines[j]->ops->expand(engines[j], expansion->field, &pattern, &found, error);
        if (status == KW_OK)
            status = take(plan, i, &found, limit, error);
        if (status == KW_OK)
            status = spend(&expense, count_steps(&found), error);
    }
    clear(&found);
    free(found.items);
    return status;
}
