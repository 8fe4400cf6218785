/* Columns: what a naive model says of random values is what a segment gives back, whichever way it
 * is packed; foreign bytes give an end or an error. */
#include "index/columns.h"

#include "index/check.h"
#include "index/commit.h"
#include "index/format.h"
#include "tests/unit/index_builder.h"
#include "tests/unit/reseal.h"

enum { DOCUMENTS = 700, MOST_VALUES = 5, COLUMNS = 12, NUMBERS = 64 };

static struct scratch scratch;
static uint64_t seed;

/* A document's values of one column, as strings of which no two are equal. */
struct model_values {
    uint32_t count;
    uint64_t keys[MOST_VALUES];
    char words[MOST_VALUES][40];
};

struct model_column {
    char name[16];
    enum kw_value_type type;
    struct model_values values[DOCUMENTS];
};

static struct model_column columns[COLUMNS];

static int setup(void **state)
{
    (void)state;
    seed = 77;
    scratch_init(&scratch);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_release(&scratch);
    return 0;
}

/* ---- Making ------------------------------------------------------------------------------- */

static uint64_t random_key(uint32_t column)
{
    uint32_t number = scratch_random(&seed);
    switch (column % 6) {
    case 0:
        return kw_number_key(1990 + number % 30);
    case 1:
        return kw_date_key((int64_t)(number % 20000) * 86400 * 1000000);
    case 2:
        return kw_number_key((double)number / 7);
    case 3: /* the whole range: 64 bits */
        return kw_number_key(number % 3 ? (number % 2 ? -1.7e308 : 1.7e308) : number);
    case 4:
        return kw_number_key(42);
    default:
        return kw_date_key((int64_t)number * 1000 - 2000000000000);
    }
}

static void random_word(uint32_t column, char word[40])
{
    uint32_t number = scratch_random(&seed);
    switch (column % 4) {
    case 0:
        snprintf(word, 40, "%u", number % 40);
        break;
    case 1:
        snprintf(word, 40, "2006/a long common part/%u", number % 5000);
        break;
    case 2:
        snprintf(word, 40, "%s", number % 2 ? "" : "de");
        break;
    default:
        snprintf(word, 40, "%.*s", (int)(number % 9), "aaaaaaaa");
    }
}

static int compare_words(const void *left, const void *right)
{
    return strcmp(left, right);
}

