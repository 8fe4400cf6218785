/* The parts of scores, of random documents and queries: their sum, in their order, is the score to
 * the last bit; and what is said of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "tests/unit/random_text.h"

enum { DOCUMENTS = 60, ROUNDS = 300 };

static const char *const words[] = {"guard", "guards", "border", "the",         "東京", "東京都",
                                    "zebra", "of",     "train",  "multi-agent", "京"};

static const char *draw(uint64_t *seed)
{
    return words[random_below(seed, sizeof words / sizeof *words)];
}

static void write_documents(const char *name, uint64_t *seed, uint32_t from, uint32_t to)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (uint32_t i = from; i < to; i++) {
        fprintf(file, "{\"id\":\"d%u\",\"year\":%u,\"title\":\"%s\",\"text\":\"", i, 1990 + i,
                random_below(seed, 2) ? draw(seed) : "");
        for (size_t j = random_below(seed, 30); j > 0; j--)
            fprintf(file, "%s ", draw(seed));
        fprintf(file, "\"}\n");
    }
    fclose(file);
    scratch_run(name, NULL);
}

static struct kwic_index *random_index(uint64_t *seed)
{
    write_documents("a.jsonl", seed, 0, 40);
    write_documents("b.jsonl", seed, 40, DOCUMENTS);
    scratch_delete("d7");
    scratch_delete("d44");
    return scratch_open(".kwic");
}

static void draw_query(char *query, size_t size, uint64_t *seed)
{
    static const char *const forms[] = {
        "%s %s",
        "+%s -%s",
        "%s^2.5 %s",
        "=%s gu*",
        "\"%s %s\"~2",
        "(%s OR %s)^3",
        "title:%s %s~1",
        "%s NEAR/3 (%s)",
        "%s %s guard guard",
        "%s ONEAR/4 (zebra \"%s border\")",
        "year:<2020 %s %s",
        "(%s +%s) train",
    };
    size_t used = 0;
    for (size_t i = 1 + random_below(seed, 3); i > 0; i--) {
        const char *form = forms[random_below(seed, sizeof forms / sizeof *forms)];
        for (; *form; form++) {
            if (*form == '%')
                used += (size_t)snprintf(query + used, size - used, "%s", draw(seed));
            else
                query[used++] = *form;
            form += *form == '%';
        }
        query[used++] = ' ';
    }
    query[used] = 0;
}

/* Asserts that the parts of the last result add up; their number. */
static size_t assert_sum(struct kwic_results *results, const struct kwic_result *result,
                         const char *query)
{
    struct kwic_part part, again;
    enum kwic_status status;
    double sum = 0;
    size_t count = 0;
    for (; (status = kwic_results_part(results, count, &part, NULL)) == KWIC_OK; count++) {
        assert_true(part.score > 0 && part.frequency > 0 && part.text.size > 0);
        sum += part.score;
    }
    assert_int_equal(status, KWIC_END);
    if (sum != result->score)
        fail_msg("'%s': %.17g, expected %.17g", query, sum, result->score);
    if (count) {
        part = again = (struct kwic_part){.score = 0};
        assert_int_equal(kwic_results_part(results, count - 1, &part, NULL), KWIC_OK);
        assert_int_equal(kwic_results_part(results, 0, &again, NULL), KWIC_OK);
        assert_int_equal(kwic_results_part(results, count - 1, &again, NULL), KWIC_OK);
        assert_true(part.score == again.score && part.clause == again.clause);
    }
    return count;
}

static void parts_add_up_to_the_score(void **state)
{
    uint64_t seed = 5;
    size_t parts = 0, found = 0;
    struct kwic_index *index = random_index(&seed);
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char query[400];
        struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
        struct kwic_error error = {0};
        struct kwic_results *results;
        struct kwic_result result;
        options.limit = 1 + random_below(&seed, 60);
        options.documents = random_below(&seed, 2);
        options.per_doc = random_below(&seed, 2);
        draw_query(query, sizeof query, &seed);
        if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
            fail_msg("'%s': %s", query, error.message);
        for (; kwic_results_next(results, &result, NULL) == KWIC_OK; found++)
            parts += assert_sum(results, &result, query);
        kwic_results_free(results);
    }
    assert_true(found > ROUNDS && parts > 4 * found);
    kwic_index_free(index);
}

/* All of a result's parts, a line each: kind, clause, frequency and words. */
static void assert_parts(struct kwic_index *index, const char *query, const char *expected)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_result result;
    struct kwic_part part;
    char found[2000] = "";
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT(query), &options, NULL), KWIC_OK);
    assert_int_equal(kwic_results_part(results, 0, &part, NULL), KWIC_END);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    for (size_t i = 0; kwic_results_part(results, i, &part, NULL) == KWIC_OK; i++) {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%d %u %u*%.9g %.*s\n", (int)part.kind,
                 part.clause, part.frequency, part.boost * part.repeats, (int)part.text.size,
                 part.text.data);
    }
    assert_string_equal(found, expected);
    kwic_results_free(results);
}

static void parts_are_told_in_words(void **state)
{
    scratch_write("a.jsonl",
                  "{\"id\":\"a\",\"title\":\"The guards\",\"year\":2000,\"text\":\"border "
                  "guards of 東京 and the border\"}\n");
    scratch_run("a.jsonl", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    (void)state;
    assert_parts(index, "guards the guards border^2 zebra",
                 "0 0 2*2 stem 'guard' of english\n"
                 "0 1 2*0.2 stem 'the' of english\n"
                 "0 3 2*2 stem 'border' of english\n"
                 "1 0 1*0.5 stem 'guard' of english in title\n"
                 "2 0 1*0.075 stem 'guard' of english NEAR/5 stem 'border' of english\n"
                 "1 1 1*0.05 stem 'the' of english in title\n");
    assert_parts(index, "東京 year:2000 -zebra",
                 "0 0 1*1 stem '東京' of english\n"
                 "3 0 1*0.75 word '京'\n"
                 "3 0 1*0.75 word '東'\n");
    assert_parts(index, "\"the border\" bord* borde~ =guards",
                 "0 0 1*1 phrase 'the' 'border'\n"
                 "0 1 2*1 words 'bord*'\n"
                 "0 2 2*1 words like 'borde' within 1 edit\n"
                 "0 3 2*1 word 'guards'\n"
                 "1 3 1*0.25 word 'guards' in title\n");
    assert_parts(
        index, "guards NEAR/3 (of \"border x\") (the NEAR/6 guards ONEAR/6 bord*)^2",
        "0 0 1*1 stem 'guard' of english NEAR/3 (stem 'of' of english or phrase 'border' "
        "'x')\n"
        "0 1 1*2 (stem 'the' of english NEAR/6 stem 'guard' of english) ONEAR/6 words 'bord*'\n");
    assert_parts(index, "year:2000", "");
    kwic_index_free(index);
}

/* Of documents like one, too. */
static void similar_documents_have_parts(void **state)
{
    uint64_t seed = 3;
    struct kwic_index *index = random_index(&seed);
    struct kwic_results *results;
    struct kwic_result result;
    size_t found = 0;
    (void)state;
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("d9"), true, NULL, NULL), KWIC_OK);
    for (; kwic_results_next(results, &result, NULL) == KWIC_OK; found++)
        assert_true(assert_sum(results, &result, "d9") > 0);
    assert_true(found > 2);
    kwic_results_free(results);
    kwic_index_free(index);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(parts_add_up_to_the_score),
        TEST(parts_are_told_in_words),
        TEST(similar_documents_have_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
