/* Kernels: the inner loops of reading an index, in one table for each set of instructions.
 *
 * The portable table defines what each kernel gives; the others give the same, faster
 * (tests/unit/test_kernels.c). What is read lies in packed sections of a file or in arrays of the
 * caller: of bytes, KW_KERNEL_SLACK behind the last one must be readable and mean nothing, as
 * kw_pages_view promises; of wider numbers, nothing outside is read. */
#ifndef KW_INDEX_KERNELS_H
#define KW_INDEX_KERNELS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KW_KERNEL_SLACK = 63,  /* bytes behind packed ones that a kernel may read */
    KW_KERNEL_ROUND = 16,  /* room for numbers that are unpacked is a multiple of so many */
    KW_KERNEL_BLOCK = 128, /* postings at a time, at most, where a kernel takes a block */
};

/* What frequencies and lengths become scores by. */
struct kw_kernel_weights {
    double weight, fixed, slope;
};

enum { KW_KERNEL_BITS = 2048 }; /* of a bitmap in which documents are found */
#define KW_KERNEL_FEW UINT32_MAX

/* A bitmap: bit i, below `size` (≥ 1), is bit i % 8 of byte i / 8; `count` (1..KW_KERNEL_BLOCK) of
 * them are said to be set. */
struct kw_kernel_bits {
    const uint8_t *packed;
    uint32_t size, count;
};

struct kw_kernels {
    const char *name;

    /* Unpacks `count` numbers of `bits` (0..32) bits as kw_bitpack_decode does. `numbers` has room
     * for `count` rounded up to KW_KERNEL_ROUND; behind `count` stands anything afterwards. It
     * takes half the time if `numbers` begin at a multiple of 64 bytes. */
    void (*unpack)(const uint8_t *packed, uint32_t *numbers, size_t count, uint32_t bits);

    /* Unpacks 1..KW_KERNEL_BLOCK gaps to rising documents: documents[i] = next + i + the sum of
     * gaps 0..i, modulo 2^32. Returns the last one as it is without that modulus: if it is below
     * 2^32 the documents rise and all are right. Room as for unpack. */
    uint64_t (*unpack_rising)(const uint8_t *packed, uint32_t *documents, uint32_t count,
                              uint32_t bits, uint32_t next);

    /* The same from number `from` of those that are packed on: rising[i] = next + i + the sum of
     * gaps from..from + i. `rising` has room for count + KW_KERNEL_ROUND. */
    uint64_t (*unpack_part)(const uint8_t *packed, uint32_t from, uint32_t *rising, uint32_t count,
                            uint32_t bits, uint32_t next);

    /* Bit i of the 128 of `mask` tells whether nibble i of 64 bytes, the low half of each first, is
     * ≥ `least`. Reads these 64 bytes and writes both words. */
    void (*sieve)(const uint8_t *classes, uint32_t least, uint64_t mask[2]);

    /* The first place from `from` (≤ count < 2^31) on of a code ≥ `least`, `count` if there is
     * none. */
    uint32_t (*first_at_least8)(const uint8_t *codes, uint32_t from, uint32_t count, uint8_t least);

    /* The same in an array of numbers that do not fall, made for a block of documents. */
    uint32_t (*first_at_least32)(const uint32_t *rising, uint32_t from, uint32_t count,
                                 uint32_t target);

    /* Looks for `sought`, `wanted` numbers that do not fall, among `count` (1..KW_KERNEL_BLOCK)
     * rising ones, none of them above the last of these: for each one found, in order, which[j] is
     * its place in `sought` and places[j] that in `rising`. Returns how many. `which` and `places`
     * have room for `wanted`, at most 256; `rising` for KW_KERNEL_BLOCK, of which those behind
     * `count` may be read. */
    uint32_t (*find32)(const uint32_t *rising, uint32_t count, const uint32_t *sought,
                       uint32_t wanted, uint8_t *which, uint8_t *places);

    /* The same among the documents of a bitmap, of which the one of bit 0 is `first`: places[j] is
     * how many bits before that of the one found are set. KW_KERNEL_FEW if there are not as many
     * bits as it says, or if it is of more than KW_KERNEL_BITS. */
    uint32_t (*find_bits)(const struct kw_kernel_bits *bits, uint32_t first, const uint32_t *sought,
                          uint32_t wanted, uint8_t *which, uint8_t *places);

