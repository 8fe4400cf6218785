/* Buffered output: few writes, checked at the end. */
#include "cli/output.h"

#include "cli/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void kw_output_init(struct kw_output *output, int fd)
{
    output->fd = fd;
    output->error = 0;
    output->terminal = isatty(fd) == 1;
    output->used = 0;
}

static void write_all(struct kw_output *output, const char *data, size_t size)
{
    while (size > 0 && output->error == 0) {
        ssize_t written = write(output->fd, data, size);
        if (written < 0 && errno != EINTR) {
            output->error = errno;
        } else if (written > 0) {
            data += written;
            size -= (size_t)written;
        }
    }
}

bool kw_output_flush(struct kw_output *output)
{
    write_all(output, output->data, output->used);
    output->used = 0;
    return output->error == 0;
}

void kw_output_bytes(struct kw_output *output, const char *data, size_t size)
{
    if (size > sizeof output->data - output->used)
        kw_output_flush(output);
    if (size > sizeof output->data) {
        write_all(output, data, size);
        return;
    }
    if (size > 0)
        memcpy(output->data + output->used, data, size);
    output->used += size;
}

void kw_output_string(struct kw_output *output, const char *string)
{
    kw_output_bytes(output, string, strlen(string));
}

void kw_output_text(struct kw_output *output, struct kwic_text text)
{
    kw_output_bytes(output, text.data, text.size);
}

void kw_output_spaces(struct kw_output *output, size_t count)
{
    static const char spaces[] = "        ";

    for (size_t some; count > 0; count -= some) {
        some = count < sizeof spaces - 1 ? count : sizeof spaces - 1;
        kw_output_bytes(output, spaces, some);
    }
}

void kw_output_format(struct kw_output *output, const char *format, ...)
{
    char buffer[512];
    va_list list;

    va_start(list, format);
    int size = vsnprintf(buffer, sizeof buffer, format, list);
    va_end(list);
    if (size > 0)
        kw_output_bytes(output, buffer,
                        (size_t)size < sizeof buffer ? (size_t)size : sizeof buffer - 1);
}

void kw_output_clean(struct kw_output *output, struct kwic_text text, unsigned cleaning)
{
    bool one_line = cleaning & KW_CLEAN_ONE_LINE, safe = cleaning & KW_CLEAN_SAFE;

    if (cleaning == KW_CLEAN_AS_IS) {
        kw_output_text(output, text);
        return;
    }
    while (text.size > 0) {
        size_t plain = kw_text_plain(text);
        if (plain > 0) {
            kw_output_bytes(output, text.data, plain);
            text = kw_text_from(text, plain);
            continue;
        }
        struct kw_glyph glyph = kw_glyph_at(text);
        struct kwic_text rest = kw_text_from(text, glyph.size);
        bool line_end = glyph.code == '\n' || glyph.code == '\r';
        if (one_line && (line_end || glyph.code == '\t'))
            kw_output_bytes(output, " ", 1);
        else if (safe && glyph.code == '\r' && rest.size > 0 && rest.data[0] == '\n')
            ;
        else if (safe && (!glyph.valid || (kw_glyph_unsafe(glyph.code) && glyph.code != '\n' &&
                                           glyph.code != '\t')))
            kw_output_string(output, KW_GLYPH_REPLACEMENT);
        else
            kw_output_bytes(output, text.data, glyph.size);
        text = rest;
    }
}

void kw_output_result(struct kw_output *output, struct kwic_text text, unsigned cleaning)
{
    kw_output_clean(output, text, output->terminal ? cleaning | KW_CLEAN_SAFE : cleaning);
}
