/* Lines of a text in memory, of a stream, or of what a call gives piece by piece, one at a time; no
 * more is held of a stream than the line at hand. */
#ifndef KW_INGEST_LINES_H
#define KW_INGEST_LINES_H

#include "base/bytes.h"

/* Gives up to `capacity` bytes; *got is 0 at the end. Its failures are those of whoever reads
 * lines.
 */
typedef enum kw_status kw_lines_pull(void *context, uint8_t *place, size_t capacity, size_t *got,
                                     struct kw_error *error);

struct kw_lines {
    struct kw_view rest;    /* what is in memory and not yet handed out */
    struct kw_bytes buffer; /* what `rest` points into, of a stream */
    bool more; /* there may be more than is in memory: by `pull` if there is one, … */
    int fd;    /* … else of this stream, borrowed */
    kw_lines_pull *pull;
    void *context;
    size_t limit;    /* a longer line is not kept */
    uint64_t number; /* of the last line, from 1 */
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
/* Lines of what `pull` gives with `context`, both borrowed for the life of `lines`. */
void kw_lines_init_pull(struct kw_lines *lines, kw_lines_pull *pull, void *context, size_t limit);
void kw_lines_release(struct kw_lines *lines);

/* The next line, borrowed until the next call: KW_OK or KW_END. KW_E_IO if the stream cannot be
 * read, KW_E_MEMORY; what `pull` gives. */
enum kw_status kw_lines_next(struct kw_lines *lines, struct kw_line *line, struct kw_error *error);

/* Makes *front what is in memory, at least `size` bytes unless the stream ends before; nothing is
 * handed out by it. Borrowed until the next call. KW_E_IO, KW_E_MEMORY; what `pull` gives. */
enum kw_status kw_lines_peek(struct kw_lines *lines, size_t size, struct kw_view *front,
                             struct kw_error *error);

#endif
