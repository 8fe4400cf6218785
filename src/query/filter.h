/* Filters: what a query asks of a field that is a column (a number, a date, a keyword) instead of
 * searched text. */
#ifndef KW_QUERY_FILTER_H
#define KW_QUERY_FILTER_H

#include "base/bytes.h"

/* What a field of the index can be asked for; a field may be several, in one index or in several
 * that are searched as one. */
enum kw_field_uses {
    KW_FIELD_WORDS = 1, /* it is searched text */
    KW_FIELD_NUMBER = 2,
    KW_FIELD_DATE = 4,
    KW_FIELD_KEYWORD = 8,
};

struct kw_query_field {
    struct kw_view name;
    unsigned uses; /* enum kw_field_uses, or'ed; at least one */
};

/* Numbers from `least` to `most`, both included; ±INFINITY: no end. Never NaN. A range of nothing
 * has `least` > `most`. */
struct kw_number_range {
    double least;
    double most;
};

/* Moments from `first` to `last`, both included, in microseconds as src/base/value.h counts them;
 * INT64_MIN and INT64_MAX: no end. */
struct kw_date_range {
    int64_t first;
    int64_t last;
};

/* A filter: a document passes it if one of its values of the field does, by the use that the column
 * has where the document is. A column of a use that is not among `uses` has no value that passes.
 */
struct kw_filter {
    struct kw_view field;
    unsigned uses; /* how the query's text can be understood; never KW_FIELD_WORDS */
    struct kw_number_range numbers;
    struct kw_date_range dates;
    struct kw_view keyword; /* the whole value, byte by byte; may be empty */
    bool wildcards;         /* in `keyword`, `*` is any run of characters, also an empty one, and
                               `?` any one character */
};

/* Reads what stands behind a field of these `uses` as a filter: V, V..W, V.., ..W, <V, <=V, >V,
 * >=V with numbers or dates, or a keyword; `verbatim`: just V, without wildcards. Sets all of
 * `filter` but the field; its keyword is `value`. False if it is none: it does not fit, or the
 * field is searched text and the value is no range. */
bool kw_filter_parse(struct kw_filter *filter, unsigned uses, struct kw_view value, bool verbatim);

#endif
