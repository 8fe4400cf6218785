/* Lookups and deletes over the segments of an index that is being written. */
#include "engine/native_parts.h"

#include "index/deletes.h"

#include <stdlib.h>

static void release_part(struct kw_part *part)
{
    kw_segment_free(part->segment);
    free(part->deleted);
}

static void release_runs(struct kw_record_runs *runs)
{
    free(runs->items);
    free(runs->heads.items);
    kw_names_release(&runs->paths);
    *runs = (struct kw_record_runs){.paths = KW_NAMES_INIT};
}

void kw_parts_release(struct kw_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        release_part(&parts->items[i]);
    free(parts->items);
    release_runs(&parts->runs);
    *parts = (struct kw_parts)KW_PARTS_INIT;
}

enum kw_status kw_parts_add(struct kw_parts *parts, struct kw_segment *segment, uint64_t number,
                            uint64_t deletes, uint64_t serial, struct kw_error *error)
{
    if (!kw_grow(parts, parts->count + 1))
        return kw_fail_memory(error);
    parts->items[parts->count++] = (struct kw_part){
        .segment = segment,
        .number = number,
        .deletes = deletes,
        .serial = serial,
        .deleted_count = segment->documents - kw_segment_live(segment),
    };
    return KW_OK;
}

bool kw_part_deleted(const struct kw_part *part, uint32_t document)
{
    if (part->deleted)
        return part->deleted[document / 8] >> (document % 8) & 1;
    return kw_segment_deleted(part->segment, document);
}

enum kw_status kw_part_delete(struct kw_part *part, uint32_t document, struct kw_error *error)
{
    if (kw_part_deleted(part, document))
        return KW_OK;
    if (!part->deleted) {
        uint32_t count = part->segment->documents;
        part->deleted = calloc(count / 8 + 1, 1);
        if (!part->deleted)
            return kw_fail_memory(error);
        for (uint32_t i = 0; part->deleted_count && i < count; i++) {
            if (kw_segment_deleted(part->segment, i))
                part->deleted[i / 8] |= (uint8_t)(1U << (i % 8));
        }
    }
    part->deleted[document / 8] |= (uint8_t)(1U << (document % 8));
    part->deleted_count++;
    part->changed = true;
    return KW_OK;
}

enum kw_status kw_parts_find(struct kw_parts *parts, struct kw_view id, size_t *part,
                             uint32_t *document, struct kw_error *error)
{
    for (size_t i = parts->count; i-- > 0;) {
        uint32_t found;
        enum kw_status status = kw_segment_find_id(parts->items[i].segment, id, &found, error);
        if (status == KW_OK && !kw_part_deleted(&parts->items[i], found)) {
            *part = i;
            *document = found;
            return KW_OK;
        }
        if (status != KW_OK && status != KW_E_NOT_FOUND)
            return status;
    }
    return KW_E_NOT_FOUND;
}

enum kw_status kw_parts_found_before(struct kw_parts *parts, struct kw_view id,
                                     struct kw_error *error)
{
    for (size_t i = 0; i < parts->count && parts->items[i].serial == 0; i++) {
        uint32_t found;
        enum kw_status status = kw_segment_find_id(parts->items[i].segment, id, &found, error);
        if (status == KW_OK && !kw_segment_deleted(parts->items[i].segment, found))
            return KW_OK;
        if (status != KW_OK && status != KW_E_NOT_FOUND)
            return status;
    }
    return KW_E_NOT_FOUND;
}

/* Notes that documents [first, first + count) of `part` are records of the file `path`. */
static enum kw_status note_run(struct kw_record_runs *runs, struct kw_view path, size_t part,
                               uint32_t first, uint32_t count, struct kw_error *error)
{
    uint32_t name = kw_names_add(&runs->paths, path);
    if (name == KW_NO_NAME || !kw_grow(&runs->heads, (size_t)name + 1) ||
        !kw_grow(runs, runs->count + 1))
        return kw_fail_memory(error);
    if (name == runs->heads.count)
        runs->heads.items[runs->heads.count++] = SIZE_MAX;
    runs->items[runs->count] = (struct kw_record_run){part, first, count, runs->heads.items[name]};
    runs->heads.items[name] = runs->count++;
    return KW_OK;
}

