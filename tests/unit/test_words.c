/* Tests of word segmentation: the standard's own examples, search's rules, and the promise that a
 * cut between units changes none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_text.h"
#include "stemmers/analyzer.h"
#include "stemmers/words.h"

#include <stdio.h>
#include <stdlib.h>

static const char standard_examples[] = "/usr/share/unicode/auxiliary/WordBreakTest.txt";

/* Reads a line of the standard's file, signs and code points in turn: ÷ 0001 × 0308 ÷ # comment.
 * Returns the text's size; breaks[i] tells whether there is a boundary before byte i. */
static size_t read_example(char *line, uint8_t *text, bool *breaks)
{
    size_t size = 0;
    bool is_break = false;

    for (char *word = strtok(line, " \t\n"); word && *word != '#'; word = strtok(NULL, " \t\n")) {
        if (strcmp(word, "\xC3\xB7") == 0 || strcmp(word, "\xC3\x97") == 0) {
            is_break = strcmp(word, "\xC3\xB7") == 0;
            breaks[size] = is_break;
        } else {
            size_t bytes = kw_utf8_encode((uint32_t)strtoul(word, NULL, 16), text + size);
            memset(breaks + size + 1, 0, bytes * sizeof *breaks);
            size += bytes;
        }
    }
    return size;
}

static void boundaries_are_the_standards(void **state)
{
    FILE *file = fopen(standard_examples, "r");
    char line[2000];
    size_t examples = 0;

    (void)state;
    if (!file) {
        print_message("SKIPPED: no %s (package unicode-data)\n", standard_examples);
        skip();
    }
    while (fgets(line, sizeof line, file)) {
        uint8_t text[400];
        bool breaks[401] = {false};
        size_t size = read_example(line, text, breaks), at = 0;

        if (size == 0)
            continue;
        while (at < size) {
            size_t next = kw_words_standard((struct kw_view){text, size}, at);
            while (++at < next)
                assert_false(breaks[at]);
            assert_true(breaks[at]);
        }
        examples++;
    }
    fclose(file);
    assert_true(examples > 1000);
}

/* The words of a text, with | between. */
static void assert_words(const char *text, const char *expected)
{
    struct kw_words words = KW_WORDS_INIT;
    struct kw_bytes found = KW_BYTES_INIT;

    assert_int_equal(kw_words_scan(&words, kw_view_of(text), strlen(text), NULL), KW_OK);
    for (size_t i = 0; i < words.count; i++)
        kw_bytes_format(&found, "%s%.*s", i ? "|" : "", (int)words.items[i].size,
                        text + words.items[i].start);
    kw_bytes_append_byte(&found, 0);
    assert_string_equal((char *)found.data, expected);
    kw_bytes_release(&found);
    kw_words_release(&words);
}

static void words_of_spaced_scripts(void **state)
{
    (void)state;
    assert_words("", "");
    assert_words(" - (!) \xE2\x80\x94 ", "");
    assert_words("The quick (\"brown\") fox", "The|quick|brown|fox");
    assert_words("can't can\xE2\x80\x99t 'quoted'", "can't|can\xE2\x80\x99t|quoted");
    assert_words("multi-agent AT&T a/b", "multi|agent|AT|T|a|b");
    assert_words("20.04 192.168.0.1 1,000,000.5 5. 10:30", "20.04|192.168.0.1|1,000,000.5|5|10|30");
    assert_words("U.S.A. e.g. www.example.org. end.Start", "U.S.A|e.g|www.example.org|end.Start");
    assert_words("caf\xC3\xA9\xE2\x80\x94na\xC3\xAFve", "caf\xC3\xA9|na\xC3\xAFve");
    assert_words("so\xC2\xADlid e\xCC\x81t\xCC\x81", "so\xC2\xADlid|e\xCC\x81t\xCC\x81");
    assert_words("\xD7\xA6\xD7\x94\"\xD7\x9C", "\xD7\xA6\xD7\x94\"\xD7\x9C");
    assert_words("@nasa #tag user@example.org", "nasa|tag|user|example.org");
}

