/* How strong a posting is: what it can add to a score at most, as a code of one byte, and the
 * classes that the codes of a term fall into (kwic-format(5), "Strengths").
 *
 * The strength is the part of BM25 that depends on the posting, tf / (tf + k) with k = k1 (1 - b +
 * b len / avg), at k1 = 1.2 and b = 0.75 with the average of the segment (Robertson and Zaragoza,
 * The Probabilistic Relevance Framework: BM25 and Beyond, 2009). From it bounds follow for any
 * other k1, b and average. All is plain arithmetic in doubles, from left to right, so that every
 * machine gives the same codes. */
#ifndef KW_INDEX_STRENGTH_H
#define KW_INDEX_STRENGTH_H

#include <stdint.h>

enum { KW_STRENGTH_CODES = 256, KW_CLASSES = 16 };

/* k of a document that is `length` words long in a field of which `documents` documents of the
 * segment have `length_sum` words in all: 0.3 + 0.9 · length · documents / length_sum; 0.3 in a
 * field without words. */
double kw_strength_k(uint64_t documents, uint64_t length_sum, uint32_t length);

/* The least c in 1..255 with c / 255 ≥ frequency / (frequency + k), for a frequency ≥ 1 and k > 0.
 */
uint8_t kw_strength_code(uint32_t frequency, double k);

/* Fills classes[c], for each code c, with the class of a term's postings of that code, of which it
 * has counts[c]: 15 if it has none of a greater code, else the greatest j ≤ 14 for which 2^j times
 * those of greater codes are no more than all its postings. So classes rise with codes, and at
 * most one in 2^j of the postings has a greater code than one of class j. */
void kw_strength_classes(const uint32_t counts[KW_STRENGTH_CODES],
                         uint8_t classes[KW_STRENGTH_CODES]);

#endif
