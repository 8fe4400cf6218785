/* Newer commits on every engine: that they are noticed, that what is opened anew is what a fresh
 * handle gives, that the older handle stays as it was, and what of a folder both share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index/snapshot.h"
#include "tests/unit/conformance.h"

static struct kwic_index *renew(const struct kwic_index *index)
{
    struct kwic_error error = {0};
    struct kwic_index *newer;
    if (kwic_index_renew(&newer, index, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return newer;
}

static bool changed(const struct kwic_index *index)
{
    struct kwic_error error = {0};
    bool found;
    if (kwic_index_changed(index, &found, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return found;
}

static void remove_index(void)
{
    nftw(".kwic", scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void add(const char *name, const char *text)
{
    scratch_write(name, text);
    scratch_run(name, NULL);
}

static void optimize(void)
{
    struct kwic_index_options plain = {.no_sync = true};
    struct kwic_writer *writer;
    assert_int_equal(kwic_writer_new_existing(&writer, scratch_where, &plain, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_optimize(writer, 0, NULL, NULL), KWIC_OK);
    kwic_writer_free(writer);
}

static void test_a_commit_is_noticed(void **state)
{
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    struct kwic_index *same = renew(index);
    assert_int_equal(changed(index), engine->module);
    assert_int_equal(changed(same), engine->module);
    add("new.txt", "More guards.\n");
    assert_true(changed(index));
    struct kwic_index *newer = renew(index);
    assert_int_equal(changed(newer), engine->module);
    assert_string_equal(scratch_find_in(newer, "more"), "new.txt ");
    if (!engine->module)
        assert_string_equal(scratch_find_in(same, "more"), "");
    kwic_index_free(index);
    assert_string_equal(scratch_find_in(newer, "heroin"), "r1 ");
    kwic_index_free(same);
    assert_string_equal(scratch_find_in(newer, "more"), "new.txt ");
    kwic_index_free(newer);
}

/* Handles of many commits, while a writer adds, replaces, deletes and merges: each stays what it
 * was, and they are freed in another order than they were opened. */
static void test_renewed_is_as_opened_anew(void **state)
{
    enum { COMMITS = 40, STEP = 7 };
    static char held[COMMITS + 1][1024];
    struct kwic_index *handles[COMMITS + 1];
    char name[32];
    unsigned random = 5;
    (void)state;
    scratch_make_index();
    handles[0] = scratch_open(scratch_where);
    for (int i = 0; i <= COMMITS; i++) {
        snprintf(held[i], sizeof held[i], "%s", scratch_find_in(handles[i], "guard OR number"));
        assert_string_equal(scratch_find("guard OR number"), held[i]);
        random = random * 1103515245 + 12345;
        snprintf(name, sizeof name, "n%u.txt", random >> 16 & 15);
        if (i == COMMITS)
            break;
        if (i % 13 == 12 && !engine->module)
            optimize();
        else if (strstr(held[i], name) && random >> 24 & 1)
            scratch_delete(name);
        else
            add(name, i % 2 ? "A number.\n" : "Another number, and a guard.\n");
        handles[i + 1] = renew(handles[i]);
    }
    for (int i = 0, at = 0; i <= COMMITS; i++, at = (at + STEP) % (COMMITS + 1)) {
        if (!engine->module)
            assert_string_equal(scratch_find_in(handles[at], "guard OR number"), held[at]);
        kwic_index_free(handles[at]);
    }
}

static void test_an_index_made_anew_shares_nothing(void **state)
{
    struct kwic_error error;
    struct kwic_index *newer;
    bool found;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    remove_index();
    assert_int_equal(kwic_index_renew(&newer, index, &error), KWIC_E_NO_INDEX);
    assert_null(newer);
    if (!engine->module)
        assert_int_equal(kwic_index_changed(index, &found, &error), KWIC_E_NO_INDEX);
    add("a.txt", "Other guards entirely.\n");
    assert_true(changed(index));
    newer = renew(index);
    assert_string_equal(scratch_find_in(newer, "entirely"), "a.txt ");
    assert_string_equal(scratch_find_in(newer, "heroin"), "");
    if (!engine->module)
        assert_string_equal(scratch_find_in(index, "heroin"), "r1 ");
    kwic_index_free(index);
    kwic_index_free(newer);
}

static void test_results_outlive_renewing(void **state)
{
    struct kwic_result result;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(scratch_where);
    struct kwic_results *results = first_result(index, "guards", &result);
    scratch_delete("a.txt");
    if (!engine->module)
        optimize();
    struct kwic_index *newer = renew(index);
    assert_string_equal(scratch_find_in(newer, "guards"), "sub/b.md ");
    const char *first = text_is(result.doc, "a.txt") ? "sub/b.md " : "a.txt ";
    assert_string_equal(scratch_ids(results), first);
    kwic_results_free(results);
    kwic_index_free(index);
    assert_string_equal(scratch_find_in(newer, "guards"), "sub/b.md ");
    kwic_index_free(newer);
}

/* ---- What is shared ------------------------------------------------------------------------ */

static void test_unchanged_segments_keep_their_mapping(void **state)
{
    struct kw_snapshot *old, *newer, *newest;
    uint32_t document, segment;
    (void)state;
    if (engine->module)
        return;
    scratch_make_index();
    assert_int_equal(kw_snapshot_new(&old, ".kwic", NULL), KW_OK);
    assert_int_equal(kw_snapshot_find_id(old, kw_view_of("r1"), &segment, &document, NULL), KW_OK);
    scratch_delete("r1");
    add("new.txt", "More guards.\n");
    assert_int_equal(kw_snapshot_renew(&newer, old, NULL), KW_OK);
    assert_int_equal(newer->manifest.segment_count, 2);
    assert_ptr_equal(newer->segments[0]->pages.map.view.data,
                     old->segments[0]->pages.map.view.data);
    assert_ptr_equal(newer->segments[0]->pages.verified, old->segments[0]->pages.verified);
    assert_int_equal(kw_segment_live(old->segments[0]), 4);
    assert_int_equal(kw_segment_live(newer->segments[0]), 3);
    kw_pages_damage(&old->segments[0]->pages, NULL, 0, "each finds damage for itself");
    assert_int_equal(kw_segment_status(newer->segments[0], NULL), KW_OK);
    kw_snapshot_free(old);
    assert_int_equal(kw_snapshot_find_id(newer, kw_view_of("r2"), &segment, &document, NULL),
                     KW_OK);
    optimize();
    assert_int_equal(kw_snapshot_renew(&newest, newer, NULL), KW_OK);
    assert_int_equal(newest->manifest.segment_count, 1);
    assert_ptr_not_equal(newest->segments[0]->pages.map.view.data,
                         newer->segments[0]->pages.map.view.data);
    kw_snapshot_free(newer);
    kw_snapshot_free(newest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_commit_is_noticed),
        TEST(test_renewed_is_as_opened_anew),
        TEST(test_an_index_made_anew_shares_nothing),
        TEST(test_results_outlive_renewing),
        TEST(test_unchanged_segments_keep_their_mapping),
    };
    int failed = 0;
    for (size_t i = 0; i < ENGINES; i++)
        if (turn_to(&engines[i], tests, sizeof tests / sizeof *tests))
            failed += cmocka_run_group_tests_name(engines[i].name, tests, NULL, NULL);
    return failed;
}
