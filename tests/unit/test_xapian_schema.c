/* What kwic writes into a Xapian database: terms are told apart and stay within Xapian's limit;
 * values and settings come back as they were; damaged ones are found out. */
#include "xapian/schema.h"
#include "xapian/settings.h"

#include "tests/unit/random_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROUNDS = 400 };

static uint64_t seed;
static struct kw_bytes term, other;

static int setup(void **state)
{
    (void)state;
    seed = 4711;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kw_bytes_release(&term);
    kw_bytes_release(&other);
    return 0;
}

static struct kw_view view(const char *text)
{
    return kw_view_of(text);
}

static void assert_bytes(const struct kw_bytes *bytes, const char *text)
{
    assert_false(bytes->failed);
    assert_int_equal(bytes->size, strlen(text));
    assert_memory_equal(bytes->data, text, bytes->size);
}

/* Replaces `out` by `size` random bytes of those from `first` on. */
static void fill_random(struct kw_bytes *out, size_t size, uint8_t first)
{
    kw_bytes_clear(out);
    for (size_t i = 0; i < size; i++)
        kw_bytes_append_byte(out, (uint8_t)(first + random_below(&seed, 256 - (size_t)first)));
}

static size_t stored_size(const struct kw_bytes *bytes)
{
    size_t size = bytes->size;
    for (size_t i = 0; i < bytes->size; i++)
        size += bytes->data[i] == 0;
    return size;
}

/* ---- Terms -------------------------------------------------------------------------------- */

static void test_terms_are_as_the_manual_has_them(void **state)
{
    (void)state;
    kw_schema_surface(&term, view(""), view("running"));
    assert_bytes(&term, "running");
    kw_schema_stem(&term, view(""), NULL, view("run"));
    assert_bytes(&term, "Zrun");
    kw_schema_stem(&term, view(""), "english", view("run"));
    assert_bytes(&term, "ZXLENGLISH:run");
    kw_schema_surface(&term, view("title"), view("running"));
    assert_bytes(&term, "Srunning");
    kw_schema_stem(&term, view("title"), NULL, view("run"));
    assert_bytes(&term, "ZSrun");
    kw_schema_surface(&term, view("author"), view("zipf"));
    assert_bytes(&term, "Azipf");
    kw_schema_surface(&term, view("place"), view("rome"));
    assert_bytes(&term, "XFPLACE:rome");
    kw_schema_stem(&term, view("place"), "french", view("rom"));
    assert_bytes(&term, "ZXLFRENCH:XFPLACE:rom");
    kw_schema_surface(&term, view("Ort_2:x"), view("rom"));
    assert_bytes(&term, "XF=4fRT_2=3aX:rom");
    kw_schema_has(&term, view("title"));
    assert_bytes(&term, "XNTITLE:");
    kw_schema_length(&term, view("title"), 11);
    assert_bytes(&term, "XNTITLE:11");
    kw_schema_has(&term, view(""));
    assert_bytes(&term, "XN:");
    kw_schema_typed(&term, view("year"), KW_TYPE_NUMBER);
    assert_bytes(&term, "XTYEAR:n");
    kw_schema_several(&term, view("year"));
    assert_bytes(&term, "XMYEAR:");
    kw_schema_settings(&term, &(struct kw_analysis){2, "english", true, KW_RULES_OWN});
    assert_bytes(&term, "XV2:english:1");
    kw_schema_id(&term, view("notes/a.md"));
    assert_bytes(&term, "Qnotes/a.md");
    kw_schema_path(&term, view("notes/a.md"));
    assert_bytes(&term, "Pnotes/a.md");
    kw_schema_keyword(&term, view("ext"), view("md"));
    assert_bytes(&term, "XKEXT:md");
    kw_schema_language(&term, view("english"));
    assert_bytes(&term, "Lenglish");
}

static void test_surface_terms_of_the_text_are_those_without_a_capital(void **state)
{
    (void)state;
    assert_true(kw_schema_is_surface(view("fox")));
    assert_true(kw_schema_is_surface(view("42")));
    assert_true(kw_schema_is_surface(view(".net")));
    assert_true(kw_schema_is_surface(view("\xC3\x89tat")));
    assert_false(kw_schema_is_surface(view("Zfox")));
    assert_false(kw_schema_is_surface(view(KW_SCHEMA_FILL)));
}

