/* Reading of lines from memory or a stream. */
#include "ingest/lines.h"

#include <errno.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024 };

void kw_lines_init(struct kw_lines *lines, struct kw_view text, size_t limit)
{
    *lines = (struct kw_lines){.rest = text, .buffer = KW_BYTES_INIT, .fd = -1, .limit = limit};
}

void kw_lines_init_stream(struct kw_lines *lines, int fd, size_t limit)
{
    *lines = (struct kw_lines){.buffer = KW_BYTES_INIT, .fd = fd, .limit = limit};
}

void kw_lines_release(struct kw_lines *lines)
{
    kw_bytes_release(&lines->buffer);
}

/* Reads more of the stream behind `rest`; sets fd to -1 at its end. */
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
    ssize_t got;
    do
        got = read(lines->fd, place, buffer->capacity - held);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return kw_fail_errno(error, "cannot read the input");
    if (got == 0)
        lines->fd = -1;
    buffer->size += (size_t)got;
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
        if (end || lines->fd < 0)
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
    while (lines->fd >= 0 && lines->rest.size < size) {
        enum kw_status status = read_more(lines, error);
        if (status != KW_OK)
            return status;
    }
    *front = lines->rest;
    return KW_OK;
}
