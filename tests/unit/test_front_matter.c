/* Front matter: what stands at the top of Markdown becomes fields, and what cannot be read is told
 * and changes nothing else. */
#include "ingest/front_matter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Asserts the fields, written `name=value` with JSON values, a line each; strings have no quotes.
 */
static void fields(const char *text, const char *expected)
{
    struct kw_front_matter front = {.mapping = NULL};
    struct kw_bytes found = KW_BYTES_INIT;
    assert_int_equal(kw_front_matter_read(&front, kw_view_of(text), true, NULL), KW_OK);
    assert_string_equal(front.problem, "");
    for (size_t i = 0; i < front.fields.count; i++) {
        kw_bytes_append_view(&found, front.fields.items[i].name);
        kw_bytes_append_text(&found, front.fields.items[i].kind == KW_FIELD_TEXT ? "=" : ":");
        kw_bytes_append_view(&found, front.fields.items[i].value);
        kw_bytes_append_text(&found, "\n");
    }
    kw_bytes_append_byte(&found, '\0');
    assert_string_equal(found.data, expected);
    kw_bytes_release(&found);
    kw_front_matter_release(&front);
}

static void keys_become_fields(void **state)
{
    (void)state;
    fields("---\nauthor: A. Smith\nyear: 2007\n---\ntext\n", "author=A. Smith\nyear:2007\n");
    fields("---\r\ntags: [a, 'b c', 3]\r\n...\r\n", "tags:[\"a\",\"b c\",3]\n");
    fields("---\ntags:\n  - a\n  - b\ndraft: true\nx: ~\n---\n",
           "tags:[\"a\",\"b\"]\ndraft:true\nx:null\n");
    fields("---\nquoted: \"2007\"\nid: 007\nday: 2007-10-05\n---\n",
           "quoted=2007\nid=007\nday=2007-10-05\n");
    fields("---\na: {b: {c: [1.5]}}\na: 2\n---\n", "a:2\n");
    fields("---\ntext: |\n  two\n  lines\n---\n", "text=two\nlines\n\n");
    fields("---\na: True\nb: TRUE\nc: False\nd: FALSE\ne: Null\nf: NULL\ng:\nh: tRUE\ni: 'True'\n"
           "j: yes\nk: [~, True]\n---\n",
           "a:true\nb:true\nc:false\nd:false\ne:null\nf:null\ng:null\nh=tRUE\ni=True\nj=yes\n"
           "k:[null,true]\n");
    fields("---\nbig: 123456789012345678901234567890\nfar: -9223372036854775809\ntoo: 1e400\n---\n",
           "big:1.2345678901234568e29\nfar:-9.223372036854776e18\ntoo=1e400\n");
    fields("---\n---\n", "");
}

static void other_text_has_none(void **state)
{
    (void)state;
    fields("", "");
    fields("---", "");
    fields("---\na: b\n", "");
    fields(" ---\na: b\n---\n", "");
    fields("----\na: b\n---\n", "");
    fields("---\n\nA paragraph between rules.\n\n---\n", "");
    fields("---\n- a\n- b\n---\n", "");
}

static void problem(const char *text, const char *expected, size_t line)
{
    struct kw_front_matter front = {.mapping = NULL};
    assert_int_equal(kw_front_matter_read(&front, kw_view_of(text), true, NULL), KW_OK);
    if (!strstr(front.problem, expected) || !front.problem[0])
        fail_msg("'%s' instead of '%s'", front.problem, expected);
    assert_int_equal(front.line, line);
    assert_int_equal(front.fields.count, 0);
    kw_front_matter_release(&front);
}

static void problems_are_told_with_their_line(void **state)
{
    char deep[200] = "---\na: ";
    (void)state;
    problem("---\na: b\ntitle: one: two\n---\n", "mapping values are not allowed", 3);
    problem("---\na: &x 1\nb: *x\n---\n", "it has an alias", 3);
    problem("---\n? [a]\n: b\n---\n", "a key is not a plain word", 2);
    problem("---\na: \"b\n---\n", "unexpected end of stream", 3);
    memset(deep + 7, '[', 40);
    memset(deep + 47, ']', 40);
    memcpy(deep + 87, "\n---\n", 6);
    problem(deep, "it is nested too deep", 2);
}

