/* Holds the analyzer to tests/analysis/examples.tsv, a table that a person can read: a language, a
 * text, and the tokens it gives. See the head of that file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/analyzer.h"
#include "stemmers/utf8.h"
#include "stemmers/vocabulary.h"

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
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "auto", false, KW_RULES_OWN};
    struct kw_analyzer *analyzer;
    uint32_t number;

    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    assert_int_equal(kw_analyzer_use(analyzer, language, &number, NULL), KW_OK);
    return analyzer;
}

/* A row of the table, its text as it stands there. */
struct row {
    size_t line;
    const char *language;
    const char *text;
    const char *expected;
};

/* Tells a person where the row is, what it should be and is, and the first token that differs. */
static void print_difference(const struct row *row, const char *found)
{
    const char *expected = row->expected, *token = expected, *other = found;

    for (size_t i = 0; expected[i] && expected[i] == found[i]; i++) {
        if (expected[i] == ' ') {
            token = expected + i + 1;
            other = found + i + 1;
        }
    }
    print_error("tests/analysis/examples.tsv:%zu: %s: %s\n"
                "    expected: %s\n"
                "    found:    %s\n"
                "    '%.*s' is expected, '%.*s' is found\n",
                row->line, row->language, row->text, expected, found, (int)strcspn(token, " "),
                token, (int)strcspn(other, " "), other);
}

/* Checks one row; returns whether it holds. */
static bool check_row(const struct row *row)
{
    struct kw_analyzer *analyzer = new_analyzer(row->language);
    struct kw_bytes bytes = KW_BYTES_INIT, found = KW_BYTES_INIT;
    bool same;

    unescape(row->text, &bytes);
    show(analyzer, kw_bytes_view(&bytes), &found);
    same = strcmp((char *)found.data, row->expected) == 0;
    if (!same)
        print_difference(row, (char *)found.data);
    kw_bytes_release(&bytes);
    kw_bytes_release(&found);
    kw_analyzer_free(analyzer);
    return same;
}

/* Cuts a line into a row; false if it is a comment or empty. */
static bool cut_row(char *line, struct row *row)
{
    char *text, *expected;

    line[strcspn(line, "\n")] = 0;
    if (*line == '#' || !*line)
        return false;
    text = strchr(line, '\t');
    expected = text ? strchr(text + 1, '\t') : NULL;
    if (!expected || strchr(expected + 1, '\t'))
        fail_msg("tests/analysis/examples.tsv:%zu: there are not three columns", row->line);
    *text = *expected = 0;
    *row = (struct row){row->line, line, text + 1, expected + 1};
    return true;
}

enum { ENOUGH = 3 /* rows of a language */ };

static void texts_give_the_tokens_of_the_table(void **state)
{
    const char *source = getenv("KWIC_SOURCE");
    struct kw_vocabulary languages = KW_VOCABULARY_INIT;
    size_t rows = 0, wrong = 0, covered = 0, rows_of[128] = {0};
    char path[4096], line[4096];
    struct row row = {0};
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/analysis/examples.tsv", source ? source : ".");
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        row.line++;
        if (!cut_row(line, &row))
            continue;
        wrong += !check_row(&row);
        rows++;
        if (strcmp(row.language, "none") != 0) {
            uint32_t language = kw_vocabulary_add(&languages, kw_view_of(row.language));
            assert_true(language < sizeof rows_of / sizeof *rows_of);
            covered += ++rows_of[language] == ENOUGH;
        }
    }
    fclose(file);
    print_message("%zu rows; %zu languages, %zu of them with %d rows or more\n", rows,
                  languages.count, covered, ENOUGH);
    kw_vocabulary_release(&languages);
    assert_int_equal(wrong, 0);
    assert_true(rows >= 150);
    assert_true(covered >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_give_the_tokens_of_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
