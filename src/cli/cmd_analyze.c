/* kwic analyze: the tokens of a text, as an index would hold them. */
#include "cli/json.h"
#include "cli/message.h"
#include "cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
    struct kw_common common;
    const char *language;
    bool keep_accents;
    int format; /* place in format_choices */
};

static const char *const format_choices[] = {"tsv", "jsonl", NULL};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option options[] = {
    {.name = "lang",
     .kind = KW_OPTION_STRING,
     MEMBER(language),
     .argument = "NAME",
     .help = "language of the stems (english); none, auto"},
    {.name = "keep-accents", MEMBER(keep_accents), .help = "terms keep accents and marks"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = format_choices,
     .help = "tsv, jsonl"},
    {.name = NULL},
};

/* Reads standard input to its end; the caller frees *data. */
static int read_input(char **data, size_t *size)
{
    size_t capacity = 64 * 1024;
    ssize_t count = 1;

    *size = 0;
    *data = malloc(capacity);
    while (*data != NULL && count > 0) {
        if (*size == capacity) {
            char *more = realloc(*data, capacity *= 2);
            if (more == NULL)
                break;
            *data = more;
        }
        do
            count = read(STDIN_FILENO, *data + *size, capacity - *size);
        while (count < 0 && errno == EINTR);
        if (count < 0)
            return kw_message_usage("cannot read standard input: %s", strerror(errno));
        *size += (size_t)count;
    }
    return count == 0 ? KW_GO_ON : kw_message_memory();
}

static void write_tsv(struct kw_output *output, const struct kwic_token *token)
{
    const struct kwic_text columns[] = {token->surface, token->term, token->stem};

    kw_output_format(output, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64, token->position, token->start,
                     token->end);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        kw_output_string(output, "\t");
        kw_output_result(output, columns[i], KW_CLEAN_ONE_LINE);
    }
    kw_output_format(output, "\t%s\n", token->language);
}

static void write_json(struct kw_output *output, const struct kwic_token *token)
{
    kw_output_format(
        output, "{\"position\":%" PRIu64 ",\"start\":%" PRIu64 ",\"end\":%" PRIu64 ",\"surface\":",
        token->position, token->start, token->end);
    kw_json_string(output, token->surface);
    kw_output_string(output, ",\"term\":");
    kw_json_string(output, token->term);
    kw_output_string(output, ",\"stem\":");
    kw_json_string(output, token->stem);
    kw_output_format(output, ",\"passage\":%" PRIu64 ",\"language\":\"%s\"}\n", token->passage,
                     token->language);
}

static int analyze(const struct settings *settings, struct kwic_text text, struct kw_output *output)
{
    struct kwic_analysis *analysis = NULL;
    struct kwic_error error = {0};
    struct kwic_token token;

    if (kwic_analysis_new(&analysis, settings->language, settings->keep_accents, text, &error) !=
        KWIC_OK)
        return kw_message_error(&error);
    while (output->error == 0 && kwic_analysis_next(analysis, &token) == KWIC_OK) {
        if (settings->format == 0)
            write_tsv(output, &token);
        else
            write_json(output, &token);
    }
    kwic_analysis_free(analysis);
    return KW_EXIT_DONE;
}

static int run_analyze(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.language = "english"};
    struct kw_strings texts = {0};
    char *input = NULL;
    size_t size = 0;
    int status = kw_options_parse(&kw_command_analyze, argc, argv, &settings, &texts, output);

    if (status == KW_GO_ON && texts.count > 1)
        status = kw_options_wrong(&kw_command_analyze, "'analyze' takes one text, not '%s' too",
                                  texts.items[1]);
    if (status == KW_GO_ON && texts.count == 0)
        status = read_input(&input, &size);
    if (status == KW_GO_ON)
        status = analyze(
            &settings,
            texts.count > 0 ? KWIC_TEXT(texts.items[0]) : (struct kwic_text){input, size}, output);
    free(input);
    kw_strings_release(&texts);
    return status;
}

const struct kw_command kw_command_analyze = {
    .name = "analyze",
    .operands = "[TEXT]",
    .summary = "Shows the tokens of a text, given here or on standard input.",
    .options = options,
    .run = run_analyze,
};
