/* kwic search: ranked passages for a query, or for a file of queries. */
#include "cli/advice.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/queries.h"
#include "cli/results.h"
#include "cli/where.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings {
    struct kw_result_settings shown;
    const char *batch;
    const char *minimum;
    size_t max_expansions;
    bool all, strict, literal, explain;
    const char *language;
    int stop_words; /* place in stop_word_choices */
};

static const char *const stop_word_choices[] = {"off", "on", NULL};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option options[] = {
    {.name = "batch",
     .kind = KW_OPTION_STRING,
     MEMBER(batch),
     .argument = "FILE",
     .help = "a query a line, or QID<TAB>QUERY; -: standard input"},
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

    while (status == KW_GO_ON && run->showing.render.output->error == 0 &&
           kw_queries_next(&queries)) {
        status = search(run, queries.id, queries.query);
        /* Who writes queries to a pipe may wait for each answer. */
        if (queries.file == stdin)
            kw_output_flush(run->showing.render.output);
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

    if (settings->batch != NULL && words->count > 0)
        return kw_options_wrong(command, "'--batch' takes no query beside its file");
    if (settings->batch == NULL && words->count == 0)
        return kw_options_wrong(command, "no query given");
    if (settings->explain &&
        (settings->shown.view != 0 || settings->shown.format != KW_RENDER_TEXT))
        return kw_options_wrong(command, "'--explain' goes with '--format text' alone");
    return kw_showing_check(command, &settings->shown);
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
    struct kwic_search_options *search = &run->showing.search;

    *run = (struct run){.settings = settings};
    kw_showing_init(&run->showing, &settings->shown, output);
    search->all = settings->all;
    search->strict = settings->strict;
    search->literal = settings->literal;
    search->language = settings->language;
    search->weigh_stop_words = settings->stop_words == 1;
    search->max_expansions = settings->max_expansions;
    run->showing.explain = settings->explain;
    run->showing.render.batch = settings->batch != NULL;
    if (settings->minimum != NULL && !read_minimum(settings->minimum, search))
        return kw_options_wrong(&kw_command_search,
                                "'--min' takes a number from 1 or a percentage, not '%s'",
                                settings->minimum);
    return KW_GO_ON;
}

static int run_search(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.shown = KW_RESULT_SETTINGS_INIT, .max_expansions = 10000};
    struct kw_strings words = {0};
    struct run run = {0};
    int status = kw_options_parse(&kw_command_search, argc, argv, &settings, &words, output);

    if (status == KW_GO_ON)
        status = check_settings(&settings, &words);
    if (status == KW_GO_ON)
        status = prepare(&run, &settings, output);
    if (status == KW_GO_ON) {
        status = kw_where_open(&run.showing.render.index, &settings.shown.index);
        if (status == KW_GO_ON)
            status = settings.batch != NULL ? search_batch(&run, settings.batch)
                                            : search_words(&run, &words);
        if (status == KW_GO_ON)
            status = run.status != 0     ? run.status
                     : run.showing.found ? KW_EXIT_DONE
                                         : KW_EXIT_NOTHING;
        kwic_index_free(run.showing.render.index);
    }
    kw_strings_release(&words);
    kw_strings_release(&settings.shown.index);
    return status;
}

const struct kw_command kw_command_search = {
    .name = "search",
    .operands = "QUERY...",
    .summary = "Finds the passages that answer a query, best first.",
    .options = options,
    .shared = kw_result_options,
    .free_words = true,
    .run = run_search,
};
