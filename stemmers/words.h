/* Words: where they begin and end in a text.
 *
 * The segmentation is that of Unicode Standard Annex #29 (version 15.0), with search's own rules on
 * top. A text falls into units; a unit that holds a letter, a digit or an emoji has a word:
 *  - where scripts write no spaces, each character (Han, kana) or cluster (Thai, Lao, Khmer,
 * Myanmar and others) is a unit; the analyzer makes pairs of neighbours;
 *  - one ASCII letter keeps a "++" or "#" behind it (C++, F#), and ".NET" its dot;
 *  - connecting marks (_) belong to a word only between its letters and digits;
 *  - a colon ends a word, and subscript digits belong to it (EU:n is two words, H₂O is one);
 *  - of a word with an elided article, pronoun or preposition before it (l'homme, qu'il, dell'arte:
 *    one of a list, ' or ’, a vowel or h) only what follows is the word; the unit is both;
 *  - a unit ends after KW_WORD_BYTES at the latest.
 * A unit depends on nothing before it and, beyond its own end, only on evidence that a cut between
 * units cannot change: cutting a text between two of its units changes no unit of either part. */
#ifndef KW_STEMMERS_WORDS_H
#define KW_STEMMERS_WORDS_H

#include "base/bytes.h"
#include "stemmers/blocks.h"
#include "stemmers/rules.h"

enum kw_word_kind {
    KW_WORD_NONE,      /* white space, punctuation: no word */
    KW_WORD_PLAIN,     /* ASCII without a dot, at most KW_TERM_BYTES: its lower case is its term */
    KW_WORD_MIXED,     /* anything else with spaces around it */
    KW_WORD_CHARACTER, /* one ideograph or kana */
    KW_WORD_CLUSTER,   /* one cluster of a script without spaces */
};

/* A word of a text: its first byte, its bytes, its kind. */
struct kw_word {
    uint32_t start;
    uint16_t size; /* 1..KW_WORD_BYTES */
    uint16_t kind; /* enum kw_word_kind */
};

/* The words of a text; the numbers of those with something before them, behind the word before,
 * that could end a sentence or a paragraph; and the bytes of the text with A to Z as a to z: those
 * of a word that begins at `start` lie at lower + start. */
struct kw_words {
    struct kw_word *items;
    size_t count;
    size_t capacity;
    uint32_t *gaps; /* room for as many as items has */
    size_t gap_count;
    uint8_t *lower; /* readable for KW_BLOCK bytes behind the last word */
    size_t lower_capacity;
    kw_classify *classify; /* NULL for the best one there is */
    enum kw_rules rules;   /* whose words they are; may be set at any time */
};

#define KW_WORDS_INIT                                                                              \
    {                                                                                              \
        NULL, 0, 0, NULL, 0, NULL, 0, NULL, KW_RULES_OWN                                           \
    }

/* The end of the unit of `text` that begins at `at` < text.size; *kind tells what it is, *word
 * where its word begins: at `at`, or behind an elision. */
size_t kw_words_unit(struct kw_view text, size_t at, size_t *word, enum kw_word_kind *kind);

/* Replaces `words` with the words of `text` that begin before `until`, in order; what follows is
 * looked at as far as their ends need it. KW_E_INPUT if one would begin at or above 4 GiB. */
enum kw_status kw_words_scan(struct kw_words *words, struct kw_view text, size_t until,
                             struct kw_error *error);

void kw_words_release(struct kw_words *words);

/* The next word boundary behind `at` < text.size, itself one, exactly as the standard defines it:
 * the ground the units stand on, which the tests hold to the standard's own examples. */
size_t kw_words_standard(struct kw_view text, size_t at);

#endif
