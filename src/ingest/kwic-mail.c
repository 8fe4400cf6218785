/* kwic-mail: the helper program that reads mails for kwic, with GMime: the title is the subject,
 * the text that of all parts that are text and no attachment, of alternatives the plain one, with a
 * blank line between. */
#include "ingest/helper.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 20 }; /* of parts in each other that are read */

struct reading {
    struct kw_page *page;
    enum kw_status status;
    struct kw_error *error;
    bool html; /* also the parts of HTML */
};

static void separate(struct kw_bytes *text)
{
    while (text->size && text->data[text->size - 1] == '\n')
        text->size--;
    if (text->size)
        kw_bytes_append_text(text, "\n\n");
}

/* Appends the text of an HTML part, which is in UTF-8. */
static void add_html(struct reading *reading, const char *text)
{
    struct kw_page page = {KW_BYTES_INIT, KW_BYTES_INIT, 0};
    struct kw_bytes bytes = KW_BYTES_INIT;
    kw_bytes_append_text(&bytes, text);
    reading->status = kw_bytes_status(&bytes, reading->error);
    if (reading->status == KW_OK)
        reading->status = kw_page_read(&page, &bytes, KW_ENCODING_UTF8, reading->error);
    kw_bytes_append_view(&reading->page->text, kw_bytes_view(&page.text));
    kw_page_release(&page);
    kw_bytes_release(&bytes);
}

static void add_text(struct reading *reading, GMimePart *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    bool html = g_mime_content_type_is_type(type, "text", "html");
    if (g_mime_part_is_attachment(part) || !GMIME_IS_TEXT_PART(part) || (html && !reading->html))
        return;
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    if (!text)
        return;
    separate(&reading->page->text);
    if (html)
        add_html(reading, text);
    else
        kw_bytes_append_text(&reading->page->text, text);
    g_free(text);
}

static void add_part(struct reading *reading, GMimeObject *part, int depth);

static void add_parts(struct reading *reading, GMimeMultipart *parts, int depth)
{
    for (int i = 0; i < g_mime_multipart_get_count(parts) && reading->status == KW_OK; i++)
        add_part(reading, g_mime_multipart_get_part(parts, i), depth + 1);
}

/* Adds the plain parts, and only if these hold nothing those of HTML. */
static void add_alternatives(struct reading *reading, GMimeMultipart *parts, int depth)
{
    size_t before = reading->page->text.size;
    bool html = reading->html;
    reading->html = false;
    add_parts(reading, parts, depth);
    reading->html = html;
    if (html && reading->page->text.size == before)
        add_parts(reading, parts, depth);
}

static void add_part(struct reading *reading, GMimeObject *part, int depth)
{
    if (!part || depth > DEPTH || reading->status != KW_OK)
        return;
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (message)
            add_part(reading, g_mime_message_get_mime_part(message), depth + 1);
    } else if (GMIME_IS_MULTIPART(part)) {
        GMimeContentType *type = g_mime_object_get_content_type(part);
        if (g_mime_content_type_is_type(type, "multipart", "alternative"))
            add_alternatives(reading, GMIME_MULTIPART(part), depth);
        else
            add_parts(reading, GMIME_MULTIPART(part), depth);
    } else if (GMIME_IS_PART(part)) {
        add_text(reading, GMIME_PART(part));
    }
}

/* Brings what was read to valid UTF-8 with line feeds alone. */
static void tidy(struct kw_page *page)
{
    struct kw_bytes *texts[] = {&page->title, &page->text};
    for (int i = 0; i < 2; i++) {
        struct kw_bytes raw = *texts[i];
        *texts[i] = (struct kw_bytes)KW_BYTES_INIT;
        if (!i)
            for (size_t at = 0; at < raw.size; at++)
                if (raw.data[at] == '\n' || raw.data[at] == '\t')
                    raw.data[at] = ' ';
        kw_page_decode(&raw, KW_ENCODING_UTF8, texts[i], &page->repaired, NULL);
        kw_bytes_release(&raw);
    }
}

static enum kw_status read_mail(struct kw_page *page, struct kw_bytes *bytes,
                                enum kw_encoding encoding, struct kw_error *error)
{
    struct reading reading = {.page = page, .error = error, .html = true};
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes->data, bytes->size);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    (void)encoding;
    g_object_unref(parser);
    g_object_unref(stream);
    if (!message)
        return kw_fail(error, KW_E_INPUT, "it is no mail");
    const char *subject = g_mime_message_get_subject(message);
    if (subject)
        kw_bytes_append_text(&page->title, subject);
    add_part(&reading, g_mime_message_get_mime_part(message), 0);
    g_object_unref(message);
    tidy(page);
    if (page->title.failed || page->text.failed)
        return kw_fail_memory(error);
    return reading.status;
}

int main(int argc, char **argv)
{
    g_mime_init();
    int status = kw_helper_run(argc, argv, "mails", read_mail);
    g_mime_shutdown();
    return status;
}
