/* BM25: a leaf's constants from the statistics, and a document's score by them. */
#include "rank/bm25.h"

#include "rank/synonyms.h"
#include "rank/term.h"

#include <math.h>
#include <stdlib.h>

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

uint32_t kw_leaf_terms(const struct kw_plan *plan, const struct kw_leaf *leaf)
{
    if (!plan->parity)
        return 0;
    if (leaf->kind == KW_LEAF_EXPANSION)
        return plan->expansions[leaf->expansion].term_count;
    return leaf->kind == KW_LEAF_WORD && leaf->term_count > 1 ? leaf->term_count : 0;
}

static bool init_figures(struct kw_arena *arena, struct kw_leaf_statistics *figures, size_t count,
                         size_t terms)
{
    figures->frequencies = kw_arena_alloc(arena, count * sizeof(uint64_t));
    if (terms)
        figures->terms = kw_arena_alloc(arena, terms * sizeof(uint64_t));
    return figures->frequencies && (!terms || figures->terms);
}

enum kw_status kw_statistics_init(struct kw_statistics *statistics, const struct kw_plan *plan,
                                  const struct kw_parameters *parameters, struct kw_error *error)
{
    *statistics = (struct kw_statistics){.parameters = *parameters, .arena = KW_ARENA_INIT};
    struct kw_arena *arena = &statistics->arena;
    statistics->leaves = kw_arena_alloc(arena, plan->leaf_count * sizeof *statistics->leaves);
    statistics->additions =
        kw_arena_alloc(arena, plan->addition_count * sizeof *statistics->additions);
    statistics->unions = kw_arena_alloc(arena, sizeof *statistics->unions);
    statistics->work = kw_arena_alloc(arena, sizeof *statistics->work);
    statistics->memo = kw_arena_alloc(arena, sizeof *statistics->memo);
    if (!statistics->leaves || !statistics->additions || !statistics->unions || !statistics->work ||
        !statistics->memo)
        goto no_memory;
    statistics->work->limit = kw_work_limit(0, 0);
    for (uint32_t i = 0; i < plan->leaf_count; i++)
        if (!init_figures(arena, &statistics->leaves[i], kw_leaf_figures(&plan->leaves[i]),
                          kw_leaf_terms(plan, &plan->leaves[i])))
            goto no_memory;
    for (uint32_t i = 0; i < plan->addition_count; i++)
        if (!init_figures(arena, &statistics->additions[i], 1, 0))
            goto no_memory;
    return KW_OK;
no_memory:
    kw_statistics_release(statistics);
    return kw_fail_memory(error);
}

void kw_statistics_release(struct kw_statistics *statistics)
{
    if (statistics->unions)
        kw_unions_release(statistics->unions);
    if (statistics->memo)
        kw_memo_release(statistics->memo);
    kw_arena_release(&statistics->arena);
    *statistics = (struct kw_statistics){.arena = KW_ARENA_INIT};
}

enum kw_status kw_statistics_settle(struct kw_statistics *statistics, const struct kw_plan *plan,
                                    struct kw_error *error)
{
    for (uint32_t i = 0; i < plan->leaf_count; i++) {
        struct kw_leaf_statistics *found = &statistics->leaves[i];
        uint32_t count = kw_leaf_terms(plan, &plan->leaves[i]);
        uint64_t *copy = found->terms ? calloc((size_t)count + 1, sizeof *copy) : NULL;
        if (!found->terms)
            continue;
        if (!copy)
            return kw_fail_memory(error);
        memcpy(copy, found->terms, count * sizeof *copy);
        found->frequencies[0] = kw_synonym_frequency(copy, count, statistics->documents);
        free(copy);
    }
    return KW_OK;
}

double kw_bm25_idf(uint64_t documents, uint64_t frequency)
{
    if (frequency > documents)
        frequency = documents;
    return log(1 + ((double)(documents - frequency) + 0.5) / ((double)frequency + 0.5));
}

double kw_parity_idf(uint64_t documents, uint64_t frequency)
{
    if (frequency > documents)
        frequency = documents;
    double w = ((double)(documents - frequency) + 0.5) / ((double)frequency + 0.5);
    return log(w < 2 ? w / 2 + 1 : w);
}

