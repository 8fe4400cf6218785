/* libxapian_c: sorting, collapsing, counting values, pages of results, and expansion. */
#include "tests/unit/xapian_scratch.h"

struct fixture {
    struct xc_database *database;
    struct xc_enquire *enquire;
    struct xc_query *query;
    struct xc_mset *mset;
};

/* Five documents, and a query for the words apple and banana, by Xapian's own BM25. */
static void fixture_init(struct fixture *fixture)
{
    const struct xc_text terms[] = {text("apple"), text("banana")};
    scratch_five("five");
    fixture->database = scratch_reader("five");
    fixture->enquire = xc_enquire_new();
    fixture->query = xc_query_new();
    fixture->mset = xc_mset_new();
    OK(xc_enquire_start(fixture->enquire, fixture->database));
    OK(xc_query_set_terms(fixture->query, XC_OP_OR, terms, 2, 0));
    OK(xc_enquire_set_query(fixture->enquire, fixture->query, 0));
}

static void fixture_release(struct fixture *fixture)
{
    xc_mset_free(fixture->mset);
    xc_query_free(fixture->query);
    xc_enquire_free(fixture->enquire);
    xc_database_free(fixture->database);
}

static void expect(struct fixture *fixture, const char *docids)
{
    assert_string_equal(scratch_found(fixture->enquire, fixture->query), docids);
}

static void search(struct fixture *fixture, uint32_t first, uint32_t most)
{
    OK(xc_enquire_search(fixture->enquire, first, most, 100, NULL, NULL, fixture->mset));
}

static void pages_follow_each_other(void **state)
{
    struct fixture fixture;
    struct xc_item all[4], page[2];
    struct xc_match_counts counts;
    (void)state;
    fixture_init(&fixture);
    search(&fixture, 0, 10);
    assert_int_equal(xc_mset_size(fixture.mset), 4);
    OK(xc_mset_items(fixture.mset, 0, 4, all));
    assert_int_equal(all[0].docid, 5);
    assert_int_equal(all[0].percent, 100);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(all[i].rank, i);
        assert_int_equal(all[i].collapsed, 0);
        assert_true(i == 0 || all[i].weight <= all[i - 1].weight);
    }
    OK(xc_mset_counts(fixture.mset, &counts));
    assert_int_equal(counts.matches_min, 4);
    assert_int_equal(counts.matches_likely, 4);
    assert_int_equal(counts.matches_max, 4);
    assert_int_equal(counts.uncollapsed_min, 4);
    assert_int_equal(counts.uncollapsed_likely, 4);
    assert_int_equal(counts.uncollapsed_max, 4);
    assert_true(counts.weight_attained == all[0].weight);
    assert_true(counts.weight_possible >= all[0].weight);
    search(&fixture, 2, 2);
    OK(xc_mset_items(fixture.mset, 0, 2, page));
    assert_int_equal(page[1].docid, all[3].docid);
    assert_int_equal(page[1].rank, 3);
    OK(xc_mset_items(fixture.mset, 2, 0, page));
    GIVES(xc_mset_items(fixture.mset, 1, 2, page), XC_E_INVALID_ARGUMENT);
    GIVES(xc_mset_items(fixture.mset, 3, 0, page), XC_E_INVALID_ARGUMENT);
    GIVES(xc_mset_items(fixture.mset, 1, UINT32_MAX, page), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_mset_error(fixture.mset)->status, XC_E_INVALID_ARGUMENT);
    fixture_release(&fixture);
}

static void results_give_documents_and_statistics(void **state)
{
    struct fixture fixture;
    struct xc_document *document = xc_document_new();
    struct xc_item item;
    struct xc_text found;
    uint32_t number;
    double weight;
    int percent;
    (void)state;
    fixture_init(&fixture);
    search(&fixture, 0, 10);
    OK(xc_mset_fetch(fixture.mset));
    OK(xc_mset_document(fixture.mset, 0, document));
    OK(xc_document_data(document, &found));
    assert_text(found, "apple apple banana grape");
    GIVES(xc_mset_document(fixture.mset, 4, document), XC_E_INVALID_ARGUMENT);
    OK(xc_mset_items(fixture.mset, 3, 1, &item));
    OK(xc_mset_percent(fixture.mset, item.weight, &percent));
    assert_int_equal(percent, item.percent);
    OK(xc_mset_term_frequency(fixture.mset, text("apple"), &number));
    assert_int_equal(number, 3);
    OK(xc_mset_term_frequency(fixture.mset, text("fig"), &number));
    assert_int_equal(number, 1);
    OK(xc_mset_term_weight(fixture.mset, text("apple"), &weight));
    assert_true(weight > 0);
    OK(xc_mset_describe(fixture.mset, &found));
    assert_true(text_has(found, "MSet"));
    OK(xc_enquire_describe(fixture.enquire, &found));
    assert_true(text_has(found, "Enquire"));
    xc_document_free(document);
    fixture_release(&fixture);
}

