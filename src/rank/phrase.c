/* Phrases: documents that hold all terms, the rarest leading, then positions that agree, or nearly.
 * Of an exact phrase the pairs that the segment keeps have to agree as well (index/pairs.h): they
 * are rarer than their words.
 */
#include "rank/phrase.h"

#include "index/pairs.h"

#include "rank/slop.h"
#include "rank/term.h"

#include <stdlib.h>

/* A term of the phrase in the order of work. */
struct member {
    uint32_t documents; /* that hold it */
    uint32_t place;     /* in the leaf */
};

/* What is left of a term's positions in the document at hand. */
struct run {
    const uint32_t *at;
    const uint32_t *end;
};

struct phrase_cursor {
    struct kw_cursor base;
    struct kw_evaluation *evaluation;
    const struct kw_leaf *leaf;
    uint32_t frequency;               /* in the current document */
    struct kw_postings_list postings; /* in the leaf's order; none if a term is missing */
    struct kw_postings_list pairs;    /* that are kept, in this order */
    struct kw_postings **agreeing;    /* all of these, rarest first */
    uint32_t agreeing_count;
    struct member *order; /* the terms, rarest first */
    struct run *runs;     /* in the leaf's order */
    struct kw_slop *slop; /* NULL: exact */
};

static int compare_members(const void *a, const void *b)
{
    const struct member *left = a, *right = b;
    if (left->documents != right->documents)
        return left->documents < right->documents ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

static int compare_postings(const void *a, const void *b)
{
    const struct kw_postings *left = *(struct kw_postings *const *)a;
    const struct kw_postings *right = *(struct kw_postings *const *)b;
    return (left->term.documents > right->term.documents) -
           (left->term.documents < right->term.documents);
}

/* Opens the pairs of an exact phrase; *never is set if one that it needs does not occur. */
static enum kw_status open_pairs(struct phrase_cursor *this, bool *never, struct kw_error *error)
{
    const struct kw_leaf *leaf = this->leaf;
    struct kw_segment *segment = this->evaluation->segment;
    this->pairs.items =
        kw_arena_take(&this->evaluation->arena, leaf->term_count * sizeof *this->pairs.items);
    *never = false;
    if (!this->pairs.items)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i + 1 < leaf->term_count && !*never; i++) {
        struct kw_term pair;
        if (leaf->terms[i + 1].offset != leaf->terms[i].offset + 1)
            continue;
        enum kw_status status =
            kw_segment_find_pair(segment, &this->postings.items[i].term,
                                 &this->postings.items[i + 1].term, &pair, error);
        *never = status == KW_E_NOT_FOUND;
        if (status == KW_OK)
            kw_postings_init(&this->pairs.items[this->pairs.count++], segment, &pair);
        else if (status != KW_END && !*never)
            return status;
    }
    return KW_OK;
}

/* Puts all that has to agree in order, each on its first document. */
static enum kw_status arrange(struct phrase_cursor *this, struct kw_error *error)
{
    struct kw_postings_list *lists[] = {&this->postings, &this->pairs};
    uint32_t count = this->postings.count + this->pairs.count;
    this->agreeing = kw_arena_alloc(&this->evaluation->arena, count * sizeof *this->agreeing);
    if (!this->agreeing)
        return kw_fail_memory(error);
    for (uint32_t list = 0; list < 2; list++)
        for (uint32_t i = 0; i < lists[list]->count; i++) {
            kw_postings_next(&lists[list]->items[i]);
            this->agreeing[this->agreeing_count++] = &lists[list]->items[i];
        }
    qsort(this->agreeing, count, sizeof *this->agreeing, compare_postings);
    this->base.cost = this->agreeing[0]->term.documents;
    return KW_OK;
}

/* The postings then stand on their first documents. */
static enum kw_status open_postings(struct phrase_cursor *this, struct kw_error *error)
{
    const struct kw_leaf *leaf = this->leaf;
    struct kw_arena *arena = &this->evaluation->arena;
    this->order = kw_arena_alloc(arena, leaf->term_count * sizeof *this->order);
    this->runs = kw_arena_alloc(arena, leaf->term_count * sizeof *this->runs);
    if (!this->order || !this->runs)
        return kw_fail_memory(error);
    enum kw_status status =
        kw_postings_list_init(&this->postings, this->evaluation->segment, this->evaluation->memo,
                              leaf->terms, leaf->term_count, arena, error);
    bool never = this->postings.count < leaf->term_count;
    if (status == KW_OK && !never && !leaf->distance)
        status = open_pairs(this, &never, error);
    if (status != KW_OK || never) {
        kw_postings_list_release(&this->postings);
        return status;
    }
    for (uint32_t i = 0; i < leaf->term_count; i++)
        this->order[i] = (struct member){this->postings.items[i].term.documents, i};
    qsort(this->order, leaf->term_count, sizeof *this->order, compare_members);
    return arrange(this, error);
}

/* The first document ≥ `target` that holds all terms and pairs; all postings stand on it then. */
static uint32_t align(struct phrase_cursor *this, uint32_t target)
{
    uint32_t agreed = 0;
    uint64_t steps = 0;
    if (this->postings.count == 0)
        return KW_NO_DOCUMENT;
    while (agreed < this->agreeing_count && target != KW_NO_DOCUMENT) {
        struct kw_postings *postings = this->agreeing[agreed];
        if (postings->document < target)
            kw_postings_advance(postings, target);
        steps++;
        agreed = postings->document == target ? agreed + 1 : 0;
        target = postings->document;
    }
    return kw_evaluation_spend(this->evaluation, steps) ? target : KW_NO_DOCUMENT;
}

