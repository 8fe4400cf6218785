/* From HTML to text: libxml2's HTML parser calls back for elements and characters; white space is
 * collapsed, blocks are set apart, and what nobody sees is dropped. */
#include "ingest/html_page.h"

#include "ingest/encoding.h"
#include "stemmers/utf8.h"

#include <libxml/HTMLparser.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>

/* What stands between the last text and the next; the largest asked for wins. */
enum gap { GAP_NONE, GAP_SPACE, GAP_CELL, GAP_LINE, GAP_BLOCK };

enum kind {
    KIND_INLINE,
    KIND_DROPPED,
    KIND_TITLE,
    KIND_PRE,
    KIND_BREAK,
    KIND_CELL,
    KIND_LINE,
    KIND_BLOCK
};

struct reading {
    struct kw_page *page;
    enum gap gap;
    bool broken;     /* the gap holds a <br> */
    bool title_gap;  /* white space in the title not yet written */
    bool title_done; /* the first title counts, others (SVG has them) are dropped */
    size_t pre;      /* how deep in <pre> … */
    size_t dropped;  /* … in what is dropped … */
    size_t title;    /* … and in <title> */
    bool out_of_memory;
};

struct element {
    const char *name;
    enum kind kind;
};

/* In byte order of names. */
static const struct element elements[] = {
    {"address", KIND_BLOCK},    {"article", KIND_BLOCK},    {"aside", KIND_BLOCK},
    {"blockquote", KIND_BLOCK}, {"body", KIND_BLOCK},       {"br", KIND_BREAK},
    {"caption", KIND_BLOCK},    {"center", KIND_BLOCK},     {"dd", KIND_LINE},
    {"details", KIND_BLOCK},    {"dialog", KIND_BLOCK},     {"dir", KIND_BLOCK},
    {"div", KIND_BLOCK},        {"dl", KIND_BLOCK},         {"dt", KIND_LINE},
    {"fieldset", KIND_BLOCK},   {"figcaption", KIND_BLOCK}, {"figure", KIND_BLOCK},
    {"footer", KIND_BLOCK},     {"form", KIND_BLOCK},       {"h1", KIND_BLOCK},
    {"h2", KIND_BLOCK},         {"h3", KIND_BLOCK},         {"h4", KIND_BLOCK},
    {"h5", KIND_BLOCK},         {"h6", KIND_BLOCK},         {"header", KIND_BLOCK},
    {"hgroup", KIND_BLOCK},     {"hr", KIND_BLOCK},         {"iframe", KIND_DROPPED},
    {"legend", KIND_BLOCK},     {"li", KIND_LINE},          {"listing", KIND_PRE},
    {"main", KIND_BLOCK},       {"menu", KIND_BLOCK},       {"nav", KIND_BLOCK},
    {"noembed", KIND_DROPPED},  {"noframes", KIND_DROPPED}, {"noscript", KIND_DROPPED},
    {"ol", KIND_BLOCK},         {"optgroup", KIND_LINE},    {"option", KIND_LINE},
    {"p", KIND_BLOCK},          {"plaintext", KIND_PRE},    {"pre", KIND_PRE},
    {"script", KIND_DROPPED},   {"search", KIND_BLOCK},     {"section", KIND_BLOCK},
    {"select", KIND_LINE},      {"style", KIND_DROPPED},    {"summary", KIND_LINE},
    {"table", KIND_BLOCK},      {"tbody", KIND_LINE},       {"td", KIND_CELL},
    {"template", KIND_DROPPED}, {"textarea", KIND_PRE},     {"tfoot", KIND_LINE},
    {"th", KIND_CELL},          {"thead", KIND_LINE},       {"title", KIND_TITLE},
    {"tr", KIND_LINE},          {"ul", KIND_BLOCK},         {"xmp", KIND_PRE},
};

static int compare_names(const void *key, const void *element)
{
    return strcmp(key, ((const struct element *)element)->name);
}

static enum kind kind_of(const xmlChar *name)
{
    const struct element *found = bsearch(name, elements, sizeof elements / sizeof elements[0],
                                          sizeof elements[0], compare_names);
    return found ? found->kind : KIND_INLINE;
}

static void widen(struct reading *reading, enum gap gap)
{
    if (gap > reading->gap)
        reading->gap = gap;
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct reading *reading = context;
    (void)attributes;
    switch (kind_of(name)) {
    case KIND_INLINE:
        break;
    case KIND_DROPPED:
        reading->dropped++;
        break;
    case KIND_TITLE:
        reading->title++;
        break;
    case KIND_PRE:
        reading->pre++;
        widen(reading, GAP_BLOCK);
        break;
    case KIND_BREAK:
        widen(reading, reading->broken ? GAP_BLOCK : GAP_LINE);
        reading->broken = true;
        break;
    case KIND_CELL:
        widen(reading, GAP_CELL);
        break;
    case KIND_LINE:
        widen(reading, GAP_LINE);
        break;
    case KIND_BLOCK:
        widen(reading, GAP_BLOCK);
        break;
    }
}

static void leave(size_t *depth)
{
    if (*depth)
        --*depth;
}

