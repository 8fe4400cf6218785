/* Searches: from a query to the documents in their order. */
#include "lib/fresh.h"
#include "lib/status.h"
#include "query/parity.h"
#include "stemmers/guess.h"

#include <stdlib.h>

#define WEIGHT_MOST 1000.0

enum { MAX_EXPANSIONS = 1000000 };

static bool is_weight(double weight)
{
    return weight >= 0 && weight <= WEIGHT_MOST;
}

static enum kw_status check_options(const struct kwic_search_options *options,
                                    struct kw_error *error)
{
    if (!(options->k1 >= 0 && options->k1 <= 1000))
        return kw_fail(error, KW_E_USAGE, "k1 must be a number from 0 to 1000, not %g",
                       options->k1);
    if (!(options->b >= 0 && options->b <= 1))
        return kw_fail(error, KW_E_USAGE, "b must be a number from 0 to 1, not %g", options->b);
    if (!(options->k3 >= 0 && options->k3 <= 1000))
        return kw_fail(error, KW_E_USAGE, "k3 must be a number from 0 to 1000, not %g",
                       options->k3);
    if (!is_weight(options->title_weight) || !is_weight(options->near_weight) ||
        !is_weight(options->character_weight))
        return kw_fail(error, KW_E_USAGE, "weights must be numbers from 0 to %g", WEIGHT_MOST);
    if (options->parity != KWIC_PARITY_NONE && options->parity != KWIC_PARITY_XAPIAN)
        return kw_fail(error, KW_E_USAGE, "unknown parity %d", (int)options->parity);
    if ((unsigned)options->fresh > KWIC_FRESH_ONLY)
        return kw_fail(error, KW_E_USAGE, "unknown freshness %d", (int)options->fresh);
    if (options->minimum_percent > 100)
        return kw_fail(error, KW_E_USAGE, "at most 100 percent can match, not %zu",
                       options->minimum_percent);
    if (options->max_expansions < 1 || options->max_expansions > MAX_EXPANSIONS)
        return kw_fail(error, KW_E_USAGE, "max_expansions must be from 1 to %d, not %zu",
                       MAX_EXPANSIONS, options->max_expansions);
    return KW_OK;
}

static struct kw_minimum minimum_of(const struct kwic_search_options *options)
{
    size_t parts = options->minimum < UINT32_MAX ? options->minimum : UINT32_MAX;
    return (struct kw_minimum){(uint32_t)parts, (uint32_t)options->minimum_percent};
}

static bool is_blank(struct kwic_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!memchr(" \t\n\v\f\r", text.data[i], 6))
            return false;
    }
    return true;
}

/* Settles whose stems are looked for. */
static enum kw_status choose_language(struct kwic_results *results, struct kw_error *error)
{
    const char *name = results->options.language;
    if (!name)
        return KW_OK;
    results->language = kw_guess_named(name);
    return results->language ? KW_OK : kw_fail(error, KW_E_USAGE, "unknown language '%s'", name);
}

/* Whether a document can be in the language whose stems are looked for. */
static bool is_language_held(const struct kwic_results *results)
{
    const struct kw_analyzer *analyzer = results->index->analyzer;
    return !results->language || kw_analyzer_languages(analyzer) == 0 ||
           kw_analyzer_find_language(analyzer, kw_view_of(results->language)) != KW_NO_LANGUAGE;
}

/* What kwic's own ranking has and Xapian's has not. */
static void add_weights(struct kw_plan_options *planning, const struct kwic_search_options *options)
{
    planning->weigh_stop_words = options->weigh_stop_words;
    planning->additions = (struct kw_addition_weights){options->title_weight, options->near_weight,
                                                       options->character_weight};
}

