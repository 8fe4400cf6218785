/* Reads what a snapshot says of itself. Places of what is handed out one by one are those of a
 * segment << 32 | of what is in it. */
#include "engine/native_contents.h"

#include "index/deletes.h"
#include "index/format.h"
#include "index/pairs.h"

#include <stdlib.h>
#include <sys/stat.h>

_Static_assert((int)KW_SETTING_SIZE == (int)KW_LANGUAGE_SIZE, "a language fits its setting");

void kw_native_settings(const struct kw_snapshot *snapshot, struct kw_analysis *settings)
{
    const struct kw_manifest *manifest = &snapshot->manifest;
    settings->version = manifest->analysis;
    settings->keep_accents = manifest->keep_accents;
    settings->rules = KW_RULES_OWN;
    memcpy(settings->language, manifest->language, sizeof settings->language);
}

/* The name of a segment's language, and whether one of its live documents is in it: the first one
 * that is ends the search, which for a language in use is near the beginning. */
static enum kw_status next_language(struct kw_segment *segment, uint32_t number,
                                    struct kw_view *name, bool *live, struct kw_error *error)
{
    *name = kw_segment_language(segment, number);
    enum kw_status status = kw_segment_status(segment, error);
    if (status == KW_OK && name->size >= KW_LANGUAGE_SIZE)
        status = kw_fail(error, KW_E_DAMAGED, "'%s' names a language of %zu bytes",
                         segment->pages.path, name->size);
    *live = kw_segment_live(segment) == segment->documents;
    for (uint32_t i = 0; i < segment->documents && !*live && status == KW_OK; i++) {
        struct kw_record record;
        if (kw_segment_deleted(segment, i))
            continue;
        status = kw_segment_record(segment, i, &record, error);
        *live = status == KW_OK && kw_view_equal(record.language, *name);
    }
    return status;
}

enum kw_status kw_native_language(const struct kw_snapshot *snapshot, uint64_t *at,
                                  struct kw_view *name, struct kw_error *error)
{
    const struct kw_manifest *manifest = &snapshot->manifest;
    if (strcmp(manifest->language, "auto") != 0) { /* all have that of the settings */
        *name = kw_view_of(manifest->language);
        return (*at)++ == 0 && !kw_view_equal(*name, kw_view_of("none")) ? KW_OK : KW_END;
    }
    while (*at >> 32 < manifest->segment_count) {
        struct kw_segment *segment = snapshot->segments[*at >> 32];
        bool live;
        if ((uint32_t)*at >= kw_segment_languages(segment)) {
            *at = ((*at >> 32) + 1) << 32;
            continue;
        }
        enum kw_status status = next_language(segment, (uint32_t)(*at)++, name, &live, error);
        if (status != KW_OK || live)
            return status;
    }
    return KW_END;
}

enum kw_status kw_native_field(const struct kw_snapshot *snapshot, uint64_t *at,
                               struct kw_engine_field *field, struct kw_error *error)
{
    const struct kw_manifest *manifest = &snapshot->manifest;
    *field = (struct kw_engine_field){.typed = false};
    /* In place of a segment's, first those of the manifest. */
    if (*at >> 32 == 0 && *at < manifest->field_count) {
        const struct kw_manifest_field *row = &manifest->fields[(*at)++];
        *field = (struct kw_engine_field){
            {(const uint8_t *)row->name, row->name_size}, true, row->type, row->asked};
        return KW_OK;
    }
    if (*at >> 32 == 0)
        *at = UINT64_C(1) << 32;
    while (*at >> 32 <= manifest->segment_count) {
        struct kw_segment *segment = snapshot->segments[(*at >> 32) - 1];
        struct kw_field_info info;
        if ((uint32_t)*at >= segment->field_count) {
            *at = ((*at >> 32) + 1) << 32;
            continue;
        }
        enum kw_status status = kw_segment_field(segment, (uint32_t)(*at)++, &info, error);
        field->name = info.name;
        if (status != KW_OK || (info.name.size && !kw_view_equal(info.name, kw_view_of("title"))))
            return status;
    }
    return KW_END;
}

/* ---- Numbers ------------------------------------------------------------------------------ */

static enum kw_status add_segment(struct kw_figures *figures, struct kw_segment *segment,
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
    figures->documents += kw_segment_live(segment);
    figures->deleted += segment->documents - kw_segment_live(segment);
    figures->words += words;
    figures->terms += info.surfaces;
    figures->stems += info.stems;
    figures->cut_terms += segment->lexicon_index->parameter;
    figures->passages += segment->passages;
    figures->text_bytes += segment->text_index->parameter;
    figures->segments++;
    return KW_OK;
}

