/* libkwic: full-text search over a folder of articles.
 *
 * Conventions
 *  - Handles are opaque. `T **out` comes first where a call makes something: the caller owns it and
 * frees it with the matching _free, which accepts NULL; on failure *out is NULL. Everything else
 * that a call hands out is borrowed; its comment says until when.
 *  - Text is (pointer, length), need not end in NUL, and may hold any byte. A kwic_text says so.
 *    Ids and paths are bytes as the file system has them; all else is valid UTF-8.
 *  - A call that can fail returns an enum kwic_status and takes a struct kwic_error last, which may
 * be NULL. KWIC_OK is 0, errors are negative, KWIC_END (positive) ends an iteration. Misuse leaves
 * all state as it was.
 *  - A handle belongs to one thread at a time; different handles are independent.
 *  - Nothing here prints, exits, or changes signal handlers or the working directory. Files that an
 * index maps and that become shorter under it raise SIGBUS, as mappings do; a program that fears it
 * handles it.
 *
 * In ten lines (checked by tests/unit/test_example.c):
 *
 *     const char *where = "articles/.kwic";
 *     struct kwic_index *index;
 *     struct kwic_results *results = NULL;
 *     struct kwic_result result;
 *     if (kwic_index_new(&index, &where, 1, NULL) == KWIC_OK &&
 *         kwic_search(&results, index, KWIC_TEXT("\"border guards\""), NULL, NULL) == KWIC_OK)
 *         while (kwic_results_next(results, &result, NULL) == KWIC_OK)
 *             printf("%.*s\n", (int)result.text.size, result.text.data);
 *     kwic_results_free(results);
 *     kwic_index_free(index);
 */
#ifndef KWIC_H
#define KWIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined __GNUC__
#define KWIC_API __attribute__((visibility("default")))
#else
#define KWIC_API
#endif

/* ---- Statuses and texts ------------------------------------------------------------------- */

/* Numbers never change. */
enum kwic_status {
    KWIC_OK = 0,
    KWIC_END = 1, /* an iteration has no more */
    KWIC_E_USAGE =
        -1,         /* an argument that makes no sense, such as other settings than the index has */
    KWIC_E_IO = -2, /* the system refused: open, read, write, rename */
    KWIC_E_MEMORY = -3,      /* out of memory */
    KWIC_E_NO_INDEX = -4,    /* no index there, or not an index */
    KWIC_E_LOCKED = -5,      /* another process is writing to the index */
    KWIC_E_DAMAGED = -6,     /* a checksum or cross-reference of the index does not hold */
    KWIC_E_VERSION = -7,     /* the index is of a newer or too old format or analysis */
    KWIC_E_NOT_FOUND = -8,   /* no such document or passage */
    KWIC_E_INTERRUPTED = -9, /* the `stop` flag was set */
    KWIC_E_SYNTAX = -10,     /* a query that does not parse, under `strict` */
    KWIC_E_INPUT = -11,      /* input that cannot be read as what it claims to be */
};

/* What went wrong, for a person. */
struct kwic_error {
    enum kwic_status status;
    char message[1000]; /* lower case, no full stop, subject in quotes */
    char hint[300];     /* the next step, or empty */
    size_t at;          /* KWIC_E_SYNTAX: byte offset of the place in the query; else 0 */
};

struct kwic_text {
    const char *data;
    size_t size;
};

/* A kwic_text of a C string. */
#define KWIC_TEXT(string) ((struct kwic_text){(string), __builtin_strlen(string)})

/* A short English name of a status, "damaged" for KWIC_E_DAMAGED; "unknown" for other numbers.
 * Static. */
KWIC_API const char *kwic_status_name(enum kwic_status status);

/* The library's version, "0.1.0". Static. */
KWIC_API const char *kwic_version(void);

/* ---- Opening an index ---------------------------------------------------------------------- */

struct kwic_index;

/* Where the index is if nobody says: $KWIC_INDEX, else the nearest folder `.kwic` in the working
 * directory or above it, as git finds `.git`. *out is a NUL-terminated string the caller frees with
 * free(). KWIC_E_NO_INDEX if there is none, or if the nearest one belongs to another user. */
KWIC_API enum kwic_status kwic_find_index(char **out, struct kwic_error *error);

/* Opens `count` (≥ 1) indexes to be searched as one, with shared statistics. Each `where` is a
 * folder, or the place of a Xapian database (kwic-xapian(7)); one that is named several times, be
 * it by other paths, is taken once. The handle is a snapshot: later commits do not change what it
 * gives. Of a Xapian database each handle made of this one (results, a document, terms, why) is a
 * snapshot of its own, and so is what a call gives at once: they may be of a later commit than
 * those before. If it is changed again and again while it is read, they fail with KWIC_E_IO.
 * KWIC_E_NO_INDEX, KWIC_E_VERSION, KWIC_E_DAMAGED, KWIC_E_IO, KWIC_E_USAGE if the indexes' analyses
 * differ. */
KWIC_API enum kwic_status kwic_index_new(struct kwic_index **out, const char *const *where,
                                         size_t count, struct kwic_error *error);
KWIC_API void kwic_index_free(struct kwic_index *index);

/* How databases that other programs made with Xapian are read. Zeroed: as what they say they are.
 */
