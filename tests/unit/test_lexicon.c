/* The lexicon: every key is found, no other is, and cursors begin where they are told. */
#include "index/postings.h"
#include "tests/unit/index_builder.h"

enum { WORDS = 1500 };

struct fixture {
    struct scratch scratch;
    struct kw_segment *segment;
    char words[WORDS][WORD_SIZE]; /* sorted */
    uint32_t count;
};

static int compare_words(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* Draws words that share long beginnings, and a few very long ones. */
static void draw_words(struct fixture *fixture, uint64_t *seed)
{
    struct word_list list = {0};
    while (list.count < WORDS) {
        char word[WORD_SIZE] = "";
        uint32_t size = scratch_below(seed, 60) ? 1 + scratch_below(seed, 9) : 240;
        for (uint32_t i = 0; i < size; i++)
            word[i] = "abcxyz"[scratch_below(seed, size > 20 ? 2 : 6)];
        word_number(&list, word);
    }
    memcpy(fixture->words, list.items, sizeof fixture->words);
    qsort(fixture->words, WORDS, WORD_SIZE, compare_words);
    free(list.items);
}

static int setup(void **state)
{
    static struct fixture fixture;
    struct index_builder builder;
    struct kw_entry entry = {.id = kw_view_of("x"), .language = NONE};
    uint64_t seed = 9;
    scratch_init(&fixture.scratch);
    draw_words(&fixture, &seed);
    builder_init(&builder, scratch_path(&fixture.scratch, "segment"), NULL);
    builder_begin(&builder, &entry);
    for (uint32_t i = 0; i < WORDS; i++) /* not in order */
        builder_words(&builder, "", kw_view_of(fixture.words[i * 7 % WORDS]), i);
    builder_words(&builder, "field", kw_view_of("a border"), 0);
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
    return 0;
}

static enum kw_status find(struct fixture *fixture, const char *field, const char *word,
                           struct kw_term *term)
{
    struct kw_bytes key = KW_BYTES_INIT;
    struct kw_error error = KW_ERROR_INIT;
    kw_key_surface(&key, kw_view_of(field), kw_view_of(word));
    enum kw_status status =
        kw_segment_find_term(fixture->segment, kw_bytes_view(&key), term, &error);
    assert_int_equal(error.status, KW_OK); /* a term that is not there is no failure */
    kw_bytes_release(&key);
    return status;
}

static void every_key_is_found(void **state)
{
    struct fixture *fixture = *state;
    struct kw_term term;
    for (uint32_t i = 0; i < WORDS; i++) {
        assert_int_equal(find(fixture, "", fixture->words[i], &term), KW_OK);
        assert_int_equal(term.ordinal, i);
        assert_int_equal(term.documents, 1);
        assert_int_equal(term.occurrences, 1);
        assert_int_equal(term.form_count, 0);
    }
    assert_int_equal(find(fixture, "field", "border", &term), KW_OK);
    assert_int_equal(term.ordinal, WORDS + 1);
}

static void no_other_key_is_found(void **state)
{
    struct fixture *fixture = *state;
    struct kw_term term;
    for (uint32_t i = 0; i < WORDS; i++) {
        char word[WORD_SIZE + 1];
        strcpy(word, fixture->words[i]);
        strcat(word, "0"); /* sorts right behind it */
        assert_int_equal(find(fixture, "", word, &term), KW_E_NOT_FOUND);
    }
    assert_int_equal(find(fixture, "", "", &term), KW_E_NOT_FOUND);
    assert_int_equal(find(fixture, "", "~", &term), KW_E_NOT_FOUND);
    assert_int_equal(find(fixture, "a", "border", &term), KW_E_NOT_FOUND);
    assert_int_equal(find(fixture, "z", "border", &term), KW_E_NOT_FOUND);
}

/* The key at which a cursor from the surface term `word` begins. */
static uint32_t first_from(struct fixture *fixture, const char *word)
{
    struct kw_lexicon_cursor cursor;
    struct kw_bytes key = KW_BYTES_INIT;
    kw_key_surface(&key, kw_view_of(""), kw_view_of(word));
    assert_int_equal(kw_lexicon_cursor_init(&cursor, fixture->segment, kw_bytes_view(&key), NULL),
                     KW_OK);
    assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_OK);
    uint32_t ordinal = (uint32_t)cursor.term.ordinal;
    kw_lexicon_cursor_release(&cursor);
    kw_bytes_release(&key);
    return ordinal;
}

