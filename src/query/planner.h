/* The plan while it is being made: nodes that own their leaf and can still change. Private to
 * plan.c, plan_leaves.c, plan_languages.c and plan_merge.c. */
#ifndef KW_QUERY_PLANNER_H
#define KW_QUERY_PLANNER_H

#include "query/plan.h"

struct kw_draft {
    enum kw_plan_kind kind;
    enum kw_occur occur;
    bool filters;               /* there is nothing but filters in it */
    bool lifted;                /* filters that must match only because they are filters: they make
                                   nothing beside them optional */
    struct kw_leaf leaf;        /* KW_PLAN_LEAF; `negated` is set when the plan is written */
    struct kw_draft **children; /* KW_PLAN_GROUP */
    uint32_t child_count;
};

struct kw_planned_token {
    uint32_t word;
    uint32_t other; /* the word in the language whose words as written differ; else as `word` */
    uint32_t position;
    uint32_t start; /* bytes in the text of its piece */
    uint32_t end;
};

/* A language whose stems are looked for. */
struct kw_planned_language {
    struct kw_view name; /* in the plan's arena */
    uint32_t number;     /* the analyzer's, KW_NO_LANGUAGE if it is not in use */
    int stop_words;      /* the language of its stop words, as guess.h numbers them */
};

/* The tokens of a word or phrase: a range of the planner's. */
struct kw_piece {
    size_t first;
    size_t count;
};

struct kw_planner {
    struct kw_analyzer *analyzer;
    struct kw_arena *arena;  /* the plan's: terms and leaves */
    struct kw_arena scratch; /* drafts */
    const struct kw_plan_options *options;
    uint32_t differing; /* the language whose words as written differ, or KW_NO_LANGUAGE */
    struct kw_planned_language *languages;
    uint32_t language_count;
    struct {
        struct kw_planned_token *items;
        size_t count;
        size_t capacity;
    } tokens;
    struct { /* one a word or phrase, in the order of the tree */
        struct kw_piece *items;
        size_t count;
        size_t capacity;
    } pieces;
    size_t next_piece;
    struct { /* of the piece at hand, the tokens that others contain */
        struct kw_planned_token *items;
        size_t count;
        size_t capacity;
    } held;
    struct { /* leaves and operands that are being made, innermost last */
        struct kw_leaf *items;
        size_t count;
        size_t capacity;
    } leaves;
    struct {
        struct kw_expansion *items;
        size_t count;
        size_t capacity;
    } expansions;
    struct { /* children of the groups that are being made, innermost last */
        struct kw_draft **items;
        size_t count;
        size_t capacity;
    } pending;
    struct kw_error *error;
};

/* Settles which languages are looked for: none if none is in use. */
enum kw_status kw_planner_choose_languages(struct kw_planner *p);

/* The bytes of a token's term in a language: its stem, or the word itself where that is not in use.
 * Valid until the analyzer is cleared. */
struct kw_view kw_planner_stem(const struct kw_planner *p, const struct kw_planned_token *token,
                               const struct kw_planned_language *language);

/* Whether the token is a stop word in one of the languages that are looked for. */
bool kw_planner_is_stop_word(const struct kw_planner *p, const struct kw_planned_token *token);

/* Gives all words and phrases of the tree their pieces. The batch is closed then. */
enum kw_status kw_planner_analyse(struct kw_planner *p, const struct kw_ast_node *root);

/* Puts the leaves that `node` (no group) asks for on planner->leaves, in the order of the query,
 * their boost 1, or that of a stop word: none if it asks for nothing; several if it is bare, holds
 * several tokens and is `optional`, or is a NEAR of alternatives alone. Nodes must come in the
 * order of the tree. */
enum kw_status kw_planner_leaves(struct kw_planner *p, const struct kw_ast_node *node,
                                 bool optional);

/* Merges the equal words among the `count` children of a group: word leaves of the same occurrence,
 * terms and boost become the first of them, whose `repeats` is their sum. Keeps the order of the
 * rest, sets *count to what is left, and takes time linear in the terms. KW_E_MEMORY. */
enum kw_status kw_draft_merge(struct kw_draft **children, size_t *count, struct kw_error *error);

/* Refuses the leaves of a plan if they have too many words, and notes which are there again.
 * KW_E_USAGE: they have more than KW_QUERY_WORDS; KW_E_MEMORY. */
enum kw_status kw_leaves_limit(struct kw_leaf *leaves, uint32_t count, struct kw_error *error);

#endif
