/* Packs and unpacks numbers of so many bits each. */
#include "index/bitpack.h"

uint32_t kw_bitpack_width(const uint32_t *numbers, size_t count)
{
    uint32_t all = 0;
    for (size_t i = 0; i < count; i++)
        all |= numbers[i];
    return all ? 32 - (uint32_t)__builtin_clz(all) : 0;
}

void kw_bitpack_encode(struct kw_bytes *out, const uint32_t *numbers, size_t count, uint32_t bits)
{
    size_t size = kw_bitpack_size(count, bits);
    uint8_t *at = kw_bytes_reserve(out, size);
    if (!at)
        return;
    uint64_t pending = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < count; i++) {
        pending |= (uint64_t)numbers[i] << held;
        for (held += bits; held >= 8; held -= 8, pending >>= 8)
            *at++ = (uint8_t)pending;
    }
    if (held)
        *at = (uint8_t)pending;
    out->size += size;
}

void kw_bitpack_decode(const uint8_t *packed, uint32_t *numbers, size_t count, uint32_t bits)
{
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (size_t i = 0; i < count; i++) {
        size_t at = i * bits;
        uint64_t word;
        memcpy(&word, packed + at / 8, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        numbers[i] = (uint32_t)(word >> (at % 8) & mask);
    }
}

void kw_bitpack_encode_wide(struct kw_bytes *out, const uint64_t *numbers, size_t count,
                            uint32_t bits)
{
    size_t size = kw_bitpack_size(count, bits);
    uint8_t *at = kw_bytes_reserve(out, size);
    if (!at)
        return;
    unsigned __int128 pending = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < count; i++) {
        pending |= (unsigned __int128)numbers[i] << held;
        for (held += bits; held >= 8; held -= 8, pending >>= 8)
            *at++ = (uint8_t)pending;
    }
    if (held)
        *at = (uint8_t)pending;
    out->size += size;
}
