/* What a module is: an engine in a shared object of its own, loaded when an index that it reaches
 * is named. So what it needs (libxapian, libstdc++) costs nothing until then.
 *
 * A module holds copies of its own of all that it uses of src/engine and the floors below; nothing
 * there has writable data, so two copies do not get in each other's way. What crosses the door is
 * data and the ops of engine.h and writer.h; memory is libc's on both sides. What one side made of
 * a library below (a stemmer, an inflating stream, an analyzer) the other side must not touch: it
 * may hold another version of that library. */
#ifndef KW_ENGINE_MODULE_H
#define KW_ENGINE_MODULE_H

#include "engine/engine.h"
#include "engine/foreign.h"
#include "engine/writer.h"

/* Raised whenever anything that crosses the door changes: an op, or a struct that an op takes,
 * gives or points to (plans, statistics, hits, facets, matches, records …). */
#define KW_MODULE_ABI 7

struct kw_engine_module {
    uint32_t abi; /* KW_MODULE_ABI when it was compiled; the first member for ever */

    /* As kw_engine_new, kw_engine_writer_new and kw_engine_check in where.h, for a `where` that
     * begins with "xapian:". */
    enum kw_status (*engine_new)(struct kw_engine **out, const char *where,
                                 const struct kw_reader_options *options, struct kw_error *error);
    enum kw_status (*writer_new)(struct kw_engine_writer **out, const char *where,
                                 const struct kw_writer_options *options, struct kw_error *error);
    enum kw_status (*check)(const char *where, void (*report)(void *context, const char *problem),
                            void *context, struct kw_error *error);
};

/* The one name that a module exports. */
extern const struct kw_engine_module kw_engine_module __attribute__((visibility("default")));

#endif
