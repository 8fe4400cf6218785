/* Additions: cursors of their own for words in the title and for characters; for words near each
 * other the positions of the plan's own cursors. */
#include "rank/additions.h"

#include "rank/term.h"

/* A bound is a sum in another order than the score, of at most 4 * KW_ADDITION_WORDS summands. */
#define SAFELY (1 + 1e-9)

struct kw_addition_scorer {
    struct kw_cursor *cursor; /* NULL: of a NEAR, or the segment holds nothing of it */
    struct kw_bm25 bm25;
    struct kw_field_info field;
};

static enum kw_status init_scorer(struct kw_additions *additions, uint32_t number,
                                  const struct kw_statistics *statistics, struct kw_error *error)
{
    struct kw_evaluation *evaluation = additions->evaluation;
    const struct kw_addition *addition = &evaluation->plan->additions[number];
    struct kw_addition_scorer *scorer = &additions->scorers[number];
    scorer->bm25 = kw_bm25_addition(statistics, evaluation->plan, number);
    bool near = addition->kind == KW_ADD_NEAR;
    const struct kw_leaf *leaf =
        near ? &evaluation->plan->leaves[addition->words[0]] : &addition->leaf;
    int64_t field = kw_segment_find_field(evaluation->segment, leaf->terms[0].field);
    if (field < 0)
        return KW_OK;
    enum kw_status status =
        kw_segment_field(evaluation->segment, (uint32_t)field, &scorer->field, error);
    if (status == KW_OK && !near)
        status = kw_leaf_cursor_new(&scorer->cursor, evaluation, leaf, number, error);
    if (near || scorer->cursor)
        additions->most[addition->kind] += scorer->bm25.weight;
    return status;
}

/* Finds where the additions of each leaf begin. */
static void init_starts(struct kw_additions *additions)
{
    const struct kw_plan *plan = additions->evaluation->plan;
    uint32_t next = 0;
    for (uint32_t leaf = 0; leaf <= plan->leaf_count; leaf++) {
        additions->starts[leaf] = next;
        while (next < plan->addition_count && plan->additions[next].kind != KW_ADD_CHARACTER &&
               plan->additions[next].words[0] == leaf)
            next++;
    }
}

