/* The measures of one ranking, each straight from its definition. */
#include "cli/measures.h"

#include <math.h>
#include <string.h>

enum { TEN = 10, HUNDRED = 100 };

size_t kw_relevant(const int *grades, size_t count)
{
    size_t relevant = 0;

    for (size_t i = 0; i < count; i++)
        relevant += grades[i] > 0;
    return relevant;
}

/* The discounted gain of the first ten. */
static double gain(const int *grades, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count && i < TEN; i++)
        if (grades[i] > 0)
            sum += grades[i] / log2((double)i + 2);
    return sum;
}

/* The ten highest grades, falling; returns how many there are. */
static size_t best_ten(const int *grades, size_t count, int best[TEN])
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        size_t at = kept;
        while (at > 0 && best[at - 1] < grades[i])
            at--;
        if (at == TEN)
            continue;
        kept += kept < TEN;
        memmove(best + at + 1, best + at, (kept - 1 - at) * sizeof *best);
        best[at] = grades[i];
    }
    return kept;
}

void kw_measure(const int *ranking, size_t count, const int *judged, size_t judged_count,
                double values[KW_MEASURES])
{
    double relevant = (double)kw_relevant(judged, judged_count);
    size_t found = 0;
    int best[TEN];

    memset(values, 0, KW_MEASURES * sizeof *values);
    for (size_t i = 0; i < count; i++) {
        if (ranking[i] <= 0)
            continue;
        found++;
        values[KW_MAP] += (double)found / (double)(i + 1);
        if (found == 1)
            values[KW_MRR] = 1 / (double)(i + 1);
        values[KW_P_10] += i < TEN;
        values[KW_RECALL_100] += i < HUNDRED;
    }
    values[KW_MAP] /= relevant;
    values[KW_P_10] /= TEN;
    values[KW_RECALL_100] /= relevant;
    size_t ideal = best_ten(judged, judged_count, best);
    values[KW_NDCG_10] = gain(ranking, count) / gain(best, ideal);
}