/* Loads the positions in the current document of all terms. */
static enum kw_status load_runs(struct phrase_cursor *this, struct kw_error *error)
{
    for (uint32_t i = 0; i < this->postings.count; i++) {
        struct kw_postings *postings = &this->postings.items[i];
        const uint32_t *positions = NULL;
        enum kw_status status =
            kw_find_positions(postings, this->evaluation->work, &positions, error);
        if (status != KW_OK)
            return status;
        this->runs[i] = (struct run){positions, positions + kw_postings_frequency(postings)};
        if (this->slop)
            kw_slop_terms(this->slop)[i] = (struct kw_slop_term){
                positions, kw_postings_frequency(postings), this->leaf->terms[i].offset, 0};
    }
    return KW_OK;
}

/* The first place ≥ *start at which all terms stand at their offsets; false if there is none. The
 * runs move along. */
static bool next_place(struct phrase_cursor *this, uint64_t *start)
{
    uint32_t agreed = 0;
    while (agreed < this->postings.count) {
        uint32_t place = this->order[agreed].place;
        uint64_t offset = this->leaf->terms[place].offset;
        struct run *run = &this->runs[place];
        while (run->at < run->end && *run->at < *start + offset)
            run->at++;
        if (run->at == run->end)
            return false;
        if (*run->at == *start + offset) {
            agreed++;
        } else {
            *start = *run->at - offset;
            agreed = 0;
        }
    }
    return true;
}

/* Counts the matches in the document on which the postings stand. */
static enum kw_status count_matches(struct phrase_cursor *this, struct kw_error *error)
{
    enum kw_status status = load_runs(this, error);
    this->frequency = 0;
    if (status != KW_OK)
        return status;
    if (!this->slop) {
        for (uint64_t start = 0; next_place(this, &start); start++)
            this->frequency++;
        return KW_OK;
    }
    while ((status = kw_slop_next(this->slop, NULL, this->evaluation->work, error)) == KW_OK)
        this->frequency++;
    return status == KW_END ? KW_OK : status;
}

static int64_t phrase_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct phrase_cursor *this = (struct phrase_cursor *)cursor;
    struct kw_evaluation *evaluation = this->evaluation;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    for (;; target = (uint32_t)cursor->document + 1) {
        cursor->document = align(this, target);
        if (cursor->document == KW_NO_DOCUMENT)
            return cursor->document;
        if (evaluation->status == KW_OK)
            evaluation->status = count_matches(this, &evaluation->error);
        if (evaluation->status != KW_OK)
            return cursor->document = KW_NO_DOCUMENT;
        if (this->frequency)
            return cursor->document;
    }
}

static int64_t phrase_next(struct kw_cursor *cursor)
{
    return phrase_advance(cursor, (uint32_t)(cursor->document + 1));
}

static void phrase_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    const struct phrase_cursor *this = (struct phrase_cursor *)cursor;
    contributions->items[contributions->count++] =
        (struct kw_contribution){cursor->number, this->frequency};
}

static void phrase_count(struct kw_cursor *cursor, uint32_t *counts)
{
    const struct phrase_cursor *this = (struct phrase_cursor *)cursor;
    for (uint32_t i = 0; i < this->postings.count; i++)
        counts[i] = kw_postings_frequency(&this->postings.items[i]);
}

static enum kw_status phrase_spans(struct kw_cursor *cursor, struct kw_spans *spans,
                                   struct kw_error *error)
{
    struct phrase_cursor *this = (struct phrase_cursor *)cursor;
    uint32_t last = this->leaf->term_count - 1, length = this->leaf->terms[last].offset;
    struct kw_span span;
    enum kw_status status = load_runs(this, error);
    spans->count = 0;
    for (uint64_t start = 0; status == KW_OK && !this->slop && next_place(this, &start); start++)
        status = kw_spans_add(spans, (uint32_t)start, (uint32_t)start + length, last, error);
    while (status == KW_OK && this->slop &&
           (status = kw_slop_next(this->slop, &span, this->evaluation->work, error)) == KW_OK)
        status = kw_spans_add(spans, span.start, span.end, span.term, error);
    kw_spans_sort(spans);
    return status == KW_END ? KW_OK : status;
}

static void phrase_release(struct kw_cursor *cursor)
{
    struct phrase_cursor *this = (struct phrase_cursor *)cursor;
    kw_postings_list_release(&this->postings);
    kw_postings_list_release(&this->pairs);
    kw_slop_free(this->slop);
}

static const struct kw_cursor_ops phrase_ops = {
    .next = phrase_next,
    .advance = phrase_advance,
    .collect = phrase_collect,
    .release = phrase_release,
    .count = phrase_count,
    .spans = phrase_spans,
    .mark = kw_cursor_mark_whole,
};

enum kw_status kw_phrase_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                    const struct kw_leaf *leaf, struct kw_error *error)
{
    struct phrase_cursor *cursor = kw_arena_alloc(&evaluation->arena, sizeof *cursor);
    *out = NULL;
    if (!cursor)
        return kw_fail_memory(error);
    cursor->base = (struct kw_cursor){.ops = &phrase_ops, .document = -1};
    cursor->evaluation = evaluation;
    cursor->leaf = leaf;
    *out = &cursor->base;
    enum kw_status status = KW_OK;
    if (leaf->distance)
        status = kw_slop_new(&cursor->slop, leaf->term_count, leaf->distance, error);
    return status == KW_OK ? open_postings(cursor, error) : status;
}
