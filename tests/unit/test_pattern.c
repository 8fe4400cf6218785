/* Automata of patterns against the plain definitions. */
#include "tests/unit/naive_pattern.h"

static bool accepts(const struct kw_pattern *pattern, struct kw_view text)
{
    struct kw_pattern_state state, next;
    kw_pattern_start(pattern, &state);
    for (size_t at = 0; at < text.size;) {
        uint32_t code = kw_utf8_decode(text.data, at, text.size, &at);
        if (!kw_pattern_step(pattern, &state, code, &next))
            return false;
        state = next;
    }
    return kw_pattern_accepts(pattern, &state);
}

static bool wildcard(const char *text, const char *word)
{
    struct kw_pattern pattern;
    kw_pattern_wildcard(&pattern, kw_view_of(text));
    return accepts(&pattern, kw_view_of(word));
}

static bool spelling(const char *text, uint32_t edits, const char *word)
{
    struct kw_pattern pattern;
    kw_pattern_spelling(&pattern, kw_view_of(text), edits);
    return accepts(&pattern, kw_view_of(word));
}

static void an_asterisk_is_any_run(void **state)
{
    (void)state;
    assert_true(wildcard("bor*", "border"));
    assert_true(wildcard("bor*", "bor"));
    assert_true(wildcard("*stan", "kazakhstan"));
    assert_true(wildcard("b**r*d", "bord"));
    assert_false(wildcard("bor*", "abor"));
    assert_false(wildcard("*stan", "stand"));
}

static void a_question_mark_is_one_character(void **state)
{
    (void)state;
    assert_true(wildcard("kaza?hstan", "kazakhstan"));
    assert_true(wildcard("kaza?hstan", "kazaéhstan"));
    assert_false(wildcard("kaza?hstan", "kazahstan"));
    assert_false(wildcard("?", ""));
}

static void one_edit_is_one_of_four(void **state)
{
    (void)state;
    assert_true(spelling("border", 1, "border"));
    assert_true(spelling("border", 1, "boarder")); /* inserted */
    assert_true(spelling("border", 1, "order"));   /* deleted */
    assert_true(spelling("border", 1, "bérder"));  /* put in place of another */
    assert_true(spelling("border", 1, "broder"));  /* swapped */
    assert_false(spelling("border", 1, "brodre"));
    assert_true(spelling("border", 2, "brodre"));
}

/* "ca" to "abc" is two edits where what was swapped may be edited again, three where not. */
static void swapped_characters_are_not_edited_again(void **state)
{
    (void)state;
    assert_false(spelling("ca", 2, "abc"));
    assert_true(spelling("ca", 2, "acb"));
}

static void asterisks_and_question_marks_are_plain_in_spellings(void **state)
{
    (void)state;
    assert_true(spelling("a*b?", 1, "a*b"));
    assert_false(spelling("a*b?", 1, "axxb?"));
}

static void patterns_longer_than_any_term_match_nothing(void **state)
{
    char text[KW_PATTERN_CHARACTERS + 2];
    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 0;
    assert_false(wildcard(text, text));
    assert_false(spelling(text, 2, text));
    text[sizeof text - 2] = 0;
    assert_true(wildcard(text, text));
    text[sizeof text - 3] = '*';
    assert_true(wildcard(text, text));
}

/* Words of the size of the patterns; every second one is near to a spelling. */
static void agree(uint64_t seed, uint32_t cases, uint32_t size)
{
    static struct naive_case drawn;
    struct kw_bytes word = KW_BYTES_INIT;
    uint32_t accepted = 0;
    drawn.text = (struct kw_bytes)KW_BYTES_INIT;
    for (uint32_t i = 0; i < cases; i++) {
        naive_case_draw(&seed, &drawn, size);
        for (uint32_t j = 0; j < 20; j++) {
            kw_bytes_clear(&word);
            if (j % 2 && drawn.text.size && drawn.edits) {
                size_t cut = kw_utf8_floor(kw_bytes_view(&drawn.text),
                                           scratch_below(&seed, (uint32_t)drawn.text.size));
                kw_bytes_append(&word, drawn.text.data, cut);
                naive_word(&seed, &word, scratch_below(&seed, 3));
                kw_bytes_append(&word, drawn.text.data + cut, drawn.text.size - cut);
            } else {
                naive_word(&seed, &word, scratch_below(&seed, size + 2));
            }
            bool expected = naive_accepts(&drawn, kw_bytes_view(&word));
            accepted += expected;
            if (accepts(&drawn.pattern, kw_bytes_view(&word)) != expected)
                fail_msg("'%.*s', %u edits: '%.*s' is %s", (int)drawn.text.size,
                         (char *)drawn.text.data, drawn.edits, (int)word.size, (char *)word.data,
                         expected ? "missed" : "accepted");
        }
    }
    assert_true(accepted > cases);
    kw_bytes_release(&word);
    kw_bytes_release(&drawn.text);
}

