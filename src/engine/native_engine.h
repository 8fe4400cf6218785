/* The native engine: our own index behind the door. */
#ifndef KW_ENGINE_NATIVE_ENGINE_H
#define KW_ENGINE_NATIVE_ENGINE_H

#include "engine/engine.h"
#include "index/snapshot.h"

/* Opens the newest commit of the index in `folder`. Errors as kw_snapshot_new. *out is NULL on
 * failure; free it by its ops. Its documents are numbered segment (place in the snapshot) << 32 |
 * document. */
enum kw_status kw_native_engine_new(struct kw_engine **out, const char *folder,
                                    struct kw_error *error);

/* Orders hits of one native engine (`context`, a struct kw_engine *) by id bytes: a kw_id_order.
 * What it finds damaged is told by the engine's `status`. */
int kw_native_order(void *context, const struct kw_hit *a, const struct kw_hit *b);

/* Its snapshot, for what only a native index has; valid as long as the engine. */
struct kw_snapshot *kw_native_engine_snapshot(struct kw_engine *engine);

#endif
