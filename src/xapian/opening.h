/* Where a Xapian database is, how it is opened, and how Xapian's failures become kwic's. */
#ifndef KW_XAPIAN_OPENING_H
#define KW_XAPIAN_OPENING_H

#include "base/error.h"
#include "xapian/xapian_c.h"

/* The place that `xapian:PATH` or `xapian://HOST:PORT` names. */
struct kw_xapian_place {
    const char *where; /* as it was given; borrowed */
    const char *path;  /* into where; NULL: it is remote */
    char *host;        /* NULL: it is not; an IPv6 address without its brackets */
    unsigned port;
};

/* KW_E_USAGE (neither form), KW_E_MEMORY. `where` has to live as long as the place. */
enum kw_status kw_xapian_place_init(struct kw_xapian_place *place, const char *where,
                                    struct kw_error *error);
void kw_xapian_place_release(struct kw_xapian_place *place);

/* Records what a handle says of the last call, which failed, and returns its kw_status:
 * KW_E_LOCKED, KW_E_NO_INDEX (nothing there), KW_E_DAMAGED, KW_E_VERSION, KW_E_MEMORY, else
 * KW_E_IO. */
enum kw_status kw_xapian_fail(struct kw_error *error, const struct xc_error *failure,
                              const char *where);

/* Opens it for writing, as one database that keeps what it is told: `create` makes one that is not
 * there, `no_sync` leaves it to the system when bytes reach the disk, and for up to `wait` seconds
 * it waits for another writer. KW_E_LOCKED, KW_E_USAGE (it is several databases), KW_E_NO_INDEX,
 * KW_E_VERSION, KW_E_DAMAGED, KW_E_IO (also: the server cannot be reached), KW_E_MEMORY. */
enum kw_status kw_xapian_open_writable(struct xc_database *database,
                                       const struct kw_xapian_place *place, bool create,
                                       bool no_sync, double wait, struct kw_error *error);

#endif
