/* The native engine: our own index behind the door. */
#ifndef KW_ENGINE_NATIVE_ENGINE_H
#define KW_ENGINE_NATIVE_ENGINE_H

#include "engine/engine.h"

/* Opens the newest commit of the index in `folder`. Errors as kw_snapshot_new. *out is NULL on
 * failure; free it by its ops. Its documents are numbered segment (place in the snapshot) << 32 |
 * document. */
enum kw_status kw_native_engine_new(struct kw_engine **out, const char *folder,
                                    struct kw_error *error);

/* Opens the newest commit of the index that `from`, a native engine, was opened from, sharing the
 * segments that are still there (kw_snapshot_renew). Errors as kw_native_engine_new. */
enum kw_status kw_native_engine_renew(struct kw_engine **out, struct kw_engine *from,
                                      struct kw_error *error);

/* Whether there was a commit since (kw_snapshot_changed). */
enum kw_status kw_native_engine_changed(struct kw_engine *engine, bool *changed,
                                        struct kw_error *error);

#endif
