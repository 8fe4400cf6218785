/* Patterns of terms: wildcards, and spellings within some edits of a word, as automata over
 * characters that can also tell which is the least string they might still accept.
 *
 * Both are one nondeterministic automaton, run on sets of bits: a bit for each number of the
 * pattern's characters that were consumed, a set for each number of edits that were spent (Wu &
 * Manber, "Fast Text Searching Allowing Errors", 1992, with transpositions as Hyyrö 2003 has them).
 * No set ever holds a bit from which no string is accepted, so an automaton with empty sets is
 * dead. */
#ifndef KW_INDEX_PATTERN_H
#define KW_INDEX_PATTERN_H

#include "base/bytes.h"

enum {
    KW_PATTERN_EDITS = 2,        /* at most */
    KW_PATTERN_CHARACTERS = 220, /* at most, asterisks apart; no term has so many */
    KW_PATTERN_WORDS = 4,        /* of 64 bits, for a bit more than that */
    KW_PATTERN_SETS = 2 * KW_PATTERN_EDITS + 1,
};

/* A set of how many characters were consumed; only the first `words` words of it are used. */
struct kw_pattern_set {
    uint64_t words[KW_PATTERN_WORDS];
};

/* Which of the pattern's characters are `code`: bit i is the character i. */
struct kw_pattern_character {
    uint32_t code;
    struct kw_pattern_set at;
};

struct kw_pattern {
    uint32_t edits;
    uint32_t size;             /* characters, asterisks apart */
    uint32_t words;            /* of a set */
    bool none;                 /* too long for any term */
    struct kw_pattern_set any; /* question marks: bit i is the character i */
    struct kw_pattern_set run; /* asterisks: bit i stands before the character i */
    struct kw_pattern_character characters[KW_PATTERN_CHARACTERS]; /* by code, rising */
    uint32_t character_count;
    uint8_t ascii[128]; /* by code: place in `characters` + 1; 0: it is not among them */
    uint8_t tail[64];   /* a pattern that begins with an asterisk: bytes that end every match */
    size_t tail_size;
};

/* Where the automaton may be after some characters. */
struct kw_pattern_state {
    struct kw_pattern_set spent[KW_PATTERN_EDITS + 1]; /* with so many edits */
    struct kw_pattern_set swaps[KW_PATTERN_EDITS];     /* the last character was the second of two
                                                          that are swapped; with one edit more */
};

/* A wildcard: `*` is any run of characters, also an empty one, `?` any one character, all else
 * itself. */
void kw_pattern_wildcard(struct kw_pattern *pattern, struct kw_view text);

/* Appends to `out` what every string begins with that a pattern accepts, as far as that is plain.
 */
void kw_pattern_prefix(const struct kw_pattern *pattern, struct kw_bytes *out);

/* All strings within `edits` (1 or 2; at most KW_PATTERN_EDITS) edits of `word`: a character
 * inserted, deleted or put in place of another, or two neighbours swapped, none of which is edited
 * again (Damerau-Levenshtein, optimal string alignment). */
void kw_pattern_spelling(struct kw_pattern *pattern, struct kw_view word, uint32_t edits);

void kw_pattern_start(const struct kw_pattern *pattern, struct kw_pattern_state *state);

/* *to, another than *from, is where the character `code` leads; false if that is nowhere. */
bool kw_pattern_step(const struct kw_pattern *pattern, const struct kw_pattern_state *from,
                     uint32_t code, struct kw_pattern_state *to);

bool kw_pattern_accepts(const struct kw_pattern *pattern, const struct kw_pattern_state *state);

/* The least character ≥ `from` that leads anywhere; false if none does. */
bool kw_pattern_least(const struct kw_pattern *pattern, const struct kw_pattern_state *state,
                      uint32_t from, uint32_t *code);

#endif
