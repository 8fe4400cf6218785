/* From strengths to scores. With tf / (tf + k) = x and k / k' = r, tf / (tf + k') = r x / (1 - x +
 * r x). Both k are linear in a document's length, so r is at its greatest and least
 * for the shortest and the longest. */
#include "rank/bounds.h"

#include "index/strength.h"

#include <math.h>

#define STRONGEST 255.0

static double ratio(const struct kw_bm25 *bm25, const struct kw_field_info *field, uint32_t length)
{
    double asked = bm25->fixed + bm25->slope * length;
    return kw_strength_k(field->documents, field->length, length) / asked;
}

struct kw_bounds kw_bounds_of(const struct kw_bm25 *bm25, const struct kw_field_info *field)
{
    double shortest = ratio(bm25, field, field->shortest);
    double longest = ratio(bm25, field, field->longest);
    bool rises = shortest < longest;
    return (struct kw_bounds){bm25->weight, rises ? longest : shortest, rises ? shortest : longest};
}

/* The curve of one ratio, at a strength of code/255. */
static double curve(double weight, double ratio, int code)
{
    return weight * ratio * code / (STRONGEST + (ratio - 1) * code);
}

void kw_bounds_fill(const struct kw_bounds *bounds, double given[KW_STRENGTH_CODES])
{
    bool flat = isinf(bounds->most); /* whatever the strength */
    double weight = bounds->weight, most = flat ? 1 : bounds->most;
    for (int code = 0; code < KW_STRENGTH_CODES; code++)
        given[code] = curve(weight, most, code);
    for (int code = 1; code < KW_STRENGTH_CODES && flat; code++)
        given[code] = weight;
}

double kw_bounds_least(const struct kw_bounds *bounds, unsigned code)
{
    double least = isinf(bounds->least) ? 1 : bounds->least; /* no more than it is */
    return code < STRONGEST ? curve(bounds->weight, least, (int)code) : 0;
}
