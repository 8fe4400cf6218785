/* libxapian_c: documents, and iterations over postings, positions, terms and values. */
#include "tests/unit/xapian_scratch.h"

static void new_document_is_empty(void **state)
{
    struct xc_document *document = xc_document_new();
    struct xc_text found;
    uint32_t number = 9;
    (void)state;
    OK(xc_document_docid(document, &number));
    assert_int_equal(number, 0);
    OK(xc_document_data(document, &found));
    assert_text(found, "");
    OK(xc_document_term_count(document, &number));
    assert_int_equal(number, 0);
    OK(xc_document_value_count(document, &number));
    assert_int_equal(number, 0);
    OK(xc_document_value(document, 7, &found));
    assert_text(found, "");
    assert_int_equal(xc_document_error(document)->status, XC_OK);
    assert_string_equal(xc_document_error(document)->message, "");
    xc_document_free(document);
    xc_document_free(NULL);
}

static void data_holds_any_byte(void **state)
{
    struct xc_document *document = xc_document_new();
    struct xc_text found;
    (void)state;
    OK(xc_document_set_data(document, XC_TEXT("a\0b\xff")));
    OK(xc_document_data(document, &found));
    assert_int_equal(found.size, 4);
    assert_memory_equal(found.data, "a\0b\xff", 4);
    OK(xc_document_set_data(document, (struct xc_text){NULL, 0}));
    OK(xc_document_data(document, &found));
    assert_int_equal(found.size, 0);
    xc_document_free(document);
}

static void values_come_by_slot(void **state)
{
    struct xc_document *document = xc_document_new();
    struct xc_values *values = xc_values_new();
    struct xc_text value;
    uint32_t slot;
    (void)state;
    OK(xc_document_set_value(document, 5, text("five")));
    OK(xc_document_set_value(document, 2, text("two")));
    OK(xc_document_set_value(document, 9, text("nine")));
    OK(xc_document_values(document, values));
    OK(xc_values_next(values, &slot, &value));
    assert_int_equal(slot, 2);
    assert_text(value, "two");
    OK(xc_values_skip_to(values, 6, &slot, &value));
    assert_int_equal(slot, 9);
    assert_text(value, "nine");
    GIVES(xc_values_next(values, &slot, &value), XC_END);
    GIVES(xc_values_next(values, &slot, &value), XC_END);
    GIVES(xc_values_skip_to(values, 1, &slot, &value), XC_END);
    OK(xc_document_remove_value(document, 5));
    GIVES(xc_document_remove_value(document, 5), XC_E_INVALID_ARGUMENT);
    OK(xc_document_set_value(document, 9, text("")));
    OK(xc_document_value_count(document, &slot));
    assert_int_equal(slot, 1);
    OK(xc_document_clear_values(document));
    OK(xc_document_value_count(document, &slot));
    assert_int_equal(slot, 0);
    assert_int_equal(xc_values_error(values)->status, XC_OK);
    xc_values_free(values);
    xc_document_free(document);
}

static void terms_and_postings_are_added_and_removed(void **state)
{
    static const uint32_t places[] = {3, 1, 2, 7};
    struct xc_document *document = xc_document_new();
    struct xc_terms *terms = xc_terms_new();
    struct xc_positions *positions = xc_positions_new();
    struct xc_text term;
    uint32_t found[8], number;
    size_t count;
    (void)state;
    OK(xc_document_add_term(document, text("plain"), 3));
    OK(xc_document_add_postings(document, text("many"), places, 4, 2));
    OK(xc_document_add_posting(document, text("one"), 5, 1));
    OK(xc_document_terms(document, terms));
    OK(xc_terms_next(terms, &term));
    assert_text(term, "many");
    OK(xc_terms_wdf(terms, &number));
    assert_int_equal(number, 8);
    OK(xc_terms_position_count(terms, &number));
    assert_int_equal(number, 4);
    OK(xc_terms_positions(terms, positions));
    OK(xc_positions_read(positions, found, 8, &count));
    assert_int_equal(count, 4);
    assert_int_equal(found[0], 1);
    assert_int_equal(found[3], 7);
    assert_string_equal(scratch_terms(terms), "one plain");
    OK(xc_document_remove_postings(document, text("many"), 1, 2, 2, &number));
    assert_int_equal(number, 2);
    OK(xc_document_remove_postings(document, text("many"), 50, 60, 2, NULL));
    OK(xc_document_remove_posting(document, text("many"), 3, 2));
    GIVES(xc_document_remove_posting(document, text("many"), 3, 2), XC_E_INVALID_ARGUMENT);
    GIVES(xc_document_remove_posting(document, text("none"), 3, 2), XC_E_INVALID_ARGUMENT);
    OK(xc_document_remove_term(document, text("one")));
    GIVES(xc_document_remove_term(document, text("one")), XC_E_INVALID_ARGUMENT);
    OK(xc_document_terms(document, terms));
    assert_string_equal(scratch_terms(terms), "many plain");
    GIVES(xc_document_add_term(document, text(""), 1), XC_E_INVALID_ARGUMENT);
    OK(xc_document_clear_terms(document));
    OK(xc_document_term_count(document, &number));
    assert_int_equal(number, 0);
    xc_positions_free(positions);
    xc_terms_free(terms);
    xc_document_free(document);
}

