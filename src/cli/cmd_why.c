/* kwic why: why a document is not among the results of a query, or where it is among them. */
#include "cli/json.h"
#include "cli/message.h"
#include "cli/query_options.h"
#include "cli/ranking.h"
#include "cli/where.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    struct kw_foreign_settings foreign;
    struct kw_query_settings query;
    struct kw_ranking ranking;
    size_t limit;
    bool by_id;
    int format; /* place in format_choices */
};

static const char *const format_choices[] = {"text", "json", NULL};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "search this index; several are searched as one"},
    {.name = "id", MEMBER(by_id), .help = "DOC is an id, never a path"},
    {.letter = 'n',
     .name = "limit",
     .kind = KW_OPTION_SIZE,
     MEMBER(limit),
     .argument = "N",
     .help = "documents on a page of results (10)"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = format_choices,
     .help = "text, json"},
    {.name = NULL},
};

/* What is written, and about what. */
struct report {
    const struct settings *settings;
    struct kw_output *output;
    struct kwic_why *why;
    struct kwic_why_info info;
    struct kwic_text name; /* as given */
};

static void write_clean(const struct report *report, struct kwic_text text)
{
    kw_output_result(report->output, text, KW_CLEAN_ONE_LINE);
}

static void write_quoted(const struct report *report, const char *before, struct kwic_text text,
                         const char *behind)
{
    kw_output_string(report->output, before);
    kw_output_string(report->output, "'");
    write_clean(report, text);
    kw_output_string(report->output, "'");
    kw_output_string(report->output, behind);
}

/* ---- Documents that are not there ----------------------------------------------------------- */

/* A name for scripts, what to say of the place, and the next step; NULL where there is none. */
static const struct absence {
    const char *name;
    const char *text;
    bool placed; /* the text begins with the place */
    const char *hint;
} absences[] = {
    [KWIC_PRESENT] = {"present", "", false, NULL},
    [KWIC_ABSENT_NO_FILE] = {"no file", "there is no such file, and no record has this id", false,
                             NULL},
    [KWIC_ABSENT_FOLDER] = {"folder", "it is a folder", false, NULL},
    [KWIC_ABSENT_RECORDS] = {"records", "its records are the documents", false,
                             "name one of them by its id"},
    [KWIC_ABSENT_DELETED] = {"deleted", "it was deleted by hand", false,
                             "'kwic index' takes it in again if it is named"},
    [KWIC_ABSENT_OUTSIDE] = {"outside", "it is below no path that was indexed", false,
                             "'kwic index PATH' adds it"},
    [KWIC_ABSENT_UNREADABLE] = {"unreadable", " cannot be read", true, NULL},
    [KWIC_ABSENT_KIND] = {"kind", " is not a regular file", true, NULL},
    [KWIC_ABSENT_NEVER] = {"never", " belongs to version control or to an index", true, NULL},
    [KWIC_ABSENT_IGNORED] = {"ignored", " is ignored", true,
                             "'kwic index --no-ignore' heeds no such rules"},
    [KWIC_ABSENT_HIDDEN] = {"hidden", " is hidden", true,
                            "'kwic index --hidden' visits hidden files"},
    [KWIC_ABSENT_EXCLUDED] = {"excluded", " is excluded", true, NULL},
    [KWIC_ABSENT_NOT_INCLUDED] = {"not included", " matches none of the globs to include", true,
                                  NULL},
    [KWIC_ABSENT_FILE_SYSTEM] = {"file system", " is on another file system", true, NULL},
    [KWIC_ABSENT_NOT_TEXT] = {"not text", "it is not text", false, NULL},
    [KWIC_ABSENT_NEW] = {"new", "nothing keeps it out", false, "'kwic index' reads it"},
};

