/* Formats and encodings by name, formats by content. */
#include "ingest/format.h"

#include <string.h>
#include <strings.h>

struct named {
    const char *name;
    int value;
};

static bool find(const struct named *table, size_t count, const char *name, int *value)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(table[i].name, name) == 0) {
            *value = table[i].value;
            return true;
        }
    }
    return false;
}

bool kw_format_named(const char *name, enum kw_format *format)
{
    static const struct named formats[] = {
        {"auto", KW_FORMAT_AUTO}, {"text", KW_FORMAT_TEXT},   {"markdown", KW_FORMAT_MARKDOWN},
        {"html", KW_FORMAT_HTML}, {"jsonl", KW_FORMAT_JSONL},
    };
    int value;
    bool found = find(formats, sizeof formats / sizeof formats[0], name, &value);
    if (found)
        *format = (enum kw_format)value;
    return found;
}

bool kw_encoding_named(const char *name, enum kw_encoding *encoding)
{
    static const struct named encodings[] = {
        {"auto", KW_ENCODING_AUTO},
        {"utf-8", KW_ENCODING_UTF8},
        {"utf-16le", KW_ENCODING_UTF16LE},
        {"utf-16be", KW_ENCODING_UTF16BE},
        {"windows-1252", KW_ENCODING_WINDOWS_1252},
    };
    int value;
    bool found = find(encodings, sizeof encodings / sizeof encodings[0], name, &value);
    if (found)
        *encoding = (enum kw_encoding)value;
    return found;
}

enum kw_format kw_format_of_name(const char *name)
{
    static const struct named extensions[] = {
        {"jsonl", KW_FORMAT_JSONL},       {"ndjson", KW_FORMAT_JSONL}, {"md", KW_FORMAT_MARKDOWN},
        {"markdown", KW_FORMAT_MARKDOWN}, {"html", KW_FORMAT_HTML},    {"htm", KW_FORMAT_HTML},
        {"xhtml", KW_FORMAT_HTML},
    };
    const char *slash = strrchr(name, '/');
    const char *base = slash ? slash + 1 : name;
    const char *dot = strrchr(base, '.');
    int value = KW_FORMAT_AUTO;
    if (dot && dot != base)
        find(extensions, sizeof extensions / sizeof extensions[0], dot + 1, &value);
    return (enum kw_format)value;
}

static bool begins(struct kw_view bytes, const char *text)
{
    size_t size = strlen(text);
    return bytes.size >= size && strncasecmp((const char *)bytes.data, text, size) == 0;
}

/* Steps behind the next `end`; false if there is none. */
static bool skip_behind(struct kw_view *bytes, const char *end)
{
    size_t size = strlen(end);
    const uint8_t *at = memmem(bytes->data, bytes->size, end, size);
    if (!at)
        return false;
    bytes->size -= (size_t)(at - bytes->data) + size;
    bytes->data = at + size;
    return true;
}

enum kw_format kw_format_of_content(struct kw_view bytes)
{
    enum { NEAR = 4096 }; /* how far the prologue may reach */
    if (bytes.size > NEAR)
        bytes.size = NEAR;
    if (begins(bytes, "\xef\xbb\xbf"))
        skip_behind(&bytes, "\xef\xbb\xbf");
    for (;;) {
        while (bytes.size && strchr(" \t\r\n\f", *bytes.data) && *bytes.data) {
            bytes.data++;
            bytes.size--;
        }
        const char *end = begins(bytes, "<!--") ? "-->" : begins(bytes, "<?xml") ? "?>" : NULL;
        if (!end || !skip_behind(&bytes, end))
            break;
    }
    if (begins(bytes, "<!doctype html"))
        return KW_FORMAT_HTML;
    if (begins(bytes, "<html") && bytes.size > 5 && strchr(" \t\r\n\f/>", bytes.data[5]))
        return KW_FORMAT_HTML;
    return KW_FORMAT_TEXT;
}
