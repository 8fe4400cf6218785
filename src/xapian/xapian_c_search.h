/* A part of xapian_c.h, which includes it: how to rank and sort, searching, and results. */
#ifndef XAPIAN_C_SEARCH_H
#define XAPIAN_C_SEARCH_H

#include "xapian_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Spies, keys, relevant documents ------------------------------------------------------ */

/* Counts nothing. */
XC_API struct xc_spy *xc_spy_new(void) XC_NOEXCEPT;
XC_API void xc_spy_free(struct xc_spy *spy) XC_NOEXCEPT;
XC_API const struct xc_error *xc_spy_error(const struct xc_spy *spy) XC_NOEXCEPT;
/* Makes it count the values of a slot, from 0, in all searches that it is then added to. */
XC_API enum xc_status xc_spy_set_values(struct xc_spy *spy, uint32_t slot) XC_NOEXCEPT;
/* Makes it call `see` for each document that is looked at. Local databases only:
 * XC_E_UNIMPLEMENTED. */
XC_API enum xc_status xc_spy_set_call(struct xc_spy *spy,
                                      int (*see)(void *data, struct xc_document *document,
                                                 double weight),
                                      void *data) XC_NOEXCEPT;
/* How many documents it saw; 0 where it calls. */
XC_API uint64_t xc_spy_total(const struct xc_spy *spy) XC_NOEXCEPT;
/* The values that were counted, sorted, with their frequency. XC_E_INVALID_OPERATION: it counts no
 * values. */
XC_API enum xc_status xc_spy_values(struct xc_spy *spy, struct xc_terms *values) XC_NOEXCEPT;
/* The `most` most frequent ones, that first. */
XC_API enum xc_status xc_spy_top(struct xc_spy *spy, size_t most,
                                 struct xc_terms *values) XC_NOEXCEPT;

/* Makes empty keys. */
XC_API struct xc_keys *xc_keys_new(void) XC_NOEXCEPT;
XC_API void xc_keys_free(struct xc_keys *keys) XC_NOEXCEPT;
XC_API const struct xc_error *xc_keys_error(const struct xc_keys *keys) XC_NOEXCEPT;
/* Appends the value of a slot, `other` if it is empty, to the keys; descending if `reverse`. */
XC_API enum xc_status xc_keys_add_value(struct xc_keys *keys, uint32_t slot, bool reverse,
                                        struct xc_text other) XC_NOEXCEPT;
/* Makes the keys by a call instead; `*key` has to live until the next call. Local databases only:
 * XC_E_UNIMPLEMENTED. */
XC_API enum xc_status xc_keys_set_call(struct xc_keys *keys,
                                       int (*make)(void *data, struct xc_document *document,
                                                   struct xc_text *key),
                                       void *data) XC_NOEXCEPT;

/* No documents. */
XC_API struct xc_rset *xc_rset_new(void) XC_NOEXCEPT;
XC_API void xc_rset_free(struct xc_rset *rset) XC_NOEXCEPT;
XC_API const struct xc_error *xc_rset_error(const struct xc_rset *rset) XC_NOEXCEPT;
/* Marks a document, or takes the mark off. XC_E_INVALID_ARGUMENT: docid 0. */
XC_API enum xc_status xc_rset_add(struct xc_rset *rset, uint32_t docid) XC_NOEXCEPT;
XC_API enum xc_status xc_rset_remove(struct xc_rset *rset, uint32_t docid) XC_NOEXCEPT;
/* Whether a document is marked, and how many are. */
XC_API enum xc_status xc_rset_contains(struct xc_rset *rset, uint32_t docid,
                                       bool *contains) XC_NOEXCEPT;
XC_API enum xc_status xc_rset_size(struct xc_rset *rset, uint32_t *size) XC_NOEXCEPT;

/* ---- How to rank and sort ----------------------------------------------------------------- */

/* Without a database: all else is XC_E_INVALID_OPERATION. */
XC_API struct xc_enquire *xc_enquire_new(void) XC_NOEXCEPT;
XC_API void xc_enquire_free(struct xc_enquire *enquire) XC_NOEXCEPT;
XC_API const struct xc_error *xc_enquire_error(const struct xc_enquire *enquire) XC_NOEXCEPT;
/* Starts afresh over a database, with all settings as Xapian has them: BM25, by relevance. */
XC_API enum xc_status xc_enquire_start(struct xc_enquire *enquire,
                                       const struct xc_database *database) XC_NOEXCEPT;
