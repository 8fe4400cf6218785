/* Tests of src/ingest/ahead: it finds what a walk finds, in the same order, however many threads
 * read ahead and wherever the caller stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/ahead.h"

#include "ingest_scratch.h"

enum { FILES = 700 }; /* more than are found before threads start, and than the ring holds */

static int set_up(void **state)
{
    struct scratch *scratch = malloc(sizeof *scratch);
    assert_non_null(scratch);
    scratch_make(scratch);
    for (int i = 0; i < FILES; i++) {
        char name[64];
        snprintf(name, sizeof name, "f%d/g%d/%d.txt", i % 7, i % 50, i);
        scratch_text(scratch, name, i % 3 ? "text" : "");
    }
    *state = scratch;
    return 0;
}

static int tear_down(void **state)
{
    scratch_remove(*state);
    free(*state);
    return 0;
}

/* What is found, warnings among it, a line each. */
static void note(void *context, const char *message)
{
    kw_bytes_format(context, "warning %s\n", message);
}

static void walk(const struct scratch *scratch, struct kw_bytes *found)
{
    struct kw_walk_options options = {.warn = note, .context = found};
    struct kw_walk *walk;
    const char *path;
    assert_int_equal(kw_walk_new(&walk, scratch->root, &options, NULL), KW_OK);
    while (kw_walk_next(walk, &path, NULL) == KW_OK)
        kw_bytes_format(found, "%s\n", path);
    kw_walk_free(walk);
}

/* Walks ahead and tells that every `step`-th file was read. Returns the folders that could not be
 * read. */
static uint64_t walk_ahead(const struct scratch *scratch, unsigned threads, unsigned step,
                           struct kw_bytes *found)
{
    struct kw_walk_options options = {.warn = note, .context = found};
    struct kw_ahead *ahead;
    const char *path;
    unsigned count = 0;
    assert_int_equal(kw_ahead_new(&ahead, scratch->root, &options, threads, NULL), KW_OK);
    while (kw_ahead_next(ahead, &path, NULL) == KW_OK) {
        kw_bytes_format(found, "%s\n", path);
        kw_ahead_tell(ahead, count++ % step == 0);
    }
    assert_int_equal(kw_ahead_next(ahead, &path, NULL), KW_END);
    uint64_t unreadable = kw_ahead_unreadable(ahead);
    kw_ahead_free(ahead);
    return unreadable;
}

static void files_come_in_the_order_of_the_walk(void **state)
{
    static const unsigned threads[] = {0, 1, 4, 100};
    static const unsigned steps[] = {1, 60, FILES + 1};
    struct kw_bytes expected = KW_BYTES_INIT;
    walk(*state, &expected);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++)
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            struct kw_bytes found = KW_BYTES_INIT;
            assert_int_equal(walk_ahead(*state, threads[i], steps[k], &found), 0);
            assert_true(kw_view_equal(kw_bytes_view(&found), kw_bytes_view(&expected)));
            kw_bytes_release(&found);
        }
    kw_bytes_release(&expected);
}

/* A folder that cannot be read is warned of where it stands. */
static void warnings_come_in_their_place(void **state)
{
    const struct scratch *scratch = *state;
    struct kw_bytes expected = KW_BYTES_INIT;
    struct kw_bytes found = KW_BYTES_INIT;
    char *folder = kw_path_join(scratch->root, "f6/g20");
    if (geteuid() == 0) {
        free(folder);
        skip(); /* who may read everything is warned of nothing */
    }
    assert_int_equal(chmod(folder, 0), 0);
    walk(scratch, &expected);
    assert_non_null(memmem(expected.data, expected.size, "warning", 7));
    assert_int_equal(walk_ahead(scratch, 4, 1, &found), 1);
    assert_true(kw_view_equal(kw_bytes_view(&found), kw_bytes_view(&expected)));
    assert_int_equal(chmod(folder, 0700), 0);
    kw_bytes_release(&expected);
    kw_bytes_release(&found);
    free(folder);
}

static void a_walk_can_be_given_up_anywhere(void **state)
{
    const struct scratch *scratch = *state;
    for (unsigned stop = 0; stop < FILES; stop += stop < 30 ? 1 : 97) {
        struct kw_walk_options options = {.warn = NULL};
        struct kw_ahead *ahead;
        const char *path;
        assert_int_equal(kw_ahead_new(&ahead, scratch->root, &options, 3, NULL), KW_OK);
        for (unsigned i = 0; i < stop; i++)
            assert_int_equal(kw_ahead_next(ahead, &path, NULL), KW_OK);
        kw_ahead_free(ahead);
    }
}

static void a_folder_that_is_not_there_is_told_at_once(void **state)
{
    (void)state;
    struct kw_walk_options options = {.warn = NULL};
    struct kw_ahead *ahead;
    assert_int_equal(kw_ahead_new(&ahead, "/nowhere/at/all", &options, 3, NULL), KW_E_NOT_FOUND);
    assert_null(ahead);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_come_in_the_order_of_the_walk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(warnings_come_in_their_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_walk_can_be_given_up_anywhere, set_up, tear_down),
        cmocka_unit_test(a_folder_that_is_not_there_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
