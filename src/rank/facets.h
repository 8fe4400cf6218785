/* Facets: how many of the documents that match have which value of a field. */
#ifndef KW_RANK_FACETS_H
#define KW_RANK_FACETS_H

#include "base/arena.h"
#include "index/columns.h"

/* A value and the documents that have it. */
struct kw_facet_value {
    enum kw_value_type type; /* number, date or keyword */
    uint64_t key;            /* of a number or date */
    struct kw_view word;     /* of a keyword; in the facets' arena */
    uint64_t documents;
};

/* A field's counts, over all segments so far. */
struct kw_facet {
    struct kw_view field;
    struct kw_facet_value *items;
    size_t count;
    size_t capacity;
    size_t distinct; /* values in all, after kw_facets_finish */
    /* Of the segment at hand: */
    struct kw_column column;
    struct kw_values values;
    bool has_column;
    uint64_t *documents; /* by code, if these are not too many … */
    uint64_t code_limit; /* … but fewer than this; 0: they are listed */
    struct {
        uint64_t *items; /* the codes met, one a document and value */
        size_t capacity;
    } codes;
    size_t code_count;
};

struct kw_facets {
    struct kw_facet *items;
    size_t count;
    struct kw_segment *segment; /* at hand */
    uint32_t engine;            /* at hand: set by the caller before it searches */
    bool skips;                 /* a document that is not counted: */
    uint32_t skipped_engine;
    uint64_t skipped; /* as its engine numbers it */
    struct kw_arena arena;
};

/* Facets of `count` fields, whose names are borrowed. They point into themselves: not to be copied.
 * KW_E_MEMORY. */
enum kw_status kw_facets_init(struct kw_facets *facets, const struct kw_view *fields, size_t count,
                              struct kw_error *error);
void kw_facets_release(struct kw_facets *facets);

/* Begins a segment; then counts the values of its documents that match, in their order; then adds
 * the counts up. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_facets_begin(struct kw_facets *facets, struct kw_segment *segment,
                               struct kw_error *error);
enum kw_status kw_facets_count(struct kw_facets *facets, uint32_t document, struct kw_error *error);
/* Whether a document, as its engine numbers it, is the one that is not counted. */
static inline bool kw_facets_skip(const struct kw_facets *facets, uint64_t document)
{
    return facets->skips && facets->skipped == document && facets->skipped_engine == facets->engine;
}
enum kw_status kw_facets_end(struct kw_facets *facets, struct kw_error *error);

/* After the last segment: makes one value of equal ones, sorts each field's, the most documents
 * first, ties by value (numbers, then dates, then keywords in byte order), and keeps the first
 * `limit` (0: all). */
void kw_facets_finish(struct kw_facets *facets, size_t limit);

#endif
