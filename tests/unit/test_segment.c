/* Whole segments: what the inverter was given stands in the segment, as a naive model says. */
#include "index/postings.h"
#include "tests/unit/index_builder.h"
#include "tests/unit/reseal.h"

static struct scratch scratch;

static int setup(void **state)
{
    (void)state;
    scratch_init(&scratch);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_release(&scratch);
    return 0;
}

/* ---- Random segments against the model ---------------------------------------------------- */

/* Fills `text` with `count` random words, some lines, now and then two words at one position. */
static void random_text(uint64_t *seed, char *text, uint32_t count)
{
    static const char *const stems[] = {"border", "guard", "ros", "resum", "plan", "a", "tim"};
    static const char *const ends[] = {"", "s", "e", "es", "E", "Es", "en", "ene"};
    for (uint32_t i = 0; i < count; i++) {
        text += sprintf(text, "%s", i && scratch_below(seed, 12) == 0 ? "+" : "");
        if (scratch_below(seed, 8) == 0)
            text += sprintf(text, "%u", scratch_below(seed, 50));
        else
            text +=
                sprintf(text, "%s%s", stems[scratch_below(seed, 7)], ends[scratch_below(seed, 8)]);
        text += sprintf(text, scratch_below(seed, 9) ? " " : "\n");
    }
    *text = 0;
}

/* Adds `count` random documents with up to `words` words. */
static void add_random(struct index_builder *builder, uint64_t *seed, uint32_t count,
                       uint32_t words, uint32_t languages)
{
    char *text = malloc(((size_t)words + 8) * 16);
    assert_non_null(text);
    for (uint32_t i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "%u", i);
        struct kw_entry entry = {.id = kw_view_of(id), .language = scratch_below(seed, languages)};
        builder_begin(builder, &entry);
        random_text(seed, text, scratch_below(seed, 6));
        uint32_t base = builder_words(builder, "", kw_view_of(text), 0);
        builder_words(builder, "title", kw_view_of(text), 0);
        if (scratch_below(seed, 3) == 0) {
            random_text(seed, text, 3);
            builder_words(builder, "author", kw_view_of(text), 0);
        }
        random_text(seed, text, scratch_below(seed, words));
        builder_text(builder, text, base ? base + KW_TITLE_GAP : 0);
        builder_end(builder);
    }
    free(text);
}

/* Compares a stem's forms with the model's rows from *next on, which begin with the stem's key. */
static void compare_forms(struct kw_segment *segment, const struct model *model, size_t *next,
                          struct kw_view key, const struct kw_term *term)
{
    struct kw_term *forms = calloc(term->form_count, sizeof *forms);
    assert_int_equal(kw_term_forms(segment, term, forms, NULL), KW_OK);
    for (uint32_t i = 0; i < term->form_count; i++) {
        struct kw_view row = model->forms.items[(*next)++].key;
        struct kw_term form;
        assert_true(row.size > key.size && memcmp(row.data, key.data, key.size) == 0);
        row.data += key.size + 1;
        row.size -= key.size + 1;
        assert_int_equal(kw_segment_find_term(segment, row, &form, NULL), KW_OK);
        assert_int_equal(form.ordinal, forms[i].ordinal);
    }
    free(forms);
}

/* Compares a term's postings with the model's tokens [from, to); how many documents they have. */
static void compare_postings(struct kw_segment *segment, const struct kw_term *term,
                             const struct model_token *tokens, size_t count)
{
    struct kw_postings cursor;
    size_t at = 0;
    uint32_t documents = 0;
    assert_int_equal(term->occurrences, count);
    kw_postings_init(&cursor, segment, term);
    while (kw_postings_next(&cursor) != KW_NO_DOCUMENT) {
        const uint32_t *positions = NULL;
        documents++;
        if (term->positional)
            assert_int_equal(kw_postings_positions(&cursor, &positions, NULL), KW_OK);
        for (uint32_t i = 0; i < kw_postings_frequency(&cursor); i++, at++) {
            assert_true(at < count);
            assert_int_equal(cursor.document, tokens[at].document);
            if (positions)
                assert_int_equal(positions[i], tokens[at].position);
        }
    }
    assert_int_equal(at, count);
    assert_int_equal(documents, term->documents);
    kw_postings_release(&cursor);
}

