/* Merges the terms of all fields: the inputs' lexicons are walked side by side, field by field,
 * surface terms first, then the stems of each language. */
#include "index/merge_parts.h"
#include "index/sort.h"

#include <stdlib.h>

enum {
    CUT_LEAST = 193, /* bytes of a surface term that was cut: 177 to 180 … */
    CUT_MOST = 196,  /* … and a hash in hexadecimal digits */
    CUT_DIGITS = 16,
    ASK_TERMS = 1 << 14,
    SHARE_BEFORE = 300, /* of 1000 parts of the work: what was done before terms, … */
    SHARE = 600,        /* … and what terms are */
};

/* The work on terms. */
struct terms {
    struct kw_merge *merge;
    struct kw_merge_heap heap;
    struct kw_lexicon_cursor *cursors;
    size_t opened; /* of these */
    struct kw_merge_list list;
    struct kw_spool postings;
    struct kw_lexicon_writer lexicon;
    struct kw_pairs_writer pairs;
    struct kw_bytes pair_keys;
    struct kw_fields_writer fields;
    struct kw_bytes cuts; /* cut surface terms of all fields, each behind its length, … */
    uint64_t cut_count;   /* … how many */
    bool cut;             /* some segment has such */
};

/* ---- Walking ------------------------------------------------------------------------------ */

/* Moves an input's cursor on and puts it back into the heap. */
static enum kw_status advance(struct kw_merge_heap *heap, struct kw_lexicon_cursor *cursors,
                              uint32_t input, struct kw_error *error)
{
    enum kw_status status = kw_lexicon_cursor_next_key(&cursors[input], error);
    if (status)
        return status == KW_END ? KW_OK : status;
    kw_merge_heap_add(heap, input, kw_bytes_view(&cursors[input].key));
    return KW_OK;
}

enum kw_status kw_merge_step(struct kw_merge_heap *heap, struct kw_lexicon_cursor *cursors,
                             struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < heap->group_count && !status; i++)
        status = advance(heap, cursors, heap->group[i], error);
    return status;
}

/* Whether the least key of the heap begins with `prefix`. */
static bool comes(const struct kw_merge_heap *heap, struct kw_view prefix)
{
    if (!heap->count)
        return false;
    struct kw_view key = heap->keys[heap->items[0]];
    return key.size >= prefix.size &&
           (!prefix.size || memcmp(key.data, prefix.data, prefix.size) == 0);
}

/* ---- Surface terms ------------------------------------------------------------------------ */

/* Keeps a surface term that looks like one that was cut. */
static enum kw_status keep_cut(struct terms *terms, struct kw_view term, struct kw_error *error)
{
    if (!terms->cut || term.size < CUT_LEAST || term.size > CUT_MOST)
        return KW_OK;
    for (size_t i = term.size - CUT_DIGITS; i < term.size; i++)
        if (!memchr("0123456789abcdef", term.data[i], 16))
            return KW_OK;
    terms->cut_count++;
    kw_bytes_string(&terms->cuts, term);
    return kw_bytes_status(&terms->cuts, error);
}

/* How many different terms were kept: fields can have the same. */
static enum kw_status count_cuts(const struct terms *terms, uint64_t *count, struct kw_error *error)
{
    struct kw_view rest = kw_bytes_view(&terms->cuts);
    struct kw_view *views = malloc((terms->cut_count + 1) * sizeof *views);
    uint32_t *order = malloc((terms->cut_count + 1) * sizeof *order);
    enum kw_status status = views && order ? KW_OK : kw_fail_memory(error);
    for (uint64_t i = 0; i < terms->cut_count && !status; i++)
        kw_take_string(&rest, &views[i]);
    if (!status)
        status = kw_sort_views(views, order, terms->cut_count, error);
    *count = 0;
    for (uint64_t i = 0; i < terms->cut_count && !status; i++)
        *count += !i || !kw_view_equal(views[order[i]], views[order[i - 1]]);
    free(views);
    free(order);
    return status;
}

