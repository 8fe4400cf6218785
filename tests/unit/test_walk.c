/* Tests of src/ingest/walk: which files are found, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/source.h"

#include "ingest_scratch.h"

static int set_up(void **state)
{
    struct scratch *scratch = malloc(sizeof *scratch);
    assert_non_null(scratch);
    scratch_make(scratch);
    *state = scratch;
    return 0;
}

static int tear_down(void **state)
{
    scratch_remove(*state);
    free(*state);
    return 0;
}

static void count_warning(void *context, const char *message)
{
    (void)message;
    ++*(int *)context;
}

/* Walks root/`folder` and compares the paths below it, each with a blank behind. */
static void expect_below(const struct scratch *scratch, const char *folder,
                         const struct kw_walk_options *options, const char *paths)
{
    struct kw_bytes found = KW_BYTES_INIT;
    struct kw_walk *walk = NULL;
    struct kw_error error = KW_ERROR_INIT;
    const char *path;
    enum kw_status status;
    char *root = kw_path_join(scratch->root, folder);
    assert_int_equal(kw_walk_new(&walk, root, options, &error), KW_OK);
    while ((status = kw_walk_next(walk, &path, &error)) == KW_OK) {
        assert_int_equal(strncmp(path, root, strlen(root)), 0);
        assert_int_equal(path[strlen(root)], '/');
        kw_bytes_format(&found, "%s ", path + strlen(root) + 1);
    }
    assert_int_equal(status, KW_END);
    kw_bytes_append_byte(&found, '\0');
    assert_string_equal((const char *)found.data, paths);
    kw_bytes_release(&found);
    kw_walk_free(walk);
    free(root);
}

static void expect(const struct scratch *scratch, const struct kw_walk_options *options,
                   const char *paths)
{
    scratch_text(scratch, "t/.keep", "");
    expect_below(scratch, "t", options, paths);
}

static void paths_come_in_byte_order(void **state)
{
    scratch_text(*state, "t/a/x", "");
    scratch_text(*state, "t/a-b", "");
    scratch_text(*state, "t/a.txt", "");
    scratch_text(*state, "t/a0", "");
    scratch_text(*state, "t/B", "");
    scratch_text(*state, "t/\xc3\xa9", "");
    expect(*state, NULL, "B a-b a.txt a/x a0 \xc3\xa9 ");
}

static void hidden_and_repository_names_are_skipped(void **state)
{
    struct kw_walk_options options = {.hidden = true};
    scratch_text(*state, "t/.h/f", "");
    scratch_text(*state, "t/.git/config", "");
    scratch_text(*state, "t/.kwic/manifest", "");
    scratch_text(*state, "t/CVS/Entries", "");
    scratch_text(*state, "t/a", "");
    scratch_text(*state, "t/d/CVS", "a file of that name");
    expect(*state, NULL, "a d/CVS ");
    expect(*state, &options, ".h/f .keep a d/CVS ");
}

static void only_regular_files_and_no_links(void **state)
{
    const struct scratch *scratch = *state;
    char *folder = kw_path_join(scratch->root, "t");
    char *link = kw_path_join(folder, "link");
    char *pipe_name = kw_path_join(folder, "pipe");
    scratch_text(scratch, "t/a", "");
    scratch_text(scratch, "other/b", "");
    assert_int_equal(symlink("../other", link), 0);
    assert_int_equal(mkfifo(pipe_name, 0600), 0);
    expect(scratch, NULL, "a ");
    free(pipe_name);
    free(link);
    free(folder);
}

static void ignore_files_are_followed(void **state)
{
    struct kw_walk_options options = {.no_ignore = true};
    scratch_text(*state, "t/.gitignore", "*.log\nbuild/\n/only-here\n!.shown\n");
    scratch_text(*state, "t/a.log", "");
    scratch_text(*state, "t/.shown", "");
    scratch_text(*state, "t/build/x", "");
    scratch_text(*state, "t/d/.gitignore", "!keep.log\n");
    scratch_text(*state, "t/d/keep.log", "");
    scratch_text(*state, "t/d/drop.log", "");
    scratch_text(*state, "t/d/only-here", "");
    scratch_text(*state, "t/only-here", "");
    expect(*state, NULL, ".shown d/keep.log d/only-here ");
    expect(*state, &options, "a.log build/x d/drop.log d/keep.log d/only-here only-here ");
}

static void dot_ignore_goes_before_gitignore(void **state)
{
    scratch_text(*state, "t/.ignore", "!a.log\nb.txt\n");
    scratch_text(*state, "t/.gitignore", "*.log\n!b.txt\n");
    scratch_text(*state, "t/d/.gitignore", "*.log\n!b.txt\n");
    scratch_text(*state, "t/d/a.log", "");
    scratch_text(*state, "t/d/b.txt", "");
    scratch_text(*state, "t/d/c.log", "");
    expect(*state, NULL, "d/a.log ");
}

static void rules_of_the_repository_above_count(void **state)
{
    const struct scratch *scratch = *state;
    scratch_text(scratch, ".gitignore", "outside\n");
    scratch_text(scratch, "r/.git/HEAD", "");
    scratch_text(scratch, "r/.gitignore", "/s/t/x\n*.o\n");
    scratch_text(scratch, "r/s/.gitignore", "!b.o\n");
    scratch_text(scratch, "r/s/t/x", "");
    scratch_text(scratch, "r/s/t/y", "");
    scratch_text(scratch, "r/s/t/a.o", "");
    scratch_text(scratch, "r/s/t/b.o", "");
    scratch_text(scratch, "r/s/t/outside", "");
    expect_below(scratch, "r/s/t", NULL, "b.o outside y ");
    expect_below(scratch, "r", NULL, "s/t/b.o s/t/outside s/t/y ");
}

