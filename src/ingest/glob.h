/* Globs as .gitignore writes them, matched against a path of segments.
 *
 * `*` is any bytes but '/', `?` one character but '/', `[…]` one of a class (ranges, `!` or `^`
 * first to negate, [:alpha:] and its like), `\` takes the next character as it is. A segment `**`
 * is any number of segments, at least one at the end of the pattern. An unclosed `[` and a last `\`
 * match nothing. Time is polynomial for any pattern. Source: gitignore(5), glob(7). */
#ifndef KW_INGEST_GLOB_H
#define KW_INGEST_GLOB_H

#include "base/bytes.h"

/* Whether the whole of `path` ("a/b/c", no slash at its ends) matches `pattern`. */
bool kw_glob_match(struct kw_view pattern, struct kw_view path);

#endif
