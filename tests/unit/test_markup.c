/* Tests of src/ingest/markup and label: the titles of Markdown and plain text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/label.h"
#include "ingest/markup.h"

#include <stdlib.h>

static void heading(const char *text, const char *expected)
{
    struct kw_bytes title = KW_BYTES_INIT;
    assert_int_equal(kw_markup_title(kw_view_of(text), &title, NULL), KW_OK);
    char *got = kw_view_string(kw_bytes_view(&title));
    assert_string_equal(got, expected);
    free(got);
    kw_bytes_release(&title);
}

static void label(struct kw_view text, const char *expected)
{
    struct kw_bytes line = KW_BYTES_INIT;
    kw_label_first_line(text, &line);
    char *got = kw_view_string(kw_bytes_view(&line));
    assert_string_equal(got, expected);
    free(got);
    kw_bytes_release(&line);
}

static void the_first_heading_is_the_title(void **state)
{
    (void)state;
    heading("Intro\n\n## Second *level* `code` [link](x) ##\n\n# First\n",
            "Second level code link");
    heading("Set\next\n===\n", "Set ext");
    heading("> # Quoted\n", "Quoted");
    heading("# A &amp; B \\# C\r\n", "A & B # C");
}

static void what_looks_like_a_heading_in_code_is_none(void **state)
{
    (void)state;
    heading("```\n# not this\n```\n\n# this\n", "this");
    heading("    # code\n", "");
}

static void no_heading_no_title(void **state)
{
    (void)state;
    heading("", "");
    heading("just text\n", "");
    heading("#\n\n# \n\n# Third\n", "Third");
}

static void front_matter_is_passed_over(void **state)
{
    (void)state;
    heading("---\ntitle: x\n# comment\n---\n# Real\n", "Real");
    heading("---\r\nlayout: post\r\n...\r\n# Real\r\n", "Real");
    heading("---\n\n# Behind a rule\n", "Behind a rule");
}

static void only_the_beginning_is_read(void **state)
{
    (void)state;
    struct kw_bytes text = KW_BYTES_INIT;
    while (text.size < KW_MARKUP_NEAR)
        kw_bytes_append_text(&text, "some words in a line\n");
    kw_bytes_append(&text, "\n# Late\n", sizeof "\n# Late\n");
    heading((const char *)text.data, "");
    kw_bytes_release(&text);
}

static void nasty_markdown_takes_little_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {"> ", "[", "*a_", "`", "- ", "<", "![](", "(\\"};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct kw_bytes text = KW_BYTES_INIT;
        while (text.size < KW_MARKUP_NEAR)
            kw_bytes_append_text(&text, pieces[i]);
        kw_bytes_append_byte(&text, '\0');
        heading((const char *)text.data, "");
        kw_bytes_release(&text);
    }
}

static void the_first_line_with_something_is_the_label(void **state)
{
    (void)state;
    label(kw_view_of("\n \t\r\n  The\tfirst   line \nThe second\n"), "The first line");
    label(kw_view_of("no line end"), "no line end");
    label(kw_view_of("\xc2\xa0\xe3\x80\x80\n"), "");
    label(kw_view_of("one\xe2\x80\xa8two"), "one");
    label(kw_view_of(""), "");
}

static void labels_have_no_control_characters(void **state)
{
    (void)state;
    label((struct kw_view){(const uint8_t *)"a\x1b[1m\0b\x7f\xc2\x9b", 10}, "a[1mb");
}

static void labels_are_cut_at_a_character(void **state)
{
    (void)state;
    struct kw_bytes text = KW_BYTES_INIT;
    struct kw_bytes line = KW_BYTES_INIT;
    kw_bytes_append_byte(&text, 'x');
    for (int i = 0; i < 200; i++)
        kw_bytes_append_text(&text, "é");
    kw_label_first_line(kw_bytes_view(&text), &line);
    assert_int_equal(line.size, 199);
    assert_memory_equal(line.data, text.data, line.size);
    kw_bytes_release(&line);
    kw_bytes_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_heading_is_the_title),
        cmocka_unit_test(what_looks_like_a_heading_in_code_is_none),
        cmocka_unit_test(no_heading_no_title),
        cmocka_unit_test(front_matter_is_passed_over),
        cmocka_unit_test(only_the_beginning_is_read),
        cmocka_unit_test(nasty_markdown_takes_little_time),
        cmocka_unit_test(the_first_line_with_something_is_the_label),
        cmocka_unit_test(labels_have_no_control_characters),
        cmocka_unit_test(labels_are_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
