/* The plan: what a query asks of an index, in terms; engines and the ranker read it.
 *
 * A plan is a tree of groups over numbered leaves. A leaf is what is scored and highlighted as one.
 * A group matches a document if all its MUST children match, none of its MUST_NOT children does,
 * and at least `minimum` of its SHOULD children match; a group of MUST_NOT children alone matches
 * all other documents. A document's score is the sum over the leaves, in their order, that
 * contribute: those under matching groups only, never below a MUST_NOT. A filter contributes 0.
 *
 * Patterns come into the plan unexpanded: a plan knows no index. Before it is run, each of its
 * expansions is filled with terms (kw_plan_expand). */
#ifndef KW_QUERY_PLAN_H
#define KW_QUERY_PLAN_H

#include "base/arena.h"
#include "query/ast.h"
#include "stemmers/analyzer.h"

enum {
    KW_QUERY_DISTANCE = 10000, /* the largest slop of a phrase and distance of a NEAR */
    KW_QUERY_PATTERNS = 100,   /* wildcards and edits in a query, together */
    KW_QUERY_WORDS = 5000,     /* of a plan, those of phrases and NEARs too; merged ones are one */
    KW_QUERY_OPERANDS = 10,    /* of a NEAR */
    KW_QUERY_NEARS = 10,       /* NEARs that stand in each other */
};

/* A term to look up. All views live in the plan's arena. */
struct kw_query_term {
    struct kw_view field;    /* empty: the text, that is title and body */
    struct kw_view language; /* a stem's language; empty: a surface term */
    struct kw_view bytes;
    uint32_t offset; /* in a phrase: positions behind its first word; else 0 */
};

enum kw_leaf_kind {
    KW_LEAF_WORD,      /* any of the terms; their frequencies add up as one term's */
    KW_LEAF_PHRASE,    /* all of the terms, surface terms, each at its offset; within `distance`
                          moves of it (0: exactly) */
    KW_LEAF_EXPANSION, /* any of an expansion's terms, as one term */
    KW_LEAF_NEAR,      /* one match of each operand, neighbours at most `distance` apart */
    KW_LEAF_ANY,       /* only as an operand of a NEAR: the matches of all its operands */
    KW_LEAF_FILTER,    /* a column has a value that passes; neither scored nor highlighted */
};

/* A leaf, or an operand of a NEAR leaf (then of any kind but FILTER; its boost, repeats and negated
 * mean nothing). What matches where is defined in kwic-query(7), NEAR. */
struct kw_leaf {
    enum kw_leaf_kind kind;
    const struct kw_query_term *terms; /* WORD, PHRASE; all in one field */
    uint32_t term_count;               /* ≥ 1; a phrase ≥ 2; other kinds: 0 */
    struct kw_view surface; /* WORD: the surface term of the word as it was written; else empty */
    uint32_t span;    /* positions a match covers: 1 for a word or expansion, last offset + 1 for an
                         exact phrase; 0 where matches differ or there is none */
    double boost;     /* KW_BOOST_PRODUCT_LEAST..KW_BOOST_PRODUCT_MOST; 1 unless asked */
    uint32_t repeats; /* q: how often the word stands in its group; 1 but for words */
    uint32_t clause;  /* number of the clause as written, from 0 */
    bool negated;     /* below a MUST_NOT: never scored nor highlighted */
    bool again;       /* WORD: a leaf before it asks for its first term too */
    bool ordered;     /* NEAR: the operands in the order of the query */
    uint32_t distance;  /* PHRASE: slop, ≥ 0; NEAR: ≥ 1. At most KW_QUERY_DISTANCE */
    uint32_t expansion; /* EXPANSION: index into the plan's expansions */
    const struct kw_leaf *operands; /* NEAR: two or more, at most KW_QUERY_OPERANDS where it
                                                        was written as one; of a word with patterns
                                       there may be up to 2 * KW_QUERY_PATTERNS + 1, ordered. ANY:
                                       two or more, none of kind ANY */
    uint32_t operand_count;
    const struct kw_filter *filter;   /* FILTER */
    bool stop_word;                   /* WORD: it is bare and a stop word */
    const struct kw_query_term *held; /* WORD: the characters of a pair of a script without spaces,
                                         where it need not match */
    uint32_t held_count;
};

/* What adds to the score of documents that match, but makes none match and is not highlighted.
 * kwic-query(7), SCORES, says what a query has of them. */
enum kw_addition_kind {
    KW_ADD_TITLE,     /* a word stands in the title */
    KW_ADD_NEAR,      /* two words of the query stand near each other */
    KW_ADD_CHARACTER, /* a character of a pair stands there, by itself or in other pairs */
};

struct kw_addition {
    enum kw_addition_kind kind;
    uint32_t words[2];   /* leaves that must contribute: TITLE the first one, NEAR both */
    struct kw_leaf leaf; /* TITLE, CHARACTER: the word in its field. NEAR: distance and boost; its
                            operands are the two words */
};

/* A pattern of surface terms, and the terms of the indexes that fit it once it was expanded.
 * Expansions of a plan are distinct. */
