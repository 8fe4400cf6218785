/* A module whose engine is our own: `xapian:FOLDER` is the index in FOLDER, read and written by the
 * module's own copy of all that takes. So what comes through a module can be held against what
 * comes without one. */
#include "engine/module.h"
#include "engine/native_engine.h"
#include "engine/native_writer.h"
#include "index/check.h"

enum { SCHEME = sizeof "xapian:" - 1 };

static enum kw_status open_engine(struct kw_engine **out, const char *where,
                                  const struct kw_reader_options *options, struct kw_error *error)
{
    (void)options;
    return kw_native_engine_new(out, where + SCHEME, error);
}

static enum kw_status open_writer(struct kw_engine_writer **out, const char *where,
                                  const struct kw_writer_options *options, struct kw_error *error)
{
    return kw_native_writer_new(out, where + SCHEME, options, NULL, error);
}

static enum kw_status check(const char *where, void (*report)(void *context, const char *problem),
                            void *context, struct kw_error *error)
{
    return kw_check(where + SCHEME, report, context, error);
}

const struct kw_engine_module kw_engine_module = {KW_MODULE_ABI, open_engine, open_writer, check};
