/* A heap of frequencies, the least on top. */
#include "rank/synonyms.h"

/* Moves the item at `at` down to where it belongs. */
static void sink(uint64_t *heap, size_t count, size_t at)
{
    uint64_t moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= moved)
            break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

static uint64_t join(uint64_t left, uint64_t right, uint64_t documents)
{
    double l = (double)left, r = (double)right;
    return (uint64_t)(l + r - l * r / (double)documents + 0.5);
}

uint64_t kw_synonym_frequency(uint64_t *frequencies, size_t count, uint64_t documents)
{
    if (!count || !documents)
        return 0;
    for (size_t at = count / 2; at-- > 0;)
        sink(frequencies, count, at);
    while (count > 1) {
        uint64_t least = frequencies[0];
        frequencies[0] = frequencies[--count];
        sink(frequencies, count, 0);
        frequencies[0] = join(frequencies[0], least, documents);
        sink(frequencies, count, 0);
    }
    return frequencies[0];
}
