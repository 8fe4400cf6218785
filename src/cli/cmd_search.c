/* kwic search: ranked passages for a query, or for a file of queries. */
#include "cli/message.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/queries.h"
#include "cli/render.h"
#include "cli/terminal.h"
#include "cli/where.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    size_t limit, offset, per_doc;
    int sort; /* place in sort_choices */
    int view; /* KW_RENDER_COUNT or KW_RENDER_LIST; 0: passages */
    int format;
    size_t format_version;
    bool null, precise, all, strict, literal, explain;
    const char *batch;
    const char *tag;
    const char *minimum;
    size_t max_expansions;
    double k1, b;
    const char *language;
    int stop_words; /* place in stop_word_choices */
};

static const char *const sort_choices[] = {"score", "id", NULL};
static const char *const stop_word_choices[] = {"off", "on", NULL};
static const char *const format_choices[] = {"text", "jsonl", "json", "tsv",
                                             "grep", "trec",  "html", NULL};
static const struct kw_renderer *const renderers[] = {
    [KW_RENDER_TEXT] = &kw_render_text, [KW_RENDER_JSONL] = &kw_render_jsonl,
    [KW_RENDER_JSON] = &kw_render_json, [KW_RENDER_TSV] = &kw_render_tsv,
    [KW_RENDER_GREP] = &kw_render_grep, [KW_RENDER_TREC] = &kw_render_trec,
    [KW_RENDER_HTML] = &kw_render_html, [KW_RENDER_COUNT] = &kw_render_count,
    [KW_RENDER_LIST] = &kw_render_list,
};

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
     .help = "documents at most (10)"},
    {.name = "offset",
     .kind = KW_OPTION_SIZE,
     MEMBER(offset),
     .argument = "N",
     .help = "pass over the first N documents"},
    {.name = "per-doc",
     .kind = KW_OPTION_SIZE,
     MEMBER(per_doc),
     .argument = "N",
     .help = "passages a document at most (1); 0: all"},
    {.name = "sort",
     .kind = KW_OPTION_CHOICE,
     MEMBER(sort),
     .argument = "ORDER",
     .choices = sort_choices,
     .help = "score (the default) or id"},
    {.letter = 'c',
     .name = "count",
     .kind = KW_OPTION_VALUE,
     MEMBER(view),
     .number = KW_RENDER_COUNT,
     .help = "only the number of matching documents"},
    {.letter = 'l',
     .name = "list",
     .kind = KW_OPTION_VALUE,
     MEMBER(view),
     .number = KW_RENDER_LIST,
     .help = "only the documents' paths"},
    {.letter = '0', .name = "null", MEMBER(null), .help = "end each path of --list with NUL"},
    {.name = "batch",
     .kind = KW_OPTION_STRING,
     MEMBER(batch),
     .argument = "FILE",
     .help = "a query a line, or QID<TAB>QUERY; -: standard input"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = format_choices,
     .help = "text, jsonl, json, tsv, grep, trec, html"},
    {.name = "format-version",
     .kind = KW_OPTION_SIZE,
     MEMBER(format_version),
     .argument = "N",
     .help = "version of the machine format (1)"},
    {.name = "precise", MEMBER(precise), .help = "scores with 17 digits"},
    {.name = "tag",
     .kind = KW_OPTION_STRING,
     MEMBER(tag),
     .argument = "NAME",
     .help = "last column of trec (kwic)"},
    {.name = "explain", MEMBER(explain), .help = "show first how the query was understood"},
    {.name = "all", MEMBER(all), .help = "words side by side must all match"},
    {.name = "min",
     .kind = KW_OPTION_STRING,
     MEMBER(minimum),
     .argument = "N|P%",
     .help = "so many of the words side by side must match"},
    {.name = "max-expansions",
     .kind = KW_OPTION_SIZE,
     MEMBER(max_expansions),
     .argument = "N",
     .help = "words a wildcard stands for at most (10000)"},
    {.name = "strict", MEMBER(strict), .help = "what does not parse is an error"},
    {.name = "literal", MEMBER(literal), .help = "every character is text, none an operator"},
    {.name = "k1",
     .kind = KW_OPTION_NUMBER,
     MEMBER(k1),
     .argument = "NUMBER",
     .least = 0,
     .most = 1000,
     .help = "BM25: how fast repeated words saturate (1.2)"},
    {.name = "b",
     .kind = KW_OPTION_NUMBER,
     MEMBER(b),
     .argument = "NUMBER",
     .least = 0,
     .most = 1,
     .help = "BM25: how much a document's length counts (0.75)"},
    {.name = "lang",
     .kind = KW_OPTION_STRING,
     MEMBER(language),
     .argument = "NAME",
     .help = "find the forms of words in this language alone"},
    {.name = "stop-words",
     .kind = KW_OPTION_CHOICE,
     MEMBER(stop_words),
     .argument = "WHETHER",
     .choices = stop_word_choices,
     .help = "on: words that nearly every text holds count less (off)"},
    {.name = NULL},
};

