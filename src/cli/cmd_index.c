/* kwic index: adds documents from files, folders and standard input, and refreshes them. */
#include "cli/message.h"
#include "cli/options.h"
#include "cli/path_list.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/where.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    const char *name;
    const char *files_from; /* NULL: there is no such list */
    bool null;
    int format;
    int encoding;
    struct kw_strings map;
    const char *language;
    bool keep_accents;
    int store; /* place in store_choices, or -1: not given */
    struct kw_strings fields;
    struct kw_strings include;
    struct kw_strings exclude;
    bool hidden, no_ignore, archives, replace, prune, no_sync;
    size_t threads;
    const char *memory;
    int progress; /* enum kw_progress_form */
    double wait;
};

static const char *const format_choices[] = {"auto", "text", "markdown", "html", "jsonl", NULL};
static const char *const encoding_choices[] = {"auto",     "utf-8",        "utf-16le",
                                               "utf-16be", "windows-1252", NULL};

static const char *const store_choices[] = {"words", "zlib", NULL};

static const char *const progress_choices[] = {"auto", "none", "jsonl", NULL};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "the index to write to (nearest .kwic, else ./.kwic)"},
    {.name = "name",
     .kind = KW_OPTION_STRING,
     MEMBER(name),
     .argument = "NAME",
     .help = "source name of standard input (stdin)"},
    {.name = "files-from",
     .kind = KW_OPTION_STRING,
     MEMBER(files_from),
     .argument = "FILE",
     .help = "more paths, one a line; -: from standard input"},
    {.letter = '0', .name = "null", MEMBER(null), .help = "those paths end with NUL"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = format_choices,
     .help = "auto, text, markdown, html, jsonl"},
    {.name = "encoding",
     .kind = KW_OPTION_CHOICE,
     MEMBER(encoding),
     .argument = "NAME",
     .choices = encoding_choices,
     .help = "auto, utf-8, utf-16le, utf-16be, windows-1252"},
    {.name = "map",
     .kind = KW_OPTION_LIST,
     MEMBER(map),
     .argument = "KEY=NAME",
     .help = "record keys to read as text, id, title"},
    {.name = "lang",
     .kind = KW_OPTION_STRING,
     MEMBER(language),
     .argument = "NAME",
     .help = "language of a new index (english); none, auto"},
    {.name = "keep-accents", MEMBER(keep_accents), .help = "terms of a new index keep accents"},
    {.name = "store",
     .kind = KW_OPTION_CHOICE,
     MEMBER(store),
     .argument = "NAME",
     .choices = store_choices,
     .help = "how a new index stores text: words (default), zlib"},
    {.name = "field",
     .kind = KW_OPTION_LIST,
     MEMBER(fields),
     .argument = "NAME:TYPE",
     .help = "type of a field: text, keyword, number, date"},
    {.name = "include",
     .kind = KW_OPTION_LIST,
     MEMBER(include),
     .argument = "GLOB",
     .help = "walks take only matching files"},
    {.name = "exclude",
     .kind = KW_OPTION_LIST,
     MEMBER(exclude),
     .argument = "GLOB",
     .help = "walks skip matching files and folders"},
    {.name = "hidden", MEMBER(hidden), .help = "walks visit hidden files"},
    {.name = "no-ignore", MEMBER(no_ignore), .help = "walks do not heed .gitignore and .ignore"},
    {.name = "archives", MEMBER(archives), .help = "walks open archives and compressed files"},
    {.name = "replace", MEMBER(replace), .help = "take over ids that another source owns"},
    {.name = "prune", MEMBER(prune), .help = "remove documents whose files vanished"},
    {.name = "no-sync", MEMBER(no_sync), .help = "faster, but a power cut may lose the index"},
    {.name = "threads",
     .kind = KW_OPTION_SIZE,
     MEMBER(threads),
     .argument = "N",
     .least = 1,
     .most = 1024,
     .help = "threads that work at once (one a processor)"},
    {.name = "memory",
     .kind = KW_OPTION_STRING,
     MEMBER(memory),
     .argument = "SIZE",
     .help = "memory to use, as in 256M (a quarter, up to 1G)"},
    {.name = "progress",
     .kind = KW_OPTION_CHOICE,
     MEMBER(progress),
     .argument = "FORM",
     .choices = progress_choices,
     .help = "on standard error: auto (on a terminal), none, jsonl"},
    {.name = "wait",
     .kind = KW_OPTION_NUMBER,
     MEMBER(wait),
     .argument = "SECONDS",
     .least = 0,
     .most = 1e9,
     .help = "wait so long for another writer (0)"},
    {.name = NULL},
};

