/* What of the public library concerns no engine, or folders alone: finding one, versions, damage in
 * one of several. What holds on every engine is in the programs test_conformance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index/manifest.h"
#include "tests/unit/library_scratch.h"

/* ---- Statuses ----------------------------------------------------------------------------- */

static void test_status_names(void **state)
{
    (void)state;
    assert_string_equal(kwic_status_name(KWIC_OK), "ok");
    assert_string_equal(kwic_status_name(KWIC_E_DAMAGED), "damaged");
    assert_string_equal(kwic_status_name((enum kwic_status)99), "unknown");
    assert_true(kwic_version()[0] != '\0');
}

static void test_other_analysis_is_refused(void **state)
{
    const char *const where[] = {".kwic", "old"};
    const char *const turned[] = {"old", ".kwic"};
    struct kw_manifest manifest;
    struct kwic_index *index;
    (void)state;
    scratch_write("a.txt", "words");
    scratch_run("a.txt", NULL);
    assert_int_equal(rename(".kwic", "old"), 0);
    scratch_run("a.txt", NULL);
    assert_int_equal(kw_manifest_init(&manifest, "old", NULL), KW_OK);
    manifest.analysis--;
    assert_int_equal(kw_manifest_write(&manifest, "old", false, NULL), KW_OK);
    kw_manifest_release(&manifest);
    assert_int_equal(kwic_index_new(&index, where, 2, NULL), KWIC_E_VERSION);
    assert_int_equal(kwic_index_new(&index, turned, 2, NULL), KWIC_E_VERSION);
    assert_int_equal(kwic_index_new(&index, turned, 1, NULL), KWIC_E_VERSION);
}

/* ---- Finding ------------------------------------------------------------------------------ */

static void test_find_index(void **state)
{
    char *found;
    char *here;
    (void)state;
    assert_int_equal(kwic_find_index(&found, NULL), KWIC_E_NO_INDEX);
    assert_null(found);
    scratch_make_index();
    here = realpath(".kwic", NULL);
    assert_int_equal(chdir("sub"), 0);
    assert_int_equal(kwic_find_index(&found, NULL), KWIC_OK);
    assert_string_equal(found, here);
    free(found);
    free(here);
    setenv("KWIC_INDEX", "elsewhere", 1);
    assert_int_equal(kwic_find_index(&found, NULL), KWIC_OK);
    assert_string_equal(found, "elsewhere");
    free(found);
    unsetenv("KWIC_INDEX");
}

static void test_index_of_another_user_is_not_used(void **state)
{
    struct kwic_error error;
    char *found;
    (void)state;
    if (geteuid() != 0)
        skip();
    mkdir(".kwic", 0777);
    assert_int_equal(chown(".kwic", 65534, 65534), 0);
    assert_int_equal(kwic_find_index(&found, &error), KWIC_E_NO_INDEX);
    assert_non_null(strstr(error.message, "belongs to another user"));
}

/* ---- Several indexes ---------------------------------------------------------------------- */

/* Makes an index of records in `folder`, one of which holds "apple" and, far from all that a query
 * for it reads of a segment, its id: `id` and many x. */
static void make_wide_index(const char *folder, const char *id)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer;
    char padding[200] = "";
    FILE *file = fopen("wide.jsonl", "w");
    assert_non_null(file);
    memset(padding, 'x', sizeof padding - 1);
    for (int i = 0; i < 100; i++)
        fprintf(file, "{\"id\":\"%d%s%s\",\"text\":\"%s\"}\n", i, i == 50 ? id : "", padding,
                i == 50 ? "apple" : "pear");
    assert_int_equal(fclose(file), 0);
    assert_int_equal(kwic_writer_new(&writer, folder, &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, "wide.jsonl", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
}

/* Turns the first `id` with an x behind it in a file to other bytes. */
static void damage_id(const char *path, const char *id)
{
    static char bytes[1 << 20];
    char wanted[32];
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    int length = snprintf(wanted, sizeof wanted, "%sxxxx", id);
    char *place = memmem(bytes, size, wanted, (size_t)length);
    assert_non_null(place);
    assert_int_equal(fseek(file, place - bytes, SEEK_SET), 0);
    assert_int_equal(fputc('0', file), '0');
    assert_int_equal(fclose(file), 0);
}

static void test_tie_with_a_damaged_id_is_no_answer(void **state)
{
    const char *where[] = {"one", "two"};
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_index *index;
    (void)state;
    make_wide_index("one", "zz");
    make_wide_index("two", "yy");
    damage_id("one/segment-1", "zz");
    options.limit = 1;
    assert_int_equal(kwic_index_new(&index, where, 2, NULL), KWIC_OK);
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("apple"), &options, NULL),
                     KWIC_E_DAMAGED);
    kwic_index_free(index);
}

static void test_free_accepts_null(void **state)
{
    (void)state;
    kwic_index_free(NULL);
    kwic_results_free(NULL);
    kwic_document_free(NULL);
    kwic_terms_free(NULL);
    kwic_analysis_free(NULL);
    kwic_writer_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_status_names),
        TEST(test_other_analysis_is_refused),
        TEST(test_find_index),
        TEST(test_index_of_another_user_is_not_used),
        TEST(test_tie_with_a_damaged_id_is_no_answer),
        TEST(test_free_accepts_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
