/* A pattern's automaton on its way along sorted keys: what two neighbours have in common is run
 * once, and from a key that is dead it tells the least key that might still be accepted. */
#ifndef KW_INDEX_PATTERN_WALK_H
#define KW_INDEX_PATTERN_WALK_H

#include "index/pattern.h"

/* Where the automaton was behind a character of the key. */
struct kw_pattern_step {
    struct kw_pattern_state state;
    uint32_t code; /* the character that follows, in the key that was run last */
    size_t end;    /* bytes of the key before it */
};

struct kw_pattern_walk {
    const struct kw_pattern *pattern; /* borrowed */
    size_t begin;                     /* bytes of every key before what the pattern is about */
    struct {
        struct kw_pattern_step *items;
        size_t count;
        size_t capacity;
    } steps;
    size_t valid; /* bytes that the current key shares with the one that was run last */
    size_t dead;  /* bytes of that one after which the automaton was dead; 0: it was not */
};

/* Starts before the first key; all begin with the same `begin` bytes. Release it whatever it
 * returns. KW_E_MEMORY. */
enum kw_status kw_pattern_walk_init(struct kw_pattern_walk *walk, const struct kw_pattern *pattern,
                                    size_t begin, struct kw_error *error);
void kw_pattern_walk_release(struct kw_pattern_walk *walk);

/* Appends to `bound`, which holds what every key begins with, what the first one that may be
 * accepted goes on with. */
void kw_pattern_walk_first(struct kw_pattern_walk *walk, struct kw_bytes *bound);

/* Goes on to the next key: `shared` bytes, at least, are those of the one before it, if any. */
static inline void kw_pattern_walk_next(struct kw_pattern_walk *walk, size_t shared)
{
    if (shared < walk->valid)
        walk->valid = shared;
}

/* Whether the current key can be passed over without running the automaton: it begins as a dead
 * one, or does not end as every match does. */
bool kw_pattern_walk_hopeless(const struct kw_pattern_walk *walk, struct kw_view key);

/* Runs the automaton along the current key. KW_E_MEMORY. */
enum kw_status kw_pattern_walk_run(struct kw_pattern_walk *walk, struct kw_view key, bool *accepted,
                                   struct kw_error *error);

/* Makes `bound` the least key that may be accepted among those behind all that begin as the dead
 * one, as which `key` begins; false if there is none. In a key that is not valid UTF-8 it may not
 * lie ahead. */
bool kw_pattern_walk_bound(struct kw_pattern_walk *walk, struct kw_view key,
                           struct kw_bytes *bound);

#endif
