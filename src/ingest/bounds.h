/* What all helper programs do to themselves, so that what they read can hurt nobody: no files, no
 * processes, no cores, bounded memory and time. Only they link this. */
#ifndef KW_INGEST_BOUNDS_H
#define KW_INGEST_BOUNDS_H

#include "base/bytes.h"

#include <sys/resource.h>

/* Sets a soft limit, as far as the hard one lets it. */
void kw_bound(int resource, rlim_t value);

/* The address space in use, in bytes; 0 if the system does not tell. */
rlim_t kw_bound_space(void);

/* Gives up files beyond the first descriptors, new processes, written files and cores; interrupts
 * are left to kwic, which decides when to stop. */
void kw_bound_helper(void);

/* Whether a person runs the program by hand, who is told on standard error that it reads `what`. */
bool kw_bound_by_hand(int argc, char **argv, const char *what);

/* Reads exactly `size` bytes; false at the input's end or on failure. */
bool kw_bound_receive(int fd, uint8_t *place, size_t size);

#endif