/* ---- --map ---------------------------------------------------------------------------------- */

/* Takes one `KEY=NAME` of the `size` bytes at `pair`. */
static int map_pair(struct kwic_index_options *with, char *pair)
{
    char *equals = strchr(pair, '=');
    const struct {
        const char *key;
        const char **name;
    } keys[] = {{"text", &with->map_text}, {"id", &with->map_id}, {"title", &with->map_title}};

    if (equals == NULL || equals[1] == '\0')
        return kw_options_wrong(&kw_command_index, "'--map' takes KEY=NAME, not '%s'", pair);
    *equals = '\0';
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(pair, keys[i].key) == 0) {
            *keys[i].name = equals + 1;
            return KW_GO_ON;
        }
    kw_message("'--map' does not know the key '%s'", pair);
    kw_message_hint("it knows text, id, title");
    return KW_EXIT_ERROR;
}

/* Takes `text=body,id=docno`. The copy that `with` then refers to is added to `owned`. */
static int map_list(struct kwic_index_options *with, const char *list, struct kw_strings *owned)
{
    char *copy = strdup(list), *rest = copy, *pair;
    int status = KW_GO_ON;

    if (copy == NULL || !kw_strings_add(owned, copy)) {
        free(copy);
        return kw_message_memory();
    }
    while (status == KW_GO_ON && (pair = strsep(&rest, ",")) != NULL)
        status = map_pair(with, pair);
    return status;
}

/* ---- --field -------------------------------------------------------------------------------- */

/* Takes one `NAME:TYPE`; a name may hold colons. The copy that the field then refers to is added to
 * `owned`. */
static int type_field(struct kwic_typed_field *field, const char *pair, struct kw_strings *owned)
{
    static const char *const types[] = {[KWIC_TYPE_TEXT] = "text",
                                        [KWIC_TYPE_KEYWORD] = "keyword",
                                        [KWIC_TYPE_NUMBER] = "number",
                                        [KWIC_TYPE_DATE] = "date"};
    char *copy = strdup(pair), *colon = copy == NULL ? NULL : strrchr(copy, ':');

    if (copy == NULL || !kw_strings_add(owned, copy)) {
        free(copy);
        return kw_message_memory();
    }
    if (colon == NULL || colon == copy)
        return kw_options_wrong(&kw_command_index, "'--field' takes NAME:TYPE, not '%s'", pair);
    *colon = '\0';
    field->name = copy;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(colon + 1, types[i]) == 0) {
            field->type = (enum kwic_field_type)i;
            return KW_GO_ON;
        }
    kw_message("'--field' does not know the type '%s'", colon + 1);
    kw_message_hint("it knows text, keyword, number, date");
    return KW_EXIT_ERROR;
}

/* Takes all of them into an array that the caller frees. */
static int type_fields(struct kwic_typed_field **out, const struct kw_strings *pairs,
                       struct kw_strings *owned)
{
    int status = KW_GO_ON;

    *out = calloc(pairs->count + 1, sizeof **out);
    if (*out == NULL)
        return kw_message_memory();
    for (size_t i = 0; i < pairs->count && status == KW_GO_ON; i++)
        status = type_field(&(*out)[i], pairs->items[i], owned);
    return status;
}

