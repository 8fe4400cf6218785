/* Which index a command works on. */
#ifndef KW_CLI_WHERE_H
#define KW_CLI_WHERE_H

#include "cli/options.h"

/* The indexes named, or the one found. */
struct kw_where {
    const char *const *items;
    size_t count;
    char *found; /* owned: the index found when none is named */
    const char *single[2];
};

/* Takes the indexes `given` by -i, else $KWIC_INDEX, else the nearest `.kwic`. KW_GO_ON, or the
 * exit status after a message. `where` refers to `given` and is released in either case. */
int kw_where_init(struct kw_where *where, const struct kw_strings *given);

/* As kw_where_init for a writer: one index, and `./.kwic` if none is named or found. */
int kw_where_init_writer(struct kw_where *where, const struct kw_strings *given);
void kw_where_release(struct kw_where *where);

/* Whether all indexes that kw_where_init finds are kwic's own, in folders. */
bool kw_where_native(const struct kw_strings *given);

/* How databases that other programs made are read. Zeroed: as what they are found to be. */
struct kw_foreign_settings {
    const char *schema;
    struct kw_strings prefixes;
};

/* Their options, for `shared` of a struct kw_command. */
extern const struct kw_option kw_foreign_options[];

void kw_foreign_settings_release(struct kw_foreign_settings *settings);

/* Opens the indexes that kw_where_init finds, to be searched as one, those of other programs as
 * `foreign` says, with stems of `language` (NULL: what is usual there). What there is to remark on
 * them is written to standard error, unless `quiet`. KW_GO_ON, or the exit status after a message.
 * The caller frees *index. */
int kw_where_open(struct kwic_index **index, const struct kw_strings *given,
                  const struct kw_foreign_settings *foreign, const char *language, bool quiet);
/* The same with options. */
int kw_where_open_with(struct kwic_index **index, const struct kw_strings *given,
                       const struct kw_foreign_settings *foreign, const char *language, bool quiet,
                       const struct kwic_open_options *options);

#endif
