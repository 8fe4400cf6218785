/* libxapian_c: what Xapian's own tests provoke through its public API, provoked through the C API:
 * a table of behaviours, and the status of each. Those of writers under readers are in
 * test_xapian_modified.c, remote ones in test_xapian_remote.c. */
#include "tests/unit/xapian_behaviours.h"

#include <sys/stat.h>

static void write_file(const char *path, const char *content, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* ---- Opening ------------------------------------------------------------------------------ */

static enum xc_status open_nothing(struct fixture *with)
{
    with->error = xc_database_error(with->database);
    return xc_database_open(with->database, "nowhere", 0);
}

static enum xc_status open_empty_folder(struct fixture *with)
{
    mkdir("folder", 0777);
    return xc_database_open(with->database, "folder", 0);
}

static enum xc_status open_no_database(struct fixture *with)
{
    write_file("file", "\001\002\003 no database", 14);
    return xc_database_open(with->database, "file", 0);
}

static enum xc_status open_empty_stub(struct fixture *with)
{
    write_file("stub", "", 0);
    return xc_database_open(with->database, "stub", XC_BACKEND_STUB);
}

static enum xc_status open_stub_of_nothing(struct fixture *with)
{
    write_file("stub", "auto nowhere\n", 13);
    return xc_database_open(with->database, "stub", XC_BACKEND_STUB);
}

static enum xc_status open_other_version(struct fixture *with)
{
    scratch_five("five");
    damage("five/iamglass", 14, 15, 1);
    return xc_database_open(with->database, "five", 0);
}

static enum xc_status open_truncated(struct fixture *with)
{
    scratch_five("five");
    assert_int_equal(truncate("five/iamglass", 5), 0);
    return xc_database_open(with->database, "five", 0);
}

static enum xc_status open_no_descriptor(struct fixture *with)
{
    return xc_database_open_fd(with->database, -1, 0);
}

static enum xc_status create_where_one_is(struct fixture *with)
{
    scratch_five("five");
    return xc_database_open_writable(with->database, "five", XC_CREATE, 0);
}

static enum xc_status create_without_parent(struct fixture *with)
{
    return xc_database_open_writable(with->database, "no/parent", XC_CREATE_OR_OPEN, 0);
}

static enum xc_status write_to_nothing(struct fixture *with)
{
    return xc_database_open_writable(with->database, "nowhere", XC_OPEN, 0);
}

static enum xc_status write_twice(struct fixture *with)
{
    OK(xc_database_open_writable(with->database, "db", 0, 0));
    with->error = xc_database_error(with->other);
    return xc_database_open_writable(with->other, "db", 0, 0);
}

static enum xc_status write_to_single_file(struct fixture *with)
{
    scratch_five("five");
    OK(xc_database_open(with->database, "five", 0));
    OK(xc_database_compact(with->database, "single", XC_COMPACT_SINGLE_FILE, 0, NULL));
    return xc_database_open_writable(with->other, "single", XC_OPEN, 0);
}

static enum xc_status read_closed(struct fixture *with)
{
    scratch_five("five");
    OK(xc_database_open(with->database, "five", 0));
    OK(xc_database_close(with->database));
    return xc_database_document(with->database, 1, with->document);
}

static enum xc_status reopen_closed(struct fixture *with)
{
    scratch_five("five");
    OK(xc_database_open(with->database, "five", 0));
    OK(xc_database_close(with->database));
    return xc_database_reopen(with->database, NULL);
}

/* ---- Documents, terms, values ------------------------------------------------------------- */

static void open_five(struct fixture *with)
{
    scratch_five("five");
    OK(xc_database_open_writable(with->database, "five", XC_OPEN, 0));
}

static enum xc_status docid_0(struct fixture *with)
{
    open_five(with);
    GIVES(xc_database_delete_document(with->database, 0), XC_E_INVALID_ARGUMENT);
    GIVES(xc_database_replace_document(with->database, 0, with->document), XC_E_INVALID_ARGUMENT);
    GIVES(xc_database_document_length(with->database, 0, (uint32_t[1]){0}), XC_E_INVALID_ARGUMENT);
    GIVES(xc_database_unique_terms(with->database, 0, (uint32_t[1]){0}), XC_E_INVALID_ARGUMENT);
    GIVES(xc_database_terms(with->database, 0, with->terms), XC_E_INVALID_ARGUMENT);
    GIVES(xc_database_positions(with->database, 0, text("apple"), with->positions),
          XC_E_INVALID_ARGUMENT);
    return xc_database_document(with->database, 0, with->document);
}

static enum xc_status docid_unknown(struct fixture *with)
{
    uint32_t number;
    open_five(with);
    GIVES(xc_database_delete_document(with->database, 6), XC_E_DOC_NOT_FOUND);
    GIVES(xc_database_document_length(with->database, 6, &number), XC_E_DOC_NOT_FOUND);
    GIVES(xc_database_unique_terms(with->database, 6, &number), XC_E_DOC_NOT_FOUND);
    GIVES(xc_database_terms(with->database, 6, with->terms), XC_E_DOC_NOT_FOUND);
    return xc_database_document(with->database, 6, with->document);
}

static enum xc_status docid_deleted(struct fixture *with)
{
    open_five(with);
    OK(xc_database_delete_document(with->database, 3));
    return xc_database_document(with->database, 3, with->document);
}

static enum xc_status docids_run_out(struct fixture *with)
{
    open_five(with);
    OK(xc_database_replace_document(with->database, UINT32_MAX, with->document));
    return xc_database_add_document(with->database, with->document, NULL);
}

static enum xc_status add_long_term(struct fixture *with)
{
    char term[300];
    memset(term, 'x', sizeof term);
    open_five(with);
    OK(xc_document_add_term(with->document, (struct xc_text){term, 245}, 1));
    OK(xc_database_add_document(with->database, with->document, NULL));
    OK(xc_document_add_term(with->document, (struct xc_text){term, 246}, 1));
    return xc_database_add_document(with->database, with->document, NULL);
}

/* A zero byte counts twice, and it is the commit that notices. */
static enum xc_status add_term_of_zeros(struct fixture *with)
{
    static const char term[245];
    open_five(with);
    OK(xc_document_add_term(with->document, (struct xc_text){term, 122}, 1));
    OK(xc_database_add_document(with->database, with->document, NULL));
    OK(xc_database_commit(with->database));
    OK(xc_document_add_term(with->document, (struct xc_text){term, 245}, 1));
    OK(xc_database_add_document(with->database, with->document, NULL));
    return xc_database_commit(with->database);
}

static enum xc_status delete_by_no_term(struct fixture *with)
{
    open_five(with);
    return xc_database_delete_by_term(with->database, text(""));
}

static enum xc_status replace_by_no_term(struct fixture *with)
{
    open_five(with);
    return xc_database_replace_by_term(with->database, text(""), with->document, NULL);
}

static enum xc_status terms_without_lists(struct fixture *with)
{
    OK(xc_database_open_writable(with->database, "db", XC_NO_TERMLIST, 0));
    scratch_add(with->database, "word");
    return xc_database_terms(with->database, 1, with->terms);
}

static enum xc_status replace_without_lists(struct fixture *with)
{
    OK(xc_database_open_writable(with->database, "db", XC_NO_TERMLIST, 0));
    scratch_add(with->database, "word");
    OK(xc_database_commit(with->database));
    return xc_database_delete_document(with->database, 1);
}

static enum xc_status metadata_without_key(struct fixture *with)
{
    open_five(with);
    return xc_database_set_metadata(with->database, text(""), text("value"));
}

static enum xc_status frequency_of_metadata(struct fixture *with)
{
    struct xc_text key;
    uint32_t number;
    open_five(with);
    OK(xc_database_set_metadata(with->database, text("key"), text("value")));
    OK(xc_database_commit(with->database));
    OK(xc_database_metadata_keys(with->database, text(""), with->terms));
    OK(xc_terms_next(with->terms, &key));
    return xc_terms_frequency(with->terms, &number);
}

static enum xc_status wdf_of_all_terms(struct fixture *with)
{
    struct xc_text term;
    uint32_t number;
    open_five(with);
    OK(xc_database_all_terms(with->database, text(""), with->terms));
    OK(xc_terms_next(with->terms, &term));
    return xc_terms_wdf(with->terms, &number);
}

/* ---- Searching ---------------------------------------------------------------------------- */

static enum xc_status search(struct fixture *with)
{
    OK(xc_enquire_start(with->enquire, with->database));
    OK(xc_enquire_set_query(with->enquire, with->query, 0));
    return xc_enquire_search(with->enquire, 0, 10, 0, NULL, NULL, with->mset);
}

static enum xc_status phrase_of_wholes(struct fixture *with)
{
    const struct xc_text words[] = {text("apple"), text("banana")};
    struct xc_query *whole = xc_query_new();
    const struct xc_query *parts[] = {whole, whole};
    enum xc_status status;
    open_five(with);
    OK(xc_query_set_terms(whole, XC_OP_AND, words, 2, 0));
    status = xc_query_set_parts(with->query, XC_OP_PHRASE, parts, 2, 0);
    xc_query_free(whole);
    return status < 0 ? status : search(with);
}

static enum xc_status near_of_any(struct fixture *with)
{
    const struct xc_text words[] = {text("apple"), text("cherry")};
    struct xc_query *any = xc_query_new(), *word = xc_query_new();
    const struct xc_query *parts[] = {any, word};
    enum xc_status status;
    open_five(with);
    OK(xc_query_set_terms(any, XC_OP_OR, words, 2, 0));
    OK(xc_query_set_term(word, text("banana"), 1, 0));
    OK(xc_query_set_parts(with->query, XC_OP_NEAR, parts, 2, 2));
    status = search(with);
    assert_int_equal(xc_mset_size(with->mset), 3);
    xc_query_free(word);
    xc_query_free(any);
    return status;
}

static enum xc_status unlimited_wildcard_without_terms(struct fixture *with)
{
    open_five(with);
    OK(xc_query_set_wildcard(with->query, text("zz"), 1, XC_WILDCARD_ERROR, XC_OP_OR));
    OK(search(with));
    assert_int_equal(xc_mset_size(with->mset), 0);
    return XC_OK;
}

static enum xc_status search_closed(struct fixture *with)
{
    open_five(with);
    OK(xc_query_set_term(with->query, text("apple"), 1, 0));
    OK(xc_database_close(with->database));
    return search(with);
}

static enum xc_status documents_of_a_closed_database(struct fixture *with)
{
    struct xc_text data;
    open_five(with);
    OK(xc_query_set_term(with->query, text("fig"), 1, 0));
    OK(search(with));
    OK(xc_mset_document(with->mset, 0, with->document));
    OK(xc_database_close(with->database));
    with->error = xc_document_error(with->document);
    return xc_document_data(with->document, &data);
}

/* ---- Upkeep ------------------------------------------------------------------------------- */

static enum xc_status compact_uncommitted(struct fixture *with)
{
    open_five(with);
    scratch_add(with->database, "word");
    return xc_database_compact(with->database, "new", 0, 0, NULL);
}

static enum xc_status compact_onto_itself(struct fixture *with)
{
    scratch_five("five");
    OK(xc_database_open(with->database, "five", 0));
    return xc_database_compact(with->database, "five", 0, 0, NULL);
}

static enum xc_status compact_memory(struct fixture *with)
{
    OK(xc_database_open_writable(with->database, "", XC_BACKEND_INMEMORY, 0));
    scratch_add(with->database, "word");
    return xc_database_compact(with->database, "new", 0, 0, NULL);
}

static enum xc_status compact_where_nothing_can_be(struct fixture *with)
{
    scratch_five("five");
    OK(xc_database_open(with->database, "five", 0));
    return xc_database_compact(with->database, "no/parent/here", 0, 0, NULL);
}

static enum xc_status overlapping_without_renumbering(struct fixture *with)
{
    scratch_five("one");
    scratch_five("two");
    OK(xc_database_open(with->database, "one", 0));
    OK(xc_database_open(with->other, "two", 0));
    OK(xc_database_add(with->database, with->other));
    return xc_database_compact(with->database, "new", XC_COMPACT_NO_RENUMBER, 0, NULL);
}

static enum xc_status check_nothing(struct fixture *with)
{
    size_t errors;
    return xc_database_check(with->database, "nowhere", 0, &errors, NULL);
}

static enum xc_status revision_in_memory(struct fixture *with)
{
    uint64_t revision;
    OK(xc_database_open_writable(with->database, "", XC_BACKEND_INMEMORY, 0));
    return xc_database_revision(with->database, &revision);
}

/* ------------------------------------------------------------------------------------------- */

static const struct behaviour behaviours[] = {
    SAYING(open_nothing, XC_E_DATABASE_NOT_FOUND, "nowhere"),
    BEHAVIOUR(open_empty_folder, XC_E_DATABASE_NOT_FOUND),
    BEHAVIOUR(open_no_database, XC_E_DATABASE_OPENING),
    BEHAVIOUR(open_empty_stub, XC_OK),
    BEHAVIOUR(open_stub_of_nothing, XC_E_DATABASE_NOT_FOUND),
    BEHAVIOUR(open_other_version, XC_E_DATABASE_VERSION),
    BEHAVIOUR(open_truncated, XC_E_DATABASE_CORRUPT),
    BEHAVIOUR(open_no_descriptor, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(create_where_one_is, XC_E_DATABASE_CREATE),
    BEHAVIOUR(create_without_parent, XC_E_DATABASE_CREATE),
    BEHAVIOUR(write_to_nothing, XC_E_DATABASE_NOT_FOUND),
    SAYING(write_twice, XC_E_DATABASE_LOCK, "lock"),
    BEHAVIOUR(write_to_single_file, XC_E_DATABASE_OPENING),
    BEHAVIOUR(read_closed, XC_E_DATABASE_CLOSED),
    BEHAVIOUR(reopen_closed, XC_E_DATABASE_CLOSED),
    BEHAVIOUR(docid_0, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(docid_unknown, XC_E_DOC_NOT_FOUND),
    BEHAVIOUR(docid_deleted, XC_E_DOC_NOT_FOUND),
    BEHAVIOUR(docids_run_out, XC_E_DATABASE),
    BEHAVIOUR(add_long_term, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(add_term_of_zeros, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(delete_by_no_term, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(replace_by_no_term, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(terms_without_lists, XC_E_FEATURE_UNAVAILABLE),
    BEHAVIOUR(replace_without_lists, XC_E_FEATURE_UNAVAILABLE),
    BEHAVIOUR(metadata_without_key, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(frequency_of_metadata, XC_E_INVALID_OPERATION),
    BEHAVIOUR(wdf_of_all_terms, XC_E_INVALID_OPERATION),
    BEHAVIOUR(phrase_of_wholes, XC_E_UNIMPLEMENTED),
    BEHAVIOUR(near_of_any, XC_OK),
    BEHAVIOUR(unlimited_wildcard_without_terms, XC_OK),
    BEHAVIOUR(search_closed, XC_E_DATABASE_CLOSED),
    SAYING(documents_of_a_closed_database, XC_E_DATABASE_CLOSED, "closed"),
    BEHAVIOUR(compact_uncommitted, XC_E_INVALID_OPERATION),
    BEHAVIOUR(compact_onto_itself, XC_E_INVALID_ARGUMENT),
    BEHAVIOUR(compact_memory, XC_E_DATABASE),
    BEHAVIOUR(compact_where_nothing_can_be, XC_E_DATABASE),
    BEHAVIOUR(overlapping_without_renumbering, XC_E_INVALID_OPERATION),
    BEHAVIOUR(check_nothing, XC_E_DATABASE_OPENING),
    BEHAVIOUR(revision_in_memory, XC_E_UNIMPLEMENTED),
};

enum { COUNT = sizeof behaviours / sizeof *behaviours };

int main(void)
{
    struct CMUnitTest tests[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tests[i] = behaviour_test(&behaviours[i]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
