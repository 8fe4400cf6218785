/* Many cursors of which a document needs only some: whoever stands on it is found without asking
 * the others.
 *
 * A calendar queue (R. Brown, CACM 31(10), 1988): each document of a window has the list of those
 * that stand on it, and those beyond the window are in a list of their own. So each step of a
 * member costs the same, however many there are. */
#ifndef KW_RANK_CROWD_H
#define KW_RANK_CROWD_H

#include "rank/cursor.h"

struct kw_crowd;

/* A crowd of `count` cursors that stand before their first document, all borrowed, in the arena;
 * its members move with it alone. NULL when memory runs out. */
struct kw_crowd *kw_crowd_new(struct kw_arena *arena, struct kw_cursor **members, uint32_t count);

/* Moves the members to their first documents ≥ `target`, which must not fall, and returns the first
 * of these; KW_NO_DOCUMENT if there is none. */
int64_t kw_crowd_advance(struct kw_crowd *crowd, uint32_t target);

/* Goes through the members that stand on the document that kw_crowd_advance gave last, in any
 * order: true with *member, its place among them. *next is 0 at first. */
bool kw_crowd_next(const struct kw_crowd *crowd, uint32_t *next, uint32_t *member);

#endif
