/* From the words, phrases and NEARs of a tree to leaves, by the tokens that the analyzer finds. */
#include "query/planner.h"

#include <stdlib.h>

/* ---- Tokens --------------------------------------------------------------------------------- */

/* The text of a pattern with a letter in place of each wildcard, so that words are cut around it as
 * around a letter. data == NULL when memory runs out. */
static struct kw_view without_wildcards(struct kw_planner *p, const struct kw_ast_node *node)
{
    uint8_t *copy = kw_arena_alloc(&p->scratch, node->text.size + 1);
    if (!copy)
        return (struct kw_view){NULL, 0};
    memcpy(copy, node->text.data, node->text.size);
    for (uint32_t i = 0; i < node->wildcard_count; i++)
        copy[node->wildcards[i]] = 'x';
    return (struct kw_view){copy, node->text.size};
}

static enum kw_status analyse_piece(struct kw_planner *p, const struct kw_ast_node *node)
{
    struct kw_tokens tokens;
    struct kw_view text = node->wildcard_count ? without_wildcards(p, node) : node->text;
    if (!text.data)
        return kw_fail_memory(p->error);
    enum kw_status status = kw_analyzer_text(p->analyzer, text, &tokens, p->error);
    if (status != KW_OK)
        return status;
    if (!kw_grow(&p->tokens, p->tokens.count + tokens.count) ||
        !kw_grow(&p->pieces, p->pieces.count + 1))
        return kw_fail_memory(p->error);
    p->pieces.items[p->pieces.count++] = (struct kw_piece){p->tokens.count, tokens.count};
    size_t first = p->tokens.count;
    for (size_t i = 0; i < tokens.count; i++)
        p->tokens.items[p->tokens.count++] = (struct kw_planned_token){
            tokens.word[i], tokens.word[i], tokens.position[i], tokens.start[i], tokens.end[i]};
    if (p->differing == KW_NO_LANGUAGE)
        return KW_OK;
    kw_analyzer_speak(p->analyzer, p->differing);
    status = kw_analyzer_text(p->analyzer, text, &tokens, p->error);
    kw_analyzer_speak(p->analyzer, KW_EVERY_LANGUAGE);
    for (size_t i = 0; i < tokens.count && status == KW_OK; i++)
        p->tokens.items[first + i].other = tokens.word[i];
    return status;
}

static enum kw_status analyse_node(struct kw_planner *p, const struct kw_ast_node *node)
{
    enum kw_status status = KW_OK;
    if (node->kind == KW_AST_FILTER)
        return KW_OK;
    if (node->kind != KW_AST_GROUP && node->kind != KW_AST_NEAR)
        return analyse_piece(p, node);
    for (uint32_t i = 0; i < node->child_count && status == KW_OK; i++)
        status = analyse_node(p, node->children[i]);
    return status;
}

enum kw_status kw_planner_analyse(struct kw_planner *p, const struct kw_ast_node *root)
{
    enum kw_status status = analyse_node(p, root);
    return status == KW_OK ? kw_analyzer_close(p->analyzer, p->error) : status;
}

static bool contains(const struct kw_planned_token *outer, const struct kw_planned_token *inner)
{
    return outer->start <= inner->start && inner->end <= outer->end &&
           outer->end - outer->start > inner->end - inner->start;
}

/* Moves the characters that a pair holds to planner->held: what is left covers the same text. A
 * pair stands between its two characters. */
static enum kw_status keep_covering(struct kw_planner *p, struct kw_planned_token *tokens,
                                    size_t *count)
{
    size_t kept = 0;
    struct kw_planned_token before = {0}; /* as it was; an empty span contains nothing */
    p->held.count = 0;
    if (!kw_grow(&p->held, *count))
        return kw_fail_memory(p->error);
    for (size_t i = 0; i < *count; i++) {
        struct kw_planned_token token = tokens[i];
        if (!contains(&before, &token) && (i + 1 == *count || !contains(&tokens[i + 1], &token)))
            tokens[kept++] = token;
        else
            p->held.items[p->held.count++] = token;
        before = token;
    }
    *count = kept;
    return KW_OK;
}

/* ---- Leaves of words ------------------------------------------------------------------------ */

/* A leaf on top of the others, NULL when memory runs out. Valid until the next. */
static struct kw_leaf *push_leaf(struct kw_planner *p, enum kw_leaf_kind kind, uint32_t clause)
{
    if (!kw_grow(&p->leaves, p->leaves.count + 1))
        return NULL;
    struct kw_leaf *leaf = &p->leaves.items[p->leaves.count++];
    *leaf = (struct kw_leaf){.kind = kind, .boost = 1, .repeats = 1, .clause = clause};
    return leaf;
}

