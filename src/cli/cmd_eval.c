/* kwic eval: how good the ranking is, measured with judged queries. */
#include "cli/json.h"
#include "cli/measures.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/qrels.h"
#include "cli/queries.h"
#include "cli/query_options.h"
#include "cli/ranking.h"
#include "cli/where.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    struct kw_foreign_settings foreign;
    size_t limit;
    int format; /* enum format */
    bool per_query;
    struct kw_query_settings query;
    struct kw_ranking ranking;
};

enum format { TEXT, JSON, TREC };

static const char *const format_choices[] = {"text", "json", "trec", NULL};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "search this index; several are searched as one"},
    {.letter = 'n',
     .name = "limit",
     .kind = KW_OPTION_SIZE,
     MEMBER(limit),
     .argument = "N",
     .help = "documents a query at most (1000)"},
    {.name = "per-query", MEMBER(per_query), .help = "the figures of each query too"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = format_choices,
     .help = "text, json, trec"},
    {.name = NULL},
};

/* A measure's name for people, for trec_eval's readers and as a key of JSON. */
struct name {
    const char *text, *trec, *json;
};

static const struct name names[KW_MEASURES] = {
    [KW_MAP] = {"MAP", "map", "map"},
    [KW_NDCG_10] = {"nDCG@10", "ndcg_cut_10", "ndcg_10"},
    [KW_P_10] = {"P@10", "P_10", "p_10"},
    [KW_RECALL_100] = {"Recall@100", "recall_100", "recall_100"},
    [KW_MRR] = {"MRR", "recip_rank", "mrr"},
};

struct run {
    const struct settings *settings;
    struct kw_output *output;
    struct kwic_index *index;
    struct kwic_search_options search;
    struct kw_qrels qrels;
    int *grades; /* of the documents that a query found, best first, then of all its judged ones */
    double *scores;
    size_t capacity;
    bool *done;     /* one a judgement: the queries of the first of each that were evaluated */
    size_t queries; /* evaluated so far */
    double sums[KW_MEASURES];
};

/* ---- One query ------------------------------------------------------------------------------ */

/* Room for the grades and scores of `count` documents. */
static bool reserve(struct run *run, size_t count)
{
    if (count <= run->capacity)
        return true;
    size_t capacity = 2 * count;
    int *grades = realloc(run->grades, capacity * sizeof *grades);
    if (grades != NULL)
        run->grades = grades;
    double *scores = realloc(run->scores, capacity * sizeof *scores);
    if (scores != NULL)
        run->scores = scores;
    if (grades == NULL || scores == NULL)
        return false;
    run->capacity = capacity;
    return true;
}

/* Ties stand in the order of ids; trec_eval takes them the other way round. */
static void turn_ties(struct run *run, size_t count)
{
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && run->scores[end] == run->scores[first];)
            end++;
        for (size_t a = first, b = end - 1; a < b; a++, b--) {
            int grade = run->grades[a];
            run->grades[a] = run->grades[b];
            run->grades[b] = grade;
        }
    }
}

/* Fills the grades of what was found; sets *count. */
static int grade_results(struct run *run, struct kwic_results *results, struct kw_judged judged,
                         size_t *count)
{
    struct kwic_error error = {0};
    struct kwic_result result;
    enum kwic_status status;

    *count = 0;
    while ((status = kwic_results_next(results, &result, &error)) == KWIC_OK) {
        if (!reserve(run, *count + 1))
            return kw_message_memory();
        run->grades[*count] = kw_qrels_grade(judged, result.doc);
        run->scores[*count] = result.score;
        ++*count;
    }
    turn_ties(run, *count);
    return status == KWIC_END ? KW_GO_ON : kw_message_error(&error);
}

