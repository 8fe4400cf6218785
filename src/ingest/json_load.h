/* A fast way to a JSON value: libyajl reads it several times as fast as libjansson does. */
#ifndef KW_INGEST_JSON_LOAD_H
#define KW_INGEST_JSON_LOAD_H

#include "base/bytes.h"

#include <jansson.h>

/* The value that `text` (valid UTF-8) holds, as json_loadb of libjansson reads it with
 * JSON_ALLOW_NUL: an object or array. NULL if it is anything else, no JSON or not certainly read
 * alike (surrogates, numbers at the ends of what can be said, deep nesting), or if memory runs out:
 * then json_loadb gives it, or the reason why not. The caller takes the reference. */
json_t *kw_json_load(struct kw_view text);

#endif
