/* The public API on every engine: operators, filters and options, what a search tells of itself,
 * similar documents, and why one is where it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/conformance.h"

#include <math.h>

/* ---- Options ------------------------------------------------------------------------------ */

/* Four records; by words: b1 10, b2 10, b3 6, b4 9. */
static struct kwic_index *open_birds(void)
{
    scratch_write(
        "birds.jsonl",
        "{\"id\":\"b1\",\"title\":\"Grey heron\",\"text\":\"The heron stands in the river and "
        "waits.\",\"tags\":[\"grey\",\"water\"],\"size\":98,\"seen\":\"2007-10-05\"}\n"
        "{\"id\":\"b2\",\"title\":\"Kingfisher\",\"text\":\"A kingfisher dives; the river, the "
        "river is cold.\",\"tags\":[\"blue\",\"water\"],\"size\":17,\"seen\":\"2009-01-31\"}\n"
        "{\"id\":\"b3\",\"title\":\"Crane\",\"text\":\"Cranes dance in the field.\","
        "\"tags\":[\"grey\"],\"size\":115.5}\n"
        "{\"id\":\"b4\",\"text\":\"A crow watches heron and crane in the field.\","
        "\"tags\":[\"black\"],\"seen\":\"2007-10-05\"}\n");
    scratch_run("birds.jsonl", NULL);
    return scratch_open(scratch_where);
}

static struct kwic_search_options documents_only(void)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    options.documents = true;
    return options;
}

/* The ids found, each with a space behind it. Static. */
static const char *find(struct kwic_index *index, const char *query,
                        const struct kwic_search_options *options)
{
    struct kwic_results *results;
    struct kwic_error error = {0};
    if (kwic_search(&results, index, KWIC_TEXT(query), options, &error) != KWIC_OK)
        fail_msg("'%s': %s", query, error.message);
    const char *found = scratch_ids(results);
    kwic_results_free(results);
    return found;
}

static void test_operators(void **state)
{
    static const struct {
        const char *query;
        const char *found; /* by id */
    } cases[] = {
        {"crane", "b3 b4 "},         {"=cranes", "b3 "},
        {"heron -crow", "b1 "},      {"+heron +crane", "b4 "},
        {"heron AND river", "b1 "},  {"dance OR dives", "b2 b3 "},
        {"\"the field\"", "b3 b4 "}, {"heron NEAR/2 crane", "b4 "},
        {"kingf*", "b2 "},           {"herom~", "b1 b4 "},
        {"title:crane", "b3 "},
    };
    struct kwic_search_options options = documents_only();
    (void)state;
    struct kwic_index *index = open_birds();
    options.by_id = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(find(index, cases[i].query, &options), cases[i].found);
    kwic_index_free(index);
}

static void test_filters(void **state)
{
    static const struct {
        const char *query;
        const char *found; /* by id */
    } cases[] = {
        {"tags:grey", "b1 b3 "},
        {"-tags:grey", "b2 b4 "},
        {"size:>50", "b1 b3 "},
        {"size:17..98", "b1 b2 "},
        {"size:115.5", "b3 "},
        {"seen:2007", "b1 b4 "},
        {"seen:>2008", "b2 "},
        {"river tags:grey", "b1 "},
        {"river OR tags:grey", "b1 b2 b3 "},
        {"-seen:2007-10-05", "b2 b3 "},
        {"size:>1000", ""},
    };
    struct kwic_search_options options = documents_only();
    (void)state;
    struct kwic_index *index = open_birds();
    options.by_id = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(find(index, cases[i].query, &options), cases[i].found);
    kwic_index_free(index);
}

static void test_all_and_minimum(void **state)
{
    struct kwic_search_options options = documents_only();
    (void)state;
    struct kwic_index *index = open_birds();
    options.by_id = true;
    assert_string_equal(find(index, "heron crane field", &options), "b1 b3 b4 ");
    options.all = true;
    assert_string_equal(find(index, "heron crane field", &options), "b4 ");
    options.all = false;
    options.minimum = 2;
    assert_string_equal(find(index, "heron crane field", &options), "b3 b4 ");
    options.minimum = 0;
    options.minimum_percent = 100;
    assert_string_equal(find(index, "heron crane field", &options), "b4 ");
    options.minimum_percent = 101;
    struct kwic_results *results;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("heron"), &options, NULL),
                     KWIC_E_USAGE);
    kwic_index_free(index);
}

