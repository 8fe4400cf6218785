/* Answers the queries of tools/bench/run, as the programs of its peers do, through the public
 * library: kwic_serve INDEX
 *
 * A line of standard input is a command, a tab and a query; a line of standard output is the
 * answer, a tab and the nanoseconds from the line read to the answer known:
 *
 * - TOP_k finds and ranks the best k documents; how many it found;
 * - TOP_k_COUNT does that, and counts all that match; their number;
 * - COUNT: how many documents match;
 * - IDS_k: the ids of the best k, with spaces between;
 * - PASSAGES_k finds the best passage of each of these, reads it and marks the matches; how many
 *   there are; the search before takes no time;
 * - TEXTS_k only reads these passages.
 *
 * The ranking is that of `kwic search --plain`. */
#include "lib/kwic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum command {
    COMMAND_TOP,
    COMMAND_TOP_COUNT,
    COMMAND_COUNT,
    COMMAND_IDS,
    COMMAND_PASSAGES,
    COMMAND_TEXTS,
    COMMAND_UNKNOWN,
};

static uint64_t nanoseconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void give_up(const struct kwic_error *error)
{
    fprintf(stderr, "kwic_serve: %s\n", error->message);
    exit(1);
}

/* The command that `name` is, and its k. */
static enum command command_of(const char *name, size_t *k)
{
    static const struct {
        const char *before, *after;
        enum command command;
    } commands[] = {
        {"TOP_", "", COMMAND_TOP},     {"TOP_", "_COUNT", COMMAND_TOP_COUNT},
        {"IDS_", "", COMMAND_IDS},     {"PASSAGES_", "", COMMAND_PASSAGES},
        {"TEXTS_", "", COMMAND_TEXTS},
    };

    *k = 0;
    if (strcmp(name, "COUNT") == 0)
        return COMMAND_COUNT;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        size_t size = strlen(commands[i].before);
        char *rest;
        if (strncmp(name, commands[i].before, size) != 0)
            continue;
        *k = strtoul(name + size, &rest, 10);
        if (strcmp(rest, commands[i].after) == 0)
            return commands[i].command;
    }
    return COMMAND_UNKNOWN;
}

/* The ranking that the peers have: BM25 and nothing else, no passages. */
static struct kwic_search_options plain_options(size_t limit)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;

    options.limit = limit;
    options.documents = true;
    options.weigh_stop_words = false;
    options.k1 = 1.2;
    options.b = 0.75;
    options.k3 = 1;
    options.title_weight = options.near_weight = options.character_weight = 0;
    return options;
}

static void print_ids(struct kwic_results *results)
{
    struct kwic_error error;
    struct kwic_result result;
    enum kwic_status status;
    const char *between = "";

    while ((status = kwic_results_next(results, &result, &error)) == KWIC_OK) {
        printf("%s%.*s", between, (int)result.doc.size, result.doc.data);
        between = " ";
    }
    if (status != KWIC_END)
        give_up(&error);
}

/* Reads one passage, or as many as make so many bytes. */
static void read_passages(struct kwic_document *document, uint64_t first, uint64_t *count,
                          size_t size)
{
    struct kwic_error error;
    struct kwic_text text;

    do {
        if (kwic_document_text(document, first, ++*count, &text, &error) != KWIC_OK)
            give_up(&error);
    } while (text.size < size);
}

/* Passages to read. */
struct place {
    struct kwic_document *document;
    uint64_t first, count;
};

/* Finds the passages of the results; `places`, unless it is NULL, gets where they are. Returns how
 * many; *marks is the number of matches. */
static size_t find_passages(struct kwic_index *index, struct kwic_results *results,
                            struct place *places, size_t *marks)
{
    struct kwic_error error;
    struct kwic_result result;
    enum kwic_status status;
    size_t count = 0;

    *marks = 0;
    for (; (status = kwic_results_next(results, &result, &error)) == KWIC_OK; count++) {
        *marks += result.highlight_count;
        if (!places)
            continue;
        places[count] = (struct place){.first = result.passage};
        if (kwic_document_new(&places[count].document, index, result.doc, true, &error) != KWIC_OK)
            give_up(&error);
        read_passages(places[count].document, result.passage, &places[count].count,
                      result.text.size);
    }
    if (status != KWIC_END)
        give_up(&error);
    return count;
}

/* The commands that show what was found. */
static void show(struct kwic_index *index, const char *query, size_t k, bool texts)
{
    struct kwic_search_options options = plain_options(k);
    struct place *places = texts ? calloc(k + 1, sizeof *places) : NULL;
    struct kwic_results *results;
    struct kwic_error error;
    size_t marks;

    options.documents = false;
    options.uncounted = true;
    if (texts && !places)
        exit(1);
    if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
        give_up(&error);
    uint64_t start = nanoseconds();
    size_t count = find_passages(index, results, places, &marks);
    if (texts)
        start = nanoseconds();
    for (size_t i = 0; i < count && texts; i++) {
        places[i].count--;
        read_passages(places[i].document, places[i].first, &places[i].count, 0);
    }
    uint64_t taken = nanoseconds() - start;
    for (size_t i = 0; i < count && texts; i++)
        kwic_document_free(places[i].document);
    kwic_results_free(results);
    free(places);
    printf("%zu\t%" PRIu64 "\n", texts ? count : marks, taken);
}

static void answer(struct kwic_index *index, char *line)
{
    struct kwic_results *results;
    struct kwic_error error;
    size_t k;
    uint64_t start = nanoseconds();
    char *query = strchr(line, '\t');

    if (query)
        *query++ = '\0';
    enum command command = query ? command_of(line, &k) : COMMAND_UNKNOWN;
    if (command == COMMAND_UNKNOWN) {
        puts("UNSUPPORTED\t0");
        return;
    }
    if (command == COMMAND_PASSAGES || command == COMMAND_TEXTS) {
        show(index, query, k, command == COMMAND_TEXTS);
        return;
    }
    struct kwic_search_options options = plain_options(k);
    options.uncounted = command == COMMAND_TOP || command == COMMAND_IDS;
    if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
        give_up(&error);
    uint64_t count = kwic_results_matches(results);
    if (command == COMMAND_TOP && count > k)
        count = k;
    if (command == COMMAND_IDS)
        print_ids(results);
    kwic_results_free(results);
    uint64_t taken = nanoseconds() - start;
    if (command != COMMAND_IDS)
        printf("%" PRIu64, count);
    printf("\t%" PRIu64 "\n", taken);
}

int main(int argc, char **argv)
{
    struct kwic_index *index;
    struct kwic_error error;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;

    if (argc != 2) {
        fputs("usage: kwic_serve INDEX\n", stderr);
        return 2;
    }
    const char *where = argv[1];
    if (kwic_index_new(&index, &where, 1, &error) != KWIC_OK)
        give_up(&error);
    while ((size = getline(&line, &capacity, stdin)) > 0) {
        if (line[size - 1] == '\n')
            line[size - 1] = '\0';
        answer(index, line);
        fflush(stdout);
    }
    free(line);
    kwic_index_free(index);
    return 0;
}
