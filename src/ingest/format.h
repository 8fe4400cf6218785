/* Which format a file has, by its name and by how it begins. */
#ifndef KW_INGEST_FORMAT_H
#define KW_INGEST_FORMAT_H

#include "ingest/source.h"

/* By the name's last extension, in any case: .jsonl .ndjson; .md .markdown; .html .htm .xhtml;
 * KW_FORMAT_AUTO for all others. */
enum kw_format kw_format_of_name(const char *name);

/* HTML if the bytes begin, behind a byte order mark, blanks, comments and an XML declaration, with
 * an HTML doctype or an <html> tag; else text. */
enum kw_format kw_format_of_content(struct kw_view bytes);

#endif