static void bytes_of_a_document_give_it_back(void **state)
{
    struct xc_document *document = xc_document_new(), *copy = xc_document_new();
    struct xc_terms *terms = xc_terms_new();
    struct xc_text bytes, found;
    (void)state;
    scratch_words(document, "alpha beta alpha");
    OK(xc_document_serialise(document, &bytes));
    OK(xc_document_unserialise(copy, bytes));
    OK(xc_document_data(copy, &found));
    assert_text(found, "alpha beta alpha");
    OK(xc_document_terms(copy, terms));
    assert_string_equal(scratch_terms(terms), "alpha beta");
    assert_true(xc_document_unserialise(copy, text("\xff\xff nonsense")) < 0);
    OK(xc_document_data(copy, &found));
    assert_text(found, "alpha beta alpha");
    OK(xc_document_describe(copy, &found));
    assert_true(text_has(found, "Document"));
    xc_terms_free(terms);
    xc_document_free(copy);
    xc_document_free(document);
}

static void a_new_iteration_is_at_its_end(void **state)
{
    struct xc_postings *postings = xc_postings_new();
    struct xc_positions *positions = xc_positions_new();
    struct xc_terms *terms = xc_terms_new();
    struct xc_values *values = xc_values_new();
    struct xc_text found;
    uint32_t number;
    size_t count = 9;
    (void)state;
    GIVES(xc_postings_next(postings, &number), XC_END);
    GIVES(xc_postings_read(postings, &number, NULL, NULL, 1, &count), XC_END);
    assert_int_equal(count, 0);
    GIVES(xc_postings_wdf(postings, &number), XC_E_INVALID_OPERATION);
    assert_int_equal(xc_postings_error(postings)->status, XC_E_INVALID_OPERATION);
    GIVES(xc_postings_document_length(postings, &number), XC_E_INVALID_OPERATION);
    GIVES(xc_postings_unique_terms(postings, &number), XC_E_INVALID_OPERATION);
    GIVES(xc_postings_positions(postings, positions), XC_E_INVALID_OPERATION);
    GIVES(xc_positions_next(positions, &number), XC_END);
    assert_int_equal(xc_positions_error(positions)->status, XC_OK);
    GIVES(xc_terms_next(terms, &found), XC_END);
    GIVES(xc_terms_wdf(terms, &number), XC_E_INVALID_OPERATION);
    assert_string_equal(xc_terms_error(terms)->type, "InvalidOperationError");
    GIVES(xc_terms_frequency(terms, &number), XC_E_INVALID_OPERATION);
    GIVES(xc_terms_position_count(terms, &number), XC_E_INVALID_OPERATION);
    GIVES(xc_terms_positions(terms, positions), XC_E_INVALID_OPERATION);
    GIVES(xc_values_next(values, &number, &found), XC_END);
    xc_values_free(values);
    xc_terms_free(terms);
    xc_positions_free(positions);
    xc_postings_free(postings);
}

