/* CRC-32C by the processor's instruction, and its plain twin. */
#include "index/crc32c.h"

#include <string.h>

uint32_t kw_crc32c_plain(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0x82F63B78U & (0U - (crc & 1)));
    }
    return ~crc;
}

#if defined __x86_64__
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(const uint8_t *bytes, size_t size)
{
    uint64_t crc = UINT32_MAX;
    for (; size >= 64; size -= 64, bytes += 64) { /* a page at every first touch: without a loop */
        uint64_t words[8];
        memcpy(words, bytes, 64);
        crc = _mm_crc32_u64(crc, words[0]);
        crc = _mm_crc32_u64(crc, words[1]);
        crc = _mm_crc32_u64(crc, words[2]);
        crc = _mm_crc32_u64(crc, words[3]);
        crc = _mm_crc32_u64(crc, words[4]);
        crc = _mm_crc32_u64(crc, words[5]);
        crc = _mm_crc32_u64(crc, words[6]);
        crc = _mm_crc32_u64(crc, words[7]);
    }
    for (; size >= 8; size -= 8, bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        crc = _mm_crc32_u64(crc, word);
    }
    for (; size; size--)
        crc = _mm_crc32_u8((uint32_t)crc, *bytes++);
    return ~(uint32_t)crc;
}

uint32_t kw_crc32c(const void *data, size_t size)
{
    if (__builtin_cpu_supports("sse4.2"))
        return crc32c_sse42(data, size);
    return kw_crc32c_plain(data, size);
}
#else
uint32_t kw_crc32c(const void *data, size_t size)
{
    return kw_crc32c_plain(data, size);
}
#endif
