/* Which surface forms each stem of a language has in a field, and whose postings serve it. */
#ifndef KW_INDEX_STEM_FORMS_H
#define KW_INDEX_STEM_FORMS_H

#include "index/inverter.h"

enum kw_stem_kind {
    KW_STEM_ABSENT,   /* not in this field */
    KW_STEM_SHARED,   /* its one form stands for nothing else: that form's postings are its own */
    KW_STEM_OF_FORMS, /* its forms stand for nothing else in its language: their positions are its
                         own */
    KW_STEM_APART, /* a form of it stands for another stem too (marks were folded): own positions */
};

struct kw_stem_forms {
    uint8_t *kinds;        /* of each stem: an enum kw_stem_kind */
    uint32_t *starts;      /* of each stem: where its forms begin in `ordinals` */
    uint32_t *form_counts; /* of each stem */
    uint64_t *ordinals;    /* of surface forms in the lexicon, rising within a stem */
    uint32_t
        *key_of; /* of each word: its stem if that needs postings of its own, else UINT32_MAX */
};

/* Fills `forms` for the language (index into the vocabulary's languages) from the words that stand
 * in its documents, of_word[w] times each. `ordinals` and `occurrences` are indexed by surface
 * form. KW_E_MEMORY. */
enum kw_status kw_stem_forms_init(struct kw_stem_forms *forms,
                                  const struct kw_batch_words *vocabulary, uint32_t language,
                                  const uint64_t *of_word, const uint64_t *ordinals,
                                  const uint64_t *occurrences, struct kw_error *error);
void kw_stem_forms_release(struct kw_stem_forms *forms);

#endif
