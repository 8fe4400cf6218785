/* Roots and readings: the options of a run that a later refresh needs, coded compactly. */
#ifndef KW_LIB_WRITER_ROOTS_H
#define KW_LIB_WRITER_ROOTS_H

#include "base/arena.h"
#include "ingest/source.h"
#include "lib/kwic.h"

/* A root: a path that a run was given, and how it was walked and read. */
struct kw_root {
    struct kw_view path;         /* relative to the base directory */
    struct kw_view reading;      /* its code */
    struct kw_walk_options walk; /* without its callback */
    bool archives;               /* met on the walk are opened */
};

/* Appends the code of a way to read files: format, encoding, and the keys of records. Equal ways
 * have equal codes. */
void kw_reading_code(struct kw_bytes *code, const struct kw_source_options *options);
/* Fills format, encoding and keys of `options`; strings go into the arena. False if the code makes
 * no sense or memory runs out. */
bool kw_reading_decode(struct kw_view code, struct kw_arena *arena,
                       struct kw_source_options *options);

/* Appends the code of a root. */
void kw_root_code(struct kw_bytes *code, const struct kw_root *root);
/* The reverse; globs and path go into the arena, the reading is a view of
 * `code`. False as kw_reading_decode. */
bool kw_root_decode(struct kw_view code, struct kw_arena *arena, struct kw_root *root);

/* Takes format, encoding and keys from public options. KW_E_USAGE if there is no such format or
 * encoding. */
enum kw_status kw_reading_options(struct kw_source_options *reading,
                                  const struct kwic_index_options *options, struct kw_error *error);

#endif
