/* Reads and writes the manifest. */
#include "index/manifest.h"

#include "index/pages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEEP_ACCENTS = 1, ZLIB = 2 }; /* flags */

static const char manifest_name[] = "manifest";

char *kw_index_file(const char *folder, const char *kind, uint64_t number)
{
    char name[64];
    snprintf(name, sizeof name, "%s-%" PRIu64, kind, number);
    return kw_path_join(folder, name);
}

static void release_fields(struct kw_manifest *manifest)
{
    for (uint32_t i = 0; i < manifest->field_count; i++)
        free(manifest->fields[i].name);
    free(manifest->fields);
    manifest->fields = NULL;
    manifest->field_count = 0;
}

void kw_manifest_release(struct kw_manifest *manifest)
{
    release_fields(manifest);
    free(manifest->base);
    free(manifest->segments);
    *manifest = (struct kw_manifest)KW_MANIFEST_INIT;
}

/* Takes the segments' rows; false if they make no sense. */
static bool take_segments(struct kw_view *body, struct kw_manifest *manifest)
{
    uint32_t count;
    if (!kw_take_varint32(body, &count) || count > body->size)
        return false;
    manifest->segments = calloc((size_t)count + 1, sizeof *manifest->segments);
    if (!manifest->segments)
        return false;
    manifest->segment_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct kw_manifest_segment *segment = &manifest->segments[i];
        if (!kw_take_varint(body, &segment->number) ||
            !kw_take_varint32(body, &segment->documents) ||
            !kw_take_varint32(body, &segment->deleted) ||
            !kw_take_varint(body, &segment->deletes) || segment->deleted > segment->documents)
            return false;
    }
    return true;
}

/* Takes the fields' rows; false if they make no sense. */
static bool take_fields(struct kw_view *body, struct kw_manifest *manifest)
{
    uint32_t count;
    if (!kw_take_varint32(body, &count) || count > body->size)
        return false;
    manifest->fields = calloc((size_t)count + 1, sizeof *manifest->fields);
    if (!manifest->fields)
        return false;
    for (; manifest->field_count < count; manifest->field_count++) {
        struct kw_manifest_field *field = &manifest->fields[manifest->field_count];
        struct kw_view name;
        struct kw_view type;
        uint64_t flags;
        if (!kw_take_string(body, &name) || !kw_take_bytes(body, 1, &type) ||
            !kw_take_varint(body, &flags))
            return false;
        field->type = (enum kw_value_type)type.data[0];
        field->asked = flags & 1;
        field->name_size = name.size;
        if (!kw_type_name(field->type) || !(field->name = kw_view_string(name)))
            return false;
    }
    return true;
}

static bool take_body(struct kw_view body, struct kw_manifest *manifest)
{
    struct kw_view language;
    struct kw_view base;
    uint64_t flags;
    if (!kw_take_varint(&body, &manifest->commit) ||
        !kw_take_varint(&body, &manifest->next_number) ||
        !kw_take_varint32(&body, &manifest->analysis) || !kw_take_string(&body, &language) ||
        !kw_take_varint(&body, &flags) || flags > (KEEP_ACCENTS | ZLIB) ||
        !kw_take_string(&body, &base) || !kw_take_varint(&body, &manifest->sources) ||
        language.size >= KW_SETTING_SIZE)
        return false;
    memcpy(manifest->language, language.data, language.size);
    manifest->keep_accents = flags & KEEP_ACCENTS;
    manifest->zlib = flags & ZLIB;
    manifest->base = kw_view_string(base);
    return manifest->base && take_segments(&body, manifest) && take_fields(&body, manifest);
}

enum kw_status kw_manifest_init(struct kw_manifest *manifest, const char *folder,
                                struct kw_error *error)
{
    struct kw_map map;
    enum kw_status status = kw_manifest_init_mapped(manifest, &map, folder, error);
    kw_map_release(&map);
    return status;
}

enum kw_status kw_manifest_is(const struct kw_map *map, const char *folder, bool *same,
                              struct kw_error *error)
{
    char *path = kw_path_join(folder, manifest_name);
    enum kw_status status = path ? kw_map_is(map, path, same, error) : kw_fail_memory(error);
    free(path);
    if (status == KW_E_NOT_FOUND)
        return kw_fail(error, KW_E_NO_INDEX, "no index in '%s' any more", folder);
    return status;
}

enum kw_status kw_manifest_init_mapped(struct kw_manifest *manifest, struct kw_map *map,
                                       const char *folder, struct kw_error *error)
{
    struct kw_pages pages;
    *map = (struct kw_map)KW_MAP_INIT;
    *manifest = (struct kw_manifest)KW_MANIFEST_INIT;
    char *path = kw_path_join(folder, manifest_name);
    if (!path)
        return kw_fail_memory(error);
    enum kw_status status = kw_pages_init(&pages, path, "mani", error);
    free(path);
    if (status == KW_E_NOT_FOUND) {
        bool is_folder = access(folder, F_OK) == 0;
        status = kw_fail(error, KW_E_NO_INDEX,
                         is_folder ? "'%s' is not a kwic index" : "no index in '%s'", folder);
        kw_hint(error, "'kwic index PATH' makes one");
    }
    if (status)
        return status;
    const struct kw_section *section = kw_pages_section(&pages, "commit");
    const uint8_t *body = section ? kw_pages_view(&pages, section, 0, section->size) : NULL;
    if (!body || !take_body((struct kw_view){body, section->size}, manifest)) {
        kw_pages_damage(&pages, section, 0, "the commit makes no sense");
        status = kw_pages_status(&pages, error);
        kw_manifest_release(manifest);
    }
    if (!status) {
        *map = pages.map;
        pages.map = (struct kw_map)KW_MAP_INIT;
    }
    kw_pages_release(&pages);
    return status;
}

