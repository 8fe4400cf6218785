/* Glob matching in two layers, characters in a segment and segments in a path; each goes back to
 * its last star only, which is enough and keeps the time polynomial. */
#include "ingest/glob.h"

#include <ctype.h>

/* A character of UTF-8, or a single byte that begins none. */
static uint32_t take_character(struct kw_view text, size_t *at)
{
    uint8_t lead = text.data[*at];
    size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    uint32_t value = size == 1 ? lead : lead & (0x7fU >> size);
    if (size > text.size - *at)
        size = 1;
    for (size_t i = 1; i < size; i++) {
        uint8_t next = text.data[*at + i];
        if ((next & 0xc0) != 0x80) {
            size = 1;
            break;
        }
        value = value << 6 | (next & 0x3fU);
    }
    *at += size;
    return size == 1 ? lead : value;
}

static bool in_named_class(struct kw_view name, uint32_t c)
{
    static const struct {
        const char *name;
        int (*test)(int);
    } classes[] = {
        {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
        {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
        {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
    };
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (kw_view_equal(name, kw_view_of(classes[i].name)))
            return c < 0x80 && classes[i].test((int)c);
    }
    return false;
}

/* If "[:name:]" begins at *at, steps behind it and says in *in whether `c` is in that class. */
static bool take_named_class(struct kw_view pattern, size_t *at, uint32_t c, bool *in)
{
    size_t i = *at + 2;
    if (pattern.size - *at < 4 || pattern.data[*at] != '[' || pattern.data[*at + 1] != ':')
        return false;
    while (i < pattern.size && isalpha(pattern.data[i]))
        i++;
    if (pattern.size - i < 2 || pattern.data[i] != ':' || pattern.data[i + 1] != ']')
        return false;
    *in = in_named_class((struct kw_view){pattern.data + *at + 2, i - *at - 2}, c);
    *at = i + 2;
    return true;
}

/* One end of a range: a character, perhaps escaped. False at the pattern's end. */
static bool take_literal(struct kw_view pattern, size_t *at, uint32_t *c)
{
    if (*at < pattern.size && pattern.data[*at] == '\\')
        (*at)++;
    if (*at >= pattern.size)
        return false;
    *c = take_character(pattern, at);
    return true;
}

/* The class that begins at *at with '['; steps behind its ']'. False if it is not closed or `c` is
 * not in it. */
static bool match_class(struct kw_view pattern, size_t *at, uint32_t c)
{
    size_t i = *at + 1;
    bool found = false;
    bool negated = i < pattern.size && (pattern.data[i] == '!' || pattern.data[i] == '^');
    if (negated)
        i++;
    for (size_t first = i; i < pattern.size && (i == first || pattern.data[i] != ']');) {
        bool in = false;
        uint32_t low = 0;
        if (take_named_class(pattern, &i, c, &in)) {
            found |= in;
            continue;
        }
        if (!take_literal(pattern, &i, &low))
            return false;
        uint32_t high = low;
        if (pattern.size - i >= 2 && pattern.data[i] == '-' && pattern.data[i + 1] != ']') {
            i++;
            if (!take_literal(pattern, &i, &high))
                return false;
        }
        found |= low <= c && c <= high;
    }
    if (i >= pattern.size)
        return false;
    *at = i + 1;
    return found != negated;
}

/* Matches one character of `name` at *n with what stands in the pattern at *p; steps behind both.
 */
static bool match_one(struct kw_view pattern, size_t *p, struct kw_view name, size_t *n)
{
    if (*p >= pattern.size)
        return false;
    size_t at = *p;
    size_t behind = *n;
    bool match;
    if (pattern.data[at] == '?') {
        take_character(name, &behind);
        at++;
        match = true;
    } else if (pattern.data[at] == '[') {
        match = match_class(pattern, &at, take_character(name, &behind));
    } else {
        at += pattern.data[at] == '\\';
        match = at < pattern.size && pattern.data[at] == name.data[behind];
        at++;
        behind++;
    }
    if (match) {
        *p = at;
        *n = behind;
    }
    return match;
}

static bool match_segment(struct kw_view pattern, struct kw_view name)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = SIZE_MAX; /* where the pattern goes on behind its last star … */
    size_t taken = 0;       /* … and the name behind what that star has taken */
    while (n < name.size) {
        if (p < pattern.size && pattern.data[p] == '*') {
            star = ++p;
            taken = n;
        } else if (!match_one(pattern, &p, name, &n)) {
            if (star == SIZE_MAX)
                return false;
            p = star;
            n = ++taken;
        }
    }
    while (p < pattern.size && pattern.data[p] == '*')
        p++;
    return p == pattern.size;
}

/* The segment at *at, which steps behind its slash; text.size + 1 is the end. */
static struct kw_view take_segment(struct kw_view text, size_t *at)
{
    const uint8_t *begin = text.data + *at;
    const uint8_t *slash = memchr(begin, '/', text.size - *at);
    size_t size = slash ? (size_t)(slash - begin) : text.size - *at;
    *at += size + 1;
    return (struct kw_view){begin, size};
}

bool kw_glob_match(struct kw_view pattern, struct kw_view path)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = SIZE_MAX; /* as in match_segment, in segments */
    size_t taken = 0;
    if (!pattern.size || !path.size)
        return false;
    while (p <= pattern.size || n <= path.size) {
        size_t behind = p;
        size_t rest = n;
        if (p <= pattern.size) {
            struct kw_view segment = take_segment(pattern, &behind);
            if (segment.size == 2 && memcmp(segment.data, "**", 2) == 0) {
                if (behind > pattern.size)
                    return n <= path.size;
                p = star = behind;
                taken = n;
                continue;
            }
            if (n <= path.size && match_segment(segment, take_segment(path, &rest))) {
                p = behind;
                n = rest;
                continue;
            }
        }
        if (star == SIZE_MAX || taken > path.size)
            return false;
        take_segment(path, &taken);
        n = taken;
        p = star;
    }
    return true;
}
