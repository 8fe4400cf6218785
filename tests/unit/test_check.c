/* The check: a sound index is sound, and damage that its checksums do not show is named. */
#include "index/check.h"

#include "index/commit.h"
#include "index/deletes.h"
#include "index/postings.h"
#include "index/sources.h"
#include "tests/unit/index_builder.h"
#include "tests/unit/reseal.h"

enum { DOCUMENTS = 400 };

static struct scratch scratch;
static struct kw_bytes reported;

static void report(void *context, const char *problem)
{
    (void)context;
    kw_bytes_append_text(&reported, problem);
    kw_bytes_append_text(&reported, "\n");
}

static enum kw_status check(void)
{
    struct kw_error error = KW_ERROR_INIT;
    kw_bytes_clear(&reported);
    enum kw_status status = kw_check(scratch.folder, report, NULL, &error);
    kw_bytes_append_byte(&reported, 0);
    return status;
}

/* A segment with everything in it: listed and inline terms, stems of all kinds, ids out of order,
 * records of a file, two blocks of stored text. */
static void write_segment(void)
{
    struct index_builder builder;
    struct kw_entry_field field = {kw_view_of("kind"), 's', kw_view_of("x")};
    builder_init(&builder, scratch_path(&scratch, "segment-1"), NULL);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        char id[16];
        char text[200];
        snprintf(id, sizeof id, "%03u", i * 7 % DOCUMENTS);
        snprintf(text, sizeof text, "common w%u %s\nplan common %s\n", i,
                 i % 3 ? "borders" : "border", i % 50 ? "n1 n2 n3 n4 n5 n6" : "resume resumE rare");
        struct kw_entry entry = {.id = kw_view_of(id),
                                 .title = kw_view_of("a title"),
                                 .path = kw_view_of("records"),
                                 .title_searched = i % 2,
                                 .is_record = i % 5 == 0,
                                 .fields = &field,
                                 .field_count = 1};
        builder_begin(&builder, &entry);
        uint32_t base = 0;
        if (entry.title_searched) {
            builder_words(&builder, "title", entry.title, 0);
            base = builder_words(&builder, "", entry.title, 0) + KW_TITLE_GAP;
        }
        builder_words(&builder, "kind", field.value, 0);
        builder_text(&builder, text, base);
        builder_end(&builder);
    }
    builder_finish(&builder, 1);
}

