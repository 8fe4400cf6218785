/* From documents to a segment: hands what reading them gives to the inverter. */
#include "engine/native_fresh.h"

#include "engine/document_words.h"
#include "index/manifest.h"

#include <stdlib.h>

enum kw_status kw_fresh_begin(struct kw_fresh *fresh, const char *folder, uint64_t number,
                              uint64_t serial, struct kw_error *error)
{
    *fresh = (struct kw_fresh)KW_FRESH_INIT;
    fresh->path = kw_index_file(folder, "segment", number);
    if (!fresh->path)
        return kw_fail_memory(error);
    fresh->number = number;
    fresh->serial = serial;
    enum kw_status status = kw_inverter_new(&fresh->inverter, fresh->path, error);
    if (status != KW_OK)
        kw_fresh_release(fresh);
    return status;
}

void kw_fresh_release(struct kw_fresh *fresh)
{
    kw_inverter_free(fresh->inverter);
    free(fresh->path);
    free(fresh->latest.items);
    free(fresh->languages.items);
    free(fresh->items);
    kw_names_release(&fresh->ids);
    kw_names_release(&fresh->paths);
    *fresh = (struct kw_fresh)KW_FRESH_INIT;
}

/* The segment's number of the language that the analyzer has as `number`. */
static enum kw_status number_language(struct kw_fresh *fresh, uint32_t number, uint32_t *language,
                                      struct kw_error *error)
{
    *language = 0;
    while (*language < fresh->languages.count && fresh->languages.items[*language] != number)
        ++*language;
    if (*language < fresh->languages.count)
        return KW_OK;
    if (!kw_grow(&fresh->languages, fresh->languages.count + 1))
        return kw_fail_memory(error);
    fresh->languages.items[fresh->languages.count++] = number;
    return KW_OK;
}

/* Guesses the document's language and speaks it: *language is the segment's number of it. */
static enum kw_status choose_language(struct kw_fresh *fresh, struct kw_analyzer *analyzer,
                                      const struct kw_document *document, uint32_t *language,
                                      struct kw_error *error)
{
    uint32_t number;
    enum kw_status status = kw_document_language(analyzer, document, &number, error);
    return status == KW_OK ? number_language(fresh, number, language, error) : status;
}

static enum kw_status begin_document(struct kw_fresh *fresh, const struct kw_document *document,
                                     uint32_t language, struct kw_error *error)
{
    struct kw_entry entry;
    enum kw_status status = kw_document_entry(document, &entry, error);
    entry.language = language;
    if (status == KW_OK)
        status = kw_inverter_begin(fresh->inverter, &entry, error);
    free((void *)entry.fields);
    return status;
}

/* ---- What the inverter takes -------------------------------------------------------------- */

static enum kw_status take_tokens(void *inverter, struct kw_view field, const uint32_t *words,
                                  const uint32_t *positions, size_t count, uint32_t base,
                                  uint32_t length, struct kw_error *error)
{
    return kw_inverter_tokens(inverter, field, words, positions, count, base, length, error);
}

static enum kw_status take_text(void *inverter, const struct kw_extent *extents, size_t count,
                                const uint8_t *text, struct kw_error *error)
{
    return kw_inverter_text(inverter, extents, count, text, error);
}

static enum kw_status take_keyword(void *inverter, struct kw_view column, struct kw_view value,
                                   struct kw_error *error)
{
    return kw_inverter_keyword(inverter, column, value, error);
}

static enum kw_status take_key(void *inverter, struct kw_view column, enum kw_value_type type,
                               uint64_t key, struct kw_error *error)
{
    return kw_inverter_key(inverter, column, type, key, error);
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Notes id and path of the document that was just added. */
static enum kw_status note(struct kw_fresh *fresh, const struct kw_document *document,
                           struct kw_error *error)
{
    bool record = kw_document_is_record(document);
    uint32_t path = record ? kw_names_add(&fresh->paths, document->path) : KW_NO_NAME;
    uint32_t id = kw_names_add(&fresh->ids, document->id);
    if (id == KW_NO_NAME || (record && path == KW_NO_NAME) ||
        !kw_grow(&fresh->latest, (size_t)id + 1) || !kw_grow(fresh, fresh->count + 1))
        return kw_fail_memory(error);
    if (id == fresh->latest.count)
        fresh->latest.count++;
    fresh->latest.items[id] = (uint32_t)fresh->count;
    fresh->items[fresh->count++] = (struct kw_fresh_document){path, false};
    return KW_OK;
}

enum kw_status kw_fresh_add(struct kw_fresh *fresh, struct kw_analyzer *analyzer,
                            const struct kw_analysis *settings, const struct kw_document *document,
                            struct kw_field_types *types, struct kw_misfits *misfits,
                            uint64_t *words, struct kw_error *error)
{
    const struct kw_document_sink sink = {fresh->inverter, take_tokens, take_text, take_keyword,
                                          take_key};
    struct kw_document_length length = {0, 0};
    const char *spoken = settings->language;
    uint32_t language = 0;
    enum kw_status status = KW_OK;
    if (strcmp(spoken, "auto") == 0) {
        status = choose_language(fresh, analyzer, document, &language, error);
        if (status == KW_OK)
            spoken = kw_analyzer_language(analyzer, fresh->languages.items[language]);
    }
    if (status == KW_OK)
        status = begin_document(fresh, document, language, error);
    if (status == KW_OK)
        status =
            kw_document_words(&sink, analyzer, document, spoken, types, misfits, &length, error);
    fresh->input += kw_document_input(document);
    if (status == KW_OK)
        status = kw_inverter_end(fresh->inverter, error);
    if (status == KW_OK)
        status = note(fresh, document, error);
    *words = length.title + length.text;
    return status;
}

bool kw_fresh_find(const struct kw_fresh *fresh, struct kw_view id, uint32_t *document)
{
    uint32_t number = kw_names_find(&fresh->ids, id);
    if (number == KW_NO_NAME || fresh->items[fresh->latest.items[number]].deleted)
        return false;
    *document = fresh->latest.items[number];
    return true;
}

uint64_t kw_fresh_delete_path(struct kw_fresh *fresh, struct kw_view path)
{
    uint64_t count = 0;
    uint32_t number = kw_names_find(&fresh->paths, path);
    if (number == KW_NO_NAME)
        return 0;
    for (size_t i = 0; i < fresh->count; i++) {
        if (fresh->items[i].path == number && !fresh->items[i].deleted) {
            fresh->items[i].deleted = true;
            count++;
        }
    }
    return count;
}

/* The stems of the analyzer's language `number`; the array of views is the caller's to free. */
static enum kw_status fill_stems(struct kw_stem_table *table, const struct kw_analyzer *analyzer,
                                 uint32_t number, struct kw_error *error)
{
    uint32_t stems = kw_analyzer_stems(analyzer, number);
    struct kw_view *stem = malloc(((size_t)stems + 1) * sizeof *stem);
    *table = (struct kw_stem_table){kw_view_of(kw_analyzer_language(analyzer, number)),
                                    kw_analyzer_stems_of(analyzer, number), stem, stems};
    if (!stem)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < stems; i++)
        stem[i] = kw_analyzer_stem(analyzer, number, i);
    return KW_OK;
}

