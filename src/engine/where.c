/* Picks the engine by the form of the place, and loads the module if that is another's. */
#include "engine/where.h"

#include "engine/module.h"
#include "engine/native_engine.h"
#include "engine/native_writer.h"
#include "index/check.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_foreign(const char *where)
{
    return strncmp(where, "xapian:", 7) == 0;
}

/* Looks the module's table up in a shared object that is loaded. */
static enum kw_status find_table(const struct kw_engine_module **out, void *object,
                                 const char *path, const char *where, struct kw_error *error)
{
    const struct kw_engine_module *module = dlsym(object, "kw_engine_module");
    if (!module)
        return kw_fail(error, KW_E_USAGE, "cannot open '%s': '%s' is no module of kwic", where,
                       path);
    if (module->abi != KW_MODULE_ABI) {
        kw_fail(error, KW_E_VERSION,
                "cannot open '%s': '%s' belongs to another kwic (its interface is %u, not %d)",
                where, path, module->abi, KW_MODULE_ABI);
        kw_hint(error, "install kwic and its module from the same build");
        return KW_E_VERSION;
    }
    *out = module;
    return KW_OK;
}

/* Loads the module for good: it keeps no state to release, and what it loads in its turn may not
 * bear to be unloaded. */
static enum kw_status load(const struct kw_engine_module **out, const char *where,
                           const char *helpers, struct kw_error *error)
{
    char *path = kw_path_join(helpers ? helpers : KWIC_LIBEXECDIR, "kwic-xapian.so");
    enum kw_status status;
    if (!path)
        return kw_fail_memory(error);
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        status = kw_fail(error, KW_E_USAGE,
                         "cannot open '%s': this kwic has no module for Xapian databases", where);
        kw_hint(error, "build kwic where libxapian is installed (Debian: libxapian-dev)");
        free(path);
        return status;
    }
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (object) {
        status = find_table(out, object, path, where, error);
        dlclose(object);
    } else {
        status = kw_fail(error, KW_E_IO, "cannot open '%s': %s", where, dlerror());
    }
    free(path);
    return status;
}

enum kw_status kw_engine_new(struct kw_engine **out, const char *where,
                             const struct kw_reader_options *options, const char *helpers,
                             struct kw_error *error)
{
    const struct kw_engine_module *module;
    *out = NULL;
    if (!is_foreign(where))
        return kw_native_engine_new(out, where, error);
    enum kw_status status = load(&module, where, helpers, error);
    return status == KW_OK ? module->engine_new(out, where, options, error) : status;
}

enum kw_status kw_engine_changed(struct kw_engine *engine, const char *where, bool *changed,
                                 struct kw_error *error)
{
    *changed = true;
    return is_foreign(where) ? KW_OK : kw_native_engine_changed(engine, changed, error);
}

enum kw_status kw_engine_renew(struct kw_engine **out, const char *where, struct kw_engine *from,
                               const struct kw_reader_options *options, const char *helpers,
                               struct kw_error *error)
{
    return is_foreign(where) ? kw_engine_new(out, where, options, helpers, error)
                             : kw_native_engine_renew(out, from, error);
}

enum kw_status kw_engine_writer_new(struct kw_engine_writer **out, const char *where,
                                    const struct kw_writer_options *options, const char *helpers,
                                    struct kw_error *error)
{
    const struct kw_engine_module *module;
    *out = NULL;
    if (!is_foreign(where))
        return kw_native_writer_new(out, where, options, NULL, error);
    enum kw_status status = load(&module, where, helpers, error);
    return status == KW_OK ? module->writer_new(out, where, options, error) : status;
}

enum kw_status kw_engine_rescue(struct kw_engine_writer **out, const char *where,
                                const struct kw_writer_options *options, struct kw_rescue *rescue,
                                struct kw_error *error)
{
    *out = NULL;
    if (!is_foreign(where))
        return kw_native_writer_new(out, where, options, rescue, error);
    kw_fail(error, KW_E_USAGE, "a Xapian database is not repaired by kwic");
    kw_hint(error, "'xapian-check' says what is wrong with one");
    return KW_E_USAGE;
}

enum kw_status kw_engine_check(const char *where,
                               void (*report)(void *context, const char *problem), void *context,
                               const char *helpers, struct kw_error *error)
{
    const struct kw_engine_module *module;
    if (!is_foreign(where))
        return kw_check(where, report, context, error);
    enum kw_status status = load(&module, where, helpers, error);
    return status == KW_OK ? module->check(where, report, context, error) : status;
}
