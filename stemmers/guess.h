/* Guessing the language of a text, from its scripts, its letters and its frequent words. */
#ifndef KW_STEMMERS_GUESS_H
#define KW_STEMMERS_GUESS_H

#include "base/bytes.h"

enum {
    KW_KNOWN_LANGUAGES = 44,
    KW_UNKNOWN_LANGUAGE = -1,
    KW_GUESS_SAMPLES = 4,        /* a longer text is judged by so many stretches … */
    KW_GUESS_SAMPLE_BYTES = 768, /* … of so many bytes, spread evenly from its start to its end */
};

/* A language that is known by its texts. Static. */
struct kw_known_language {
    const char *name;    /* in English, as libstemmer spells it where it knows the language */
    const char *code;    /* ISO 639-1, unique */
    const char *stemmer; /* the name to stem with, NULL if libstemmer has nothing for it */
};

/* The language most of `text` is written in: a number below KW_KNOWN_LANGUAGES, or
 * KW_UNKNOWN_LANGUAGE if nothing speaks clearly (no text, figures, names, program code, a language
 * that is not known). The same text gives the same answer everywhere. `text` is UTF-8; other bytes
 * do no harm.
 *
 * Each frequent word adds the logarithm of how often it stands in the language, each letter beyond
 * a to z what it is rarer or more frequent there than in the others, each character of a script
 * that is one language's alone a constant; the highest sum wins: a naive Bayes classifier over
 * short lists. Of words that are in no list, the last three letters speak; parts of addresses and
 * identifiers do not. Norwegian has two numbers, Bokmål (no) and Nynorsk (nn), and so has Serbian:
 * in Cyrillic (sr) and in Latin letters (sh), which stands for Croatian and Bosnian too. */
int kw_guess_language(struct kw_view text);

/* The name under which a text's language is recorded and its words are stemmed: that of the stemmer
 * of the language it is guessed to be in, else of the language itself; "none" if nothing speaks
 * clearly. Static. */
const char *kw_guess_name(struct kw_view text);

/* The same name for a language that a person names, in English or by an ISO 639 code, in any case;
 * "none" too. Static; NULL if no such language is known. */
const char *kw_guess_named(const char *name);

/* Facts of language 0..KW_KNOWN_LANGUAGES - 1; NULL for any other number. */
const struct kw_known_language *kw_known_language(int language);

/* The number of the language of this English name or ISO 639-1 code, in any case, the first if two
 * share a name; KW_UNKNOWN_LANGUAGE if there is none. */
int kw_known_language_find(const char *name);

#endif
