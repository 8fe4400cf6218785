/* What is stored of a document in a Xapian database comes back as it was, and damage is found out.
 */
#include "xapian/stored.h"

#include "index/crc32c.h"
#include "tests/unit/random_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROUNDS = 400, FLIPS = 3000 };

static uint64_t seed;
static struct kw_bytes data, other;

static int setup(void **state)
{
    (void)state;
    seed = 4711;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kw_bytes_release(&data);
    kw_bytes_release(&other);
    return 0;
}

static struct kw_view view(const char *text)
{
    return kw_view_of(text);
}

struct sample {
    struct kw_bytes text;
    struct kw_extent extents[300];
    size_t count;
    struct kw_entry_field fields[3];
    struct kw_entry entry;
    uint64_t words;
    uint64_t title_words;
};

/* A random document with its passages. */
static void make_sample(struct sample *sample)
{
    kw_bytes_clear(&sample->text);
    sample->count = random_below(&seed, 300);
    bool searched = random_below(&seed, 2);
    bool record = random_below(&seed, 2);
    sample->title_words = searched ? random_below(&seed, 9) : 0;
    sample->words = sample->title_words;
    for (size_t i = 0; i < sample->count; i++) {
        struct kw_extent *extent = &sample->extents[i];
        extent->bytes = (uint32_t)(1 + random_below(&seed, 600));
        extent->words = (uint32_t)random_below(&seed, 200);
        extent->lines = (uint32_t)random_below(&seed, 5);
        sample->words += extent->words;
        for (uint32_t k = 0; k < extent->bytes; k++)
            kw_bytes_append_byte(&sample->text, (uint8_t)('a' + random_below(&seed, 4)));
    }
    sample->fields[0] = (struct kw_entry_field){view("tags"), 'j', view("[1]")};
    sample->fields[1] = (struct kw_entry_field){view("by"), 's', view("")};
    sample->entry = (struct kw_entry){
        .id = view("a/b.jsonl:7"),
        .title = view(searched ? "A title" : ""),
        .path = record ? view("a/b.jsonl") : view("a/b.jsonl:7"),
        .is_record = record,
        .title_searched = searched,
        .line = record ? 7 : 0,
        .fields = sample->fields,
        .field_count = random_below(&seed, 3),
    };
}

static void store(struct kw_stored_writer *writer, const struct sample *sample,
                  struct kw_bytes *out)
{
    size_t half = sample->count / 2;
    size_t bytes = 0;
    for (size_t i = 0; i < half; i++)
        bytes += sample->extents[i].bytes;
    kw_stored_writer_clear(writer);
    assert_int_equal(kw_stored_writer_text(writer, sample->extents, half, sample->text.data, NULL),
                     KW_OK);
    assert_int_equal(kw_stored_writer_text(writer, sample->extents + half, sample->count - half,
                                           bytes ? sample->text.data + bytes : sample->text.data,
                                           NULL),
                     KW_OK);
    assert_int_equal(kw_stored_writer_finish(writer, &sample->entry, "english", sample->words,
                                             sample->title_words, out, NULL),
                     KW_OK);
}

static void check_record(const struct kw_stored *stored, const struct sample *sample)
{
    const struct kw_record *record = &stored->record;
    struct kw_view fields = record->fields;
    assert_true(kw_view_equal(record->id, sample->entry.id));
    assert_true(kw_view_equal(record->title, sample->entry.title));
    assert_true(kw_view_equal(record->path, sample->entry.path));
    assert_true(kw_view_equal(record->language, view("english")));
    assert_int_equal(record->is_record, sample->entry.is_record);
    assert_int_equal(record->title_searched, sample->entry.title_searched);
    assert_int_equal(record->line, sample->entry.line);
    assert_int_equal(record->bytes, sample->text.size);
    assert_int_equal(record->passage_count, sample->count);
    assert_int_equal(stored->words, sample->words);
    assert_int_equal(record->field_count, sample->entry.field_count);
    for (size_t i = 0; i < record->field_count; i++) {
        struct kw_record_field field;
        assert_true(kw_record_next_field(&fields, &field));
        assert_true(kw_view_equal(field.name, sample->fields[i].name));
        assert_true(kw_view_equal(field.value, sample->fields[i].value));
        assert_int_equal(field.kind, sample->fields[i].kind);
    }
}

static void check_passages(const struct kw_stored *stored, const struct sample *sample)
{
    static struct kw_bytes text;
    struct kw_border borders[300];
    struct kw_border next = {
        .position = sample->title_words ? (uint32_t)sample->title_words + KW_TITLE_GAP : 0};
    kw_stored_borders(stored, borders);
    for (size_t i = 0; i < sample->count; i++) {
        assert_int_equal(borders[i].position, next.position);
        assert_int_equal(borders[i].start, next.start);
        assert_int_equal(borders[i].line, next.line);
        assert_int_equal(borders[i].words, sample->extents[i].words);
        assert_int_equal(borders[i].bytes, sample->extents[i].bytes);
        assert_int_equal(borders[i].lines, sample->extents[i].lines);
        next.position += sample->extents[i].words;
        next.start += sample->extents[i].bytes;
        next.line += sample->extents[i].lines;
    }
    for (int round = 0; round < 10; round++) {
        size_t first = random_below(&seed, sample->count + 1);
        size_t count = random_below(&seed, sample->count - first + 1);
        size_t start = first < sample->count ? borders[first].start : sample->text.size;
        size_t end =
            first + count < sample->count ? borders[first + count].start : sample->text.size;
        kw_bytes_clear(&text);
        assert_int_equal(kw_stored_text(stored, first, count, &text, NULL), KW_OK);
        assert_int_equal(text.size, end - start);
        if (text.size)
            assert_memory_equal(text.data, sample->text.data + start, text.size);
    }
    assert_int_equal(kw_stored_text(stored, sample->count, 1, &text, NULL), KW_E_NOT_FOUND);
    assert_int_equal(kw_stored_text(stored, 1, UINT64_MAX, &text, NULL), KW_E_NOT_FOUND);
    kw_bytes_release(&text);
}