enum kw_status kw_results_plan(struct kwic_results *results, struct kwic_text query, size_t *at,
                               struct kw_error *error)
{
    struct kwic_index *index = results->index;
    struct kw_parse_options parse = {results->options.strict, results->options.literal};
    struct kw_plan_options planning = {
        .all = results->options.all,
        .language = results->language,
        .minimum = minimum_of(&results->options),
    };
    bool parity = results->options.parity == KWIC_PARITY_XAPIAN;
    if (!parity)
        add_weights(&planning, &results->options);
    if (is_blank(query))
        return kw_fail(error, KW_E_USAGE, "the query is empty");
    enum kw_status status = kw_index_fields(index, error);
    if (status == KW_OK)
        status = kw_parse(&results->ast, kw_view_of_text(query), index->fields, index->field_count,
                          &parse, at, error);
    if (status == KW_OK)
        status = kw_plan_init(&results->plan, &results->ast, index->analyzer, &planning, error);
    if (status == KW_OK && parity)
        status = kw_plan_parity(&results->plan, error);
    bool planned = status == KW_OK;
    const char *note = results->ast.note                       ? results->ast.note
                       : planned && !results->plan.root        ? "the query holds no words"
                       : planned && !is_language_held(results) ? "no document is in that language"
                                                               : NULL;
    if (status == KW_OK && note) {
        results->note = strdup(note);
        if (!results->note)
            status = kw_fail_memory(error);
    }
    if (status == KW_OK)
        status = kw_results_expand(results, (uint32_t)results->options.max_expansions, error);
    return status;
}

enum kw_status kw_index_search(struct kwic_index *index, const struct kw_plan *plan,
                               struct kw_statistics *statistics, struct kw_top *top,
                               uint64_t *matches, struct kw_facets *facets, struct kw_error *error)
{
    enum kw_status status = kw_index_statistics(index, plan, statistics, error);
    for (size_t i = 0; i < index->count && status == KW_OK; i++) {
        struct kw_engine *engine = index->members[i].engine;
        top->engine = (uint32_t)i;
        if (facets)
            facets->engine = (uint32_t)i;
        status = engine->ops->search(engine, plan, statistics, top, matches, facets, error);
    }
    if (status == KW_OK)
        kw_top_sort(top);
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = index->members[i].engine->ops->status(index->members[i].engine, error);
    return status;
}

/* How many hits to keep: those asked for, and one that is left out. */
static size_t hits_wanted(const struct kwic_results *results)
{
    size_t limit = results->options.limit, offset = results->options.offset;
    if (!limit)
        return 0;
    if (results->leaves_out && limit < SIZE_MAX)
        limit++;
    return offset > SIZE_MAX - limit ? SIZE_MAX : limit + offset;
}

/* Takes the document that is left out, which matches, out of the sorted hits; or the last one,
 * which was kept in its stead. */
static void leave_out(struct kwic_results *results)
{
    struct kw_top *top = &results->top;
    const struct kw_hit *out = &results->left_out;
    size_t kept = 0, wanted = top->limit ? top->limit - 1 : 0;
    for (size_t i = 0; i < top->count; i++) {
        if (top->hits[i].document != out->document || top->hits[i].engine != out->engine)
            top->hits[kept++] = top->hits[i];
    }
    top->count = kept < wanted ? kept : wanted;
    results->matches--;
}

struct kw_parameters kw_results_parameters(const struct kwic_results *results)
{
    const struct kwic_search_options *options = &results->options;
    if (options->parity == KWIC_PARITY_XAPIAN)
        return (struct kw_parameters)KW_PARITY_PARAMETERS;
    return (struct kw_parameters){options->k1, options->b, options->k3};
}

/* Ranks the best `limit` documents, in place of those of an earlier call; `facets` may be NULL.
 * *more: there may be others. */
static enum kw_status rank_best(struct kwic_results *results, size_t limit,
                                struct kw_facets *facets, bool *more, struct kw_error *error)
{
    struct kwic_index *index = results->index;
    const struct kwic_search_options *options = &results->options;
    const struct kw_parameters parameters = kw_results_parameters(results);
    kw_statistics_release(&results->statistics);
    kw_top_release(&results->top);
    results->matches = 0;
    enum kw_status status =
        kw_statistics_init(&results->statistics, &results->plan, &parameters, error);
    if (status == KW_OK)
        status = kw_top_init(&results->top, limit, options->by_id, kw_index_order, index, error);
    if (options->sort_field.size)
        results->top.sort = &results->sort;
    else
        results->top.falling = options->by_id && options->descending;
    results->top.uncounted = options->uncounted && options->limit;
    if (facets && results->leaves_out) {
        facets->skips = true;
        facets->skipped = results->left_out.document;
        facets->skipped_engine = results->left_out.engine;
    }
    if (status == KW_OK)
        status = kw_index_search(index, &results->plan, &results->statistics, &results->top,
                                 &results->matches, facets, error);
    *more = results->top.count == limit;
    if (status == KW_OK && results->leaves_out)
        leave_out(results);
    return status;
}

