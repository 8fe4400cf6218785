/* Merges the stems of a language in a field. A stem's forms are those of all inputs; whose postings
 * serve it (index/stem_forms.h) follows from how many stems claim a form, once that is known of all
 * of them: a first walk over the stems counts claims, a second one writes. */
#include "index/merge_parts.h"

#include <stdlib.h>

enum { CLAIMED_TWICE = UINT32_MAX - 1, UNCLAIMED = UINT32_MAX };

/* The work on the stems of a language. */
struct stems {
    struct kw_merge_field *field;
    uint32_t language;       /* merged number */
    uint32_t *claims;        /* of each surface term of the field the stem, by place */
    struct kw_numbers forms; /* of the stem at hand: places, rising */
    uint32_t form_count;
    struct {
        uint64_t *items;
        size_t capacity;
    } ordinals; /* the same in the merged lexicon */
    struct {
        struct kw_term *items;
        size_t capacity;
    } terms;                        /* the forms of an input's stem */
    struct kw_numbers united, gaps; /* positions of several forms */
};

/* ---- Forms -------------------------------------------------------------------------------- */

/* Whether a document of the input stays and speaks the language. */
static bool speaks(const struct stems *stems, const struct kw_merge_input *input, uint32_t document)
{
    uint32_t own = input->spoken ? input->spoken[document] : 0;
    return input->map[document] != KW_NO_DOCUMENT && input->languages[own] == stems->language;
}

/* Whether two rising lists have a number in common. */
static bool meet(const uint32_t *a, uint32_t a_count, const uint32_t *b, uint32_t b_count)
{
    for (uint32_t i = 0, j = 0; i < a_count && j < b_count;) {
        if (a[i] == b[j])
            return true;
        if (a[i] < b[j])
            i++;
        else
            j++;
    }
    return false;
}

/* Whether the form stands somewhere as a word of the stem: at a position of the stem's own, if it
 * has such, in a document that stays and speaks the language. */
static enum kw_status stands(const struct stems *stems, const struct kw_merge_input *input,
                             const struct kw_term *form, const struct kw_term *stem, bool *found,
                             struct kw_error *error)
{
    struct kw_postings here, own;
    enum kw_status status = KW_OK;
    *found = false;
    kw_postings_init(&here, input->segment, form);
    kw_postings_init(&own, input->segment, stem);
    while (!*found && !status && kw_postings_next(&here) != KW_NO_DOCUMENT) {
        const uint32_t *positions, *of_stem;
        if (!speaks(stems, input, here.document))
            continue;
        *found = !stem->positional || stem->place == KW_PLACE_SHARED;
        if (*found || kw_postings_advance(&own, here.document) != here.document)
            continue;
        status = kw_postings_positions(&here, &positions, error);
        if (!status)
            status = kw_postings_positions(&own, &of_stem, error);
        if (!status)
            *found =
                meet(positions, kw_postings_frequency(&here), of_stem, kw_postings_frequency(&own));
    }
    kw_postings_release(&here);
    kw_postings_release(&own);
    return status ? status : kw_segment_status(input->segment, error);
}

/* Whether form `number` of the input's stem is still one. */
static enum kw_status is_left(struct stems *stems, const struct kw_merge_input *input,
                              const struct kw_term *stem, uint32_t number, bool *left,
                              struct kw_error *error)
{
    *left = true;
    if (input->whole || stem->place == KW_PLACE_SHARED ||
        (!stem->positional && kw_segment_languages(input->segment) == 1))
        return KW_OK;
    if (!kw_grow(&stems->terms, stem->form_count))
        return kw_fail_memory(error);
    enum kw_status status = kw_term_forms(input->segment, stem, stems->terms.items, error);
    if (!status)
        status = stands(stems, input, &stems->terms.items[number], stem, left, error);
    return status;
}

