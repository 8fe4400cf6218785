/* Words by the rules of others (rules.h): where they begin and end, and their one form, which is
 * the written and the surface form alike. */
#ifndef KW_STEMMERS_OTHER_WORDS_H
#define KW_STEMMERS_OTHER_WORDS_H

#include "stemmers/fold.h"
#include "stemmers/words.h"

/* As kw_words_scan, by words->rules, which are not our own: all words are MIXED, and each has a
 * gap. KW_E_INPUT, KW_E_MEMORY. */
enum kw_status kw_other_words_scan(struct kw_words *words, struct kw_view text, size_t until,
                                   struct kw_error *error);

/* Makes fold->written, which is empty, the form of `word` (valid UTF-8) by fold->rules, which are
 * not our own. A lack of memory marks that failed. */
void kw_other_words_fold(struct kw_fold *fold, struct kw_view word);

/* Whether Xapian's TermGenerator makes a stem of a word in lower case: if it begins with a letter.
 */
bool kw_other_words_stems(struct kw_view word);

#endif
