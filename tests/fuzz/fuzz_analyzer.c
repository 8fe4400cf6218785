/* Fuzzes the analyzer: the first two bytes of the input pick the settings and the size of windows,
 * the rest is text. Whatever the bytes are, nothing breaks; once they are repaired, all that the
 * headers of stemmers/ promise must hold. */
#include "stemmers/analyzer.h"
#include "stemmers/fold.h"
#include "stemmers/guess.h"
#include "stemmers/language.h"
#include "stemmers/stop_words.h"
#include "stemmers/utf8.h"
#include "stemmers/words.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool condition)
{
    if (!condition)
        abort();
}

enum { PICKED_LANGUAGE = 0x3F, KEEP_ACCENTS = 0x40, SEVERAL_LANGUAGES = 0x80 };

/* The language that the byte picks, if it is one of several. */
static void speak(struct kw_analyzer *analyzer, uint8_t picked)
{
    if (picked & SEVERAL_LANGUAGES)
        kw_analyzer_speak(analyzer, picked % kw_analyzer_languages(analyzer));
}

static struct kw_analyzer *new_analyzer(uint8_t picked)
{
    static const char *const languages[] = {"none", "en", "tr", "ron", "dut", "FRENCH", "Auto"};
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION};
    struct kw_analyzer *analyzer;
    const char *name = kw_language_name(picked & PICKED_LANGUAGE);
    uint32_t number;

    if (!name)
        name = languages[picked % (sizeof languages / sizeof *languages)];
    settings.keep_accents = (picked & KEEP_ACCENTS) != 0;
    snprintf(settings.language, sizeof settings.language, "%.20s", name);
    hold(kw_analyzer_new(&analyzer, &settings, NULL) == KW_OK);
    if (picked & SEVERAL_LANGUAGES) {
        hold(kw_analyzer_use(analyzer, "turkish", &number, NULL) == KW_OK);
        hold(kw_analyzer_use(analyzer, "vietnamese", &number, NULL) == KW_OK);
        hold(number + 1 == kw_analyzer_languages(analyzer));
    }
    speak(analyzer, picked);
    return analyzer;
}

/* The fold that the analyzer's words go by. */
static struct kw_fold fold_of(const struct kw_analyzer *analyzer, uint8_t picked)
{
    struct kw_fold fold = KW_FOLD_INIT;
    uint32_t languages = kw_analyzer_languages(analyzer);

    if (picked & SEVERAL_LANGUAGES || languages == 1)
        fold.turkic = strcmp(kw_analyzer_language(analyzer, picked % languages), "turkish") == 0;
    fold.keep_accents = (picked & KEEP_ACCENTS) != 0;
    return fold;
}

/* Any bytes are the name of a language or an error. */
static void check_name(struct kw_view text)
{
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION};
    struct kw_analyzer *analyzer;
    enum kw_status status;
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)(text.size < 40 ? text.size : 40),
             (const char *)text.data);
    memcpy(settings.language, name, sizeof settings.language);
    status = kw_analyzer_new(&analyzer, &settings, NULL);
    hold(status == KW_OK || (status == KW_E_USAGE && !analyzer));
    if (status == KW_OK)
        hold(strcmp(settings.language, "auto") == 0 || kw_guess_named(name));
    kw_analyzer_free(analyzer);
}

/* The standard's boundaries and our units both go over the whole text; with each classifier of
 * blocks, a scan gives the same words. */
static void check_words(struct kw_view text)
{
    struct kw_words words = KW_WORDS_INIT;

    for (size_t at = 0; at < text.size;) {
        size_t next = kw_words_standard(text, at);
        hold(next > at && next <= text.size);
        at = next;
    }
    for (int simd = KW_SIMD_PLAIN; simd <= KW_SIMD_AVX2; simd++) {
        size_t count = 0;

        words.classify = kw_classifier_with((enum kw_simd)simd);
        hold(kw_words_scan(&words, text, text.size, NULL) == KW_OK);
        for (size_t at = 0; at < text.size;) {
            enum kw_word_kind kind;
            size_t word, end = kw_words_unit(text, at, &word, &kind);

            hold(word >= at && word < end && end <= text.size);
            if (kind != KW_WORD_NONE) {
                hold(count < words.count && words.items[count].start == word);
                hold(words.items[count].size == end - word && words.items[count].kind == kind);
                count++;
            }
            at = end;
        }
        hold(count == words.count);
    }
    kw_words_release(&words);
}

/* Every token's word is the fold of its span, by the tables and by the general rules. */
static void check_tokens(struct kw_analyzer *analyzer, struct kw_view text,
                         const struct kw_tokens *tokens, struct kw_fold *fold)
{
    for (size_t i = 0; i < tokens->count; i++) {
        uint32_t word = tokens->word[i];
        struct kw_view span = {text.data + tokens->start[i], tokens->end[i] - tokens->start[i]};
        struct kw_view written = kw_analyzer_word(analyzer, word);
        struct kw_view surface =
            kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word));

        hold(tokens->start[i] < tokens->end[i] && tokens->end[i] <= text.size);
        hold(tokens->position[i] < tokens->positions);
        hold(written.size > 0 && written.size <= KW_TERM_BYTES);
        hold(surface.size > 0 && surface.size <= KW_TERM_BYTES);
        hold(kw_fold_word(fold, span, NULL) == KW_OK);
        hold(kw_view_equal(kw_bytes_view(&fold->written), written));
        hold(kw_view_equal(kw_bytes_view(&fold->surface), surface));
        hold(kw_fold_general(fold, span, NULL) == KW_OK);
        hold(kw_view_equal(kw_bytes_view(&fold->written), written));
        hold(kw_view_equal(kw_bytes_view(&fold->surface), surface));
    }
}

