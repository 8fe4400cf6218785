/* Candidates: the documents of a Xapian database that a plan can match, found by Xapian alone. */
#ifndef KW_XAPIAN_CANDIDATES_H
#define KW_XAPIAN_CANDIDATES_H

#include "xapian/reader.h"

enum { KW_XAPIAN_PAGE = 1 << 20 }; /* candidates asked for at once */

/* Makes `query` one that matches every document that the plan, which has a root, matches, and few
 * others. KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_xapian_superset(struct kw_xapian *xapian, const struct kw_plan *plan,
                                  struct xc_query *query, struct kw_error *error);

/* Makes `query` one that matches the documents that hold any of a leaf's terms; a word's or an
 * expansion's. */
enum kw_status kw_xapian_any_term(struct kw_xapian *xapian, const struct kw_plan *plan,
                                  const struct kw_leaf *leaf, struct xc_query *query,
                                  struct kw_error *error);

/* Makes `query` one that matches the documents with any of `count` ids, and perhaps others. */
enum kw_status kw_xapian_any_id(struct kw_xapian *xapian, const struct kw_view *ids, uint32_t count,
                                struct xc_query *query, struct kw_error *error);

/* Fills `mset` with matches of the query from number `first` on, by docid, KW_XAPIAN_PAGE at most.
 */
enum kw_status kw_xapian_page(struct kw_xapian *xapian, const struct xc_query *query,
                              uint32_t first, struct xc_mset *mset, struct kw_error *error);

/* Fills `mset` with no match, but with the frequencies of the query's terms. */
enum kw_status kw_xapian_ask(struct kw_xapian *xapian, const struct xc_query *query,
                             struct xc_mset *mset, struct kw_error *error);

/* How many documents match the query, exactly. */
enum kw_status kw_xapian_count(struct kw_xapian *xapian, const struct xc_query *query,
                               uint64_t *count, struct kw_error *error);

/* Makes `query` an operator over the database's terms for some of a plan; nothing, if one is
 * missing that an operator but OR and SYNONYM needs. */
enum kw_status kw_xapian_join_terms(struct kw_xapian *xapian, struct xc_query *query,
                                    enum xc_operator op, const struct kw_query_term *terms,
                                    uint32_t count, uint32_t window, struct kw_error *error);

#endif