static void an_empty_page_answers_too(void **state)
{
    struct xc_mset *mset = xc_mset_new();
    struct xc_match_counts counts;
    struct xc_text found;
    uint32_t number;
    double weight;
    int percent;
    (void)state;
    assert_int_equal(xc_mset_size(mset), 0);
    OK(xc_mset_counts(mset, &counts));
    assert_int_equal(counts.matches_max, 0);
    GIVES(xc_mset_collapse_key(mset, 0, &found), XC_E_INVALID_ARGUMENT);
    GIVES(xc_mset_sort_key(mset, 0, &found), XC_E_INVALID_ARGUMENT);
    GIVES(xc_mset_term_frequency(mset, text("a"), &number), XC_E_INVALID_OPERATION);
    GIVES(xc_mset_term_weight(mset, text("a"), &weight), XC_E_INVALID_OPERATION);
    GIVES(xc_mset_fetch(mset), XC_E_INVALID_OPERATION);
    OK(xc_mset_percent(mset, 1, &percent));
    OK(xc_mset_describe(mset, &found));
    xc_mset_free(mset);
    xc_mset_free(NULL);
}

static void results_are_sorted_as_asked(void **state)
{
    struct fixture fixture;
    struct xc_text key;
    (void)state;
    fixture_init(&fixture);
    expect(&fixture, "5 1 2 3");
    OK(xc_enquire_sort_by_value(fixture.enquire, 0, false));
    expect(&fixture, "1 5 2 3");
    OK(xc_enquire_set_docid_order(fixture.enquire, XC_DOCID_DESCENDING));
    expect(&fixture, "5 1 2 3");
    OK(xc_enquire_set_docid_order(fixture.enquire, XC_DOCID_ASCENDING));
    OK(xc_enquire_sort_by_value(fixture.enquire, 0, true));
    expect(&fixture, "3 2 1 5");
    search(&fixture, 0, 10);
    OK(xc_mset_sort_key(fixture.mset, 0, &key));
    assert_text(key, "cherry");
    OK(xc_enquire_sort_by_value_then_relevance(fixture.enquire, 0, false));
    expect(&fixture, "5 1 2 3");
    OK(xc_enquire_weight_bool(fixture.enquire));
    OK(xc_enquire_sort_by_relevance_then_value(fixture.enquire, 0, true));
    expect(&fixture, "3 2 1 5");
    OK(xc_enquire_sort_by_relevance(fixture.enquire));
    expect(&fixture, "1 2 3 5");
    GIVES(xc_enquire_set_docid_order(fixture.enquire, 9), XC_E_INVALID_ARGUMENT);
    fixture_release(&fixture);
}

static void keys_join_values(void **state)
{
    struct fixture fixture;
    struct xc_keys *keys = xc_keys_new();
    (void)state;
    fixture_init(&fixture);
    OK(xc_keys_add_value(keys, 7, false, text("none has it")));
    OK(xc_keys_add_value(keys, 0, true, text("")));
    OK(xc_enquire_sort_by_keys(fixture.enquire, keys, false));
    expect(&fixture, "3 2 1 5");
    OK(xc_enquire_sort_by_keys_then_relevance(fixture.enquire, keys, false));
    expect(&fixture, "3 2 5 1");
    /* A sort has its keys as they were. */
    OK(xc_enquire_weight_bool(fixture.enquire));
    OK(xc_enquire_sort_by_relevance_then_keys(fixture.enquire, keys, true));
    assert_int_equal(xc_keys_error(keys)->status, XC_OK);
    xc_keys_free(keys);
    expect(&fixture, "1 5 2 3");
    fixture_release(&fixture);
}

static void collapsing_keeps_the_best_of_each_value(void **state)
{
    struct fixture fixture;
    struct xc_item items[3];
    struct xc_match_counts counts;
    struct xc_text key;
    (void)state;
    fixture_init(&fixture);
    OK(xc_enquire_set_collapse(fixture.enquire, 0, 1));
    search(&fixture, 0, 10);
    assert_int_equal(xc_mset_size(fixture.mset), 3);
    OK(xc_mset_items(fixture.mset, 0, 3, items));
    assert_int_equal(items[0].docid, 5);
    assert_int_equal(items[0].collapsed, 1);
    OK(xc_mset_collapse_key(fixture.mset, 0, &key));
    assert_text(key, "apple");
    OK(xc_mset_counts(fixture.mset, &counts));
    assert_int_equal(counts.matches_max, 3);
    assert_in_range(4, counts.uncollapsed_min, counts.uncollapsed_max);
    OK(xc_enquire_set_collapse(fixture.enquire, 0, 0));
    search(&fixture, 0, 10);
    assert_int_equal(xc_mset_size(fixture.mset), 4);
    fixture_release(&fixture);
}

