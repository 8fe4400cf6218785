/* Phrases: documents that hold all terms, the rarest leading, then positions that agree. */
#include "rank/phrase.h"

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

struct phrase {
    const struct kw_leaf *leaf;
    struct kw_postings_list postings; /* in the leaf's order; none if a term is missing */
    struct member *order;             /* rarest first */
    struct run *runs;                 /* in the leaf's order */
};

struct phrase_cursor {
    struct kw_cursor base;
    struct kw_evaluation *evaluation;
    uint32_t leaf;
    uint32_t frequency; /* in the current document */
    struct phrase phrase;
};

static int compare_members(const void *a, const void *b)
{
    const struct member *left = a, *right = b;
    if (left->documents != right->documents)
        return left->documents < right->documents ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

/* The postings then stand on their first documents. */
static enum kw_status phrase_init(struct phrase *phrase, struct kw_segment *segment,
                                  const struct kw_leaf *leaf, struct kw_arena *arena,
                                  struct kw_error *error)
{
    phrase->leaf = leaf;
    phrase->order = kw_arena_alloc(arena, leaf->term_count * sizeof *phrase->order);
    phrase->runs = kw_arena_alloc(arena, leaf->term_count * sizeof *phrase->runs);
    if (!phrase->order || !phrase->runs)
        return kw_fail_memory(error);
    enum kw_status status = kw_postings_list_init(&phrase->postings, segment, leaf->terms,
                                                  leaf->term_count, arena, error);
    if (status != KW_OK || phrase->postings.count < leaf->term_count) {
        kw_postings_list_release(&phrase->postings);
        return status;
    }
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        phrase->order[i] = (struct member){phrase->postings.items[i].term.documents, i};
        kw_postings_next(&phrase->postings.items[i]);
    }
    qsort(phrase->order, leaf->term_count, sizeof *phrase->order, compare_members);
    return KW_OK;
}

/* The first document ≥ `target` that holds all terms; all postings stand on it then. */
static uint32_t phrase_align(struct phrase *phrase, uint32_t target)
{
    uint32_t agreed = 0;
    if (phrase->postings.count == 0)
        return KW_NO_DOCUMENT;
    while (agreed < phrase->postings.count && target != KW_NO_DOCUMENT) {
        struct kw_postings *postings = &phrase->postings.items[phrase->order[agreed].place];
        if (postings->document < target)
            kw_postings_advance(postings, target);
        agreed = postings->document == target ? agreed + 1 : 0;
        target = postings->document;
    }
    return target;
}

static enum kw_status load_runs(struct phrase *phrase, struct kw_error *error)
{
    for (uint32_t i = 0; i < phrase->postings.count; i++) {
        struct kw_postings *postings = &phrase->postings.items[i];
        const uint32_t *positions = NULL;
        enum kw_status status = kw_postings_positions(postings, &positions, error);
        if (status != KW_OK)
            return status;
        phrase->runs[i] = (struct run){positions, positions + postings->frequency};
    }
    return KW_OK;
}

/* The first place ≥ *start at which all terms stand at their offsets; false if there is none. The
 * runs move along. */
static bool next_place(struct phrase *phrase, uint64_t *start)
{
    uint32_t agreed = 0;
    while (agreed < phrase->postings.count) {
        uint32_t place = phrase->order[agreed].place;
        uint64_t offset = phrase->leaf->terms[place].offset;
        struct run *run = &phrase->runs[place];
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

/* Counts the phrase in the document on which its postings stand; 0 also on failure, which is kept
 * in the evaluation. */
static uint32_t count_places(struct phrase_cursor *cursor)
{
    struct kw_evaluation *evaluation = cursor->evaluation;
    uint32_t count = 0;
    if (evaluation->status == KW_OK)
        evaluation->status = load_runs(&cursor->phrase, &evaluation->error);
    if (evaluation->status != KW_OK)
        return 0;
    for (uint64_t start = 0; next_place(&cursor->phrase, &start); start++)
        count++;
    return count;
}

static int64_t phrase_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct phrase_cursor *this = (struct phrase_cursor *)cursor;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    for (;;) {
        uint32_t document = phrase_align(&this->phrase, target);
        if (this->evaluation->status != KW_OK)
            document = KW_NO_DOCUMENT;
        cursor->document = document;
        if (document == KW_NO_DOCUMENT)
            return document;
        this->frequency = count_places(this);
        if (this->frequency)
            return document;
        target = document + 1;
    }
}

static int64_t phrase_next(struct kw_cursor *cursor)
{
    return phrase_advance(cursor, (uint32_t)(cursor->document + 1));
}

static void phrase_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    struct phrase_cursor *this = (struct phrase_cursor *)cursor;
    contributions->items[contributions->count++] =
        (struct kw_contribution){.leaf = this->leaf, .frequency = this->frequency};
}

static void phrase_release(struct kw_cursor *cursor)
{
    kw_postings_list_release(&((struct phrase_cursor *)cursor)->phrase.postings);
}

static const struct kw_cursor_ops phrase_ops = {
    .next = phrase_next,
    .advance = phrase_advance,
    .collect = phrase_collect,
    .release = phrase_release,
};

enum kw_status kw_phrase_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                    uint32_t leaf, struct kw_error *error)
{
    struct phrase_cursor *cursor = kw_arena_alloc(&evaluation->arena, sizeof *cursor);
    *out = NULL;
    if (!cursor)
        return kw_fail_memory(error);
    cursor->base = (struct kw_cursor){.ops = &phrase_ops, .document = -1};
    cursor->evaluation = evaluation;
    cursor->leaf = leaf;
    *out = &cursor->base;
    enum kw_status status = phrase_init(&cursor->phrase, evaluation->segment,
                                        &evaluation->plan->leaves[leaf], &evaluation->arena, error);
    if (cursor->phrase.postings.count)
        cursor->base.cost = cursor->phrase.order[0].documents;
    return status;
}

enum kw_status kw_phrase_matches(struct kw_segment *segment, const struct kw_plan *plan,
                                 uint32_t leaf, uint32_t document, struct kw_matches *matches,
                                 struct kw_error *error)
{
    struct kw_arena arena = KW_ARENA_INIT;
    struct phrase phrase = {.leaf = NULL};
    const struct kw_leaf *asked = &plan->leaves[leaf];
    enum kw_status status = phrase_init(&phrase, segment, asked, &arena, error);
    if (status != KW_OK || phrase_align(&phrase, document) != document)
        goto done;
    status = load_runs(&phrase, error);
    for (uint64_t start = 0; status == KW_OK && next_place(&phrase, &start); start++)
        status =
            kw_matches_add(matches, (struct kw_match){(uint32_t)start, asked->span, leaf}, error);
done:
    kw_postings_list_release(&phrase.postings);
    kw_arena_release(&arena);
    return status;
}
