/* Finding and cleaning the first line of a text. */
#include "ingest/label.h"

#include "stemmers/utf8.h"

static bool is_line_end(uint32_t code)
{
    return code == '\n' || code == '\r' || code == 0x0B || code == 0x0C || code == 0x85 ||
           code == 0x2028 || code == 0x2029;
}

static bool is_blank(uint32_t code)
{
    return code == ' ' || code == '\t' || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000;
}

/* Controls, and the byte order mark, which is none inside a text but is as invisible. */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xFEFF;
}

void kw_label_first_line(struct kw_view text, struct kw_bytes *label)
{
    bool blank = false;
    kw_bytes_clear(label);
    for (size_t at = 0; at < text.size;) {
        size_t begin = at;
        uint32_t code = kw_utf8_decode(text.data, begin, text.size, &at);
        if (is_line_end(code)) {
            if (label->size)
                return;
            continue;
        }
        if (is_blank(code)) {
            blank = label->size > 0;
            continue;
        }
        if (is_control(code))
            continue;
        if (label->size + blank + (at - begin) > KW_LABEL_BYTES)
            return;
        if (blank)
            kw_bytes_append_byte(label, ' ');
        blank = false;
        kw_bytes_append(label, text.data + begin, at - begin);
        if (label->failed)
            return;
    }
}
