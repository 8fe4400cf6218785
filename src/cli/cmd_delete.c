/* kwic delete: removes documents by name, or all that match a query. */
#include "cli/message.h"
#include "cli/options.h"
#include "cli/query_options.h"
#include "cli/where.h"

#include <inttypes.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    bool by_id;
    const char *query; /* NULL: documents are named */
    bool dry_run;
    struct kw_query_settings meaning; /* of the query */
    double wait;
};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "the index to delete from"},
    {.name = "id", MEMBER(by_id), .help = "DOC is an id, never a path"},
    {.name = "query",
     .kind = KW_OPTION_STRING,
     MEMBER(query),
     .argument = "QUERY",
     .help = "delete all that matches, and no DOC"},
    {.name = "dry-run", MEMBER(dry_run), .help = "only list the ids of those that match"},
    {.name = "wait",
     .kind = KW_OPTION_NUMBER,
     MEMBER(wait),
     .argument = "SECONDS",
     .least = 0,
     .most = 1e9,
     .help = "wait so long for another writer (0)"},
    {.name = NULL},
};

/* ---- By name -------------------------------------------------------------------------------- */

/* Deletes what is there and names what is not. */
static enum kwic_status delete_named(struct kwic_writer *writer, const struct settings *settings,
                                     const struct kw_strings *names, size_t *deleted,
                                     struct kwic_error *error)
{
    enum kwic_status status = KWIC_OK;

    for (size_t i = 0; i < names->count && status == KWIC_OK; i++) {
        status = kwic_writer_delete(writer, KWIC_TEXT(names->items[i]), settings->by_id, error);
        *deleted += status == KWIC_OK;
        if (status == KWIC_E_NOT_FOUND) {
            kw_message_error(error);
            status = KWIC_OK;
        }
    }
    return status;
}

/* ---- By a query ----------------------------------------------------------------------------- */

/* Hands out all documents that match, in the order of their ids; `take` may end that. */
static enum kwic_status each_match(struct kwic_index *index, const struct settings *settings,
                                   const struct kwic_search_options *search,
                                   enum kwic_status (*take)(void *context, struct kwic_text id,
                                                            struct kwic_error *error),
                                   void *context, struct kwic_error *error)
{
    struct kwic_results *results = NULL;
    struct kwic_result result;
    enum kwic_status status =
        kwic_search(&results, index, KWIC_TEXT(settings->query), search, error);

    if (status == KWIC_OK && kwic_results_note(results) != NULL && !settings->common.quiet)
        kw_message("%s", kwic_results_note(results));
    while (status == KWIC_OK) {
        status = kwic_results_next(results, &result, error);
        if (status == KWIC_OK)
            status = take(context, result.doc, error);
    }
    kwic_results_free(results);
    return status == KWIC_END ? KWIC_OK : status;
}

static int query_failed(const struct settings *settings, const struct kwic_error *error)
{
    return error->status == KWIC_E_SYNTAX ? kw_message_syntax(error, KWIC_TEXT(settings->query))
                                          : kw_message_error(error);
}

static int say_count(const struct settings *settings, const char *verb, uint64_t count)
{
    if (!settings->common.quiet)
        kw_message("%s %" PRIu64 " document%s", verb, count, count == 1 ? "" : "s");
    return count > 0 ? KW_EXIT_DONE : KW_EXIT_NOTHING;
}

struct listing {
    struct kw_output *output;
    size_t count;
};

static enum kwic_status list_one(void *context, struct kwic_text id, struct kwic_error *error)
{
    struct listing *listing = context;

    (void)error;
    kw_output_result(listing->output, id, KW_CLEAN_ONE_LINE);
    kw_output_string(listing->output, "\n");
    listing->count++;
    return listing->output->error == 0 ? KWIC_OK : KWIC_END;
}

/* Lists what would be deleted, by a reader: no writer need be waited for. */
static int list_matches(const struct settings *settings, const char *where,
                        const struct kwic_search_options *search, struct kw_output *output)
{
    struct kwic_index *index = NULL;
    struct kwic_error error = {0};
    struct listing listing = {output, 0};
    enum kwic_status status = kwic_index_new(&index, &where, 1, &error);

    if (status == KWIC_OK)
        status = each_match(index, settings, search, list_one, &listing, &error);
    kwic_index_free(index);
    if (status != KWIC_OK)
        return query_failed(settings, &error);
    kw_output_flush(output); /* what would be deleted stands above what is said of it */
    return say_count(settings, "would delete", listing.count);
}

