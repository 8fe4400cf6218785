/* What an engine's writer must do: documents in, commits out. */
#ifndef KW_ENGINE_WRITER_H
#define KW_ENGINE_WRITER_H

#include "base/value.h"
#include "index/sources.h"
#include "ingest/document.h"

struct kw_engine_writer;

/* ---- Opening ------------------------------------------------------------------------------ */

enum { KW_TYPED_FIELDS = 1000 }; /* that an index has at most; others have no column */

/* A type that is asked for. */
struct kw_asked_type {
    struct kw_view name;
    enum kw_value_type type;
};

struct kw_writer_options {
    const char *language; /* NULL: what the index has, "english" for a new one */
    bool keep_accents;    /* of a new index: terms keep marks. An old one must have it too */
    const char *store;    /* how text is stored: "words" or "zlib"; NULL: as the index does, "words"
                             in a new one */
    const char *base; /* base directory of a new index, absolute; NULL: the folder that holds the
                         index folder if that is named `.kwic`, else the working directory */
    bool create;      /* make the index, and its folder, if they are not there */
    bool no_sync;
    double wait;                       /* seconds to wait for the lock */
    const struct kw_asked_type *types; /* of fields */
    size_t type_count;
    /* What is written depends neither on `threads` nor on `memory`. An engine that knows no threads
     * heeds neither. */
    uint32_t threads; /* that work at once, the caller's among them; 0: it alone */
    uint64_t memory;  /* bytes that a writer may take, about; 0: as many as it likes */
    uint64_t segment; /* for tests: bytes of input that close a segment; 0: KW_SEGMENT_INPUT */
    size_t arrays;    /* for tests, without `memory`: bytes of a segment's arrays that may stay in
                         memory; 0: all */
};

/* ---- Documents ---------------------------------------------------------------------------- */

/* Who owns a live document's id. */
struct kw_owner {
    struct kw_view path; /* of its file; valid until the writer's next call */
    uint64_t serial; /* the how many-th document of this writer, from 1; 0: it was there before */
    bool is_record;
};

/* A value that did not become one of a column. */
struct kw_misfit {
    const struct kw_field *field; /* of the document */
    enum kw_value_type type;      /* that it does not fit; 0: the index has too many fields */
    bool asked;                   /* the type was asked for */
    bool first;                   /* of its field in this writer's life */
};

struct kw_added {
    bool existed; /* a document with this id was there when the writer began, or was replaced */
    const char *refused; /* why the engine cannot hold the document: it is in no index then, and the
                            writer goes on; NULL: it holds it. Static */
    const struct kw_misfit *misfits; /* fields with values of another type; until the next call */
    size_t misfit_count;
};

/* ---- Merging ------------------------------------------------------------------------------ */

/* How to merge. */
struct kw_merging {
    bool all; /* into one segment; else only what keeps segments few */
    /* With `all`: rounds in which documents are put into an order that makes lists of postings
     * small (index/reorder.h); 0: they keep their order. */
    uint32_t effort;
    /* Called now and then with the bytes gone through; false gives up: KW_E_INTERRUPTED. NULL:
     * nobody asks. */
    bool (*go_on)(void *context, uint64_t bytes);
    void *context;
};

/* What was merged. */
struct kw_merged {
    bool changed; /* anything */
    uint64_t segments_before, segments;
    uint64_t bytes_before, bytes; /* of segments */
};

/* ---- The writer --------------------------------------------------------------------------- */

struct kw_writer_ops {
    /* Gives up what is not committed and lets the lock go. A new index without any commit is
     * removed. */
    void (*free)(struct kw_engine_writer *writer);

    /* The index folder, NULL if the index is on another machine, and the base directory: absolute
     * and free of symbolic links. Borrowed. */
    const char *(*folder)(const struct kw_engine_writer *writer);
    const char *(*base)(const struct kw_engine_writer *writer);

    /* The sources of the last commit (NULL: none), which a commit replaces. Borrowed. */
    struct kw_sources *(*sources)(struct kw_engine_writer *writer);

    /* The number of the last commit, 0: none yet. */
    uint64_t (*commit_number)(const struct kw_engine_writer *writer);

    /* Whether there is something new since it: documents, deletes, types of fields asked for. */
    bool (*changed)(const struct kw_engine_writer *writer);

    /* How many batches of input were closed since it: segments, where there are any. What does not
     * commit now and then loses more than a few of them when it is interrupted. It depends on the
     * input alone. */
    uint64_t (*closed)(const struct kw_engine_writer *writer);

    /* How many documents this writer added in all, and how many words of their titles and texts it
     * indexed: the second waits until all are counted. */
    uint64_t (*added)(const struct kw_engine_writer *writer);
    uint64_t (*words)(struct kw_engine_writer *writer);

    /* KW_OK, or KW_E_NOT_FOUND (nothing recorded in error) if no live document has this id. */
    enum kw_status (*owner)(struct kw_engine_writer *writer, struct kw_view id,
                            struct kw_owner *owner, struct kw_error *error);

    /* Adds a document; one with the same id is deleted. A document without a line whose path is its
     * id is a file's own, any other a record of that file. String fields of type text are searched
     * under their name; what fits a field's type becomes a value (kwic-format(5) says which does).
     * Fields whose name is empty, "title", longer than 255 bytes or holds a NUL are only stored.
     * After a failure the writer can only be freed; it may be that of a document before. */
    enum kw_status (*add)(struct kw_engine_writer *writer, const struct kw_document *document,
                          struct kw_added *added, struct kw_error *error);

    /* Deletes the live document with this id: KW_OK or KW_E_NOT_FOUND (nothing recorded in error).
     */
    enum kw_status (*remove)(struct kw_engine_writer *writer, struct kw_view id,
                             struct kw_error *error);

    /* Deletes all live documents that came from the file `path`, its own and its records: *count of
     * them. */
    enum kw_status (*remove_path)(struct kw_engine_writer *writer, struct kw_view path,
                                  uint64_t *count, struct kw_error *error);

    /* Publishes everything, with the new sources (arrays as kw_sources_write takes them, which may
     * point into the old ones). Commits even if nothing changed but the sources. After a failure
     * the writer can only be freed. */
    enum kw_status (*commit)(struct kw_engine_writer *writer, const struct kw_source_file *files,
                             size_t file_count, const struct kw_view *roots, size_t root_count,
                             const struct kw_view *gone, size_t gone_count, struct kw_error *error);

    /* Merges segments; right behind a commit only. The next commit publishes it. On failure the
     * writer is as it was, or some segments are merged. NULL: the engine has no segments to merge.
     * KW_E_INTERRUPTED, KW_E_DAMAGED, KW_E_IO, KW_E_MEMORY. */
    enum kw_status (*merge)(struct kw_engine_writer *writer, const struct kw_merging *how,
                            struct kw_merged *done, struct kw_error *error);
};

struct kw_engine_writer {
    const struct kw_writer_ops *ops;
};

#endif
