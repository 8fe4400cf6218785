/* The scanner of query text and the three passes that settle what is syntax: unclosed parentheses,
 * depth, and operators without operands. */
#include "query/lexer.h"

#include "query/parser.h"

#include <stdlib.h>

static const size_t none = SIZE_MAX;

struct scanner {
    struct kw_view text;
    size_t at;
    bool sign_counts; /* at the start, behind white space or behind an opening parenthesis */
    bool literal;
    size_t last_quote; /* offset of the last quote in the text, or `none` */
    size_t open; /* innermost open parenthesis, which links to the next by `start`; or `none` */
    struct kw_query_field *fields; /* sorted */
    size_t field_count;
    size_t longest_field;
    struct kw_lexemes *out;
};

static bool starts_with(struct kw_view text, size_t at, const char *bytes, size_t size)
{
    return text.size - at >= size && memcmp(text.data + at, bytes, size) == 0;
}

/* Bytes of the white space character (Unicode's White_Space) at `at`; 0 if there is none. */
static size_t blank_size(struct kw_view text, size_t at)
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

static void note_problem(struct kw_problems *problems, enum kw_problem_kind kind, size_t at)
{
    if (problems->count++ == 0 || at < problems->at) {
        problems->first = kind;
        problems->at = (uint32_t)at;
    }
}

static bool push(struct scanner *s, struct kw_lexeme lexeme)
{
    if (!kw_grow(s->out, s->out->count + 1))
        return false;
    s->out->items[s->out->count++] = lexeme;
    return true;
}

/* Whether a sign or a field's prefix that ends at `at` stands directly before something. */
static bool something_at(const struct scanner *s, size_t at)
{
    return at < s->text.size && s->text.data[at] != ')' && !blank_size(s->text, at);
}

