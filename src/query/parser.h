/* The parser: from any bytes a person typed to a tree, in linear time and bounded depth. */
#ifndef KW_QUERY_PARSER_H
#define KW_QUERY_PARSER_H

#include "query/ast.h"

enum { KW_QUERY_DEPTH = 100 }; /* deeper parentheses are taken as text, with a note */

/* How to parse. Zeroed is the default: lenient. */
struct kw_parse_options {
    bool strict;  /* what does not parse is KW_E_SYNTAX with the place in *error_at, instead of text
                   */
    bool literal; /* no character is an operator: the words of the text, side by side */
};

/* Parses `text` (any bytes; invalid UTF-8 is repaired). A field prefix `name:` is one only if
 * `name` is among `fields` (`field_count` of the index, each named once); else it is text. On
 * failure the tree is as KW_AST_INIT and, for KW_E_SYNTAX, *error_at (may be NULL) is the byte
 * offset of the place. KW_E_USAGE: over 1 MiB. */
enum kw_status kw_parse(struct kw_ast *ast, struct kw_view text,
                        const struct kw_query_field *fields, size_t field_count,
                        const struct kw_parse_options *options, size_t *error_at,
                        struct kw_error *error);
void kw_ast_release(struct kw_ast *ast);

#endif
