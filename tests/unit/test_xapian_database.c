/* libxapian_c: opening databases in all ways but remote ones, several as one, and what they say of
 * themselves. */
#include "tests/unit/xapian_scratch.h"

#include <fcntl.h>

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

static uint32_t documents(struct xc_database *database)
{
    struct xc_statistics statistics;
    OK(xc_database_statistics(database, &statistics));
    return statistics.documents;
}

static void a_database_of_no_shards_has_nothing(void **state)
{
    struct xc_database *database = xc_database_new();
    struct xc_postings *postings = xc_postings_new();
    struct xc_statistics statistics;
    struct xc_document *document = xc_document_new();
    struct xc_text found;
    uint32_t number;
    bool flag = true;
    (void)state;
    assert_int_equal(xc_database_shards(database), 0);
    assert_false(xc_database_writable(database));
    OK(xc_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 0);
    assert_int_equal(statistics.total_length, 0);
    assert_false(statistics.has_positions);
    OK(xc_database_term_frequency(database, text("a"), &number));
    assert_int_equal(number, 0);
    assert_true(xc_database_document(database, 1, document) < 0);
    assert_true(xc_database_document_length(database, 1, &number) < 0);
    assert_true(xc_database_unique_terms(database, 1, &number) < 0);
    OK(xc_database_postings(database, text("a"), postings));
    GIVES(xc_postings_next(postings, &number), XC_END);
    GIVES(xc_database_commit(database), XC_E_INVALID_OPERATION);
    assert_string_equal(xc_database_error(database)->message,
                        "the database is not open for writing");
    OK(xc_database_locked(database, &flag));
    assert_false(flag);
    OK(xc_database_describe(database, &found));
    assert_true(text_has(found, "Database"));
    OK(xc_database_close(database));
    OK(xc_database_keep_alive(database));
    xc_document_free(document);
    xc_postings_free(postings);
    xc_database_free(database);
    xc_database_free(NULL);
}

static void statistics_are_those_of_the_documents(void **state)
{
    struct xc_database *database;
    struct xc_statistics statistics;
    struct xc_text value;
    uint32_t number;
    bool exists;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    OK(xc_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 5);
    assert_int_equal(statistics.last_docid, 5);
    assert_int_equal(statistics.total_length, 19);
    assert_true(statistics.average_length == 19 / 5.0);
    assert_in_range(statistics.length_min, 0, 3);
    assert_in_range(statistics.length_max, 5, 100);
    assert_true(statistics.has_positions);
    OK(xc_database_term_frequency(database, text("apple"), &number));
    assert_int_equal(number, 3);
    OK(xc_database_collection_frequency(database, text("apple"), &number));
    assert_int_equal(number, 4);
    OK(xc_database_term_exists(database, text("apple"), &exists));
    assert_true(exists);
    OK(xc_database_term_exists(database, text("lemon"), &exists));
    assert_false(exists);
    OK(xc_database_wdf_bound(database, text("fig"), &number));
    assert_in_range(number, 3, 100);
    OK(xc_database_document_length(database, 4, &number));
    assert_int_equal(number, 5);
    OK(xc_database_unique_terms(database, 4, &number));
    assert_int_equal(number, 3);
    OK(xc_database_value_frequency(database, 0, &number));
    assert_int_equal(number, 5);
    OK(xc_database_value_lower_bound(database, 0, &value));
    assert_text(value, "apple");
    OK(xc_database_value_upper_bound(database, 0, &value));
    assert_text(value, "damson");
    xc_database_free(database);
}

static void a_database_says_what_it_is(void **state)
{
    struct xc_database *database, *writer;
    struct xc_text found;
    uint64_t revision, later;
    bool flag;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    assert_int_equal(xc_database_shards(database), 1);
    OK(xc_database_uuid(database, &found));
    assert_int_equal(found.size, 36);
    OK(xc_database_revision(database, &revision));
    OK(xc_database_locked(database, &flag));
    assert_false(flag);
    writer = scratch_writer("five");
    assert_true(xc_database_writable(writer));
    OK(xc_database_locked(database, &flag));
    assert_true(flag);
    OK(xc_database_reopen(database, &flag));
    assert_false(flag);
    scratch_add(writer, "new");
    OK(xc_database_commit(writer));
    assert_int_equal(documents(database), 5);
    OK(xc_database_reopen(database, &flag));
    assert_true(flag);
    OK(xc_database_reopen(database, NULL));
    assert_int_equal(documents(database), 6);
    OK(xc_database_revision(database, &later));
    assert_true(later > revision);
    OK(xc_database_describe(writer, &found));
    assert_true(text_has(found, "WritableDatabase"));
    xc_database_free(writer);
    xc_database_free(database);
}

