/* The tree of a query as it was typed, before it knows any index. */
#ifndef KW_QUERY_AST_H
#define KW_QUERY_AST_H

#include "base/arena.h"
#include "query/filter.h"

/* A boost as typed, and the product of those around a leaf. */
#define KW_BOOST_LEAST 0.001
#define KW_BOOST_MOST 1000.0
#define KW_BOOST_PRODUCT_LEAST 1e-9
#define KW_BOOST_PRODUCT_MOST 1e9

enum kw_occur { KW_SHOULD, KW_MUST, KW_MUST_NOT };

enum kw_ast_kind {
    KW_AST_WORD,    /* a bare word: found by its stem */
    KW_AST_EXACT,   /* =word: this form only */
    KW_AST_PHRASE,  /* "…", "…"~N */
    KW_AST_PATTERN, /* a bare word with wildcards */
    KW_AST_FUZZY,   /* word~, word~1, word~2 */
    KW_AST_NEAR,    /* NEAR or ONEAR: the operands, but for empty groups */
    KW_AST_FILTER,  /* a value or range of a column */
    KW_AST_GROUP,   /* juxtaposition, AND, OR, parentheses: children with their occurrence */
};

struct kw_ast_node {
    enum kw_ast_kind kind;
    enum kw_occur occur;  /* to its parent; MUST for the root */
    bool juxtaposed;      /* a group: its SHOULD children merely stand side by side (--all turns
                             them into MUST); false for OR */
    bool ordered;         /* NEAR: the operands in the order of the query */
    struct kw_view field; /* where words and phrases are searched; empty: in the text, that is title
                             and body. Groups and NEARs have none */
    struct kw_view text;  /* as typed, without quotes, `=`, field, edits, slop and boost; of a
                             pattern each `*` and `?` among `wildcards` is one */
    struct kw_view
        written;     /* all but groups: the whole as typed, with its sign, field and quotes */
    double boost;    /* KW_BOOST_LEAST..KW_BOOST_MOST; 1 unless given */
    uint32_t number; /* a phrase's slop, a fuzzy word's edits (1, 2), a NEAR's distance (≥ 1) */
    uint32_t at;     /* where it begins in the query, in bytes */
    uint32_t clause; /* all but groups and what stands inside a NEAR: numbered from 0 as written;
                        inside a NEAR that of the NEAR */
    const uint32_t *wildcards; /* a pattern: places of its wildcards in `text`, rising */
    uint32_t wildcard_count;
    const struct kw_filter *filter; /* a filter, which has its field itself */
    struct kw_ast_node **children;  /* of a group or NEAR */
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
