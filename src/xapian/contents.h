/* What a Xapian database of kwic's says of itself: as the ops of engine.h of these names. */
#ifndef KW_XAPIAN_CONTENTS_H
#define KW_XAPIAN_CONTENTS_H

#include "engine/foreign.h"
#include "xapian/reader.h"

/* Reads the settings, also anew, and finds the folders. What kwic did not make is settled as
 * `options` say, NULL for KW_E_NO_INDEX. KW_E_USAGE: they do not say what it is; KW_E_VERSION also:
 * what there is now was made in another way than what there was. */
enum kw_status kw_xapian_settle(struct kw_xapian *xapian, const struct kw_foreign_options *options,
                                struct kw_error *error);

enum kw_status kw_xapian_language(struct kw_xapian *xapian, uint64_t *at, struct kw_view *name,
                                  struct kw_error *error);
enum kw_status kw_xapian_field(struct kw_xapian *xapian, uint64_t *at,
                               struct kw_engine_field *field, struct kw_error *error);
enum kw_status kw_xapian_sources(struct kw_xapian *xapian, struct kw_sources **sources,
                                 struct kw_error *error);
enum kw_status kw_xapian_figures(struct kw_xapian *xapian, struct kw_figures *figures,
                                 struct kw_error *error);
enum kw_status kw_xapian_sizes(struct kw_xapian *xapian,
                               void (*take)(void *context, const char *kind, uint64_t bytes),
                               void *context, struct kw_error *error);

/* Forgets what it says: the database was reopened. Names that were handed out stay. */
void kw_xapian_contents_forget(struct kw_xapian *xapian);
void kw_xapian_contents_release(struct kw_xapian *xapian);

#endif