struct kwic_foreign {
    const char *schema;          /* "omega", "notmuch", "mu", "recoll" or "plain"; NULL: to be found
                                    out, or KWIC_E_USAGE. This and the next two are borrowed for the
                                    call */
    const char *const *prefixes; /* NULL-terminated, each "NAME:PREFIX": a field and what its terms
                                    begin with, beside the schema's; or NULL */
    const char *language;        /* of its stems, by English name or ISO 639 code; NULL: the
                                    schema's */
    /* Called with what a person should know, lower case without a full stop: as what a database is
     * read that `schema` says nothing of, and which files could not be read for their passages. May
     * be NULL. Lives with `context` as long as the index. */
    void (*remark)(void *context, const char *message);
    void *context;
};

/* Opens indexes as kwic_index_new does, among them databases that other programs made. Also
 * KWIC_E_USAGE: nobody says what made a database, or there is no such schema, prefix or language;
 * or a schema or prefixes are given and kwic made an index. */
KWIC_API enum kwic_status kwic_index_new_foreign(struct kwic_index **out, const char *const *where,
                                                 size_t count, const struct kwic_foreign *foreign,
                                                 struct kwic_error *error);

/* How indexes are opened that are on other machines, all or in part. */
struct kwic_open_options {
    double timeout; /* seconds that a server may take to answer, above 0, at most 1000000 */
    bool partial;   /* servers that do not answer, then or later, are left out, and so are places
                       that cannot be opened, unless nothing would be left */
    const struct kwic_foreign *foreign; /* how what other programs made is read; NULL: zeroed */
};

#define KWIC_OPEN_OPTIONS_INIT                                                                     \
    {                                                                                              \
        30, false, NULL                                                                            \
    }

/* Opens indexes as kwic_index_new_foreign does, with options, NULL for the defaults. Also
 * KWIC_E_USAGE for a time out of range. */
KWIC_API enum kwic_status kwic_index_new_with(struct kwic_index **out, const char *const *where,
                                              size_t count, const struct kwic_open_options *options,
                                              struct kwic_error *error);

/* Whether there was a commit to any of the indexes since the handle was opened: *changed. It costs
 * a stat for each, so that it can be asked before each search. Of a Xapian database it is always
 * true: only opening it anew would tell. KWIC_E_NO_INDEX if one is not there any more, KWIC_E_IO.
 */
KWIC_API enum kwic_status kwic_index_changed(const struct kwic_index *index, bool *changed,
                                             struct kwic_error *error);

/* Opens the same indexes as they are now, in the way that `index` was opened. What has not changed
 * is shared with it: neither mapped nor verified again. `index` and all that was made of it stay as
 * they are, for as long as they are wanted, and each of the two handles is freed by itself, in any
 * order; they may belong to different threads, but for this call. Statuses as kwic_index_new_with.
 */
KWIC_API enum kwic_status kwic_index_renew(struct kwic_index **out, const struct kwic_index *index,
                                           struct kwic_error *error);

/* Why number `number`, from 0, of what was left out under `partial` was: a line that names it,
 * valid as long as the index; NULL: there are no more. While there is one, all that the index gives
 * is partial: asked before and after a call, it tells whether anything was lost in it. */
KWIC_API const char *kwic_index_lost(const struct kwic_index *index, size_t number);

/* ---- Searching ----------------------------------------------------------------------------- */

/* Whose scores documents get. */
enum kwic_parity {
    KWIC_PARITY_NONE,   /* kwic's own */
    KWIC_PARITY_XAPIAN, /* those of BM25Weight of Xapian 1.4, in a database that kwic wrote, with
                           the parameters that it has if nobody sets any */
};

/* What became of a document's file since it was indexed. */
enum kwic_file {
    KWIC_FILE_SAME,
    KWIC_FILE_CHANGED,
    KWIC_FILE_VANISHED, /* or it is no regular file any more */
    KWIC_FILE_UNKNOWN,  /* it came from a stream or the index knows no files, it was not read to its
                           end, or it cannot be looked at */
};

/* Whether a search looks at the files behind its results. */
enum kwic_fresh {
    KWIC_FRESH_TRUST,  /* it does not */
    KWIC_FRESH_VERIFY, /* it says of each result what became of its file, when it was searched */
    KWIC_FRESH_ONLY,   /* and hands out only those whose file is the same: as many as asked for,
                          behind `offset` of them, while there are more. Counts and facets are of all
                          documents that match */
};

struct kwic_search_options {
    size_t limit;          /* documents at most; 0: count only */
    size_t offset;         /* documents to pass over first */
    size_t per_doc;        /* passages a document at most; 0: all that match */
    bool documents;        /* documents only: no passage, text, highlight or field is looked up */
    bool all;              /* words side by side must all match */
    bool strict;           /* a query that does not parse is KWIC_E_SYNTAX */
    bool literal;          /* no character of the query is an operator */
    bool by_id;            /* order by id instead of score */
    double k1;             /* BM25's k1, 0..1000 */
    double b;              /* BM25's b, 0..1 */
    const char *language;  /* look for stems of this language alone, by English name or ISO 639
                              code; NULL: of each language in the index */
    bool weigh_stop_words; /* bare words that nearly every text holds count a fifth */
    size_t minimum; /* so many of the parts that stand side by side and may match must match; 0: as
                       many as the query says */
    size_t minimum_percent; /* the same, in a hundred of them, 0..100, rounded down, at least one;
                               counts if `minimum` is 0, and 0: as many as the query says */
    size_t max_expansions;  /* words that a wildcard or a word with edits stands for at most, the
                               most frequent ones, 1..1000000 */
    struct kwic_text sort_field; /* order by the values of this field first; empty: do not.
                                    Documents without one come last, ties go by score, then id */
    bool descending; /* by the greatest of a document's values, the greatest first; else by the
                        least of them, the least first. With by_id and no such field: by falling ids
                      */
    const char *const *facets; /* NULL-terminated names of fields whose values are counted over all
                                  matches, or NULL */
    size_t facet_limit;        /* values of each at most; 0: all */
    double k3;                 /* BM25's k3, for words repeated in the query, 0..1000 */
    double title_weight;       /* what a word adds that stands in the title too; this and the next
                                  0..1000, 0: nothing */
    double near_weight; /* what neighbouring words of the query add that stand near each other */
    double character_weight; /* what characters of pairs add, in scripts without spaces */
    enum kwic_parity parity; /* with that of another, k1, b, k3, weigh_stop_words and the weights of
                                the ranking mean nothing, and queries that it has not are
                                KWIC_E_USAGE */
    bool uncounted;          /* how many documents match need not be told, with a limit above 0 and
                                no facets: what cannot be among the best may be passed over */
    enum kwic_fresh fresh;
};

