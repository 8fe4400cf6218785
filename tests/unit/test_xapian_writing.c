/* libxapian_c: writing, transactions, compaction and checks. */
#include "tests/unit/xapian_scratch.h"

#include <fcntl.h>

static uint32_t documents(const char *path)
{
    struct xc_database *database = scratch_reader(path);
    struct xc_statistics statistics;
    OK(xc_database_statistics(database, &statistics));
    xc_database_free(database);
    return statistics.documents;
}

static void a_commit_is_what_readers_see(void **state)
{
    struct xc_database *writer = scratch_writer("db");
    struct xc_document *document = xc_document_new();
    (void)state;
    scratch_add(writer, "one");
    assert_int_equal(documents("db"), 0);
    OK(xc_database_commit(writer));
    assert_int_equal(documents("db"), 1);
    scratch_add(writer, "two");
    OK(xc_database_close(writer));
    assert_int_equal(documents("db"), 2);
    GIVES(xc_database_add_document(writer, document, NULL), XC_E_DATABASE_CLOSED);
    xc_document_free(document);
    xc_database_free(writer);
}

static void transactions_are_kept_or_cancelled(void **state)
{
    struct xc_database *writer = scratch_writer("db");
    (void)state;
    OK(xc_database_begin_transaction(writer, true));
    scratch_add(writer, "one");
    GIVES(xc_database_begin_transaction(writer, true), XC_E_INVALID_OPERATION);
    GIVES(xc_database_commit(writer), XC_E_INVALID_OPERATION);
    assert_int_equal(documents("db"), 0);
    OK(xc_database_commit_transaction(writer));
    assert_int_equal(documents("db"), 1);
    OK(xc_database_begin_transaction(writer, false));
    scratch_add(writer, "two");
    scratch_add(writer, "three");
    OK(xc_database_cancel_transaction(writer));
    OK(xc_database_commit(writer));
    assert_int_equal(documents("db"), 1);
    GIVES(xc_database_commit_transaction(writer), XC_E_INVALID_OPERATION);
    GIVES(xc_database_cancel_transaction(writer), XC_E_INVALID_OPERATION);
    xc_database_free(writer);
}

static void documents_are_replaced_and_deleted(void **state)
{
    struct xc_database *writer = scratch_writer("db");
    struct xc_document *document = xc_document_new();
    struct xc_text data;
    uint32_t docid;
    (void)state;
    scratch_add(writer, "Qone text");
    scratch_add(writer, "Qtwo text");
    scratch_words(document, "Qtwo changed");
    OK(xc_database_replace_by_term(writer, text("Qtwo"), document, &docid));
    assert_int_equal(docid, 2);
    scratch_words(document, "Qsix new");
    OK(xc_database_replace_by_term(writer, text("Qsix"), document, NULL));
    scratch_words(document, "far away");
    OK(xc_database_replace_document(writer, 9, document));
    OK(xc_database_document(writer, 2, document));
    OK(xc_document_data(document, &data));
    assert_text(data, "Qtwo changed");
    OK(xc_database_document(writer, 9, document));
    OK(xc_document_docid(document, &docid));
    assert_int_equal(docid, 9);
    OK(xc_database_delete_document(writer, 9));
    GIVES(xc_database_delete_document(writer, 9), XC_E_DOC_NOT_FOUND);
    GIVES(xc_database_document(writer, 9, document), XC_E_DOC_NOT_FOUND);
    OK(xc_database_delete_by_term(writer, text("Qone")));
    OK(xc_database_delete_by_term(writer, text("Qnone")));
    OK(xc_database_commit(writer));
    assert_int_equal(documents("db"), 2);
    xc_document_free(document);
    xc_database_free(writer);
}

static void spellings_synonyms_and_metadata_are_removed(void **state)
{
    struct xc_database *writer = scratch_writer("db");
    struct xc_terms *terms = xc_terms_new();
    struct xc_text found;
    (void)state;
    OK(xc_database_add_spelling(writer, text("word"), 2));
    OK(xc_database_remove_spelling(writer, text("word"), 2));
    OK(xc_database_add_synonym(writer, text("a"), text("b")));
    OK(xc_database_add_synonym(writer, text("a"), text("c")));
    OK(xc_database_remove_synonym(writer, text("a"), text("b")));
    OK(xc_database_add_synonym(writer, text("z"), text("y")));
    OK(xc_database_clear_synonyms(writer, text("z")));
    OK(xc_database_set_metadata(writer, text("key"), text("value")));
    OK(xc_database_set_metadata(writer, text("key"), text("")));
    OK(xc_database_commit(writer));
    OK(xc_database_spellings(writer, terms));
    assert_string_equal(scratch_terms(terms), "");
    OK(xc_database_synonyms(writer, text("a"), terms));
    assert_string_equal(scratch_terms(terms), "c");
    OK(xc_database_synonym_keys(writer, text(""), terms));
    assert_string_equal(scratch_terms(terms), "a");
    OK(xc_database_metadata(writer, text("key"), &found));
    assert_text(found, "");
    xc_terms_free(terms);
    xc_database_free(writer);
}