static void test_stored_documents_come_back(void **state)
{
    static struct sample sample;
    struct kw_stored_writer writer = {.passages = 0};
    (void)state;
    for (int round = 0; round < ROUNDS / 4; round++) {
        struct kw_stored stored;
        make_sample(&sample);
        store(&writer, &sample, &data);
        assert_int_equal(kw_stored_init(&stored, kw_bytes_view(&data), NULL), KW_OK);
        check_record(&stored, &sample);
        check_passages(&stored, &sample);
    }
    kw_stored_writer_release(&writer);
    kw_bytes_release(&sample.text);
}

/* Reads all of a stored document; nothing may be read that is not in it. */
static enum kw_status read_all(const uint8_t *bytes, size_t size)
{
    struct kw_stored stored;
    struct kw_bytes text = KW_BYTES_INIT;
    uint8_t *copy = malloc(size + 1); /* so that reading on is seen */
    assert_non_null(copy);
    uint8_t *exact = copy + 1;
    if (size)
        memcpy(exact, bytes, size);
    enum kw_status status = kw_stored_init(&stored, (struct kw_view){exact, size}, NULL);
    if (status == KW_OK) {
        struct kw_border *borders = calloc(stored.record.passage_count + 1, sizeof *borders);
        assert_non_null(borders);
        kw_stored_borders(&stored, borders);
        free(borders);
        status = kw_stored_text(&stored, 0, stored.record.passage_count, &text, NULL);
    }
    kw_bytes_release(&text);
    free(copy);
    return status;
}

static void test_damage_is_found_by_the_checksum(void **state)
{
    static struct sample sample;
    struct kw_stored_writer writer = {.passages = 0};
    (void)state;
    make_sample(&sample);
    store(&writer, &sample, &data);
    for (int i = 0; i < FLIPS; i++) {
        size_t at = random_below(&seed, data.size);
        uint8_t kept = data.data[at];
        data.data[at] ^= (uint8_t)(1 + random_below(&seed, 255));
        enum kw_status status = read_all(data.data, data.size);
        assert_true(status == KW_E_DAMAGED || (status == KW_E_VERSION && at == 0));
        data.data[at] = kept;
        assert_int_equal(read_all(data.data, random_below(&seed, data.size)), KW_E_DAMAGED);
    }
    kw_stored_writer_release(&writer);
    kw_bytes_release(&sample.text);
}

/* What a checksum was made of after it was damaged is as foreign: nothing may crash, and what is
 * read at all is as much as it says. */
static void test_damage_below_a_right_checksum_does_no_harm(void **state)
{
    static struct sample sample;
    struct kw_stored_writer writer = {.passages = 0};
    size_t refused = 0;
    (void)state;
    make_sample(&sample);
    store(&writer, &sample, &other);
    for (int i = 0; i < FLIPS; i++) {
        kw_bytes_clear(&data);
        kw_bytes_append_view(&data, kw_bytes_view(&other));
        size_t near = data.size < 2500 ? data.size : 2500;
        for (int k = 0; k < 3; k++)
            data.data[5 + random_below(&seed, near - 5)] = (uint8_t)random_next(&seed);
        kw_store32(data.data + 1, kw_crc32c(data.data + 5, data.size - 5));
        enum kw_status status = read_all(data.data, data.size);
        assert_true(status == KW_OK || status == KW_E_DAMAGED);
        refused += status != KW_OK;
    }
    assert_true(refused > FLIPS / 2);
    kw_stored_writer_release(&writer);
    kw_bytes_release(&sample.text);
}

static void test_a_document_without_text_is_stored(void **state)
{
    struct kw_stored_writer writer = {.passages = 0};
    struct kw_entry entry = {.id = view(""), .title = view(""), .path = view("")};
    struct kw_stored stored;
    (void)state;
    assert_int_equal(kw_stored_writer_finish(&writer, &entry, "none", 0, 0, &data, NULL), KW_OK);
    assert_int_equal(kw_stored_init(&stored, kw_bytes_view(&data), NULL), KW_OK);
    assert_int_equal(stored.record.passage_count, 0);
    assert_int_equal(stored.text_position, 0);
    kw_stored_writer_release(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stored_documents_come_back),
        cmocka_unit_test(test_damage_is_found_by_the_checksum),
        cmocka_unit_test(test_damage_below_a_right_checksum_does_no_harm),
        cmocka_unit_test(test_a_document_without_text_is_stored),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
