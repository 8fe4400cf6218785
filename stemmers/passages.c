/* Cutting passages: looks into the gaps between words for the ends of sentences and paragraphs. */
#include "stemmers/passages.h"

#include "stemmers/analyzer.h"
#include "stemmers/character.h"

#include <utf8proc.h>

/* The passage that is being cut. */
struct cut {
    struct kw_view text;
    size_t start;
    size_t limit;      /* no end lies behind this */
    size_t end;        /* the last end of a sentence, or 0 */
    size_t words;      /* how many words lie before it */
    bool is_paragraph; /* it ends a paragraph, and the passage is long enough */
};

static const char abbreviations[][8] = {
    "mr",  "mrs",  "ms",  "dr",  "prof", "rev",  "hon",    "gen", "col",  "maj",  "capt",
    "lt",  "sgt",  "gov", "sen", "rep",  "st",   "mt",     "ft",  "jr",   "sr",   "messrs",
    "mme", "mlle", "vs",  "viz", "cf",   "ca",   "approx", "no",  "nos",  "vol",  "vols",
    "pp",  "ed",   "eds", "fig", "figs", "inc",  "ltd",    "co",  "corp", "dept", "jan",
    "feb", "apr",  "jun", "jul", "aug",  "sept", "sep",    "oct", "nov",  "dec",
};

/* Whether a period behind this word of the text abbreviates it: a single letter, letters with dots
 * between (U.S, e.g, i.e), or one of the list. */
static bool abbreviates(struct kw_view text, const struct kw_word *word)
{
    const uint8_t *data = text.data + word->start;
    char lower[sizeof abbreviations[0]] = {0};
    size_t next;
    uint32_t code = kw_utf8_decode(data, 0, word->size, &next);
    unsigned class = kw_character(code) & KW_CHAR_BREAK;

    if (word->kind == KW_WORD_CHARACTER || word->kind == KW_WORD_CLUSTER)
        return false;
    if ((class == KW_BREAK_LETTER || class == KW_BREAK_HEBREW) &&
        (next == word->size || data[next] == '.'))
        return true;
    if (word->size >= sizeof lower)
        return false;
    for (size_t i = 0; i < word->size; i++)
        lower[i] = (char)(data[i] | 0x20);
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (memcmp(abbreviations[i], lower, sizeof lower) == 0)
            return true;
    return false;
}

static bool is_lower_case(struct kw_view text, const struct kw_word *word)
{
    size_t next;
    uint32_t code = kw_utf8_decode(text.data, word->start, text.size, &next);

    return code < KW_CHARACTERS &&
           utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_LL;
}

/* Whether a passage may end at `at`: not behind its limit, nor before a character that belongs to
 * the one before it. */
static bool may_end(const struct cut *cut, size_t at)
{
    size_t next;

    if (at > cut->limit || at <= cut->start)
        return false;
    return at == cut->text.size ||
           !(kw_character_at(cut->text.data, at, cut->text.size, &next) & KW_CHAR_CONTINUES);
}

/* The end of the white space that begins at `at`, looked at up to `end`; *paragraph tells whether
 * there is a blank line in it. */
static size_t over_space(struct kw_view text, size_t at, size_t end, bool *paragraph)
{
    bool line = false;

    *paragraph = false;
    while (at < end) {
        size_t next;
        uint32_t code = kw_utf8_decode(text.data, at, end, &next);
        if ((kw_character(code) & KW_CHAR_SENTENCE) != KW_SENTENCE_SPACE)
            break;
        if (code == 0x2029 || (code == '\n' && line))
            *paragraph = true;
        if (code == '\n')
            line = true;
        else if (code != ' ' && code != '\t' && code != '\r')
            line = false;
        at = next;
    }
    return at;
}

/* Whether the stop of this class that was met at `at`, between words[i - 1] and words[i], ends a
 * sentence. */
static bool ends_sentence(const struct cut *cut, unsigned stop, size_t at,
                          const struct kw_word *words, size_t count, size_t i)
{
    if (stop == KW_SENTENCE_NOTHING || i == 0)
        return false;
    if (stop != KW_SENTENCE_PERIOD)
        return true;
    if (i < count && is_lower_case(cut->text, &words[i]))
        return false;
    return at != (size_t)words[i - 1].start + words[i - 1].size ||
           !abbreviates(cut->text, &words[i - 1]);
}

