/* Folding: the two forms of a word.
 *
 * The written form is the word compatibility-composed and case-folded with its marks (Unicode's
 * NFKC_Casefold, so without soft hyphens and other ignorable characters), all apostrophes alike and
 * the dots of abbreviations dropped (U.S.A. is usa). The surface form is the same without the marks
 * that the script's readers do not expect to matter: the accents of Latin and Greek, Arabic harakat
 * and tatweel, Hebrew points; never Indic vowel signs, the Cyrillic breve, or the voicing of kana.
 * Both are in NFC, and folding a form again leaves it as it is.
 *
 * A form of more than KW_TERM_BYTES becomes its first KW_TERM_KEPT bytes, cut at a character, and
 * sixteen hexadecimal digits of a hash of the whole. */
#ifndef KW_STEMMERS_FOLD_H
#define KW_STEMMERS_FOLD_H

#include "base/bytes.h"

enum { KW_TERM_KEPT = 180 };

/* A folder's buffers, reused from word to word. The forms are those of the last word folded, valid
 * until the next. */
struct kw_fold {
    struct kw_bytes written;
    struct kw_bytes surface;
    int32_t *codes; /* the characters at work */
    size_t capacity;
};

#define KW_FOLD_INIT                                                                               \
    {                                                                                              \
        KW_BYTES_INIT, KW_BYTES_INIT, NULL, 0                                                      \
    }

/* Folds `word` (valid UTF-8, at most 1 GiB) into fold->written and fold->surface. Neither is empty
 * if the word holds a letter, a digit or an emoji. KW_E_INPUT if the word is not UTF-8. */
enum kw_status kw_fold_word(struct kw_fold *fold, struct kw_view word, struct kw_error *error);

void kw_fold_release(struct kw_fold *fold);

#endif