/* The longest words in the fields and languages with the longest names still fit. */
static void test_no_term_is_too_long_for_xapian(void **state)
{
    static struct kw_bytes field, value;
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char language[KW_LANGUAGE_SIZE];
        size_t size = random_below(&seed, sizeof language);
        memset(language, round % 2 ? 'x' : '(', size);
        language[size] = 0;
        fill_random(&field, 1 + random_below(&seed, 255), 1);
        fill_random(&value, KW_TERM_BYTES, 'a');
        kw_schema_surface(&term, kw_bytes_view(&field), kw_bytes_view(&value));
        assert_true(stored_size(&term) <= KW_XAPIAN_TERM);
        kw_schema_stem(&term, kw_bytes_view(&field), language, kw_bytes_view(&value));
        assert_true(stored_size(&term) <= KW_XAPIAN_TERM);
        assert_memory_equal(term.data + term.size - value.size, value.data, value.size);
        fill_random(&value, random_below(&seed, 600), round % 2 ? 0 : 'a');
        if (round % 4 == 1)
            memset(value.data, 0, value.size);
        kw_schema_keyword(&term, kw_bytes_view(&field), kw_bytes_view(&value));
        assert_true(stored_size(&term) <= KW_XAPIAN_TERM);
        kw_schema_id(&term, kw_bytes_view(&value));
        assert_true(stored_size(&term) <= KW_XAPIAN_TERM);
    }
    kw_bytes_release(&field);
    kw_bytes_release(&value);
}

/* A name that is not too long comes back, a longer one says that it does not; two names never share
 * a term. */
static void test_names_of_fields_come_back(void **state)
{
    static struct kw_bytes name, back;
    size_t long_ones = 0;
    (void)state;
    for (int round = 0; round < ROUNDS * 10; round++) {
        fill_random(&name, 1 + random_below(&seed, 30), round % 2 ? 'a' : 1);
        for (size_t i = 0; i < name.size && round % 4 == 1; i++)
            name.data[i] = (uint8_t)('a' + name.data[i] % 26);
        kw_schema_has(&term, kw_bytes_view(&name));
        if (kw_schema_field_of(kw_bytes_view(&term), &back)) {
            assert_int_equal(back.size, name.size);
            assert_memory_equal(back.data, name.data, name.size);
        } else {
            long_ones++;
            assert_non_null(memchr(term.data, '~', term.size));
            assert_in_range(term.size, 2 + KW_XAPIAN_NAME - 1, 2 + KW_XAPIAN_NAME + 1);
        }
    }
    assert_in_range(long_ones, ROUNDS, 9 * ROUNDS);
    enum kw_value_type type;
    kw_schema_typed(&term, view("a b"), KW_TYPE_DATE);
    assert_true(kw_schema_typed_of(kw_bytes_view(&term), &back, &type));
    assert_bytes(&back, "a b");
    assert_int_equal(type, KW_TYPE_DATE);
    assert_false(kw_schema_typed_of(view("XTYEAR:x"), &back, &type));
    assert_false(kw_schema_typed_of(view("XTYEAR:"), &back, &type));
    assert_false(kw_schema_typed_of(view(""), &back, &type));
    assert_false(kw_schema_field_of(view("XNTITLE:3"), &back));
    assert_false(kw_schema_field_of(view("XN=4:"), &back));
    assert_false(kw_schema_field_of(view("XN=zz:"), &back));
    assert_false(kw_schema_field_of(view("XKTITLE:"), &back));
    kw_schema_has(&term, view("abcdefghijklmnopqrstuvwxyz_a"));
    kw_schema_has(&other, view("abcdefghijklmnopqrstuvwxyz_b"));
    assert_memory_equal(term.data, "XNABCDEFGHI~", 12);
    assert_false(kw_view_equal(kw_bytes_view(&term), kw_bytes_view(&other)));
    kw_bytes_release(&name);
    kw_bytes_release(&back);
}

