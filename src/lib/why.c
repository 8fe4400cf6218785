/* Why a document is where it is among the results of a query, or is not among them. */
#include "lib/why.h"

#include "lib/fresh.h"
#include "lib/status.h"

#include <stdlib.h>

enum kw_status kw_why_matches(const struct kwic_why *why, const struct kw_plan *plan,
                              const struct kw_plan_node *node,
                              const struct kw_statistics *statistics, bool *matches,
                              struct kw_error *error)
{
    struct kw_engine *engine = why->member->engine;
    struct kw_plan_node root = *node;
    struct kw_plan alone = *plan;
    root.occur = KW_MUST;
    alone.root = &root;
    return engine->ops->judge(engine, &alone, statistics, why->document, matches, NULL, error);
}

/* Searches for all that match, so that the document's rank is known. */
static enum kw_status search(struct kwic_why *why, struct kwic_index *index, struct kwic_text query,
                             const struct kwic_search_options *options, size_t *at,
                             struct kw_error *error)
{
    struct kwic_search_options all = KWIC_SEARCH_OPTIONS_INIT;
    if (options)
        all = *options;
    all.offset = 0;
    all.by_id = false;
    all.sort_field = KWIC_TEXT("");
    all.facets = NULL;
    all.fresh = KWIC_FRESH_TRUST;
    enum kw_status status = kw_results_new(&why->results, index, &all, error);
    if (status == KW_OK)
        status = kw_results_plan(why->results, query, at, error);
    if (status != KW_OK || !why->member || !why->results->plan.root)
        return status;
    why->results->options.limit = SIZE_MAX;
    status = kw_results_rank(why->results, error);
    why->results->options.limit = all.limit;
    return status;
}

static void find_rank(struct kwic_why *why)
{
    const struct kwic_results *results = why->results;
    size_t engine = (size_t)(why->member - results->index->members);
    for (size_t i = 0; i < results->top.count && !why->rank; i++) {
        const struct kw_hit *hit = &results->top.hits[i];
        if (hit->document == why->document && hit->engine == engine)
            why->rank = i + 1;
    }
}

/* Counts the optional parts of the outermost group that match. */
static enum kw_status count_parts(struct kwic_why *why, const struct kw_statistics *statistics,
                                  struct kw_error *error)
{
    const struct kw_plan *plan = &why->results->plan;
    enum kw_status status = KW_OK;
    if (plan->root->kind != KW_PLAN_GROUP || plan->root->minimum == 0)
        return KW_OK;
    for (uint32_t i = 0; i < plan->root->child_count && status == KW_OK; i++) {
        const struct kw_plan_node *child = plan->root->children[i];
        bool matches = false;
        if (child->occur == KW_SHOULD)
            status = kw_why_matches(why, plan, child, statistics, &matches, error);
        why->matched += matches;
    }
    return status;
}

/* Finds out how the document fares with the query as a whole. */
static enum kw_status judge(struct kwic_why *why, struct kw_error *error)
{
    const struct kwic_results *results = why->results;
    size_t summands = (size_t)results->plan.leaf_count + results->plan.addition_count;
    struct kw_engine *engine = why->member->engine;
    struct kw_statistics statistics = results->statistics;
    bool matches;
    if (!results->plan.root)
        return KW_OK;
    find_rank(why);
    why->work.limit = statistics.work->limit;
    statistics.work = &why->work;
    why->parts = calloc(summands + 1, sizeof *why->parts);
    if (!why->parts)
        return kw_fail_memory(error);
    enum kw_status status = engine->ops->judge(engine, &results->plan, &statistics, why->document,
                                               &matches, why->parts, error);
    return status == KW_OK ? count_parts(why, &statistics, error) : status;
}

