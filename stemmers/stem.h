/* Stems: Snowball's, through libstemmer, one word at a time. */
#ifndef KW_STEMMERS_STEM_H
#define KW_STEMMERS_STEM_H

#include "stemmers/fold.h"

struct sb_stemmer;

/* What a language's words are changed to before Snowball reads them. */
enum kw_stemmer_spelling {
    KW_SPELLING_OWN,
    KW_SPELLING_ENDINGS, /* Turkish, Dutch: an apostrophe goes with the ending behind it: Ankara'da
                          */
    KW_SPELLING_COMMAS,  /* Romanian: ș and ț as ş and ţ, which is all that Snowball knows */
};

struct kw_stemmer {
    struct sb_stemmer *snowball; /* NULL: words are their own stems */
    enum kw_stemmer_spelling spelling;
};

#define KW_STEMMER_INIT                                                                            \
    {                                                                                              \
        NULL, KW_SPELLING_OWN                                                                      \
    }

/* A stemmer for libstemmer's language of this name; for any other name, one that leaves words as
 * they are. KW_E_MEMORY. */
enum kw_status kw_stemmer_init(struct kw_stemmer *stemmer, const char *language,
                               struct kw_error *error);

/* The stem of a word as written (a fold's written form): Snowball's of the word with its marks, the
 * marks dropped afterwards. A word with a digit, a sign, or of a script without spaces is its own
 * stem: its surface form, as plain words find it. *stem is in `fold`, which must not hold
 * `written`, until its next use. KW_E_MEMORY. */
enum kw_status kw_stemmer_stem(struct kw_stemmer *stemmer, struct kw_view written,
                               struct kw_fold *fold, struct kw_view *stem, struct kw_error *error);

void kw_stemmer_release(struct kw_stemmer *stemmer);

#endif
