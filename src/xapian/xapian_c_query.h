/* A part of xapian_c.h, which includes it: queries. */
#ifndef XAPIAN_C_QUERY_H
#define XAPIAN_C_QUERY_H

#include "xapian_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Queries ------------------------------------------------------------------------------ */

/* What Xapian::Query::OP_* and LEAF_* are, by the same numbers. */
enum xc_operator {
    XC_OP_AND = 0,
    XC_OP_OR = 1,
    XC_OP_AND_NOT = 2,
    XC_OP_XOR = 3,
    XC_OP_AND_MAYBE = 4,
    XC_OP_FILTER = 5,
    XC_OP_NEAR = 6,
    XC_OP_PHRASE = 7,
    XC_OP_VALUE_RANGE = 8,
    XC_OP_SCALE_WEIGHT = 9,
    XC_OP_ELITE_SET = 10,
    XC_OP_VALUE_GE = 11,
    XC_OP_VALUE_LE = 12,
    XC_OP_SYNONYM = 13,
    XC_OP_MAX = 14,
    XC_OP_WILDCARD = 15,
    XC_OP_INVALID = 99, /* a wildcard's `combiner`: none is one */
    XC_LEAF_TERM = 100,
    XC_LEAF_SOURCE = 101,
    XC_LEAF_ALL = 102,
    XC_LEAF_NOTHING = 103,
};

/* What to do where a wildcard fits more terms than it may. */
enum xc_wildcard_limit {
    XC_WILDCARD_ERROR = 0, /* XC_E_WILDCARD from the search */
    XC_WILDCARD_FIRST = 1,
    XC_WILDCARD_MOST_FREQUENT = 2,
};

/* A query that matches nothing. Each _set_ makes the handle hold another query; parts are copied by
 * reference, so that a part may be changed or freed afterwards, and the handle itself be a part. */
XC_API struct xc_query *xc_query_new(void) XC_NOEXCEPT;
XC_API void xc_query_free(struct xc_query *query) XC_NOEXCEPT;
XC_API const struct xc_error *xc_query_error(const struct xc_query *query) XC_NOEXCEPT;
/* No documents, or all. */
XC_API enum xc_status xc_query_set_nothing(struct xc_query *query) XC_NOEXCEPT;
XC_API enum xc_status xc_query_set_all(struct xc_query *query) XC_NOEXCEPT;
/* What another handle holds. */
XC_API enum xc_status xc_query_set_copy(struct xc_query *query,
                                        const struct xc_query *other) XC_NOEXCEPT;
/* A term with its frequency in the query, 1 as a rule, and its position in it, or 0. */
XC_API enum xc_status xc_query_set_term(struct xc_query *query, struct xc_text term, uint32_t wqf,
                                        uint32_t position) XC_NOEXCEPT;
/* An operator over parts. `parameter`: the window of XC_OP_NEAR and XC_OP_PHRASE (0: the number of
 * parts), the size of the set of XC_OP_ELITE_SET (0: 10), else 0. No parts: nothing matches.
 * XC_E_INVALID_ARGUMENT: an operator that takes no parts. XC_E_UNIMPLEMENTED comes from the search:
 * NEAR or PHRASE over something else than terms and ORs of terms. */
XC_API enum xc_status xc_query_set_parts(struct xc_query *query, enum xc_operator op,
                                         const struct xc_query *const *parts, size_t count,
                                         uint32_t parameter) XC_NOEXCEPT;
/* The same over terms, with no handle each. */
XC_API enum xc_status xc_query_set_terms(struct xc_query *query, enum xc_operator op,
                                         const struct xc_text *terms, size_t count,
                                         uint32_t parameter) XC_NOEXCEPT;
/* XC_OP_SCALE_WEIGHT: `factor` ≥ 0 times the weights of `part`; 0 makes it a filter. */
XC_API enum xc_status xc_query_set_scaled(struct xc_query *query, const struct xc_query *part,
                                          double factor) XC_NOEXCEPT;
/* Documents whose value in the slot, as bytes, is in [first, last]. */
XC_API enum xc_status xc_query_set_value_range(struct xc_query *query, uint32_t slot,
                                               struct xc_text first,
                                               struct xc_text last) XC_NOEXCEPT;
/* The same with one end open. */
XC_API enum xc_status xc_query_set_value_at_least(struct xc_query *query, uint32_t slot,
                                                  struct xc_text first) XC_NOEXCEPT;
