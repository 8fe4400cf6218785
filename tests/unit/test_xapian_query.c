/* libxapian_c: queries. Over five documents every operator finds what is written down here. */
#include "tests/unit/xapian_scratch.h"

/* A database of five documents, an enquire over it that gives docids in order, and some queries. */
struct fixture {
    struct xc_database *database;
    struct xc_enquire *enquire;
    struct xc_query *query, *apple, *banana, *damson;
};

static void fixture_init(struct fixture *fixture)
{
    scratch_five("five");
    fixture->database = scratch_reader("five");
    fixture->enquire = xc_enquire_new();
    OK(xc_enquire_start(fixture->enquire, fixture->database));
    OK(xc_enquire_weight_bool(fixture->enquire));
    fixture->query = xc_query_new();
    fixture->apple = xc_query_new();
    fixture->banana = xc_query_new();
    fixture->damson = xc_query_new();
    OK(xc_query_set_term(fixture->apple, text("apple"), 1, 0));
    OK(xc_query_set_term(fixture->banana, text("banana"), 1, 0));
    OK(xc_query_set_term(fixture->damson, text("damson"), 1, 0));
}

static void fixture_release(struct fixture *fixture)
{
    xc_query_free(fixture->damson);
    xc_query_free(fixture->banana);
    xc_query_free(fixture->apple);
    xc_query_free(fixture->query);
    xc_enquire_free(fixture->enquire);
    xc_database_free(fixture->database);
}

static void expect(struct fixture *fixture, const char *docids)
{
    assert_string_equal(scratch_found(fixture->enquire, fixture->query), docids);
}

static void expect_parts(struct fixture *fixture, enum xc_operator op, const char *docids)
{
    const struct xc_query *parts[] = {fixture->apple, fixture->banana};
    OK(xc_query_set_parts(fixture->query, op, parts, 2, 0));
    assert_int_equal(xc_query_operator(fixture->query), op);
    assert_int_equal(xc_query_part_count(fixture->query), 2);
    expect(fixture, docids);
}

static void expect_terms(struct fixture *fixture, enum xc_operator op, uint32_t parameter,
                         const char *words, const char *docids)
{
    struct xc_text terms[8];
    size_t count = 0;
    for (const char *at = words; *at; count++) {
        terms[count] = (struct xc_text){at, strcspn(at, " ")};
        at += terms[count].size;
        at += strspn(at, " ");
    }
    OK(xc_query_set_terms(fixture->query, op, terms, count, parameter));
    expect(fixture, docids);
}

static void each_operator_finds_its_documents(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture);
    expect_parts(&fixture, XC_OP_AND, "1 5");
    expect_parts(&fixture, XC_OP_OR, "1 2 3 5");
    expect_parts(&fixture, XC_OP_AND_NOT, "3");
    expect_parts(&fixture, XC_OP_XOR, "2 3");
    expect_parts(&fixture, XC_OP_AND_MAYBE, "1 3 5");
    expect_parts(&fixture, XC_OP_FILTER, "1 5");
    expect_parts(&fixture, XC_OP_NEAR, "1 5");
    expect_parts(&fixture, XC_OP_PHRASE, "1 5");
    expect_parts(&fixture, XC_OP_SYNONYM, "1 2 3 5");
    expect_parts(&fixture, XC_OP_MAX, "1 2 3 5");
    expect_parts(&fixture, XC_OP_ELITE_SET, "1 2 3 5");
    fixture_release(&fixture);
}

static void positions_matter_to_phrase_and_near(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture);
    expect_terms(&fixture, XC_OP_PHRASE, 0, "cherry damson", "2 3");
    expect_terms(&fixture, XC_OP_PHRASE, 0, "damson cherry", "");
    expect_terms(&fixture, XC_OP_PHRASE, 0, "cherry elder", "");
    expect_terms(&fixture, XC_OP_PHRASE, 3, "cherry elder", "3");
    expect_terms(&fixture, XC_OP_PHRASE, 0, "fig fig fig", "4");
    expect_terms(&fixture, XC_OP_NEAR, 2, "damson cherry", "2 3");
    expect_terms(&fixture, XC_OP_NEAR, 2, "apple cherry", "");
    expect_terms(&fixture, XC_OP_NEAR, 4, "apple cherry", "1 3");
    expect_terms(&fixture, XC_OP_ELITE_SET, 1, "grape apple", "5");
    expect_terms(&fixture, XC_OP_AND, 0, "apple banana cherry", "1");
    fixture_release(&fixture);
}

