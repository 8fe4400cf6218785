/* What is in an index, in numbers. */
#include "index/deletes.h"
#include "index/format.h"
#include "lib/handle.h"
#include "lib/paths.h"
#include "lib/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Adds bytes to the section `name`; sections beyond the room for them go into the last. */
static void add_section(struct kwic_stats *stats, const char *name, uint64_t bytes)
{
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
}

/* Adds the sections of a segment's file; what lies between them (headers, checksums and padding) is
 * a section of its own. */
static void add_segment_file(struct kwic_stats *stats, const struct kw_segment *segment)
{
    uint64_t rest = segment->pages.map.view.size;
    stats->index_bytes += rest;
    for (uint32_t i = 0; i < segment->pages.section_count; i++) {
        char name[KW_SECTION_NAME + 1] = "";
        const struct kw_section *section = &segment->pages.sections[i];
        memcpy(name, section->name, KW_SECTION_NAME);
        add_section(stats, name, section->size);
        rest -= section->size < rest ? section->size : rest;
    }
    add_section(stats, "checksums", rest);
    if (segment->deletes) {
        stats->index_bytes += segment->deletes->pages.map.view.size;
        add_section(stats, "deletes", segment->deletes->pages.map.view.size);
    }
}

/* Adds a whole file by its size. */
static enum kw_status add_file(struct kwic_stats *stats, const char *name, char *path,
                               struct kw_error *error)
{
    struct stat info;
    if (!path)
        return kw_fail_memory(error);
    if (stat(path, &info) == 0) { /* a newer commit may have removed it meanwhile */
        stats->index_bytes += (uint64_t)info.st_size;
        add_section(stats, name, (uint64_t)info.st_size);
    }
    free(path);
    return KW_OK;
}

static enum kw_status add_segment(struct kwic_stats *stats, struct kw_segment *segment,
                                  struct kw_error *error)
{
    struct kw_field_info info;
    uint64_t documents;
    uint64_t words;
    enum kw_status status = kw_segment_field(segment, 0, &info, error);
    if (status == KW_OK)
        status = kw_segment_field_live(segment, 0, &documents, &words, error);
    if (status != KW_OK)
        return status;
    stats->documents += kw_segment_live(segment);
    stats->deleted += segment->documents - kw_segment_live(segment);
    stats->words += words;
    stats->terms += info.surfaces;
    stats->stems += info.stems;
    stats->cut_terms += segment->lexicon_index->parameter;
    stats->passages += segment->passages;
    stats->text_bytes += segment->text_index->parameter;
    stats->segments++;
    add_segment_file(stats, segment);
    return KW_OK;
}

static enum kw_status add_member(struct kwic_stats *stats, const struct kw_member *member,
                                 struct kw_error *error)
{
    const struct kw_snapshot *snapshot = member->snapshot;
    const struct kw_manifest *manifest = &snapshot->manifest;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < manifest->segment_count && status == KW_OK; i++)
        status = add_segment(stats, snapshot->segments[i], error);
    if (status == KW_OK && manifest->sources)
        status = add_file(stats, "sources",
                          kw_index_file(snapshot->folder, "sources", manifest->sources), error);
    if (status == KW_OK)
        status = add_file(stats, "manifest", kw_path_join(snapshot->folder, "manifest"), error);
    if (manifest->commit > stats->commit)
        stats->commit = manifest->commit;
    return status;
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
        if (strcmp(index->members[i].snapshot->manifest.language, language) != 0)
            return "mixed";
    }
    return language;
}

enum kwic_status kwic_index_stats(struct kwic_index *index, struct kwic_stats *stats,
                                  struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status = KW_OK;
    *stats = (struct kwic_stats){.analysis = index->settings.version, .format = KW_FORMAT_VERSION};
    snprintf(stats->language, sizeof stats->language, "%s", language_of(index));
    stats->keep_accents = index->settings.keep_accents;
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = add_member(stats, &index->members[i], &inner);
    if (stats->section_count)
        qsort(stats->sections, stats->section_count, sizeof *stats->sections, compare_sections);
    return kw_publish(status, &inner, error);
}