static enum kw_status init_scorers(struct kw_additions *additions,
                                   const struct kw_statistics *statistics, struct kw_error *error)
{
    const struct kw_plan *plan = additions->evaluation->plan;
    for (uint32_t i = 0; i < plan->addition_count; i++) {
        enum kw_status status = init_scorer(additions, i, statistics, error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

enum kw_status kw_additions_init(struct kw_additions *additions, struct kw_evaluation *evaluation,
                                 const struct kw_statistics *statistics, struct kw_error *error)
{
    const struct kw_plan *plan = evaluation->plan;
    struct kw_arena *arena = &evaluation->arena;
    size_t leaves = plan->leaf_count, count = plan->addition_count;
    *additions = (struct kw_additions){.evaluation = evaluation, .titled = -1};
    if (!plan->addition_count)
        return KW_OK;
    additions->scorers = kw_arena_alloc(arena, count * sizeof *additions->scorers);
    additions->starts = kw_arena_alloc(arena, (leaves + 1) * sizeof *additions->starts);
    additions->numbers = kw_arena_alloc(arena, count * sizeof *additions->numbers);
    additions->parts = kw_arena_alloc(arena, count * sizeof *additions->parts);
    additions->leaves = kw_arena_alloc(arena, leaves * sizeof *additions->leaves);
    if (!additions->scorers || !additions->starts || !additions->numbers || !additions->parts ||
        !additions->leaves)
        return kw_fail_memory(error);
    for (size_t i = 0; i < leaves; i++)
        additions->leaves[i].document = additions->leaves[i].spans_of = -1;
    init_starts(additions);
    return init_scorers(additions, statistics, error);
}

void kw_additions_release(struct kw_additions *additions)
{
    if (!additions->evaluation)
        return;
    const struct kw_plan *plan = additions->evaluation->plan;
    for (uint32_t i = 0; additions->scorers && i < plan->addition_count; i++)
        kw_cursors_release(&additions->scorers[i].cursor, 1);
    for (uint32_t i = 0; additions->leaves && i < plan->leaf_count; i++)
        kw_spans_release(&additions->leaves[i].spans);
    *additions = (struct kw_additions){.evaluation = NULL};
}

/* ---- Bounds --------------------------------------------------------------------------------- */

/* Moves the cursors of titles to the document or behind it. */
static void advance_titles(struct kw_additions *additions, uint32_t document)
{
    const struct kw_plan *plan = additions->evaluation->plan;
    additions->titled = KW_NO_DOCUMENT;
    for (uint32_t i = 0; i < additions->starts[plan->leaf_count]; i++) {
        struct kw_cursor *cursor = additions->scorers[i].cursor;
        int64_t next = cursor ? cursor->ops->advance(cursor, document) : KW_NO_DOCUMENT;
        if (next < additions->titled)
            additions->titled = next;
    }
}

double kw_additions_most(struct kw_additions *additions, uint32_t document, double score)
{
    additions->document = document;
    if (!additions->scorers)
        return score;
    if (additions->titled < (int64_t)document)
        advance_titles(additions, document);
    score += additions->most[KW_ADD_NEAR] + additions->most[KW_ADD_CHARACTER];
    if (additions->titled == (int64_t)document)
        score += additions->most[KW_ADD_TITLE];
    return score * SAFELY;
}

static void note(struct kw_additions *additions, uint32_t number, uint32_t frequency, double score)
{
    additions->parts[number] = (struct kw_part){frequency, score};
    additions->numbers[additions->count++] = number;
}

/* What the addition, which stands there so often, gives the document at hand. */
static double score_of(const struct kw_additions *additions, uint32_t number, uint32_t frequency)
{
    const struct kw_addition_scorer *scorer = &additions->scorers[number];
    struct kw_segment *segment = additions->evaluation->segment;
    uint32_t length = kw_segment_length(segment, &scorer->field, additions->document);
    return kw_bm25_score(&scorer->bm25, frequency, length);
}

/* How often the cursor's word stands in the document; 0 also for no cursor. */
static uint32_t count_word(struct kw_cursor *cursor, uint32_t document)
{
    struct kw_contribution found = {0, 0};
    struct kw_contributions one = {&found, 0};
    if (cursor && cursor->ops->advance(cursor, document) == (int64_t)document)
        cursor->ops->collect(cursor, &one);
    return found.frequency;
}

/* Notes what the additions of a leaf that contributes may give the document. */
static void begin_leaf(struct kw_additions *additions, uint32_t leaf)
{
    const struct kw_plan *plan = additions->evaluation->plan;
    for (uint32_t i = additions->starts[leaf]; i < additions->starts[leaf + 1]; i++) {
        const struct kw_addition_scorer *scorer = &additions->scorers[i];
        uint32_t frequency = 0;
        if (plan->additions[i].kind == KW_ADD_TITLE)
            frequency = count_word(scorer->cursor, additions->document);
        else if (additions->leaves[plan->additions[i].words[1]].document == additions->document)
            note(additions, i, 0, scorer->bm25.weight);
        if (frequency)
            note(additions, i, frequency, score_of(additions, i, frequency));
    }
}

void kw_additions_begin(struct kw_additions *additions,
                        const struct kw_contributions *contributions)
{
    const struct kw_plan *plan = additions->evaluation->plan;
    additions->count = 0;
    if (!additions->scorers)
        return;
    for (uint32_t i = 0; i < contributions->count; i++) {
        struct kw_addition_leaf *leaf = &additions->leaves[contributions->items[i].leaf];
        leaf->document = additions->document;
        leaf->frequency = contributions->items[i].frequency;
    }
    for (uint32_t i = 0; i < contributions->count; i++)
        begin_leaf(additions, contributions->items[i].leaf);
    for (uint32_t i = additions->starts[plan->leaf_count]; i < plan->addition_count; i++)
        if (additions->scorers[i].cursor)
            note(additions, i, 0, additions->scorers[i].bm25.weight);
}

double kw_additions_bound(const struct kw_additions *additions, double score)
{
    return kw_additions_sum(additions, score) * SAFELY;
}

double kw_additions_sum(const struct kw_additions *additions, double score)
{
    for (uint32_t i = 0; i < additions->count; i++)
        score += additions->parts[additions->numbers[i]].score;
    return score;
}

/* ---- What they give ---------------------------------------------------------------------------
 */

/* What stands first, moving behind it: bit 1 if it is of `one`, bit 2 of `other`; 0 at the end. */
static int next_place(const struct kw_spans *one, size_t *i, const struct kw_spans *other,
                      size_t *j, uint32_t *position)
{
    uint32_t a = *i < one->count ? one->items[*i].start : UINT32_MAX;
    uint32_t b = *j < other->count ? other->items[*j].start : UINT32_MAX;
    int from = 0;
    *position = a < b ? a : b;
    if (*i < one->count && a <= b) {
        from |= 1;
        ++*i;
    }
    if (*j < other->count && b <= a) {
        from |= 2;
        ++*j;
    }
    return from;
}

uint32_t kw_count_near(const struct kw_spans *one, const struct kw_spans *other, uint32_t distance)
{
    size_t i = 0, j = 0;
    uint32_t count = 0, before, at;
    int last = next_place(one, &i, other, &j, &before);
    for (int from; last && (from = next_place(one, &i, other, &j, &at)) != 0; last = from) {
        bool both = (last | from) == 3;
        count += both && at - before <= distance;
        before = at;
    }
    return count;
}

/* The positions of a leaf in the document on which its cursor stands; NULL on failure. */
static const struct kw_spans *spans_of(struct kw_additions *additions, uint32_t number,
                                       enum kw_status *status, struct kw_error *error)
{
    struct kw_cursor *cursor = additions->evaluation->leaves[number];
    struct kw_addition_leaf *leaf = &additions->leaves[number];
    if (leaf->spans_of != (int64_t)additions->document) {
        struct kw_work *work = additions->evaluation->work;
        additions->evaluation->work = NULL; /* it would depend on how many are to be found */
        *status = cursor->ops->spans(cursor, &leaf->spans, error);
        additions->evaluation->work = work;
        leaf->spans_of = additions->document;
    }
    return *status == KW_OK ? &leaf->spans : NULL;
}

/* In how many places at most: of two neighbours, the one that is there less often takes part in two
 * matches, with the other on either side. */
static uint32_t most_near(const struct kw_additions *additions, const struct kw_addition *addition)
{
    uint32_t one = additions->leaves[addition->words[0]].frequency;
    uint32_t other = additions->leaves[addition->words[1]].frequency;
    uint32_t fewer = one < other ? one : other;
    return fewer > UINT32_MAX / 2 ? UINT32_MAX : 2 * fewer;
}

static enum kw_status count_near(struct kw_additions *additions, const struct kw_addition *addition,
                                 uint32_t *frequency, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *frequency = 0;
    const struct kw_spans *one = spans_of(additions, addition->words[0], &status, error);
    const struct kw_spans *other =
        one ? spans_of(additions, addition->words[1], &status, error) : NULL;
    if (other)
        *frequency = kw_count_near(one, other, addition->leaf.distance);
    return status;
}

enum kw_status kw_additions_step(struct kw_additions *additions, int step, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < additions->count && status == KW_OK; i++) {
        uint32_t number = additions->numbers[i];
        const struct kw_addition *addition = &additions->evaluation->plan->additions[number];
        struct kw_part *part = &additions->parts[number];
        if (addition->kind != (step == 0 ? KW_ADD_CHARACTER : KW_ADD_NEAR))
            continue;
        uint32_t most = 0;
        if (step == 0)
            part->frequency = count_word(additions->scorers[number].cursor, additions->document);
        else if (step == 1)
            most = most_near(additions, addition);
        else
            status = count_near(additions, addition, &part->frequency, error);
        uint32_t frequency = step == 1 ? most : part->frequency;
        part->score = frequency ? score_of(additions, number, frequency) : 0;
    }
    return status;
}
