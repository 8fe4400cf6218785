/* Groups of few and of many members against their plain definition. */
#include "index/segment.h"
#include "rank/crowd.h"
#include "rank/group.h"
#include "tests/unit/index_scratch.h"

enum { MEMBERS = 200, LISTED = 40 };

/* A cursor over a few documents. */
struct toy_cursor {
    struct kw_cursor base;
    int64_t documents[LISTED]; /* rising */
    uint32_t count;
};

static int64_t toy_advance(struct kw_cursor *cursor, uint32_t target)
{
    const struct toy_cursor *toy = (struct toy_cursor *)cursor;
    uint32_t i = 0;
    while (i < toy->count && toy->documents[i] < (int64_t)target)
        i++;
    if (cursor->document < (int64_t)target)
        cursor->document = i < toy->count ? toy->documents[i] : KW_NO_DOCUMENT;
    return cursor->document;
}

static int64_t toy_next(struct kw_cursor *cursor)
{
    return toy_advance(cursor, (uint32_t)(cursor->document + 1));
}

static void toy_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    contributions->items[contributions->count++] = (struct kw_contribution){cursor->number, 1};
}

static void toy_release(struct kw_cursor *cursor)
{
    cursor->document = -2;
}

static const struct kw_cursor_ops toy_ops = {
    .next = toy_next, .advance = toy_advance, .collect = toy_collect, .release = toy_release};

struct fixture {
    struct toy_cursor toys[MEMBERS];
    struct kw_cursor *cursors[MEMBERS];
    uint32_t count;
    uint32_t documents; /* of the segment */
    uint64_t seed;
};

