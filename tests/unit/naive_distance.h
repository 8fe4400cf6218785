/* The distance of two words by its plain definition. */
#ifndef KW_TESTS_NAIVE_DISTANCE_H
#define KW_TESTS_NAIVE_DISTANCE_H

#include "stemmers/utf8.h"

enum { NAIVE_CHARACTERS = 300 };

struct naive_text {
    uint32_t codes[NAIVE_CHARACTERS];
    size_t count;
};

static inline struct naive_text naive_decode(struct kw_view text)
{
    struct naive_text decoded = {.count = 0};
    for (size_t at = 0; at < text.size;)
        decoded.codes[decoded.count++] = kw_utf8_decode(text.data, at, text.size, &at);
    return decoded;
}

/* The distance of two words, by the table of the textbook. */
static inline uint32_t naive_distance(struct kw_view left, struct kw_view right)
{
    static uint32_t rows[NAIVE_CHARACTERS + 1][NAIVE_CHARACTERS + 1];
    struct naive_text a = naive_decode(left), b = naive_decode(right);
    for (size_t i = 0; i <= a.count; i++) {
        for (size_t j = 0; j <= b.count; j++) {
            uint32_t best = i ? (uint32_t)i : (uint32_t)j;
            if (i && j) {
                best = rows[i - 1][j - 1] + (a.codes[i - 1] != b.codes[j - 1]);
                best = rows[i - 1][j] + 1 < best ? rows[i - 1][j] + 1 : best;
                best = rows[i][j - 1] + 1 < best ? rows[i][j - 1] + 1 : best;
            }
            if (i > 1 && j > 1 && a.codes[i - 1] == b.codes[j - 2] &&
                a.codes[i - 2] == b.codes[j - 1] && rows[i - 2][j - 2] + 1 < best)
                best = rows[i - 2][j - 2] + 1;
            rows[i][j] = best;
        }
    }
    return rows[a.count][b.count];
}

#endif