static void whole_and_empty_queries(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture);
    assert_true(xc_query_empty(fixture.query));
    assert_int_equal(xc_query_operator(fixture.query), XC_LEAF_NOTHING);
    expect(&fixture, "");
    OK(xc_query_set_all(fixture.query));
    assert_int_equal(xc_query_operator(fixture.query), XC_LEAF_ALL);
    expect(&fixture, "1 2 3 4 5");
    OK(xc_query_set_nothing(fixture.query));
    expect(&fixture, "");
    OK(xc_query_set_terms(fixture.query, XC_OP_OR, NULL, 0, 0));
    assert_true(xc_query_empty(fixture.query));
    OK(xc_query_set_copy(fixture.query, fixture.apple));
    expect(&fixture, "1 3 5");
    fixture_release(&fixture);
}

static void values_are_compared_as_bytes(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture);
    OK(xc_query_set_value_range(fixture.query, 0, text("b"), text("cz")));
    assert_int_equal(xc_query_operator(fixture.query), XC_OP_VALUE_RANGE);
    expect(&fixture, "2 3");
    OK(xc_query_set_value_at_least(fixture.query, 0, text("banana")));
    expect(&fixture, "2 3 4");
    OK(xc_query_set_value_at_most(fixture.query, 0, text("banana")));
    expect(&fixture, "1 2 5");
    OK(xc_query_set_value_range(fixture.query, 0, text("z"), text("a")));
    expect(&fixture, "");
    fixture_release(&fixture);
}

static void wildcards_expand_up_to_their_limit(void **state)
{
    struct xc_database *database = scratch_writer("words");
    struct xc_enquire *enquire = xc_enquire_new();
    struct xc_query *query = xc_query_new();
    struct xc_mset *mset = xc_mset_new();
    (void)state;
    scratch_add(database, "car");
    scratch_add(database, "card");
    scratch_add(database, "care card");
    scratch_add(database, "dog");
    OK(xc_enquire_start(enquire, database));
    OK(xc_enquire_weight_bool(enquire));
    OK(xc_query_set_wildcard(query, text("car"), 0, XC_WILDCARD_ERROR, XC_OP_SYNONYM));
    assert_string_equal(scratch_found(enquire, query), "1 2 3");
    OK(xc_query_set_wildcard(query, text("card"), 0, XC_WILDCARD_ERROR, XC_OP_OR));
    assert_string_equal(scratch_found(enquire, query), "2 3");
    OK(xc_query_set_wildcard(query, text("car"), 1, XC_WILDCARD_FIRST, XC_OP_MAX));
    assert_string_equal(scratch_found(enquire, query), "1");
    OK(xc_query_set_wildcard(query, text("car"), 1, XC_WILDCARD_MOST_FREQUENT, XC_OP_SYNONYM));
    assert_string_equal(scratch_found(enquire, query), "2 3");
    OK(xc_query_set_wildcard(query, text("car"), 2, XC_WILDCARD_ERROR, XC_OP_SYNONYM));
    OK(xc_enquire_set_query(enquire, query, 0));
    GIVES(xc_enquire_search(enquire, 0, 9, 0, NULL, NULL, mset), XC_E_WILDCARD);
    GIVES(xc_query_set_wildcard(query, text("car"), 0, XC_WILDCARD_ERROR, XC_OP_INVALID),
          XC_E_INVALID_ARGUMENT);
    GIVES(xc_query_set_wildcard(query, text("car"), 0, 7, XC_OP_OR), XC_E_INVALID_ARGUMENT);
    xc_mset_free(mset);
    xc_query_free(query);
    xc_enquire_free(enquire);
    xc_database_free(database);
}

