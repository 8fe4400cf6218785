/* kwic show and kwic check: single documents, and the health of an index. */
#include "cli/json.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/render.h"
#include "cli/where.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Passages that are read at a time. */
enum { PASSAGES_AT_ONCE = 64 };

#define WHOLE_DOCUMENT SIZE_MAX

struct settings {
    struct kw_common common;
    struct kw_strings index;
    struct kw_foreign_settings foreign;
    size_t passage; /* WHOLE_DOCUMENT if none is asked for */
    bool by_id;
    bool fields; /* instead of the text */
    int format;  /* place in show_formats */
    bool sources;
};

static const char *const show_formats[] = {"text", "json", NULL};

#define MEMBER(name) .offset = offsetof(struct settings, name)

/* ---- show ----------------------------------------------------------------------------------- */

static const struct kw_option show_options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "look in this index; several are taken as one"},
    {.name = "passage",
     .kind = KW_OPTION_SIZE,
     MEMBER(passage),
     .argument = "N",
     .help = "only passage N, counted from 0"},
    {.name = "id", MEMBER(by_id), .help = "DOC is an id, never a path"},
    {.name = "fields", MEMBER(fields), .help = "its fields instead of its text"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = show_formats,
     .help = "text, json"},
    {.name = NULL},
};

struct show {
    const struct settings *settings;
    struct kw_output *output;
    struct kwic_document *document;
    char last; /* byte of text written; a line feed before the first */
};

static void write_text(struct show *show, struct kwic_text text)
{
    if (show->settings->format == 1)
        kw_json_characters(show->output, text);
    else
        kw_output_result(show->output, text, KW_CLEAN_AS_IS);
    if (text.size > 0)
        show->last = text.data[text.size - 1];
}

/* Writes the document's text a few passages at a time, so that any size will do. */
static enum kwic_status write_passages(struct show *show, uint64_t first, uint64_t count,
                                       struct kwic_error *error)
{
    enum kwic_status status = KWIC_OK;

    while (count > 0 && status == KWIC_OK && show->output->error == 0) {
        uint64_t part = count < PASSAGES_AT_ONCE ? count : PASSAGES_AT_ONCE;
        struct kwic_text text;
        status = kwic_document_text(show->document, first, part, &text, error);
        if (status == KWIC_OK)
            write_text(show, text);
        first += part;
        count -= part;
    }
    return status;
}

static void begin_json(struct show *show, const struct kwic_document_info *info)
{
    struct kw_output *output = show->output;

    kw_output_string(output, "{\"doc\":");
    kw_json_string(output, info->doc);
    kw_output_string(output, ",\"path\":");
    kw_json_string(output, info->path);
    kw_output_format(output, ",\"line\":%" PRIu64 ",\"title\":", info->line);
    kw_json_string(output, info->title);
    kw_output_string(output, ",\"language\":");
    kw_json_string(output, info->language);
    kw_output_format(
        output, ",\"bytes\":%" PRIu64 ",\"words\":%" PRIu64 ",\"passages\":%" PRIu64 ",\"fields\":",
        info->bytes, info->words, info->passages);
    kw_json_fields(output, info->fields, info->field_count);
    if (show->settings->passage != WHOLE_DOCUMENT)
        kw_output_format(output, ",\"passage\":%zu", show->settings->passage);
    kw_output_string(output, ",\"text\":\"");
}

/* Writes the fields, a line each: name, tab, value. */
static void write_fields(struct show *show, const struct kwic_document_info *info)
{
    for (size_t i = 0; i < info->field_count; i++) {
        kw_output_result(show->output, info->fields[i].name, KW_CLEAN_ONE_LINE);
        kw_output_string(show->output, "\t");
        kw_output_result(show->output, info->fields[i].value, KW_CLEAN_ONE_LINE);
        kw_output_string(show->output, "\n");
    }
}

static enum kwic_status show_found(struct show *show, struct kwic_error *error)
{
    const struct settings *settings = show->settings;
    bool json = settings->format == 1, whole = settings->passage == WHOLE_DOCUMENT;
    struct kwic_document_info info;
    struct kwic_text text;
    enum kwic_status status;

    kwic_document_info(show->document, &info);
    if (settings->fields) {
        write_fields(show, &info);
        return KWIC_OK;
    }
    /* Before anything of it is written: whether there is such a passage. */
    if (!whole) {
        status = kwic_document_text(show->document, settings->passage, 1, &text, error);
        if (status != KWIC_OK)
            return status;
    }
    if (json)
        begin_json(show, &info);
    else if (show->last != '\n')
        kw_output_string(show->output, "\n");
    status = whole ? write_passages(show, 0, info.passages, error)
                   : write_passages(show, settings->passage, 1, error);
    if (json && status == KWIC_OK)
        kw_output_string(show->output, "\"}\n");
    return status;
}

/* Shows each document; those that are not there are named and the others shown. */
static int show_all(const struct settings *settings, const struct kw_strings *names,
                    struct kwic_index *index, struct kw_output *output)
{
    struct show show = {settings, output, NULL, '\n'};
    int exit_status = KW_EXIT_DONE;

