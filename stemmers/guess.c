/* Guessing languages: evidence from words, letters and scripts, gathered in one pass. */
#include "stemmers/guess.h"

#include "stemmers/frequent_words.h"
#include "stemmers/language.h"
#include "stemmers/utf8.h"

#include <strings.h>

enum {
    NEAR_LETTERS = 0x700, /* letters below this are counted one by one … */
    FAR_FIRST = 0x1EA0,   /* … and so are these, of Vietnamese */
    FAR_END = 0x1F00,
    LETTERS = NEAR_LETTERS + FAR_END - FAR_FIRST,
    CLEAR_SCORE = 96,   /* less evidence than this, in eighths of a nat, says nothing, */
    CLEAR_QUARTERS = 3, /* nor does less than so many quarters of an eighth for each letter */
};

/* Where letters are; what lies between is none. Marks that stand within words count as letters. */
static const struct {
    uint16_t first, last;
    uint8_t script;
} ranges[] = {
    {0xAA, 0xAA, KW_SCRIPT_MANY},         {0xB5, 0xB5, KW_SCRIPT_MANY},
    {0xBA, 0xBA, KW_SCRIPT_MANY},         {0xC0, 0xD6, KW_SCRIPT_MANY},
    {0xD8, 0xF6, KW_SCRIPT_MANY},         {0xF8, 0x24F, KW_SCRIPT_MANY},
    {0x300, 0x36F, KW_SCRIPT_MANY},       {0x370, 0x3FF, KW_SCRIPT_GREEK},
    {0x400, 0x52F, KW_SCRIPT_MANY},       {0x531, 0x587, KW_SCRIPT_ARMENIAN},
    {0x591, 0x5F2, KW_SCRIPT_HEBREW},     {0x610, 0x61A, KW_SCRIPT_MANY},
    {0x620, 0x65F, KW_SCRIPT_MANY},       {0x66E, 0x6D3, KW_SCRIPT_MANY},
    {0x6D5, 0x6DC, KW_SCRIPT_MANY},       {0x6FA, 0x6FF, KW_SCRIPT_MANY},
    {0x900, 0x963, KW_SCRIPT_DEVANAGARI}, {0x970, 0x97F, KW_SCRIPT_DEVANAGARI},
    {0xB80, 0xBE5, KW_SCRIPT_TAMIL},      {0xE01, 0xE4E, KW_SCRIPT_THAI},
    {0x1100, 0x11FF, KW_SCRIPT_HANGUL},   {0x1E00, 0x1EFF, KW_SCRIPT_MANY},
    {0x1F00, 0x1FFF, KW_SCRIPT_GREEK},    {0x3041, 0x3096, KW_SCRIPT_KANA},
    {0x30A1, 0x30FA, KW_SCRIPT_KANA},     {0x3131, 0x318E, KW_SCRIPT_HANGUL},
    {0x3400, 0x9FFF, KW_SCRIPT_HAN},      {0xAC00, 0xD7A3, KW_SCRIPT_HANGUL},
    {0xF900, 0xFAFF, KW_SCRIPT_HAN},      {0xFF66, 0xFF9D, KW_SCRIPT_KANA},
};

/* The evidence so far, and the word being read. */
struct evidence {
    uint32_t score[KW_KNOWN_LANGUAGES];
    uint32_t script[KW_SCRIPTS];
    uint32_t letters;
    uint16_t letter[LETTERS];
    uint8_t word[KW_FREQUENT_WORD_SIZE + 1];
    size_t size;  /* of the word; above KW_FREQUENT_WORD_SIZE it is too long to be known */
    size_t start; /* of the word in its text */
    uint32_t hash;
};

static enum kw_script script_of(uint32_t code)
{
    size_t low = 0, high = sizeof ranges / sizeof *ranges;

    if (code >= 0x400 && code < 0x460) /* Cyrillic, for speed */
        return KW_SCRIPT_MANY;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (code > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == sizeof ranges / sizeof *ranges || code < ranges[low].first)
        return KW_SCRIPT_NONE;
    return ranges[low].script;
}

/* The lower case of a letter, where it lies a fixed step away, as it does for the languages known.
 */
static uint32_t lower(uint32_t code)
{
    if (code >= 0x430 && code < 0x460) /* Cyrillic, for speed */
        return code;
    if (code < 0x100)
        return code >= 0xC0 && code <= 0xDE ? code + 0x20 : code;
    if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E) || code == 0x1AF)
        return code + (code & 1);
    if (code < 0x220 || (code >= 0x460 && code < 0x530) || (code >= 0x1E00 && code < 0x1F00))
        return code == 0x130 || code == 0x1B0 ? code : code | 1;
    if (code >= 0x391 && code <= 0x3AB)
        return code + 0x20;
    if (code >= 0x386 && code <= 0x38A)
        return code == 0x386 ? 0x3AC : code + 37;
    if (code >= 0x38C && code <= 0x38F)
        return code == 0x38C ? 0x3CC : code + 63;
    if (code >= 0x400 && code <= 0x42F)
        return code < 0x410 ? code + 0x50 : code + 0x20;
    if (code >= 0x531 && code <= 0x556)
        return code + 0x30;
    return code == 0x3C2 ? 0x3C3 : code;
}

