/* kwic stats and kwic terms: what is in an index. */
#include "cli/json.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/roots.h"
#include "cli/where.h"

#include <inttypes.h>
#include <string.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    struct kw_foreign_settings foreign;
    bool sizes;
    int format; /* place in stats_formats or terms_formats; 0: text */
    const char *field;
    bool stems;
    size_t limit;
};

static const char *const stats_formats[] = {"text", "json", NULL};
static const char *const terms_formats[] = {"text", "jsonl", NULL};

#define MEMBER(name) .offset = offsetof(struct settings, name)

/* ---- stats ---------------------------------------------------------------------------------- */

static const struct kw_option stats_options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "look at this index; several are taken as one"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = stats_formats,
     .help = "text, json"},
    {.name = "sizes", MEMBER(sizes), .help = "also how many bits terms and postings take"},
    {.name = NULL},
};

/* The numbers of an index in the order in which both formats show them. */
struct number {
    const char *name;
    uint64_t value;
};

enum { NUMBERS = 13 };

static void list_numbers(const struct kwic_stats *stats, struct number numbers[NUMBERS])
{
    const struct number all[NUMBERS] = {
        {"documents", stats->documents},
        {"deleted", stats->deleted},
        {"words", stats->words},
        {"terms", stats->terms},
        {"stems", stats->stems},
        {"cut_terms", stats->cut_terms},
        {"passages", stats->passages},
        {"text_bytes", stats->text_bytes},
        {"index_bytes", stats->index_bytes},
        {"segments", stats->segments},
        {"commit", stats->commit},
        {"analysis", stats->analysis},
        {"format", stats->format},
    };

    memcpy(numbers, all, sizeof all);
}

/* Bytes as a share of the stored text, in per cent. */
static double share(uint64_t bytes, const struct kwic_stats *stats)
{
    return stats->text_bytes == 0 ? 0 : 100 * (double)bytes / (double)stats->text_bytes;
}

static void write_number(struct kw_output *output, const char *name, uint64_t value)
{
    char label[40];
    size_t i = 0;

    for (; name[i] != '\0' && i + 1 < sizeof label; i++)
        label[i] = name[i] == '_' ? ' ' : name[i];
    label[i] = '\0';
    kw_output_format(output, "%-20s %14" PRIu64, label, value);
}

static const char *accents_of(const struct kwic_stats *stats)
{
    return stats->keep_accents ? "kept" : "folded";
}

static const char *const type_names[] = {[KWIC_TYPE_TEXT] = "text",
                                         [KWIC_TYPE_KEYWORD] = "keyword",
                                         [KWIC_TYPE_NUMBER] = "number",
                                         [KWIC_TYPE_DATE] = "date"};

/* The fields that have a type. */
struct fields {
    const struct kwic_field_info *items;
    size_t count;
};