#define KWIC_SEARCH_OPTIONS_INIT                                                                   \
    {                                                                                              \
        10, 0, 1, false, false, false, false, false, 1, 0.75, NULL, true, 0, 0, 10000, {NULL, 0},  \
            false, NULL, 0, 4, 0.25, 0.075, 0.75, KWIC_PARITY_NONE, false, KWIC_FRESH_TRUST        \
    }

/* A match to light up: bytes [start, end) of a result's text, and the number of the query's clause
 * (a word or phrase as written, counted from 0, negated ones counted too). */
struct kwic_highlight {
    size_t start;
    size_t end;
    uint32_t clause;
};

/* What a field holds. */
enum kwic_field_type {
    KWIC_TYPE_TEXT,    /* words; its short values can be sorted by and counted as well */
    KWIC_TYPE_KEYWORD, /* whole strings, compared byte by byte */
    KWIC_TYPE_NUMBER,  /* doubles */
    KWIC_TYPE_DATE,
};

/* How a document's value is written. */
enum kwic_field_kind {
    KWIC_FIELD_TEXT, /* a string */
    KWIC_FIELD_JSON, /* any other JSON value, as JSON text */
};

struct kwic_field {
    struct kwic_text name;
    enum kwic_field_kind kind;
    struct kwic_text value;
};

/* One result is one passage (or, with `documents`, one document: then text is empty, there are no
 * fields, and passage, line, start and end are 0). */
struct kwic_result {
    size_t rank;            /* of its document, from 1; counts those passed over by offset */
    double score;           /* of its document */
    struct kwic_text doc;   /* id */
    struct kwic_text path;  /* of its file, as it can be opened from the working directory; empty if
                               it came from a stream */
    bool record;            /* one of many in its file */
    struct kwic_text title; /* may be empty */
    uint64_t passage;       /* from 0 */
    uint64_t
        line; /* from 1: where the passage begins; of a record: the record's line in its file */
    uint64_t start; /* byte offsets of the passage in the document's text */
    uint64_t end;
    struct kwic_text text; /* the passage */
    const struct kwic_highlight
        *highlights; /* sorted by start, then longest first, then clause; may overlap */
    size_t highlight_count;
    const struct kwic_field *fields;
    size_t field_count;
    enum kwic_file file; /* UNKNOWN under KWIC_FRESH_TRUST */
};

struct kwic_results;

/* Searches. `options` may be NULL for the defaults; its texts must stay valid as long as the
 * results. KWIC_E_SYNTAX (strict), KWIC_E_USAGE for an empty query, one that asks for too much
 * (kwic-query(7), LIMITS), options out of range or a field that the index has not, KWIC_E_DAMAGED,
 * KWIC_E_IO. The results refer to the index, which must outlive them. */
KWIC_API enum kwic_status kwic_search(struct kwic_results **out, struct kwic_index *index,
                                      struct kwic_text query,
                                      const struct kwic_search_options *options,
                                      struct kwic_error *error);
KWIC_API void kwic_results_free(struct kwic_results *results);

/* The exact number of documents that match, whatever limit and offset; under `uncounted` any number
 * up to that, at least of the documents handed out and passed over by offset. */
KWIC_API uint64_t kwic_results_matches(const struct kwic_results *results);

/* A value of a field and how many of the documents that match have it. */
struct kwic_facet_value {
    struct kwic_text
        value; /* a number or date as text: the fewest digits; a day, or a moment in UTC */
    enum kwic_field_type type; /* keyword, number or date */
    uint64_t documents;
};

struct kwic_facet {
    struct kwic_text field;
    const struct kwic_facet_value *values; /* the most documents first, ties by value */
    size_t count;
    size_t distinct; /* values in all, whatever the limit */
};

/* The counts that the options asked for, in their order; NULL if for none. Valid as long as the
 * results. */
KWIC_API const struct kwic_facet *kwic_results_facets(const struct kwic_results *results,
                                                      size_t *count);

/* What of the query was taken as text, one line, or NULL. Valid as long as the results. */
KWIC_API const char *kwic_results_note(const struct kwic_results *results);

/* How the query was understood: a line each for a group of parts, for what is scored as one, and
 * for the operands of a NEAR, indented by what they stand in; + and - before what must and must not
 * match; each wildcard with the words it stands for. *text is valid as long as the results. */
KWIC_API enum kwic_status kwic_results_query(struct kwic_results *results, struct kwic_text *text,
                                             struct kwic_error *error);

/* The next result, in the order of the documents' scores, a document's passages from the best to
 * the least. KWIC_OK, KWIC_END, or an error. What *result points to is valid until the next call or
 * the results' end. */
KWIC_API enum kwic_status kwic_results_next(struct kwic_results *results,
                                            struct kwic_result *result, struct kwic_error *error);