static void append_byte(struct evidence *evidence, uint8_t byte)
{
    if (evidence->size > KW_FREQUENT_WORD_SIZE)
        return;
    evidence->word[evidence->size++] = byte;
    evidence->hash = kw_frequent_word_hash(evidence->hash, byte);
}

static void append(struct evidence *evidence, uint32_t code)
{
    uint8_t bytes[KW_UTF8_BYTES];
    size_t size = kw_utf8_encode(code, bytes);

    for (size_t i = 0; i < size; i++)
        append_byte(evidence, bytes[i]);
}

/* Adds a letter beyond ASCII, in lower case, to the word, folded as written forms are. */
static void append_letter(struct evidence *evidence, uint32_t code)
{
    if (code == 0xDF) { /* ß */
        append_byte(evidence, 's');
        append_byte(evidence, 's');
    } else if (code == 0x130) { /* Turkish İ */
        append_byte(evidence, 'i');
        append(evidence, 0x307);
    } else if (code == 0x587) { /* Armenian և */
        append(evidence, 0x565);
        append(evidence, 0x582);
    } else if (code != 0x640) { /* the Arabic tatweel only stretches words */
        append(evidence, code);
    }
}

/* Signs that join a word to what is before it, behind it, or behind it unless white space follows.
 */
enum { BEFORE = 1, BEHIND = 2, INSIDE = 4 };

static const uint8_t joins[256] = {
    ['@'] = BEFORE | BEHIND,  ['_'] = BEFORE | BEHIND, ['/'] = BEFORE | BEHIND,
    ['\\'] = BEFORE | BEHIND, ['='] = BEFORE | BEHIND, ['$'] = BEFORE | BEHIND,
    ['0'] = BEFORE | BEHIND,  ['1'] = BEFORE | BEHIND, ['2'] = BEFORE | BEHIND,
    ['3'] = BEFORE | BEHIND,  ['4'] = BEFORE | BEHIND, ['5'] = BEFORE | BEHIND,
    ['6'] = BEFORE | BEHIND,  ['7'] = BEFORE | BEHIND, ['8'] = BEFORE | BEHIND,
    ['9'] = BEFORE | BEHIND,  ['.'] = BEFORE | INSIDE, [':'] = BEFORE | INSIDE,
    ['#'] = BEFORE,           ['('] = BEHIND,          ['['] = BEHIND,
};

/* Whether what stands at `at`, if anything, is white space, an apostrophe or no ASCII. */
static bool is_apart(struct kw_view text, size_t at)
{
    return at >= text.size || text.data[at] <= ' ' || text.data[at] == '\'' ||
           text.data[at] >= 0x80;
}

/* Whether the word of text[start..end) is a part of an address, a path or an identifier, or a
 * single letter among signs: they say nothing of the language around them. */
static bool is_joined(struct kw_view text, size_t start, size_t end)
{
    uint8_t behind;

    if (start > 0 && joins[text.data[start - 1]] & BEFORE)
        return true;
    if (end - start == 1 && !((start == 0 || is_apart(text, start - 1)) && is_apart(text, end)))
        return true;
    if (end == text.size)
        return false;
    behind = joins[text.data[end]];
    return behind & BEHIND || (behind & INSIDE && end + 1 < text.size && text.data[end + 1] > ' ');
}

static void add(struct evidence *evidence, const struct kw_frequent_word *word)
{
    for (size_t i = 0; i < word->count; i++) {
        const struct kw_word_language *in = &kw_word_languages[word->first + i];

        evidence->score[in->language] += in->weight;
    }
}

/* Looks the last letters of the word up, which the table holds with a hyphen before them. */
static const struct kw_frequent_word *known_ending(const struct evidence *evidence)
{
    uint8_t ending[1 + KW_ENDING_LETTERS * KW_UTF8_BYTES] = "-";
    uint32_t hash = kw_frequent_word_hash(KW_FREQUENT_WORD_HASH, '-');
    size_t at = evidence->size, size = 1;

    for (int letters = 0; letters < KW_ENDING_LETTERS; letters++) {
        while (at > 0 && kw_utf8_is_continuation(evidence->word[--at]))
            ;
        if (at == 0)
            return NULL;
    }
    for (; at < evidence->size; at++) {
        ending[size++] = evidence->word[at];
        hash = kw_frequent_word_hash(hash, evidence->word[at]);
    }
    return kw_frequent_word(ending, size, hash);
}

/* Takes note of the word that ends here. */
static void end_word(struct evidence *evidence, struct kw_view text, size_t end)
{
    const struct kw_frequent_word *word = NULL;

    if (evidence->size <= KW_FREQUENT_WORD_SIZE && !is_joined(text, evidence->start, end)) {
        word = kw_frequent_word(evidence->word, evidence->size, evidence->hash);
        if (!word)
            word = known_ending(evidence);
    }
    if (word)
        add(evidence, word);
    evidence->size = 0;
    evidence->hash = KW_FREQUENT_WORD_HASH;
}