/* Searches; the results' grades go into the run, and their number to *count. */
static int search(struct run *run, const struct kw_queries *queries, struct kw_judged judged,
                  size_t *count)
{
    struct kwic_results *results = NULL;
    struct kwic_error error = {0};
    enum kwic_status status =
        kwic_search(&results, run->index, queries->query, &run->search, &error);

    if (status == KWIC_E_SYNTAX) {
        kw_message("'%s', line %" PRIu64 ": the query does not parse", queries->name,
                   queries->number);
        return kw_message_syntax(&error, queries->query);
    }
    if (status == KWIC_E_USAGE)
        return kw_message_usage("'%s', line %" PRIu64 ": %s", queries->name, queries->number,
                                error.message);
    if (status != KWIC_OK)
        return kw_message_error(&error);
    const char *note = kwic_results_note(results);
    if (note != NULL && !run->settings->common.quiet)
        kw_message("'%s', line %" PRIu64 ": %s", queries->name, queries->number, note);
    int result = grade_results(run, results, judged, count);
    kwic_results_free(results);
    return result;
}

/* ---- Output --------------------------------------------------------------------------------- */

static void write_begin(const struct run *run)
{
    if (run->settings->format == JSON)
        kw_output_string(run->output, run->settings->per_query ? "{\"per_query\":[" : "{");
    if (run->settings->format != TEXT)
        return;
    kw_output_format(run->output, "%-20s", "query");
    for (size_t i = 0; i < KW_MEASURES; i++)
        kw_output_format(run->output, " %10s", names[i].text);
    kw_output_string(run->output, "\n");
}

/* The figures of one query, or of all. */
static void write_figures(const struct run *run, struct kwic_text label,
                          const double values[KW_MEASURES])
{
    struct kw_output *output = run->output;
    int format = run->settings->format;

    if (format == TEXT) {
        kw_output_result(output, label, KW_CLEAN_ONE_LINE);
        kw_output_spaces(output, label.size < 20 ? 20 - label.size : 0);
    }
    for (size_t i = 0; i < KW_MEASURES; i++) {
        if (format == TREC) {
            kw_output_format(output, "%-22s\t", names[i].trec);
            kw_output_result(output, label, KW_CLEAN_ONE_LINE);
        }
        if (format == JSON)
            kw_output_format(output, ",\"%s\":%.10f", names[i].json, values[i]);
        else
            kw_output_format(output, format == TREC ? "\t%6.4f\n" : " %10.4f", values[i]);
    }
    if (format == TEXT)
        kw_output_string(output, "\n");
}

static void write_query(const struct run *run, struct kwic_text id,
                        const double values[KW_MEASURES])
{
    bool json = run->settings->format == JSON;

    if (json) {
        kw_output_string(run->output, run->queries > 0 ? ",{\"query\":" : "{\"query\":");
        kw_json_string(run->output, id);
    }
    write_figures(run, id, values);
    if (json)
        kw_output_string(run->output, "}");
}

static void write_end(const struct run *run)
{
    bool json = run->settings->format == JSON, trec = run->settings->format == TREC;
    double means[KW_MEASURES];
    char label[40] = "all";

    for (size_t i = 0; i < KW_MEASURES; i++)
        means[i] = run->sums[i] / (double)run->queries;
    if (json)
        kw_output_format(run->output, "%s\"queries\":%zu", run->settings->per_query ? "]," : "",
                         run->queries);
    else if (trec)
        kw_output_format(run->output, "%-22s\tall\t%zu\n", "num_q", run->queries);
    else
        snprintf(label, sizeof label, "%zu quer%s", run->queries, run->queries == 1 ? "y" : "ies");
    write_figures(run, KWIC_TEXT(label), means);
    if (json)
        kw_output_string(run->output, "}\n");
}

/* ---- All queries ---------------------------------------------------------------------------- */

/* Marks a query as evaluated, which it can be once. */
static int mark_done(struct run *run, const struct kw_queries *queries, struct kw_judged judged)
{
    bool *done = &run->done[judged.items - run->qrels.items];

    if (*done)
        return kw_message_usage("'%s', line %" PRIu64 ": query '%.*s' stands there twice",
                                queries->name, queries->number, (int)queries->id.size,
                                queries->id.data);
    *done = true;
    return KW_GO_ON;
}

