/* The nearest name, for hints after a misspelled one. */
#include "cli/options.h"

#include <string.h>

enum { WORD_MOST = 32 };

/* The number of letters to change, insert, drop or swap to turn `a` into `b` (optimal string
 * alignment distance), over three rows. Both are at most WORD_MOST long. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][WORD_MOST + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_size; j++)
        last[j] = before[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[b_size];
}

const char *kw_nearest(const char *word, const char *const *names)
{
    size_t size = strlen(word);
    size_t best = (size + 2) / 3 + 1;
    const char *nearest = NULL;

    if (size < 2 || size > WORD_MOST)
        return NULL;
    for (; *names != NULL; names++) {
        size_t name_size = strlen(*names);
        if (name_size > WORD_MOST)
            continue;
        size_t changes = distance(word, size, *names, name_size);
        bool begins = name_size > size && memcmp(word, *names, size) == 0;
        if (begins)
            changes = 1;
        if (changes < best) {
            best = changes;
            nearest = *names;
        }
    }
    return nearest;
}
