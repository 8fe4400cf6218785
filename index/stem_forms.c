/* Sorts each stem's words and surface forms, and decides whose postings serve it. */
#include "index/stem_forms.h"

#include <stdlib.h>

/* Counts made on the way. */
struct counts {
    const uint64_t *of_word;    /* occurrences of each word in the language's documents */
    uint64_t *of_surface;       /* the same of each surface form */
    uint32_t *words_of_surface; /* how many such words each surface form stands for */
};

static void count_surfaces(struct counts *counts, const struct kw_batch_words *vocabulary)
{
    for (uint32_t word = 0; word < vocabulary->word_count; word++) {
        uint32_t surface = vocabulary->surface_of[word];
        counts->of_surface[surface] += counts->of_word[word];
        counts->words_of_surface[surface] += counts->of_word[word] > 0;
    }
}

static int compare_ordinals(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Gathers each stem's surface forms behind one another (as surface numbers for now). Until the end,
 * form_counts holds how many words each stem stands for. */
static void gather(struct kw_stem_forms *forms, const struct counts *counts,
                   const struct kw_batch_words *vocabulary, const struct kw_stem_table *table)
{
    uint32_t next = 0;
    for (uint32_t word = 0; word < vocabulary->word_count; word++)
        if (counts->of_word[word] && table->stem_of[word] != UINT32_MAX)
            forms->form_counts[table->stem_of[word]]++;
    for (uint32_t stem = 0; stem < table->stem_count; stem++) {
        forms->starts[stem] = next;
        next += forms->form_counts[stem];
        forms->form_counts[stem] = 0;
    }
    for (uint32_t word = 0; word < vocabulary->word_count; word++) {
        uint32_t stem = table->stem_of[word];
        if (counts->of_word[word] && stem != UINT32_MAX)
            forms->ordinals[forms->starts[stem] + forms->form_counts[stem]++] =
                vocabulary->surface_of[word];
    }
}

/* Settles one stem: its kind, and its forms without repeats as ordinals. */
static void settle(struct kw_stem_forms *forms, uint32_t stem, const struct counts *counts,
                   const uint64_t *ordinals, const uint64_t *occurrences)
{
    uint64_t *surfaces = forms->ordinals + forms->starts[stem];
    uint32_t words = forms->form_counts[stem];
    uint32_t unique = 0;
    uint64_t words_of_forms = 0;
    if (!words)
        return;
    qsort(surfaces, words, sizeof *surfaces, compare_ordinals);
    for (uint32_t i = 0; i < words; i++) {
        if (unique && surfaces[unique - 1] == surfaces[i])
            continue;
        words_of_forms += counts->words_of_surface[surfaces[i]];
        surfaces[unique++] = surfaces[i];
    }
    forms->kinds[stem] = words_of_forms == words ? KW_STEM_OF_FORMS : KW_STEM_APART;
    if (unique == 1 && words_of_forms == words &&
        counts->of_surface[surfaces[0]] == occurrences[surfaces[0]])
        forms->kinds[stem] = KW_STEM_SHARED;
    for (uint32_t i = 0; i < unique; i++)
        surfaces[i] = ordinals[surfaces[i]];
    qsort(surfaces, unique, sizeof *surfaces, compare_ordinals);
    forms->form_counts[stem] = unique;
}

enum kw_status kw_stem_forms_init(struct kw_stem_forms *forms,
                                  const struct kw_batch_words *vocabulary, uint32_t language,
                                  const uint64_t *of_word, const uint64_t *ordinals,
                                  const uint64_t *occurrences, struct kw_error *error)
{
    const struct kw_stem_table *table = &vocabulary->languages[language];
    size_t words = (size_t)vocabulary->word_count + 1;
    size_t stems = (size_t)table->stem_count + 1;
    size_t surfaces = (size_t)vocabulary->surface_count + 1;
    enum kw_status status = KW_OK;
    struct counts counts = {of_word, calloc(surfaces, sizeof *counts.of_surface),
                            calloc(surfaces, sizeof *counts.words_of_surface)};
    *forms = (struct kw_stem_forms){
        calloc(stems, sizeof *forms->kinds), calloc(stems, sizeof *forms->starts),
        calloc(stems, sizeof *forms->form_counts), calloc(words, sizeof *forms->ordinals),
        calloc(words, sizeof *forms->key_of)};
    if (!counts.of_surface || !counts.words_of_surface || !forms->kinds || !forms->starts ||
        !forms->form_counts || !forms->ordinals || !forms->key_of) {
        kw_stem_forms_release(forms);
        status = kw_fail_memory(error);
        goto done;
    }
    count_surfaces(&counts, vocabulary);
    gather(forms, &counts, vocabulary, table);
    for (uint32_t stem = 0; stem < table->stem_count; stem++)
        settle(forms, stem, &counts, ordinals, occurrences);
    for (uint32_t word = 0; word < vocabulary->word_count; word++) {
        uint32_t stem = table->stem_of[word];
        bool own = stem != UINT32_MAX && forms->kinds[stem] > KW_STEM_SHARED;
        forms->key_of[word] = own ? stem : UINT32_MAX;
    }
done:
    free(counts.of_surface);
    free(counts.words_of_surface);
    return status;
}

void kw_stem_forms_release(struct kw_stem_forms *forms)
{
    free(forms->kinds);
    free(forms->starts);
    free(forms->form_counts);
    free(forms->ordinals);
    free(forms->key_of);
    *forms = (struct kw_stem_forms){0};
}
