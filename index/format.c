/* Makes the keys of the lexicon. */
#include "index/format.h"

static void key_start(struct kw_bytes *key, struct kw_view field, enum kw_term_kind kind)
{
    kw_bytes_clear(key);
    kw_bytes_append_view(key, field);
    kw_bytes_append_byte(key, 0);
    kw_bytes_append_byte(key, (uint8_t)kind);
}

void kw_key_surface(struct kw_bytes *key, struct kw_view field, struct kw_view term)
{
    key_start(key, field, KW_TERM_SURFACE);
    kw_bytes_append_view(key, term);
}

void kw_key_stem(struct kw_bytes *key, struct kw_view field, struct kw_view language,
                 struct kw_view stem)
{
    key_start(key, field, KW_TERM_STEM);
    kw_bytes_append_view(key, language);
    kw_bytes_append_byte(key, 0);
    kw_bytes_append_view(key, stem);
}