static void mark_end(struct cut *cut, size_t at, size_t words, bool paragraph)
{
    if (!may_end(cut, at))
        return;
    cut->end = at;
    cut->words = words;
    cut->is_paragraph = paragraph && words >= KW_PARAGRAPH_WORDS;
}

/* Looks for ends between words[i - 1] and words[i], in the text from `at` up to `end`. */
static void look_into_gap(struct cut *cut, size_t at, size_t end, const struct kw_word *words,
                          size_t count, size_t i)
{
    unsigned stop = KW_SENTENCE_NOTHING;
    size_t stop_at = at, next;
    size_t sight = end - at > KW_PASSAGE_SIGHT ? at + KW_PASSAGE_SIGHT : end;

    for (; at < end && at <= cut->limit && !cut->is_paragraph; at = next) {
        unsigned class =
            kw_character_at(cut->text.data, at, cut->text.size, &next) & KW_CHAR_SENTENCE;
        bool wide = stop == KW_SENTENCE_WIDE_STOP, paragraph;

        if (class == KW_SENTENCE_SPACE) {
            next = over_space(cut->text, at, sight, &paragraph);
            if (paragraph || ends_sentence(cut, stop, stop_at, words, count, i))
                mark_end(cut, next, i, paragraph);
            stop = KW_SENTENCE_NOTHING;
        } else if (class >= KW_SENTENCE_PERIOD && class <= KW_SENTENCE_WIDE_STOP) {
            if (stop == KW_SENTENCE_NOTHING)
                stop_at = at;
            if (class > stop)
                stop = class;
        } else if (class != KW_SENTENCE_CLOSE && (class != KW_SENTENCE_QUOTE || wide)) {
            if (wide && i > 0)
                mark_end(cut, at, i, false);
            stop = KW_SENTENCE_NOTHING;
        }
    }
    if (at == end && stop == KW_SENTENCE_WIDE_STOP && i > 0)
        mark_end(cut, end, i, false);
}

/* A border in the gap [at, end), as late as the limit allows: behind its last white space, else
 * before the next word, else between what stands in the gap. */
static size_t border_in_gap(const struct cut *cut, size_t at, size_t end)
{
    size_t border = 0, next;

    for (size_t p = at; p < end && p < cut->limit; p = next)
        if ((kw_character_at(cut->text.data, p, cut->text.size, &next) & KW_CHAR_SENTENCE) ==
                KW_SENTENCE_SPACE &&
            may_end(cut, next))
            border = next;
    if (border)
        return border;
    if (end <= cut->limit && end > cut->start)
        return end;
    for (border = at;; border = next) {
        enum kw_word_kind kind;
        next = kw_words_unit(cut->text, border, &kind);
        if (next > cut->limit)
            return border;
    }
}

size_t kw_passage_end(struct kw_view text, size_t start, const struct kw_word *words, size_t count,
                      size_t *taken)
{
    struct cut cut = {text, start, text.size, 0, 0, false};
    size_t at = start, i = 0;

    if (text.size - start > KW_PASSAGE_BYTES)
        cut.limit = start + KW_PASSAGE_BYTES;
    for (;; i++) {
        size_t end;

        if (i < count && words[i].start >= start + KW_PASSAGE_SIGHT)
            count = i;
        end = i < count ? words[i].start : text.size;
        if (end - at != 1 || text.data[at] != ' ')
            look_into_gap(&cut, at, end, words, count, i);
        if (cut.is_paragraph)
            break;
        if (i == count && text.size <= cut.limit) {
            *taken = i;
            return text.size;
        }
        if (i == count || i == KW_PASSAGE_WORDS || words[i].start + words[i].size > cut.limit) {
            if (cut.end)
                break;
            *taken = i;
            return border_in_gap(&cut, at, end);
        }
        at = (size_t)words[i].start + words[i].size;
    }
    *taken = cut.words;
    return cut.end;
}
