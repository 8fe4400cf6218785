/* The writer of kwic.h: what is deleted and stays out, commits, and interrupted runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

#include <sys/wait.h>

/* ---- Deleting ----------------------------------------------------------------------------- */

static void test_deleted_file_stays_out_of_refreshes(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_write("b.txt", "apple pear");
    scratch_run(".", NULL);
    scratch_delete("a.txt");
    scratch_write("a.txt", "apple apple");
    scratch_run(NULL, NULL);
    assert_string_equal(scratch_find("apple"), "b.txt ");
    assert_int_equal(scratch_run(".", NULL).added, 1);
    scratch_run(NULL, NULL);
    assert_string_equal(scratch_find("apple"), "a.txt b.txt ");
}

static void test_deleted_record_stays_out_of_refreshes(void **state)
{
    (void)state;
    scratch_write("r.jsonl",
                  "{\"id\":\"1\",\"text\":\"apple\"}\n{\"id\":\"2\",\"text\":\"apple\"}\n");
    scratch_run(".", NULL);
    scratch_delete("1");
    assert_int_equal(scratch_run(NULL, NULL).unchanged, 1);
    scratch_write("r.jsonl",
                  "{\"id\":\"1\",\"text\":\"apple\"}\n{\"id\":\"2\",\"text\":\"apple!\"}\n");
    scratch_run(NULL, NULL);
    assert_string_equal(scratch_find("apple"), "2 ");
    scratch_run("r.jsonl", NULL);
    assert_string_equal(scratch_find("apple"), "1 2 ");
    assert_int_equal(scratch_run(".", NULL).unchanged, 1);
}

static void test_delete_by_path_from_a_subfolder(void **state)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer;
    struct kwic_error error;
    (void)state;
    mkdir("sub", 0777);
    scratch_write("a.txt", "apple");
    scratch_write("sub/a.txt", "apple pear");
    scratch_run(".", NULL);
    assert_int_equal(chdir("sub"), 0);
    assert_int_equal(kwic_writer_new_existing(&writer, "../.kwic", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("a.txt"), false, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("sub/a.txt"), false, &error),
                     KWIC_E_NOT_FOUND);
    assert_string_equal(error.message, "no document 'sub/a.txt' in the index");
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_int_equal(chdir(".."), 0);
    assert_string_equal(scratch_find("apple"), "a.txt ");
}

static void test_statistics_forget_the_deleted(void **state)
{
    struct kwic_stats stats;
    struct kwic_terms *terms;
    struct kwic_term term;
    (void)state;
    scratch_write("a.txt", "apple apple pear");
    scratch_write("b.txt", "apple");
    scratch_run(".", NULL);
    scratch_delete("a.txt");
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(kwic_index_stats(index, &stats, NULL), KWIC_OK);
    assert_int_equal(stats.documents, 1);
    assert_int_equal(stats.deleted, 1);
    assert_int_equal(stats.words, 1);
    assert_int_equal(kwic_terms_new(&terms, index, KWIC_TEXT(""), KWIC_TEXT(""), false, NULL),
                     KWIC_OK);
    assert_int_equal(kwic_terms_next(terms, &term, NULL), KWIC_OK);
    assert_memory_equal(term.term.data, "apple", 5);
    assert_int_equal(term.documents, 1);
    assert_int_equal(term.occurrences, 1);
    assert_int_equal(kwic_terms_next(terms, &term, NULL), KWIC_END);
    kwic_terms_free(terms);
    kwic_index_free(index);
}

static void test_all_deleted_leaves_an_empty_index(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    scratch_delete("a.txt");
    assert_string_equal(scratch_find("apple"), "");
    assert_int_equal(access(".kwic/segment-1", F_OK), -1);
}

/* ---- Commits ------------------------------------------------------------------------------ */

