/* The writer of kwic.h: what a run adds, skips, replaces and removes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

#include <fcntl.h>

/* ---- Files -------------------------------------------------------------------------------- */

static void test_folder_is_indexed(void **state)
{
    (void)state;
    mkdir("sub", 0777);
    scratch_write("a.txt", "apple pear");
    scratch_write("sub/b.txt", "apple");
    struct kwic_summary summary = scratch_run(".", NULL);
    assert_int_equal(summary.added, 2);
    assert_int_equal(summary.words, 3);
    assert_int_equal(summary.bytes, 15);
    assert_string_equal(scratch_find("apple"), "sub/b.txt a.txt ");
}

static void test_unchanged_files_are_not_read(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    struct kwic_summary summary = scratch_run(".", NULL);
    assert_int_equal(summary.unchanged, 1);
    assert_int_equal(summary.added + summary.replaced + summary.bytes, 0);
}

static void test_nothing_new_makes_no_commit(void **state)
{
    struct kwic_stats stats;
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(kwic_index_stats(index, &stats, NULL), KWIC_OK);
    assert_int_equal(stats.commit, 1);
    kwic_index_free(index);
}

static void test_changed_file_is_replaced(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    scratch_write("a.txt", "quince");
    struct kwic_summary summary = scratch_run(".", NULL);
    assert_int_equal(summary.replaced, 1);
    assert_int_equal(summary.added, 0);
    assert_string_equal(scratch_find("apple quince"), "a.txt ");
    assert_string_equal(scratch_find("apple"), "");
}

static void test_same_size_change_is_seen(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    scratch_write("a.txt", "grape"); /* at once: the clock of the file system may not have moved */
    assert_int_equal(scratch_run(".", NULL).replaced, 1);
}

static void test_other_format_reads_again(void **state)
{
    struct kwic_index_options options = {.no_sync = true, .format = "text"};
    (void)state;
    scratch_write("a.jsonl", "{\"id\":\"x\",\"text\":\"apple\"}\n");
    assert_int_equal(scratch_run("a.jsonl", NULL).added, 1);
    struct kwic_summary summary = scratch_run("a.jsonl", &options);
    assert_int_equal(summary.unchanged, 0);
    assert_int_equal(summary.removed, 1);
    assert_string_equal(scratch_find("apple"), "a.jsonl ");
}

static void test_vanished_stays_without_prune(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_write("b.txt", "apple pear");
    scratch_run(".", NULL);
    unlink("a.txt");
    assert_int_equal(scratch_run(".", NULL).removed, 0);
    assert_string_equal(scratch_find("apple"), "a.txt b.txt ");
}

static void test_prune_removes_vanished(void **state)
{
    struct kwic_index_options options = {.no_sync = true, .prune = true};
    (void)state;
    mkdir("sub", 0777);
    scratch_write("a.txt", "apple");
    scratch_write("sub/b.txt", "apple pear");
    scratch_write("sub/c.jsonl", "{\"text\":\"apple\"}\n{\"text\":\"apple\"}\n");
    scratch_run(".", NULL);
    unlink("a.txt");
    unlink("sub/c.jsonl");
    assert_int_equal(scratch_run("sub", &options).removed, 2);
    assert_string_equal(scratch_find("apple"), "a.txt sub/b.txt ");
    assert_int_equal(scratch_run(NULL, &options).removed, 1);
    assert_string_equal(scratch_find("apple"), "sub/b.txt ");
}

static void test_prune_of_a_vanished_path(void **state)
{
    struct kwic_index_options options = {.no_sync = true, .prune = true};
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run("a.txt", NULL);
    unlink("a.txt");
    struct kwic_summary summary = scratch_run("a.txt", &options);
    assert_int_equal(summary.removed, 1);
    assert_int_equal(summary.skipped, 0);
}

