/* Statuses, their names, and the library's version. */
#include "lib/status.h"

#include <string.h>

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

#define SAME(name)                                                                                 \
    _Static_assert((int)KW_##name == (int)KWIC_##name, "the statuses of both floors are the same")
SAME(OK);
SAME(END);
SAME(E_USAGE);
SAME(E_IO);
SAME(E_MEMORY);
SAME(E_NO_INDEX);
SAME(E_LOCKED);
SAME(E_DAMAGED);
SAME(E_VERSION);
SAME(E_NOT_FOUND);
SAME(E_INTERRUPTED);
SAME(E_SYNTAX);
SAME(E_INPUT);

_Static_assert(sizeof((struct kwic_error *)0)->message == sizeof((struct kw_error *)0)->message &&
                   sizeof((struct kwic_error *)0)->hint == sizeof((struct kw_error *)0)->hint,
               "a message fits");

enum kwic_status kw_publish(enum kw_status status, const struct kw_error *from,
                            struct kwic_error *error)
{
    if (status < 0 && error) {
        error->status = (enum kwic_status)status;
        memcpy(error->message, from->message, sizeof error->message);
        memcpy(error->hint, from->hint, sizeof error->hint);
        error->at = 0;
    }
    return (enum kwic_status)status;
}

const char *kwic_status_name(enum kwic_status status)
{
    switch (status) {
    case KWIC_OK:
        return "ok";
    case KWIC_END:
        return "end";
    case KWIC_E_USAGE:
        return "usage";
    case KWIC_E_IO:
        return "io";
    case KWIC_E_MEMORY:
        return "memory";
    case KWIC_E_NO_INDEX:
        return "no index";
    case KWIC_E_LOCKED:
        return "locked";
    case KWIC_E_DAMAGED:
        return "damaged";
    case KWIC_E_VERSION:
        return "version";
    case KWIC_E_NOT_FOUND:
        return "not found";
    case KWIC_E_INTERRUPTED:
        return "interrupted";
    case KWIC_E_SYNTAX:
        return "syntax";
    case KWIC_E_INPUT:
        return "input";
    }
    return "unknown";
}

const char *kwic_version(void)
{
    return PACKAGE_VERSION;
}
