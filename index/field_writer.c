/* Writes one field: surface terms in byte order, then the stems of each language. */
#include "index/field_writer.h"

#include "index/narrow.h"
#include "index/sort.h"
#include "index/stem_forms.h"
#include "index/strength.h"

#include <stdlib.h>

/* A field with fewer tokens than this part of the vocabulary's words is written with one of its
 * own. */
enum { NARROW = 8 };

enum { NOTHING = -2 /* is counted: no language */ };

/* What the steps of writing one field share. */
struct field_writer {
    const struct kw_batch *batch;
    const struct kw_batch_words *vocabulary;
    struct kw_lexicon_writer *lexicon;
    struct kw_pairs_writer *pairs; /* NULL: pairs are not wanted */
    struct kw_field_totals *totals;
    double *ks;            /* kw_strength_k by document */
    uint64_t *ordinals;    /* of each surface form in the lexicon; UINT64_MAX: not in this field */
    uint64_t *occurrences; /* of each surface form, in all languages */
    uint64_t *counts;      /* of each word as written */
    int64_t counted;       /* the language that is so for, or KW_ANY_LANGUAGE */
    struct kw_inverted inverted;
    struct kw_list_builder builder;
    struct kw_bytes key;
};

/* The numbers of the views that are wanted, sorted by bytes. */
static enum kw_status sorted(const struct kw_view *views, const uint8_t *wanted, uint32_t count,
                             uint32_t **order, uint32_t *order_count, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct kw_view *some = calloc((size_t)count + 1, sizeof *some);
    uint32_t *numbers = malloc(((size_t)count + 1) * sizeof *numbers);
    uint32_t *ranks = malloc(((size_t)count + 1) * sizeof *ranks);
    uint32_t found = 0;
    if (!some || !numbers || !ranks) {
        status = kw_fail_memory(error);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (wanted[i]) {
            numbers[found] = i;
            some[found++] = views[i];
        }
    }
    if ((status = kw_sort_views(some, ranks, found, error)))
        goto done;
    for (uint32_t i = 0; i < found; i++)
        ranks[i] = numbers[ranks[i]];
    *order = ranks;
    *order_count = found;
    ranks = NULL;
done:
    free(some);
    free(numbers);
    free(ranks);
    return status;
}

/* Counts the words of a language, unless they are. */
static void count_words(struct field_writer *field, int64_t language)
{
    bool counted = field->counted == language;
    const struct kw_batch *batch = field->batch;
    if (field->counted == KW_ANY_LANGUAGE && !counted) { /* of the batch's only language? */
        counted = true;
        for (size_t i = 0; i < batch->run_count && counted; i++)
            counted = batch->runs.items[i].language == language;
    }
    if (counted)
        return;
    memset(field->counts, 0, field->vocabulary->word_count * sizeof *field->counts);
    kw_batch_count(batch, language, field->counts);
    field->counted = language;
}

/* Takes a key's postings out of the field's. */
static enum kw_status take_list(struct field_writer *field, uint32_t key,
                                struct kw_posting_list *list, struct kw_error *error)
{
    struct kw_list_builder *builder = &field->builder;
    *list = (struct kw_posting_list){.count = 0};
    enum kw_status status = kw_inverted_list(&field->inverted, key, builder, &list->count, error);
    list->documents = builder->documents.items;
    list->frequencies = builder->frequencies.items;
    list->positions = builder->positions.items;
    return status;
}

/* Spills what waits to be written. */
static enum kw_status relieve(struct field_writer *field, struct kw_error *error)
{
    enum kw_status status = kw_spool_relieve(field->lexicon->postings, error);
    return status ? status : kw_spool_relieve(&field->lexicon->entries, error);
}

