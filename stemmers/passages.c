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

/* Words that a period abbreviates, by their sizes. */
static const char abbreviations[][8] = {
    "ca",   "cf",   "co",   "dr",   "ed",   "ft",   "jr",   "lt",   "mr",     "ms",     "mt",
    "no",   "pp",   "sr",   "st",   "vs",   "apr",  "aug",  "col",  "dec",    "eds",    "feb",
    "fig",  "gen",  "gov",  "hon",  "inc",  "jan",  "jul",  "jun",  "ltd",    "maj",    "mme",
    "mrs",  "nos",  "nov",  "oct",  "rep",  "rev",  "sen",  "sep",  "sgt",    "viz",    "vol",
    "capt", "corp", "dept", "figs", "mlle", "prof", "sept", "vols", "approx", "messrs",
};

/* Where those of each size begin. */
static const uint8_t of_size[] = {0, 0, 0, 16, 44, 52, 52, 54, 54};

/* Whether a period behind this word of the text abbreviates it: a single letter, letters with dots
 * between (U.S, e.g, i.e), or one of the list. */
static bool abbreviates(struct kw_view text, const struct kw_word *word)
{
    const uint8_t *data = text.data + word->start;
    uint8_t lower[sizeof abbreviations[0]] = {0};
    bool found = false;
    size_t next;
    unsigned class = kw_character_at(data, 0, word->size, &next) & KW_CHAR_BREAK;

    if (word->kind == KW_WORD_CHARACTER || word->kind == KW_WORD_CLUSTER)
        return false;
    if ((class == KW_BREAK_LETTER || class == KW_BREAK_HEBREW) &&
        (next == word->size || data[next] == '.'))
        return true;
    if (word->size >= sizeof lower)
        return false;
    for (size_t i = 0; i < word->size; i++)
        lower[i] = data[i] | 0x20;
    for (size_t i = of_size[word->size]; i < of_size[word->size + 1]; i++)
        found |= kw_load64(abbreviations[i]) == kw_load64(lower);
    return found;
}

/* Where the unit of words[i] begins: at the word, or at what is elided before it, which is all that
 * letters behind the word before can be. */
static size_t unit_start(const struct cut *cut, const struct kw_word *words, size_t i)
{
    const uint8_t *data = cut->text.data;
    size_t start = words[i].start, p = start;
    size_t least = i > 0 ? (size_t)words[i - 1].start + words[i - 1].size : cut->start;

    if (p - least >= 2 && data[p - 1] == '\'')
        p -= 1;
    else if (p - least >= 4 && memcmp(data + p - 3, "\xE2\x80\x99", 3) == 0)
        p -= 3;
    else
        return start;
    while (p > least && (data[p - 1] | 0x20) >= 'a' && (data[p - 1] | 0x20) <= 'z') {
        p--;
        start = p;
    }
    return start;
}

static bool is_lower_case(struct kw_view text, size_t at)
{
    size_t next;
    uint32_t code = kw_utf8_decode(text.data, at, text.size, &next);

    if (code < 0x80)
        return code >= 'a' && code <= 'z';
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
    if (i < count && is_lower_case(cut->text, unit_start(cut, words, i)))
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

/* Looks for ends between words[i - 1] and words[i], in the text from `at` up to `end`. A paragraph
 * that no word follows ends no passage: what is left would be one without words. */
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
                mark_end(cut, next, i, paragraph && i < count);
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
        size_t word;
        next = kw_words_unit(cut->text, border, &word, &kind);
        if (next > cut->limit)
            return border;
    }
}

/* How many of the words can be in the passage: those that end before its limit, KW_PASSAGE_WORDS at
 * most. */
static size_t words_that_fit(const struct cut *cut, const struct kw_word *words, size_t count)
{
    size_t fit = count < KW_PASSAGE_WORDS ? count : KW_PASSAGE_WORDS;

    while (fit > 0 && (size_t)words[fit - 1].start + words[fit - 1].size > cut->limit)
        fit--;
    return fit;
}