/* Fills the tables of the segment's languages, *count of them: *tables is the caller's, with the
 * views in it, also on failure. A language without stems, or no language at all, has one table. */
static enum kw_status fill_languages(const struct kw_fresh *fresh,
                                     const struct kw_analyzer *analyzer,
                                     const struct kw_analysis *settings,
                                     struct kw_stem_table **tables, uint32_t *count,
                                     struct kw_error *error)
{
    bool automatic = strcmp(settings->language, "auto") == 0;
    enum kw_status status = KW_OK;
    *count = automatic ? (uint32_t)fresh->languages.count : 1;
    *tables = calloc((size_t)*count + 1, sizeof **tables);
    if (!*tables)
        return kw_fail_memory(error);
    if (!automatic && kw_analyzer_languages(analyzer) == 0)
        (*tables)[0].language = kw_view_of(settings->language);
    else
        for (uint32_t i = 0; i < *count && status == KW_OK; i++)
            status = fill_stems(&(*tables)[i], analyzer, automatic ? fresh->languages.items[i] : 0,
                                error);
    return status;
}

/* Writes the segment with the analyzer's vocabulary. */
static enum kw_status write_segment(struct kw_fresh *fresh, struct kw_analyzer *analyzer,
                                    const struct kw_analysis *settings, bool sync,
                                    struct kw_error *error)
{
    uint32_t words = kw_analyzer_words(analyzer);
    uint32_t surfaces = kw_analyzer_surfaces(analyzer);
    struct kw_stem_table *languages = NULL;
    uint32_t count = 0;
    uint32_t *surface_of = malloc(((size_t)words + 1) * sizeof *surface_of);
    struct kw_view *surface = malloc(((size_t)surfaces + 1) * sizeof *surface);
    enum kw_status status = surface_of && surface ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = fill_languages(fresh, analyzer, settings, &languages, &count, error);
    if (status != KW_OK)
        goto done;
    for (uint32_t i = 0; i < words; i++)
        surface_of[i] = kw_analyzer_surface_of(analyzer, i);
    for (uint32_t i = 0; i < surfaces; i++)
        surface[i] = kw_analyzer_surface(analyzer, i);
    struct kw_batch_words vocabulary = {
        words, surface_of, surface, surfaces, kw_analyzer_cut(analyzer), languages, count};
    status = kw_inverter_finish(fresh->inverter, &vocabulary, sync, error);
done:
    for (uint32_t i = 0; languages && i < count; i++)
        free((void *)languages[i].stems);
    free(languages);
    free(surface_of);
    free(surface);
    return status;
}

enum kw_status kw_fresh_finish(struct kw_fresh *fresh, struct kw_analyzer *analyzer,
                               const struct kw_analysis *settings, bool sync,
                               struct kw_parts *parts, struct kw_error *error)
{
    struct kw_segment *segment = NULL;
    enum kw_status status = kw_analyzer_close(analyzer, error);
    if (status == KW_OK)
        status = write_segment(fresh, analyzer, settings, sync, error);
    if (status == KW_OK)
        status = kw_segment_new(&segment, fresh->path, fresh->number, error);
    if (status == KW_OK) {
        status = kw_parts_add(parts, segment, fresh->number, 0, fresh->serial, error);
        if (status != KW_OK)
            kw_segment_free(segment);
    }
    for (size_t i = 0; i < fresh->count && status == KW_OK; i++) {
        if (fresh->items[i].deleted)
            status = kw_part_delete(&parts->items[parts->count - 1], (uint32_t)i, error);
    }
    kw_fresh_release(fresh);
    kw_analyzer_clear(analyzer);
    return status;
}
