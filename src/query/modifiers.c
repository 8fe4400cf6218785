/* Finds wildcards, edits and boosts in the text of a word. */
#include "query/modifiers.h"

#include "query/ast.h"
#include "stemmers/utf8.h"

#include <utf8proc.h>

/* ---- Numbers at the end of a word ----------------------------------------------------------- */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

enum kw_modifier kw_boost_parse(struct kw_view text, double *boost)
{
    enum { MOST_DIGITS = 15 }; /* so that the quotient below is the nearest double */
    size_t digits = 0;
    size_t points = 0;
    double whole = 0;
    double scale = 1;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '.') {
            points++;
            continue;
        }
        if (!is_digit(text.data[i]))
            return KW_MODIFIER_NONE;
        if (++digits > MOST_DIGITS)
            continue;
        whole = whole * 10 + (text.data[i] - '0');
        scale *= points ? 10 : 1;
    }
    if (!digits || points > 1 || text.data[text.size - 1] == '.')
        return KW_MODIFIER_NONE;
    double value = whole / scale;
    if (digits > MOST_DIGITS || value < KW_BOOST_LEAST || value > KW_BOOST_MOST)
        return KW_MODIFIER_WRONG;
    *boost = value;
    return KW_MODIFIER_GOOD;
}

/* The last `mark` of the word with something before it, or NULL. */
static const uint8_t *last_mark(struct kw_view word, char mark)
{
    return word.size > 1 ? memrchr(word.data + 1, mark, word.size - 1) : NULL;
}

enum kw_modifier kw_boost_cut(struct kw_view *word, double *boost)
{
    const uint8_t *mark = last_mark(*word, '^');
    if (!mark)
        return KW_MODIFIER_NONE;
    size_t size = (size_t)(mark - word->data);
    enum kw_modifier found =
        kw_boost_parse((struct kw_view){mark + 1, word->size - size - 1}, boost);
    if (found == KW_MODIFIER_GOOD)
        word->size = size;
    return found;
}

enum kw_modifier kw_edits_cut(struct kw_view *word, uint32_t *edits)
{
    const uint8_t *mark = last_mark(*word, '~');
    if (!mark)
        return KW_MODIFIER_NONE;
    size_t size = (size_t)(mark - word->data);
    size_t digits = word->size - size - 1;
    for (size_t i = 1; i <= digits; i++)
        if (!is_digit(mark[i]))
            return KW_MODIFIER_NONE;
    if (digits > 1 || (digits == 1 && mark[1] != '1' && mark[1] != '2'))
        return KW_MODIFIER_WRONG;
    *edits = digits && mark[1] == '2' ? 2 : 1;
    word->size = size;
    return KW_MODIFIER_GOOD;
}

/* ---- Wildcards ------------------------------------------------------------------------------ */

static bool is_wildcard(uint8_t c)
{
    return c == '*' || c == '?';
}

/* Whether [start, end) is one character, a letter, mark or digit. */
static bool is_letter(struct kw_view word, size_t start, size_t end)
{
    struct kw_view character = {word.data + start, end - start};
    size_t next;
    if (!character.size || kw_utf8_valid(character) != character.size)
        return false;
    uint32_t code = kw_utf8_decode(word.data, start, end, &next);
    if (next != end)
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static bool letter_before(struct kw_view word, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < KW_UTF8_BYTES)
        if (!kw_utf8_is_continuation(word.data[--start]))
            break;
    return is_letter(word, start, at);
}

static bool letter_behind(struct kw_view word, size_t at)
{
    size_t end = at;
    while (end < word.size && end - at < KW_UTF8_BYTES &&
           (end == at || kw_utf8_is_continuation(word.data[end])))
        end++;
    return is_letter(word, at, end);
}

bool kw_wildcards_next(struct kw_view word, size_t *from, size_t *start, size_t *end)
{
    if (*from == 0 && memmem(word.data, word.size, "://", 3))
        *from = word.size;
    while (*from < word.size) {
        size_t first = *from;
        while (first < word.size && !is_wildcard(word.data[first]))
            first++;
        size_t last = first;
        while (last < word.size && is_wildcard(word.data[last]))
            last++;
        *from = last;
        bool behind = letter_behind(word, last);
        while (!behind && last > first && word.data[last - 1] == '?')
            last--;
        if (last > first && (behind || letter_before(word, first))) {
            *start = first;
            *end = last;
            return true;
        }
    }
    return false;
}
