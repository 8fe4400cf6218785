/* Expansion: a walk with an automaton finds just the terms that matching every key does. */
#include "index/expand.h"
#include "tests/unit/index_builder.h"
#include "tests/unit/naive_pattern.h"

enum { WORDS = 2500 };

struct fixture {
    struct scratch scratch;
    struct kw_segment *segment;
    struct word_list words;
    char (*sorted)[WORD_SIZE];
};

static int compare_words(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* Words of few characters, so that they are near to each other, and some long ones. */
static void draw_words(struct fixture *fixture, uint64_t *seed)
{
    struct kw_bytes word = KW_BYTES_INIT;
    while (fixture->words.count < WORDS) {
        char text[WORD_SIZE] = "";
        kw_bytes_clear(&word);
        naive_word(seed, &word, scratch_below(seed, 50) ? 1 + scratch_below(seed, 7) : 49);
        memcpy(text, word.data, word.size);
        word_number(&fixture->words, text);
    }
    fixture->sorted = malloc(WORDS * sizeof *fixture->sorted);
    memcpy(fixture->sorted, fixture->words.items, WORDS * sizeof *fixture->sorted);
    qsort(fixture->sorted, WORDS, WORD_SIZE, compare_words);
    kw_bytes_release(&word);
}

/* Field "" has all words, each in a document of its own number of times; "a" and "zz" have
 * others. */
static int setup(void **state)
{
    static struct fixture fixture;
    struct index_builder builder;
    struct kw_entry entry = {.id = kw_view_of("x"), .language = ENGLISH};
    uint64_t seed = 12;
    scratch_init(&fixture.scratch);
    draw_words(&fixture, &seed);
    builder_init(&builder, scratch_path(&fixture.scratch, "segment"), NULL);
    builder_begin(&builder, &entry);
    for (uint32_t i = 0; i < WORDS; i++)
        builder_words(&builder, "", kw_view_of(fixture.words.items[i]), i);
    builder_words(&builder, "a", kw_view_of("abacus border"), 0);
    builder_words(&builder, "zz", kw_view_of("abbot"), 0);
    builder_end(&builder);
    builder_finish(&builder, LANGUAGES);
    fixture.segment = builder_segment(fixture.scratch.path);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    kw_segment_free(fixture->segment);
    scratch_release(&fixture->scratch);
    free(fixture->words.items);
    free(fixture->sorted);
    return 0;
}

/* What a pattern finds, a line a term. */
static void expand(struct fixture *fixture, const char *field, const struct kw_pattern *pattern,
                   struct kw_bytes *found)
{
    struct kw_expand_cursor cursor;
    enum kw_status status;
    kw_bytes_clear(found);
    assert_int_equal(
        kw_expand_cursor_init(&cursor, fixture->segment, kw_view_of(field), pattern, NULL), KW_OK);
    while ((status = kw_expand_cursor_next(&cursor, NULL)) == KW_OK) {
        kw_bytes_append_view(found, cursor.term);
        kw_bytes_append_byte(found, '\n');
        assert_int_equal(cursor.lexicon.term.documents, 1);
        assert_int_equal(cursor.lexicon.term.form_count, 0);
    }
    assert_int_equal(status, KW_END);
    kw_expand_cursor_release(&cursor);
}

static void assert_expands(struct fixture *fixture, const char *field, const char *text,
                           const char *expected)
{
    struct kw_bytes found = KW_BYTES_INIT;
    struct kw_pattern pattern;
    kw_pattern_wildcard(&pattern, kw_view_of(text));
    expand(fixture, field, &pattern, &found);
    kw_bytes_append_byte(&found, 0);
    assert_string_equal((char *)found.data, expected);
    kw_bytes_release(&found);
}

static void only_the_fields_own_terms_are_found(void **state)
{
    assert_expands(*state, "a", "*", "abacus\nborder\n");
    assert_expands(*state, "a", "b*", "border\n");
    assert_expands(*state, "zz", "*bo*", "abbot\n");
    assert_expands(*state, "zz", "c*", "");
    assert_expands(*state, "z", "*", "");
    assert_expands(*state, "missing", "*", "");
}

static void compare(struct fixture *fixture, struct naive_case *drawn, size_t *total)
{
    struct kw_bytes found = KW_BYTES_INIT, expected = KW_BYTES_INIT;
    for (uint32_t i = 0; i < WORDS; i++) {
        if (!naive_accepts(drawn, kw_view_of(fixture->sorted[i])))
            continue;
        kw_bytes_append_text(&expected, fixture->sorted[i]);
        kw_bytes_append_byte(&expected, '\n');
        ++*total;
    }
    expand(fixture, "", &drawn->pattern, &found);
    if (!kw_view_equal(kw_bytes_view(&found), kw_bytes_view(&expected)))
        fail_msg("'%.*s', %u edits: found\n%.*s, not\n%.*s", (int)drawn->text.size,
                 (char *)drawn->text.data, drawn->edits, (int)found.size, (char *)found.data,
                 (int)expected.size, (char *)expected.data);
    kw_bytes_release(&found);
    kw_bytes_release(&expected);
}

static void random_patterns_find_what_matching_every_key_does(void **state)
{
    static struct naive_case drawn;
    uint64_t seed = 13;
    size_t total = 0;
    drawn.text = (struct kw_bytes)KW_BYTES_INIT;
    for (uint32_t i = 0; i < 1200; i++) {
        naive_case_draw(&seed, &drawn, i % 10 ? 6 : 40);
        compare(*state, &drawn, &total);
    }
    assert_true(total > 10000);
    kw_bytes_release(&drawn.text);
}

/* Every word's prefixes and suffixes, and its neighbours by one edit. */
static void words_find_themselves(void **state)
{
    static struct naive_case drawn;
    struct fixture *fixture = *state;
    size_t total = 0;
    drawn.text = (struct kw_bytes)KW_BYTES_INIT;
    for (uint32_t i = 0; i < WORDS; i += 7) {
        struct kw_view word = kw_view_of(fixture->sorted[i]);
        size_t cut = kw_utf8_floor(word, i % word.size);
        for (uint32_t kind = 0; kind < 3; kind++) {
            kw_bytes_clear(&drawn.text);
            if (kind == 1)
                kw_bytes_append_byte(&drawn.text, '*');
            kw_bytes_append(&drawn.text, word.data + (kind == 1 ? cut : 0),
                            kind == 2   ? word.size
                            : kind == 1 ? word.size - cut
                                        : cut);
            if (kind == 0)
                kw_bytes_append_byte(&drawn.text, '*');
            drawn.edits = kind == 2;
            if (kind == 2)
                kw_pattern_spelling(&drawn.pattern, kw_bytes_view(&drawn.text), 1);
            else
                kw_pattern_wildcard(&drawn.pattern, kw_bytes_view(&drawn.text));
            size_t before = total;
            compare(fixture, &drawn, &total);
            assert_true(total > before);
        }
    }
    kw_bytes_release(&drawn.text);
}

/* From any key, seeking gives the first key that is not before another one. */
static void seeking_goes_on_to_the_first_key_not_before(void **state)
{
    struct fixture *fixture = *state;
    struct kw_lexicon_cursor cursor;
    struct kw_bytes key = KW_BYTES_INIT;
    for (uint32_t from = 0; from < WORDS; from += 61) {
        for (uint32_t to = from + 1; to < WORDS; to += 37) {
            kw_key_surface(&key, kw_view_of(""), kw_view_of(fixture->sorted[from]));
            assert_int_equal(
                kw_lexicon_cursor_init(&cursor, fixture->segment, kw_bytes_view(&key), NULL),
                KW_OK);
            assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_OK);
            kw_key_surface(&key, kw_view_of(""), kw_view_of(fixture->sorted[to]));
            key.size -= to % 2; /* just before it, or at it */
            assert_int_equal(kw_lexicon_cursor_seek(&cursor, kw_bytes_view(&key), NULL), KW_OK);
            assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_OK);
            assert_true(kw_view_compare(kw_bytes_view(&cursor.key), kw_bytes_view(&key)) >= 0);
            if (to % 2 == 0)
                assert_true(kw_view_equal(kw_bytes_view(&cursor.key), kw_bytes_view(&key)));
            kw_lexicon_cursor_release(&cursor);
        }
    }
    kw_bytes_release(&key);
}

