/* Reads columns where they lie: their rows, their documents' codes, and their dictionaries. */
#include "index/columns.h"

#include "index/bitpack.h"
#include "index/format.h"
#include "index/table.h"

/* ---- Rows --------------------------------------------------------------------------------- */

/* Whether `count` numbers of `bits` each lie in the section of values from *at on; moves *at behind
 * them. */
static bool take_numbers(const struct kw_segment *segment, uint64_t count, uint32_t bits,
                         uint64_t *at)
{
    uint64_t size = segment->values->size;
    uint64_t left = *at <= size ? size - *at : 0;
    if (*at > size || bits > 64 || (bits && count > left * 8 / bits))
        return false;
    uint64_t bytes = (count * bits + 7) / 8;
    *at += bytes;
    return bytes <= left;
}

static bool take_layout(const struct kw_segment *segment, struct kw_view *row,
                        struct kw_column *column)
{
    uint64_t at;
    if (!kw_take_varint(row, &at) || !kw_take_varint32(row, &column->code_bits))
        return false;
    if (!column->listed) {
        column->codes_at = at;
        return column->values == column->holders &&
               take_numbers(segment, segment->documents, column->code_bits, &at);
    }
    if (!kw_take_varint32(row, &column->document_bits) ||
        !kw_take_varint32(row, &column->end_bits) ||
        (!column->end_bits && column->values != column->holders))
        return false;
    column->documents_at = at;
    if (!take_numbers(segment, column->holders, column->document_bits, &at))
        return false;
    column->ends_at = at;
    if (!take_numbers(segment, column->holders, column->end_bits, &at))
        return false;
    column->codes_at = at;
    return take_numbers(segment, column->values, column->code_bits, &at);
}

static bool take_row(const struct kw_segment *segment, struct kw_view row, struct kw_column *column)
{
    struct kw_view type;
    uint64_t listed;
    if (!kw_take_string(&row, &column->name) || !kw_take_bytes(&row, 1, &type) ||
        !kw_take_varint(&row, &listed) || !kw_take_varint32(&row, &column->holders) ||
        !kw_take_varint(&row, &column->values))
        return false;
    column->type = (enum kw_value_type)type.data[0];
    column->listed = listed == 1;
    column->divisor = 1;
    if (listed > 1 || !column->holders || column->holders > segment->documents ||
        column->values < column->holders || !take_layout(segment, &row, column))
        return false;
    if (column->type == KW_TYPE_KEYWORD) {
        uint64_t blocks = segment->keyword_index->size / 8;
        return kw_take_varint(&row, &column->distinct) && column->distinct &&
               column->distinct <= column->values && kw_take_varint(&row, &column->first_block) &&
               column->first_block < blocks &&
               (column->distinct - 1) / KW_KEYWORD_BLOCK < blocks - column->first_block;
    }
    return (column->type == KW_TYPE_NUMBER || column->type == KW_TYPE_DATE) &&
           kw_take_varint(&row, &column->least) && kw_take_varint(&row, &column->divisor) &&
           column->divisor;
}

enum kw_status kw_segment_column(struct kw_segment *segment, uint32_t number,
                                 struct kw_column *column, struct kw_error *error)
{
    struct kw_view row =
        kw_table_record(&segment->pages, segment->columns, segment->column_index, number);
    *column = (struct kw_column){.name = {NULL, 0}};
    if (!row.data || !take_row(segment, row, column))
        kw_pages_damage(&segment->pages, segment->columns, 0, "a column's row makes no sense");
    return kw_segment_status(segment, error);
}

enum kw_status kw_segment_find_column(struct kw_segment *segment, struct kw_view name,
                                      struct kw_column *column, struct kw_error *error)
{
    uint32_t low = 0;
    uint32_t high = segment->column_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        enum kw_status status = kw_segment_column(segment, middle, column, error);
        if (status)
            return status;
        int order = kw_view_compare(column->name, name);
        if (order == 0)
            return KW_OK;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return KW_E_NOT_FOUND;
}

