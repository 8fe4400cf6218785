/* Scanning a text for its words: by blocks where words are ASCII letters and digits with other
 * ASCII around, and by the rules of words.c wherever a byte could mean more. */
#include "stemmers/words.h"

#include "stemmers/analyzer.h"
#include "stemmers/blocks.h"
#include "stemmers/other_words.h"

#include <stdlib.h>

enum {
    CHUNK = 32, /* blocks that are classified together */
    LONG = KW_TERM_BYTES -
           KW_BLOCK, /* the rules take words that are longer than this at a block's end */
};

#define LAST ((uint64_t)1 << 63)

struct scan {
    struct kw_words *words;
    struct kw_view text;
    size_t until;
    size_t at;            /* what lies before it is done by the rules */
    size_t start;         /* of the plain word that goes on at the next block */
    bool start_gap;       /* its gap */
    bool gap;             /* a byte since the last word could end a sentence */
    uint64_t word_before; /* whether the block before ended in a letter or digit, 0 or 1 */
    uint64_t any_before;  /* in one of these or in a byte that is not ASCII */
};

static inline bool is_alphanumeric(uint8_t byte)
{
    return (uint8_t)((byte | 0x20) - 'a') < 26 || (uint8_t)(byte - '0') < 10;
}

/* Makes room for as many more words as can end in a block, and their gaps. */
static bool grow(struct kw_words *words)
{
    size_t capacity = words->capacity;
    struct {
        uint32_t *items;
        size_t capacity;
    } gaps = {words->gaps, capacity};

    if (words->count + KW_BLOCK <= capacity)
        return true;
    if (!kw_grow(&gaps, words->count + KW_BLOCK))
        return false;
    words->gaps = gaps.items;
    return kw_grow(words, words->count + KW_BLOCK);
}

/* Takes units by the rules, from `p` on, until one ends where the blocks can be trusted again: not
 * before a byte that is not ASCII or a dot, nor amidst letters. False when memory runs out. */
static bool scan_by_rules(struct scan *scan, size_t p)
{
    const uint8_t *data = scan->text.data;
    struct kw_words *words = scan->words;

    do {
        enum kw_word_kind kind;
        size_t start, end = kw_words_unit(scan->text, p, &start, &kind);

        if (kind != KW_WORD_NONE) {
            if (!grow(words))
                return false;
            words->gaps[words->gap_count] = (uint32_t)words->count;
            words->gap_count += scan->gap;
            words->items[words->count++] =
                (struct kw_word){(uint32_t)start, (uint16_t)(end - start), (uint16_t)kind};
        }
        scan->gap = kind == KW_WORD_NONE;
        p = end;
    } while (p < scan->until && (data[p] >= 0x80 || data[p] == '.' ||
                                 (is_alphanumeric(data[p]) && is_alphanumeric(data[p - 1]))));
    scan->at = p;
    return true;
}

/* The same from the first of the dots that end at `p`: how many there are tells what they are. */
static bool scan_dots(struct scan *scan, size_t p)
{
    while (p > scan->at && scan->text.data[p - 1] == '.')
        p--;
    scan->gap = true;
    return scan_by_rules(scan, p);
}

/* Takes the plain words that end at the bits of `end` in the block at `base`; each begins at the
 * bit of `begin` before it, the first perhaps in an earlier block, and has a gap if `marked` has
 * this bit. A last begin without an end is that of a word which goes on. */
static inline void take_plain(struct scan *scan, size_t base, uint64_t begin, uint64_t end,
                              uint64_t marked)
{
    struct kw_words *words = scan->words;
    size_t count = words->count, gaps = words->gap_count, start = scan->start;
    bool gap = scan->start_gap, goes_on = end && (!begin || (end & -end) < (begin & -begin));

    for (;;) {
        if (!goes_on) {
            if (!begin)
                break;
            start = base + (size_t)__builtin_ctzll(begin);
            gap = (marked & begin & -begin) != 0;
            begin &= begin - 1;
        }
        if (!end)
            break;
        words->gaps[gaps] = (uint32_t)count;
        gaps += gap;
        words->items[count++] = (struct kw_word){
            (uint32_t)start, (uint16_t)(base + (size_t)__builtin_ctzll(end) - start),
            KW_WORD_PLAIN};
        end &= end - 1;
        goes_on = false;
    }
    words->count = count;
    words->gap_count = gaps;
    scan->start = start;
    scan->start_gap = gap;
}

/* Takes the words that end in the block at `base`, or begin there by the rules. False when memory
 * runs out. */