static void a_reader_cannot_write(void **state)
{
    struct xc_database *reader;
    struct xc_document *document = xc_document_new();
    uint32_t docid;
    (void)state;
    scratch_five("five");
    reader = scratch_reader("five");
    GIVES(xc_database_commit(reader), XC_E_INVALID_OPERATION);
    GIVES(xc_database_begin_transaction(reader, true), XC_E_INVALID_OPERATION);
    GIVES(xc_database_commit_transaction(reader), XC_E_INVALID_OPERATION);
    GIVES(xc_database_cancel_transaction(reader), XC_E_INVALID_OPERATION);
    GIVES(xc_database_add_document(reader, document, &docid), XC_E_INVALID_OPERATION);
    GIVES(xc_database_replace_document(reader, 1, document), XC_E_INVALID_OPERATION);
    GIVES(xc_database_replace_by_term(reader, text("a"), document, &docid), XC_E_INVALID_OPERATION);
    GIVES(xc_database_delete_document(reader, 1), XC_E_INVALID_OPERATION);
    GIVES(xc_database_delete_by_term(reader, text("apple")), XC_E_INVALID_OPERATION);
    GIVES(xc_database_set_metadata(reader, text("a"), text("b")), XC_E_INVALID_OPERATION);
    GIVES(xc_database_add_spelling(reader, text("a"), 1), XC_E_INVALID_OPERATION);
    GIVES(xc_database_remove_spelling(reader, text("a"), 1), XC_E_INVALID_OPERATION);
    GIVES(xc_database_add_synonym(reader, text("a"), text("b")), XC_E_INVALID_OPERATION);
    GIVES(xc_database_remove_synonym(reader, text("a"), text("b")), XC_E_INVALID_OPERATION);
    GIVES(xc_database_clear_synonyms(reader, text("a")), XC_E_INVALID_OPERATION);
    assert_int_equal(documents("five"), 5);
    xc_document_free(document);
    xc_database_free(reader);
}

static void compaction_keeps_what_there_is(void **state)
{
    struct xc_database *database;
    struct xc_terms *terms = xc_terms_new();
    struct xc_text report;
    size_t errors = 9;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    OK(xc_database_compact(database, "small", XC_COMPACT_FULL | XC_COMPACT_NO_RENUMBER, 4096,
                           NULL));
    assert_int_equal(documents("small"), 5);
    OK(xc_database_open(database, "small", 0));
    OK(xc_database_all_terms(database, text("a"), terms));
    assert_string_equal(scratch_terms(terms), "apple");
    OK(xc_database_check(database, "small", XC_CHECK_FULL_TREE | XC_CHECK_SHOW_STATS, &errors,
                         &report));
    assert_int_equal(errors, 0);
    assert_true(text_has(report, "postlist table structure checked OK"));
    OK(xc_database_check(database, "small", 0, &errors, NULL));
    xc_terms_free(terms);
    xc_database_free(database);
}

/* Xapian counts errors, or gives up with one of them. */
static void a_check_finds_damage(void **state)
{
    struct xc_database *database = xc_database_new();
    char byte = 0x55;
    struct xc_text report;
    size_t errors = 0;
    int file;
    (void)state;
    scratch_five("five");
    file = open("five/postlist.glass", O_RDWR);
    assert_true(file >= 0);
    /* The level of the root; worse damage makes Xapian itself read what is not its own. */
    assert_int_equal(pwrite(file, &byte, 1, 4), 1);
    close(file);
    assert_true(xc_database_check(database, "five", XC_CHECK_FULL_TREE, &errors, &report) < 0 ||
                errors > 0);
    GIVES(xc_database_check(database, "nowhere", 0, &errors, &report), XC_E_DATABASE_OPENING);
    xc_database_free(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_commit_is_what_readers_see),
        IN_SCRATCH(transactions_are_kept_or_cancelled),
        IN_SCRATCH(documents_are_replaced_and_deleted),
        IN_SCRATCH(spellings_synonyms_and_metadata_are_removed),
        IN_SCRATCH(a_reader_cannot_write),
        IN_SCRATCH(compaction_keeps_what_there_is),
        IN_SCRATCH(a_check_finds_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
