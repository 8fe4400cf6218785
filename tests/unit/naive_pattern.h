/* Patterns matched by the plain definitions, and random words and patterns to try them on. */
#ifndef KW_TESTS_NAIVE_PATTERN_H
#define KW_TESTS_NAIVE_PATTERN_H

#include "index/pattern.h"
#include "tests/unit/index_scratch.h"
#include "tests/unit/naive_distance.h"

/* Whether the wildcard's characters from `i` on match those of the text from `j` on: `reached` has
 * a row for each i, from the last to the first. */
static inline bool naive_wildcard(struct kw_view pattern, struct kw_view text)
{
    static bool reached[NAIVE_CHARACTERS + 1][NAIVE_CHARACTERS + 1];
    struct naive_text p = naive_decode(pattern), t = naive_decode(text);
    for (size_t i = p.count + 1; i-- > 0;) {
        for (size_t j = t.count + 1; j-- > 0;) {
            if (i == p.count)
                reached[i][j] = j == t.count;
            else if (p.codes[i] == '*')
                reached[i][j] = reached[i + 1][j] || (j < t.count && reached[i][j + 1]);
            else
                reached[i][j] = j < t.count && (p.codes[i] == '?' || p.codes[i] == t.codes[j]) &&
                                reached[i + 1][j + 1];
        }
    }
    return reached[0][0];
}

/* A random word of `size` characters of one to four bytes, few different ones. */
static inline void naive_word(uint64_t *seed, struct kw_bytes *word, uint32_t size)
{
    static const char *const characters[] = {"a", "b", "c", "é", "漢", "𐍈", "a", "b"};
    for (uint32_t i = 0; i < size; i++)
        kw_bytes_append_text(word, characters[scratch_below(seed, 8)]);
}

/* A wildcard of up to `size` pieces. */
static inline void naive_pattern(uint64_t *seed, struct kw_bytes *pattern, uint32_t size)
{
    for (uint32_t i = scratch_below(seed, size + 1); i-- > 0;) {
        uint32_t kind = scratch_below(seed, 8);
        if (kind < 2)
            kw_bytes_append_byte(pattern, kind ? '*' : '?');
        else
            naive_word(seed, pattern, 1);
    }
}

/* A pattern in both ways. */
struct naive_case {
    struct kw_bytes text;
    uint32_t edits; /* 0: a wildcard */
    struct kw_pattern pattern;
};

static inline void naive_case_draw(uint64_t *seed, struct naive_case *drawn, uint32_t size)
{
    kw_bytes_clear(&drawn->text);
    drawn->edits = scratch_below(seed, 3);
    if (drawn->edits) {
        naive_word(seed, &drawn->text, scratch_below(seed, size + 1));
        kw_pattern_spelling(&drawn->pattern, kw_bytes_view(&drawn->text), drawn->edits);
    } else {
        naive_pattern(seed, &drawn->text, size);
        kw_pattern_wildcard(&drawn->pattern, kw_bytes_view(&drawn->text));
    }
}

static inline bool naive_accepts(const struct naive_case *drawn, struct kw_view text)
{
    return drawn->edits ? naive_distance(kw_bytes_view(&drawn->text), text) <= drawn->edits
                        : naive_wildcard(kw_bytes_view(&drawn->text), text);
}

#endif
