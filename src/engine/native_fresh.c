/* Hands documents to builders, remembers their ids, and makes parts of what was built. */
#include "engine/native_fresh.h"

#include "index/manifest.h"

#include <stdlib.h>

/* Files of segments that are not to stay have numbers that no segment has, and a digit behind. */
#define SPOOLS UINT64_C(1000000000000000000)

/* Bytes that a segment takes beside its arrays, its words mainly, and ids; bytes of arrays that it
 * has at least; and what a writer may take more than it was given. */
#define BESIDE ((uint64_t)160 << 20)
#define LEAST_ARRAYS ((uint64_t)8 << 20)
#define MORE ((uint64_t)64 << 20)

/* Bytes of arrays from which on text and terms are written side by side, which takes some of them.
 */
#define SPLIT ((size_t)256 << 20)
#define SPLIT_BESIDE ((size_t)64 << 20)

void kw_fresh_init(struct kw_fresh *fresh, const struct kw_fresh_settings *settings)
{
    *fresh = (struct kw_fresh){
        .settings = *settings, .most = settings->threads, .arrays = settings->arrays};
    kw_crew_init(&fresh->crew, settings->threads);
    if (!settings->memory)
        return;
    uint64_t given = settings->memory + MORE;
    uint64_t most = given / (BESIDE + LEAST_ARRAYS);
    if (most < fresh->most)
        fresh->most = most ? (size_t)most : 1;
    uint64_t share = given / fresh->most;
    fresh->arrays = (size_t)(share > BESIDE + LEAST_ARRAYS ? share - BESIDE : LEAST_ARRAYS);
    if (fresh->arrays >= SPLIT + SPLIT_BESIDE)
        fresh->arrays -= SPLIT_BESIDE;
}

static void release_segment(struct kw_fresh_segment *segment)
{
    kw_builder_free(segment->builder);
    free(segment->path);
    free(segment->latest.items);
    free(segment->items);
    kw_names_release(&segment->ids);
    kw_names_release(&segment->paths);
}

void kw_fresh_release(struct kw_fresh *fresh)
{
    for (size_t i = fresh->count; i-- > 0;)
        release_segment(&fresh->items[i]);
    free(fresh->items);
    kw_crew_release(&fresh->crew);
    *fresh = (struct kw_fresh){.count = 0};
}

/* ---- Segments ----------------------------------------------------------------------------- */

/* Makes a part of the oldest segment, once it is written, with what is deleted of it. */
static enum kw_status adopt(struct kw_fresh *fresh, struct kw_parts *parts, struct kw_error *error)
{
    struct kw_fresh_segment *oldest = &fresh->items[0];
    struct kw_segment *segment = NULL;
    enum kw_status status = kw_builder_wait(oldest->builder, error);
    if (status == KW_OK)
        status = kw_segment_new(&segment, oldest->path, oldest->number, error);
    if (status == KW_OK) {
        status = kw_parts_add(parts, segment, oldest->number, 0, oldest->serial, error);
        if (status != KW_OK)
            kw_segment_free(segment);
    }
    for (size_t i = 0; i < oldest->count && status == KW_OK; i++) {
        if (oldest->items[i].deleted)
            status = kw_part_delete(&parts->items[parts->count - 1], (uint32_t)i, error);
    }
    if (status != KW_OK)
        return status;
    fresh->words += kw_builder_words(oldest->builder);
    release_segment(oldest);
    fresh->count--;
    memmove(fresh->items, fresh->items + 1, fresh->count * sizeof *fresh->items);
    return KW_OK;
}