static void test_free_without_commit_leaves_nothing(void **state)
{
    struct kwic_writer *writer;
    (void)state;
    scratch_write("a.txt", "apple");
    assert_int_equal(kwic_writer_new(&writer, ".kwic", NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, ".", NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_int_equal(access(".kwic", F_OK), -1);
}

static void test_free_without_commit_keeps_the_last(void **state)
{
    struct kwic_writer *writer;
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    scratch_write("a.txt", "pear");
    scratch_write("b.txt", "apple pear");
    assert_int_equal(kwic_writer_new(&writer, ".kwic", NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, ".", NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_string_equal(scratch_find("apple"), "a.txt ");
    assert_int_equal(kwic_check(".kwic", NULL, NULL, NULL), KWIC_OK);
}

/* A rename that is done although syncing it fails looks like this to the writer. */
static void test_free_keeps_a_commit_that_failed_late(void **state)
{
    struct kwic_writer *writer;
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    assert_int_equal(system("cp -r .kwic before"), 0);
    scratch_write("b.txt", "apple pear");
    scratch_run(".", NULL);
    assert_int_equal(system("mv .kwic after && mv before .kwic"), 0);
    assert_int_equal(kwic_writer_new(&writer, ".kwic", NULL, NULL), KWIC_OK);
    assert_int_equal(system("cp after/* .kwic/"), 0);
    kwic_writer_free(writer);
    assert_string_equal(scratch_find("apple"), "a.txt b.txt ");
    assert_int_equal(kwic_check(".kwic", NULL, NULL, NULL), KWIC_OK);
}

/* Once told to on `in`: waits for the lock of .kwic, says on `out` when it has it, and holds it
 * until `in` ends. */
static void wait_for_lock(int in, int out)
{
    struct kwic_index_options options = {.no_sync = true, .wait = 20};
    struct kwic_writer *writer;
    char byte;
    if (read(in, &byte, 1) == 1 && kwic_writer_new(&writer, ".kwic", &options, NULL) == KWIC_OK &&
        write(out, &byte, 1) == 1 && read(in, &byte, 1) == 0)
        kwic_writer_free(writer);
    _exit(0);
}

static void test_who_waited_for_an_index_given_up_has_it_alone(void **state)
{
    struct kwic_writer *writer;
    int in[2], out[2];
    char byte = 0;
    (void)state;
    assert_int_equal(pipe(in) | pipe(out), 0);
    pid_t child = fork(); /* before there is a lock that it would hold as well */
    if (child == 0) {
        close(in[1]);
        wait_for_lock(in[0], out[1]);
    }
    close(out[1]);
    assert_int_equal(kwic_writer_new(&writer, ".kwic", NULL, NULL), KWIC_OK);
    assert_int_equal(write(in[1], &byte, 1), 1);
    usleep(200 * 1000); /* by now it waits; if not, it finds no lock and nothing is tested */
    kwic_writer_free(writer);
    assert_int_equal(read(out[0], &byte, 1), 1);
    assert_int_equal(kwic_writer_new(&writer, ".kwic", NULL, NULL), KWIC_E_LOCKED);
    close(in[1]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(in[0]);
    close(out[0]);
}

static void test_segment_of_another_commit_is_refused(void **state)
{
    struct kwic_error error;
    struct kwic_writer *writer;
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run("a.txt", NULL);
    scratch_write("b.txt", "pear");
    scratch_write("c.txt", "pear");
    scratch_run(".", NULL);
    assert_int_equal(system("cp .kwic/segment-3 .kwic/segment-1"), 0);
    assert_int_equal(kwic_writer_new(&writer, ".kwic", NULL, &error), KWIC_E_DAMAGED);
    assert_null(writer);
    assert_int_equal(access(".kwic/segment-3", F_OK), 0);
}

static void test_snapshot_does_not_change(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    scratch_write("b.txt", "apple pear");
    unlink("a.txt");
    struct kwic_index_options options = {.no_sync = true, .prune = true};
    scratch_run(".", &options);
    assert_string_equal(scratch_find_in(index, "apple"), "a.txt ");
    assert_string_equal(scratch_find("apple"), "b.txt ");
    kwic_index_free(index);
}

static volatile int stop_flag;

static void stop_at_a(void *context, const struct kwic_progress *progress)
{
    (void)context;
    if (strcmp(progress->path, "a.txt") == 0)
        stop_flag = 1; /* the first report: it comes before the first file is read */
}

static void test_stop_and_resume(void **state)
{
    struct kwic_index_options options = {
        .no_sync = true, .stop = &stop_flag, .progress = stop_at_a};
    struct kwic_writer *writer;
    struct kwic_error error;
    (void)state;
    stop_flag = 0;
    scratch_write("a.txt", "apple");
    scratch_write("b.txt", "apple pear");
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, ".", &error), KWIC_E_INTERRUPTED);
    assert_string_equal(error.message, "interrupted");
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_string_equal(scratch_find("apple"), "");
    assert_int_equal(scratch_run(NULL, NULL).added, 2); /* the root is known */
    assert_string_equal(scratch_find("apple"), "a.txt b.txt ");
}

static void stop_at_a_warning(void *context, const char *message)
{
    (void)context;
    (void)message;
    stop_flag = 1;
}

static void test_stop_amid_records(void **state)
{
    struct kwic_index_options options = {
        .no_sync = true, .stop = &stop_flag, .warn = stop_at_a_warning};
    struct kwic_writer *writer;
    (void)state;
    stop_flag = 0;
    scratch_write("r.jsonl",
                  "{\"id\":\"1\",\"text\":\"apple\"}\nbroken\n"
                  "{\"id\":\"2\",\"text\":\"apple\"}\n{\"id\":\"3\",\"text\":\"apple\"}\n");
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, ".", NULL), KWIC_E_INTERRUPTED);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_string_equal(scratch_find("apple"), "1 2 ");
    struct kwic_summary summary = scratch_run(".", NULL);
    assert_int_equal(summary.replaced, 2);
    assert_int_equal(summary.added, 1);
    assert_int_equal(summary.removed, 0);
    assert_string_equal(scratch_find("apple"), "1 2 3 ");
}

static void test_interrupted_first_run_is_taken_over(void **state)
{
    (void)state;
    mkdir(".kwic", 0700);
    scratch_write(".kwic/lock", "");
    scratch_write(".kwic/segment-1", "half");
    scratch_write("a.txt", "apple");
    assert_int_equal(scratch_run(".", NULL).added, 1);
    assert_string_equal(scratch_find("apple"), "a.txt ");
}

static void test_same_input_same_bytes(void **state)
{
    (void)state;
    mkdir("in", 0777);
    scratch_write("in/a.txt", "apple pear apple");
    scratch_write("in/b.jsonl", "{\"title\":\"T one\",\"text\":\"apple\",\"author\":\"Ann\"}\n");
    for (int i = 0; i < 2; i++) {
        struct kwic_writer *writer;
        assert_int_equal(kwic_writer_new(&writer, i ? "two" : "one", NULL, NULL), KWIC_OK);
        assert_int_equal(kwic_writer_add_path(writer, "in", NULL), KWIC_OK);
        assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
        kwic_writer_free(writer);
    }
    assert_int_equal(system("cmp one/segment-1 two/segment-1"), 0);
}

static void test_modes_are_private(void **state)
{
    struct stat info;
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_run(".", NULL);
    assert_int_equal(stat(".kwic", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(stat(".kwic/segment-1", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

/* ---- Many segments: enough input to close some -------------------------------------------- */

static void write_megabytes(const char *name, int megabytes, const char *mark)
{
    static char line[1024 + 1];
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (size_t i = 0; i < 1024; i++)
        line[i] = "stone water field \n"[i % 19];
    fprintf(file, "%s ", mark);
    for (int i = 0; i < megabytes * 1024; i++)
        fputs(line, file);
    assert_int_equal(fclose(file), 0);
}

static void test_long_runs_commit_on_the_way(void **state)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer;
    (void)state;
    mkdir("in", 0777);
    write_megabytes("in/a.txt", 100, "first");
    write_megabytes("in/b.txt", 40, "second");
    scratch_write("in/c.txt", "third");
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, "in", NULL), KWIC_OK);
    assert_string_equal(scratch_find("first second third"), "in/b.txt in/a.txt ");
    kwic_writer_free(writer); /* as if interrupted */
    struct kwic_summary summary = scratch_run("in", &options);
    assert_int_equal(summary.unchanged, 2);
    assert_int_equal(summary.added, 1);
    assert_int_equal(kwic_check(".kwic", NULL, NULL, NULL), KWIC_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_deleted_file_stays_out_of_refreshes),
        TEST(test_deleted_record_stays_out_of_refreshes),
        TEST(test_delete_by_path_from_a_subfolder),
        TEST(test_statistics_forget_the_deleted),
        TEST(test_all_deleted_leaves_an_empty_index),
        TEST(test_free_without_commit_leaves_nothing),
        TEST(test_free_without_commit_keeps_the_last),
        TEST(test_free_keeps_a_commit_that_failed_late),
        TEST(test_who_waited_for_an_index_given_up_has_it_alone),
        TEST(test_segment_of_another_commit_is_refused),
        TEST(test_snapshot_does_not_change),
        TEST(test_stop_and_resume),
        TEST(test_stop_amid_records),
        TEST(test_interrupted_first_run_is_taken_over),
        TEST(test_same_input_same_bytes),
        TEST(test_modes_are_private),
        TEST(test_long_runs_commit_on_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
