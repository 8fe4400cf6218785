/* BM25, exactly as kwic-query(7) states it. Robertson & Zaragoza, "The Probabilistic Relevance
 * Framework: BM25 and Beyond", 2009; idf with the 1 + inside the logarithm, so that it is never
 * negative. For plans with parity the same with Xapian 1.4's idf and least length (its BM25Weight),
 * word by word of a phrase or NEAR. */
#ifndef KW_RANK_BM25_H
#define KW_RANK_BM25_H

#include "query/plan.h"
#include "rank/term.h"
#include "rank/union.h"

/* The figures of one leaf over all segments and engines searched; deleted documents are not
 * counted. */
struct kw_leaf_statistics {
    uint64_t field_documents; /* with at least one word in the leaf's field */
    uint64_t field_length;    /* words in the field in all */
    uint64_t *frequencies;    /* documents that hold it: a word's or expansion's one figure is that
                                 of the union of its terms; a phrase has one a term; a NEAR or ANY
                                 those of its operands, in their order; a filter none */
    uint64_t *terms;          /* with parity, of a word of several terms or an expansion: documents
                                 that hold each of them, by which its one figure is estimated; else
                                 NULL */
};

/* What a person can set. */
struct kw_parameters {
    double k1; /* how fast repeated words of a document saturate, ≥ 0 */
    double b;  /* how much its length counts, 0..1 */
    double k3; /* how fast repeated words of the query saturate, ≥ 0 */
};

/* Of Xapian's BM25Weight as it is if nobody sets anything; its k2 is 0. */
#define KW_PARITY_PARAMETERS                                                                       \
    {                                                                                              \
        1, 0.5, 1                                                                                  \
    }
#define KW_PARITY_LEAST 0.5 /* min_normlen: shorter documents count as half of the average */

struct kw_statistics {
    uint64_t documents; /* N: live documents */
    uint64_t words;     /* of the texts of these */
    struct kw_parameters parameters;
    struct kw_leaf_statistics *leaves;    /* one a leaf of the plan */
    struct kw_leaf_statistics *additions; /* one an addition; nothing of a NEAR */
    struct kw_unions *unions;             /* of the plan's expansions; grow while it is searched */
    struct kw_term_memo *memo;            /* of the plan's terms, once they were counted */
    struct kw_work *work;                 /* of the search; its limit grows with these figures */
    struct kw_arena arena;
};

/* Zeroed figures for the plan. KW_E_MEMORY. */
enum kw_status kw_statistics_init(struct kw_statistics *statistics, const struct kw_plan *plan,
                                  const struct kw_parameters *parameters, struct kw_error *error);
void kw_statistics_release(struct kw_statistics *statistics);

/* Once all engines have added theirs: estimates the figures of leaves that have `terms`.
 * KW_E_MEMORY.
 */
enum kw_status kw_statistics_settle(struct kw_statistics *statistics, const struct kw_plan *plan,
                                    struct kw_error *error);

/* How many terms a leaf's `terms` are, 0 for none. */
uint32_t kw_leaf_terms(const struct kw_plan *plan, const struct kw_leaf *leaf);

/* How many figures the leaf's `frequencies` are. */
uint32_t kw_leaf_figures(const struct kw_leaf *leaf);

/* A leaf's constants, ready to score: weight · tf / (tf + k1 · (1 − b + b · len / average)). */
struct kw_bm25 {
    double weight; /* boost · w(q) · idf · (k1 + 1), w(q) = (k3 + 1) · q / (k3 + q); with parity
                      w(q) = q, and nothing in a field */
    double fixed;  /* k1 · (1 − b) */
    double slope;  /* k1 · b / average */
    double average; /* words of a document in the field; 1 if there are none */
    double least;   /* len that counts of shorter ones */
};

struct kw_bm25 kw_bm25_of(double weight, double k1, double b, double average);

/* Not of a filter. */
struct kw_bm25 kw_bm25_leaf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                            uint32_t leaf);
/* With parity, of one of the leaf's figures. */
struct kw_bm25 kw_bm25_figure(const struct kw_statistics *statistics, const struct kw_plan *plan,
                              uint32_t leaf, uint32_t figure);
struct kw_bm25 kw_bm25_addition(const struct kw_statistics *statistics, const struct kw_plan *plan,
                                uint32_t addition);
/* The leaf's idf: that of a word, or the sum over those of which it is made. */
double kw_leaf_idf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                   uint32_t leaf);
/* The same of an addition. */
double kw_addition_idf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                       uint32_t addition);
/* ln(1 + (N − n + ½) / (n + ½)) for n of N documents; n > N is taken as N. */
double kw_bm25_idf(uint64_t documents, uint64_t frequency);
/* Xapian's for the same: ln(w), w = (N − n + ½) / (n + ½), or w/2 + 1 if that is below 2. */
double kw_parity_idf(uint64_t documents, uint64_t frequency);
/* `boost` · w(q) · `idf` · (k1 + 1): the weight of a kw_bm25. */
double kw_bm25_weight(double boost, uint32_t repeats, double idf,
                      const struct kw_parameters *parameters);
/* What a leaf or an addition adds to the score of a document. */
struct kw_part {
    uint32_t frequency; /* its matches there; 0: it adds nothing */
    double score;
};

/* What a score takes of the document: k1 · (1 − b + b · len / average). */
static inline double kw_bm25_norm(const struct kw_bm25 *bm25, uint32_t length)
{
    double counted = length;
    if (counted < bm25->least)
        counted = bm25->least;
    return bm25->fixed + bm25->slope * counted;
}

/* The score of a document of this norm that holds the leaf `frequency` (≥ 1) times. */
static inline double kw_bm25_normed(const struct kw_bm25 *bm25, uint32_t frequency, double norm)
{
    double tf = frequency;
    return bm25->weight * tf / (tf + norm);
}

/* The same of one that is `length` words long. */
static inline double kw_bm25_score(const struct kw_bm25 *bm25, uint32_t frequency, uint32_t length)
{
    return kw_bm25_normed(bm25, frequency, kw_bm25_norm(bm25, length));
}

#endif