static int compare_places(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Adds the forms that an input's stem still has. */
static enum kw_status add_forms(struct stems *stems, const struct kw_merge_input *input,
                                const struct kw_term *stem, struct kw_error *error)
{
    struct kw_view coded = stem->forms;
    uint64_t next = 0, gap;
    for (uint32_t i = 0; i < stem->form_count; i++) {
        bool left;
        if (!kw_take_varint(&coded, &gap) || gap > input->segment->lexicon->parameter ||
            next + gap < input->surfaces_from ||
            next + gap - input->surfaces_from >= input->surfaces) {
            kw_pages_damage(&input->segment->pages, input->segment->lexicon, 0,
                            "a stem's forms make no sense");
            return kw_segment_status(input->segment, error);
        }
        uint32_t place = input->places[next + gap - input->surfaces_from];
        next += gap + 1;
        if (place == KW_NO_PLACE)
            continue;
        enum kw_status status = is_left(stems, input, stem, i, &left, error);
        if (status)
            return status;
        if (!kw_grow(&stems->forms, (size_t)stems->form_count + 1))
            return kw_fail_memory(error);
        if (left)
            stems->forms.items[stems->form_count++] = place;
    }
    return KW_OK;
}

/* Gathers the forms of the group's stem, sorted and without repeats. */
static enum kw_status gather_forms(struct stems *stems, const struct kw_merge_heap *heap,
                                   struct kw_lexicon_cursor *cursors, struct kw_error *error)
{
    uint32_t kept = 0;
    stems->form_count = 0;
    for (uint32_t i = 0; i < heap->group_count; i++) {
        struct kw_lexicon_cursor *cursor = &cursors[heap->group[i]];
        enum kw_status status = kw_lexicon_cursor_entry(cursor, error);
        if (!status)
            status = add_forms(stems, &stems->field->merge->inputs[heap->group[i]], &cursor->term,
                               error);
        if (status)
            return status;
    }
    uint32_t *forms = stems->forms.items;
    if (stems->form_count > 1)
        qsort(forms, stems->form_count, sizeof *forms, compare_places);
    for (uint32_t i = 0; i < stems->form_count; i++)
        if (!kept || forms[kept - 1] != forms[i])
            forms[kept++] = forms[i];
    stems->form_count = kept;
    return KW_OK;
}

/* ---- Claims ------------------------------------------------------------------------------- */

/* Walks the stems once and notes of each surface term which of them claims it. */
static enum kw_status count_claims(struct stems *stems, struct kw_view prefix,
                                   struct kw_error *error)
{
    struct kw_merge *merge = stems->field->merge;
    struct kw_merge_heap heap;
    uint32_t number = 0;
    size_t opened = 0;
    struct kw_lexicon_cursor *cursors = calloc(merge->count + 1, sizeof *cursors);
    enum kw_status status = kw_merge_heap_init(&heap, merge->count, error);
    if (!status && !cursors)
        status = kw_fail_memory(error);
    heap.group_count = 0;
    for (uint32_t i = 0; i < merge->count && !status; i++) {
        if (merge->inputs[i].field < 0 || !merge->inputs[i].segment->lexicon->parameter)
            continue;
        status = kw_lexicon_cursor_init(&cursors[i], merge->inputs[i].segment, prefix, error);
        opened = i + 1;
        heap.group[heap.group_count++] = i;
    }
    if (!status)
        status = kw_merge_step(&heap, cursors, error);
    while (!status && kw_merge_heap_take(&heap)) {
        struct kw_view key = heap.keys[heap.group[0]];
        if (key.size < prefix.size || memcmp(key.data, prefix.data, prefix.size) != 0)
            break;
        status = gather_forms(stems, &heap, cursors, error);
        for (uint32_t i = 0; i < stems->form_count && !status; i++) {
            uint32_t *claim = &stems->claims[stems->forms.items[i]];
            *claim = *claim == UNCLAIMED || *claim == number ? number : CLAIMED_TWICE;
        }
        number++;
        if (!status)
            status = kw_merge_step(&heap, cursors, error);
    }
    for (size_t i = 0; i < opened; i++)
        kw_lexicon_cursor_release(&cursors[i]);
    free(cursors);
    kw_merge_heap_release(&heap);
    return status;
}

/* ---- Postings ----------------------------------------------------------------------------- */

/* Adds to `united` the positions of a form in a document, which its cursor may not have passed. */
static enum kw_status unite(struct stems *stems, struct kw_postings *cursor, uint32_t document,
                            uint32_t *count, struct kw_error *error)
{
    const uint32_t *positions;
    if (kw_postings_advance(cursor, document) != document)
        return KW_OK;
    uint32_t more = kw_postings_frequency(cursor);
    enum kw_status status = kw_postings_positions(cursor, &positions, error);
    if (!status && !kw_grow(&stems->united, (size_t)*count + more))
        status = kw_fail_memory(error);
    if (status)
        return status;
    memcpy(stems->united.items + *count, positions, more * sizeof *positions);
    *count += more;
    return KW_OK;
}

/* Adds the posting of a stem without positions, with those of its forms. */
static enum kw_status add_united(struct stems *stems, struct kw_postings *forms, uint32_t count,
                                 uint32_t document, uint32_t number, struct kw_error *error)
{
    uint32_t total = 0, kept = 0;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < count && !status; i++)
        status = unite(stems, &forms[i], document, &total, error);
    if (!status && !kw_grow(&stems->gaps, (size_t)total + 1))
        status = kw_fail_memory(error);
    if (status || !total)
        return status;
    uint32_t *united = stems->united.items;
    qsort(united, total, sizeof *united, compare_places);
    for (uint32_t i = 0; i < total; i++)
        if (!kept || united[kept - 1] != united[i])
            united[kept++] = united[i];
    for (uint32_t i = 0; i < kept; i++)
        stems->gaps.items[i] = united[i] - (i ? united[i - 1] + 1 : 0);
    return kw_merge_list_posting(stems->field->list, number, kept, stems->gaps.items, error);
}

