/* The parser: from lexemes, which are well-formed by now, to the tree. Recursive descent, one
 * function a level of precedence; only parentheses recurse. */
#include "query/parser.h"

#include "query/lexer.h"
#include "query/modifiers.h"
#include "stemmers/utf8.h"

#include <stdlib.h>

enum { QUERY_BYTES = 1024 * 1024 };

struct parser {
    struct kw_ast *ast;
    struct kw_view text; /* the whole query, in the tree's arena */
    const struct kw_lexeme *lexemes;
    size_t count;
    size_t next;
    struct { /* children of the groups that are being read, innermost last */
        struct kw_ast_node **items;
        size_t count;
        size_t capacity;
    } pending;
    bool failed; /* out of memory; sticky */
};

static struct kw_ast_node *parse_side_by_side(struct parser *p);

static bool next_is(const struct parser *p, enum kw_lexeme_kind kind)
{
    return p->next < p->count && p->lexemes[p->next].kind == kind;
}

static struct kw_ast_node *new_node(struct parser *p, enum kw_ast_kind kind, uint32_t at)
{
    struct kw_ast_node *node = kw_arena_alloc(&p->ast->arena, sizeof *node);
    if (!node) {
        p->failed = true;
        return NULL;
    }
    node->kind = kind;
    node->occur = KW_SHOULD;
    node->boost = 1;
    node->at = at;
    return node;
}

/* Puts `node` behind the children of the group being read; NULL, an empty group, adds nothing. */
static void add_pending(struct parser *p, struct kw_ast_node *node)
{
    if (!node || p->failed)
        return;
    if (!kw_grow(&p->pending, p->pending.count + 1)) {
        p->failed = true;
        return;
    }
    p->pending.items[p->pending.count++] = node;
}

/* Moves what is pending since `mark` into `node`. */
static void take_children(struct parser *p, struct kw_ast_node *node, size_t mark)
{
    size_t count = p->pending.count - mark;
    p->pending.count = mark;
    if (p->failed || !count)
        return;
    node->children = kw_arena_alloc(&p->ast->arena, count * sizeof(struct kw_ast_node *));
    if (!node->children) {
        p->failed = true;
        return;
    }
    memcpy(node->children, p->pending.items + mark, count * sizeof(struct kw_ast_node *));
    node->child_count = (uint32_t)count;
}

/* A group of what is pending since `mark`; NULL if that is nothing. */
static struct kw_ast_node *close_group(struct parser *p, size_t mark, bool juxtaposed)
{
    if (p->failed || p->pending.count == mark)
        return NULL;
    struct kw_ast_node *group = new_node(p, KW_AST_GROUP, p->pending.items[mark]->at);
    if (!group)
        return NULL;
    group->juxtaposed = juxtaposed;
    take_children(p, group, mark);
    return group;
}

/* The `size` bytes of the query at `start`, repaired if they are not valid UTF-8. */
static struct kw_view repaired(struct parser *p, uint32_t start, uint32_t size)
{
    struct kw_view text = {p->text.data + start, size};
    if (kw_utf8_valid(text) == size)
        return text;
    struct kw_bytes buffer = KW_BYTES_INIT;
    uint64_t repairs = 0;
    kw_utf8_repair(text, &buffer, &repairs);
    if (!buffer.failed)
        text = kw_arena_copy(&p->ast->arena, kw_bytes_view(&buffer));
    if (buffer.failed || !text.data)
        p->failed = true;
    kw_bytes_release(&buffer);
    return text;
}

static const enum kw_ast_kind operand_kinds[] = {
    [KW_LEX_WORD] = KW_AST_WORD,     [KW_LEX_EXACT] = KW_AST_EXACT,
    [KW_LEX_PHRASE] = KW_AST_PHRASE, [KW_LEX_PATTERN] = KW_AST_PATTERN,
    [KW_LEX_FUZZY] = KW_AST_FUZZY,   [KW_LEX_FILTER] = KW_AST_FILTER,
};

/* Finds the wildcards of a pattern's text. */
static void find_wildcards(struct parser *p, struct kw_ast_node *node)
{
    size_t from = 0, start, end;
    uint32_t count = 0;
    while (kw_wildcards_next(node->text, &from, &start, &end))
        count += (uint32_t)(end - start);
    uint32_t *places = kw_arena_alloc(&p->ast->arena, count * sizeof *places);
    if (!places) {
        p->failed = true;
        return;
    }
    node->wildcards = places;
    for (from = 0; kw_wildcards_next(node->text, &from, &start, &end);)
        while (start < end)
            places[node->wildcard_count++] = (uint32_t)start++;
}