static void connectors_join_only_inside_a_word(void **state)
{
    (void)state;
    assert_words("foo_bar snake__case _emphasis_ __init__ _", "foo_bar|snake__case|emphasis|init");
    assert_words("a_ _b x_\xC3\xA9 \xC3\xA9_ _\xC3\xA9", "a|b|x_\xC3\xA9|\xC3\xA9|\xC3\xA9");
}

static void programming_languages_keep_their_signs(void **state)
{
    (void)state;
    assert_words("C++ C# F#, (C++). C++17", "C++|C#|F#|C++|C++|17");
    assert_words("C+ C+++ C## ab++ 1++ x#y", "C|C|C|ab|1|x#|y");
    assert_words(".NET ASP.NET .Net. a .network ...net 5.net",
                 ".NET|ASP.NET|.Net|a|network|net|5|.net");
}

static void elided_words_are_left_out(void **state)
{
    (void)state;
    assert_words("l'homme L\xE2\x80\x99\xC3\x89tat d'abord", "homme|\xC3\x89tat|abord");
    assert_words("qu'il jusqu'\xC3\xA0 aujourd'hui d'aujourd'hui",
                 "il|\xC3\xA0|aujourd'hui|aujourd'hui");
    assert_words("dell'arte un'altra c'\xC3\xA8 quest'anno l'ho", "arte|altra|\xC3\xA8|anno|ho");
    assert_words("don't O'Brien I'm rock'n'roll y'all's", "don't|O'Brien|I'm|rock'n'roll|y'all's");
    assert_words("c'mon N'Djamena l' x 'd' l'", "c'mon|N'Djamena|l|x|d|l");
    assert_words("l'l'un l'U.S.A l'o_x", "l'l'un|U.S.A|o_x");
}

static void controls_separate_words(void **state)
{
    struct kw_words words = KW_WORDS_INIT;

    (void)state;
    assert_int_equal(kw_words_scan(&words,
                                   (struct kw_view){(const uint8_t *)"a\0b\x01"
                                                                     "c",
                                                    5},
                                   5, NULL),
                     KW_OK);
    assert_int_equal(words.count, 3);
    kw_words_release(&words);
}

static void scripts_without_spaces_give_characters_and_clusters(void **state)
{
    (void)state;
    assert_words("\xE6\x97\xA5\xE6\x9C\xAC\xE3\x81\xAE", "\xE6\x97\xA5|\xE6\x9C\xAC|\xE3\x81\xAE");
    assert_words("\xE3\x82\xAB\xE3\x82\x99\xE3\x83\xBC", "\xE3\x82\xAB\xE3\x82\x99|\xE3\x83\xBC");
    assert_words("abc\xE3\x82\xAB_\xE3\x82\xAB", "abc|\xE3\x82\xAB|\xE3\x82\xAB");
    assert_words("\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB8\x99\xE0\xB8\xB3",
                 "\xE0\xB8\x81\xE0\xB8\xB4|\xE0\xB8\x99\xE0\xB8\xB3");
}

static void emoji_are_words_and_signs_are_not(void **state)
{
    (void)state;
    assert_words("\xF0\x9F\x98\x80\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",
                 "\xF0\x9F\x98\x80|\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD");
    assert_words("foo\xC2\xAE \xE2\x84\xA2 \xC2\xA9 $5", "foo|5");
}

static void an_endless_word_is_cut_at_characters(void **state)
{
    char text[5001] = "";
    struct kw_words words = KW_WORDS_INIT;

    (void)state;
    for (size_t i = 0; i < 5000; i += 2)
        memcpy(text + i, "\xC3\xA9", 2);
    memcpy(text, "x\xC3\xA9y", 4);
    assert_int_equal(kw_words_scan(&words, kw_view_of(text), 5000, NULL), KW_OK);
    assert_int_equal(words.count, 5);
    for (size_t i = 0; i < words.count; i++) {
        assert_in_range(words.items[i].size, 1, KW_WORD_BYTES);
        assert_false(kw_utf8_is_continuation((uint8_t)text[words.items[i].start]));
    }
    memset(text, 'a', 5000);
    assert_int_equal(kw_words_scan(&words, kw_view_of(text), 5000, NULL), KW_OK);
    assert_int_equal(words.count, 5);
    assert_int_equal(words.items[0].size, KW_WORD_BYTES);
    kw_words_release(&words);
}

