/* What the commands that show results have in common: options, and the way from a search to its
 * output. */
#include "cli/results.h"

#include "cli/advice.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "cli/where.h"

#include <inttypes.h>
#include <string.h>

static const char *const format_choices[] = {"text", "jsonl", "json", "tsv",
                                             "grep", "trec",  "html", NULL};
static const struct kw_renderer *const renderers[] = {
    [KW_RENDER_TEXT] = &kw_render_text, [KW_RENDER_JSONL] = &kw_render_jsonl,
    [KW_RENDER_JSON] = &kw_render_json, [KW_RENDER_TSV] = &kw_render_tsv,
    [KW_RENDER_GREP] = &kw_render_grep, [KW_RENDER_TREC] = &kw_render_trec,
    [KW_RENDER_HTML] = &kw_render_html, [KW_RENDER_COUNT] = &kw_render_count,
    [KW_RENDER_LIST] = &kw_render_list,
};

static const char *const fresh_choices[] = {
    [KWIC_FRESH_TRUST] = "trust", [KWIC_FRESH_VERIFY] = "verify", [KWIC_FRESH_ONLY] = "only", NULL};

#define MEMBER(name) .offset = offsetof(struct kw_result_settings, name)

const struct kw_option kw_result_options[] = {
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
     .kind = KW_OPTION_STRING,
     MEMBER(sort),
     .argument = "ORDER",
     .help = "score (the default), id[:desc] or FIELD[:desc]"},
    {.name = "facet",
     .kind = KW_OPTION_LIST,
     MEMBER(facets),
     .argument = "FIELD",
     .help = "count the field's values over all matches"},
    {.name = "facet-limit",
     .kind = KW_OPTION_SIZE,
     MEMBER(facet_limit),
     .argument = "N",
     .help = "values of a facet at most (10); 0: all"},
    {.name = "fresh",
     .kind = KW_OPTION_CHOICE,
     MEMBER(fresh),
     .argument = "HOW",
     .choices = fresh_choices,
     .help = "verify: mark what changed; only: drop it"},
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
    {.name = "partial", MEMBER(partial), .help = "leave out servers that do not answer"},
    {.name = "timeout",
     .kind = KW_OPTION_NUMBER,
     MEMBER(timeout),
     .argument = "SECONDS",
     .least = 0.001,
     .most = 1000000,
     .help = "seconds that a server may take to answer (30)"},
    {.name = NULL},
};

int kw_showing_check(const struct kw_command *command, const struct kw_result_settings *settings)
{
    if (settings->view != 0 && settings->format != KW_RENDER_TEXT)
        return kw_options_wrong(command, "'--%s' does not go with '--format %s'",
                                settings->view == KW_RENDER_COUNT ? "count" : "list",
                                format_choices[settings->format]);
    if (settings->facets.count > 0 && (settings->view != 0 || (settings->format != KW_RENDER_TEXT &&
                                                               settings->format != KW_RENDER_JSON)))
        return kw_options_wrong(command, "'--facet' needs '--format text' or '--format json'");
    if (settings->sort[0] == '\0')
        return kw_options_wrong(command, "'--sort' needs the name of a field, score or id");
    if (strcmp(settings->sort, "score:asc") == 0) {
        kw_message("'--sort' cannot put the lowest scores first");
        kw_message_hint("it takes score, id, id:desc, FIELD and FIELD:desc");
        return KW_EXIT_ERROR;
    }
    if (settings->fresh == KWIC_FRESH_ONLY && settings->view == KW_RENDER_COUNT)
        return kw_options_wrong(command, "'--count' does not go with '--fresh only'");
    if (settings->null && settings->view != KW_RENDER_LIST)
        return kw_options_wrong(command, "'--null' needs '--list'");
    if (settings->format_version != 1) {
        kw_message("version %zu of the output format is not available", settings->format_version);
        kw_message_hint("this build writes version 1");
        return KW_EXIT_ERROR;
    }
    return KW_GO_ON;
}

void kw_result_settings_release(struct kw_result_settings *settings)
{
    kw_strings_release(&settings->index);
    kw_foreign_settings_release(&settings->foreign);
    kw_strings_release(&settings->facets);
}

/* Takes `score`, `id` or FIELD, each with :asc or :desc behind it or not. */
static void take_order(struct kwic_search_options *search, const char *order)
{
    struct kwic_text field = KWIC_TEXT(order);

    search->descending = field.size > 5 && strcmp(order + field.size - 5, ":desc") == 0;
    if (search->descending)
        field.size -= 5;
    else if (field.size > 4 && strcmp(order + field.size - 4, ":asc") == 0)
        field.size -= 4;
    search->by_id = field.size == 2 && memcmp(order, "id", 2) == 0;
    if (!search->by_id && !(field.size == 5 && memcmp(order, "score", 5) == 0))
        search->sort_field = field;
}

