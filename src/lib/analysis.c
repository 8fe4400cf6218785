/* The tokens of a text, as they would be indexed. */
#include "lib/handle.h"
#include "lib/status.h"
#include "stemmers/guess.h"
#include "stemmers/utf8.h"

#include <stdlib.h>
#include <strings.h>

struct token {
    uint64_t position;
    uint64_t start;       /* in the repaired text */
    uint64_t given_start; /* in the text that was given */
    uint64_t given_end;
    uint64_t passage;
    uint32_t size;
    uint32_t word;
};

struct kwic_analysis {
    struct kw_analyzer *analyzer;
    const char *language;
    struct kw_bytes text; /* repaired */
    struct token *items;
    size_t count;
    size_t capacity;
    size_t next;
};

/* A stretch of valid text in the text that was given. */
struct stretch {
    struct kw_view text;
    size_t start;
    size_t repaired; /* its start in the repaired text */
    size_t size;
    size_t broken; /* bytes behind it that U+FFFD stands for; 0 at the text's end */
};

/* How far the windows have come. */
struct place {
    uint64_t position;
    uint64_t start;
    uint64_t passage;
    struct stretch stretch;
};

/* Where a place in the repaired text lies in the text that was given: before the broken bytes if it
 * is before their U+FFFD. The stretch goes along, so places must come in order. */
static uint64_t given_place(struct stretch *stretch, uint64_t place)
{
    const size_t replacement = 3;
    while (stretch->broken && place >= stretch->repaired + stretch->size + replacement) {
        stretch->start += stretch->size + stretch->broken;
        stretch->repaired += stretch->size + replacement;
        size_t end = kw_utf8_valid_until(stretch->text, stretch->start, &stretch->broken);
        stretch->size = end - stretch->start;
    }
    return stretch->start + (place - stretch->repaired);
}

/* Notes the span that was given for a token; the stretch goes along to its start. */
static void note_given(struct token *token, struct stretch *stretch)
{
    token->given_start = given_place(stretch, token->start);
    struct stretch ahead = *stretch;
    token->given_end = given_place(&ahead, token->start + token->size);
}

/* Keeps the tokens of one window, which begins at `place`, and moves that behind it. */
static enum kw_status keep(struct kwic_analysis *analysis, const struct kw_tokens *tokens,
                           const struct kw_passage *passages, size_t count, struct place *place,
                           struct kw_error *error)
{
    size_t at = 0;
    uint64_t end = 0; /* of the passage, from the window's start */
    if (!kw_grow(analysis, analysis->count + tokens->count))
        return kw_fail_memory(error);
    struct place begin = *place;
    for (size_t i = 0; i < count; i++) {
        end += passages[i].bytes;
        for (; at < tokens->count && tokens->start[at] < end; at++) {
            struct token *token = &analysis->items[analysis->count++];
            *token = (struct token){
                .position = begin.position + tokens->position[at],
                .start = begin.start + tokens->start[at],
                .passage = place->passage,
                .size = tokens->end[at] - tokens->start[at],
                .word = tokens->word[at],
            };
            note_given(token, &place->stretch);
        }
        place->position += passages[i].words;
        place->start += passages[i].bytes;
        place->passage++;
    }
    return KW_OK;
}

static enum kw_status analyse(struct kwic_analysis *analysis, struct kw_view given,
                              struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct place place = {.stretch = {.text = given}};
    place.stretch.size = kw_utf8_valid_until(given, 0, &place.stretch.broken);
    while (status == KW_OK && place.start < analysis->text.size) {
        struct kw_view rest = {analysis->text.data + place.start,
                               analysis->text.size - place.start};
        struct kw_tokens tokens;
        const struct kw_passage *passages;
        size_t count;
        status = kw_analyzer_window(analysis->analyzer, rest, &tokens, &passages, &count, error);
        if (status == KW_OK)
            status = keep(analysis, &tokens, passages, count, &place, error);
    }
    return status == KW_OK ? kw_analyzer_close(analysis->analyzer, error) : status;
}

/* Makes the analyzer for a language that a person names. */
static enum kw_status make_analyzer(struct kwic_analysis *analysis, const char *name,
                                    bool keep_accents, struct kw_error *error)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "auto", keep_accents, KW_RULES_OWN};
    uint32_t number;
    analysis->language = strcasecmp(name, "auto") == 0
                             ? kw_guess_name(kw_bytes_view(&analysis->text))
                             : kw_guess_named(name);
    if (!analysis->language)
        return kw_fail(error, KW_E_USAGE, "unknown language '%s'", name);
    enum kw_status status = kw_analyzer_new(&analysis->analyzer, &settings, error);
    if (status == KW_OK && strcmp(analysis->language, "none") != 0)
        status = kw_analyzer_use(analysis->analyzer, analysis->language, &number, error);
    return status;
}

enum kwic_status kwic_analysis_new(struct kwic_analysis **out, const char *language,
                                   bool keep_accents, struct kwic_text text,
                                   struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    uint64_t repairs = 0;
    *out = NULL;
    struct kwic_analysis *analysis = calloc(1, sizeof *analysis);
    if (!analysis)
        return kw_publish(kw_fail_memory(&inner), &inner, error);
    kw_utf8_repair(kw_view_of_text(text), &analysis->text, &repairs);
    enum kw_status status = kw_bytes_status(&analysis->text, &inner);
    if (status == KW_OK)
        status = make_analyzer(analysis, language ? language : "english", keep_accents, &inner);
    if (status == KW_OK)
        status = analyse(analysis, kw_view_of_text(text), &inner);
    if (status == KW_OK)
        *out = analysis;
    else
        kwic_analysis_free(analysis);
    return kw_publish(status, &inner, error);
}

void kwic_analysis_free(struct kwic_analysis *analysis)
{
    if (!analysis)
        return;
    kw_analyzer_free(analysis->analyzer);
    kw_bytes_release(&analysis->text);
    free(analysis->items);
    free(analysis);
}

enum kwic_status kwic_analysis_next(struct kwic_analysis *analysis, struct kwic_token *token)
{
    if (analysis->next >= analysis->count)
        return KWIC_END;
    const struct token *item = &analysis->items[analysis->next++];
    const struct kw_analyzer *analyzer = analysis->analyzer;
    uint32_t stem = KW_NO_STEM;
    if (kw_analyzer_languages(analyzer))
        stem = kw_analyzer_stem_of(analyzer, 0, item->word);
    *token = (struct kwic_token){
        .position = item->position,
        .start = item->given_start,
        .end = item->given_end,
        .passage = item->passage,
        .surface = {(const char *)analysis->text.data + item->start, item->size},
        .term =
            kw_text_of(kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, item->word))),
        .stem = {"", 0},
        .language = analysis->language,
    };
    if (stem != KW_NO_STEM)
        token->stem = kw_text_of(kw_analyzer_stem(analyzer, 0, stem));
    return KWIC_OK;
}
