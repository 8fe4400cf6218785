/* What a segment adds to the statistics of a search. */
#ifndef KW_RANK_STATISTICS_H
#define KW_RANK_STATISTICS_H

#include "index/postings.h"
#include "rank/bm25.h"

/* Adds a segment's figures for the plan to `statistics`. KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_rank_statistics(struct kw_segment *segment, const struct kw_plan *plan,
                                  struct kw_statistics *statistics, struct kw_error *error);

/* Live documents of the segment that hold the term. */
uint32_t kw_live_documents(struct kw_segment *segment, const struct kw_term *term);

#endif
