/* Fuzzes the reader of segments behind its checksums.
 *
 * The first byte of an input is a number of sections (at most KW_SECTIONS), their rows of the
 * directory follow, and what is left is the file from its second page on. Header and checksums are
 * made right around it, so that any bytes get as far as the structures do. Whatever they hold, the
 * reader may only give answers that make sense in themselves, or say that the file is damaged. */
#include "index/check_segment.h"
#include "index/columns.h"
#include "index/expand.h"
#include "index/format.h"
#include "index/pairs.h"
#include "index/postings.h"
#include "tests/unit/reseal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    ROW = 40,        /* bytes of a row of the directory */
    SOME = 300,      /* documents, postings, fields and the like that are looked at */
    MANY = 5000,     /* terms */
    CHECKED = 10000, /* bytes up to which an input is checked as `kwic check` does */
};

static void hold(bool condition)
{
    if (!condition)
        abort();
}

/* A call may only fail on a segment that is marked damaged by then. */
static bool holds(const struct kw_segment *segment, enum kw_status status)
{
    hold(status == KW_OK || (status == KW_E_DAMAGED && kw_segment_status(segment, NULL) != KW_OK));
    return status == KW_OK;
}

static void read_positions(struct kw_postings *cursor)
{
    const uint32_t *positions;
    if (!holds(cursor->segment, kw_postings_positions(cursor, &positions, NULL)))
        return;
    for (uint32_t i = 1; i < kw_postings_frequency(cursor); i++)
        hold(positions[i] > positions[i - 1]);
}

static void read_postings(struct kw_segment *segment, const struct kw_term *term)
{
    struct kw_postings cursor;
    uint64_t next = 0;
    hold(term->documents > 0 && term->documents <= segment->documents);
    kw_postings_init(&cursor, segment, term);
    for (uint32_t i = 0; i < SOME && kw_postings_next(&cursor) != KW_NO_DOCUMENT; i++) {
        hold(cursor.document >= next && cursor.document < segment->documents);
        hold(kw_postings_frequency(&cursor) > 0);
        next = (uint64_t)cursor.document + 1;
        if (term->positional)
            read_positions(&cursor);
    }
    kw_postings_release(&cursor);
    kw_postings_init(&cursor, segment, term);
    for (uint32_t target = 0; target < segment->documents; target += target / 2 + 1)
        hold(kw_postings_advance(&cursor, target) >= target);
    kw_postings_release(&cursor);
}

/* Enters a block, and reads the frequencies in it one by one; false at the end. */
static bool read_block(struct kw_postings *cursor, uint32_t block)
{
    if (!kw_postings_enter(cursor, block))
        return false;
    hold(cursor->document == cursor->documents[0] && cursor->count <= KW_POSTING_BLOCK);
    for (uint32_t i = 0; i < cursor->count; i++) {
        hold(cursor->documents[i] < cursor->segment->documents);
        hold(kw_postings_frequency_at(cursor, i) > 0);
    }
    hold(!cursor->last || kw_postings_last(cursor, block) == cursor->documents[cursor->count - 1]);
    hold(kw_postings_find_block(cursor, block, cursor->document) <= cursor->block_count);
    return true;
}

/* Block by block, as a search for the best few does. */
static void read_blocks(struct kw_segment *segment, const struct kw_term *term)
{
    struct kw_postings cursor;
    struct kw_strengths told;
    uint64_t sum = 0;
    uint32_t block = 0;
    kw_postings_init(&cursor, segment, term);
    bool strong = kw_postings_strengths(&cursor, &told);
    hold(!strong || told.stronger[0] == term->documents);
    for (; block < cursor.block_count && block < SOME && read_block(&cursor, block); block++) {
        const uint8_t *classes = strong ? kw_postings_classes(&cursor, block) : NULL;
        hold(!strong || classes || kw_segment_status(segment, NULL) != KW_OK);
        sum += strong ? told.blocks[block] + told.greatest[block % KW_CLASSES] : 0;
        for (uint32_t i = 0; classes && i < KW_CLASS_BYTES; i++)
            sum += classes[i];
    }
    hold(block == cursor.block_count || block == SOME || kw_segment_status(segment, NULL) != KW_OK);
    hold(sum <= UINT64_C(255) * (KW_CLASS_BYTES + 2) * block);
    kw_postings_release(&cursor);
}

static void read_forms(struct kw_segment *segment, const struct kw_term *stem)
{
    struct kw_term *forms = calloc(stem->form_count, sizeof *forms);
    hold(forms && stem->form_count <= stem->forms.size);
    if (holds(segment, kw_term_forms(segment, stem, forms, NULL)))
        for (uint32_t i = 0; i < stem->form_count; i++)
            hold(forms[i].form_count == 0 && forms[i].ordinal < stem->ordinal);
    free(forms);
}

