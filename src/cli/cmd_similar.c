/* kwic similar: the documents that are like one. */
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/ranking.h"
#include "cli/results.h"

#include <stdio.h>

struct settings {
    struct kw_result_settings shown;
    struct kw_ranking ranking;
    bool by_id;
};

static const struct kw_option options[] = {
    {.name = "id",
     .offset = offsetof(struct settings, by_id),
     .help = "DOC is an id, never a path"},
    {.name = NULL},
};

/* The words that stand for the terms looked for. */
static void write_words(struct kwic_results *results)
{
    char line[1500] = "";
    struct kwic_clause clause;
    size_t used = 0;

    for (size_t i = 0;
         used < sizeof line && kwic_results_clause(results, i, &clause, NULL) == KWIC_OK; i++)
        used += (size_t)snprintf(line + used, sizeof line - used, " %.*s", (int)clause.text.size,
                                 clause.text.data);
    kw_message("looked for:%s", line);
}

/* The exit status. */
static int show_similar(struct kw_showing *showing, const struct settings *settings)
{
    struct kw_render *render = &showing->render;
    struct kwic_results *results;
    struct kwic_error error = {0};

    double begun = kw_progress_clock();
    if (kwic_similar(&results, render->index, render->query, settings->by_id, &showing->search,
                     &error) != KWIC_OK)
        return kw_message_error(&error);
    if (settings->shown.common.verbose)
        write_words(results);
    int status = kw_showing_write(showing, &settings->shown, results, begun);
    kwic_results_free(results);
    if (status != KW_GO_ON)
        return status;
    return showing->found ? KW_EXIT_DONE : KW_EXIT_NOTHING;
}

static int run_similar(int argc, char **argv, struct kw_output *output)
{
    const struct kw_command *command = &kw_command_similar;
    struct settings settings = {.shown = KW_RESULT_SETTINGS_INIT, .ranking = KW_RANKING_INIT};
    struct kw_strings names = {0};
    struct kw_showing showing;
    int status = kw_options_parse(command, argc, argv, &settings, &names, output);

    if (status == KW_GO_ON && names.count != 1)
        status = names.count == 0 ? kw_options_wrong(command, "no document given")
                                  : kw_options_wrong(command, "'similar' takes one document");
    if (status == KW_GO_ON)
        status = kw_showing_check(command, &settings.shown);
    if (status == KW_GO_ON) {
        kw_showing_init(&showing, &settings.shown, output);
        kw_ranking_apply(&settings.ranking, &showing.search);
        showing.render.id = KWIC_TEXT("1");
        showing.render.query = KWIC_TEXT(names.items[0]);
        status = kw_showing_open(&showing, &settings.shown, NULL);
        if (status == KW_GO_ON)
            status = show_similar(&showing, &settings);
        kwic_index_free(showing.render.index);
    }
    kw_strings_release(&names);
    kw_result_settings_release(&settings.shown);
    return status;
}

const struct kw_command kw_command_similar = {
    .name = "similar",
    .operands = "DOC",
    .summary = "Finds documents like one, by its most telling words.",
    .options = options,
    .shared = {{kw_result_options, offsetof(struct settings, shown)},
               {kw_foreign_options, offsetof(struct settings, shown.foreign)},
               {kw_bm25_options, offsetof(struct settings, ranking)}},
    .run = run_similar,
};
