/* How many documents Xapian 1.4 takes to hold any of several terms. */
#ifndef KW_RANK_SYNONYMS_H
#define KW_RANK_SYNONYMS_H

#include <stddef.h>
#include <stdint.h>

/* The estimate for terms that `frequencies[i]` of `documents` hold, as if they were independent:
 * the two rarest are taken together as l + r - l * r / N, rounded, until one is left (OrContext and
 * OrPostList of Xapian 1.4, over one database). 0 for no terms. Overwrites the frequencies. */
uint64_t kw_synonym_frequency(uint64_t *frequencies, size_t count, uint64_t documents);

#endif
