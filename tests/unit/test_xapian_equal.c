/* What lies in a Xapian database is what the native index holds, whatever was added and deleted,
 * and both writers answer alike. */
#include "engine/where.h"
#include "tests/unit/random_document.h"
#include "tests/unit/xapian_scratch.h"
#include "xapian/schema.h"
#include "xapian/settings.h"
#include "xapian/stored.h"
#include "xapian/xapian_writer.h"

enum { STEPS = 120 };

static uint64_t seed;

/* Both writers, and what a run of theirs is made of. */
struct pair {
    struct kw_engine_writer *native;
    struct kw_engine_writer *xapian;
    struct kw_writer_options options;
    bool automatic;
};

static struct kw_view view_of(struct xc_text given)
{
    return (struct kw_view){(const uint8_t *)given.data, given.size};
}

static struct xc_text text_of(const struct kw_bytes *bytes)
{
    assert_false(bytes->failed);
    return (struct xc_text){(const char *)bytes->data, bytes->size};
}

static void assert_views(struct kw_view a, struct kw_view b)
{
    assert_int_equal(a.size, b.size);
    if (a.size)
        assert_memory_equal(a.data, b.data, a.size);
}

static void open_pair(struct pair *pair)
{
    struct kw_error error = KW_ERROR_INIT;
    if (kw_engine_writer_new(&pair->native, "nat", &pair->options, NULL, &error) != KW_OK ||
        kw_xapian_writer_new(&pair->xapian, "xapian:db", &pair->options, &error) != KW_OK)
        fail_msg("%s", error.message);
    assert_string_equal(pair->native->ops->base(pair->native),
                        pair->xapian->ops->base(pair->xapian));
    assert_int_equal(pair->native->ops->commit_number(pair->native),
                     pair->xapian->ops->commit_number(pair->xapian));
}

static void close_pair(struct pair *pair)
{
    pair->native->ops->free(pair->native);
    pair->xapian->ops->free(pair->xapian);
}

/* ---- What both say ------------------------------------------------------------------------ */

static void add_both(struct pair *pair)
{
    static struct random_document sample;
    struct kw_added native, xapian;
    struct kw_error error = KW_ERROR_INIT;
    random_document(&seed, &sample);
    if (pair->native->ops->add(pair->native, &sample.document, &native, &error) != KW_OK ||
        pair->xapian->ops->add(pair->xapian, &sample.document, &xapian, &error) != KW_OK)
        fail_msg("%s", error.message);
    assert_null(xapian.refused);
    assert_int_equal(pair->native->ops->words(pair->native),
                     pair->xapian->ops->words(pair->xapian));
    assert_int_equal(native.existed, xapian.existed);
    assert_int_equal(native.misfit_count, xapian.misfit_count);
    for (size_t i = 0; i < native.misfit_count; i++) {
        assert_ptr_equal(native.misfits[i].field, xapian.misfits[i].field);
        assert_int_equal(native.misfits[i].first, xapian.misfits[i].first);
        assert_int_equal(native.misfits[i].type, xapian.misfits[i].type);
    }
}

static void ask_both(struct pair *pair)
{
    struct kw_owner native, xapian;
    char id[16];
    snprintf(id, sizeof id, "d/%zu.txt", random_below(&seed, RANDOM_IDS));
    enum kw_status status = pair->native->ops->owner(pair->native, kw_view_of(id), &native, NULL);
    assert_int_equal(pair->xapian->ops->owner(pair->xapian, kw_view_of(id), &xapian, NULL), status);
    if (status != KW_OK)
        return;
    assert_views(native.path, xapian.path);
    assert_int_equal(native.serial, xapian.serial);
    assert_int_equal(native.is_record, xapian.is_record);
}

static void remove_both(struct pair *pair)
{
    char id[16];
    snprintf(id, sizeof id, "d/%zu.txt", random_below(&seed, RANDOM_IDS));
    enum kw_status status = pair->native->ops->remove(pair->native, kw_view_of(id), NULL);
    assert_int_equal(pair->xapian->ops->remove(pair->xapian, kw_view_of(id), NULL), status);
}

