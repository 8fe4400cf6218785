/* Guesses the language of each line of standard input and prints its code, or "-"; given a number,
 * says instead how many nanoseconds of processor time a guess takes, over that many rounds. */
#include "stemmers/guess.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *code_of(struct kw_view text)
{
    const struct kw_known_language *language = kw_known_language(kw_guess_language(text));

    return language ? language->code : "-";
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    double spent = 0;
    long guesses = 0;

    while ((size = getline(&line, &capacity, stdin)) >= 0) {
        struct kw_view text = {(const uint8_t *)line, (size_t)size};
        double start = seconds();

        for (long i = 0; i < rounds; i++)
            guesses += code_of(text)[0] != 0;
        spent += seconds() - start;
        if (rounds == 0)
            puts(code_of(text));
    }
    if (guesses > 0)
        printf("%.0f\n", spent / (double)guesses * 1e9);
    free(line);
    return 0;
}
