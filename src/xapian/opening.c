/* Opens Xapian databases and says what went wrong in kwic's words. */
#include "xapian/opening.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { POLL_MS = 50, TIMEOUT_MS = 30000, CONNECT_MS = 10000 };

/* ---- Places ------------------------------------------------------------------------------- */

/* Reads HOST:PORT. */
static enum kw_status read_host(struct kw_xapian_place *place, const char *text,
                                struct kw_error *error)
{
    const char *colon = strrchr(text, ':');
    char *end;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    bool bracketed = colon && text[0] == '[' && colon > text + 2 && colon[-1] == ']';
    size_t size = colon ? (size_t)(colon - text) : 0;
    if (!size || colon[1] < '0' || colon[1] > '9' || *end || !port || port > 65535) {
        kw_fail(error, KW_E_USAGE, "'%s' names no host and port", place->where);
        kw_hint(error, "write xapian://HOST:PORT");
        return KW_E_USAGE;
    }
    place->port = (unsigned)port;
    place->host = bracketed ? strndup(text + 1, size - 2) : strndup(text, size);
    return place->host ? KW_OK : kw_fail_memory(error);
}

enum kw_status kw_xapian_place_init(struct kw_xapian_place *place, const char *where,
                                    struct kw_error *error)
{
    const char *rest = where + strlen("xapian:");
    *place = (struct kw_xapian_place){.where = where};
    if (strncmp(rest, "//", 2) == 0)
        return read_host(place, rest + 2, error);
    if (!*rest)
        return kw_fail(error, KW_E_USAGE, "'%s' names no database", where);
    place->path = rest;
    return KW_OK;
}

void kw_xapian_place_release(struct kw_xapian_place *place)
{
    free(place->host);
    *place = (struct kw_xapian_place){.where = NULL};
}

/* ---- Failures ----------------------------------------------------------------------------- */

/* What kind of failure it is. Where the system refused something, it says so. */
static enum kw_status status_of(const struct xc_error *failure)
{
    switch (failure->status) {
    case XC_E_MEMORY:
        return KW_E_MEMORY;
    case XC_E_DATABASE_LOCK:
        return KW_E_LOCKED;
    case XC_E_DATABASE_NOT_FOUND:
        return KW_E_NO_INDEX;
    case XC_E_DATABASE_OPENING:
        return failure->system[0] ? KW_E_IO : KW_E_NO_INDEX;
    case XC_E_DATABASE_CORRUPT:
    case XC_E_SERIALISATION:
        return KW_E_DAMAGED;
    case XC_E_DATABASE: /* a block that ends early, say */
        return failure->system[0] ? KW_E_IO : KW_E_DAMAGED;
    case XC_E_DATABASE_VERSION:
        return KW_E_VERSION;
    default:
        return KW_E_IO;
    }
}

enum kw_status kw_xapian_fail(struct kw_error *error, const struct xc_error *failure,
                              const char *where)
{
    enum kw_status status = status_of(failure);
    const char *colon = failure->system[0] ? ": " : "";
    switch (status) {
    case KW_E_MEMORY:
        return kw_fail_memory(error);
    case KW_E_LOCKED:
        kw_fail(error, status, "index '%s' is locked by another writer", where);
        kw_hint(error, "--wait SECONDS waits for it");
        return status;
    case KW_E_NO_INDEX:
        if (failure->status == XC_E_DATABASE_OPENING)
            return kw_fail(error, status, "'%s' is not a Xapian database: %s", where,
                           failure->message);
        kw_fail(error, status, "no index in '%s'", where);
        kw_hint(error, "make one with 'kwic index -i %.200s PATH'", where);
        return status;
    case KW_E_DAMAGED:
        return kw_fail(error, status, "'%s' is damaged: %s%s%s", where, failure->message, colon,
                       failure->system);
    case KW_E_VERSION:
        return kw_fail(error, status, "'%s' is of another version of Xapian: %s", where,
                       failure->message);
    default:
        return kw_fail(error, status, "'%s': %s%s%s", where, failure->message, colon,
                       failure->system);
    }
}

/* ---- Opening ------------------------------------------------------------------------------ */

static enum xc_status open_writable(struct xc_database *database,
                                    const struct kw_xapian_place *place, int flags)
{
    if (place->path)
        return xc_database_open_writable(database, place->path, flags, 0);
    return xc_database_open_tcp_writable(database, place->host, place->port, TIMEOUT_MS, CONNECT_MS,
                                         flags);
}

enum kw_status kw_xapian_open_writable(struct xc_database *database,
                                       const struct kw_xapian_place *place, bool create,
                                       bool no_sync, double wait, struct kw_error *error)
{
    int flags = (create ? XC_CREATE_OR_OPEN : XC_OPEN) | (no_sync ? XC_NO_SYNC : 0);
    enum xc_status status;
    while ((status = open_writable(database, place, flags)) == XC_E_DATABASE_LOCK && wait > 0) {
        struct timespec pause = {0, POLL_MS * 1000000L};
        nanosleep(&pause, NULL);
        wait -= POLL_MS / 1000.0;
    }
    if (status != XC_OK)
        return kw_xapian_fail(error, xc_database_error(database), place->where);
    if (xc_database_shards(database) != 1) {
        kw_fail(error, KW_E_USAGE, "'%s' is several databases: they cannot be written as one",
                place->where);
        kw_hint(error, "index into each of them, and search them together");
        return KW_E_USAGE;
    }
    return KW_OK;
}
