/* Command lines: one table of options a command, from which parsing and --help follow. */
#include "cli/options.h"

#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MOST = 64 };

static const char *const color_choices[] = {"auto", "always", "never", NULL};

static const struct kw_option common_options[] = {
    {.name = "color",
     .kind = KW_OPTION_CHOICE,
     .offset = offsetof(struct kw_common, color),
     .argument = "WHEN",
     .choices = color_choices,
     .help = "colours: auto, always, never"},
    {.letter = 'q',
     .name = "quiet",
     .offset = offsetof(struct kw_common, quiet),
     .help = "no notes, summaries and progress"},
    {.letter = 'v',
     .name = "verbose",
     .offset = offsetof(struct kw_common, verbose),
     .help = "say more on standard error"},
    {.letter = 'h',
     .name = "help",
     .offset = offsetof(struct kw_common, help),
     .help = "show this help"},
    {.letter = 'V',
     .name = "version",
     .offset = offsetof(struct kw_common, version),
     .help = "show the version"},
    {.name = NULL},
};

bool kw_strings_add(struct kw_strings *strings, const char *string)
{
    const char **items = realloc(strings->items, (strings->count + 2) * sizeof *items);

    if (items == NULL)
        return false;
    items[strings->count++] = string;
    items[strings->count] = NULL;
    strings->items = items;
    return true;
}

void kw_strings_release(struct kw_strings *strings)
{
    free(strings->items);
    *strings = (struct kw_strings){0};
}

char *kw_strings_join(const struct kw_strings *strings, size_t first)
{
    size_t size = 0, capacity = 1;

    for (size_t i = first; i < strings->count; i++)
        capacity += strlen(strings->items[i]) + 1;
    char *joined = malloc(capacity);
    if (joined == NULL)
        return NULL;
    for (size_t i = first; i < strings->count; i++) {
        size_t length = strlen(strings->items[i]);
        if (i > first)
            joined[size++] = ' ';
        memcpy(joined + size, strings->items[i], length);
        size += length;
    }
    joined[size] = '\0';
    return joined;
}

int kw_options_wrong(const struct kw_command *command, const char *format, ...)
{
    char message[500];
    va_list list;

    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    kw_message("%s", message);
    kw_message_hint("'kwic %s --help' shows how it is used", command->name);
    return KW_EXIT_ERROR;
}

/* ---- Finding an option ---------------------------------------------------------------------- */

enum { TABLES = KW_SHARED_OPTIONS + 2 };

/* The tables of a command's options, in the order of --help. */
static void tables_of(const struct kw_command *command, struct kw_shared_options tables[TABLES])
{
    tables[0] = (struct kw_shared_options){command->options, 0};
    for (size_t i = 0; i < KW_SHARED_OPTIONS; i++)
        tables[1 + i] = command->shared[i];
    tables[TABLES - 1] = (struct kw_shared_options){common_options, 0};
}

/* The option behind `option`, or the first if that is NULL, in the order of --help; *table is the
 * place of its table, 0 at first. NULL: no more. */
static const struct kw_option *next_option(const struct kw_shared_options tables[TABLES],
                                           const struct kw_option *option, size_t *table)
{
    option = option != NULL ? option + 1 : tables[0].options;
    while (option == NULL || option->name == NULL) {
        if (++*table == TABLES)
            return NULL;
        option = tables[*table].options;
    }
    return option;
}

/* Finds an option by `name` of `size` bytes, or by `letter` if `name` is NULL; *at is where in the
 * settings its offset counts from. */
static const struct kw_option *find(const struct kw_command *command, char letter, const char *name,
                                    size_t size, size_t *at)
{
    struct kw_shared_options tables[TABLES];
    const struct kw_option *option = NULL;
    size_t table = 0;

    tables_of(command, tables);
    while ((option = next_option(tables, option, &table)) != NULL) {
        *at = tables[table].at;
        if (name == NULL ? option->letter == letter
                         : strlen(option->name) == size && memcmp(option->name, name, size) == 0)
            break;
    }
    return option;
}

static int unknown(const struct kw_command *command, const char *name, size_t size)
{
    const char *names[OPTIONS_MOST + 1];
    struct kw_shared_options tables[TABLES];
    const struct kw_option *option = NULL;
    char word[64];
    size_t count = 0, table = 0;

    tables_of(command, tables);
    while ((option = next_option(tables, option, &table)) != NULL)
        if (count < OPTIONS_MOST)
            names[count++] = option->name;
    names[count] = NULL;
    snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word), name);
    const char *nearest = kw_nearest(word, names);
    if (nearest == NULL)
        return kw_options_wrong(command, "unknown option '--%s'", word);
    kw_message("unknown option '--%s'", word);
    kw_message_hint("did you mean '--%s'?", nearest);
    return KW_EXIT_ERROR;
}