void kw_column_span(const struct kw_column *column, uint64_t low, uint64_t high, uint64_t *from,
                    uint64_t *to)
{
    *from = 0;
    *to = 0;
    if (high < column->least || high < low)
        return;
    if (low > column->least)
        *from = (low - column->least - 1) / column->divisor + 1;
    uint64_t last = (high - column->least) / column->divisor;
    *to = last == UINT64_MAX ? last : last + 1;
}

/* ---- Values ------------------------------------------------------------------------------- */

/* Number `i` of those packed at `at`; 0 on damage. */
static uint64_t packed(struct kw_segment *segment, uint64_t at, uint64_t i, uint32_t bits)
{
    if (!bits)
        return 0;
    /* Rows were held against the section: this cannot run over. */
    uint64_t bit = i * bits;
    uint32_t shift = (uint32_t)(bit % 8);
    const uint8_t *data =
        kw_pages_view(&segment->pages, segment->values, at + bit / 8, (shift + bits + 7) / 8);
    return data ? kw_bitpack_wide(data, shift, bits) : 0;
}

void kw_values_init(struct kw_values *values, struct kw_segment *segment,
                    const struct kw_column *column)
{
    *values = (struct kw_values){.segment = segment, .column = column};
    values->document = KW_NO_DOCUMENT;
}

static uint32_t end_values(struct kw_values *values)
{
    values->at = UINT64_MAX;
    values->count = 0;
    return values->document = KW_NO_DOCUMENT;
}

static uint32_t listed_document(const struct kw_values *values, uint64_t i)
{
    const struct kw_column *column = values->column;
    return (uint32_t)packed(values->segment, column->documents_at, i, column->document_bits);
}

/* Finds the document in the list: steps that double, then halves. */
static uint32_t advance_listed(struct kw_values *values, uint32_t target)
{
    const struct kw_column *column = values->column;
    uint64_t low = values->at;
    uint64_t high = low;
    for (uint64_t step = 1; high < column->holders && listed_document(values, high) < target;
         step *= 2) {
        low = high + 1;
        high += step;
    }
    if (high > column->holders)
        high = column->holders;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (listed_document(values, middle) < target)
            low = middle + 1;
        else
            high = middle;
    }
    if (low >= column->holders)
        return end_values(values);
    uint32_t document = listed_document(values, low);
    uint64_t end = low + 1;
    values->first = low;
    if (column->end_bits) {
        end = packed(values->segment, column->ends_at, low, column->end_bits);
        values->first =
            low ? packed(values->segment, column->ends_at, low - 1, column->end_bits) : 0;
    }
    if (document < target || document >= values->segment->documents || end <= values->first ||
        end > column->values || end - values->first > UINT32_MAX ||
        (column->code_bits < 32 && end - values->first > UINT64_C(1) << column->code_bits)) {
        kw_pages_damage(&values->segment->pages, values->segment->values, column->ends_at,
                        "a document's values are out of range");
        return end_values(values);
    }
    values->count = (uint32_t)(end - values->first);
    values->at = low + 1;
    return values->document = document;
}

/* The first document from `first` on, below `end`, whose number is in [least, least + span); `end`
 * if there is none, or on damage. */
static uint32_t scan_dense(struct kw_values *values, uint32_t first, uint32_t end, uint64_t least,
                           uint64_t span)
{
    uint32_t bits = values->column->code_bits;
    uint64_t bit = (uint64_t)first * bits;
    uint64_t size = ((uint64_t)end * bits + 7) / 8 - bit / 8;
    const uint8_t *data = kw_pages_view(&values->segment->pages, values->segment->values,
                                        values->column->codes_at + bit / 8, size);
    if (!data)
        return end;
    uint64_t at = bit % 8;
    for (uint32_t i = first; i < end; i++, at += bits)
        if (kw_bitpack_wide(data + at / 8, (uint32_t)(at % 8), bits) - least < span)
            return i;
    return end;
}

/* As kw_values_find over a dense column, by numbers, which are codes + 1: a stretch of documents is
 * looked at at a time. */
