/* What every engine's writer settles in the same way when it opens an index. */
#ifndef KW_ENGINE_WRITER_SETTINGS_H
#define KW_ENGINE_WRITER_SETTINGS_H

#include "engine/writer.h"
#include "stemmers/analyzer.h"

/* Settles language and folding and makes the analyzer, the caller's. `settings` are those of the
 * index, which a new one (`is_new`) takes from the options; `where` is what messages call it.
 * KW_E_USAGE (no such language, or the index has other settings), KW_E_VERSION, KW_E_MEMORY. */
enum kw_status kw_writer_settle(struct kw_analyzer **analyzer, struct kw_analysis *settings,
                                bool is_new, const struct kw_writer_options *options,
                                const char *where, struct kw_error *error);

/* Settles how text is stored: *zlib is what the index has, which a new one takes from the options.
 * KW_E_USAGE (no such store, or the index has another one). */
enum kw_status kw_writer_store(bool *zlib, bool is_new, const struct kw_writer_options *options,
                               const char *where, struct kw_error *error);

/* The base directory of a new index in `folder`, absolute: the folder that holds it if it is named
 * `.kwic`, else the working directory; options->base before both. `folder` is NULL on another
 * machine. The caller frees it; NULL and errno on failure. */
char *kw_writer_base(const struct kw_writer_options *options, const char *folder);

#endif