/* A key that was given counts as not before another one, if it is not. */
static void seeking_may_give_a_key_again(void **state)
{
    struct fixture *fixture = *state;
    struct kw_lexicon_cursor cursor;
    struct kw_bytes key = KW_BYTES_INIT, given = KW_BYTES_INIT;
    kw_key_surface(&key, kw_view_of(""), kw_view_of(fixture->sorted[40]));
    key.size--;
    assert_int_equal(kw_lexicon_cursor_init(&cursor, fixture->segment, kw_bytes_view(&key), NULL),
                     KW_OK);
    assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_OK);
    kw_bytes_append_view(&given, kw_bytes_view(&cursor.key));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kw_lexicon_cursor_seek(&cursor, kw_bytes_view(i ? &given : &key), NULL),
                         KW_OK);
        assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_OK);
        assert_true(kw_view_equal(kw_bytes_view(&cursor.key), kw_bytes_view(&given)));
    }
    kw_lexicon_cursor_release(&cursor);
    kw_bytes_release(&given);
    kw_bytes_release(&key);
}

static void seeking_past_the_last_key_ends(void **state)
{
    struct fixture *fixture = *state;
    struct kw_lexicon_cursor cursor;
    struct kw_view nothing = {NULL, 0};
    assert_int_equal(kw_lexicon_cursor_init(&cursor, fixture->segment, nothing, NULL), KW_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kw_lexicon_cursor_seek(&cursor, kw_view_of("zzz"), NULL), KW_OK);
        assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_END);
    }
    kw_lexicon_cursor_release(&cursor);
}