/* Walks the whole lexicon along the sorted model; counts the terms of each place in `places`. */
static void compare_terms(struct kw_segment *segment, struct model *model, uint32_t places[4])
{
    struct kw_lexicon_cursor cursor;
    size_t from = 0;
    size_t form = 0;
    enum kw_status status;
    size_t tokens = model_sort(model->tokens.items, model->token_count);
    size_t forms = model_sort(model->forms.items, model->form_count);
    assert_int_equal(kw_lexicon_cursor_init(&cursor, segment, kw_view_of(""), NULL), KW_OK);
    while ((status = kw_lexicon_cursor_next(&cursor, NULL)) == KW_OK) {
        struct kw_view key = kw_bytes_view(&cursor.key);
        size_t to = from;
        while (to < tokens && kw_view_equal(model->tokens.items[to].key, key))
            to++;
        compare_postings(segment, &cursor.term, model->tokens.items + from, to - from);
        if (cursor.term.form_count)
            compare_forms(segment, model, &form, key, &cursor.term);
        places[cursor.term.shared ? KW_PLACE_SHARED : cursor.term.place]++;
        places[3] += !cursor.term.positional;
        from = to;
    }
    assert_int_equal(status, KW_END);
    assert_int_equal(from, tokens);
    assert_int_equal(form, forms);
    assert_int_equal(kw_segment_status(segment, NULL), KW_OK);
    kw_lexicon_cursor_release(&cursor);
}

static void compare_random(uint64_t seed, uint32_t documents, uint32_t words, uint32_t languages,
                           uint32_t places[4])
{
    struct model model = {.token_count = 0};
    struct index_builder builder;
    builder_init(&builder, scratch_path(&scratch, "segment"), &model);
    add_random(&builder, &seed, documents, words, languages);
    builder_finish(&builder, languages);
    struct kw_segment *segment = builder_segment(scratch.path);
    assert_int_equal(segment->documents, documents);
    compare_terms(segment, &model, places);
    kw_segment_free(segment);
    model_release(&model);
    assert_int_equal(unlink(scratch.path), 0);
}

static void small_segments_equal_the_model(void **state)
{
    uint32_t places[4] = {0};
    (void)state;
    for (uint32_t i = 1; i <= 60; i++)
        compare_random(i, i % 40, 1 + i % 30, 1 + i % LANGUAGES, places);
    for (int i = 0; i < 4; i++)
        assert_true(places[i] > 20);
}

static void large_segments_equal_the_model(void **state)
{
    uint32_t places[4] = {0};
    (void)state;
    compare_random(1000, 700, 30, 1, places);
    compare_random(2000, 400, 400, LANGUAGES, places);
    assert_true(places[KW_PLACE_LISTED] > 100);
}

/* ---- Stems, fields, lengths --------------------------------------------------------------- */

static struct kw_term find_stem(struct kw_segment *segment, const char *language, const char *stem)
{
    struct kw_bytes key = KW_BYTES_INIT;
    struct kw_term term;
    kw_key_stem(&key, kw_view_of(""), kw_view_of(language), kw_view_of(stem));
    assert_int_equal(kw_segment_find_term(segment, kw_bytes_view(&key), &term, NULL), KW_OK);
    kw_bytes_release(&key);
    return term;
}

static void stems_share_only_where_they_may(void **state)
{
    struct index_builder builder;
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    builder_add(&builder, "1", "", "plan border borders resume resumE rosen");
    struct kw_entry dutch = {.id = kw_view_of("2"), .language = DUTCH};
    builder_begin(&builder, &dutch);
    builder_text(&builder, "rosen", 0);
    builder_end(&builder);
    builder_finish(&builder, LANGUAGES);
    struct kw_segment *segment = builder_segment(scratch.path);
    struct kw_term plan = find_stem(segment, "english", "plan");
    assert_true(plan.shared && plan.positional && plan.form_count == 1);
    struct kw_term border = find_stem(segment, "english", "border");
    assert_true(!border.shared && !border.positional && border.form_count == 2);
    assert_int_equal(border.occurrences, 2);
    /* "resume" as a surface form stands for two stems. */
    struct kw_term resume = find_stem(segment, "english", "resume");
    assert_true(!resume.shared && resume.positional && resume.form_count == 1);
    assert_int_equal(resume.occurrences, 1);
    /* "rosen" stands in documents of two languages. */
    struct kw_term rosen = find_stem(segment, "english", "rosen");
    assert_true(!rosen.shared && !rosen.positional && rosen.documents == 1);
    assert_int_equal(find_stem(segment, "dutch", "ros").documents, 1);
    kw_segment_free(segment);
}

