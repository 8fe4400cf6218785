/* Lines of a text in memory or of a stream, one at a time; a stream is held no further than the
 * line at hand. */
#ifndef KW_INGEST_LINES_H
#define KW_INGEST_LINES_H

#include "base/bytes.h"

struct kw_lines {
    struct kw_view rest;    /* what is in memory and not yet handed out */
    struct kw_bytes buffer; /* what `rest` points into, of a stream */
    int fd;                 /* of the stream, borrowed; -1: all is in memory, or its end was met */
    size_t limit;           /* a longer line is not kept */
    uint64_t number;        /* of the last line, from 1 */
};

struct kw_line {
    struct kw_view text; /* without its line feed; empty if `too_long` */
    uint64_t number;     /* from 1 */
    bool too_long;
};

/* Lines of `text`, which is borrowed for the life of `lines`. */
void kw_lines_init(struct kw_lines *lines, struct kw_view text, size_t limit);
/* Lines of what `fd` has left; the caller closes it. */
void kw_lines_init_stream(struct kw_lines *lines, int fd, size_t limit);
void kw_lines_release(struct kw_lines *lines);

/* The next line, borrowed until the next call: KW_OK or KW_END. KW_E_IO if the stream cannot be
 * read, KW_E_MEMORY. */
enum kw_status kw_lines_next(struct kw_lines *lines, struct kw_line *line, struct kw_error *error);

/* Makes *front what is in memory, at least `size` bytes unless the stream ends before; nothing is
 * handed out by it. Borrowed until the next call. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_lines_peek(struct kw_lines *lines, size_t size, struct kw_view *front,
                             struct kw_error *error);

#endif