/* Adds the postings of a stem that has none of its own positions, which it needs now. */
static enum kw_status add_with_positions(struct stems *stems, struct kw_merge_input *input,
                                         const struct kw_term *stem, struct kw_error *error)
{
    uint32_t count = stem->form_count;
    struct kw_postings own;
    struct kw_postings *forms = malloc(((size_t)count + 1) * sizeof *forms);
    if (!forms || !kw_grow(&stems->terms, count)) {
        free(forms);
        return kw_fail_memory(error);
    }
    enum kw_status status = kw_term_forms(input->segment, stem, stems->terms.items, error);
    if (status) {
        free(forms);
        return status;
    }
    for (uint32_t i = 0; i < count; i++)
        kw_postings_init(&forms[i], input->segment, &stems->terms.items[i]);
    kw_postings_init(&own, input->segment, stem);
    while (!status && kw_postings_next(&own) != KW_NO_DOCUMENT)
        if (input->map[own.document] != KW_NO_DOCUMENT)
            status = add_united(stems, forms, count, own.document, input->map[own.document], error);
    for (uint32_t i = 0; i < count; i++)
        kw_postings_release(&forms[i]);
    kw_postings_release(&own);
    free(forms);
    return status ? status : kw_segment_status(input->segment, error);
}

/* Gathers the postings of the group's stem, with positions or without. */
static enum kw_status gather_postings(struct stems *stems, bool positional,
                                      struct kw_posting_list *list, struct kw_error *error)
{
    struct kw_merge_field *field = stems->field;
    enum kw_status status = KW_OK;
    kw_merge_list_clear(field->list, positional);
    for (uint32_t i = 0; i < field->heap->group_count && !status; i++) {
        struct kw_merge_input *input = &field->merge->inputs[field->heap->group[i]];
        struct kw_term term = field->cursors[field->heap->group[i]].term, form;
        if (term.place == KW_PLACE_SHARED) {
            status = kw_term_forms(input->segment, &term, &form, error);
            if (!status)
                status = kw_merge_list_add(field->list, input, &form, error);
        } else if (positional && !term.positional) {
            status = add_with_positions(stems, input, &term, error);
        } else {
            status = kw_merge_list_add(field->list, input, &term, error);
        }
    }
    return status ? status : kw_merge_list_end(field->list, list, error);
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* Writes the group's stem, if anything is left of it. */
static enum kw_status write_stem(struct stems *stems, struct kw_error *error)
{
    struct kw_merge_field *field = stems->field;
    struct kw_view key = field->heap->keys[field->heap->group[0]];
    struct kw_posting_list list = {.count = 0};
    bool apart = false;
    enum kw_status status = gather_forms(stems, field->heap, field->cursors, error);
    uint32_t count = stems->form_count;
    if (status || !count)
        return status;
    if (!kw_grow(&stems->ordinals, count))
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        apart = apart || stems->claims[stems->forms.items[i]] == CLAIMED_TWICE;
        stems->ordinals.items[i] = field->first_surface + stems->forms.items[i];
    }
    bool shared = count == 1 && !apart;
    if (!shared || field->merge->language_count > 1)
        status = gather_postings(stems, apart, &list, error);
    if (status)
        return status;
    if (shared && field->merge->language_count > 1)
        shared = list.count == field->frequencies.items[stems->forms.items[0]];
    kw_lexicon_writer_stem(field->lexicon, key, stems->ordinals.items, count, shared ? NULL : &list,
                           field->ks);
    field->totals.stems++;
    return KW_OK;
}

enum kw_status kw_merge_stems(struct kw_merge_field *field, struct kw_view prefix,
                              uint32_t language, struct kw_error *error)
{
    struct stems stems = {.field = field, .language = language};
    size_t surfaces = (size_t)field->totals.surfaces;
    enum kw_status status = KW_OK;
    stems.claims = malloc((surfaces + 1) * sizeof *stems.claims);
    if (!stems.claims)
        return kw_fail_memory(error);
    for (size_t i = 0; i < surfaces; i++)
        stems.claims[i] = UNCLAIMED;
    if (language != UINT32_MAX)
        status = count_claims(&stems, prefix, error);
    while (!status && field->heap->count) {
        struct kw_view key = field->heap->keys[field->heap->items[0]];
        if (key.size < prefix.size || memcmp(key.data, prefix.data, prefix.size) != 0)
            break;
        kw_merge_heap_take(field->heap);
        if (language != UINT32_MAX)
            status = write_stem(&stems, error);
        if (!status)
            status = kw_merge_step(field->heap, field->cursors, error);
        if (!status)
            status = kw_merge_after_term(field, error);
    }
    free(stems.claims);
    free(stems.forms.items);
    free(stems.ordinals.items);
    free(stems.terms.items);
    free(stems.united.items);
    free(stems.gaps.items);
    return status;
}
