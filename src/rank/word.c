/* The cursor of a word. Its postings all stand on their next document ≥ the cursor's own. */
#include "rank/word.h"

#include "rank/term.h"

/* Where a term's positions are: in its own postings, or, for a stem without positions, in those of
 * its surface forms. */
struct place {
    struct kw_postings *forms;
    uint32_t form_count; /* 0: its own */
};

struct word_cursor {
    struct kw_cursor base;
    struct kw_evaluation *evaluation;
    struct kw_postings_list postings;
    struct place *places; /* by posting list; NULL until positions are asked for */
};

static int64_t settle(struct word_cursor *word)
{
    uint32_t first = KW_NO_DOCUMENT;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document < first)
            first = word->postings.items[i].document;
    return word->base.document = first;
}

static int64_t word_next(struct kw_cursor *cursor)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document == cursor->document)
            kw_postings_next(&word->postings.items[i]);
    return settle(word);
}

static int64_t word_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document < target)
            kw_postings_advance(&word->postings.items[i], target);
    return settle(word);
}

static void word_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    uint32_t frequency = 0;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document == cursor->document)
            frequency += kw_postings_frequency(&word->postings.items[i]);
    contributions->items[contributions->count++] =
        (struct kw_contribution){cursor->number, frequency};
}

static bool has_own_positions(const struct kw_term *term)
{
    return term->positional || term->form_count == 0;
}

/* Opens the postings of a stem's surface forms. */
static enum kw_status open_forms(struct word_cursor *word, const struct kw_term *stem,
                                 struct place *place, struct kw_error *error)
{
    struct kw_evaluation *evaluation = word->evaluation;
    struct kw_arena *arena = &evaluation->arena;
    struct kw_term *terms = kw_arena_alloc(arena, stem->form_count * sizeof *terms);
    struct kw_postings *forms = kw_arena_alloc(arena, stem->form_count * sizeof *forms);
    if (!terms || !forms)
        return kw_fail_memory(error);
    enum kw_status status = kw_term_forms(evaluation->segment, stem, terms, error);
    if (status != KW_OK)
        return status;
    for (uint32_t i = 0; i < stem->form_count; i++)
        kw_postings_init(&forms[i], evaluation->segment, &terms[i]);
    *place = (struct place){forms, stem->form_count};
    return KW_OK;
}

static enum kw_status open_places(struct word_cursor *word, struct kw_error *error)
{
    uint32_t count = word->postings.count;
    enum kw_status status = KW_OK;
    word->places = kw_arena_alloc(&word->evaluation->arena, count * sizeof *word->places);
    if (!word->places)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count && status == KW_OK; i++) {
        const struct kw_term *term = &word->postings.items[i].term;
        if (!has_own_positions(term))
            status = open_forms(word, term, &word->places[i], error);
    }
    return status;
}

/* Adds the positions of the posting on which `postings` stands. */
static enum kw_status add_posting(struct kw_postings *postings, struct kw_work *work,
                                  struct kw_spans *spans, struct kw_error *error)
{
    const uint32_t *positions;
    enum kw_status status = kw_find_positions(postings, work, &positions, error);
    if (status == KW_OK)
        status = kw_spans_add_positions(spans, positions, kw_postings_frequency(postings), error);
    return status;
}

static enum kw_status add_forms(const struct place *place, uint32_t document, struct kw_work *work,
                                struct kw_spans *spans, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < place->form_count && status == KW_OK; i++)
        if (kw_postings_advance(&place->forms[i], document) == document)
            status = add_posting(&place->forms[i], work, spans, error);
    return status;
}

static enum kw_status word_spans(struct kw_cursor *cursor, struct kw_spans *spans,
                                 struct kw_error *error)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    struct kw_work *work = word->evaluation->work;
    enum kw_status status = word->places ? KW_OK : open_places(word, error);
    spans->count = 0;
    for (uint32_t i = 0; i < word->postings.count && status == KW_OK; i++) {
        struct kw_postings *postings = &word->postings.items[i];
        if (postings->document != cursor->document)
            continue;
        status = word->places[i].form_count
                     ? add_forms(&word->places[i], postings->document, work, spans, error)
                     : add_posting(postings, work, spans, error);
    }
    kw_spans_sort(spans);
    return status;
}

static void word_release(struct kw_cursor *cursor)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    for (uint32_t i = 0; word->places && i < word->postings.count; i++)
        for (uint32_t j = 0; j < word->places[i].form_count; j++)
            kw_postings_release(&word->places[i].forms[j]);
    kw_postings_list_release(&word->postings);
}

static const struct kw_cursor_ops word_ops = {
    .next = word_next,
    .advance = word_advance,
    .collect = word_collect,
    .release = word_release,
    .spans = word_spans,
    .mark = kw_cursor_mark_whole,
};

enum kw_status kw_word_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                  const struct kw_leaf *leaf, struct kw_error *error)
{
    struct word_cursor *word = kw_arena_alloc(&evaluation->arena, sizeof *word);
    *out = NULL;
    if (!word)
        return kw_fail_memory(error);
    word->base = (struct kw_cursor){.ops = &word_ops, .document = -1};
    word->evaluation = evaluation;
    *out = &word->base;
    enum kw_status status =
        kw_postings_list_init(&word->postings, evaluation->segment, evaluation->memo, leaf->terms,
                              leaf->term_count, &evaluation->arena, error);
    for (uint32_t i = 0; i < word->postings.count; i++) {
        word->base.cost += word->postings.items[i].term.documents;
        kw_postings_next(&word->postings.items[i]);
    }
    return status;
}
