/* The cursor of a group. MUST children are intersected, the cheapest leading; where there are none,
 * SHOULD children are united; where there are none either, it goes through all documents. What too
 * few SHOULD children hold, or a MUST_NOT child, is passed over. Where there are many of them they
 * are a crowd. */
#include "rank/group.h"

#include "rank/crowd.h"

#include <stdlib.h>

enum {
    CROWD = 12,   /* of so few it is as quick to ask each one */
    A_GROUP = 20, /* steps of work for a document that a group within another one comes to */
};

/* Children with one occurrence. */
struct members {
    struct kw_cursor **items;
    uint32_t *places; /* of the children among all, in the order of the query */
    uint32_t count;
    struct kw_crowd *crowd; /* NULL: they are few, or MUST */
};

struct group_cursor {
    struct kw_cursor base;
    struct kw_evaluation *evaluation;
    const struct kw_plan_node *node;
    uint64_t steps;              /* that a document takes */
    struct kw_cursor **children; /* in the order of the query */
    struct members must;         /* cheapest first */
    struct members should;
    struct members must_not;
    uint32_t *documents; /* scratch: one a SHOULD child */
    uint64_t *marks;     /* scratch of collect: a bit a child; none set between its calls */
};

static int64_t intersect(const struct members *must, uint32_t target)
{
    uint32_t agreed = 0;
    while (agreed < must->count && target != KW_NO_DOCUMENT) {
        struct kw_cursor *child = must->items[agreed];
        int64_t document = child->ops->advance(child, target);
        agreed = document == (int64_t)target ? agreed + 1 : 0;
        target = (uint32_t)document;
    }
    return target;
}

static int64_t unite(const struct members *should, uint32_t target)
{
    int64_t first = KW_NO_DOCUMENT;
    for (uint32_t i = 0; i < should->count; i++) {
        struct kw_cursor *child = should->items[i];
        int64_t document = child->document;
        if (document < (int64_t)target)
            document = child->ops->advance(child, target);
        if (document < first)
            first = document;
    }
    return first;
}

/* How many of the crowd stand on its document, counted up to `most`. */
static uint32_t count_standing(const struct kw_crowd *crowd, uint32_t most)
{
    uint32_t count = 0, next = 0, member;
    while (count < most && kw_crowd_next(crowd, &next, &member))
        count++;
    return count;
}

/* The first document ≥ `target` that as many of the crowd hold as must. */
static int64_t unite_crowd(const struct group_cursor *group, uint32_t target)
{
    uint32_t minimum = group->node->minimum;
    for (;;) {
        int64_t document = kw_crowd_advance(group->should.crowd, target);
        if (document == KW_NO_DOCUMENT || minimum <= 1 ||
            count_standing(group->should.crowd, minimum) == minimum)
            return document;
        target = (uint32_t)document + 1;
    }
}

static int compare_documents(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* The first document ≥ `target` that as many SHOULD children hold as must. */
static int64_t unite_enough(const struct group_cursor *group, uint32_t target)
{
    const struct members *should = &group->should;
    uint32_t minimum = group->node->minimum;
    for (;;) {
        uint32_t agreed = 0;
        for (uint32_t i = 0; i < should->count; i++) {
            struct kw_cursor *child = should->items[i];
            group->documents[i] = (uint32_t)child->ops->advance(child, target);
            agreed += group->documents[i] == target;
        }
        if (agreed >= minimum)
            return target;
        /* Not before the place to which so many have come. */
        qsort(group->documents, should->count, sizeof *group->documents, compare_documents);
        if (group->documents[minimum - 1] == KW_NO_DOCUMENT)
            return KW_NO_DOCUMENT;
        target = group->documents[minimum - 1];
    }
}

/* Whether as many SHOULD children hold the document as must. */
static bool is_enough(const struct group_cursor *group, uint32_t document)
{
    uint32_t wanted = group->node->minimum;
    struct kw_crowd *crowd = group->should.crowd;
    if (crowd && wanted)
        return kw_crowd_advance(crowd, document) == (int64_t)document &&
               count_standing(crowd, wanted) == wanted;
    for (uint32_t i = 0; i < group->should.count && wanted > 0; i++) {
        struct kw_cursor *child = group->should.items[i];
        wanted -= child->ops->advance(child, document) == (int64_t)document;
    }
    return wanted == 0;
}

static int64_t next_live(const struct group_cursor *group, uint32_t target)
{
    while (target < group->evaluation->segment->documents &&
           kw_segment_deleted(group->evaluation->segment, target))
        target++;
    return target < group->evaluation->segment->documents ? target : KW_NO_DOCUMENT;
}

static bool excluded(const struct group_cursor *group, uint32_t document)
{
    if (group->must_not.crowd)
        return kw_crowd_advance(group->must_not.crowd, document) == (int64_t)document;
    for (uint32_t i = 0; i < group->must_not.count; i++) {
        struct kw_cursor *child = group->must_not.items[i];
        if (child->ops->advance(child, document) == (int64_t)document)
            return true;
    }
    return false;
}

/* The first document ≥ `target` that holds what must be there, or else what may. */
static int64_t find_candidate(const struct group_cursor *group, uint32_t target)
{
    if (group->must.count)
        return intersect(&group->must, target);
    if (group->should.count == 0)
        return next_live(group, target);
    if (group->should.crowd)
        return unite_crowd(group, target);
    return group->node->minimum <= 1 ? unite(&group->should, target) : unite_enough(group, target);
}

static int64_t group_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct group_cursor *group = (struct group_cursor *)cursor;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    for (;;) {
        int64_t document = find_candidate(group, target);
        if (!kw_evaluation_spend(group->evaluation, group->steps))
            document = KW_NO_DOCUMENT;
        if (document == KW_NO_DOCUMENT ||
            ((group->must.count == 0 || is_enough(group, (uint32_t)document)) &&
             !excluded(group, (uint32_t)document)))
            return cursor->document = document;
        target = (uint32_t)document + 1;
    }
}