/* ---- Taking an option ----------------------------------------------------------------------- */

static int take_choice(const struct kw_command *command, const struct kw_option *option,
                       const char *argument, int *place)
{
    char all[200] = "";
    size_t used = 0;

    for (int i = 0; option->choices[i] != NULL; i++)
        if (strcmp(option->choices[i], argument) == 0) {
            *place = i;
            return KW_GO_ON;
        }
    for (int i = 0; option->choices[i] != NULL && used < sizeof all; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "",
                                 option->choices[i]);
    kw_message("'kwic %s --%s' does not know '%s'", command->name, option->name, argument);
    kw_message_hint("it knows %s", all);
    return KW_EXIT_ERROR;
}

static int take_size(const struct kw_command *command, const struct kw_option *option,
                     const char *argument, size_t *size)
{
    char *end;

    errno = 0;
    unsigned long long number = strtoull(argument, &end, 10);
    if (argument[0] < '0' || argument[0] > '9' || *end != '\0' || errno != 0 || number > SIZE_MAX)
        return kw_options_wrong(command, "'--%s' takes a whole number, not '%s'", option->name,
                                argument);
    if (option->most > 0 && ((double)number < option->least || (double)number > option->most))
        return kw_options_wrong(command, "'--%s' takes a whole number from %.0f to %.0f, not '%s'",
                                option->name, option->least, option->most, argument);
    *size = (size_t)number;
    return KW_GO_ON;
}

static int take_number(const struct kw_command *command, const struct kw_option *option,
                       const char *argument, double *value)
{
    char *end;
    double number = strtod(argument, &end);

    if (end != argument && *end == '\0' && number >= option->least && number <= option->most) {
        *value = number;
        return KW_GO_ON;
    }
    if (option->most < 1000)
        return kw_options_wrong(command, "'--%s' takes a number from %g to %g, not '%s'",
                                option->name, option->least, option->most, argument);
    return kw_options_wrong(command, "'--%s' takes a number from %g up, not '%s'", option->name,
                            option->least, argument);
}

static int take(const struct kw_command *command, const struct kw_option *option,
                const char *argument, size_t at, void *settings)
{
    void *member = (char *)settings + at + option->offset;

    switch (option->kind) {
    case KW_OPTION_FLAG:
        *(bool *)member = true;
        break;
    case KW_OPTION_VALUE:
        *(int *)member = option->number;
        break;
    case KW_OPTION_CHOICE:
        return take_choice(command, option, argument, member);
    case KW_OPTION_SIZE:
        return take_size(command, option, argument, member);
    case KW_OPTION_NUMBER:
        return take_number(command, option, argument, member);
    case KW_OPTION_STRING:
        *(const char **)member = argument;
        break;
    case KW_OPTION_LIST:
        return kw_strings_add(member, argument) ? KW_GO_ON : kw_message_memory();
    }
    return KW_GO_ON;
}

/* ---- Reading the command line --------------------------------------------------------------- */

/* Where parsing stands: argv[i] is the argument at hand. */
struct reader {
    const struct kw_command *command;
    int argc;
    char **argv;
    int i;
    void *settings;
};

static int read_long(struct reader *reader)
{
    const char *name = reader->argv[reader->i] + 2;
    const char *equals = strchr(name, '=');
    size_t size = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const char *argument = equals != NULL ? equals + 1 : NULL;
    size_t at = 0;
    const struct kw_option *option = find(reader->command, 0, name, size, &at);

    if (option == NULL || size == 0)
        return unknown(reader->command, name, size);
    if (option->argument == NULL && argument != NULL)
        return kw_options_wrong(reader->command, "'--%s' takes no value", option->name);
    if (option->argument != NULL && argument == NULL) {
        if (reader->i + 1 == reader->argc)
            return kw_options_wrong(reader->command, "'--%s' needs a value", option->name);
        argument = reader->argv[++reader->i];
    }
    return take(reader->command, option, argument, at, reader->settings);
}

