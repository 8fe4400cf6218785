/* Blocks: what each of 64 bytes is, as bits, and their lower case.
 *
 * A scan of text looks at blocks instead of bytes. Bit i of a set is byte i of the block. The plain
 * classifier defines the result; those with vector instructions give the same, faster. */
#ifndef KW_STEMMERS_BLOCKS_H
#define KW_STEMMERS_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

enum { KW_BLOCK = 64 };

struct kw_block {
    uint64_t word;  /* ASCII letters and digits */
    uint64_t high;  /* not ASCII */
    uint64_t mark;  /* ' , . ; _ which may stand within a word */
    uint64_t sign;  /* + # which a letter may keep behind it */
    uint64_t dot;   /* . */
    uint64_t stop;  /* . ! ? which may end a sentence */
    uint64_t line;  /* line feeds */
    uint64_t blank; /* spaces, line feeds and controls: all bytes up to the space */
};

/* Which instructions to use; the processor need not have those that are asked for by name. */
enum kw_simd {
    KW_SIMD_PLAIN,
    KW_SIMD_SSE2,
    KW_SIMD_AVX2,
};

/* Classifies `count` blocks from `text` on, which has all of their bytes, and writes these bytes to
 * `lower` with A to Z as a to z. Any alignment will do; `lower` may be `text`. */
typedef void kw_classify(const uint8_t *text, size_t count, struct kw_block *blocks,
                         uint8_t *lower);

/* The best classifier that this processor runs. */
kw_classify *kw_classifier(void);

/* The classifier with these instructions, NULL if this processor or build lacks them. For tests. */
kw_classify *kw_classifier_with(enum kw_simd simd);

#endif