struct deletion {
    struct kwic_writer *writer;
    size_t count;
};

static enum kwic_status delete_one(void *context, struct kwic_text id, struct kwic_error *error)
{
    struct deletion *deletion = context;

    deletion->count++;
    return kwic_writer_delete(deletion->writer, id, true, error);
}

/* Searches what the writer will change, which nobody else can meanwhile. */
static enum kwic_status delete_matches(struct kwic_writer *writer, const struct settings *settings,
                                       const struct kwic_search_options *search, size_t *deleted,
                                       struct kwic_error *error)
{
    struct kwic_index *index = NULL;
    struct deletion deletion = {writer, 0};
    enum kwic_status status = kwic_writer_index(&index, writer, error);

    if (status == KWIC_OK)
        status = each_match(index, settings, search, delete_one, &deletion, error);
    kwic_index_free(index);
    *deleted = deletion.count;
    return status;
}

/* ---- The command ---------------------------------------------------------------------------- */

/* All of it becomes visible at once. */
static int delete_all(const struct settings *settings, const struct kw_strings *names,
                      const char *where, const struct kwic_search_options *search)
{
    struct kwic_index_options with = {.wait = settings->wait};
    struct kwic_writer *writer = NULL;
    struct kwic_error error = {0};
    struct kwic_summary summary = {0};
    size_t found = 0; /* a name can stand for many documents */
    enum kwic_status status = kwic_writer_new_existing(&writer, where, &with, &error);

    if (status == KWIC_OK)
        status = settings->query != NULL ? delete_matches(writer, settings, search, &found, &error)
                                         : delete_named(writer, settings, names, &found, &error);
    if (status == KWIC_OK && found > 0)
        status = kwic_writer_commit(writer, &error);
    if (status == KWIC_OK)
        kwic_writer_summary(writer, &summary);
    kwic_writer_free(writer);
    if (status != KWIC_OK)
        return query_failed(settings, &error);
    int exit_status = say_count(settings, "deleted", summary.removed);
    return found < names->count ? KW_EXIT_NOTHING : exit_status;
}

static int check_settings(const struct settings *settings, const struct kw_strings *names)
{
    const struct kw_command *command = &kw_command_delete;
    const struct kw_query_settings *meaning = &settings->meaning;

    if (settings->query == NULL &&
        (settings->dry_run || meaning->all || meaning->strict || meaning->literal ||
         meaning->minimum != NULL || meaning->language != NULL))
        return kw_options_wrong(command, "'--dry-run' and what says what a query means need "
                                         "'--query'");
    if (settings->query != NULL && names->count > 0)
        return kw_options_wrong(command, "'--query' takes no document beside it");
    if (settings->query != NULL && settings->by_id)
        return kw_options_wrong(command, "'--id' does not go with '--query'");
    if (settings->query == NULL && names->count == 0)
        return kw_options_wrong(command, "no document given");
    if (settings->index.count > 1)
        return kw_message_usage("only one index can be written at a time");
    return KW_GO_ON;
}

static int run_delete(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.meaning = KW_QUERY_SETTINGS_INIT};
    struct kwic_search_options search = KWIC_SEARCH_OPTIONS_INIT;
    struct kw_strings names = {0};
    struct kw_where where = {0};
    int status = kw_options_parse(&kw_command_delete, argc, argv, &settings, &names, output);

    search.limit = SIZE_MAX;
    search.documents = true;
    search.by_id = true;
    if (status == KW_GO_ON)
        status = check_settings(&settings, &names);
    if (status == KW_GO_ON)
        status = kw_query_settings_apply(&kw_command_delete, &settings.meaning, &search);
    search.strict = true; /* what is passed over of a query makes it match more */
    if (status == KW_GO_ON)
        status = kw_where_init(&where, &settings.index);
    if (status == KW_GO_ON)
        status = settings.dry_run ? list_matches(&settings, where.items[0], &search, output)
                                  : delete_all(&settings, &names, where.items[0], &search);
    kw_where_release(&where);
    kw_strings_release(&names);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_delete = {
    .name = "delete",
    .operands = "[DOC...]",
    .summary = "Removes documents, by name or by a query, from an index.",
    .options = options,
    .shared = {{kw_query_options, offsetof(struct settings, meaning)}},
    .run = run_delete,
};