    /* Writes to `kept` those of `wanted` rising numbers that have one `shift` further on (modulo
     * 2^32, without passing it) among `count` (≥ 1) rising ones; returns how many. `kept` has room
     * for `wanted`, and may be `sought`. */
    uint32_t (*keep32)(const uint32_t *sought, uint32_t wanted, uint32_t shift,
                       const uint32_t *rising, uint32_t count, uint32_t *kept);

    /* window[documents[i] - base] += table[nibble i of classes], but no more than 65535, for each
     * of `count` (0..KW_KERNEL_BLOCK) rising documents in [base, base + size), which ends at
     * 2^32 at most. `classes` holds (count + 1) / 2 bytes. */
    void (*add_classes)(const uint32_t *documents, const uint8_t *classes, uint32_t count,
                        const uint16_t table[16], uint32_t base, uint32_t size, uint16_t *window);

    /* The same for each bit i in [from, to) of `bits` that is set, to window[i - from]: `classes`
     * are those of all bits, in order. False, and nothing is added, if there are not as many bits
     * as it says. */
    bool (*add_bits)(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                     const uint8_t *classes, const uint16_t table[16], uint16_t *window);

    /* Writes the places in window[0..size) of sums ≥ `least` (≥ 1) to `places`, in rising order,
     * and returns how many. `size` is a multiple of 64 below 2^31,
     * `places` has room for `size`; behind the last place stands anything afterwards. */
    uint32_t (*above16)(const uint16_t *window, uint32_t size, uint16_t least, uint32_t *places);

    /* scores[i] = weight · tf / (tf + (fixed + slope · lengths[i])), tf = frequencies[i], each step
     * rounded to a double. `scores` has room for `count` rounded up to KW_KERNEL_ROUND, and the
     * others can be read up to there; behind `count` stands anything afterwards. */
    void (*score)(const uint32_t *frequencies, const uint32_t *lengths, uint32_t count,
                  const struct kw_kernel_weights *weights, double *scores);

    /* Adds such scores to sums[i - from] for each bit i in [from, to) of `bits` that is set; false,
     * and nothing is added, if there are not as many bits as it says. `frequencies` are those of
     * all bits, in order, `lengths` those of places from `from` on, of `width` (1, 2 or 4) bytes
     * each. */
    bool (*score_bits)(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                       const uint32_t *frequencies, const uint8_t *lengths, uint32_t width,
                       const struct kw_kernel_weights *weights, double *sums);

    /* As above16, of sums that are no NaN. `least` is above 0. */
    uint32_t (*above64)(const double *sums, uint32_t size, double least, uint32_t *places);

    /* Sets the bits documents[i] - base: bit n is bit n % 64 of bits[n / 64]. No document is below
     * `base`. */
    void (*set_bits)(const uint32_t *documents, uint32_t count, uint32_t base, uint64_t *bits);

    /* Lists the places of the `size` (≥ 1) bits at `packed`, bit i % 8 of byte i / 8, that are set:
     * documents[k] = first + the place of the k-th. If there are not exactly `count`
     * (1..KW_KERNEL_BLOCK) of them, writes nothing and returns false. */
    bool (*list_bits)(const uint8_t *packed, uint32_t size, uint32_t first, uint32_t count,
                      uint32_t *documents);

    /* How many bits of `count` words are set. */
    uint64_t (*popcount)(const uint64_t *words, size_t count);
};

/* The kernels by this name, NULL if there are none or this processor lacks what they need. */
const struct kw_kernels *kw_kernels_named(const char *name);

/* The kernels to use: those that the environment variable KWIC_KERNELS names, or without it the
 * fastest ones that this processor runs. A struct kw_pages holds them for all who read it. The
 * table is static. KW_E_USAGE if those that are named do not run here. */
enum kw_status kw_kernels_choose(const struct kw_kernels **kernels, struct kw_error *error);

/* The tables, for kw_kernels_named: a processor may lack what they need. */
extern const struct kw_kernels kw_kernels_portable;
#if defined __x86_64__
extern const struct kw_kernels kw_kernels_avx2;
extern const struct kw_kernels kw_kernels_avx512;
#endif

#endif
