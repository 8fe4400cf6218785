/* kw_json_load against libjansson: whatever it reads, libjansson reads alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/json_load.h"
#include "stemmers/utf8.h"
#include "tests/unit/random_text.h"

#include <stdlib.h>

enum { ROUNDS = 30000 };

static char *dump(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    assert_non_null(text);
    return text;
}

/* Whether the fast way read it; then it must be as libjansson has it, members in the same order. */
static bool check(const char *text, size_t size)
{
    json_t *fast = kw_json_load((struct kw_view){(const uint8_t *)text, size});
    json_t *slow = json_loadb(text, size, JSON_ALLOW_NUL, NULL);
    if (fast) {
        if (!slow || !json_equal(fast, slow))
            fail_msg("%.*s: read unlike libjansson", (int)size, text);
        char *one = dump(fast), *two = dump(slow);
        assert_string_equal(one, two);
        free(one);
        free(two);
    }
    json_decref(fast);
    json_decref(slow);
    return fast != NULL;
}

static const char *const pieces[] = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\"a\":",
    "\"b\":",
    "\"\"",
    "1",
    "-0",
    "0",
    "01",
    "1.50",
    "1e5",
    "1e999",
    "-",
    "true",
    "null",
    "false",
    "tru",
    "\\u00",
    "\\n",
    "\\\\",
    "\\u0041",
    "\\u0000",
    "\\ud83d",
    "\\uDE00",
    "\\/",
    " ",
    "\t",
    "\n",
    "é",
    "\x01",
    "\x7f",
    "'x'",
    "//",
    "/**/",
    "NaN",
    "12345678901234567890",
    "123456789012345678",
    "\"x y\"",
    "\"k\":1,",
    "\"k\":[2],",
};

/* A value that is mostly JSON. */
static void draw_value(char *text, size_t room, uint64_t *seed, int depth)
{
    size_t used = 0, count = random_below(seed, 5);
    bool object = random_below(seed, 2);
    const char *close = random_below(seed, 200) ? (object ? "}" : "]") : "";
    used += (size_t)snprintf(text, room, "%s", object ? "{" : "[");
    for (size_t i = 0; i < count && used + 200 < room; i++) {
        used += (size_t)snprintf(text + used, room - used, "%s", i ? ", " : "");
        if (object)
            used += (size_t)snprintf(text + used, room - used,
                                     "\"%c%s\":", (char)('a' + random_below(seed, 4)),
                                     random_below(seed, 9) ? "" : "\\u00e9");
        if (depth < 4 && random_below(seed, 3) == 0) {
            draw_value(text + used, room - used, seed, depth + 1);
            used += strlen(text + used);
        } else if (random_below(seed, 2)) {
            const char *piece =
                pieces[10 + random_below(seed, sizeof pieces / sizeof *pieces - 10)];
            bool bare = strchr("\\\xc3\x01\x7f'/ \t\n", piece[0]) != NULL;
            used += (size_t)snprintf(text + used, room - used, bare ? "\"%s\"" : "%s", piece);
        } else {
            used += (size_t)snprintf(text + used, room - used, "%d",
                                     (int)random_below(seed, 2000) - 1000);
        }
    }
    snprintf(text + used, room - used, "%s", close);
}

static void test_random_values_are_read_as_by_libjansson(void **state)
{
    static char text[20000];
    uint64_t seed = 5;
    size_t fast = 0;
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        draw_value(text, sizeof text, &seed, 0);
        size_t size = strlen(text);
        if (random_below(&seed, 4) == 0)
            text[random_below(&seed, size)] = (char)(1 + random_below(&seed, 127));
        if (kw_utf8_valid((struct kw_view){(const uint8_t *)text, size}) == size)
            fast += check(text, size);
    }
    assert_true(fast > ROUNDS / 10 && fast < ROUNDS);
}

static void test_random_pieces_are_read_as_by_libjansson(void **state)
{
    char text[400];
    uint64_t seed = 6;
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        size_t used = 0;
        for (size_t left = 1 + random_below(&seed, 12); left > 0; left--)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s",
                                     pieces[random_below(&seed, sizeof pieces / sizeof *pieces)]);
        if (kw_utf8_valid((struct kw_view){(const uint8_t *)text, used}) == used)
            check(text, used);
    }
}

static void test_usual_records_take_the_fast_way(void **state)
{
    static const char *const usual[] = {
        "{\"id\":\"a\",\"title\":\"b \\\"c\\\"\",\"text\":\"d\\ne \\u00e9\",\"year\":1999}",
        " { \"tags\" : [\"x\", \"y\", null, true], \"price\" : 1.5e3, \"deep\" : {\"a\":{}} } ",
        "{}", "[]", "{\"nul\":\"\\u0000\",\"a\":1,\"a\":2}"};
    (void)state;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        assert_true(check(usual[i], strlen(usual[i])));
}

static void test_what_may_be_read_otherwise_is_left(void **state)
{
    static const char *const odd[] = {"\"a\"",
                                      "1",
                                      "",
                                      "{\"a\":\"\\ud83d\\ude00\"}",
                                      "{\"a\":1234567890123456789}",
                                      "{\"a\\u0000b\":1}",
                                      "{} {}",
                                      "{\"a\":1}x",
                                      "[1e999]",
                                      "{\"a\":tru}",
                                      "[1,]",
                                      "{\"a\":1"};
    char deep[200];
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_false(check(odd[i], strlen(odd[i])));
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    assert_false(check(deep, sizeof deep));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_values_are_read_as_by_libjansson),
        cmocka_unit_test(test_random_pieces_are_read_as_by_libjansson),
        cmocka_unit_test(test_usual_records_take_the_fast_way),
        cmocka_unit_test(test_what_may_be_read_otherwise_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
