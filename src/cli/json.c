/* Writing JSON (RFC 8259). */
#include "cli/json.h"

#include "cli/text.h"

#include <string.h>

static void write_escape(struct kw_output *output, uint32_t code)
{
    static const char plain[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *place = code < 0x80 && code != 0 ? strchr(plain, (int)code) : NULL;

    if (place != NULL)
        kw_output_format(output, "\\%c", letters[place - plain]);
    else
        kw_output_format(output, "\\u%04x", (unsigned)code);
}

void kw_json_characters(struct kw_output *output, struct kwic_text text)
{
    size_t start = 0;

    for (size_t i = 0; i < text.size;) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(text, i));
        bool escape = glyph.code == '"' || glyph.code == '\\' || kw_glyph_unsafe(glyph.code);
        if (escape || !glyph.valid) {
            kw_output_bytes(output, text.data + start, i - start);
            start = i + glyph.size;
        }
        if (!glyph.valid)
            kw_output_string(output, KW_GLYPH_REPLACEMENT);
        else if (escape)
            write_escape(output, glyph.code);
        i += glyph.size;
    }
    kw_output_bytes(output, text.data + start, text.size - start);
}

void kw_json_string(struct kw_output *output, struct kwic_text text)
{
    kw_output_string(output, "\"");
    kw_json_characters(output, text);
    kw_output_string(output, "\"");
}

void kw_json_fields(struct kw_output *output, const struct kwic_field *fields, size_t count)
{
    kw_output_string(output, "{");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            kw_output_string(output, ",");
        kw_json_string(output, fields[i].name);
        kw_output_string(output, ":");
        if (fields[i].kind == KWIC_FIELD_JSON)
            kw_output_text(output, fields[i].value);
        else
            kw_json_string(output, fields[i].value);
    }
    kw_output_string(output, "}");
}