static void cursors_begin_at_the_first_key_not_before(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < WORDS; i++) {
        char word[WORD_SIZE + 1];
        assert_int_equal(first_from(fixture, fixture->words[i]), i);
        strcpy(word, fixture->words[i]);
        strcat(word, "0");
        assert_int_equal(first_from(fixture, word), i + 1);
    }
    assert_int_equal(first_from(fixture, ""), 0);
}

static void a_cursor_walks_all_terms_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct kw_lexicon_cursor cursor;
    struct kw_bytes key = KW_BYTES_INIT;
    assert_int_equal(
        kw_lexicon_cursor_init(&cursor, fixture->segment, (struct kw_view){NULL, 0}, NULL), KW_OK);
    for (uint32_t i = 0; i < WORDS + 2; i++) {
        assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_OK);
        assert_int_equal(cursor.term.ordinal, i);
        if (i >= WORDS)
            continue;
        kw_key_surface(&key, kw_view_of(""), kw_view_of(fixture->words[i]));
        assert_true(kw_view_equal(kw_bytes_view(&key), kw_bytes_view(&cursor.key)));
    }
    assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_END);
    assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_END);
    kw_lexicon_cursor_release(&cursor);
    kw_bytes_release(&key);
}

static void prefixes_are_one_stretch(void **state)
{
    static const char *const prefixes[] = {"a", "ab", "xyz", "zz", "ax", "ababababab"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        uint32_t expected = 0;
        uint32_t from = first_from(fixture, prefixes[i]);
        for (uint32_t j = 0; j < WORDS; j++)
            expected += strncmp(fixture->words[j], prefixes[i], strlen(prefixes[i])) == 0;
        for (uint32_t j = from; j < from + expected; j++)
            assert_memory_equal(fixture->words[j], prefixes[i], strlen(prefixes[i]));
    }
}

static void a_cursor_behind_the_last_key_is_at_its_end(void **state)
{
    struct fixture *fixture = *state;
    struct kw_lexicon_cursor cursor;
    assert_int_equal(kw_lexicon_cursor_init(&cursor, fixture->segment, kw_view_of("z"), NULL),
                     KW_OK);
    assert_int_equal(kw_lexicon_cursor_next(&cursor, NULL), KW_END);
    kw_lexicon_cursor_release(&cursor);
}

static void keys_are_field_kind_language_and_term(void **state)
{
    struct kw_bytes key = KW_BYTES_INIT;
    (void)state;
    kw_key_surface(&key, kw_view_of(""), kw_view_of("border"));
    assert_true(
        kw_view_equal(kw_bytes_view(&key), (struct kw_view){(const void *)"\0\1border", 8}));
    kw_key_stem(&key, kw_view_of("title"), kw_view_of("english"), kw_view_of("border"));
    assert_int_equal(key.size, 21);
    assert_memory_equal(key.data, "title\0\2english\0border", 21);
    kw_bytes_release(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_found),
        cmocka_unit_test(no_other_key_is_found),
        cmocka_unit_test(cursors_begin_at_the_first_key_not_before),
        cmocka_unit_test(a_cursor_walks_all_terms_in_order),
        cmocka_unit_test(prefixes_are_one_stretch),
        cmocka_unit_test(a_cursor_behind_the_last_key_is_at_its_end),
        cmocka_unit_test(keys_are_field_kind_language_and_term),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
