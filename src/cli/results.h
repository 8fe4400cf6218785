/* What the commands that show results have in common: options, and the way from a search to its
 * output. */
#ifndef KW_CLI_RESULTS_H
#define KW_CLI_RESULTS_H

#include "cli/options.h"
#include "cli/render.h"
#include "cli/where.h"

/* What the settings of such a command begin with. */
struct kw_result_settings {
    struct kw_common common;
    struct kw_strings index;
    struct kw_foreign_settings foreign;
    size_t limit, offset, per_doc;
    const char *sort;
    struct kw_strings facets;
    size_t facet_limit;
    int fresh; /* enum kwic_fresh */
    int view;  /* KW_RENDER_COUNT or KW_RENDER_LIST; 0: passages */
    int format;
    size_t format_version;
    bool null, precise;
    const char *tag;
    bool partial;
    double timeout;
};

#define KW_RESULT_SETTINGS_INIT                                                                    \
    {                                                                                              \
        .limit = 10, .per_doc = 1, .sort = "score", .facet_limit = 10, .format_version = 1,        \
        .tag = "kwic", .timeout = 30,                                                              \
    }

void kw_result_settings_release(struct kw_result_settings *settings);

/* Their options, for `shared` of a struct kw_command. */
extern const struct kw_option kw_result_options[];

/* What is done with the results. Everything is borrowed. */
struct kw_showing {
    const struct kw_renderer *renderer;
    struct kwic_search_options search; /* as the settings have it; all else as by default */
    struct kw_render render;
    bool found;  /* there was a match */
    size_t lost; /* parts of the index whose loss was told */
};

/* KW_GO_ON if the settings go together, or the exit status after a message. */
int kw_showing_check(const struct kw_command *command, const struct kw_result_settings *settings);

/* Readies all but the index, the query and its id, which the caller sets. */
void kw_showing_init(struct kw_showing *showing, const struct kw_result_settings *settings,
                     struct kw_output *output);

/* Opens the indexes that the settings name, with stems of `language` as kw_where_open takes it.
 * KW_GO_ON, or the exit status after a message. The caller frees render.index. */
int kw_showing_open(struct kw_showing *showing, const struct kw_result_settings *settings,
                    const char *language);

/* Writes the results, which were asked for at the time `begun` (kw_progress_clock). KW_GO_ON, or
 * the exit status after a message. */
int kw_showing_write(struct kw_showing *showing, const struct kw_result_settings *settings,
                     struct kwic_results *results, double begun);

#endif