static void read_terms(struct kw_segment *segment)
{
    struct kw_lexicon_cursor cursor;
    if (!holds(segment, kw_lexicon_cursor_init(&cursor, segment, (struct kw_view){NULL, 0}, NULL)))
        return;
    for (uint32_t i = 0; i < MANY; i++) {
        struct kw_term found;
        enum kw_status status = kw_lexicon_cursor_next(&cursor, NULL);
        if (status == KW_END || !holds(segment, status))
            break;
        if (i < SOME) {
            status = kw_segment_find_term(segment, kw_bytes_view(&cursor.key), &found, NULL);
            hold(status == KW_E_NOT_FOUND || status == KW_OK || !holds(segment, status));
            read_postings(segment, &cursor.term);
            read_blocks(segment, &cursor.term);
        }
        if (i < SOME && cursor.term.form_count)
            read_forms(segment, &cursor.term);
    }
    kw_lexicon_cursor_release(&cursor);
}

/* Looks for the terms of a field that fit a pattern: they rise, and a walk ends. */
/* Looks up the pair of two terms, and walks all pairs. */
static void read_pairs(struct kw_segment *segment)
{
    struct kw_pair_cursor cursor = {.segment = segment};
    struct kw_term found;
    if (!kw_pairs_init(&cursor.pairs, segment)) {
        hold(!segment->pairs || kw_segment_status(segment, NULL) != KW_OK);
        return;
    }
    for (uint64_t first = 0; first < 20; first++)
        for (uint64_t second = 0; second < 20; second++) {
            struct kw_term words[2] = {{.ordinal = first}, {.ordinal = second}};
            enum kw_status status =
                kw_segment_find_pair(segment, &words[0], &words[1], &found, NULL);
            if (status != KW_E_NOT_FOUND && status != KW_END && holds(segment, status))
                read_postings(segment, &found);
        }
    for (uint32_t i = 0; i < MANY; i++) {
        enum kw_status status = kw_pair_cursor_next(&cursor, NULL);
        if (status == KW_END || !holds(segment, status))
            break;
        read_postings(segment, &cursor.term);
        read_blocks(segment, &cursor.term);
    }
}

static void read_expansion(struct kw_segment *segment, struct kw_view field,
                           const struct kw_pattern *pattern)
{
    struct kw_expand_cursor cursor;
    uint64_t next = 0;
    enum kw_status status = kw_expand_cursor_init(&cursor, segment, field, pattern, NULL);
    while (holds(segment, status)) {
        status = kw_expand_cursor_next(&cursor, NULL);
        if (status == KW_END)
            break;
        hold(status != KW_OK || cursor.lexicon.term.ordinal >= next);
        next = cursor.lexicon.term.ordinal + 1;
    }
    kw_expand_cursor_release(&cursor);
}

static void read_expansions(struct kw_segment *segment, struct kw_view field)
{
    struct kw_pattern pattern;
    kw_pattern_wildcard(&pattern, kw_view_of("b*"));
    read_expansion(segment, field, &pattern);
    kw_pattern_wildcard(&pattern, kw_view_of("*e?"));
    read_expansion(segment, field, &pattern);
    kw_pattern_spelling(&pattern, kw_view_of("border"), 2);
    read_expansion(segment, field, &pattern);
}

static void read_texts(struct kw_segment *segment, const struct kw_record *record)
{
    struct kw_bytes text = KW_BYTES_INIT;
    struct kw_border *borders = NULL;
    if (record->passage_count > SOME)
        return;
    borders = calloc(record->passage_count + 1, sizeof *borders);
    hold(borders);
    if (holds(segment, kw_segment_borders(segment, record, 0, borders, NULL)) &&
        holds(segment,
              kw_segment_text(segment, record->first_passage, record->passage_count, &text, NULL)))
        hold(text.size == record->bytes);
    for (uint64_t i = 0; i < record->passage_count && i < 5; i++) {
        kw_bytes_clear(&text);
        if (!holds(segment, kw_segment_text(segment, record->first_passage + i, 1, &text, NULL)))
            break;
        hold(text.size == borders[i].bytes || kw_segment_status(segment, NULL) != KW_OK);
    }
    free(borders);
    kw_bytes_release(&text);
}

static void read_documents(struct kw_segment *segment)
{
    for (uint32_t i = 0; i < segment->documents && i < SOME; i++) {
        struct kw_record record;
        struct kw_record_field field;
        uint32_t found;
        kw_segment_id_rank(segment, i);
        kw_segment_by_id_rank(segment, i);
        if (!holds(segment, kw_segment_record(segment, i, &record, NULL)))
            continue;
        for (uint64_t j = 0; j < record.field_count; j++)
            if (!kw_record_next_field(&record.fields, &field))
                break;
        enum kw_status status = kw_segment_find_id(segment, record.id, &found, NULL);
        if (status != KW_E_NOT_FOUND && holds(segment, status))
            hold(found < segment->documents);
        read_texts(segment, &record);
    }
}