static int evaluate(struct run *run, const struct kw_queries *queries)
{
    struct kw_judged judged = kw_qrels_find(&run->qrels, queries->id);
    double values[KW_MEASURES];
    bool relevant = false;
    size_t count = 0;

    for (size_t i = 0; i < judged.count; i++)
        relevant = relevant || judged.items[i].grade > 0;
    if (!relevant)
        return KW_GO_ON;
    int status = mark_done(run, queries, judged);
    if (status == KW_GO_ON)
        status = search(run, queries, judged, &count);
    if (status != KW_GO_ON)
        return status;
    if (run->queries == 0)
        write_begin(run);
    if (!reserve(run, count + judged.count))
        return kw_message_memory();
    for (size_t i = 0; i < judged.count; i++)
        run->grades[count + i] = judged.items[i].grade;
    kw_measure(run->grades, count, run->grades + count, judged.count, values);
    if (run->settings->per_query)
        write_query(run, queries->id, values);
    for (size_t i = 0; i < KW_MEASURES; i++)
        run->sums[i] += values[i];
    run->queries++;
    return KW_GO_ON;
}

static int evaluate_all(struct run *run, const char *queries_name, const char *qrels_name)
{
    struct kw_queries queries;
    double begun = kw_progress_clock();
    int status = kw_queries_init(&queries, queries_name);

    while (status == KW_GO_ON && run->output->error == 0 && kw_queries_next(&queries))
        status = evaluate(run, &queries);
    if (status == KW_GO_ON)
        status = kw_queries_status(&queries);
    kw_queries_release(&queries);
    if (status != KW_GO_ON)
        return status;
    if (run->queries == 0)
        return kw_message_usage("no query of '%s' has a relevant document in '%s'", queries_name,
                                qrels_name);
    size_t judged = kw_qrels_queries(&run->qrels);
    if (run->queries < judged && !run->settings->common.quiet)
        kw_message("%zu of the %zu queries that '%s' has relevant documents for %s not in '%s'",
                   judged - run->queries, judged, qrels_name,
                   judged - run->queries == 1 ? "is" : "are", queries_name);
    write_end(run);
    if (run->settings->common.verbose)
        kw_message("%zu quer%s in %.1f ms", run->queries, run->queries == 1 ? "y" : "ies",
                   (kw_progress_clock() - begun) * 1000);
    return KW_EXIT_DONE;
}

static int run_eval(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {
        .limit = 1000, .query = KW_QUERY_SETTINGS_INIT, .ranking = KW_RANKING_INIT};
    struct kw_strings files = {0};
    struct run run = {.settings = &settings, .output = output, .search = KWIC_SEARCH_OPTIONS_INIT};
    int status = kw_options_parse(&kw_command_eval, argc, argv, &settings, &files, output);

    if (status == KW_GO_ON && files.count != 2)
        status = kw_options_wrong(&kw_command_eval, "'eval' takes QUERIES and QRELS");
    if (status == KW_GO_ON)
        status = kw_ranking_check(&kw_command_eval, &settings.ranking);
    if (status == KW_GO_ON)
        status = kw_query_settings_apply(&kw_command_eval, &settings.query, &run.search);
    if (status == KW_GO_ON)
        status = kw_qrels_init(&run.qrels, files.items[1]);
    if (status == KW_GO_ON) {
        run.done = calloc(run.qrels.count + 1, sizeof *run.done);
        status = run.done != NULL ? kw_where_open(&run.index, &settings.index, &settings.foreign,
                                                  settings.query.language, settings.common.quiet)
                                  : kw_message_memory();
    }
    if (status == KW_GO_ON) {
        kw_ranking_apply(&settings.ranking, &run.search);
        run.search.limit = settings.limit;
        run.search.documents = true;
        status = kw_query_options_check(run.index, &run.search);
    }
    if (status == KW_GO_ON)
        status = evaluate_all(&run, files.items[0], files.items[1]);
    kwic_index_free(run.index);
    kw_qrels_release(&run.qrels);
    free(run.done);
    free(run.grades);
    free(run.scores);
    kw_strings_release(&files);
    kw_strings_release(&settings.index);
    kw_foreign_settings_release(&settings.foreign);
    return status;
}

const struct kw_command kw_command_eval = {
    .name = "eval",
    .operands = "QUERIES QRELS",
    .summary = "Measures the ranking with judged queries.",
    .options = options,
    .shared = {{kw_query_options, offsetof(struct settings, query)},
               {kw_foreign_options, offsetof(struct settings, foreign)},
               {kw_bm25_options, offsetof(struct settings, ranking)},
               {kw_ranking_options, offsetof(struct settings, ranking)}},
    .run = run_eval,
};
