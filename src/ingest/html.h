/* HTML by way of a helper program, kwic-html: libxml2 reads files of unknown origin, so it does
 * that in a process of its own that can be bounded and may die. Mails by kwic-mail, likewise.
 *
 * The protocol. The helper's standard input and output are one socket. It answers requests in
 * turn until the socket ends. All integers are little-endian.
 *   request:  u32 encoding (enum kw_encoding), u32 size, the file's bytes
 *   answer:   u32 status (0: read; 1: not), u32 title size, u64 text size, u64 repaired sequences,
 *             the title, the text; with status 1 the title is empty and the text says why
 * Title and text are UTF-8. The title is one line. In the text, white space is collapsed outside
 * <pre>; blocks are separated by a blank line, list items and table rows by a line feed, table
 * cells by a tab; script, style, template, noscript and frames' contents are left out. */
#ifndef KW_INGEST_HTML_H
#define KW_INGEST_HTML_H

#include "ingest/source.h"

enum { KW_HTML_REQUEST_BYTES = 8, KW_HTML_ANSWER_BYTES = 24 };

/* What was read: views into the buffer that kw_html_read was given. */
struct kw_html_text {
    struct kw_view title;
    struct kw_view text;
    uint64_t repaired; /* invalid byte sequences that became U+FFFD */
};

/* A helper, started at the first file and again after it died. One thread at a time. `helpers` is
 * the folder the program is in, NULL for KWIC_LIBEXECDIR; it is copied. KW_E_MEMORY. */
enum kw_status kw_html_new(struct kw_html **out, const char *helpers, struct kw_error *error);
/* The same for kwic-mail, which reads mails: it may be missing where kwic was built without GMime.
 */
enum kw_status kw_mail_new(struct kw_html **out, const char *helpers, struct kw_error *error);
void kw_html_free(struct kw_html *html); /* ends the helper; accepts NULL */

/* Reads the HTML file `bytes` (at most KW_RECORD_BYTES) in `encoding`; AUTO is a byte order mark,
 * else what a <meta> names, else UTF-8 if valid, else Windows-1252. `path` is for
 * messages; `buffer` is cleared and holds the answer. KW_E_INPUT if the helper refuses the file,
 * dies of it, or needs longer than 30 seconds and two more for each MiB; also if it cannot be
 * started. KW_E_MEMORY. */
enum kw_status kw_html_read(struct kw_html *html, struct kw_view bytes, enum kw_encoding encoding,
                            const char *path, struct kw_bytes *buffer, struct kw_html_text *text,
                            struct kw_error *error);

#endif
