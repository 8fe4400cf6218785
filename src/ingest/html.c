/* The client of kwic-html and kwic-mail: starts them and talks with them under a time limit. */
#include "ingest/html.h"

#include "base/file.h"
#include "ingest/process.h"
#include "stemmers/utf8.h"

#include <stdlib.h>
#include <string.h>

struct kw_html {
    const char *name; /* of the program */
    char *program;
    struct kw_process process;
};

/* What the program reads: what stands behind "kwic-" in its name. */
static const char *kind_of(const struct kw_html *html)
{
    return html->name + sizeof "kwic-" - 1;
}

static enum kw_status cannot_read(const struct kw_html *html, struct kw_error *error,
                                  const char *path, const char *why)
{
    return kw_fail(error, KW_E_INPUT, "cannot read '%s' as %s: %s", path, kind_of(html), why);
}

static enum kw_status helper_new(struct kw_html **out, const char *helpers, const char *name,
                                 struct kw_error *error)
{
    *out = NULL;
    struct kw_html *html = calloc(1, sizeof *html);
    if (!html)
        return kw_fail_memory(error);
    html->process = (struct kw_process)KW_PROCESS_INIT;
    html->name = name;
    html->program = kw_path_join(helpers ? helpers : KWIC_LIBEXECDIR, name);
    if (!html->program) {
        free(html);
        return kw_fail_memory(error);
    }
    *out = html;
    return KW_OK;
}

enum kw_status kw_html_new(struct kw_html **out, const char *helpers, struct kw_error *error)
{
    return helper_new(out, helpers, "kwic-html", error);
}

enum kw_status kw_mail_new(struct kw_html **out, const char *helpers, struct kw_error *error)
{
    return helper_new(out, helpers, "kwic-mail", error);
}

void kw_html_free(struct kw_html *html)
{
    if (!html)
        return;
    kw_process_stop(&html->process); /* between requests it holds nothing */
    free(html->program);
    free(html);
}

static enum kw_status start(struct kw_html *html, const char *path, struct kw_error *error)
{
    char cause[128];
    if (html->process.pid > 0)
        return KW_OK;
    int number = kw_process_start(&html->process, html->program, html->name, -1);
    if (!number)
        return KW_OK;
    return kw_fail(error, KW_E_INPUT, "cannot read '%s' as %s: cannot start '%s': %s", path,
                   kind_of(html), html->program, strerror_r(number, cause, sizeof cause));
}

struct answer {
    uint32_t status;
    uint32_t title_size;
    uint64_t text_size;
    uint64_t repaired;
};

/* Sends the request and receives the answer's head and, in `buffer`, its bytes. An answer larger
 * than any that the file could give is one of a helper that has gone astray, and counts as its end.
 */
static enum kw_talk converse(struct kw_html *html, struct kw_view bytes, enum kw_encoding encoding,
                             struct kw_bytes *buffer, struct answer *answer)
{
    uint8_t head[KW_HTML_ANSWER_BYTES];
    uint64_t limit = 4096 + 4 * (uint64_t)bytes.size;
    int64_t deadline = kw_process_clock() + 30000 + (int64_t)(bytes.size >> 20) * 2000;
    kw_store32(head, (uint32_t)encoding);
    kw_store32(head + 4, (uint32_t)bytes.size);
    enum kw_talk talk =
        kw_process_send(&html->process, (struct kw_view){head, KW_HTML_REQUEST_BYTES}, deadline);
    if (talk == KW_TALK_DONE)
        talk = kw_process_send(&html->process, bytes, deadline);
    if (talk == KW_TALK_DONE)
        talk = kw_process_receive(&html->process, head, sizeof head, deadline);
    if (talk != KW_TALK_DONE)
        return talk;
    *answer = (struct answer){kw_load32(head), kw_load32(head + 4), kw_load64(head + 8),
                              kw_load64(head + 16)};
    if (answer->title_size > limit || answer->text_size > limit)
        return KW_TALK_ENDED;
    size_t size = (size_t)(answer->title_size + answer->text_size);
    uint8_t *place = kw_bytes_reserve(buffer, size);
    if (!place)
        return KW_TALK_ENDED;
    talk = kw_process_receive(&html->process, place, size, deadline);
    if (talk == KW_TALK_DONE)
        buffer->size += size;
    return talk;
}

enum kw_status kw_html_read(struct kw_html *html, struct kw_view bytes, enum kw_encoding encoding,
                            const char *path, struct kw_bytes *buffer, struct kw_html_text *text,
                            struct kw_error *error)
{
    struct answer answer = {0};
    kw_bytes_clear(buffer);
    if (bytes.size > KW_RECORD_BYTES)
        return cannot_read(html, error, path, "the file is too large");
    enum kw_status status = start(html, path, error);
    if (status != KW_OK)
        return status;
    enum kw_talk talk = converse(html, bytes, encoding, buffer, &answer);
    if (talk != KW_TALK_DONE) {
        kw_process_stop(&html->process);
        if (buffer->failed)
            return kw_fail_memory(error);
        return cannot_read(html, error, path,
                           talk == KW_TALK_LATE ? "it takes too long"
                                                : "the helper program ended unexpectedly");
    }
    struct kw_view title = {buffer->data, answer.title_size};
    struct kw_view body = {buffer->data + answer.title_size, (size_t)answer.text_size};
    if (answer.status != 0)
        return kw_fail(error, KW_E_INPUT, "cannot read '%s' as %s: %.*s", path, kind_of(html),
                       (int)body.size, (const char *)body.data);
    if (kw_utf8_valid(kw_bytes_view(buffer)) != buffer->size)
        return cannot_read(html, error, path, "the helper program's answer is not UTF-8");
    *text = (struct kw_html_text){title, body, answer.repaired};
    return KW_OK;
}
