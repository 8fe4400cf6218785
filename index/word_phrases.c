/* Counts pairs of a sample of passages, takes the most frequent ones, and goes on with these. */
#include "index/word_phrases.h"

#include "base/wide.h"

#include <stdlib.h>

enum {
    SAMPLE = 1 << 20,       /* pieces: about so many are looked at */
    PAIRS = 1 << 20,        /* that are counted at a time, at most */
    LEAST_COUNT = 3,        /* of a pair in the sample */
    LEAST_GAIN = 3,         /* occurrences for each byte of a phrase */
    AHEAD = 16,             /* pairs whose memory is asked for */
    BETWEEN = KW_NO_SYMBOL, /* passages, and at what is spelled */
};

/* A pair that is counted. */
struct pair {
    uint32_t left;
    uint32_t right;
    uint32_t count; /* 0: empty */
};

/* What is looked at: passages behind one another, with BETWEEN between them. */
struct sample {
    struct {
        uint32_t *items;
        size_t capacity;
    } numbers;
    size_t count;
    uint64_t every; /* passage is in it */
};

void kw_phrases_release(struct kw_phrases *phrases)
{
    for (int i = 0; i < KW_PHRASE_ROUNDS; i++) {
        free(phrases->rounds[i].slots);
        free(phrases->rounds[i].filter);
    }
    free(phrases->list.items);
    *phrases = (struct kw_phrases){.count = 0};
}

static inline uint32_t hash_pair(uint32_t left, uint32_t right)
{
    uint64_t hash = left * UINT64_C(0x9E3779B97F4A7C15) + right * UINT64_C(0xC2B2AE3D27D4EB4F);
    return (uint32_t)(hash >> 32);
}

static uint32_t power_above(uint64_t count, uint32_t most)
{
    uint32_t power = 1 << 4;
    while (power < count && power < most)
        power *= 2;
    return power;
}

/* ---- The sample --------------------------------------------------------------------------- */

static enum kw_status take_sample(struct sample *sample, const struct kw_symbols *symbols,
                                  struct kw_error *error)
{
    struct kw_symbol_reader reader = {.at = 0};
    enum kw_status status = KW_OK;
    uint64_t pieces = symbols->spelled;
    for (uint32_t i = 0; i < symbols->count; i++)
        pieces += symbols->list.items[i].count;
    sample->every = pieces / SAMPLE + 1;
    for (uint64_t i = 0; i < symbols->passages && status == KW_OK; i++) {
        if (i % sample->every) {
            kw_symbol_reader_skip(&reader, symbols);
            continue;
        }
        status = kw_symbol_reader_next(&reader, symbols, error);
        if (status != KW_OK)
            break;
        if (!kw_grow(&sample->numbers, sample->count + reader.count + 1)) {
            status = kw_fail_memory(error);
            break;
        }
        memcpy(sample->numbers.items + sample->count, reader.numbers.items,
               reader.count * sizeof *reader.numbers.items);
        sample->count += reader.count;
        sample->numbers.items[sample->count++] = BETWEEN;
    }
    kw_symbol_reader_release(&reader);
    return status;
}

/* ---- Choosing ----------------------------------------------------------------------------- */

static uint8_t head_of(const struct kw_phrases *phrases, const struct kw_symbols *symbols,
                       uint32_t number)
{
    return number < phrases->first ? symbols->list.items[number].head
                                   : phrases->list.items[number - phrases->first].head;
}

static uint64_t *count_of(struct kw_phrases *phrases, struct kw_symbol *symbol, uint32_t number)
{
    return number < phrases->first ? &symbol[number].count
                                   : &phrases->list.items[number - phrases->first].count;
}

/* The bytes of a pair as one piece. */
static uint32_t joined_bytes(uint8_t left, uint8_t right)
{
    uint32_t blank = left & KW_PIECE_CLOSES && right & KW_PIECE_OPENS;
    return (left & KW_PIECE_BYTES) + blank + (right & KW_PIECE_BYTES);
}

/* Whether a symbol or phrase is frequent enough to be part of a phrase. */
static bool is_frequent(struct kw_phrases *phrases, struct kw_symbols *symbols, uint32_t number,
                        uint64_t every)
{
    return number != BETWEEN &&
           *count_of(phrases, symbols->list.items, number) >= LEAST_COUNT * every;
}

/* Counts the pairs of the sample; *slots is the caller's, *slot_count of them. Runs of one symbol
 * count as half as many pairs. */