/* The windows of a text; each passage alone gives the tokens that it gave in its window. Returns a
 * hash of the passages, which does not depend on the windows. */
static uint64_t check_windows(struct kw_analyzer *analyzer, struct kw_analyzer *other,
                              struct kw_view text, size_t window)
{
    uint64_t hash = 1;

    kw_analyzer_set_window(analyzer, window);
    while (text.size) {
        struct kw_tokens tokens, alone;
        const struct kw_passage *passages;
        size_t count, at = 0, token = 0, position = 0;

        hold(kw_analyzer_window(analyzer, text, &tokens, &passages, &count, NULL) == KW_OK);
        hold(count > 0);
        for (size_t i = 0; i < count; i++) {
            struct kw_view passage = {text.data + at, passages[i].bytes};

            hold(passage.size > 0 && passage.size <= KW_PASSAGE_BYTES);
            hold(passages[i].words <= KW_PASSAGE_WORDS && at + passage.size <= text.size);
            hold(kw_analyzer_text(other, passage, &alone, NULL) == KW_OK);
            hold(alone.positions == passages[i].words && token + alone.count <= tokens.count);
            for (size_t k = 0; k < alone.count; k++, token++) {
                hold(tokens.start[token] == at + alone.start[k]);
                hold(tokens.end[token] == at + alone.end[k]);
                hold(tokens.position[token] == position + alone.position[k]);
                hold(kw_view_equal(kw_analyzer_word(analyzer, tokens.word[token]),
                                   kw_analyzer_word(other, alone.word[k])));
            }
            at += passage.size;
            position += passages[i].words;
            hash = (hash ^ passage.size ^ (uint64_t)passages[i].lines << 32) * 0x100000001B3U;
        }
        hold(token == tokens.count && position == tokens.positions);
        text.data += at;
        text.size -= at;
    }
    return hash;
}

/* Every word has a surface form, and a stem in the language spoken. */
static void check_stems(struct kw_analyzer *analyzer, uint8_t picked)
{
    uint32_t languages = kw_analyzer_languages(analyzer);

    hold(kw_analyzer_close(analyzer, NULL) == KW_OK);
    for (uint32_t word = 0; word < kw_analyzer_words(analyzer); word++) {
        for (uint32_t i = 0; i < languages; i++) {
            uint32_t stem = kw_analyzer_stem_of(analyzer, i, word);

            if (picked & SEVERAL_LANGUAGES && i != picked % languages)
                hold(stem == KW_NO_STEM);
            else
                hold(stem < kw_analyzer_stems(analyzer, i) &&
                     kw_analyzer_stem(analyzer, i, stem).size > 0);
        }
        hold(kw_analyzer_surface_of(analyzer, word) < kw_analyzer_surfaces(analyzer));
        kw_stop_word(word % KW_KNOWN_LANGUAGES, kw_analyzer_word(analyzer, word));
    }
    hold(kw_analyzer_cut(analyzer) <= kw_analyzer_surfaces(analyzer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_bytes repaired = KW_BYTES_INIT;
    struct kw_fold fold;
    struct kw_tokens tokens;
    uint64_t repairs = 0, hash;
    enum kw_status status;

    if (size < 2)
        return 0;
    struct kw_view text = {data + 2, size - 2};
    struct kw_analyzer *analyzer = new_analyzer(data[0]), *other = new_analyzer(data[0]);
    check_name(text);
    status = kw_analyzer_text(analyzer, text, &tokens, NULL);
    kw_utf8_repair(text, &repaired, &repairs);
    hold(repairs == 0 ? status == KW_OK : status == KW_OK || status == KW_E_INPUT);
    hold((repairs == 0) == (kw_utf8_valid(text) == text.size));
    text = kw_bytes_view(&repaired);
    hold(text.size == 0 || kw_utf8_valid(text) == text.size);
    hold(kw_guess_language(text) < KW_KNOWN_LANGUAGES && kw_guess_name(text));
    check_words(text);
    kw_analyzer_clear(analyzer);
    speak(analyzer, data[0]);
    hold(kw_analyzer_text(analyzer, text, &tokens, NULL) == KW_OK);
    fold = fold_of(analyzer, data[0]);
    check_tokens(analyzer, text, &tokens, &fold);
    hash = check_windows(analyzer, other, text, 1 << 20);
    hold(check_windows(analyzer, other, text, 1 + data[1]) == hash);
    check_stems(analyzer, data[0]);
    kw_analyzer_free(analyzer);
    kw_analyzer_free(other);
    kw_fold_release(&fold);
    kw_bytes_release(&repaired);
    return 0;
}