/* Gathers what stays of the postings of the group's surface term. */
static enum kw_status gather(struct kw_merge_field *field, struct kw_error *error)
{
    struct kw_merge *merge = field->merge;
    const struct kw_merge_heap *heap = field->heap;
    uint32_t place = (uint32_t)field->totals.surfaces;
    kw_merge_list_clear(field->list, true);
    for (uint32_t i = 0; i < heap->group_count; i++) {
        struct kw_merge_input *input = &merge->inputs[heap->group[i]];
        struct kw_lexicon_cursor *cursor = &field->cursors[heap->group[i]];
        uint32_t before = field->list->count;
        enum kw_status status = kw_lexicon_cursor_entry(cursor, error);
        if (!status)
            status = kw_merge_list_add(field->list, input, &cursor->term, error);
        if (status)
            return status;
        uint64_t at = cursor->term.ordinal - input->surfaces_from;
        if (cursor->term.ordinal < input->surfaces_from || at >= input->surfaces) {
            kw_pages_damage(&input->segment->pages, input->segment->fields, 0,
                            "a field has other numbers of terms than its row says");
            return kw_segment_status(input->segment, error);
        }
        input->places[at] = field->list->count > before ? place : KW_NO_PLACE;
    }
    return KW_OK;
}

/* Writes the group's surface term, if anything is left of it; `term` is the key's own part. */
static enum kw_status write_surface(struct terms *terms, struct kw_merge_field *field,
                                    struct kw_view key, struct kw_view term, struct kw_error *error)
{
    struct kw_posting_list list;
    enum kw_status status = gather(field, error);
    if (!status)
        status = kw_merge_list_end(field->list, &list, error);
    if (status || !list.count)
        return status;
    if (field->totals.surfaces == KW_NO_PLACE ||
        !kw_grow(&field->frequencies, (size_t)field->totals.surfaces + 1))
        return kw_fail_memory(error);
    field->frequencies.items[field->totals.surfaces++] = list.count;
    kw_lexicon_writer_surface(field->lexicon, key, &list, field->ks);
    if (field->pairs)
        status = kw_pairs_writer_term(field->pairs, 0, list.count, error);
    if (!status && field->pairs && list.count >= KW_PAIR_DOCUMENTS) {
        field->pairs->words.items[field->pairs->word_count - 1].number =
            (uint32_t)field->pair_keys->size;
        kw_bytes_string(field->pair_keys, key);
    }
    if (!status)
        status = keep_cut(terms, term, error);
    return status;
}

/* Prepares the inputs for the field's surface terms, whose keys begin with `prefix`. */
static enum kw_status begin_surfaces(struct kw_merge_field *field, struct kw_view prefix,
                                     struct kw_error *error)
{
    for (uint32_t i = 0; i < field->merge->count; i++) {
        struct kw_merge_input *input = &field->merge->inputs[i];
        struct kw_lexicon_cursor *cursor = &field->cursors[i];
        struct kw_field_info info = {.surfaces = 0};
        struct kw_view key = kw_bytes_view(&cursor->key);
        enum kw_status status = KW_OK;
        if (input->field >= 0)
            status = kw_segment_field(input->segment, (uint32_t)input->field, &info, error);
        if (status)
            return status;
        bool comes_next =
            key.size >= prefix.size && memcmp(key.data, prefix.data, prefix.size) == 0;
        free(input->places);
        input->surfaces = comes_next ? info.surfaces : 0;
        input->surfaces_from = cursor->ordinal - 1;
        if (input->surfaces > input->segment->lexicon->parameter)
            input->surfaces = 0; /* found out when the first one comes */
        input->places = malloc((input->surfaces + 1) * sizeof *input->places);
        if (!input->places)
            return kw_fail_memory(error);
        for (uint64_t j = 0; j < input->surfaces; j++)
            input->places[j] = KW_NO_PLACE;
    }
    return KW_OK;
}

enum kw_status kw_merge_after_term(struct kw_merge_field *field, struct kw_error *error)
{
    struct kw_merge *merge = field->merge;
    enum kw_status status = kw_spool_relieve(field->lexicon->postings, error);
    uint64_t before = merge->done;
    merge->done += field->heap->group_count;
    if (!status)
        status = kw_spool_relieve(&field->lexicon->entries, error);
    if (!status && before / ASK_TERMS != merge->done / ASK_TERMS)
        status = kw_merge_ask(
            merge, (uint32_t)(SHARE_BEFORE + merge->done * SHARE / (merge->all + 1)), error);
    return status;
}

static enum kw_status write_surfaces(struct terms *terms, struct kw_merge_field *field,
                                     struct kw_error *error)
{
    struct kw_bytes prefix = KW_BYTES_INIT;
    kw_key_surface(&prefix, field->name, (struct kw_view){NULL, 0});
    enum kw_status status = kw_bytes_status(&prefix, error);
    if (!status)
        status = begin_surfaces(field, kw_bytes_view(&prefix), error);
    field->first_surface = terms->lexicon.count;
    while (!status && comes(&terms->heap, kw_bytes_view(&prefix))) {
        kw_merge_heap_take(&terms->heap);
        struct kw_view key = terms->heap.keys[terms->heap.group[0]];
        struct kw_view term = {key.data + prefix.size, key.size - prefix.size};
        status = write_surface(terms, field, key, term, error);
        if (!status)
            status = kw_merge_step(&terms->heap, terms->cursors, error);
        if (!status)
            status = kw_merge_after_term(field, error);
    }
    kw_bytes_release(&prefix);
    return status;
}