static void a_repository_within_has_its_own_rules(void **state)
{
    scratch_text(*state, "t/.gitignore", "*.o\n");
    scratch_text(*state, "t/sub/.git", "gitdir: elsewhere");
    scratch_text(*state, "t/sub/a.o", "");
    scratch_text(*state, "t/b.o", "");
    expect(*state, NULL, "sub/a.o ");
}

static void globs_choose(void **state)
{
    const char *include[] = {"*.txt", "docs/*.md", NULL};
    const char *exclude[] = {"old", "d/secret.txt", NULL};
    struct kw_walk_options options = {.include = include, .exclude = exclude};
    scratch_text(*state, "t/a.txt", "");
    scratch_text(*state, "t/a.c", "");
    scratch_text(*state, "t/d/b.txt", "");
    scratch_text(*state, "t/d/secret.txt", "");
    scratch_text(*state, "t/d/docs/c.md", "");
    scratch_text(*state, "t/docs/c.md", "");
    scratch_text(*state, "t/old/d.txt", "");
    expect(*state, &options, "a.txt d/b.txt docs/c.md ");
}

static void what_cannot_be_read_is_counted(void **state)
{
    const struct scratch *scratch = *state;
    int warnings = 0;
    struct kw_walk_options options = {.warn = count_warning, .context = &warnings};
    struct kw_walk *walk = NULL;
    const char *path;
    bool all_powerful = geteuid() == 0; /* root reads every folder: be another user meanwhile */
    char *locked = kw_path_join(scratch->root, "t/locked");
    scratch_text(scratch, "t/locked/a", "");
    scratch_text(scratch, "t/z", "");
    assert_int_equal(chmod(locked, 0), 0);
    assert_int_equal(chmod(scratch->root, 0755), 0);
    assert_int_equal(all_powerful ? seteuid(65534) : 0, 0);
    char *root = kw_path_join(scratch->root, "t");
    assert_int_equal(kw_walk_new(&walk, root, &options, NULL), KW_OK);
    assert_int_equal(kw_walk_next(walk, &path, NULL), KW_OK);
    assert_string_equal(strrchr(path, '/'), "/z");
    assert_int_equal(kw_walk_next(walk, &path, NULL), KW_END);
    assert_int_equal(kw_walk_unreadable(walk), 1);
    assert_int_equal(warnings, 1);
    assert_int_equal(all_powerful ? seteuid(0) : 0, 0);
    assert_int_equal(chmod(locked, 0700), 0);
    kw_walk_free(walk);
    free(root);
    free(locked);
}

/* Makes a folder `levels` deep in root, longer than any path may be, and returns to where it was.
 */
static void make_deep(const struct scratch *scratch, int levels)
{
    int here = open(".", O_RDONLY | O_DIRECTORY);
    assert_int_equal(chdir(scratch->root), 0);
    for (int i = 0; i < levels; i++) {
        assert_int_equal(mkdir("d", 0700), 0);
        assert_int_equal(chdir("d"), 0);
    }
    assert_int_equal(fchdir(here), 0);
    close(here);
}

static void a_tree_too_deep_is_warned_of(void **state)
{
    enum { LEVELS = 5000 };
    const struct scratch *scratch = *state;
    int warnings = 0;
    struct kw_walk_options options = {.warn = count_warning, .context = &warnings};
    struct kw_walk *walk = NULL;
    const char *path;
    make_deep(scratch, LEVELS);
    scratch_text(scratch, "z", "");
    assert_int_equal(kw_walk_new(&walk, scratch->root, &options, NULL), KW_OK);
    assert_int_equal(kw_walk_next(walk, &path, NULL), KW_OK);
    assert_string_equal(strrchr(path, '/'), "/z");
    assert_int_equal(kw_walk_next(walk, &path, NULL), KW_END);
    assert_int_equal(warnings, 1);
    kw_walk_free(walk);
    char *moved = kw_path_join(scratch->root, "m"); /* nftw cannot remove so long a path */
    char *deep = kw_path_join(scratch->root, "d");
    for (int i = 0; i < LEVELS; i++) {
        char *below = kw_path_join(deep, "d");
        bool more = rename(below, moved) == 0;
        assert_int_equal(rmdir(deep), 0);
        if (more)
            assert_int_equal(rename(moved, deep), 0);
        free(below);
    }
    free(moved);
    free(deep);
}

static void a_root_must_be_a_folder(void **state)
{
    const struct scratch *scratch = *state;
    struct kw_walk *walk = NULL;
    struct kw_error error = KW_ERROR_INIT;
    char *file = scratch_write(scratch, "f", "", 0);
    char *absent = kw_path_join(scratch->root, "absent");
    assert_int_equal(kw_walk_new(&walk, absent, NULL, &error), KW_E_NOT_FOUND);
    assert_null(walk);
    assert_int_equal(kw_walk_new(&walk, file, NULL, &error), KW_E_IO);
    assert_int_equal(error.status, KW_E_IO);
    free(absent);
    free(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_come_in_byte_order),
        TEST(hidden_and_repository_names_are_skipped),
        TEST(only_regular_files_and_no_links),
        TEST(ignore_files_are_followed),
        TEST(dot_ignore_goes_before_gitignore),
        TEST(rules_of_the_repository_above_count),
        TEST(a_repository_within_has_its_own_rules),
        TEST(globs_choose),
        TEST(what_cannot_be_read_is_counted),
        TEST(a_tree_too_deep_is_warned_of),
        TEST(a_root_must_be_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
