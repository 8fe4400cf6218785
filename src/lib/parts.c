/* The parts of a score: what each leaf of the plan and each addition gives a document. */
#include "lib/results.h"
#include "lib/status.h"
#include "query/describe.h"

#include <stdlib.h>

/* Finds the parts of the document at hand. */
static enum kw_status find_parts(struct kwic_results *results, struct kw_error *error)
{
    struct kw_current *current = &results->current;
    const struct kw_plan *plan = &results->plan;
    struct kw_engine *engine = kw_results_member(results, current->hit).engine;
    struct kw_statistics statistics = results->statistics;
    bool matched;
    statistics.work = NULL; /* the search has looked at this document before */
    current->parts =
        calloc((size_t)plan->leaf_count + plan->addition_count + 1, sizeof *current->parts);
    if (!current->parts)
        return kw_fail_memory(error);
    enum kw_status status = engine->ops->judge(engine, plan, &statistics, current->hit->document,
                                               &matched, current->parts, error);
    if (status != KW_OK) {
        free(current->parts);
        current->parts = NULL;
    }
    return status;
}

/* Fills the part for a leaf, or from plan->leaf_count on an addition, by its number. */
static enum kw_status describe(struct kwic_results *results, uint32_t number,
                               struct kwic_part *part, struct kw_error *error)
{
    static const enum kwic_part_kind kinds[] = {
        [KW_ADD_TITLE] = KWIC_PART_TITLE,
        [KW_ADD_NEAR] = KWIC_PART_NEIGHBOURS,
        [KW_ADD_CHARACTER] = KWIC_PART_CHARACTER,
    };
    const struct kw_plan *plan = &results->plan;
    const struct kw_statistics *statistics = &results->statistics;
    const struct kw_part *found = &results->current.parts[number];
    bool added = number >= plan->leaf_count;
    uint32_t addition = number - plan->leaf_count;
    const struct kw_leaf *leaf = added ? &plan->additions[addition].leaf : &plan->leaves[number];
    *part = (struct kwic_part){
        .kind = added ? kinds[plan->additions[addition].kind] : KWIC_PART_QUERY,
        .clause = leaf->clause,
        .boost = leaf->boost,
        .repeats = leaf->repeats,
        .idf = added ? kw_addition_idf(statistics, plan, addition)
                     : kw_leaf_idf(statistics, plan, number),
        .frequency = found->frequency,
        .score = found->score,
    };
    kw_bytes_clear(&results->part);
    kw_part_describe(plan, number, &results->part);
    part->text = kw_text_of(kw_bytes_view(&results->part));
    return kw_bytes_status(&results->part, error);
}

/* Moves to a part that gives something, by its number among those that do. */
static bool move_to(struct kwic_results *results, size_t number)
{
    struct kw_current *current = &results->current;
    uint32_t count = results->plan.leaf_count + results->plan.addition_count;
    if (number < current->part)
        current->part = current->part_at = 0;
    for (; current->part_at < count; current->part_at++) {
        if (!current->parts[current->part_at].frequency)
            continue;
        if (current->part == number)
            return true;
        current->part++;
    }
    return false;
}

static enum kw_status find_part(struct kwic_results *results, size_t number, struct kwic_part *part,
                                struct kw_error *error)
{
    struct kw_current *current = &results->current;
    enum kw_status status = KW_OK;
    if (!current->open)
        return KW_END;
    if (!current->parts)
        status = find_parts(results, error);
    if (status != KW_OK)
        return status;
    return move_to(results, number) ? describe(results, current->part_at, part, error) : KW_END;
}

enum kwic_status kwic_results_part(struct kwic_results *results, size_t number,
                                   struct kwic_part *part, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    return kw_publish(find_part(results, number, part, &inner), &inner, error);
}
