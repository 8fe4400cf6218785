/* The sorted terms of a native index. */
#ifndef KW_ENGINE_NATIVE_TERMS_H
#define KW_ENGINE_NATIVE_TERMS_H

#include "engine/engine.h"
#include "index/snapshot.h"

/* The op `terms` of engine.h for a snapshot, which must outlive the stream. */
enum kw_status kw_native_terms_new(struct kw_term_stream **out, const struct kw_snapshot *snapshot,
                                   struct kw_view field, struct kw_view begin, const char *language,
                                   struct kw_error *error);

#endif
