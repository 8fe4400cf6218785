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

/* Numbers from `least` to `most`, each included unless said otherwise; ±INFINITY: no end. Never
 * NaN. */
struct kw_number_range {
    double least;
    double most;
    bool above; /* `least` itself is out */
    bool below; /* `most` itself is out */
};

/* Moments in seconds since 1970-01-01T00:00:00Z, without leap seconds: from `from` on, until before
 * `until`. INT64_MIN and INT64_MAX: no end. */
struct kw_date_range {
    int64_t from;
    int64_t until;
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

#endif