static enum kw_status write_surfaces(struct field_writer *field, struct kw_error *error)
{
    const struct kw_batch_words *vocabulary = field->vocabulary;
    struct kw_view name = {(const uint8_t *)field->batch->name, field->batch->name_size};
    uint32_t count = vocabulary->surface_count;
    struct kw_inverted *inverted = &field->inverted;
    uint32_t *order = NULL;
    uint32_t order_count = 0;
    uint8_t *wanted = calloc((size_t)count + 1, 1);
    const struct kw_sort_keys keys = {vocabulary->surface_of, count, field->counts,
                                      vocabulary->word_count};
    enum kw_status status = wanted ? KW_OK : kw_fail_memory(error);
    count_words(field, KW_ANY_LANGUAGE);
    if (!status)
        status = kw_invert(inverted, field->batch, &keys, KW_ANY_LANGUAGE, error);
    if (status)
        goto done;
    for (uint32_t i = 0; i < count; i++) {
        field->occurrences[i] = inverted->starts[i + 1] - inverted->starts[i];
        wanted[i] = field->occurrences[i] > 0;
        field->ordinals[i] = UINT64_MAX;
    }
    if ((status = sorted(vocabulary->surfaces, wanted, count, &order, &order_count, error)))
        goto done;
    for (uint32_t i = 0; i < order_count && !status; i++) {
        struct kw_posting_list list;
        kw_inverted_ask(inverted, order, i, order_count);
        status = take_list(field, order[i], &list, error);
        if (status)
            break;
        kw_key_surface(&field->key, name, vocabulary->surfaces[order[i]]);
        field->ordinals[order[i]] =
            kw_lexicon_writer_surface(field->lexicon, kw_bytes_view(&field->key), &list, field->ks);
        if (field->pairs)
            status = kw_pairs_writer_term(field->pairs, order[i], list.count, error);
        if (!status)
            status = relieve(field, error);
    }
    field->totals->surfaces = order_count;
done:
    free(order);
    free(wanted);
    return status;
}

/* Writes one stem: sharing its only form's postings, or with its own. */
static enum kw_status write_stem(struct field_writer *field, struct kw_view language,
                                 const struct kw_stem_forms *forms, uint32_t stem,
                                 struct kw_view bytes, struct kw_error *error)
{
    struct kw_view name = {(const uint8_t *)field->batch->name, field->batch->name_size};
    uint32_t from = forms->starts[stem];
    uint32_t form_count = forms->form_counts[stem];
    const uint64_t *ordinals = forms->ordinals + from;
    kw_key_stem(&field->key, name, language, bytes);
    if (forms->kinds[stem] == KW_STEM_SHARED) {
        kw_lexicon_writer_stem(field->lexicon, kw_bytes_view(&field->key), ordinals, form_count,
                               NULL, NULL);
        return KW_OK;
    }
    struct kw_posting_list list;
    enum kw_status status = take_list(field, stem, &list, error);
    if (status)
        return status;
    if (forms->kinds[stem] == KW_STEM_OF_FORMS)
        list.positions = NULL;
    kw_lexicon_writer_stem(field->lexicon, kw_bytes_view(&field->key), ordinals, form_count, &list,
                           field->ks);
    return relieve(field, error);
}

static enum kw_status write_stems(struct field_writer *field, uint32_t language,
                                  struct kw_error *error)
{
    const struct kw_stem_table *table = &field->vocabulary->languages[language];
    struct kw_stem_forms forms = {0};
    struct kw_inverted *inverted = &field->inverted;
    uint32_t *order = NULL;
    uint32_t order_count = 0;
    count_words(field, language);
    enum kw_status status = kw_stem_forms_init(&forms, field->vocabulary, language, field->counts,
                                               field->ordinals, field->occurrences, error);
    const struct kw_sort_keys keys = {forms.key_of, table->stem_count, field->counts,
                                      field->vocabulary->word_count};
    if (!status)
        status = kw_invert(inverted, field->batch, &keys, language, error);
    if (!status)
        status = sorted(table->stems, forms.kinds, table->stem_count, &order, &order_count, error);
    for (uint32_t i = 0; i < order_count && !status; i++) {
        kw_inverted_ask(inverted, order, i, order_count);
        status =
            write_stem(field, table->language, &forms, order[i], table->stems[order[i]], error);
    }
    field->totals->stems += order_count;
    kw_stem_forms_release(&forms);
    free(order);
    return status;
}

/* Notes in wanted[] the languages that have stems and tokens in the field. */
static void want_languages(const struct field_writer *field, bool *wanted)
{
    uint64_t at = 0;
    for (size_t r = 0; r < field->batch->run_count; r++) {
        const struct kw_run *run = &field->batch->runs.items[r];
        if (run->end > at && field->vocabulary->languages[run->language].stem_of)
            wanted[run->language] = true;
        at = run->end;
    }
}

