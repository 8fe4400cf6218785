/* The terms of a lexicon that a pattern accepts.
 *
 * The automaton runs along the sorted keys. What two neighbours have in common is run once; from a
 * key that is dead the walk goes to the least key that might be accepted, past whole blocks without
 * reading them. So a prefix costs as much as it has terms, and two edits a small part of the
 * lexicon; a pattern that begins with an asterisk goes through all surface terms of the field. */
#ifndef KW_INDEX_EXPAND_H
#define KW_INDEX_EXPAND_H

#include "index/pattern_walk.h"
#include "index/postings.h"

struct kw_expand_cursor {
    struct kw_lexicon_cursor lexicon; /* its term is the current one */
    struct kw_view term;              /* the current one's bytes; valid until the next call */
    struct kw_pattern_walk walk;
    struct kw_bytes prefix; /* of the keys of the field's surface terms */
    struct kw_bytes bound;  /* the least key that may be accepted */
    uint64_t looked_at;     /* keys so far */
};

/* Begins before the first surface term of `field` that `pattern` accepts. Release it whatever it
 * returns. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_expand_cursor_init(struct kw_expand_cursor *cursor, struct kw_segment *segment,
                                     struct kw_view field, const struct kw_pattern *pattern,
                                     struct kw_error *error);
void kw_expand_cursor_release(struct kw_expand_cursor *cursor);

/* The next term in byte order: KW_OK with cursor->term and cursor->lexicon.term set, KW_END,
 * KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_expand_cursor_next(struct kw_expand_cursor *cursor, struct kw_error *error);

#endif