double kw_bm25_weight(double boost, uint32_t repeats, double idf,
                      const struct kw_parameters *parameters)
{
    double q = repeats;
    return boost * ((parameters->k3 + 1) * q / (parameters->k3 + q)) * idf * (parameters->k1 + 1);
}

static double sum_of_idfs(const struct kw_leaf *leaf, uint64_t documents,
                          const uint64_t *frequencies);

/* The sum over all figures, of the leaf or of its operands. */
static double sum_of_parity_idfs(const struct kw_leaf *leaf, uint64_t documents,
                                 const uint64_t *frequencies)
{
    uint32_t count = kw_leaf_figures(leaf);
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += kw_parity_idf(documents, frequencies[i]);
    return sum;
}

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

/* Of a leaf or operand. */
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

double kw_leaf_idf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                   uint32_t leaf)
{
    const struct kw_leaf *asked = &plan->leaves[leaf];
    const uint64_t *frequencies = statistics->leaves[leaf].frequencies;
    return plan->parity ? sum_of_parity_idfs(asked, statistics->documents, frequencies)
                        : sum_of_idfs(asked, statistics->documents, frequencies);
}

double kw_addition_idf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                       uint32_t addition)
{
    const struct kw_addition *asked = &plan->additions[addition];
    if (asked->kind != KW_ADD_NEAR)
        return kw_bm25_idf(statistics->documents, statistics->additions[addition].frequencies[0]);
    return kw_leaf_idf(statistics, plan, asked->words[0]) +
           kw_leaf_idf(statistics, plan, asked->words[1]);
}

struct kw_bm25 kw_bm25_of(double weight, double k1, double b, double average)
{
    return (struct kw_bm25){
        .weight = weight, .fixed = k1 * (1 - b), .slope = k1 * b / average, .average = average};
}

/* The constants of what stands in the text, or else in a field, with these figures. */
static struct kw_bm25 make_bm25(const struct kw_statistics *statistics, const struct kw_leaf *leaf,
                                double idf, const struct kw_leaf_statistics *found, bool text)
{
    const struct kw_parameters *parameters = &statistics->parameters;
    uint64_t sharers = text ? statistics->documents : found->field_documents;
    double average = 1;
    if (sharers && found->field_length)
        average = (double)found->field_length / (double)sharers;
    return kw_bm25_of(kw_bm25_weight(leaf->boost, leaf->repeats, idf, parameters), parameters->k1,
                      parameters->b, average);
}

struct kw_bm25 kw_bm25_figure(const struct kw_statistics *statistics, const struct kw_plan *plan,
                              uint32_t leaf, uint32_t figure)
{
    const struct kw_leaf *asked = &plan->leaves[leaf];
    const struct kw_leaf_statistics *found = &statistics->leaves[leaf];
    double idf = kw_parity_idf(statistics->documents, found->frequencies[figure]);
    bool text = kw_leaf_field(plan, asked).size == 0;
    struct kw_bm25 bm25 = make_bm25(statistics, asked, idf, found, text);
    bm25.weight = text ? asked->boost * asked->repeats * idf * (statistics->parameters.k1 + 1) : 0;
    bm25.least = KW_PARITY_LEAST * bm25.average;
    return bm25;
}

struct kw_bm25 kw_bm25_leaf(const struct kw_statistics *statistics, const struct kw_plan *plan,
                            uint32_t leaf)
{
    const struct kw_leaf *asked = &plan->leaves[leaf];
    return make_bm25(statistics, asked, kw_leaf_idf(statistics, plan, leaf),
                     &statistics->leaves[leaf], kw_leaf_field(plan, asked).size == 0);
}

struct kw_bm25 kw_bm25_addition(const struct kw_statistics *statistics, const struct kw_plan *plan,
                                uint32_t addition)
{
    const struct kw_addition *asked = &plan->additions[addition];
    bool near = asked->kind == KW_ADD_NEAR;
    const struct kw_leaf_statistics *found =
        near ? &statistics->leaves[asked->words[0]] : &statistics->additions[addition];
    return make_bm25(statistics, &asked->leaf, kw_addition_idf(statistics, plan, addition), found,
                     asked->kind != KW_ADD_TITLE);
}