/* Keys of a foreign index may hold any bytes: a walk over them ends. */
static void walks_over_broken_characters_end(void **state)
{
    struct fixture *fixture = *state;
    struct index_builder builder;
    struct kw_entry entry = {.id = kw_view_of("x"), .language = ENGLISH};
    struct kw_segment *segment = fixture->segment;
    struct kw_bytes found = KW_BYTES_INIT;
    struct kw_pattern pattern;
    builder_init(&builder, scratch_path(&fixture->scratch, "broken"), NULL);
    builder_begin(&builder, &entry);
    for (uint32_t i = 0; i < 300; i++) {
        char word[16];
        snprintf(word, sizeof word, "\xF0\x80\x80\x80%c%c", 'a' + i % 26, 'a' + i / 26);
        builder_words(&builder, "", kw_view_of(word), i);
    }
    builder_end(&builder);
    builder_finish(&builder, LANGUAGES);
    fixture->segment = builder_segment(fixture->scratch.path);
    kw_pattern_wildcard(&pattern, kw_view_of("b*"));
    expand(fixture, "", &pattern, &found);
    kw_pattern_spelling(&pattern, kw_view_of("bcde"), 2);
    expand(fixture, "", &pattern, &found);
    kw_pattern_wildcard(&pattern, kw_view_of("*"));
    expand(fixture, "", &pattern, &found);
    assert_int_equal(found.size, 300 * 7);
    kw_bytes_release(&found);
    kw_segment_free(fixture->segment);
    fixture->segment = segment;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_fields_own_terms_are_found),
        cmocka_unit_test(random_patterns_find_what_matching_every_key_does),
        cmocka_unit_test(words_find_themselves),
        cmocka_unit_test(seeking_goes_on_to_the_first_key_not_before),
        cmocka_unit_test(seeking_may_give_a_key_again),
        cmocka_unit_test(seeking_past_the_last_key_ends),
        cmocka_unit_test(walks_over_broken_characters_end),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