static void read_fields(struct kw_segment *segment)
{
    for (uint32_t i = 0; i < segment->field_count && i < SOME; i++) {
        struct kw_field_info info;
        if (!holds(segment, kw_segment_field(segment, i, &info, NULL)))
            continue;
        kw_segment_find_field(segment, info.name);
        if (i < 5)
            read_expansions(segment, info.name);
        for (uint32_t document = 0; document < segment->documents && document < SOME; document++)
            kw_segment_length(segment, &info, document);
    }
}

static void read_keywords(struct kw_segment *segment, const struct kw_column *column)
{
    struct kw_keywords keywords;
    struct kw_bytes word = KW_BYTES_INIT;
    enum kw_status status = kw_keywords_init(&keywords, segment, column, 0, NULL);
    for (uint32_t i = 0; i < SOME && status == KW_OK; i++) {
        uint64_t code;
        bool equal;
        status = kw_keywords_next(&keywords, NULL);
        if (status == KW_END || !holds(segment, status))
            break;
        status =
            kw_column_find(segment, column, kw_bytes_view(&keywords.keyword), &code, &equal, NULL);
        if (holds(segment, status))
            hold(code <= column->distinct);
        kw_bytes_clear(&word);
        status = kw_column_keyword(segment, column, keywords.code, &word, NULL);
        if (holds(segment, status))
            hold(kw_view_equal(kw_bytes_view(&word), kw_bytes_view(&keywords.keyword)));
    }
    kw_keywords_release(&keywords);
    kw_bytes_release(&word);
}

static void read_columns(struct kw_segment *segment)
{
    for (uint32_t i = 0; i < segment->column_count && i < SOME; i++) {
        struct kw_column column;
        struct kw_values values;
        uint32_t next = 0;
        if (!holds(segment, kw_segment_column(segment, i, &column, NULL)))
            continue;
        kw_values_init(&values, segment, &column);
        for (uint32_t k = 0; k < MANY && kw_values_advance(&values, next) != KW_NO_DOCUMENT; k++) {
            hold(values.document >= next && values.document < segment->documents && values.count);
            uint64_t code = kw_values_code(&values, values.count - 1);
            hold(column.type != KW_TYPE_KEYWORD || code < column.distinct);
            next = values.document + 1 + (k > SOME ? k : 0);
        }
        if (column.type == KW_TYPE_KEYWORD)
            read_keywords(segment, &column);
    }
}

static void read_segment(const char *path, bool whole)
{
    struct kw_segment *segment;
    enum kw_status status = kw_segment_new(&segment, path, 1, NULL);
    hold(status == KW_OK || status == KW_E_DAMAGED);
    if (status)
        return;
    read_terms(segment);
    read_pairs(segment);
    read_documents(segment);
    read_fields(segment);
    read_columns(segment);
    if (whole) {
        struct kw_checker checker = {.report = NULL};
        hold(kw_check_documents(&checker, segment, NULL) == KW_OK);
        hold(kw_check_terms(&checker, segment, NULL) == KW_OK);
        hold(kw_check_pairs(&checker, segment, NULL) == KW_OK);
        hold(kw_check_columns(&checker, segment, NULL) == KW_OK);
    }
    kw_segment_free(segment);
}

/* Writes the input as a whole file with header and checksums to `fd`. */
static void write_file(int fd, const uint8_t *data, size_t size)
{
    uint32_t sections = data[0] % 65;
    size_t rows = (size_t)sections * ROW < size - 1 ? (size_t)sections * ROW : size - 1;
    size_t body = size - 1 - rows;
    uint64_t pages = 1 + (body + RESEAL_PAGE - 1) / RESEAL_PAGE;
    uint64_t file_size = (pages + (pages + RESEAL_SUMS - 1) / RESEAL_SUMS) * RESEAL_PAGE;
    uint8_t *file = calloc(1, file_size);
    hold(file);
    memcpy(file, "kwicsegm", 8);
    kw_store32(file + 8, KW_FORMAT_VERSION);
    kw_store32(file + 12, KW_FORMAT_WRITES);
    kw_store64(file + 24, file_size);
    kw_store64(file + 32, pages);
    kw_store32(file + 40, sections);
    memcpy(file + 48, data + 1, rows);
    memcpy(file + RESEAL_PAGE, data + 1 + rows, body);
    reseal(file, file_size);
    hold(write(fd, file, file_size) == (ssize_t)file_size);
    free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    if (size == 0 || size > 1 << 20)
        return 0;
    int fd = memfd_create("segment", MFD_CLOEXEC);
    hold(fd >= 0);
    write_file(fd, data, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_segment(path, size < CHECKED);
    close(fd);
    return 0;
}