/* What a part of a score comes from; see SCORES in kwic-query(7). */
enum kwic_part_kind {
    KWIC_PART_QUERY,      /* a term, expansion, phrase or NEAR of the query */
    KWIC_PART_TITLE,      /* a word of it in the title */
    KWIC_PART_NEIGHBOURS, /* two words of it near each other */
    KWIC_PART_CHARACTER,  /* a character of pairs */
};

struct kwic_part {
    enum kwic_part_kind kind;
    struct kwic_text text; /* what it is, in words; valid until the next call */
    uint32_t clause;       /* it comes from; of neighbours that of the first */
    double boost;          /* its weight and that of a stop word multiplied with it */
    uint32_t repeats;      /* q */
    double idf;
    uint32_t frequency; /* tf, ≥ 1 */
    double score;       /* what it adds */
};

/* Part `number`, from 0, of the score of the document of the result last given: the score is the
 * sum of the parts, taken in double in their order, to the last bit. KWIC_END: no more, or there is
 * no such result. KWIC_E_DAMAGED. */
KWIC_API enum kwic_status kwic_results_part(struct kwic_results *results, size_t number,
                                            struct kwic_part *part, struct kwic_error *error);

/* A clause of a query: a word, a phrase, a NEAR or a value, as numbered in highlights. */
struct kwic_clause {
    struct kwic_text text; /* as written, with its sign and field; valid as long as the results */
    bool negated;          /* it must not match */
    uint64_t documents;    /* that match it alone */
};

/* Clause `number`, from 0, of the query that was searched for; of a document whose like was
 * searched for (kwic_similar) the term `number`, by the word that it is in most often there. Takes
 * as long as searching for that clause alone, in a Xapian database as it is then. KWIC_END: there
 * is none. KWIC_E_USAGE: with the clauses counted before it takes longer than any search may; all
 * but `documents` is filled. KWIC_E_DAMAGED, KWIC_E_IO. */
KWIC_API enum kwic_status kwic_results_clause(struct kwic_results *results, size_t number,
                                              struct kwic_clause *clause, struct kwic_error *error);

/* Word `number`, from 0, of those that are looked for in the clause `clause`: each once, in the
 * order of the query, written as a query for it alone, with `=` where only this form counts.
 * KWIC_END: there is none. KWIC_E_DAMAGED, KWIC_E_IO. */
KWIC_API enum kwic_status kwic_results_clause_word(struct kwic_results *results, size_t clause,
                                                   size_t number, struct kwic_clause *word,
                                                   struct kwic_error *error);

enum { KWIC_SPELLINGS = 3 };

/* A surface term that some documents hold, near a word that none does. */
struct kwic_spelling {
    struct kwic_text term;
    uint32_t edits;     /* by which it differs, 1 or 2 (kwic-query(7), OPERATORS) */
    uint64_t documents; /* that hold it */
};

/* A word of a query that no document holds. All of it is valid as long as the results. */
struct kwic_missing {
    struct kwic_text word;                          /* folded, as surface terms are */
    struct kwic_text field;                         /* searched for it; empty: the text */
    struct kwic_spelling spellings[KWIC_SPELLINGS]; /* of fewer edits first, then of more documents,
                                                      then by bytes */
    size_t spelling_count;
};

/* The next word, in the order of the query, that no document holds: plain, exact, with edits, or in
 * a phrase or NEAR; each once. Words of one or two characters have no spellings, those of up to
 * four only such of one edit; behind twenty that can have some, words have none. KWIC_OK, KWIC_END
 * (only the first hundred clauses are looked at), KWIC_E_DAMAGED, KWIC_E_IO. */
KWIC_API enum kwic_status kwic_results_next_missing(struct kwic_results *results,
                                                    struct kwic_missing *missing,
                                                    struct kwic_error *error);

/* ---- Documents ----------------------------------------------------------------------------- */

struct kwic_document;

/* Looks a document up: `name` as a path from the working directory first, then as an id; as an id
 * only if `id_only`. KWIC_E_NOT_FOUND if there is none. The document refers to the index, which
 * must outlive it. */
KWIC_API enum kwic_status kwic_document_new(struct kwic_document **out, struct kwic_index *index,
                                            struct kwic_text name, bool id_only,
                                            struct kwic_error *error);
KWIC_API void kwic_document_free(struct kwic_document *document);

struct kwic_document_info {
    struct kwic_text doc; /* id; this and all below valid as long as the document */
    struct kwic_text path;
    bool record;
    uint64_t line; /* the record's line in its file, else 1 */
    struct kwic_text title;
    uint64_t bytes; /* of the text */
    uint64_t words; /* of title and text: what BM25 takes as its length */
    uint64_t passages;
    struct kwic_text language;
    const struct kwic_field *fields;
    size_t field_count;
};

KWIC_API void kwic_document_info(const struct kwic_document *document,
                                 struct kwic_document_info *info);

/* The text of `count` passages from `first` on. *text is valid until the next call on the document.
 * KWIC_E_NOT_FOUND if it has not so many passages. */
KWIC_API enum kwic_status kwic_document_text(struct kwic_document *document, uint64_t first,
                                             uint64_t count, struct kwic_text *text,
                                             struct kwic_error *error);

enum { KWIC_SIMILAR_TERMS = 32 };

/* Searches for documents like the one named `name`, looked up as kwic_document_new does. Looked for
 * are its KWIC_SIMILAR_TERMS most telling terms, as kwic-query(7) says under SIMILAR DOCUMENTS; it
 * is itself none of the results. Of the options all count but those that say what a query means.
 * KWIC_E_NOT_FOUND, KWIC_E_USAGE for options out of range, KWIC_E_DAMAGED, KWIC_E_IO. The results
 * refer to the index, which must outlive them. */