static int compare_keys(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Adds `count` values, some twice, to builder and model. */
static void make_values(struct index_builder *builder, uint32_t number, uint32_t document,
                        uint32_t count)
{
    struct model_column *column = &columns[number];
    struct model_values *values = &column->values[document];
    struct kw_view name = kw_view_of(column->name);
    for (uint32_t i = 0; i < count; i++) {
        bool keyword = column->type == KW_TYPE_KEYWORD;
        enum kw_status status;
        values->keys[i] = random_key(number);
        random_word(number, values->words[i]);
        status =
            keyword
                ? kw_inverter_keyword(builder->inverter, name, kw_view_of(values->words[i]), NULL)
                : kw_inverter_key(builder->inverter, name, column->type, values->keys[i], NULL);
        assert_int_equal(status, KW_OK);
    }
    qsort(values->words, count, sizeof *values->words, compare_words);
    qsort(values->keys, count, sizeof *values->keys, compare_keys);
    for (uint32_t i = 0; i < count; i++) {
        bool repeats =
            values->count && (column->type == KW_TYPE_KEYWORD
                                  ? strcmp(values->words[i], values->words[values->count - 1]) == 0
                                  : values->keys[i] == values->keys[values->count - 1]);
        if (repeats)
            continue;
        memmove(values->words[values->count], values->words[i], sizeof values->words[i]);
        values->keys[values->count++] = values->keys[i];
    }
}

/* Each column is dense or sparse, and has one value a document or several. */
static uint32_t values_of(uint32_t column, uint32_t document)
{
    uint32_t chance = scratch_below(&seed, 1000);
    if (column == COLUMNS - 1)
        return document == DOCUMENTS - 1;
    switch (column % 3) {
    case 0:
        return chance < 900 ? 1 : 0;
    case 1:
        return chance < 20 ? 1 : 0;
    default:
        return chance < 500 ? scratch_below(&seed, MOST_VALUES + 1) : 0;
    }
}

static void make_segment(void)
{
    struct index_builder builder;
    memset(columns, 0, sizeof columns);
    builder_init(&builder, scratch_path(&scratch, "segment-1"), NULL);
    for (uint32_t i = 0; i < COLUMNS; i++) {
        /* Not in the order of their names. */
        snprintf(columns[i].name, sizeof columns[i].name, "%c%u", "qaz"[i % 3], i);
        bool date = i % 6 == 1 || i % 6 == 5;
        columns[i].type = i % 2 && i > 5     ? KW_TYPE_KEYWORD
                          : i == 2 || i == 8 ? KW_TYPE_KEYWORD
                          : date             ? KW_TYPE_DATE
                                             : KW_TYPE_NUMBER;
    }
    for (uint32_t document = 0; document < DOCUMENTS; document++) {
        char id[16];
        snprintf(id, sizeof id, "%05u", document);
        struct kw_entry entry = {.id = kw_view_of(id), .title = kw_view_of("")};
        builder_begin(&builder, &entry);
        for (uint32_t i = 0; i < COLUMNS; i++)
            make_values(&builder, i, document, values_of(i, document));
        builder_end(&builder);
    }
    builder_finish(&builder, 1);
}

/* ---- Comparing ---------------------------------------------------------------------------- */

static void assert_document(struct kw_segment *segment, const struct kw_column *column,
                            const struct model_column *model, const struct kw_values *values)
{
    const struct model_values *expected = &model->values[values->document];
    struct kw_bytes word = KW_BYTES_INIT;
    assert_int_equal(values->count, expected->count);
    for (uint32_t i = 0; i < values->count; i++) {
        uint64_t code = kw_values_code(values, i);
        if (column->type != KW_TYPE_KEYWORD) {
            assert_true(kw_column_key(column, code) == expected->keys[i]);
            continue;
        }
        kw_bytes_clear(&word);
        assert_int_equal(kw_column_keyword(segment, column, code, &word, NULL), KW_OK);
        kw_bytes_append_byte(&word, 0);
        assert_string_equal(word.data, expected->words[i]);
    }
    kw_bytes_release(&word);
}

static void assert_column(struct kw_segment *segment, const struct model_column *model)
{
    struct kw_column column;
    struct kw_values values;
    uint32_t holders = 0;
    uint64_t count = 0;
    assert_int_equal(kw_segment_find_column(segment, kw_view_of(model->name), &column, NULL),
                     KW_OK);
    assert_int_equal(column.type, model->type);
    kw_values_init(&values, segment, &column);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        holders += model->values[i].count > 0;
        count += model->values[i].count;
        if (!model->values[i].count)
            continue;
        assert_int_equal(kw_values_advance(&values, values.count ? values.document + 1 : 0), i);
        assert_document(segment, &column, model, &values);
        assert_int_equal(kw_values_advance(&values, i / 2), i);
    }
    assert_int_equal(kw_values_advance(&values, values.document + 1), KW_NO_DOCUMENT);
    assert_int_equal(column.holders, holders);
    assert_int_equal(column.values, count);
    /* Steps of all sizes. */
    for (uint32_t step = 1; step < DOCUMENTS; step += 1 + step / 3) {
        kw_values_init(&values, segment, &column);
        for (uint32_t target = step / 2; target < DOCUMENTS; target += step) {
            uint32_t expected = target;
            while (expected < DOCUMENTS && !model->values[expected].count)
                expected++;
            if (expected == DOCUMENTS)
                expected = KW_NO_DOCUMENT;
            assert_int_equal(kw_values_advance(&values, target), expected);
            if (expected == KW_NO_DOCUMENT)
                break;
            assert_document(segment, &column, model, &values);
        }
    }
}

static void values_come_back(void **state)
{
    (void)state;
    make_segment();
    struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment-1"));
    struct kw_column column;
    bool listed[2] = {false, false};
    assert_int_equal(segment->column_count, COLUMNS);
    for (uint32_t i = 0; i < COLUMNS; i++) {
        assert_column(segment, &columns[i]);
        assert_int_equal(kw_segment_column(segment, i, &column, NULL), KW_OK);
        listed[column.listed] = true;
    }
    assert_true(listed[0] && listed[1]); /* both ways to pack were taken */
    assert_int_equal(kw_segment_find_column(segment, kw_view_of("none"), &column, NULL),
                     KW_E_NOT_FOUND);
    assert_int_equal(kw_segment_status(segment, NULL), KW_OK);
    kw_segment_free(segment);
}

/* The model's words of a column, sorted, without repeats. */
static uint32_t model_words(const struct model_column *model, char (*words)[40])
{
    uint32_t count = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        for (uint32_t k = 0; k < model->values[i].count; k++)
            memcpy(words[count++], model->values[i].words[k], 40);
    qsort(words, count, sizeof *words, compare_words);
    for (uint32_t i = 0; i < count; i++)
        if (!kept || strcmp(words[kept - 1], words[i]) != 0)
            memmove(words[kept++], words[i], 40);
    return kept;
}

