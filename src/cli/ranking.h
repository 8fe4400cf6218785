/* The options of the ranking, for the commands that score documents. */
#ifndef KW_CLI_RANKING_H
#define KW_CLI_RANKING_H

#include "cli/options.h"

#include <math.h>

/* What the command line asks for; KW_RANKING_INIT is nothing. */
struct kw_ranking {
    bool plain;
    int stop_words, parity;                   /* places among the choices, or -1: not given */
    double k1, b, k3, title, near, character; /* NAN: not given */
};

#define KW_RANKING_INIT                                                                            \
    {                                                                                              \
        false, -1, -1, NAN, NAN, NAN, NAN, NAN, NAN                                                \
    }

/* Tables for `shared` of a struct kw_command, both of a struct kw_ranking: the parameters of BM25
 * that all rankings have, and all else. */
extern const struct kw_option kw_bm25_options[], kw_ranking_options[];

/* Whether the options go together: KW_GO_ON, or the exit status after a message. */
int kw_ranking_check(const struct kw_command *command, const struct kw_ranking *ranking);

/* Sets what was given, over the defaults that `search` has, or those of --plain. */
void kw_ranking_apply(const struct kw_ranking *ranking, struct kwic_search_options *search);

#endif