KWIC_API enum kwic_status kwic_similar(struct kwic_results **out, struct kwic_index *index,
                                       struct kwic_text name, bool id_only,
                                       const struct kwic_search_options *options,
                                       struct kwic_error *error);

/* ---- Why a document is not among the results ----------------------------------------------- */

struct kwic_why;

/* Looks why the document `name` (looked up as kwic_document_new does) is where it is among the
 * results of `query`, or is not among them, or is not in the index at all: the latter is no error.
 * Of the options all that say what matches and with what score count, and `limit` is the size of a
 * page. Statuses as kwic_search: KWIC_E_USAGE also if it would take longer than any search may. It
 * refers to the index, which must outlive it. */
KWIC_API enum kwic_status kwic_why_new(struct kwic_why **out, struct kwic_index *index,
                                       struct kwic_text name, bool id_only, struct kwic_text query,
                                       const struct kwic_search_options *options,
                                       struct kwic_error *error);
KWIC_API void kwic_why_free(struct kwic_why *why);

/* Why there is no such document in the index. */
enum kwic_absence {
    KWIC_PRESENT,             /* there is one */
    KWIC_ABSENT_NO_FILE,      /* there is no such file */
    KWIC_ABSENT_FOLDER,       /* it is a folder */
    KWIC_ABSENT_RECORDS,      /* its records are the documents */
    KWIC_ABSENT_DELETED,      /* it was deleted by hand */
    KWIC_ABSENT_OUTSIDE,      /* it is below no path that was indexed */
    KWIC_ABSENT_UNREADABLE,   /* `place` cannot be read */
    KWIC_ABSENT_KIND,         /* `place` is a symbolic link, or another special file */
    KWIC_ABSENT_NEVER,        /* `place` belongs to version control, or is an index */
    KWIC_ABSENT_IGNORED,      /* `place` is, by `rule` in `line` of `rules` */
    KWIC_ABSENT_HIDDEN,       /* the name of `place` begins with a dot */
    KWIC_ABSENT_EXCLUDED,     /* `place` is, by the glob `rule` */
    KWIC_ABSENT_NOT_INCLUDED, /* it matches none of the globs to include */
    KWIC_ABSENT_FILE_SYSTEM,  /* `place` is on another file system than the path indexed */
    KWIC_ABSENT_NOT_TEXT,     /* it is not text */
    KWIC_ABSENT_NEW,          /* nothing keeps it out: the next run will read it */
};

struct kwic_why_info {
    enum kwic_absence absence;
    struct kwic_text place; /* the file or a folder above it; as the rest, valid as long as the
                               handle, and empty or 0 where the absence does not say otherwise */
    struct kwic_text rules; /* an ignore file */
    struct kwic_text rule;
    uint64_t line; /* of it, from 1 */
    /* Of a document that is present: */
    struct kwic_text doc;
    struct kwic_text path;
    enum kwic_file file;
    const char *note; /* as kwic_results_note has it, for the query */
    uint64_t matches; /* documents that match the query */
    uint64_t rank;    /* its own among them, from 1; 0: it does not match */
    double score;
    double titles;     /* what of that comes from words in its title, beside their clauses … */
    double neighbours; /* … from words near each other … */
    double characters; /* … and from characters of pairs, in scripts without spaces */
    double needed;     /* if it is behind the first page: the score of the last document on that */
    size_t minimum;    /* so many of the parts that may match must match … */
    size_t matched;    /* … and so many do */
};

KWIC_API void kwic_why_info(const struct kwic_why *why, struct kwic_why_info *info);

/* How a document fares with a clause. */
enum kwic_outcome {
    KWIC_HOLDS, /* the clause matches */
    KWIC_LACKS, /* `lacking` is not there */
    KWIC_APART, /* its words are there, but not in its order or not near enough */
    KWIC_VALUE, /* the field has no value in the document that passes */
};

struct kwic_why_clause {
    struct kwic_text text; /* as written, with its sign and field; valid as long as the handle */
    bool negated;          /* it must not match */
    bool required;         /* it must match, or must not, or the part it stands in cannot match */
    enum kwic_outcome outcome;
    uint64_t frequency; /* HOLDS: its matches; 0 for a value */
    double score;       /* what it adds to the score, if the document matches; 0 of a word that
                           stands in the query again: the first one counts for both */
    struct kwic_text lacking; /* LACKS: words or patterns, with ", " between, valid likewise */
    struct kwic_text values;  /* VALUE: those that the document has instead, and "..."
                                 behind the twentieth; empty: it has none */
    bool moves;        /* APART: the clause is a phrase: `distance` counts moves; else words */
    bool ordered;      /* APART, a NEAR: it asks for an order, and the parts only have another */
    uint32_t distance; /* APART: the least slop or distance at which it matches, without regard to
                          order where `ordered`; 0: there is none */
};

/* Clause `number`, from 0, of a document that is present. KWIC_END: there is none. */
KWIC_API enum kwic_status kwic_why_clause(const struct kwic_why *why, size_t number,
                                          struct kwic_why_clause *clause);

/* ---- What is in an index ------------------------------------------------------------------- */

struct kwic_section {
    char name[32];
    uint64_t bytes;
};

enum { KWIC_SECTIONS = 32 };

