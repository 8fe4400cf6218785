/* Where the words of a query stand: in a database of another program's, and in the text that is
 * shown of its documents, which kwic cuts anew, since it may have changed. */
#include "xapian/foreign.h"

#include "xapian/stored.h"

#include <stdlib.h>

/* Positions below this are of the text that is shown; then come, as many each, those of the
 * database's alternatives, and then those that are invented. */
static const uint32_t region = UINT32_C(1) << 28;

enum { APART = KW_QUERY_DISTANCE + 1 }; /* what is invented, so that it is near nothing */

/* ---- In the database ---------------------------------------------------------------------- */

static enum kw_status append_positions(struct kw_xapian *xapian, const struct kw_bytes *term,
                                       unsigned alternative, uint32_t docid,
                                       struct xc_positions *positions, struct kw_places *places,
                                       struct kw_error *error)
{
    uint32_t position;
    enum xc_status at = XC_OK;
    enum kw_status status = kw_bytes_status(term, error);
    if (status != KW_OK)
        return status;
    if (xc_database_positions(xapian->database, docid, kw_xapian_text(kw_bytes_view(term)),
                              positions) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    while ((at = xc_positions_next(positions, &position)) == XC_OK) {
        if (position >= region)
            continue;
        if (!kw_grow(places, places->count + 1))
            return kw_fail_memory(error);
        places->items[places->count++] = (alternative + 1) * region + position;
    }
    return at == XC_END ? KW_OK : kw_xapian_failed(xapian, xc_positions_error(positions), error);
}

enum kw_status kw_foreign_positions(struct kw_xapian *xapian, const struct kw_wanted *wanted,
                                    uint32_t number, unsigned alternative, uint32_t docid,
                                    struct kw_places *places, struct kw_error *error)
{
    const struct kw_excerpt_term *asked = &wanted->terms.items[number];
    const struct kw_view none = {NULL, 0};
    struct kw_bytes term = KW_BYTES_INIT;
    struct xc_positions *positions = xc_positions_new();
    size_t before = places->count;
    enum kw_status status = positions ? KW_OK : kw_fail_memory(error);
    kw_xapian_term(xapian, asked->field, asked->language, asked->bytes, alternative, &term);
    if (status == KW_OK)
        status = append_positions(xapian, &term, alternative, docid, positions, places, error);
    if (places->count == before && asked->language.size)
        for (size_t i = wanted->surfaces_of[number];
             i < wanted->surfaces_of[number + 1] && status == KW_OK; i++) {
            kw_xapian_term(xapian, asked->field, none, wanted->surfaces.items[i], alternative,
                           &term);
            status = append_positions(xapian, &term, alternative, docid, positions, places, error);
        }
    xc_positions_free(positions);
    kw_bytes_release(&term);
    return status;
}

static int compare_places(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

enum kw_status kw_foreign_settle_places(struct kw_places *places, uint32_t *frequency,
                                        uint32_t number, size_t terms, struct kw_error *error)
{
    const uint32_t first = (KW_FOREIGN_TEXTS + 1) * region;
    size_t kept = 0;
    if (places->count)
        qsort(places->items, places->count, sizeof *places->items, compare_places);
    for (size_t i = 0; i < places->count; i++)
        if (!kept || places->items[kept - 1] != places->items[i])
            places->items[kept++] = places->items[i];
    places->count = kept;
    for (uint64_t i = 0; places->count < *frequency; i++) {
        uint64_t position = first + (i * terms + number) * APART;
        if (position > UINT32_MAX - APART)
            break;
        if (!kw_grow(places, places->count + 1))
            return kw_fail_memory(error);
        places->items[places->count++] = (uint32_t)position;
    }
    *frequency = (uint32_t)places->count;
    return KW_OK;
}

/* ---- In the text that is shown ------------------------------------------------------------ */

/* The view of a token's term: its surface form, or its stem in a language. */
static struct kw_view form_of(const struct kw_analyzer *analyzer, uint32_t word, uint32_t language)
{
    uint32_t stem;
    if (language != KW_NO_LANGUAGE) {
        stem = kw_analyzer_stem_of(analyzer, language, word);
        if (stem != KW_NO_STEM)
            return kw_analyzer_stem(analyzer, language, stem);
    }
    return kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word));
}

/* Adds the positions at which a term stands among the tokens; positions count from `base`. */
static enum kw_status add_places(struct kw_shown_term *places, const struct kw_analyzer *analyzer,
                                 const struct kw_excerpt_term *term, const struct kw_tokens *tokens,
                                 uint32_t base, struct kw_error *error)
{
    uint32_t language =
        term->language.size ? kw_analyzer_find_language(analyzer, term->language) : KW_NO_LANGUAGE;
    for (size_t i = 0; i < tokens->count; i++) {
        uint32_t position = base + tokens->position[i];
        if (!kw_view_equal(form_of(analyzer, tokens->word[i], language), term->bytes))
            continue;
        if (places->count && places->items[places->count - 1] == position)
            continue;
        if (!kw_grow(places, places->count + 1))
            return kw_fail_memory(error);
        places->items[places->count++] = position;
    }
    return KW_OK;
}

/* Looks for all terms of the text in the next window; *text and *base move behind it. */
static enum kw_status look_into(struct kw_shown *fresh, struct kw_analyzer *analyzer,
                                const struct kw_wanted *wanted, struct kw_view *text,
                                uint32_t *base, struct kw_error *error)
{
    const struct kw_passage *passages;
    struct kw_tokens tokens = {.count = 0};
    size_t count = 0;
    kw_analyzer_clear(analyzer);
    enum kw_status status = kw_analyzer_window(analyzer, *text, &tokens, &passages, &count, error);
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        text->data += passages[i].bytes;
        text->size -= passages[i].bytes;
    }
    if (status == KW_OK)
        status = kw_analyzer_close(analyzer, error);
    for (size_t i = 0; i < fresh->count && status == KW_OK; i++)
        if (!wanted->terms.items[i].field.size)
            status = add_places(&fresh->terms[i], analyzer, &wanted->terms.items[i], &tokens, *base,
                                error);
    *base += tokens.positions;
    return status;
}

enum kw_status kw_shown_init(struct kw_shown *fresh, struct kw_xapian *xapian,
                             const struct kw_wanted *wanted, const struct kw_stored *stored,
                             struct kw_error *error)
{
    struct kw_bytes text = KW_BYTES_INIT;
    uint32_t base = 0;
    enum kw_status status = KW_OK;
    *fresh = (struct kw_shown){calloc(wanted->terms.count + 1, sizeof *fresh->terms),
                               wanted->terms.count};
    if (!fresh->terms)
        return kw_fail_memory(error);
    if (stored->record.passage_count)
        status = kw_stored_text(stored, 0, stored->record.passage_count, &text, error);
    if (status == KW_OK)
        status = kw_bytes_status(&text, error);
    struct kw_view rest = kw_bytes_view(&text);
    while (status == KW_OK && rest.size)
        status = look_into(fresh, xapian->foreign->analyzer, wanted, &rest, &base, error);
    kw_bytes_release(&text);
    return status;
}

void kw_shown_release(struct kw_shown *fresh)
{
    for (size_t i = 0; fresh->terms && i < fresh->count; i++)
        free(fresh->terms[i].items);
    free(fresh->terms);
    *fresh = (struct kw_shown){.terms = NULL};
}
