/* Reads the values and ranges of filters. */
#include "query/filter.h"

#include "base/value.h"

#include <math.h>

enum relation { EQUAL, LESS, AT_MOST, MORE, AT_LEAST, BETWEEN };

/* A value or range as typed; of BETWEEN one end may be empty. */
struct typed {
    enum relation relation;
    struct kw_view value;
    struct kw_view until;
};

static bool begins(struct kw_view text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.data, with, size) == 0;
}

static struct typed take_apart(struct kw_view text, bool verbatim)
{
    static const struct {
        const char *sign;
        enum relation relation;
    } signs[] = {{"<=", AT_MOST}, {"<", LESS}, {">=", AT_LEAST}, {">", MORE}};
    if (verbatim)
        return (struct typed){EQUAL, text, {NULL, 0}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i].sign);
        if (begins(text, signs[i].sign))
            return (struct typed){
                signs[i].relation, {text.data + size, text.size - size}, {NULL, 0}};
    }
    const uint8_t *dots = memmem(text.data, text.size, "..", 2);
    if (!dots)
        return (struct typed){EQUAL, text, {NULL, 0}};
    size_t before = (size_t)(dots - text.data);
    return (struct typed){BETWEEN, {text.data, before}, {dots + 2, text.size - before - 2}};
}

static bool number_range(struct kw_number_range *range, const struct typed *typed)
{
    double value;
    *range = (struct kw_number_range){-INFINITY, INFINITY};
    if (typed->relation == BETWEEN)
        return (typed->value.size || typed->until.size) &&
               (!typed->value.size || kw_quantity_parse(typed->value, &range->least)) &&
               (!typed->until.size || kw_quantity_parse(typed->until, &range->most));
    if (!kw_quantity_parse(typed->value, &value))
        return false;
    if (typed->relation == EQUAL || typed->relation == AT_LEAST)
        range->least = value;
    if (typed->relation == EQUAL || typed->relation == AT_MOST)
        range->most = value;
    if (typed->relation == MORE)
        range->least = nextafter(value, INFINITY);
    if (typed->relation == LESS)
        range->most = nextafter(value, -INFINITY);
    return true;
}

static bool date_range(struct kw_date_range *range, const struct typed *typed)
{
    struct kw_period span = {INT64_MIN, INT64_MAX};
    struct kw_period until = span;
    *range = (struct kw_date_range){INT64_MIN, INT64_MAX};
    if (typed->relation == BETWEEN) {
        bool good = (typed->value.size || typed->until.size) &&
                    (!typed->value.size || kw_date_parse(typed->value, &span)) &&
                    (!typed->until.size || kw_date_parse(typed->until, &until));
        *range = (struct kw_date_range){span.first, until.last};
        return good;
    }
    if (!kw_date_parse(typed->value, &span))
        return false;
    if (typed->relation == EQUAL || typed->relation == AT_LEAST)
        range->first = span.first;
    if (typed->relation == EQUAL || typed->relation == AT_MOST)
        range->last = span.last;
    if (typed->relation == MORE)
        range->first = span.last + 1;
    if (typed->relation == LESS)
        range->last = span.first - 1;
    return true;
}

bool kw_filter_parse(struct kw_filter *filter, unsigned uses, struct kw_view value, bool verbatim)
{
    struct typed typed = take_apart(value, verbatim);
    bool words = uses & KW_FIELD_WORDS;
    filter->uses = 0;
    filter->keyword = value;
    filter->wildcards =
        !verbatim && value.size &&
        (memchr(value.data, '*', value.size) || memchr(value.data, '?', value.size));
    if (words && typed.relation == EQUAL)
        return false;
    if (uses & KW_FIELD_NUMBER && number_range(&filter->numbers, &typed))
        filter->uses |= KW_FIELD_NUMBER;
    if (uses & KW_FIELD_DATE && date_range(&filter->dates, &typed))
        filter->uses |= KW_FIELD_DATE;
    if (uses & KW_FIELD_KEYWORD && !words)
        filter->uses |= KW_FIELD_KEYWORD;
    return filter->uses != 0;
}