static void write_fields_text(struct kw_output *output, const struct fields *fields)
{
    if (fields->count > 0)
        kw_output_string(output, "\ntype      field\n");
    for (size_t i = 0; i < fields->count; i++) {
        kw_output_format(output, "%-8s  ", type_names[fields->items[i].type]);
        kw_output_clean(output, fields->items[i].name, KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
        kw_output_string(output, "\n");
    }
}

static void write_fields_json(struct kw_output *output, const struct fields *fields)
{
    kw_output_string(output, ",\"fields\":[");
    for (size_t i = 0; i < fields->count; i++) {
        kw_output_string(output, i > 0 ? ",{\"name\":" : "{\"name\":");
        kw_json_string(output, fields->items[i].name);
        kw_output_format(output, ",\"type\":\"%s\",\"asked\":%s}",
                         type_names[fields->items[i].type],
                         fields->items[i].asked ? "true" : "false");
    }
    kw_output_string(output, "]");
}

/* The bytes of one kind of section. */
static double bytes_of(const struct kwic_stats *stats, const char *name)
{
    for (size_t i = 0; i < stats->section_count; i++)
        if (strcmp(stats->sections[i].name, name) == 0)
            return (double)stats->sections[i].bytes;
    return 0;
}

static double bits_each(double bytes, uint64_t count)
{
    return count == 0 ? 0 : 8 * bytes / (double)count;
}

static double bits_per_term(const struct kwic_stats *stats, const struct kwic_sizes *sizes)
{
    return bits_each(bytes_of(stats, "lexicon") + bytes_of(stats, "lexiconindex"), sizes->terms);
}

static void write_sizes_text(struct kw_output *output, const struct kwic_stats *stats,
                             const struct kwic_sizes *sizes)
{
    const struct {
        const char *name;
        uint64_t count;
        double bits;
    } rows[] = {
        {"term", sizes->terms, bits_per_term(stats, sizes)},
        {"posting", sizes->postings, bits_each(bytes_of(stats, "postings"), sizes->postings)},
        {"position", sizes->positions, bits_each(bytes_of(stats, "positions"), sizes->positions)},
    };

    kw_output_string(output, "\nsizes                         count  bits each\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        kw_output_format(output, "  %-18s %14" PRIu64 "  %9.2f\n", rows[i].name, rows[i].count,
                         rows[i].bits);
    kw_output_format(output, "  %-18s %14" PRIu64 "\n", "inlined", sizes->inlined);
    kw_output_format(output, "  %-18s %14.3f\n", "bytes/text byte",
                     share(stats->index_bytes, stats) / 100);
}

static void write_sizes_json(struct kw_output *output, const struct kwic_stats *stats,
                             const struct kwic_sizes *sizes)
{
    kw_output_format(output,
                     ",\"sizes\":{\"terms\":%" PRIu64 ",\"postings\":%" PRIu64
                     ",\"positions\":%" PRIu64 ",\"inlined\":%" PRIu64,
                     sizes->terms, sizes->postings, sizes->positions, sizes->inlined);
    kw_output_format(output,
                     ",\"bits_per_term\":%.4f,\"bits_per_posting\":%.4f"
                     ",\"bits_per_position\":%.4f,\"bytes_per_text_byte\":%.6f}",
                     bits_per_term(stats, sizes),
                     bits_each(bytes_of(stats, "postings"), sizes->postings),
                     bits_each(bytes_of(stats, "positions"), sizes->positions),
                     share(stats->index_bytes, stats) / 100);
}

static void write_stats_text(struct kw_output *output, const struct kwic_stats *stats,
                             const struct fields *fields)
{
    struct number numbers[NUMBERS];

    list_numbers(stats, numbers);
    for (size_t i = 0; i < NUMBERS; i++) {
        write_number(output, numbers[i].name, numbers[i].value);
        if (strcmp(numbers[i].name, "index_bytes") == 0)
            kw_output_format(output, "  %6.1f %% of text", share(numbers[i].value, stats));
        kw_output_string(output, "\n");
    }
    kw_output_format(output, "%-20s %14s\n", "language", stats->language);
    kw_output_format(output, "%-20s %14s\n", "accents", accents_of(stats));
    if (stats->schema[0] != '\0')
        kw_output_format(output, "%-20s %14s\n", "schema", stats->schema);
    write_fields_text(output, fields);
    if (stats->section_count > 0)
        kw_output_string(output, "\nsections                      bytes\n");
    for (size_t i = 0; i < stats->section_count; i++) {
        kw_output_spaces(output, 2);
        kw_output_format(output, "%-18s %14" PRIu64 "  %6.1f %% of text\n", stats->sections[i].name,
                         stats->sections[i].bytes, share(stats->sections[i].bytes, stats));
    }
}

static void write_stats_json(struct kw_output *output, const struct kwic_stats *stats,
                             const struct fields *fields, const struct kwic_sizes *sizes)
{
    struct number numbers[NUMBERS];

    list_numbers(stats, numbers);
    kw_output_string(output, "{");
    for (size_t i = 0; i < NUMBERS; i++)
        kw_output_format(output, "\"%s\":%" PRIu64 ",", numbers[i].name, numbers[i].value);
    kw_output_string(output, "\"language\":");
    kw_json_string(output, KWIC_TEXT(stats->language));
    kw_output_format(output, ",\"accents\":\"%s\"", accents_of(stats));
    if (stats->schema[0] != '\0')
        kw_output_format(output, ",\"schema\":\"%s\"", stats->schema);
    kw_output_string(output, ",\"sections\":{");
    for (size_t i = 0; i < stats->section_count; i++) {
        kw_output_string(output, i > 0 ? "," : "");
        kw_json_string(output, KWIC_TEXT(stats->sections[i].name));
        kw_output_format(output, ":%" PRIu64, stats->sections[i].bytes);
    }
    kw_output_string(output, "}");
    write_fields_json(output, fields);
    if (sizes != NULL)
        write_sizes_json(output, stats, sizes);
}

static int run_stats(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {0};
    struct kw_strings names = {0};
    struct kwic_index *index = NULL;
    struct kwic_error error = {0};
    struct kwic_stats stats;
    struct kwic_sizes sizes;
    struct fields fields;
    int status = kw_options_parse(&kw_command_stats, argc, argv, &settings, &names, output);

    if (status == KW_GO_ON && names.count > 0)
        status = kw_options_wrong(&kw_command_stats, "'stats' takes no '%s'", names.items[0]);
    if (status == KW_GO_ON)
        status =
            kw_where_open(&index, &settings.index, &settings.foreign, NULL, settings.common.quiet);
    if (status == KW_GO_ON &&
        (kwic_index_stats(index, &stats, &error) != KWIC_OK ||
         kwic_index_fields(index, &fields.items, &fields.count, &error) != KWIC_OK ||
         (settings.sizes && kwic_index_sizes(index, &sizes, &error) != KWIC_OK)))
        status = kw_message_error(&error);
    if (status == KW_GO_ON) {
        if (settings.format != 0)
            write_stats_json(output, &stats, &fields, settings.sizes ? &sizes : NULL);
        else
            write_stats_text(output, &stats, &fields);
        status = kw_roots_write(output, index, settings.format == 1);
        if (settings.format == 0 && settings.sizes)
            write_sizes_text(output, &stats, &sizes);
        if (settings.format == 1)
            kw_output_string(output, "}\n");
    }
    kwic_index_free(index);
    kw_strings_release(&names);
    kw_foreign_settings_release(&settings.foreign);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_stats = {
    .name = "stats",
    .operands = "",
    .summary = "Shows how much an index holds and what takes its space.",
    .options = stats_options,
    .shared = {{kw_foreign_options, offsetof(struct settings, foreign)}},
    .run = run_stats,
};

/* ---- terms ---------------------------------------------------------------------------------- */

static const struct kw_option terms_options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "look at this index; several are taken as one"},
    {.name = "field",
     .kind = KW_OPTION_STRING,
     MEMBER(field),
     .argument = "NAME",
     .help = "terms of this field instead of the text"},
    {.name = "stems", MEMBER(stems), .help = "stems instead of surface terms"},
    {.letter = 'n',
     .name = "limit",
     .kind = KW_OPTION_SIZE,
     MEMBER(limit),
     .argument = "N",
     .help = "terms at most (all)"},
    {.name = "format",
     .kind = KW_OPTION_CHOICE,
     MEMBER(format),
     .argument = "NAME",
     .choices = terms_formats,
     .help = "text, jsonl"},
    {.name = NULL},
};

