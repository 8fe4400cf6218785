/* libxapian_c: a C API over libxapian 1.4.
 *
 * Conventions
 *  - Handles are opaque. Every handle is made by its _new, which gives NULL only where memory is
 *    out, and released by its _free, which accepts NULL. No other call makes or frees one: what a
 *    call finds it puts into a handle that the caller passes last, in place of what was in it.
 *    Handles hold what they need alive and are freed in any order.
 *  - A call that can fail returns an enum xc_status: XC_OK is 0, errors are negative, XC_END
 *    (positive) ends an iteration. Its first argument keeps what went wrong (xc_database_error and
 *    its like) until the next failure of a call on it; where a call fails, what it would have
 *    given is left as it was, but an iteration is at its end. Unless a comment says more, a status
 * is that of the Xapian::Error of the same name, XC_E_MEMORY, or one of the last four of the enum.
 *  - Terms, values and texts are (pointer, length) and may hold any byte. What comes back in an
 *    xc_text is borrowed until the next call on the same handle. Paths end in NUL.
 *  - A handle, and all handles that were filled from it, belong to one thread at a time.
 *  - Callbacks answer with an int: negative ends the whole call with XC_E_CALLBACK. They must
 *    return: no longjmp. What they are handed is borrowed until they return. No thread may be
 *    cancelled (pthread_cancel) inside a call.
 *  - No exception leaves a call, nothing is printed, and no signal handler is changed.
 *
 * An example (checked by tests/house/exports and tests/house/installed):
 *
 *     const char *path = "articles.xapian";
 *     struct xc_database *database = xc_database_new();
 *     struct xc_query *query = xc_query_new();
 *     struct xc_enquire *enquire = xc_enquire_new();
 *     struct xc_mset *mset = xc_mset_new();
 *     struct xc_item item;
 *     if (!database || !query || !enquire || !mset)
 *         return 1;
 *     if (xc_database_open(database, path, 0) < 0)
 *         fprintf(stderr, "%s\n", xc_database_error(database)->message);
 *     else if (xc_query_set_term(query, XC_TEXT("border"), 1, 0) < 0 ||
 *              xc_enquire_start(enquire, database) < 0 ||
 *              xc_enquire_set_query(enquire, query, 0) < 0 ||
 *              xc_enquire_search(enquire, 0, 10, 0, NULL, NULL, mset) < 0)
 *         fprintf(stderr, "%s\n", xc_enquire_error(enquire)->message);
 *     for (uint32_t i = 0; i < xc_mset_size(mset); i++)
 *         if (xc_mset_items(mset, i, 1, &item) == XC_OK)
 *             printf("%u %.3f\n", item.docid, item.weight);
 *     xc_mset_free(mset);
 *     xc_enquire_free(enquire);
 *     xc_query_free(query);
 *     xc_database_free(database);
 */