struct kwic_stats {
    uint64_t documents;   /* live ones */
    uint64_t deleted;     /* deleted ones whose space is not yet reclaimed */
    uint64_t words;       /* words of live documents, titles included */
    uint64_t terms;       /* distinct surface terms of the text, summed over segments */
    uint64_t stems;       /* distinct stems of the text, summed over segments */
    uint64_t cut_terms;   /* terms that were too long: their first bytes and a hash */
    uint64_t passages;    /* summed over segments, deleted documents' included */
    uint64_t text_bytes;  /* of stored text before compression, deleted documents' included */
    uint64_t index_bytes; /* of all files of the snapshot */
    uint64_t segments;
    uint64_t commit;   /* number of the commit, from 1; the highest of several indexes */
    char language[24]; /* "auto" if documents have their own, "mixed" if indexes differ */
    bool keep_accents;
    uint32_t analysis; /* version of the analysis */
    uint32_t format;   /* version of the format */
    struct kwic_section
        sections[KWIC_SECTIONS]; /* bytes by kind of section, summed; sorted by bytes, falling */
    size_t section_count;
    char schema[16]; /* whose database it is, "notmuch", say; empty: kwic's, "mixed": several */
};

/* Fills *stats. Costs a moment per segment, not per document. */
KWIC_API enum kwic_status kwic_index_stats(struct kwic_index *index, struct kwic_stats *stats,
                                           struct kwic_error *error);

/* What the largest `sections` hold; summed over segments, deleted documents counted. */
struct kwic_sizes {
    uint64_t terms;     /* surface terms and stems of all fields, in `lexicon` */
    uint64_t postings;  /* in `postings`: of terms and of pairs of words that have lists there */
    uint64_t positions; /* in `positions`, of these terms */
    uint64_t inlined;   /* postings that lie with their terms in `lexicon`, or pairs in `pairs` */
};

/* Reads all of the lexicon. KWIC_E_DAMAGED; KWIC_E_USAGE of what is not in kwic's own format. */
KWIC_API enum kwic_status kwic_index_sizes(struct kwic_index *index, struct kwic_sizes *sizes,
                                           struct kwic_error *error);

/* A field that an index has a type of. */
struct kwic_field_info {
    struct kwic_text name;
    enum kwic_field_type type;
    bool asked; /* for; else its first value settled it */
};

/* The fields in byte order of their names, valid as long as the index; one that has different types
 * in several indexes is there with each. */
KWIC_API enum kwic_status kwic_index_fields(struct kwic_index *index,
                                            const struct kwic_field_info **fields, size_t *count,
                                            struct kwic_error *error);

struct kwic_terms;

/* The terms of a field (empty: of the text) that begin with `prefix`, in byte order: surface terms,
 * or stems, those of one language after those of another. None if there is no such field.
 * KWIC_E_DAMAGED. They refer to the index, which must outlive them. */
KWIC_API enum kwic_status kwic_terms_new(struct kwic_terms **out, struct kwic_index *index,
                                         struct kwic_text field, struct kwic_text prefix,
                                         bool stems, struct kwic_error *error);
KWIC_API void kwic_terms_free(struct kwic_terms *terms);

struct kwic_term {
    struct kwic_text term; /* valid until the next call */
    const char *language;  /* of a stem; NULL of a surface term. Valid as long as the index */
    uint64_t documents;    /* live documents that hold it */
    uint64_t occurrences;  /* how often they hold it */
};

/* The next term that a live document holds: KWIC_OK, KWIC_END, or KWIC_E_DAMAGED. */
KWIC_API enum kwic_status kwic_terms_next(struct kwic_terms *terms, struct kwic_term *term,
                                          struct kwic_error *error);

/* A path that runs were given, which a refresh visits again. */
struct kwic_root {
    struct kwic_text path; /* as it can be opened from the working directory; during the call */
    int64_t walked; /* when the last run that came to its end began to visit it, in seconds since
                       1970; 0: that is not known */
};

/* Hands out the paths that the index was made from, in the order in which they were given first.
 * KWIC_E_DAMAGED, KWIC_E_IO. */
KWIC_API enum kwic_status kwic_index_roots(struct kwic_index *index,
                                           void (*take)(void *context,
                                                        const struct kwic_root *root),
                                           void *context, struct kwic_error *error);

/* A file that was indexed. */
struct kwic_source {
    struct kwic_text path; /* as it can be opened from the working directory; during the call */
    enum kwic_file file;
    bool unreadable; /* it is there, but cannot be read */
};

/* Compares the files that the index knows with those that are there, by a stat each, and changes
 * nothing. `report` (may be NULL) gets those that are not the same or cannot be read, in byte order
 * of their names in each index. *files (may be NULL): how many it knows; what came from streams,
 * and databases that other programs made, have none. KWIC_E_DAMAGED, KWIC_E_IO. */
KWIC_API enum kwic_status
kwic_index_sources(struct kwic_index *index,
                   void (*report)(void *context, const struct kwic_source *source), void *context,
                   uint64_t *files, struct kwic_error *error);

/* Verifies every checksum and cross-reference of the index in the folder `where`. `report`
 * (may be NULL) gets a line per problem (file, section and offset), at most 100.
 * KWIC_OK if all is well, KWIC_E_DAMAGED if there was any problem, or what kept it from looking. */
KWIC_API enum kwic_status kwic_check(const char *where,
                                     void (*report)(void *context, const char *problem),
                                     void *context, struct kwic_error *error);

/* ---- Analysis ------------------------------------------------------------------------------ */

struct kwic_analysis;

