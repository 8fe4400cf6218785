/* Tests of the helper kwic-html through its client, src/ingest/html. The environment variable
 * KWIC_HELPERS names the folder that kwic-html is in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/html.h"

#include "ingest_scratch.h"

#define BYTES(text) ((struct kw_view){(const uint8_t *)(text), sizeof(text) - 1})

static int start(void **state)
{
    struct kw_html *html = NULL;
    const char *helpers = getenv("KWIC_HELPERS");
    if (!helpers) {
        print_message("SKIPPED: KWIC_HELPERS does not say where kwic-html is\n");
        exit(77);
    }
    assert_int_equal(kw_html_new(&html, helpers, NULL), KW_OK);
    *state = html;
    return 0;
}

static int stop(void **state)
{
    kw_html_free(*state);
    return 0;
}

static void read_all(struct kw_html *html, struct kw_view page, const char *title, const char *text,
                     uint64_t repaired)
{
    struct kw_bytes buffer = KW_BYTES_INIT;
    struct kw_html_text out;
    struct kw_error error = KW_ERROR_INIT;
    enum kw_status status =
        kw_html_read(html, page, KW_ENCODING_AUTO, "a.html", &buffer, &out, &error);
    assert_string_equal(error.message, "");
    assert_int_equal(status, KW_OK);
    char *got = kw_view_string(out.text);
    assert_string_equal(got, text);
    free(got);
    got = kw_view_string(out.title);
    assert_string_equal(got, title);
    free(got);
    assert_int_equal(out.repaired, repaired);
    kw_bytes_release(&buffer);
}

static void body(struct kw_html *html, const char *page, const char *text)
{
    read_all(html, kw_view_of(page), "", text, 0);
}

static void title_and_text_come_apart(void **state)
{
    read_all(*state,
             BYTES("<!doctype html><html><head><title> A\n &amp; B </title><meta charset=utf-8>"
                   "</head><body><h1>Head</h1><p>One <b>two</b>\n three.</p></body></html>"),
             "A & B", "Head\n\nOne two three.", 0);
}

static void what_nobody_sees_is_dropped(void **state)
{
    body(*state,
         "<style>p{}</style><p>a<script>var x = '<p>no</p>';</script>b</p>"
         "<noscript>turn it on</noscript><template><p>t</p></template><!-- c -->"
         "<p>c <img alt='no'></p>",
         "ab\n\nc");
}

static void blocks_lines_and_cells_are_set_apart(void **state)
{
    body(*state, "<div>a</div><div>b<br>c<br><br>d</div>", "a\n\nb\nc\n\nd");
    body(*state, "<ul><li>one<li>two</ul>after", "one\ntwo\n\nafter");
    body(*state, "x<table><tr><td>1</td> <td>2</td></tr>\n<tr><th>3<th>4</tr></table>y",
         "x\n\n1\t2\n3\t4\n\ny");
    body(*state, "<section><article>a</article></section><p>b", "a\n\nb");
    body(*state, "in<em>li</em>ne <span> x </span> y", "inline x y");
}

static void preformatted_text_is_kept(void **state)
{
    body(*state, "<p>a</p><pre>\n  x\r\n\ty  z\n</pre>b", "a\n\n  x\n\ty  z\n\nb");
}

static void character_references_are_resolved(void **state)
{
    body(*state, "&lt;b&gt; &eacute;&#233;&#xe9; it&#146;s &nbsp; &unknown; AT&T",
         "<b> ééé it’s \xc2\xa0 &unknown; AT&T");
}

static void encodings_are_recognised(void **state)
{
    read_all(*state, BYTES("<p>caf\xe9</p>"), "", "café", 0);
    read_all(*state, BYTES("<p>caf\xc3\xa9</p>"), "", "café", 0);
    read_all(*state, BYTES("<meta charset=utf-8><p>caf\xe9</p>"), "", "caf\xef\xbf\xbd", 1);
    read_all(*state, BYTES("<meta charset='koi8-r'><title>\xf7\xd3\xc5</title><p>\xde\xc5\xcc"),
             "Все", "чел", 0);
    read_all(*state,
             BYTES("<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>"
                   "<p>\x93\xfa\x96\x7b</p>"),
             "", "日本", 0);
    read_all(*state,
             BYTES("<?xml version='1.0' encoding='iso-8859-1'?><html><body>\x93\xe9\x94</body>"),
             "", "“é”", 0);
    read_all(*state, BYTES("\xff\xfe<\0p\0>\0\xe9\0"), "", "é", 0);
    read_all(*state, BYTES("<meta charset=no-such><p>\xe9"), "", "é", 0);
}

static void odd_pages_do_no_harm(void **state)
{
    body(*state, "", "");
    body(*state, "just words", "just words");
    body(*state, "</p></div></pre>a</title></script>b", "ab");
    body(*state, "<html a=b><html c=d><body><body>x", "x");
    read_all(*state, BYTES("a\0b"), "", "a b", 0);
    body(*state, "<p>unclosed <b <i>x", "unclosed x");
}

static void the_first_title_counts(void **state)
{
    read_all(*state, BYTES("<head><title>Page</title></head><svg><title>Icon</title></svg><p>x"),
             "Page", "x", 0);
}

static void deep_nesting_is_read(void **state)
{
    enum { DEPTH = 100000 };
    struct kw_bytes page = KW_BYTES_INIT;
    for (int i = 0; i < DEPTH; i++)
        kw_bytes_append_text(&page, "<div>");
    kw_bytes_append_text(&page, "deep");
    read_all(*state, kw_bytes_view(&page), "", "deep", 0);
    for (int i = 0; i < DEPTH; i++)
        kw_bytes_append_text(&page, "</div>");
    read_all(*state, kw_bytes_view(&page), "", "deep", 0);
    kw_bytes_release(&page);
}

static void long_comments_and_words_are_read(void **state)
{
    enum { SIZE = 11 * 1000 * 1000 }; /* above libxml2's default limits */
    struct kw_bytes page = KW_BYTES_INIT;
    kw_bytes_append_text(&page, "<p>a<!--");
    uint8_t *place = kw_bytes_reserve(&page, SIZE);
    assert_non_null(place);
    memset(place, 'x', SIZE);
    page.size += SIZE;
    kw_bytes_append_text(&page, "--> ");
    kw_bytes_append_text(&page, "b");
    read_all(*state, kw_bytes_view(&page), "", "a b", 0);
    kw_bytes_release(&page);
}