static int64_t group_next(struct kw_cursor *cursor)
{
    return group_advance(cursor, (uint32_t)(cursor->document + 1));
}

static void mark(struct group_cursor *group, uint32_t place)
{
    group->marks[place / 64] |= UINT64_C(1) << (place % 64);
}

/* From what must be there and those of the crowd that stand there, in the order of the query. */
static void collect_crowd(struct group_cursor *group, struct kw_contributions *contributions)
{
    struct kw_crowd *crowd = group->should.crowd;
    uint32_t document = (uint32_t)group->base.document, next = 0, member;
    for (uint32_t i = 0; i < group->must.count; i++)
        mark(group, group->must.places[i]);
    if (kw_crowd_advance(crowd, document) == (int64_t)document)
        while (kw_crowd_next(crowd, &next, &member))
            mark(group, group->should.places[member]);
    for (uint32_t i = 0; i <= (group->node->child_count - 1) / 64; i++) {
        for (; group->marks[i]; group->marks[i] &= group->marks[i] - 1) {
            struct kw_cursor *child =
                group->children[i * 64 + (uint32_t)__builtin_ctzll(group->marks[i])];
            child->ops->collect(child, contributions);
        }
    }
}

static void group_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    struct group_cursor *group = (struct group_cursor *)cursor;
    uint32_t document = (uint32_t)cursor->document;
    if (group->should.crowd) {
        collect_crowd(group, contributions);
        return;
    }
    for (uint32_t i = 0; i < group->node->child_count; i++) {
        struct kw_cursor *child = group->children[i];
        if (group->node->children[i]->occur != KW_MUST_NOT &&
            child->ops->advance(child, document) == (int64_t)document)
            child->ops->collect(child, contributions);
    }
}

static void group_release(struct kw_cursor *cursor)
{
    struct group_cursor *group = (struct group_cursor *)cursor;
    for (uint32_t i = 0; i < group->node->child_count; i++)
        group->children[i]->ops->release(group->children[i]);
}

static const struct kw_cursor_ops group_ops = {
    .next = group_next,
    .advance = group_advance,
    .collect = group_collect,
    .release = group_release,
};

static int compare_costs(const void *a, const void *b)
{
    const struct kw_cursor *left = *(struct kw_cursor *const *)a;
    const struct kw_cursor *right = *(struct kw_cursor *const *)b;
    return (left->cost > right->cost) - (left->cost < right->cost);
}

static uint64_t group_cost(const struct group_cursor *group)
{
    uint64_t sum = 0;
    if (group->must.count)
        return group->must.items[0]->cost;
    if (group->should.count == 0)
        return group->evaluation->segment->documents;
    for (uint32_t i = 0; i < group->should.count; i++)
        sum += group->should.items[i]->cost;
    return sum;
}

/* Room for all children in each kind of members. */
static bool init_members(struct group_cursor *group, struct kw_arena *arena)
{
    struct members *kinds[] = {&group->must, &group->should, &group->must_not};
    size_t count = group->node->child_count;
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        kinds[kind]->items = kw_arena_alloc(arena, count * sizeof(struct kw_cursor *));
        kinds[kind]->places = kw_arena_alloc(arena, count * sizeof *kinds[kind]->places);
        if (!kinds[kind]->items || !kinds[kind]->places)
            return false;
    }
    group->documents = kw_arena_alloc(arena, count * sizeof *group->documents);
    group->marks = kw_arena_alloc(arena, (count / 64 + 1) * sizeof *group->marks);
    return group->documents && group->marks;
}

/* Makes a crowd of the members if they are many. */
static bool init_crowd(struct members *members, struct kw_arena *arena)
{
    if (members->count <= CROWD)
        return true;
    members->crowd = kw_crowd_new(arena, members->items, members->count);
    return members->crowd != NULL;
}

enum kw_status kw_group_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                   const struct kw_plan_node *node, struct kw_cursor **children,
                                   struct kw_error *error)
{
    struct kw_arena *arena = &evaluation->arena;
    struct group_cursor *group = kw_arena_alloc(arena, sizeof *group);
    *out = NULL;
    if (!group)
        return kw_fail_memory(error);
    group->base = (struct kw_cursor){.ops = &group_ops, .document = -1};
    group->evaluation = evaluation;
    group->node = node;
    group->steps = node == evaluation->plan->root ? 0 : A_GROUP;
    group->children = children;
    if (!init_members(group, arena))
        return kw_fail_memory(error);
    struct members *kinds[] = {
        [KW_SHOULD] = &group->should, [KW_MUST] = &group->must, [KW_MUST_NOT] = &group->must_not};
    for (uint32_t i = 0; i < node->child_count; i++) {
        struct members *kind = kinds[node->children[i]->occur];
        kind->places[kind->count] = i;
        kind->items[kind->count++] = children[i];
    }
    if (group->must.count)
        qsort(group->must.items, group->must.count, sizeof *group->must.items, compare_costs);
    if (!init_crowd(&group->should, arena) || !init_crowd(&group->must_not, arena))
        return kw_fail_memory(error);
    group->base.cost = group_cost(group);
    *out = &group->base;
    return KW_OK;
}
