/* The languages of a query's words: which are looked for, and what a word is in each. */
#include "query/planner.h"
#include "stemmers/guess.h"
#include "stemmers/stop_words.h"

struct kw_view kw_planner_stem(const struct kw_planner *p, const struct kw_planned_token *token,
                               const struct kw_planned_language *language)
{
    uint32_t number = language->number;
    uint32_t stem = KW_NO_STEM;
    if (number != KW_NO_LANGUAGE)
        stem = kw_analyzer_stem_of(p->analyzer, number,
                                   number == p->differing ? token->other : token->word);
    if (stem != KW_NO_STEM)
        return kw_analyzer_stem(p->analyzer, number, stem);
    return kw_analyzer_surface(p->analyzer, kw_analyzer_surface_of(p->analyzer, token->word));
}

bool kw_planner_is_stop_word(const struct kw_planner *p, const struct kw_planned_token *token)
{
    struct kw_view word = kw_analyzer_word(p->analyzer, token->word);
    for (uint32_t i = 0; i < p->language_count; i++) {
        if (kw_stop_word(p->languages[i].stop_words, word))
            return true;
    }
    return false;
}

static enum kw_status want_language(struct kw_planner *p, const char *name)
{
    struct kw_planned_language *language = &p->languages[p->language_count++];
    *language = (struct kw_planned_language){
        .name = kw_arena_copy(p->arena, kw_view_of(name)),
        .number = kw_analyzer_find_language(p->analyzer, kw_view_of(name)),
        .stop_words = kw_known_language_find(name),
    };
    return language->name.data ? KW_OK : kw_fail_memory(p->error);
}

enum kw_status kw_planner_choose_languages(struct kw_planner *p)
{
    uint32_t in_use = kw_analyzer_languages(p->analyzer);
    enum kw_status status = KW_OK;
    p->languages = kw_arena_alloc(&p->scratch, ((size_t)in_use + 1) * sizeof *p->languages);
    if (!p->languages)
        return kw_fail_memory(p->error);
    p->differing = KW_NO_LANGUAGE;
    for (uint32_t i = 0; i < in_use && status == KW_OK; i++) {
        if (kw_analyzer_differs(p->analyzer, i))
            p->differing = i;
        if (!p->options->language)
            status = want_language(p, kw_analyzer_language(p->analyzer, i));
    }
    if (status == KW_OK && in_use && p->options->language)
        status = want_language(p, p->options->language);
    if (p->differing != KW_NO_LANGUAGE) /* for then each piece is analysed in both ways */
        kw_analyzer_speak(p->analyzer, KW_EVERY_LANGUAGE);
    return status;
}
