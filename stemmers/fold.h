/* Folding: the two forms of a word.
 *
 * The written form is the word compatibility-composed and case-folded with its marks (Unicode's
 * NFKC_Casefold, so without soft hyphens and other ignorable characters), all apostrophes alike,
 * the dots of abbreviations dropped (U.S.A. is usa), and so are the acute that shows the stress of
 * Cyrillic vowels and a second dot on an i (İ is i). The surface form is the same without what
 * readers do not expect to matter:
 *
 *   Latin, Greek      all marks: résumé resume, οδός οδοσ
 *   Latin letters     with strokes, hooks, tails, without the dot: ø o, đ d, ł l, ħ h, ı i
 *                     that are two: ß ss, æ ae, œ oe; þ th, ð d, ŋ n
 *   Catalan           the dot of l·l
 *   transliteration   the modifier letters ʻ ʾ ʿ ʹ ʺ: Hawaiʻi hawaii, ʿAlī ali
 *   Cyrillic          the dots of ё and stress marks; never й, ї, ѓ, ќ
 *   Arabic            harakat, Quranic marks, tatweel; أ إ آ ٱ ا, ى and Persian ی ي, ک ك, ة ه
 *   Hebrew            points and accents
 *   digits            of any script: ٢٠٢٤ 2024
 *
 * It never drops Indic vowel signs, viramas and nuktas, the voicing of kana, or tones and vowels of
 * Thai. Both forms are in NFC, and folding a form again leaves it as it is. Forms do not depend on
 * the language, so that a word is found in texts of any; only a fold that is `turkic` takes I for
 * the capital of ı in the written form, for the sake of its stem.
 *
 * A form of more than KW_TERM_BYTES becomes its first KW_TERM_KEPT bytes, cut at a character, and
 * sixteen hexadecimal digits of a hash of the whole. */
#ifndef KW_STEMMERS_FOLD_H
#define KW_STEMMERS_FOLD_H

#include "base/bytes.h"
#include "stemmers/rules.h"

enum { KW_TERM_KEPT = 180 };

/* A folder's buffers, reused from word to word. The forms are those of the last word folded, valid
 * until the next. */
struct kw_fold {
    struct kw_bytes written;
    struct kw_bytes surface;
    int32_t *codes; /* the characters at work */
    size_t capacity;
    bool cut;            /* the last surface form was too long and has a hash */
    bool turkic;         /* the lower case of I is ı, that of İ is i; may be set at any time */
    bool keep_accents;   /* the surface form is the written one */
    enum kw_rules rules; /* other than our own: both forms are what kw_other_words_fold makes */
};

#define KW_FOLD_INIT                                                                               \
    {                                                                                              \
        KW_BYTES_INIT, KW_BYTES_INIT, NULL, 0, false, false, false, KW_RULES_OWN                   \
    }

/* Folds `word` (valid UTF-8, at most 1 GiB) into fold->written and fold->surface. Neither is empty
 * if the word holds a letter, a digit or an emoji. KW_E_INPUT if the word is not UTF-8. */
enum kw_status kw_fold_word(struct kw_fold *fold, struct kw_view word, struct kw_error *error);

/* The same by the rules for all characters alone, without the tables and the path for ASCII: slow,
 * and what the tests hold kw_fold_word to. */
enum kw_status kw_fold_general(struct kw_fold *fold, struct kw_view word, struct kw_error *error);

void kw_fold_release(struct kw_fold *fold);

#endif
