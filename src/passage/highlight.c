/* From positions to byte spans: tokenises the shown passages again and looks the matches up in
 * their tokens. */
#include "passage/highlight.h"

#include "stemmers/analyzer.h"

#include <stdlib.h>

/* A token of the shown text; positions count over the document, bytes over the text. */
struct token {
    uint32_t position;
    uint32_t start;
    uint32_t end;
    uint32_t word; /* if the marker has words */
};

struct marker {
    struct kw_analyzer *analyzer;
    const struct kw_plan *plan;
    struct kw_view text; /* of the passages */
    const struct kw_border *borders;
    uint64_t border_count;
    struct {
        struct token *items; /* in order of position */
        size_t count;
        size_t capacity;
    } tokens;
    bool words; /* the analyzer knows the tokens' words; few texts need them */
};

static enum kw_status add_passage(struct marker *marker, struct kw_view text, uint32_t at,
                                  uint32_t position, struct kw_error *error)
{
    struct kw_tokens tokens;
    enum kw_status status = marker->words
                                ? kw_analyzer_text(marker->analyzer, text, &tokens, error)
                                : kw_analyzer_places(marker->analyzer, text, &tokens, error);
    if (status != KW_OK)
        return status;
    if (!kw_grow(&marker->tokens, marker->tokens.count + tokens.count))
        return kw_fail_memory(error);
    for (size_t i = 0; i < tokens.count; i++)
        marker->tokens.items[marker->tokens.count++] = (struct token){
            .position = position + tokens.position[i],
            .start = at + tokens.start[i],
            .end = at + tokens.end[i],
            .word = tokens.word ? tokens.word[i] : 0,
        };
    return KW_OK;
}

/* Fills the tokens anew. */
static enum kw_status add_passages(struct marker *marker, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    size_t at = 0;
    marker->tokens.count = 0;
    for (uint64_t i = 0; i < marker->border_count && status == KW_OK; i++) {
        const struct kw_border *border = &marker->borders[i];
        if (border->bytes > marker->text.size - at)
            return kw_fail(error, KW_E_DAMAGED, "a passage goes beyond its document's text");
        struct kw_view passage = {marker->text.data + at, border->bytes};
        status = add_passage(marker, passage, (uint32_t)at, border->position, error);
        at += border->bytes;
    }
    return status;
}

/* Gives the tokens their words, whose forms and stems are known then. */
static enum kw_status learn_words(struct marker *marker, struct kw_error *error)
{
    if (marker->words)
        return KW_OK;
    marker->words = true;
    enum kw_status status = add_passages(marker, error);
    return status == KW_OK ? kw_analyzer_close(marker->analyzer, error) : status;
}

