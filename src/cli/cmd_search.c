/* kwic search: ranked passages for a query, or for a file of queries. */
#include "cli/advice.h"
#include "cli/batch.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/query_options.h"
#include "cli/ranking.h"
#include "cli/results.h"

#include <stdio.h>
#include <stdlib.h>

struct settings {
    struct kw_result_settings shown;
    struct kw_query_settings query;
    struct kw_ranking ranking;
    const char *batch;
    size_t threads; /* 0: as many as there are processors */
    bool explain;
};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option options[] = {
    {.name = "batch",
     .kind = KW_OPTION_STRING,
     MEMBER(batch),
     .argument = "FILE",
     .help = "a query a line, or QID<TAB>QUERY; -: standard input"},
    {.name = "threads",
     .kind = KW_OPTION_SIZE,
     MEMBER(threads),
     .argument = "N",
     .least = 1,
     .most = KW_BATCH_WORKERS,
     .help = "queries of a batch side by side (as processors)"},
    {.name = "explain", MEMBER(explain), .help = "show how query and scores came about"},
    {.name = NULL},
};

/* ---- One query ------------------------------------------------------------------------------ */

struct run {
    const struct settings *settings;
    struct kw_showing showing;
    int status; /* the worst so far, of queries that do not end the run */
};

/* A query that the user got wrong: named, and in a batch not the end of the others. */
static int refuse_query(struct run *run, const struct kwic_error *error)
{
    const struct kw_render *render = &run->showing.render;

    if (render->batch)
        kw_message("query '%.*s' is skipped", (int)render->id.size, render->id.data);
    run->status = error->status == KWIC_E_SYNTAX ? kw_message_syntax(error, render->query)
                                                 : kw_message_error(error);
    return render->batch ? KW_GO_ON : run->status;
}

/* KW_GO_ON, or the exit status after a message. */
static int search(struct run *run, struct kwic_text id, struct kwic_text query)
{
    struct kw_render *render = &run->showing.render;
    struct kwic_results *results = NULL;
    struct kwic_error error = {0};

    render->id = id;
    render->query = query;
    double begun = kw_progress_clock();
    if (kwic_search(&results, render->index, query, &run->showing.search, &error) != KWIC_OK) {
        if (error.status == KWIC_E_SYNTAX || error.status == KWIC_E_USAGE)
            return refuse_query(run, &error);
        return kw_message_error(&error);
    }
    int status = kw_showing_write(&run->showing, &run->settings->shown, results, begun);
    if (status == KW_GO_ON && !render->batch && !run->settings->shown.common.quiet) {
        kw_output_flush(render->output); /* what was found stands above what is said of it */
        kw_advice_write(results);
    }
    kwic_results_free(results);
    return status;
}

/* ---- Where the queries come from ------------------------------------------------------------ */

/* The words of the command line, joined by spaces. */
static int search_words(struct run *run, const struct kw_strings *words)
{
    char *query = kw_strings_join(words, 0);

    if (query == NULL)
        return kw_message_memory();
    int status = search(run, KWIC_TEXT("1"), KWIC_TEXT(query));
    free(query);
    return status;
}

static int answer(void *context, const struct kw_queries *queries)
{
    return search(context, queries->id, queries->query);
}

static int search_batch(struct run *run, const struct settings *settings)
{
    struct kw_showing *showing = &run->showing;
    const struct kw_batch batch = {
        .answer = answer,
        .context = run,
        .output = showing->render.output,
        .rendered = &showing->render.queries,
        .status = &run->status,
        .found = &showing->found,
        .workers = !kw_where_native(&settings->shown.index) ? 1 /* a connection is for one */
                   : settings->threads > 0                  ? settings->threads
                                                            : kw_batch_processors(),
    };
    int status = kw_query_options_check(showing->render.index, &showing->search);

    return status == KW_GO_ON ? kw_batch_run(&batch, settings->batch) : status;
}

/* Of `-iraq` nobody knows whether it is a query or names an index. */
static const char dashes_hint[] = "a query that begins with '-' goes behind '--'";

/* ---- The command ---------------------------------------------------------------------------- */

static int check_settings(const struct settings *settings, const struct kw_strings *words)
{
    const struct kw_command *command = &kw_command_search;

    if (settings->batch != NULL && words->count > 0)
        return kw_options_wrong(command, "'--batch' takes no query beside its file");
    if (settings->batch == NULL && words->count == 0 && settings->shown.common.attached) {
        kw_message("no query given");
        kw_message_hint(dashes_hint);
        return KW_EXIT_ERROR;
    }
    if (settings->batch == NULL && words->count == 0)
        return kw_options_wrong(command, "no query given");
    if (settings->threads > 0 && settings->batch == NULL)
        return kw_options_wrong(command, "'--threads' needs '--batch'");
    if (settings->explain && (settings->shown.view != 0 || settings->shown.format > KW_RENDER_JSON))
        return kw_options_wrong(command, "'--explain' goes with the formats text, jsonl and json");
    int status = kw_ranking_check(command, &settings->ranking);
    return status == KW_GO_ON ? kw_showing_check(command, &settings->shown) : status;
}

/* KW_GO_ON, or the exit status after a message. */
static int prepare(struct run *run, const struct settings *settings, struct kw_output *output)
{
    struct kwic_search_options *search = &run->showing.search;

    *run = (struct run){.settings = settings};
    kw_showing_init(&run->showing, &settings->shown, output);
    run->showing.render.explain = settings->explain;
    run->showing.render.batch = settings->batch != NULL;
    kw_ranking_apply(&settings->ranking, search);
    return kw_query_settings_apply(&kw_command_search, &settings->query, search);
}

static int run_search(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.shown = KW_RESULT_SETTINGS_INIT,
                                .query = KW_QUERY_SETTINGS_INIT,
                                .ranking = KW_RANKING_INIT};
    struct kw_strings words = {0};
    struct run run = {0};
    int status = kw_options_parse(&kw_command_search, argc, argv, &settings, &words, output);

    if (status == KW_GO_ON)
        status = check_settings(&settings, &words);
    if (status == KW_GO_ON)
        status = prepare(&run, &settings, output);
    if (status == KW_GO_ON) {
        status = kw_showing_open(&run.showing, &settings.shown, settings.query.language);
        if (status == KW_EXIT_NO_INDEX && settings.shown.common.attached)
            kw_message_hint(dashes_hint);
        if (status == KW_GO_ON)
            status =
                settings.batch != NULL ? search_batch(&run, &settings) : search_words(&run, &words);
        if (status == KW_GO_ON)
            status = run.status != 0     ? run.status
                     : run.showing.found ? KW_EXIT_DONE
                                         : KW_EXIT_NOTHING;
        kwic_index_free(run.showing.render.index);
    }
    kw_strings_release(&words);
    kw_result_settings_release(&settings.shown);
    return status;
}

const struct kw_command kw_command_search = {
    .name = "search",
    .operands = "QUERY...",
    .summary = "Finds the passages that answer a query, best first.",
    .options = options,
    .shared = {{kw_query_options, offsetof(struct settings, query)},
               {kw_result_options, offsetof(struct settings, shown)},
               {kw_foreign_options, offsetof(struct settings, shown.foreign)},
               {kw_bm25_options, offsetof(struct settings, ranking)},
               {kw_ranking_options, offsetof(struct settings, ranking)}},
    .free_words = true,
    .run = run_search,
};