static void cutoffs_drop_the_rest(void **state)
{
    struct fixture fixture;
    struct xc_item item;
    (void)state;
    fixture_init(&fixture);
    search(&fixture, 0, 10);
    OK(xc_mset_items(fixture.mset, 1, 1, &item));
    OK(xc_enquire_set_cutoff(fixture.enquire, 0, item.weight));
    expect(&fixture, "5 1");
    OK(xc_enquire_set_cutoff(fixture.enquire, 100, 0));
    expect(&fixture, "5");
    OK(xc_enquire_set_cutoff(fixture.enquire, 0, 0));
    OK(xc_enquire_set_time_limit(fixture.enquire, 10));
    expect(&fixture, "5 1 2 3");
    fixture_release(&fixture);
}

static void spies_count_values(void **state)
{
    struct fixture fixture;
    struct xc_spy *spy = xc_spy_new();
    struct xc_terms *values = xc_terms_new();
    struct xc_text value;
    uint32_t number;
    (void)state;
    fixture_init(&fixture);
    GIVES(xc_enquire_add_spy(fixture.enquire, spy), XC_E_INVALID_OPERATION);
    GIVES(xc_spy_values(spy, values), XC_E_INVALID_OPERATION);
    assert_int_equal(xc_spy_error(spy)->status, XC_E_INVALID_OPERATION);
    OK(xc_spy_set_values(spy, 0));
    OK(xc_enquire_add_spy(fixture.enquire, spy));
    search(&fixture, 0, 1);
    assert_int_equal(xc_spy_total(spy), 4);
    OK(xc_spy_top(spy, 1, values));
    OK(xc_terms_next(values, &value));
    assert_text(value, "apple");
    OK(xc_terms_frequency(values, &number));
    assert_int_equal(number, 2);
    GIVES(xc_terms_next(values, &value), XC_END);
    OK(xc_spy_values(spy, values));
    assert_string_equal(scratch_terms(values), "apple banana cherry");
    OK(xc_enquire_clear_spies(fixture.enquire));
    search(&fixture, 0, 1);
    assert_int_equal(xc_spy_total(spy), 4);
    OK(xc_enquire_add_spy(fixture.enquire, spy));
    xc_spy_free(spy);
    search(&fixture, 0, 1);
    xc_terms_free(values);
    fixture_release(&fixture);
}

static void matching_terms_are_in_the_order_of_the_query(void **state)
{
    struct fixture fixture;
    struct xc_terms *terms = xc_terms_new();
    struct xc_query *copy = xc_query_new();
    (void)state;
    fixture_init(&fixture);
    OK(xc_enquire_matching_terms(fixture.enquire, 5, terms));
    assert_string_equal(scratch_terms(terms), "apple banana");
    OK(xc_enquire_matching_terms(fixture.enquire, 2, terms));
    assert_string_equal(scratch_terms(terms), "banana");
    GIVES(xc_enquire_matching_terms(fixture.enquire, 99, terms), XC_E_DOC_NOT_FOUND);
    OK(xc_enquire_query(fixture.enquire, copy));
    assert_int_equal(xc_query_length(copy), 2);
    xc_query_free(copy);
    xc_terms_free(terms);
    fixture_release(&fixture);
}

static int no_cherries(void *data, struct xc_text term)
{
    (void)data;
    return term.data[0] != 'c';
}