static void remove_path_both(struct pair *pair)
{
    uint64_t native, xapian;
    char path[16];
    snprintf(path, sizeof path, random_below(&seed, 2) ? "f%zu.jsonl" : "d/%zu.txt",
             random_below(&seed, RANDOM_PATHS));
    assert_int_equal(pair->native->ops->remove_path(pair->native, kw_view_of(path), &native, NULL),
                     KW_OK);
    assert_int_equal(pair->xapian->ops->remove_path(pair->xapian, kw_view_of(path), &xapian, NULL),
                     KW_OK);
    assert_int_equal(native, xapian);
}

static void step(struct pair *pair)
{
    size_t what = random_below(&seed, 20);
    if (what < 13)
        add_both(pair);
    else if (what < 17)
        ask_both(pair);
    else if (what < 19)
        remove_both(pair);
    else
        remove_path_both(pair);
    assert_int_equal(pair->native->ops->changed(pair->native),
                     pair->xapian->ops->changed(pair->xapian));
    assert_int_equal(pair->native->ops->added(pair->native),
                     pair->xapian->ops->added(pair->xapian));
}

static void commit_both(struct pair *pair)
{
    struct kw_source_file file = {kw_view_of("f0.jsonl"), random_below(&seed, 99), 5, 7, 1};
    struct kw_view root = kw_view_of("a root");
    struct kw_view gone = kw_view_of("a gone id");
    struct kw_error error = KW_ERROR_INIT;
    size_t count = random_below(&seed, 2);
    if (pair->native->ops->commit(pair->native, &file, count, &root, count, &gone, count, &error) !=
            KW_OK ||
        pair->xapian->ops->commit(pair->xapian, &file, count, &root, count, &gone, count, &error) !=
            KW_OK)
        fail_msg("%s", error.message);
    struct kw_sources *sources = pair->xapian->ops->sources(pair->xapian);
    struct kw_source_file found;
    assert_non_null(sources);
    assert_int_equal(kw_sources_files(sources), count);
    assert_int_equal(kw_sources_gone(sources), count);
    if (count) {
        assert_int_equal(kw_sources_find(sources, file.path, &found, NULL), KW_OK);
        assert_int_equal(found.size, file.size);
    }
}

/* ---- What lies in both -------------------------------------------------------------------- */

struct look {
    struct kw_engine *native;
    struct xc_database *database;
    struct kw_settings settings;
    struct kw_analyzer *analyzer;
    struct kw_bytes term;
    bool automatic;
};

/* The sum of a term's positions over all documents. */
static uint64_t count_positions(struct look *look)
{
    struct xc_postings *postings = xc_postings_new();
    uint64_t sum = 0;
    uint32_t docid;
    OK(xc_database_postings(look->database, text_of(&look->term), postings));
    while (xc_postings_next(postings, &docid) == XC_OK) {
        size_t count;
        OK(xc_postings_read_positions(postings, NULL, 0, &count));
        sum += count;
    }
    xc_postings_free(postings);
    return sum;
}

/* Holds the terms of a field to the native index's; returns their number. */
static size_t compare_terms(struct look *look, const char *field, const char *language)
{
    struct kw_term_stream *stream;
    struct kw_stream_term found;
    size_t count = 0;
    assert_int_equal(look->native->ops->terms(look->native, &stream, kw_view_of(field),
                                              kw_view_of(""), language, NULL),
                     KW_OK);
    while (stream->ops->next(stream, &found, NULL) == KW_OK) {
        uint32_t frequency, occurrences;
        if (language)
            kw_schema_stem(&look->term, kw_view_of(field), look->automatic ? language : NULL,
                           found.bytes);
        else
            kw_schema_surface(&look->term, kw_view_of(field), found.bytes);
        OK(xc_database_term_frequency(look->database, text_of(&look->term), &frequency));
        assert_int_equal(frequency, found.documents);
        OK(xc_database_collection_frequency(look->database, text_of(&look->term), &occurrences));
        assert_int_equal(occurrences, *field ? 0 : found.occurrences);
        if (count_positions(look) != found.occurrences)
            fail_msg("the positions of '%.*s' are not %llu", (int)look->term.size,
                     (const char *)look->term.data, (unsigned long long)found.occurrences);
        count++;
    }
    stream->ops->free(stream);
    return count;
}