/* A query can begin with a minus too. */
static int unknown_letter(const struct kw_command *command, char letter)
{
    if (!command->free_words)
        return kw_options_wrong(command, "unknown option '-%c'", letter);
    kw_message("unknown option '-%c'", letter);
    kw_message_hint(
        "'kwic %s --help' shows the options; a query that begins with '-' goes behind '--'",
        command->name);
    return KW_EXIT_ERROR;
}

/* One argument of short options: `-lc`, `-n5`, `-n 5`. */
static int read_short(struct reader *reader)
{
    for (const char *letter = reader->argv[reader->i] + 1; *letter != '\0'; letter++) {
        size_t at = 0;
        const struct kw_option *option = find(reader->command, *letter, NULL, 0, &at);
        const char *argument = NULL;
        if (option == NULL)
            return unknown_letter(reader->command, *letter);
        if (option->argument != NULL) {
            if (letter[1] != '\0')
                argument = letter + 1;
            if (argument != NULL)
                ((struct kw_common *)reader->settings)->attached = true;
            else if (reader->i + 1 < reader->argc)
                argument = reader->argv[++reader->i];
            else
                return kw_options_wrong(reader->command, "'-%c' needs a value", *letter);
        }
        int status = take(reader->command, option, argument, at, reader->settings);
        if (status != KW_GO_ON || argument != NULL)
            return status;
    }
    return KW_GO_ON;
}

/* Whether an argument behind words of a query would be an option, like `-l`, before them. */
static bool stands_too_late(const struct kw_command *command, const char *argument)
{
    size_t at;

    return argument[2] == '\0' && find(command, argument[1], NULL, 0, &at) != NULL;
}

static void write_help(struct kw_output *output, const struct kw_command *command);

int kw_options_parse(const struct kw_command *command, int argc, char **argv, void *settings,
                     struct kw_strings *operands, struct kw_output *output)
{
    struct reader reader = {command, argc, argv, 1, settings};
    const struct kw_common *common = settings;
    const char *late = NULL;
    bool ended = false;
    int status = KW_GO_ON;

    for (; reader.i < argc && status == KW_GO_ON; reader.i++) {
        const char *argument = argv[reader.i];
        bool dashes = argument[0] == '-' && argument[1] == '-';
        bool letters = argument[0] == '-' && argument[1] != '\0' && !dashes;
        if (!ended && dashes && argument[2] == '\0')
            ended = true;
        else if (!ended && dashes)
            status = read_long(&reader);
        else if (!ended && letters && !(command->free_words && operands->count > 0))
            status = read_short(&reader);
        else if (!kw_strings_add(operands, argument))
            status = kw_message_memory();
        else if (!ended && letters && late == NULL && stands_too_late(command, argument))
            late = argument;
    }
    if (status != KW_GO_ON)
        return status;
    if (common->help) {
        write_help(output, command);
        return KW_EXIT_DONE;
    }
    if (common->version) {
        kw_output_format(output, "kwic %s\n", kwic_version());
        return KW_EXIT_DONE;
    }
    if (late != NULL && !common->quiet) {
        kw_message("'%s' is taken as part of the query", late);
        kw_message_hint("options of one letter go before the first word");
    }
    return KW_GO_ON;
}

/* ---- --help --------------------------------------------------------------------------------- */

enum { HELP_COLUMN = 28 };

static void write_option(struct kw_output *output, const struct kw_option *option)
{
    char left[80];
    int used = 0;

    used += option->letter != 0
                ? snprintf(left, sizeof left, "  -%c, --%s", option->letter, option->name)
                : snprintf(left, sizeof left, "      --%s", option->name);
    if (option->argument != NULL)
        used += snprintf(left + used, sizeof left - (size_t)used, " %s", option->argument);
    kw_output_string(output, left);
    if (used + 2 > HELP_COLUMN) {
        kw_output_string(output, "\n");
        used = 0;
    }
    kw_output_spaces(output, (size_t)(HELP_COLUMN - used));
    kw_output_string(output, option->help);
    kw_output_string(output, "\n");
}

static void write_help(struct kw_output *output, const struct kw_command *command)
{
    struct kw_shared_options tables[TABLES];
    const struct kw_option *option = NULL;
    size_t table = 0;

    kw_output_format(output, "usage: kwic %s [options]%s%s\n\n%s\n\noptions:\n", command->name,
                     command->operands[0] != '\0' ? " " : "", command->operands, command->summary);
    tables_of(command, tables);
    while ((option = next_option(tables, option, &table)) != NULL)
        write_option(output, option);
}
