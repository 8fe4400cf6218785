/* The folded forms of single characters that depend on nothing around them: a two-stage table that
 * tools/make-fold-tables writes from the Unicode Character Database 15.0. */
#ifndef KW_STEMMERS_FOLD_TABLE_H
#define KW_STEMMERS_FOLD_TABLE_H

#include "stemmers/utf8.h"

enum {
    KW_FOLD_BLOCK = 64,
    KW_FOLD_BLOCKS = KW_CHARACTERS / KW_FOLD_BLOCK,
    KW_FOLD_HARD = 0,      /* only the general rules can tell */
    KW_FOLD_SAME = 1,      /* both forms are the character itself */
    KW_FOLD_MARK = 0x8000, /* with another value: a combining mark, which has an order */
    KW_FOLD_GROWTH = 4,    /* a form has at most so many times the bytes of its character */
    KW_FOLD_SLACK = 8,     /* bytes that can be read behind the pool's last form */
};

/* Value v > KW_FOLD_SAME is entry v - 2: a written form and a surface form behind it in the pool.
 */
struct kw_fold_entry {
    uint16_t at;
    uint8_t written; /* bytes, may be 0 */
    uint8_t surface; /* bytes, may be 0 */
};

extern const uint8_t kw_fold_block[KW_FOLD_BLOCKS];
extern const uint16_t kw_fold_values[];
extern const struct kw_fold_entry kw_fold_entries[];
extern const uint8_t kw_fold_pool[];

/* The value of a code point; KW_FOLD_HARD for what is none. */
static inline unsigned kw_fold_value(uint32_t code)
{
    if (code >= KW_CHARACTERS)
        return KW_FOLD_HARD;
    return kw_fold_values[kw_fold_block[code / KW_FOLD_BLOCK] * KW_FOLD_BLOCK +
                          code % KW_FOLD_BLOCK];
}

#endif