static void test_missing_path_is_skipped(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    assert_int_equal(scratch_run("none.txt", &options).skipped, 1);
    assert_string_equal(log.text, "cannot read 'none.txt': No such file or directory\n");
}

static void test_binary_met_and_named(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    int fd = open("b.bin", O_WRONLY | O_CREAT, 0666);
    assert_int_equal(write(fd, "\0\1\2\3\0\0\0\0", 8), 8);
    close(fd);
    struct kwic_summary met = scratch_run(".", &options);
    assert_int_equal(met.not_text, 1);
    assert_int_equal(met.skipped, 0);
    assert_int_equal(log.count, 0);
    assert_int_equal(scratch_run(".", &options).not_text, 1); /* known by now, and not read */
    struct kwic_summary named = scratch_run("b.bin", &options);
    assert_int_equal(named.skipped, 1);
    assert_string_equal(log.text, "'b.bin' is not a text file\n");
}

static void test_file_that_became_binary_goes(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    int fd = open("a.txt", O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, "\0\1\2\3\0\0\0\0", 8), 8);
    close(fd);
    assert_int_equal(scratch_run(".", NULL).removed, 1);
    assert_string_equal(scratch_find("apple"), "");
}

static void test_empty_file_is_a_document(void **state)
{
    struct kwic_result result;
    struct kwic_results *results;
    (void)state;
    scratch_write("empty.txt", "");
    scratch_write("a.txt", "apple");
    assert_int_equal(scratch_run(".", NULL).added, 2);
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("-apple"), NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    assert_memory_equal(result.doc.data, "empty.txt", 9);
    assert_int_equal(result.text.size, 0);
    assert_int_equal(result.line, 1);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void test_index_folder_is_left_out(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    struct kwic_writer *writer;
    struct kwic_summary summary;
    (void)state;
    mkdir("idx", 0777);
    scratch_write("a.txt", "apple");
    assert_int_equal(kwic_writer_new(&writer, "idx", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, ".", NULL), KWIC_OK);
    kwic_writer_summary(writer, &summary);
    assert_int_equal(summary.added, 1);
    assert_int_equal(summary.not_text, 0);
    assert_int_equal(kwic_writer_add_path(writer, "idx/lock", NULL), KWIC_OK);
    assert_string_equal(log.text, "'idx/lock' is part of the index itself\n");
    kwic_writer_free(writer);
}

static void test_paths_outside_of_the_base(void **state)
{
    (void)state;
    mkdir("home", 0777);
    mkdir("other", 0777);
    scratch_write("home/a.txt", "apple");
    scratch_write("other/b.txt", "apple pear");
    assert_int_equal(chdir("home"), 0);
    assert_int_equal(scratch_run("..", NULL).added, 2);
    assert_string_equal(scratch_find("apple"), "a.txt ../other/b.txt ");
    assert_int_equal(scratch_run(".", NULL).unchanged, 1);
}

static void test_include_and_hidden_are_remembered(void **state)
{
    static const char *const include[] = {"*.txt", NULL};
    struct kwic_index_options options = {.no_sync = true, .hidden = true, .include = include};
    (void)state;
    scratch_write(".a.txt", "apple");
    assert_int_equal(scratch_run(".", &options).added, 1);
    scratch_write(".b.txt", "apple pear");
    scratch_write(".c.md", "apple");
    assert_int_equal(scratch_run(NULL, NULL).added, 1);
    assert_string_equal(scratch_find("apple"), ".a.txt .b.txt ");
}

static void test_refresh_reads_with_the_latest_options(void **state)
{
    struct kwic_index_options options = {.no_sync = true, .format = "text"};
    (void)state;
    scratch_write("a.jsonl", "{\"id\":\"x\",\"text\":\"apple\"}\n");
    scratch_run(".", NULL);
    scratch_run("a.jsonl", &options);
    struct kwic_summary summary = scratch_run(NULL, NULL);
    assert_int_equal(summary.unchanged, 1);
    assert_string_equal(scratch_find("apple"), "a.jsonl ");
}

/* ---- Records ------------------------------------------------------------------------------ */

static void test_records_are_replaced_as_a_whole(void **state)
{
    (void)state;
    scratch_write("r.jsonl",
                  "{\"id\":\"1\",\"text\":\"apple\"}\n{\"id\":\"2\",\"text\":\"apple\"}\n");
    scratch_run(".", NULL);
    scratch_write("r.jsonl",
                  "{\"id\":\"2\",\"text\":\"apple\"}\n{\"id\":\"30\",\"text\":\"apple\"}\n");
    struct kwic_summary summary = scratch_run(".", NULL);
    assert_int_equal(summary.replaced, 1);
    assert_int_equal(summary.added, 1);
    assert_int_equal(summary.removed, 1);
    assert_string_equal(scratch_find("apple"), "2 30 ");
}

static void test_same_id_twice_in_a_file(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    scratch_write("r.jsonl",
                  "{\"id\":\"1\",\"text\":\"apple\"}\n{\"id\":\"1\",\"text\":\"pear\"}\n");
    struct kwic_summary summary = scratch_run(".", &options);
    assert_int_equal(summary.added, 1);
    assert_int_equal(summary.skipped, 1);
    assert_string_equal(log.text, "'r.jsonl' line 2: the id '1' was there before\n");
    assert_string_equal(scratch_find("apple pear"), "1 ");
    assert_string_equal(scratch_find("pear"), "");
}

static void test_id_of_another_source_is_skipped(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    scratch_write("a.jsonl", "{\"id\":\"x\",\"text\":\"apple\"}\n");
    scratch_write("b.jsonl",
                  "{\"id\":\"x\",\"text\":\"pear\"}\n{\"id\":\"y\",\"text\":\"pear\"}\n");
    struct kwic_summary summary = scratch_run(".", &options);
    assert_int_equal(summary.added, 2);
    assert_int_equal(summary.skipped, 1);
    assert_string_equal(log.text,
                        "id 'x' of 'b.jsonl' is already in 'a.jsonl'; --replace takes it over\n");
    assert_int_equal(scratch_run(".", &options).skipped, 1); /* and again, until it is settled */
    assert_string_equal(scratch_find("pear"), "y ");
}

static void test_replace_takes_over(void **state)
{
    struct kwic_index_options options = {.no_sync = true, .replace = true};
    (void)state;
    scratch_write("a.jsonl", "{\"id\":\"x\",\"text\":\"apple\"}\n");
    scratch_write("b.jsonl", "{\"id\":\"x\",\"text\":\"pear\"}\n");
    scratch_run(".", NULL);
    struct kwic_summary summary = scratch_run("b.jsonl", &options);
    assert_int_equal(summary.replaced, 1);
    assert_int_equal(summary.skipped, 0);
    assert_string_equal(scratch_find("apple pear"), "x ");
    assert_string_equal(scratch_find("pear"), "x ");
}

static void test_replace_within_a_segment(void **state)
{
    struct kwic_index_options options = {.no_sync = true, .replace = true};
    char name[32];
    (void)state;
    for (int i = 0; i < 9; i++) { /* the same id in nine files of one run: the last one wins */
        char text[64];
        snprintf(name, sizeof name, "f%d.jsonl", i);
        snprintf(text, sizeof text, "{\"id\":\"x\",\"text\":\"apple w%d\"}\n", i);
        scratch_write(name, text);
    }
    struct kwic_summary summary = scratch_run(".", &options);
    assert_int_equal(summary.added, 1);
    assert_int_equal(summary.replaced, 8);
    assert_string_equal(scratch_find("apple"), "x ");
    assert_string_equal(scratch_find("w8"), "x ");
    struct kwic_index *index = scratch_open(".kwic");
    struct kwic_document *document;
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("x"), true, NULL), KWIC_OK);
    kwic_document_free(document);
    kwic_index_free(index);
    scratch_delete("x");
    assert_string_equal(scratch_find("apple"), "");
}