static void short_patterns_agree_with_their_definition(void **state)
{
    (void)state;
    agree(3, 20000, 5);
}

/* More than a machine word of characters. */
static void long_patterns_agree_with_their_definition(void **state)
{
    (void)state;
    agree(4, 300, 70);
    agree(5, 100, 199);
}

/* Of the characters from `from` on, those before the least lead nowhere and it does not. */
static void the_least_character_is_the_first_that_leads_on(void **state)
{
    static const uint32_t codes[] = {'a', 'b', 'c', 0xE9, 0x6F22, 0x10348, 0x10FFFF};
    static struct naive_case drawn;
    uint64_t seed = 6;
    (void)state;
    drawn.text = (struct kw_bytes)KW_BYTES_INIT;
    for (uint32_t i = 0; i < 20000; i++) {
        struct kw_pattern_state at, next;
        bool alive = true;
        naive_case_draw(&seed, &drawn, 6);
        kw_pattern_start(&drawn.pattern, &at);
        for (uint32_t j = scratch_below(&seed, 6); j-- > 0 && alive; at = next)
            alive = kw_pattern_step(&drawn.pattern, &at, codes[scratch_below(&seed, 6)], &next);
        if (!alive)
            continue;
        uint32_t from = codes[scratch_below(&seed, 7)] - scratch_below(&seed, 2), least;
        bool found = kw_pattern_least(&drawn.pattern, &at, from, &least);
        if (found)
            assert_true(least >= from && kw_pattern_step(&drawn.pattern, &at, least, &next));
        for (size_t j = 0; j < 7; j++)
            if (codes[j] >= from && (!found || codes[j] < least))
                assert_false(kw_pattern_step(&drawn.pattern, &at, codes[j], &next));
    }
    kw_bytes_release(&drawn.text);
}

static void no_character_is_past_the_last(void **state)
{
    struct kw_pattern pattern;
    struct kw_pattern_state at;
    uint32_t least;
    (void)state;
    kw_pattern_wildcard(&pattern, kw_view_of("*"));
    kw_pattern_start(&pattern, &at);
    assert_true(kw_pattern_least(&pattern, &at, KW_CHARACTERS - 1, &least));
    assert_false(kw_pattern_least(&pattern, &at, KW_CHARACTERS, &least));
}

static void begins(const char *text, const char *prefix)
{
    struct kw_bytes found = KW_BYTES_INIT;
    struct kw_pattern pattern;
    kw_pattern_wildcard(&pattern, kw_view_of(text));
    kw_pattern_prefix(&pattern, &found);
    assert_true(kw_view_equal(kw_bytes_view(&found), kw_view_of(prefix)));
    kw_pattern_spelling(&pattern, kw_view_of(text), 1);
    kw_bytes_clear(&found);
    kw_pattern_prefix(&pattern, &found);
    assert_int_equal(found.size, 0);
    kw_bytes_release(&found);
}

static void what_every_match_begins_with(void **state)
{
    (void)state;
    begins("bor*", "bor");
    begins("bo?der", "bo");
    begins("*stan", "");
    begins("?tan", "");
    begins("z\u00fcri\U0001f600*", "z\u00fcri\U0001f600");
    begins("plain", "plain");
    begins("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_every_match_begins_with),
        cmocka_unit_test(an_asterisk_is_any_run),
        cmocka_unit_test(a_question_mark_is_one_character),
        cmocka_unit_test(one_edit_is_one_of_four),
        cmocka_unit_test(swapped_characters_are_not_edited_again),
        cmocka_unit_test(asterisks_and_question_marks_are_plain_in_spellings),
        cmocka_unit_test(patterns_longer_than_any_term_match_nothing),
        cmocka_unit_test(short_patterns_agree_with_their_definition),
        cmocka_unit_test(long_patterns_agree_with_their_definition),
        cmocka_unit_test(the_least_character_is_the_first_that_leads_on),
        cmocka_unit_test(no_character_is_past_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
