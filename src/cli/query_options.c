/* Options that say what a query means. */
#include "cli/query_options.h"

#include "cli/message.h"

#include <string.h>

#define MEMBER(name) .offset = offsetof(struct kw_query_settings, name)

const struct kw_option kw_query_options[] = {
    {.name = "all", MEMBER(all), .help = "words side by side must all match"},
    {.name = "min",
     .kind = KW_OPTION_STRING,
     MEMBER(minimum),
     .argument = "N|P%",
     .help = "so many of the words side by side must match"},
    {.name = "max-expansions",
     .kind = KW_OPTION_SIZE,
     MEMBER(max_expansions),
     .argument = "N",
     .least = 1,
     .most = 1000000,
     .help = "words a wildcard stands for at most (10000)"},
    {.name = "strict", MEMBER(strict), .help = "what does not parse is an error"},
    {.name = "literal", MEMBER(literal), .help = "every character is text, none an operator"},
    {.name = "lang",
     .kind = KW_OPTION_STRING,
     MEMBER(language),
     .argument = "NAME",
     .help = "find the forms of words in this language alone"},
    {.name = NULL},
};

/* Reads N or P% of --min. False if it is neither. */
static bool read_minimum(const char *text, struct kwic_search_options *search)
{
    size_t number = 0;
    size_t digits = strspn(text, "0123456789");
    bool percent = strcmp(text + digits, "%") == 0;

    for (size_t i = 0; i < digits; i++)
        if (number < 1000000000)
            number = number * 10 + (size_t)(text[i] - '0');
    if (digits == 0 || number == 0 || (text[digits] != '\0' && !percent) ||
        (percent && number > 100))
        return false;
    *(percent ? &search->minimum_percent : &search->minimum) = number;
    return true;
}

int kw_query_settings_apply(const struct kw_command *command,
                            const struct kw_query_settings *settings,
                            struct kwic_search_options *search)
{
    search->all = settings->all;
    search->strict = settings->strict;
    search->literal = settings->literal;
    search->language = settings->language;
    search->max_expansions = settings->max_expansions;
    if (settings->minimum != NULL && !read_minimum(settings->minimum, search))
        return kw_options_wrong(command, "'--min' takes a number from 1 or a percentage, not '%s'",
                                settings->minimum);
    return KW_GO_ON;
}

int kw_query_options_check(struct kwic_index *index, const struct kwic_search_options *search)
{
    struct kwic_results *results = NULL;
    struct kwic_error error = {0};
    int status = KW_GO_ON;

    /* What holds no word takes no time. */
    if (kwic_search(&results, index, KWIC_TEXT("."), search, &error) != KWIC_OK)
        status = kw_message_error(&error);
    kwic_results_free(results);
    return status;
}
