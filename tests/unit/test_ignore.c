/* Tests of src/ingest/ignore and glob: the language of .gitignore. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/glob.h"
#include "ingest/ignore.h"

static bool glob(const char *pattern, const char *path)
{
    return kw_glob_match(kw_view_of(pattern), kw_view_of(path));
}

static enum kw_verdict judge(const char *rules, const char *path, bool folder)
{
    struct kw_ignore ignore = KW_IGNORE_INIT;
    assert_int_equal(kw_ignore_parse(&ignore, kw_view_of(rules), NULL), KW_OK);
    enum kw_verdict verdict = kw_ignore_match(&ignore, kw_view_of(path), folder);
    kw_ignore_release(&ignore);
    return verdict;
}

static void ignored(const char *rules, const char *path)
{
    assert_int_equal(judge(rules, path, false), KW_VERDICT_IGNORED);
}

static void none(const char *rules, const char *path)
{
    assert_int_equal(judge(rules, path, false), KW_VERDICT_NONE);
}

static void stars_stay_in_their_segment(void **state)
{
    (void)state;
    assert_true(glob("*.txt", "a.txt"));
    assert_true(glob("a*b*c", "aXbYbZc"));
    assert_false(glob("a*b*c", "aXbYbZ"));
    assert_false(glob("*.txt", "d/a.txt"));
    assert_true(glob("d/*/f", "d/e/f"));
    assert_false(glob("d/*", "d/e/f"));
    assert_true(glob("*", "a"));
}

static void double_stars_cross_segments(void **state)
{
    (void)state;
    assert_true(glob("**/f", "f"));
    assert_true(glob("**/f", "a/b/f"));
    assert_true(glob("a/**/f", "a/f"));
    assert_true(glob("a/**/f", "a/b/c/f"));
    assert_true(glob("a/**", "a/b/c"));
    assert_false(glob("a/**", "a"));
    assert_true(glob("**/a/**/b", "x/a/y/a/z/b"));
    assert_false(glob("**/a/**/b", "x/y/b"));
    assert_true(glob("a**b", "aXb"));
    assert_false(glob("a**b", "a/b"));
}

static void question_marks_take_a_character(void **state)
{
    (void)state;
    assert_true(glob("?", "a"));
    assert_true(glob("caf?", "café"));
    assert_false(glob("a?b", "a/b"));
    assert_true(glob("\xff?", "\xff\xff"));
    assert_false(glob("?", ""));
}

static void classes_match_one_character(void **state)
{
    (void)state;
    assert_true(glob("[a-c]x", "bx"));
    assert_false(glob("[!a-c]x", "bx"));
    assert_true(glob("[^a-c]x", "dx"));
    assert_true(glob("[]]", "]"));
    assert_true(glob("[]-]", "-"));
    assert_true(glob("[\\]a]", "]"));
    assert_true(glob("[[:digit:][:upper:]]", "Q"));
    assert_false(glob("[[:digit:]]", "q"));
    assert_true(glob("[à-é]", "è"));
    assert_false(glob("[a", "a"));
    assert_false(glob("[a", "[a"));
}

static void backslashes_escape(void **state)
{
    (void)state;
    assert_true(glob("\\*", "*"));
    assert_false(glob("\\*", "a"));
    assert_true(glob("a\\[b", "a[b"));
    assert_false(glob("a\\", "a"));
    assert_false(glob("a\\", "a\\"));
}

static void many_stars_take_little_time(void **state)
{
    (void)state;
    assert_false(glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    assert_false(glob("**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b",
                      "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"));
}

static void rules_without_a_slash_match_names_anywhere(void **state)
{
    (void)state;
    ignored("*.o\n", "a/b/c.o");
    ignored("core", "x/core");
    none("core", "x/core.c");
}

static void rules_with_a_slash_are_anchored(void **state)
{
    (void)state;
    ignored("/top.txt", "top.txt");
    none("/top.txt", "a/top.txt");
    ignored("a/b.txt", "a/b.txt");
    none("a/b.txt", "x/a/b.txt");
}

static void a_trailing_slash_means_folders(void **state)
{
    (void)state;
    none("build/", "build");
    assert_int_equal(judge("build/", "x/build", true), KW_VERDICT_IGNORED);
    assert_int_equal(judge("/build/", "x/build", true), KW_VERDICT_NONE);
}

static void the_last_rule_that_matches_decides(void **state)
{
    (void)state;
    assert_int_equal(judge("*.log\n!keep.log\n", "keep.log", false), KW_VERDICT_KEPT);
    ignored("!keep.log\n*.log\n", "keep.log");
}

static void comments_blanks_and_line_ends(void **state)
{
    (void)state;
    none("# a\n\n   \n", "# a");
    ignored("\\#a\n", "#a");
    ignored("\\!a\n", "!a");
    ignored("a.txt   \n", "a.txt");
    ignored("a\\ \n", "a ");
    ignored("a.txt\r\n", "a.txt");
    ignored("\xef\xbb\xbf"
            "a.txt\n",
            "a.txt");
    none("/\n", "a");
}

static void globs_are_taken_as_they_are(void **state)
{
    (void)state;
    struct kw_ignore ignore = KW_IGNORE_INIT;
    assert_int_equal(kw_ignore_add(&ignore, "!a", NULL), KW_OK);
    assert_int_equal(kw_ignore_add(&ignore, "#b", NULL), KW_OK);
    assert_int_equal(kw_ignore_match(&ignore, kw_view_of("x/!a"), false), KW_VERDICT_IGNORED);
    assert_int_equal(kw_ignore_match(&ignore, kw_view_of("#b"), false), KW_VERDICT_IGNORED);
    kw_ignore_release(&ignore);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stars_stay_in_their_segment),
        cmocka_unit_test(double_stars_cross_segments),
        cmocka_unit_test(question_marks_take_a_character),
        cmocka_unit_test(classes_match_one_character),
        cmocka_unit_test(backslashes_escape),
        cmocka_unit_test(many_stars_take_little_time),
        cmocka_unit_test(rules_without_a_slash_match_names_anywhere),
        cmocka_unit_test(rules_with_a_slash_are_anchored),
        cmocka_unit_test(a_trailing_slash_means_folders),
        cmocka_unit_test(the_last_rule_that_matches_decides),
        cmocka_unit_test(comments_blanks_and_line_ends),
        cmocka_unit_test(globs_are_taken_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