static void relevant_documents_expand_a_query(void **state)
{
    struct fixture fixture;
    struct xc_rset *rset = xc_rset_new();
    struct xc_eset *eset = xc_eset_new();
    struct xc_text term;
    double weight, next;
    uint32_t number;
    bool contains;
    (void)state;
    fixture_init(&fixture);
    OK(xc_rset_add(rset, 1));
    OK(xc_rset_add(rset, 2));
    OK(xc_rset_add(rset, 4));
    OK(xc_rset_remove(rset, 4));
    OK(xc_rset_size(rset, &number));
    assert_int_equal(number, 2);
    OK(xc_rset_contains(rset, 2, &contains));
    assert_true(contains);
    GIVES(xc_rset_add(rset, 0), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_rset_error(rset)->status, XC_E_INVALID_ARGUMENT);
    GIVES(xc_eset_item(eset, 0, &term, &weight), XC_E_INVALID_ARGUMENT);
    OK(xc_enquire_expand(fixture.enquire, 10, rset, 0, NULL, NULL, 0, eset));
    assert_true(xc_eset_size(eset) >= 1);
    OK(xc_eset_bound(eset, &number));
    assert_in_range(number, xc_eset_size(eset), 100);
    OK(xc_eset_item(eset, 0, &term, &weight));
    assert_text(term, "cherry");
    for (uint32_t i = 1; i < xc_eset_size(eset); i++) {
        OK(xc_eset_item(eset, i, &term, &next));
        assert_true(next <= weight);
        assert_true(!text_has(term, "apple") && !text_has(term, "banana"));
    }
    OK(xc_enquire_set_expansion(fixture.enquire, "bo1", 0));
    OK(xc_enquire_expand(fixture.enquire, 10, rset,
                         XC_EXPAND_QUERY_TERMS | XC_EXPAND_EXACT_FREQUENCY, no_cherries, NULL, 0,
                         eset));
    OK(xc_eset_item(eset, 0, &term, &weight));
    assert_text(term, "banana");
    GIVES(xc_enquire_set_expansion(fixture.enquire, "none", 0), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_eset_error(eset)->status, XC_E_INVALID_ARGUMENT);
    /* Relevant documents change weights. */
    search(&fixture, 0, 1);
    OK(xc_mset_term_weight(fixture.mset, text("banana"), &weight));
    OK(xc_enquire_search(fixture.enquire, 0, 1, 0, rset, NULL, fixture.mset));
    OK(xc_mset_term_weight(fixture.mset, text("banana"), &next));
    assert_true(next > weight);
    xc_eset_free(eset);
    xc_rset_free(rset);
    fixture_release(&fixture);
}

static void snippets_mark_matches(void **state)
{
    const struct xc_snippet_options options = {
        .size = 20, .language = "english", .start = text("["), .end = text("]"), .omit = text("~")};
    struct xc_snippet_options wrong = options;
    struct fixture fixture;
    struct xc_text found;
    (void)state;
    fixture_init(&fixture);
    search(&fixture, 0, 10);
    OK(xc_mset_snippet(fixture.mset, text("An apple & a pear"), NULL, &found));
    assert_text(found, "An <b>apple</b> &amp; a pear");
    OK(xc_mset_snippet(fixture.mset, text("So many words go before one apple and so many after it"),
                       &options, &found));
    assert_true(text_has(found, "[apple]"));
    assert_true(text_has(found, "~"));
    wrong.language = "klingon";
    GIVES(xc_mset_snippet(fixture.mset, text("a"), &wrong, &found), XC_E_INVALID_ARGUMENT);
    wrong.language = NULL;
    wrong.flags = XC_SNIPPET_EMPTY_WITHOUT_MATCH;
    OK(xc_mset_snippet(fixture.mset, text("Nothing here"), &wrong, &found));
    assert_text(found, "");
    fixture_release(&fixture);
}

static void an_enquire_needs_a_database(void **state)
{
    struct xc_enquire *enquire = xc_enquire_new();
    struct xc_query *query = xc_query_new();
    struct xc_mset *mset = xc_mset_new();
    (void)state;
    GIVES(xc_enquire_set_query(enquire, query, 0), XC_E_INVALID_OPERATION);
    GIVES(xc_enquire_search(enquire, 0, 1, 0, NULL, NULL, mset), XC_E_INVALID_OPERATION);
    GIVES(xc_enquire_weight_bool(enquire), XC_E_INVALID_OPERATION);
    assert_string_equal(xc_enquire_error(enquire)->message, "the enquire has no database yet");
    assert_false(xc_enquire_error(enquire)->retryable);
    xc_mset_free(mset);
    xc_query_free(query);
    xc_enquire_free(enquire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(pages_follow_each_other),
        IN_SCRATCH(results_give_documents_and_statistics),
        cmocka_unit_test(an_empty_page_answers_too),
        IN_SCRATCH(results_are_sorted_as_asked),
        IN_SCRATCH(keys_join_values),
        IN_SCRATCH(collapsing_keeps_the_best_of_each_value),
        IN_SCRATCH(cutoffs_drop_the_rest),
        IN_SCRATCH(spies_count_values),
        IN_SCRATCH(matching_terms_are_in_the_order_of_the_query),
        IN_SCRATCH(relevant_documents_expand_a_query),
        IN_SCRATCH(snippets_mark_matches),
        cmocka_unit_test(an_enquire_needs_a_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
