/* Stop words: the words that nearly every text of a language holds. They are indexed like others;
 * a query may give them less weight. */
#ifndef KW_STEMMERS_STOP_WORDS_H
#define KW_STEMMERS_STOP_WORDS_H

#include "base/bytes.h"

/* Whether `word`, in its written form (kw_analyzer_word) or a pair of characters where no spaces
 * part words, is a stop word of `language`, a number as guess.h gives it; false for
 * KW_UNKNOWN_LANGUAGE. */
bool kw_stop_word(int language, struct kw_view word);

#endif