/* Reads the text of a filter; the lexer saw that it is one. */
static void read_filter(struct parser *p, struct kw_ast_node *node, const struct kw_lexeme *lexeme)
{
    struct kw_filter *filter = kw_arena_alloc(&p->ast->arena, sizeof *filter);
    if (!filter) {
        p->failed = true;
        return;
    }
    kw_filter_parse(filter, lexeme->uses, node->text, lexeme->verbatim);
    filter->field = (struct kw_view){p->text.data + lexeme->field, lexeme->field_size};
    node->filter = filter;
}

static struct kw_ast_node *parse_leaf(struct parser *p, const struct kw_lexeme *lexeme)
{
    struct kw_ast_node *node = new_node(p, operand_kinds[lexeme->kind], lexeme->at);
    if (!node)
        return NULL;
    node->text = repaired(p, lexeme->start, lexeme->size);
    node->written = repaired(p, lexeme->at, lexeme->end - lexeme->at);
    node->clause = p->ast->clauses++;
    node->boost = lexeme->boost;
    node->number = lexeme->number;
    if (node->kind == KW_AST_FILTER)
        read_filter(p, node, lexeme);
    else if (lexeme->field_size)
        node->field = (struct kw_view){p->text.data + lexeme->field, lexeme->field_size};
    if (node->kind == KW_AST_PATTERN)
        find_wildcards(p, node);
    return node;
}

/* A word, a phrase or a parenthesised group with its sign as occurrence; NULL if it is empty. */
static struct kw_ast_node *parse_operand(struct parser *p)
{
    const struct kw_lexeme *lexeme = &p->lexemes[p->next++];
    struct kw_ast_node *node = NULL;
    if (lexeme->kind == KW_LEX_OPEN) {
        node = parse_side_by_side(p);
        const struct kw_lexeme *close = &p->lexemes[p->next++];
        if (node)
            node->boost = close->boost;
    } else {
        node = parse_leaf(p, lexeme);
    }
    if (!node)
        return NULL;
    node->at = lexeme->at;
    if (lexeme->sign)
        node->occur = lexeme->sign == '+' ? KW_MUST : KW_MUST_NOT;
    return node;
}

/* All that stands in a NEAR is of its clause. */
static void set_clause(struct kw_ast_node *node, uint32_t clause)
{
    node->clause = clause;
    for (uint32_t i = 0; i < node->child_count; i++)
        set_clause(node->children[i], clause);
}

/* A NEAR of what is pending since `mark`, as the operators at `near` have it. */
static struct kw_ast_node *close_near(struct parser *p, size_t mark, const struct kw_lexeme *near)
{
    size_t count = p->pending.count - mark;
    struct kw_ast_node *node = new_node(p, KW_AST_NEAR, near->at);
    if (!node)
        return NULL;
    node->ordered = near->ordered;
    node->number = near->number;
    take_children(p, node, mark);
    if (count)
        node->at = node->children[0]->at;
    return node;
}

/* An operand, or a NEAR of several. The sign of the first operand is the NEAR's. */
static struct kw_ast_node *parse_near(struct parser *p)
{
    size_t mark = p->pending.count;
    uint32_t clause = p->ast->clauses;
    const struct kw_lexeme *first = &p->lexemes[p->next];
    struct kw_ast_node *node = parse_operand(p);
    if (!next_is(p, KW_LEX_NEAR))
        return node;
    const struct kw_lexeme *near = &p->lexemes[p->next];
    if (node)
        node->occur = KW_SHOULD;
    add_pending(p, node);
    while (next_is(p, KW_LEX_NEAR)) {
        const struct kw_lexeme *next = &p->lexemes[p->next++];
        if (next->number != near->number || next->ordered != near->ordered) {
            add_pending(p, close_near(p, mark, near));
            near = next;
        }
        add_pending(p, parse_operand(p));
    }
    node = close_near(p, mark, near);
    if (!node)
        return NULL;
    for (uint32_t i = 0; i < node->child_count; i++)
        set_clause(node->children[i], clause);
    node->clause = clause;
    p->ast->clauses = clause + 1;
    node->at = first->at;
    node->written = repaired(p, first->at, p->lexemes[p->next - 1].end - first->at);
    if (first->sign)
        node->occur = first->sign == '+' ? KW_MUST : KW_MUST_NOT;
    return node;
}

