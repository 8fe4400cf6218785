/* The results of a search, between the ranking (search.c, similar.c) and the reading of passages
 * (results.c). */
#ifndef KW_LIB_RESULTS_H
#define KW_LIB_RESULTS_H

#include "lib/handle.h"
#include "passage/highlight.h"
#include "passage/select.h"
#include "query/parser.h"

/* The document whose passages are being handed out. */
struct kw_current {
    bool open;
    const struct kw_hit *hit;
    struct kw_record record;
    struct kw_outside outside;
    struct kw_border *borders;
    struct kw_choice *choices;
    size_t choice_count;
    size_t next;           /* the next choice */
    struct kw_part *parts; /* of its score, with those of 0; NULL until they are asked for */
    uint32_t part_at;      /* the place among them at which to look for … */
    uint32_t part;         /* … this one of those that give something */
    struct kw_matches matches;
};

/* The clauses of a query, in its order; none until they are asked for. */
struct kw_clauses {
    struct kw_clause {
        const struct kw_ast_node *node;
        bool required; /* it must match, or must not */
        bool negated;
    } * items;
    size_t count;
    size_t capacity;
};

/* Where the search for words that no document holds stands. Zeroed is the beginning. */
struct kw_missing_words {
    struct kw_arena arena;
    size_t next_clause; /* the first whose words were not looked at */
    struct {
        struct kw_view field;
        struct kw_view word;
    } * items; /* distinct, in the order of the query */
    size_t count;
    size_t capacity;
    size_t next;    /* the first that was not handed out */
    size_t spelled; /* whose spellings were looked for */
};

struct kwic_results {
    struct kwic_index *index;
    struct kwic_search_options options;
    const char *language; /* whose stems are looked for; NULL: of all */
    struct kw_ast ast;    /* of the query; without a root if there was none */
    struct kw_plan plan;
    struct kw_statistics statistics;
    struct kw_top top;       /* sorted */
    struct kw_engine **held; /* by member: its documents among the hits, held fast; NULL: they stay
                                as they are */
    struct kw_sort sort;
    struct kw_facets facets;
    struct kw_bytes facet_text;            /* of their numbers and dates */
    struct kwic_facet_value *facet_values; /* of all facets, one behind the other */
    struct kwic_facet *public_facets;
    uint64_t matches;
    bool leaves_out;        /* a document that matches is none of the results: */
    struct kw_hit left_out; /* this one */
    char *note;
    struct kw_bytes query; /* as it was understood; empty until it is asked for */
    struct kw_bytes part;  /* of a score, in words */
    struct kw_clauses clauses;
    struct kw_work aside; /* what counting clauses by themselves took, all together */
    struct kw_missing_words missing;
    size_t next;           /* the next hit */
    enum kwic_file *files; /* what became of those of the hits; NULL: nobody looked */
    struct kw_current current;
    struct kw_bytes text;
    struct kw_highlights marks;
    struct {
        struct kwic_highlight *items;
        size_t capacity;
    } highlights;
};

/* Results that are yet to be planned and ranked. KW_E_USAGE: options out of range. *out is NULL on
 * failure. */
enum kw_status kw_results_new(struct kwic_results **out, struct kwic_index *index,
                              const struct kwic_search_options *options, struct kw_error *error);

/* Parses and plans the query, its patterns expanded. KW_E_USAGE: it is blank; KW_E_SYNTAX: *at is
 * the place. */
enum kw_status kw_results_plan(struct kwic_results *results, struct kwic_text query, size_t *at,
                               struct kw_error *error);

/* Ranks the documents of all members that match the plan, if it has a root, under the statistics of
 * all, and counts the values asked for. */
enum kw_status kw_results_rank(struct kwic_results *results, struct kw_error *error);
/* Holds the documents of the hits that will be handed out, so that they are those that were ranked.
 */
enum kw_status kw_results_hold(struct kwic_results *results, struct kw_error *error);
/* What the document of a hit is read from. */
struct kw_member kw_results_member(const struct kwic_results *results, const struct kw_hit *hit);
/* BM25's parameters, from the options. */
struct kw_parameters kw_results_parameters(const struct kwic_results *results);

/* Frees what kwic_results_clause and kwic_results_next_missing made. */
void kw_clauses_release(struct kwic_results *results);

/* Fills the plan's expansions with at most `limit` (≥ 1) terms each, from all members. */
enum kw_status kw_index_expand(struct kwic_index *index, struct kw_plan *plan, uint32_t limit,
                               struct kw_error *error);

/* Fills the plan's expansions with at most `limit` (≥ 1) terms each, and adds a note if that leaves
 * some out. */
enum kw_status kw_results_expand(struct kwic_results *results, uint32_t limit,
                                 struct kw_error *error);

/* Takes the field to sort by and those to count from the options. KW_E_USAGE if the index has not
 * one of them, KW_E_MEMORY. */
enum kw_status kw_results_take_fields(struct kwic_results *results, struct kw_error *error);

/* Adds up the facets and makes them public: results->public_facets. KW_E_MEMORY. */
enum kw_status kw_results_publish_facets(struct kwic_results *results, struct kw_error *error);

#endif