static enum kw_status count_pairs(struct kw_phrases *phrases, struct kw_symbols *symbols,
                                  const struct sample *sample, struct pair **slots,
                                  uint32_t *slot_count, struct kw_error *error)
{
    uint32_t size = power_above(sample->count * 2, PAIRS);
    uint32_t distinct = 0;
    struct pair *pairs = kw_wide_calloc(size, sizeof *pairs);
    *slots = pairs;
    *slot_count = size;
    if (!pairs)
        return kw_fail_memory(error);
    for (size_t i = 1; i < sample->count; i++) {
        uint32_t left = sample->numbers.items[i - 1];
        uint32_t right = sample->numbers.items[i];
        if (i + AHEAD < sample->count) {
            const uint32_t *ahead = sample->numbers.items + i + AHEAD;
            __builtin_prefetch(&pairs[hash_pair(ahead[-1], ahead[0]) & (size - 1)]);
        }
        if (!is_frequent(phrases, symbols, left, sample->every) ||
            !is_frequent(phrases, symbols, right, sample->every))
            continue;
        uint32_t at = hash_pair(left, right) & (size - 1);
        while (pairs[at].count && (pairs[at].left != left || pairs[at].right != right))
            at = (at + 1) & (size - 1);
        if (!pairs[at].count) {
            if (distinct >= size / 4 * 3)
                continue;
            distinct++;
            pairs[at] = (struct pair){left, right, 0};
        }
        pairs[at].count++;
        i += left == right;
    }
    return KW_OK;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return (a->right > b->right) - (a->right < b->right);
}

/* Moves the pairs that are worth it to the front, the most frequent first; returns how many. */
static uint32_t choose_pairs(const struct kw_phrases *phrases, const struct kw_symbols *symbols,
                             uint64_t every, struct pair *pairs, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (pairs[i].count < LEAST_COUNT)
            continue;
        uint32_t bytes = joined_bytes(head_of(phrases, symbols, pairs[i].left),
                                      head_of(phrases, symbols, pairs[i].right));
        if (bytes <= KW_PIECE_BYTES && pairs[i].count * every > (uint64_t)LEAST_GAIN * bytes)
            pairs[kept++] = pairs[i];
    }
    qsort(pairs, kept, sizeof *pairs, compare_pairs);
    return kept < KW_PHRASES ? kept : KW_PHRASES;
}

/* Makes phrases of pairs, as round `round`. */
static enum kw_status add_round(struct kw_phrases *phrases, const struct kw_symbols *symbols,
                                int round, const struct pair *pairs, uint32_t count,
                                struct kw_error *error)
{
    uint32_t before = phrases->first + phrases->count;
    uint32_t size = power_above((uint64_t)count * 2, 1u << 31);
    struct kw_phrase_slot *slots = calloc(size, sizeof *slots);
    uint64_t *filter = calloc(KW_PHRASE_BITS / 64, sizeof *filter);
    phrases->rounds[round].slots = slots;
    phrases->rounds[round].filter = filter;
    if (!slots || !filter || !kw_grow(&phrases->list, (size_t)phrases->count + count))
        return kw_fail_memory(error);
    phrases->rounds[round].slot_count = size;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t left = pairs[i].left;
        uint32_t right = pairs[i].right;
        uint8_t opens = head_of(phrases, symbols, left);
        uint8_t closes = head_of(phrases, symbols, right);
        uint32_t hash = hash_pair(left, right);
        uint32_t at = hash & (size - 1);
        while (slots[at].number)
            at = (at + 1) & (size - 1);
        slots[at] = (struct kw_phrase_slot){left, right, before + i};
        filter[hash % KW_PHRASE_BITS / 64] |= UINT64_C(1) << hash % 64;
        phrases->list.items[phrases->count + i] =
            (struct kw_phrase){left, right, 0,
                               (uint8_t)((opens & KW_PIECE_OPENS) | (closes & KW_PIECE_CLOSES) |
                                         joined_bytes(opens, closes))};
    }
    phrases->count += count;
    return KW_OK;
}

/* Whether two neighbours may be a phrase of a round. */
static inline uint64_t may_be_phrase(const uint64_t *filter, uint32_t hash)
{
    return filter[hash % KW_PHRASE_BITS / 64] >> hash % 64 & 1;
}

/* The number of the phrase of two neighbours in a round; 0 if they are none. */
static inline uint32_t find_phrase(const struct kw_phrases *phrases, int round, uint32_t hash,
                                   uint32_t left, uint32_t right)
{
    const struct kw_phrase_slot *slots = phrases->rounds[round].slots;
    uint32_t mask = phrases->rounds[round].slot_count - 1;
    uint32_t at = hash & mask; /* nothing that is BETWEEN is in a slot */
    while (slots[at].number && (slots[at].left != left || slots[at].right != right))
        at = (at + 1) & mask;
    return slots[at].number;
}

/* Takes `count` off a count that may be estimated. */
static void take_off(uint64_t *from, uint64_t count)
{
    *from -= count < *from ? count : *from;
}