/* ---- One query ------------------------------------------------------------------------------ */

struct run {
    const struct settings *settings;
    const struct kw_renderer *renderer;
    struct kwic_search_options search;
    struct kw_render render;
    bool found; /* some query matched */
    int status; /* the worst so far, of queries that do not end the run */
};

/* How the query was understood, before its results. */
static int explain(struct run *run, struct kwic_results *results)
{
    struct kwic_error error = {0};
    struct kwic_text text;

    if (kwic_results_query(results, &text, &error) != KWIC_OK)
        return kw_message_error(&error);
    kw_output_result(run->render.output, text, KW_CLEAN_AS_IS);
    if (text.size > 0)
        kw_output_string(run->render.output, "\n");
    return KW_GO_ON;
}

static int render_results(struct run *run, struct kwic_results *results)
{
    struct kw_render *render = &run->render;
    struct kwic_error error = {0};
    struct kwic_result result;
    enum kwic_status status = KWIC_OK;
    int shown = KW_GO_ON;

    render->results = 0;
    render->rank = 0;
    run->renderer->begin(render);
    if (run->settings->explain)
        shown = explain(run, results);
    if (shown != KW_GO_ON)
        return shown;
    while (render->output->error == 0 && run->search.limit > 0) {
        status = kwic_results_next(results, &result, &error);
        if (status == KWIC_OK)
            status = run->renderer->result(render, &result, &error);
        if (status != KWIC_OK)
            break;
        render->results++;
        render->rank = result.rank;
    }
    if (status < 0)
        return kw_message_error(&error);
    run->renderer->end(render);
    render->queries++;
    return KW_GO_ON;
}

/* A query that the user got wrong: named, and in a batch not the end of the others. */
static int refuse_query(struct run *run, const struct kwic_error *error)
{
    if (run->render.batch)
        kw_message("query '%.*s' is skipped", (int)run->render.id.size, run->render.id.data);
    run->status = error->status == KWIC_E_SYNTAX ? kw_message_syntax(error, run->render.query)
                                                 : kw_message_error(error);
    return run->render.batch ? KW_GO_ON : run->status;
}

static void show_note(const struct kw_render *render, const char *note)
{
    if (render->batch)
        kw_message("query '%.*s': %s", (int)render->id.size, render->id.data, note);
    else
        kw_message("%s", note);
}

/* KW_GO_ON, or the exit status after a message. */
static int search(struct run *run, struct kwic_text id, struct kwic_text query)
{
    struct kw_render *render = &run->render;
    const struct kw_common *common = &run->settings->common;
    struct kwic_results *results = NULL;
    struct kwic_error error = {0};
    int status = KW_GO_ON;

    render->id = id;
    render->query = query;
    double begun = kw_progress_clock();
    if (kwic_search(&results, render->index, query, &run->search, &error) != KWIC_OK) {
        if (error.status == KWIC_E_SYNTAX || error.status == KWIC_E_USAGE)
            return refuse_query(run, &error);
        return kw_message_error(&error);
    }
    render->milliseconds = (kw_progress_clock() - begun) * 1000;
    render->matches = kwic_results_matches(results);
    run->found = run->found || render->matches > 0;
    const char *note = kwic_results_note(results);
    if (note != NULL && !common->quiet)
        show_note(render, note);
    status = render_results(run, results);
    if (common->verbose && status == KW_GO_ON)
        kw_message("%" PRIu64 " document%s found in %.1f ms", render->matches,
                   render->matches == 1 ? "" : "s", render->milliseconds);
    kwic_results_free(results);
    return status;
}

/* ---- Where the queries come from ------------------------------------------------------------ */

/* The words of the command line, joined by spaces. */
static int search_words(struct run *run, const struct kw_strings *words)
{
    size_t size = 0, capacity = 1;
    int status;

    for (size_t i = 0; i < words->count; i++)
        capacity += strlen(words->items[i]) + 1;
    char *query = malloc(capacity);
    if (query == NULL)
        return kw_message_memory();
    for (size_t i = 0; i < words->count; i++) {
        size_t length = strlen(words->items[i]);
        if (i > 0)
            query[size++] = ' ';
        memcpy(query + size, words->items[i], length);
        size += length;
    }
    status = search(run, KWIC_TEXT("1"), (struct kwic_text){query, size});
    free(query);
    return status;
}

static int search_batch(struct run *run, const char *name)
{
    struct kw_queries queries;
    int status = kw_queries_init(&queries, name);

    while (status == KW_GO_ON && run->render.output->error == 0 && kw_queries_next(&queries)) {
        status = search(run, queries.id, queries.query);
        /* Who writes queries to a pipe may wait for each answer. */
        if (queries.file == stdin)
            kw_output_flush(run->render.output);
    }
    if (status == KW_GO_ON)
        status = kw_queries_status(&queries);
    kw_queries_release(&queries);
    return status;
}

