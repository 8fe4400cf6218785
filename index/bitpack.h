/* Bit packing: n numbers of b bits each, one behind the other, low bits first.
 *
 * Number i fills bits [i·b, (i+1)·b) of the little-endian bit string; the last byte is padded with
 * zero bits. Worked: the numbers 5, 1, 6 at 3 bits are the bits 101 100 011 read from bit 0 (5 =
 * 101 low first), that is the bytes 0x8D 0x01. */
#ifndef KW_INDEX_BITPACK_H
#define KW_INDEX_BITPACK_H

#include "base/bytes.h"

enum { KW_BITPACK_PADDING = 8 }; /* bytes behind the packed ones that a decoder may read */

/* Bits that the largest of `count` numbers needs: 0 (all are zero) to 32. */
uint32_t kw_bitpack_width(const uint32_t *numbers, size_t count);

/* Bytes that `count` numbers of `bits` bits take. */
static inline size_t kw_bitpack_size(size_t count, uint32_t bits)
{
    return (count * bits + 7) / 8;
}

/* Appends the packed numbers; each must fit into `bits` (0..32) bits. */
void kw_bitpack_encode(struct kw_bytes *out, const uint32_t *numbers, size_t count, uint32_t bits);

/* Unpacks `count` numbers of `bits` (0..32) bits from `packed`, behind which KW_BITPACK_PADDING
 * bytes must be readable. Those who read more ask the kernels (index/kernels.h). */
void kw_bitpack_decode(const uint8_t *packed, uint32_t *numbers, size_t count, uint32_t bits);

/* One of them, number `index`; the same bytes must be readable. */
static inline uint32_t kw_bitpack_at(const uint8_t *packed, size_t index, uint32_t bits)
{
    size_t at = index * bits;
    uint64_t word;
    memcpy(&word, packed + at / 8, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return (uint32_t)(word >> (at % 8) & ((UINT64_C(1) << bits) - 1));
}

/* The same for numbers of up to 64 bits, which are read one by one. */
void kw_bitpack_encode_wide(struct kw_bytes *out, const uint64_t *numbers, size_t count,
                            uint32_t bits);

/* A number of `bits` (0..64) bits that begins at bit `shift` (0..7) of `packed`, behind whose last
 * byte KW_BITPACK_PADDING bytes must be readable. */
static inline uint64_t kw_bitpack_wide(const uint8_t *packed, uint32_t shift, uint32_t bits)
{
    if (!bits)
        return 0;
    uint64_t number = kw_load64(packed) >> shift;
    if (shift + bits > 64)
        number |= (uint64_t)packed[8] << (64 - shift);
    return number & (UINT64_MAX >> (64 - bits));
}

/* Bits that a number needs: 0 to 64. */
static inline uint32_t kw_bitpack_bits(uint64_t number)
{
    return number ? 64 - (uint32_t)__builtin_clzll(number) : 0;
}

#endif
