/* Checking and mending UTF-8, eight ASCII bytes at a time. */
#include "stemmers/utf8.h"

#define HIGH_BITS 0x8080808080808080U

/* The size of the well-formed sequence at p[0..left) whose first byte is not ASCII, or 0 and, in
 * *subpart, the size of the maximal subpart there (at least 1). The ranges are those of table 3-7
 * of the Unicode Standard. */
static size_t sequence(const uint8_t *p, size_t left, size_t *subpart)
{
    uint8_t lead = p[0], low = 0x80, high = 0xBF;
    size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, i = 1;

    *subpart = 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    for (; i < size && i < left && p[i] >= low && p[i] <= high; i++) {
        low = 0x80;
        high = 0xBF;
    }
    *subpart = i;
    return i == size ? size : 0;
}

size_t kw_utf8_valid_until(struct kw_view text, size_t at, size_t *subpart)
{
    *subpart = 0;
    while (at < text.size) {
        size_t size;

        while (text.size - at >= 32 &&
               !((kw_load64(text.data + at) | kw_load64(text.data + at + 8) |
                  kw_load64(text.data + at + 16) | kw_load64(text.data + at + 24)) &
                 HIGH_BITS))
            at += 32;
        while (at < text.size && text.data[at] < 0x80)
            at++;
        if (at == text.size)
            break;
        size = sequence(text.data + at, text.size - at, subpart);
        if (!size)
            return at;
        at += size;
    }
    *subpart = 0;
    return text.size;
}

size_t kw_utf8_valid(struct kw_view text)
{
    size_t subpart;

    return kw_utf8_valid_until(text, 0, &subpart);
}

void kw_utf8_repair(struct kw_view text, struct kw_bytes *out, uint64_t *repairs)
{
    size_t at = 0;

    while (at < text.size) {
        size_t subpart, end = kw_utf8_valid_until(text, at, &subpart);

        kw_bytes_append(out, text.data + at, end - at);
        if (end == text.size)
            break;
        kw_bytes_append(out, "\xEF\xBF\xBD", 3);
        ++*repairs;
        at = end + subpart;
    }
}
