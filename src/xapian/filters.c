/* A document with one number or date passes if what its slot holds lies in a range of bytes. One
 * with several of them can pass if the least, with which they begin, is not too great. */
#include "xapian/filters.h"

#include "xapian/schema.h"

#include <stdlib.h>

enum { PARTS = 3 }; /* by number, date and keyword: what a field is may differ by database */

struct making {
    struct kw_xapian *xapian;
    const struct kw_filter *filter;
    struct xc_query *parts[PARTS];
    size_t count;
};

/* Records what a query failed with. */
static enum kw_status failed(const struct making *making, const struct xc_query *query,
                             struct kw_error *error)
{
    return kw_xapian_failed(making->xapian, xc_query_error(query), error);
}

static enum kw_status set_term(const struct making *making, struct xc_query *query,
                               const struct kw_bytes *term, struct kw_error *error)
{
    enum kw_status status = kw_bytes_status(term, error);
    if (status == KW_OK &&
        xc_query_set_term(query, kw_xapian_text(kw_bytes_view(term)), 1, 0) != XC_OK)
        status = failed(making, query, error);
    return status;
}

/* Makes `query` the documents whose values begin with one from `least` to `most`: up to the key
 * behind that, as more of them may follow it. */
static enum kw_status set_range(const struct making *making, struct xc_query *query,
                                enum kw_value_type type, uint64_t least, uint64_t most,
                                struct kw_error *error)
{
    uint32_t slot = kw_xapian_slot(making->xapian, making->filter->field);
    struct kw_bytes first = KW_BYTES_INIT, last = KW_BYTES_INIT;
    const uint64_t behind = most + 1;
    kw_slot_keys(&first, type, &least, 1);
    if (behind)
        kw_slot_keys(&last, type, &behind, 1);
    else
        kw_bytes_append_byte(&last, (uint8_t)(type + 1));
    enum kw_status status = kw_bytes_status(&first, error);
    if (status == KW_OK)
        status = kw_bytes_status(&last, error);
    if (status == KW_OK &&
        xc_query_set_value_range(query, slot, kw_xapian_text(kw_bytes_view(&first)),
                                 kw_xapian_text(kw_bytes_view(&last))) != XC_OK)
        status = failed(making, query, error);
    kw_bytes_release(&first);
    kw_bytes_release(&last);
    return status;
}

/* Makes `query` those that have several values, and one that is not beyond `most`. */
static enum kw_status set_several(const struct making *making, struct xc_query *query,
                                  enum kw_value_type type, uint64_t most, struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    struct xc_query *range = xc_query_new();
    const struct xc_query *const both[] = {query, range};
    enum kw_status status =
        range ? set_range(making, range, type, 0, most, error) : kw_fail_memory(error);
    kw_schema_several(&term, making->filter->field);
    if (status == KW_OK)
        status = set_term(making, query, &term, error);
    if (status == KW_OK && xc_query_set_parts(query, XC_OP_AND, both, 2, 0) != XC_OK)
        status = failed(making, query, error);
    xc_query_free(range);
    kw_bytes_release(&term);
    return status;
}

/* Adds the documents with numbers or dates in a range of keys. */
static enum kw_status add_keys(struct making *making, enum kw_value_type type, uint64_t least,
                               uint64_t most, struct kw_error *error)
{
    struct xc_query *one = xc_query_new(), *several = xc_query_new();
    const struct xc_query *const both[] = {one, several};
    enum kw_status status = one && several ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = set_range(making, one, type, least, most, error);
    if (status == KW_OK)
        status = set_several(making, several, type, most, error);
    if (status == KW_OK && xc_query_set_parts(one, XC_OP_OR, both, 2, 0) != XC_OK)
        status = failed(making, one, error);
    xc_query_free(several);
    if (one)
        making->parts[making->count++] = one;
    return status;
}

/* Adds the documents with the keyword; with wildcards those with any. */
static enum kw_status add_keyword(struct making *making, struct kw_error *error)
{
    static const char first = KW_TYPE_KEYWORD, last = KW_TYPE_KEYWORD + 1;
    const struct kw_filter *filter = making->filter;
    uint32_t slot = kw_xapian_slot(making->xapian, filter->field);
    struct kw_bytes term = KW_BYTES_INIT;
    struct xc_query *query = xc_query_new();
    enum kw_status status = KW_OK;
    if (!query)
        return kw_fail_memory(error);
    making->parts[making->count++] = query;
    kw_schema_keyword(&term, filter->field, filter->keyword);
    if (!filter->wildcards)
        status = set_term(making, query, &term, error);
    else if (xc_query_set_value_range(query, slot, (struct xc_text){&first, 1},
                                      (struct xc_text){&last, 1}) != XC_OK)
        status = failed(making, query, error);
    kw_bytes_release(&term);
    return status;
}

enum kw_status kw_xapian_filter(struct kw_xapian *xapian, const struct kw_filter *filter,
                                struct xc_query *query, struct kw_error *error)
{
    struct making making = {.xapian = xapian, .filter = filter};
    const struct kw_number_range *numbers = &filter->numbers;
    const struct kw_date_range *dates = &filter->dates;
    enum kw_status status = KW_OK;
    if (filter->uses & KW_FIELD_NUMBER && numbers->least <= numbers->most)
        status = add_keys(&making, KW_TYPE_NUMBER, kw_number_key(numbers->least),
                          kw_number_key(numbers->most), error);
    if (status == KW_OK && filter->uses & KW_FIELD_DATE && dates->first <= dates->last)
        status = add_keys(&making, KW_TYPE_DATE, kw_date_key(dates->first),
                          kw_date_key(dates->last), error);
    if (status == KW_OK && filter->uses & KW_FIELD_KEYWORD)
        status = add_keyword(&making, error);
    if (status == KW_OK &&
        xc_query_set_parts(query, XC_OP_OR, (const struct xc_query *const *)making.parts,
                           making.count, 0) != XC_OK)
        status = failed(&making, query, error);
    for (size_t i = 0; i < making.count; i++)
        xc_query_free(making.parts[i]);
    return status;
}
