/* What is said, on standard error, when a search found little. */
#include "cli/advice.h"

#include "cli/message.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    ENOUGH = 3,  /* documents: nothing is said */
    CLAUSES = 8, /* that are shown */
    WORDS = 5,   /* that are shown with their spellings */
    SHOWN = 60,  /* bytes of a clause or word */
};

/* A clause or word, cut short if it is very long. */
#define FORMAT "%.*s%s"
#define ARGUMENTS(text) fitting(text), (text).data, (text).size > SHOWN ? "..." : ""

/* How many of its first bytes are shown: whole characters. */
static int fitting(struct kwic_text text)
{
    size_t size = text.size < SHOWN ? text.size : SHOWN;

    while (size > 0 && size < text.size && ((unsigned char)text.data[size] & 0xc0) == 0x80)
        size--;
    return (int)size;
}

static void write_clause(const struct kwic_clause *clause)
{
    kw_message_more("%8" PRIu64 " %s  " FORMAT "%s", clause->documents,
                    clause->documents == 1 ? "document " : "documents", ARGUMENTS(clause->text),
                    clause->negated ? "  (left out)" : "");
}

/* The clauses by themselves, if there is more than one. */
static void write_clauses(struct kwic_results *results)
{
    uint64_t matches = kwic_results_matches(results);
    struct kwic_clause first, clause;
    size_t count = 1;

    if (kwic_results_clause(results, 0, &first, NULL) != KWIC_OK)
        return;
    for (; kwic_results_clause(results, count, &clause, NULL) == KWIC_OK && count < CLAUSES;
         count++) {
        if (count == 1) {
            kw_message("%" PRIu64 " document%s found; each part of the query by itself finds",
                       matches, matches == 1 ? "" : "s");
            write_clause(&first);
        }
        write_clause(&clause);
    }
    if (count == CLAUSES && kwic_results_clause(results, count, &clause, NULL) == KWIC_OK)
        kw_message_more("and so on");
}

/* A word that no document holds, and what it might have been. */
static void write_missing(const struct kwic_missing *missing)
{
    char line[500] = "";
    size_t used = 0;

    for (size_t i = 0; i < missing->spelling_count && used < sizeof line; i++) {
        const struct kwic_spelling *spelling = &missing->spellings[i];
        const char *before = i == 0 ? "" : i + 1 == missing->spelling_count ? " or " : ", ";
        used += (size_t)snprintf(line + used, sizeof line - used, "%s'" FORMAT "' (%" PRIu64 ")",
                                 before, ARGUMENTS(spelling->term), spelling->documents);
    }
    kw_message_hint("no document holds '" FORMAT "'%s" FORMAT "; did you mean %s?",
                    ARGUMENTS(missing->word), missing->field.size > 0 ? " in " : "",
                    ARGUMENTS(missing->field), line);
}

void kw_advice_write(struct kwic_results *results)
{
    struct kwic_missing missing;
    size_t words = 0;

    if (kwic_results_matches(results) >= ENOUGH)
        return;
    write_clauses(results);
    while (words < WORDS && kwic_results_next_missing(results, &missing, NULL) == KWIC_OK) {
        if (missing.spelling_count == 0)
            continue;
        write_missing(&missing);
        words++;
    }
}
