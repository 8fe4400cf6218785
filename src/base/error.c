/* Recording what went wrong. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum kw_status kw_fail(struct kw_error *error, enum kw_status status, const char *format, ...)
{
    if (error) {
        va_list args;
        va_start(args, format);
        error->status = status;
        vsnprintf(error->message, sizeof error->message, format, args);
        error->hint[0] = '\0';
        va_end(args);
    }
    return status;
}

enum kw_status kw_fail_errno(struct kw_error *error, const char *format, ...)
{
    int number = errno;
    enum kw_status status = number == ENOMEM ? KW_E_MEMORY : KW_E_IO;
    if (error) {
        va_list args;
        va_start(args, format);
        error->status = status;
        vsnprintf(error->message, sizeof error->message, format, args);
        error->hint[0] = '\0';
        va_end(args);
        size_t used = strlen(error->message);
        snprintf(error->message + used, sizeof error->message - used, ": %s", strerror(number));
    }
    return status;
}

enum kw_status kw_fail_memory(struct kw_error *error)
{
    return kw_fail(error, KW_E_MEMORY, "out of memory");
}

void kw_hint(struct kw_error *error, const char *format, ...)
{
    if (!error)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(error->hint, sizeof error->hint, format, args);
    va_end(args);
}
