/* The text of an HTML page: what kwic-html does with libxml2, apart from its talk and its limits.
 * Only the helper program links this. */
#ifndef KW_INGEST_HTML_PAGE_H
#define KW_INGEST_HTML_PAGE_H

#include "ingest/source.h"

struct kw_page {
    struct kw_bytes title;
    struct kw_bytes text;
    uint64_t repaired;
};

/* Reads the HTML in `bytes`, which is changed on the way, into the empty page as html.h describes.
 * KW_E_INPUT, KW_E_MEMORY; what the page holds then means nothing. */
enum kw_status kw_page_read(struct kw_page *page, struct kw_bytes *bytes, enum kw_encoding encoding,
                            struct kw_error *error);
void kw_page_release(struct kw_page *page);

/* Brings `bytes` to UTF-8 in `out`, with line ends as LF and no NUL: in the given encoding, else by
 * byte order mark, <meta> or XML declaration, else UTF-8 if valid, else Windows-1252. */
enum kw_status kw_page_decode(struct kw_bytes *bytes, enum kw_encoding encoding,
                              struct kw_bytes *out, uint64_t *repaired, struct kw_error *error);

#endif
