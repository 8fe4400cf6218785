/* Merges segments: which documents stay and what they are called, then section by section. */
#include "index/merge_parts.h"

#include <stdlib.h>

/* ---- Documents ---------------------------------------------------------------------------- */

static bool is_deleted(const struct kw_merge_source *source, uint32_t document)
{
    if (source->deleted)
        return source->deleted[document / 8] >> (document % 8) & 1;
    return kw_segment_deleted(source->segment, document);
}

/* Numbers the documents of a source that stay, in their order from merge->documents on. */
static enum kw_status open_input(struct kw_merge *merge, const struct kw_merge_source *source,
                                 struct kw_error *error)
{
    struct kw_merge_input *input = &merge->inputs[merge->count++];
    uint32_t count = source->segment->documents;
    *input = (struct kw_merge_input){.segment = source->segment, .first = merge->documents};
    input->map = malloc(((size_t)count + 1) * sizeof *input->map);
    if (!input->map)
        return kw_fail_memory(error);
    bool some = source->deleted || source->segment->deletes;
    for (uint32_t i = 0; i < count; i++) {
        bool gone = some && is_deleted(source, i);
        if (!gone && merge->documents == KW_NO_DOCUMENT - 1)
            return kw_fail(error, KW_E_USAGE, "too many documents for one segment");
        input->map[i] = gone ? KW_NO_DOCUMENT : merge->documents++;
        input->live += !gone;
    }
    input->whole = input->live == count;
    return kw_segment_status(source->segment, error);
}

/* Puts the documents into the order that is asked for. */
static enum kw_status reorder(struct kw_merge *merge, struct kw_error *error)
{
    const uint32_t *order = merge->options->order;
    size_t room = (size_t)merge->documents + 1;
    merge->order = malloc(room * sizeof *merge->order);
    merge->new_of = malloc(room * sizeof *merge->new_of);
    if (!merge->order || !merge->new_of)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < merge->documents; i++)
        merge->new_of[order[i]] = i;
    for (uint32_t number = 0; number < merge->count; number++) {
        struct kw_merge_input *input = &merge->inputs[number];
        for (uint32_t i = 0; i < input->segment->documents; i++) {
            if (input->map[i] == KW_NO_DOCUMENT)
                continue;
            input->map[i] = merge->new_of[input->map[i]];
            merge->order[input->map[i]] = (struct kw_merge_place){number, i};
        }
    }
    return KW_OK;
}

bool kw_merge_next(struct kw_merge_walk *walk)
{
    const struct kw_merge *merge = walk->merge;
    if (walk->next == merge->documents)
        return false;
    if (merge->order) {
        walk->at = merge->order[walk->next++];
        return true;
    }
    if (walk->next)
        walk->at.document++;
    for (;; walk->at.document++) {
        while (walk->at.document == merge->inputs[walk->at.input].segment->documents)
            walk->at = (struct kw_merge_place){walk->at.input + 1, 0};
        if (merge->inputs[walk->at.input].map[walk->at.document] != KW_NO_DOCUMENT)
            break;
    }
    walk->next++;
    return true;
}

enum kw_status kw_merge_ask(const struct kw_merge *merge, uint32_t done, struct kw_error *error)
{
    uint64_t bytes = 0;
    if (merge->pages.status) {
        if (error)
            *error = merge->pages.error;
        return merge->pages.status;
    }
    if (!merge->options->go_on)
        return KW_OK;
    for (size_t i = 0; i < merge->count; i++)
        bytes += merge->inputs[i].segment->pages.map.view.size;
    if (merge->options->go_on(merge->options->context, bytes / 1000 * done))
        return KW_OK;
    return kw_fail(error, KW_E_INTERRUPTED, "interrupted");
}

/* ---- Languages ---------------------------------------------------------------------------- */

/* The merged number of a language, given to it at its first use. */
static uint32_t number_language(struct kw_merge *merge, struct kw_view name)
{
    struct kw_view names = kw_bytes_view(&merge->languages), known;
    uint32_t number = 0;
    for (; kw_take_string(&names, &known); number++)
        if (kw_view_equal(known, name))
            return number;
    kw_bytes_string(&merge->languages, name);
    merge->language_count++;
    return number;
}

