/* Passages: where a text is cut into what a person would quote.
 *
 * A passage ends at the last sentence end, else at the last word border, before KW_PASSAGE_WORDS
 * positions or KW_PASSAGE_BYTES bytes, and at every paragraph's end that words follow once it has
 * KW_PARAGRAPH_WORDS positions. White space belongs to the passage before it. A sentence ends at a
 * stop with its closing quotes and brackets, before white space (the stops of CJK need none),
 * unless the stop is a period behind an abbreviation or before a lower-case letter; a paragraph
 * ends at a blank line or U+2029.
 *
 * Cuts are made between units of words.h only, so a passage alone has the words it has in its text.
 */
#ifndef KW_STEMMERS_PASSAGES_H
#define KW_STEMMERS_PASSAGES_H

#include "stemmers/words.h"

/* How far behind a passage's start the words of a text are looked at to find its end. */
enum { KW_PASSAGE_SIGHT = 4096 };

/* The end of the passage of `text` that begins at `start` < text.size: at most KW_PASSAGE_BYTES and
 * at least one byte further on. `words` are those of the text, all that begin before
 * start + KW_PASSAGE_SIGHT at least; the first behind `start` is number `first`, and *taken tells
 * how many are in the passage. *gap is 0 for a text's first passage and goes from each to the next.
 */
size_t kw_passage_end(struct kw_view text, size_t start, const struct kw_words *words, size_t first,
                      size_t *gap, size_t *taken);

#endif
