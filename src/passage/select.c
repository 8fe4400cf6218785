/* Picks passages by BM25 with the passages as the documents; a word weighs by how rare it is among
 * these and among all documents, and less if it stands in the title. */
#include "passage/select.h"

#include <stdlib.h>

/* What is known of a passage. */
struct passage {
    size_t from; /* matches that begin in it: [from, to) */
    size_t to;
    uint64_t first; /* passages that these, and those that end in it, reach */
    uint64_t last;
    bool matched;   /* some of them are of leaves, not of additions */
    uint64_t shown; /* one past the last passage of the choices that hold this one; 0: none */
};

struct candidate {
    uint64_t passage;
    double score;
    uint32_t clauses;
};

struct selection {
    const struct kw_border *borders;
    uint64_t border_count;
    uint64_t worded; /* passages that have words */
    const struct kw_matches *matches;
    const struct kw_plan *plan;
    const struct kw_statistics *statistics;
    struct passage *passages;
    uint32_t leaf_count; /* of the plan, with its additions behind */
    bool *titled;        /* by leaf: it stands in the title */
    struct kw_bm25 *leaves;
    uint32_t *frequencies; /* of each leaf in the passage at hand */
    bool *clauses;         /* that stand in it */
    struct candidate *candidates;
    size_t candidate_count;
};

static void selection_release(struct selection *s)
{
    free(s->passages);
    free(s->titled);
    free(s->leaves);
    free(s->frequencies);
    free(s->clauses);
    free(s->candidates);
}

static bool selection_init(struct selection *s)
{
    s->passages = calloc(s->border_count, sizeof *s->passages);
    s->leaf_count = s->plan->leaf_count + s->plan->addition_count;
    s->titled = calloc((size_t)s->leaf_count + 1, sizeof *s->titled);
    s->leaves = calloc((size_t)s->leaf_count + 1, sizeof *s->leaves);
    s->frequencies = calloc((size_t)s->leaf_count + 1, sizeof *s->frequencies);
    s->clauses = calloc((size_t)s->plan->clause_count + 1, sizeof *s->clauses);
    return s->passages && s->titled && s->leaves && s->frequencies && s->clauses;
}

/* One past the last position of a passage. */
static uint64_t border_end(const struct kw_border *border)
{
    return (uint64_t)border->position + border->words;
}

/* Stretches the passages first..last over each other. */
static void reach(struct selection *s, uint64_t first, uint64_t last)
{
    for (uint64_t p = first; p <= last; p++) {
        if (first < s->passages[p].first)
            s->passages[p].first = first;
        if (last > s->passages[p].last)
            s->passages[p].last = last;
    }
}

/* Finds the passage in which each match begins, in one pass over both; those before the first
 * passage are in the title, and those behind the last are in none. */
static void place_matches(struct selection *s)
{
    uint64_t p = 0;
    for (uint64_t i = 0; i < s->border_count; i++)
        s->passages[i].first = s->passages[i].last = i;
    for (size_t i = 0; i < s->matches->count; i++) {
        const struct kw_match *match = &s->matches->items[i];
        if (match->first < s->borders[0].position) {
            s->titled[match->leaf] = true;
            continue;
        }
        while (p < s->border_count && match->first >= border_end(&s->borders[p]))
            p++;
        if (p == s->border_count)
            return;
        if (s->passages[p].to == 0)
            s->passages[p].from = i;
        s->passages[p].to = i + 1;
        if (match->leaf < s->plan->leaf_count && !s->passages[p].matched) {
            s->passages[p].matched = true;
            s->candidate_count++;
        }
        uint64_t last = p;
        while (last + 1 < s->border_count &&
               (uint64_t)match->first + match->span > border_end(&s->borders[last]))
            last++;
        if (last > p)
            reach(s, p, last);
    }
}

/* The constants of a leaf that begins in so many passages, of `average` words. */
static struct kw_bm25 weigh_leaf(const struct selection *s, uint32_t number, uint64_t passages,
                                 double average)
{
    struct kw_parameters parameters = {KW_PASSAGE_K1, KW_PASSAGE_B, s->statistics->parameters.k3};
    const struct kw_plan *plan = s->plan;
    bool added = number >= plan->leaf_count;
    uint32_t addition = number - plan->leaf_count;
    const struct kw_leaf *leaf = added ? &plan->additions[addition].leaf : &plan->leaves[number];
    double idf = added ? kw_addition_idf(s->statistics, plan, addition)
                       : kw_leaf_idf(s->statistics, plan, number);
    double boost = s->titled[number] ? leaf->boost * KW_PASSAGE_TITLED : leaf->boost;
    idf += KW_PASSAGE_OWN * kw_bm25_idf(s->worded, passages);
    return kw_bm25_of(kw_bm25_weight(boost, leaf->repeats, idf, &parameters), parameters.k1,
                      parameters.b, average);
}