static void test_maps_are_part_of_the_reading(void **state)
{
    struct kwic_index_options options = {.no_sync = true, .map_text = "body"};
    (void)state;
    scratch_write("a.jsonl", "{\"id\":\"x\",\"text\":\"apple\",\"body\":\"pear\"}\n");
    scratch_run("a.jsonl", NULL);
    assert_string_equal(scratch_find("pear"), "");
    assert_int_equal(scratch_run("a.jsonl", &options).replaced, 1);
    assert_string_equal(scratch_find("pear"), "x ");
    assert_int_equal(scratch_run(NULL, NULL).unchanged, 1);
}

/* ---- Streams ------------------------------------------------------------------------------ */

static struct kwic_summary run_stream(const char *text, const char *name,
                                      const struct kwic_index_options *options)
{
    struct kwic_writer *writer;
    struct kwic_summary summary;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    assert_int_equal(kwic_writer_new(&writer, ".kwic", options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_stream(writer, ends[0], name, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_summary(writer, &summary);
    kwic_writer_free(writer);
    close(ends[0]);
    return summary;
}

static void test_stream_of_text(void **state)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_document_info info;
    struct kwic_document *document;
    (void)state;
    assert_int_equal(run_stream("apple pear\n", "stdin", &options).added, 1);
    assert_int_equal(run_stream("quince\n", "stdin", &options).replaced, 1);
    assert_string_equal(scratch_find("apple quince"), "stdin ");
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("stdin"), true, NULL), KWIC_OK);
    kwic_document_info(document, &info);
    assert_int_equal(info.path.size, 0);
    assert_false(info.record);
    kwic_document_free(document);
    kwic_index_free(index);
}

