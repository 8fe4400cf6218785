/* What an engine must do: the door behind which the native index and Xapian databases stand.
 *
 * A search over several engines is ranked as one: first each adds its statistics, then each
 * searches under the sum of them. Documents are numbered by the engine as it likes, in 64 bits. */
#ifndef KW_ENGINE_ENGINE_H
#define KW_ENGINE_ENGINE_H

#include "engine/foreign.h"
#include "index/pattern.h"
#include "index/record.h"
#include "index/sources.h"
#include "query/plan.h"
#include "rank/matches.h"
#include "rank/search.h"
#include "stemmers/analyzer.h"

struct kw_engine;

/* A term that a pattern accepts. */
struct kw_found_term {
    struct kw_view bytes;
    uint64_t documents; /* live ones that hold it */
};

struct kw_found_terms {
    struct kw_found_term *items;
    size_t count;
    size_t capacity;
    struct kw_arena arena; /* the bytes */
    uint64_t looked_at;    /* terms, also those that the pattern did not accept */
};

/* Adds a term, of which the bytes are copied. For engines. KW_E_MEMORY. */
enum kw_status kw_found_terms_add(struct kw_found_terms *found, struct kw_view bytes,
                                  uint64_t documents, struct kw_error *error);

/* A term as a stream of them gives it; live documents alone count. */
struct kw_stream_term {
    struct kw_view bytes;
    uint64_t documents;
    uint64_t occurrences;
};

struct kw_term_stream;

struct kw_term_stream_ops {
    void (*free)(struct kw_term_stream *stream);
    /* The next term in byte order that a live document holds, each once; its bytes are valid until
     * the next call. KW_END: there is none. KW_E_DAMAGED, KW_E_IO, KW_E_MEMORY. */
    enum kw_status (*next)(struct kw_term_stream *stream, struct kw_stream_term *term,
                           struct kw_error *error);
};

/* The sorted terms of a field, one after the other. */
struct kw_term_stream {
    const struct kw_term_stream_ops *ops;
};

/* A field that an index has: of which it knows the type, or has searched words, or both. */
struct kw_engine_field {
    struct kw_view name; /* valid as long as the engine */
    bool typed;
    enum kw_value_type type; /* of a typed one; of any other the words are searched */
    bool asked;              /* for the type; else the field's first value settled it */
};

/* What is in an index, in numbers. What an engine has not is 0. */
struct kw_figures {
    uint64_t documents;  /* live ones */
    uint64_t deleted;    /* whose space is not yet reclaimed */
    uint64_t words;      /* of live documents, titles included */
    uint64_t terms;      /* distinct surface terms of the text, summed over segments */
    uint64_t stems;      /* distinct stems of the text, likewise */
    uint64_t cut_terms;  /* that were too long: their first bytes and a hash */
    uint64_t passages;   /* deleted documents' included */
    uint64_t text_bytes; /* of stored text before compression, deleted documents' included */
    uint64_t segments;
    uint64_t commit; /* its number, from 1 */
    uint32_t format; /* version of kwic's own format */
    char schema[16]; /* the program's that made the index, by name; empty: kwic's own */
};

/* How much the lexicons and lists of an index hold, deleted documents counted, summed over
 * segments.
 */
struct kw_counts {
    uint64_t terms;     /* surface terms and stems of all fields */
    uint64_t postings;  /* in lists of their own: of terms and pairs of words */
    uint64_t positions; /* of these terms */
    uint64_t inlined;   /* postings that lie with their term or pair */
};

/* How an index is read that is on other machines, or another program's; our own has no use for it.
 */
struct kw_reader_options {
    unsigned timeout; /* milliseconds that a server may take to answer */
    bool partial;     /* parts whose server does not answer are left out, unless they are all
                         and there is nothing beside them */
    const struct kw_foreign_options *foreign; /* how what other programs made is read; NULL: not at
                                                 all */
};

#define KW_READER_OPTIONS_INIT                                                                     \
    {                                                                                              \
        30000, false, NULL                                                                         \
    }

enum { KW_ENGINE_TRIES = 5 }; /* to read what is written to meanwhile, beyond the first */

struct kw_engine_ops {
    void (*free)(struct kw_engine *engine);