/* How many terms of the database are surface terms of the text, or begin with `prefix`. */
static size_t count_terms(struct look *look, const char *prefix)
{
    struct xc_terms *terms = xc_terms_new();
    struct xc_text term;
    size_t count = 0;
    OK(xc_database_all_terms(look->database, text(prefix), terms));
    while (xc_terms_next(terms, &term) == XC_OK)
        count += *prefix || kw_schema_is_surface(view_of(term));
    xc_terms_free(terms);
    return count;
}

static void compare_all_terms(struct look *look)
{
    static const char *const fields[] = {"", "title", "author", "Ort", "when"};
    uint64_t at = 0;
    struct kw_view name;
    char language[KW_LANGUAGE_SIZE];
    size_t stems = 0;
    assert_int_equal(compare_terms(look, "", NULL), count_terms(look, ""));
    assert_int_equal(compare_terms(look, "title", NULL), count_terms(look, "S"));
    assert_int_equal(compare_terms(look, "author", NULL), count_terms(look, "A"));
    assert_int_equal(compare_terms(look, "Ort", NULL), count_terms(look, "XF=4fRT:"));
    char seen[KW_LANGUAGES][KW_LANGUAGE_SIZE];
    size_t languages = 0;
    while (look->native->ops->language(look->native, &at, &name, NULL) == KW_OK) {
        bool again = false;
        snprintf(language, sizeof language, "%.*s", (int)name.size, (const char *)name.data);
        for (size_t i = 0; i < languages; i++)
            again = again || strcmp(seen[i], language) == 0;
        if (again || strcmp(look->settings.analysis.language, "none") == 0)
            continue;
        assert_true(languages < KW_LANGUAGES);
        memcpy(seen[languages++], language, sizeof language);
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            stems += compare_terms(look, fields[i], language);
    }
    assert_int_equal(stems, count_terms(look, "Z"));
}

/* Whether a document has the term in look->term. */
static bool has_term(struct look *look, uint32_t docid)
{
    struct xc_terms *terms = xc_terms_new();
    struct xc_text found;
    OK(xc_database_terms(look->database, docid, terms));
    bool there = xc_terms_skip_to(terms, text_of(&look->term), &found) == XC_OK &&
                 kw_view_equal(view_of(found), kw_bytes_view(&look->term));
    xc_terms_free(terms);
    return there;
}

/* The length of a document in a field, by its bits. */
static uint64_t field_length(struct look *look, uint32_t docid, const char *field)
{
    uint64_t length = 0;
    for (unsigned bit = 0; bit < 32; bit++) {
        kw_schema_length(&look->term, kw_view_of(field), bit);
        length |= (uint64_t)has_term(look, docid) << bit;
    }
    kw_schema_has(&look->term, kw_view_of(field));
    assert_int_equal(has_term(look, docid), length > 0);
    return length;
}

/* Holds the positions that the terms of a document have to an analysis of its parts, one by one;
 * returns how many there are. */
static size_t compare_positions(struct look *look, uint32_t docid, struct kw_view part,
                                uint32_t base)
{
    struct xc_positions *positions = xc_positions_new();
    struct kw_tokens tokens;
    assert_int_equal(kw_analyzer_text(look->analyzer, part, &tokens, NULL), KW_OK);
    for (size_t i = 0; i < tokens.count; i++) {
        uint32_t surface = kw_analyzer_surface_of(look->analyzer, tokens.word[i]);
        uint32_t found;
        kw_schema_surface(&look->term, kw_view_of(""),
                          kw_analyzer_surface(look->analyzer, surface));
        OK(xc_database_positions(look->database, docid, text_of(&look->term), positions));
        OK(xc_positions_skip_to(positions, base + tokens.position[i] + 1, &found));
        assert_int_equal(found, base + tokens.position[i] + 1);
    }
    xc_positions_free(positions);
    return tokens.count;
}