/* ---- --memory ------------------------------------------------------------------------------- */

/* Takes a size: bytes, or with a letter behind KiB, MiB or GiB. */
static int take_memory(const char *text, uint64_t *bytes)
{
    static const char letters[] = "KMG";
    unsigned shift = 0;
    char *end;

    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (*end != '\0' && strchr(letters, *end) != NULL)
        shift = 10 * (unsigned)(strchr(letters, *end++) - letters + 1);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number == 0 ||
        number > UINT64_MAX >> shift)
        return kw_options_wrong(&kw_command_index,
                                "'--memory' takes a size such as 256M or 1G, not '%s'", text);
    *bytes = (uint64_t)number << shift;
    return KW_GO_ON;
}

/* ---- The run -------------------------------------------------------------------------------- */

static void on_warning(void *context, const char *message)
{
    kw_progress_warning(context, message);
}

static void on_progress(void *context, const struct kwic_progress *state)
{
    kw_progress_draw(context, state);
}

static enum kwic_status add(struct kwic_writer *writer, const struct kw_strings *paths,
                            const char *name, struct kw_path_list *list, struct kwic_error *error)
{
    enum kwic_status status = KWIC_OK;
    const char *path;

    if (paths->count == 0 && list->name == NULL)
        return kwic_writer_refresh(writer, error);
    for (size_t i = 0; i < paths->count && status == KWIC_OK; i++)
        if (strcmp(paths->items[i], "-") == 0)
            status = kwic_writer_add_stream(writer, STDIN_FILENO, name, error);
        else
            status = kwic_writer_add_path(writer, paths->items[i], error);
    while (list->name != NULL && status == KWIC_OK && (path = kw_path_list_next(list)) != NULL)
        status = kwic_writer_add_path(writer, path, error);
    return status;
}

static int build(const struct settings *settings, const struct kw_strings *paths,
                 struct kw_path_list *list, const char *where,
                 const struct kwic_index_options *with, struct kw_progress *progress)
{
    struct kwic_writer *writer = NULL;
    struct kwic_summary summary = {0};
    struct kwic_error error = {0};
    enum kwic_status status;

    /* Without paths there is nothing that a new index could be made of. */
    status = paths->count > 0 || list->name != NULL
                 ? kwic_writer_new(&writer, where, with, &error)
                 : kwic_writer_new_existing(&writer, where, with, &error);
    /* Not before: who waits for another writer has nothing to stop cleanly. */
    kw_signals_catch();
    if (status == KWIC_OK)
        status = add(writer, paths, settings->name, list, &error);
    if (status == KWIC_OK && list->status == KW_GO_ON)
        status = kwic_writer_commit(writer, &error);
    kw_progress_clear(progress);
    if (status == KWIC_OK)
        kwic_writer_summary(writer, &summary);
    kwic_writer_free(writer);
    if (status == KWIC_E_INTERRUPTED) {
        kw_message("interrupted: the index is as its last commit left it");
        kw_signals_end();
    }
    if (status != KWIC_OK)
        return kw_message_error(&error);
    if (list->status != KW_GO_ON)
        return list->status;
    if (!settings->common.quiet || progress->objects)
        kw_progress_summary(progress, &summary, settings->common.verbose);
    if (*with->stop != 0) /* during the commit, which was not to be stopped */
        kw_signals_end();
    return summary.skipped > 0 || summary.misfits_asked > 0 ? KW_EXIT_NOTHING : KW_EXIT_DONE;
}

/* The bytes of all input, if it is files that are named: else 0. */
static uint64_t total_of(const struct kw_strings *paths)
{
    uint64_t total = 0;
    struct stat info;

    for (size_t i = 0; i < paths->count; i++) {
        if (strcmp(paths->items[i], "-") == 0 || stat(paths->items[i], &info) != 0 ||
            !S_ISREG(info.st_mode))
            return 0;
        total += (uint64_t)info.st_size;
    }
    return total;
}

