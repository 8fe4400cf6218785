/* The scanner of query text: cuts it into lexemes, from left to right. What they are in the end the
 * passes behind it settle (settle.h). */
#include "query/lexer.h"

#include "query/modifiers.h"
#include "query/plan.h"
#include "query/settle.h"

#include <stdlib.h>

static const size_t none = SIZE_MAX;

struct scanner {
    struct kw_view text;
    size_t at;
    bool sign_counts; /* at the start, behind white space or behind an opening parenthesis */
    bool literal;
    size_t last_quote;                   /* offset of the last quote in the text, or `none` */
    uint32_t open;                       /* innermost open parenthesis, which links to the next by
                                            `start`; or KW_NO_LEXEME */
    const struct kw_query_field *fields; /* sorted */
    struct kw_query_field *sorted;       /* these, if they had to be */
    size_t field_count;
    size_t longest_field;
    struct kw_lexemes *out;
};

static bool starts_with(struct kw_view text, size_t at, const char *bytes, size_t size)
{
    return text.size - at >= size && memcmp(text.data + at, bytes, size) == 0;
}

size_t kw_blank_size(struct kw_view text, size_t at)
{
    uint8_t c = text.data[at];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (c < 0xc2)
        return 0;
    if (starts_with(text, at, "\xc2\x85", 2) || starts_with(text, at, "\xc2\xa0", 2))
        return 2;
    if (text.size - at < 3)
        return 0;
    uint8_t last = text.data[at + 2];
    if (starts_with(text, at, "\xe2\x80", 2)) { /* U+2000–200A, 2028, 2029, 202F */
        bool blank = (last >= 0x80 && last <= 0x8a) || last == 0xa8 || last == 0xa9 || last == 0xaf;
        return blank ? 3 : 0;
    }
    if (starts_with(text, at, "\xe1\x9a\x80", 3) || starts_with(text, at, "\xe2\x81\x9f", 3) ||
        starts_with(text, at, "\xe3\x80\x80", 3)) /* U+1680, 205F, 3000 */
        return 3;
    return 0;
}

/* Bytes of the quote at `at`; 0 if there is none. */
static size_t quote_size(struct kw_view text, size_t at)
{
    if (text.data[at] == '"')
        return 1;
    bool curly =
        starts_with(text, at, "\xe2\x80\x9c", 3) || starts_with(text, at, "\xe2\x80\x9d", 3);
    return curly ? 3 : 0;
}

static size_t find_last_quote(struct kw_view text)
{
    for (size_t at = text.size; at-- > 0;)
        if (quote_size(text, at))
            return at;
    return none;
}

void kw_note_problem(struct kw_problems *problems, enum kw_problem_kind kind, size_t at,
                     struct kw_view word)
{
    if (problems->count++ == 0 || at < problems->at) {
        problems->first = kind;
        problems->at = (uint32_t)at;
        problems->word = word;
    }
}

static void note(struct scanner *s, enum kw_problem_kind kind, size_t at)
{
    kw_note_problem(&s->out->problems, kind, at, (struct kw_view){NULL, 0});
}

/* Adds a lexeme that ends at the scanner's place. */
static bool push(struct scanner *s, struct kw_lexeme lexeme)
{
    if (!kw_grow(s->out, s->out->count + 1))
        return false;
    lexeme.end = (uint32_t)s->at;
    s->out->items[s->out->count++] = lexeme;
    return true;
}