/* Cuts `text` at a random one of its units' borders and compares both parts' units with the
 * whole's. */
static void check_cut(uint64_t *random, struct kw_view text)
{
    static size_t ends[8000];
    static enum kw_word_kind kinds[8000];
    static size_t words[8000];
    size_t count = 0, cut, at = 0;

    for (; at < text.size; count++) {
        at = kw_words_unit(text, at, &words[count], &kinds[count]);
        ends[count] = at;
    }
    if (count == 0)
        return;
    cut = random_below(random, count);
    struct kw_view left = {text.data, ends[cut]};
    at = 0;
    for (size_t i = 0; i <= cut; i++) {
        enum kw_word_kind kind;
        size_t word;
        at = kw_words_unit(left, at, &word, &kind);
        assert_int_equal(at, ends[i]);
        assert_int_equal(word, words[i]);
        assert_int_equal(kind == KW_WORD_NONE, kinds[i] == KW_WORD_NONE);
    }
    struct kw_view right = {text.data + ends[cut], text.size - ends[cut]};
    at = 0;
    for (size_t i = cut + 1; i < count; i++) {
        enum kw_word_kind kind;
        size_t word;
        at = kw_words_unit(right, at, &word, &kind);
        assert_int_equal(at, ends[i] - ends[cut]);
        assert_int_equal(word, words[i] - ends[cut]);
        assert_int_equal(kind, kinds[i]);
    }
}

static void a_cut_between_units_changes_none(void **state)
{
    static uint8_t bytes[6000];
    uint64_t random = 20240517;

    (void)state;
    for (size_t i = 0; i < 40000; i++) {
        size_t room = i % 100 ? 80 : sizeof bytes;
        struct kw_view text = {bytes, random_text(&random, bytes, room)};
        check_cut(&random, text);
    }
}

/* A dash behind the last word makes the general path find it, which the ASCII one found without. */
static void both_paths_give_the_same_words(void **state)
{
    static const char signs[] = "aaabC1 2_.,:;'\"+#-NETnet";
    uint64_t random = 7;
    struct kw_words fast = KW_WORDS_INIT, general = KW_WORDS_INIT;

    (void)state;
    for (size_t round = 0; round < 50000; round++) {
        uint8_t text[60];
        size_t size = random_below(&random, 50);

        for (size_t i = 0; i < size; i++)
            text[i] = (uint8_t)signs[random_below(&random, sizeof signs - 1)];
        assert_int_equal(kw_words_scan(&fast, (struct kw_view){text, size}, size, NULL), KW_OK);
        memcpy(text + size, "\xE2\x80\x94", 3);
        assert_int_equal(kw_words_scan(&general, (struct kw_view){text, size + 3}, size, NULL),
                         KW_OK);
        assert_int_equal(fast.count, general.count);
        for (size_t i = 0; i < fast.count; i++) {
            assert_int_equal(fast.items[i].start, general.items[i].start);
            assert_int_equal(fast.items[i].size, general.items[i].size);
        }
    }
    kw_words_release(&fast);
    kw_words_release(&general);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boundaries_are_the_standards),
        cmocka_unit_test(words_of_spaced_scripts),
        cmocka_unit_test(connectors_join_only_inside_a_word),
        cmocka_unit_test(programming_languages_keep_their_signs),
        cmocka_unit_test(elided_words_are_left_out),
        cmocka_unit_test(controls_separate_words),
        cmocka_unit_test(scripts_without_spaces_give_characters_and_clusters),
        cmocka_unit_test(emoji_are_words_and_signs_are_not),
        cmocka_unit_test(an_endless_word_is_cut_at_characters),
        cmocka_unit_test(a_cut_between_units_changes_none),
        cmocka_unit_test(both_paths_give_the_same_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
