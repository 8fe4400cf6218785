/* Where an index lives, and which engine opens it: a folder is our own index; `xapian:PATH` and
 * `xapian://HOST:PORT` are a Xapian database's, which the module kwic-xapian.so opens. (A folder
 * whose name begins so is reached as `./xapian:…`.)
 *
 * `helpers` is the folder that modules lie in, NULL for that of the installation. For a Xapian
 * database each call can fail with KW_E_USAGE (there is no module, or it is none), KW_E_VERSION (it
 * belongs to another kwic) and KW_E_IO (it cannot be loaded); a module that was loaded stays so. */
#ifndef KW_ENGINE_WHERE_H
#define KW_ENGINE_WHERE_H

#include "engine/engine.h"
#include "engine/rescue.h"

/* Opens the newest commit for reading. KW_E_NO_INDEX ("no index in '…'" or "'…' is not a kwic
 * index"), KW_E_VERSION, KW_E_DAMAGED, KW_E_IO. *out is NULL on failure; free it by its ops. */
enum kw_status kw_engine_new(struct kw_engine **out, const char *where,
                             const struct kw_reader_options *options, const char *helpers,
                             struct kw_error *error);

/* Whether the index that `engine` was opened from, as `where`, has had a commit since, by one stat:
 * *changed; true of a Xapian database, of which only opening it anew tells. KW_E_NO_INDEX if it is
 * not there any more, KW_E_IO. */
enum kw_status kw_engine_changed(struct kw_engine *engine, const char *where, bool *changed,
                                 struct kw_error *error);

/* Opens the newest commit, as kw_engine_new, of the index that `from` was opened from as `where`:
 * with what of it is still the same, which costs nothing again. `from` stays as it is. */
enum kw_status kw_engine_renew(struct kw_engine **out, const char *where, struct kw_engine *from,
                               const struct kw_reader_options *options, const char *helpers,
                               struct kw_error *error);

/* Takes the lock and opens the newest commit for writing. KW_E_LOCKED, KW_E_NO_INDEX (without
 * options->create; with it, if what is there is neither empty nor an index), KW_E_USAGE (other
 * settings, or another type of a field, than the index has), KW_E_VERSION, KW_E_DAMAGED, KW_E_IO.
 * *out is NULL on failure; free it by its ops. */
enum kw_status kw_engine_writer_new(struct kw_engine_writer **out, const char *where,
                                    const struct kw_writer_options *options, const char *helpers,
                                    struct kw_error *error);

/* As kw_engine_writer_new, but of an index of which something may be damaged: that goes to the
 * rescue, which was just made, and is not part of the next commit. Nothing is removed before that.
 * KW_E_USAGE for a Xapian database, KW_E_DAMAGED if the manifest is, KW_E_INTERRUPTED. */
enum kw_status kw_engine_rescue(struct kw_engine_writer **out, const char *where,
                                const struct kw_writer_options *options, struct kw_rescue *rescue,
                                struct kw_error *error);

/* Verifies all that can be verified. `report` (may be NULL) gets a line per problem. KW_OK,
 * KW_E_DAMAGED if there was any, or the error that kept it from looking. */
enum kw_status kw_engine_check(const char *where,
                               void (*report)(void *context, const char *problem), void *context,
                               const char *helpers, struct kw_error *error);

#endif
