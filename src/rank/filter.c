/* Filters are tested document by document, as codes: a range of them, or the keywords that fit. */
#include "rank/filter.h"

#include "base/value.h"
#include "index/columns.h"

struct filter_cursor {
    struct kw_cursor base;
    struct kw_column column;
    struct kw_values values;
    uint64_t from; /* codes [from, to) can pass */
    uint64_t to;
    const uint8_t *fits; /* a bit a code from `from` on; NULL: all of them pass */
};

/* ---- Wildcards ---------------------------------------------------------------------------- */

/* The bytes of the character at the front of a text that is not empty. */
static size_t character_size(struct kw_view text)
{
    uint8_t lead = text.data[0];
    size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < size; i++)
        if (i >= text.size || (text.data[i] & 0xC0) != 0x80)
            return 1;
    return size;
}

bool kw_wildcard_match(struct kw_view pattern, struct kw_view text)
{
    size_t at = 0;          /* in the pattern */
    size_t place = 0;       /* in the text */
    size_t star = SIZE_MAX; /* the last one seen */
    size_t swallowed = 0;   /* where what that stands for ends */
    while (place < text.size) {
        struct kw_view rest = {text.data + place, text.size - place};
        int wanted = at < pattern.size ? pattern.data[at] : -1;
        if (wanted == '*') {
            star = at++;
            swallowed = place;
        } else if (wanted == '?') {
            at++;
            place += character_size(rest);
        } else if (wanted == rest.data[0]) {
            at++;
            place++;
        } else if (star != SIZE_MAX) {
            at = star + 1;
            rest = (struct kw_view){text.data + swallowed, text.size - swallowed};
            place = swallowed += character_size(rest);
        } else {
            return false;
        }
    }
    while (at < pattern.size && pattern.data[at] == '*')
        at++;
    return at == pattern.size;
}

/* The bytes before the first wildcard. */
static struct kw_view literal_part(struct kw_view pattern)
{
    size_t size = 0;
    while (size < pattern.size && pattern.data[size] != '*' && pattern.data[size] != '?')
        size++;
    return (struct kw_view){pattern.data, size};
}

static bool begins_with(struct kw_view text, struct kw_view prefix)
{
    return text.size >= prefix.size &&
           (!prefix.size || memcmp(text.data, prefix.data, prefix.size) == 0);
}

/* Walks the keywords that begin with the literal part; notes which fit, in the arena. */
static enum kw_status find_fitting(struct filter_cursor *filter, struct kw_evaluation *evaluation,
                                   struct kw_view pattern, struct kw_error *error)
{
    const struct kw_column *column = &filter->column;
    struct kw_view prefix = literal_part(pattern);
    struct kw_keywords keywords;
    bool equal;
    enum kw_status status =
        kw_column_find(evaluation->segment, column, prefix, &filter->from, &equal, error);
    if (status != KW_OK)
        return status;
    uint8_t *fits = kw_arena_alloc(&evaluation->arena, (column->distinct - filter->from) / 8 + 1);
    if (!fits)
        return kw_fail_memory(error);
    filter->fits = fits;
    filter->to = filter->from;
    status = kw_keywords_init(&keywords, evaluation->segment, column, filter->from, error);
    while (status == KW_OK && (status = kw_keywords_next(&keywords, error)) == KW_OK) {
        struct kw_view keyword = kw_bytes_view(&keywords.keyword);
        if (!begins_with(keyword, prefix))
            break;
        if (!kw_wildcard_match(pattern, keyword))
            continue;
        uint64_t bit = keywords.code - filter->from;
        fits[bit / 8] |= (uint8_t)(1U << (bit % 8));
        filter->to = keywords.code + 1;
    }
    kw_keywords_release(&keywords);
    return status == KW_END ? KW_OK : status;
}

/* ---- Codes -------------------------------------------------------------------------------- */

