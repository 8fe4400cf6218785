/* The planner: analyses the words of a tree as one batch, makes leaves of their terms, and tidies
 * the groups on the way up. */
#include "query/plan.h"

#include "query/plan_draft.h"
#include "stemmers/guess.h"
#include "stemmers/stop_words.h"

#include <stdlib.h>

struct token {
    uint32_t word;
    uint32_t other; /* the word in the language whose words as written differ; else as `word` */
    uint32_t position;
    uint32_t start;
    uint32_t end;
};

/* A language whose stems are looked for. */
struct wanted {
    struct kw_view name; /* in the plan's arena */
    uint32_t number;     /* the analyzer's, KW_NO_LANGUAGE if it is not in use */
    int stop_words;      /* the language of its stop words, as guess.h numbers them */
};

/* The tokens of one clause: a range of the planner's. */
struct clause {
    size_t first;
    size_t count;
};

struct planner {
    struct kw_analyzer *analyzer;
    struct kw_arena *arena;  /* the plan's: terms and leaves */
    struct kw_arena scratch; /* drafts */
    const struct kw_plan_options *options;
    uint32_t differing; /* the language whose words as written differ, or KW_NO_LANGUAGE */
    struct wanted *languages;
    uint32_t language_count;
    struct clause *clauses;
    struct {
        struct token *items;
        size_t count;
        size_t capacity;
    } tokens;
    struct { /* children of the groups that are being made, innermost last */
        struct kw_draft **items;
        size_t count;
        size_t capacity;
    } pending;
    struct kw_error *error;
};

static enum kw_status analyse_word(struct planner *p, const struct kw_ast_node *node)
{
    struct kw_tokens tokens;
    enum kw_status status = kw_analyzer_text(p->analyzer, node->text, &tokens, p->error);
    if (status != KW_OK)
        return status;
    if (!kw_grow(&p->tokens, p->tokens.count + tokens.count))
        return kw_fail_memory(p->error);
    p->clauses[node->clause] = (struct clause){p->tokens.count, tokens.count};
    struct token *first = p->tokens.items + p->tokens.count;
    for (size_t i = 0; i < tokens.count; i++)
        first[i] = (struct token){tokens.word[i], tokens.word[i], tokens.position[i],
                                  tokens.start[i], tokens.end[i]};
    p->tokens.count += tokens.count;
    if (p->differing == KW_NO_LANGUAGE)
        return KW_OK;
    kw_analyzer_speak(p->analyzer, p->differing);
    status = kw_analyzer_text(p->analyzer, node->text, &tokens, p->error);
    kw_analyzer_speak(p->analyzer, KW_EVERY_LANGUAGE);
    for (size_t i = 0; i < tokens.count && status == KW_OK; i++)
        first[i].other = tokens.word[i];
    return status;
}

static enum kw_status analyse(struct planner *p, const struct kw_ast_node *node)
{
    enum kw_status status = KW_OK;
    if (node->kind != KW_AST_GROUP)
        return analyse_word(p, node);
    for (uint32_t i = 0; i < node->child_count && status == KW_OK; i++)
        status = analyse(p, node->children[i]);
    return status;
}

static bool contains(const struct token *outer, const struct token *inner)
{
    return outer->start <= inner->start && inner->end <= outer->end &&
           outer->end - outer->start > inner->end - inner->start;
}

/* Drops the characters that a pair holds, in place: what is left covers the same text. A pair
 * stands between its two characters. */
static size_t keep_covering(struct token *tokens, size_t count)
{
    size_t kept = 0;
    struct token before = {0}; /* the last one as it was; an empty span contains nothing */
    for (size_t i = 0; i < count; i++) {
        struct token token = tokens[i];
        if (!contains(&before, &token) && (i + 1 == count || !contains(&tokens[i + 1], &token)))
            tokens[kept++] = token;
        before = token;
    }
    return kept;
}

static bool fill_term(struct planner *p, struct kw_query_term *term, struct kw_view bytes,
                      struct kw_view field)
{
    term->bytes = kw_arena_copy(p->arena, bytes);
    term->field = field;
    return term->bytes.data != NULL;
}

/* A leaf of `count` terms that are yet to be filled, NULL when memory runs out. */
static struct kw_draft *new_leaf(struct planner *p, enum kw_leaf_kind kind, uint32_t clause,
                                 size_t count, struct kw_query_term **terms)
{
    struct kw_draft *draft = kw_arena_alloc(&p->scratch, sizeof *draft);
    *terms = kw_arena_alloc(p->arena, count * sizeof **terms);
    if (!draft || !*terms)
        return NULL;
    draft->kind = KW_PLAN_LEAF;
    draft->occur = KW_SHOULD;
    draft->leaf = (struct kw_leaf){.kind = kind,
                                   .terms = *terms,
                                   .term_count = (uint32_t)count,
                                   .span = 1,
                                   .boost = 1,
                                   .repeats = 1,
                                   .clause = clause};
    return draft;
}