static uint32_t find_dense(struct kw_values *values, uint32_t target, uint64_t least, uint64_t span)
{
    enum { STRETCH = 512 };
    uint32_t documents = values->segment->documents;
    for (uint32_t first = target; first < documents;) {
        uint32_t end = documents - first > STRETCH ? first + STRETCH : documents;
        uint32_t found = scan_dense(values, first, end, least, span);
        if (found < end) {
            values->first = found;
            values->count = 1;
            return values->document = found;
        }
        first = end;
    }
    return end_values(values);
}

uint32_t kw_values_advance(struct kw_values *values, uint32_t target)
{
    if (values->at == UINT64_MAX)
        return KW_NO_DOCUMENT;
    if (values->document != KW_NO_DOCUMENT && values->document >= target)
        return values->document;
    if (values->column->listed)
        return advance_listed(values, target);
    return find_dense(values, target, 1, UINT64_MAX);
}

/* Whether a value of the current document has a code in [from, to). */
static bool has_code(const struct kw_values *values, uint64_t from, uint64_t to)
{
    for (uint32_t i = 0; i < values->count; i++) {
        uint64_t code = kw_values_code(values, i);
        if (code >= from && code < to)
            return true;
    }
    return false;
}

uint32_t kw_values_find(struct kw_values *values, uint32_t target, uint64_t from, uint64_t to)
{
    if (from >= to)
        return end_values(values);
    if (!values->column->listed && values->at != UINT64_MAX &&
        (values->document == KW_NO_DOCUMENT || values->document < target))
        return find_dense(values, target, from + 1, to - from);
    uint32_t document = kw_values_advance(values, target);
    while (document != KW_NO_DOCUMENT && !has_code(values, from, to))
        document = kw_values_advance(values, document + 1);
    return document;
}

uint64_t kw_values_code(const struct kw_values *values, uint32_t i)
{
    const struct kw_column *column = values->column;
    uint64_t code = packed(values->segment, column->codes_at, values->first + i, column->code_bits);
    code -= !column->listed && code > 0;
    if (column->type != KW_TYPE_KEYWORD || code < column->distinct)
        return code;
    kw_pages_damage(&values->segment->pages, values->segment->values, column->codes_at,
                    "a document has no such keyword");
    return 0;
}

/* ---- Keywords ----------------------------------------------------------------------------- */

static enum kw_status damaged(struct kw_segment *segment, uint64_t at, struct kw_error *error)
{
    kw_pages_damage(&segment->pages, segment->keywords, at, "a keyword makes no sense");
    return kw_segment_status(segment, error);
}

/* Where a block of the dictionary begins; false on damage. */
static bool block_start(struct kw_segment *segment, const struct kw_column *column, uint64_t block,
                        uint64_t *at)
{
    const uint8_t *entry = kw_pages_view(&segment->pages, segment->keyword_index,
                                         (column->first_block + block) * 8, 8);
    if (!entry)
        return false;
    *at = kw_load64(entry);
    return true;
}

/* Takes a varint at *at and moves behind it; false on damage. */
static bool take_size(struct kw_segment *segment, uint64_t *at, uint64_t *size)
{
    uint64_t left = *at <= segment->keywords->size ? segment->keywords->size - *at : 0;
    const uint8_t *data =
        kw_pages_view(&segment->pages, segment->keywords, *at, left < 10 ? left : 10);
    struct kw_view view = {data, left < 10 ? left : 10};
    if (!data || !kw_take_varint(&view, size))
        return false;
    *at += (uint64_t)(view.data - data);
    return true;
}

/* Takes the bytes of a keyword, or the rest of one, at *at; NULL data on damage. */
static struct kw_view take_bytes(struct kw_segment *segment, uint64_t *at)
{
    uint64_t size;
    if (!take_size(segment, at, &size) || size > segment->keywords->size)
        return (struct kw_view){NULL, 0};
    const uint8_t *data = kw_pages_view(&segment->pages, segment->keywords, *at, size);
    *at += size;
    return (struct kw_view){data, size};
}