/* Notes a document's language: its number in the segment, and the merged one at its first use. */
static enum kw_status note_language(struct kw_merge *merge, struct kw_merge_input *input,
                                    uint32_t document, struct kw_error *error)
{
    struct kw_record record;
    uint32_t language = 0;
    uint64_t count = kw_segment_languages(input->segment);
    enum kw_status status = kw_segment_record(input->segment, document, &record, error);
    if (status)
        return status;
    while (language + 1 < count &&
           !kw_view_equal(kw_segment_language(input->segment, language), record.language))
        language++;
    if (input->spoken)
        input->spoken[document] = language;
    if (input->languages[language] == UINT32_MAX)
        input->languages[language] = number_language(merge, record.language);
    return KW_OK;
}

/* Numbers the languages in the order in which documents first speak them. */
static enum kw_status number_languages(struct kw_merge *merge, struct kw_error *error)
{
    struct kw_merge_walk walk = {.merge = merge};
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < merge->count; i++) {
        struct kw_merge_input *input = &merge->inputs[i];
        uint64_t count = kw_segment_languages(input->segment);
        input->languages = malloc((count + 1) * sizeof *input->languages);
        if (count > 1)
            input->spoken = malloc(((size_t)input->segment->documents + 1) * sizeof *input->spoken);
        if (!input->languages || (count > 1 && !input->spoken))
            return kw_fail_memory(error);
        for (uint64_t j = 0; j < count; j++)
            input->languages[j] = UINT32_MAX;
    }
    while (!status && kw_merge_next(&walk)) {
        struct kw_merge_input *input = &merge->inputs[walk.at.input];
        if (!input->spoken && input->languages[0] != UINT32_MAX)
            continue;
        status = note_language(merge, input, walk.at.document, error);
    }
    return status ? status : kw_bytes_status(&merge->languages, error);
}

static enum kw_status write_languages(struct kw_merge *merge, struct kw_error *error)
{
    struct kw_table_writer table = {0};
    struct kw_view names = kw_bytes_view(&merge->languages), name;
    while (kw_take_string(&names, &name)) {
        kw_bytes_append_view(&table.records, name);
        kw_table_writer_end(&table);
    }
    enum kw_status status =
        kw_table_writer_write(&table, &merge->pages, "languages", "languageindex", error);
    kw_table_writer_release(&table);
    return status;
}

/* ---- All of it ---------------------------------------------------------------------------- */

void kw_merge_forget(struct kw_merge *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        free(merge->inputs[i].map);
        free(merge->inputs[i].languages);
        free(merge->inputs[i].spoken);
        free(merge->inputs[i].places);
    }
    free(merge->inputs);
    free(merge->order);
    free(merge->new_of);
    kw_bytes_release(&merge->languages);
    kw_pages_writer_release(&merge->pages);
}

enum kw_status kw_merge_number(struct kw_merge *merge, const struct kw_merge_source *sources,
                               size_t count, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *merge = (struct kw_merge){.pages = {.fd = -1}};
    merge->inputs = calloc(count + 1, sizeof *merge->inputs);
    if (!merge->inputs)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count && !status; i++)
        status = open_input(merge, &sources[i], error);
    return status;
}

static enum kw_status write_sections(struct kw_merge *merge, struct kw_error *error)
{
    enum kw_status status = kw_merge_store(merge, error);
    if (!status)
        status = kw_merge_records(merge, error);
    if (!status)
        status = write_languages(merge, error);
    if (!status)
        status = kw_merge_terms(merge, error);
    if (!status)
        status = kw_merge_columns(merge, error);
    if (!status)
        status = kw_pages_writer_finish(&merge->pages, merge->options->sync, error);
    return status;
}

enum kw_status kw_merge(const struct kw_merge_source *sources, size_t count,
                        const struct kw_merge_options *options, struct kw_error *error)
{
    struct kw_merge merge;
    enum kw_status status = kw_merge_number(&merge, sources, count, error);
    merge.options = options;
    if (!status && options->order)
        status = reorder(&merge, error);
    if (!status)
        status = number_languages(&merge, error);
    if (!status)
        status = kw_pages_writer_init(&merge.pages, options->path, "segm", error);
    if (!status)
        status = write_sections(&merge, error);
    kw_merge_forget(&merge);
    return status;
}
