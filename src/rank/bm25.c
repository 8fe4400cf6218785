/* BM25: a leaf's constants from the statistics, and a document's score by them. */
#include "rank/bm25.h"

#include <math.h>

enum kw_status kw_statistics_init(struct kw_statistics *statistics, const struct kw_plan *plan,
                                  double k1, double b, struct kw_error *error)
{
    *statistics = (struct kw_statistics){.k1 = k1, .b = b, .arena = KW_ARENA_INIT};
    struct kw_arena *arena = &statistics->arena;
    statistics->leaves = kw_arena_alloc(arena, plan->leaf_count * sizeof *statistics->leaves);
    if (!statistics->leaves)
        goto no_memory;
    for (uint32_t i = 0; i < plan->leaf_count; i++) {
        const struct kw_leaf *leaf = &plan->leaves[i];
        size_t count = leaf->kind == KW_LEAF_PHRASE ? leaf->term_count : 1;
        statistics->leaves[i].frequencies = kw_arena_alloc(arena, count * sizeof(uint64_t));
        if (!statistics->leaves[i].frequencies)
            goto no_memory;
    }
    return KW_OK;
no_memory:
    kw_statistics_release(statistics);
    return kw_fail_memory(error);
}

void kw_statistics_release(struct kw_statistics *statistics)
{
    kw_arena_release(&statistics->arena);
    *statistics = (struct kw_statistics){.arena = KW_ARENA_INIT};
}

double kw_bm25_idf(uint64_t documents, uint64_t frequency)
{
    if (frequency > documents)
        frequency = documents;
    return log(1 + ((double)(documents - frequency) + 0.5) / ((double)frequency + 0.5));
}

double kw_bm25_weight(double boost, uint32_t repeats, double idf, double k1)
{
    double q = repeats;
    return boost * (2 * q / (1 + q)) * idf * (k1 + 1);
}

struct kw_bm25 kw_bm25_leaf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                            uint32_t leaf)
{
    const struct kw_leaf *asked = &plan->leaves[leaf];
    const struct kw_leaf_statistics *found = &statistics->leaves[leaf];
    bool text = asked->terms[0].field.size == 0;
    uint64_t sharers = text ? statistics->documents : found->field_documents;
    uint32_t count = asked->kind == KW_LEAF_PHRASE ? asked->term_count : 1;
    double idf = 0;
    for (uint32_t i = 0; i < count; i++)
        idf += kw_bm25_idf(statistics->documents, found->frequencies[i]);
    struct kw_bm25 bm25 = {
        .weight = kw_bm25_weight(asked->boost, asked->repeats, idf, statistics->k1),
        .k1 = statistics->k1,
        .b = statistics->b,
        .average = 1,
    };
    if (sharers && found->field_length)
        bm25.average = (double)found->field_length / (double)sharers;
    return bm25;
}

double kw_bm25_score(const struct kw_bm25 *bm25, uint32_t frequency, uint32_t length)
{
    double tf = frequency;
    double relative = (double)length / bm25->average;
    return bm25->weight * tf / (tf + bm25->k1 * (1 - bm25->b + bm25->b * relative));
}