/* What to search for. `length`: of the query, for weights that use it; 0: xc_query_length(). */
XC_API enum xc_status xc_enquire_set_query(struct xc_enquire *enquire, const struct xc_query *query,
                                           uint32_t length) XC_NOEXCEPT;
/* Gives that query. */
XC_API enum xc_status xc_enquire_query(struct xc_enquire *enquire,
                                       struct xc_query *query) XC_NOEXCEPT;

/* Weights, with Xapian's defaults named in brackets. XC_E_INVALID_ARGUMENT: out of range. */
/* k1 [1], k2 [0], k3 [1], b [0.5] in 0 … 1, min_normlen [0.5]. */
XC_API enum xc_status xc_enquire_weight_bm25(struct xc_enquire *enquire, double k1, double k2,
                                             double k3, double b, double min_normlen) XC_NOEXCEPT;
/* The same and delta [1]. */
XC_API enum xc_status xc_enquire_weight_bm25_plus(struct xc_enquire *enquire, double k1, double k2,
                                                  double k3, double b, double min_normlen,
                                                  double delta) XC_NOEXCEPT;
/* No weights. */
XC_API enum xc_status xc_enquire_weight_bool(struct xc_enquire *enquire) XC_NOEXCEPT;
/* How many terms of the query match. */
XC_API enum xc_status xc_enquire_weight_coord(struct xc_enquire *enquire) XC_NOEXCEPT;
/* k [1]. */
XC_API enum xc_status xc_enquire_weight_trad(struct xc_enquire *enquire, double k) XC_NOEXCEPT;
/* Three letters [ntn], for wdf, idf and the weight. */
XC_API enum xc_status xc_enquire_weight_tfidf(struct xc_enquire *enquire,
                                              const char *letters) XC_NOEXCEPT;
/* Divergence from randomness: c [1] above 0; delta [0.8] above 0. */
XC_API enum xc_status xc_enquire_weight_bb2(struct xc_enquire *enquire, double c) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_weight_dlh(struct xc_enquire *enquire) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_weight_dph(struct xc_enquire *enquire) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_weight_ifb2(struct xc_enquire *enquire, double c) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_weight_ineb2(struct xc_enquire *enquire, double c) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_weight_inl2(struct xc_enquire *enquire, double c) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_weight_pl2(struct xc_enquire *enquire, double c) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_weight_pl2_plus(struct xc_enquire *enquire, double c,
                                                 double delta) XC_NOEXCEPT;

enum xc_smoothing {
    XC_SMOOTHING_TWO_STAGE = 1,
    XC_SMOOTHING_DIRICHLET = 2,
    XC_SMOOTHING_ABSOLUTE_DISCOUNT = 3,
    XC_SMOOTHING_JELINEK_MERCER = 4,
    XC_SMOOTHING_DIRICHLET_PLUS = 5,
};

/* Language models: log [0], smoothing [two stages], its two parameters [-1: what suits it]. */
XC_API enum xc_status xc_enquire_weight_lm(struct xc_enquire *enquire, double log,
                                           enum xc_smoothing smoothing, double parameter1,
                                           double parameter2) XC_NOEXCEPT;
/* How xc_enquire_expand() weighs: "trad" or "bo1"; k of "trad" [1]. */
XC_API enum xc_status xc_enquire_set_expansion(struct xc_enquire *enquire, const char *scheme,
                                               double k) XC_NOEXCEPT;

enum xc_docid_order {
    XC_DOCID_DESCENDING = 0,
    XC_DOCID_ASCENDING = 1,
    XC_DOCID_ANY = 2,
};

/* The order of documents that are equal otherwise. */
XC_API enum xc_status xc_enquire_set_docid_order(struct xc_enquire *enquire,
                                                 enum xc_docid_order order) XC_NOEXCEPT;
/* Keeps `most` documents of each value in the slot; 0: all. */
XC_API enum xc_status xc_enquire_set_collapse(struct xc_enquire *enquire, uint32_t slot,
                                              uint32_t most) XC_NOEXCEPT;
/* Drops what has less than `percent` of the best, or than `weight`. */
XC_API enum xc_status xc_enquire_set_cutoff(struct xc_enquire *enquire, int percent,
                                            double weight) XC_NOEXCEPT;
