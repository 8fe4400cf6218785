/* What is said, on standard error, when a search found little. */
#ifndef KW_CLI_ADVICE_H
#define KW_CLI_ADVICE_H

#include "lib/kwic.h"

enum { KW_ADVICE_ENOUGH = 3 }; /* documents: nothing is said */

/* If fewer than that matched: what the clauses of the query find by themselves, if there
 * are several, and spellings of words that no document holds. A failure to find these is no failure
 * of the search and is passed over. */
void kw_advice_write(struct kwic_results *results);

#endif
