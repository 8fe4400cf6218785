/* Measures the kernels (index/kernels.h), on one core:
 *
 *     tools/bench/kernels [ROUNDS]
 *
 * A line of output is a kernel and what it was given, then for each table that this processor runs
 * the ns a posting (of the bitmaps: a word of 64 documents), the best of ROUNDS (200) rounds over
 * data that the first level of cache holds. */
#include "index/kernels.h"
#include "index/bitpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    BLOCKS = 16,
    POSTINGS = BLOCKS * KW_KERNEL_BLOCK,
    WINDOW = 4096,
    WINDOWS = 4,
    TARGETS = 1 << 16,
    REPEATS = 100,
};

struct data {
    uint32_t bits; /* of a gap; documents lie 2^(bits - 1) apart on average */
    uint32_t document_count;
    uint8_t packed[POSTINGS * 4 + KW_KERNEL_SLACK];
    uint32_t documents[POSTINGS];
    uint8_t classes[POSTINGS / 2 + KW_KERNEL_SLACK];
    uint8_t codes[POSTINGS + KW_KERNEL_SLACK];
    uint32_t targets[TARGETS]; /* too many to be foreseen */
    uint32_t target;
    uint16_t table[16];
    uint16_t window[WINDOWS * WINDOW];
    uint32_t places[WINDOW];
    uint64_t words[WINDOW / 8];
    uint64_t halves[BLOCKS * 4 + 8]; /* every 2nd of 256 bits a block */
    double sums[WINDOW];
    _Alignas(64) uint32_t out[POSTINGS];
    uint64_t sum; /* of what was found, so that nothing is left out */
};

typedef void run(const struct kw_kernels *kernels, struct data *data);

static uint32_t random_number(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*state >> 33);
}

static void run_unpack(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++)
        kernels->unpack(data->packed + i * 16 * data->bits, data->out, 128, data->bits);
    data->sum += data->out[127];
}

static void run_unpack_rising(const struct kw_kernels *kernels, struct data *data)
{
    for (uint32_t i = 0; i < BLOCKS; i++)
        data->sum += kernels->unpack_rising(data->packed + i * 16 * data->bits, data->out, 128,
                                            data->bits, i * 4096);
}

static void run_sieve(const struct kw_kernels *kernels, struct data *data)
{
    uint64_t mask[2];
    for (size_t i = 0; i < BLOCKS; i++) {
        kernels->sieve(data->classes + i * 64, 14, mask);
        data->sum += mask[0] ^ mask[1];
    }
}

static void run_first8(const struct kw_kernels *kernels, struct data *data)
{
    for (uint32_t at = 0; at < POSTINGS; at++, data->sum++)
        at = kernels->first_at_least8(data->codes, at, POSTINGS, 255);
}

static uint32_t next_target(struct data *data)
{
    data->target = (data->target + 1) % TARGETS;
    return data->targets[data->target];
}

static void run_first32(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < POSTINGS; i++)
        data->sum += kernels->first_at_least32(data->documents, 0, 128, next_target(data));
}

static void run_first32_on(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++)
        for (uint32_t at = 0; at < 128; at += 8)
            data->sum += kernels->first_at_least32(data->documents, at, 128,
                                                   data->documents[at + next_target(data) % 4]);
}

static void run_find32(const struct kw_kernels *kernels, struct data *data)
{
    uint8_t which[128], places[128];
    uint32_t sought[16];
    for (uint32_t i = 0; i < 16; i++)
        sought[i] = data->documents[8 * i] + next_target(data) % 4;
    for (size_t i = 0; i < BLOCKS * 8; i++)
        data->sum += kernels->find32(data->documents, 128, sought, 16, which, places);
}

/* Of each block the numbers behind the first three. */
static void run_unpack_part(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++)
        data->sum += kernels->unpack_part(data->packed + i * 16 * data->bits, 3, data->out, 125,
                                          data->bits, 0);
}