static void test_literal(void **state)
{
    struct kwic_search_options options = documents_only();
    (void)state;
    struct kwic_index *index = open_birds();
    options.by_id = true;
    options.literal = true;
    assert_string_equal(find(index, "heron -crow", &options), "b1 b4 ");
    assert_string_equal(find(index, "kingf*", &options), "");
    kwic_index_free(index);
}

static void test_sorting(void **state)
{
    struct kwic_search_options options = documents_only();
    struct kwic_results *results;
    struct kwic_error error;
    (void)state;
    struct kwic_index *index = open_birds();
    options.sort_field = KWIC_TEXT("size");
    assert_string_equal(find(index, "-zebra", &options), "b2 b1 b3 b4 ");
    options.descending = true;
    assert_string_equal(find(index, "-zebra", &options), "b3 b1 b2 b4 ");
    options.limit = 2;
    options.offset = 1;
    assert_string_equal(find(index, "-zebra", &options), "b1 b2 ");
    options = documents_only();
    options.sort_field = KWIC_TEXT("tags");
    assert_string_equal(find(index, "-zebra", &options), "b4 b2 b1 b3 ");
    options.sort_field = KWIC_TEXT("seen");
    assert_string_equal(find(index, "heron", &options), "b1 b4 "); /* a tie, by score */
    options.sort_field = KWIC_TEXT("nothing");
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("heron"), &options, &error),
                     KWIC_E_USAGE);
    assert_non_null(strstr(error.message, "'nothing'"));
    kwic_index_free(index);
}

/* The counts as "field[distinct]: value documents, …; ". */
static const char *count_facets(struct kwic_results *results)
{
    static char found[500];
    size_t facet_count;
    const struct kwic_facet *facets = kwic_results_facets(results, &facet_count);
    found[0] = '\0';
    for (size_t i = 0; i < facet_count; i++) {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%.*s[%zu]: ", (int)facets[i].field.size,
                 facets[i].field.data, facets[i].distinct);
        for (size_t j = 0; j < facets[i].count; j++) {
            const struct kwic_facet_value *value = &facets[i].values[j];
            used = strlen(found);
            snprintf(found + used, sizeof found - used, "%.*s %d, ", (int)value->value.size,
                     value->value.data, (int)value->documents);
        }
    }
    return found;
}

static void test_facets(void **state)
{
    static const char *const all[] = {"tags", "size", "seen", NULL};
    static const char *const unknown[] = {"nothing", NULL};
    struct kwic_search_options options = documents_only();
    struct kwic_results *results;
    size_t count;
    (void)state;
    struct kwic_index *index = open_birds();
    options.facets = all;
    options.limit = 1; /* counted over all matches */
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("-zebra"), &options, NULL), KWIC_OK);
    assert_string_equal(count_facets(results),
                        "tags[4]: grey 2, water 2, black 1, blue 1, "
                        "size[3]: 17 1, 98 1, 115.5 1, seen[2]: 2007-10-05 2, 2009-01-31 1, ");
    kwic_results_free(results);
    options.facet_limit = 1;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("crane"), &options, NULL), KWIC_OK);
    assert_string_equal(count_facets(results),
                        "tags[2]: black 1, size[1]: 115.5 1, seen[1]: 2007-10-05 1, ");
    kwic_results_free(results);
    options.facets = unknown;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("crane"), &options, NULL),
                     KWIC_E_USAGE);
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("crane"), NULL, NULL), KWIC_OK);
    assert_null(kwic_results_facets(results, &count));
    kwic_results_free(results);
    kwic_index_free(index);
}

/* ---- What a search tells of itself -------------------------------------------------------- */