enum kw_status kw_keywords_init(struct kw_keywords *keywords, struct kw_segment *segment,
                                const struct kw_column *column, uint64_t code,
                                struct kw_error *error)
{
    *keywords =
        (struct kw_keywords){.segment = segment, .column = column, .next = column->distinct};
    if (code >= column->distinct)
        return KW_OK;
    keywords->next = code / KW_KEYWORD_BLOCK * KW_KEYWORD_BLOCK;
    enum kw_status status = KW_OK;
    while (status == KW_OK && keywords->next < code)
        status = kw_keywords_next(keywords, error);
    return status;
}

enum kw_status kw_keywords_next(struct kw_keywords *keywords, struct kw_error *error)
{
    struct kw_segment *segment = keywords->segment;
    uint64_t common = 0;
    if (keywords->next >= keywords->column->distinct)
        return KW_END;
    bool first = keywords->next % KW_KEYWORD_BLOCK == 0;
    bool sound = first ? block_start(segment, keywords->column, keywords->next / KW_KEYWORD_BLOCK,
                                     &keywords->rest)
                       : take_size(segment, &keywords->rest, &common);
    struct kw_view rest = {NULL, 0};
    if (sound && common <= keywords->keyword.size)
        rest = take_bytes(segment, &keywords->rest);
    if (!rest.data)
        return damaged(segment, keywords->rest, error);
    keywords->keyword.size = common;
    kw_bytes_append_view(&keywords->keyword, rest);
    keywords->code = keywords->next++;
    return kw_bytes_status(&keywords->keyword, error);
}

void kw_keywords_release(struct kw_keywords *keywords)
{
    kw_bytes_release(&keywords->keyword);
}

enum kw_status kw_column_keyword(struct kw_segment *segment, const struct kw_column *column,
                                 uint64_t code, struct kw_bytes *out, struct kw_error *error)
{
    struct kw_keywords keywords;
    if (code >= column->distinct)
        return kw_fail(error, KW_E_NOT_FOUND, "no keyword has the number %llu",
                       (unsigned long long)code);
    enum kw_status status = kw_keywords_init(&keywords, segment, column, code, error);
    if (status == KW_OK)
        status = kw_keywords_next(&keywords, error);
    if (status == KW_OK)
        kw_bytes_append_view(out, kw_bytes_view(&keywords.keyword));
    kw_keywords_release(&keywords);
    return status == KW_OK ? kw_bytes_status(out, error) : status;
}

/* The last block whose first keyword is not above `wanted`, 0 if all are. */
static enum kw_status find_block(struct kw_segment *segment, const struct kw_column *column,
                                 struct kw_view wanted, uint64_t *block, struct kw_error *error)
{
    uint64_t low = 0;
    uint64_t high = (column->distinct - 1) / KW_KEYWORD_BLOCK;
    while (low < high) {
        uint64_t middle = low + (high - low + 1) / 2;
        uint64_t at = 0;
        struct kw_view keyword = {NULL, 0};
        if (block_start(segment, column, middle, &at))
            keyword = take_bytes(segment, &at);
        if (!keyword.data)
            return damaged(segment, at, error);
        if (kw_view_compare(keyword, wanted) <= 0)
            low = middle;
        else
            high = middle - 1;
    }
    *block = low;
    return KW_OK;
}

enum kw_status kw_column_find(struct kw_segment *segment, const struct kw_column *column,
                              struct kw_view wanted, uint64_t *code, bool *equal,
                              struct kw_error *error)
{
    struct kw_keywords keywords;
    uint64_t block = 0;
    *equal = false;
    *code = column->distinct;
    enum kw_status status = find_block(segment, column, wanted, &block, error);
    if (status)
        return status;
    status = kw_keywords_init(&keywords, segment, column, block * KW_KEYWORD_BLOCK, error);
    while (status == KW_OK && (status = kw_keywords_next(&keywords, error)) == KW_OK) {
        int order = kw_view_compare(kw_bytes_view(&keywords.keyword), wanted);
        if (order >= 0) {
            *code = keywords.code;
            *equal = order == 0;
            break;
        }
    }
    kw_keywords_release(&keywords);
    return status == KW_END ? KW_OK : status;
}