/* The words that a passage may have, and the gaps between them. */
struct choice {
    const struct kw_word *words;
    size_t count;         /* of words that are known */
    const uint32_t *gaps; /* before which words, less `first`, an end could be */
    size_t gap_count;
    size_t first;
};

static inline size_t gap_start(const struct cut *cut, const struct choice *choice, size_t i)
{
    const struct kw_word *before = &choice->words[i] - 1;

    return i > 0 ? (size_t)before->start + before->size : cut->start;
}

static inline size_t gap_end(const struct cut *cut, const struct choice *choice, size_t i)
{
    return i < choice->count ? unit_start(cut, choice->words, i) : cut->text.size;
}

/* Whether a gap is a period and a space, as most are. */
static inline bool is_usual(const struct cut *cut, size_t at, size_t end)
{
    return end - at == 2 && cut->text.data[at] == '.' && cut->text.data[at + 1] == ' ';
}

/* Looks for the first end of a paragraph that is one for the passage; on the way it meets the last
 * end of a sentence in gaps that are not the usual ones and have as many words before them. */
static void find_paragraph(struct cut *cut, const struct choice *choice)
{
    for (size_t k = 0; k < choice->gap_count && !cut->is_paragraph; k++) {
        size_t i = choice->gaps[k] - choice->first, at, end;

        if (i < KW_PARAGRAPH_WORDS)
            continue;
        at = gap_start(cut, choice, i);
        end = gap_end(cut, choice, i);
        if (!is_usual(cut, at, end))
            look_into_gap(cut, at, end, choice->words, choice->count, i);
    }
}

/* Looks for the last end of a sentence, from the last gap back to what find_paragraph met. */
static void find_sentence(struct cut *cut, const struct choice *choice)
{
    size_t met = cut->end;

    for (size_t k = choice->gap_count; k > 0 && cut->end == met; k--) {
        size_t i = choice->gaps[k - 1] - choice->first, at, end;

        if (met && i <= cut->words)
            break;
        at = gap_start(cut, choice, i);
        end = gap_end(cut, choice, i);
        if (!is_usual(cut, at, end)) {
            if (i < KW_PARAGRAPH_WORDS)
                look_into_gap(cut, at, end, choice->words, choice->count, i);
        } else if (ends_sentence(cut, KW_SENTENCE_PERIOD, at, choice->words, choice->count, i)) {
            mark_end(cut, end, i, false);
        }
    }
}

size_t kw_passage_end(struct kw_view text, size_t start, const struct kw_words *words, size_t first,
                      size_t *gap, size_t *taken)
{
    struct choice choice = {words->items + first, words->count - first, words->gaps + *gap, 0,
                            first};
    struct cut cut = {text, start, text.size, 0, 0, false};
    size_t gaps = words->gap_count - *gap, i;

    if (text.size - start > KW_PASSAGE_BYTES)
        cut.limit = start + KW_PASSAGE_BYTES;
    i = words_that_fit(&cut, choice.words, choice.count);
    if (i < choice.count && choice.words[i].start >= start + KW_PASSAGE_SIGHT)
        choice.count = i;
    while (choice.gap_count < gaps && choice.gaps[choice.gap_count] - first <= i &&
           choice.gaps[choice.gap_count] - first < choice.count)
        choice.gap_count++;
    find_paragraph(&cut, &choice);
    if (i == choice.count && !cut.is_paragraph)
        look_into_gap(&cut, gap_start(&cut, &choice, i), text.size, choice.words, i, i);
    *taken = i;
    if (i == choice.count && text.size <= cut.limit && !cut.is_paragraph) {
        cut.end = text.size;
    } else {
        if (!cut.is_paragraph)
            find_sentence(&cut, &choice);
        if (cut.end)
            *taken = cut.words;
        else
            cut.end = border_in_gap(&cut, gap_start(&cut, &choice, i), gap_end(&cut, &choice, i));
    }
    while (*gap < words->gap_count && words->gaps[*gap] < first + *taken)
        ++*gap;
    return cut.end;
}
