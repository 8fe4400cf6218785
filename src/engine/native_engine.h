/* The native engine: our own index behind the door. */
#ifndef KW_ENGINE_NATIVE_ENGINE_H
#define KW_ENGINE_NATIVE_ENGINE_H

#include "engine/engine.h"

/* Opens the newest commit of the index in `folder`. Errors as kw_snapshot_new. *out is NULL on
 * failure; free it by its ops. Its documents are numbered segment (place in the snapshot) << 32 |
 * document. */
enum kw_status kw_native_engine_new(struct kw_engine **out, const char *folder,
                                    struct kw_error *error);

#endif