static void compare_values(struct look *look, uint64_t document, uint32_t docid)
{
    struct xc_document *found = xc_document_new();
    struct kw_bytes native = KW_BYTES_INIT;
    OK(xc_database_document(look->database, docid, found));
    for (size_t i = 0; i < look->settings.count; i++) {
        const struct kw_settings_field *field = &look->settings.items[i];
        struct kw_slot_values values = {.rest = {NULL, 0}};
        struct xc_text slot;
        OK(xc_document_value(found, field->slot, &slot));
        assert_true(!slot.size || kw_slot_values_init(&values, view_of(slot)));
        kw_schema_typed(&look->term, field->name, field->type);
        assert_int_equal(has_term(look, docid), slot.size > 0);
        uint32_t number = 0;
        for (;; number++) {
            enum kw_value_type type;
            struct kw_view word;
            uint64_t key;
            char written[KW_VALUE_SIZE];
            kw_bytes_clear(&native);
            enum kw_status status = look->native->ops->value(look->native, document, field->name,
                                                             number, &type, &native, NULL);
            if (status == KW_E_NOT_FOUND)
                break;
            assert_int_equal(status, KW_OK);
            if (kw_slot_next_keyword(&values, &word)) {
                assert_views(word, kw_bytes_view(&native));
                continue;
            }
            assert_true(kw_slot_next_key(&values, &key));
            assert_true(kw_key_format(values.type, key, written));
            assert_views(kw_view_of(written), kw_bytes_view(&native));
        }
        assert_int_equal(values.rest.size, 0);
        kw_schema_several(&look->term, field->name);
        assert_int_equal(has_term(look, docid), number > 1 && slot.data[0] != KW_TYPE_KEYWORD);
    }
    kw_bytes_release(&native);
    xc_document_free(found);
}

/* Holds borders, text and positions of a document to the native index's. */
static void compare_passages(struct look *look, uint64_t document, uint32_t docid,
                             const struct kw_stored *stored)
{
    const struct kw_record *record = &stored->record;
    struct kw_bytes native = KW_BYTES_INIT, xapian = KW_BYTES_INIT;
    struct kw_border *borders;
    struct kw_border *own = calloc(record->passage_count + 1, sizeof *own);
    uint32_t length;
    size_t tokens = 0;
    uint64_t count = record->passage_count;
    assert_non_null(own);
    assert_int_equal(look->native->ops->borders(look->native, document, &borders, NULL), KW_OK);
    kw_stored_borders(stored, own);
    assert_memory_equal(own, borders, count * sizeof *own);
    assert_int_equal(look->native->ops->text(look->native, document, 0, count, &native, NULL),
                     KW_OK);
    assert_int_equal(kw_stored_text(stored, 0, count, &xapian, NULL), KW_OK);
    assert_views(kw_bytes_view(&native), kw_bytes_view(&xapian));
    if (record->title_searched)
        tokens += compare_positions(look, docid, record->title, 0);
    for (uint64_t i = 0; i < count; i++)
        tokens += compare_positions(look, docid,
                                    (struct kw_view){xapian.data + own[i].start, own[i].bytes},
                                    own[i].position);
    kw_schema_has(&look->term, kw_view_of(""));
    assert_int_equal(has_term(look, docid), stored->words > 0);
    kw_schema_settings(&look->term, &look->settings.analysis);
    assert_true(has_term(look, docid));
    OK(xc_database_document_length(look->database, docid, &length));
    assert_int_equal(length, stored->words * KW_XAPIAN_LENGTH);
    assert_true(tokens >= stored->words);
    kw_bytes_release(&native);
    kw_bytes_release(&xapian);
    free(borders);
    free(own);
}

static void compare_document(struct look *look, uint64_t document, uint32_t docid)
{
    struct xc_document *found = xc_document_new();
    struct kw_stored stored;
    struct kw_record record;
    struct xc_text data;
    uint64_t words;
    assert_int_equal(look->native->ops->record(look->native, document, &record, NULL), KW_OK);
    assert_int_equal(look->native->ops->words(look->native, document, &words, NULL), KW_OK);
    OK(xc_database_document(look->database, docid, found));
    OK(xc_document_data(found, &data));
    assert_int_equal(kw_stored_init(&stored, view_of(data), NULL), KW_OK);
    assert_int_equal(stored.words, words);
    assert_views(stored.record.id, record.id);
    assert_views(stored.record.title, record.title);
    assert_views(stored.record.path, record.path);
    assert_views(stored.record.language, record.language);
    assert_views(stored.record.fields, record.fields);
    assert_int_equal(stored.record.field_count, record.field_count);
    assert_int_equal(stored.record.line, record.line);
    assert_int_equal(stored.record.is_record, record.is_record);
    assert_int_equal(stored.record.title_searched, record.title_searched);
    assert_int_equal(stored.record.bytes, record.bytes);
    assert_int_equal(stored.record.passage_count, record.passage_count);
    OK(xc_document_value(found, KW_SCHEMA_ID_SLOT, &data));
    assert_views(view_of(data), record.id);
    if (record.title_searched && stored.text_position)
        assert_int_equal(field_length(look, docid, "title"), stored.text_position - KW_TITLE_GAP);
    compare_passages(look, document, docid, &stored);
    compare_values(look, document, docid);
    xc_document_free(found);
}

