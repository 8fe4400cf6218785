/* Finds the assignments of a sloppy phrase.
 *
 * The least shifts are gone through from the lowest up. Mostly the first position that each term
 * can take is taken by no other one, and that is the match. Where terms are in each other's way (a
 * word that stands twice in the phrase, or a character and a pair that begins with it), an
 * assignment is a matching of terms to positions, found by augmenting paths (Hall's marriage
 * problem; Kuhn 1955). A term never needs more than its first positions, as many as there are
 * terms: the others take at most all but one of these. */
#include "rank/slop.h"

#include <stdlib.h>

enum { NOBODY = UINT32_MAX };

struct place {
    uint32_t position;
    uint32_t by; /* while a path is looked for: the term from which this one was reached */
    bool fixed;  /* no path may take its position away */
    bool taken;  /* it has one */
};

struct kw_slop {
    uint32_t count;
    uint32_t distance;
    struct kw_slop_term *terms;
    struct place *places;   /* each term's position in the assignment at hand */
    struct place *saved[2]; /* copies to go back to: of fix, and of fix_least */
    uint32_t *queue;
    int64_t least; /* the least shift that is asked for … */
    int64_t most;  /* … and the greatest that is allowed */
    struct {
        uint32_t *items; /* who has a position, from `base` on; NOBODY */
        size_t count;
        size_t capacity;
    } owners;
    int64_t base;
};

enum kw_status kw_slop_new(struct kw_slop **out, uint32_t count, uint32_t distance,
                           struct kw_error *error)
{
    struct kw_slop *slop = calloc(1, sizeof *slop);
    *out = slop;
    if (!slop)
        return kw_fail_memory(error);
    slop->count = count;
    slop->distance = distance;
    slop->terms = calloc(count, sizeof *slop->terms);
    slop->places = calloc(count, sizeof *slop->places);
    slop->saved[0] = calloc(count, sizeof *slop->places);
    slop->saved[1] = calloc(count, sizeof *slop->places);
    slop->queue = calloc(count, sizeof *slop->queue);
    if (slop->terms && slop->places && slop->saved[0] && slop->saved[1] && slop->queue)
        return KW_OK;
    kw_slop_free(slop);
    *out = NULL;
    return kw_fail_memory(error);
}

void kw_slop_free(struct kw_slop *slop)
{
    if (!slop)
        return;
    free(slop->terms);
    free(slop->places);
    free(slop->saved[0]);
    free(slop->saved[1]);
    free(slop->queue);
    free(slop->owners.items);
    free(slop);
}

struct kw_slop_term *kw_slop_terms(struct kw_slop *slop)
{
    return slop->terms;
}

static int64_t shift_of(const struct kw_slop_term *term, uint32_t at)
{
    return (int64_t)term->positions[at] - term->offset;
}

/* Moves every term to its first position with a shift ≥ `least`; false if one has none. */
static bool move_to(struct kw_slop *slop, int64_t least)
{
    for (uint32_t i = 0; i < slop->count; i++) {
        struct kw_slop_term *term = &slop->terms[i];
        while (term->at < term->count && shift_of(term, term->at) < least)
            term->at++;
        if (term->at == term->count)
            return false;
    }
    return true;
}

/* Moves to the next least shift for which every term has a position near enough; false if there is
 * none. */
static bool next_least(struct kw_slop *slop)
{
    for (int64_t from = INT64_MIN; move_to(slop, from);) {
        int64_t least = INT64_MAX, most = INT64_MIN;
        for (uint32_t i = 0; i < slop->count; i++) {
            int64_t shift = shift_of(&slop->terms[i], slop->terms[i].at);
            least = shift < least ? shift : least;
            most = shift > most ? shift : most;
        }
        slop->least = least;
        slop->most = least + slop->distance;
        if (most <= slop->most)
            return true;
        from = most - slop->distance;
    }
    return false;
}

/* Empties the assignment; there is room for the owners of all positions that may be in one. */
static enum kw_status clear(struct kw_slop *slop, struct kw_error *error)
{
    size_t room = (size_t)slop->terms[slop->count - 1].offset + slop->distance + 1;
    if (!kw_grow(&slop->owners, room))
        return kw_fail_memory(error);
    for (; slop->owners.count < room; slop->owners.count++)
        slop->owners.items[slop->owners.count] = NOBODY;
    for (uint32_t i = 0; i < slop->count; i++) {
        if (slop->places[i].taken)
            slop->owners.items[slop->places[i].position - slop->base] = NOBODY;
        slop->places[i] = (struct place){.taken = false};
    }
    slop->base = slop->least + slop->terms[0].offset;
    return KW_OK;
}