static bool word_character_at(const struct scanner *s, size_t at)
{
    if (at == s->text.size)
        return false;
    uint8_t c = s->text.data[at];
    if (c >= 0x80)
        return !blank_size(s->text, at) && !quote_size(s->text, at);
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static int compare_fields(const void *a, const void *b)
{
    return kw_view_compare(((const struct kw_query_field *)a)->name,
                           ((const struct kw_query_field *)b)->name);
}

/* Length of the longest field's name that stands at the scanner's place with a colon and something
 * behind it, or 0. */
static size_t field_name_size(const struct scanner *s)
{
    size_t found = 0;
    size_t end = s->at;
    for (; end < s->text.size && end - s->at <= s->longest_field; end++) {
        uint8_t c = s->text.data[end];
        if (c == '(' || c == ')' || blank_size(s->text, end) || quote_size(s->text, end))
            break;
        struct kw_query_field field = {{s->text.data + s->at, end - s->at}, 0};
        if (c == ':' && field.name.size && something_at(s, end + 1) &&
            bsearch(&field, s->fields, s->field_count, sizeof field, compare_fields))
            found = field.name.size;
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
    size_t size = field_name_size(s);
    if (size) {
        lexeme->field = (uint32_t)s->at;
        lexeme->field_size = (uint32_t)size;
        s->at += size + 1;
    }
}

/* The operator that the first `size` bytes at `start` spell, else KW_LEX_WORD. */
static enum kw_lexeme_kind operator_kind(struct kw_view text, size_t start, size_t size)
{
    if (size == 3 && starts_with(text, start, "AND", 3))
        return KW_LEX_AND;
    if (size == 2 && starts_with(text, start, "OR", 2))
        return KW_LEX_OR;
    if (size == 3 && starts_with(text, start, "NOT", 3))
        return KW_LEX_NOT;
    return KW_LEX_WORD;
}

/* Where the word that begins at the scanner's place ends. Parentheses that open within it close
 * within it. */
static size_t word_end(struct scanner *s, bool plain)
{
    size_t inner = 0;
    size_t end = s->at;
    for (; end < s->text.size && !blank_size(s->text, end); end++) {
        uint8_t c = s->text.data[end];
        if (c == '(') {
            if (plain && operator_kind(s->text, s->at, end - s->at) != KW_LEX_WORD)
                break;
            inner++;
        } else if (c == ')' && inner > 0) {
            inner--;
        } else if (c == ')') {
            if (s->open != none)
                break;
            note_problem(&s->out->problems, KW_PROBLEM_CLOSING, end);
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
        lexeme.kind = operator_kind(s->text, s->at, lexeme.size);
    s->at = end;
    return push(s, lexeme);
}

static bool scan_quote(struct scanner *s, struct kw_lexeme lexeme, size_t quote)
{
    size_t start = s->at + quote;
    if (s->last_quote < start) {
        note_problem(&s->out->problems, KW_PROBLEM_QUOTE, s->at);
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
    return push(s, lexeme);
}

static bool scan_open(struct scanner *s, struct kw_lexeme lexeme)
{
    size_t index = s->out->count;
    lexeme.kind = KW_LEX_OPEN;
    lexeme.start = (uint32_t)s->open; /* `none` is cut off to UINT32_MAX and comes back so */
    s->open = index;
    s->at++;
    s->sign_counts = true;
    return push(s, lexeme);
}

static size_t enclosing(const struct kw_lexeme *open)
{
    return open->start == UINT32_MAX ? none : open->start;
}

/* Takes one lexeme from the scanner's place, which is not white space. */
static bool scan_one(struct scanner *s)
{
    struct kw_lexeme lexeme = {.kind = KW_LEX_WORD, .at = (uint32_t)s->at};
    if (s->text.data[s->at] == ')' && s->open != none) {
        lexeme.kind = KW_LEX_CLOSE;
        s->open = enclosing(&s->out->items[s->open]);
        s->sign_counts = false;
        s->at++;
        return push(s, lexeme);
    }
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
    while (s->at < s->text.size && !blank_size(s->text, s->at))
        s->at++;
    struct kw_lexeme lexeme = {.kind = KW_LEX_WORD,
                               .at = (uint32_t)start,
                               .start = (uint32_t)start,
                               .size = (uint32_t)(s->at - start)};
    return push(s, lexeme);
}

static bool scan(struct scanner *s)
{
    while (s->at < s->text.size) {
        size_t blank = blank_size(s->text, s->at);
        if (blank) {
            s->at += blank;
            s->sign_counts = true;
        } else if (!(s->literal ? scan_literal(s) : scan_one(s))) {
            return false;
        }
    }
    return true;
}

/* Where the parenthesis itself stands. */
static uint32_t behind_prefix(const struct kw_lexeme *open)
{
    return open->at + (open->sign ? 1 : 0) + (open->field_size ? open->field_size + 1 : 0);
}

/* Parentheses that nothing closes, and pairs that are too deep, become void. */
static void void_parentheses(struct kw_lexemes *lexemes, size_t open)
{
    for (size_t next; open != none; open = next) {
        struct kw_lexeme *lexeme = &lexemes->items[open];
        next = enclosing(lexeme);
        lexeme->kind = KW_LEX_VOID;
        note_problem(&lexemes->problems, KW_PROBLEM_PARENTHESIS, behind_prefix(lexeme));
    }
    size_t depth = 0;
    for (size_t i = 0; i < lexemes->count; i++) {
        struct kw_lexeme *lexeme = &lexemes->items[i];
        if (lexeme->kind == KW_LEX_OPEN && ++depth > KW_QUERY_DEPTH) {
            lexeme->kind = KW_LEX_VOID;
            note_problem(&lexemes->problems, KW_PROBLEM_DEPTH, behind_prefix(lexeme));
        } else if (lexeme->kind == KW_LEX_CLOSE && depth-- > KW_QUERY_DEPTH) {
            lexeme->kind = KW_LEX_VOID;
        }
    }
}

/* Hands sign and field of a lexeme that cannot have them on to the one behind it; on a CLOSE they
 * mean nothing. */
static void hand_on(const struct kw_lexeme *from, struct kw_lexeme *to)
{
    if (!to->sign)
        to->sign = from->sign;
    if (!to->field_size) {
        to->field = from->field;
        to->field_size = from->field_size;
    }
}

static void drop_voids(struct kw_lexemes *lexemes)
{
    size_t kept = 0;
    for (size_t i = 0; i < lexemes->count; i++) {
        if (lexemes->items[i].kind != KW_LEX_VOID)
            lexemes->items[kept++] = lexemes->items[i];
        else if (i + 1 < lexemes->count)
            hand_on(&lexemes->items[i], &lexemes->items[i + 1]);
    }
    lexemes->count = kept;
}

static const char *operator_name(enum kw_lexeme_kind kind)
{
    return kind == KW_LEX_AND ? "AND" : kind == KW_LEX_OR ? "OR" : "NOT";
}

/* Operators without their operands become words. Decided from what the lexemes were at first, so
 * that one lone operator does not make an operand for the next. */
static void settle_operators(struct kw_lexemes *lexemes)
{
    struct kw_lexeme *items = lexemes->items;
    size_t count = lexemes->count;
    enum kw_lexeme_kind before = KW_LEX_OPEN;
    for (size_t i = 0; i < count; i++) {
        enum kw_lexeme_kind kind = items[i].kind;
        size_t right = i + 1;
        bool binary = kind == KW_LEX_AND || kind == KW_LEX_OR;
        if (binary && right < count && items[right].kind == KW_LEX_NOT)
            right++;
        bool operand = right < count &&
                       (items[right].kind <= KW_LEX_PHRASE || items[right].kind == KW_LEX_OPEN);
        bool left = before <= KW_LEX_PHRASE || before == KW_LEX_CLOSE;
        before = kind;
        if (!binary && kind != KW_LEX_NOT)
            continue;
        if (operand && (left || !binary)) {
            hand_on(&items[i], &items[i + 1]);
            continue;
        }
        items[i].kind = KW_LEX_WORD;
        note_problem(&lexemes->problems, binary ? KW_PROBLEM_BINARY : KW_PROBLEM_NOT, items[i].at);
        if (lexemes->problems.at == items[i].at)
            lexemes->problems.word = operator_name(kind);
    }
}

enum kw_status kw_lex_init(struct kw_lexemes *lexemes, struct kw_view text,
                           const struct kw_query_field *fields, size_t field_count, bool literal,
                           struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct kw_query_field *sorted = NULL;
    *lexemes = (struct kw_lexemes)KW_LEXEMES_INIT;
    struct scanner s = {.text = text,
                        .sign_counts = true,
                        .literal = literal,
                        .open = none,
                        .last_quote = find_last_quote(text),
                        .out = lexemes};
    if (field_count) {
        sorted = calloc(field_count, sizeof *sorted);
        if (!sorted) {
            status = kw_fail_memory(error);
            goto done;
        }
        memcpy(sorted, fields, field_count * sizeof *sorted);
        qsort(sorted, field_count, sizeof *sorted, compare_fields);
        for (size_t i = 0; i < field_count; i++)
            if (sorted[i].name.size > s.longest_field)
                s.longest_field = sorted[i].name.size;
        s.fields = sorted;
        s.field_count = field_count;
    }
    if (!scan(&s)) {
        status = kw_fail_memory(error);
        goto done;
    }
    void_parentheses(lexemes, s.open);
    drop_voids(lexemes);
    settle_operators(lexemes);
done:
    free(sorted);
    if (status != KW_OK)
        kw_lex_release(lexemes);
    return status;
}

void kw_lex_release(struct kw_lexemes *lexemes)
{
    free(lexemes->items);
    *lexemes = (struct kw_lexemes)KW_LEXEMES_INIT;
}