static struct kw_query_term *new_terms(struct kw_planner *p, struct kw_leaf *leaf, size_t count)
{
    struct kw_query_term *terms = kw_arena_alloc(p->arena, count * sizeof *terms);
    leaf->terms = terms;
    leaf->term_count = (uint32_t)count;
    return terms;
}

static bool fill_term(struct kw_planner *p, struct kw_query_term *term, struct kw_view bytes,
                      struct kw_view field)
{
    term->bytes = kw_arena_copy(p->arena, bytes);
    term->field = field;
    return term->bytes.data != NULL;
}

static struct kw_view surface_of(const struct kw_planner *p, const struct kw_planned_token *token)
{
    return kw_analyzer_surface(p->analyzer, kw_analyzer_surface_of(p->analyzer, token->word));
}

/* The surface form as the language reads it that has capitals of its own. */
static struct kw_view other_surface_of(const struct kw_planner *p,
                                       const struct kw_planned_token *token)
{
    return kw_analyzer_surface(p->analyzer, kw_analyzer_surface_of(p->analyzer, token->other));
}

/* A word by its stem in each language, or by its surface form if there are no languages. */
static enum kw_status stem_leaf(struct kw_planner *p, const struct kw_ast_node *node,
                                struct kw_view field, const struct kw_planned_token *token)
{
    static const struct kw_planned_language none = {.number = KW_NO_LANGUAGE};
    uint32_t count = p->language_count ? p->language_count : 1;
    struct kw_leaf *leaf = push_leaf(p, KW_LEAF_WORD, node->clause);
    struct kw_query_term *terms = leaf ? new_terms(p, leaf, count) : NULL;
    if (!terms)
        return kw_fail_memory(p->error);
    leaf->span = 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct kw_planned_language *language = p->language_count ? &p->languages[i] : &none;
        if (!fill_term(p, &terms[i], kw_planner_stem(p, token, language), field))
            return kw_fail_memory(p->error);
        terms[i].language = language->name;
    }
    leaf->surface = kw_arena_copy(p->arena, surface_of(p, token));
    if (!leaf->surface.data)
        return kw_fail_memory(p->error);
    leaf->stop_word = kw_planner_is_stop_word(p, token);
    if (p->options->weigh_stop_words && leaf->stop_word)
        leaf->boost = KW_STOP_WORD_WEIGHT;
    return KW_OK;
}

/* Gives the last leaf the characters that its token holds; *next is the first of those held that
 * it can be, and moves with the tokens. */
static enum kw_status hold_characters(struct kw_planner *p, const struct kw_planned_token *token,
                                      struct kw_view field, size_t *next)
{
    struct kw_leaf *leaf = &p->leaves.items[p->leaves.count - 1];
    while (*next < p->held.count && p->held.items[*next].start < token->start)
        ++*next;
    size_t end = *next;
    while (end < p->held.count && contains(token, &p->held.items[end]))
        end++;
    if (end == *next || leaf->kind != KW_LEAF_WORD)
        return KW_OK;
    struct kw_query_term *held = kw_arena_alloc(p->arena, (end - *next) * sizeof *held);
    if (!held)
        return kw_fail_memory(p->error);
    leaf->held = held;
    leaf->held_count = (uint32_t)(end - *next);
    for (size_t i = *next; i < end; i++)
        if (!fill_term(p, &held[i - *next], surface_of(p, &p->held.items[i]), field))
            return kw_fail_memory(p->error);
    return KW_OK;
}

/* Exactly these words in this order, within node->number moves if it is a phrase; a single one is a
 * word leaf. */
static enum kw_status exact_leaf(struct kw_planner *p, const struct kw_ast_node *node,
                                 struct kw_view field, const struct kw_planned_token *tokens,
                                 size_t count, bool other)
{
    enum kw_leaf_kind kind = count == 1 ? KW_LEAF_WORD : KW_LEAF_PHRASE;
    struct kw_leaf *leaf = push_leaf(p, kind, node->clause);
    struct kw_query_term *terms = leaf ? new_terms(p, leaf, count) : NULL;
    if (!terms)
        return kw_fail_memory(p->error);
    for (size_t i = 0; i < count; i++) {
        struct kw_view surface =
            other ? other_surface_of(p, &tokens[i]) : surface_of(p, &tokens[i]);
        if (!fill_term(p, &terms[i], surface, field))
            return kw_fail_memory(p->error);
        terms[i].offset = tokens[i].position - tokens[0].position;
    }
    if (count == 1)
        leaf->surface = terms[0].bytes;
    if (count > 1 && node->kind == KW_AST_PHRASE)
        leaf->distance = node->number;
    leaf->span = leaf->distance ? 0 : terms[count - 1].offset + 1;
    return KW_OK;
}

