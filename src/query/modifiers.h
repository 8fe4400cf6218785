/* What can stand in and behind a word: wildcards, edits, a boost. */
#ifndef KW_QUERY_MODIFIERS_H
#define KW_QUERY_MODIFIERS_H

#include "base/bytes.h"

enum kw_modifier {
    KW_MODIFIER_NONE,  /* there is none: text */
    KW_MODIFIER_GOOD,  /* there is one */
    KW_MODIFIER_WRONG, /* there is one with a number that it cannot have */
};

/* Reads all of `text`, without its `^`, as the number of a boost: digits, perhaps with a point and
 * digits behind them, or a point and digits; at most 15 digits. */
enum kw_modifier kw_boost_parse(struct kw_view text, double *boost);

/* Cuts `^` and a boost off the end of a word that is not only that; if there is none or it is wrong
 * the word stays. */
enum kw_modifier kw_boost_cut(struct kw_view *word, double *boost);

/* Cuts `~`, `~1` or `~2` off the end of a word that is not only that; if there is none or it is
 * wrong, `~` and other digits, the word stays. */
enum kw_modifier kw_edits_cut(struct kw_view *word, uint32_t *edits);

/* The next wildcards of `word` from *from on: a run of `*` and `?` with a letter, mark or digit
 * (Unicode's general categories L, M and N) directly before or behind it. Question marks that end
 * the run are punctuation unless a letter, mark or digit follows them. A word with `://` in it has
 * none. The run is [*start, *end); *from is then where to go on, at 0 at first. False: no more. */
bool kw_wildcards_next(struct kw_view word, size_t *from, size_t *start, size_t *end);

#endif