static void write_absence(const struct report *report)
{
    const struct kwic_why_info *info = &report->info;
    const struct absence *absence = &absences[info->absence];

    write_clean(report, report->name);
    kw_output_string(report->output, " is not in the index: ");
    if (absence->placed)
        write_quoted(report, "", info->place, "");
    kw_output_string(report->output, absence->text);
    if (info->rules.size > 0) {
        kw_output_format(report->output, " by line %" PRIu64 " of ", info->line);
        write_quoted(report, "", info->rules, ": ");
        write_clean(report, info->rule);
    } else if (info->rule.size > 0) {
        write_quoted(report, " by the glob ", info->rule, "");
    }
    kw_output_string(report->output, "\n");
    kw_output_flush(report->output);
    if (absence->hint != NULL && !report->settings->common.quiet)
        kw_message_hint("%s", absence->hint);
}

static void write_absence_json(const struct report *report)
{
    const struct kwic_why_info *info = &report->info;
    struct kw_output *output = report->output;

    kw_output_string(output, "{\"doc\":");
    kw_json_string(output, report->name);
    kw_output_format(
        output, ",\"present\":false,\"reason\":\"%s\",\"place\":", absences[info->absence].name);
    kw_json_string(output, info->place);
    if (info->rule.size > 0) {
        kw_output_string(output, ",\"rule\":");
        kw_json_string(output, info->rule);
    }
    if (info->rules.size > 0) {
        kw_output_string(output, ",\"rules\":");
        kw_json_string(output, info->rules);
        kw_output_format(output, ",\"line\":%" PRIu64, info->line);
    }
    kw_output_string(output, "}\n");
}

/* ---- Clauses -------------------------------------------------------------------------------- */

static const char *const outcomes[] = {"holds", "lacks", "apart", "value"};

static void write_held(const struct report *report, const struct kwic_why_clause *clause)
{
    struct kw_output *output = report->output;

    if (clause->frequency > 0)
        kw_output_format(output, "%" PRIu64 " match%s", clause->frequency,
                         clause->frequency == 1 ? "" : "es");
    else
        kw_output_string(output, "a value passes");
    if (clause->negated)
        kw_output_string(output, ", and must not be there");
    else if (clause->score > 0)
        kw_output_format(output, ", adds %.4g", clause->score);
}

static void write_apart(const struct report *report, const struct kwic_why_clause *clause)
{
    struct kw_output *output = report->output;

    if (clause->moves)
        kw_output_string(output, "its words are there, but not like this");
    else if (clause->ordered)
        kw_output_string(output, "its parts are there, but not in this order");
    else
        kw_output_string(output, "its parts are there, but not so near");
    if (clause->distance == 0)
        kw_output_string(output, ", at whatever distance");
    else if (clause->moves)
        kw_output_format(output, ": within %" PRIu32 " move%s at best", clause->distance,
                         clause->distance == 1 ? "" : "s");
    else
        kw_output_format(output, ": %" PRIu32 " word%s apart at best", clause->distance,
                         clause->distance == 1 ? "" : "s");
}

/* Whether the document lacks just what the clause is, a word without more. */
static bool lacks_all(const struct kwic_why_clause *clause)
{
    struct kwic_text text = clause->text, lacking = clause->lacking;

    while (text.size > lacking.size && strchr("+-=", text.data[0]) != NULL) {
        text.data++;
        text.size--;
    }
    return text.size == lacking.size && memcmp(text.data, lacking.data, text.size) == 0;
}

static void write_clause(const struct report *report, const struct kwic_why_clause *clause)
{
    struct kw_output *output = report->output;

    kw_output_string(output, "  ");
    write_clean(report, clause->text);
    kw_output_string(output, ": ");
    if (clause->outcome == KWIC_HOLDS) {
        write_held(report, clause);
    } else if (clause->outcome == KWIC_APART) {
        write_apart(report, clause);
    } else if (clause->outcome == KWIC_VALUE) {
        kw_output_string(output, clause->values.size > 0 ? "does not pass: " : "has no value");
        write_clean(report, clause->values);
    } else if (clause->lacking.size == 0) {
        kw_output_string(output, "holds no words");
    } else {
        kw_output_string(output, "not there");
        if (!lacks_all(clause)) {
            kw_output_string(output, ": ");
            write_clean(report, clause->lacking);
        }
    }
    if (clause->outcome != KWIC_HOLDS && clause->required && !clause->negated)
        kw_output_string(output, "; it must match");
    kw_output_string(output, "\n");
}

