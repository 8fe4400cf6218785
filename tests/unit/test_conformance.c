/* The public API on every engine: opening, writing, and what is in an index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/conformance.h"

#include <fcntl.h>

/* ---- Opening ------------------------------------------------------------------------------- */

static void test_no_index(void **state)
{
    struct kwic_error error;
    struct kwic_index *index;
    struct kwic_writer *writer;
    const char *where = place("none");
    (void)state;
    assert_int_equal(kwic_index_new(&index, &where, 1, &error), KWIC_E_NO_INDEX);
    assert_null(index);
    assert_int_equal(error.status, KWIC_E_NO_INDEX);
    assert_non_null(strstr(error.message, "no index in '"));
    assert_int_equal(kwic_writer_new_existing(&writer, where, NULL, NULL), KWIC_E_NO_INDEX);
    assert_null(writer);
    assert_int_equal(access("none", F_OK), -1);
    assert_int_equal(kwic_check(where, NULL, NULL, NULL), KWIC_E_NO_INDEX);
}

static void test_folder_of_other_things_is_no_index(void **state)
{
    struct kwic_error error;
    struct kwic_index *index;
    struct kwic_writer *writer;
    (void)state;
    mkdir("docs", 0777);
    scratch_write("docs/a.txt", "apple");
    assert_int_equal(kwic_writer_new(&writer, place("docs"), NULL, &error), KWIC_E_NO_INDEX);
    assert_non_null(strstr(error.message, "is neither empty nor a"));
    assert_int_equal(access("docs/lock", F_OK), -1);
    assert_int_equal(kwic_writer_new(&writer, place("docs/a.txt"), NULL, &error), KWIC_E_NO_INDEX);
    const char *const wrong[] = {place("docs"), place("docs/a.txt")};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(kwic_index_new(&index, &wrong[i], 1, &error), KWIC_E_NO_INDEX);
        assert_null(index);
        assert_int_equal(error.status, KWIC_E_NO_INDEX);
        assert_non_null(strstr(error.message, wrong[i]));
        assert_int_equal(kwic_check(wrong[i], NULL, NULL, NULL), KWIC_E_NO_INDEX);
    }
}