static void several_are_one(void **state)
{
    struct xc_database *one, *two, *both = xc_database_new();
    struct xc_document *document = xc_document_new();
    struct xc_text data;
    uint32_t number;
    (void)state;
    scratch_five("one");
    two = scratch_writer("two");
    scratch_add(two, "apple lemon");
    scratch_add(two, "lemon");
    OK(xc_database_commit(two));
    xc_database_free(two);
    one = scratch_reader("one");
    two = scratch_reader("two");
    OK(xc_database_add(both, one));
    OK(xc_database_add(both, two));
    assert_int_equal(xc_database_shards(both), 2);
    assert_int_equal(documents(both), 7);
    OK(xc_database_term_frequency(both, text("apple"), &number));
    assert_int_equal(number, 4);
    /* Document 2 of shard 1 of 2. */
    OK(xc_database_document(both, 2 * (2 - 1) + 1 + 1, document));
    OK(xc_document_data(document, &data));
    assert_text(data, "lemon");
    OK(xc_document_docid(document, &number));
    GIVES(xc_database_revision(both, (uint64_t[1]){0}), XC_E_INVALID_OPERATION);
    xc_database_free(one);
    xc_database_free(two);
    assert_int_equal(documents(both), 7);
    xc_document_free(document);
    xc_database_free(both);
}

static void writers_share_documents_out_in_turn(void **state)
{
    static const char *const paths[] = {"a", "b", "c"};
    static const uint32_t expected[] = {3, 2, 2};
    struct xc_database *all = xc_database_new(), *reader;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct xc_database *shard = scratch_writer(paths[i]);
        OK(xc_database_add(all, shard));
        xc_database_free(shard);
    }
    assert_true(xc_database_writable(all));
    for (uint32_t i = 1; i <= 7; i++)
        assert_int_equal(scratch_add(all, "word"), i);
    OK(xc_database_commit(all));
    for (size_t i = 0; i < 3; i++) {
        reader = scratch_reader(paths[i]);
        assert_int_equal(documents(reader), expected[i]);
        /* A reader and a writer cannot be one, and nothing is changed by the attempt. */
        GIVES(xc_database_add(all, reader), XC_E_INVALID_OPERATION);
        assert_int_equal(xc_database_shards(all), 3);
        xc_database_free(reader);
    }
    xc_database_free(all);
}

static void a_handle_is_opened_again(void **state)
{
    struct xc_database *database = scratch_writer("first");
    (void)state;
    scratch_add(database, "word");
    scratch_five("five");
    OK(xc_database_open(database, "five", 0));
    assert_false(xc_database_writable(database));
    assert_int_equal(documents(database), 5);
    GIVES(xc_database_open(database, "nowhere", 0), XC_E_DATABASE_NOT_FOUND);
    assert_int_equal(documents(database), 5);
    OK(xc_database_open_writable(database, "first", XC_OPEN, 0));
    assert_int_equal(documents(database), 1);
    OK(xc_database_open_writable(database, "", XC_BACKEND_INMEMORY, 0));
    assert_int_equal(documents(database), 0);
    scratch_add(database, "word");
    assert_int_equal(documents(database), 1);
    xc_database_free(database);
}

static void a_stub_names_databases(void **state)
{
    struct xc_database *database = xc_database_new();
    (void)state;
    scratch_five("one");
    scratch_five("two");
    write_file("stub", "auto one\nglass two\n");
    OK(xc_database_open(database, "stub", 0));
    assert_int_equal(xc_database_shards(database), 2);
    assert_int_equal(documents(database), 10);
    OK(xc_database_open(database, "stub", XC_BACKEND_STUB));
    OK(xc_database_open_writable(database, "stub", XC_OPEN, 0));
    assert_int_equal(scratch_add(database, "word"), 11);
    write_file("bad", "nonsense one\n");
    GIVES(xc_database_open(database, "bad", XC_BACKEND_STUB), XC_E_DATABASE_OPENING);
    assert_non_null(strstr(xc_database_error(database)->message, "bad"));
    xc_database_free(database);
}

