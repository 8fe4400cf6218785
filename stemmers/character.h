/* What the analyzer knows of each character: sixteen bits from a two-stage table that
 * tools/make-word-tables writes from the Unicode Character Database 15.0. */
#ifndef KW_STEMMERS_CHARACTER_H
#define KW_STEMMERS_CHARACTER_H

#include "stemmers/utf8.h"

/* Word_Break values (UAX #29, table 3) and two of our own, the low five bits. */
enum kw_break {
    KW_BREAK_OTHER,
    KW_BREAK_CR,
    KW_BREAK_LF,
    KW_BREAK_NEWLINE,
    KW_BREAK_EXTEND,
    KW_BREAK_ZWJ,
    KW_BREAK_FORMAT,
    KW_BREAK_KATAKANA,
    KW_BREAK_HEBREW,
    KW_BREAK_LETTER,
    KW_BREAK_SINGLE_QUOTE,
    KW_BREAK_DOUBLE_QUOTE,
    KW_BREAK_MID_NUM_LET,
    KW_BREAK_MID_LETTER,
    KW_BREAK_MID_NUM,
    KW_BREAK_NUMERIC,
    KW_BREAK_EXTEND_NUM_LET,
    KW_BREAK_REGIONAL,
    KW_BREAK_SPACE,
    KW_BREAK_COLON,     /* MidLetter in the standard, Other in search */
    KW_BREAK_SUBSCRIPT, /* digits of chemistry: Other in the standard, Numeric in search */
};

enum {
    KW_CHAR_BREAK = 0x1F,
    KW_CHAR_PICTOGRAPH = 1 << 5, /* Extended_Pictographic */
    KW_CHAR_IDEOGRAPH = 1 << 6,  /* Han, kana: no spaces, a word or two a character */
    KW_CHAR_CLUSTER = 2 << 6,    /* Thai, Lao, Khmer, Myanmar and others: no spaces, clusters */
    KW_CHAR_SPACELESS = 3 << 6,  /* either of the two */
    KW_CHAR_WORD = 1 << 8,       /* makes its segment a word: letters, digits, emoji */
    KW_CHAR_CONTINUES = 1 << 9,  /* belongs to the character before it */
    KW_CHAR_SENTENCE = 7 << 10,  /* one of enum kw_sentence */
    KW_CHAR_MARK_BASE = 1 << 13, /* a letter whose marks the surface form drops */
    KW_CHAR_MARK_AFTER_BASE = 1 << 14, /* a mark that goes with such a letter */
    KW_CHAR_MARK_ALWAYS = 1 << 15,     /* a mark that the surface form drops anywhere */
};

/* What a character means for the ends of sentences. */
enum kw_sentence {
    KW_SENTENCE_NOTHING = 0,
    KW_SENTENCE_PERIOD = 1 << 10,    /* may end one or abbreviate: . … */
    KW_SENTENCE_STOP = 2 << 10,      /* ends one if white space follows: ! ? and their like */
    KW_SENTENCE_WIDE_STOP = 3 << 10, /* ends one without white space: the stops of CJK */
    KW_SENTENCE_CLOSE = 4 << 10,     /* closing quotes and brackets, which stay with a stop */
    KW_SENTENCE_QUOTE = 5 << 10,     /* quotes that open in some languages and close in others */
    KW_SENTENCE_SPACE = 6 << 10,     /* white space */
};

enum {
    KW_CHARACTER_BLOCK = 128,
    KW_CHARACTER_BLOCKS = KW_CHARACTERS / KW_CHARACTER_BLOCK,
    KW_CHARACTER_LETTERS = 0x800,
};

extern const uint8_t kw_character_block[KW_CHARACTER_BLOCKS];
extern const uint16_t kw_character_bits[];

/* A bit for each code point below KW_CHARACTER_LETTERS: set for letters and digits of scripts with
 * spaces, but for Hebrew ones. */
extern const uint64_t kw_character_letters[KW_CHARACTER_LETTERS / 64];

/* The bits of a code point; 0 for what is none. */
static inline unsigned kw_character(uint32_t code)
{
    if (code >= KW_CHARACTERS)
        return 0;
    return kw_character_bits[kw_character_block[code / KW_CHARACTER_BLOCK] * KW_CHARACTER_BLOCK +
                             code % KW_CHARACTER_BLOCK];
}

/* The bits of the character at `at` of data[0..end), at < end; *next is the offset behind it. */
static inline unsigned kw_character_at(const uint8_t *data, size_t at, size_t end, size_t *next)
{
    if (data[at] < 0x80) { /* they are in the first block */
        *next = at + 1;
        return kw_character_bits[data[at]];
    }
    return kw_character(kw_utf8_decode(data, at, end, next));
}

#endif