enum kw_status kw_fresh_begin(struct kw_fresh *fresh, uint64_t number, uint64_t serial,
                              struct kw_parts *parts, struct kw_error *error)
{
    const struct kw_fresh_settings *settings = &fresh->settings;
    enum kw_status status = KW_OK;
    while (fresh->count >= fresh->most && status == KW_OK)
        status = adopt(fresh, parts, error);
    if (status != KW_OK)
        return status;
    if (!kw_grow(fresh, fresh->count + 1))
        return kw_fail_memory(error);
    struct kw_fresh_segment *segment = &fresh->items[fresh->count++];
    *segment = (struct kw_fresh_segment){.path = kw_index_file(settings->folder, "segment", number),
                                         .number = number,
                                         .serial = serial};
    if (!segment->path)
        return kw_fail_memory(error);
    char *spool = kw_index_file(settings->folder, "segment", SPOOLS + number);
    if (!spool)
        return kw_fail_memory(error);
    struct kw_builder_plan plan = {
        .path = segment->path,
        .settings = settings->analysis,
        .codec = settings->codec,
        .spool = spool,
        .memory = fresh->arrays,
        .split = !settings->memory || fresh->arrays >= SPLIT,
        .sync = settings->sync,
    };
    status = kw_builder_new(&segment->builder, &fresh->crew, &plan, error);
    free(spool);
    fresh->open = status == KW_OK;
    return status;
}

static enum kw_status close_segment(struct kw_fresh *fresh, struct kw_error *error)
{
    fresh->open = false;
    return kw_builder_close(fresh->items[fresh->count - 1].builder, error);
}

enum kw_status kw_fresh_finish(struct kw_fresh *fresh, struct kw_parts *parts, bool *closed,
                               struct kw_error *error)
{
    *closed = fresh->open;
    enum kw_status status = fresh->open ? close_segment(fresh, error) : KW_OK;
    while (fresh->count && status == KW_OK)
        status = adopt(fresh, parts, error);
    return status;
}

uint64_t kw_fresh_words(struct kw_fresh *fresh)
{
    uint64_t words = fresh->words;
    for (size_t i = 0; i < fresh->count; i++)
        words += kw_builder_words(fresh->items[i].builder);
    return words;
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Notes id and path of the document that was just added. */
static enum kw_status note(struct kw_fresh_segment *segment, const struct kw_document *document,
                           struct kw_error *error)
{
    bool record = kw_document_is_record(document);
    uint32_t path = record ? kw_names_add(&segment->paths, document->path) : KW_NO_NAME;
    uint32_t id = kw_names_add(&segment->ids, document->id);
    if (id == KW_NO_NAME || (record && path == KW_NO_NAME) ||
        !kw_grow(&segment->latest, (size_t)id + 1) || !kw_grow(segment, segment->count + 1))
        return kw_fail_memory(error);
    if (id == segment->latest.count)
        segment->latest.count++;
    segment->latest.items[id] = (uint32_t)segment->count;
    segment->items[segment->count++] = (struct kw_fresh_document){path, false};
    return KW_OK;
}

enum kw_status kw_fresh_add(struct kw_fresh *fresh, const struct kw_message *message, bool *closed,
                            struct kw_error *error)
{
    struct kw_fresh_segment *segment = &fresh->items[fresh->count - 1];
    *closed = false;
    enum kw_status status = kw_builder_add(segment->builder, message, error);
    if (status == KW_OK)
        status = note(segment, &message->document, error);
    segment->input += kw_document_input(&message->document);
    if (status == KW_OK && segment->input >= fresh->settings.segment) {
        *closed = true;
        status = close_segment(fresh, error);
    }
    return status;
}

struct kw_fresh_segment *kw_fresh_find(const struct kw_fresh *fresh, struct kw_view id,
                                       uint32_t *document)
{
    for (size_t i = fresh->count; i-- > 0;) {
        struct kw_fresh_segment *segment = &fresh->items[i];
        uint32_t number = kw_names_find(&segment->ids, id);
        if (number == KW_NO_NAME || segment->items[segment->latest.items[number]].deleted)
            continue;
        *document = segment->latest.items[number];
        return segment;
    }
    return NULL;
}

static uint64_t delete_records(struct kw_fresh_segment *segment, struct kw_view path)
{
    uint64_t count = 0;
    uint32_t number = kw_names_find(&segment->paths, path);
    if (number == KW_NO_NAME)
        return 0;
    for (size_t i = 0; i < segment->count; i++) {
        if (segment->items[i].path == number && !segment->items[i].deleted) {
            segment->items[i].deleted = true;
            count++;
        }
    }
    return count;
}

uint64_t kw_fresh_delete_path(struct kw_fresh *fresh, struct kw_view path)
{
    uint64_t count = 0;
    for (size_t i = 0; i < fresh->count; i++)
        count += delete_records(&fresh->items[i], path);
    return count;
}