/* Ranks as many documents as it takes for those asked for; if only fresh ones are, that is found
 * out by ranking more, until they are enough or there are no more. Facets are counted once. */
static enum kw_status rank(struct kwic_results *results, struct kw_facets *facets,
                           struct kw_error *error)
{
    enum {
        MORE = 4
    }; /* times as many each time: all rounds together cost little beyond the last */
    const struct kwic_search_options *options = &results->options;
    size_t wanted =
        options->offset > SIZE_MAX - options->limit ? SIZE_MAX : options->offset + options->limit;
    size_t limit = hits_wanted(results);
    for (;;) {
        bool more;
        enum kw_status status = rank_best(results, limit, facets, &more, error);
        if (status == KW_OK && limit && options->fresh != KWIC_FRESH_TRUST)
            status = kw_results_verify(results, wanted, error);
        if (status != KW_OK || options->fresh != KWIC_FRESH_ONLY || !more ||
            results->top.count >= wanted)
            return status;
        limit = limit > SIZE_MAX / MORE ? SIZE_MAX : limit * MORE;
        facets = NULL;
    }
}

enum kw_status kw_results_rank(struct kwic_results *results, struct kw_error *error)
{
    struct kw_facets *facets = results->facets.count ? &results->facets : NULL;
    enum kw_status status = results->plan.root ? rank(results, facets, error) : KW_OK;
    if (status == KW_OK && facets)
        status = kw_results_publish_facets(results, error);
    return status;
}

enum kw_status kw_results_new(struct kwic_results **out, struct kwic_index *index,
                              const struct kwic_search_options *options, struct kw_error *error)
{
    static const struct kwic_search_options defaults = KWIC_SEARCH_OPTIONS_INIT;
    *out = NULL;
    struct kwic_results *results = calloc(1, sizeof *results);
    if (!results)
        return kw_fail_memory(error);
    results->index = index;
    results->options = options ? *options : defaults;
    results->next = results->options.offset;
    results->ast = (struct kw_ast)KW_AST_INIT;
    results->plan = (struct kw_plan)KW_PLAN_INIT;
    results->text = (struct kw_bytes)KW_BYTES_INIT;
    results->query = (struct kw_bytes)KW_BYTES_INIT;
    results->part = (struct kw_bytes)KW_BYTES_INIT;
    enum kw_status status = check_options(&results->options, error);
    if (status == KW_OK)
        status = choose_language(results, error);
    if (status == KW_OK)
        status = kw_results_take_fields(results, error);
    if (status == KW_OK)
        *out = results;
    else
        kwic_results_free(results);
    return status;
}

/* One round: all from the reading of the query to the documents to hand out. */
static enum kw_status search(struct kwic_results **out, struct kwic_index *index,
                             struct kwic_text query, const struct kwic_search_options *options,
                             size_t *at, struct kw_error *error)
{
    struct kwic_results *results;
    *out = NULL;
    enum kw_status status = kw_results_new(&results, index, options, error);
    if (status == KW_OK)
        status = kw_results_plan(results, query, at, error);
    if (status == KW_OK)
        status = kw_results_rank(results, error);
    if (status == KW_OK)
        status = kw_results_hold(results, error);
    if (status == KW_OK)
        *out = results;
    else
        kwic_results_free(results);
    return status;
}

enum kwic_status kwic_search(struct kwic_results **out, struct kwic_index *index,
                             struct kwic_text query, const struct kwic_search_options *options,
                             struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    size_t at = 0;
    enum kw_status status;
    do {
        status = search(out, index, query, options, &at, &inner);
    } while (kw_index_again(index, &tries, &status, &inner));
    kw_publish(status, &inner, error);
    if (status == KW_E_SYNTAX && error)
        error->at = at;
    return (enum kwic_status)status;
}
