/* The tree of a query as it was typed, before it knows any index. */
#ifndef KW_QUERY_AST_H
#define KW_QUERY_AST_H

#include "base/arena.h"

#include <stdbool.h>

enum kw_occur { KW_SHOULD, KW_MUST, KW_MUST_NOT };

enum kw_ast_kind {
    KW_AST_WORD,   /* a bare word: found by its stem */
    KW_AST_EXACT,  /* =word: this form only */
    KW_AST_PHRASE, /* "…" */
    KW_AST_GROUP,  /* juxtaposition, AND, OR, parentheses: children with their occurrence */
};

struct kw_ast_node {
    enum kw_ast_kind kind;
    enum kw_occur occur; /* to its parent; MUST for the root */
    bool juxtaposed;     /* a group: its SHOULD children merely stand side by side (--all turns them
                            into MUST); false for OR */
    struct kw_view field; /* empty: none given; inherited by the nodes inside */
    struct kw_view text;  /* words and phrases: as typed, without quotes, `=` and field */
    uint32_t at;          /* where it begins in the query, in bytes */
    uint32_t clause;      /* words and phrases: numbered from 0 as written */
    struct kw_ast_node **children;
    uint32_t child_count;
};

struct kw_ast {
    struct kw_arena arena;
    struct kw_ast_node *root; /* NULL: an empty query */
    uint32_t clauses;
    const char
        *note; /* what was taken as text, one line without a full stop, or NULL; in the arena */
};

#define KW_AST_INIT                                                                                \
    {                                                                                              \
        KW_ARENA_INIT, NULL, 0, NULL                                                               \
    }

#endif