/* The bytes of a token's term in a language: its stem, or the word itself where that is not in use.
 */
static struct kw_view stem_bytes(struct planner *p, const struct token *token,
                                 const struct wanted *language)
{
    uint32_t number = language->number, stem = KW_NO_STEM;
    if (number != KW_NO_LANGUAGE)
        stem = kw_analyzer_stem_of(p->analyzer, number,
                                   number == p->differing ? token->other : token->word);
    if (stem != KW_NO_STEM)
        return kw_analyzer_stem(p->analyzer, number, stem);
    return kw_analyzer_surface(p->analyzer, kw_analyzer_surface_of(p->analyzer, token->word));
}

/* Whether the token is a stop word in one of the languages that are looked for. */
static bool is_stop_word(struct planner *p, const struct token *token)
{
    struct kw_view word = kw_analyzer_word(p->analyzer, token->word);
    for (uint32_t i = 0; i < p->language_count; i++) {
        if (kw_stop_word(p->languages[i].stop_words, word))
            return true;
    }
    return false;
}

/* A word by its stem in each language, or by its surface form if there are no languages. */
static struct kw_draft *stem_leaf(struct planner *p, uint32_t clause, const struct token *token,
                                  struct kw_view field)
{
    struct kw_query_term *terms;
    uint32_t count = p->language_count ? p->language_count : 1;
    struct kw_draft *draft = new_leaf(p, KW_LEAF_WORD, clause, count, &terms);
    if (!draft)
        return NULL;
    static const struct wanted none = {.number = KW_NO_LANGUAGE};
    for (uint32_t i = 0; i < count; i++) {
        const struct wanted *language = p->language_count ? &p->languages[i] : &none;
        if (!fill_term(p, &terms[i], stem_bytes(p, token, language), field))
            return NULL;
        terms[i].language = language->name;
    }
    if (p->options->weigh_stop_words && is_stop_word(p, token))
        draft->leaf.boost *= KW_STOP_WORD_WEIGHT;
    return draft;
}

/* Exactly these words in this order; a single one is a word leaf. */
static struct kw_draft *exact_leaf(struct planner *p, uint32_t clause, const struct token *tokens,
                                   size_t count, struct kw_view field)
{
    struct kw_query_term *terms;
    enum kw_leaf_kind kind = count == 1 ? KW_LEAF_WORD : KW_LEAF_PHRASE;
    struct kw_draft *draft = new_leaf(p, kind, clause, count, &terms);
    if (!draft)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        uint32_t surface = kw_analyzer_surface_of(p->analyzer, tokens[i].word);
        if (!fill_term(p, &terms[i], kw_analyzer_surface(p->analyzer, surface), field))
            return NULL;
        terms[i].offset = tokens[i].position - tokens[0].position;
    }
    draft->leaf.span = terms[count - 1].offset + 1;
    return draft;
}

static enum kw_status add_pending(struct planner *p, struct kw_draft *draft)
{
    if (!draft || !kw_grow(&p->pending, p->pending.count + 1))
        return kw_fail_memory(p->error);
    p->pending.items[p->pending.count++] = draft;
    return KW_OK;
}

/* Makes *out of what is pending since `mark`: NULL if that is nothing; the one child itself, unless
 * it is negated, for then the group means all documents without it; else a group. */
static enum kw_status close_group(struct planner *p, size_t mark, struct kw_draft **out)
{
    *out = NULL;
    size_t count = p->pending.count - mark;
    if (count == 0)
        return KW_OK;
    struct kw_draft **children = p->pending.items + mark;
    enum kw_status status = kw_draft_merge(children, &count, p->error);
    if (status != KW_OK)
        return status;
    p->pending.count = mark;
    if (count == 1 && children[0]->occur != KW_MUST_NOT) {
        *out = children[0];
        return KW_OK;
    }
    struct kw_draft *group = kw_arena_alloc(&p->scratch, sizeof *group);
    struct kw_draft **copy = kw_arena_alloc(&p->scratch, count * sizeof(struct kw_draft *));
    if (!group || !copy)
        return kw_fail_memory(p->error);
    memcpy(copy, children, count * sizeof(struct kw_draft *));
    group->kind = KW_PLAN_GROUP;
    group->children = copy;
    group->child_count = (uint32_t)count;
    *out = group;
    return KW_OK;
}

