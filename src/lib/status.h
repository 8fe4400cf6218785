/* From the statuses of the floors below to those of kwic.h. */
#ifndef KW_LIB_STATUS_H
#define KW_LIB_STATUS_H

#include "base/error.h"
#include "lib/kwic.h"

/* Copies `from` to `error` (if that is not NULL) when `status` is a failure; returns the public
 * status. */
enum kwic_status kw_publish(enum kw_status status, const struct kw_error *from,
                            struct kwic_error *error);

#endif
