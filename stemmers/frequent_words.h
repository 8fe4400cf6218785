/* The table behind guess.c and stop_words.c: the languages known by their texts, their frequent
 * words and their letters. tools/make-stop-words counts them and writes stop_word_table.c. Weights
 * are in eighths of a nat. */
#ifndef KW_STEMMERS_FREQUENT_WORDS_H
#define KW_STEMMERS_FREQUENT_WORDS_H

#include "stemmers/guess.h"

enum {
    KW_FREQUENT_WORD_SIZE = 24, /* bytes of the longest word */
    KW_ENDING_LETTERS = 3,      /* of an ending, which the table holds as "-ing" */
    KW_FREQUENT_WORD_SLOTS = 16384,
};

/* Scripts, so far as they tell languages apart. From KW_SCRIPT_THAI on, no spaces part words. */
enum kw_script {
    KW_SCRIPT_NONE, /* no letter */
    KW_SCRIPT_MANY, /* of many languages: words and letters decide */
    KW_SCRIPT_GREEK,
    KW_SCRIPT_HEBREW,
    KW_SCRIPT_ARMENIAN,
    KW_SCRIPT_DEVANAGARI,
    KW_SCRIPT_TAMIL,
    KW_SCRIPT_HANGUL,
    KW_SCRIPT_THAI,
    KW_SCRIPT_KANA,
    KW_SCRIPT_HAN,
    KW_SCRIPTS,
};

extern const struct kw_known_language kw_known_languages[KW_KNOWN_LANGUAGES];

/* What a word says of a language: how much more often than rarely it stands in its texts. */
struct kw_word_language {
    uint8_t language;
    uint8_t weight;
    uint8_t is_stop_word;
};

/* A word in its written form, and where its languages begin in kw_word_languages. */
struct kw_frequent_word {
    char text[KW_FREQUENT_WORD_SIZE + 1];
    uint8_t size;
    uint8_t count;
    uint16_t first;
};

/* What a letter says: positive where it is at home, negative where it is rare. */
struct kw_letter_language {
    uint8_t language;
    int8_t weight;
};

/* A letter in lower case, and where its languages begin in kw_letter_languages. */
struct kw_known_letter {
    uint16_t code;
    uint16_t count;
    uint16_t first;
};

/* What each character of a script says for a language. */
struct kw_script_language {
    uint8_t script;
    uint8_t language;
    uint8_t weight;
};

extern const struct kw_frequent_word kw_frequent_words[];
extern const struct kw_word_language kw_word_languages[];
extern const uint16_t kw_frequent_word_slots[KW_FREQUENT_WORD_SLOTS]; /* 1 + the word's number */
extern const struct kw_known_letter kw_known_letters[];
extern const struct kw_letter_language kw_letter_languages[];
extern const size_t kw_known_letter_count;
extern const struct kw_script_language kw_script_languages[];
extern const size_t kw_script_language_count;

/* 32-bit FNV-1a (Fowler, Noll, Vo), a byte at a time. */
#define KW_FREQUENT_WORD_HASH 0x811C9DC5U

static inline uint32_t kw_frequent_word_hash(uint32_t hash, uint8_t byte)
{
    return (hash ^ byte) * 0x01000193U;
}

/* The word whose bytes are `data` and whose hash is `hash`; NULL if it is not in the table. */
static inline const struct kw_frequent_word *kw_frequent_word(const uint8_t *data, size_t size,
                                                              uint32_t hash)
{
    size_t slot = (hash ^ hash >> 15) % KW_FREQUENT_WORD_SLOTS;

    for (; kw_frequent_word_slots[slot]; slot = (slot + 1) % KW_FREQUENT_WORD_SLOTS) {
        const struct kw_frequent_word *word = &kw_frequent_words[kw_frequent_word_slots[slot] - 1];

        if (word->size == size && memcmp(word->text, data, size) == 0)
            return word;
    }
    return NULL;
}

#endif