    for (size_t i = 0; i < names->count && output->error == 0; i++) {
        struct kwic_error error = {0};
        enum kwic_status status = kwic_document_new(
            &show.document, index, KWIC_TEXT(names->items[i]), settings->by_id, &error);
        if (status == KWIC_OK)
            status = show_found(&show, &error);
        kwic_document_free(show.document);
        show.document = NULL;
        if (status != KWIC_OK)
            exit_status = kw_message_error(&error);
        if (status != KWIC_OK && status != KWIC_E_NOT_FOUND)
            break;
    }
    if (settings->format == 0 && show.last != '\n' && output->terminal)
        kw_output_string(output, "\n");
    return exit_status;
}

static int run_show(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.passage = WHOLE_DOCUMENT};
    struct kw_strings names = {0};
    struct kwic_index *index = NULL;
    int status = kw_options_parse(&kw_command_show, argc, argv, &settings, &names, output);

    if (status == KW_GO_ON && names.count == 0)
        status = kw_options_wrong(&kw_command_show, "no document given");
    if (status == KW_GO_ON && settings.fields &&
        (settings.format == 1 || settings.passage != WHOLE_DOCUMENT))
        status = kw_options_wrong(&kw_command_show, "'--fields' does not go with '--%s'",
                                  settings.format == 1 ? "format json" : "passage");
    if (status == KW_GO_ON)
        status =
            kw_where_open(&index, &settings.index, &settings.foreign, NULL, settings.common.quiet);
    if (status == KW_GO_ON)
        status = show_all(&settings, &names, index, output);
    kwic_index_free(index);
    kw_strings_release(&names);
    kw_foreign_settings_release(&settings.foreign);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_show = {
    .name = "show",
    .operands = "DOC...",
    .summary = "Shows stored documents, named by path or id.",
    .options = show_options,
    .shared = {{kw_foreign_options, offsetof(struct settings, foreign)}},
    .run = run_show,
};

/* ---- check ---------------------------------------------------------------------------------- */

static const struct kw_option check_options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "check this index; may be given again"},
    {.name = "sources", MEMBER(sources), .help = "compare with the files instead"},
    {.name = NULL},
};

static void on_problem(void *context, const char *problem)
{
    struct kw_output *output = context;

    kw_output_result(output, KWIC_TEXT(problem), KW_CLEAN_ONE_LINE);
    kw_output_string(output, "\n");
}

/* Checks one index and returns its exit status. */
static int check(const char *where, bool quiet, struct kw_output *output)
{
    struct kwic_error error = {0};
    enum kwic_status status = kwic_check(where, on_problem, output, &error);

    if (status == KWIC_OK && !quiet)
        kw_message("'%s' is ok", where);
    if (status == KWIC_OK)
        return KW_EXIT_DONE;
    if (status != KWIC_E_DAMAGED)
        return kw_message_error(&error);
    kw_message("%s", error.message);
    if (error.hint[0] != '\0')
        kw_message_hint("%s", error.hint);
    return KW_EXIT_DAMAGED;
}

struct comparison {
    struct kw_output *output;
    uint64_t others; /* that are not as they were indexed */
};

static void on_source(void *context, const struct kwic_source *source)
{
    struct comparison *comparison = context;
    struct kw_output *output = comparison->output;

    kw_output_string(output, source->unreadable ? "unreadable" : kw_render_fresh(source->file));
    kw_output_string(output, "\t");
    kw_output_result(output, source->path, KW_CLEAN_ONE_LINE);
    kw_output_string(output, "\n");
    comparison->others++;
}

/* Compares one index with its files and returns the exit status. */
static int compare(const char *where, bool quiet, struct kw_output *output)
{
    struct comparison comparison = {output, 0};
    struct kwic_index *index = NULL;
    struct kwic_error error = {0};
    uint64_t files;
    enum kwic_status status = kwic_index_new(&index, &where, 1, &error);

    if (status == KWIC_OK)
        status = kwic_index_sources(index, on_source, &comparison, &files, &error);
    kwic_index_free(index);
    if (status != KWIC_OK)
        return kw_message_error(&error);
    kw_output_flush(output);
    if (!quiet)
        kw_message("'%s': %" PRIu64 " of %" PRIu64 " file%s not as indexed", where,
                   comparison.others, files, files == 1 ? "" : "s");
    return comparison.others > 0 ? KW_EXIT_NOTHING : KW_EXIT_DONE;
}

static int run_check(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {0};
    struct kw_strings names = {0};
    struct kw_where where = {0};
    int status = kw_options_parse(&kw_command_check, argc, argv, &settings, &names, output);

    if (status == KW_GO_ON && names.count > 0)
        status = kw_options_wrong(&kw_command_check, "'check' takes no '%s'", names.items[0]);
    if (status == KW_GO_ON)
        status = kw_where_init(&where, &settings.index);
    if (status == KW_GO_ON) {
        status = KW_EXIT_DONE;
        for (size_t i = 0; i < where.count; i++) {
            int one = settings.sources ? compare(where.items[i], settings.common.quiet, output)
                                       : check(where.items[i], settings.common.quiet, output);
            status = one > status ? one : status;
        }
    }
    kw_where_release(&where);
    kw_strings_release(&names);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_check = {
    .name = "check",
    .operands = "",
    .summary = "Verifies every byte and cross-reference of an index.",
    .options = check_options,
    .run = run_check,
};