static void postings_step_skip_and_read(void **state)
{
    struct xc_database *database;
    struct xc_postings *postings = xc_postings_new();
    struct xc_positions *positions = xc_positions_new();
    uint32_t docids[5], wdfs[5], lengths[5], number;
    size_t count;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    OK(xc_database_postings(database, text("apple"), postings));
    GIVES(xc_postings_wdf(postings, &number), XC_E_INVALID_OPERATION);
    OK(xc_postings_next(postings, &number));
    assert_int_equal(number, 1);
    OK(xc_postings_unique_terms(postings, &number));
    assert_int_equal(number, 3);
    OK(xc_postings_skip_to(postings, 1, &number));
    assert_int_equal(number, 1);
    OK(xc_postings_skip_to(postings, 4, &number));
    assert_int_equal(number, 5);
    OK(xc_postings_wdf(postings, &number));
    assert_int_equal(number, 2);
    OK(xc_postings_document_length(postings, &number));
    assert_int_equal(number, 4);
    OK(xc_postings_read_positions(postings, docids, 5, &count));
    assert_int_equal(count, 2);
    assert_int_equal(docids[0], 1);
    assert_int_equal(docids[1], 2);
    docids[1] = 77;
    OK(xc_postings_read_positions(postings, docids, 1, &count));
    assert_int_equal(count, 2);
    assert_int_equal(docids[1], 77);
    OK(xc_postings_positions(postings, positions));
    GIVES(xc_postings_skip_to(postings, 6, &number), XC_END);
    GIVES(xc_postings_read_positions(postings, docids, 5, &count), XC_E_INVALID_OPERATION);
    OK(xc_positions_next(positions, &number));
    assert_int_equal(number, 1);
    OK(xc_positions_next(positions, &number));
    assert_int_equal(number, 2);
    GIVES(xc_positions_next(positions, &number), XC_END);

    OK(xc_database_postings(database, text("apple"), postings));
    OK(xc_postings_read(postings, docids, wdfs, lengths, 0, &count));
    assert_int_equal(count, 0);
    OK(xc_postings_read(postings, docids, wdfs, lengths, 2, &count));
    assert_int_equal(count, 2);
    assert_int_equal(docids[1], 3);
    assert_int_equal(wdfs[1], 1);
    assert_int_equal(lengths[1], 4);
    OK(xc_postings_wdf(postings, &number));
    assert_int_equal(number, 1);
    OK(xc_postings_read(postings, docids, NULL, NULL, 5, &count));
    assert_int_equal(count, 1);
    assert_int_equal(docids[0], 5);
    GIVES(xc_postings_read(postings, docids, NULL, NULL, 5, &count), XC_END);
    assert_int_equal(count, 0);
    OK(xc_database_postings(database, text("lemon"), postings));
    GIVES(xc_postings_read(postings, docids, NULL, NULL, 5, &count), XC_END);
    OK(xc_database_postings(database, text(""), postings));
    OK(xc_postings_read(postings, docids, NULL, NULL, 5, &count));
    assert_int_equal(count, 5);
    xc_positions_free(positions);
    xc_postings_free(postings);
    xc_database_free(database);
}

static void steps_and_batches_agree(void **state)
{
    struct xc_database *database = scratch_writer("many");
    struct xc_postings *steps = xc_postings_new(), *batches = xc_postings_new();
    uint32_t docids[7], wdfs[7], docid, wdf, seen = 0;
    size_t count;
    (void)state;
    for (int i = 0; i < 500; i++)
        scratch_add(database, i % 3 ? "common rare" : "common common other");
    OK(xc_database_postings(database, text("common"), steps));
    OK(xc_database_postings(database, text("common"), batches));
    while (xc_postings_read(batches, docids, wdfs, NULL, 7, &count) == XC_OK)
        for (size_t i = 0; i < count; i++) {
            OK(xc_postings_next(steps, &docid));
            OK(xc_postings_wdf(steps, &wdf));
            assert_int_equal(docid, docids[i]);
            assert_int_equal(wdf, wdfs[i]);
            seen++;
        }
    assert_int_equal(seen, 500);
    GIVES(xc_postings_next(steps, &docid), XC_END);
    xc_postings_free(batches);
    xc_postings_free(steps);
    xc_database_free(database);
}

static void positions_step_skip_and_read(void **state)
{
    struct xc_database *database;
    struct xc_positions *positions = xc_positions_new();
    uint32_t array[4], number;
    size_t count;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    OK(xc_database_positions(database, 4, text("fig"), positions));
    OK(xc_positions_skip_to(positions, 4, &number));
    assert_int_equal(number, 4);
    OK(xc_positions_read(positions, array, 4, &count));
    assert_int_equal(count, 1);
    assert_int_equal(array[0], 5);
    GIVES(xc_positions_skip_to(positions, 6, &number), XC_END);
    OK(xc_database_positions(database, 4, text("fig"), positions));
    OK(xc_positions_read(positions, array, 2, &count));
    assert_int_equal(count, 2);
    OK(xc_positions_next(positions, &number));
    assert_int_equal(number, 5);
    GIVES(xc_positions_read(positions, array, 2, &count), XC_END);
    OK(xc_database_positions(database, 4, text("apple"), positions));
    GIVES(xc_positions_next(positions, &number), XC_END);
    xc_positions_free(positions);
    xc_database_free(database);
}

