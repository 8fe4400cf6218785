/* The public API on every engine: results, pages of them, passages and highlights; queries that
 * are none; several indexes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/conformance.h"

#include <math.h>

/* ---- Results ------------------------------------------------------------------------------- */

static void test_result_of_a_file(void **state)
{
    struct kwic_result result;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    struct kwic_results *results = first_result(index, "\"border guards\"", &result);
    assert_int_equal(kwic_results_matches(results), 1);
    assert_null(kwic_results_note(results));
    assert_int_equal(result.rank, 1);
    assert_true(result.score > 0);
    assert_true(text_is(result.doc, "a.txt"));
    assert_true(text_is(result.path, "a.txt"));
    assert_false(result.record);
    assert_int_equal(result.passage, 0);
    assert_int_equal(result.line, 1);
    assert_int_equal(result.start, 0);
    assert_int_equal(result.end, 25);
    assert_true(text_is(result.text, "The border guards slept.\n"));
    assert_int_equal(result.highlight_count, 1);
    assert_int_equal(result.highlights[0].start, 4);
    assert_int_equal(result.highlights[0].end, 17);
    assert_int_equal(result.highlights[0].clause, 0);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_result_of_a_record(void **state)
{
    struct kwic_result result;
    (void)state;
    scratch_make_index();
    assert_int_equal(chdir("sub"), 0);
    struct kwic_index *index = scratch_open(place("../.kwic"));
    struct kwic_results *results = first_result(index, "heroin", &result);
    assert_true(text_is(result.doc, "r1"));
    assert_true(text_is(result.path, "../r.jsonl"));
    assert_true(result.record);
    assert_int_equal(result.line, 1);
    assert_true(text_is(result.title, "Night train"));
    assert_int_equal(result.field_count, 2);
    assert_true(text_is(result.fields[0].name, "author"));
    assert_int_equal(result.fields[0].kind, KWIC_FIELD_TEXT);
    assert_true(text_is(result.fields[0].value, "Ann Lee"));
    assert_int_equal(result.fields[1].kind, KWIC_FIELD_JSON);
    assert_true(text_is(result.fields[1].value, "1999"));
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_fields_and_titles(void **state)
{
    (void)state;
    scratch_make_index();
    assert_string_equal(scratch_find("author:lee"), "r1 ");
    assert_string_equal(scratch_find("lee"), "");
    assert_string_equal(scratch_find("title:train"), "r1 ");
    assert_string_equal(scratch_find("night"), "r1 ");
    assert_string_equal(scratch_find("\"train heroin\""), ""); /* the gap between title and text */
}

static void test_title_match_shows_the_first_passage(void **state)
{
    struct kwic_result result;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    struct kwic_results *results = first_result(index, "night", &result);
    assert_true(text_is(result.text, "Heroin on the train."));
    assert_int_equal(result.highlight_count, 0);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_limit_offset_and_count(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_result result;
    struct kwic_results *results;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    options.limit = 1;
    options.offset = 1;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("border"), &options, NULL), KWIC_OK);
    assert_int_equal(kwic_results_matches(results), 2);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    assert_int_equal(result.rank, 2);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    options.limit = 0;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("border"), &options, NULL), KWIC_OK);
    assert_int_equal(kwic_results_matches(results), 2);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    options.limit = SIZE_MAX;
    options.offset = SIZE_MAX;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("border"), &options, NULL), KWIC_OK);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
}

/* What need not be counted is at least what is found, at most what matches; nothing else changes.
 */
static void test_uncounted(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *counted, *results;
    struct kwic_result result, same;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    options.limit = 2;
    options.documents = true;
    struct kwic_text query = KWIC_TEXT("guard border heroin");
    assert_int_equal(kwic_search(&counted, index, query, &options, NULL), KWIC_OK);
    options.uncounted = true;
    assert_int_equal(kwic_search(&results, index, query, &options, NULL), KWIC_OK);
    assert_true(kwic_results_matches(results) >= 2);
    assert_true(kwic_results_matches(results) <= kwic_results_matches(counted));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kwic_results_next(counted, &result, NULL), KWIC_OK);
        assert_int_equal(kwic_results_next(results, &same, NULL), KWIC_OK);
        assert_int_equal(result.doc.size, same.doc.size);
        assert_memory_equal(result.doc.data, same.doc.data, same.doc.size);
        assert_true(result.score == same.score);
    }
    assert_int_equal(kwic_results_next(results, &same, NULL), KWIC_END);
    uint64_t matches = kwic_results_matches(counted);
    kwic_results_free(counted);
    kwic_results_free(results);
    options.limit = 0; /* the count is what is asked for */
    assert_int_equal(kwic_search(&results, index, query, &options, NULL), KWIC_OK);
    assert_int_equal(kwic_results_matches(results), matches);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_by_id(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    static const char *const wanted[] = {"a.txt", "r1", "r2", "sub/b.md"};
    struct kwic_result result;
    struct kwic_results *results;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    options.by_id = true;
    options.documents = true;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("-zebra"), &options, NULL), KWIC_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
        assert_true(text_is(result.doc, wanted[i]));
        assert_int_equal(result.text.size, 0);
        assert_true(result.score == 0);
    }
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    options.descending = true;
    options.offset = 1;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("-zebra"), &options, NULL), KWIC_OK);
    for (size_t i = 3; i-- > 0;) {
        assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
        assert_true(text_is(result.doc, wanted[i]));
    }
    kwic_results_free(results);
    kwic_index_free(index);
}

