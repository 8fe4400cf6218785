/* Arrays in memory or in mapped files. */
#include "index/room.h"

#include "base/file.h"
#include "base/wide.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STEP_BYTES = 1 << 16 }; /* of which a file has a whole number */

static size_t bytes_of(size_t count)
{
    return count * sizeof(uint32_t);
}

/* Makes the file, whose name is gone at once. */
static enum kw_status make_file(struct kw_room *room, const struct kw_room_place *place,
                                struct kw_error *error)
{
    int fd = open(place->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return kw_fail_errno(error, "cannot create '%s'", place->file);
    unlink(place->file);
    room->file = fd + 1;
    return KW_OK;
}

/* Moves the array to a file of `bytes`, or makes its file that long. Blocks are taken beforehand: a
 * disk that is full must not show when a page is touched. */
static enum kw_status grow_file(struct kw_room *room, size_t bytes,
                                const struct kw_room_place *place, struct kw_error *error)
{
    struct kw_room next = *room;
    size_t before = bytes_of(room->capacity);
    enum kw_status status = room->file ? KW_OK : make_file(&next, place, error);
    if (status != KW_OK)
        return status;
    off_t from = room->file ? (off_t)before : 0;
    do
        errno = posix_fallocate(next.file - 1, from, (off_t)bytes - from);
    while (errno == EINTR);
    void *data = MAP_FAILED;
    if (errno == 0)
        data = room->file ? mremap(room->items, before, bytes, MREMAP_MAYMOVE)
                          : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, next.file - 1, 0);
    if (data == MAP_FAILED) {
        status = kw_fail_errno(error, "cannot write '%s'", place->file);
        if (!room->file)
            close(next.file - 1);
        return status;
    }
    if (!room->file && before)
        memcpy(data, room->items, before);
    if (!room->file)
        free(room->items);
    *room = (struct kw_room){data, bytes / sizeof(uint32_t), next.file};
    return KW_OK;
}

enum kw_status kw_room_extend(struct kw_room *room, size_t count, const struct kw_room_place *place,
                              struct kw_error *error)
{
    if (count > SIZE_MAX / 8)
        return kw_fail_memory(error);
    size_t capacity = room->capacity * 2 > count ? room->capacity * 2 : count;
    if (place && place->file && bytes_of(count) > place->most)
        return grow_file(room, (bytes_of(capacity) / STEP_BYTES + 1) * STEP_BYTES, place, error);
    uint32_t *items =
        room->items ? realloc(room->items, bytes_of(capacity)) : kw_wide_alloc(bytes_of(capacity));
    if (!items)
        return kw_fail_memory(error);
    room->items = items;
    room->capacity = capacity;
    return KW_OK;
}

void kw_room_release(struct kw_room *room)
{
    if (room->file) {
        munmap(room->items, bytes_of(room->capacity));
        close(room->file - 1);
    } else {
        free(room->items);
    }
    *room = (struct kw_room){.items = NULL};
}