/* Writes all languages' stems, by the languages' names. */
static enum kw_status write_languages(struct field_writer *field, struct kw_error *error)
{
    const struct kw_batch_words *vocabulary = field->vocabulary;
    enum kw_status status = KW_OK;
    uint32_t count = vocabulary->language_count;
    struct kw_view *names = malloc(count * sizeof *names);
    uint32_t *order = malloc(count * sizeof *order);
    bool *wanted = calloc((size_t)count + 1, sizeof *wanted);
    if (!names || !order || !wanted) {
        status = kw_fail_memory(error);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++)
        names[i] = vocabulary->languages[i].language;
    want_languages(field, wanted);
    status = kw_sort_views(names, order, count, error);
    for (uint32_t i = 0; i < count && !status; i++)
        if (wanted[order[i]])
            status = write_stems(field, order[i], error);
done:
    free(names);
    free(order);
    free(wanted);
    return status;
}

/* Adds up the lengths of the batch's documents. */
static void add_lengths(struct kw_field_totals *totals, const struct kw_batch *batch)
{
    *totals = (struct kw_field_totals){0};
    for (size_t i = 0; i < batch->run_count; i++)
        kw_field_totals_add(totals, batch->runs.items[i].length);
}

/* kw_strength_k of the batch's documents, by their numbers; NULL without memory. */
static double *make_ks(const struct kw_batch *batch, const struct kw_field_totals *totals)
{
    const struct kw_run *runs = batch->runs.items;
    size_t count = batch->run_count ? (size_t)runs[batch->run_count - 1].document + 1 : 1;
    double *ks = malloc(count * sizeof *ks);
    for (size_t i = 0; ks && i < batch->run_count; i++)
        ks[runs[i].document] = kw_strength_k(totals->documents, totals->length, runs[i].length);
    return ks;
}

static enum kw_status write_field(const struct kw_batch *batch,
                                  const struct kw_batch_words *vocabulary,
                                  struct kw_lexicon_writer *lexicon, struct kw_pairs_writer *pairs,
                                  struct kw_field_totals *totals, struct kw_error *error)
{
    struct field_writer field = {.batch = batch,
                                 .vocabulary = vocabulary,
                                 .lexicon = lexicon,
                                 .pairs = pairs,
                                 .totals = totals,
                                 .counted = NOTHING};
    enum kw_status status = KW_OK;
    size_t surfaces = (size_t)vocabulary->surface_count + 1;
    add_lengths(totals, batch);
    field.ks = make_ks(batch, totals);
    field.ordinals = malloc(surfaces * sizeof *field.ordinals);
    field.occurrences = malloc(surfaces * sizeof *field.occurrences);
    field.counts = malloc(((size_t)vocabulary->word_count + 1) * sizeof *field.counts);
    if (!field.ks || !field.ordinals || !field.occurrences || !field.counts)
        status = kw_fail_memory(error);
    if (!status)
        status = write_surfaces(&field, error);
    if (!status)
        status = write_languages(&field, error);
    kw_inverted_release(&field.inverted);
    if (!status && pairs)
        status = kw_pairs_writer_batch(pairs, batch, vocabulary, field.ks, error);
    if (!status)
        status = kw_bytes_status(&field.key, error);
    free(field.ks);
    free(field.ordinals);
    free(field.occurrences);
    free(field.counts);
    kw_bytes_release(&field.key);
    kw_list_builder_release(&field.builder);
    return status;
}

enum kw_status kw_field_write(const struct kw_batch *batch, const struct kw_batch_words *vocabulary,
                              struct kw_lexicon_writer *lexicon, struct kw_pairs_writer *pairs,
                              struct kw_field_totals *totals, struct kw_error *error)
{
    struct kw_narrow narrow;
    if (batch->count >= vocabulary->word_count / NARROW)
        return write_field(batch, vocabulary, lexicon, pairs, totals, error);
    enum kw_status status = kw_narrow_init(&narrow, batch, vocabulary, error);
    if (status)
        return status;
    status = write_field(&narrow.batch, &narrow.vocabulary, lexicon, pairs, totals, error);
    kw_narrow_release(&narrow);
    return status;
}
