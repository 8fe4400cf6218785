/* The options of the ranking, and from them to those of the library. */
#include "cli/ranking.h"

#include "cli/message.h"

static const char *const stop_word_choices[] = {"off", "on", NULL};
static const char *const parity_choices[] = {"xapian", NULL};

#define MEMBER(name) .offset = offsetof(struct kw_ranking, name)
#define NUMBER(member, limit)                                                                      \
    .kind = KW_OPTION_NUMBER, MEMBER(member), .argument = "NUMBER", .least = 0, .most = limit

const struct kw_option kw_bm25_options[] = {
    {.name = "k1", NUMBER(k1, 1000), .help = "BM25: how fast repeated words saturate (1)"},
    {.name = "b", NUMBER(b, 1), .help = "BM25: how much a document's length counts (0.75)"},
    {.name = NULL},
};

const struct kw_option kw_ranking_options[] = {
    {.name = "plain", MEMBER(plain), .help = "BM25 alone, with k1 1.2, b 0.75 and k3 1"},
    {.name = "k3", NUMBER(k3, 1000), .help = "BM25: how fast repeats in the query saturate (4)"},
    {.name = "stop-words",
     .kind = KW_OPTION_CHOICE,
     MEMBER(stop_words),
     .argument = "WHETHER",
     .choices = stop_word_choices,
     .help = "on: stop words count less (on)"},
    {.name = "title-weight", NUMBER(title, 1000), .help = "what a word in the title adds (0.25)"},
    {.name = "near-weight", NUMBER(near, 1000), .help = "what words near each other add (0.075)"},
    {.name = "character-weight",
     NUMBER(character, 1000),
     .help = "what characters of pairs add (0.75)"},
    {.name = "parity",
     .kind = KW_OPTION_CHOICE,
     MEMBER(parity),
     .argument = "NAME",
     .choices = parity_choices,
     .help = "xapian: scores as Xapian 1.4 gives them"},
    {.name = NULL},
};

static void set(double *number, double given)
{
    if (!isnan(given))
        *number = given;
}

/* Whether anything of kwic's own ranking was asked for. */
static bool is_own(const struct kw_ranking *ranking)
{
    const double numbers[] = {ranking->k1,    ranking->b,    ranking->k3,
                              ranking->title, ranking->near, ranking->character};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!isnan(numbers[i]))
            return true;
    return ranking->plain || ranking->stop_words >= 0;
}

int kw_ranking_check(const struct kw_command *command, const struct kw_ranking *ranking)
{
    if (ranking->parity >= 0 && is_own(ranking))
        return kw_options_wrong(command, "'--parity' goes with no other option of the ranking");
    return KW_GO_ON;
}

void kw_ranking_apply(const struct kw_ranking *ranking, struct kwic_search_options *search)
{
    search->parity = ranking->parity >= 0 ? KWIC_PARITY_XAPIAN : KWIC_PARITY_NONE;
    if (ranking->plain) {
        search->k1 = 1.2;
        search->b = 0.75;
        search->k3 = 1;
        search->weigh_stop_words = false;
        search->title_weight = search->near_weight = search->character_weight = 0;
    }
    set(&search->k1, ranking->k1);
    set(&search->b, ranking->b);
    set(&search->k3, ranking->k3);
    set(&search->title_weight, ranking->title);
    set(&search->near_weight, ranking->near);
    set(&search->character_weight, ranking->character);
    if (ranking->stop_words >= 0)
        search->weigh_stop_words = ranking->stop_words == 1;
}
