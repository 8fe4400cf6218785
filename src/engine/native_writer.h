/* The native index's writer: documents in, commits out. */
#ifndef KW_ENGINE_NATIVE_WRITER_H
#define KW_ENGINE_NATIVE_WRITER_H

#include "engine/native_columns.h"
#include "index/sources.h"
#include "stemmers/analyzer.h"

struct kw_native_writer;

/* A type that is asked for. */
struct kw_asked_type {
    struct kw_view name;
    enum kw_value_type type;
};

struct kw_native_options {
    const char *language; /* NULL: what the index has, "english" for a new one */
    bool keep_accents;    /* of a new index: terms keep marks. An old one must have it too */
    const char *base; /* base directory of a new index, absolute; NULL: the folder that holds the
                         index folder if that is named `.kwic`, else the working directory */
    bool create;      /* make the folder and the index if they are not there */
    bool no_sync;
    double wait;                       /* seconds to wait for the lock */
    const struct kw_asked_type *types; /* of fields */
    size_t type_count;
};

/* Takes the lock and loads the newest commit. KW_E_LOCKED, KW_E_NO_INDEX (without `create`; with
 * it, if the folder exists, is not empty and is not an index), KW_E_USAGE (other settings, or
 * another type of a field, than the index has), KW_E_VERSION, KW_E_DAMAGED. A folder made for
 * nothing is removed again on failure. */
enum kw_status kw_native_writer_new(struct kw_native_writer **out, const char *folder,
                                    const struct kw_native_options *options,
                                    struct kw_error *error);
/* Gives up what is not committed: removes its files, lets the lock go. A new index without any
 * commit is removed. Accepts NULL. */
void kw_native_writer_free(struct kw_native_writer *writer);

/* The index folder and the base directory, absolute and free of symbolic links; and the sources of
 * the last commit (NULL: none), which a commit replaces. Borrowed. */
const char *kw_native_writer_folder(const struct kw_native_writer *writer);
const char *kw_native_writer_base(const struct kw_native_writer *writer);
struct kw_sources *kw_native_writer_sources(struct kw_native_writer *writer);

/* The number of the last commit (0: none yet); whether documents were added or deleted since it, or
 * types of fields asked for;
 * the segments closed since it; and how many documents this writer added in all. */
uint64_t kw_native_writer_commit_number(const struct kw_native_writer *writer);
bool kw_native_writer_changed(const struct kw_native_writer *writer);
uint64_t kw_native_writer_closed(const struct kw_native_writer *writer);
uint64_t kw_native_writer_added(const struct kw_native_writer *writer);

/* Who owns a live document's id. */
struct kw_owner {
    struct kw_view path; /* of its file; valid until the writer's next call */
    uint64_t serial; /* the how many-th document of this writer, from 1; 0: it was there before */
    bool is_record;
};

/* KW_OK, or KW_E_NOT_FOUND (nothing recorded in error) if no live document has this id. */
enum kw_status kw_native_writer_owner(struct kw_native_writer *writer, struct kw_view id,
                                      struct kw_owner *owner, struct kw_error *error);

struct kw_added {
    uint64_t words; /* of title and text: the document's length */
    bool existed;   /* a document with this id was there when the writer began, or was replaced */
    const struct kw_misfit *misfits; /* fields with values of another type; until the next call */
    size_t misfit_count;
};

/* Adds a document; one with the same id is deleted. A document without a line whose path is
 * its id is a file's own, any other a record of that file. String fields of type text are searched
 * under their name; what fits a field's type goes into its column (native_columns.h). Fields whose
 * name is empty, "title", longer than 255 bytes or holds a NUL are only stored. After a failure the
 * writer can only be freed. */
enum kw_status kw_native_writer_add(struct kw_native_writer *writer,
                                    const struct kw_document *document, struct kw_added *added,
                                    struct kw_error *error);

/* Deletes the live document with this id: KW_OK or KW_E_NOT_FOUND (nothing recorded in error). */
enum kw_status kw_native_writer_delete(struct kw_native_writer *writer, struct kw_view id,
                                       struct kw_error *error);

/* Deletes all live documents that came from the file `path`: its own and its records; *count of
 * them. */
enum kw_status kw_native_writer_delete_path(struct kw_native_writer *writer, struct kw_view path,
                                            uint64_t *count, struct kw_error *error);

/* Publishes everything, with the new sources (arrays as kw_sources_write takes them, which may
 * point into the old ones). Commits even if nothing changed but the sources. After a failure the
 * writer can only be freed. */
enum kw_status kw_native_writer_commit(struct kw_native_writer *writer,
                                       const struct kw_source_file *files, size_t file_count,
                                       const struct kw_view *roots, size_t root_count,
                                       const struct kw_view *gone, size_t gone_count,
                                       struct kw_error *error);

#endif