static void lengths_are_exact_at_every_width(void **state)
{
    static const uint32_t lengths[] = {0, 1, 255, 256, 65535, 65536, UINT32_MAX};
    enum { COUNT = sizeof lengths / sizeof *lengths };
    (void)state;
    for (uint32_t longest = 0; longest < COUNT; longest++) {
        struct index_builder builder;
        struct kw_field_info info;
        uint32_t position = 0;
        builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
        for (uint32_t i = 0; i <= longest; i++) {
            struct kw_entry entry = {.id = kw_view_of(""), .line = i};
            uint32_t word = word_number(&builder.words, "word");
            builder_begin(&builder, &entry);
            assert_int_equal(kw_inverter_tokens(builder.inverter, kw_view_of("f"), &word, &position,
                                                lengths[i] > 0, 0, lengths[i], NULL),
                             KW_OK);
            builder_end(&builder);
        }
        builder_finish(&builder, 1);
        struct kw_segment *segment = builder_segment(scratch.path);
        assert_int_equal(kw_segment_field(segment, 1, &info, NULL), KW_OK);
        assert_int_equal(info.documents, longest);
        for (uint32_t i = 0; i <= longest; i++)
            assert_int_equal(kw_segment_length(segment, &info, i), lengths[i]);
        assert_int_equal(info.width, longest < 3 ? 1 : longest < 5 ? 2 : 4);
        kw_segment_free(segment);
        assert_int_equal(unlink(scratch.path), 0);
    }
}

static void fields_are_found_by_name(void **state)
{
    static const char *const names[] = {"z", "", "a", "title", "ab"};
    static const char *const sorted[] = {"", "a", "ab", "title", "z"};
    struct index_builder builder;
    struct kw_entry entry = {.id = kw_view_of("x")};
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    builder_begin(&builder, &entry);
    for (size_t i = 0; i < 5; i++)
        builder_words(&builder, names[i], kw_view_of(i % 2 ? "two three" : "one two three"), 0);
    builder_end(&builder);
    builder_finish(&builder, 1);
    struct kw_segment *segment = builder_segment(scratch.path);
    assert_int_equal(segment->field_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        struct kw_field_info info;
        assert_int_equal(kw_segment_field(segment, i, &info, NULL), KW_OK);
        assert_true(kw_view_equal(info.name, kw_view_of(sorted[i])));
        assert_int_equal(kw_segment_find_field(segment, info.name), i);
        assert_int_equal(info.length, i == 0 || i == 3 ? 2 : 3);
        assert_int_equal(info.surfaces, info.length);
    }
    assert_int_equal(kw_segment_find_field(segment, kw_view_of("aa")), -1);
    assert_int_equal(kw_segment_find_field(segment, kw_view_of("zz")), -1);
    kw_segment_free(segment);
}

static void names_of_fields_have_limits(void **state)
{
    struct index_builder builder;
    struct kw_entry entry = {.id = kw_view_of("x")};
    struct kw_view nul = {(const uint8_t *)"a\0b", 3};
    uint8_t *name = calloc(1, 256);
    (void)state;
    memset(name, 'n', 256);
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    builder_begin(&builder, &entry);
    assert_int_equal(kw_inverter_tokens(builder.inverter, (struct kw_view){name, 255}, NULL, NULL,
                                        0, 0, 0, NULL),
                     KW_OK);
    assert_int_equal(kw_inverter_tokens(builder.inverter, (struct kw_view){name, 256}, NULL, NULL,
                                        0, 0, 0, NULL),
                     KW_E_USAGE);
    assert_int_equal(kw_inverter_tokens(builder.inverter, nul, NULL, NULL, 0, 0, 0, NULL),
                     KW_E_USAGE);
    builder_end(&builder);
    builder_finish(&builder, 1);
    free(name);
}

