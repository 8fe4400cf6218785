/* The writer behind kwic.h, for the files of this folder: writer.c opens and commits, writer_walk.c
 * finds files, writer_file.c indexes them, optimize.c merges segments. */
#ifndef KW_LIB_WRITER_H
#define KW_LIB_WRITER_H

#include "engine/rescue.h"
#include "ingest/html.h"
#include "lib/kwic.h"
#include "lib/writer_sources.h"

struct kwic_writer {
    char *where; /* the place that it was opened by */
    struct kw_engine_writer *engine;
    struct kwic_index_options options;
    struct kw_ledger ledger;
    struct kwic_summary summary;
    struct kw_rescue *rescue; /* of an index that is repaired, which is not committed on the way;
                                 NULL: it is none */
    struct kw_html *html;     /* the helper that reads HTML; starts when it is needed */
    char *inside;             /* the index folder, seen from the base directory; NULL: elsewhere */
    uint64_t segments;        /* closed by commits of this run */
    uint64_t files_read;      /* that were not as they had been, whatever came of it */
    int64_t progress_at;      /* when progress was last told, in nanoseconds */
    struct kw_error failure;  /* status KW_OK: none. Else the writer cannot go on. */
};

/* How a file is to be read, and why. */
struct kw_visit {
    const char *path;    /* to open it */
    struct kw_view name; /* relative to the base directory, NUL-terminated */
    bool named;          /* given by itself, not met on a walk */
    bool refresh;        /* deleted documents stay out */
    struct kw_source_options source;
    uint8_t reading; /* number of the above in the ledger */
};

/* Opens an index as kwic_writer_new does, without making it unless `create`; with a rescue (else
 * NULL, borrowed) one that may be damaged, as kw_engine_rescue says. *out is NULL on failure. */
enum kw_status kw_writer_open(struct kwic_writer **out, const char *where,
                              const struct kwic_index_options *options, bool create,
                              struct kw_rescue *rescue, struct kw_error *error);

/* Warns (printf) and counts an input that was skipped. */
void kw_skip(struct kwic_writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* KW_E_INTERRUPTED if the caller asked to stop. */
enum kw_status kw_check_stop(const struct kwic_writer *writer, struct kw_error *error);

/* Indexes a file unless it is unchanged; what cannot be read is skipped, KW_OK then too. */
enum kw_status kw_visit_file(struct kwic_writer *writer, const struct kw_visit *visit,
                             struct kw_error *error);

/* Indexes a stream to its end; visit->path and visit->name are its name. */
enum kw_status kw_visit_stream(struct kwic_writer *writer, int fd, const struct kw_visit *visit,
                               struct kw_error *error);

/* Removes all documents of the file `name` and forgets it. */
enum kw_status kw_remove_file(struct kwic_writer *writer, struct kw_view name,
                              struct kw_error *error);

/* Adds a path given by the caller. */
enum kw_status kw_add_path(struct kwic_writer *writer, const char *path, struct kw_error *error);
/* Visits all roots again. */
enum kw_status kw_refresh(struct kwic_writer *writer, struct kw_error *error);

/* Commits if there is anything to commit. */
enum kw_status kw_writer_commit(struct kwic_writer *writer, struct kw_error *error);

/* Merges segments, behind a commit, where there are too many, and commits again. What fails is
 * warned of. */
enum kw_status kw_writer_tidy(struct kwic_writer *writer, struct kw_error *error);

/* Ends a call: what broke the writer is kept, and every later call gives it again. */
enum kwic_status kw_writer_finish(struct kwic_writer *writer, enum kw_status status,
                                  const struct kw_error *inner, struct kwic_error *error);

#endif
