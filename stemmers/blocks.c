/* Classifying blocks of text, byte by byte or with the vectors of x86. */
#include "stemmers/blocks.h"

#include "base/processor.h"

#if defined __x86_64__
#include <immintrin.h>
#endif

/* How far ahead of a block its text is asked for: what the processor does by itself ends at each
 * page. */
enum { AHEAD = 2048 };

enum { WORD = 1, HIGH = 2, MARK = 4, SIGN = 8, DOT = 16, STOP = 32, LINE = 64, BLANK = 128 };

static const uint8_t classes[256] = {
    [0 ... '\t'] = BLANK, ['\n'] = LINE | BLANK, ['\v' ... ' '] = BLANK,
    ['!'] = STOP,         ['#'] = SIGN,          ['\''] = MARK,
    ['+'] = SIGN,         [','] = MARK,          ['.'] = MARK | DOT | STOP,
    ['0' ... '9'] = WORD, [';'] = MARK,          ['?'] = STOP,
    ['A' ... 'Z'] = WORD, ['_'] = MARK,          ['a' ... 'z'] = WORD,
    [128 ... 255] = HIGH,
};

static void classify_plain(const uint8_t *text, size_t count, struct kw_block *blocks,
                           uint8_t *lower)
{
    for (size_t i = 0; i < count; i++, text += KW_BLOCK, lower += KW_BLOCK) {
        struct kw_block block = {0};

        for (size_t k = 0; k < KW_BLOCK; k++) {
            uint64_t class = classes[text[k]];

            block.word |= (class & WORD) << k;
            block.high |= class / HIGH % 2 << k;
            block.mark |= class / MARK % 2 << k;
            block.sign |= class / SIGN % 2 << k;
            block.dot |= class / DOT % 2 << k;
            block.stop |= class / STOP % 2 << k;
            block.line |= class / LINE % 2 << k;
            block.blank |= class / BLANK % 2 << k;
            lower[k] = text[k] >= 'A' && text[k] <= 'Z' ? text[k] | 0x20 : text[k];
        }
        blocks[i] = block;
    }
}

#if defined __x86_64__

/* Adds the bits of sixteen bytes to a block at bit `shift`. */
static inline void add_sse2(struct kw_block *block, __m128i x, __m128i *lower, int shift)
{
    const __m128i low = _mm_or_si128(x, _mm_set1_epi8(0x20));
    const __m128i from_a = _mm_sub_epi8(low, _mm_set1_epi8('a'));
    const __m128i from_0 = _mm_sub_epi8(x, _mm_set1_epi8('0'));
    const __m128i letter = _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8(25)), from_a);
    const __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(from_0, _mm_set1_epi8(9)), from_0);
    const __m128i line = _mm_cmpeq_epi8(x, _mm_set1_epi8('\n'));
    const __m128i blank = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(' ')), x);
    const __m128i dot = _mm_cmpeq_epi8(x, _mm_set1_epi8('.'));
    __m128i mark = _mm_or_si128(dot, _mm_cmpeq_epi8(x, _mm_set1_epi8('\'')));
    __m128i stop = _mm_or_si128(dot, _mm_cmpeq_epi8(x, _mm_set1_epi8('!')));
    __m128i sign = _mm_cmpeq_epi8(x, _mm_set1_epi8('+'));

    mark = _mm_or_si128(mark, _mm_cmpeq_epi8(x, _mm_set1_epi8(',')));
    mark = _mm_or_si128(mark, _mm_cmpeq_epi8(x, _mm_set1_epi8(';')));
    mark = _mm_or_si128(mark, _mm_cmpeq_epi8(x, _mm_set1_epi8('_')));
    stop = _mm_or_si128(stop, _mm_cmpeq_epi8(x, _mm_set1_epi8('?')));
    sign = _mm_or_si128(sign, _mm_cmpeq_epi8(x, _mm_set1_epi8('#')));
    *lower = _mm_or_si128(x, _mm_and_si128(letter, _mm_set1_epi8(0x20)));
    block->word |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(letter, digit)) << shift;
    block->high |= (uint64_t)(uint32_t)_mm_movemask_epi8(x) << shift;
    block->mark |= (uint64_t)(uint32_t)_mm_movemask_epi8(mark) << shift;
    block->sign |= (uint64_t)(uint32_t)_mm_movemask_epi8(sign) << shift;
    block->dot |= (uint64_t)(uint32_t)_mm_movemask_epi8(dot) << shift;
    block->stop |= (uint64_t)(uint32_t)_mm_movemask_epi8(stop) << shift;
    block->line |= (uint64_t)(uint32_t)_mm_movemask_epi8(line) << shift;
    block->blank |= (uint64_t)(uint32_t)_mm_movemask_epi8(blank) << shift;
}