enum kw_status kw_native_figures(const struct kw_snapshot *snapshot, struct kw_figures *figures,
                                 struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *figures =
        (struct kw_figures){.commit = snapshot->manifest.commit, .format = KW_FORMAT_VERSION};
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && status == KW_OK; i++)
        status = add_segment(figures, snapshot->segments[i], error);
    return status;
}

/* ---- Sizes -------------------------------------------------------------------------------- */

/* Hands out the sections of a segment's file; what lies between them (headers, checksums and
 * padding) is a kind of its own. */
static void take_segment(const struct kw_segment *segment,
                         void (*take)(void *context, const char *kind, uint64_t bytes),
                         void *context)
{
    uint64_t rest = segment->pages.map.view.size;
    for (uint32_t i = 0; i < segment->pages.section_count; i++) {
        char name[KW_SECTION_NAME + 1] = "";
        const struct kw_section *section = &segment->pages.sections[i];
        uint64_t bytes = section->size < rest ? section->size : rest;
        memcpy(name, section->name, KW_SECTION_NAME);
        take(context, name, bytes);
        rest -= bytes;
    }
    take(context, "checksums", rest);
    if (segment->deletes)
        take(context, "deletes", segment->deletes->pages.map.view.size);
}

/* Hands out a whole file, `path`, which is freed. */
static enum kw_status take_file(const char *kind, char *path,
                                void (*take)(void *context, const char *kind, uint64_t bytes),
                                void *context, struct kw_error *error)
{
    struct stat info;
    if (!path)
        return kw_fail_memory(error);
    if (stat(path, &info) == 0) /* a newer commit may have removed it meanwhile */
        take(context, kind, (uint64_t)info.st_size);
    free(path);
    return KW_OK;
}

enum kw_status kw_native_sizes(const struct kw_snapshot *snapshot,
                               void (*take)(void *context, const char *kind, uint64_t bytes),
                               void *context, struct kw_error *error)
{
    const struct kw_manifest *manifest = &snapshot->manifest;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < manifest->segment_count; i++)
        take_segment(snapshot->segments[i], take, context);
    if (manifest->sources)
        status = take_file("sources", kw_index_file(snapshot->folder, "sources", manifest->sources),
                           take, context, error);
    if (status == KW_OK)
        status =
            take_file("manifest", kw_path_join(snapshot->folder, "manifest"), take, context, error);
    return status;
}

/* ---- Counts ------------------------------------------------------------------------------- */

/* Counts the postings of a term, or of a pair, whose positions are those of its words. */
static void count_term(struct kw_counts *counts, const struct kw_term *term)
{
    if (term->place == KW_PLACE_INLINE)
        counts->inlined += term->documents;
    if (term->place == KW_PLACE_LISTED)
        counts->postings += term->documents;
    if (term->place == KW_PLACE_LISTED && term->positional)
        counts->positions += term->occurrences;
}

static enum kw_status count_lexicon(struct kw_counts *counts, struct kw_segment *segment,
                                    struct kw_error *error)
{
    struct kw_lexicon_cursor cursor;
    enum kw_status status =
        kw_lexicon_cursor_init(&cursor, segment, (struct kw_view){NULL, 0}, error);
    while (status == KW_OK) {
        status = kw_lexicon_cursor_next_key(&cursor, error);
        if (status == KW_OK)
            status = kw_lexicon_cursor_entry(&cursor, error);
        if (status == KW_OK)
            count_term(counts, &cursor.term);
    }
    kw_lexicon_cursor_release(&cursor);
    counts->terms += segment->lexicon->parameter;
    return status == KW_END ? KW_OK : status;
}

static enum kw_status count_pairs(struct kw_counts *counts, struct kw_segment *segment,
                                  struct kw_error *error)
{
    struct kw_pair_cursor cursor = {.segment = segment};
    enum kw_status status = KW_OK;
    if (!kw_pairs_init(&cursor.pairs, segment))
        return kw_segment_status(segment, error);
    while ((status = kw_pair_cursor_next(&cursor, error)) == KW_OK)
        count_term(counts, &cursor.term);
    return status == KW_END ? KW_OK : status;
}

enum kw_status kw_native_counts(const struct kw_snapshot *snapshot, struct kw_counts *counts,
                                struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *counts = (struct kw_counts){0};
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && status == KW_OK; i++) {
        status = count_lexicon(counts, snapshot->segments[i], error);
        if (status == KW_OK)
            status = count_pairs(counts, snapshot->segments[i], error);
    }
    return status;
}