/* The same; in either reading, where terms keep accents and one language has capitals of its own.
 */
static enum kw_status exact_leaves(struct kw_planner *p, const struct kw_ast_node *node,
                                   struct kw_view field, const struct kw_planned_token *tokens,
                                   size_t count)
{
    bool differs = false;
    enum kw_status status = exact_leaf(p, node, field, tokens, count, false);
    for (size_t i = 0; i < count; i++)
        differs =
            differs || !kw_view_equal(surface_of(p, &tokens[i]), other_surface_of(p, &tokens[i]));
    return status == KW_OK && differs ? exact_leaf(p, node, field, tokens, count, true) : status;
}

/* ---- Patterns ------------------------------------------------------------------------------- */

/* The place of a pattern among the expansions. */
static enum kw_status find_expansion(struct kw_planner *p, struct kw_view field,
                                     struct kw_view pattern, uint32_t edits, uint32_t *place)
{
    for (size_t i = 0; i < p->expansions.count; i++) {
        const struct kw_expansion *known = &p->expansions.items[i];
        if (known->edits == edits && kw_view_equal(known->pattern, pattern) &&
            kw_view_equal(known->field, field)) {
            *place = (uint32_t)i;
            return KW_OK;
        }
    }
    struct kw_expansion expansion = {field, kw_arena_copy(p->arena, pattern), edits, NULL, 0, 0};
    if (!expansion.pattern.data || !kw_grow(&p->expansions, p->expansions.count + 1))
        return kw_fail_memory(p->error);
    *place = (uint32_t)p->expansions.count;
    p->expansions.items[p->expansions.count++] = expansion;
    return KW_OK;
}

static enum kw_status expansion_leaf(struct kw_planner *p, const struct kw_ast_node *node,
                                     struct kw_view field, struct kw_view pattern, uint32_t edits)
{
    struct kw_leaf *leaf = push_leaf(p, KW_LEAF_EXPANSION, node->clause);
    if (!leaf)
        return kw_fail_memory(p->error);
    leaf->span = 1;
    return find_expansion(p, field, pattern, edits, &leaf->expansion);
}

