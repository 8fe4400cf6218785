/* What is particular to extracts of other programs' databases: several terms may stand for one, and
 * values are in terms. */
#include "xapian/extract_parts.h"

#include <stdlib.h>

enum kw_status kw_extract_put(struct kw_extract *extract, struct kw_posting_part posting,
                              struct kw_error *error)
{
    if (!kw_grow(&extract->postings, extract->postings.count + 1))
        return kw_fail_memory(error);
    extract->postings.items[extract->postings.count++] = posting;
    return KW_OK;
}

enum kw_status kw_extract_foreign(struct kw_extract *extract, struct kw_posting_part posting,
                                  struct kw_error *error)
{
    size_t kept = extract->positions.count;
    enum kw_status status = KW_OK;
    if (extract->wanted->placed[posting.term]) {
        posting.at = kept;
        status = kw_foreign_positions(extract->xapian, extract->wanted, posting.term,
                                      extract->alternative, extract->docids[posting.place],
                                      &extract->positions, error);
        posting.count = (uint32_t)(extract->positions.count - kept);
    }
    if (!posting.frequency)
        posting.frequency = posting.count ? posting.count : 1;
    return status == KW_OK ? kw_extract_put(extract, posting, error) : status;
}

enum kw_status kw_extract_shown(struct kw_extract *extract, uint32_t number, struct kw_error *error)
{
    const struct kw_shown_term *places = &extract->fresh->terms[number];
    struct kw_posting_part posting = {0, number, (uint32_t)places->count, (uint32_t)places->count,
                                      extract->positions.count};
    if (!places->count)
        return KW_OK;
    if (!kw_grow(&extract->positions, posting.at + places->count))
        return kw_fail_memory(error);
    memcpy(extract->positions.items + posting.at, places->items,
           places->count * sizeof *places->items);
    extract->positions.count += places->count;
    return kw_extract_put(extract, posting, error);
}

/* Adds the keyword of a column that a filter asks for, if another program's document has it. */
static enum kw_status add_asked(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                uint32_t leaf, uint32_t docid, struct kw_error *error)
{
    const struct kw_filter *filter = extract->wanted->plan->leaves[leaf].filter;
    struct kw_xapian *xapian = extract->xapian;
    struct xc_postings *holders = extract->holders[leaf];
    uint32_t found;
    if (!holders) {
        struct xc_text term;
        kw_bytes_clear(&extract->term);
        if (!kw_foreign_keyword(xapian, filter->field, filter->keyword, &extract->term))
            return KW_OK;
        enum kw_status status = kw_bytes_status(&extract->term, error);
        term = kw_xapian_text(kw_bytes_view(&extract->term));
        holders = extract->holders[leaf] = xc_postings_new();
        if (status != KW_OK || !holders)
            return status != KW_OK ? status : kw_fail_memory(error);
        if (xc_database_postings(xapian->database, term, holders) != XC_OK)
            return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    }
    enum xc_status at = xc_postings_skip_to(holders, docid, &found);
    if (at < 0)
        return kw_xapian_failed(xapian, xc_postings_error(holders), error);
    return at == XC_OK && found == docid
               ? kw_excerpt_keyword(excerpt, filter->field, filter->keyword, error)
               : KW_OK;
}

/* Adds the keywords of column `number` that filters ask for. */
static enum kw_status add_all_asked(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                    size_t number, uint32_t docid, struct kw_error *error)
{
    const struct kw_plan *plan = extract->wanted->plan;
    enum kw_status status = KW_OK;
    if (!extract->holders)
        extract->holders = calloc((size_t)plan->leaf_count + 1, sizeof *extract->holders);
    if (!extract->holders)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < plan->leaf_count && status == KW_OK; i++)
        if (plan->leaves[i].kind == KW_LEAF_FILTER &&
            kw_view_equal(plan->leaves[i].filter->field, extract->wanted->columns.items[number]))
            status = add_asked(extract, excerpt, i, docid, error);
    return status;
}

/* Adds what another program's document has of a column. */
static enum kw_status add_foreign_values(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                         struct kw_view name, uint32_t docid,
                                         struct kw_error *error)
{
    const struct kw_foreign_field *field = kw_foreign_column(extract->xapian, name);
    struct kw_foreign_values values = {.items = NULL};
    if (!field)
        return KW_OK;
    enum kw_status status = kw_foreign_values(extract->xapian, docid, field, &values, error);
    for (size_t i = 0; i < values.count && status == KW_OK; i++)
        status = field->type == KW_TYPE_KEYWORD
                     ? kw_excerpt_keyword(excerpt, name, values.items[i].keyword, error)
                     : kw_excerpt_key(excerpt, name, field->type, values.items[i].key, error);
    kw_foreign_values_release(&values);
    return status;
}

static int compare_postings(const void *a, const void *b)
{
    const struct kw_posting_part *left = a, *right = b;
    return (left->term > right->term) - (left->term < right->term);
}

enum kw_status kw_extract_fill_foreign(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                       struct kw_posting_part *items, size_t count,
                                       struct kw_error *error)
{
    struct kw_places *merged = &extract->merged;
    enum kw_status status = KW_OK;
    if (count)
        qsort(items, count, sizeof *items, compare_postings);
    for (size_t i = 0, end; i < count && status == KW_OK; i = end) {
        uint32_t frequency = 0, term = items[i].term;
        bool placed = extract->wanted->placed[term];
        merged->count = 0;
        for (end = i; end < count && items[end].term == term; end++) {
            frequency += items[end].frequency;
            if (!placed || !items[end].count)
                continue;
            if (!kw_grow(merged, merged->count + items[end].count))
                return kw_fail_memory(error);
            memcpy(merged->items + merged->count, extract->positions.items + items[end].at,
                   items[end].count * sizeof *merged->items);
            merged->count += items[end].count;
        }
        if (placed) {
            status = kw_foreign_settle_places(merged, &frequency, term,
                                              extract->wanted->terms.count, error);
        }
        if (status == KW_OK)
            status =
                kw_excerpt_posting(excerpt, term, placed ? merged->items : NULL, frequency, error);
    }
    return status;
}

enum kw_status kw_extract_foreign_values(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                         size_t number, uint32_t docid, struct kw_error *error)
{
    const struct kw_wanted *wanted = extract->wanted;
    return wanted->whole.items[number]
               ? add_foreign_values(extract, excerpt, wanted->columns.items[number], docid, error)
               : add_all_asked(extract, excerpt, number, docid, error);
}
