/* Stemming words as written. */
#include "stemmers/stem.h"

#include "stemmers/character.h"
#include "stemmers/language.h"
#include "stemmers/other_words.h"

#include <libstemmer.h>

/* Whether libstemmer has a language of exactly this name. */
static bool is_snowballs(const char *name)
{
    const char *own;

    for (size_t i = 0; (own = kw_language_name(i)) != NULL; i++)
        if (strcmp(own, name) == 0)
            return true;
    return false;
}

enum kw_status kw_stemmer_init(struct kw_stemmer *stemmer, const char *language,
                               struct kw_error *error)
{
    *stemmer = (struct kw_stemmer)KW_STEMMER_INIT;
    if (!is_snowballs(language))
        return KW_OK;
    stemmer->snowball = sb_stemmer_new(language, "UTF_8");
    if (!stemmer->snowball)
        return kw_fail_memory(error);
    if (strcmp(language, "turkish") == 0 || strcmp(language, "dutch") == 0)
        stemmer->spelling = KW_SPELLING_ENDINGS;
    else if (strcmp(language, "romanian") == 0)
        stemmer->spelling = KW_SPELLING_COMMAS;
    return KW_OK;
}

/* Whether Snowball's rules are for words like this one. */
static bool has_stem(struct kw_view word, enum kw_rules rules)
{
    if (rules != KW_RULES_OWN)
        return kw_other_words_stems(word);
    for (size_t at = 0, next; at < word.size; at = next) {
        uint32_t code = kw_utf8_decode(word.data, at, word.size, &next);
        unsigned bits = kw_character(code);
        if (bits & KW_CHAR_SPACELESS || (bits & KW_CHAR_BREAK) == KW_BREAK_NUMERIC || code == '+' ||
            code == '#' || (code == '.' && at == 0))
            return false;
    }
    return true;
}

/* The word as Snowball reads it, perhaps in fold->written. */
static struct kw_view respell(const struct kw_stemmer *stemmer, struct kw_view word,
                              struct kw_fold *fold)
{
    if (fold->rules != KW_RULES_OWN)
        return word;
    if (stemmer->spelling == KW_SPELLING_ENDINGS) {
        const uint8_t *apostrophe = (const uint8_t *)memchr(word.data, '\'', word.size);
        if (apostrophe && apostrophe > word.data)
            word.size = (size_t)(apostrophe - word.data);
    } else if (stemmer->spelling == KW_SPELLING_COMMAS) {
        kw_bytes_clear(&fold->written);
        kw_bytes_append_view(&fold->written, word);
        word = kw_bytes_view(&fold->written);
        for (size_t i = 0; i + 1 < word.size; i++)
            if (word.data[i] == 0xC8 && (word.data[i + 1] == 0x99 || word.data[i + 1] == 0x9B)) {
                fold->written.data[i] = 0xC5;
                fold->written.data[i + 1] = word.data[i + 1] == 0x99 ? 0x9F : 0xA3;
            }
    }
    return word;
}

enum kw_status kw_stemmer_stem(struct kw_stemmer *stemmer, struct kw_view written,
                               struct kw_fold *fold, struct kw_view *stem, struct kw_error *error)
{
    enum kw_status status;

    if (stemmer->snowball && has_stem(written, fold->rules)) {
        struct kw_view word = respell(stemmer, written, fold);
        const sb_symbol *bytes = sb_stemmer_stem(stemmer->snowball, word.data, (int)word.size);
        size_t size = (size_t)sb_stemmer_length(stemmer->snowball);
        if (!bytes || fold->written.failed)
            return kw_fail_memory(error);
        if (size > 0)
            written = (struct kw_view){bytes, size};
    }
    status = kw_fold_word(fold, written, error);
    if (status == KW_OK)
        *stem = kw_bytes_view(&fold->surface);
    return status;
}

void kw_stemmer_release(struct kw_stemmer *stemmer)
{
    if (stemmer->snowball)
        sb_stemmer_delete(stemmer->snowball);
    stemmer->snowball = NULL;
}