enum kw_status kw_manifest_set_fields(struct kw_manifest *manifest,
                                      const struct kw_manifest_field *fields, uint32_t count,
                                      struct kw_error *error)
{
    release_fields(manifest);
    manifest->fields = calloc((size_t)count + 1, sizeof *manifest->fields);
    if (!manifest->fields)
        return kw_fail_memory(error);
    for (; manifest->field_count < count; manifest->field_count++) {
        const struct kw_manifest_field *from = &fields[manifest->field_count];
        struct kw_manifest_field *field = &manifest->fields[manifest->field_count];
        *field = *from;
        field->name = kw_view_string((struct kw_view){(uint8_t *)from->name, from->name_size});
        if (!field->name) {
            release_fields(manifest);
            return kw_fail_memory(error);
        }
    }
    return KW_OK;
}

enum kw_status kw_manifest_copy(struct kw_manifest *copy, const struct kw_manifest *manifest,
                                struct kw_error *error)
{
    *copy = *manifest;
    copy->base = manifest->base ? strdup(manifest->base) : NULL;
    copy->fields = NULL;
    copy->field_count = 0;
    copy->segments = calloc((size_t)manifest->segment_count + 1, sizeof *copy->segments);
    if (!copy->segments || (manifest->base && !copy->base) ||
        kw_manifest_set_fields(copy, manifest->fields, manifest->field_count, NULL)) {
        kw_manifest_release(copy);
        return kw_fail_memory(error);
    }
    if (manifest->segment_count)
        memcpy(copy->segments, manifest->segments,
               manifest->segment_count * sizeof *copy->segments);
    return KW_OK;
}

static void put_body(struct kw_bytes *body, const struct kw_manifest *manifest)
{
    kw_bytes_varint(body, manifest->commit);
    kw_bytes_varint(body, manifest->next_number);
    kw_bytes_varint(body, manifest->analysis);
    kw_bytes_string(body, kw_view_of(manifest->language));
    kw_bytes_varint(body,
                    (manifest->keep_accents ? KEEP_ACCENTS : 0) | (manifest->zlib ? ZLIB : 0));
    kw_bytes_string(body, kw_view_of(manifest->base ? manifest->base : "."));
    kw_bytes_varint(body, manifest->sources);
    kw_bytes_varint(body, manifest->segment_count);
    for (uint32_t i = 0; i < manifest->segment_count; i++) {
        const struct kw_manifest_segment *segment = &manifest->segments[i];
        kw_bytes_varint(body, segment->number);
        kw_bytes_varint(body, segment->documents);
        kw_bytes_varint(body, segment->deleted);
        kw_bytes_varint(body, segment->deletes);
    }
    kw_bytes_varint(body, manifest->field_count);
    for (uint32_t i = 0; i < manifest->field_count; i++) {
        const struct kw_manifest_field *field = &manifest->fields[i];
        kw_bytes_string(body, (struct kw_view){(uint8_t *)field->name, field->name_size});
        kw_bytes_append_byte(body, (uint8_t)field->type);
        kw_bytes_varint(body, field->asked);
    }
}

enum kw_status kw_manifest_write(const struct kw_manifest *manifest, const char *folder, bool sync,
                                 struct kw_error *error)
{
    struct kw_pages_writer pages = {.fd = -1};
    struct kw_bytes body = KW_BYTES_INIT;
    char *path = kw_path_join(folder, manifest_name);
    char *aside = kw_path_join(folder, "manifest.new");
    enum kw_status status = path && aside ? KW_OK : kw_fail_memory(error);
    if (status)
        goto done;
    put_body(&body, manifest);
    unlink(aside); /* left by a writer that was interrupted */
    if ((status = kw_bytes_status(&body, error)) ||
        (status = kw_pages_writer_init(&pages, aside, "mani", error)))
        goto done;
    kw_pages_writer_section(&pages, "commit");
    kw_pages_writer_append(&pages, body.data, body.size);
    if ((status = kw_pages_writer_finish(&pages, sync, error)))
        goto done;
    if (rename(aside, path) != 0) {
        status = kw_fail_errno(error, "cannot rename '%s'", aside);
        unlink(aside);
    } else if (sync) {
        status = kw_folder_sync(folder, error);
    }
done:
    kw_pages_writer_release(&pages);
    kw_bytes_release(&body);
    free(path);
    free(aside);
    return status;
}