struct kw_expansion {
    struct kw_view field;
    struct kw_view pattern; /* folded as surface terms are. Without edits `*` is any run of
                               characters, also an empty one, and `?` any one character; no surface
                               term holds either. It has some other character */
    uint32_t edits; /* 0: wildcards; 1 or 2: that many edits of `pattern` at most, as kwic-query(7)
                       counts them; it has no wildcards then */
    const struct kw_query_term *terms; /* surface terms of `field`, by bytes; none until expanded */
    uint32_t term_count;
    uint64_t fitting; /* terms that fit it; term_count unless those are too many */
};

enum kw_plan_kind { KW_PLAN_LEAF, KW_PLAN_GROUP };

struct kw_plan_node {
    enum kw_plan_kind kind;
    enum kw_occur occur;                  /* what it is to its parent; MUST for the root */
    uint32_t leaf;                        /* KW_PLAN_LEAF: index into the plan's leaves */
    const struct kw_plan_node **children; /* KW_PLAN_GROUP: in the order of the query */
    uint32_t child_count;
    uint32_t minimum; /* KW_PLAN_GROUP: how many SHOULD children must match at least, ≤ their
                         number; ≥ 1 where a group has some and nothing that must match */
};

struct kw_plan {
    struct kw_arena arena;
    const struct kw_plan_node *root; /* NULL: the query has no words at all */
    const struct kw_leaf *leaves;    /* in the order of the query */
    uint32_t leaf_count;
    uint32_t clause_count;
    struct kw_expansion *expansions; /* of leaves and operands */
    uint32_t expansion_count;
    const struct kw_addition *additions; /* by the first of their words, its TITLE before its NEAR;
                                            behind them CHARACTERs, by bytes */
    uint32_t addition_count;
    bool parity; /* scored as Xapian would: kw_plan_parity */
};

#define KW_PLAN_INIT                                                                               \
    {                                                                                              \
        KW_ARENA_INIT, NULL, NULL, 0, 0, NULL, 0, NULL, 0, false                                   \
    }

#define KW_STOP_WORD_WEIGHT 0.2

/* How many of the outermost group's SHOULD children must match. Zeroed: as many as without it. */
struct kw_minimum {
    uint32_t parts;   /* so many; or */
    uint32_t percent; /* so many in a hundred, 0..100, rounded down, at least 1 */
};

/* What additions weigh, each at least 0; of what is 0 there are none. */
struct kw_addition_weights {
    double title; /* boost of a word in the title */
    double near;  /* boost of two neighbouring words near each other, whose idf is their sum */
    double character;
};

enum {
    KW_ADDITION_DISTANCE = 5, /* of a NEAR: positions apart, in any order */
    KW_ADDITION_WORDS = 1000, /* a plan of more leaves gets no additions */
};

/* How to plan. Zeroed is the default. */
struct kw_plan_options {
    bool all;              /* juxtaposed words must all be there */
    const char *language;  /* look for the stems of this language alone; NULL: of each in use */
    bool weigh_stop_words; /* bare stop words count KW_STOP_WORD_WEIGHT of others */
    struct kw_minimum minimum;
    struct kw_addition_weights additions;
};

/* Plans a parsed query with the index's own analyzer, whose vocabulary it uses and clears. A bare
 * word that holds several tokens (`multi-agent`, or the pairs of a script without spaces) becomes
 * so many words of one clause where it need not match, and their phrase where it must or must not;
 * words without a token vanish. Equal words of one group and occurrence become one leaf with
 * `repeats`, at the first one's place. A bare word is looked for by its stem in
 * each language in use, or by its surface form if none is. `plan` is as KW_PLAN_INIT on failure.
 * KW_E_USAGE: it has more than KW_QUERY_WORDS. */
enum kw_status kw_plan_init(struct kw_plan *plan, const struct kw_ast *ast,
                            struct kw_analyzer *analyzer, const struct kw_plan_options *options,
                            struct kw_error *error);
void kw_plan_release(struct kw_plan *plan);

/* Makes `terms`, `count` distinct ones without their field, by bytes, the terms of the plan's
 * expansion number `expansion`. The bytes are copied. KW_E_MEMORY. */
enum kw_status kw_plan_expand(struct kw_plan *plan, uint32_t expansion, const struct kw_view *terms,
                              uint32_t count, struct kw_error *error);

/* A word of the text that nobody typed. */
struct kw_plan_word {
    struct kw_view language; /* of the stem; empty: a surface term */
    struct kw_view bytes;
    struct kw_view surface; /* of its leaf */
    uint32_t repeats;       /* of its leaf, ≥ 1 */
};

/* Plans any of `count` words, which are copied: the leaf and the clause number i is the word i. No
 * words give a plan without a root. `plan` is as KW_PLAN_INIT on failure: KW_E_MEMORY. */
enum kw_status kw_plan_words(struct kw_plan *plan, const struct kw_plan_word *words, uint32_t count,
                             struct kw_error *error);

#endif
