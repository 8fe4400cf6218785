/* The public library: opening, searching, and every status that a caller can meet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index/manifest.h"
#include "tests/unit/library_scratch.h"

#include <fcntl.h>
#include <math.h>

/* Searches and gives the first result, whose results the caller frees. */
static struct kwic_results *first_result(struct kwic_index *index, const char *query,
                                         struct kwic_result *result)
{
    struct kwic_results *results;
    struct kwic_error error = {0};
    if (kwic_search(&results, index, KWIC_TEXT(query), NULL, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    assert_int_equal(kwic_results_next(results, result, &error), KWIC_OK);
    return results;
}

/* ---- Statuses ----------------------------------------------------------------------------- */

static void test_status_names(void **state)
{
    (void)state;
    assert_string_equal(kwic_status_name(KWIC_OK), "ok");
    assert_string_equal(kwic_status_name(KWIC_E_DAMAGED), "damaged");
    assert_string_equal(kwic_status_name((enum kwic_status)99), "unknown");
    assert_true(kwic_version()[0] != '\0');
}

static void test_no_index(void **state)
{
    struct kwic_error error;
    struct kwic_index *index;
    struct kwic_writer *writer;
    const char *where = "none";
    (void)state;
    assert_int_equal(kwic_index_new(&index, &where, 1, &error), KWIC_E_NO_INDEX);
    assert_null(index);
    assert_int_equal(error.status, KWIC_E_NO_INDEX);
    assert_string_equal(error.message, "no index in 'none'");
    assert_int_equal(kwic_writer_new_existing(&writer, where, NULL, NULL), KWIC_E_NO_INDEX);
    assert_null(writer);
    assert_int_equal(access("none", F_OK), -1);
    assert_int_equal(kwic_check(where, NULL, NULL, NULL), KWIC_E_NO_INDEX);
}

static void test_folder_of_other_things_is_no_index(void **state)
{
    struct kwic_error error;
    struct kwic_writer *writer;
    (void)state;
    mkdir("docs", 0777);
    scratch_write("docs/a.txt", "apple");
    assert_int_equal(kwic_writer_new(&writer, "docs", NULL, &error), KWIC_E_NO_INDEX);
    assert_non_null(strstr(error.message, "is neither empty nor a kwic index"));
    assert_int_equal(access("docs/lock", F_OK), -1);
    assert_int_equal(kwic_writer_new(&writer, "docs/a.txt", NULL, &error), KWIC_E_NO_INDEX);
}

static void test_second_writer_is_locked_out(void **state)
{
    struct kwic_error error;
    struct kwic_writer *first;
    struct kwic_writer *second;
    (void)state;
    scratch_make_index();
    assert_int_equal(kwic_writer_new(&first, ".kwic", NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_new(&second, ".kwic", NULL, &error), KWIC_E_LOCKED);
    assert_null(second);
    kwic_writer_free(first);
    assert_int_equal(kwic_writer_new(&second, ".kwic", NULL, NULL), KWIC_OK);
    kwic_writer_free(second);
}

static void test_other_language_is_refused(void **state)
{
    struct kwic_index_options options = {.language = "german"};
    struct kwic_error error;
    struct kwic_writer *writer;
    (void)state;
    scratch_make_index();
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, &error), KWIC_E_USAGE);
    assert_non_null(strstr(error.message, "has the language 'english', not 'german'"));
    options.language = "en";
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, NULL), KWIC_OK);
    kwic_writer_free(writer);
    options.language = "klingon";
    assert_int_equal(kwic_writer_new(&writer, "new", &options, NULL), KWIC_E_USAGE);
    assert_int_equal(access("new", F_OK), -1);
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

static void test_bad_writer_options(void **state)
{
    struct kwic_index_options options = {.format = "pdf"};
    struct kwic_writer *writer;
    (void)state;
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, NULL), KWIC_E_USAGE);
    options = (struct kwic_index_options){.encoding = "ebcdic"};
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, NULL), KWIC_E_USAGE);
    assert_int_equal(access(".kwic", F_OK), -1);
}

static void test_damage_is_found(void **state)
{
    static const char *const where = ".kwic";
    struct kwic_index *index;
    struct kwic_results *results;
    struct kwic_result result;
    enum kwic_status status;
    (void)state;
    scratch_make_index();
    int fd = open(".kwic/segment-1", O_RDWR);
    assert_true(fd >= 0);
    char junk[64];
    memset(junk, 0xa5, sizeof junk);
    for (off_t at = 4096; at < lseek(fd, 0, SEEK_END); at += 512)
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
    close(fd);
    assert_int_equal(kwic_check(where, NULL, NULL, NULL), KWIC_E_DAMAGED);
    status = kwic_index_new(&index, &where, 1, NULL);
    if (status == KWIC_OK) {
        status = kwic_search(&results, index, KWIC_TEXT("border"), NULL, NULL);
        if (status == KWIC_OK) {
            status = kwic_results_next(results, &result, NULL);
            kwic_results_free(results);
        }
        kwic_index_free(index);
    }
    assert_int_equal(status, KWIC_E_DAMAGED);
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

/* ---- Searching ---------------------------------------------------------------------------- */

static void test_result_of_a_file(void **state)
{
    struct kwic_result result;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
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
    struct kwic_index *index = scratch_open("../.kwic");
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
    struct kwic_index *index = scratch_open(".kwic");
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
    struct kwic_index *index = scratch_open(".kwic");
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

static void test_by_id(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    static const char *const wanted[] = {"a.txt", "r1", "r2", "sub/b.md"};
    struct kwic_result result;
    struct kwic_results *results;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
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
    struct kwic_index *index = scratch_open(".kwic");
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
    struct kwic_index *index = scratch_open(".kwic");
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
    struct kwic_index *index = scratch_open(".kwic");
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
    const char *where[] = {".kwic", "two"};
    struct kwic_results *results;
    struct kwic_result result;
    struct kwic_index *index;
    (void)state;
    scratch_make_index();
    scratch_make_second("two", NULL);
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

static void test_indexes_of_two_languages(void **state)
{
    const char *where[] = {".kwic", "two"};
    struct kwic_error error;
    struct kwic_index *index;
    (void)state;
    scratch_make_index();
    scratch_make_second("two", "none");
    assert_int_equal(kwic_index_new(&index, where, 2, &error), KWIC_E_USAGE);
    assert_null(index);
    assert_non_null(strstr(error.message, "its language is 'none', theirs 'english'"));
    assert_int_equal(kwic_index_new(&index, where, 0, NULL), KWIC_E_USAGE);
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
        TEST(test_no_index),
        TEST(test_folder_of_other_things_is_no_index),
        TEST(test_second_writer_is_locked_out),
        TEST(test_other_language_is_refused),
        TEST(test_other_analysis_is_refused),
        TEST(test_bad_writer_options),
        TEST(test_damage_is_found),
        TEST(test_find_index),
        TEST(test_index_of_another_user_is_not_used),
        TEST(test_result_of_a_file),
        TEST(test_result_of_a_record),
        TEST(test_fields_and_titles),
        TEST(test_title_match_shows_the_first_passage),
        TEST(test_limit_offset_and_count),
        TEST(test_by_id),
        TEST(test_passages_of_a_document),
        TEST(test_search_misuse),
        TEST(test_syntax),
        TEST(test_two_indexes_as_one),
        TEST(test_tie_with_a_damaged_id_is_no_answer),
        TEST(test_indexes_of_two_languages),
        TEST(test_free_accepts_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
