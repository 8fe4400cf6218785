/* What is stored of documents: texts by passage, borders, records, ids. */
#include "index/format.h"
#include "tests/unit/index_builder.h"

enum { DOCUMENTS = 60 };

/* A document as it went in. */
struct stored {
    uint8_t *text;
    size_t size;
    struct kw_extent *extents;
    size_t count;
    char id[24];
};

struct fixture {
    struct scratch scratch;
    struct kw_segment *segment;
    struct stored documents[DOCUMENTS];
};

/* Draws a text of up to 400 passages; some documents are empty, a passage may hold no word. */
static void draw(uint64_t *seed, struct stored *stored)
{
    stored->count = scratch_below(seed, 4) ? scratch_below(seed, 40) : scratch_below(seed, 400);
    stored->extents = calloc(stored->count + 1, sizeof *stored->extents);
    for (size_t i = 0; i < stored->count; i++) {
        stored->extents[i].bytes = 1 + scratch_below(seed, i % 50 ? 2000 : 40000);
        stored->extents[i].words = scratch_below(seed, 200);
        stored->extents[i].lines = scratch_below(seed, 5);
        stored->size += stored->extents[i].bytes;
    }
    stored->text = malloc(stored->size + 1);
    assert_true(stored->extents && stored->text);
    for (size_t i = 0; i < stored->size; i++)
        stored->text[i] = (uint8_t) "etaoin shrdlu\n"[scratch_below(seed, 14)];
}

static void add(struct index_builder *builder, struct stored *stored, uint32_t number)
{
    struct kw_view text = {stored->text, stored->size};
    snprintf(stored->id, sizeof stored->id, "doc/%u", number * 37 % DOCUMENTS);
    struct kw_entry_field fields[] = {{kw_view_of("author"), 's', kw_view_of("ann")},
                                      {kw_view_of("year"), 'j', kw_view_of("1999")}};
    struct kw_entry entry = {.id = kw_view_of(stored->id),
                             .title = kw_view_of(number % 2 ? "a title" : ""),
                             .path = kw_view_of(number < 30 ? "one.jsonl" : "two.jsonl"),
                             .is_record = number % 10 > 2,
                             .title_searched = number % 4 == 1,
                             .line = number + 1,
                             .language = number % LANGUAGES,
                             .fields = fields,
                             .field_count = number % 3};
    builder_begin(builder, &entry);
    size_t at = 0;
    for (size_t i = 0; i < stored->count; i += 7) { /* in windows of seven passages */
        size_t some = stored->count - i < 7 ? stored->count - i : 7;
        assert_int_equal(
            kw_inverter_text(builder->inverter, stored->extents + i, some, text.data + at, NULL),
            KW_OK);
        for (size_t j = 0; j < some; j++)
            at += stored->extents[i + j].bytes;
    }
    builder_end(builder);
}

static int setup(void **state)
{
    static struct fixture fixture;
    struct index_builder builder;
    uint64_t seed = 21;
    scratch_init(&fixture.scratch);
    builder_init(&builder, scratch_path(&fixture.scratch, "segment"), NULL);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        draw(&seed, &fixture.documents[i]);
        add(&builder, &fixture.documents[i], i);
    }
    builder_finish(&builder, LANGUAGES);
    fixture.segment = builder_segment(fixture.scratch.path);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        free(fixture->documents[i].text);
        free(fixture->documents[i].extents);
    }
    kw_segment_free(fixture->segment);
    scratch_release(&fixture->scratch);
    return 0;
}

static struct kw_record record_of(struct fixture *fixture, uint32_t document)
{
    struct kw_record record;
    assert_int_equal(kw_segment_record(fixture->segment, document, &record, NULL), KW_OK);
    return record;
}

static void assert_view(struct kw_view view, const char *text)
{
    assert_int_equal(view.size, strlen(text));
    assert_memory_equal(view.data, text, view.size);
}