/* ---- Stems -------------------------------------------------------------------------------- */

/* The merged number of the language called `name`; UINT32_MAX if no document that stays has it. */
static uint32_t find_language(const struct kw_merge *merge, struct kw_view name)
{
    struct kw_view names = kw_bytes_view(&merge->languages), known;
    for (uint32_t number = 0; kw_take_string(&names, &known); number++)
        if (kw_view_equal(known, name))
            return number;
    return UINT32_MAX;
}

/* Writes the stems of all languages, which come next. */
static enum kw_status write_stems(struct terms *terms, struct kw_merge_field *field,
                                  struct kw_error *error)
{
    struct kw_bytes prefix = KW_BYTES_INIT;
    size_t start = field->name.size + 2;
    enum kw_status status = KW_OK;
    for (;;) {
        kw_bytes_clear(&prefix);
        kw_bytes_append_view(&prefix, field->name);
        kw_bytes_append_byte(&prefix, 0);
        kw_bytes_append_byte(&prefix, KW_TERM_STEM);
        if ((status = kw_bytes_status(&prefix, error)) ||
            !comes(&terms->heap, kw_bytes_view(&prefix)))
            break;
        struct kw_view key = terms->heap.keys[terms->heap.items[0]];
        const uint8_t *end =
            key.size > start ? memchr(key.data + start, 0, key.size - start) : NULL;
        size_t size = end ? (size_t)(end - key.data) - start : key.size - start;
        struct kw_view name = {key.data + start, size};
        uint32_t language = find_language(field->merge, name);
        kw_bytes_append(&prefix, key.data + start, end ? size + 1 : size);
        status = kw_bytes_status(&prefix, error);
        if (!status)
            status = kw_merge_stems(field, kw_bytes_view(&prefix), language, error);
        if (status)
            break;
    }
    kw_bytes_release(&prefix);
    return status;
}

/* ---- Fields ------------------------------------------------------------------------------- */

/* Adds up the lengths of the field's documents that stay, and fills lengths[]. */
static enum kw_status add_lengths(struct kw_merge_field *field, uint32_t *lengths,
                                  struct kw_error *error)
{
    struct kw_merge *merge = field->merge;
    memset(lengths, 0, merge->documents * sizeof *lengths);
    for (size_t i = 0; i < merge->count; i++) {
        struct kw_merge_input *input = &merge->inputs[i];
        struct kw_field_info info;
        if (input->field < 0)
            continue;
        enum kw_status status =
            kw_segment_field(input->segment, (uint32_t)input->field, &info, error);
        for (uint32_t d = 0; d < input->segment->documents && !status; d++)
            if (input->map[d] != KW_NO_DOCUMENT)
                lengths[input->map[d]] = kw_segment_length(input->segment, &info, d);
        if (!status)
            status = kw_segment_status(input->segment, error);
        if (status)
            return status;
    }
    for (uint32_t i = 0; i < merge->documents; i++)
        kw_field_totals_add(&field->totals, lengths[i]);
    for (uint32_t i = 0; i < merge->documents; i++)
        field->ks[i] = kw_strength_k(field->totals.documents, field->totals.length, lengths[i]);
    return KW_OK;
}

/* Writes a field; one of which no document has words any more is left out. */
static enum kw_status write_field(struct terms *terms, struct kw_view name, struct kw_error *error)
{
    struct kw_merge *merge = terms->merge;
    struct kw_merge_field field = {.merge = merge,
                                   .name = name,
                                   .lexicon = &terms->lexicon,
                                   .cursors = terms->cursors,
                                   .heap = &terms->heap,
                                   .list = &terms->list,
                                   .pairs = name.size ? NULL : &terms->pairs,
                                   .pair_keys = &terms->pair_keys};
    uint32_t *lengths = malloc(((size_t)merge->documents + 1) * sizeof *lengths);
    field.ks = malloc(((size_t)merge->documents + 1) * sizeof *field.ks);
    enum kw_status status = lengths && field.ks ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < merge->count; i++)
        merge->inputs[i].field = kw_segment_find_field(merge->inputs[i].segment, name);
    if (!status)
        status = add_lengths(&field, lengths, error);
    if (!status)
        status = write_surfaces(terms, &field, error);
    if (!status)
        status = write_stems(terms, &field, error);
    if (!status && field.pairs)
        status = kw_merge_pairs(&field, error);
    if (!status && (field.totals.documents || !name.size))
        status = kw_fields_writer_add(&terms->fields, name, &field.totals, lengths,
                                      merge->documents, error);
    free(lengths);
    free(field.ks);
    free(field.frequencies.items);
    return status;
}