static void keywords_are_found_and_walked(void **state)
{
    static char words[DOCUMENTS * MOST_VALUES][40];
    (void)state;
    make_segment();
    struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment-1"));
    for (uint32_t i = 0; i < COLUMNS; i++) {
        struct kw_column column;
        struct kw_keywords keywords;
        uint64_t code;
        bool equal;
        if (columns[i].type != KW_TYPE_KEYWORD)
            continue;
        uint32_t count = model_words(&columns[i], words);
        assert_int_equal(
            kw_segment_find_column(segment, kw_view_of(columns[i].name), &column, NULL), KW_OK);
        assert_int_equal(column.distinct, count);
        for (uint32_t k = 0; k < count; k++) {
            char next[48];
            assert_int_equal(
                kw_column_find(segment, &column, kw_view_of(words[k]), &code, &equal, NULL), KW_OK);
            assert_true(equal && code == k);
            snprintf(next, sizeof next, "%s\x01", words[k]);
            assert_int_equal(
                kw_column_find(segment, &column, kw_view_of(next), &code, &equal, NULL), KW_OK);
            assert_true(!equal && code == k + 1);
            assert_int_equal(kw_keywords_init(&keywords, segment, &column, k, NULL), KW_OK);
            assert_int_equal(kw_keywords_next(&keywords, NULL), KW_OK);
            assert_true(keywords.code == k);
            assert_true(kw_view_equal(kw_bytes_view(&keywords.keyword), kw_view_of(words[k])));
            kw_keywords_release(&keywords);
        }
        assert_int_equal(kw_keywords_init(&keywords, segment, &column, 0, NULL), KW_OK);
        for (uint32_t k = 0; k < count; k++)
            assert_int_equal(kw_keywords_next(&keywords, NULL), KW_OK);
        assert_int_equal(kw_keywords_next(&keywords, NULL), KW_END);
        kw_keywords_release(&keywords);
    }
    kw_segment_free(segment);
}

static void spans_are_those_of_keys(void **state)
{
    struct kw_column column = {.type = KW_TYPE_DATE, .least = 1000, .divisor = 7};
    (void)state;
    for (uint64_t low = 980; low < 1030; low++) {
        for (uint64_t high = 980; high < 1030; high++) {
            uint64_t from;
            uint64_t to;
            kw_column_span(&column, low, high, &from, &to);
            for (uint64_t code = 0; code < 8; code++) {
                uint64_t key = kw_column_key(&column, code);
                assert_int_equal(code >= from && code < to, key >= low && key <= high);
            }
        }
    }
}

static void a_column_keeps_to_its_type(void **state)
{
    struct index_builder builder;
    struct kw_entry entry = {.id = kw_view_of("a"), .title = kw_view_of("")};
    char long_name[300];
    (void)state;
    memset(long_name, 'x', sizeof long_name);
    builder_init(&builder, scratch_path(&scratch, "segment-1"), NULL);
    builder_begin(&builder, &entry);
    struct kw_inverter *inverter = builder.inverter;
    assert_int_equal(kw_inverter_key(inverter, kw_view_of("n"), KW_TYPE_NUMBER, 1, NULL), KW_OK);
    assert_int_equal(kw_inverter_key(inverter, kw_view_of("n"), KW_TYPE_DATE, 1, NULL), KW_E_USAGE);
    assert_int_equal(kw_inverter_keyword(inverter, kw_view_of("n"), kw_view_of("x"), NULL),
                     KW_E_USAGE);
    assert_int_equal(kw_inverter_keyword(inverter, (struct kw_view){(uint8_t *)long_name, 256},
                                         kw_view_of("x"), NULL),
                     KW_E_USAGE);
    assert_int_equal(kw_inverter_keyword(inverter, (struct kw_view){(const uint8_t *)"a\0b", 3},
                                         kw_view_of("x"), NULL),
                     KW_E_USAGE);
    builder_end(&builder);
    builder_finish(&builder, 1);
    struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment-1"));
    assert_int_equal(segment->column_count, 1);
    kw_segment_free(segment);
}

/* ---- The manual's example ----------------------------------------------------------------- */

/* Asserts that a section of the segment file is the bytes written in `hex`. */
static void assert_section(const char *name, const char *hex)
{
    struct kw_bytes file = scratch_read(&scratch, "segment-1");
    struct kw_bytes expected = KW_BYTES_INIT;
    size_t size;
    unsigned byte;
    int used;
    for (; sscanf(hex, "%2x%n", &byte, &used) == 1; hex += used)
        kw_bytes_append_byte(&expected, (uint8_t)byte);
    const uint8_t *place = reseal_section(file.data, name, &size);
    assert_non_null(place);
    assert_int_equal(size, expected.size);
    assert_memory_equal(place, expected.data, size);
    kw_bytes_release(&file);
    kw_bytes_release(&expected);
}