static void run_keep32(const struct kw_kernels *kernels, struct data *data)
{
    uint32_t sought[8], kept[8];
    for (uint32_t i = 0; i < 8; i++)
        sought[i] = data->documents[16 * i + next_target(data) % 16];
    for (size_t i = 0; i < BLOCKS; i++)
        data->sum += kernels->keep32(sought, 8, (uint32_t)(i % 2), data->documents, 128, kept);
}

static void run_add(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++)
        kernels->add_classes(data->documents + i * 128, data->classes + i * 64, 128, data->table, 0,
                             WINDOW, data->window);
    data->sum += data->window[77];
}

static void run_above(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < (size_t)40 * WINDOWS; i++)
        data->window[i % WINDOWS * WINDOW + next_target(data) % WINDOW] = 50;
    for (size_t i = 0; i < WINDOWS; i++)
        data->sum += kernels->above16(data->window + i * WINDOW, WINDOW, 40, data->places);
    memset(data->window, 0, sizeof *data->window * WINDOWS * WINDOW);
}

static struct kw_kernel_bits half_of(const struct data *data, size_t block)
{
    return (struct kw_kernel_bits){(const uint8_t *)(data->halves + block * 4), 256, 128};
}

static void run_find_bits(const struct kw_kernels *kernels, struct data *data)
{
    uint8_t which[128], places[128];
    uint32_t sought[16];
    for (uint32_t i = 0; i < 16; i++)
        sought[i] = 16 * i + next_target(data) % 16;
    for (size_t i = 0; i < BLOCKS * 8; i++) {
        const struct kw_kernel_bits bits = half_of(data, i % BLOCKS);
        data->sum += kernels->find_bits(&bits, 0, sought, 16, which, places);
    }
}

static void run_add_bits(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        const struct kw_kernel_bits bits = half_of(data, i);
        data->sum += kernels->add_bits(&bits, 0, 256, data->classes + i * 64, data->table,
                                       data->window + i * 256);
    }
}

static const struct kw_kernel_weights weights = {2.5, 0.3, 0.01};

static void run_score(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++)
        kernels->score(data->documents + i * 128, data->documents + i * 128, 128, &weights,
                       data->sums + i * 128);
}

static void run_score_bits(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        const struct kw_kernel_bits bits = half_of(data, i);
        data->sum += kernels->score_bits(&bits, 0, 256, data->documents, data->codes, 2, &weights,
                                         data->sums + i * 256);
    }
}

static void run_above64(const struct kw_kernels *kernels, struct data *data)
{
    memset(data->sums, 0, sizeof data->sums);
    for (size_t i = 0; i < 40; i++)
        data->sums[next_target(data) % WINDOW] = 50;
    data->sum += kernels->above64(data->sums, WINDOW, 40, data->places);
}

static void run_set_bits(const struct kw_kernels *kernels, struct data *data)
{
    for (size_t i = 0; i < BLOCKS; i++)
        kernels->set_bits(data->documents + i * 128, 128, 0, data->words);
    data->sum += data->words[1];
}

static void run_popcount(const struct kw_kernels *kernels, struct data *data)
{
    data->sum += kernels->popcount(data->words, WINDOW / 8);
}