/* A bare word of several tokens that need not match: any of them, each by its stem. */
static enum kw_status draft_any(struct planner *p, uint32_t clause, const struct token *tokens,
                                size_t count, struct kw_view field, struct kw_draft **out)
{
    size_t mark = p->pending.count;
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < count && status == KW_OK; i++)
        status = add_pending(p, stem_leaf(p, clause, &tokens[i], field));
    return status == KW_OK ? close_group(p, mark, out) : status;
}

static enum kw_status draft_word(struct planner *p, const struct kw_ast_node *node,
                                 struct kw_view field, enum kw_occur occur, struct kw_draft **out)
{
    *out = NULL;
    size_t count = p->clauses[node->clause].count;
    if (count == 0)
        return KW_OK;
    struct token *tokens = p->tokens.items + p->clauses[node->clause].first;
    bool bare = node->kind == KW_AST_WORD;
    count = keep_covering(tokens, count);
    if (bare && count > 1 && occur == KW_SHOULD)
        return draft_any(p, node->clause, tokens, count, field, out);
    *out = bare && count == 1 ? stem_leaf(p, node->clause, tokens, field)
                              : exact_leaf(p, node->clause, tokens, count, field);
    return *out ? KW_OK : kw_fail_memory(p->error);
}

/* Adds a child to the group at hand; the words of an optional word of several join it one by one,
 * so that they merge with their equals there. */
static enum kw_status add_child(struct planner *p, const struct kw_ast_node *node,
                                struct kw_draft *draft, enum kw_occur occur)
{
    enum kw_status status = KW_OK;
    if (node->kind != KW_AST_WORD || draft->kind != KW_PLAN_GROUP) {
        draft->occur = occur;
        return add_pending(p, draft);
    }
    for (uint32_t i = 0; i < draft->child_count && status == KW_OK; i++)
        status = add_pending(p, draft->children[i]);
    return status;
}

/* Makes *out of `node`, which is `occur` to its parent; NULL if there is nothing in it. */
static enum kw_status draft_node(struct planner *p, const struct kw_ast_node *node,
                                 struct kw_view field, enum kw_occur occur, struct kw_draft **out)
{
    *out = NULL;
    if (node->field.size) {
        field = kw_arena_copy(p->arena, node->field);
        if (!field.data)
            return kw_fail_memory(p->error);
    }
    if (node->kind != KW_AST_GROUP)
        return draft_word(p, node, field, occur, out);
    size_t mark = p->pending.count;
    for (uint32_t i = 0; i < node->child_count; i++) {
        const struct kw_ast_node *child = node->children[i];
        struct kw_draft *draft;
        enum kw_occur child_occur = child->occur;
        if (p->options->all && node->juxtaposed && child_occur == KW_SHOULD)
            child_occur = KW_MUST;
        enum kw_status status = draft_node(p, child, field, child_occur, &draft);
        if (status == KW_OK && draft)
            status = add_child(p, child, draft, child_occur);
        if (status != KW_OK)
            return status;
    }
    return close_group(p, mark, out);
}

/* The number of leaves of `draft`. */
static uint32_t count_leaves(const struct kw_draft *draft)
{
    uint32_t count = draft->kind == KW_PLAN_LEAF;
    for (uint32_t i = 0; i < draft->child_count; i++)
        count += count_leaves(draft->children[i]);
    return count;
}

/* How many SHOULD children of a group must match: one, where nothing must. */
static uint32_t fewest(const struct kw_draft *group)
{
    bool optional = false;
    for (uint32_t i = 0; i < group->child_count; i++) {
        if (group->children[i]->occur == KW_MUST)
            return 0;
        optional = optional || group->children[i]->occur == KW_SHOULD;
    }
    return optional;
}

