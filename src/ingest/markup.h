/* Markup that is searched as it stands: of Markdown only the title is taken out. */
#ifndef KW_INGEST_MARKUP_H
#define KW_INGEST_MARKUP_H

#include "base/bytes.h"

enum { KW_MARKUP_NEAR = 64 * 1024 };

/* Makes `title` the plain text of the first heading in the first KW_MARKUP_NEAR bytes of the
 * Markdown `text` (valid UTF-8), cleaned as a label (label.h); empty if there is none. Front matter
 * is passed over. KW_E_MEMORY. Source: CommonMark
 * 0.30, by libcmark. */
enum kw_status kw_markup_title(struct kw_view text, struct kw_bytes *title, struct kw_error *error);

#endif
