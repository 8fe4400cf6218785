/* The check of an index. */
#include "index/check.h"
#include "lib/paths.h"
#include "lib/status.h"

enum kwic_status kwic_check(const char *where, void (*report)(void *context, const char *problem),
                            void *context, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status = kw_where_check(where, &inner);
    if (status == KW_OK)
        status = kw_check(where, report, context, &inner);
    return kw_publish(status, &inner, error);
}