/* Writes `draft` to *node and its leaves, in order, to `leaves`, which has room for all. */
static enum kw_status write_node(struct kw_plan *plan, const struct kw_draft *draft, bool negated,
                                 struct kw_leaf *leaves, struct kw_plan_node *node,
                                 struct kw_error *error)
{
    node->kind = draft->kind;
    node->occur = draft->occur;
    negated = negated || draft->occur == KW_MUST_NOT;
    if (draft->kind == KW_PLAN_LEAF) {
        node->leaf = plan->leaf_count++;
        leaves[node->leaf] = draft->leaf;
        leaves[node->leaf].negated = negated;
        return KW_OK;
    }
    uint32_t count = draft->child_count;
    struct kw_plan_node *children = kw_arena_alloc(&plan->arena, count * sizeof *children);
    node->children = kw_arena_alloc(&plan->arena, count * sizeof(struct kw_plan_node *));
    if (!children || !node->children)
        return kw_fail_memory(error);
    node->child_count = count;
    node->minimum = fewest(draft);
    for (uint32_t i = 0; i < count; i++) {
        node->children[i] = &children[i];
        enum kw_status status =
            write_node(plan, draft->children[i], negated, leaves, &children[i], error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

static enum kw_status write_plan(struct kw_plan *plan, struct kw_draft *root,
                                 struct kw_error *error)
{
    struct kw_leaf *leaves = kw_arena_alloc(&plan->arena, count_leaves(root) * sizeof *leaves);
    struct kw_plan_node *node = kw_arena_alloc(&plan->arena, sizeof *node);
    if (!leaves || !node)
        return kw_fail_memory(error);
    root->occur = KW_MUST;
    plan->leaves = leaves;
    plan->root = node;
    return write_node(plan, root, false, leaves, node, error);
}

static enum kw_status want_language(struct planner *p, const char *name)
{
    struct wanted *language = &p->languages[p->language_count++];
    *language = (struct wanted){
        .name = kw_arena_copy(p->arena, kw_view_of(name)),
        .number = kw_analyzer_find_language(p->analyzer, kw_view_of(name)),
        .stop_words = kw_known_language_find(name),
    };
    return language->name.data ? KW_OK : kw_fail_memory(p->error);
}

/* Settles which languages are looked for: none if none is in use. */
static enum kw_status choose_languages(struct planner *p)
{
    uint32_t in_use = kw_analyzer_languages(p->analyzer);
    enum kw_status status = KW_OK;
    p->languages = kw_arena_alloc(&p->scratch, ((size_t)in_use + 1) * sizeof *p->languages);
    if (!p->languages)
        return kw_fail_memory(p->error);
    p->differing = KW_NO_LANGUAGE;
    for (uint32_t i = 0; i < in_use && status == KW_OK; i++) {
        if (kw_analyzer_differs(p->analyzer, i))
            p->differing = i;
        if (!p->options->language)
            status = want_language(p, kw_analyzer_language(p->analyzer, i));
    }
    if (status == KW_OK && in_use && p->options->language)
        status = want_language(p, p->options->language);
    if (p->differing != KW_NO_LANGUAGE) /* for then each piece is analysed in both ways */
        kw_analyzer_speak(p->analyzer, KW_EVERY_LANGUAGE);
    return status;
}

static enum kw_status make_plan(struct planner *p, struct kw_plan *plan, const struct kw_ast *ast)
{
    p->clauses = calloc(ast->clauses, sizeof *p->clauses);
    if (!p->clauses)
        return kw_fail_memory(p->error);
    enum kw_status status = choose_languages(p);
    if (status == KW_OK)
        status = analyse(p, ast->root);
    if (status == KW_OK)
        status = kw_analyzer_close(p->analyzer, p->error);
    if (status != KW_OK)
        return status;
    struct kw_draft *root;
    enum kw_occur occur = p->options->all ? KW_MUST : KW_SHOULD;
    status = draft_node(p, ast->root, (struct kw_view){NULL, 0}, occur, &root);
    return status == KW_OK && root ? write_plan(plan, root, p->error) : status;
}

enum kw_status kw_plan_init(struct kw_plan *plan, const struct kw_ast *ast,
                            struct kw_analyzer *analyzer, const struct kw_plan_options *options,
                            struct kw_error *error)
{
    static const struct kw_plan_options defaults;
    enum kw_status status = KW_OK;
    *plan = (struct kw_plan)KW_PLAN_INIT;
    struct planner p = {.analyzer = analyzer,
                        .arena = &plan->arena,
                        .scratch = KW_ARENA_INIT,
                        .options = options ? options : &defaults,
                        .error = error};
    kw_analyzer_clear(analyzer);
    if (ast->root)
        status = make_plan(&p, plan, ast);
    kw_analyzer_clear(analyzer);
    free(p.clauses);
    free(p.tokens.items);
    free(p.pending.items);
    kw_arena_release(&p.scratch);
    if (status != KW_OK)
        kw_plan_release(plan);
    else
        plan->clause_count = ast->clauses;
    return status;
}

enum kw_status kw_plan_expand(struct kw_plan *plan, uint32_t expansion, const struct kw_view *terms,
                              uint32_t count, struct kw_error *error)
{
    struct kw_expansion *filled = &plan->expansions[expansion];
    struct kw_query_term *copies = kw_arena_alloc(&plan->arena, count * sizeof *copies);
    if (!copies)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        copies[i].field = filled->field;
        copies[i].bytes = kw_arena_copy(&plan->arena, terms[i]);
        if (!copies[i].bytes.data)
            return kw_fail_memory(error);
    }
    filled->terms = copies;
    filled->term_count = count;
    return KW_OK;
}

void kw_plan_release(struct kw_plan *plan)
{
    kw_arena_release(&plan->arena);
    *plan = (struct kw_plan)KW_PLAN_INIT;
}
