/* Holds stems to Snowball's own vocabularies (Debian's snowball-data): for every language of
 * libstemmer, the stem of a word is what libstemmer makes of its written form, folded. What is
 * tested is that caching, folding and numbering do no harm.
 *
 * Some 20,000 words of each language; all of them with KWIC_LONG in the environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/analyzer.h"
#include "stemmers/character.h"
#include "stemmers/fold.h"
#include "stemmers/language.h"

#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static const char vocabularies[] = "/usr/share/snowball/data";

/* A language under test. */
struct subject {
    const char *name;
    struct kw_analyzer *analyzer;
    struct sb_stemmer *snowball;
    struct kw_fold written, folded;
    size_t words;
};

/* The vocabulary of a language, as text or compressed; NULL if there is none. */
static gzFile open_vocabulary(const char *language)
{
    static const char *const forms[] = {"%s/%s/voc.txt", "%s/%s/voc.txt.gz"};
    char path[300];
    gzFile file = NULL;

    snprintf(path, sizeof path, forms[0], vocabularies, language);
    file = gzopen(path, "rb");
    if (file)
        return file;
    snprintf(path, sizeof path, forms[1], vocabularies, language);
    return gzopen(path, "rb");
}

/* What stem.h says that Snowball reads of a word, in `to`. */
static void respell(const struct subject *subject, struct kw_view written, char to[1000])
{
    snprintf(to, 1000, "%.*s", (int)written.size, (const char *)written.data);
    if (strcmp(subject->name, "turkish") == 0 || strcmp(subject->name, "dutch") == 0)
        to[strcspn(to, "'")] = 0;
}

/* Words with digits are their own stems. */
static bool has_digits(struct kw_view word)
{
    for (size_t at = 0, next; at < word.size; at = next)
        if ((kw_character_at(word.data, at, word.size, &next) & KW_CHAR_BREAK) == KW_BREAK_NUMERIC)
            return true;
    return false;
}

/* That the analyzer's stem of `word`, if that is one word, is fold(snowball(written form)). */
static void check_word(struct subject *subject, const char *word)
{
    char spelling[1000];
    struct kw_tokens tokens;
    struct kw_view written, found;

    assert_int_equal(kw_analyzer_text(subject->analyzer, kw_view_of(word), &tokens, NULL), KW_OK);
    if (tokens.count != 1 || tokens.end[0] - tokens.start[0] != strlen(word))
        return;
    assert_int_equal(kw_fold_word(&subject->written, kw_view_of(word), NULL), KW_OK);
    written = kw_bytes_view(&subject->written.written);
    respell(subject, written, spelling);
    if (written.size > KW_TERM_KEPT || has_digits(written) || !*spelling)
        return;
    const sb_symbol *stem =
        sb_stemmer_stem(subject->snowball, (const sb_symbol *)spelling, (int)strlen(spelling));
    struct kw_view expected = {stem, (size_t)sb_stemmer_length(subject->snowball)};
    if (expected.size == 0)
        return;
    assert_int_equal(kw_fold_word(&subject->folded, expected, NULL), KW_OK);
    expected = kw_bytes_view(&subject->folded.surface);
    assert_int_equal(kw_analyzer_close(subject->analyzer, NULL), KW_OK);
    found = kw_analyzer_stem(subject->analyzer, 0,
                             kw_analyzer_stem_of(subject->analyzer, 0, tokens.word[0]));
    if (!kw_view_equal(found, expected))
        fail_msg("%s: the stem of '%s' is '%.*s', not '%.*s'", subject->name, word,
                 (int)expected.size, (const char *)expected.data, (int)found.size,
                 (const char *)found.data);
    subject->words++;
}

/* Checks one language; how many of its words were, 0 if there is no vocabulary. */
static size_t check_language(const char *name)
{
    struct subject subject = {
        .name = name, .written = KW_FOLD_INIT, .folded = KW_FOLD_INIT, .words = 0};
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION};
    gzFile file = open_vocabulary(name);
    char line[1000];
    size_t lines = 0, step = 1, number = 0;

    if (!file)
        return 0;
    snprintf(settings.language, sizeof settings.language, "%.20s", name);
    assert_int_equal(kw_analyzer_new(&subject.analyzer, &settings, NULL), KW_OK);
    subject.snowball = sb_stemmer_new(name, "UTF_8");
    subject.written.turkic = subject.folded.turkic = strcmp(name, "turkish") == 0;
    while (gzgets(file, line, sizeof line))
        lines++;
    if (!getenv("KWIC_LONG") && lines > 20000)
        step = lines / 20000;
    gzrewind(file);
    while (gzgets(file, line, sizeof line)) {
        line[strcspn(line, "\r\n")] = 0;
        if (number++ % step == 0)
            check_word(&subject, line);
    }
    gzclose(file);
    assert_true(subject.words > number / step / 2);
    print_message("%s: %zu words\n", name, subject.words);
    sb_stemmer_delete(subject.snowball);
    kw_analyzer_free(subject.analyzer);
    kw_fold_release(&subject.written);
    kw_fold_release(&subject.folded);
    return subject.words;
}

static void stems_are_snowballs(void **state)
{
    size_t languages = 0, without = 0;

    (void)state;
    for (size_t i = 0; kw_language_name(i); i++) {
        if (check_language(kw_language_name(i)) > 0) {
            languages++;
        } else {
            print_message("%s: no vocabulary\n", kw_language_name(i));
            without++;
        }
    }
    if (languages == 0) {
        print_message("SKIPPED: no %s (package snowball-data)\n", vocabularies);
        skip();
    }
    assert_true(without <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stems_are_snowballs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