/* The first token at `position` or behind it. */
static size_t find_token(const struct marker *marker, uint64_t position)
{
    size_t low = 0, high = marker->tokens.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marker->tokens.items[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the token has the term. */
static bool has_term(const struct marker *marker, const struct token *token,
                     const struct kw_query_term *term)
{
    struct kw_analyzer *analyzer = marker->analyzer;
    if (term->language.size == 0) {
        uint32_t surface = kw_analyzer_surface_of(analyzer, token->word);
        return kw_view_equal(kw_analyzer_surface(analyzer, surface), term->bytes);
    }
    uint32_t language = kw_analyzer_find_language(analyzer, term->language);
    if (language == KW_NO_LANGUAGE)
        return false;
    uint32_t stem = kw_analyzer_stem_of(analyzer, language, token->word);
    return stem != KW_NO_STEM &&
           kw_view_equal(kw_analyzer_stem(analyzer, language, stem), term->bytes);
}

/* Whether the token's surface form is one of the expansion's terms. */
static bool is_among(const struct marker *marker, const struct token *token,
                     const struct kw_expansion *expansion)
{
    uint32_t surface = kw_analyzer_surface_of(marker->analyzer, token->word);
    struct kw_view bytes = kw_analyzer_surface(marker->analyzer, surface);
    uint32_t low = 0, high = expansion->term_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = kw_view_compare(expansion->terms[middle].bytes, bytes);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Whether the token, at the mark's last position, is what matched there. */
static bool is_marked(const struct marker *marker, const struct token *token,
                      const struct kw_mark *mark)
{
    const struct kw_leaf *leaf = mark->leaf;
    if (leaf->kind == KW_LEAF_EXPANSION)
        return is_among(marker, token, &marker->plan->expansions[leaf->expansion]);
    if (leaf->kind == KW_LEAF_PHRASE)
        return has_term(marker, token, &leaf->terms[mark->term]);
    for (uint32_t i = 0; i < leaf->term_count; i++)
        if (has_term(marker, token, &leaf->terms[i]))
            return true;
    return false;
}

/* The end of the mark, by the tokens from `first` on that share its last position: of those that
 * matched (of all, if none did), the longest. */
static enum kw_status token_end(struct marker *marker, size_t first, const struct kw_mark *mark,
                                uint32_t *end, struct kw_error *error)
{
    const struct token *tokens = marker->tokens.items;
    uint32_t position = tokens[first].position;
    bool shared = first + 1 < marker->tokens.count && tokens[first + 1].position == position;
    bool found = false;
    *end = tokens[first].end;
    if (!shared)
        return KW_OK;
    enum kw_status status = learn_words(marker, error);
    if (status != KW_OK)
        return status;
    tokens = marker->tokens.items;
    for (size_t i = first; i < marker->tokens.count && tokens[i].position == position; i++) {
        bool is = is_marked(marker, &tokens[i], mark);
        if ((is && !found) || (is == found && tokens[i].end > *end))
            *end = tokens[i].end;
        found |= is;
    }
    return KW_OK;
}

static enum kw_status add_mark(struct marker *marker, const struct kw_mark *mark,
                               struct kw_highlights *highlights, struct kw_error *error)
{
    size_t first = find_token(marker, mark->first);
    size_t last = find_token(marker, mark->last);
    if (last == marker->tokens.count || marker->tokens.items[first].position != mark->first ||
        marker->tokens.items[last].position != mark->last)
        return KW_OK;
    struct kw_highlight highlight = {.start = marker->tokens.items[first].start,
                                     .clause = mark->leaf->clause};
    enum kw_status status = token_end(marker, last, mark, &highlight.end, error);
    if (status != KW_OK)
        return status;
    if (!kw_grow(highlights, highlights->count + 1))
        return kw_fail_memory(error);
    highlights->items[highlights->count++] = highlight;
    return KW_OK;
}

/* The first mark that begins at `position` or behind it. */
static size_t find_mark(const struct kw_matches *matches, uint32_t position)
{
    size_t low = 0, high = matches->marks.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (matches->marks.items[middle].first < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_highlights(const void *a, const void *b)
{
    const struct kw_highlight *left = a, *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    if (left->end != right->end)
        return left->end > right->end ? -1 : 1;
    return (left->clause > right->clause) - (left->clause < right->clause);
}

static void sort_highlights(struct kw_highlights *highlights)
{
    size_t kept = 0;
    if (highlights->count == 0)
        return;
    qsort(highlights->items, highlights->count, sizeof *highlights->items, compare_highlights);
    for (size_t i = 1; i < highlights->count; i++)
        if (compare_highlights(&highlights->items[kept], &highlights->items[i]) != 0)
            highlights->items[++kept] = highlights->items[i];
    highlights->count = kept + 1;
}

enum kw_status kw_highlight(struct kw_analyzer *analyzer, struct kw_view text,
                            const struct kw_border *borders, uint64_t border_count,
                            const struct kw_matches *matches, const struct kw_plan *plan,
                            struct kw_highlights *highlights, struct kw_error *error)
{
    struct marker marker = {.analyzer = analyzer,
                            .plan = plan,
                            .text = text,
                            .borders = borders,
                            .border_count = border_count};
    highlights->count = 0;
    kw_analyzer_clear(analyzer);
    enum kw_status status = add_passages(&marker, error);
    if (status != KW_OK || marker.tokens.count == 0)
        goto done;
    uint32_t end = marker.tokens.items[marker.tokens.count - 1].position;
    for (size_t i = find_mark(matches, borders[0].position);
         i < matches->marks.count && matches->marks.items[i].first <= end && status == KW_OK; i++)
        status = add_mark(&marker, &matches->marks.items[i], highlights, error);
    sort_highlights(highlights);
done:
    free(marker.tokens.items);
    kw_analyzer_clear(analyzer);
    return status;
}

void kw_highlights_release(struct kw_highlights *highlights)
{
    free(highlights->items);
    *highlights = (struct kw_highlights)KW_HIGHLIGHTS_INIT;
}
