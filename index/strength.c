/* Codes of strengths, and their classes. */
#include "index/strength.h"

double kw_strength_k(uint64_t documents, uint64_t length_sum, uint32_t length)
{
    if (!length_sum)
        return 0.3;
    return 0.3 + 0.9 * (double)length * (double)documents / (double)length_sum;
}

uint8_t kw_strength_code(uint32_t frequency, double k)
{
    double strength = (double)frequency / ((double)frequency + k);
    uint32_t code = (uint32_t)(strength * 255);
    return (uint8_t)(code + ((double)code / 255 < strength));
}

void kw_strength_classes(const uint32_t counts[KW_STRENGTH_CODES],
                         uint8_t classes[KW_STRENGTH_CODES])
{
    uint64_t all = 0;
    uint64_t above = 0;
    for (uint32_t code = 0; code < KW_STRENGTH_CODES; code++)
        all += counts[code];
    for (uint32_t code = KW_STRENGTH_CODES; code-- > 0; above += counts[code]) {
        uint8_t class = 0;
        while (class < KW_CLASSES - 2 && above << (class + 1) <= all)
            class ++;
        classes[code] = above ? class : KW_CLASSES - 1;
    }
}
