/* Reading of lines from memory or a stream. */
#include "ingest/lines.h"

#include <errno.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024 };

void kw_lines_init(struct kw_lines *lines, struct kw_view text, size_t limit)
{
    *lines = (struct kw_lines){.rest = text, .buffer = KW_BYTES_INIT, .limit = limit};
}

void kw_lines_init_stream(struct kw_lines *lines, int fd, size_t limit)
{
    *lines = (struct kw_lines){.buffer = KW_BYTES_INIT, .more = true, .fd = fd, .limit = limit};
}

void kw_lines_init_pull(struct kw_lines *lines, kw_lines_pull *pull, void *context, size_t limit)
{
    *lines = (struct kw_lines){
        .buffer = KW_BYTES_INIT, .more = true, .pull = pull, .context = context, .limit = limit};
}

void kw_lines_release(struct kw_lines *lines)
{
    kw_bytes_release(&lines->buffer);
}

/* Reads up to `capacity` bytes of the stream; *got is 0 at its end. */
static enum kw_status read_stream(const struct kw_lines *lines, uint8_t *place, size_t capacity,
                                  size_t *got, struct kw_error *error)
{
    ssize_t size;
    do
        size = read(lines->fd, place, capacity);
    while (size < 0 && errno == EINTR);
    *got = size < 0 ? 0 : (size_t)size;
    return size < 0 ? kw_fail_errno(error, "cannot read the input") : KW_OK;
}

/* Reads more behind `rest`, and notes the end. */
static enum kw_status read_more(struct kw_lines *lines, struct kw_error *error)
{
    struct kw_bytes *buffer = &lines->buffer;
    size_t held = lines->rest.size;
    if (held && lines->rest.data != buffer->data)
        memmove(buffer->data, lines->rest.data, held);
    buffer->size = held;
    uint8_t *place = kw_bytes_reserve(buffer, READ_BYTES);
    if (!place)
        return kw_fail_memory(error);
    size_t room = buffer->capacity - held;
    size_t got = 0;
    enum kw_status status = lines->pull ? lines->pull(lines->context, place, room, &got, error)
                                        : read_stream(lines, place, room, &got, error);
    if (status != KW_OK)
        return status;
    lines->more = got > 0;
    buffer->size += got;
    lines->rest = (struct kw_view){buffer->data, buffer->size};
    return KW_OK;
}

static void hand_out(struct kw_lines *lines, size_t size)
{
    lines->rest.data += size;
    lines->rest.size -= size;
}

enum kw_status kw_lines_next(struct kw_lines *lines, struct kw_line *line, struct kw_error *error)
{
    size_t seen = 0; /* bytes of `rest` without a line feed */
    bool too_long = false;
    const uint8_t *end = NULL;
    while (!end) {
        if (seen < lines->rest.size)
            end = memchr(lines->rest.data + seen, '\n', lines->rest.size - seen);
        seen = end ? (size_t)(end - lines->rest.data) : lines->rest.size;
        if (seen > lines->limit)
            too_long = true;
        if (end || !lines->more)
            break;
        if (too_long) { /* what is dropped needs no room */
            hand_out(lines, seen);
            seen = 0;
        }
        enum kw_status status = read_more(lines, error);
        if (status != KW_OK)
            return status;
    }
    if (!end && !seen && !too_long)
        return KW_END;
    line->text = (struct kw_view){lines->rest.data, too_long ? 0 : seen};
    line->number = ++lines->number;
    line->too_long = too_long;
    hand_out(lines, seen + (end != NULL));
    return KW_OK;
}

enum kw_status kw_lines_peek(struct kw_lines *lines, size_t size, struct kw_view *front,
                             struct kw_error *error)
{
    while (lines->more && lines->rest.size < size) {
        enum kw_status status = read_more(lines, error);
        if (status != KW_OK)
            return status;
    }
    *front = lines->rest;
    return KW_OK;
}