#ifndef XAPIAN_C_H
#define XAPIAN_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define XC_NOEXCEPT noexcept
extern "C" {
#else
#define XC_NOEXCEPT
#endif

#if defined __GNUC__
#define XC_API __attribute__((visibility("default")))
#else
#define XC_API
#endif

/* ---- Statuses and texts ------------------------------------------------------------------- */

/* Numbers never change. From -1 to -22: the class of Xapian::Error that has the name. */
enum xc_status {
    XC_OK = 0,
    XC_END = 1, /* an iteration has no more */
    XC_E_ASSERTION = -1,
    XC_E_INVALID_ARGUMENT = -2,
    XC_E_INVALID_OPERATION = -3, /* also: a call that the handle's state does not allow */
    XC_E_UNIMPLEMENTED = -4,
    XC_E_DATABASE = -5,
    XC_E_DATABASE_CORRUPT = -6,
    XC_E_DATABASE_CREATE = -7,
    XC_E_DATABASE_LOCK = -8,     /* retryable: another writer has it */
    XC_E_DATABASE_MODIFIED = -9, /* retryable: reopen, and repeat the whole operation */
    XC_E_DATABASE_OPENING = -10,
    XC_E_DATABASE_VERSION = -11,
    XC_E_DOC_NOT_FOUND = -12,
    XC_E_FEATURE_UNAVAILABLE = -13,
    XC_E_INTERNAL = -14,
    XC_E_NETWORK = -15,
    XC_E_NETWORK_TIMEOUT = -16, /* retryable */
    XC_E_QUERY_PARSER = -17,
    XC_E_SERIALISATION = -18,
    XC_E_RANGE = -19,
    XC_E_WILDCARD = -20, /* a wildcard fits more terms than were allowed */
    XC_E_DATABASE_NOT_FOUND = -21,
    XC_E_DATABASE_CLOSED = -22,
    XC_E_LOGIC = -23,    /* a Xapian::LogicError that this library does not know */
    XC_E_RUNTIME = -24,  /* a Xapian::RuntimeError that it does not know */
    XC_E_MEMORY = -25,   /* std::bad_alloc */
    XC_E_CALLBACK = -26, /* a callback asked to stop, or let an exception out */
    XC_E_STANDARD = -27, /* another std::exception */
    XC_E_FOREIGN = -28,  /* anything else that was thrown */
};

/* The last failure of a call on a handle. Texts end in NUL, are never NULL, and live until the next
 * failure or the end of the handle. */
struct xc_error {
    enum xc_status status; /* XC_OK before the first failure */
    bool retryable;        /* the same may work later: xc_status_retryable() */
    const char *type;      /* such as "DatabaseLockError" */
    const char *message;   /* Xapian's own words */
    const char *context;   /* such as the host and port of a remote database, or empty */
    const char *system;    /* the system's words, or empty */
};

struct xc_text {
    const char *data;
    size_t size;
};

/* An xc_text of a string literal. */
#ifdef __cplusplus
#define XC_TEXT(literal) (xc_text{"" literal, sizeof(literal) - 1})
#else
#define XC_TEXT(literal) ((struct xc_text){"" literal, sizeof(literal) - 1})
#endif

/* The name of a status, such as "XC_E_DATABASE_LOCK"; "unknown status" for any other number. */
XC_API const char *xc_status_name(enum xc_status status) XC_NOEXCEPT;
XC_API bool xc_status_retryable(enum xc_status status) XC_NOEXCEPT;
/* The version of the libxapian that is loaded, such as "1.4.22". */
XC_API const char *xc_xapian_version(void) XC_NOEXCEPT;

/* ---- Handles ------------------------------------------------------------------------------ */

struct xc_database;  /* databases as one, for reading or for writing */
struct xc_document;  /* data, terms, values; a variable, as are all that follow */
struct xc_postings;  /* the documents of a term */
struct xc_positions; /* the positions of a term in a document */
struct xc_terms;     /* a list of terms, keys or words */
struct xc_values;    /* the values of a slot, or of a document */
struct xc_query;
struct xc_enquire; /* a query with how to rank and sort it, over a database */
struct xc_mset;    /* a page of results */
struct xc_eset;    /* terms that would expand a query */
struct xc_rset;    /* documents marked as relevant */
struct xc_spy;     /* counts values of what matches */
struct xc_keys;    /* makes the keys that results are sorted by */

/* ---- Databases ---------------------------------------------------------------------------- */

/* What Xapian::DB_* are. One of the first four, and a backend, may be combined with the others. */
enum {
    XC_CREATE_OR_OPEN = 0,
    XC_CREATE_OR_OVERWRITE = 1,
    XC_CREATE = 2,
    XC_OPEN = 3,
    XC_NO_SYNC = 0x04,
    XC_FULL_SYNC = 0x08,
    XC_DANGEROUS = 0x10,
    XC_NO_TERMLIST = 0x20,
    XC_RETRY_LOCK = 0x40,
    XC_BACKEND_GLASS = 0x100,
    XC_BACKEND_CHERT = 0x200,
    XC_BACKEND_STUB = 0x300,
    XC_BACKEND_INMEMORY = 0x400,
};

/* A database of no shards: it has no documents. */
XC_API struct xc_database *xc_database_new(void) XC_NOEXCEPT;
/* Frees; a writer commits first, and drops what it could not commit without a word: commit before.
 */
XC_API void xc_database_free(struct xc_database *database) XC_NOEXCEPT;
XC_API const struct xc_error *xc_database_error(const struct xc_database *database) XC_NOEXCEPT;

/* Opens for reading: a folder, a single file, or a stub; `flags` is 0 or a backend. XC_E_DATABASE_
 * NOT_FOUND: nothing there; _VERSION: of another format; _CORRUPT, _OPENING: what else is wrong. */
XC_API enum xc_status xc_database_open(struct xc_database *database, const char *path,
                                       int flags) XC_NOEXCEPT;
/* Opens for reading a database in a single file by its descriptor, which is closed with it (and on
 * failure). */
XC_API enum xc_status xc_database_open_fd(struct xc_database *database, int fd,
                                          int flags) XC_NOEXCEPT;
/* Opens for writing; `block_size`: a power of two from 2048 to 65536, or 0 for 8192. With
 * XC_BACKEND_INMEMORY `path` is "". XC_E_DATABASE_LOCK: another process writes to it. */
XC_API enum xc_status xc_database_open_writable(struct xc_database *database, const char *path,
                                                int flags, int block_size) XC_NOEXCEPT;
/* Opens what an xapian-tcpsrv serves. Timeouts are in milliseconds, 0: none. */
XC_API enum xc_status xc_database_open_tcp(struct xc_database *database, const char *host,
                                           unsigned port, unsigned timeout,
                                           unsigned connect_timeout) XC_NOEXCEPT;
XC_API enum xc_status xc_database_open_tcp_writable(struct xc_database *database, const char *host,
                                                    unsigned port, unsigned timeout,
                                                    unsigned connect_timeout,
                                                    int flags) XC_NOEXCEPT;
/* Opens what a program such as xapian-progsrv serves, started with `arguments`, split at blanks. */
XC_API enum xc_status xc_database_open_program(struct xc_database *database, const char *program,
                                               const char *arguments, unsigned timeout) XC_NOEXCEPT;
XC_API enum xc_status xc_database_open_program_writable(struct xc_database *database,
                                                        const char *program, const char *arguments,
                                                        unsigned timeout, int flags) XC_NOEXCEPT;
/* Adds the shards of `other`, which stays open by itself. Docids interleave: document d of shard
 * s of n is n * (d - 1) + s + 1, s from 0. A database for writing takes only another one such. */
XC_API enum xc_status xc_database_add(struct xc_database *database,
                                      const struct xc_database *other) XC_NOEXCEPT;
/* Closes files and connections, after a commit where it is for writing. */
XC_API enum xc_status xc_database_close(struct xc_database *database) XC_NOEXCEPT;
/* Moves to the latest commit; `*changed`, which may be NULL: whether there was a newer one. */
XC_API enum xc_status xc_database_reopen(struct xc_database *database, bool *changed) XC_NOEXCEPT;
/* Tells remote servers that the connection is still wanted. */
XC_API enum xc_status xc_database_keep_alive(struct xc_database *database) XC_NOEXCEPT;
/* Of how many databases it is made. */
XC_API size_t xc_database_shards(const struct xc_database *database) XC_NOEXCEPT;
/* Whether it is open for writing. */
XC_API bool xc_database_writable(const struct xc_database *database) XC_NOEXCEPT;
/* Whether a writer has it open. XC_E_UNIMPLEMENTED if it is remote. */
XC_API enum xc_status xc_database_locked(struct xc_database *database, bool *locked) XC_NOEXCEPT;
/* The number of its commit. XC_E_INVALID_OPERATION: it has several shards; XC_E_UNIMPLEMENTED: it
 * is remote or in memory. */
XC_API enum xc_status xc_database_revision(struct xc_database *database,
                                           uint64_t *revision) XC_NOEXCEPT;
/* The UUID, of all shards with a colon between. */
XC_API enum xc_status xc_database_uuid(struct xc_database *database,
                                       struct xc_text *uuid) XC_NOEXCEPT;
/* For a programmer to read, as all calls of this name. */
XC_API enum xc_status xc_database_describe(struct xc_database *database,
                                           struct xc_text *text) XC_NOEXCEPT;

/* ---- What is in a database ---------------------------------------------------------------- */

/* Over all shards. A length is the sum of the wdf of all terms of a document. */
struct xc_statistics {
    uint32_t documents;
    uint32_t last_docid;
    uint64_t total_length;
    double average_length; /* total_length / documents, or 0 */
    uint32_t length_min;   /* bounds, not always reached */
    uint32_t length_max;
    bool has_positions;
};

/* Gives them all at once. */
XC_API enum xc_status xc_database_statistics(struct xc_database *database,
                                             struct xc_statistics *statistics) XC_NOEXCEPT;
/* How many documents have the term; 0 if none. The empty term stands for all documents. */
XC_API enum xc_status xc_database_term_frequency(struct xc_database *database, struct xc_text term,
                                                 uint32_t *frequency) XC_NOEXCEPT;
/* The sum of the term's wdf over all documents. */
XC_API enum xc_status xc_database_collection_frequency(struct xc_database *database,
                                                       struct xc_text term,
                                                       uint32_t *frequency) XC_NOEXCEPT;
/* Whether any document has the term. */
XC_API enum xc_status xc_database_term_exists(struct xc_database *database, struct xc_text term,
                                              bool *exists) XC_NOEXCEPT;
/* A bound of the term's wdf in any document. */
XC_API enum xc_status xc_database_wdf_bound(struct xc_database *database, struct xc_text term,
                                            uint32_t *bound) XC_NOEXCEPT;
/* The length of a document, and how many terms it has. XC_E_DOC_NOT_FOUND: no such document;
 * XC_E_INVALID_ARGUMENT: docid 0. So wherever docids go in. */
XC_API enum xc_status xc_database_document_length(struct xc_database *database, uint32_t docid,
                                                  uint32_t *length) XC_NOEXCEPT;
XC_API enum xc_status xc_database_unique_terms(struct xc_database *database, uint32_t docid,
                                               uint32_t *count) XC_NOEXCEPT;
/* How many documents have a value in the slot, and bounds of these values. */
XC_API enum xc_status xc_database_value_frequency(struct xc_database *database, uint32_t slot,
                                                  uint32_t *frequency) XC_NOEXCEPT;
XC_API enum xc_status xc_database_value_lower_bound(struct xc_database *database, uint32_t slot,
                                                    struct xc_text *value) XC_NOEXCEPT;
XC_API enum xc_status xc_database_value_upper_bound(struct xc_database *database, uint32_t slot,
                                                    struct xc_text *value) XC_NOEXCEPT;
/* Reads a document; its data, terms and values are read when they are asked for. */
XC_API enum xc_status xc_database_document(struct xc_database *database, uint32_t docid,
                                           struct xc_document *document) XC_NOEXCEPT;
/* The value of a key; empty if there is none. XC_E_INVALID_ARGUMENT: an empty key. */
XC_API enum xc_status xc_database_metadata(struct xc_database *database, struct xc_text key,
                                           struct xc_text *value) XC_NOEXCEPT;
/* The known word nearest to `word` within `distance` edits; empty if there is none. */
XC_API enum xc_status xc_database_suggest(struct xc_database *database, struct xc_text word,
                                          unsigned distance,
                                          struct xc_text *suggestion) XC_NOEXCEPT;

/* The documents that have a term. Iterations start before their first item. */
XC_API enum xc_status xc_database_postings(struct xc_database *database, struct xc_text term,
                                           struct xc_postings *postings) XC_NOEXCEPT;
/* The positions of a term in a document; none if it lacks the term, or has it without. */
XC_API enum xc_status xc_database_positions(struct xc_database *database, uint32_t docid,
                                            struct xc_text term,
                                            struct xc_positions *positions) XC_NOEXCEPT;
/* The terms of a document, with wdf, frequency and positions. */
XC_API enum xc_status xc_database_terms(struct xc_database *database, uint32_t docid,
                                        struct xc_terms *terms) XC_NOEXCEPT;
/* All terms that begin with `prefix`, with frequency. */
XC_API enum xc_status xc_database_all_terms(struct xc_database *database, struct xc_text prefix,
                                            struct xc_terms *terms) XC_NOEXCEPT;
/* The values of a slot, by docid. */
XC_API enum xc_status xc_database_values(struct xc_database *database, uint32_t slot,
                                         struct xc_values *values) XC_NOEXCEPT;
/* The keys of metadata that begin with `prefix`. */
XC_API enum xc_status xc_database_metadata_keys(struct xc_database *database, struct xc_text prefix,
                                                struct xc_terms *keys) XC_NOEXCEPT;
/* The words that xc_database_suggest() picks from, with frequency. */
XC_API enum xc_status xc_database_spellings(struct xc_database *database,
                                            struct xc_terms *words) XC_NOEXCEPT;
/* The synonyms of a term. */
XC_API enum xc_status xc_database_synonyms(struct xc_database *database, struct xc_text term,
                                           struct xc_terms *synonyms) XC_NOEXCEPT;
/* The terms that have synonyms and begin with `prefix`. */
XC_API enum xc_status xc_database_synonym_keys(struct xc_database *database, struct xc_text prefix,
                                               struct xc_terms *terms) XC_NOEXCEPT;

/* ---- Writing ------------------------------------------------------------------------------ */

/* All of these: XC_E_INVALID_OPERATION unless the database is open for writing. */

/* Puts all changes on disk as one. XC_E_INVALID_OPERATION inside a transaction. */
XC_API enum xc_status xc_database_commit(struct xc_database *database) XC_NOEXCEPT;
/* Begins a transaction, with a commit before it and at its end if `flushed`. Over several shards it
 * is not atomic. */
XC_API enum xc_status xc_database_begin_transaction(struct xc_database *database,
                                                    bool flushed) XC_NOEXCEPT;
/* Ends it with what was done, or without. XC_E_INVALID_OPERATION: there is none. */
XC_API enum xc_status xc_database_commit_transaction(struct xc_database *database) XC_NOEXCEPT;
XC_API enum xc_status xc_database_cancel_transaction(struct xc_database *database) XC_NOEXCEPT;
/* Adds a document; `*docid`, which may be NULL here and below: where it is.  XC_E_INVALID_ARGUMENT:
 * a term over 245 bytes; where zero bytes, which count twice, make it so, it is the commit that
 * fails. */
XC_API enum xc_status xc_database_add_document(struct xc_database *database,
                                               const struct xc_document *document,
                                               uint32_t *docid) XC_NOEXCEPT;
/* Puts the document where `docid` says, whether there was one or not. */
XC_API enum xc_status xc_database_replace_document(struct xc_database *database, uint32_t docid,
                                                   const struct xc_document *document) XC_NOEXCEPT;
/* Replaces the first document that has the term, drops all others, or adds a new one. */
XC_API enum xc_status xc_database_replace_by_term(struct xc_database *database, struct xc_text term,
                                                  const struct xc_document *document,
                                                  uint32_t *docid) XC_NOEXCEPT;
/* XC_E_DOC_NOT_FOUND: it is not there. */
XC_API enum xc_status xc_database_delete_document(struct xc_database *database,
                                                  uint32_t docid) XC_NOEXCEPT;
/* Deletes all documents that have the term. */
XC_API enum xc_status xc_database_delete_by_term(struct xc_database *database,
                                                 struct xc_text term) XC_NOEXCEPT;
/* Keeps a value under a key; an empty value removes. */
XC_API enum xc_status xc_database_set_metadata(struct xc_database *database, struct xc_text key,
                                               struct xc_text value) XC_NOEXCEPT;
/* Adds to the frequency of a word that may be suggested, or takes from it, at most all of it. */
XC_API enum xc_status xc_database_add_spelling(struct xc_database *database, struct xc_text word,
                                               uint32_t frequency) XC_NOEXCEPT;
XC_API enum xc_status xc_database_remove_spelling(struct xc_database *database, struct xc_text word,
                                                  uint32_t frequency) XC_NOEXCEPT;
/* Adds a synonym of a term, removes one, or all. */
XC_API enum xc_status xc_database_add_synonym(struct xc_database *database, struct xc_text term,
                                              struct xc_text synonym) XC_NOEXCEPT;
XC_API enum xc_status xc_database_remove_synonym(struct xc_database *database, struct xc_text term,
                                                 struct xc_text synonym) XC_NOEXCEPT;
XC_API enum xc_status xc_database_clear_synonyms(struct xc_database *database,
                                                 struct xc_text term) XC_NOEXCEPT;

/* ---- Upkeep ------------------------------------------------------------------------------- */

enum {
    XC_COMPACT_STANDARD = 0,
    XC_COMPACT_FULL = 1,
    XC_COMPACT_FULLER = 2,
    XC_COMPACT_NO_RENUMBER = 4,
    XC_COMPACT_MULTIPASS = 8,
    XC_COMPACT_SINGLE_FILE = 16,
};

/* What a compaction calls; any may be NULL. */
struct xc_compact_calls {
    void *data;
    int (*progress)(void *data, struct xc_text table, struct xc_text status);
    /* Picks the value of a metadata key that several sources have; `*value` starts as the first. */
    int (*resolve)(void *data, struct xc_text key, const struct xc_text *values, size_t count,
                   struct xc_text *value);
};

/* Writes all shards, as they were committed, as one new database; `calls` may be NULL. */
XC_API enum xc_status xc_database_compact(struct xc_database *database, const char *path,
                                          unsigned flags, int block_size,
                                          const struct xc_compact_calls *calls) XC_NOEXCEPT;
/* The same as a single file on a descriptor, which is closed. */
XC_API enum xc_status xc_database_compact_fd(struct xc_database *database, int fd, unsigned flags,
                                             int block_size,
                                             const struct xc_compact_calls *calls) XC_NOEXCEPT;

enum {
    XC_CHECK_SHORT_TREE = 1,
    XC_CHECK_FULL_TREE = 2,
    XC_CHECK_SHOW_FREELIST = 4,
    XC_CHECK_SHOW_STATS = 8,
    XC_CHECK_FIX = 16,
};

/* Checks the database, or the table of one, that lies at `path`; `database` only keeps the report
 * and the error. `*errors`: how many were found; `report`, which may be NULL, says which. */
XC_API enum xc_status xc_database_check(struct xc_database *database, const char *path, int options,
                                        size_t *errors, struct xc_text *report) XC_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#include "xapian_c_items.h"
#include "xapian_c_query.h"
#include "xapian_c_search.h"

#endif