static void open_look(struct look *look)
{
    struct xc_text settings;
    struct kw_error error = KW_ERROR_INIT;
    *look = (struct look){.database = xc_database_new()};
    if (kw_engine_new(&look->native, "nat", NULL, NULL, &error) != KW_OK)
        fail_msg("%s", error.message);
    OK(xc_database_open(look->database, "db", 0));
    OK(xc_database_metadata(look->database, text(KW_SETTINGS_KEY), &settings));
    assert_int_equal(kw_settings_read(&look->settings, view_of(settings), "db", NULL), KW_OK);
    look->automatic = strcmp(look->settings.analysis.language, "auto") == 0;
    struct kw_analysis analysis = look->settings.analysis;
    assert_int_equal(kw_analyzer_new(&look->analyzer, &analysis, NULL), KW_OK);
}

/* Holds all of the database to the native index. */
static void compare_all(void)
{
    struct look look;
    struct kw_figures figures;
    struct xc_statistics statistics;
    struct xc_postings *postings = xc_postings_new();
    size_t count = 0;
    open_look(&look);
    assert_int_equal(look.native->ops->figures(look.native, &figures, NULL), KW_OK);
    OK(xc_database_statistics(look.database, &statistics));
    assert_int_equal(statistics.documents, figures.documents);
    assert_int_equal(statistics.total_length, figures.words * KW_XAPIAN_LENGTH);
    assert_int_equal(look.settings.commit, figures.commit);
    compare_all_terms(&look);
    for (size_t i = 0; i < RANDOM_IDS; i++) {
        char id[16];
        uint64_t document;
        uint32_t docid;
        snprintf(id, sizeof id, "d/%zu.txt", i);
        enum kw_status status =
            look.native->ops->find(look.native, kw_view_of(id), &document, NULL);
        kw_schema_id(&look.term, kw_view_of(id));
        OK(xc_database_postings(look.database, text_of(&look.term), postings));
        GIVES(xc_postings_next(postings, &docid), status == KW_OK ? XC_OK : XC_END);
        count += status == KW_OK;
        if (status == KW_OK)
            compare_document(&look, document, docid);
    }
    assert_int_equal(count, figures.documents);
    xc_postings_free(postings);
    xc_database_free(look.database);
    kw_settings_release(&look.settings);
    kw_analyzer_free(look.analyzer);
    kw_bytes_release(&look.term);
    look.native->ops->free(look.native);
}

static void run_random(const char *language, bool keep_accents)
{
    struct pair pair = {
        .options = {
            .language = language, .keep_accents = keep_accents, .create = true, .no_sync = true}};
    open_pair(&pair);
    for (int i = 1; i <= STEPS; i++) {
        step(&pair);
        if (random_below(&seed, 25) && i < STEPS)
            continue;
        commit_both(&pair);
        compare_all();
        if (random_below(&seed, 2)) {
            close_pair(&pair);
            open_pair(&pair);
        }
    }
    close_pair(&pair);
}

static void test_english_is_as_the_native_index(void **state)
{
    (void)state;
    seed = 11;
    run_random("english", false);
}

static void test_words_as_they_are_are_as_the_native_index(void **state)
{
    (void)state;
    seed = 12;
    run_random("none", true);
}

static void test_languages_of_documents_are_as_the_native_index(void **state)
{
    (void)state;
    seed = 13;
    run_random("auto", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_english_is_as_the_native_index),
        IN_SCRATCH(test_words_as_they_are_are_as_the_native_index),
        IN_SCRATCH(test_languages_of_documents_are_as_the_native_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
