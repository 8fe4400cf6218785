/* Labels: a line that stands for a document in a list of results. */
#ifndef KW_INGEST_LABEL_H
#define KW_INGEST_LABEL_H

#include "base/bytes.h"

enum { KW_LABEL_BYTES = 200 };

/* Makes `label` the first line of `text` (valid UTF-8) that has more than white space and control
 * characters: without the latter, runs of the former one blank, at most KW_LABEL_BYTES bytes, cut
 * at a character. Empty if there is none. `label` is marked failed if memory runs out. */
void kw_label_first_line(struct kw_view text, struct kw_bytes *label);

#endif