/* Looks the document up; why->member stays NULL if it is absent. */
static enum kw_status look_up(struct kwic_why *why, struct kwic_index *index, struct kw_view name,
                              bool id_only, struct kw_error *error)
{
    size_t place;
    enum kw_status status = kw_index_find(index, name, id_only, &place, &why->document, error);
    if (status == KW_E_NOT_FOUND)
        return kw_absence_find(&why->absence, index, name, id_only, error);
    if (status != KW_OK)
        return status;
    struct kw_member *member = &index->members[place];
    why->member = member;
    status = member->engine->ops->hold(member->engine, NULL, &why->document, 1, false, &why->held,
                                       error);
    struct kw_engine *engine = why->held ? why->held : member->engine;
    if (status == KW_OK)
        status = engine->ops->record(engine, why->document, &why->record, error);
    if (status == KW_OK)
        status = kw_outside_fill(&why->outside, member, &why->record, error);
    if (status == KW_OK)
        status = kw_file_find(member, why->record.path, &why->file, error);
    return status;
}

/* One round: looks the document up and finds out all about it. */
static enum kw_status look(struct kwic_why **out, struct kwic_index *index, struct kw_view name,
                           bool id_only, struct kwic_text query,
                           const struct kwic_search_options *options, size_t *at,
                           struct kw_error *error)
{
    *out = NULL;
    struct kwic_why *why = calloc(1, sizeof *why);
    if (!why)
        return kw_fail_memory(error);
    why->absence = (struct kw_absence)KW_ABSENCE_INIT;
    enum kw_status status = look_up(why, index, name, id_only, error);
    if (status == KW_OK)
        status = search(why, index, query, options, at, error);
    if (status == KW_OK && why->member)
        status = judge(why, error);
    if (status == KW_OK && why->member)
        status = kw_why_clauses(why, error);
    if (status == KW_OK)
        *out = why;
    else
        kwic_why_free(why);
    return status;
}

enum kwic_status kwic_why_new(struct kwic_why **out, struct kwic_index *index,
                              struct kwic_text name, bool id_only, struct kwic_text query,
                              const struct kwic_search_options *options, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    size_t at = 0;
    enum kw_status status;
    do {
        status = look(out, index, kw_view_of_text(name), id_only, query, options, &at, &inner);
    } while (kw_index_again(index, &tries, &status, &inner));
    kw_publish(status, &inner, error);
    if (status == KW_E_SYNTAX && error)
        error->at = at;
    return (enum kwic_status)status;
}

void kwic_why_free(struct kwic_why *why)
{
    if (!why)
        return;
    kwic_results_free(why->results);
    kw_absence_release(&why->absence);
    kw_outside_release(&why->outside);
    kw_bytes_release(&why->lacking);
    kw_bytes_release(&why->values);
    if (why->held)
        why->held->ops->free(why->held);
    kw_arena_release(&why->arena);
    free(why->clauses);
    free(why->parts);
    free(why);
}

/* What additions of a kind give the document. */
static double added(const struct kwic_why *why, enum kw_addition_kind kind)
{
    const struct kw_plan *plan = &why->results->plan;
    double sum = 0;
    for (uint32_t i = 0; i < plan->addition_count && why->parts; i++)
        if (plan->additions[i].kind == kind)
            sum += why->parts[plan->leaf_count + i].score;
    return sum;
}

void kwic_why_info(const struct kwic_why *why, struct kwic_why_info *info)
{
    const struct kwic_results *results = why->results;
    const struct kw_reason *reason = &why->absence.reason;
    size_t page = results->options.limit;
    *info = (struct kwic_why_info){
        .absence = why->absence.kind,
        .place = kw_text_of(kw_bytes_view(&reason->path)),
        .rules = kw_text_of(kw_bytes_view(&reason->rules)),
        .rule = kw_text_of(kw_bytes_view(&reason->rule)),
        .line = reason->line,
        .note = results->note,
    };
    if (!why->member)
        return;
    info->doc = kw_text_of(why->record.id);
    info->path = KWIC_TEXT(why->outside.path);
    info->file = why->file;
    info->matches = results->matches;
    info->rank = why->rank;
    if (why->rank)
        info->score = results->top.hits[why->rank - 1].score;
    info->titles = added(why, KW_ADD_TITLE);
    info->neighbours = added(why, KW_ADD_NEAR);
    info->characters = added(why, KW_ADD_CHARACTER);
    if (page && why->rank > page)
        info->needed = results->top.hits[page - 1].score;
    if (results->plan.root && results->plan.root->kind == KW_PLAN_GROUP)
        info->minimum = results->plan.root->minimum;
    info->matched = why->matched;
}
