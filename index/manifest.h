/* The manifest: the small file that is a commit. It names the segments, their deletes and the
 * settings. */
#ifndef KW_INDEX_MANIFEST_H
#define KW_INDEX_MANIFEST_H

#include "base/file.h"
#include "base/value.h"

enum { KW_SETTING_SIZE = 24 };

/* A segment of a commit. Files are named by number: segment-N, deletes-N, sources-N. */
struct kw_manifest_segment {
    uint64_t number;
    uint32_t documents;
    uint32_t deleted;
    uint64_t deletes; /* number of its file of deletes; 0: none */
};

/* The type of a field, which all segments keep to. */
struct kw_manifest_field {
    char *name; /* owned; `name_size` bytes without NUL */
    size_t name_size;
    enum kw_value_type type;
    bool asked; /* for; else it is that of its first value */
};

struct kw_manifest {
    uint64_t commit;      /* from 1; 0: an index that is not committed yet */
    uint64_t next_number; /* the next file's */
    uint32_t analysis;    /* version of the analysis */
    char language[KW_SETTING_SIZE];
    bool keep_accents; /* terms keep the marks of their words */
    char *base;        /* the base directory, relative to the index folder ("..") */
    uint64_t sources;  /* number of the file of sources; 0: none */
    struct kw_manifest_segment *segments;
    uint32_t segment_count;
    struct kw_manifest_field *fields; /* in byte order of their names, without repeats */
    uint32_t field_count;
    bool zlib; /* stored text is compressed by zlib; else by a word code where that takes less */
};

#define KW_MANIFEST_INIT                                                                           \
    {                                                                                              \
        0, 1, 0, "", false, NULL, 0, NULL, 0, NULL, 0, false                                       \
    }

/* Reads the manifest of the index in `folder`. Errors as kw_snapshot_new. */
enum kw_status kw_manifest_init(struct kw_manifest *manifest, const char *folder,
                                struct kw_error *error);
/* The same, and *map is the manifest's file from then on, the caller's: no commit after this one
 * has the same file. */
enum kw_status kw_manifest_init_mapped(struct kw_manifest *manifest, struct kw_map *map,
                                       const char *folder, struct kw_error *error);
/* Whether the manifest of the index in `folder` is the file in *map, by one stat: *same.
 * KW_E_NO_INDEX if there is none, KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_manifest_is(const struct kw_map *map, const char *folder, bool *same,
                              struct kw_error *error);
void kw_manifest_release(struct kw_manifest *manifest);

/* Replaces the fields by a copy of `fields`, which are in order. KW_E_MEMORY: they are none then.
 */
enum kw_status kw_manifest_set_fields(struct kw_manifest *manifest,
                                      const struct kw_manifest_field *fields, uint32_t count,
                                      struct kw_error *error);

/* Deep copy; *copy is as KW_MANIFEST_INIT on failure (KW_E_MEMORY). */
enum kw_status kw_manifest_copy(struct kw_manifest *copy, const struct kw_manifest *manifest,
                                struct kw_error *error);

/* Writes it aside, fsyncs it if `sync`, renames it over the old one and syncs the folder: the
 * commit. */
enum kw_status kw_manifest_write(const struct kw_manifest *manifest, const char *folder, bool sync,
                                 struct kw_error *error);

/* "folder/kind-NUMBER" as a malloc'ed string; NULL when memory runs out. */
char *kw_index_file(const char *folder, const char *kind, uint64_t number);

#endif
