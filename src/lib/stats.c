/* What is in an index, in numbers. */
#include "lib/handle.h"
#include "lib/status.h"

#include <stdio.h>
#include <stdlib.h>

/* Adds bytes to the section `name` of `context`, the statistics; sections beyond the room for them
 * go into the last. */
static void add_section(void *context, const char *name, uint64_t bytes)
{
    struct kwic_stats *stats = context;
    size_t i = 0;
    while (i < stats->section_count && strcmp(stats->sections[i].name, name) != 0)
        i++;
    if (i == KWIC_SECTIONS) {
        i = KWIC_SECTIONS - 1;
        snprintf(stats->sections[i].name, sizeof stats->sections[i].name, "other");
    } else if (i == stats->section_count) {
        snprintf(stats->sections[i].name, sizeof stats->sections[i].name, "%s", name);
        stats->section_count++;
    }
    stats->sections[i].bytes += bytes;
    stats->index_bytes += bytes;
}

static enum kw_status add_member(struct kwic_stats *stats, struct kw_engine *engine, bool first,
                                 struct kw_error *error)
{
    struct kw_figures figures;
    enum kw_status status = engine->ops->figures(engine, &figures, error);
    if (status == KW_OK)
        status = engine->ops->sizes(engine, add_section, stats, error);
    if (status != KW_OK)
        return status;
    stats->documents += figures.documents;
    stats->deleted += figures.deleted;
    stats->words += figures.words;
    stats->terms += figures.terms;
    stats->stems += figures.stems;
    stats->cut_terms += figures.cut_terms;
    stats->passages += figures.passages;
    stats->text_bytes += figures.text_bytes;
    stats->segments += figures.segments;
    if (strcmp(stats->schema, figures.schema) != 0)
        snprintf(stats->schema, sizeof stats->schema, "%s", first ? figures.schema : "mixed");
    if (figures.commit > stats->commit)
        stats->commit = figures.commit;
    if (figures.format > stats->format)
        stats->format = figures.format;
    return KW_OK;
}

static int compare_sections(const void *a, const void *b)
{
    const struct kwic_section *one = a;
    const struct kwic_section *other = b;
    if (one->bytes != other->bytes)
        return one->bytes < other->bytes ? 1 : -1;
    return strcmp(one->name, other->name);
}

/* The language of all members, or "mixed". */
static const char *language_of(const struct kwic_index *index)
{
    const char *language = index->settings.language;
    for (size_t i = 0; i < index->count; i++) {
        struct kw_analysis settings;
        index->members[i].engine->ops->settings(index->members[i].engine, &settings);
        if (strcmp(settings.language, language) != 0)
            return "mixed";
    }
    return language;
}

static enum kw_status gather(struct kwic_index *index, struct kwic_stats *stats,
                             struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *stats = (struct kwic_stats){.analysis = index->settings.version};
    snprintf(stats->language, sizeof stats->language, "%s", language_of(index));
    stats->keep_accents = index->settings.keep_accents;
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = add_member(stats, index->members[i].engine, i == 0, error);
    return status;
}

enum kwic_status kwic_index_stats(struct kwic_index *index, struct kwic_stats *stats,
                                  struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    enum kw_status status;
    do {
        status = gather(index, stats, &inner);
    } while (kw_index_again(index, &tries, &status, &inner));
    if (stats->section_count)
        qsort(stats->sections, stats->section_count, sizeof *stats->sections, compare_sections);
    return kw_publish(status, &inner, error);
}

static enum kw_status add_counts(struct kwic_sizes *sizes, struct kw_engine *engine,
                                 struct kw_error *error)
{
    struct kw_counts counts;
    if (!engine->ops->counts)
        return kw_fail(error, KW_E_USAGE, "only indexes of kwic's own format tell their sizes");
    enum kw_status status = engine->ops->counts(engine, &counts, error);
    if (status != KW_OK)
        return status;
    sizes->terms += counts.terms;
    sizes->postings += counts.postings;
    sizes->positions += counts.positions;
    sizes->inlined += counts.inlined;
    return KW_OK;
}

enum kwic_status kwic_index_sizes(struct kwic_index *index, struct kwic_sizes *sizes,
                                  struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status = KW_OK;
    *sizes = (struct kwic_sizes){0};
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = add_counts(sizes, index->members[i].engine, &inner);
    return kw_publish(status, &inner, error);
}
