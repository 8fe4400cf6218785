/* Makes the automata of patterns and runs them. */
#include "index/pattern.h"

#include "stemmers/utf8.h"

static void add_bit(struct kw_pattern_set *set, uint32_t bit)
{
    set->words[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static bool has_bit(const struct kw_pattern_set *set, uint32_t bit)
{
    return set->words[bit / 64] >> (bit % 64) & 1;
}

/* The place of `code` among the pattern's characters, or where it belongs. */
static uint32_t find_character(const struct kw_pattern *pattern, uint32_t code)
{
    uint32_t low = 0, high = pattern->character_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pattern->characters[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_character(struct kw_pattern *pattern, uint32_t code)
{
    uint32_t place = find_character(pattern, code);
    struct kw_pattern_character *at = &pattern->characters[place];
    if (place == pattern->character_count || at->code != code) {
        memmove(at + 1, at, (pattern->character_count - place) * sizeof *at);
        *at = (struct kw_pattern_character){.code = code};
        pattern->character_count++;
    }
    add_bit(&at->at, pattern->size);
}

/* Remembers what stands behind the last asterisk, if that is all plain. */
static void keep_tail(struct kw_pattern *pattern, struct kw_view text)
{
    size_t from = text.size;
    while (from > 0 && text.data[from - 1] != '*' && text.data[from - 1] != '?')
        from--;
    pattern->tail_size = text.size - from;
    if (!has_bit(&pattern->run, 0) || pattern->tail_size > sizeof pattern->tail)
        pattern->tail_size = 0;
    memcpy(pattern->tail, text.data + from, pattern->tail_size);
}

/* Fills the pattern but for its number of edits. */
static void compile(struct kw_pattern *pattern, struct kw_view text, bool wild)
{
    *pattern = (struct kw_pattern){.none = false};
    size_t at = 0;
    while (at < text.size) {
        uint32_t code = kw_utf8_decode(text.data, at, text.size, &at);
        if (wild && code == '*') {
            add_bit(&pattern->run, pattern->size);
            continue;
        }
        if (pattern->size == KW_PATTERN_CHARACTERS) {
            pattern->none = true;
            break;
        }
        if (wild && code == '?')
            add_bit(&pattern->any, pattern->size);
        else
            add_character(pattern, code);
        pattern->size++;
    }
    pattern->words = pattern->size / 64 + 1;
    for (uint32_t i = 0; i < pattern->character_count && pattern->characters[i].code < 128; i++)
        pattern->ascii[pattern->characters[i].code] = (uint8_t)(i + 1);
    if (wild && !pattern->none)
        keep_tail(pattern, text);
}

void kw_pattern_wildcard(struct kw_pattern *pattern, struct kw_view text)
{
    compile(pattern, text, true);
}

void kw_pattern_prefix(const struct kw_pattern *pattern, struct kw_bytes *out)
{
    for (uint32_t i = 0; i < pattern->size && !pattern->edits && !has_bit(&pattern->run, i) &&
                         !has_bit(&pattern->any, i);
         i++) {
        const struct kw_pattern_character *character = pattern->characters;
        uint8_t bytes[4];
        while (!has_bit(&character->at, i))
            character++;
        kw_bytes_append(out, bytes, kw_utf8_encode(character->code, bytes));
    }
}

void kw_pattern_spelling(struct kw_pattern *pattern, struct kw_view word, uint32_t edits)
{
    compile(pattern, word, false);
    pattern->edits = edits;
}

void kw_pattern_start(const struct kw_pattern *pattern, struct kw_pattern_state *state)
{
    *state = (struct kw_pattern_state){.spent = {{{0}}}};
    for (uint32_t edits = 0; edits <= pattern->edits && !pattern->none; edits++)
        for (uint32_t bit = 0; bit <= edits && bit <= pattern->size; bit++)
            add_bit(&state->spent[edits], bit);
}

/* Word `w` of a set whose numbers are all one higher, or one lower. */
static inline uint64_t higher(const struct kw_pattern_set *set, uint32_t w)
{
    return set->words[w] << 1 | (w ? set->words[w - 1] >> 63 : 0);
}

static inline uint64_t lower(const struct kw_pattern_set *set, uint32_t w, uint32_t words)
{
    return set->words[w] >> 1 | (w + 1 < words ? set->words[w + 1] << 63 : 0);
}

/* Where the pattern has `code`, question marks apart. */
static const struct kw_pattern_set *places_of(const struct kw_pattern *pattern, uint32_t code)
{
    static const struct kw_pattern_set nowhere;
    if (code < 128)
        return pattern->ascii[code] ? &pattern->characters[pattern->ascii[code] - 1].at : &nowhere;
    uint32_t place = find_character(pattern, code);
    bool found = place < pattern->character_count && pattern->characters[place].code == code;
    return found ? &pattern->characters[place].at : &nowhere;
}

/* What `edits` > 0 edits reach behind a character that the pattern has at `places`, once *to has
 * what one edit less does. */
static inline void step_edited(const struct kw_pattern *pattern,
                               const struct kw_pattern_state *from, uint32_t edits,
                               const struct kw_pattern_set *places, struct kw_pattern_state *to,
                               uint32_t words)
{
    const struct kw_pattern_set *before = &from->spent[edits - 1], *less = &to->spent[edits - 1];
    struct kw_pattern_set equal, swapped, first;
    for (uint32_t w = 0; w < words; w++) {
        equal.words[w] = from->spent[edits].words[w] & places->words[w];
        swapped.words[w] = from->swaps[edits - 1].words[w] & places->words[w];
    }
    for (uint32_t w = 0; w < words; w++)
        first.words[w] = higher(&swapped, w);
    for (uint32_t w = 0; w < words; w++) {
        to->swaps[edits - 1].words[w] = before->words[w] & lower(places, w, words);
        to->spent[edits].words[w] = higher(&equal, w)    /* the same character */
                                    | before->words[w]   /* one inserted */
                                    | higher(before, w)  /* one in place of another */
                                    | higher(less, w)    /* one deleted */
                                    | higher(&first, w); /* the first of two that are swapped */
    }
    to->spent[edits].words[words - 1] &= UINT64_MAX >> (63 - pattern->size % 64);
}

/* As kw_pattern_step; `words` is the pattern's, so that the compiler knows it where it is 1. */
static inline bool step(const struct kw_pattern *pattern, const struct kw_pattern_state *from,
                        uint32_t code, struct kw_pattern_state *to, uint32_t words)
{
    const struct kw_pattern_set *places = places_of(pattern, code);
    struct kw_pattern_set equal;
    uint64_t alive = 0;
    for (uint32_t w = 0; w < words; w++)
        equal.words[w] = from->spent[0].words[w] & (places->words[w] | pattern->any.words[w]);
    for (uint32_t w = 0; w < words; w++)
        to->spent[0].words[w] =
            higher(&equal, w) | (from->spent[0].words[w] & pattern->run.words[w]);
    for (uint32_t edits = 1; edits <= pattern->edits; edits++)
        step_edited(pattern, from, edits, places, to, words);
    for (uint32_t w = 0; w < words; w++) {
        alive |= to->spent[pattern->edits].words[w];
        if (pattern->edits)
            alive |= to->swaps[pattern->edits - 1].words[w];
    }
    return alive != 0;
}

bool kw_pattern_step(const struct kw_pattern *pattern, const struct kw_pattern_state *from,
                     uint32_t code, struct kw_pattern_state *to)
{
    return pattern->words == 1 ? step(pattern, from, code, to, 1)
                               : step(pattern, from, code, to, pattern->words);
}

bool kw_pattern_accepts(const struct kw_pattern *pattern, const struct kw_pattern_state *state)
{
    return has_bit(&state->spent[pattern->edits], pattern->size);
}

/* Whether every character leads somewhere. */
static bool takes_any(const struct kw_pattern *pattern, const struct kw_pattern_state *state)
{
    uint64_t found = 0;
    for (uint32_t w = 0; w < pattern->words; w++) {
        found |= state->spent[0].words[w] & (pattern->any.words[w] | pattern->run.words[w]);
        if (pattern->edits)
            found |= state->spent[pattern->edits - 1].words[w];
    }
    return found != 0;
}

bool kw_pattern_least(const struct kw_pattern *pattern, const struct kw_pattern_state *state,
                      uint32_t from, uint32_t *code)
{
    *code = from;
    if (from >= KW_CHARACTERS)
        return false;
    if (takes_any(pattern, state))
        return true;
    const struct kw_pattern_set *spent = &state->spent[pattern->edits];
    const struct kw_pattern_set *swaps =
        pattern->edits ? &state->swaps[pattern->edits - 1] : &state->spent[0];
    for (uint32_t i = find_character(pattern, from); i < pattern->character_count; i++) {
        const struct kw_pattern_character *character = &pattern->characters[i];
        for (uint32_t w = 0; w < pattern->words; w++) {
            if ((spent->words[w] | swaps->words[w]) & character->at.words[w]) {
                *code = character->code;
                return true;
            }
        }
    }
    return false;
}