static void write_term(struct kw_output *output, const struct kwic_term *term, bool json)
{
    if (json) {
        kw_output_string(output, "{\"term\":");
        kw_json_string(output, term->term);
        kw_output_format(output, ",\"documents\":%" PRIu64 ",\"occurrences\":%" PRIu64,
                         term->documents, term->occurrences);
        kw_output_format(output, term->language ? ",\"language\":\"%s\"}\n" : "}\n",
                         term->language);
        return;
    }
    kw_output_result(output, term->term, KW_CLEAN_ONE_LINE);
    kw_output_format(output, "\t%" PRIu64 "\t%" PRIu64, term->documents, term->occurrences);
    kw_output_format(output, term->language ? "\t%s\n" : "\n", term->language);
}

static int list_terms(const struct settings *settings, struct kwic_index *index, const char *prefix,
                      struct kw_output *output)
{
    struct kwic_terms *terms = NULL;
    struct kwic_error error = {0};
    struct kwic_term term;
    size_t count = 0;
    enum kwic_status status = kwic_terms_new(&terms, index, KWIC_TEXT(settings->field),
                                             KWIC_TEXT(prefix), settings->stems, &error);

    while (status == KWIC_OK && count < settings->limit && output->error == 0) {
        status = kwic_terms_next(terms, &term, &error);
        if (status != KWIC_OK)
            break;
        write_term(output, &term, settings->format == 1);
        count++;
    }
    kwic_terms_free(terms);
    if (status < 0)
        return kw_message_error(&error);
    return count > 0 ? KW_EXIT_DONE : KW_EXIT_NOTHING;
}

static int run_terms(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {.field = "", .limit = SIZE_MAX};
    struct kw_strings prefixes = {0};
    struct kwic_index *index = NULL;
    int status = kw_options_parse(&kw_command_terms, argc, argv, &settings, &prefixes, output);

    if (status == KW_GO_ON && prefixes.count > 1)
        status = kw_options_wrong(&kw_command_terms, "'terms' takes one prefix, not '%s' too",
                                  prefixes.items[1]);
    if (status == KW_GO_ON)
        status =
            kw_where_open(&index, &settings.index, &settings.foreign, NULL, settings.common.quiet);
    if (status == KW_GO_ON)
        status = list_terms(&settings, index, prefixes.count > 0 ? prefixes.items[0] : "", output);
    kwic_index_free(index);
    kw_strings_release(&prefixes);
    kw_foreign_settings_release(&settings.foreign);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_terms = {
    .name = "terms",
    .operands = "[PREFIX]",
    .summary = "Lists the terms of an index with their documents and occurrences.",
    .options = terms_options,
    .shared = {{kw_foreign_options, offsetof(struct settings, foreign)}},
    .run = run_terms,
};