void kw_showing_init(struct kw_showing *showing, const struct kw_result_settings *settings,
                     struct kw_output *output)
{
    size_t kind = (size_t)(settings->view != 0 ? settings->view : settings->format);

    *showing = (struct kw_showing){.renderer = renderers[kind], .search = KWIC_SEARCH_OPTIONS_INIT};
    showing->search.limit = kind == KW_RENDER_COUNT ? 0 : settings->limit;
    showing->search.offset = settings->offset;
    showing->search.per_doc = settings->per_doc;
    showing->search.documents = showing->renderer->documents;
    showing->search.uncounted = !showing->renderer->counts && !settings->common.verbose &&
                                settings->limit >= KW_ADVICE_ENOUGH;
    showing->search.fresh = (enum kwic_fresh)settings->fresh;
    showing->search.facets = settings->facets.items;
    showing->search.facet_limit = settings->facet_limit;
    take_order(&showing->search, settings->sort);
    showing->render.output = output;
    showing->render.color =
        kw_terminal_color((enum kw_color)settings->common.color, output->terminal);
    showing->render.width = kw_terminal_width(output->fd, output->terminal);
    showing->render.precise = settings->precise;
    showing->render.fresh = settings->fresh != KWIC_FRESH_TRUST;
    showing->render.null = settings->null;
    showing->render.tag = settings->tag;
}

int kw_showing_open(struct kw_showing *showing, const struct kw_result_settings *settings,
                    const char *language)
{
    const struct kwic_open_options options = {settings->timeout, settings->partial, NULL};

    return kw_where_open_with(&showing->render.index, &settings->index, &settings->foreign,
                              language, settings->common.quiet, &options);
}

/* How the query was understood, before its results. */
static int explain(const struct kw_render *render, struct kwic_results *results)
{
    struct kwic_error error = {0};
    struct kwic_text text;

    if (kwic_results_query(results, &text, &error) != KWIC_OK)
        return kw_message_error(&error);
    kw_output_result(render->output, text, KW_CLEAN_AS_IS);
    if (text.size > 0)
        kw_output_string(render->output, "\n");
    return KW_GO_ON;
}

static int write_results(struct kw_showing *showing, struct kwic_results *results)
{
    struct kw_render *render = &showing->render;
    struct kwic_error error = {0};
    struct kwic_result result;
    enum kwic_status status = KWIC_OK;
    int shown = KW_GO_ON;

    render->found = results;
    render->results = 0;
    render->rank = 0;
    showing->renderer->begin(render);
    if (render->explain && showing->renderer == &kw_render_text)
        shown = explain(render, results);
    if (shown != KW_GO_ON)
        return shown;
    while (render->output->error == 0 && showing->search.limit > 0) {
        status = kwic_results_next(results, &result, &error);
        if (status == KWIC_OK)
            status = showing->renderer->result(render, &result, &error);
        if (status != KWIC_OK)
            break;
        render->results++;
        render->rank = result.rank;
    }
    if (status < 0)
        return kw_message_error(&error);
    showing->renderer->end(render);
    render->queries++;
    return KW_GO_ON;
}

static void show_note(const struct kw_render *render, const char *note)
{
    if (render->batch)
        kw_message("query '%.*s': %s", (int)render->id.size, render->id.data, note);
    else
        kw_message("%s", note);
}

/* Says of what is new among the lost parts of the index that it is missing in the answer. */
static void show_lost(struct kw_showing *showing)
{
    const struct kwic_index *index = showing->render.index;
    size_t count = 0;

    while (kwic_index_lost(index, count) != NULL)
        count++;
    for (size_t i = 0; i < count && count > showing->lost; i++)
        kw_message("the answer is partial: %s", kwic_index_lost(index, i));
    showing->lost = count;
}

int kw_showing_write(struct kw_showing *showing, const struct kw_result_settings *settings,
                     struct kwic_results *results, double begun)
{
    struct kw_render *render = &showing->render;
    const char *note = kwic_results_note(results);

    render->milliseconds = (kw_progress_clock() - begun) * 1000;
    render->matches = kwic_results_matches(results);
    render->facets = kwic_results_facets(results, &render->facet_count);
    if (showing->search.fresh != KWIC_FRESH_ONLY)
        showing->found = showing->found || render->matches > 0;
    if (note != NULL && !settings->common.quiet)
        show_note(render, note);
    int status = write_results(showing, results);
    if (showing->search.fresh == KWIC_FRESH_ONLY)
        showing->found = showing->found || render->results > 0;
    if (status == KW_GO_ON)
        show_lost(showing);
    if (settings->common.verbose && status == KW_GO_ON)
        kw_message("%" PRIu64 " document%s found in %.1f ms", render->matches,
                   render->matches == 1 ? "" : "s", render->milliseconds);
    return status;
}