static void a_dead_helper_is_replaced(void **state)
{
    const char *broken[] = {"exit 3", "printf 0123456789abcdefghijklmn", "kill -9 $$"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct scratch scratch;
        struct kw_html *html = NULL;
        struct kw_bytes buffer = KW_BYTES_INIT;
        struct kw_html_text out;
        struct kw_error error = KW_ERROR_INIT;
        char script[200];
        scratch_make(&scratch);
        /* the first start gives a helper that fails, each later one the real program */
        snprintf(script, sizeof script,
                 "#!/bin/sh\nif mkdir %s/once 2>/dev/null; then %s; fi\n"
                 "exec %s/kwic-html\n",
                 scratch.root, broken[i], getenv("KWIC_HELPERS"));
        char *path = scratch_write(&scratch, "kwic-html", script, strlen(script));
        assert_int_equal(chmod(path, 0700), 0);
        assert_int_equal(kw_html_new(&html, scratch.root, NULL), KW_OK);
        assert_int_equal(
            kw_html_read(html, BYTES("<p>a"), KW_ENCODING_AUTO, "a.html", &buffer, &out, &error),
            KW_E_INPUT);
        assert_string_equal(error.message, "cannot read 'a.html' as html: the helper program "
                                           "ended unexpectedly");
        body(html, "<p>b", "b");
        kw_bytes_release(&buffer);
        kw_html_free(html);
        free(path);
        scratch_remove(&scratch);
    }
    body(*state, "<p>c", "c");
}

static void a_missing_helper_is_named(void **state)
{
    struct kw_html *html = NULL;
    struct kw_bytes buffer = KW_BYTES_INIT;
    struct kw_html_text out;
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    assert_int_equal(kw_html_new(&html, "/nowhere", NULL), KW_OK);
    assert_int_equal(
        kw_html_read(html, BYTES("a"), KW_ENCODING_AUTO, "a.html", &buffer, &out, &error),
        KW_E_INPUT);
    assert_string_equal(error.message, "cannot read 'a.html' as html: cannot start "
                                       "'/nowhere/kwic-html': No such file or directory");
    kw_html_free(html);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(title_and_text_come_apart),
        TEST(what_nobody_sees_is_dropped),
        TEST(blocks_lines_and_cells_are_set_apart),
        TEST(preformatted_text_is_kept),
        TEST(character_references_are_resolved),
        TEST(encodings_are_recognised),
        TEST(odd_pages_do_no_harm),
        TEST(the_first_title_counts),
        TEST(deep_nesting_is_read),
        TEST(long_comments_and_words_are_read),
        TEST(a_dead_helper_is_replaced),
        TEST(a_missing_helper_is_named),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
