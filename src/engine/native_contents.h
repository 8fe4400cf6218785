/* What is in a native index as a whole: settings, languages, fields, numbers and sizes. */
#ifndef KW_ENGINE_NATIVE_CONTENTS_H
#define KW_ENGINE_NATIVE_CONTENTS_H

#include "engine/engine.h"
#include "index/snapshot.h"

/* Each does for a snapshot what the op of its name in engine.h says. */
void kw_native_settings(const struct kw_snapshot *snapshot, struct kw_analysis *settings);
enum kw_status kw_native_language(const struct kw_snapshot *snapshot, uint64_t *at,
                                  struct kw_view *name, struct kw_error *error);
enum kw_status kw_native_field(const struct kw_snapshot *snapshot, uint64_t *at,
                               struct kw_engine_field *field, struct kw_error *error);
enum kw_status kw_native_figures(const struct kw_snapshot *snapshot, struct kw_figures *figures,
                                 struct kw_error *error);
enum kw_status kw_native_counts(const struct kw_snapshot *snapshot, struct kw_counts *counts,
                                struct kw_error *error);
enum kw_status kw_native_sizes(const struct kw_snapshot *snapshot,
                               void (*take)(void *context, const char *kind, uint64_t bytes),
                               void *context, struct kw_error *error);

#endif
