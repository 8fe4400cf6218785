/* Recursive graph bisection. */
#include "index/bisection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAF = 32,        /* documents that are not halved any more */
    LOG_BITS = 11,    /* of a number that its logarithm is looked up by */
    LOG_ONE = 1 << 16 /* a logarithm of 1 */
};

/* What moving one document of a term to the other half gains. */
struct gain {
    int32_t from_left, from_right;
};

/* A document and what moving it gains. */
struct mover {
    int64_t gain;
    uint32_t document;
};

struct bisection {
    const struct kw_forward *forward;
    uint32_t iterations;
    int32_t logs[1 << LOG_BITS];
    uint32_t *left, *right; /* documents of each term in the halves at hand */
    struct gain *gains;     /* of each term, … */
    uint32_t *rounds;       /* … as reckoned in this round */
    uint32_t round;
    struct mover *movers;
    bool (*go_on)(void *context);
    void *context;
};

/* The logarithm of n ≥ 1 to the base 2, times LOG_ONE; of large numbers that of their front. */
static int64_t log_of(const struct bisection *work, uint64_t n)
{
    int shift = 64 - __builtin_clzll(n) - LOG_BITS;
    if (shift <= 0)
        return work->logs[n];
    return work->logs[n >> shift] + (int64_t)shift * LOG_ONE;
}

/* About the bits of the gaps of a term that `count` of n documents have. */
static int64_t cost(const struct bisection *work, int64_t log_n, uint64_t count)
{
    return (int64_t)count * (log_n - log_of(work, count + 1));
}

static int32_t clamp(int64_t gain)
{
    return (int32_t)(gain > INT32_MAX ? INT32_MAX : gain < INT32_MIN ? INT32_MIN : gain);
}

/* Reckons what moving documents of a term gains. */
static struct gain reckon(const struct bisection *work, uint32_t left, uint32_t right,
                          int64_t log_left, int64_t log_right)
{
    struct gain gain = {0, 0};
    int64_t now = cost(work, log_left, left) + cost(work, log_right, right);
    if (left)
        gain.from_left =
            clamp(now - cost(work, log_left, left - 1) - cost(work, log_right, right + 1));
    if (right)
        gain.from_right =
            clamp(now - cost(work, log_left, left + 1) - cost(work, log_right, right - 1));
    return gain;
}

/* Adds `step` to the counts of a document's terms. */
static void count(const struct kw_forward *forward, uint32_t document, uint32_t *counts,
                  uint32_t step)
{
    for (uint64_t i = forward->starts[document]; i < forward->starts[document + 1]; i++)
        counts[forward->terms[i]] += step;
}

/* Fills movers[] with what moving each of the documents gains. */
static void fill_movers(struct bisection *work, const uint32_t *documents, uint32_t size,
                        uint32_t half)
{
    const struct kw_forward *forward = work->forward;
    int64_t log_left = log_of(work, half), log_right = log_of(work, size - half);
    work->round++;
    for (uint32_t d = 0; d < size; d++) {
        int64_t sum = 0;
        for (uint64_t i = forward->starts[documents[d]]; i < forward->starts[documents[d] + 1];
             i++) {
            uint32_t term = forward->terms[i];
            if (work->rounds[term] != work->round) {
                work->rounds[term] = work->round;
                work->gains[term] =
                    reckon(work, work->left[term], work->right[term], log_left, log_right);
            }
            sum += d < half ? work->gains[term].from_left : work->gains[term].from_right;
        }
        work->movers[d] = (struct mover){sum, documents[d]};
    }
}

static int by_gain(const void *a, const void *b)
{
    const struct mover *left = a, *right = b;
    if (left->gain != right->gain)
        return left->gain > right->gain ? -1 : 1;
    return (left->document > right->document) - (left->document < right->document);
}

/* Exchanges documents between the halves once; whether any moved. */
static bool exchange(struct bisection *work, uint32_t *documents, uint32_t size, uint32_t half)
{
    struct mover *movers = work->movers;
    bool moved = false;
    fill_movers(work, documents, size, half);
    qsort(movers, half, sizeof *movers, by_gain);
    qsort(movers + half, size - half, sizeof *movers, by_gain);
    for (uint32_t i = 0; i < half; i++) {
        uint32_t to_right = movers[i].document, to_left = movers[half + i].document;
        if (movers[i].gain + movers[half + i].gain <= 0)
            break;
        count(work->forward, to_right, work->left, UINT32_MAX);
        count(work->forward, to_right, work->right, 1);
        count(work->forward, to_left, work->right, UINT32_MAX);
        count(work->forward, to_left, work->left, 1);
        movers[i].document = to_left;
        movers[half + i].document = to_right;
        moved = true;
    }
    for (uint32_t i = 0; i < size; i++)
        documents[i] = movers[i].document;
    return moved;
}

static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Puts documents in order; false if nobody wants to go on. */
static bool bisect(struct bisection *work, uint32_t *documents, uint32_t size)
{
    uint32_t half = size / 2;
    if (size <= LEAF) {
        qsort(documents, size, sizeof *documents, by_number);
        return true;
    }
    for (uint32_t d = 0; d < size; d++)
        count(work->forward, documents[d], d < half ? work->left : work->right, 1);
    bool moved = true, wanted = true;
    for (uint32_t i = 0; i < work->iterations && moved && wanted; i++) {
        moved = exchange(work, documents, size, half);
        wanted = !work->go_on || work->go_on(work->context);
    }
    for (uint32_t d = 0; d < size; d++)
        count(work->forward, documents[d], d < half ? work->left : work->right, UINT32_MAX);
    return wanted && bisect(work, documents, half) && bisect(work, documents + half, size - half);
}

enum kw_status kw_bisect(const struct kw_forward *forward, uint32_t iterations, uint32_t *order,
                         bool (*go_on)(void *context), void *context, struct kw_error *error)
{
    struct bisection *work = calloc(1, sizeof *work);
    size_t terms = (size_t)forward->term_count + 1;
    enum kw_status status = KW_OK;
    if (!work)
        return kw_fail_memory(error);
    work->forward = forward;
    work->iterations = iterations;
    work->go_on = go_on;
    work->context = context;
    for (uint32_t n = 1; n < 1U << LOG_BITS; n++)
        work->logs[n] = (int32_t)lround(log2(n) * LOG_ONE);
    work->left = calloc(terms, sizeof *work->left);
    work->right = calloc(terms, sizeof *work->right);
    work->gains = calloc(terms, sizeof *work->gains);
    work->rounds = calloc(terms, sizeof *work->rounds);
    work->movers = malloc(((size_t)forward->documents + 1) * sizeof *work->movers);
    if (!work->left || !work->right || !work->gains || !work->rounds || !work->movers)
        status = kw_fail_memory(error);
    else if (!bisect(work, order, forward->documents))
        status = kw_fail(error, KW_E_INTERRUPTED, "interrupted");
    free(work->left);
    free(work->right);
    free(work->gains);
    free(work->rounds);
    free(work->movers);
    free(work);
    return status;
}
