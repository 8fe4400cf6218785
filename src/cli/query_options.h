/* Options that say what a query means, for the commands that take one. */
#ifndef KW_CLI_QUERY_OPTIONS_H
#define KW_CLI_QUERY_OPTIONS_H

#include "cli/options.h"

struct kw_query_settings {
    bool all, strict, literal;
    const char *minimum;
    size_t max_expansions;
    const char *language;
};

#define KW_QUERY_SETTINGS_INIT                                                                     \
    {                                                                                              \
        .max_expansions = 10000                                                                    \
    }

/* A table for `shared` of a struct kw_command. */
extern const struct kw_option kw_query_options[];

/* Makes them those of a search. KW_GO_ON, or the exit status after a message. */
int kw_query_settings_apply(const struct kw_command *command,
                            const struct kw_query_settings *settings,
                            struct kwic_search_options *search);

/* Whether a search of the index takes these options, before it is asked many queries, of which none
 * is at fault if it does not. KW_GO_ON, or the exit status after a message. */
int kw_query_options_check(struct kwic_index *index, const struct kwic_search_options *search);

#endif