static void the_title_is_taken_if_it_is_wanted(void **state)
{
    struct kw_front_matter front = {.mapping = NULL};
    struct kw_view text = kw_view_of("---\ntitle: A title\nname: x\n---\n");
    (void)state;
    assert_int_equal(kw_front_matter_read(&front, text, true, NULL), KW_OK);
    assert_true(kw_view_equal(front.title, kw_view_of("A title")));
    assert_int_equal(front.fields.count, 1);
    assert_int_equal(kw_front_matter_read(&front, text, false, NULL), KW_OK);
    assert_int_equal(front.title.size, 0);
    assert_int_equal(front.fields.count, 2);
    text = kw_view_of("---\ntitle: 5\n---\n");
    assert_int_equal(kw_front_matter_read(&front, text, true, NULL), KW_OK);
    assert_int_equal(front.title.size, 0);
    assert_int_equal(front.fields.count, 1);
    kw_front_matter_release(&front);
}

static void plain_values_are_listed(void **state)
{
    struct kw_front_matter front = {.mapping = NULL};
    struct kw_view text = kw_view_of("---\na: [x, 1, ~, true]\nb: [1, [2]]\nc: 2.5\nd: {e: 1}\n"
                                     "f: ~\ng: s\nh: []\ni: [7, 8]\n---\n");
    static const size_t counts[] = {3, 0, 1, 0, 0, 1, 0, 2};
    static const char *const texts[] = {"x", "1", "true", "2.5", "s", "7", "8"};
    static const enum kw_scalar_kind kinds[] = {
        KW_SCALAR_STRING, KW_SCALAR_NUMBER, KW_SCALAR_BOOLEAN, KW_SCALAR_NUMBER,
        KW_SCALAR_STRING, KW_SCALAR_NUMBER, KW_SCALAR_NUMBER};
    size_t at = 0;
    (void)state;
    assert_int_equal(kw_front_matter_read(&front, text, true, NULL), KW_OK);
    assert_int_equal(front.fields.count, 8);
    for (size_t i = 0; i < 8; i++) {
        const struct kw_field *field = &front.fields.items[i];
        assert_int_equal(field->scalar_count, counts[i]);
        assert_int_equal(field->nested, i == 1 || i == 3);
        for (size_t k = 0; k < field->scalar_count; k++, at++) {
            assert_int_equal(field->scalars[k].kind, kinds[at]);
            assert_true(kw_view_equal(field->scalars[k].text, kw_view_of(texts[at])));
        }
    }
    kw_front_matter_release(&front);
}

/* Each below a second or two, even with sanitizers. */
static void nasty_yaml_takes_little_time(void **state)
{
    static const char *const pieces[] = {"- ",   "[",   "{",     "a: ",    "? ",   "\"",
                                         "!x ",  "a\n", "#",     "*a\n",   "[a, ", "'",
                                         "|\n ", "\t",  "- a\n", "a: b\n", "{a: "};
    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct kw_bytes text = KW_BYTES_INIT;
        struct kw_front_matter front = {.mapping = NULL};
        kw_bytes_append_text(&text, "---\n");
        while (text.size < KW_FRONT_MATTER_BYTES - 20)
            kw_bytes_append_text(&text, pieces[i]);
        kw_bytes_append_text(&text, "\n---\n");
        assert_int_equal(kw_front_matter_read(&front, kw_bytes_view(&text), true, NULL), KW_OK);
        kw_front_matter_release(&front);
        kw_bytes_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_become_fields),
        cmocka_unit_test(other_text_has_none),
        cmocka_unit_test(problems_are_told_with_their_line),
        cmocka_unit_test(the_title_is_taken_if_it_is_wanted),
        cmocka_unit_test(plain_values_are_listed),
        cmocka_unit_test(nasty_yaml_takes_little_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