static int run_with(const struct settings *settings, const struct kw_strings *paths,
                    struct kwic_index_options *with)
{
    struct kw_progress progress;
    struct kw_path_list list = {.status = KW_GO_ON};
    struct kw_where where;
    int status = kw_where_init_writer(&where, &settings->index);

    if (status == KW_GO_ON && settings->files_from != NULL)
        status = kw_path_list_init(&list, settings->files_from, settings->null);
    if (status == KW_GO_ON) {
        kw_progress_init(&progress, (enum kw_progress_form)settings->progress,
                         settings->common.quiet);
        progress.total = settings->files_from != NULL ? 0 : total_of(paths);
        with->context = &progress;
        with->stop = kw_signals_flag();
        status = build(settings, paths, &list, where.items[0], with, &progress);
    }
    kw_path_list_release(&list);
    kw_where_release(&where);
    return status;
}

/* Standard input is at its end after the first time, which a second document would only hide. */
static int check_paths(const struct settings *settings, const struct kw_strings *paths)
{
    size_t streams = settings->files_from != NULL && strcmp(settings->files_from, "-") == 0;

    for (size_t i = 0; i < paths->count; i++)
        streams += strcmp(paths->items[i], "-") == 0;
    if (settings->null && settings->files_from == NULL)
        return kw_options_wrong(&kw_command_index, "'--null' needs '--files-from'");
    return streams > 1 ? kw_options_wrong(&kw_command_index, "'-' can be read only once")
                       : KW_GO_ON;
}

static int run_index(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.name = "stdin", .store = -1};
    struct kwic_index_options with = {0};
    struct kw_strings paths = {0}, owned = {0};
    struct kwic_typed_field *fields = NULL;
    int status = kw_options_parse(&kw_command_index, argc, argv, &settings, &paths, output);

    if (status == KW_GO_ON)
        status = check_paths(&settings, &paths);
    for (size_t i = 0; i < settings.map.count && status == KW_GO_ON; i++)
        status = map_list(&with, settings.map.items[i], &owned);
    if (status == KW_GO_ON)
        status = type_fields(&fields, &settings.fields, &owned);
    if (status == KW_GO_ON && settings.memory != NULL)
        status = take_memory(settings.memory, &with.memory);
    if (status == KW_GO_ON) {
        with.language = settings.language;
        with.keep_accents = settings.keep_accents;
        with.store = settings.store < 0 ? NULL : store_choices[settings.store];
        with.fields = fields;
        with.field_count = settings.fields.count;
        with.format = format_choices[settings.format];
        with.encoding = encoding_choices[settings.encoding];
        with.replace = settings.replace;
        with.prune = settings.prune;
        with.hidden = settings.hidden;
        with.no_ignore = settings.no_ignore;
        with.archives = settings.archives;
        with.no_sync = settings.no_sync;
        with.include = settings.include.items;
        with.exclude = settings.exclude.items;
        with.threads = (uint32_t)settings.threads;
        with.wait = settings.wait;
        with.warn = on_warning;
        with.progress = on_progress;
        status = run_with(&settings, &paths, &with);
    }
    for (size_t i = 0; i < owned.count; i++)
        free((char *)owned.items[i]);
    free(fields);
    kw_strings_release(&owned);
    kw_strings_release(&paths);
    kw_strings_release(&settings.index);
    kw_strings_release(&settings.map);
    kw_strings_release(&settings.fields);
    kw_strings_release(&settings.include);
    kw_strings_release(&settings.exclude);
    return status;
}

const struct kw_command kw_command_index = {
    .name = "index",
    .operands = "[PATH...]",
    .summary = "Adds and refreshes documents from files, folders and standard input.",
    .options = options,
    .run = run_index,
};
