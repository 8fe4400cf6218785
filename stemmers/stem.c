/* Stemming words as written. */
#include "stemmers/stem.h"

#include "stemmers/character.h"

#include <libstemmer.h>

enum kw_status kw_stemmer_init(struct kw_stemmer *stemmer, const char *language,
                               struct kw_error *error)
{
    stemmer->snowball = NULL;
    if (strcmp(language, "none") == 0)
        return KW_OK;
    stemmer->snowball = sb_stemmer_new(language, "UTF_8");
    if (!stemmer->snowball)
        return kw_fail(error, KW_E_USAGE, "no stemmer for language '%s'", language);
    return KW_OK;
}

/* Whether Snowball's rules are for words like this one. */
static bool has_stem(struct kw_view word)
{
    for (size_t at = 0, next; at < word.size; at = next) {
        uint32_t code = kw_utf8_decode(word.data, at, word.size, &next);
        unsigned bits = kw_character(code);
        if (bits & KW_CHAR_SPACELESS || (bits & KW_CHAR_BREAK) == KW_BREAK_NUMERIC || code == '+' ||
            code == '#' || (code == '.' && at == 0))
            return false;
    }
    return true;
}

enum kw_status kw_stemmer_stem(struct kw_stemmer *stemmer, struct kw_view written,
                               struct kw_fold *fold, struct kw_view *stem, struct kw_error *error)
{
    enum kw_status status;

    if (has_stem(written)) {
        const sb_symbol *bytes =
            sb_stemmer_stem(stemmer->snowball, written.data, (int)written.size);
        size_t size = (size_t)sb_stemmer_length(stemmer->snowball);
        if (!bytes)
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
