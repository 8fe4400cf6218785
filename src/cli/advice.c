/* What is said, on standard error, when a search found little. */
#include "cli/advice.h"

#include "cli/message.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    PARTS = 8,  /* that are shown */
    WORDS = 5,  /* that are shown with their spellings */
    SHOWN = 60, /* bytes of a clause or word */
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

/* A clause, or a word of the only one. */
struct part {
    enum kwic_status status;
    struct kwic_clause clause;
};

/* Finds the first parts; returns how many. */
static size_t find_parts(struct kwic_results *results, bool words, struct part parts[PARTS + 1])
{
    size_t count = 0;

    for (; count <= PARTS; count++) {
        struct part *part = &parts[count];
        part->status = words ? kwic_results_clause_word(results, 0, count, &part->clause, NULL)
                             : kwic_results_clause(results, count, &part->clause, NULL);
        if (part->status != KWIC_OK && part->status != KWIC_E_USAGE)
            break;
    }
    return count;
}

static void write_part(const struct part *part)
{
    const struct kwic_clause *clause = &part->clause;
    const char *negated = clause->negated ? "  (left out)" : "";

    if (part->status == KWIC_OK)
        kw_message_more("%8" PRIu64 " %s  " FORMAT "%s", clause->documents,
                        clause->documents == 1 ? "document " : "documents", ARGUMENTS(clause->text),
                        negated);
    else
        kw_message_more("%18s  " FORMAT "%s", "too much to count", ARGUMENTS(clause->text),
                        negated);
}

/* What the clauses find by themselves, or the words of the only one; unless that is one word. */
static void write_parts(struct kwic_results *results)
{
    uint64_t matches = kwic_results_matches(results);
    struct part parts[PARTS + 1];
    size_t count = find_parts(results, false, parts);
    bool words = count == 1;

    if (words)
        count = find_parts(results, true, parts);
    if (count < 2)
        return;
    kw_message("%" PRIu64 " document%s found; each %s of the query by itself finds", matches,
               matches == 1 ? "" : "s", words ? "word" : "part");
    for (size_t i = 0; i < count && i < PARTS; i++)
        write_part(&parts[i]);
    if (count > PARTS)
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

    if (kwic_results_matches(results) >= KW_ADVICE_ENOUGH)
        return;
    write_parts(results);
    while (words < WORDS && kwic_results_next_missing(results, &missing, NULL) == KWIC_OK) {
        if (missing.spelling_count == 0)
            continue;
        write_missing(&missing);
        words++;
    }
}
