/* What is known of sources while an index is written: the files that were indexed and how they
 * looked then, the roots that runs were given, and the ids that were deleted by hand. It overlays
 * the sources of the last commit with what has changed since. */
#ifndef KW_LIB_WRITER_SOURCES_H
#define KW_LIB_WRITER_SOURCES_H

#include "engine/names.h"
#include "engine/writer.h"

enum kw_holds {
    KW_HOLDS_DOCUMENT, /* the file is a document */
    KW_HOLDS_RECORDS,  /* it holds documents */
    KW_HOLDS_NOTHING,  /* it is not text; with `gone`: unless archives are opened */
    KW_HOLDS_ARCHIVE,  /* an archive or compressed file, which was opened */
};

/* A way to read files (kw_reading_code) has a number below KW_READINGS; this stands for one that
 * did not fit, whose files are always read again. */
enum { KW_READINGS = 15, KW_READING_UNKNOWN = KW_READINGS };

/* A size that no file has: one that was not read to its end. */
#define KW_UNFINISHED UINT64_MAX

/* A file as it was when it was indexed. */
struct kw_known {
    uint64_t size;
    int64_t mtime; /* nanoseconds since 1970 */
    uint64_t inode;
    enum kw_holds holds;
    bool gone;     /* some of its documents were left out because they had been deleted by hand */
    bool conflict; /* some of its ids were left out because other sources own them */
    uint8_t reading;
};

struct kw_touched {
    struct kw_source_file file; /* its path is the name's */
    bool present;               /* false: no longer known */
};

struct kw_ledger {
    struct kw_sources *sources; /* of the last commit, borrowed; NULL: none */
    struct kw_names paths;      /* of files touched since */
    struct {
        struct kw_touched *items; /* by number of a path */
        size_t count;
        size_t capacity;
    } touched;
    struct kw_names gone;
    struct {
        bool *items; /* by number of an id: whether it is gone */
        size_t count;
        size_t capacity;
    } is_gone;
    struct kw_names roots; /* their paths */
    struct {
        struct kw_bytes *items; /* by number of a root: its code; empty: no longer a root */
        size_t count;
        size_t capacity;
    } root_codes;
    struct {
        int64_t *items; /* by number of a root: when it was last walked, in seconds since 1970 */
        size_t count;
        size_t capacity;
    } walked;
    struct kw_names readings; /* codes, at most KW_READINGS */
    bool changed;             /* since the last commit */
};

#define KW_LEDGER_INIT                                                                             \
    {                                                                                              \
        NULL, KW_NAMES_INIT, {NULL, 0, 0}, KW_NAMES_INIT, {NULL, 0, 0}, KW_NAMES_INIT,             \
            {NULL, 0, 0}, {NULL, 0, 0}, KW_NAMES_INIT, false                                       \
    }

/* Begins with the sources of a commit (NULL: none), which must outlive it or be replaced by
 * kw_ledger_commit. KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_ledger_init(struct kw_ledger *ledger, struct kw_sources *sources,
                              struct kw_error *error);
void kw_ledger_release(struct kw_ledger *ledger);

/* What could not be read of a damaged file of sources; UINT64_MAX: nobody knows how many. */
struct kw_ledger_losses {
    uint64_t files, roots, gone;
};

/* Takes over what can be read of damaged sources (NULL: nothing) into an empty ledger. */
enum kw_status kw_ledger_salvage(struct kw_ledger *ledger, struct kw_sources *sources,
                                 struct kw_ledger_losses *losses, struct kw_error *error);

/* What is known of the file `path`: KW_OK, KW_E_NOT_FOUND (nothing recorded in error). */
enum kw_status kw_ledger_find(struct kw_ledger *ledger, struct kw_view path, struct kw_known *known,
                              struct kw_error *error);
enum kw_status kw_ledger_set(struct kw_ledger *ledger, struct kw_view path,
                             const struct kw_known *known, struct kw_error *error);
enum kw_status kw_ledger_drop(struct kw_ledger *ledger, struct kw_view path,
                              struct kw_error *error);

/* All known files: *files is malloc'ed for the caller; the paths are valid until a commit. */
enum kw_status kw_ledger_files(struct kw_ledger *ledger, struct kw_source_file **files,
                               size_t *count, struct kw_error *error);

bool kw_ledger_is_gone(const struct kw_ledger *ledger, struct kw_view id);
enum kw_status kw_ledger_set_gone(struct kw_ledger *ledger, struct kw_view id, bool gone,
                                  struct kw_error *error);

/* Remembers a root under its path. */
enum kw_status kw_ledger_set_root(struct kw_ledger *ledger, struct kw_view path,
                                  struct kw_view code, struct kw_error *error);
/* Notes when a root was walked to its end; does nothing if there is no such root. */
void kw_ledger_set_walked(struct kw_ledger *ledger, struct kw_view path, int64_t seconds);
void kw_ledger_forget_root(struct kw_ledger *ledger, struct kw_view path);

/* The number of the reading with this code, which is remembered. KW_READING_UNKNOWN if there is no
 * room for it. */
enum kw_status kw_ledger_reading(struct kw_ledger *ledger, struct kw_view code, uint8_t *reading,
                                 struct kw_error *error);

/* Commits with what the ledger holds. */
enum kw_status kw_ledger_commit(struct kw_ledger *ledger, struct kw_engine_writer *engine,
                                struct kw_error *error);

#endif
