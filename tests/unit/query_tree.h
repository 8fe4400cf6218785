/* Trees of queries as text, for tests of the parser.
 *
 * {…} is what stands side by side, […] an operator's group, near3(…) and onear3(…) are NEARs; + and
 * - for occurrences, =word, "phrase"~slop, word~edits, field: and ^boost are as in a query, a[*]b
 * has a wildcard, field(…) is a filter, and <word> a bare word that looks like one of these. */
#ifndef KW_TESTS_QUERY_TREE_H
#define KW_TESTS_QUERY_TREE_H

#include "base/value.h"
#include "query/parser.h"
#include "query/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static inline bool looks_like_syntax(struct kw_view text)
{
    return text.size == 0 || memchr("+-=\"{}[]", text.data[0], 8) ||
           memchr(text.data, ':', text.size) || memchr(text.data, '^', text.size) ||
           memchr(text.data, '~', text.size);
}

static inline void render_date(struct kw_bytes *out, int64_t date)
{
    char text[KW_VALUE_SIZE] = "";
    if (date != INT64_MIN && date != INT64_MAX)
        kw_date_format(date, text);
    kw_bytes_append_text(out, text);
}

/* field(least..most) for numbers, field(first--last) for dates, field('value') for keywords,
 * field(/pattern/) for those with wildcards. */
static inline void render_filter(struct kw_bytes *out, const struct kw_filter *filter)
{
    kw_bytes_append_view(out, filter->field);
    kw_bytes_append_byte(out, '(');
    if (filter->uses & KW_FIELD_NUMBER)
        kw_bytes_format(out, "%.17g..%.17g", filter->numbers.least, filter->numbers.most);
    if (filter->uses & KW_FIELD_DATE) {
        render_date(out, filter->dates.first);
        kw_bytes_append_text(out, "--");
        render_date(out, filter->dates.last);
    }
    if (filter->uses & KW_FIELD_KEYWORD) {
        kw_bytes_append_byte(out, filter->wildcards ? '/' : '\'');
        kw_bytes_append_view(out, filter->keyword);
        kw_bytes_append_byte(out, filter->wildcards ? '/' : '\'');
    }
    kw_bytes_append_byte(out, ')');
}

static inline void render_leaf(struct kw_bytes *out, const struct kw_ast_node *node)
{
    bool odd = node->kind == KW_AST_WORD && looks_like_syntax(node->text);
    if (node->kind == KW_AST_EXACT || node->kind == KW_AST_PHRASE)
        kw_bytes_append_byte(out, node->kind == KW_AST_EXACT ? '=' : '"');
    kw_bytes_append_text(out, odd ? "<" : "");
    uint32_t wildcard = 0;
    for (size_t i = 0; i < node->text.size; i++) {
        bool wild = wildcard < node->wildcard_count && node->wildcards[wildcard] == i;
        kw_bytes_append_text(out, wild ? "[" : "");
        kw_bytes_append_byte(out, node->text.data[i]);
        kw_bytes_append_text(out, wild ? "]" : "");
        wildcard += wild;
    }
    assert_int_equal(wildcard, node->wildcard_count);
    assert_int_equal(wildcard > 0, node->kind == KW_AST_PATTERN);
    kw_bytes_append_text(out, odd ? ">" : "");
    if (node->kind == KW_AST_PHRASE)
        kw_bytes_append_byte(out, '"');
    if (node->number)
        kw_bytes_format(out, "~%u", node->number);
}

static inline void render(struct kw_bytes *out, const struct kw_ast_node *node);

static inline void render_children(struct kw_bytes *out, const struct kw_ast_node *node,
                                   const char *brackets)
{
    kw_bytes_append_byte(out, (uint8_t)brackets[0]);
    for (uint32_t i = 0; i < node->child_count; i++) {
        if (i)
            kw_bytes_append_byte(out, ' ');
        render(out, node->children[i]);
    }
    kw_bytes_append_byte(out, (uint8_t)brackets[1]);
}