static void write_clause_json(const struct report *report, const struct kwic_why_clause *clause)
{
    struct kw_output *output = report->output;

    kw_output_string(output, "{\"clause\":");
    kw_json_string(output, clause->text);
    kw_output_format(output, ",\"negated\":%s,\"required\":%s,\"outcome\":\"%s\"",
                     clause->negated ? "true" : "false", clause->required ? "true" : "false",
                     outcomes[clause->outcome]);
    if (clause->outcome == KWIC_HOLDS)
        kw_output_format(output, ",\"frequency\":%" PRIu64 ",\"score\":%.6g", clause->frequency,
                         clause->score);
    if (clause->outcome == KWIC_LACKS) {
        kw_output_string(output, ",\"lacking\":");
        kw_json_string(output, clause->lacking);
    }
    if (clause->outcome == KWIC_VALUE) {
        kw_output_string(output, ",\"values\":");
        kw_json_string(output, clause->values);
    }
    if (clause->outcome == KWIC_APART)
        kw_output_format(output, ",\"distance\":%" PRIu32 ",\"moves\":%s,\"ordered\":%s",
                         clause->distance, clause->moves ? "true" : "false",
                         clause->ordered ? "true" : "false");
    kw_output_string(output, "}");
}

static void write_clauses(const struct report *report)
{
    bool json = report->settings->format == 1;
    struct kwic_why_clause clause;

    for (size_t i = 0; kwic_why_clause(report->why, i, &clause) == KWIC_OK; i++) {
        if (json && i > 0)
            kw_output_string(report->output, ",");
        if (json)
            write_clause_json(report, &clause);
        else
            write_clause(report, &clause);
    }
}

/* ---- Documents that are there --------------------------------------------------------------- */

static const char *const file_names[] = {"same", "changed", "vanished", "unknown"};

static void write_added(struct kw_output *output, const char *what, double score)
{
    if (score > 0)
        kw_output_format(output, "  %s: adds %.4g\n", what, score);
}

static void write_present(const struct report *report)
{
    const struct kwic_why_info *info = &report->info;
    struct kw_output *output = report->output;

    write_clean(report, report->name);
    if (info->rank == 0)
        kw_output_format(output, " does not match; %" PRIu64 " document%s", info->matches,
                         info->matches == 1 ? " does" : "s do");
    else
        kw_output_format(output, " has rank %" PRIu64 " of %" PRIu64 ", score %.4g", info->rank,
                         info->matches, info->score);
    if (info->rank > 0 && info->rank > report->settings->limit)
        kw_output_format(output, "; rank %zu has %.4g", report->settings->limit, info->needed);
    kw_output_string(output, "\n");
    write_clauses(report);
    write_added(output, "words in the title", info->titles);
    write_added(output, "words near each other", info->neighbours);
    write_added(output, "characters of pairs", info->characters);
    if (info->rank == 0 && info->matched < info->minimum)
        kw_output_format(output, "  of the parts that may match %zu match%s, and %zu must\n",
                         info->matched, info->matched == 1 ? "es" : "", info->minimum);
    if (info->file == KWIC_FILE_CHANGED)
        kw_output_string(output, "  the file has changed since it was indexed\n");
    if (info->file == KWIC_FILE_VANISHED)
        kw_output_string(output, "  the file is no longer there\n");
}

static void write_present_json(const struct report *report)
{
    const struct kwic_why_info *info = &report->info;
    struct kw_output *output = report->output;

    kw_output_string(output, "{\"doc\":");
    kw_json_string(output, info->doc);
    kw_output_string(output, ",\"path\":");
    kw_json_string(output, info->path);
    kw_output_format(output, ",\"present\":true,\"file\":\"%s\",\"matches\":%" PRIu64,
                     file_names[info->file], info->matches);
    if (info->rank > 0)
        kw_output_format(output,
                         ",\"rank\":%" PRIu64 ",\"score\":%.6g,\"titles\":%.6g,\"neighbours\":%.6g"
                         ",\"characters\":%.6g",
                         info->rank, info->score, info->titles, info->neighbours, info->characters);
    if (info->rank > report->settings->limit)
        kw_output_format(output, ",\"needed\":%.6g", info->needed);
    kw_output_format(output, ",\"minimum\":%zu,\"matched\":%zu,\"clauses\":[", info->minimum,
                     info->matched);
    write_clauses(report);
    kw_output_string(output, "]}\n");
}

