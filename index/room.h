/* A growing array of numbers: in memory, and where it is long in a file without a name, mapped as
 * shared. What is there is page cache, which the system writes out when memory is short, not
 * memory of the process's own. */
#ifndef KW_INDEX_ROOM_H
#define KW_INDEX_ROOM_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Where long arrays go, and what is long. */
struct kw_room_place {
    const char *file; /* begins the names of files, which are removed at once; it may begin one
                         thread's alone. NULL: all stays in memory */
    size_t most;      /* bytes of an array that stay in memory */
};

/* Zeroed is empty. */
struct kw_room {
    uint32_t *items;
    size_t capacity; /* of items */
    int file;        /* its descriptor + 1; 0: there is none */
};

/* What kw_room_grow does where there is no room yet. */
enum kw_status kw_room_extend(struct kw_room *room, size_t count, const struct kw_room_place *place,
                              struct kw_error *error);

/* Makes room for `count` items; with `place` NULL in memory. KW_E_IO (the disk is full, say),
 * KW_E_MEMORY: the array is as it was. */
static inline enum kw_status kw_room_grow(struct kw_room *room, size_t count,
                                          const struct kw_room_place *place, struct kw_error *error)
{
    return count <= room->capacity ? KW_OK : kw_room_extend(room, count, place, error);
}

void kw_room_release(struct kw_room *room);

#endif