static inline void render(struct kw_bytes *out, const struct kw_ast_node *node)
{
    if (node->occur != KW_SHOULD)
        kw_bytes_append_byte(out, node->occur == KW_MUST ? '+' : '-');
    if (node->field.size) {
        kw_bytes_append_view(out, node->field);
        kw_bytes_append_byte(out, ':');
    }
    if (node->kind == KW_AST_GROUP) {
        render_children(out, node, node->juxtaposed ? "{}" : "[]");
    } else if (node->kind == KW_AST_NEAR) {
        kw_bytes_format(out, "%snear%u", node->ordered ? "o" : "", node->number);
        render_children(out, node, "()");
    } else if (node->kind == KW_AST_FILTER) {
        render_filter(out, node->filter);
    } else {
        render_leaf(out, node);
    }
    if (node->boost != 1)
        kw_bytes_format(out, "^%g", node->boost);
}

static const struct kw_parse_options lenient = {false, false};

static const struct {
    const char *name;
    unsigned uses;
} known[] = {
    {"title", KW_FIELD_WORDS},
    {"author", KW_FIELD_WORDS | KW_FIELD_KEYWORD},
    {"dc:title", KW_FIELD_WORDS},
    {"dc", KW_FIELD_WORDS},
    {"size", KW_FIELD_NUMBER},
    {"date", KW_FIELD_DATE},
    {"lang", KW_FIELD_KEYWORD},
    {"path", KW_FIELD_KEYWORD},
    {"mixed", KW_FIELD_NUMBER | KW_FIELD_KEYWORD},
    {"year", KW_FIELD_NUMBER | KW_FIELD_DATE},
    {"issue", KW_FIELD_WORDS | KW_FIELD_NUMBER},
};

enum { KNOWN = sizeof known / sizeof *known };

static inline void parse(struct kw_ast *ast, const char *query,
                         const struct kw_parse_options *options)
{
    struct kw_query_field fields[KNOWN];
    struct kw_error error = KW_ERROR_INIT;
    for (size_t i = 0; i < KNOWN; i++)
        fields[i] = (struct kw_query_field){kw_view_of(known[i].name), known[i].uses};
    if (kw_parse(ast, kw_view_of(query), fields, KNOWN, options, NULL, &error) != KW_OK)
        fail_msg("%s: %s", query, error.message);
}

/* Holds the tree of `query` equal to `tree` (without the root's own + and braces). */
static inline void check_tree(const char *query, const char *tree,
                              const struct kw_parse_options *options)
{
    struct kw_ast ast = KW_AST_INIT;
    struct kw_bytes out = KW_BYTES_INIT;
    parse(&ast, query, options);
    if (ast.root) {
        assert_int_equal(ast.root->occur, KW_MUST);
        render(&out, ast.root);
        out.size--;
    }
    kw_bytes_append_byte(&out, '\0');
    const char *got = (const char *)out.data + (ast.root ? 2 : 0);
    if (strcmp(got, tree) != 0)
        fail_msg("%s gives %s instead of %s", query, got, tree);
    kw_bytes_release(&out);
    kw_ast_release(&ast);
}

/* As check_tree, and the query parses without a note. */
static inline void check(const char *query, const char *tree)
{
    struct kw_ast ast = KW_AST_INIT;
    check_tree(query, tree, &lenient);
    parse(&ast, query, &lenient);
    if (ast.note)
        fail_msg("%s has the note %s", query, ast.note);
    kw_ast_release(&ast);
}

/* As check_tree, and the query has the note `note`. */
static inline void check_note(const char *query, const char *tree, const char *note)
{
    struct kw_ast ast = KW_AST_INIT;
    check_tree(query, tree, &lenient);
    parse(&ast, query, &lenient);
    assert_non_null(ast.note);
    assert_string_equal(ast.note, note);
    kw_ast_release(&ast);
}

#endif
