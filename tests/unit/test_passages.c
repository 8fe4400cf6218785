/* Tests of where passages end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/analyzer.h"
#include "stemmers/passages.h"

#include <stdio.h>

/* The end of the first passage of `text`. */
static size_t first_end(struct kw_view text)
{
    struct kw_words words = KW_WORDS_INIT;
    size_t taken, gap = 0, end;

    assert_int_equal(kw_words_scan(&words, text, text.size, NULL), KW_OK);
    end = kw_passage_end(text, 0, &words, 0, &gap, &taken);
    for (size_t i = 0; i < words.count; i++)
        assert_int_equal(words.items[i].start >= end, i >= taken);
    kw_words_release(&words);
    return end;
}

static void append_words(struct kw_bytes *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kw_bytes_append_text(text, "Wd ");
}

/* That a passage which begins with `head` and goes on without a stop ends behind the bytes of
 * `head` before the sign |, and in the last word border if there is none. */
static void assert_sentence(const char *head)
{
    struct kw_bytes text = KW_BYTES_INIT;
    const char *bar = strchr(head, '|');
    size_t end;

    kw_bytes_append(&text, head, bar ? (size_t)(bar - head) : strlen(head));
    if (bar)
        kw_bytes_append_text(&text, bar + 1);
    append_words(&text, 300);
    end = first_end(kw_bytes_view(&text));
    if (bar && end != (size_t)(bar - head))
        fail_msg("'%s': the passage ends at %zu", head, end);
    if (!bar && end < 500)
        fail_msg("'%s': the passage ends at %zu", head, end);
    kw_bytes_release(&text);
}

static void sentences_end_at_stops(void **state)
{
    (void)state;
    assert_sentence("He left. |She stayed on ");
    assert_sentence("He left!  \n|She stayed on ");
    assert_sentence("Did he? |she asked ");
    assert_sentence("\"He left.\" |She stayed on ");
    assert_sentence("(He left.) |(She stayed) ");
    assert_sentence("He left.\xE2\x80\x9D |\xE2\x80\x9CShe stayed\xE2\x80\x9D ");
    assert_sentence("**He left.** |She stayed ");
    assert_sentence("He left\xE2\x80\xA6 |She stayed ");
    assert_sentence("One. Two. Three. |Four ");
    assert_sentence("A title\n\n|Text ");
    assert_sentence("Il part. |L'homme reste ");
    assert_sentence("Il part. |L\xE2\x80\x99homme reste ");
    assert_sentence("\xE5\xBD\xBC\xE3\x80\x82|\xE6\x97\xA5 ");
    assert_sentence("\xE5\xBD\xBC\xE3\x80\x82\xE3\x80\x8D|\xE3\x80\x8C\xE6\x97\xA5 ");
}

static void other_dots_end_no_sentence(void **state)
{
    (void)state;
    assert_sentence("Dr. Smith ");
    assert_sentence("J. Smith and e.g. Smith or the U.S. Army vs. Them ");
    assert_sentence("and so on... but not ");
    assert_sentence("version 3.5 of example.org ");
    assert_sentence("a!b ?x ");
    assert_sentence("et. l'homme ");
    assert_sentence("line\nbreak ");
}

static void without_a_stop_it_ends_before_the_word_that_is_too_much(void **state)
{
    struct kw_bytes text = KW_BYTES_INIT;

    (void)state;
    append_words(&text, 201);
    assert_int_equal(first_end(kw_bytes_view(&text)), 600);
    kw_bytes_clear(&text);
    append_words(&text, 200);
    kw_bytes_append_text(&text, "... -- ");
    assert_int_equal(first_end(kw_bytes_view(&text)), text.size);
    kw_bytes_clear(&text);
    for (size_t i = 0; i < 250; i++)
        kw_bytes_append_text(&text, "seventeen_letters ");
    assert_int_equal(first_end(kw_bytes_view(&text)), 2000 / 18 * 18);
    kw_bytes_release(&text);
}

static void paragraphs_end_a_long_enough_passage(void **state)
{
    struct kw_bytes text = KW_BYTES_INIT;
    size_t expected;

    (void)state;
    append_words(&text, 49);
    kw_bytes_append_text(&text, "\n\n");
    append_words(&text, 1);
    kw_bytes_append_text(&text, "\n \t\r\n\n  ");
    expected = text.size;
    append_words(&text, 49);
    kw_bytes_append_text(&text, "End. ");
    assert_int_equal(first_end(kw_bytes_view(&text)), expected);
    kw_bytes_clear(&text);
    append_words(&text, 60);
    kw_bytes_append_text(&text, "\xE2\x80\xA9");
    expected = text.size;
    append_words(&text, 9);
    assert_int_equal(first_end(kw_bytes_view(&text)), expected);
    kw_bytes_clear(&text);
    append_words(&text, 60);
    kw_bytes_append_text(&text, "\n\n~\n\n* *");
    assert_int_equal(first_end(kw_bytes_view(&text)), text.size);
    kw_bytes_release(&text);
}

static void runs_without_words_are_cut(void **state)
{
    static const char *const signs[] = {" ",       "-", ".", "\n", "\xE2\x80\x94", "\xE3\x80\x80",
                                        "\xCC\x81"};
    struct kw_bytes text = KW_BYTES_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t end;

        kw_bytes_clear(&text);
        while (text.size < 10000)
            kw_bytes_append_text(&text, signs[i]);
        end = first_end(kw_bytes_view(&text));
        assert_in_range(end, 900, KW_PASSAGE_BYTES);
        assert_int_equal(end % strlen(signs[i]), 0);
    }
    kw_bytes_release(&text);
}

static void a_text_that_fits_is_one_passage(void **state)
{
    (void)state;
    assert_int_equal(first_end(kw_view_of("One. Two.\n\nThree. ")), 18);
    assert_int_equal(first_end(kw_view_of("\n")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_end_at_stops),
        cmocka_unit_test(other_dots_end_no_sentence),
        cmocka_unit_test(without_a_stop_it_ends_before_the_word_that_is_too_much),
        cmocka_unit_test(paragraphs_end_a_long_enough_passage),
        cmocka_unit_test(runs_without_words_are_cut),
        cmocka_unit_test(a_text_that_fits_is_one_passage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