static const struct {
    const char *name;
    run *run;
    uint32_t bits;
    uint32_t postings; /* or words, or calls */
} measures[] = {
    {"unpack, 1 bit", run_unpack, 1, POSTINGS},
    {"unpack, 4 bits", run_unpack, 4, POSTINGS},
    {"unpack, 7 bits", run_unpack, 7, POSTINGS},
    {"unpack, 13 bits", run_unpack, 13, POSTINGS},
    {"unpack, 25 bits", run_unpack, 25, POSTINGS},
    {"unpack_rising, 0 bits", run_unpack_rising, 0, POSTINGS},
    {"unpack_rising, 1 bit", run_unpack_rising, 1, POSTINGS},
    {"unpack_rising, 4 bits", run_unpack_rising, 4, POSTINGS},
    {"unpack_rising, 7 bits", run_unpack_rising, 7, POSTINGS},
    {"unpack_rising, 13 bits", run_unpack_rising, 13, POSTINGS},
    {"unpack_part, 4 bits", run_unpack_part, 4, POSTINGS},
    {"sieve", run_sieve, 1, POSTINGS},
    {"first_at_least8, one in 1,000 fits", run_first8, 1, POSTINGS},
    {"first_at_least32, anywhere in the block: a call", run_first32, 4, POSTINGS},
    {"first_at_least32, up to 3 further: a call", run_first32_on, 4, POSTINGS / 8},
    {"find32, sixteen of the block: one", run_find32, 4, POSTINGS},
    {"keep32, eight of a block: one of both", run_keep32, 4, POSTINGS},
    {"add_classes, every 2nd document", run_add, 1, POSTINGS},
    {"add_bits, every 2nd document", run_add_bits, 0, POSTINGS},
    {"above16, one in 100 fits", run_above, 6, WINDOWS *WINDOW},
    {"find_bits, sixteen of the block: one", run_find_bits, 0, POSTINGS},
    {"score", run_score, 1, POSTINGS},
    {"score_bits, every 2nd document", run_score_bits, 0, POSTINGS},
    {"above64, one in 100 fits", run_above64, 6, WINDOW},
    {"set_bits, every 2nd document", run_set_bits, 1, POSTINGS},
    {"set_bits, every 9th document", run_set_bits, 4, POSTINGS},
    {"popcount: a word", run_popcount, 1, WINDOW / 8},
};

static void make_data(struct data *data, uint32_t bits)
{
    uint64_t state = 1;
    struct kw_bytes packed = KW_BYTES_INIT;
    uint32_t mask = (uint32_t)((UINT64_C(1) << bits) - 1);
    uint32_t document = 0;
    data->bits = bits;
    for (size_t i = 0; i < POSTINGS; i++) {
        uint32_t gap = random_number(&state) & mask;
        data->out[i] = gap;
        data->documents[i] = document + gap;
        document += gap + 1;
        data->codes[i] = random_number(&state) % 1000 ? 254 : 255;
        data->classes[i / 2] = (uint8_t)random_number(&state);
    }
    for (size_t i = 0; i < TARGETS; i++)
        data->targets[i] = random_number(&state) % (data->documents[127] + 1);
    for (size_t i = 0; i < 16; i++)
        data->table[i] = (uint16_t)(i * 3);
    kw_bitpack_encode(&packed, data->out, POSTINGS, bits);
    if (packed.failed)
        exit(1);
    if (packed.size)
        memcpy(data->packed, packed.data, packed.size);
    kw_bytes_release(&packed);
    memset(data->window, 0, sizeof data->window);
    memset(data->halves, 0x55, sizeof data->halves);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double best_of(const struct kw_kernels *kernels, run *kernel, struct data *data, long rounds)
{
    double best = 1e300;
    for (long round = 0; round < rounds; round++) {
        double start = now(), taken;
        for (int i = 0; i < REPEATS; i++)
            kernel(kernels, data);
        taken = (now() - start) / REPEATS;
        best = taken < best ? taken : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"portable", "avx2", "avx512"};
    static struct data data;
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 200;
    printf("%-48s", "ns a posting");
    for (size_t k = 0; k < 3; k++)
        printf(" %9s", names[k]);
    printf("\n");
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        printf("%-48s", measures[i].name);
        for (size_t k = 0; k < 3; k++) {
            const struct kw_kernels *kernels = kw_kernels_named(names[k]);
            make_data(&data, measures[i].bits);
            if (kernels)
                printf(" %9.4f",
                       best_of(kernels, measures[i].run, &data, rounds) / measures[i].postings);
            else
                printf(" %9s", "lacking");
        }
        printf("\n");
    }
    return data.sum == 1;
}
