/* CRC-32C by the processor's instruction, and its plain twin. */
#include "index/crc32c.h"

#include "base/processor.h"

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
#include <wmmintrin.h>

enum {
    STRIDE = 1360,           /* bytes: three make a page, but for 16 */
    BEHIND_ONE = 0x3F70CC6F, /* x^(8 STRIDE - 33) modulo the polynomial, bits turned around, … */
    BEHIND_TWO = 0x5AA1F3CF, /* … and x^(16 STRIDE - 33) */
};

#define SSE42 __attribute__((target("sse4.2,pclmul")))

/* The checksum with so many bytes of zero behind it as the factor stands for. */
SSE42 static uint64_t behind(uint64_t crc, uint32_t factor)
{
    const __m128i both =
        _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)crc), _mm_cvtsi64_si128(factor), 0);
    return _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(both));
}

/* The checksum goes on over three strides, side by side since the instruction takes three cycles
 * and can begin in each (Gopal and others, "Fast CRC computation for iSCSI polynomial using CRC32
 * instruction", 2011). */
SSE42 static uint64_t three_strides(uint64_t crc, const uint8_t *bytes)
{
    uint64_t second = 0, third = 0;
    for (size_t i = 0; i < STRIDE; i += 8) {
        uint64_t words[3];
        memcpy(&words[0], bytes + i, 8);
        memcpy(&words[1], bytes + i + STRIDE, 8);
        memcpy(&words[2], bytes + i + (size_t)2 * STRIDE, 8);
        crc = _mm_crc32_u64(crc, words[0]);
        second = _mm_crc32_u64(second, words[1]);
        third = _mm_crc32_u64(third, words[2]);
    }
    return behind(crc, BEHIND_TWO) ^ behind(second, BEHIND_ONE) ^ third;
}

SSE42 static uint32_t crc32c_sse42(const uint8_t *bytes, size_t size)
{
    uint64_t crc = UINT32_MAX;
    for (; size >= (size_t)3 * STRIDE; size -= (size_t)3 * STRIDE, bytes += (size_t)3 * STRIDE)
        crc = three_strides(crc, bytes);
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
    if (KW_PROCESSOR_HAS(SSE4_2, "sse4.2") && KW_PROCESSOR_HAS(PCLMULQDQ, "pclmul"))
        return crc32c_sse42(data, size);
    return kw_crc32c_plain(data, size);
}
#else
uint32_t kw_crc32c(const void *data, size_t size)
{
    return kw_crc32c_plain(data, size);
}
#endif
