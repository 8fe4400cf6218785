/* Checks the columns of a segment. */
#include "index/check_segment.h"
#include "index/columns.h"
#include "index/format.h"

#include <inttypes.h>
#include <stdlib.h>

struct column_checker {
    struct kw_checker *checker;
    struct kw_segment *segment;
    struct kw_column column;
    uint32_t number;
    uint64_t blocks;   /* of dictionaries so far */
    uint64_t keywords; /* bytes of these */
    uint8_t *used;     /* a bit a keyword of the column at hand */
};

static bool problem(struct column_checker *state, const char *section, const char *what)
{
    return kw_check_report(state->checker, state->segment->pages.path, section,
                           "column %" PRIu32 ": %s", state->number, what);
}

static uint64_t block_start(struct column_checker *state, uint64_t block)
{
    struct kw_segment *segment = state->segment;
    const uint8_t *entry = kw_pages_view(&segment->pages, segment->keyword_index, block * 8, 8);
    return entry ? kw_load64(entry) : UINT64_MAX;
}

/* The dictionary rises, and lies directly behind the one before. */
static enum kw_status check_dictionary(struct column_checker *state, struct kw_error *error)
{
    struct kw_keywords keywords;
    struct kw_bytes before = KW_BYTES_INIT;
    const struct kw_column *column = &state->column;
    if (column->first_block != state->blocks)
        problem(state, "columns", "its dictionary does not follow the one before");
    state->blocks = column->first_block + (column->distinct - 1) / KW_KEYWORD_BLOCK + 1;
    enum kw_status status = kw_keywords_init(&keywords, state->segment, column, 0, error);
    while (status == KW_OK) {
        uint64_t at = state->keywords;
        uint64_t block = column->first_block + keywords.next / KW_KEYWORD_BLOCK;
        bool begins = keywords.next % KW_KEYWORD_BLOCK == 0 && keywords.next < column->distinct;
        status = kw_keywords_next(&keywords, error);
        if (status != KW_OK)
            break;
        struct kw_view keyword = kw_bytes_view(&keywords.keyword);
        if (keywords.code && kw_view_compare(kw_bytes_view(&before), keyword) >= 0)
            problem(state, "keywords", "a keyword is out of order");
        state->keywords = keywords.rest;
        if (begins && block_start(state, block) != at)
            problem(state, "keywordindex", "a block does not follow the one before");
        kw_bytes_clear(&before);
        kw_bytes_append_view(&before, keyword);
        if (before.failed)
            status = kw_fail_memory(error);
    }
    kw_bytes_release(&before);
    kw_keywords_release(&keywords);
    return status == KW_END ? KW_OK : status;
}

/* Whether a code is of the column; notes that it is used. */
static bool check_code(struct column_checker *state, uint64_t code)
{
    const struct kw_column *column = &state->column;
    char text[KW_VALUE_SIZE];
    if (column->type == KW_TYPE_KEYWORD) {
        if (code >= column->distinct)
            return false;
        state->used[code / 8] |= (uint8_t)(1U << (code % 8));
        return true;
    }
    if (code > (UINT64_MAX - column->least) / column->divisor)
        return false;
    if (code == 0)
        state->used[0] = 1;
    return kw_key_format(column->type, kw_column_key(column, code), text);
}

/* Documents and their values rise, and are as many as the row says. */
static void check_values(struct column_checker *state)
{
    struct kw_values values;
    const struct kw_column *column = &state->column;
    uint32_t holders = 0;
    uint64_t count = 0;
    kw_values_init(&values, state->segment, column);
    for (uint32_t next = 0; kw_values_advance(&values, next) != KW_NO_DOCUMENT;
         next = values.document + 1) {
        uint64_t before = 0;
        if (column->listed && values.first != count)
            problem(state, "values", "a document's values do not follow those before");
        for (uint32_t i = 0; i < values.count; i++) {
            uint64_t code = kw_values_code(&values, i);
            if (!check_code(state, code) || (i && code <= before)) {
                problem(state, "values", "a value is out of range or order");
                return;
            }
            before = code;
        }
        holders++;
        count += values.count;
    }
    if (holders != column->holders || count != column->values)
        problem(state, "columns", "its documents and values are not as many as it says");
    bool all = true;
    uint64_t codes = column->type == KW_TYPE_KEYWORD ? column->distinct : 1;
    for (uint64_t i = 0; i < codes; i++)
        all = all && (state->used[i / 8] >> (i % 8) & 1);
    if (!all)
        problem(state, "values", "a keyword, or the least number, is no document's");
}

enum kw_status kw_check_columns(struct kw_checker *checker, struct kw_segment *segment,
                                struct kw_error *error)
{
    struct column_checker state = {.checker = checker, .segment = segment};
    struct kw_view before = {NULL, 0};
    enum kw_status status = KW_OK;
    for (; state.number < segment->column_count && !status; state.number++) {
        status = kw_segment_column(segment, state.number, &state.column, error);
        if (status)
            break;
        if (state.number && kw_view_compare(before, state.column.name) >= 0)
            problem(&state, "columns", "its name is out of order");
        before = state.column.name;
        bool keywords = state.column.type == KW_TYPE_KEYWORD;
        state.used = calloc(keywords ? state.column.distinct / 8 + 1 : 1, 1);
        if (!state.used)
            return kw_fail_memory(error);
        if (keywords)
            status = check_dictionary(&state, error);
        if (!status)
            check_values(&state);
        free(state.used);
    }
    if (!status && segment->columns &&
        (state.blocks != segment->keyword_index->size / 8 ||
         segment->keyword_index->size % 8 != 0 || state.keywords != segment->keywords->size))
        kw_check_report(checker, segment->pages.path, "keywords", "keywords belong to no column");
    return status == KW_E_MEMORY ? status : KW_OK;
}