/* ---- The command ---------------------------------------------------------------------------- */

/* The exit status. */
static int write_report(struct report *report)
{
    bool json = report->settings->format == 1;

    kwic_why_info(report->why, &report->info);
    if (report->info.note != NULL && !report->settings->common.quiet)
        kw_message("%s", report->info.note);
    if (report->info.absence != KWIC_PRESENT && json)
        write_absence_json(report);
    else if (report->info.absence != KWIC_PRESENT)
        write_absence(report);
    else if (json)
        write_present_json(report);
    else
        write_present(report);
    return report->info.absence == KWIC_PRESENT ? KW_EXIT_DONE : KW_EXIT_NOTHING;
}

static int find_out(const struct settings *settings, const struct kw_strings *words,
                    struct kwic_index *index, const struct kwic_search_options *search,
                    struct kw_output *output)
{
    struct report report = {.settings = settings, .output = output};
    struct kwic_error error = {0};
    char *query = kw_strings_join(words, 1);
    int status;

    if (query == NULL)
        return kw_message_memory();
    report.name = KWIC_TEXT(words->items[0]);
    if (kwic_why_new(&report.why, index, report.name, settings->by_id, KWIC_TEXT(query), search,
                     &error) == KWIC_OK)
        status = write_report(&report);
    else if (error.status == KWIC_E_SYNTAX)
        status = kw_message_syntax(&error, KWIC_TEXT(query));
    else
        status = kw_message_error(&error);
    kwic_why_free(report.why);
    free(query);
    return status;
}

static int run_why(int argc, char **argv, struct kw_output *output)
{
    const struct kw_command *command = &kw_command_why;
    struct settings settings = {
        .query = KW_QUERY_SETTINGS_INIT, .ranking = KW_RANKING_INIT, .limit = 10};
    struct kwic_search_options search = KWIC_SEARCH_OPTIONS_INIT;
    struct kw_strings words = {0};
    struct kwic_index *index = NULL;
    int status = kw_options_parse(command, argc, argv, &settings, &words, output);

    if (status == KW_GO_ON && words.count < 2)
        status =
            kw_options_wrong(command, words.count == 0 ? "no document given" : "no query given");
    if (status == KW_GO_ON && settings.limit == 0)
        status = kw_options_wrong(command, "'--limit' takes a number from 1");
    if (status == KW_GO_ON)
        status = kw_ranking_check(command, &settings.ranking);
    if (status == KW_GO_ON)
        status = kw_query_settings_apply(command, &settings.query, &search);
    if (status == KW_GO_ON) {
        kw_ranking_apply(&settings.ranking, &search);
        search.limit = settings.limit;
        status = kw_where_open(&index, &settings.index, &settings.foreign, settings.query.language,
                               settings.common.quiet);
    }
    if (status == KW_GO_ON)
        status = find_out(&settings, &words, index, &search, output);
    kwic_index_free(index);
    kw_strings_release(&words);
    kw_strings_release(&settings.index);
    kw_foreign_settings_release(&settings.foreign);
    return status;
}

const struct kw_command kw_command_why = {
    .name = "why",
    .operands = "DOC QUERY...",
    .summary = "Says why a document is not among the results of a query.",
    .options = options,
    .shared = {{kw_query_options, offsetof(struct settings, query)},
               {kw_foreign_options, offsetof(struct settings, foreign)},
               {kw_bm25_options, offsetof(struct settings, ranking)},
               {kw_ranking_options, offsetof(struct settings, ranking)}},
    .free_words = true,
    .run = run_why,
};