static bool scan_block(struct scan *scan, size_t base, const struct kw_block *block)
{
    const uint64_t word = block->word, any = word | block->high;
    const uint64_t behind_word = word << 1 | scan->word_before;
    const uint64_t high = block->high & ~(any << 1 | scan->any_before);
    const uint64_t dot = block->dot & (word >> 1 | LAST) & ~behind_word;
    const uint64_t more =
        block->high | block->sign | (block->mark & ((any | block->mark) >> 1 | LAST));
    const uint64_t stop = block->stop | (block->line & ((block->blank | block->high) >> 1 | LAST));
    uint64_t begin = word & ~behind_word, end = ~word & behind_word, carry = 0;
    bool by_rules = scan->at >= base && scan->at > 0; /* they took what lies before `left` */

    scan->word_before = word >> 63;
    scan->any_before = any >> 63;
    while (!by_rules || (scan->at - base < KW_BLOCK && scan->at < scan->until)) {
        /* Ones behind a gap's last byte that could end a sentence are carried to the next word. */
        unsigned done = by_rules ? (unsigned)(scan->at - base) : 0;
        uint64_t left = ~(uint64_t)0 << done, sum, rules;
        bool over = __builtin_add_overflow(~any & left, stop & left, &sum);

        over |= __builtin_add_overflow(sum, (uint64_t)scan->gap << done, &sum);
        begin &= left;
        end &= by_rules ? left << 1 : left;
        rules = ((end & more) | high | dot) & left;
        if (!grow(scan->words))
            return false;
        carry = rules ? (rules & -rules) - 1 : ~(uint64_t)0;
        take_plain(scan, base, begin & carry, end & carry, sum);
        if (!rules) {
            scan->gap = over;
            break;
        }
        rules &= -rules;
        scan->gap = rules & end ? scan->start_gap : (sum & rules) != 0;
        if (!(rules & dot
                  ? scan_dots(scan, base + (size_t)__builtin_ctzll(rules))
                  : scan_by_rules(scan, rules & end ? scan->start
                                                    : base + (size_t)__builtin_ctzll(rules))))
            return false;
        by_rules = true;
    }
    if (scan->word_before && scan->start >= scan->at && base + KW_BLOCK - scan->start > LONG) {
        scan->gap = scan->start_gap;
        return scan_by_rules(scan, scan->start);
    }
    return true;
}

/* Whether the words that begin before `until` are known, and in lower case up to `base`. */
static bool is_done(const struct scan *scan, size_t base)
{
    if (base < scan->until || base < scan->at)
        return false;
    return scan->at >= scan->until || !scan->word_before || scan->start < scan->at ||
           scan->start >= scan->until;
}

/* Classifies the blocks from `base` on, as many as there are up to CHUNK, the text's end filled up
 * with zeros; how many, or 0 when memory runs out. */
static size_t classify(struct scan *scan, size_t base, struct kw_block *blocks)
{
    struct kw_words *words = scan->words;
    size_t left = scan->text.size - base, count = left / KW_BLOCK;
    struct {
        uint8_t *items;
        size_t capacity;
    } lower = {words->lower, words->lower_capacity};
    uint8_t tail[KW_BLOCK] = {0};

    if (count > CHUNK)
        count = CHUNK;
    if (!kw_grow(&lower, base + (CHUNK + 1) * KW_BLOCK))
        return 0;
    words->lower = lower.items;
    words->lower_capacity = lower.capacity;
    if (count) {
        words->classify(scan->text.data + base, count, blocks, words->lower + base);
        return count;
    }
    if (left)
        memcpy(tail, scan->text.data + base, left);
    words->classify(tail, 1, blocks, words->lower + base);
    return 1;
}

enum kw_status kw_words_scan(struct kw_words *words, struct kw_view text, size_t until,
                             struct kw_error *error)
{
    struct scan scan = {.words = words, .text = text, .until = until};
    struct kw_block blocks[CHUNK];

    if (words->rules != KW_RULES_OWN)
        return kw_other_words_scan(words, text, until, error);
    if (scan.until > text.size)
        scan.until = text.size;
    if (scan.until > UINT32_MAX - KW_PASSAGE_BYTES)
        return kw_fail(error, KW_E_INPUT, "text of 4 GiB or more in one piece");
    if (!words->classify)
        words->classify = kw_classifier();
    words->count = words->gap_count = 0;
    if (!grow(words))
        return kw_fail_memory(error);
    for (size_t base = 0; base <= text.size && !is_done(&scan, base);) {
        size_t count = classify(&scan, base, blocks);

        if (!count)
            return kw_fail_memory(error);
        for (size_t i = 0; i < count; i++, base += KW_BLOCK)
            if (scan.at < scan.until && !scan_block(&scan, base, &blocks[i]))
                return kw_fail_memory(error);
    }
    while (words->count && words->items[words->count - 1].start >= scan.until)
        words->count--;
    while (words->gap_count && words->gaps[words->gap_count - 1] >= words->count)
        words->gap_count--;
    return KW_OK;
}

void kw_words_release(struct kw_words *words)
{
    free(words->items);
    free(words->gaps);
    free(words->lower);
    *words = (struct kw_words)KW_WORDS_INIT;
}
