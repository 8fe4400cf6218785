/* Messages on standard error, and the exit status that goes with them. */
#include "cli/message.h"

#include "cli/output.h"
#include "cli/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* Columns of a query that a syntax message shows. */
enum { CONTEXT_BEFORE = 50, CONTEXT_AFTER = 20 };

/* One write a line, so that messages of processes side by side do not mix. */
static void write_line(const char *prefix, const char *format, va_list list)
{
    char buffer[2000];
    struct kw_output output;

    int size = vsnprintf(buffer, sizeof buffer, format, list);
    if (size < 0)
        return;
    if ((size_t)size >= sizeof buffer)
        size = sizeof buffer - 1;
    kw_output_init(&output, STDERR_FILENO);
    kw_output_string(&output, prefix);
    kw_output_clean(&output, (struct kwic_text){buffer, (size_t)size},
                    KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
    kw_output_string(&output, "\n");
    kw_output_flush(&output);
}

void kw_message(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    write_line("kwic: ", format, list);
    va_end(list);
}

void kw_message_hint(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    write_line("hint: ", format, list);
    va_end(list);
}

void kw_message_more(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    write_line("  ", format, list);
    va_end(list);
}

int kw_message_usage(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    write_line("kwic: ", format, list);
    va_end(list);
    return KW_EXIT_ERROR;
}

int kw_message_memory(void)
{
    return kw_message_usage("out of memory");
}

/* The next step in terms of this program, which the library does not know; NULL if there is none.
 */
static const char *usual_hint(enum kwic_status status)
{
    switch (status) {
    case KWIC_E_NO_INDEX:
        return "'kwic index PATH' makes one here, '--index WHERE' names another";
    case KWIC_E_LOCKED:
        return "'--wait SECONDS' waits for the other process";
    case KWIC_E_DAMAGED:
        return "'kwic check' lists what is damaged";
    case KWIC_E_VERSION:
        return "build the index again with this version, or use the version that made it";
    default:
        return NULL;
    }
}

int kw_message_error(const struct kwic_error *error)
{
    const char *hint = error->hint[0] != '\0' ? error->hint : usual_hint(error->status);

    kw_message("%s", error->message);
    if (hint != NULL)
        kw_message_hint("%s", hint);
    return kw_exit_status(error->status);
}

/* The offset in `query` at which to begin, so that the place `at` is not too far right. */
static size_t context_start(struct kwic_text query, size_t at)
{
    size_t start = 0, columns = 0;

    for (size_t i = 0; i < at;) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(query, i));
        columns += kw_glyph_shown_width(glyph.code);
        i += glyph.size;
        while (columns > CONTEXT_BEFORE) {
            glyph = kw_glyph_at(kw_text_from(query, start));
            columns -= kw_glyph_shown_width(glyph.code);
            start += glyph.size;
        }
    }
    return start;
}

int kw_message_syntax(const struct kwic_error *error, struct kwic_text query)
{
    struct kw_output output;
    size_t at = error->at < query.size ? error->at : query.size;
    size_t start = context_start(query, at);
    size_t before = 0, columns = 0;

    kw_message("%s", error->message);
    kw_output_init(&output, STDERR_FILENO);
    kw_output_string(&output, "  ");
    for (size_t i = start; i < query.size && (i < at || columns < before + CONTEXT_AFTER);) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(query, i));
        kw_output_clean(&output, kw_text_slice(query, i, i + glyph.size),
                        KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
        columns += kw_glyph_shown_width(glyph.code);
        i += glyph.size;
        if (i <= at)
            before = columns;
    }
    kw_output_string(&output, "\n  ");
    kw_output_spaces(&output, before);
    kw_output_string(&output, "^\n");
    kw_output_flush(&output);
    if (error->hint[0] != '\0')
        kw_message_hint("%s", error->hint);
    return kw_exit_status(error->status);
}

int kw_exit_status(enum kwic_status status)
{
    switch (status) {
    case KWIC_OK:
    case KWIC_END:
        return KW_EXIT_DONE;
    case KWIC_E_NOT_FOUND:
        return KW_EXIT_NOTHING;
    case KWIC_E_NO_INDEX:
        return KW_EXIT_NO_INDEX;
    case KWIC_E_LOCKED:
        return KW_EXIT_LOCKED;
    case KWIC_E_DAMAGED:
        return KW_EXIT_DAMAGED;
    case KWIC_E_VERSION:
        return KW_EXIT_VERSION;
    default:
        return KW_EXIT_ERROR;
    }
}
