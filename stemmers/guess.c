/* Guessing languages: evidence from words, letters and scripts, gathered in one pass. */
#include "stemmers/guess.h"

#include "stemmers/frequent_words.h"
#include "stemmers/utf8.h"

#include <strings.h>

enum {
    NEAR_LETTERS = 0x700, /* letters below this are counted one by one … */
    FAR_FIRST = 0x1EA0,   /* … and so are these, of Vietnamese */
    FAR_END = 0x1F00,
    LETTERS = NEAR_LETTERS + FAR_END - FAR_FIRST,
    CLEAR_SCORE = 96,     /* less evidence than this, in eighths of a nat, says nothing */
    CLEAR_PER_LETTER = 1, /* and so does less than this for each letter */
};

/* Scripts that speak for one language, or for few, whatever the words. */
enum script {
    NO_LETTER,
    LETTER, /* of a script of many languages: words and letters decide */
    GREEK,
    HEBREW,
    ARMENIAN,
    DEVANAGARI,
    TAMIL,
    THAI,
    HANGUL,
    KANA,
    HAN,
    SCRIPTS,
};

/* Where letters are; what lies between is none. Marks that stand within words count as letters. */
static const struct {
    uint16_t first, last;
    uint8_t script;
} ranges[] = {
    {0xAA, 0xAA, LETTER},         {0xB5, 0xB5, LETTER},         {0xBA, 0xBA, LETTER},
    {0xC0, 0xD6, LETTER},         {0xD8, 0xF6, LETTER},         {0xF8, 0x24F, LETTER},
    {0x300, 0x36F, LETTER},       {0x370, 0x3FF, GREEK},        {0x400, 0x52F, LETTER},
    {0x531, 0x587, ARMENIAN},     {0x591, 0x5F2, HEBREW},       {0x610, 0x61A, LETTER},
    {0x620, 0x65F, LETTER},       {0x66E, 0x6D3, LETTER},       {0x6D5, 0x6DC, LETTER},
    {0x6FA, 0x6FF, LETTER},       {0x900, 0x963, DEVANAGARI},   {0x970, 0x97F, DEVANAGARI},
    {0xB80, 0xBE5, TAMIL},        {0xE01, 0xE4E, THAI},         {0x1100, 0x11FF, HANGUL},
    {0x1E00, 0x1EFF, LETTER},     {0x1F00, 0x1FFF, GREEK},      {0x3041, 0x3096, KANA},
    {0x30A1, 0x30FA, KANA},       {0x3131, 0x318E, HANGUL},     {0x3400, 0x9FFF, HAN},
    {0xAC00, 0xD7A3, HANGUL},     {0xF900, 0xFAFF, HAN},        {0xFF66, 0xFF9D, KANA},
};

/* What one character of a script says for a language, by its code. */
static const struct {
    uint8_t script;
    char code[3];
    uint8_t weight;
} script_weights[] = {
    {GREEK, "el", 2}, {HEBREW, "he", 4},  {ARMENIAN, "hy", 3}, {DEVANAGARI, "hi", 3},
    {TAMIL, "ta", 3}, {THAI, "th", 4},    {HANGUL, "ko", 10},  {KANA, "ja", 14},
    {HAN, "zh", 12},  {HAN, "ja", 9},
};

/* The evidence so far, and the word being read. */
struct evidence {
    uint32_t score[KW_KNOWN_LANGUAGES];
    uint32_t script[SCRIPTS];
    uint32_t letters;
    uint16_t letter[LETTERS];
    uint8_t word[KW_FREQUENT_WORD_SIZE + KW_UTF8_BYTES * 2];
    size_t size; /* of the word; above KW_FREQUENT_WORD_SIZE it is too long to be known */
    uint32_t hash;
};

static enum script script_of(uint32_t code)
{
    size_t low = 0, high = sizeof ranges / sizeof *ranges;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (code > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == sizeof ranges / sizeof *ranges || code < ranges[low].first)
        return NO_LETTER;
    return (enum script)ranges[low].script;
}

/* The lower case of a letter of Latin, Greek, Cyrillic or Armenian, where it lies a fixed step
 * away. */
static uint32_t lower(uint32_t code)
{
    if (code < 0x100)
        return code >= 0xC0 && code <= 0xDE ? code + 0x20 : code;
    if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E))
        return code + (code & 1);
    if (code < 0x220 || (code >= 0x460 && code < 0x530) || (code >= 0x1E00 && code < 0x1F00))
        return code == 0x131 || code == 0x1AF ? code + (code == 0x1AF) : code | 1;
    if (code >= 0x391 && code <= 0x3AB)
        return code + 0x20;
    if (code >= 0x386 && code <= 0x38F)
        return code == 0x386 ? 0x3AC : code <= 0x38A ? code + 37 : code == 0x38C ? 0x3CC : code + 63;
    if (code == 0x3C2)
        return 0x3C3;
    if (code >= 0x400 && code <= 0x42F)
        return code < 0x410 ? code + 0x50 : code + 0x20;
    if (code >= 0x531 && code <= 0x556)
        return code + 0x30;
    return code;
}
