/* The native index's writer. */
#ifndef KW_ENGINE_NATIVE_WRITER_H
#define KW_ENGINE_NATIVE_WRITER_H

#include "engine/rescue.h"

/* Takes the lock and loads the newest commit. KW_E_LOCKED, KW_E_NO_INDEX (without `create`; with
 * it, if the folder exists, is not empty and is not an index), KW_E_USAGE (other settings, or
 * another type of a field, than the index has), KW_E_VERSION, KW_E_DAMAGED. A folder made for
 * nothing is removed again on failure. *out is NULL then; free it by its ops. With a rescue
 * (else NULL) what is damaged goes there, and nothing is removed before a commit. */
enum kw_status kw_native_writer_new(struct kw_engine_writer **out, const char *folder,
                                    const struct kw_writer_options *options,
                                    struct kw_rescue *rescue, struct kw_error *error);

#endif