/* Analyses `text` (any bytes; repaired first) as the body of a document in `language`, an English
 * name or ISO 639 code ("english", …), "none", or "auto" for the one it is guessed to be in; NULL:
 * "english". Of a language without a stemmer each word is its own stem. With `keep_accents` terms
 * keep the marks of their words. KWIC_E_USAGE for an unknown language. */
KWIC_API enum kwic_status kwic_analysis_new(struct kwic_analysis **out, const char *language,
                                            bool keep_accents, struct kwic_text text,
                                            struct kwic_error *error);
KWIC_API void kwic_analysis_free(struct kwic_analysis *analysis);

struct kwic_token {
    uint64_t position; /* from 0; tokens may share one */
    uint64_t start;    /* bytes [start, end) of the text that was given */
    uint64_t end;
    uint64_t passage;         /* from 0 */
    struct kwic_text surface; /* the word as it stands in the text; valid as long as the analysis */
    struct kwic_text term;    /* its surface term */
    struct kwic_text stem;    /* its stem; empty with language "none" */
    const char *language;     /* of the stem: that of the text; as long as the analysis */
};

/* The next token: KWIC_OK or KWIC_END. */
KWIC_API enum kwic_status kwic_analysis_next(struct kwic_analysis *analysis,
                                             struct kwic_token *token);

/* ---- Building an index --------------------------------------------------------------------- */

struct kwic_progress {
    uint64_t documents; /* indexed in this run */
    uint64_t bytes;     /* of input read in this run */
    const char *path;   /* the file at hand; "merging" while segments are merged */
    uint64_t total;     /* bytes there are to go through, if that is known: else 0 */
    uint64_t segments;  /* written in this run, before they are merged */
};

struct kwic_typed_field {
    const char *name;
    enum kwic_field_type type;
};

#define KWIC_LEAST_MEMORY (UINT64_C(128) << 20)

struct kwic_index_options {
    const char *language; /* NULL: what the index has, "english" for a new one; "none": no stems;
                             "auto": each document has its own */
    const char *format;   /* "auto" (or NULL), "text", "markdown", "html", "jsonl" */
    const char *encoding; /* "auto" (or NULL), "utf-8", "utf-16le", "utf-16be", "windows-1252" */
    const char *store;    /* how text is stored: "words", by a code of its words and phrases, or
                             "zlib"; NULL: what the index has, "words" for a new one */
    const char *map_id;   /* record keys; NULL: "id", "title", "text" */
    const char *map_title;
    const char *map_text;
    bool replace;      /* an id that another source owns passes to this one */
    bool prune;        /* documents whose files vanished from the paths given are removed */
    bool hidden;       /* walks visit hidden files */
    bool no_ignore;    /* walks do not read .gitignore and .ignore */
    bool no_sync;      /* no fsync: faster, and a power cut may lose the index */
    bool archives;     /* walks open archives and compressed files; those that are named are opened
                          anyway */
    bool keep_accents; /* of a new index: words are found by their accents and marks alone. What an
                          old one has stays */
    const char *const *include; /* NULL-terminated globs, or NULL */
    const char *const *exclude;
    const struct kwic_typed_field
        *fields; /* types asked for; others follow a field's first value */
    size_t field_count;
    uint32_t threads; /* that work at once, the caller's among them; 0: one a processor that the
                         process may use. The index is the same with any number */
    uint64_t memory;  /* bytes of memory of its own that a writer may take, about, from
                         KWIC_LEAST_MEMORY on; 0: a quarter of the machine's, at most 1 GiB. The
                         index is the same with any bound */
    double wait;      /* seconds to wait for another writer; 0: not at all */
    const volatile int *stop; /* set to non-zero (by a signal handler): stop cleanly at the next
                                 document. May be NULL */
    void (*warn)(
        void *context,
        const char *message); /* a line for each input skipped and other remarks. May be NULL */
    void (*progress)(void *context,
                     const struct kwic_progress *progress); /* now and then. May be NULL */
    void *context;                                          /* for both */
};

/* What a run did. */
struct kwic_summary {
    uint64_t added;     /* documents new to the index */
    uint64_t replaced;  /* documents indexed again under their id */
    uint64_t unchanged; /* files not read because nothing changed */
    uint64_t removed;   /* documents deleted */
    uint64_t not_text;  /* files met on a walk, and members of archives, that are not text */
    uint64_t skipped;   /* inputs skipped and warned of: unreadable, malformed (of front matter: its
                           fields), not text though named, or an id another source owns */
    uint64_t repaired;  /* invalid byte sequences replaced by U+FFFD */
    uint64_t bytes;     /* of input read */
    uint64_t words;     /* indexed */
    uint64_t misfits;   /* values that do not fit the type of their field: stored, warned of once a
                           field, but neither filtered, sorted by nor counted */
    uint64_t misfits_asked; /* those among them whose field's type was asked for */
};

struct kwic_writer;

/* Opens the index in the folder `where` for writing, and creates it if it is not there (its parent
 * must be). One writer at a time: KWIC_E_LOCKED after `wait`. KWIC_E_USAGE if the language or
 * the type of a field differs from the index's, or an option names what there is not,
 * KWIC_E_NO_INDEX if the folder is neither empty nor an index, KWIC_E_VERSION, KWIC_E_DAMAGED,
 * KWIC_E_IO. `options` may be NULL; its strings and callbacks must outlive the writer. */
KWIC_API enum kwic_status kwic_writer_new(struct kwic_writer **out, const char *where,
                                          const struct kwic_index_options *options,
                                          struct kwic_error *error);