    /* ---- Changes under a reader ---- */

    /* Whether what failed last did so because a writer had changed the index under it: *renewed.
     * Then the index is open anew, as it is now, and whatever began before begins again: documents
     * may have other numbers, and only names, paths and languages that were handed out stay valid.
     * `tries` is how often that has happened to the work at hand: KW_E_IO from KW_ENGINE_TRIES on,
     * then too if it cannot be opened anew, or KW_E_VERSION if it was made anew in another way.
     * Under the option `partial` all of it can be left out unless it is `alone`. Never of a
     * snapshot. */
    enum kw_status (*renew)(struct kw_engine *engine, unsigned tries, bool alone, bool *renewed,
                            struct kw_error *error);

    /* Holds `count` documents that match the plan, or without one (NULL) any: *out is an engine,
     * the caller's, in which they have the same numbers, whatever becomes of the index. Of the ops
     * it has free, record, words, value (of a file's own values), and as far as `passages` asks for
     * them borders, text and, with a plan, matches; with a plan judge too, for that plan, which has
     * to live as long. *out is NULL if the documents stay as they are without that. */
    enum kw_status (*hold)(struct kw_engine *engine, const struct kw_plan *plan,
                           const uint64_t *documents, size_t count, bool passages,
                           struct kw_engine **out, struct kw_error *error);

    /* ---- The index as a whole ---- */

    /* How its texts were analysed. */
    void (*settings)(struct kw_engine *engine, struct kw_analysis *settings);

    /* The next language that documents have stems of: *at is 0 before the first, and the engine's
     * own from then on. *name is valid as long as the engine; one may come again. KW_END: there is
     * none. KW_E_DAMAGED, also of one that is KW_LANGUAGE_SIZE bytes or longer; KW_E_IO. */
    enum kw_status (*language)(struct kw_engine *engine, uint64_t *at, struct kw_view *name,
                               struct kw_error *error);

    /* The next field, in the same way; the title is none. One may come again. */
    enum kw_status (*field)(struct kw_engine *engine, uint64_t *at, struct kw_engine_field *field,
                            struct kw_error *error);

    /* The directory, absolute, that its paths of files are relative to; and the folder, absolute,
     * that its own files lie in, NULL if that is on another machine, or there is none such. Valid
     * as long as the engine. */
    const char *(*base)(struct kw_engine *engine);
    const char *(*folder)(struct kw_engine *engine);

    /* What is known of its sources: *sources, NULL if that is nothing, valid as long as the engine.
     * KW_E_IO, KW_E_DAMAGED, KW_E_MEMORY. */
    enum kw_status (*sources)(struct kw_engine *engine, struct kw_sources **sources,
                              struct kw_error *error);

    /* Fills *figures. Costs a moment, however many documents there are. KW_E_DAMAGED, KW_E_IO. */
    enum kw_status (*figures)(struct kw_engine *engine, struct kw_figures *figures,
                              struct kw_error *error);

    /* Hands out what its files hold: names of kinds, up to 31 bytes, some perhaps several times,
     * with bytes, which add up to those of all its files. KW_E_MEMORY, KW_E_IO. */
    enum kw_status (*sizes)(struct kw_engine *engine,
                            void (*take)(void *context, const char *kind, uint64_t bytes),
                            void *context, struct kw_error *error);

    /* Fills *counts; reads all of the lexicon. NULL: the engine cannot tell. KW_E_DAMAGED,
     * KW_E_MEMORY. */
    enum kw_status (*counts)(struct kw_engine *engine, struct kw_counts *counts,
                             struct kw_error *error);

    /* Begins the stream of the terms of `field` (empty: the text) that begin with `begin`: stems of
     * `language`, or surface terms if that is NULL. None of a field that is not there. *out is the
     * caller's, to be freed before the engine; NULL on failure. KW_E_DAMAGED, KW_E_IO, KW_E_MEMORY.
     */
    enum kw_status (*terms)(struct kw_engine *engine, struct kw_term_stream **out,
                            struct kw_view field, struct kw_view begin, const char *language,
                            struct kw_error *error);

    /* ---- Searching ---- */