/* Whether a sign or a field's prefix that ends at `at` stands directly before something. */
static bool something_at(const struct scanner *s, size_t at)
{
    return at < s->text.size && s->text.data[at] != ')' && !kw_blank_size(s->text, at);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool word_character_at(const struct scanner *s, size_t at)
{
    if (at == s->text.size)
        return false;
    uint8_t c = s->text.data[at];
    if (c >= 0x80)
        return !kw_blank_size(s->text, at) && !quote_size(s->text, at);
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* ---- Signs and fields ----------------------------------------------------------------------- */

static int compare_fields(const void *a, const void *b)
{
    return kw_view_compare(((const struct kw_query_field *)a)->name,
                           ((const struct kw_query_field *)b)->name);
}

/* The field with the longest name that stands at the scanner's place with a colon and something
 * behind it, or NULL. */
static const struct kw_query_field *field_at(const struct scanner *s)
{
    const struct kw_query_field *found = NULL;
    size_t end = s->at;
    for (; end < s->text.size && end - s->at <= s->longest_field; end++) {
        uint8_t c = s->text.data[end];
        if (c == '(' || c == ')' || kw_blank_size(s->text, end) || quote_size(s->text, end))
            break;
        struct kw_query_field wanted = {{s->text.data + s->at, end - s->at}, 0};
        if (c != ':' || !wanted.name.size || !something_at(s, end + 1))
            continue;
        const struct kw_query_field *field =
            bsearch(&wanted, s->fields, s->field_count, sizeof wanted, compare_fields);
        found = field ? field : found;
    }
    return found;
}

static void scan_prefix(struct scanner *s, struct kw_lexeme *lexeme)
{
    uint8_t c = s->text.data[s->at];
    if (s->sign_counts && (c == '+' || c == '-') && something_at(s, s->at + 1) &&
        s->text.data[s->at + 1] != '+' && s->text.data[s->at + 1] != '-') {
        lexeme->sign = (char)c;
        s->at++;
    }
    if (!s->field_count)
        return;
    const struct kw_query_field *field = field_at(s);
    if (field) {
        lexeme->field = (uint32_t)s->at;
        lexeme->field_size = (uint32_t)field->name.size;
        lexeme->uses = field->uses;
        s->at += field->name.size + 1;
    }
}

/* ---- Words ---------------------------------------------------------------------------------- */

static bool is(struct kw_view word, const char *text)
{
    return kw_view_equal(word, kw_view_of(text));
}

/* Makes NEAR, NEAR/N, ONEAR or ONEAR/N of the lexeme, or leaves it as it is. */
static void take_near(struct kw_lexeme *lexeme, struct kw_view word)
{
    enum { DEFAULT_DISTANCE = 10 };
    bool ordered = word.size > 0 && word.data[0] == 'O';
    struct kw_view name = {word.data + ordered, word.size - ordered};
    if (name.size < 4 || memcmp(name.data, "NEAR", 4) != 0)
        return;
    uint32_t distance = 0;
    for (size_t i = 5; i < name.size; i++) {
        if (!is_digit(name.data[i]))
            return;
        if (distance <= KW_QUERY_DISTANCE)
            distance = distance * 10 + (uint32_t)(name.data[i] - '0');
    }
    if (name.size == 4)
        distance = DEFAULT_DISTANCE;
    else if (name.size == 5 || name.data[4] != '/')
        return;
    lexeme->kind = KW_LEX_NEAR;
    lexeme->ordered = ordered;
    lexeme->number = distance;
}

/* Makes an operator of the lexeme if `word` spells one. */
static void take_operator(struct kw_lexeme *lexeme, struct kw_view word)
{
    if (is(word, "AND"))
        lexeme->kind = KW_LEX_AND;
    else if (is(word, "OR"))
        lexeme->kind = KW_LEX_OR;
    else if (is(word, "NOT"))
        lexeme->kind = KW_LEX_NOT;
    else
        take_near(lexeme, word);
}

/* Where the word that begins at the scanner's place ends. Parentheses that open within it close
 * within it; an operator, which a `plain` one may be, ends before one. */
static size_t word_end(struct scanner *s, bool plain)
{
    size_t inner = 0;
    size_t end = s->at;
    for (; end < s->text.size && !kw_blank_size(s->text, end); end++) {
        uint8_t c = s->text.data[end];
        if (c == '(') {
            struct kw_lexeme before = {.kind = KW_LEX_WORD};
            if (plain && inner == 0)
                take_operator(&before, (struct kw_view){s->text.data + s->at, end - s->at});
            plain = false; /* what holds a parenthesis is no operator */
            if (before.kind != KW_LEX_WORD)
                break;
            inner++;
        } else if (c == ')' && inner > 0) {
            inner--;
        } else if (c == ')') {
            if (s->open != KW_NO_LEXEME)
                break;
            note(s, KW_PROBLEM_CLOSING, end);
        }
    }
    return end;
}

static bool scan_word(struct scanner *s, struct kw_lexeme lexeme)
{
    bool plain = !lexeme.sign && !lexeme.field_size;
    if (s->text.data[s->at] == '=' && word_character_at(s, s->at + 1)) {
        lexeme.kind = KW_LEX_EXACT;
        plain = false;
        s->at++;
    }
    size_t end = word_end(s, plain);
    lexeme.start = (uint32_t)s->at;
    lexeme.size = (uint32_t)(end - s->at);
    if (plain)
        take_operator(&lexeme, (struct kw_view){s->text.data + s->at, lexeme.size});
    s->at = end;
    return push(s, lexeme);
}

/* ---- Quotes and parentheses ----------------------------------------------------------------- */

/* Whether what is read ends at `at`, so that something before it counts as syntax. */
static bool ends_at(const struct scanner *s, size_t at)
{
    return !something_at(s, at);
}

/* Takes `~` and a number, a phrase's slop; *at becomes the place behind it. */
static void scan_slop(const struct scanner *s, size_t *at, uint32_t *slop)
{
    size_t end = *at + 1;
    *slop = 0;
    for (; end < s->text.size && is_digit(s->text.data[end]); end++)
        if (*slop <= KW_QUERY_DISTANCE)
            *slop = *slop * 10 + (uint32_t)(s->text.data[end] - '0');
    if (end > *at + 1)
        *at = end;
}

/* Takes a slop, which only a phrase may have, and a boost directly behind a quote or a parenthesis,
 * if nothing else stands behind them. */
static void scan_suffix(struct scanner *s, struct kw_lexeme *lexeme)
{
    size_t at = s->at;
    uint32_t slop = 0;
    enum kw_modifier found = KW_MODIFIER_NONE;
    if (lexeme->kind == KW_LEX_PHRASE && at < s->text.size && s->text.data[at] == '~') {
        if (ends_at(s, at + 1))
            note(s, KW_PROBLEM_SLOP, at);
        scan_slop(s, &at, &slop);
    }
    size_t slop_end = at;
    if (at < s->text.size && s->text.data[at] == '^') {
        while (!ends_at(s, at))
            at++;
        struct kw_view number = {s->text.data + slop_end + 1, at - slop_end - 1};
        found = kw_boost_parse(number, &lexeme->boost);
    }
    if (found == KW_MODIFIER_WRONG && slop_end == s->at) /* else the word that is left says it */
        note(s, KW_PROBLEM_BOOST, slop_end);
    if (!ends_at(s, at) || at == s->at || (at > slop_end && found != KW_MODIFIER_GOOD))
        return;
    if (slop > KW_QUERY_DISTANCE) {
        note(s, KW_PROBLEM_DISTANCE, s->at);
        slop = KW_QUERY_DISTANCE;
    }
    lexeme->number = slop;
    s->at = at;
}

static bool scan_quote(struct scanner *s, struct kw_lexeme lexeme, size_t quote)
{
    size_t start = s->at + quote;
    if (s->last_quote < start) {
        note(s, KW_PROBLEM_QUOTE, s->at);
        lexeme.kind = KW_LEX_VOID;
        s->at = start;
        return push(s, lexeme);
    }
    size_t end = start;
    while (!quote_size(s->text, end))
        end++;
    lexeme.kind = KW_LEX_PHRASE;
    lexeme.start = (uint32_t)start;
    lexeme.size = (uint32_t)(end - start);
    s->at = end + quote_size(s->text, end);
    scan_suffix(s, &lexeme);
    return push(s, lexeme);
}

static bool scan_open(struct scanner *s, struct kw_lexeme lexeme)
{
    lexeme.kind = KW_LEX_OPEN;
    lexeme.start = s->open;
    s->open = (uint32_t)s->out->count;
    s->at++;
    s->sign_counts = true;
    return push(s, lexeme);
}

static bool scan_close(struct scanner *s, struct kw_lexeme lexeme)
{
    lexeme.kind = KW_LEX_CLOSE;
    s->open = s->out->items[s->open].start;
    s->sign_counts = false;
    s->at++;
    scan_suffix(s, &lexeme);
    return push(s, lexeme);
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Takes one lexeme from the scanner's place, which is not white space. */
static bool scan_one(struct scanner *s)
{
    struct kw_lexeme lexeme = {.kind = KW_LEX_WORD, .at = (uint32_t)s->at, .boost = 1};
    if (s->text.data[s->at] == ')' && s->open != KW_NO_LEXEME)
        return scan_close(s, lexeme);
    scan_prefix(s, &lexeme);
    if (s->text.data[s->at] == '(')
        return scan_open(s, lexeme);
    s->sign_counts = false;
    size_t quote = quote_size(s->text, s->at);
    return quote ? scan_quote(s, lexeme, quote) : scan_word(s, lexeme);
}

static bool scan_literal(struct scanner *s)
{
    size_t start = s->at;
    while (s->at < s->text.size && !kw_blank_size(s->text, s->at))
        s->at++;
    struct kw_lexeme lexeme = {.kind = KW_LEX_WORD,
                               .at = (uint32_t)start,
                               .start = (uint32_t)start,
                               .size = (uint32_t)(s->at - start),
                               .boost = 1};
    return push(s, lexeme);
}

static bool scan(struct scanner *s)
{
    while (s->at < s->text.size) {
        size_t blank = kw_blank_size(s->text, s->at);
        if (blank) {
            s->at += blank;
            s->sign_counts = true;
        } else if (!(s->literal ? scan_literal(s) : scan_one(s))) {
            return false;
        }
    }
    return true;
}

/* Gives the scanner the fields, sorted by name. */
static bool take_fields(struct scanner *s, const struct kw_query_field *fields, size_t count)
{
    bool rise = true;
    s->fields = fields;
    s->field_count = count;
    for (size_t i = 0; i < count; i++) {
        rise = rise && (i == 0 || compare_fields(&fields[i - 1], &fields[i]) <= 0);
        if (fields[i].name.size > s->longest_field)
            s->longest_field = fields[i].name.size;
    }
    if (rise)
        return true;
    s->fields = s->sorted = malloc(count * sizeof *s->sorted);
    if (!s->sorted)
        return false;
    memcpy(s->sorted, fields, count * sizeof *s->sorted);
    qsort(s->sorted, count, sizeof *s->sorted, compare_fields);
    return true;
}

enum kw_status kw_lex_init(struct kw_lexemes *lexemes, struct kw_view text,
                           const struct kw_query_field *fields, size_t field_count, bool literal,
                           struct kw_error *error)
{
    *lexemes = (struct kw_lexemes)KW_LEXEMES_INIT;
    struct scanner s = {.text = text,
                        .sign_counts = true,
                        .literal = literal,
                        .open = KW_NO_LEXEME,
                        .last_quote = find_last_quote(text),
                        .out = lexemes};
    bool scanned = take_fields(&s, fields, field_count) && scan(&s);
    free(s.sorted);
    if (!scanned) {
        kw_lex_release(lexemes);
        return kw_fail_memory(error);
    }
    if (!literal) {
        kw_settle_parentheses(lexemes, s.open);
        kw_settle_operators(lexemes, text);
        kw_settle_words(lexemes, text);
        kw_settle_nears(lexemes, text);
    }
    return KW_OK;
}

void kw_lex_release(struct kw_lexemes *lexemes)
{
    free(lexemes->items);
    *lexemes = (struct kw_lexemes)KW_LEXEMES_INIT;
}