static void on_end(void *context, const xmlChar *name)
{
    struct reading *reading = context;
    switch (kind_of(name)) {
    case KIND_INLINE:
    case KIND_BREAK:
        break;
    case KIND_DROPPED:
        leave(&reading->dropped);
        break;
    case KIND_TITLE:
        leave(&reading->title);
        reading->title_done = reading->page->title.size > 0;
        break;
    case KIND_PRE:
        leave(&reading->pre);
        widen(reading, GAP_BLOCK);
        break;
    case KIND_CELL:
        widen(reading, GAP_CELL);
        break;
    case KIND_LINE:
        widen(reading, GAP_LINE);
        break;
    case KIND_BLOCK:
        widen(reading, GAP_BLOCK);
        break;
    }
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Appends text without white space. Character references to C1 controls are meant in Windows-1252,
 * as browsers read them. */
static void append(struct kw_bytes *out, const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    while (data < end) {
        const uint8_t *c1 = memchr(data, 0xC2, (size_t)(end - data));
        if (!c1 || end - c1 < 2) {
            kw_bytes_append(out, data, (size_t)(end - data));
            return;
        }
        uint32_t code = c1[1] < 0xA0 ? kw_encoding_windows_1252(c1[1]) : 0;
        uint8_t encoded[KW_UTF8_BYTES];
        kw_bytes_append(out, data, (size_t)(c1 - data) + (code ? 0 : 2));
        if (code)
            kw_bytes_append(out, encoded, kw_utf8_encode(code, encoded));
        data = c1 + 2;
    }
}

static void write_gap(struct reading *reading)
{
    static const char *const gaps[] = {"", " ", "\t", "\n", "\n\n"};
    struct kw_bytes *text = &reading->page->text;
    if (reading->gap >= GAP_LINE) {
        while (text->size && is_space(text->data[text->size - 1]))
            text->size--;
    }
    if (text->size)
        kw_bytes_append_text(text, gaps[reading->gap]);
    reading->gap = GAP_NONE;
    reading->broken = false;
}

static void add_title(struct reading *reading, const uint8_t *data, size_t size)
{
    struct kw_bytes *title = &reading->page->title;
    for (size_t at = 0; at < size && !reading->title_done;) {
        size_t begin = at;
        while (at < size && !is_space(data[at]))
            at++;
        if (at > begin) {
            if (reading->title_gap && title->size)
                kw_bytes_append_byte(title, ' ');
            reading->title_gap = false;
            append(title, data + begin, at - begin);
        }
        for (; at < size && is_space(data[at]); at++)
            reading->title_gap = true;
    }
}

static void add_text(struct reading *reading, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t begin = at;
        while (at < size && !is_space(data[at]))
            at++;
        if (at > begin) {
            write_gap(reading);
            append(&reading->page->text, data + begin, at - begin);
        }
        for (; at < size && is_space(data[at]); at++)
            widen(reading, GAP_SPACE);
    }
}

/* White space is kept, but for the empty lines at the beginning. */
static void add_preformatted(struct reading *reading, const uint8_t *data, size_t size)
{
    while (reading->gap >= GAP_LINE && size && *data == '\n') {
        data++;
        size--;
    }
    if (!size)
        return;
    write_gap(reading);
    append(&reading->page->text, data, size);
}

static void on_characters(void *context, const xmlChar *data, int size)
{
    struct reading *reading = context;
    if (reading->dropped || size <= 0)
        return;
    if (reading->title)
        add_title(reading, data, (size_t)size);
    else if (reading->pre)
        add_preformatted(reading, data, (size_t)size);
    else
        add_text(reading, data, (size_t)size);
}

static void on_error(void *context, xmlErrorPtr cause)
{
    struct reading *reading = context;
    if (cause->code == XML_ERR_NO_MEMORY)
        reading->out_of_memory = true;
}

static enum kw_status parse(struct kw_page *page, struct kw_view text, struct kw_error *error)
{
    struct reading reading = {.page = page};
    if (!text.size)
        return KW_OK;
    htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt((const char *)text.data, (int)text.size);
    if (!parser)
        return kw_fail_memory(error);
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                   HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
    parser->options |= XML_PARSE_HUGE; /* else a long comment ends the page */
    parser->charset = XML_CHAR_ENCODING_UTF8;
    memset(parser->sax, 0, sizeof *parser->sax);
    parser->sax->initialized = XML_SAX2_MAGIC; /* which makes it use serror */
    parser->sax->serror = on_error;
    parser->sax->startElement = on_start;
    parser->sax->endElement = on_end;
    parser->sax->characters = on_characters;
    parser->sax->ignorableWhitespace = on_characters;
    parser->sax->cdataBlock = on_characters;
    parser->userData = &reading;
    htmlParseDocument(parser);
    htmlFreeParserCtxt(parser);
    if (reading.out_of_memory || page->title.failed || page->text.failed)
        return kw_fail_memory(error);
    return KW_OK;
}

enum kw_status kw_page_read(struct kw_page *page, struct kw_bytes *bytes, enum kw_encoding encoding,
                            struct kw_error *error)
{
    struct kw_bytes decoded = KW_BYTES_INIT;
    enum kw_status status = kw_page_decode(bytes, encoding, &decoded, &page->repaired, error);
    kw_bytes_release(bytes);
    if (status == KW_OK && decoded.size > INT32_MAX)
        status = kw_fail(error, KW_E_INPUT, "the file is too large");
    if (status == KW_OK)
        status = parse(page, kw_bytes_view(&decoded), error);
    kw_bytes_release(&decoded);
    return status;
}

void kw_page_release(struct kw_page *page)
{
    kw_bytes_release(&page->title);
    kw_bytes_release(&page->text);
}
