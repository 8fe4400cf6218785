/* What a plan matches in a document, by the plain definitions: every assignment of a phrase and
 * every choice of a NEAR is tried, over the tokens of small documents. */
#ifndef KW_TESTS_NAIVE_MATCH_H
#define KW_TESTS_NAIVE_MATCH_H

#include "rank/matches.h"
#include "rank/spans.h"
#include "tests/unit/naive_pattern.h"
#include "tests/unit/rank_segment.h"

enum { NAIVE_TOKENS = 64, NAIVE_SPANS = 200, NAIVE_OPERANDS = 8, NAIVE_FOUND = 5000 };

struct naive_token {
    char field[16];
    char surface[24];
    char stem[24]; /* in the document's language; "": none */
    uint32_t position;
};

struct naive_document {
    struct naive_token tokens[NAIVE_TOKENS];
    uint32_t count;
    bool titled;
    uint32_t language;
    char language_name[16];
};

/* A leaf's matches; those of a NEAR with the place of each operand's match in its own list. */
struct naive_list {
    struct kw_span items[NAIVE_SPANS];
    size_t places[NAIVE_SPANS][NAIVE_OPERANDS];
    size_t count;
};

static inline void naive_text(struct naive_document *document, struct kw_analyzer *analyzer,
                              const char *field, const char *text, uint32_t base, uint32_t *length)
{
    struct kw_tokens tokens;
    kw_analyzer_clear(analyzer);
    assert_int_equal(kw_analyzer_text(analyzer, kw_view_of(text), &tokens, NULL), KW_OK);
    uint32_t words[NAIVE_TOKENS], first = document->count;
    assert_true(first + tokens.count <= NAIVE_TOKENS);
    for (size_t i = 0; i < tokens.count; i++) {
        words[i] = tokens.word[i];
        document->tokens[first + i].position = base + tokens.position[i];
    }
    document->count += (uint32_t)tokens.count;
    *length = tokens.positions;
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    for (uint32_t i = first; i < document->count; i++) {
        struct naive_token *token = &document->tokens[i];
        uint32_t word = words[i - first], language = document->language;
        uint32_t stem = kw_analyzer_stem_of(analyzer, language, word);
        struct kw_view surface =
            kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word));
        struct kw_view stemmed = {(const uint8_t *)"", 0};
        if (stem != KW_NO_STEM)
            stemmed = kw_analyzer_stem(analyzer, language, stem);
        snprintf(token->field, sizeof token->field, "%s", field);
        snprintf(token->surface, sizeof token->surface, "%.*s", (int)surface.size, surface.data);
        snprintf(token->stem, sizeof token->stem, "%.*s", (int)stemmed.size, stemmed.data);
    }
    kw_analyzer_clear(analyzer);
}

static inline void naive_document(struct naive_document *document, struct kw_analyzer *analyzer,
                                  const struct rank_document *from)
{
    uint32_t length, base = 0;
    *document = (struct naive_document){.titled = from->title[0] != 0, .language = from->language};
    snprintf(document->language_name, sizeof document->language_name, "%s",
             kw_analyzer_language(analyzer, from->language));
    if (document->titled) {
        naive_text(document, analyzer, "title", from->title, 0, &length);
        naive_text(document, analyzer, "", from->title, 0, &length);
        base = length + KW_TITLE_GAP;
    }
    if (from->author)
        naive_text(document, analyzer, "author", from->author, 0, &length);
    naive_text(document, analyzer, "", from->text, base, &length);
}

static inline bool naive_equal(struct kw_view view, const char *text)
{
    return kw_view_equal(view, kw_view_of(text));
}

static inline bool naive_is_term(const struct naive_document *document,
                                 const struct naive_token *token, const struct kw_query_term *term)
{
    if (!naive_equal(term->field, token->field))
        return false;
    if (term->language.size == 0)
        return naive_equal(term->bytes, token->surface);
    return naive_equal(term->language, document->language_name) && token->stem[0] &&
           naive_equal(term->bytes, token->stem);
}

static inline void naive_add(struct naive_list *list, uint32_t start, uint32_t end, uint32_t term,
                             const size_t *places)
{
    struct kw_span span = {start, end, term};
    size_t at = list->count;
    for (size_t i = 0; i < list->count; i++)
        if (kw_span_compare(&list->items[i], &span) == 0)
            return;
    while (at > 0 && kw_span_compare(&list->items[at - 1], &span) > 0)
        at--;
    assert_true(list->count < NAIVE_SPANS);
    memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
    memmove(list->places + at + 1, list->places + at, (list->count - at) * sizeof *list->places);
    list->items[at] = span;
    if (places)
        memcpy(list->places[at], places, sizeof list->places[at]);
    list->count++;
}

/* Adds the positions of one term; how many there are. */
static inline uint32_t naive_term(const struct naive_document *document,
                                  const struct kw_query_term *term, struct naive_list *list)
{
    static struct naive_list own;
    own.count = 0;
    for (uint32_t i = 0; i < document->count; i++) {
        const struct naive_token *token = &document->tokens[i];
        if (!naive_is_term(document, token, term))
            continue;
        naive_add(&own, token->position, token->position, 0, NULL);
        naive_add(list, token->position, token->position, 0, NULL);
    }
    return (uint32_t)own.count;
}