/* Takes note of a letter beyond ASCII. */
static void see_letter(struct evidence *evidence, enum kw_script script, uint32_t code, size_t at)
{
    code = lower(code);
    evidence->letters++;
    evidence->script[script]++;
    if (script == KW_SCRIPT_MANY && code < NEAR_LETTERS)
        evidence->letter[code]++;
    else if (script == KW_SCRIPT_MANY && code >= FAR_FIRST && code < FAR_END)
        evidence->letter[NEAR_LETTERS + code - FAR_FIRST]++;
    if (script < KW_SCRIPT_THAI) {
        if (evidence->size == 0)
            evidence->start = at;
        append_letter(evidence, code);
    }
}

static bool is_ignorable(uint32_t code)
{
    return code == 0xAD || (code >= 0x200B && code <= 0x200F); /* soft hyphens, joiners */
}

/* Gathers the evidence of one stretch. */
static void see(struct evidence *evidence, struct kw_view text)
{
    size_t next;

    for (size_t at = 0; at < text.size; at = next) {
        uint8_t byte = text.data[at];
        enum kw_script script = KW_SCRIPT_NONE;
        uint32_t code;

        next = at + 1;
        if ((uint8_t)((byte | 0x20) - 'a') < 26) {
            if (evidence->size == 0)
                evidence->start = at;
            append_byte(evidence, byte | 0x20);
            evidence->letters++;
            continue;
        }
        if (byte >= 0x80) {
            code = kw_utf8_decode(text.data, at, text.size, &next);
            if (is_ignorable(code))
                continue;
            script = script_of(code);
            if (script != KW_SCRIPT_NONE)
                see_letter(evidence, script, code, at);
        }
        if (evidence->size > 0 && (script == KW_SCRIPT_NONE || script >= KW_SCRIPT_THAI))
            end_word(evidence, text, at);
    }
    if (evidence->size > 0)
        end_word(evidence, text, text.size);
}

/* What letters and scripts say, added to what words said. */
static void weigh(const struct evidence *evidence, int64_t *score)
{
    for (int i = 0; i < KW_KNOWN_LANGUAGES; i++)
        score[i] = evidence->score[i];
    for (size_t i = 0; i < kw_known_letter_count; i++) {
        const struct kw_known_letter *letter = &kw_known_letters[i];
        size_t at =
            letter->code < NEAR_LETTERS ? letter->code : NEAR_LETTERS + letter->code - FAR_FIRST;

        for (size_t k = 0; evidence->letter[at] > 0 && k < letter->count; k++) {
            const struct kw_letter_language *in = &kw_letter_languages[letter->first + k];

            score[in->language] += (int64_t)in->weight * evidence->letter[at];
        }
    }
    for (size_t i = 0; i < kw_script_language_count; i++) {
        const struct kw_script_language *in = &kw_script_languages[i];

        score[in->language] += (int64_t)in->weight * evidence->script[in->script];
    }
}

int kw_guess_language(struct kw_view text)
{
    struct evidence evidence = {.hash = KW_FREQUENT_WORD_HASH};
    int64_t score[KW_KNOWN_LANGUAGES];
    int best = 0;

    if (text.size <= (size_t)KW_GUESS_SAMPLES * KW_GUESS_SAMPLE_BYTES) {
        see(&evidence, text);
    } else {
        for (size_t i = 0; i < KW_GUESS_SAMPLES; i++) {
            size_t start = (text.size - KW_GUESS_SAMPLE_BYTES) / (KW_GUESS_SAMPLES - 1) * i;
            size_t end = kw_utf8_floor(text, start + KW_GUESS_SAMPLE_BYTES);

            start = kw_utf8_floor(text, start);
            see(&evidence, (struct kw_view){text.data + start, end - start});
        }
    }
    weigh(&evidence, score);
    for (int i = 1; i < KW_KNOWN_LANGUAGES; i++)
        if (score[i] > score[best])
            best = i;
    if (score[best] < CLEAR_SCORE || score[best] * 4 < (int64_t)evidence.letters * CLEAR_QUARTERS)
        return KW_UNKNOWN_LANGUAGE;
    return best;
}

const struct kw_known_language *kw_known_language(int language)
{
    return language >= 0 && language < KW_KNOWN_LANGUAGES ? &kw_known_languages[language] : NULL;
}

int kw_known_language_find(const char *name)
{
    for (int i = 0; i < KW_KNOWN_LANGUAGES; i++)
        if (strcasecmp(name, kw_known_languages[i].name) == 0 ||
            strcasecmp(name, kw_known_languages[i].code) == 0)
            return i;
    return KW_UNKNOWN_LANGUAGE;
}

/* The name that a known language is recorded under. */
static const char *recorded_name(int language)
{
    const struct kw_known_language *known = kw_known_language(language);

    if (!known)
        return NULL;
    return known->stemmer ? known->stemmer : known->name;
}

const char *kw_guess_name(struct kw_view text)
{
    const char *name = recorded_name(kw_guess_language(text));

    return name ? name : "none";
}

const char *kw_guess_named(const char *name)
{
    const char *own = kw_language_find(name);

    return own ? own : recorded_name(kw_known_language_find(name));
}