static void find_numbers(struct filter_cursor *filter, const struct kw_number_range *range)
{
    if (range->least <= range->most)
        kw_column_span(&filter->column, kw_number_key(range->least), kw_number_key(range->most),
                       &filter->from, &filter->to);
}

static void find_dates(struct filter_cursor *filter, const struct kw_date_range *range)
{
    if (range->first <= range->last)
        kw_column_span(&filter->column, kw_date_key(range->first), kw_date_key(range->last),
                       &filter->from, &filter->to);
}

static enum kw_status find_keyword(struct filter_cursor *filter, struct kw_evaluation *evaluation,
                                   const struct kw_filter *asked, struct kw_error *error)
{
    bool equal;
    if (asked->wildcards)
        return find_fitting(filter, evaluation, asked->keyword, error);
    enum kw_status status = kw_column_find(evaluation->segment, &filter->column, asked->keyword,
                                           &filter->from, &equal, error);
    filter->to = filter->from + equal;
    return status;
}

/* Finds the codes that pass; none by default. */
static enum kw_status find_codes(struct filter_cursor *filter, struct kw_evaluation *evaluation,
                                 const struct kw_filter *asked, struct kw_error *error)
{
    enum kw_value_type type = filter->column.type;
    if (type == KW_TYPE_KEYWORD && asked->uses & KW_FIELD_KEYWORD)
        return find_keyword(filter, evaluation, asked, error);
    if (type == KW_TYPE_NUMBER && asked->uses & KW_FIELD_NUMBER)
        find_numbers(filter, &asked->numbers);
    if (type == KW_TYPE_DATE && asked->uses & KW_FIELD_DATE)
        find_dates(filter, &asked->dates);
    return KW_OK;
}

/* ---- The cursor --------------------------------------------------------------------------- */

/* Whether the document, which has a code in the range, passes. */
static bool passes(const struct filter_cursor *filter)
{
    if (!filter->fits)
        return true;
    for (uint32_t i = 0; i < filter->values.count; i++) {
        uint64_t code = kw_values_code(&filter->values, i);
        uint64_t bit = code - filter->from;
        if (code >= filter->from && code < filter->to && filter->fits[bit / 8] >> (bit % 8) & 1)
            return true;
    }
    return false;
}

static int64_t filter_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct filter_cursor *filter = (struct filter_cursor *)cursor;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    uint32_t document = kw_values_find(&filter->values, target, filter->from, filter->to);
    while (document != KW_NO_DOCUMENT && !passes(filter))
        document = kw_values_find(&filter->values, document + 1, filter->from, filter->to);
    return cursor->document = document;
}

static int64_t filter_next(struct kw_cursor *cursor)
{
    return filter_advance(cursor, (uint32_t)(cursor->document + 1));
}

static void filter_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    (void)cursor;
    (void)contributions;
}

static void filter_release(struct kw_cursor *cursor)
{
    (void)cursor;
}

static const struct kw_cursor_ops filter_ops = {
    .next = filter_next,
    .advance = filter_advance,
    .collect = filter_collect,
    .release = filter_release,
};

enum kw_status kw_filter_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                    const struct kw_leaf *leaf, struct kw_error *error)
{
    struct filter_cursor *filter = kw_arena_alloc(&evaluation->arena, sizeof *filter);
    *out = NULL;
    if (!filter)
        return kw_fail_memory(error);
    filter->base = (struct kw_cursor){.ops = &filter_ops, .document = -1};
    enum kw_status status =
        kw_segment_find_column(evaluation->segment, leaf->filter->field, &filter->column, error);
    if (status == KW_OK)
        status = find_codes(filter, evaluation, leaf->filter, error);
    else if (status == KW_E_NOT_FOUND)
        status = KW_OK;
    if (status != KW_OK)
        return status;
    if (filter->from < filter->to)
        filter->base.cost = filter->column.holders;
    kw_values_init(&filter->values, evaluation->segment, &filter->column);
    *out = &filter->base;
    return KW_OK;
}
