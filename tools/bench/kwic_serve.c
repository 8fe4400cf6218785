/* Answers the queries of tools/bench/run, as the programs of its peers do, through the public
 * library: kwic_serve INDEX
 *
 * A line of standard input is a command, a tab and a query; a line of standard output is the
 * answer, a tab and the nanoseconds from the line read to the answer known: TOP_k        finds and
 * ranks the best k documents; how many it found TOP_k_COUNT  that, and counts all that match; their
 * number COUNT        how many documents match IDS_k        the ids of the best k, with spaces
 * between The ranking is that of `kwic search --plain`. */
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
    char *rest;

    *k = 0;
    if (strcmp(name, "COUNT") == 0)
        return COMMAND_COUNT;
    if (strncmp(name, "TOP_", 4) != 0 && strncmp(name, "IDS_", 4) != 0)
        return COMMAND_UNKNOWN;
    *k = strtoul(name + 4, &rest, 10);
    if (name[0] == 'I')
        return *rest ? COMMAND_UNKNOWN : COMMAND_IDS;
    return !*rest ? COMMAND_TOP : strcmp(rest, "_COUNT") == 0 ? COMMAND_TOP_COUNT : COMMAND_UNKNOWN;
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