/* The first of the node's wildcards at or behind `at`. */
static uint32_t first_wildcard(const struct kw_ast_node *node, uint32_t at)
{
    uint32_t low = 0;
    uint32_t high = node->wildcard_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (node->wildcards[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the token holds a wildcard. */
static bool is_wild(const struct kw_ast_node *node, const struct kw_planned_token *token)
{
    uint32_t wildcard = first_wildcard(node, token->start);
    return wildcard < node->wildcard_count && node->wildcards[wildcard] < token->end;
}

/* Appends what stands between the wildcards, folded. */
static enum kw_status append_literal(struct kw_planner *p, struct kw_bytes *pattern,
                                     struct kw_view literal, bool *any)
{
    if (!literal.size)
        return KW_OK;
    struct kw_view surface;
    enum kw_status status = kw_analyzer_fold(p->analyzer, literal, &surface, p->error);
    if (status != KW_OK)
        return status;
    kw_bytes_append_view(pattern, surface);
    *any = *any || surface.size;
    return KW_OK;
}

/* Appends the pattern of a token with wildcards, of which several `*` in a row are one. *any is
 * whether it holds anything else. */
static enum kw_status append_pattern(struct kw_planner *p, struct kw_bytes *pattern,
                                     const struct kw_ast_node *node,
                                     const struct kw_planned_token *token, bool *any)
{
    enum kw_status status = KW_OK;
    uint32_t done = token->start;
    *any = false;
    for (uint32_t i = first_wildcard(node, done); status == KW_OK && done < token->end; i++) {
        bool more = i < node->wildcard_count && node->wildcards[i] < token->end;
        uint32_t until = more ? node->wildcards[i] : token->end;
        struct kw_view literal = {node->text.data + done, until - done};
        status = append_literal(p, pattern, literal, any);
        bool repeated = more && node->text.data[until] == '*' && pattern->size &&
                        pattern->data[pattern->size - 1] == '*';
        if (more && !repeated)
            kw_bytes_append_byte(pattern, node->text.data[until]);
        done = until + more;
    }
    return status == KW_OK ? kw_bytes_status(pattern, p->error) : status;
}

static enum kw_status wild_leaf(struct kw_planner *p, const struct kw_ast_node *node,
                                struct kw_view field, const struct kw_planned_token *token)
{
    struct kw_bytes pattern = KW_BYTES_INIT;
    bool any;
    enum kw_status status = append_pattern(p, &pattern, node, token, &any);
    if (status == KW_OK)
        status = expansion_leaf(p, node, field, kw_bytes_view(&pattern), 0);
    kw_bytes_release(&pattern);
    return status;
}

/* Drops the tokens of nothing but wildcards, in place. */
static enum kw_status drop_wildcards(struct kw_planner *p, const struct kw_ast_node *node,
                                     struct kw_planned_token *tokens, size_t *count)
{
    struct kw_bytes pattern = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    size_t kept = 0;
    for (size_t i = 0; i < *count && status == KW_OK; i++) {
        bool any = true;
        kw_bytes_clear(&pattern);
        if (is_wild(node, &tokens[i]))
            status = append_pattern(p, &pattern, node, &tokens[i], &any);
        if (any)
            tokens[kept++] = tokens[i];
    }
    *count = kept;
    kw_bytes_release(&pattern);
    return status;
}

/* ---- Pieces --------------------------------------------------------------------------------- */

/* One token of a bare word on its own: by its stem, unless it has wildcards or edits, which are the
 * last token's. */
static enum kw_status token_leaf(struct kw_planner *p, const struct kw_ast_node *node,
                                 struct kw_view field, const struct kw_planned_token *token,
                                 bool last)
{
    if (is_wild(node, token))
        return wild_leaf(p, node, field, token);
    if (node->kind == KW_AST_FUZZY && last)
        return expansion_leaf(p, node, field, surface_of(p, token), node->number);
    return stem_leaf(p, node, field, token);
}

/* Replaces the leaves from `mark` on by one of `kind` with them as operands. */
static struct kw_leaf *fold_leaves(struct kw_planner *p, size_t mark, enum kw_leaf_kind kind,
                                   uint32_t clause)
{
    size_t count = p->leaves.count - mark;
    struct kw_leaf *operands = kw_arena_alloc(p->arena, count * sizeof *operands);
    if (!operands)
        return NULL;
    memcpy(operands, p->leaves.items + mark, count * sizeof *operands);
    p->leaves.count = mark;
    struct kw_leaf *leaf = push_leaf(p, kind, clause);
    if (!leaf)
        return NULL;
    leaf->operands = operands;
    leaf->operand_count = (uint32_t)count;
    return leaf;
}

/* Whether a token is a pattern: it has wildcards, or is the last one, which has the edits. */
static bool is_pattern(const struct kw_ast_node *node, const struct kw_planned_token *token,
                       bool last)
{
    return is_wild(node, token) || (node->kind == KW_AST_FUZZY && last);
}

/* Several tokens that must all be there, some of them patterns: an ONEAR of these and of the
 * phrases between them, as near as the tokens are in the query. */
static enum kw_status adjacent_leaf(struct kw_planner *p, const struct kw_ast_node *node,
                                    struct kw_view field, const struct kw_planned_token *tokens,
                                    size_t count)
{
    size_t mark = p->leaves.count;
    uint32_t distance = 1;
    enum kw_status status = KW_OK;
    for (size_t i = 0, next; i < count && status == KW_OK; i = next) {
        next = i + 1;
        if (is_pattern(node, &tokens[i], next == count)) {
            status = token_leaf(p, node, field, &tokens[i], next == count);
        } else {
            while (next < count && !is_pattern(node, &tokens[next], next + 1 == count))
                next++;
            status = exact_leaf(p, node, field, tokens + i, next - i, false);
        }
        if (next < count && tokens[next].position - tokens[next - 1].position > distance)
            distance = tokens[next].position - tokens[next - 1].position;
    }
    if (status != KW_OK || p->leaves.count - mark < 2)
        return status;
    struct kw_leaf *leaf = fold_leaves(p, mark, KW_LEAF_NEAR, node->clause);
    if (!leaf)
        return kw_fail_memory(p->error);
    leaf->ordered = true;
    leaf->distance = distance;
    return KW_OK;
}

/* Whether any of the tokens is a pattern. */
static bool any_pattern(const struct kw_ast_node *node, const struct kw_planned_token *tokens,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_pattern(node, &tokens[i], i + 1 == count))
            return true;
    return false;
}

/* A word or phrase. */
static enum kw_status piece_leaves(struct kw_planner *p, const struct kw_ast_node *node,
                                   bool optional)
{
    struct kw_piece piece = p->pieces.items[p->next_piece++];
    if (!piece.count)
        return KW_OK;
    struct kw_planned_token *tokens = p->tokens.items + piece.first;
    size_t count = piece.count, next = 0;
    bool bare = node->kind != KW_AST_EXACT && node->kind != KW_AST_PHRASE;
    struct kw_view field = kw_arena_copy(p->arena, node->field);
    enum kw_status status = field.data ? KW_OK : kw_fail_memory(p->error);
    if (status == KW_OK)
        status = keep_covering(p, tokens, &count);
    if (status == KW_OK && node->wildcard_count)
        status = drop_wildcards(p, node, tokens, &count);
    if (status != KW_OK || !count)
        return status;
    if (!bare || (count > 1 && !optional && !any_pattern(node, tokens, count)))
        return exact_leaves(p, node, field, tokens, count);
    if (count > 1 && !optional)
        return adjacent_leaf(p, node, field, tokens, count);
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        status = token_leaf(p, node, field, &tokens[i], i + 1 == count);
        if (status == KW_OK && optional)
            status = hold_characters(p, &tokens[i], field, &next);
    }
    return status;
}

static enum kw_status filter_leaf(struct kw_planner *p, const struct kw_ast_node *node)
{
    struct kw_leaf *leaf = push_leaf(p, KW_LEAF_FILTER, node->clause);
    struct kw_filter *filter = kw_arena_alloc(p->arena, sizeof *filter);
    if (!leaf || !filter)
        return kw_fail_memory(p->error);
    *filter = *node->filter;
    filter->field = kw_arena_copy(p->arena, filter->field);
    filter->keyword = kw_arena_copy(p->arena, filter->keyword);
    leaf->filter = filter;
    return filter->field.data && filter->keyword.data ? KW_OK : kw_fail_memory(p->error);
}

/* ---- NEAR ----------------------------------------------------------------------------------- */

static enum kw_status near_leaf(struct kw_planner *p, const struct kw_ast_node *node);

/* Puts the alternatives that an operand consists of on the leaves. */
static enum kw_status push_alternatives(struct kw_planner *p, const struct kw_ast_node *node)
{
    size_t mark = p->leaves.count;
    enum kw_status status = KW_OK;
    if (node->kind == KW_AST_GROUP) {
        for (uint32_t i = 0; i < node->child_count && status == KW_OK; i++)
            status = push_alternatives(p, node->children[i]);
        return status;
    }
    if (node->kind != KW_AST_NEAR)
        return piece_leaves(p, node, false);
    status = near_leaf(p, node);
    if (status != KW_OK || p->leaves.count == mark || p->leaves.items[mark].kind != KW_LEAF_ANY)
        return status;
    struct kw_leaf any = p->leaves.items[mark]; /* alternatives among alternatives */
    if (!kw_grow(&p->leaves, mark + any.operand_count))
        return kw_fail_memory(p->error);
    memcpy(p->leaves.items + mark, any.operands, any.operand_count * sizeof any);
    p->leaves.count = mark + any.operand_count;
    return KW_OK;
}

/* A NEAR; the operand itself if only one asks for anything. */
static enum kw_status near_leaf(struct kw_planner *p, const struct kw_ast_node *node)
{
    size_t mark = p->leaves.count;
    for (uint32_t i = 0; i < node->child_count; i++) {
        size_t operand = p->leaves.count;
        enum kw_status status = push_alternatives(p, node->children[i]);
        if (status != KW_OK)
            return status;
        if (p->leaves.count - operand > 1 && !fold_leaves(p, operand, KW_LEAF_ANY, node->clause))
            return kw_fail_memory(p->error);
    }
    if (p->leaves.count - mark < 2)
        return KW_OK;
    struct kw_leaf *leaf = fold_leaves(p, mark, KW_LEAF_NEAR, node->clause);
    if (!leaf)
        return kw_fail_memory(p->error);
    leaf->ordered = node->ordered;
    leaf->distance = node->number;
    return KW_OK;
}

enum kw_status kw_planner_leaves(struct kw_planner *p, const struct kw_ast_node *node,
                                 bool optional)
{
    if (node->kind == KW_AST_FILTER)
        return filter_leaf(p, node);
    return node->kind == KW_AST_NEAR ? push_alternatives(p, node) : piece_leaves(p, node, optional);
}
