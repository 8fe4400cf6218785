/* What an engine takes of a document at hand, in the order in which reading it gives them. */
#ifndef KW_ENGINE_DOCUMENT_SINK_H
#define KW_ENGINE_DOCUMENT_SINK_H

#include "base/value.h"
#include "index/inverter.h"

/* Each call is as that of the inverter of the same name (index/inverter.h), with `context` in its
 * place. */
struct kw_document_sink {
    void *context;
    enum kw_status (*tokens)(void *context, struct kw_view field, const uint32_t *words,
                             const uint32_t *positions, size_t count, uint32_t base,
                             uint32_t length, struct kw_error *error);
    enum kw_status (*text)(void *context, const struct kw_extent *extents, size_t count,
                           const uint8_t *text, struct kw_error *error);
    enum kw_status (*keyword)(void *context, struct kw_view column, struct kw_view value,
                              struct kw_error *error);
    enum kw_status (*key)(void *context, struct kw_view column, enum kw_value_type type,
                          uint64_t key, struct kw_error *error);
};

#endif