static uint32_t below(struct fixture *fixture, uint32_t limit)
{
    return scratch_below(&fixture->seed, limit);
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void draw(struct fixture *fixture, uint32_t count, uint32_t documents)
{
    fixture->count = count;
    fixture->documents = documents;
    for (uint32_t i = 0; i < count; i++) {
        struct toy_cursor *toy = &fixture->toys[i];
        uint32_t wanted = below(fixture, 4) ? below(fixture, LISTED + 1) : below(fixture, 2);
        int64_t found[LISTED];
        for (uint32_t j = 0; j < wanted; j++)
            found[j] = below(fixture, documents);
        qsort(found, wanted, sizeof *found, compare);
        *toy = (struct toy_cursor){.base = {.ops = &toy_ops, .document = -1, .number = i}};
        for (uint32_t j = 0; j < wanted; j++)
            if (j == 0 || found[j] != found[j - 1])
                toy->documents[toy->count++] = found[j];
        toy->base.cost = toy->count;
        fixture->cursors[i] = &toy->base;
    }
}

static bool holds(const struct toy_cursor *toy, int64_t document)
{
    for (uint32_t i = 0; i < toy->count; i++)
        if (toy->documents[i] == document)
            return true;
    return false;
}

/* Of a dense segment, a sparse one, and one of many windows. */
static uint32_t draw_size(struct fixture *fixture)
{
    static const uint32_t sizes[] = {30, 300, 5000, 400000, UINT32_MAX - 1};
    return sizes[below(fixture, sizeof sizes / sizeof *sizes)];
}

static int setup(void **state)
{
    static struct fixture fixture;
    fixture.seed = 1;
    *state = &fixture;
    return 0;
}

/* ---- Crowds --------------------------------------------------------------------------------- */

static int64_t first_from(const struct fixture *fixture, uint32_t target)
{
    int64_t first = KW_NO_DOCUMENT;
    for (uint32_t i = 0; i < fixture->count; i++)
        for (uint32_t j = 0; j < fixture->toys[i].count; j++)
            if (fixture->toys[i].documents[j] >= target && fixture->toys[i].documents[j] < first)
                first = fixture->toys[i].documents[j];
    return first;
}

static void assert_standing(const struct fixture *fixture, const struct kw_crowd *crowd,
                            int64_t document)
{
    bool seen[MEMBERS] = {false};
    uint32_t next = 0, member;
    while (kw_crowd_next(crowd, &next, &member)) {
        assert_false(seen[member]);
        seen[member] = true;
    }
    for (uint32_t i = 0; i < fixture->count; i++) {
        assert_int_equal(seen[i], holds(&fixture->toys[i], document));
        if (seen[i])
            assert_int_equal(fixture->toys[i].base.document, document);
    }
}

static void a_crowd_finds_who_stands_on_a_document(void **state)
{
    struct fixture *fixture = *state;
    for (int round = 0; round < 400; round++) {
        struct kw_arena arena = KW_ARENA_INIT;
        uint32_t target = 0, step = 1 + below(fixture, 3) * below(fixture, 3000);
        draw(fixture, 1 + below(fixture, MEMBERS), draw_size(fixture));
        struct kw_crowd *crowd = kw_crowd_new(&arena, fixture->cursors, fixture->count);
        assert_non_null(crowd);
        for (;;) {
            int64_t found = kw_crowd_advance(crowd, target);
            assert_int_equal(found, first_from(fixture, target));
            if (found == KW_NO_DOCUMENT)
                break;
            assert_standing(fixture, crowd, found);
            assert_int_equal(kw_crowd_advance(crowd, target), found);
            target = found < UINT32_MAX - 4000 ? (uint32_t)found + 1 + below(fixture, step)
                                               : (uint32_t)found + 1;
        }
        assert_int_equal(kw_crowd_advance(crowd, target), KW_NO_DOCUMENT);
        kw_arena_release(&arena);
    }
}

/* ---- Groups --------------------------------------------------------------------------------- */

struct toy_group {
    struct kw_plan_node nodes[MEMBERS];
    const struct kw_plan_node *children[MEMBERS];
    struct kw_plan_node root;
    uint32_t counts[3]; /* by occurrence */
};

static void draw_group(struct fixture *fixture, struct toy_group *group)
{
    uint32_t must = below(fixture, 3) ? 0 : 1 + below(fixture, 3);
    uint32_t must_not = below(fixture, 2) ? 0 : 1 + below(fixture, fixture->count);
    *group = (struct toy_group){.root = {.kind = KW_PLAN_GROUP, .child_count = fixture->count}};
    for (uint32_t i = 0; i < fixture->count; i++) {
        uint32_t drawn = below(fixture, fixture->count);
        enum kw_occur occur = drawn < must              ? KW_MUST
                              : drawn < must + must_not ? KW_MUST_NOT
                                                        : KW_SHOULD;
        group->nodes[i] = (struct kw_plan_node){.kind = KW_PLAN_LEAF, .occur = occur, .leaf = i};
        group->children[i] = &group->nodes[i];
        group->counts[occur]++;
    }
    group->root.children = group->children;
    uint32_t least = group->counts[KW_SHOULD] && !group->counts[KW_MUST];
    group->root.minimum = least;
    if (group->counts[KW_SHOULD] && below(fixture, 2))
        group->root.minimum = least + below(fixture, 4) % (group->counts[KW_SHOULD] + 1 - least);
}

static bool matches(const struct fixture *fixture, const struct toy_group *group, int64_t document)
{
    uint32_t found[3] = {0};
    for (uint32_t i = 0; i < fixture->count; i++)
        found[group->nodes[i].occur] += holds(&fixture->toys[i], document);
    return found[KW_MUST] == group->counts[KW_MUST] && found[KW_MUST_NOT] == 0 &&
           found[KW_SHOULD] >= group->root.minimum;
}

static void assert_collects(const struct fixture *fixture, const struct toy_group *group,
                            struct kw_cursor *cursor)
{
    struct kw_contribution items[MEMBERS];
    struct kw_contributions found = {items, 0};
    uint32_t at = 0;
    cursor->ops->collect(cursor, &found);
    for (uint32_t i = 0; i < fixture->count; i++)
        if (group->nodes[i].occur != KW_MUST_NOT && holds(&fixture->toys[i], cursor->document)) {
            assert_true(at < found.count);
            assert_int_equal(items[at++].leaf, i);
        }
    assert_int_equal(at, found.count);
}

/* Goes through the documents of a segment that is small enough for all to be asked. */
static void assert_agrees(struct fixture *fixture, const struct toy_group *group, bool skip)
{
    struct kw_segment segment = {.documents = fixture->documents};
    struct kw_plan plan = {.root = &group->root};
    struct kw_evaluation evaluation = {
        .segment = &segment, .plan = &plan, .arena = KW_ARENA_INIT, .error = KW_ERROR_INIT};
    struct kw_cursor *cursor;
    assert_int_equal(
        kw_group_cursor_new(&cursor, &evaluation, &group->root, fixture->cursors, NULL), KW_OK);
    for (uint32_t target = 0; target < fixture->documents; target++) {
        if (skip)
            target += below(fixture, 20);
        uint32_t wanted = target;
        while (wanted < fixture->documents && !matches(fixture, group, wanted))
            wanted++;
        int64_t found = cursor->ops->advance(cursor, target);
        assert_int_equal(found, wanted < fixture->documents ? wanted : KW_NO_DOCUMENT);
        if (found == KW_NO_DOCUMENT)
            break;
        if (below(fixture, 3))
            assert_collects(fixture, group, cursor);
        target = wanted;
    }
    cursor->ops->release(cursor);
    kw_arena_release(&evaluation.arena);
}

static void groups_of_any_size_match_and_collect_as_defined(void **state)
{
    struct fixture *fixture = *state;
    for (int round = 0; round < 1500; round++) {
        struct toy_group group;
        draw(fixture, 2 + below(fixture, below(fixture, 2) ? 30 : MEMBERS - 1),
             below(fixture, 2) ? 30 : 300);
        draw_group(fixture, &group);
        assert_agrees(fixture, &group, below(fixture, 2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_finds_who_stands_on_a_document),
        cmocka_unit_test(groups_of_any_size_match_and_collect_as_defined),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
