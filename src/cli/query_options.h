/* Options that say what a query means and how documents are scored, for the commands that take one.
 */
#ifndef KW_CLI_QUERY_OPTIONS_H
#define KW_CLI_QUERY_OPTIONS_H

#include "cli/options.h"

struct kw_query_settings {
    bool all, strict, literal;
    const char *minimum;
    size_t max_expansions;
    const char *language;
    int stop_words; /* place among the choices of --stop-words */
};

#define KW_QUERY_SETTINGS_INIT                                                                     \
    {                                                                                              \
        .max_expansions = 10000                                                                    \
    }

struct kw_score_settings {
    double k1, b;
};

#define KW_SCORE_SETTINGS_INIT                                                                     \
    {                                                                                              \
        1.2, 0.75                                                                                  \
    }

/* Tables for `shared` of a struct kw_command. */
extern const struct kw_option kw_query_options[], kw_score_options[];

/* Makes them those of a search. KW_GO_ON, or the exit status after a message. */
int kw_query_settings_apply(const struct kw_command *command,
                            const struct kw_query_settings *settings,
                            struct kwic_search_options *search);
void kw_score_settings_apply(const struct kw_score_settings *settings,
                             struct kwic_search_options *search);

#endif
