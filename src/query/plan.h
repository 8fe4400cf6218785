/* The plan: what a query asks of an index, in terms; engines and the ranker read it.
 *
 * A plan is a tree of groups over numbered leaves. A leaf is what is scored and highlighted as one:
 * a word (any of its terms) or a phrase (all of its terms, each at its offset). A group matches a
 * document if all its MUST children match, none of its MUST_NOT children does, and, where it has no
 * MUST child, at least one SHOULD child matches; a group of MUST_NOT children alone matches all
 * other documents. A document's score is the sum over the leaves, in their order, that contribute:
 * those under matching groups only, never below a MUST_NOT. */
#ifndef KW_QUERY_PLAN_H
#define KW_QUERY_PLAN_H

#include "base/arena.h"
#include "query/ast.h"
#include "stemmers/analyzer.h"

/* A term to look up. All views live in the plan's arena. */
struct kw_query_term {
    struct kw_view field;    /* empty: the text, that is title and body */
    struct kw_view language; /* a stem's language; empty: a surface term */
    struct kw_view bytes;
    uint32_t offset; /* in a phrase: positions behind its first word; else 0 */
};

enum kw_leaf_kind {
    KW_LEAF_WORD,   /* any of the terms; their frequencies add up as one term's */
    KW_LEAF_PHRASE, /* all of the terms, each at its offset; terms are surface terms */
};

struct kw_leaf {
    enum kw_leaf_kind kind;
    const struct kw_query_term *terms;
    uint32_t term_count; /* ≥ 1 */
    uint32_t span;       /* positions a match covers: 1 for a word, last offset + 1 for a phrase */
    double boost;        /* > 0; 1 unless asked */
    uint32_t repeats;    /* q: how often the word stands in its group; 1 for a phrase */
    uint32_t clause;     /* number of the clause as written, from 0 */
    bool negated;        /* below a MUST_NOT: never scored nor highlighted */
};

enum kw_plan_kind { KW_PLAN_LEAF, KW_PLAN_GROUP };

struct kw_plan_node {
    enum kw_plan_kind kind;
    enum kw_occur occur;                  /* what it is to its parent; MUST for the root */
    uint32_t leaf;                        /* KW_PLAN_LEAF: index into the plan's leaves */
    const struct kw_plan_node **children; /* KW_PLAN_GROUP: in the order of the query */
    uint32_t child_count;
};

struct kw_plan {
    struct kw_arena arena;
    const struct kw_plan_node *root; /* NULL: the query has no words at all */
    const struct kw_leaf *leaves;    /* in the order of the query */
    uint32_t leaf_count;
    uint32_t clause_count;
};

#define KW_PLAN_INIT                                                                               \
    {                                                                                              \
        KW_ARENA_INIT, NULL, NULL, 0, 0                                                            \
    }

#define KW_STOP_WORD_WEIGHT 0.1

/* How to plan. Zeroed is the default. */
struct kw_plan_options {
    bool all;              /* juxtaposed words must all be there */
    const char *language;  /* look for the stems of this language alone; NULL: of each in use */
    bool weigh_stop_words; /* bare stop words count KW_STOP_WORD_WEIGHT of others */
};

/* Plans a parsed query with the index's own analyzer, whose vocabulary it uses and clears. A bare
 * word that holds several tokens (`multi-agent`, or the pairs of a script without spaces) becomes
 * so many words of one clause where it need not match, and their phrase where it must or must not;
 * words without a token vanish. Equal words of one group and occurrence become one leaf with
 * `repeats`, at the first one's place. A bare word is looked for by its stem in
 * each language in use, or by its surface form if none is. `plan` is as KW_PLAN_INIT on failure. */
enum kw_status kw_plan_init(struct kw_plan *plan, const struct kw_ast *ast,
                            struct kw_analyzer *analyzer, const struct kw_plan_options *options,
                            struct kw_error *error);
void kw_plan_release(struct kw_plan *plan);

#endif