static void operators_without_parts_are_refused(void **state)
{
    static const enum xc_operator refused[] = {
        XC_OP_VALUE_RANGE, XC_OP_SCALE_WEIGHT, XC_OP_VALUE_GE, XC_OP_VALUE_LE,  XC_OP_WILDCARD,
        XC_OP_INVALID,     XC_LEAF_TERM,       XC_LEAF_SOURCE, XC_LEAF_NOTHING, 55};
    struct xc_query *query = xc_query_new(), *part = xc_query_new();
    const struct xc_query *parts[] = {part};
    const struct xc_text term = {"a", 1};
    (void)state;
    OK(xc_query_set_term(query, text("kept"), 1, 0));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        GIVES(xc_query_set_parts(query, refused[i], parts, 1, 0), XC_E_INVALID_ARGUMENT);
        GIVES(xc_query_set_terms(query, refused[i], &term, 1, 0), XC_E_INVALID_ARGUMENT);
    }
    assert_string_equal(xc_query_error(query)->type, "InvalidArgumentError");
    assert_int_equal(xc_query_operator(query), XC_LEAF_TERM);
    xc_query_free(part);
    xc_query_free(query);
}

static void a_query_is_taken_apart(void **state)
{
    struct fixture fixture;
    struct xc_query *part = xc_query_new();
    struct xc_terms *terms = xc_terms_new();
    struct xc_text found;
    (void)state;
    fixture_init(&fixture);
    OK(xc_query_set_term(fixture.apple, text("apple"), 3, 2));
    OK(xc_query_set_term(fixture.banana, text("banana"), 1, 1));
    const struct xc_query *parts[] = {fixture.apple, fixture.banana, fixture.apple};
    OK(xc_query_set_parts(fixture.query, XC_OP_OR, parts, 3, 0));
    /* Parts are held by value: what becomes of their handles is nothing to the whole. */
    OK(xc_query_set_nothing(fixture.apple));
    assert_int_equal(xc_query_length(fixture.query), 7);
    OK(xc_query_terms(fixture.query, false, terms));
    assert_string_equal(scratch_terms(terms), "banana apple");
    OK(xc_query_terms(fixture.query, true, terms));
    assert_string_equal(scratch_terms(terms), "apple banana");
    OK(xc_query_part(fixture.query, 1, part));
    assert_int_equal(xc_query_operator(part), XC_LEAF_TERM);
    OK(xc_query_describe(part, &found));
    assert_text(found, "Query(banana@1)");
    GIVES(xc_query_part(fixture.query, 3, part), XC_E_INVALID_ARGUMENT);
    GIVES(xc_query_part(part, 0, part), XC_E_INVALID_ARGUMENT);
    /* A handle may be a part of what it becomes. */
    const struct xc_query *self[] = {fixture.query, part};
    OK(xc_query_set_parts(fixture.query, XC_OP_AND_NOT, self, 2, 0));
    OK(xc_query_part(fixture.query, 0, fixture.query));
    assert_int_equal(xc_query_length(fixture.query), 7);
    xc_terms_free(terms);
    xc_query_free(part);
    fixture_release(&fixture);
}

static void bytes_of_a_query_give_it_back(void **state)
{
    struct fixture fixture;
    struct xc_query *copy = xc_query_new();
    struct xc_text bytes, found;
    char before[200];
    (void)state;
    fixture_init(&fixture);
    const struct xc_query *parts[] = {fixture.apple, fixture.banana, fixture.damson};
    OK(xc_query_set_parts(fixture.query, XC_OP_NEAR, parts, 3, 7));
    OK(xc_query_set_scaled(fixture.query, fixture.query, 2.5));
    assert_int_equal(xc_query_operator(fixture.query), XC_OP_SCALE_WEIGHT);
    OK(xc_query_describe(fixture.query, &found));
    snprintf(before, sizeof before, "%.*s", (int)found.size, found.data);
    OK(xc_query_serialise(fixture.query, &bytes));
    OK(xc_query_unserialise(copy, bytes));
    OK(xc_query_describe(copy, &found));
    assert_text(found, before);
    assert_text(found, "Query(2.5 * (apple NEAR 7 banana NEAR 7 damson))");
    GIVES(xc_query_unserialise(copy, text("\x01")), XC_E_SERIALISATION);
    OK(xc_query_describe(copy, &found));
    assert_text(found, before);
    GIVES(xc_query_set_scaled(fixture.query, copy, -1), XC_E_INVALID_ARGUMENT);
    xc_query_free(copy);
    fixture_release(&fixture);
}

