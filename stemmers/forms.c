/* Words to numbers, and their surface forms. */
#include "stemmers/forms.h"

#include <stdlib.h>

/* The id of a written form, with its surface form noted. KW_NO_WORD when memory runs out. */
static uint32_t intern(struct kw_forms *forms, const struct kw_vocabulary_key *written,
                       struct kw_view surface, bool cut)
{
    struct kw_numbers *surface_of = &forms->surface_of;
    uint32_t word = kw_vocabulary_add_key(&forms->written, written), number;
    size_t known = forms->surfaces.count;

    if (word == KW_NO_WORD || word < surface_of->count)
        return word;
    number = kw_grow(surface_of, surface_of->count + 1)
                 ? kw_vocabulary_add(&forms->surfaces, surface)
                 : KW_NO_WORD;
    if (number == KW_NO_WORD) {
        kw_vocabulary_drop_last(&forms->written);
        return KW_NO_WORD;
    }
    surface_of->items[surface_of->count++] = number;
    forms->cut += cut && forms->surfaces.count > known;
    return word;
}

/* The id of any other word, folded once for all its occurrences. */
static enum kw_status intern_raw(struct kw_forms *forms, const struct kw_vocabulary_key *word,
                                 uint32_t *id, struct kw_error *error)
{
    struct kw_numbers *known = &forms->raw_word;
    struct kw_vocabulary_key written;
    uint32_t raw;
    enum kw_status status;

    if (!kw_grow(known, forms->raw.count + 1))
        return kw_fail_memory(error);
    raw = kw_vocabulary_add_key(&forms->raw, word);
    if (raw == KW_NO_WORD)
        return kw_fail_memory(error);
    if (raw == known->count)
        known->items[known->count++] = KW_NO_WORD;
    *id = known->items[raw];
    if (*id != KW_NO_WORD)
        return KW_OK;
    status = kw_fold_word(&forms->fold, word->string, error);
    if (status != KW_OK)
        return status;
    written = kw_vocabulary_key(kw_bytes_view(&forms->fold.written));
    *id = intern(forms, &written, kw_bytes_view(&forms->fold.surface), forms->fold.cut);
    if (*id == KW_NO_WORD)
        return kw_fail_memory(error);
    known->items[raw] = *id;
    return KW_OK;
}

enum kw_status kw_forms_look_up(struct kw_forms *forms, const struct kw_vocabulary_key *key,
                                bool plain, uint32_t *word, struct kw_error *error)
{
    if (!plain)
        return intern_raw(forms, key, word, error);
    *word = intern(forms, key, key->string, false);
    return *word == KW_NO_WORD ? kw_fail_memory(error) : KW_OK;
}

void kw_forms_seal(struct kw_forms *forms)
{
    kw_vocabulary_seal(&forms->written);
    kw_vocabulary_seal(&forms->surfaces);
    kw_vocabulary_release(&forms->raw);
    free(forms->raw_word.items);
    forms->raw_word = (struct kw_numbers){NULL, 0, 0};
}

void kw_forms_clear(struct kw_forms *forms)
{
    kw_vocabulary_clear(&forms->written);
    kw_vocabulary_clear(&forms->surfaces);
    kw_vocabulary_clear(&forms->raw);
    forms->raw_word.count = 0;
    forms->surface_of.count = 0;
    forms->cut = 0;
}

void kw_forms_release(struct kw_forms *forms)
{
    kw_fold_release(&forms->fold);
    kw_vocabulary_release(&forms->written);
    kw_vocabulary_release(&forms->surfaces);
    kw_vocabulary_release(&forms->raw);
    free(forms->raw_word.items);
    free(forms->surface_of.items);
}