static void test_what_is_cut_keeps_a_hash(void **state)
{
    char id[300];
    (void)state;
    memset(id, 'i', sizeof id);
    kw_schema_id(&term, (struct kw_view){(uint8_t *)id, 244});
    assert_int_equal(term.size, 245);
    assert_memory_equal(term.data + 1, id, 244);
    kw_schema_id(&term, (struct kw_view){(uint8_t *)id, 245});
    assert_int_equal(term.size, 245);
    assert_int_equal(term.data[228], '~');
    id[244] = 'j';
    kw_schema_id(&other, (struct kw_view){(uint8_t *)id, 245});
    assert_memory_equal(term.data, other.data, 229);
    assert_memory_not_equal(term.data, other.data, 245);
}

/* ---- Slots -------------------------------------------------------------------------------- */

static void test_slots_are_fixed_by_the_name(void **state)
{
    (void)state;
    assert_int_equal(kw_schema_slot(view("year")), 0xAE7F4D1C);
    assert_true(kw_schema_slot(view("")) >> 31);
    assert_int_equal(kw_schema_next_slot(UINT32_MAX - 1), 1U << 31);
    assert_int_equal(kw_schema_next_slot(1U << 31), (1U << 31) + 1);
}

static int compare_keys(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return (*a > *b) - (*a < *b);
}

static void test_keys_come_back_from_a_slot(void **state)
{
    uint64_t keys[20];
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct kw_slot_values values;
        size_t count = 1 + random_below(&seed, 20);
        size_t kept = 0;
        uint64_t key;
        for (size_t i = 0; i < count; i++)
            keys[i] = kw_number_key((double)random_below(&seed, 1000) - 500);
        qsort(keys, count, sizeof *keys, compare_keys);
        for (size_t i = 0; i < count; i++)
            if (!i || keys[i] != keys[kept - 1])
                keys[kept++] = keys[i];
        kw_slot_keys(&term, KW_TYPE_NUMBER, keys, kept);
        assert_true(kw_slot_values_init(&values, kw_bytes_view(&term)));
        assert_int_equal(values.type, KW_TYPE_NUMBER);
        for (size_t i = 0; i < kept; i++) {
            assert_true(kw_slot_next_key(&values, &key));
            assert_int_equal(key, keys[i]);
        }
        assert_false(kw_slot_next_key(&values, &key));
    }
}

static void test_slots_sort_as_their_least_values(void **state)
{
    uint64_t low = kw_number_key(-7.5);
    uint64_t high[] = {kw_number_key(3), kw_number_key(4)};
    (void)state;
    kw_slot_keys(&term, KW_TYPE_NUMBER, &low, 1);
    kw_slot_keys(&other, KW_TYPE_NUMBER, high, 2);
    assert_true(kw_view_compare(kw_bytes_view(&term), kw_bytes_view(&other)) < 0);
}

static void test_keywords_come_back_from_a_slot(void **state)
{
    struct kw_view words[] = {view("a"), {(const uint8_t *)"a\0b", 3}, view("ab"), view("z")};
    struct kw_slot_values values;
    struct kw_view word;
    (void)state;
    kw_slot_keywords(&term, words, 4);
    assert_true(kw_slot_values_init(&values, kw_bytes_view(&term)));
    for (size_t i = 0; i < 4; i++) {
        assert_true(kw_slot_next_keyword(&values, &word));
        assert_true(kw_view_equal(word, words[i]));
    }
    assert_false(kw_slot_next_keyword(&values, &word));
}

static void test_a_slot_of_foreign_bytes_is_told(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } wrong[] = {
        {"", 0},
        {"n", 1},
        {"n1234567", 8},
        {"x12345678", 9},
        {"k", 1},
        {"k\5abc", 5},
        {"k\1b\1a", 5},
        {"k\1a\1a", 5},
        {"k\0", 2},
        {"k\x80", 2},
        {"n\x80\0\0\0\0\0\0\1\x80\0\0\0\0\0\0\0", 17},
        {"d\0\0\0\0\0\0\0\0", 9},
    };
    struct kw_slot_values values;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct kw_view slot = {(const uint8_t *)wrong[i].bytes, wrong[i].size};
        assert_false(kw_slot_values_init(&values, slot));
    }
}