static void records_come_back(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        struct kw_record record = record_of(fixture, i);
        bool is_record = i % 10 > 2;
        assert_view(record.id, fixture->documents[i].id);
        assert_view(record.title, i % 2 ? "a title" : "");
        assert_int_equal(record.is_record, is_record);
        assert_int_equal(record.title_searched, i % 4 == 1);
        assert_int_equal(record.line, is_record ? i + 1 : 0);
        assert_view(record.path, !is_record ? fixture->documents[i].id
                                 : i < 30   ? "one.jsonl"
                                            : "two.jsonl");
        assert_view(record.language, language_names[i % LANGUAGES]);
        assert_int_equal(record.bytes, fixture->documents[i].size);
        assert_int_equal(record.passage_count, fixture->documents[i].count);
    }
    assert_int_equal(fixture->segment->paths->parameter, 2); /* each path once */
}

static void fields_of_records_come_back(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        struct kw_record record = record_of(fixture, i);
        struct kw_record_field field;
        assert_int_equal(record.field_count, i % 3);
        if (i % 3 > 0) {
            assert_true(kw_record_next_field(&record.fields, &field));
            assert_view(field.name, "author");
            assert_int_equal(field.kind, 's');
            assert_view(field.value, "ann");
        }
        if (i % 3 > 1) {
            assert_true(kw_record_next_field(&record.fields, &field));
            assert_view(field.name, "year");
            assert_int_equal(field.kind, 'j');
        }
        assert_false(kw_record_next_field(&record.fields, &field));
    }
}

static void borders_tile_the_text(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        const struct stored *stored = &fixture->documents[i];
        struct kw_record record = record_of(fixture, i);
        struct kw_border *borders = calloc(stored->count + 1, sizeof *borders);
        struct kw_border at = {.position = 107};
        assert_int_equal(kw_segment_borders(fixture->segment, &record, 107, borders, NULL), KW_OK);
        for (size_t j = 0; j < stored->count; j++) {
            assert_int_equal(borders[j].position, at.position);
            assert_int_equal(borders[j].start, at.start);
            assert_int_equal(borders[j].line, at.line);
            assert_int_equal(borders[j].words, stored->extents[j].words);
            assert_int_equal(borders[j].bytes, stored->extents[j].bytes);
            assert_int_equal(borders[j].lines, stored->extents[j].lines);
            at.position += borders[j].words;
            at.start += borders[j].bytes;
            at.line += borders[j].lines;
        }
        free(borders);
    }
}

static void whole_texts_come_back(void **state)
{
    struct fixture *fixture = *state;
    struct kw_bytes text = KW_BYTES_INIT;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        struct kw_record record = record_of(fixture, i);
        kw_bytes_clear(&text);
        assert_int_equal(kw_segment_text(fixture->segment, record.first_passage,
                                         record.passage_count, &text, NULL),
                         KW_OK);
        assert_int_equal(text.size, fixture->documents[i].size);
        assert_memory_equal(text.data, fixture->documents[i].text, text.size);
    }
    kw_bytes_release(&text);
}

static void every_passage_comes_back_alone(void **state)
{
    struct fixture *fixture = *state;
    struct kw_bytes text = KW_BYTES_INIT;
    for (uint32_t i = 0; i < DOCUMENTS; i += 5) {
        const struct stored *stored = &fixture->documents[i];
        struct kw_record record = record_of(fixture, i);
        size_t at = 0;
        for (size_t j = 0; j < stored->count; j++) {
            kw_bytes_clear(&text);
            kw_bytes_append_text(&text, "before ");
            assert_int_equal(
                kw_segment_text(fixture->segment, record.first_passage + j, 1, &text, NULL), KW_OK);
            assert_int_equal(text.size, 7 + stored->extents[j].bytes);
            assert_memory_equal(text.data, "before ", 7);
            assert_memory_equal(text.data + 7, stored->text + at, stored->extents[j].bytes);
            at += stored->extents[j].bytes;
        }
    }
    kw_bytes_release(&text);
}

