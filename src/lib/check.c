/* The check of an index. */
#include "engine/where.h"
#include "lib/paths.h"
#include "lib/status.h"

enum kwic_status kwic_check(const char *where, void (*report)(void *context, const char *problem),
                            void *context, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    return kw_publish(kw_engine_check(where, report, context, kw_helpers(), &inner), &inner, error);
}
