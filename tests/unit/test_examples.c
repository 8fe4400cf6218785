/* Holds the analyzer to tests/analysis/examples.tsv, a table that a person can read: a language, a
 * text, and the tokens it gives. See the head of that file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/analyzer.h"
#include "stemmers/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* The text of a row: \n, \r, \t, \\ and \uXXXX stand for what they do in C. */
static void unescape(const char *from, struct kw_bytes *to)
{
    for (; *from; from++) {
        uint8_t bytes[KW_UTF8_BYTES];
        char digits[5] = "";

        if (*from != '\\') {
            kw_bytes_append_byte(to, (uint8_t)*from);
            continue;
        }
        from++;
        if (*from == 'u' && strlen(from) > 4) {
            memcpy(digits, from + 1, 4);
            kw_bytes_append(to, bytes, kw_utf8_encode((uint32_t)strtoul(digits, NULL, 16), bytes));
            from += 4;
        } else {
            kw_bytes_append_byte(to, *from == 'n'   ? '\n'
                                     : *from == 'r' ? '\r'
                                     : *from == 't' ? '\t'
                                                    : '\\');
        }
    }
}

/* The tokens of a text as the table shows them. */
static void show(struct kw_analyzer *analyzer, struct kw_view text, struct kw_bytes *out)
{
    struct kw_tokens tokens;

    assert_int_equal(kw_analyzer_text(analyzer, text, &tokens, NULL), KW_OK);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    for (size_t i = 0; i < tokens.count; i++) {
        uint32_t word = tokens.word[i], stem = KW_NO_STEM;
        struct kw_view surface =
            kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word));

        if (kw_analyzer_languages(analyzer))
            stem = kw_analyzer_stem_of(analyzer, 0, word);
        if (i > 0)
            kw_bytes_append_text(out, tokens.position[i] == tokens.position[i - 1] ? "|" : " ");
        kw_bytes_append_view(out, surface);
        if (stem != KW_NO_STEM && !kw_view_equal(kw_analyzer_stem(analyzer, 0, stem), surface)) {
            kw_bytes_append_byte(out, '/');
            kw_bytes_append_view(out, kw_analyzer_stem(analyzer, 0, stem));
        }
    }
    kw_bytes_append_byte(out, 0);
}

static struct kw_analyzer *new_analyzer(const char *language)
{
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION};
    struct kw_analyzer *analyzer;

    snprintf(settings.language, sizeof settings.language, "%.20s", language);
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    return analyzer;
}

/* Checks one row; returns whether it holds. */
static bool check_row(const char *language, const char *text, const char *expected)
{
    struct kw_analyzer *analyzer = new_analyzer(language);
    struct kw_bytes bytes = KW_BYTES_INIT, found = KW_BYTES_INIT;
    bool same;

    unescape(text, &bytes);
    show(analyzer, kw_bytes_view(&bytes), &found);
    same = strcmp((char *)found.data, expected) == 0;
    if (!same)
        print_error("%s\t%s\n  expected %s\n  found    %s\n", language, text, expected,
                    (char *)found.data);
    kw_bytes_release(&bytes);
    kw_bytes_release(&found);
    kw_analyzer_free(analyzer);
    return same;
}

static void texts_give_the_tokens_of_the_table(void **state)
{
    const char *source = getenv("KWIC_SOURCE");
    char path[4096], line[4096], last[64] = "";
    size_t rows = 0, wrong = 0, languages = 0;
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/analysis/examples.tsv", source ? source : ".");
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char *text = strchr(line, '\t'), *expected;

        line[strcspn(line, "\n")] = 0;
        if (!text || *line == '#')
            continue;
        *text++ = 0;
        expected = strchr(text, '\t');
        assert_non_null(expected);
        *expected++ = 0;
        wrong += !check_row(line, text, expected);
        rows++;
        languages += strcmp(line, last) != 0;
        snprintf(last, sizeof last, "%.60s", line);
    }
    fclose(file);
    assert_int_equal(wrong, 0);
    assert_true(rows >= 150);
    assert_true(languages >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_give_the_tokens_of_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