/* From then on a search looks at no more than it has to; 0: it may take as long as it likes. */
XC_API enum xc_status xc_enquire_set_time_limit(struct xc_enquire *enquire,
                                                double seconds) XC_NOEXCEPT;
/* The best first. */
XC_API enum xc_status xc_enquire_sort_by_relevance(struct xc_enquire *enquire) XC_NOEXCEPT;
/* By the bytes of the value in a slot, the greatest first if `reverse`. */
XC_API enum xc_status xc_enquire_sort_by_value(struct xc_enquire *enquire, uint32_t slot,
                                               bool reverse) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_sort_by_value_then_relevance(struct xc_enquire *enquire,
                                                              uint32_t slot,
                                                              bool reverse) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_sort_by_relevance_then_value(struct xc_enquire *enquire,
                                                              uint32_t slot,
                                                              bool reverse) XC_NOEXCEPT;
/* By keys as they are made now; the handle may then be changed or freed. */
XC_API enum xc_status xc_enquire_sort_by_keys(struct xc_enquire *enquire,
                                              const struct xc_keys *keys, bool reverse) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_sort_by_keys_then_relevance(struct xc_enquire *enquire,
                                                             const struct xc_keys *keys,
                                                             bool reverse) XC_NOEXCEPT;
XC_API enum xc_status xc_enquire_sort_by_relevance_then_keys(struct xc_enquire *enquire,
                                                             const struct xc_keys *keys,
                                                             bool reverse) XC_NOEXCEPT;
/* Shows every document that a search looks at to a spy. */
XC_API enum xc_status xc_enquire_add_spy(struct xc_enquire *enquire,
                                         const struct xc_spy *spy) XC_NOEXCEPT;
/* Lets all spies go. */
XC_API enum xc_status xc_enquire_clear_spies(struct xc_enquire *enquire) XC_NOEXCEPT;
/* For a programmer to read. */
XC_API enum xc_status xc_enquire_describe(struct xc_enquire *enquire,
                                          struct xc_text *text) XC_NOEXCEPT;

/* ---- Searching ---------------------------------------------------------------------------- */

/* Says yes (positive) or no (0) to a document that matches. */
struct xc_decider {
    int (*accept)(void *data, struct xc_document *document);
    void *data;
};

/* Finds results `first` to `first + most - 1`. Counts are exact where at least `check_at_least`
 * documents are looked at. `rset` and `decider` may be NULL. XC_E_UNIMPLEMENTED: a decider over
 * a remote database; XC_E_DATABASE_MODIFIED: reopen, start, and repeat. */
XC_API enum xc_status xc_enquire_search(struct xc_enquire *enquire, uint32_t first, uint32_t most,
                                        uint32_t check_at_least, const struct xc_rset *rset,
                                        const struct xc_decider *decider,
                                        struct xc_mset *mset) XC_NOEXCEPT;
/* The terms of the query that match a document, in the order of the query. */
XC_API enum xc_status xc_enquire_matching_terms(struct xc_enquire *enquire, uint32_t docid,
                                                struct xc_terms *terms) XC_NOEXCEPT;

enum {
    XC_EXPAND_QUERY_TERMS = 1,     /* give terms of the query too */
    XC_EXPAND_EXACT_FREQUENCY = 2, /* over several shards */
};

/* The `most` terms of the documents in `rset` that tell them best from others, with a weight of at
 * least `weight_min`. `accept`, which may be NULL, says yes (positive) or no (0) to a term. */
XC_API enum xc_status xc_enquire_expand(struct xc_enquire *enquire, uint32_t most,
                                        const struct xc_rset *rset, int flags,
                                        int (*accept)(void *data, struct xc_text term), void *data,
                                        double weight_min, struct xc_eset *eset) XC_NOEXCEPT;

/* ---- Results ------------------------------------------------------------------------------ */

struct xc_match_counts {
    uint32_t matches_min; /* how many documents match, after collapsing */
    uint32_t matches_likely;
    uint32_t matches_max;
    uint32_t uncollapsed_min; /* and before */
    uint32_t uncollapsed_likely;
    uint32_t uncollapsed_max;
    double weight_possible; /* that no document can exceed */
    double weight_attained; /* of the best match */
};

struct xc_item {
    uint32_t docid;
    uint32_t rank;      /* from 0, over all pages */
    uint32_t collapsed; /* documents that it stands for besides itself, at least */
    int percent;        /* of the best possible match, 0 … 100 */
    double weight;
};

