/* Plans as queries that Xapian's own matcher answers, with weights that no score exceeds. */
#ifndef KW_XAPIAN_WEIGHING_H
#define KW_XAPIAN_WEIGHING_H

#include "xapian/reader.h"

struct kw_weighing {
    struct xc_query *query;
    bool whole;    /* it matches what the plan matches; else all of this means nothing */
    bool exact;    /* the weights are the scores, but for their last bits */
    double beyond; /* a score is at most this greater than the weight */
    double k1;     /* of Xapian's BM25Weight; its k2 is 0 */
    double k3;
    double b;
    double least; /* its min_normlen */
};

/* Makes the bounds of a plan, which has a root. Release them whatever it returns. Not `whole`: what
 * has no exact expression in Xapian's operators and BM25Weight, that is all but words of one term
 * in the text, patterns that fit one, whole keywords, and groups but for some of several that must
 * match; and databases of other programs, unless the plan has parity. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_weighing_init(struct kw_weighing *bounds, struct kw_xapian *xapian,
                                const struct kw_plan *plan, const struct kw_statistics *statistics,
                                struct kw_error *error);
void kw_weighing_release(struct kw_weighing *bounds);

/* Searches by them: `mset` is the `most` heaviest documents, the heaviest first, and in it are
 * their ids as keys, and exactly how many match. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_weighing_search(const struct kw_weighing *weighing, struct kw_xapian *xapian,
                                  uint32_t most, struct xc_mset *mset, struct kw_error *error);

#endif