static void positions_of_a_field_never_fall(void **state)
{
    struct index_builder builder;
    struct kw_entry entry = {.id = kw_view_of("x")};
    uint32_t word = 0;
    uint32_t position = 5;
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    builder_begin(&builder, &entry);
    builder_words(&builder, "f", kw_view_of("a b c"), 4);
    builder_words(&builder, "f", kw_view_of(""), 0);
    assert_int_equal(
        kw_inverter_tokens(builder.inverter, kw_view_of("f"), &word, &position, 1, 0, 1, NULL),
        KW_E_USAGE);
    builder_words(&builder, "f", kw_view_of("c"), 6);
    builder_words(&builder, "g", kw_view_of("c"), 0);
    builder_end(&builder);
    builder_begin(&builder, &entry);
    builder_words(&builder, "f", kw_view_of(""), 0);
    builder_words(&builder, "f", kw_view_of("a"), 0);
    builder_end(&builder);
    builder_finish(&builder, 1);
}

/* ---- The file ----------------------------------------------------------------------------- */

static void an_empty_segment_opens(void **state)
{
    struct index_builder builder;
    struct kw_lexicon_cursor cursor;
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    builder_finish(&builder, 1);
    struct kw_segment *segment = builder_segment(scratch.path);
    assert_int_equal(segment->documents, 0);
    assert_int_equal(segment->field_count, 1);
    assert_int_equal(kw_lexicon_cursor_init(&cursor, segment, kw_view_of(""), NULL), KW_OK);
    assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_END);
    kw_lexicon_cursor_release(&cursor);
    assert_int_equal(kw_segment_status(segment, NULL), KW_OK);
    kw_segment_free(segment);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    struct kw_bytes files[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct index_builder builder;
        uint64_t seed = 5;
        builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
        add_random(&builder, &seed, 50, 40, LANGUAGES);
        builder_finish(&builder, LANGUAGES);
        files[i] = scratch_read(&scratch, "segment");
        assert_int_equal(unlink(scratch.path), 0);
    }
    assert_true(kw_view_equal(kw_bytes_view(&files[0]), kw_bytes_view(&files[1])));
    kw_bytes_release(&files[0]);
    kw_bytes_release(&files[1]);
}

static void what_is_no_segment_is_damage(void **state)
{
    struct kw_segment *segment;
    struct kw_pages_writer writer;
    (void)state;
    assert_int_equal(kw_segment_new(&segment, scratch_path(&scratch, "none"), 1, NULL),
                     KW_E_DAMAGED);
    assert_null(segment);
    scratch_write(&scratch, "text", kw_view_of("no segment"));
    assert_int_equal(kw_segment_new(&segment, scratch.path, 1, NULL), KW_E_DAMAGED);
    assert_int_equal(kw_pages_writer_init(&writer, scratch_path(&scratch, "part"), "segm", NULL),
                     KW_OK);
    kw_pages_writer_section(&writer, "lexicon");
    assert_int_equal(kw_pages_writer_finish(&writer, false, NULL), KW_OK);
    kw_pages_writer_release(&writer);
    assert_int_equal(kw_segment_new(&segment, scratch_path(&scratch, "part"), 1, NULL),
                     KW_E_DAMAGED);
}

static void a_segment_given_up_leaves_nothing(void **state)
{
    struct index_builder builder;
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    builder_add(&builder, "a", "title", "some text\n");
    assert_int_equal(kw_inverter_documents(builder.inverter), 1);
    kw_inverter_free(builder.inverter);
    free(builder.words.items);
    assert_false(scratch_has(&scratch, "segment"));
}

/* ---- The examples of kwic-format(5) ------------------------------------------------------- */

/* Asserts that a section of the segment file is the bytes written in `hex`. */
static void assert_section(const char *name, const char *hex)
{
    struct kw_bytes file = scratch_read(&scratch, "segment");
    struct kw_bytes expected = KW_BYTES_INIT;
    size_t size;
    unsigned byte;
    int used;
    for (; sscanf(hex, "%2x%n", &byte, &used) == 1; hex += used)
        kw_bytes_append_byte(&expected, (uint8_t)byte);
    const uint8_t *place = name ? reseal_section(file.data, name, &size) : file.data;
    assert_non_null(place);
    if (name)
        assert_int_equal(size, expected.size);
    assert_memory_equal(place, expected.data, expected.size);
    kw_bytes_release(&file);
    kw_bytes_release(&expected);
}

