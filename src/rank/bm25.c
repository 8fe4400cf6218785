/* BM25: a leaf's constants from the statistics, and a document's score by them. */
#include "rank/bm25.h"

#include "rank/term.h"

#include <math.h>

uint32_t kw_leaf_figures(const struct kw_leaf *leaf)
{
    uint32_t count = 0;
    switch (leaf->kind) {
    case KW_LEAF_WORD:
    case KW_LEAF_EXPANSION:
        return 1;
    case KW_LEAF_PHRASE:
        return leaf->term_count;
    case KW_LEAF_NEAR:
    case KW_LEAF_ANY:
        for (uint32_t i = 0; i < leaf->operand_count; i++)
            count += kw_leaf_figures(&leaf->operands[i]);
        return count;
    case KW_LEAF_FILTER:
        break;
    }
    return 0;
}

enum kw_status kw_statistics_init(struct kw_statistics *statistics, const struct kw_plan *plan,
                                  double k1, double b, struct kw_error *error)
{
    *statistics = (struct kw_statistics){.k1 = k1, .b = b, .arena = KW_ARENA_INIT};
    struct kw_arena *arena = &statistics->arena;
    statistics->leaves = kw_arena_alloc(arena, plan->leaf_count * sizeof *statistics->leaves);
    statistics->unions = kw_arena_alloc(arena, sizeof *statistics->unions);
    if (!statistics->leaves || !statistics->unions)
        goto no_memory;
    for (uint32_t i = 0; i < plan->leaf_count; i++) {
        size_t count = kw_leaf_figures(&plan->leaves[i]);
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
    if (statistics->unions)
        kw_unions_release(statistics->unions);
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

static double sum_of_idfs(const struct kw_leaf *leaf, uint64_t documents,
                          const uint64_t *frequencies);

/* That of the alternative with the least. */
static double least_idf(const struct kw_leaf *leaf, uint64_t documents, const uint64_t *frequencies)
{
    double least = INFINITY;
    for (uint32_t i = 0; i < leaf->operand_count; i++) {
        double idf = sum_of_idfs(&leaf->operands[i], documents, frequencies);
        least = idf < least ? idf : least;
        frequencies += kw_leaf_figures(&leaf->operands[i]);
    }
    return least;
}

/* The idf of a leaf or operand: that of a word, or the sum over those of which it is made. */
static double sum_of_idfs(const struct kw_leaf *leaf, uint64_t documents,
                          const uint64_t *frequencies)
{
    uint32_t count = kw_leaf_figures(leaf);
    double sum = 0;
    if (leaf->kind == KW_LEAF_ANY)
        return least_idf(leaf, documents, frequencies);
    if (leaf->kind != KW_LEAF_NEAR) {
        for (uint32_t i = 0; i < count; i++)
            sum += kw_bm25_idf(documents, frequencies[i]);
        return sum;
    }
    for (uint32_t i = 0; i < leaf->operand_count; i++) {
        sum += sum_of_idfs(&leaf->operands[i], documents, frequencies);
        frequencies += kw_leaf_figures(&leaf->operands[i]);
    }
    return sum;
}

struct kw_bm25 kw_bm25_leaf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                            uint32_t leaf)
{
    const struct kw_leaf *asked = &plan->leaves[leaf];
    const struct kw_leaf_statistics *found = &statistics->leaves[leaf];
    bool text = kw_leaf_field(plan, asked).size == 0;
    uint64_t sharers = text ? statistics->documents : found->field_documents;
    double idf = sum_of_idfs(asked, statistics->documents, found->frequencies);
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