/* ---- The command ---------------------------------------------------------------------------- */

static int check_settings(const struct settings *settings, const struct kw_strings *words)
{
    const struct kw_command *command = &kw_command_search;

    if (settings->view != 0 && settings->format != KW_RENDER_TEXT)
        return kw_options_wrong(command, "'--%s' does not go with '--format %s'",
                                settings->view == KW_RENDER_COUNT ? "count" : "list",
                                format_choices[settings->format]);
    if (settings->explain && (settings->view != 0 || settings->format != KW_RENDER_TEXT))
        return kw_options_wrong(command, "'--explain' goes with '--format text' alone");
    if (settings->null && settings->view != KW_RENDER_LIST)
        return kw_options_wrong(command, "'--null' needs '--list'");
    if (settings->batch != NULL && words->count > 0)
        return kw_options_wrong(command, "'--batch' takes no query beside its file");
    if (settings->batch == NULL && words->count == 0)
        return kw_options_wrong(command, "no query given");
    if (settings->format_version != 1) {
        kw_message("version %zu of the output format is not available", settings->format_version);
        kw_message_hint("this build writes version 1");
        return KW_EXIT_ERROR;
    }
    return KW_GO_ON;
}

/* Reads N or P% of --min. False if it is neither. */
static bool read_minimum(const char *text, struct kwic_search_options *search)
{
    size_t number = 0;
    size_t digits = strspn(text, "0123456789");
    bool percent = strcmp(text + digits, "%") == 0;

    for (size_t i = 0; i < digits; i++)
        if (number < 1000000000)
            number = number * 10 + (size_t)(text[i] - '0');
    if (digits == 0 || number == 0 || (text[digits] != '\0' && !percent) ||
        (percent && number > 100))
        return false;
    *(percent ? &search->minimum_percent : &search->minimum) = number;
    return true;
}

/* KW_GO_ON, or the exit status after a message. */
static int prepare(struct run *run, const struct settings *settings, struct kw_output *output)
{
    size_t kind = (size_t)(settings->view != 0 ? settings->view : settings->format);

    *run = (struct run){.settings = settings, .renderer = renderers[kind]};
    run->search = (struct kwic_search_options)KWIC_SEARCH_OPTIONS_INIT;
    run->search.limit = kind == KW_RENDER_COUNT ? 0 : settings->limit;
    run->search.offset = settings->offset;
    run->search.per_doc = settings->per_doc;
    run->search.documents = run->renderer->documents;
    run->search.all = settings->all;
    run->search.strict = settings->strict;
    run->search.literal = settings->literal;
    run->search.by_id = settings->sort == 1;
    run->search.max_expansions = settings->max_expansions;
    run->search.k1 = settings->k1;
    run->search.language = settings->language;
    run->search.weigh_stop_words = settings->stop_words == 1;
    run->search.b = settings->b;
    run->render.output = output;
    run->render.color = kw_terminal_color((enum kw_color)settings->common.color, output->fd);
    run->render.width = kw_terminal_width(output->fd);
    run->render.precise = settings->precise;
    run->render.null = settings->null;
    run->render.batch = settings->batch != NULL;
    run->render.tag = settings->tag;
    if (settings->minimum != NULL && !read_minimum(settings->minimum, &run->search))
        return kw_options_wrong(&kw_command_search,
                                "'--min' takes a number from 1 or a percentage, not '%s'",
                                settings->minimum);
    return KW_GO_ON;
}

static int run_search(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.limit = 10,
                                .per_doc = 1,
                                .format_version = 1,
                                .tag = "kwic",
                                .max_expansions = 10000,
                                .k1 = 1.2,
                                .b = 0.75};
    struct kw_strings words = {0};
    struct run run = {0};
    int status = kw_options_parse(&kw_command_search, argc, argv, &settings, &words, output);

    if (status == KW_GO_ON)
        status = check_settings(&settings, &words);
    if (status == KW_GO_ON)
        status = prepare(&run, &settings, output);
    if (status == KW_GO_ON) {
        status = kw_where_open(&run.render.index, &settings.index);
        if (status == KW_GO_ON)
            status = settings.batch != NULL ? search_batch(&run, settings.batch)
                                            : search_words(&run, &words);
        if (status == KW_GO_ON)
            status = run.status != 0 ? run.status : run.found ? KW_EXIT_DONE : KW_EXIT_NOTHING;
        kwic_index_free(run.render.index);
    }
    kw_strings_release(&words);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_search = {
    .name = "search",
    .operands = "QUERY...",
    .summary = "Finds the passages that answer a query, best first.",
    .options = options,
    .free_words = true,
    .run = run_search,
};
