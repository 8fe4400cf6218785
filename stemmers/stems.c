/* Stems by language: which words need one, and what it is. */
#include "stemmers/stems.h"

#include <stdio.h>
#include <stdlib.h>

enum kw_status kw_stems_use(struct kw_stems *stems, const char *name, uint32_t *number,
                            struct kw_error *error)
{
    struct kw_language_stems *added;

    for (size_t i = 0; i < stems->count; i++) {
        *number = (uint32_t)i;
        if (strcmp(stems->items[i].name, name) == 0)
            return KW_OK;
    }
    if (stems->count == KW_LANGUAGES)
        return kw_fail(error, KW_E_USAGE, "more than %d languages at once", KW_LANGUAGES);
    if (strlen(name) >= KW_LANGUAGE_SIZE)
        return kw_fail(error, KW_E_USAGE, "unknown language '%s'", name);
    if (!kw_grow(stems, stems->count + 1))
        return kw_fail_memory(error);
    added = &stems->items[stems->count];
    *added = (struct kw_language_stems){.stemmer = KW_STEMMER_INIT, .stems = KW_VOCABULARY_INIT};
    snprintf(added->name, sizeof added->name, "%s", name);
    *number = (uint32_t)stems->count;
    enum kw_status status = kw_stemmer_init(&added->stemmer, name, error);
    if (status == KW_OK)
        stems->count++;
    return status;
}

enum kw_status kw_stems_mark(struct kw_stems *stems, uint32_t language, const uint32_t *words,
                             size_t count, struct kw_error *error)
{
    uint64_t bits = language == KW_EVERY_LANGUAGE ? ~(uint64_t)0 : (uint64_t)1 << language;
    size_t known = stems->met.count;

    for (size_t i = 0; i < count; i++)
        if (words[i] >= known)
            known = (size_t)words[i] + 1;
    if (!kw_grow(&stems->met, known))
        return kw_fail_memory(error);
    while (stems->met.count < known)
        stems->met.items[stems->met.count++] = 0;
    for (size_t i = 0; i < count; i++)
        stems->met.items[words[i]] |= bits;
    return KW_OK;
}

static bool is_met(const struct kw_stems *stems, size_t language, size_t word)
{
    return !stems->marked ||
           (word < stems->met.count && (stems->met.items[word] >> language & 1) != 0);
}

/* Computes the stems of one language. */
static enum kw_status close_language(struct kw_stems *stems, size_t language,
                                     const struct kw_vocabulary *written, struct kw_fold *fold,
                                     struct kw_error *error)
{
    struct kw_language_stems *own = &stems->items[language];

    if (!kw_grow(&own->stem_of, written->count))
        return kw_fail_memory(error);
    while (own->stem_of.count < written->count)
        own->stem_of.items[own->stem_of.count++] = KW_NO_STEM;
    for (size_t word = 0; word < written->count; word++) {
        struct kw_view stem;
        enum kw_status status;

        if (own->stem_of.items[word] != KW_NO_STEM || !is_met(stems, language, word))
            continue;
        status = kw_stemmer_stem(&own->stemmer, kw_vocabulary_get(written, (uint32_t)word), fold,
                                 &stem, error);
        if (status != KW_OK)
            return status;
        own->stem_of.items[word] = kw_vocabulary_add(&own->stems, stem);
        if (own->stem_of.items[word] == KW_NO_WORD)
            return kw_fail_memory(error);
    }
    return KW_OK;
}

enum kw_status kw_stems_close(struct kw_stems *stems, const struct kw_vocabulary *written,
                              struct kw_fold *fold, struct kw_error *error)
{
    enum kw_status status = KW_OK;

    for (size_t i = 0; i < stems->count && status == KW_OK; i++)
        status = close_language(stems, i, written, fold, error);
    return status;
}

void kw_stems_clear(struct kw_stems *stems)
{
    for (size_t i = 0; i < stems->count; i++) {
        kw_vocabulary_clear(&stems->items[i].stems);
        stems->items[i].stem_of.count = 0;
    }
    stems->met.count = 0;
    stems->marked = false;
}

void kw_stems_release(struct kw_stems *stems)
{
    for (size_t i = 0; i < stems->count; i++) {
        kw_stemmer_release(&stems->items[i].stemmer);
        kw_vocabulary_release(&stems->items[i].stems);
        free(stems->items[i].stem_of.items);
    }
    free(stems->items);
    free(stems->met.items);
    *stems = (struct kw_stems)KW_STEMS_INIT;
}