static void two_documents_are_as_the_manual_shows(void **state)
{
    struct index_builder builder;
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    builder_add(&builder, "b.txt", "border", "guards of guards\n");
    builder_add(&builder, "a.txt", "", "guard\n");
    builder_finish(&builder, 1);
    assert_section(NULL, "6b 77 69 63 73 65 67 6d 05 00 00 00 05 00 00 00"
                         "00 00 00 00 00 00 00 00 00 30 00 00 00 00 00 00"
                         "02 00 00 00 00 00 00 00 15 00 00 00 00 00 00 00");
    assert_section("borders", "02 05 01  07  d1 00  03");
    assert_section("records", "05 62 2e 74 78 74  06 62 6f 72 64 65 72  02 00 00 01 11 00"
                              "05 61 2e 74 78 74  00  00 00 01 01 06 00");
    assert_section("recordindex", "13 00 00 00 00 00 00 00  20 00 00 00 00 00 00 00");
    assert_section("idorder", "01 00 00 00  00 00 00 00");
    assert_section("idrank", "01 00 00 00  00 00 00 00");
    assert_section("lexicon", "00 08 00 01 62 6f 72 64 65 72  05 00 03  00 00 00"
                              "02 05 67 75 61 72 64  05 00 03  01 00 00"
                              "07 01 73  05 01 04  00 01 65 01"
                              "02 02 6f 66  05 00 03  00 00 66"
                              "01 0f 02 65 6e 67 6c 69 73 68 00 62 6f 72 64 65 72  02 01 00  02"
                              "0a 05 67 75 61 72 64  04 02 01 00  09 01 04  00 01 00 00"
                              "0a 02 6f 66  02 01 03 02"
                              "00 0d 74 69 74 6c 65 00 01 62 6f 72 64 65 72  05 00 03  00 00 00"
                              "06 0f 02 65 6e 67 6c 69 73 68 00 62 6f 72 64 65 72  02 01 07 02");
    assert_section("lengths", "04 01  00 00 00 00 00 00  01 00");
    assert_section("fields", "00 02 05 04 03 00 01 01 04"
                             "05 74 69 74 6c 65 01 01 01 01 08 01 01 01");
    assert_section("fieldindex", "09 00 00 00 00 00 00 00  17 00 00 00 00 00 00 00");
}

#define SIXTEEN(byte)                                                                              \
    byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte
#define FIFTEEN(byte) byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte
#define FORTY_EIGHT(byte) SIXTEEN(byte) SIXTEEN(byte) SIXTEEN(byte)
/* What goes before two blocks of 130 postings of one strength. */
#define BEFORE(code, block, positions)                                                             \
    FIFTEEN("00 ")                                                                                 \
    code SIXTEEN("82 00 00 00 ") code code                                                         \
        "7f 00 00 00  81 00 00 00  00 00 00 00 " block                                             \
        "00 00 00  00 00 00 00 00 00 00 00 " positions "00 00 00 00 00 00 00 " FORTY_EIGHT("ff ")  \
            SIXTEEN("ff ") "ff " FIFTEEN("00 ") FORTY_EIGHT("00 ")

static void a_listed_term_is_as_the_manual_shows(void **state)
{
    struct index_builder builder;
    struct kw_entry entry = {.language = NONE};
    (void)state;
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    for (uint32_t i = 0; i < 130; i++) {
        builder_begin(&builder, &entry);
        builder_text(&builder, "a b a", 0);
        builder_end(&builder);
    }
    builder_finish(&builder, LANGUAGES);
    /* Behind a's postings and positions, which the manual shows, stand those of b. */
    assert_section("postings", BEFORE("a0 ", "12 ", "22 ") "00 01 " SIXTEEN(
                                   "ff ") "00 01  03 " BEFORE("74 ", "02 ", "11 ") "00 00  00 00");
    assert_section("positions",
                   "01 01 " SIXTEEN("aa ") SIXTEEN("aa ") "01  0a"
                                                          "01 " SIXTEEN("ff ") "01  03");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_segments_equal_the_model, setup, teardown),
        cmocka_unit_test_setup_teardown(large_segments_equal_the_model, setup, teardown),
        cmocka_unit_test_setup_teardown(stems_share_only_where_they_may, setup, teardown),
        cmocka_unit_test_setup_teardown(lengths_are_exact_at_every_width, setup, teardown),
        cmocka_unit_test_setup_teardown(fields_are_found_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(names_of_fields_have_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(positions_of_a_field_never_fall, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_segment_opens, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_input_gives_the_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_segment_is_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(a_segment_given_up_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(two_documents_are_as_the_manual_shows, setup, teardown),
        cmocka_unit_test_setup_teardown(a_listed_term_is_as_the_manual_shows, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