static int setup(void **state)
{
    static const uint32_t deleted[] = {3, 5, 6};
    struct kw_source_file files[] = {{kw_view_of("a"), 1, 2, 3, 0}, {kw_view_of("b"), 1, 2, 3, 0}};
    struct kw_manifest_segment segment = {1, DOCUMENTS, 3, 2};
    struct kw_manifest manifest = {1, 4, 1, "english", false, NULL, 3, &segment, 1, NULL, 0, false};
    (void)state;
    scratch_init(&scratch);
    write_segment();
    struct kw_segment *written = builder_segment(scratch.path);
    assert_int_equal(
        kw_deletes_write(scratch_path(&scratch, "deletes-2"), written, deleted, 3, false, NULL),
        KW_OK);
    kw_segment_free(written);
    assert_int_equal(kw_sources_write(scratch_path(&scratch, "sources-3"), files, 2, NULL, 0, NULL,
                                      0, false, NULL),
                     KW_OK);
    assert_int_equal(kw_commit(&manifest, scratch.folder, false, NULL), KW_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kw_bytes_release(&reported);
    scratch_release(&scratch);
    return 0;
}

/* Changes bytes [at, at+size) of a section (of the header with section NULL) to the little-endian
 * `value`, makes the checksums right, and asserts that the check says `expected`. The file is as
 * before then. */
static void assert_found_in(const char *file, const char *section, size_t at, size_t size,
                            uint64_t value, const char *expected)
{
    struct kw_bytes bytes = scratch_read(&scratch, file);
    struct kw_bytes before = scratch_read(&scratch, file);
    size_t room = RESEAL_PAGE;
    uint8_t *place = section ? reseal_section(bytes.data, section, &room) : bytes.data;
    assert_true(place && at + size <= room);
    for (size_t i = 0; i < size; i++)
        place[at + i] = (uint8_t)(value >> (8 * i));
    assert_false(kw_view_equal(kw_bytes_view(&bytes), kw_bytes_view(&before)));
    reseal(bytes.data, bytes.size);
    scratch_write(&scratch, file, kw_bytes_view(&bytes));
    enum kw_status status = check();
    scratch_write(&scratch, file, kw_bytes_view(&before));
    if (status != KW_E_DAMAGED || !strstr((const char *)reported.data, expected))
        fail_msg("section %s at %zu: status %d, not '%s' but:\n%s", section, at, status, expected,
                 (const char *)reported.data);
    kw_bytes_release(&bytes);
    kw_bytes_release(&before);
}

static void assert_found(const char *section, size_t at, size_t size, uint64_t value,
                         const char *expected)
{
    assert_found_in("segment-1", section, at, size, value, expected);
}

/* Where `needle` first stands in a section of the segment. */
static size_t find_bytes(const char *section, const char *needle)
{
    struct kw_bytes bytes = scratch_read(&scratch, "segment-1");
    size_t size;
    const uint8_t *place = reseal_section(bytes.data, section, &size);
    const uint8_t *found = place ? memmem(place, size, needle, strlen(needle)) : NULL;
    assert_non_null(found);
    size_t at = (size_t)(found - place);
    kw_bytes_release(&bytes);
    return at;
}

/* A term of the text; a stem with `language`. Its views hold until `*segment` is freed. */
static struct kw_term find(struct kw_segment **segment, const char *language, const char *word)
{
    struct kw_bytes key = KW_BYTES_INIT;
    struct kw_term term;
    *segment = builder_segment(scratch_path(&scratch, "segment-1"));
    if (language)
        kw_key_stem(&key, kw_view_of(""), kw_view_of(language), kw_view_of(word));
    else
        kw_key_surface(&key, kw_view_of(""), kw_view_of(word));
    assert_int_equal(kw_segment_find_term(*segment, kw_bytes_view(&key), &term, NULL), KW_OK);
    kw_bytes_release(&key);
    return term;
}

/* Where a view into the lexicon begins in that section. */
static size_t lexicon_offset(const struct kw_segment *segment, struct kw_view view)
{
    return (size_t)(view.data - segment->pages.map.view.data) - segment->lexicon->offset;
}

static void a_sound_index_is_sound(void **state)
{
    (void)state;
    assert_int_equal(check(), KW_OK);
    assert_string_equal(reported.data, "");
}

static void no_index_is_no_damage(void **state)
{
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    assert_int_equal(kw_check(scratch_path(&scratch, "none"), report, NULL, &error), KW_E_NO_INDEX);
}

static void wrong_checksums_are_found_in_every_file(void **state)
{
    static const char *const files[] = {"segment-1", "deletes-2", "sources-3", "manifest"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct kw_bytes bytes = scratch_read(&scratch, files[i]);
        for (size_t page = 1; page < bytes.size / RESEAL_PAGE; page++) {
            bytes.data[page * RESEAL_PAGE + 4090] ^= 4;
            scratch_write(&scratch, files[i], kw_bytes_view(&bytes));
            assert_int_equal(check(), KW_E_DAMAGED);
            assert_non_null(strstr((const char *)reported.data, files[i]));
            assert_non_null(strstr((const char *)reported.data, "wrong checksum"));
            bytes.data[page * RESEAL_PAGE + 4090] ^= 4;
        }
        scratch_write(&scratch, files[i], kw_bytes_view(&bytes));
        kw_bytes_release(&bytes);
    }
    assert_int_equal(check(), KW_OK);
}

/* The parts of a term with several blocks. */
static struct kw_skips find_skips(const char *word, uint32_t blocks)
{
    struct kw_segment *segment;
    struct kw_term term = find(&segment, NULL, word);
    assert_int_equal((term.documents + KW_POSTING_BLOCK - 1) / KW_POSTING_BLOCK, blocks);
    kw_segment_free(segment);
    return kw_postings_skips(&term, blocks);
}

static void skip_data_that_is_not_true_is_found(void **state)
{
    struct kw_skips at = find_skips("common", 4);
    (void)state;
    assert_found("postings", at.last, 4, 126, "a block does not end where its skip data says");
    assert_found("postings", at.last + 12, 4, DOCUMENTS,
                 "a block does not end where its skip data says");
    assert_found("postings", at.offsets, 4, 1, "not in its place");
    assert_found("postings", at.offsets + 8, 4, 1 << 30, "section");
    assert_found("postings", at.positions + 8, 8, 1, "not in its place");
    assert_found("postings", at.positions + 8, 8, 1 << 30, "section");
}

/* "common" stands twice in each document. Half of the documents have a title and are the longest,
 * and eight, the first among them, are the shortest: so its classes are 1, 5 and 15. */
static void strengths_that_are_not_true_are_found(void **state)
{
    struct kw_skips at = find_skips("common", 4);
    struct kw_bytes file = scratch_read(&scratch, "segment-1");
    size_t size;
    const uint8_t *postings = reseal_section(file.data, "postings", &size);
    uint8_t strong = postings[at.greatest + 15];
    uint8_t weak = postings[at.greatest + 1];
    (void)state;
    assert_true(weak > 0 && weak < postings[at.greatest + 5] && postings[at.greatest + 5] < strong);
    assert_int_equal(postings[at.blocks], strong);
    assert_int_equal(kw_load32(postings + at.stronger + 60), 8);
    assert_int_equal(postings[at.classes], 0x1F);
    kw_bytes_release(&file);
    assert_found("postings", at.greatest + 15, 1, strong - 1, "strength of class 15 is not true");
    assert_found("postings", at.greatest + 1, 1, weak + 1, "strength of class 1 is not true");
    assert_found("postings", at.greatest + 6, 1, weak, "strength of class 6 is not true");
    assert_found("postings", at.stronger + 60, 4, 7, "postings from class 15 is not true");
    assert_found("postings", at.stronger + 8, 4, DOCUMENTS + 1,
                 "classes of postings make no sense");
    assert_found("postings", at.stronger, 4, DOCUMENTS - 1, "classes of postings make no sense");
    assert_found("postings", at.blocks + 1, 1, strong - 1, "strength of block 1 is not true");
    assert_found("postings", at.classes, 1, 0x1E, "a class in block 0 is not true");
    assert_found("postings", at.classes + 1, 1, 0x25, "a class in block 0 is not true");
    assert_found("postings", at.classes + 3 * KW_CLASS_BYTES + 8, 1, 0x10,
                 "a class in block 3 is not true");
}

static void postings_that_do_not_add_up_are_found(void **state)
{
    struct kw_segment *segment;
    size_t block = find_skips("common", 4).first_block;
    (void)state;
    assert_found("postings", block, 1, 34, "bit widths make no sense");
    assert_found("postings", block, 1, 33, "");
    assert_found("postings", block + 1, 1, 0, "do not add up");
    struct kw_term inlined = find(&segment, NULL, "w7");
    assert_int_equal(inlined.place, KW_PLACE_INLINE);
    size_t at = lexicon_offset(segment, inlined.inlined);
    kw_segment_free(segment);
    assert_found("lexicon", at + 1, 1, 1, "inline postings make no sense");  /* frequency */
    assert_found("lexicon", at, 2, 0x7FFF, "inline postings make no sense"); /* document */
    assert_found("lexicon", at - 2, 1, 1, "do not add up");                  /* occurrences */
    assert_found("lexicon", at - 3, 1, 2 << 2 | 1, "inline postings make no sense");
}

static void a_lexicon_out_of_order_is_found(void **state)
{
    struct kw_segment *segment;
    struct kw_term rare = find(&segment, NULL, "rare");
    size_t at = lexicon_offset(segment, rare.inlined) - 7; /* the first letter of its key */
    (void)state;
    kw_segment_free(segment);
    assert_found("lexicon", at, 1, 'a', "its key does not rise");
    assert_found("lexicon", at - 2, 1, 100, "an entry of the lexicon makes no sense");
    assert_found("lexiconindex", 8, 8, 1 << 20, "a block of the lexicon is out of order");
    assert_found("lexicon", 1, 1, 0, "an entry of the lexicon makes no sense");
}

static void stems_that_disagree_with_their_forms_are_found(void **state)
{
    struct kw_segment *segment;
    struct kw_term border = find(&segment, "english", "border");
    assert_true(!border.positional && border.form_count == 2);
    size_t forms = lexicon_offset(segment, border.forms);
    size_t block = kw_postings_skips(&border, 4).first_block;
    (void)state;
    kw_segment_free(segment);
    assert_found("lexicon", forms, 1, 20, "a stem disagrees with its forms");
    assert_found("postings", block, 1, 8, "a stem lacks documents of its forms");
    struct kw_term shared = find(&segment, "english", "w300");
    assert_true(shared.shared && shared.forms.size == 2);
    forms = lexicon_offset(segment, shared.forms);
    uint64_t before = shared.ordinal - 1;
    kw_segment_free(segment);
    assert_found("lexicon", forms, 2, 0x7FFF, "a stem's forms make no sense");
    assert_found("lexicon", forms, 2, (before & 127) | 128 | before >> 7 << 8,
                 "a stem's form is a stem");
}

static void fields_that_lie_are_found(void **state)
{
    size_t kind = find_bytes("fields", "kind");
    (void)state;
    assert_found("lengths", 0, 1, 200, "does not add up to its totals");
    assert_found("fields", 1, 1, 0x91, "does not add up to its totals");
    assert_found("fields", kind, 1, 'j', "its field does not exist");
    assert_found("fields", kind, 1, 'z', "is out of order");
    assert_found("fields", kind + 8, 1, 2, "other numbers of terms");
    assert_found("fields", kind + 13, 1, 0, "a field's row makes no sense");
    assert_found("fields", kind + 14, 1, 2, "other least or greatest lengths");
    assert_found("fieldindex", 0, 8, 1 << 20, "an index entry is out of order");
    assert_found("fieldindex", 8, 8, 0, "an index entry is out of order");
}

static void records_that_make_no_sense_are_found(void **state)
{
    size_t at = find_bytes("records", "kind") - 1; /* the first document's fields */
    (void)state;
    assert_found("records", at - 1, 1, 2, "its fields make no sense");
    assert_found("records", at - 1, 1, 0, "bytes are left over");
    assert_found("records", at - 2, 1, 1, "passages do not tile their document's text");
    assert_found("records", at - 3, 1, 1, "passages do not tile their document's text");
    assert_found("records", at - 4, 1, 1, "its passages do not follow those before");
    assert_found("records", at - 5, 1, 1, "a document's record makes no sense"); /* language */
    assert_found("recordindex", 8, 8, 0, "an index entry is out of order");
    assert_found("pathindex", 0, 8, 99, "an index entry is out of order");
    assert_found("languageindex", 0, 8, 99, "an index entry is out of order");
}

static void texts_and_borders_that_disagree_are_found(void **state)
{
    (void)state;
    assert_found("borders", 0, 1, 33, "passage borders make no sense");
    assert_found("borders", 1, 1, 1, "passages do not tile");
    assert_found("borders", 3, 1, 0, "its passages' words do not add up");
    assert_found("borderindex", 8, 8, 1 << 20, "section");
    assert_found("text", 200, 1, 0x5A, "stored text does not inflate");
    assert_found("textindex", 16, 8, 0, "is out of order");
    assert_found("textindex", 16, 8, 2, "stored text does not inflate");
    assert_found("textindex", 24, 8, 1 << 20, "points outside of its section");
    assert_found(NULL, 48 + 1 * 40 + 32, 8, 7, "the texts' bytes do not add up");
}

static void ids_out_of_order_are_found(void **state)
{
    (void)state;
    assert_found("idorder", 0, 8, (uint64_t)0 << 32 | 343, "its rank is not its place");
    assert_found("idorder", 0, 4, DOCUMENTS, "an id's document does not exist");
    assert_found("idrank", 4, 4, 8, "its rank is not its place");
    assert_found("records", 1, 1, '9', "its id is out of order");
}

static void documents_that_share_an_id_are_found(void **state)
{
    size_t id = find_bytes("records", "001"); /* the next after that of document 0, 000 */
    (void)state;
    assert_found("records", id + 2, 1, '0', "a later document has its id");
}

static void deletes_that_lie_are_found(void **state)
{
    (void)state;
    assert_found_in("deletes-2", "documents", 4, 4, 3, "out of order or range");
    assert_found_in("deletes-2", "documents", 8, 4, DOCUMENTS, "out of order or range");
    assert_found_in("deletes-2", "documents", 0, 4, 0, "takes off the wrong lengths");
    assert_found_in("deletes-2", "lengths", 0, 8, 4, "takes off the wrong lengths");
    assert_found_in("deletes-2", "lengths", 24, 8, 1, "takes off the wrong lengths");
}

static void sources_out_of_order_are_found(void **state)
{
    (void)state;
    assert_found_in("sources-3", "files", 1, 1, 'c', "is out of order");
    assert_found_in("sources-3", "files", 0, 1, 200, "a file's row makes no sense");
    assert_found_in("sources-3", "fileindex", 0, 8, 99, "an index entry is out of order");
}

static void a_manifest_that_lies_is_found(void **state)
{
    (void)state;
    /* commit, next number, analysis, language, flags, base, sources, count, then number and
     * documents */
    size_t segment = 3 + 1 + 7 + 1 + 1 + 1 + 1 + 1;
    assert_found_in("manifest", "commit", segment + 1, 1, 0x91, "not the segment its commit names");
    assert_found_in("manifest", "commit", segment + 3, 1, 2, "not the segment its commit names");
    assert_found_in("manifest", "commit", segment, 1, 9, "segment-9");
    assert_found_in("manifest", "commit", segment - 2, 1, 9, "sources-9");
}

static void a_check_stops_after_a_hundred_problems(void **state)
{
    struct kw_bytes bytes = scratch_read(&scratch, "segment-1");
    size_t size;
    size_t lines = 0;
    (void)state;
    uint8_t *ranks = reseal_section(bytes.data, "idrank", &size);
    assert_true(ranks && size == DOCUMENTS * 4);
    memset(ranks, 0, size);
    reseal(bytes.data, bytes.size);
    scratch_write(&scratch, "segment-1", kw_bytes_view(&bytes));
    assert_int_equal(check(), KW_E_DAMAGED);
    for (const uint8_t *at = reported.data; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, 100);
    kw_bytes_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sound_index_is_sound, setup, teardown),
        cmocka_unit_test_setup_teardown(no_index_is_no_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_checksums_are_found_in_every_file, setup, teardown),
        cmocka_unit_test_setup_teardown(skip_data_that_is_not_true_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(strengths_that_are_not_true_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(postings_that_do_not_add_up_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lexicon_out_of_order_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(stems_that_disagree_with_their_forms_are_found, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(fields_that_lie_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(records_that_make_no_sense_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(texts_and_borders_that_disagree_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(ids_out_of_order_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(documents_that_share_an_id_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(deletes_that_lie_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(sources_out_of_order_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_manifest_that_lies_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_check_stops_after_a_hundred_problems, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