static void test_parts_add_up(void **state)
{
    struct kwic_result result;
    struct kwic_part part;
    double sum = 0;
    size_t count = 0;
    (void)state;
    struct kwic_index *index = open_birds();
    struct kwic_results *results = first_result(index, "grey heron", &result);
    assert_true(text_is(result.doc, "b1"));
    for (; kwic_results_part(results, count, &part, NULL) == KWIC_OK; count++) {
        static const enum kwic_part_kind kinds[] = {KWIC_PART_QUERY, KWIC_PART_QUERY,
                                                    KWIC_PART_TITLE, KWIC_PART_NEIGHBOURS,
                                                    KWIC_PART_TITLE};
        assert_true(count < 5);
        assert_int_equal(part.kind, kinds[count]);
        sum += part.score;
    }
    assert_int_equal(count, 5);
    assert_true(sum == result.score);
    /* "grey": n = 1 of N = 4, tf = 1, 10 words of 35 in 4 documents, so avg = 8.75 */
    assert_int_equal(kwic_results_part(results, 0, &part, NULL), KWIC_OK);
    double idf = log(1 + (4 - 1 + 0.5) / (1 + 0.5));
    assert_true(fabs(part.score - idf * 2 / (1 + (1 - 0.75 + 0.75 * 10 / 8.75))) < 1e-12);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_clauses(void **state)
{
    struct kwic_search_options options = documents_only();
    struct kwic_results *results;
    struct kwic_clause clause;
    struct kwic_text text;
    (void)state;
    struct kwic_index *index = open_birds();
    assert_int_equal(
        kwic_search(&results, index, KWIC_TEXT("heron \"the river\" -crow"), &options, NULL),
        KWIC_OK);
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    assert_true(text_is(clause.text, "heron"));
    assert_int_equal(clause.documents, 2);
    assert_int_equal(kwic_results_clause(results, 1, &clause, NULL), KWIC_OK);
    assert_true(text_is(clause.text, "\"the river\""));
    assert_int_equal(clause.documents, 2);
    assert_int_equal(kwic_results_clause(results, 2, &clause, NULL), KWIC_OK);
    assert_true(clause.negated);
    assert_int_equal(clause.documents, 1);
    assert_int_equal(kwic_results_clause(results, 3, &clause, NULL), KWIC_END);
    assert_int_equal(kwic_results_clause_word(results, 1, 1, &clause, NULL), KWIC_OK);
    assert_true(text_is(clause.text, "=river"));
    assert_int_equal(clause.documents, 2);
    assert_int_equal(kwic_results_clause_word(results, 1, 2, &clause, NULL), KWIC_END);
    assert_int_equal(kwic_results_query(results, &text, NULL), KWIC_OK);
    assert_non_null(memmem(text.data, text.size, "crow", 4));
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_missing_words(void **state)
{
    struct kwic_results *results;
    struct kwic_missing missing;
    (void)state;
    struct kwic_index *index = open_birds();
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("herno river"), NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_results_next_missing(results, &missing, NULL), KWIC_OK);
    assert_true(text_is(missing.word, "herno"));
    assert_int_equal(missing.field.size, 0);
    assert_int_equal(missing.spelling_count, 1);
    assert_true(text_is(missing.spellings[0].term, "heron"));
    assert_int_equal(missing.spellings[0].edits, 1);
    assert_int_equal(missing.spellings[0].documents, 2);
    assert_int_equal(kwic_results_next_missing(results, &missing, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
}

/* ---- Documents like one, and why one is where it is --------------------------------------- */

static void test_similar(void **state)
{
    struct kwic_search_options options = documents_only();
    struct kwic_results *results;
    (void)state;
    struct kwic_index *index = open_birds();
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("b4"), true, &options, NULL), KWIC_OK);
    assert_string_equal(scratch_ids(results), "b3 b1 b2 ");
    kwic_results_free(results);
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("b9"), true, &options, NULL),
                     KWIC_E_NOT_FOUND);
    assert_null(results);
    options.k1 = -1;
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("b4"), true, &options, NULL),
                     KWIC_E_USAGE);
    kwic_index_free(index);
}

static struct kwic_why *look(struct kwic_index *index, const char *name, const char *query,
                             struct kwic_why_info *info)
{
    struct kwic_why *why;
    struct kwic_error error = {0};
    if (kwic_why_new(&why, index, KWIC_TEXT(name), false, KWIC_TEXT(query), NULL, &error) !=
        KWIC_OK)
        fail_msg("%s", error.message);
    kwic_why_info(why, info);
    return why;
}