/* The above, or NOT and the above, whose own sign then adds nothing. */
static struct kw_ast_node *parse_not(struct parser *p)
{
    if (!next_is(p, KW_LEX_NOT))
        return parse_near(p);
    p->next++;
    struct kw_ast_node *node = parse_near(p);
    if (node)
        node->occur = KW_MUST_NOT;
    return node;
}

static struct kw_ast_node *parse_and(struct parser *p)
{
    size_t mark = p->pending.count;
    struct kw_ast_node *first = parse_not(p);
    if (!next_is(p, KW_LEX_AND))
        return first;
    add_pending(p, first);
    while (next_is(p, KW_LEX_AND)) {
        p->next++;
        add_pending(p, parse_not(p));
    }
    for (size_t i = mark; i < p->pending.count; i++)
        if (p->pending.items[i]->occur == KW_SHOULD)
            p->pending.items[i]->occur = KW_MUST;
    return close_group(p, mark, false);
}

/* Adds an operand of OR: a negated one is a group of its own, all documents without it. */
static void add_alternative(struct parser *p, struct kw_ast_node *node)
{
    if (node && node->occur == KW_MUST_NOT) {
        size_t mark = p->pending.count;
        add_pending(p, node);
        node = close_group(p, mark, false);
    }
    if (node)
        node->occur = KW_SHOULD;
    add_pending(p, node);
}

static struct kw_ast_node *parse_or(struct parser *p)
{
    size_t mark = p->pending.count;
    struct kw_ast_node *first = parse_and(p);
    if (!next_is(p, KW_LEX_OR))
        return first;
    add_alternative(p, first);
    while (next_is(p, KW_LEX_OR)) {
        p->next++;
        add_alternative(p, parse_and(p));
    }
    return close_group(p, mark, false);
}

/* All up to the end of the parenthesis or of the query. */
static struct kw_ast_node *parse_side_by_side(struct parser *p)
{
    size_t mark = p->pending.count;
    while (p->next < p->count && !next_is(p, KW_LEX_CLOSE))
        add_pending(p, parse_or(p));
    return close_group(p, mark, true);
}

static enum kw_status report_problems(struct parser *p, const struct kw_problems *problems,
                                      bool strict, size_t *error_at, struct kw_error *error)
{
    struct kw_bytes line = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    kw_problems_describe(problems, !strict, &line);
    kw_bytes_append_byte(&line, '\0');
    status = kw_bytes_status(&line, error);
    if (status != KW_OK)
        goto done;
    if (strict) {
        if (error_at)
            *error_at = problems->at;
        status = kw_fail(error, KW_E_SYNTAX, "%s", (const char *)line.data);
        goto done;
    }
    p->ast->note = (const char *)kw_arena_copy(&p->ast->arena, kw_bytes_view(&line)).data;
    if (!p->ast->note)
        status = kw_fail_memory(error);
done:
    kw_bytes_release(&line);
    return status;
}

enum kw_status kw_parse(struct kw_ast *ast, struct kw_view text,
                        const struct kw_query_field *fields, size_t field_count,
                        const struct kw_parse_options *options, size_t *error_at,
                        struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct kw_lexemes lexemes = KW_LEXEMES_INIT;
    struct parser p = {.ast = ast};
    *ast = (struct kw_ast)KW_AST_INIT;
    if (text.size > QUERY_BYTES) {
        status = kw_fail(error, KW_E_USAGE, "query too long");
        kw_hint(error, "a query has at most %d bytes", QUERY_BYTES);
        return status;
    }
    p.text = kw_arena_copy(&ast->arena, text);
    if (!p.text.data) {
        status = kw_fail_memory(error);
        goto done;
    }
    status = kw_lex_init(&lexemes, p.text, fields, field_count, options && options->literal, error);
    if (status == KW_OK && lexemes.problems.count)
        status =
            report_problems(&p, &lexemes.problems, options && options->strict, error_at, error);
    if (status != KW_OK)
        goto done;
    p.lexemes = lexemes.items;
    p.count = lexemes.count;
    ast->root = parse_side_by_side(&p);
    if (p.failed)
        status = kw_fail_memory(error);
    else if (ast->root)
        ast->root->occur = KW_MUST;
done:
    free(p.pending.items);
    kw_lex_release(&lexemes);
    if (status != KW_OK)
        kw_ast_release(ast);
    return status;
}

void kw_ast_release(struct kw_ast *ast)
{
    kw_arena_release(&ast->arena);
    *ast = (struct kw_ast)KW_AST_INIT;
}
