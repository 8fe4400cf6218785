/* The parts of a native index as its writer sees them: every segment with the documents deleted so
 * far, and the document that an id names among them. */
#ifndef KW_ENGINE_NATIVE_PARTS_H
#define KW_ENGINE_NATIVE_PARTS_H

#include "engine/names.h"
#include "index/manifest.h"
#include "index/segment.h"

struct kw_part {
    struct kw_segment *segment;
    uint64_t number;  /* of its file */
    uint64_t deletes; /* number of its file of deletes; 0: none */
    uint64_t
        serial; /* of its first document among those this writer added; 0: it was there before */
    uint8_t *deleted; /* a bit a document; NULL: what the segment itself says */
    uint32_t deleted_count;
    bool changed; /* more is deleted than its file of deletes says */
};

/* A run of neighbouring documents that came from one file. */
struct kw_record_run {
    size_t part;
    uint32_t first;
    uint32_t count;
    size_t next; /* the next run of the same file in `runs`, SIZE_MAX: the last */
};

struct kw_record_runs {
    struct kw_record_run *items;
    size_t count;
    size_t capacity;
    struct {
        size_t *items; /* by number of a path: its first run */
        size_t count;
        size_t capacity;
    } heads;
    struct kw_names paths;
    size_t covered; /* parts whose records are in it; the rest follow when they are asked for */
};

struct kw_parts {
    struct kw_part *items; /* in the order of the commit */
    size_t count;
    size_t capacity;
    struct kw_record_runs runs; /* of records; a file's own document is found by its id */
};

#define KW_PARTS_INIT                                                                              \
    {                                                                                              \
        NULL, 0, 0,                                                                                \
        {                                                                                          \
            NULL, 0, 0, {NULL, 0, 0}, KW_NAMES_INIT, 0                                             \
        }                                                                                          \
    }

/* Where files of the index go. */
struct kw_parts_place {
    const char *folder;
    uint64_t *next_number; /* of a file; moved on */
    uint32_t codec;        /* of stored text, as kw_inverter_codec takes it */
    bool sync;
};

void kw_parts_release(struct kw_parts *parts);

/* Appends a part, which owns `segment` from then on. KW_E_MEMORY: the segment is still the
 * caller's. */
enum kw_status kw_parts_add(struct kw_parts *parts, struct kw_segment *segment, uint64_t number,
                            uint64_t deletes, uint64_t serial, struct kw_error *error);

/* The live document with this id: KW_OK, KW_E_NOT_FOUND (nothing recorded in error), KW_E_DAMAGED.
 */
enum kw_status kw_parts_find(struct kw_parts *parts, struct kw_view id, size_t *part,
                             uint32_t *document, struct kw_error *error);

/* Whether a document with this id was live when the writer began, or when parts were merged last.
 * KW_OK, KW_E_NOT_FOUND (nothing
 * recorded in error), KW_E_DAMAGED. */
enum kw_status kw_parts_found_before(struct kw_parts *parts, struct kw_view id,
                                     struct kw_error *error);

bool kw_part_deleted(const struct kw_part *part, uint32_t document);
/* Deletes a document; nothing if it is deleted already. */
enum kw_status kw_part_delete(struct kw_part *part, uint32_t document, struct kw_error *error);

/* Deletes all live records of the file `path` and adds their number to *count. The first call looks
 * at every record of the index. */
enum kw_status kw_parts_delete_path(struct kw_parts *parts, struct kw_view path, uint64_t *count,
                                    struct kw_error *error);

/* Puts one part, of which nothing is deleted, in place of parts [from, from + count); it owns
 * `segment`. Its documents count as those that were there before. */
void kw_parts_replace(struct kw_parts *parts, size_t from, size_t count, struct kw_segment *segment,
                      uint64_t number);

/* Drops the parts without a live document. */
void kw_parts_drop_empty(struct kw_parts *parts);

/* Drops the parts without a live document, writes a file of deletes for each part of which more is
 * deleted than its file says, and fills the segments of `manifest`. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_parts_list(struct kw_parts *parts, const struct kw_parts_place *place,
                             struct kw_manifest *manifest, struct kw_error *error);

#endif
