/* An excerpt: a segment in memory that holds some documents' postings of a few terms, so that
 * documents of another kind of index can be ranked as our own are.
 *
 *     kw_excerpt_new(&excerpt, terms, count, error);
 *     for each document, in its order:
 *         kw_excerpt_begin(excerpt, title_searched);
 *         kw_excerpt_posting(…);
 *         kw_excerpt_length(…), kw_excerpt_keyword(…), kw_excerpt_key(…);
 *         kw_excerpt_end(excerpt, error);
 *     kw_excerpt_segment(excerpt, &segment, error);
 *     kw_excerpt_free(excerpt);
 */
#ifndef KW_INDEX_EXCERPT_H
#define KW_INDEX_EXCERPT_H

#include "base/value.h"
#include "index/segment.h"

struct kw_excerpt_term {
    struct kw_view field;    /* empty: the text */
    struct kw_view language; /* a stem's; empty: a surface term */
    struct kw_view bytes;
};

struct kw_excerpt;

/* An excerpt of `count` distinct terms, which are borrowed until it is freed. *out is NULL on
 * failure. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_excerpt_new(struct kw_excerpt **out, const struct kw_excerpt_term *terms,
                              uint32_t count, struct kw_error *error);
void kw_excerpt_free(struct kw_excerpt *excerpt); /* accepts NULL */

/* Begins a document, whose number is the count of those before it. `title_searched`: as in a
 * record. */
void kw_excerpt_begin(struct kw_excerpt *excerpt, bool title_searched);

/* First the postings: the document at hand holds the term `number` so often: at these positions,
 * each above the one before, or, if `positions` is NULL, nobody will ask where. Each term once.
 * KW_E_DAMAGED: it has stems of two languages, or positions that do not rise. */
enum kw_status kw_excerpt_posting(struct kw_excerpt *excerpt, uint32_t number,
                                  const uint32_t *positions, uint32_t frequency,
                                  struct kw_error *error);

/* Then the rest. Adds `length` words to the length of a field. KW_E_USAGE: no segment has a field
 * of such a name. */
enum kw_status kw_excerpt_length(struct kw_excerpt *excerpt, struct kw_view field, uint32_t length,
                                 struct kw_error *error);

/* Adds a value to a column of the document at hand; as kw_inverter_keyword and kw_inverter_key. */
enum kw_status kw_excerpt_keyword(struct kw_excerpt *excerpt, struct kw_view column,
                                  struct kw_view value, struct kw_error *error);
enum kw_status kw_excerpt_key(struct kw_excerpt *excerpt, struct kw_view column,
                              enum kw_value_type type, uint64_t key, struct kw_error *error);

enum kw_status kw_excerpt_end(struct kw_excerpt *excerpt, struct kw_error *error);

/* Makes the segment, which is the caller's and needs the excerpt no more; that can only be freed
 * then. *out is NULL on failure. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_excerpt_segment(struct kw_excerpt *excerpt, struct kw_segment **out,
                                  struct kw_error *error);

#endif