static void classify_sse2(const uint8_t *text, size_t count, struct kw_block *blocks,
                          uint8_t *lower)
{
    for (size_t i = 0; i < count; i++, text += KW_BLOCK, lower += KW_BLOCK) {
        struct kw_block block = {0};

        _mm_prefetch((const void *)((uintptr_t)text + AHEAD), _MM_HINT_T0);
        for (int k = 0; k < KW_BLOCK; k += 16) {
            __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(text + k));
            add_sse2(&block, x, &x, k);
            _mm_storeu_si128((__m128i *)(void *)(lower + k), x);
        }
        blocks[i] = block;
    }
}

/* Adds the bits of 32 bytes to a block at bit `shift`. */
__attribute__((target("avx2"))) static inline void add_avx2(struct kw_block *block, __m256i x,
                                                            __m256i *lower, int shift)
{
    const __m256i low = _mm256_or_si256(x, _mm256_set1_epi8(0x20));
    const __m256i from_a = _mm256_sub_epi8(low, _mm256_set1_epi8('a'));
    const __m256i from_0 = _mm256_sub_epi8(x, _mm256_set1_epi8('0'));
    const __m256i letter = _mm256_cmpeq_epi8(_mm256_min_epu8(from_a, _mm256_set1_epi8(25)), from_a);
    const __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(from_0, _mm256_set1_epi8(9)), from_0);
    const __m256i line = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\n'));
    const __m256i blank = _mm256_cmpeq_epi8(_mm256_min_epu8(x, _mm256_set1_epi8(' ')), x);
    const __m256i dot = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('.'));
    __m256i mark = _mm256_or_si256(dot, _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\'')));
    __m256i stop = _mm256_or_si256(dot, _mm256_cmpeq_epi8(x, _mm256_set1_epi8('!')));
    __m256i sign = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('+'));

    mark = _mm256_or_si256(mark, _mm256_cmpeq_epi8(x, _mm256_set1_epi8(',')));
    mark = _mm256_or_si256(mark, _mm256_cmpeq_epi8(x, _mm256_set1_epi8(';')));
    mark = _mm256_or_si256(mark, _mm256_cmpeq_epi8(x, _mm256_set1_epi8('_')));
    stop = _mm256_or_si256(stop, _mm256_cmpeq_epi8(x, _mm256_set1_epi8('?')));
    sign = _mm256_or_si256(sign, _mm256_cmpeq_epi8(x, _mm256_set1_epi8('#')));
    *lower = _mm256_or_si256(x, _mm256_and_si256(letter, _mm256_set1_epi8(0x20)));
    block->word |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(letter, digit))
                   << shift;
    block->high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(x) << shift;
    block->mark |= (uint64_t)(uint32_t)_mm256_movemask_epi8(mark) << shift;
    block->sign |= (uint64_t)(uint32_t)_mm256_movemask_epi8(sign) << shift;
    block->dot |= (uint64_t)(uint32_t)_mm256_movemask_epi8(dot) << shift;
    block->stop |= (uint64_t)(uint32_t)_mm256_movemask_epi8(stop) << shift;
    block->line |= (uint64_t)(uint32_t)_mm256_movemask_epi8(line) << shift;
    block->blank |= (uint64_t)(uint32_t)_mm256_movemask_epi8(blank) << shift;
}

__attribute__((target("avx2"))) static void classify_avx2(const uint8_t *text, size_t count,
                                                          struct kw_block *blocks, uint8_t *lower)
{
    for (size_t i = 0; i < count; i++, text += KW_BLOCK, lower += KW_BLOCK) {
        struct kw_block block = {0};

        _mm_prefetch((const void *)((uintptr_t)text + AHEAD), _MM_HINT_T0);
        for (int k = 0; k < KW_BLOCK; k += 32) {
            __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(text + k));
            add_avx2(&block, x, &x, k);
            _mm256_storeu_si256((__m256i *)(void *)(lower + k), x);
        }
        blocks[i] = block;
    }
}

#endif

kw_classify *kw_classifier_with(enum kw_simd simd)
{
    if (simd == KW_SIMD_PLAIN)
        return classify_plain;
#if defined __x86_64__
    if (simd == KW_SIMD_SSE2)
        return classify_sse2;
    if (simd == KW_SIMD_AVX2 && KW_PROCESSOR_HAS(AVX2, "avx2"))
        return classify_avx2;
#endif
    return NULL;
}

kw_classify *kw_classifier(void)
{
    for (int simd = KW_SIMD_AVX2; simd > KW_SIMD_PLAIN; simd--) {
        kw_classify *classify = kw_classifier_with((enum kw_simd)simd);
        if (classify)
            return classify;
    }
    return classify_plain;
}