/* Notes the runs of records of one part. */
static enum kw_status note_part(struct kw_parts *parts, size_t number, struct kw_error *error)
{
    struct kw_segment *segment = parts->items[number].segment;
    struct kw_view path = {NULL, 0};
    uint32_t first = 0;
    bool open = false;
    for (uint32_t i = 0; i <= segment->documents; i++) {
        struct kw_record record = {.is_record = false};
        enum kw_status status = KW_OK;
        if (i < segment->documents)
            status = kw_segment_record(segment, i, &record, error);
        if (status == KW_OK && open && !(record.is_record && kw_view_equal(record.path, path))) {
            status = note_run(&parts->runs, path, number, first, i - first, error);
            open = false;
        }
        if (status != KW_OK)
            return status;
        if (record.is_record && !open) {
            open = true;
            first = i;
            path = record.path;
        }
    }
    return KW_OK;
}

enum kw_status kw_parts_delete_path(struct kw_parts *parts, struct kw_view path, uint64_t *count,
                                    struct kw_error *error)
{
    struct kw_record_runs *runs = &parts->runs;
    for (; runs->covered < parts->count; runs->covered++) {
        enum kw_status status = note_part(parts, runs->covered, error);
        if (status != KW_OK)
            return status;
    }
    uint32_t name = kw_names_find(&runs->paths, path);
    if (name == KW_NO_NAME)
        return KW_OK;
    for (size_t at = runs->heads.items[name]; at != SIZE_MAX; at = runs->items[at].next) {
        const struct kw_record_run *run = &runs->items[at];
        struct kw_part *part = &parts->items[run->part];
        for (uint32_t i = run->first; i < run->first + run->count; i++) {
            bool live = !kw_part_deleted(part, i);
            enum kw_status status = kw_part_delete(part, i, error);
            if (status != KW_OK)
                return status;
            *count += live;
        }
    }
    runs->heads.items[name] = SIZE_MAX;
    return KW_OK;
}

void kw_parts_replace(struct kw_parts *parts, size_t from, size_t count, struct kw_segment *segment,
                      uint64_t number)
{
    for (size_t i = from; i < from + count; i++)
        release_part(&parts->items[i]);
    parts->items[from] = (struct kw_part){.segment = segment, .number = number};
    memmove(parts->items + from + 1, parts->items + from + count,
            (parts->count - from - count) * sizeof *parts->items);
    parts->count -= count - 1;
    release_runs(&parts->runs); /* their numbers of parts no longer hold */
}

void kw_parts_drop_empty(struct kw_parts *parts)
{
    size_t kept = 0;
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->items[i].deleted_count < parts->items[i].segment->documents)
            parts->items[kept++] = parts->items[i];
        else
            release_part(&parts->items[i]);
    }
    if (kept < parts->count)
        release_runs(&parts->runs); /* their numbers of parts no longer hold */
    parts->count = kept;
}

/* Writes the file of deletes of a part of which more is deleted than before. */
static enum kw_status write_deletes(const struct kw_parts_place *place, struct kw_part *part,
                                    struct kw_error *error)
{
    enum kw_status status = KW_E_MEMORY;
    uint64_t number = (*place->next_number)++;
    uint32_t *documents = malloc(part->deleted_count * sizeof *documents);
    char *path = kw_index_file(place->folder, "deletes", number);
    uint32_t count = 0;
    if (!documents || !path) {
        kw_fail_memory(error);
        goto done;
    }
    for (uint32_t i = 0; i < part->segment->documents; i++) {
        if (kw_part_deleted(part, i))
            documents[count++] = i;
    }
    status = kw_deletes_write(path, part->segment, documents, count, place->sync, error);
    if (status == KW_OK) {
        part->deletes = number;
        part->changed = false;
    }
done:
    free(documents);
    free(path);
    return status;
}

enum kw_status kw_parts_list(struct kw_parts *parts, const struct kw_parts_place *place,
                             struct kw_manifest *manifest, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    kw_parts_drop_empty(parts);
    free(manifest->segments);
    manifest->segment_count = 0;
    manifest->segments = calloc(parts->count + 1, sizeof *manifest->segments);
    if (!manifest->segments)
        return kw_fail_memory(error);
    for (size_t i = 0; i < parts->count && status == KW_OK; i++) {
        struct kw_part *part = &parts->items[i];
        if (part->changed)
            status = write_deletes(place, part, error);
        manifest->segments[manifest->segment_count++] = (struct kw_manifest_segment){
            part->number, part->segment->documents, part->deleted_count, part->deletes};
    }
    return status;
}