static void a_single_file_is_opened_by_path_or_descriptor(void **state)
{
    struct xc_database *database;
    int file;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    file = open("single", O_CREAT | O_RDWR | O_TRUNC, 0666);
    assert_true(file >= 0);
    OK(xc_database_compact_fd(database, file, XC_COMPACT_FULL, 0, NULL));
    OK(xc_database_open(database, "single", 0));
    assert_int_equal(documents(database), 5);
    file = open("single", O_RDONLY);
    OK(xc_database_open_fd(database, file, 0));
    assert_int_equal(documents(database), 5);
    xc_database_free(database);
}

static void metadata_spellings_and_synonyms_are_read(void **state)
{
    struct xc_database *database = scratch_writer("kept");
    struct xc_terms *terms = xc_terms_new();
    struct xc_text found;
    uint32_t number;
    (void)state;
    OK(xc_database_set_metadata(database, text("key"), text("value")));
    OK(xc_database_set_metadata(database, text("kez"), text("other")));
    OK(xc_database_add_spelling(database, text("harbour"), 3));
    OK(xc_database_add_spelling(database, text("border"), 1));
    OK(xc_database_add_synonym(database, text("port"), text("harbour")));
    OK(xc_database_add_synonym(database, text("port"), text("haven")));
    OK(xc_database_commit(database));
    OK(xc_database_open(database, "kept", 0));
    OK(xc_database_metadata(database, text("key"), &found));
    assert_text(found, "value");
    OK(xc_database_metadata(database, text("none"), &found));
    assert_text(found, "");
    GIVES(xc_database_metadata(database, text(""), &found), XC_E_INVALID_ARGUMENT);
    OK(xc_database_metadata_keys(database, text("ke"), terms));
    assert_string_equal(scratch_terms(terms), "key kez");
    OK(xc_database_suggest(database, text("harbor"), 2, &found));
    assert_text(found, "harbour");
    OK(xc_database_suggest(database, text("harbor"), 0, &found));
    assert_text(found, "");
    OK(xc_database_spellings(database, terms));
    OK(xc_terms_skip_to(terms, text("h"), &found));
    OK(xc_terms_frequency(terms, &number));
    assert_int_equal(number, 3);
    OK(xc_database_synonyms(database, text("port"), terms));
    assert_string_equal(scratch_terms(terms), "harbour haven");
    OK(xc_database_synonym_keys(database, text(""), terms));
    assert_string_equal(scratch_terms(terms), "port");
    xc_terms_free(terms);
    xc_database_free(database);
}

static void versions_and_names_of_statuses(void **state)
{
    (void)state;
    assert_true(strncmp(xc_xapian_version(), "1.4.", 4) == 0);
    assert_string_equal(xc_status_name(XC_E_DATABASE_LOCK), "XC_E_DATABASE_LOCK");
    assert_string_equal(xc_status_name(-1000), "unknown status");
    for (int status = XC_END; status >= XC_E_FOREIGN; status--)
        assert_true(strncmp(xc_status_name(status), "XC_", 3) == 0);
    assert_true(xc_status_retryable(XC_E_DATABASE_LOCK));
    assert_true(xc_status_retryable(XC_E_DATABASE_MODIFIED));
    assert_true(xc_status_retryable(XC_E_NETWORK_TIMEOUT));
    assert_false(xc_status_retryable(XC_E_NETWORK));
    assert_false(xc_status_retryable(XC_OK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_of_no_shards_has_nothing),
        IN_SCRATCH(statistics_are_those_of_the_documents),
        IN_SCRATCH(a_database_says_what_it_is),
        IN_SCRATCH(several_are_one),
        IN_SCRATCH(writers_share_documents_out_in_turn),
        IN_SCRATCH(a_handle_is_opened_again),
        IN_SCRATCH(a_stub_names_databases),
        IN_SCRATCH(a_single_file_is_opened_by_path_or_descriptor),
        IN_SCRATCH(metadata_spellings_and_synonyms_are_read),
        cmocka_unit_test(versions_and_names_of_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