XC_API enum xc_status xc_query_set_value_at_most(struct xc_query *query, uint32_t slot,
                                                 struct xc_text last) XC_NOEXCEPT;
/* All terms that begin with `prefix`, at most `most` (0: any number), joined by `combiner`:
 * XC_OP_SYNONYM as a rule, XC_OP_OR or XC_OP_MAX. */
XC_API enum xc_status xc_query_set_wildcard(struct xc_query *query, struct xc_text prefix,
                                            uint32_t most, enum xc_wildcard_limit limit,
                                            enum xc_operator combiner) XC_NOEXCEPT;

/* All documents with the weight `weight`. */
XC_API enum xc_status xc_query_set_source_fixed(struct xc_query *query, double weight) XC_NOEXCEPT;
/* Documents with a value in the slot, which sortable_serialise() made: it is their weight. */
XC_API enum xc_status xc_query_set_source_value(struct xc_query *query, uint32_t slot) XC_NOEXCEPT;
/* The same where weights fall from docid `first` to `last`, or (0, 0) everywhere. */
XC_API enum xc_status xc_query_set_source_falling(struct xc_query *query, uint32_t slot,
                                                  uint32_t first, uint32_t last) XC_NOEXCEPT;
/* Documents with a value in the slot: `values[i]` weighs `weights[i]`, any other `other`. */
XC_API enum xc_status xc_query_set_source_map(struct xc_query *query, uint32_t slot,
                                              const struct xc_text *values, const double *weights,
                                              size_t count, double other) XC_NOEXCEPT;

/* Documents and weights of the caller's own. Local databases only: XC_E_UNIMPLEMENTED. */
struct xc_source_bounds {
    uint32_t documents_min; /* how many documents it will give in this shard */
    uint32_t documents_likely;
    uint32_t documents_max;
    double weight_max;
};

struct xc_source_calls {
    void *data; /* lives as long as any query that was made with it */
    /* Starts on one shard, whose docids it will give; `*run` is handed to the others. */
    int (*start)(void *data, struct xc_database *shard, struct xc_source_bounds *bounds,
                 void **run);
    /* The first document from `docid` on; it may leave out those of a weight below `weight_min`.
     * `*found` 0: there is none. */
    int (*seek)(void *run, uint32_t docid, double weight_min, uint32_t *found, double *weight);
    /* Ends a run, also one that failed; may be NULL. */
    void (*stop)(void *run);
};

/* What `calls` find; it is copied. */
XC_API enum xc_status xc_query_set_source(struct xc_query *query,
                                          const struct xc_source_calls *calls) XC_NOEXCEPT;

/* The operator at its root. */
XC_API enum xc_operator xc_query_operator(const struct xc_query *query) XC_NOEXCEPT;
/* Whether it matches nothing whatever the database, as far as can be told without one. */
XC_API bool xc_query_empty(const struct xc_query *query) XC_NOEXCEPT;
/* The sum of the wqf of its terms. */
XC_API uint32_t xc_query_length(const struct xc_query *query) XC_NOEXCEPT;
/* How many parts its operator has. */
XC_API size_t xc_query_part_count(const struct xc_query *query) XC_NOEXCEPT;
/* A part, from 0. XC_E_INVALID_ARGUMENT: `number` is not below the count. */
XC_API enum xc_status xc_query_part(struct xc_query *query, size_t number,
                                    struct xc_query *part) XC_NOEXCEPT;
/* Its terms, by position, each once at each; or each once, sorted, if `unique`. */
XC_API enum xc_status xc_query_terms(struct xc_query *query, bool unique,
                                     struct xc_terms *terms) XC_NOEXCEPT;
/* The query as bytes. XC_E_UNIMPLEMENTED: it holds a source of the caller's. */
XC_API enum xc_status xc_query_serialise(struct xc_query *query, struct xc_text *bytes) XC_NOEXCEPT;
/* The query of such bytes. They have to be those that xc_query_serialise() gave: XC_E_SERIALISATION
 * is what Xapian notices, but it does not notice all. */
XC_API enum xc_status xc_query_unserialise(struct xc_query *query,
                                           struct xc_text bytes) XC_NOEXCEPT;
/* For a programmer to read. */
XC_API enum xc_status xc_query_describe(struct xc_query *query, struct xc_text *text) XC_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