/* A phrase's assignments as they are tried. */
struct naive_phrase {
    const struct kw_leaf *leaf;
    struct naive_list lists[NAIVE_OPERANDS];
    uint32_t at[NAIVE_OPERANDS];
    struct {
        int64_t least;
        int64_t most;
        struct kw_span span;
    } best[NAIVE_SPANS]; /* by least shift */
    size_t count;
};

static inline void naive_assigned(struct naive_phrase *phrase)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    struct kw_span span = {UINT32_MAX, 0, 0};
    size_t i = 0;
    for (uint32_t j = 0; j < phrase->leaf->term_count; j++) {
        int64_t shift = (int64_t)phrase->at[j] - phrase->leaf->terms[j].offset;
        least = shift < least ? shift : least;
        most = shift > most ? shift : most;
        span.start = phrase->at[j] < span.start ? phrase->at[j] : span.start;
        if (j == 0 || phrase->at[j] > span.end) {
            span.end = phrase->at[j];
            span.term = j;
        }
    }
    if (most - least > phrase->leaf->distance)
        return;
    while (i < phrase->count && phrase->best[i].least != least)
        i++;
    if (i < phrase->count && phrase->best[i].most <= most)
        return; /* assignments come in the order of their positions */
    assert_true(i < NAIVE_SPANS);
    phrase->best[i].least = least;
    phrase->best[i].most = most;
    phrase->best[i].span = span;
    phrase->count += i == phrase->count;
}

static inline void naive_assign(struct naive_phrase *phrase, uint32_t term)
{
    if (term == phrase->leaf->term_count) {
        naive_assigned(phrase);
        return;
    }
    for (size_t i = 0; i < phrase->lists[term].count; i++) {
        bool taken = false;
        phrase->at[term] = phrase->lists[term].items[i].start;
        for (uint32_t j = 0; j < term; j++)
            taken = taken || phrase->at[j] == phrase->at[term];
        if (!taken)
            naive_assign(phrase, term + 1);
    }
}

static inline uint32_t naive_phrase(const struct naive_document *document,
                                    const struct kw_leaf *leaf, struct naive_list *list)
{
    static struct naive_phrase phrase;
    phrase.leaf = leaf;
    phrase.count = 0;
    assert_true(leaf->term_count <= NAIVE_OPERANDS);
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        phrase.lists[i].count = 0;
        naive_term(document, &leaf->terms[i], &phrase.lists[i]);
    }
    naive_assign(&phrase, 0);
    for (size_t i = 0; i < phrase.count; i++)
        naive_add(list, phrase.best[i].span.start, phrase.best[i].span.end,
                  phrase.best[i].span.term, NULL);
    return (uint32_t)phrase.count;
}

static inline uint32_t naive_leaf(const struct naive_document *document, const struct kw_plan *plan,
                                  const struct kw_leaf *leaf, struct naive_list *list);

/* A NEAR's choices as they are tried. */
struct naive_near {
    const struct kw_leaf *leaf;
    struct naive_list lists[NAIVE_OPERANDS];
    size_t places[NAIVE_OPERANDS];
    struct {
        struct kw_span covers;
        size_t places[NAIVE_OPERANDS];
    } found[NAIVE_FOUND];
    size_t count;
};

/* Keeps the choice if its matches stand one behind the other, near enough. */
static inline void naive_chosen(struct naive_near *near)
{
    struct kw_span chosen[NAIVE_OPERANDS];
    uint32_t count = near->leaf->operand_count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        struct kw_span span = near->lists[i].items[near->places[i]];
        for (; !near->leaf->ordered && at > 0 && chosen[at - 1].start > span.start; at--)
            chosen[at] = chosen[at - 1];
        chosen[at] = span;
    }
    for (uint32_t i = 1; i < count; i++)
        if (chosen[i].start <= chosen[i - 1].end ||
            chosen[i].start - chosen[i - 1].end > near->leaf->distance)
            return;
    assert_true(near->count < NAIVE_FOUND);
    near->found[near->count].covers = (struct kw_span){chosen[0].start, chosen[count - 1].end, 0};
    memcpy(near->found[near->count++].places, near->places, sizeof near->places);
}

static inline void naive_choose(struct naive_near *near, uint32_t operand)
{
    if (operand == near->leaf->operand_count) {
        naive_chosen(near);
        return;
    }
    for (near->places[operand] = 0; near->places[operand] < near->lists[operand].count;
         near->places[operand]++)
        naive_choose(near, operand + 1);
}