/* Puts the phrases of a round into the sample and corrects all counts. */
static void apply_to_sample(struct kw_phrases *phrases, struct kw_symbols *symbols, int round,
                            struct sample *sample)
{
    uint32_t *numbers = sample->numbers.items;
    size_t kept = 0;
    for (size_t i = 0; i < sample->count; i++) {
        uint32_t left = numbers[i];
        uint32_t right = i + 1 < sample->count ? numbers[i + 1] : BETWEEN;
        uint32_t hash = hash_pair(left, right);
        uint32_t number = may_be_phrase(phrases->rounds[round].filter, hash)
                              ? find_phrase(phrases, round, hash, left, right)
                              : 0;
        numbers[kept++] = number ? number : left;
        if (!number)
            continue;
        *count_of(phrases, symbols->list.items, number) += sample->every;
        take_off(count_of(phrases, symbols->list.items, left), sample->every);
        take_off(count_of(phrases, symbols->list.items, right), sample->every);
        i++;
    }
    sample->count = kept;
}

enum kw_status kw_phrases_init(struct kw_phrases *phrases, struct kw_symbols *symbols,
                               struct kw_error *error)
{
    struct sample sample = {.count = 0};
    *phrases = (struct kw_phrases){.first = symbols->count};
    enum kw_status status = take_sample(&sample, symbols, error);
    for (int round = 0; round < KW_PHRASE_ROUNDS && status == KW_OK; round++) {
        struct pair *pairs;
        uint32_t count;
        status = count_pairs(phrases, symbols, &sample, &pairs, &count, error);
        if (status == KW_OK) {
            count = choose_pairs(phrases, symbols, sample.every, pairs, count);
            status = add_round(phrases, symbols, round, pairs, count, error);
        }
        if (status == KW_OK)
            apply_to_sample(phrases, symbols, round, &sample);
        free(pairs);
    }
    free(sample.numbers.items);
    return status;
}

/* ---- Use ---------------------------------------------------------------------------------- */

/* Lists in places[] where of `count` ≥ 1 numbers a phrase of the round may begin, and returns how
 * many; there is no branch that could not be foreseen. */
static size_t list_places(const struct kw_phrases *phrases, int round, const uint32_t *numbers,
                          size_t count, struct kw_phrase_place *places)
{
    const struct kw_phrase_slot *slots = phrases->rounds[round].slots;
    const uint64_t *filter = phrases->rounds[round].filter;
    uint32_t mask = phrases->rounds[round].slot_count - 1;
    size_t found = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        uint32_t hash = hash_pair(numbers[i], numbers[i + 1]);
        places[found].at = (uint32_t)i;
        places[found].hash = hash;
        found += may_be_phrase(filter, hash);
    }
    for (size_t i = 0; i < found; i++)
        __builtin_prefetch(&slots[places[i].hash & mask]);
    return found;
}

void kw_phrase_finder_release(struct kw_phrase_finder *finder)
{
    free(finder->found.items);
    *finder = (struct kw_phrase_finder){.found = {NULL, 0}};
}

enum kw_status kw_phrases_apply(const struct kw_phrases *phrases, struct kw_phrase_finder *finder,
                                uint32_t *numbers, size_t *count, struct kw_error *error)
{
    if (!kw_grow(&finder->found, *count + 1))
        return kw_fail_memory(error);
    const struct kw_phrase_place *places = finder->found.items;
    for (int round = 0; round < KW_PHRASE_ROUNDS; round++) {
        size_t found = list_places(phrases, round, numbers, *count, finder->found.items);
        size_t kept = 0;
        size_t from = 0;
        for (size_t i = 0; i < found; i++) {
            uint32_t at = places[i].at;
            uint32_t number = at < from ? 0
                                        : find_phrase(phrases, round, places[i].hash, numbers[at],
                                                      numbers[at + 1]);
            if (!number)
                continue;
            for (; from < at; from++)
                numbers[kept++] = numbers[from];
            numbers[kept++] = number;
            from += 2;
        }
        for (; from < *count; from++)
            numbers[kept++] = numbers[from];
        *count = kept;
    }
    return KW_OK;
}

void kw_phrase_bytes(const struct kw_phrases *phrases, const struct kw_symbols *symbols,
                     uint32_t number, struct kw_bytes *out)
{
    if (number < phrases->first) {
        kw_bytes_append_view(out, kw_symbol_bytes(symbols, number));
        return;
    }
    const struct kw_phrase *phrase = &phrases->list.items[number - phrases->first];
    kw_phrase_bytes(phrases, symbols, phrase->left, out);
    if (head_of(phrases, symbols, phrase->left) & KW_PIECE_CLOSES &&
        head_of(phrases, symbols, phrase->right) & KW_PIECE_OPENS)
        kw_bytes_append_byte(out, ' ');
    kw_phrase_bytes(phrases, symbols, phrase->right, out);
}