static void passages_that_are_not_there_are_not_found(void **state)
{
    struct fixture *fixture = *state;
    struct kw_bytes text = KW_BYTES_INIT;
    uint64_t all = fixture->segment->passages;
    assert_int_equal(kw_segment_text(fixture->segment, all, 0, &text, NULL), KW_OK);
    assert_int_equal(kw_segment_text(fixture->segment, all, 1, &text, NULL), KW_E_NOT_FOUND);
    assert_int_equal(kw_segment_text(fixture->segment, 1, all, &text, NULL), KW_E_NOT_FOUND);
    assert_int_equal(kw_segment_text(fixture->segment, UINT64_MAX, 1, &text, NULL), KW_E_NOT_FOUND);
    assert_int_equal(text.size, 0);
    kw_bytes_release(&text);
}

static void ids_are_found_and_ranked(void **state)
{
    struct fixture *fixture = *state;
    struct kw_segment *segment = fixture->segment;
    assert_non_null(segment->id_order);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        uint32_t found;
        uint32_t rank = 0;
        for (uint32_t j = 0; j < DOCUMENTS; j++)
            rank += strcmp(fixture->documents[j].id, fixture->documents[i].id) < 0;
        assert_int_equal(
            kw_segment_find_id(segment, kw_view_of(fixture->documents[i].id), &found, NULL), KW_OK);
        assert_int_equal(found, i);
        assert_int_equal(kw_segment_id_rank(segment, i), rank);
        assert_int_equal(kw_segment_by_id_rank(segment, rank), i);
    }
    uint32_t found;
    assert_int_equal(kw_segment_find_id(segment, kw_view_of("doc/60"), &found, NULL),
                     KW_E_NOT_FOUND);
    assert_int_equal(kw_segment_find_id(segment, kw_view_of(""), &found, NULL), KW_E_NOT_FOUND);
}

/* A segment of documents with these ids, a letter each. */
static struct kw_segment *segment_of_ids(struct fixture *fixture, const char *ids)
{
    struct index_builder builder;
    builder_init(&builder, scratch_path(&fixture->scratch, "ids"), NULL);
    for (; *ids; ids++) {
        char id[] = {*ids, 0};
        builder_add(&builder, id, "", "text");
    }
    builder_finish(&builder, 1);
    struct kw_segment *segment = builder_segment(fixture->scratch.path);
    assert_int_equal(unlink(fixture->scratch.path), 0);
    return segment;
}

static void ids_in_order_need_no_table(void **state)
{
    struct kw_segment *segment = segment_of_ids(*state, "abdxz");
    uint32_t found;
    assert_null(segment->id_order);
    assert_null(segment->id_rank);
    assert_int_equal(kw_segment_find_id(segment, kw_view_of("d"), &found, NULL), KW_OK);
    assert_int_equal(found, 2);
    assert_int_equal(kw_segment_id_rank(segment, 2), 2);
    assert_int_equal(kw_segment_by_id_rank(segment, 2), 2);
    kw_segment_free(segment);
}

static void of_ids_that_repeat_the_last_is_found(void **state)
{
    struct kw_segment *segment = segment_of_ids(*state, "baaabbca");
    uint32_t found;
    assert_int_equal(kw_segment_find_id(segment, kw_view_of("a"), &found, NULL), KW_OK);
    assert_int_equal(found, 7);
    assert_int_equal(kw_segment_find_id(segment, kw_view_of("b"), &found, NULL), KW_OK);
    assert_int_equal(found, 5);
    assert_int_equal(kw_segment_find_id(segment, kw_view_of("c"), &found, NULL), KW_OK);
    assert_int_equal(found, 6);
    kw_segment_free(segment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(fields_of_records_come_back),
        cmocka_unit_test(borders_tile_the_text),
        cmocka_unit_test(whole_texts_come_back),
        cmocka_unit_test(every_passage_comes_back_alone),
        cmocka_unit_test(passages_that_are_not_there_are_not_found),
        cmocka_unit_test(ids_are_found_and_ranked),
        cmocka_unit_test(ids_in_order_need_no_table),
        cmocka_unit_test(of_ids_that_repeat_the_last_is_found),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
