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
        held += bits;
        if (held >= 32) {
            kw_store32(at, (uint32_t)pending);
            at += 4;
            pending >>= 32;
            held -= 32;
        }
    }
    for (uint32_t done = 0; done < held; done += 8)
        *at++ = (uint8_t)(pending >> done);
    out->size += size;
}

void kw_bitpack_decode(const uint8_t *packed, uint32_t *numbers, size_t count, uint32_t bits)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = kw_bitpack_at(packed, i, bits);
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
