/* Opening a damaged native index. */
#ifndef KW_ENGINE_NATIVE_RESCUE_H
#define KW_ENGINE_NATIVE_RESCUE_H

#include "engine/native_parts.h"
#include "engine/rescue.h"

/* Reads the manifest and checks all that it names: segments that hold become parts, the others
 * wrecks, and a file of sources that does not hold is left out of the manifest. `parts`, which are
 * empty, must stay where they are. KW_E_DAMAGED: the manifest itself. KW_E_NO_INDEX, KW_E_VERSION,
 * KW_E_IO, KW_E_INTERRUPTED, KW_E_MEMORY. */
enum kw_status kw_rescue_load(struct kw_rescue *rescue, const char *folder,
                              struct kw_manifest *manifest, struct kw_parts *parts,
                              struct kw_error *error);

#endif