/* Puts the name of the input's field `number`, if it has such a one, into the heap. */
static enum kw_status push_field(struct terms *terms, struct kw_merge_heap *names, uint32_t input,
                                 uint32_t number, struct kw_error *error)
{
    struct kw_segment *segment = terms->merge->inputs[input].segment;
    struct kw_field_info info;
    if (number >= segment->field_count)
        return KW_OK;
    enum kw_status status = kw_segment_field(segment, number, &info, error);
    if (!status)
        kw_merge_heap_add(names, input, info.name);
    return status;
}

/* Writes all fields, by their names. */
static enum kw_status write_fields(struct terms *terms, struct kw_error *error)
{
    struct kw_merge *merge = terms->merge;
    struct kw_merge_heap names;
    uint32_t *next = calloc(merge->count + 1, sizeof *next);
    enum kw_status status = kw_merge_heap_init(&names, merge->count, error);
    if (!status && !next)
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < merge->count && !status; i++)
        status = push_field(terms, &names, i, 0, error);
    while (!status && kw_merge_heap_take(&names)) {
        status = write_field(terms, names.keys[names.group[0]], error);
        for (uint32_t i = 0; i < names.group_count && !status; i++)
            status = push_field(terms, &names, names.group[i], ++next[names.group[i]], error);
    }
    free(next);
    kw_merge_heap_release(&names);
    return status;
}

/* ---- All ---------------------------------------------------------------------------------- */

static enum kw_status begin(struct terms *terms, struct kw_error *error)
{
    struct kw_merge *merge = terms->merge;
    const char *spool = merge->options->spool;
    enum kw_status status = kw_merge_heap_init(&terms->heap, merge->count, error);
    if (!status)
        status = kw_spool_init(&terms->postings, spool, error);
    if (!status)
        status = kw_spool_init(&terms->pairs.postings, spool, error);
    if (!status)
        status = kw_spool_init(&terms->fields.lengths, spool, error);
    if (!status)
        status =
            kw_lexicon_writer_init(&terms->lexicon, &terms->postings, &merge->pages, spool, error);
    terms->cursors = calloc(merge->count + 1, sizeof *terms->cursors);
    if (!status && !terms->cursors)
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < merge->count && !status; i++) {
        struct kw_segment *segment = merge->inputs[i].segment;
        terms->cut = terms->cut || segment->lexicon_index->parameter;
        merge->all += segment->lexicon->parameter;
        terms->cursors[i] = (struct kw_lexicon_cursor){.segment = segment};
        terms->opened++;
        status = advance(&terms->heap, terms->cursors, i, error);
    }
    return status;
}

static void release(struct terms *terms)
{
    for (size_t i = 0; i < terms->opened; i++)
        kw_lexicon_cursor_release(&terms->cursors[i]);
    free(terms->cursors);
    kw_merge_heap_release(&terms->heap);
    kw_merge_list_release(&terms->list);
    kw_spool_release(&terms->postings);
    kw_lexicon_writer_release(&terms->lexicon);
    kw_pairs_writer_release(&terms->pairs);
    kw_fields_writer_release(&terms->fields);
    kw_bytes_release(&terms->pair_keys);
    kw_bytes_release(&terms->cuts);
}

enum kw_status kw_merge_terms(struct kw_merge *merge, struct kw_error *error)
{
    struct terms terms = {.merge = merge, .list = {.merge = merge}};
    enum kw_status status = begin(&terms, error);
    uint64_t cuts = 0;
    kw_pages_writer_section(&merge->pages, "positions");
    if (!status)
        status = write_fields(&terms, error);
    if (!status && terms.heap.count)
        status = kw_fail(error, KW_E_DAMAGED, "a lexicon has terms of a field that is not there");
    if (!status)
        status = count_cuts(&terms, &cuts, error);
    if (!status)
        status = kw_write_terms(&terms.lexicon, &terms.pairs, &merge->pages, cuts, error);
    if (!status)
        status = kw_write_fields(&terms.fields, &merge->pages, error);
    release(&terms);
    return status;
}
