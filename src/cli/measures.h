/* Measures of a ranking against judgements of relevance, as trec_eval defines them (Buckley &
 * Voorhees, "Retrieval System Evaluation", in TREC: Experiment and Evaluation in Information
 * Retrieval, 2005; nDCG: Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
 * 2002, with the discount log2(rank + 1)). */
#ifndef KW_CLI_MEASURES_H
#define KW_CLI_MEASURES_H

#include <stddef.h>

enum kw_measure {
    KW_MAP,        /* average precision over the whole ranking */
    KW_NDCG_10,    /* of the first ten; the gain is the grade itself */
    KW_P_10,       /* relevant among the first ten, divided by 10 */
    KW_RECALL_100, /* share of the relevant that is among the first hundred */
    KW_MRR,        /* 1 / rank of the first relevant one */
    KW_MEASURES,
};

/* How many of `count` grades are relevant: above 0. */
size_t kw_relevant(const int *grades, size_t count);

/* Fills `values` for one query. `ranking` holds the grades of the documents found, best first, 0
 * for one that is not judged; `judged` the grades of all documents that are, in any order, at least
 * one of them above 0. All values are from 0 to 1. */
void kw_measure(const int *ranking, size_t count, const int *judged, size_t judged_count,
                double values[KW_MEASURES]);

#endif