/* No results. */
XC_API struct xc_mset *xc_mset_new(void) XC_NOEXCEPT;
XC_API void xc_mset_free(struct xc_mset *mset) XC_NOEXCEPT;
XC_API const struct xc_error *xc_mset_error(const struct xc_mset *mset) XC_NOEXCEPT;
/* How many results are on this page. */
XC_API uint32_t xc_mset_size(const struct xc_mset *mset) XC_NOEXCEPT;
/* Gives the counts and bounds. */
XC_API enum xc_status xc_mset_counts(struct xc_mset *mset,
                                     struct xc_match_counts *counts) XC_NOEXCEPT;
/* Writes `count` items from number `first` of this page. Here and below XC_E_INVALID_ARGUMENT: not
 * all are below the size. */
XC_API enum xc_status xc_mset_items(struct xc_mset *mset, uint32_t first, uint32_t count,
                                    struct xc_item *items) XC_NOEXCEPT;
/* The document of an item, from 0 on this page. */
XC_API enum xc_status xc_mset_document(struct xc_mset *mset, uint32_t number,
                                       struct xc_document *document) XC_NOEXCEPT;
/* Has the documents of all items read ahead, for xc_mset_document. */
XC_API enum xc_status xc_mset_fetch(struct xc_mset *mset) XC_NOEXCEPT;
/* The value or key that an item was collapsed or sorted by. */
XC_API enum xc_status xc_mset_collapse_key(struct xc_mset *mset, uint32_t number,
                                           struct xc_text *key) XC_NOEXCEPT;
XC_API enum xc_status xc_mset_sort_key(struct xc_mset *mset, uint32_t number,
                                       struct xc_text *key) XC_NOEXCEPT;
/* The percentage of a weight. */
XC_API enum xc_status xc_mset_percent(struct xc_mset *mset, double weight,
                                      int *percent) XC_NOEXCEPT;
/* How many documents have the term, over all shards; it need not be one of the query. */
XC_API enum xc_status xc_mset_term_frequency(struct xc_mset *mset, struct xc_text term,
                                             uint32_t *frequency) XC_NOEXCEPT;
/* The most that a term can add to a weight; 0 if it is not of the query. */
XC_API enum xc_status xc_mset_term_weight(struct xc_mset *mset, struct xc_text term,
                                          double *weight) XC_NOEXCEPT;

enum {
    XC_SNIPPET_BACKGROUND_MODEL = 1,
    XC_SNIPPET_EXHAUSTIVE = 2,
    XC_SNIPPET_EMPTY_WITHOUT_MATCH = 4,
    XC_SNIPPET_CJK_NGRAM = 2048,
};

/* How a snippet is cut and marked. */
struct xc_snippet_options {
    size_t size;          /* bytes, about; 500 is usual */
    const char *language; /* of the stemmer, such as "english"; "" or NULL: none */
    unsigned flags;
    struct xc_text start; /* before and after a match, and where text was left out */
    struct xc_text end;
    struct xc_text omit;
};

/* A part of `text` around what the query matches, escaped for HTML. `options` NULL: 500 bytes, no
 * stemmer, the first two flags, <b>, </b>, "...". XC_E_INVALID_ARGUMENT: no such language. */
XC_API enum xc_status xc_mset_snippet(struct xc_mset *mset, struct xc_text text,
                                      const struct xc_snippet_options *options,
                                      struct xc_text *snippet) XC_NOEXCEPT;
/* For a programmer to read. */
XC_API enum xc_status xc_mset_describe(struct xc_mset *mset, struct xc_text *text) XC_NOEXCEPT;

/* No terms. */
XC_API struct xc_eset *xc_eset_new(void) XC_NOEXCEPT;
XC_API void xc_eset_free(struct xc_eset *eset) XC_NOEXCEPT;
XC_API const struct xc_error *xc_eset_error(const struct xc_eset *eset) XC_NOEXCEPT;
/* How many terms are in it. */
XC_API uint32_t xc_eset_size(const struct xc_eset *eset) XC_NOEXCEPT;
/* How many terms there were to choose from, at most. */
XC_API enum xc_status xc_eset_bound(struct xc_eset *eset, uint32_t *bound) XC_NOEXCEPT;
/* A term and its weight; the best is number 0. XC_E_INVALID_ARGUMENT: it is not below the size. */
XC_API enum xc_status xc_eset_item(struct xc_eset *eset, uint32_t number, struct xc_text *term,
                                   double *weight) XC_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