static void terms_of_documents_and_of_all(void **state)
{
    struct xc_database *database;
    struct xc_terms *terms = xc_terms_new();
    struct xc_text term;
    uint32_t number;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    OK(xc_database_terms(database, 4, terms));
    OK(xc_terms_skip_to(terms, text("e"), &term));
    assert_text(term, "elder");
    OK(xc_terms_frequency(terms, &number));
    assert_int_equal(number, 2);
    OK(xc_terms_next(terms, &term));
    OK(xc_terms_wdf(terms, &number));
    assert_int_equal(number, 3);
    OK(xc_terms_position_count(terms, &number));
    assert_int_equal(number, 3);
    GIVES(xc_terms_skip_to(terms, text("zebra"), &term), XC_END);
    OK(xc_database_all_terms(database, text(""), terms));
    assert_string_equal(scratch_terms(terms), "apple banana cherry damson elder fig grape");
    OK(xc_database_all_terms(database, text("b"), terms));
    OK(xc_terms_next(terms, &term));
    OK(xc_terms_frequency(terms, &number));
    assert_int_equal(number, 3);
    assert_string_equal(scratch_terms(terms), "");
    xc_terms_free(terms);
    xc_database_free(database);
}

static void values_of_a_slot_come_by_docid(void **state)
{
    struct xc_database *database;
    struct xc_values *values = xc_values_new();
    struct xc_text value;
    uint32_t docid;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    OK(xc_database_values(database, 0, values));
    OK(xc_values_next(values, &docid, &value));
    assert_int_equal(docid, 1);
    assert_text(value, "apple");
    OK(xc_values_skip_to(values, 4, &docid, &value));
    assert_int_equal(docid, 4);
    assert_text(value, "damson");
    OK(xc_database_values(database, 1, values));
    GIVES(xc_values_next(values, &docid, &value), XC_END);
    xc_values_free(values);
    xc_database_free(database);
}

/* Handles hold what they need, also when the database goes first. */
static void handles_are_freed_in_any_order(void **state)
{
    struct xc_database *database;
    struct xc_postings *postings = xc_postings_new();
    struct xc_positions *positions = xc_positions_new(), *others = xc_positions_new();
    struct xc_terms *terms = xc_terms_new(), *all = xc_terms_new();
    struct xc_values *values = xc_values_new();
    struct xc_document *document = xc_document_new();
    struct xc_text found;
    uint32_t number;
    (void)state;
    scratch_five("five");
    database = scratch_reader("five");
    OK(xc_database_postings(database, text("banana"), postings));
    OK(xc_database_positions(database, 5, text("apple"), positions));
    OK(xc_database_document(database, 2, document));
    OK(xc_document_terms(document, terms));
    OK(xc_database_all_terms(database, text(""), all));
    OK(xc_database_values(database, 0, values));
    xc_database_free(database);
    OK(xc_document_data(document, &found));
    assert_text(found, "banana cherry damson");
    xc_document_free(document);
    OK(xc_terms_next(terms, &found));
    OK(xc_terms_positions(terms, others));
    xc_terms_free(terms);
    OK(xc_positions_next(others, &number));
    assert_int_equal(number, 1);
    OK(xc_postings_next(postings, &number));
    OK(xc_postings_positions(postings, others));
    xc_postings_free(postings);
    OK(xc_positions_next(others, &number));
    assert_int_equal(number, 2);
    OK(xc_positions_next(positions, &number));
    OK(xc_terms_next(all, &found));
    assert_text(found, "apple");
    OK(xc_values_next(values, &number, &found));
    xc_values_free(values);
    xc_terms_free(all);
    xc_positions_free(others);
    xc_positions_free(positions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_document_is_empty),
        cmocka_unit_test(data_holds_any_byte),
        cmocka_unit_test(values_come_by_slot),
        cmocka_unit_test(terms_and_postings_are_added_and_removed),
        cmocka_unit_test(bytes_of_a_document_give_it_back),
        cmocka_unit_test(a_new_iteration_is_at_its_end),
        IN_SCRATCH(postings_step_skip_and_read),
        IN_SCRATCH(steps_and_batches_agree),
        IN_SCRATCH(positions_step_skip_and_read),
        IN_SCRATCH(terms_of_documents_and_of_all),
        IN_SCRATCH(values_of_a_slot_come_by_docid),
        IN_SCRATCH(handles_are_freed_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