static void test_why(void **state)
{
    struct kwic_why_info info;
    struct kwic_why_clause clause;
    (void)state;
    struct kwic_index *index = open_birds();
    struct kwic_why *why = look(index, "b4", "\"heron crane\" size:>5 field", &info);
    assert_int_equal(info.absence, KWIC_PRESENT);
    assert_true(text_is(info.doc, "b4"));
    assert_int_equal(info.file, KWIC_FILE_SAME);
    assert_int_equal(info.matches, 1); /* b3: a filter narrows */
    assert_int_equal(info.rank, 0);
    assert_int_equal(kwic_why_clause(why, 0, &clause), KWIC_OK);
    assert_int_equal(clause.outcome, KWIC_APART);
    assert_true(clause.moves);
    assert_int_equal(clause.distance, 1);
    assert_int_equal(kwic_why_clause(why, 1, &clause), KWIC_OK);
    assert_int_equal(clause.outcome, KWIC_VALUE);
    assert_true(clause.required);
    assert_int_equal(clause.values.size, 0);
    assert_int_equal(kwic_why_clause(why, 2, &clause), KWIC_OK);
    assert_int_equal(clause.outcome, KWIC_HOLDS);
    assert_int_equal(clause.frequency, 1);
    assert_int_equal(kwic_why_clause(why, 3, &clause), KWIC_END);
    kwic_why_free(why);
    why = look(index, "b4", "crow heron", &info);
    assert_int_equal(info.matches, 2);
    assert_int_equal(info.rank, 1);
    assert_int_equal(kwic_why_clause(why, 0, &clause), KWIC_OK);
    double score = clause.score;
    assert_int_equal(kwic_why_clause(why, 1, &clause), KWIC_OK);
    assert_true(fabs(info.score - info.titles - info.neighbours - score - clause.score) < 1e-12);
    kwic_why_free(why);
    why = look(index, "b2", "+heron river", &info);
    assert_int_equal(info.rank, 0);
    assert_int_equal(kwic_why_clause(why, 0, &clause), KWIC_OK);
    assert_int_equal(clause.outcome, KWIC_LACKS);
    assert_true(text_is(clause.lacking, "heron"));
    assert_true(clause.required);
    kwic_why_free(why);
    kwic_index_free(index);
}

static void test_why_it_is_absent(void **state)
{
    struct kwic_why_info info;
    (void)state;
    scratch_make_index();
    scratch_delete("a.txt");
    scratch_write(".hidden.txt", "A guard.\n");
    scratch_write("new.txt", "A guard.\n");
    static const struct {
        const char *name;
        enum kwic_absence absence;
    } cases[] = {
        {"a.txt", KWIC_ABSENT_DELETED},       {"none.txt", KWIC_ABSENT_NO_FILE},
        {"sub", KWIC_ABSENT_FOLDER},          {"r.jsonl", KWIC_ABSENT_RECORDS},
        {".hidden.txt", KWIC_ABSENT_HIDDEN},  {"new.txt", KWIC_ABSENT_NEW},
        {"/etc/passwd", KWIC_ABSENT_OUTSIDE}, {"sub/b.md", KWIC_PRESENT},
    };
    struct kwic_index *index = scratch_open(scratch_where);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kwic_why *why = look(index, cases[i].name, "guard", &info);
        assert_int_equal(info.absence, cases[i].absence);
        kwic_why_free(why);
    }
    kwic_index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_operators),    TEST(test_filters), TEST(test_all_and_minimum),
        TEST(test_literal),      TEST(test_sorting), TEST(test_facets),
        TEST(test_parts_add_up), TEST(test_clauses), TEST(test_missing_words),
        TEST(test_similar),      TEST(test_why),     TEST(test_why_it_is_absent),
    };
    int failed = 0;
    for (size_t i = 0; i < ENGINES; i++)
        if (turn_to(&engines[i], tests, sizeof tests / sizeof *tests))
            failed += cmocka_run_group_tests_name(engines[i].name, tests, NULL, NULL);
    return failed;
}
