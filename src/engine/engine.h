/* What an engine must do: the door behind which the native index and Xapian databases stand.
 *
 * A search over several engines is ranked as one: first each adds its statistics, then each
 * searches under the sum of them. Documents are numbered by the engine as it likes, in 64 bits. */
#ifndef KW_ENGINE_ENGINE_H
#define KW_ENGINE_ENGINE_H

#include "index/pattern.h"
#include "index/segment.h"
#include "query/plan.h"
#include "rank/matches.h"
#include "rank/search.h"

struct kw_engine;

/* A term that a pattern accepts. */
struct kw_found_term {
    struct kw_view bytes;
    uint64_t documents; /* live ones that hold it */
};

struct kw_found_terms {
    struct kw_found_term *items;
    size_t count;
    size_t capacity;
    struct kw_arena arena; /* the bytes */
};

/* Adds a term, of which the bytes are copied. For engines. KW_E_MEMORY. */
enum kw_status kw_found_terms_add(struct kw_found_terms *found, struct kw_view bytes,
                                  uint64_t documents, struct kw_error *error);

struct kw_engine_ops {
    void (*free)(struct kw_engine *engine);

    /* Adds the surface terms of `field` that `pattern` accepts, in any order; a term may be added
     * in parts. */
    enum kw_status (*expand)(struct kw_engine *engine, struct kw_view field,
                             const struct kw_pattern *pattern, struct kw_found_terms *found,
                             struct kw_error *error);

    /* Adds this engine's figures for the plan to `statistics` (kw_statistics_init made it for the
     * plan). */
    enum kw_status (*statistics)(struct kw_engine *engine, const struct kw_plan *plan,
                                 struct kw_statistics *statistics, struct kw_error *error);

    /* Adds the best documents to `top` and the exact number of matches to *matches, and counts
     * their values in `facets` (may be NULL). */
    enum kw_status (*search)(struct kw_engine *engine, const struct kw_plan *plan,
                             const struct kw_statistics *statistics, struct kw_top *top,
                             uint64_t *matches, struct kw_facets *facets, struct kw_error *error);

    /* Whether a live document matches the plan, and what its leaves add to its score: `parts`,
     * zeroed and one a leaf, or NULL if that is not asked for; then `statistics` need no figures.
     */
    enum kw_status (*judge)(struct kw_engine *engine, const struct kw_plan *plan,
                            const struct kw_statistics *statistics, uint64_t document,
                            bool *matched, struct kw_part *parts, struct kw_error *error);

    /* KW_OK, or what was found damaged so far. Ordering ties cannot fail: whoever has ordered hits
     * asks here whether the order holds. */
    enum kw_status (*status)(struct kw_engine *engine, struct kw_error *error);

    /* What is stored of a document. Valid as long as the engine, or until its next call of record.
     */
    enum kw_status (*record)(struct kw_engine *engine, uint64_t document, struct kw_record *record,
                             struct kw_error *error);

    /* Appends a value of a document's column `name` to `out`, as text (kw_key_format), the least
     * one for `number` 0, the next for 1, and tells its type: KW_OK, KW_E_NOT_FOUND (nothing
     * recorded in error) if there are no more. */
    enum kw_status (*value)(struct kw_engine *engine, uint64_t document, struct kw_view name,
                            uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                            struct kw_error *error);

    /* The passage borders of a document: *borders is malloc'ed for the caller,
     * record->passage_count of them. */
    enum kw_status (*borders)(struct kw_engine *engine, uint64_t document,
                              struct kw_border **borders, struct kw_error *error);

    /* Where the plan's leaves matched in a document that matches: appends to `matches`, sorted.
     * Leaves of other fields than the text, negated ones, and those under groups that do not match
     * it are left out. `statistics` are those of the search. */
    enum kw_status (*matches)(struct kw_engine *engine, const struct kw_plan *plan,
                              const struct kw_statistics *statistics, uint64_t document,
                              struct kw_matches *matches, struct kw_error *error);

    /* Appends the text of `count` passages of a document from its `first` (from 0) on. */
    enum kw_status (*text)(struct kw_engine *engine, uint64_t document, uint64_t first,
                           uint64_t count, struct kw_bytes *out, struct kw_error *error);

    /* The live document with this id: KW_OK, KW_E_NOT_FOUND (nothing recorded in error). */
    enum kw_status (*find)(struct kw_engine *engine, struct kw_view id, uint64_t *document,
                           struct kw_error *error);
};

struct kw_engine {
    const struct kw_engine_ops *ops;
};

#endif
