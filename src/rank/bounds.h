/* Bounds: what a posting can give a document, by its strength alone (kwic-format(5), Strengths).
 *
 * A strength was computed with constants of its own. Under those of a search, which depend on
 * what is asked and on all that is searched, tf / (tf + k') is a rising function of it between two
 * curves; how far these lie apart depends on the lengths of the field's documents. */
#ifndef KW_RANK_BOUNDS_H
#define KW_RANK_BOUNDS_H

#include "index/postings.h"
#include "rank/bm25.h"

struct kw_bounds {
    double weight;
    double most;  /* the greatest ratio of a strength's k to that of the search; may be infinite */
    double least; /* the least one */
};

/* Not for parity. `field` is that of the postings, in their segment. */
struct kw_bounds kw_bounds_of(const struct kw_bm25 *bm25, const struct kw_field_info *field);

/* given[c]: no posting of the code c, or of a lower one, gives more. 0 for the code 0, which none
 * has. */
void kw_bounds_fill(const struct kw_bounds *bounds, double given[KW_STRENGTH_CODES]);
/* Each posting of a higher code gives at least this. */
double kw_bounds_least(const struct kw_bounds *bounds, unsigned code);

#endif