    /* Adds the surface terms of `field` that `pattern` accepts, in any order; a term may be added
     * in parts. */
    enum kw_status (*expand)(struct kw_engine *engine, struct kw_view field,
                             const struct kw_pattern *pattern, struct kw_found_terms *found,
                             struct kw_error *error);

    /* Adds this engine's figures for the plan to `statistics` (kw_statistics_init made it for the
     * plan). */
    enum kw_status (*statistics)(struct kw_engine *engine, const struct kw_plan *plan,
                                 struct kw_statistics *statistics, struct kw_error *error);

    /* Adds the best documents to `top` and the exact number of matches to *matches, and counts
     * their values in `facets` (may be NULL). If `top` is uncounted and there are no facets, the
     * number can be less, but not less than that of the documents kept. */
    enum kw_status (*search)(struct kw_engine *engine, const struct kw_plan *plan,
                             const struct kw_statistics *statistics, struct kw_top *top,
                             uint64_t *matches, struct kw_facets *facets, struct kw_error *error);

    /* Whether a live document matches the plan, and of what its score is the sum, in this order:
     * `parts`, zeroed, one a leaf and behind them one an addition; or NULL if that is not asked
     * for; then `statistics` need no figures. Counts as work of `statistics`, which may have a NULL
     * for it. */
    enum kw_status (*judge)(struct kw_engine *engine, const struct kw_plan *plan,
                            const struct kw_statistics *statistics, uint64_t document,
                            bool *matched, struct kw_part *parts, struct kw_error *error);

    /* Orders two documents by the bytes of their ids: < 0, 0, > 0. */
    int (*order)(struct kw_engine *engine, uint64_t a, uint64_t b);

    /* KW_OK, or what was found damaged or changed so far. Ordering cannot fail: whoever has ordered
     * documents asks here whether the order holds. */
    enum kw_status (*status)(struct kw_engine *engine, struct kw_error *error);

    /* Why part `number`, from 0, of those that were left out was, a line valid as long as the
     * engine; NULL: there are no more. A part may be lost in any call. */
    const char *(*lost)(struct kw_engine *engine, size_t number);

    /* ---- Documents ---- */

    /* What is stored of a document. Valid as long as the engine, or until its next call of record.
     */
    enum kw_status (*record)(struct kw_engine *engine, uint64_t document, struct kw_record *record,
                             struct kw_error *error);

    /* The words of a document's title and text: what BM25 takes as its length. */
    enum kw_status (*words)(struct kw_engine *engine, uint64_t document, uint64_t *words,
                            struct kw_error *error);

    /* Appends a value of a document's column `name` to `out`, as text (kw_key_format), the least
     * one for `number` 0, the next for 1, and tells its type: KW_OK, KW_E_NOT_FOUND (nothing
     * recorded in error) if there are no more. */
    enum kw_status (*value)(struct kw_engine *engine, uint64_t document, struct kw_view name,
                            uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                            struct kw_error *error);

    /* The passage borders of a document: *borders is malloc'ed for the caller,
     * record->passage_count of them. */
    enum kw_status (*borders)(struct kw_engine *engine, uint64_t document,
                              struct kw_border **borders, struct kw_error *error);

    /* Where the plan's leaves matched in a document that matches: appends to `matches`, sorted.
     * Leaves of other fields than the text, negated ones, and those under groups that do not match
     * it are left out. `statistics` are those of the search. */
    enum kw_status (*matches)(struct kw_engine *engine, const struct kw_plan *plan,
                              const struct kw_statistics *statistics, uint64_t document,
                              struct kw_matches *matches, struct kw_error *error);

    /* Appends the text of `count` passages of a document from its `first` (from 0) on. */
    enum kw_status (*text)(struct kw_engine *engine, uint64_t document, uint64_t first,
                           uint64_t count, struct kw_bytes *out, struct kw_error *error);

    /* The live document with this id: KW_OK, KW_E_NOT_FOUND (nothing recorded in error). */
    enum kw_status (*find)(struct kw_engine *engine, struct kw_view id, uint64_t *document,
                           struct kw_error *error);
};

struct kw_engine {
    const struct kw_engine_ops *ops;
    bool gone; /* all of it was left out (renew): it has no documents */
};

#endif