static void take(struct kw_slop *slop, uint32_t term, uint32_t position)
{
    slop->places[term].position = position;
    slop->places[term].taken = true;
    slop->owners.items[position - slop->base] = term;
}

static void drop(struct kw_slop *slop, uint32_t term)
{
    if (slop->places[term].taken)
        slop->owners.items[slop->places[term].position - slop->base] = NOBODY;
    slop->places[term].taken = false;
}

/* How many positions the term can choose from. */
static uint32_t choices(const struct kw_slop *slop, const struct kw_slop_term *term)
{
    uint32_t count = 0;
    while (count < slop->count && term->at + count < term->count &&
           shift_of(term, term->at + count) <= slop->most)
        count++;
    return count;
}

/* Gives `term` a position, with `position` the end of the path by which it was found: those on the
 * path move on to the next one's. */
static void shift_path(struct kw_slop *slop, uint32_t term, uint32_t position)
{
    for (;;) {
        bool moved = slop->places[term].taken;
        uint32_t before = slop->places[term].position;
        take(slop, term, position);
        if (!moved)
            return;
        position = before;
        term = slop->places[term].by;
    }
}

/* Finds a position for a term that has none, others moving if need be; false if there is none. */
static bool augment(struct kw_slop *slop, uint32_t start)
{
    uint32_t head = 0, tail = 0;
    for (uint32_t i = 0; i < slop->count; i++)
        slop->places[i].by = NOBODY;
    slop->places[start].by = start;
    slop->queue[tail++] = start;
    while (head < tail) {
        uint32_t i = slop->queue[head++];
        const struct kw_slop_term *term = &slop->terms[i];
        uint32_t count = slop->places[i].fixed ? 0 : choices(slop, term);
        for (uint32_t j = 0; j < count; j++) {
            uint32_t position = term->positions[term->at + j];
            uint32_t owner = slop->owners.items[position - slop->base];
            if (owner == NOBODY) {
                shift_path(slop, i, position);
                return true;
            }
            if (slop->places[owner].by == NOBODY) {
                slop->places[owner].by = i;
                slop->queue[tail++] = owner;
            }
        }
    }
    return false;
}

/* Gives every term a position; false if that cannot be. */
static bool complete(struct kw_slop *slop)
{
    for (uint32_t i = 0; i < slop->count; i++)
        if (!slop->places[i].taken && !augment(slop, i))
            return false;
    return true;
}

static void save(const struct kw_slop *slop, struct place *to)
{
    memcpy(to, slop->places, slop->count * sizeof *to);
}

static void restore(struct kw_slop *slop, const struct place *from)
{
    for (uint32_t i = 0; i < slop->count; i++)
        drop(slop, i);
    for (uint32_t i = 0; i < slop->count; i++)
        if (from[i].taken)
            take(slop, i, from[i].position);
    memcpy(slop->places, from, slop->count * sizeof *from);
}

/* Fixes `term` at the position, if all others can still have one; else changes nothing. All have
 * positions. */
static bool fix(struct kw_slop *slop, uint32_t term, uint32_t position)
{
    uint32_t owner = slop->owners.items[position - slop->base];
    if (owner == term) {
        slop->places[term].fixed = true;
        return true;
    }
    if (owner != NOBODY && slop->places[owner].fixed)
        return false;
    save(slop, slop->saved[0]);
    drop(slop, term);
    if (owner != NOBODY)
        drop(slop, owner);
    take(slop, term, position);
    slop->places[term].fixed = true;
    if (owner == NOBODY || augment(slop, owner))
        return true;
    restore(slop, slop->saved[0]);
    return false;
}

/* Sees to it that a term has the least shift; false if that cannot be without those that are fixed.
 * All have positions. */
