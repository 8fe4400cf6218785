/* Freshness on every engine: what results say of their files, and that leaving out what is not
 * fresh gives what passing over it by hand would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/conformance.h"

#include <sys/time.h>

enum { FILES = 40 };

static struct kwic_results *search(struct kwic_index *index,
                                   const struct kwic_search_options *options)
{
    struct kwic_results *results;
    struct kwic_error error = {0};
    if (kwic_search(&results, index, KWIC_TEXT("bridge"), options, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return results;
}

/* What became of the file of the only result for the id. */
static enum kwic_file file_of(struct kwic_index *index, const char *id, enum kwic_fresh fresh)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_result result;
    options.fresh = fresh;
    options.limit = 100;
    struct kwic_results *results = search(index, &options);
    enum kwic_file found = (enum kwic_file) - 1;
    while (kwic_results_next(results, &result, NULL) == KWIC_OK)
        if (text_is(result.doc, id))
            found = result.file;
    kwic_results_free(results);
    return found;
}

static void set_time(const char *path, time_t seconds)
{
    const struct timeval times[2] = {{seconds, 0}, {seconds, 0}};
    assert_int_equal(utimes(path, times), 0);
}

static void test_each_fate_of_a_file(void **state)
{
    static const char *const names[] = {"same.txt",  "timed.txt", "longer.txt",
                                        "other.txt", "gone.txt",  "folder.txt"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        scratch_write(names[i], "A bridge.\n");
        set_time(names[i], 1000000000);
    }
    scratch_write("r.jsonl", "{\"id\":\"r1\",\"text\":\"A bridge.\"}\n");
    scratch_run(".", NULL);
    set_time("timed.txt", 1000000001);
    scratch_write("longer.txt", "A long bridge.\n");
    set_time("longer.txt", 1000000000);
    scratch_write("new.txt", "A bridge.\n"); /* another inode with the same size and time */
    set_time("new.txt", 1000000000);
    assert_int_equal(rename("new.txt", "other.txt"), 0);
    assert_int_equal(remove("gone.txt"), 0);
    assert_int_equal(remove("folder.txt"), 0);
    assert_int_equal(mkdir("folder.txt", 0777), 0);
    struct kwic_index *index = scratch_open(scratch_where);
    assert_int_equal(file_of(index, "same.txt", KWIC_FRESH_VERIFY), KWIC_FILE_SAME);
    assert_int_equal(file_of(index, "timed.txt", KWIC_FRESH_VERIFY), KWIC_FILE_CHANGED);
    assert_int_equal(file_of(index, "longer.txt", KWIC_FRESH_VERIFY), KWIC_FILE_CHANGED);
    assert_int_equal(file_of(index, "other.txt", KWIC_FRESH_VERIFY), KWIC_FILE_CHANGED);
    assert_int_equal(file_of(index, "gone.txt", KWIC_FRESH_VERIFY), KWIC_FILE_VANISHED);
    assert_int_equal(file_of(index, "folder.txt", KWIC_FRESH_VERIFY), KWIC_FILE_VANISHED);
    assert_int_equal(file_of(index, "r1", KWIC_FRESH_VERIFY), KWIC_FILE_SAME);
    assert_int_equal(file_of(index, "same.txt", KWIC_FRESH_TRUST), KWIC_FILE_UNKNOWN);
    assert_int_equal(file_of(index, "same.txt", KWIC_FRESH_ONLY), KWIC_FILE_SAME);
    assert_int_equal(file_of(index, "timed.txt", KWIC_FRESH_ONLY), (enum kwic_file) - 1);
    kwic_index_free(index);
}

/* The ids of fresh results [offset, offset + limit), found by looking at all. */
static const char *pick(struct kwic_index *index, struct kwic_search_options options)
{
    static char found[4096];
    struct kwic_result result;
    size_t offset = options.offset, count = options.limit;
    size_t used = 0;
    found[0] = '\0';
    options.fresh = KWIC_FRESH_VERIFY;
    options.offset = 0;
    options.limit = FILES * 2;
    struct kwic_results *results = search(index, &options);
    for (size_t fresh = 0; kwic_results_next(results, &result, NULL) == KWIC_OK;)
        if (result.file == KWIC_FILE_SAME && fresh++ >= offset && fresh <= offset + count)
            used += (size_t)snprintf(found + used, sizeof found - used, "%.*s ",
                                     (int)result.doc.size, result.doc.data);
    kwic_results_free(results);
    return found;
}

static void test_only_is_verify_passed_over_by_hand(void **state)
{
    char name[32], text[64];
    unsigned random = 7;
    (void)state;
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "n%d.txt", i);
        snprintf(text, sizeof text, "bridge %.*s\n", 4 * (i % 7), "and and and and and and and");
        scratch_write(name, text);
        set_time(name, 1000000000);
    }
    scratch_run(".", NULL);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "n%d.txt", i);
        random = random * 1103515245 + 12345;
        if (random >> 16 & 3)
            set_time(name, 1000000001);
    }
    struct kwic_index *index = scratch_open(scratch_where);
    for (int way = 0; way < 4; way++)
        for (size_t limit = 1; limit < 16; limit += 2)
            for (size_t offset = 0; offset < 12; offset += 3) {
                struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
                options.limit = limit;
                options.offset = offset;
                options.by_id = way == 1;
                options.sort_field = KWIC_TEXT(way == 2 ? "name" : "");
                options.uncounted = way == 3;
                const char *wanted = pick(index, options);
                options.fresh = KWIC_FRESH_ONLY;
                struct kwic_results *results = search(index, &options);
                if (way < 3)
                    assert_int_equal(kwic_results_matches(results), FILES);
                assert_string_equal(scratch_ids(results), wanted);
                kwic_results_free(results);
            }
    kwic_index_free(index);
}

static void test_facets_are_counted_once(void **state)
{
    static const char *const names[] = {"ext", NULL};
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    char name[32];
    size_t count;
    (void)state;
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "n%d.txt", i);
        scratch_write(name, "A bridge.\n");
    }
    scratch_run(".", NULL);
    for (int i = 1; i < FILES; i++) {
        snprintf(name, sizeof name, "n%d.txt", i);
        set_time(name, 1000000001);
    }
    struct kwic_index *index = scratch_open(scratch_where);
    options.fresh = KWIC_FRESH_ONLY;
    options.facets = names;
    options.limit = 2;
    struct kwic_results *results = search(index, &options);
    const struct kwic_facet *facets = kwic_results_facets(results, &count);
    assert_int_equal(facets->values[0].documents, FILES);
    assert_string_equal(scratch_ids(results), "n0.txt ");
    kwic_results_free(results);
    options.fresh = (enum kwic_fresh)3;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("bridge"), &options, NULL),
                     KWIC_E_USAGE);
    kwic_index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_fate_of_a_file),
        TEST(test_only_is_verify_passed_over_by_hand),
        TEST(test_facets_are_counted_once),
    };
    int failed = 0;
    for (size_t i = 0; i < ENGINES; i++)
        if (turn_to(&engines[i], tests, sizeof tests / sizeof *tests))
            failed += cmocka_run_group_tests_name(engines[i].name, tests, NULL, NULL);
    return failed;
}
