/* Looking stop words up in the table of frequent words. */
#include "stemmers/stop_words.h"

#include "stemmers/frequent_words.h"

bool kw_stop_word(int language, struct kw_view word)
{
    uint32_t hash = KW_FREQUENT_WORD_HASH;
    const struct kw_frequent_word *found;

    if (word.size > KW_FREQUENT_WORD_SIZE)
        return false;
    for (size_t i = 0; i < word.size; i++)
        hash = kw_frequent_word_hash(hash, word.data[i]);
    found = kw_frequent_word(word.data, word.size, hash);
    for (size_t i = 0; found && i < found->count; i++) {
        const struct kw_word_language *in = &kw_word_languages[found->first + i];

        if (in->language == language)
            return in->is_stop_word != 0;
    }
    return false;
}