/* Counts for each leaf the passages in which it begins and makes its constants of that. */
static bool weigh_leaves(struct selection *s)
{
    uint64_t words = 0;
    struct {
        uint64_t passages;
        uint64_t last; /* one past the last passage counted */
    } *seen = calloc((size_t)s->leaf_count + 1, sizeof *seen);
    if (!seen)
        return false;
    for (uint64_t p = 0; p < s->border_count; p++) {
        words += s->borders[p].words;
        s->worded += s->borders[p].words > 0;
        for (size_t i = s->passages[p].from; i < s->passages[p].to; i++) {
            uint32_t leaf = s->matches->items[i].leaf;
            seen[leaf].passages += seen[leaf].last != p + 1;
            seen[leaf].last = p + 1;
        }
    }
    double average = words ? (double)words / (double)s->worded : 1;
    for (uint32_t i = 0; i < s->leaf_count; i++)
        s->leaves[i] = weigh_leaf(s, i, seen[i].passages, average);
    free(seen);
    return true;
}

static struct candidate score_passage(struct selection *s, uint64_t number)
{
    const struct passage *passage = &s->passages[number];
    struct candidate candidate = {.passage = number};
    for (size_t i = passage->from; i < passage->to; i++)
        s->frequencies[s->matches->items[i].leaf]++;
    for (uint32_t leaf = 0; leaf < s->leaf_count; leaf++) {
        if (s->frequencies[leaf] == 0)
            continue;
        candidate.score +=
            kw_bm25_score(&s->leaves[leaf], s->frequencies[leaf], s->borders[number].words);
        if (leaf >= s->plan->leaf_count)
            continue;
        bool *clause = &s->clauses[s->plan->leaves[leaf].clause];
        candidate.clauses += !*clause;
        *clause = true;
    }
    for (size_t i = passage->from; i < passage->to; i++) {
        uint32_t leaf = s->matches->items[i].leaf;
        s->frequencies[leaf] = 0;
        if (leaf < s->plan->leaf_count)
            s->clauses[s->plan->leaves[leaf].clause] = false;
    }
    return candidate;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    if (left->clauses != right->clauses)
        return left->clauses > right->clauses ? -1 : 1;
    return (left->passage > right->passage) - (left->passage < right->passage);
}

static bool rank_candidates(struct selection *s)
{
    size_t count = 0;
    s->candidates = calloc(s->candidate_count + 1, sizeof *s->candidates);
    if (!s->candidates)
        return false;
    for (uint64_t p = 0; p < s->border_count; p++)
        if (s->passages[p].matched)
            s->candidates[count++] = score_passage(s, p);
    qsort(s->candidates, count, sizeof *s->candidates, compare_candidates);
    return true;
}

/* Takes the best candidates; `choices` has room for all, and for one. */
static size_t choose(struct selection *s, size_t limit, struct kw_choice *choices)
{
    size_t count = 0;
    for (size_t i = 0; i < s->candidate_count && (limit == 0 || count < limit); i++) {
        const struct passage *passage = &s->passages[s->candidates[i].passage];
        if (s->passages[passage->first].shown > passage->last)
            continue;
        for (uint64_t p = passage->first; p <= passage->last; p++)
            if (s->passages[p].shown <= passage->last)
                s->passages[p].shown = passage->last + 1;
        choices[count++] = (struct kw_choice){
            .first = passage->first,
            .count = passage->last - passage->first + 1,
            .score = s->candidates[i].score,
        };
    }
    if (count == 0)
        choices[count++] = (struct kw_choice){.first = 0, .count = 1, .score = 0};
    return count;
}

enum kw_status kw_select(const struct kw_border *borders, uint64_t border_count,
                         const struct kw_matches *matches, const struct kw_plan *plan,
                         const struct kw_statistics *statistics, size_t limit,
                         struct kw_choice **choices, size_t *choice_count, struct kw_error *error)
{
    struct selection s = {
        .borders = borders,
        .border_count = border_count,
        .matches = matches,
        .plan = plan,
        .statistics = statistics,
    };
    enum kw_status status = KW_OK;
    *choices = NULL;
    *choice_count = 0;
    if (border_count == 0)
        return KW_OK;
    if (!selection_init(&s)) {
        status = kw_fail_memory(error);
        goto done;
    }
    place_matches(&s);
    if (weigh_leaves(&s) && rank_candidates(&s))
        *choices = calloc(s.candidate_count + 1, sizeof **choices);
    if (*choices)
        *choice_count = choose(&s, limit, *choices);
    else
        status = kw_fail_memory(error);
done:
    selection_release(&s);
    return status;
}