static void test_stream_of_records(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    struct kwic_summary summary = run_stream(
        "{\"id\":\"a\",\"text\":\"apple\"}\n{\"id\":\"a\",\"text\":\"pear\"}\n", "in", &options);
    assert_int_equal(summary.added, 1);
    assert_string_equal(log.text, "'in' line 2: the id 'a' was there before\n");
    assert_int_equal(run_stream("{\"id\":\"b\",\"text\":\"apple\"}\n", "in", &options).added, 1);
    assert_string_equal(scratch_find("apple"), "a b ");
    log.text[0] = '\0';
    assert_int_equal(run_stream("{\"id\":\"b\",\"text\":\"apple\"}\n", "in2", &options).skipped, 1);
    assert_string_equal(log.text, "id 'b' of 'in2' is already in 'in'; --replace takes it over\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_folder_is_indexed),
        TEST(test_unchanged_files_are_not_read),
        TEST(test_nothing_new_makes_no_commit),
        TEST(test_changed_file_is_replaced),
        TEST(test_same_size_change_is_seen),
        TEST(test_other_format_reads_again),
        TEST(test_vanished_stays_without_prune),
        TEST(test_prune_removes_vanished),
        TEST(test_prune_of_a_vanished_path),
        TEST(test_missing_path_is_skipped),
        TEST(test_binary_met_and_named),
        TEST(test_file_that_became_binary_goes),
        TEST(test_empty_file_is_a_document),
        TEST(test_index_folder_is_left_out),
        TEST(test_paths_outside_of_the_base),
        TEST(test_include_and_hidden_are_remembered),
        TEST(test_refresh_reads_with_the_latest_options),
        TEST(test_records_are_replaced_as_a_whole),
        TEST(test_same_id_twice_in_a_file),
        TEST(test_id_of_another_source_is_skipped),
        TEST(test_replace_takes_over),
        TEST(test_replace_within_a_segment),
        TEST(test_maps_are_part_of_the_reading),
        TEST(test_stream_of_text),
        TEST(test_stream_of_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