static inline uint32_t naive_near(const struct naive_document *document, const struct kw_plan *plan,
                                  const struct kw_leaf *leaf, struct naive_list *list)
{
    struct naive_near *near = calloc(1, sizeof *near);
    assert_non_null(near);
    near->leaf = leaf;
    assert_true(leaf->operand_count <= NAIVE_OPERANDS);
    for (uint32_t i = 0; i < leaf->operand_count; i++)
        naive_leaf(document, plan, &leaf->operands[i], &near->lists[i]);
    naive_choose(near, 0);
    for (size_t i = 0; i < near->count; i++) {
        const struct kw_span *covers = &near->found[i].covers;
        bool minimal = true;
        for (size_t j = 0; j < near->count; j++)
            minimal = minimal && !(near->found[j].covers.start >= covers->start &&
                                   near->found[j].covers.end <= covers->end &&
                                   kw_span_compare(&near->found[j].covers, covers) != 0);
        if (minimal)
            naive_add(list, covers->start, covers->end, 0, near->found[i].places);
    }
    free(near);
    return (uint32_t)list->count;
}

/* Replaces `list` by the leaf's matches; the frequency of the leaf. */
static inline uint32_t naive_leaf(const struct naive_document *document, const struct kw_plan *plan,
                                  const struct kw_leaf *leaf, struct naive_list *list)
{
    struct naive_list *part;
    uint32_t frequency = 0;
    list->count = 0;
    switch (leaf->kind) {
    case KW_LEAF_WORD:
        for (uint32_t i = 0; i < leaf->term_count; i++)
            frequency += naive_term(document, &leaf->terms[i], list);
        return frequency;
    case KW_LEAF_EXPANSION:
        for (uint32_t i = 0; i < plan->expansions[leaf->expansion].term_count; i++)
            frequency += naive_term(document, &plan->expansions[leaf->expansion].terms[i], list);
        return frequency;
    case KW_LEAF_PHRASE:
        return naive_phrase(document, leaf, list);
    case KW_LEAF_NEAR:
        return naive_near(document, plan, leaf, list);
    case KW_LEAF_ANY:
        part = calloc(1, sizeof *part);
        assert_non_null(part);
        for (uint32_t i = 0; i < leaf->operand_count; i++) {
            naive_leaf(document, plan, &leaf->operands[i], part);
            for (size_t j = 0; j < part->count; j++)
                naive_add(list, part->items[j].start, part->items[j].end, 0, NULL);
        }
        free(part);
        return (uint32_t)list->count;
    case KW_LEAF_FILTER:
        break;
    }
    fail_msg("a filter");
    return 0;
}

/* Adds the marks of a leaf's match. */
static inline void naive_mark(const struct naive_document *document, const struct kw_plan *plan,
                              const struct kw_leaf *leaf, const struct kw_span *match,
                              struct kw_matches *matches)
{
    struct naive_list *list = calloc(1, sizeof *list), *part = calloc(1, sizeof *part);
    size_t at = 0;
    assert_true(list && part);
    if (leaf->kind == KW_LEAF_NEAR) {
        naive_leaf(document, plan, leaf, list);
        while (kw_span_compare(&list->items[at], match) != 0)
            at++;
        for (uint32_t i = 0; i < leaf->operand_count; i++) {
            naive_leaf(document, plan, &leaf->operands[i], part);
            naive_mark(document, plan, &leaf->operands[i], &part->items[list->places[at][i]],
                       matches);
        }
    } else if (leaf->kind == KW_LEAF_ANY) {
        bool found = false;
        for (uint32_t i = 0; i < leaf->operand_count && !found; i++) {
            naive_leaf(document, plan, &leaf->operands[i], part);
            for (size_t j = 0; j < part->count && !found; j++) {
                found = part->items[j].start == match->start && part->items[j].end == match->end;
                if (found)
                    naive_mark(document, plan, &leaf->operands[i], &part->items[j], matches);
            }
        }
    } else {
        struct kw_mark mark = {match->start, match->end, match->term, leaf};
        assert_int_equal(kw_matches_mark(matches, mark, NULL), KW_OK);
    }
    free(list);
    free(part);
}

/* Whether the node matches the document; if so the frequencies of the leaves that contribute are
 * noted, by leaf. */
static inline bool naive_node(const struct naive_document *document, const struct kw_plan *plan,
                              const struct kw_plan_node *node, uint32_t *frequencies)
{
    static struct naive_list list;
    uint32_t should = 0, mine[64] = {0};
    if (node->kind == KW_PLAN_LEAF) {
        uint32_t frequency = naive_leaf(document, plan, &plan->leaves[node->leaf], &list);
        frequencies[node->leaf] = frequency;
        return frequency > 0;
    }
    assert_true(plan->leaf_count <= 64);
    for (uint32_t i = 0; i < node->child_count; i++) {
        const struct kw_plan_node *child = node->children[i];
        uint32_t below[64] = {0};
        bool matched = naive_node(document, plan, child, below);
        if (matched == (child->occur == KW_MUST_NOT) && child->occur != KW_SHOULD)
            return false;
        should += matched && child->occur == KW_SHOULD;
        for (uint32_t j = 0; j < plan->leaf_count && matched && child->occur != KW_MUST_NOT; j++)
            mine[j] += below[j];
    }
    if (should < node->minimum)
        return false;
    for (uint32_t j = 0; j < plan->leaf_count; j++)
        frequencies[j] += mine[j];
    return true;
}

#endif