static void the_example_of_the_manual_is_written(void **state)
{
    static const char *const words[] = {"drugs", "border", "drugs"};
    struct index_builder builder;
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment-1"), NULL);
    for (uint32_t i = 0; i < 3; i++) {
        char id[] = {(char)('a' + i), 0};
        struct kw_entry entry = {.id = kw_view_of(id), .title = kw_view_of("")};
        builder_begin(&builder, &entry);
        if (i != 1)
            assert_int_equal(kw_inverter_key(builder.inverter, kw_view_of("year"), KW_TYPE_NUMBER,
                                             kw_number_key(2006 + i / 2), NULL),
                             KW_OK);
        for (uint32_t k = 0; k <= i % 2; k++)
            assert_int_equal(kw_inverter_keyword(builder.inverter, kw_view_of("tags"),
                                                 kw_view_of(words[i + k]), NULL),
                             KW_OK);
        builder_end(&builder);
    }
    builder_finish(&builder, 1);
    assert_section("columns", "04 74 61 67 73 6b 01 03 04 00 01 02 03 02 00 "
                              "04 79 65 61 72 6e 00 02 02 08 02 80 80 80 80 80 80 d6 cf c0 01 "
                              "80 80 80 80 80 80 01");
    assert_section("columnindex", "0f 00 00 00 00 00 00 00 2b 00 00 00 00 00 00 00");
    assert_section("values", "24 19 01 0d 00 00 00 00 21");
    assert_section("keywords", "06 62 6f 72 64 65 72 00 05 64 72 75 67 73");
    assert_section("keywordindex", "00 00 00 00 00 00 00 00");
}

/* ---- Damage ------------------------------------------------------------------------------- */

static void count_problem(void *context, const char *problem)
{
    (void)problem;
    ++*(size_t *)context;
}

/* Goes through everything that can be asked of columns. */
static void read_all(struct kw_segment *segment)
{
    struct kw_bytes word = KW_BYTES_INIT;
    for (uint32_t i = 0; i < segment->column_count; i++) {
        struct kw_column column;
        struct kw_values values;
        uint64_t code;
        bool equal;
        if (kw_segment_column(segment, i, &column, NULL))
            continue;
        kw_values_init(&values, segment, &column);
        for (uint32_t at = 0; kw_values_advance(&values, at) != KW_NO_DOCUMENT;
             at = values.document + 1) {
            kw_bytes_clear(&word);
            code = kw_values_code(&values, values.count - 1);
            if (column.type == KW_TYPE_KEYWORD)
                kw_column_keyword(segment, &column, code, &word, NULL);
        }
        if (column.type == KW_TYPE_KEYWORD)
            kw_column_find(segment, &column, kw_view_of("2006/a"), &code, &equal, NULL);
    }
    kw_bytes_release(&word);
}

/* Any changed byte of the sections, its checksum made right, leads to an end or an error, and what
 * changes an answer is found by the check. */
static void changed_bytes_break_nothing(void **state)
{
    static const char *const sections[] = {"columns", "columnindex", "values", "keywords",
                                           "keywordindex"};
    struct kw_manifest_segment row = {1, DOCUMENTS, 0, 0};
    struct kw_manifest manifest = {1, 2, 1, "english", false, NULL, 0, &row, 1, NULL, 0, false};
    size_t found = 0;
    (void)state;
    make_segment();
    assert_int_equal(kw_commit(&manifest, scratch.folder, false, NULL), KW_OK);
    assert_int_equal(kw_check(scratch.folder, NULL, NULL, NULL), KW_OK);
    struct kw_bytes before = scratch_read(&scratch, "segment-1");
    for (uint32_t i = 0; i < 1500; i++) {
        struct kw_bytes file = KW_BYTES_INIT;
        struct kw_segment *segment;
        size_t size;
        kw_bytes_append_view(&file, kw_bytes_view(&before));
        uint8_t *place = reseal_section(file.data, sections[i % 5], &size);
        uint32_t at = scratch_below(&seed, (uint32_t)size);
        place[at] ^= (uint8_t)(1U << scratch_below(&seed, 8));
        reseal(file.data, file.size);
        scratch_write(&scratch, "segment-1", kw_bytes_view(&file));
        kw_bytes_release(&file);
        if (!kw_segment_new(&segment, scratch_path(&scratch, "segment-1"), 1, NULL)) {
            read_all(segment);
            kw_segment_free(segment);
        }
        size_t problems = 0;
        if (kw_check(scratch.folder, count_problem, &problems, NULL) == KW_E_DAMAGED)
            found++;
    }
    kw_bytes_release(&before);
    print_message("%zu of 1500 changes found\n", found);
    assert_true(found > 900); /* others are other values of the same kind */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(keywords_are_found_and_walked, setup, teardown),
        cmocka_unit_test(spans_are_those_of_keys),
        cmocka_unit_test_setup_teardown(a_column_keeps_to_its_type, setup, teardown),
        cmocka_unit_test_setup_teardown(the_example_of_the_manual_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(changed_bytes_break_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
