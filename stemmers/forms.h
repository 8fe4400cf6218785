/* Forms: the words of a batch as written, with a number each, and their surface forms. */
#ifndef KW_STEMMERS_FORMS_H
#define KW_STEMMERS_FORMS_H

#include "stemmers/fold.h"
#include "stemmers/vocabulary.h"

struct kw_numbers {
    uint32_t *items;
    size_t count;
    size_t capacity;
};

struct kw_forms {
    struct kw_fold fold;
    struct kw_vocabulary written;
    struct kw_vocabulary surfaces;
    struct kw_numbers surface_of; /* written -> surface */
    uint32_t cut;                 /* surface forms that were too long */
    struct kw_vocabulary raw;     /* words as they stand in the text, unless plain */
    struct kw_numbers raw_word;   /* raw -> written, or KW_NO_WORD */
};

/* Where the key of a word belongs: a plain one is its own written form. */
static inline const struct kw_vocabulary *kw_forms_vocabulary(const struct kw_forms *forms,
                                                              bool plain)
{
    return plain ? &forms->written : &forms->raw;
}

/* The number of a word that was looked up before, if that can be told at a glance; else KW_NO_WORD.
 */
static inline uint32_t kw_forms_glance(const struct kw_forms *forms,
                                       const struct kw_vocabulary_key *key, bool plain)
{
    uint32_t word = kw_vocabulary_glance(kw_forms_vocabulary(forms, plain), key);

    return plain || word == KW_NO_WORD ? word : forms->raw_word.items[word];
}

/* The number of a word, which is folded once for all its occurrences unless it is plain.
 * KW_E_MEMORY; KW_E_INPUT if it is not UTF-8. */
enum kw_status kw_forms_look_up(struct kw_forms *forms, const struct kw_vocabulary_key *key,
                                bool plain, uint32_t *word, struct kw_error *error);

/* Gives back the memory of what looks words up: none can be from then on, until a release. */
void kw_forms_seal(struct kw_forms *forms);

/* Forgets all words. */
void kw_forms_clear(struct kw_forms *forms);
void kw_forms_release(struct kw_forms *forms);

#endif
