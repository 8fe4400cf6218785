/* Formatting of remarks, freed of control characters. */
#include "ingest/warn.h"

#include <stdarg.h>
#include <stdio.h>

void kw_warn(void (*warn)(void *context, const char *message), void *context, const char *format,
             ...)
{
    char message[1000];
    if (!warn)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    for (char *at = message; *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    }
    warn(context, message);
}
