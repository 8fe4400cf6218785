/* The encoding of an HTML page: what it names itself, by libxml2's parser, and its decoding, by
 * iconv for all that encoding.h does not know. Source: the WHATWG Encoding Standard's labels. */
#include "ingest/encoding.h"
#include "ingest/html_page.h"
#include "stemmers/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <strings.h>

enum {
    PROLOGUE_BYTES = 4096, /* a page names its encoding in these */
    NAME_BYTES = 40,
};

/* Copies the name at the front of `text`, perhaps quoted. */
static void copy_name(const char *text, char *name)
{
    size_t size = 0;
    text += strspn(text, " \t\r\n\"'");
    size_t all = strcspn(text, " \t\r\n\"';?>");
    if (all < NAME_BYTES) {
        memcpy(name, text, all);
        size = all;
    }
    name[size] = '\0';
}

/* Looks for "key = value" in `text`, as in "text/html; charset=koi8-r". */
static void find_value(const char *text, const char *key, char *name)
{
    const char *at = strcasestr(text, key);
    if (!at)
        return;
    at += strlen(key);
    at += strspn(at, " \t\r\n");
    if (*at == '=')
        copy_name(at + 1, name);
}

static void on_start(void *context, const xmlChar *element, const xmlChar **attributes)
{
    char *name = context;
    if (name[0] || strcmp((const char *)element, "meta") != 0)
        return;
    for (; attributes && attributes[0]; attributes += 2) {
        const char *value = (const char *)attributes[1];
        if (value && strcmp((const char *)attributes[0], "charset") == 0)
            copy_name(value, name);
        else if (value && strcmp((const char *)attributes[0], "content") == 0)
            find_value(value, "charset", name);
    }
}

/* The name of the encoding in the page's prologue, "" if there is none. False without memory. */
static bool find_charset(struct kw_view page, char *name)
{
    char head[PROLOGUE_BYTES + 1];
    size_t size = page.size < PROLOGUE_BYTES ? page.size : PROLOGUE_BYTES;
    name[0] = '\0';
    if (!size)
        return true;
    for (size_t i = 0; i < size; i++)
        head[i] = page.data[i] > 0 && page.data[i] < 0x80 ? (char)page.data[i] : '?';
    head[size] = '\0';
    if (strncmp(head, "<?xml", 5) == 0) {
        char *end = strstr(head, "?>");
        if (end) {
            *end = '\0';
            find_value(head, "encoding", name);
            *end = '?';
        }
    }
    htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(head, (int)size);
    if (!parser)
        return false;
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                   HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    memset(parser->sax, 0, sizeof *parser->sax);
    parser->sax->startElement = on_start;
    parser->userData = name;
    parser->charset = XML_CHAR_ENCODING_UTF8;
    htmlParseDocument(parser);
    htmlFreeParserCtxt(parser);
    return true;
}

/* Decodes by iconv into `out`. False if it knows no encoding of that name. */
static bool convert(struct kw_view page, const char *name, struct kw_bytes *out, uint64_t *repaired)
{
    char *from = (char *)(uintptr_t)page.data;
    size_t left = page.size;
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == (iconv_t)-1)
        return false;
    while (left && !out->failed) {
        uint8_t *place = kw_bytes_reserve(out, left + 64);
        if (!place)
            break;
        char *to = (char *)place;
        size_t room = out->capacity - out->size;
        size_t done = iconv(converter, &from, &left, &to, &room);
        out->size = (size_t)((uint8_t *)to - out->data);
        if (done != (size_t)-1 || errno == E2BIG)
            continue;
        kw_bytes_append_text(out, "\xef\xbf\xbd");
        ++*repaired;
        size_t skipped = errno == EILSEQ ? 1 : left; /* else the end cuts a character off */
        from += skipped;
        left -= skipped;
    }
    iconv_close(converter);
    return true;
}

/* What browsers read for a label: much that is labelled with a small set is in its superset. */
static const char *meant(const char *label)
{
    static const struct {
        const char *label;
        const char *name;
    } supersets[] = {
        {"iso-8859-1", "windows-1252"},
        {"iso8859-1", "windows-1252"},
        {"latin1", "windows-1252"},
        {"ascii", "windows-1252"},
        {"us-ascii", "windows-1252"},
        {"cp1252", "windows-1252"},
        {"iso-8859-9", "windows-1254"},
        {"gb2312", "gb18030"},
        {"gbk", "gb18030"},
        {"x-gbk", "gb18030"},
        {"shift_jis", "cp932"},
        {"shift-jis", "cp932"},
        {"x-sjis", "cp932"},
        {"euc-kr", "uhc"},
        {"ks_c_5601-1987", "uhc"},
        {"tis-620", "cp874"},
        {"windows-874", "cp874"},
        {"big5", "big5-hkscs"},
        {"utf8", "utf-8"},
        {"utf-16", "utf-8"},
        {"utf-16le", "utf-8"},
        {"utf-16be", "utf-8"},
        {"x-mac-roman", "macintosh"},
    };
    for (size_t i = 0; i < sizeof supersets / sizeof supersets[0]; i++) {
        if (strcasecmp(label, supersets[i].label) == 0)
            return supersets[i].name;
    }
    return label;
}

/* Line ends become LF and NUL, at which libxml2 would stop, a space. */
static void normalise(struct kw_bytes *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->size; i++) {
        uint8_t byte = text->data[i];
        if (byte == '\r' && i + 1 < text->size && text->data[i + 1] == '\n')
            continue;
        text->data[kept++] = byte == '\r' ? '\n' : byte == '\0' ? ' ' : byte;
    }
    text->size = kept;
}

enum kw_status kw_page_decode(struct kw_bytes *bytes, enum kw_encoding encoding,
                              struct kw_bytes *out, uint64_t *repaired, struct kw_error *error)
{
    struct kw_view text;
    char label[NAME_BYTES];
    size_t mark;
    struct kw_view page = kw_bytes_view(bytes);
    if (encoding == KW_ENCODING_AUTO)
        encoding = kw_encoding_mark(page, &mark);
    if (encoding == KW_ENCODING_AUTO) {
        if (!find_charset(page, label))
            return kw_fail_memory(error);
        const char *name = meant(label);
        bool known = name[0] && !kw_encoding_named(name, &encoding);
        if (known && convert(page, name, out, repaired)) {
            normalise(out);
            return kw_bytes_status(out, error);
        }
    }
    if (encoding == KW_ENCODING_AUTO)
        encoding = kw_utf8_valid(page) == page.size ? KW_ENCODING_UTF8 : KW_ENCODING_WINDOWS_1252;
    enum kw_status status = kw_encoding_decode(page, encoding, out, &text, repaired, error);
    if (status != KW_OK)
        return status;
    if (text.data != out->data)
        kw_bytes_append_view(out, text);
    normalise(out);
    return kw_bytes_status(out, error);
}