/* A text of three passages, the second with the most matches. */
static void write_passages(void)
{
    FILE *file = fopen("long.txt", "w");
    assert_non_null(file);
    for (int passage = 0; passage < 3; passage++) {
        for (int i = 0; i < 60; i++)
            fprintf(file, "word%d ", i);
        fprintf(file, "%s.\n\n", passage == 1 ? "heron heron" : "heron");
    }
    assert_int_equal(fclose(file), 0);
}

static void test_passages_of_a_document(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    static const uint64_t wanted[] = {1, 0, 2};
    struct kwic_result result;
    struct kwic_results *results;
    (void)state;
    write_passages();
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(scratch_where);
    options.per_doc = 0;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("heron"), &options, NULL), KWIC_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
        assert_int_equal(result.rank, 1);
        assert_int_equal(result.passage, wanted[i]);
        assert_int_equal(result.line, 1 + 2 * wanted[i]);
        assert_int_equal(result.highlight_count, wanted[i] == 1 ? 2 : 1);
    }
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_search_misuse(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_error error;
    struct kwic_results *results;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT(" \t"), NULL, &error), KWIC_E_USAGE);
    assert_string_equal(error.message, "the query is empty");
    assert_null(results);
    options.k1 = -1;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("a"), &options, NULL), KWIC_E_USAGE);
    options.k1 = 1000.5;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("a"), &options, NULL), KWIC_E_USAGE);
    options.k1 = (double)NAN;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("a"), &options, NULL), KWIC_E_USAGE);
    options.k1 = 1.2;
    options.b = 1.5;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("a"), &options, NULL), KWIC_E_USAGE);
    options = (struct kwic_search_options)KWIC_SEARCH_OPTIONS_INIT;
    options.k3 = -1;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("a"), &options, NULL), KWIC_E_USAGE);
    options = (struct kwic_search_options)KWIC_SEARCH_OPTIONS_INIT;
    options.near_weight = (double)NAN;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("a"), &options, NULL), KWIC_E_USAGE);
    kwic_index_free(index);
}

static void test_syntax(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_error error;
    struct kwic_results *results;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    options.strict = true;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("border \"gu"), &options, &error),
                     KWIC_E_SYNTAX);
    assert_int_equal(error.at, 7);
    options.strict = false;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("border \"gu"), &options, NULL),
                     KWIC_OK);
    assert_non_null(kwic_results_note(results));
    assert_int_equal(kwic_results_matches(results), 2);
    kwic_results_free(results);
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("?!"), NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_results_matches(results), 0);
    assert_string_equal(kwic_results_note(results), "the query holds no words");
    kwic_results_free(results);
    kwic_index_free(index);
}

/* ---- Several indexes ---------------------------------------------------------------------- */

static void test_two_indexes_as_one(void **state)
{
    const char *where[] = {scratch_where, place("two")};
    struct kwic_results *results;
    struct kwic_result result;
    struct kwic_index *index;
    (void)state;
    scratch_make_index();
    scratch_make_second(where[1], NULL);
    assert_int_equal(kwic_index_new(&index, where, 2, NULL), KWIC_OK);
    assert_string_equal(scratch_find_in(index, "slept"), "a.txt a.txt ");
    /* N = 5 documents, n = 2: both get the same score from the shared statistics */
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("slept"), NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    double score = result.score;
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    assert_true(result.score == score);
    /* words: 4 + 10 + 6 + 2 + 4 = 26, so avg = 5.2; tf = 1, len = 4 */
    double idf = log(1 + (5 - 2 + 0.5) / (2 + 0.5));
    double wanted = idf * 2 / (1 + (1 - 0.75 + 0.75 * 4 / 5.2));
    assert_true(fabs(score - wanted) < 1e-12);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_index_beside_a_folder(void **state)
{
    const char *where[] = {scratch_where, "beside"};
    struct kwic_results *results;
    struct kwic_result result;
    double scores[2];
    struct kwic_index *index;
    (void)state;
    scratch_make_index();
    scratch_make_second("beside", NULL);
    assert_int_equal(kwic_index_new(&index, where, 2, NULL), KWIC_OK);
    assert_string_equal(scratch_find_in(index, "guards -field"), "a.txt a.txt ");
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("slept"), NULL, NULL), KWIC_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
        assert_int_equal(result.highlight_count, 1);
        scores[i] = result.score;
    }
    assert_true(scores[0] == scores[1]);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_indexes_of_two_languages(void **state)
{
    const char *where[] = {scratch_where, place("two")};
    struct kwic_error error;
    struct kwic_index *index;
    (void)state;
    scratch_make_index();
    scratch_make_second(where[1], "none");
    assert_int_equal(kwic_index_new(&index, where, 2, &error), KWIC_E_USAGE);
    assert_null(index);
    assert_non_null(strstr(error.message, "its language is 'none', theirs 'english'"));
    assert_int_equal(kwic_index_new(&index, where, 0, NULL), KWIC_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_result_of_a_file),
        TEST(test_result_of_a_record),
        TEST(test_fields_and_titles),
        TEST(test_title_match_shows_the_first_passage),
        TEST(test_limit_offset_and_count),
        TEST(test_uncounted),
        TEST(test_by_id),
        TEST(test_passages_of_a_document),
        TEST(test_search_misuse),
        TEST(test_syntax),
        TEST(test_two_indexes_as_one),
        TEST(test_index_beside_a_folder),
        TEST(test_indexes_of_two_languages),
    };
    int failed = 0;
    for (size_t i = 0; i < ENGINES; i++)
        if (turn_to(&engines[i], tests, sizeof tests / sizeof *tests))
            failed += cmocka_run_group_tests_name(engines[i].name, tests, NULL, NULL);
    return failed;
}
