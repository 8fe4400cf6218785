/* A byte code of ranks: one byte for the `one` least, two for as many as `two` first bytes give,
 * three for the rest. The first byte tells how many (after Brisaboa, Fariña, Navarro and Paramá,
 * Lightweight natural language text compression, 2007). */
#ifndef KW_INDEX_WORD_CODE_H
#define KW_INDEX_WORD_CODE_H

#include <stddef.h>
#include <stdint.h>

enum { KW_CODE_BYTES = 3 /* of a rank, at most */ };

/* The first bytes that begin a code of one byte, and of two: one + two ≤ 256. */
struct kw_word_code {
    uint32_t one;
    uint32_t two;
};

/* How many ranks have codes of at most two bytes, and of any. */
static inline uint32_t kw_word_code_short(struct kw_word_code code)
{
    return code.one + code.two * 256;
}

static inline uint32_t kw_word_code_all(struct kw_word_code code)
{
    return kw_word_code_short(code) + (256 - code.one - code.two) * 65536;
}

static inline uint32_t kw_word_code_size(struct kw_word_code code, uint32_t rank)
{
    return rank < code.one ? 1 : rank < kw_word_code_short(code) ? 2 : 3;
}

/* Writes the code of a rank to `place`, with room for KW_CODE_BYTES; returns the place behind. */
static inline uint8_t *kw_word_code_put(struct kw_word_code code, uint8_t *place, uint32_t rank)
{
    if (rank < code.one) {
        *place++ = (uint8_t)rank;
        return place;
    }
    if (rank < kw_word_code_short(code)) {
        rank -= code.one;
        *place++ = (uint8_t)(code.one + (rank >> 8));
    } else {
        rank -= kw_word_code_short(code);
        *place++ = (uint8_t)(code.one + code.two + (rank >> 16));
        *place++ = (uint8_t)(rank >> 8);
    }
    *place++ = (uint8_t)rank;
    return place;
}

/* Takes the rank at *place and moves that behind its code. KW_CODE_BYTES must be readable. */
static inline uint32_t kw_word_code_take(struct kw_word_code code, const uint8_t **place)
{
    const uint8_t *at = *place;
    uint32_t first = at[0];
    if (first < code.one) {
        *place = at + 1;
        return first;
    }
    first -= code.one;
    if (first < code.two) {
        *place = at + 2;
        return code.one + (first << 8 | at[1]);
    }
    *place = at + 3;
    return kw_word_code_short(code) + ((first - code.two) << 16 | (uint32_t)at[1] << 8 | at[2]);
}

#endif