static bool reach_least(struct kw_slop *slop)
{
    for (uint32_t i = 0; i < slop->count; i++)
        if ((int64_t)slop->places[i].position - slop->terms[i].offset == slop->least)
            return true;
    for (uint32_t i = 0; i < slop->count; i++) {
        const struct kw_slop_term *term = &slop->terms[i];
        if (slop->places[i].fixed || shift_of(term, term->at) != slop->least)
            continue;
        if (fix(slop, i, term->positions[term->at])) {
            slop->places[i].fixed = false;
            return true;
        }
    }
    return false;
}

/* Fixes `term` at the position, if all can have one and one of them the least shift; else changes
 * nothing. */
static bool fix_least(struct kw_slop *slop, uint32_t term, uint32_t position)
{
    save(slop, slop->saved[1]);
    if (fix(slop, term, position) && reach_least(slop))
        return true;
    restore(slop, slop->saved[1]);
    return false;
}

/* Gives the terms their first positions, as far as these are free; whether all got one. */
static bool take_first(struct kw_slop *slop)
{
    bool all = true;
    for (uint32_t i = 0; i < slop->count; i++) {
        const struct kw_slop_term *term = &slop->terms[i];
        uint32_t position = term->positions[term->at];
        if (shift_of(term, term->at) <= slop->most &&
            slop->owners.items[position - slop->base] == NOBODY)
            take(slop, i, position);
        else
            all = false;
    }
    return all;
}

/* Makes an assignment with the least shift and none above `most`, if there is one. *plain: it is
 * that of the first positions. */
static enum kw_status assign(struct kw_slop *slop, int64_t most, bool *found, bool *plain,
                             struct kw_error *error)
{
    slop->most = most;
    enum kw_status status = clear(slop, error);
    if (status != KW_OK)
        return status;
    *plain = take_first(slop);
    *found = *plain || (complete(slop) && reach_least(slop));
    return KW_OK;
}

/* Makes of the assignments with the least shift the one that is the match. */
static enum kw_status refine(struct kw_slop *slop, struct kw_error *error)
{
    int64_t low = slop->least, high = slop->most;
    bool found, plain;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        enum kw_status status = assign(slop, middle, &found, &plain, error);
        if (status != KW_OK)
            return status;
        if (found)
            high = middle;
        else
            low = middle + 1;
    }
    enum kw_status status = assign(slop, low, &found, &plain, error);
    for (uint32_t i = 0; i < slop->count && status == KW_OK && !plain; i++) {
        const struct kw_slop_term *term = &slop->terms[i];
        uint32_t count = choices(slop, term), j = 0;
        while (j < count && !fix_least(slop, i, term->positions[term->at + j]))
            j++;
    }
    return status;
}

/* The positions of the assignment at hand. */
static struct kw_span span_of(const struct kw_slop *slop)
{
    struct kw_span span = {slop->places[0].position, slop->places[0].position, 0};
    for (uint32_t i = 1; i < slop->count; i++) {
        uint32_t position = slop->places[i].position;
        if (position < span.start)
            span.start = position;
        if (position > span.end) {
            span.end = position;
            span.term = i;
        }
    }
    return span;
}

/* Steps of the search for positions of which not all are the terms' first ones: in practice fewer,
 * but to mark such a match (refine) is dearer than to count it. */
static uint64_t matching_steps(const struct kw_slop *slop)
{
    uint64_t square = (uint64_t)slop->count * slop->count;
    return square > UINT32_MAX ? UINT64_MAX : square * square / 4;
}

enum kw_status kw_slop_next(struct kw_slop *slop, struct kw_span *span, struct kw_work *work,
                            struct kw_error *error)
{
    bool found = false, plain;
    while (!found) {
        bool more = next_least(slop);
        enum kw_status status = kw_work_spend(work, slop->count, error);
        if (status != KW_OK || !more)
            return status == KW_OK ? KW_END : status;
        slop->most = slop->least + slop->distance;
        status = clear(slop, error);
        plain = status == KW_OK && take_first(slop);
        if (status == KW_OK && !plain)
            status = kw_work_spend(work, matching_steps(slop), error);
        found = status == KW_OK && (plain || (complete(slop) && reach_least(slop)));
        if (status == KW_OK && found && !plain && span)
            status = refine(slop, error);
        if (status != KW_OK)
            return status;
        if (found && span)
            *span = span_of(slop);
        for (uint32_t i = 0; i < slop->count; i++)
            slop->terms[i].at += shift_of(&slop->terms[i], slop->terms[i].at) == slop->least;
    }
    return KW_OK;
}