/* The weight of the best result of a query. */
static double best_weight(struct fixture *fixture)
{
    struct xc_mset *mset = xc_mset_new();
    struct xc_item item;
    OK(xc_enquire_set_query(fixture->enquire, fixture->query, 0));
    OK(xc_enquire_search(fixture->enquire, 0, 1, 0, NULL, NULL, mset));
    OK(xc_mset_items(mset, 0, 1, &item));
    xc_mset_free(mset);
    return item.weight;
}

static void scaling_multiplies_weights(void **state)
{
    struct fixture fixture;
    double plain;
    (void)state;
    fixture_init(&fixture);
    OK(xc_enquire_weight_bm25(fixture.enquire, 1, 0, 1, 0.5, 0.5));
    OK(xc_query_set_copy(fixture.query, fixture.damson));
    plain = best_weight(&fixture);
    assert_true(plain > 0);
    OK(xc_query_set_scaled(fixture.query, fixture.damson, 4));
    assert_true(best_weight(&fixture) == 4 * plain);
    OK(xc_query_set_scaled(fixture.query, fixture.damson, 0));
    assert_true(best_weight(&fixture) == 0);
    fixture_release(&fixture);
}

static void sources_give_documents_and_weights(void **state)
{
    static const struct xc_text names[] = {{"apple", 5}, {"damson", 6}};
    static const double weights[] = {2, 3};
    struct fixture fixture;
    struct xc_text bytes;
    (void)state;
    fixture_init(&fixture);
    OK(xc_enquire_weight_bm25(fixture.enquire, 1, 0, 1, 0.5, 0.5));
    OK(xc_query_set_source_fixed(fixture.query, 1.5));
    assert_int_equal(xc_query_operator(fixture.query), XC_LEAF_SOURCE);
    expect(&fixture, "1 2 3 4 5");
    assert_true(best_weight(&fixture) == 1.5);
    OK(xc_query_set_source_map(fixture.query, 0, names, weights, 2, 0.25));
    expect(&fixture, "4 1 5 2 3");
    assert_true(best_weight(&fixture) == 3);
    OK(xc_query_serialise(fixture.query, &bytes));
    OK(xc_query_unserialise(fixture.query, bytes));
    expect(&fixture, "4 1 5 2 3");
    fixture_release(&fixture);
}

/* What sortable_serialise() makes of 1, 2 and 4. */
static void sources_take_weights_from_values(void **state)
{
    static const struct xc_text numbers[] = {{"\xa0", 1}, {"\xa4", 1}, {"\xa8", 1}};
    struct xc_database *database = scratch_writer("values");
    struct xc_document *document = xc_document_new();
    struct xc_enquire *enquire = xc_enquire_new();
    struct xc_query *query = xc_query_new();
    struct xc_mset *mset = xc_mset_new();
    struct xc_item items[4];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        OK(xc_document_clear(document));
        OK(xc_document_set_value(document, 3, i < 3 ? numbers[2 - i] : text("")));
        OK(xc_database_add_document(database, document, NULL));
    }
    OK(xc_enquire_start(enquire, database));
    OK(xc_query_set_source_value(query, 3));
    assert_string_equal(scratch_found(enquire, query), "1 2 3");
    OK(xc_enquire_search(enquire, 0, 4, 0, NULL, NULL, mset));
    assert_int_equal(xc_mset_size(mset), 3);
    OK(xc_mset_items(mset, 0, 3, items));
    assert_true(items[0].weight == 4 && items[1].weight == 2 && items[2].weight == 1);
    OK(xc_query_set_source_falling(query, 3, 1, 3));
    assert_string_equal(scratch_found(enquire, query), "1 2 3");
    xc_mset_free(mset);
    xc_query_free(query);
    xc_enquire_free(enquire);
    xc_document_free(document);
    xc_database_free(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(each_operator_finds_its_documents),
        IN_SCRATCH(positions_matter_to_phrase_and_near),
        IN_SCRATCH(whole_and_empty_queries),
        IN_SCRATCH(values_are_compared_as_bytes),
        IN_SCRATCH(wildcards_expand_up_to_their_limit),
        cmocka_unit_test(operators_without_parts_are_refused),
        IN_SCRATCH(a_query_is_taken_apart),
        IN_SCRATCH(bytes_of_a_query_give_it_back),
        IN_SCRATCH(scaling_multiplies_weights),
        IN_SCRATCH(sources_give_documents_and_weights),
        IN_SCRATCH(sources_take_weights_from_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
