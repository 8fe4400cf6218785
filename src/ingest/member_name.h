/* Names of the members of archives, which may be anything. Only kwic-archive links this. */
#ifndef KW_INGEST_MEMBER_NAME_H
#define KW_INGEST_MEMBER_NAME_H

#include "base/bytes.h"

/* Makes *clean the member's path as it is below its archive: without "/" at its front, and without
 * empty parts and ".". Returns NULL, or why there is no such path, lower case without a full stop:
 * nothing is left, a part is "..", or it is longer than KW_MEMBER_PATH. A failed append leaves
 * clean->failed set. */
const char *kw_member_clean(const char *name, struct kw_bytes *clean);

#endif