/* As kwic_writer_new, but KWIC_E_NO_INDEX if there is no index yet. */
KWIC_API enum kwic_status kwic_writer_new_existing(struct kwic_writer **out, const char *where,
                                                   const struct kwic_index_options *options,
                                                   struct kwic_error *error);
/* Gives up all that is not committed and lets other writers in. An index that never had a commit is
 * removed. */
KWIC_API void kwic_writer_free(struct kwic_writer *writer);

/* Adds and refreshes the documents of a file, or of the files below a folder; of an archive those
 * of its members, with the ids ARCHIVE/PATH, and ARCHIVE for their path. Unchanged files are not
 * read. What cannot be read is warned of, counted and skipped; KWIC_OK then too. KWIC_E_INTERRUPTED
 * after `stop`; KWIC_E_IO, KWIC_E_MEMORY, KWIC_E_DAMAGED end the run: the writer's later calls give
 * them again. A long run commits on the way, at the end of a file and with all that was done
 * before, so that one that ends early is resumed by the next. */
KWIC_API enum kwic_status kwic_writer_add_path(struct kwic_writer *writer, const char *path,
                                               struct kwic_error *error);

/* Adds the document or records read from `fd` until its end, as coming from the source `name`.
 * Statuses as kwic_writer_add_path; KWIC_E_USAGE if the name is empty. */
KWIC_API enum kwic_status kwic_writer_add_stream(struct kwic_writer *writer, int fd,
                                                 const char *name, struct kwic_error *error);

/* Refreshes all that earlier runs added from paths; deleted documents stay out. Commits and
 * statuses as kwic_writer_add_path. */
KWIC_API enum kwic_status kwic_writer_refresh(struct kwic_writer *writer, struct kwic_error *error);

/* Deletes a document, looked up as kwic_document_new does, or all documents of the file of records
 * or archive with this path. KWIC_E_NOT_FOUND if there is none. */
KWIC_API enum kwic_status kwic_writer_delete(struct kwic_writer *writer, struct kwic_text name,
                                             bool id_only, struct kwic_error *error);

/* Opens the index that is written to, for reading: its last commit, without what the writer has not
 * committed. While the writer is open nobody else commits, so that what is found there can be
 * deleted. It may outlive the writer. Statuses as kwic_index_new; KWIC_E_NO_INDEX before the first
 * commit. */
KWIC_API enum kwic_status kwic_writer_index(struct kwic_index **out,
                                            const struct kwic_writer *writer,
                                            struct kwic_error *error);

/* Makes all that was added and deleted durable and visible to new readers, at once; does nothing if
 * nothing changed. Then it merges segments where there are many; should that fail, it is warned of
 * and KWIC_OK all the same. After a failure the writer can only be freed. */
KWIC_API enum kwic_status kwic_writer_commit(struct kwic_writer *writer, struct kwic_error *error);

/* What became of the index's segments. */
struct kwic_optimized {
    uint64_t segments_before, segments;
    uint64_t bytes_before, bytes; /* of their files */
    bool changed;                 /* anything was merged or ordered */
};

/* Commits, makes one segment of all, without what is deleted, and commits that: the segment that
 * one run over the same documents would have written. With `effort` documents are put into another
 * order, in so many rounds at most, which makes the index smaller; results stay the same. Readers
 * go on with what they have open. `done` may be NULL. After KWIC_E_INTERRUPTED (`stop`), KWIC_E_IO
 * (the disk is full), KWIC_E_MEMORY or KWIC_E_DAMAGED the index is as it was; KWIC_E_USAGE if it is
 * not of kwic's own format. */
KWIC_API enum kwic_status kwic_writer_optimize(struct kwic_writer *writer, uint32_t effort,
                                               struct kwic_optimized *done,
                                               struct kwic_error *error);

KWIC_API void kwic_writer_summary(const struct kwic_writer *writer, struct kwic_summary *summary);

/* ---- Repair -------------------------------------------------------------------------------- */

enum kwic_repair_event {
    KWIC_REPAIR_DAMAGE,   /* a problem, as kwic_check reports it: of no document */
    KWIC_REPAIR_NOTE,     /* something else to know: of no document */
    KWIC_REPAIR_RESTORED, /* a document, from what is stored of it, all of which holds */
    KWIC_REPAIR_READ,     /* a document, again from its file */
    KWIC_REPAIR_DOUBTFUL, /* one that is in the index and may have been deleted */
    KWIC_REPAIR_LOST,     /* a document */
};

struct kwic_repair_options {
    struct kwic_index_options index; /* no_sync, wait, stop, warn, progress and context count */
    bool dry_run;                    /* do all but the commit */
    const char *keep;                /* a folder for copies of damaged files; NULL: none */
    void (*tell)(void *context, enum kwic_repair_event event, struct kwic_text id,
                 const char *what); /* a line without the id; may be NULL */
};

struct kwic_repaired {
    uint64_t problems;                       /* 0: the index is whole, and nothing was done */
    uint64_t restored, read, doubtful, lost; /* documents */
    uint64_t unnamed;                        /* of those lost: no id is known */
};

/* Mends an index in one commit: drops what does not hold, and puts documents back from what is
 * stored of them, else from their files. `options` and `done` may be NULL. KWIC_OK also if some are
 * lost; on failure the index is as it was. Errors as kwic_writer_new_existing, but KWIC_E_DAMAGED
 * only if the manifest is; KWIC_E_INTERRUPTED; KWIC_E_USAGE if it is not of kwic's own format. */
KWIC_API enum kwic_status kwic_repair(const char *where, const struct kwic_repair_options *options,
                                      struct kwic_repaired *done, struct kwic_error *error);

#ifdef __cplusplus
}
#endif

#endif