/* ---- Settings ----------------------------------------------------------------------------- */

static void test_settings_come_back(void **state)
{
    struct kw_settings settings = {
        .analysis = {.version = 2, .language = "english", .keep_accents = true},
        .commit = 7,
        .sources = 9};
    struct kw_settings back;
    (void)state;
    settings.base = (char *)"../a b%\n\xC3\xA9";
    settings.passages = 12345678901;
    settings.text = 5;
    assert_int_equal(kw_settings_add(&settings, view("year"), KW_TYPE_NUMBER, true, 7, NULL),
                     KW_OK);
    assert_int_equal(
        kw_settings_add(&settings, view("a name"), KW_TYPE_TEXT, false, 1U << 31, NULL), KW_OK);
    kw_settings_write(&settings, &term);
    assert_bytes(&term, "kwic 1\nanalysis 2\nlanguage english\naccents kept\n"
                        "base ../a%20b%25%0a%c3%a9\ncommit 7\nsources 9\npassages 12345678901\n"
                        "text 5\nfield text 2147483648 a%20name\nfield number* 7 year\n");
    assert_int_equal(kw_settings_read(&back, kw_bytes_view(&term), "db", NULL), KW_OK);
    kw_settings_write(&back, &other);
    assert_true(kw_view_equal(kw_bytes_view(&term), kw_bytes_view(&other)));
    assert_string_equal(back.base, settings.base);
    assert_int_equal(kw_settings_find(&back, view("year"))->slot, 7);
    assert_null(kw_settings_find(&back, view("years")));
    kw_settings_release(&back);
    settings.base = NULL;
    kw_settings_release(&settings);
}

static void test_damaged_settings_are_told(void **state)
{
    static const char head[] = "kwic 1\nanalysis 2\nlanguage english\naccents folded\nbase ..\n"
                               "commit 7\nsources 9\npassages 1\ntext 5\n";
    static const char *const fields[] = {
        "field text 1 b\nfield text 2 a\n",
        "field text 1 a\nfield text 1 b\n",
        "field text 4294967296 a\n",
        "field words 1 a\n",
        "field text 1 \n",
        "field text 1 a",
        "field text 1 %0\n",
        "field text 1 %00\n",
        "field text x a\n",
        "fields text 1 a\n",
    };
    struct kw_settings settings;
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    assert_int_equal(kw_settings_read(&settings, view(head), "db", NULL), KW_OK);
    kw_settings_release(&settings);
    for (size_t i = 0; i < sizeof head - 1; i++) /* the last line may be cut off as a whole */
        assert_int_equal(
            kw_settings_read(&settings, (struct kw_view){(const uint8_t *)head, i}, "db", &error),
            KW_E_DAMAGED);
    assert_string_equal(error.message, "'db' is damaged: its settings make no sense");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        kw_bytes_clear(&term);
        kw_bytes_append_text(&term, head);
        kw_bytes_append_text(&term, fields[i]);
        assert_int_equal(kw_settings_read(&settings, kw_bytes_view(&term), "db", NULL),
                         KW_E_DAMAGED);
    }
    assert_int_equal(kw_settings_read(&settings, view("kwic 2\nwhat else\n"), "db", NULL),
                     KW_E_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms_are_as_the_manual_has_them),
        cmocka_unit_test(test_surface_terms_of_the_text_are_those_without_a_capital),
        cmocka_unit_test(test_no_term_is_too_long_for_xapian),
        cmocka_unit_test(test_names_of_fields_come_back),
        cmocka_unit_test(test_what_is_cut_keeps_a_hash),
        cmocka_unit_test(test_slots_are_fixed_by_the_name),
        cmocka_unit_test(test_keys_come_back_from_a_slot),
        cmocka_unit_test(test_slots_sort_as_their_least_values),
        cmocka_unit_test(test_keywords_come_back_from_a_slot),
        cmocka_unit_test(test_a_slot_of_foreign_bytes_is_told),
        cmocka_unit_test(test_settings_come_back),
        cmocka_unit_test(test_damaged_settings_are_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
