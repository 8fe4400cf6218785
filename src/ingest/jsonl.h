/* JSON Lines: one JSON object a line, each a document. */
#ifndef KW_INGEST_JSONL_H
#define KW_INGEST_JSONL_H

#include "ingest/lines.h"
#include "ingest/source.h"

struct kw_jsonl;

/* Reads the records of `lines` (text in UTF-8, borrowed for the life of the reader) as those of the
 * file `name`, the path and part of the ids of records without an id; `place` is how messages name
 * the file. Both are borrowed. A byte order mark must have been taken off. KW_E_MEMORY. */
enum kw_status kw_jsonl_new(struct kw_jsonl **out, struct kw_lines *lines, const char *name,
                            const char *place, const struct kw_source_options *options,
                            struct kw_error *error);
void kw_jsonl_free(struct kw_jsonl *reader); /* accepts NULL */

/* The next record as a document, borrowed until the next call; KW_END after the last. Blank lines
 * are ignored. Warned of, counted and passed over is a line that is not one JSON object, that is
 * longer than KW_RECORD_BYTES, whose text is no string or whose id is neither string nor number. A
 * null is as good as a missing key: no id gives "NAME:LINE", no text an empty one. The keys of id,
 * title and text aside, a string becomes a text field and all else a JSON field, in the order of
 * the line; of a key that is there twice the last counts. Invalid UTF-8 and unpaired surrogates
 * become U+FFFD and are counted in `repaired`. KW_E_IO for a stream that cannot be read,
 * KW_E_MEMORY. */
enum kw_status kw_jsonl_next(struct kw_jsonl *reader, struct kw_document *document,
                             struct kw_error *error);
uint64_t kw_jsonl_skipped(const struct kw_jsonl *reader); /* records passed over so far */

/* Whether `line` is one JSON object. */
bool kw_jsonl_is_record(struct kw_view line);

#endif