static void test_second_writer_is_locked_out(void **state)
{
    struct kwic_error error;
    struct kwic_writer *first;
    struct kwic_writer *second;
    (void)state;
    scratch_make_index();
    assert_int_equal(kwic_writer_new(&first, scratch_where, NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_new(&second, scratch_where, NULL, &error), KWIC_E_LOCKED);
    assert_null(second);
    kwic_writer_free(first);
    assert_int_equal(kwic_writer_new(&second, scratch_where, NULL, NULL), KWIC_OK);
    kwic_writer_free(second);
}

static void test_other_language_is_refused(void **state)
{
    struct kwic_index_options options = {.language = "german"};
    struct kwic_error error;
    struct kwic_writer *writer;
    (void)state;
    scratch_make_index();
    assert_int_equal(kwic_writer_new(&writer, scratch_where, &options, &error), KWIC_E_USAGE);
    assert_non_null(strstr(error.message, "has the language 'english', not 'german'"));
    options.language = "en";
    assert_int_equal(kwic_writer_new(&writer, scratch_where, &options, NULL), KWIC_OK);
    kwic_writer_free(writer);
    options.language = "klingon";
    assert_int_equal(kwic_writer_new(&writer, place("new"), &options, NULL), KWIC_E_USAGE);
    assert_int_equal(access("new", F_OK), -1);
}

static void test_bad_writer_options(void **state)
{
    struct kwic_index_options options = {.format = "pdf"};
    struct kwic_writer *writer;
    (void)state;
    assert_int_equal(kwic_writer_new(&writer, scratch_where, &options, NULL), KWIC_E_USAGE);
    options = (struct kwic_index_options){.encoding = "ebcdic"};
    assert_int_equal(kwic_writer_new(&writer, scratch_where, &options, NULL), KWIC_E_USAGE);
    assert_int_equal(access(".kwic", F_OK), -1);
}

static void test_damage_is_found(void **state)
{
    struct kwic_index *index;
    struct kwic_results *results;
    struct kwic_result result;
    enum kwic_status status;
    (void)state;
    scratch_make_index();
    int fd = open(engine->postings, O_RDWR);
    assert_true(fd >= 0);
    char junk[64];
    memset(junk, 0xa5, sizeof junk);
    for (off_t at = 4096; at < lseek(fd, 0, SEEK_END); at += 512)
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
    close(fd);
    assert_int_equal(kwic_check(scratch_where, NULL, NULL, NULL), KWIC_E_DAMAGED);
    status = kwic_index_new(&index, &scratch_where, 1, NULL);
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

/* ---- Writing ------------------------------------------------------------------------------ */

static struct kwic_writer *open_writer(void)
{
    static const struct kwic_index_options plain = {.no_sync = true};
    struct kwic_error error = {0};
    struct kwic_writer *writer;
    if (kwic_writer_new(&writer, scratch_where, &plain, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return writer;
}

static void test_summary_of_runs(void **state)
{
    struct kwic_summary summary;
    (void)state;
    mkdir("in", 0777);
    scratch_write("in/a.txt", "Herons wait.\n");
    scratch_write("in/b.txt", "Cranes \xff"
                              "dance.\n");
    scratch_write("in/c.bin", "\x7f"
                              "ELF\x01\x02\x03\x04\x05\x06\x07\x08");
    summary = scratch_run("in", NULL);
    assert_int_equal(summary.added, 2);
    assert_int_equal(summary.replaced, 0);
    assert_int_equal(summary.not_text, 1);
    assert_int_equal(summary.repaired, 1);
    assert_int_equal(summary.words, 4);
    scratch_write("in/a.txt", "Herons wait in the reeds.\n");
    summary = scratch_run("in", NULL);
    assert_int_equal(summary.added, 0);
    assert_int_equal(summary.replaced, 1);
    assert_int_equal(summary.unchanged, 1);
    assert_int_equal(summary.words, 5);
    remove("in/b.txt");
    summary = scratch_run(NULL, NULL);
    assert_int_equal(summary.removed, 0); /* not pruned: the text is the last there is */
    assert_string_equal(scratch_find("crane"), "in/b.txt ");
    summary = scratch_run("in", &(struct kwic_index_options){.no_sync = true, .prune = true});
    assert_int_equal(summary.removed, 1);
    assert_string_equal(scratch_find("crane"), "");
}

static void test_commit_makes_visible_to_new_handles(void **state)
{
    (void)state;
    scratch_make_index();
    struct kwic_index *old = scratch_open(scratch_where);
    struct kwic_writer *writer = open_writer();
    scratch_write("new.txt", "A guard wakes.\n");
    assert_int_equal(kwic_writer_add_path(writer, "new.txt", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("a.txt"), true, NULL), KWIC_OK);
    assert_string_equal(scratch_find("guard"), "sub/b.md a.txt ");
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    assert_string_equal(scratch_find("guard"), "sub/b.md new.txt ");
    assert_string_equal(scratch_find_in(old, "guard"), "sub/b.md a.txt ");
    kwic_writer_free(writer);
    kwic_index_free(old);
    assert_string_equal(scratch_find("guard"), "sub/b.md new.txt ");
}

static void test_what_is_not_committed_is_gone(void **state)
{
    struct kwic_index *index;
    (void)state;
    scratch_write("a.txt", "The border guards slept.\n");
    struct kwic_writer *writer = open_writer();
    assert_int_equal(kwic_writer_add_path(writer, "a.txt", NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_int_equal(kwic_index_new(&index, &scratch_where, 1, NULL), KWIC_E_NO_INDEX);
    assert_int_equal(access(".kwic", F_OK), -1);
    scratch_make_index();
    writer = open_writer();
    scratch_write("new.txt", "A guard wakes.\n");
    assert_int_equal(kwic_writer_add_path(writer, "new.txt", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("r1"), true, NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_string_equal(scratch_find("guard"), "sub/b.md a.txt ");
    assert_string_equal(scratch_find("heroin"), "r1 ");
}

static void test_document_is_replaced_under_its_id(void **state)
{
    struct kwic_summary summary;
    (void)state;
    scratch_make_index();
    scratch_write("r.jsonl",
                  "{\"id\":\"r1\",\"text\":\"Opium in the harbour.\",\"author\":\"Bo\"}\n"
                  "{\"id\":\"r2\",\"text\":\"Nothing here.\"}\n");
    summary = scratch_run("r.jsonl", NULL);
    assert_int_equal(summary.added, 0);
    assert_int_equal(summary.replaced, 2);
    assert_string_equal(scratch_find("heroin"), "");
    assert_string_equal(scratch_find("author:lee"), "");
    assert_string_equal(scratch_find("opium author:bo"), "r1 ");
    assert_string_equal(scratch_find("year:1999"), "");
    scratch_write("r.jsonl", "{\"id\":\"r2\",\"text\":\"Nothing here.\"}\n");
    assert_int_equal(scratch_run("r.jsonl", NULL).removed, 1);
    assert_string_equal(scratch_find("opium"), "");
}

static void test_id_of_another_source(void **state)
{
    struct kwic_index_options options;
    struct kwic_summary summary;
    struct scratch_log log;
    (void)state;
    scratch_make_index();
    scratch_write("other.jsonl", "{\"id\":\"r1\",\"text\":\"Opium in the harbour.\"}\n");
    options = scratch_options(&log);
    summary = scratch_run("other.jsonl", &options);
    assert_int_equal(summary.skipped, 1);
    assert_int_equal(log.count, 1);
    assert_string_equal(scratch_find("opium"), "");
    options.replace = true;
    summary = scratch_run("other.jsonl", &options);
    assert_int_equal(summary.replaced, 1);
    assert_string_equal(scratch_find("opium"), "r1 ");
    assert_string_equal(scratch_find("heroin"), "");
}

static void test_deleted_document_stays_out(void **state)
{
    struct kwic_error error;
    (void)state;
    scratch_make_index();
    scratch_delete("a.txt");
    assert_string_equal(scratch_find("guard"), "sub/b.md ");
    scratch_run(NULL, NULL);
    assert_string_equal(scratch_find("guard"), "sub/b.md ");
    struct kwic_writer *writer = open_writer();
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("a.txt"), true, &error),
                     KWIC_E_NOT_FOUND);
    assert_int_equal(error.status, KWIC_E_NOT_FOUND);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("./sub/b.md"), true, NULL),
                     KWIC_E_NOT_FOUND);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("./sub/b.md"), false, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_string_equal(scratch_find("guard"), "");
    scratch_run("a.txt", NULL); /* named, it comes back */
    assert_string_equal(scratch_find("guard"), "a.txt ");
}

static void test_stream(void **state)
{
    int ends[2];
    struct kwic_result result;
    (void)state;
    struct kwic_writer *writer = open_writer();
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "Herons wait.\n", 13), 13);
    close(ends[1]);
    assert_int_equal(kwic_writer_add_stream(writer, ends[0], "", NULL), KWIC_E_USAGE);
    assert_int_equal(kwic_writer_add_stream(writer, ends[0], "news", NULL), KWIC_OK);
    close(ends[0]);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    struct kwic_index *index = scratch_open(scratch_where);
    struct kwic_results *results = first_result(index, "heron", &result);
    assert_true(text_is(result.doc, "news"));
    assert_int_equal(result.path.size, 0);
    assert_true(text_is(result.text, "Herons wait.\n"));
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_stop(void **state)
{
    volatile int stop = 1;
    const struct kwic_index_options options = {.no_sync = true, .stop = &stop};
    struct kwic_writer *writer;
    (void)state;
    scratch_make_index();
    scratch_write("new.txt", "A guard wakes.\n");
    assert_int_equal(kwic_writer_new(&writer, scratch_where, &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, "new.txt", NULL), KWIC_E_INTERRUPTED);
    kwic_writer_free(writer);
    assert_string_equal(scratch_find("guard"), "sub/b.md a.txt ");
}

/* ---- What is in an index ------------------------------------------------------------------ */

static void test_statistics(void **state)
{
    struct kwic_stats stats;
    (void)state;
    scratch_make_index();
    scratch_delete("a.txt");
    struct kwic_index *index = scratch_open(scratch_where);
    assert_int_equal(kwic_index_stats(index, &stats, NULL), KWIC_OK);
    assert_int_equal(stats.documents, 3);
    assert_int_equal(stats.words, 18); /* 10 of sub/b.md, 6 of r1, 2 of r2 */
    assert_int_equal(stats.commit, 2);
    assert_string_equal(stats.language, "english");
    assert_false(stats.keep_accents);
    assert_string_equal(stats.schema, "");
    assert_true(stats.analysis > 0);
    assert_true(stats.index_bytes > 0);
    kwic_index_free(index);
}

static void test_fields_of_an_index(void **state)
{
    static const struct kwic_typed_field asked = {"size", KWIC_TYPE_NUMBER};
    struct kwic_index_options options = {.no_sync = true, .fields = &asked, .field_count = 1};
    const struct kwic_field_info *fields;
    char found[200] = "";
    size_t count;
    struct kwic_writer *writer;
    (void)state;
    scratch_write("r.jsonl", "{\"id\":\"1\",\"text\":\"t\",\"author\":\"Ann Lee\",\"year\":1999,"
                             "\"seen\":\"2007-10-05\",\"tags\":[\"a\"]}\n");
    scratch_run("r.jsonl", &options);
    struct kwic_index *index = scratch_open(scratch_where);
    assert_int_equal(kwic_index_fields(index, &fields, &count, NULL), KWIC_OK);
    for (size_t i = 0; i < count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%.*s:%d%s ",
                 (int)fields[i].name.size, fields[i].name.data, fields[i].type,
                 fields[i].asked ? "!" : "");
    assert_string_equal(found, "author:0 lang:1 path:1 seen:3 size:2! tags:1 year:2 ");
    kwic_index_free(index);
    options.fields = &(struct kwic_typed_field){"year", KWIC_TYPE_DATE};
    assert_int_equal(kwic_writer_new(&writer, scratch_where, &options, NULL), KWIC_E_USAGE);
}

/* The terms as "term documents/occurrences, ", a stem with its language behind a colon. */
static const char *list_terms(struct kwic_index *index, const char *field, const char *prefix,
                              bool stems)
{
    static char found[1000];
    struct kwic_terms *terms;
    struct kwic_term term;
    enum kwic_status status;
    found[0] = '\0';
    assert_int_equal(
        kwic_terms_new(&terms, index, KWIC_TEXT(field), KWIC_TEXT(prefix), stems, NULL), KWIC_OK);
    while ((status = kwic_terms_next(terms, &term, NULL)) == KWIC_OK)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%.*s%s%s %d/%d, ",
                 (int)term.term.size, term.term.data, term.language ? ":" : "",
                 term.language ? term.language : "", (int)term.documents, (int)term.occurrences);
    assert_int_equal(status, KWIC_END);
    kwic_terms_free(terms);
    return found;
}

static void test_terms(void **state)
{
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    assert_string_equal(list_terms(index, "", "g", false), "guard 1/1, guards 2/3, ");
    assert_string_equal(list_terms(index, "", "g", true), "guard:english 2/4, ");
    assert_string_equal(list_terms(index, "title", "", false),
                        "guards 1/1, night 1/1, train 1/1, ");
    assert_string_equal(list_terms(index, "author", "", false), "ann 1/1, lee 1/1, ");
    assert_string_equal(list_terms(index, "nothing", "", false), "");
    kwic_index_free(index);
    scratch_delete("a.txt");
    index = scratch_open(scratch_where);
    assert_string_equal(list_terms(index, "", "g", false), "guard 1/1, guards 1/2, ");
    assert_string_equal(list_terms(index, "", "bo", true), "border:english 1/1, ");
    assert_string_equal(list_terms(index, "", "sl", false), "");
    kwic_index_free(index);
}

static void test_document(void **state)
{
    struct kwic_document *document;
    struct kwic_document_info info;
    struct kwic_text text;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("r1"), true, NULL), KWIC_OK);
    kwic_document_info(document, &info);
    assert_true(text_is(info.doc, "r1"));
    assert_true(text_is(info.path, "r.jsonl"));
    assert_true(info.record);
    assert_int_equal(info.line, 1);
    assert_true(text_is(info.title, "Night train"));
    assert_int_equal(info.bytes, 20);
    assert_int_equal(info.words, 6);
    assert_int_equal(info.passages, 1);
    assert_true(text_is(info.language, "english"));
    assert_int_equal(info.field_count, 2);
    assert_true(text_is(info.fields[1].name, "year"));
    assert_true(text_is(info.fields[1].value, "1999"));
    assert_int_equal(kwic_document_text(document, 0, 1, &text, NULL), KWIC_OK);
    assert_true(text_is(text, "Heroin on the train."));
    assert_int_equal(kwic_document_text(document, 0, 2, &text, NULL), KWIC_E_NOT_FOUND);
    assert_int_equal(kwic_document_text(document, 1, 1, &text, NULL), KWIC_E_NOT_FOUND);
    kwic_document_free(document);
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("./sub/b.md"), true, NULL),
                     KWIC_E_NOT_FOUND);
    assert_null(document);
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("./sub/b.md"), false, NULL),
                     KWIC_OK);
    kwic_document_info(document, &info);
    assert_true(text_is(info.doc, "sub/b.md"));
    assert_true(text_is(info.title, "Guards"));
    kwic_document_free(document);
    kwic_index_free(index);
}

static void test_check(void **state)
{
    (void)state;
    scratch_make_index();
    scratch_delete("a.txt");
    assert_int_equal(kwic_check(scratch_where, NULL, NULL, NULL), KWIC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_index),
        TEST(test_folder_of_other_things_is_no_index),
        TEST(test_second_writer_is_locked_out),
        TEST(test_other_language_is_refused),
        TEST(test_bad_writer_options),
        TEST(test_damage_is_found),
        TEST(test_summary_of_runs),
        TEST(test_commit_makes_visible_to_new_handles),
        TEST(test_what_is_not_committed_is_gone),
        TEST(test_document_is_replaced_under_its_id),
        TEST(test_id_of_another_source),
        TEST(test_deleted_document_stays_out),
        TEST(test_stream),
        TEST(test_stop),
        TEST(test_statistics),
        TEST(test_fields_of_an_index),
        TEST(test_terms),
        TEST(test_document),
        TEST(test_check),
    };
    int failed = 0;
    for (size_t i = 0; i < ENGINES; i++)
        if (turn_to(&engines[i], tests, sizeof tests / sizeof *tests))
            failed += cmocka_run_group_tests_name(engines[i].name, tests, NULL, NULL);
    return failed;
}
