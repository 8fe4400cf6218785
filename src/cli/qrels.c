/* Reads judgements into one sorted array; the ids stay in the text that was read. */
#include "cli/qrels.h"

#include "cli/options.h"
#include "cli/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 4 };

static bool is_blank(char c)
{
    return c == '\n' || ((unsigned char)c < 0x80 && kw_glyph_blank((unsigned char)c));
}

/* ---- Ids ------------------------------------------------------------------------------------ */

static int compare_ids(struct kwic_text a, struct kwic_text b)
{
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        unsigned char left = is_blank(a.data[i]) ? '_' : (unsigned char)a.data[i];
        unsigned char right = is_blank(b.data[i]) ? '_' : (unsigned char)b.data[i];
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (a.size > b.size) - (a.size < b.size);
}

static int compare_judgements(const void *a, const void *b)
{
    const struct kw_judgement *left = a, *right = b;
    int order = compare_ids(left->query, right->query);

    if (order == 0)
        order = compare_ids(left->document, right->document);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

static int compare_query(const void *key, const void *item)
{
    return compare_ids(*(const struct kwic_text *)key, ((const struct kw_judgement *)item)->query);
}

static int compare_document(const void *key, const void *item)
{
    return compare_ids(*(const struct kwic_text *)key,
                       ((const struct kw_judgement *)item)->document);
}

/* ---- Reading -------------------------------------------------------------------------------- */

static int read_file(const char *name, char **text, size_t *size)
{
    FILE *file = fopen(name, "re");
    size_t capacity = 64 * 1024;
    int status = KW_GO_ON;

    *size = 0;
    if (file == NULL)
        return kw_message_usage("cannot open '%s': %s", name, strerror(errno));
    *text = malloc(capacity);
    while (*text != NULL) {
        *size += fread(*text + *size, 1, capacity - *size, file);
        if (*size < capacity)
            break;
        char *more = realloc(*text, capacity *= 2);
        if (more == NULL)
            free(*text);
        *text = more;
    }
    if (*text == NULL)
        status = kw_message_memory();
    else if (ferror(file))
        status = kw_message_usage("cannot read '%s': %s", name, strerror(errno));
    fclose(file);
    return status;
}

/* Cuts a line into columns: at tabs if it has any, else at white space. Returns their number, at
 * most one more than there is room for. */
static size_t cut(struct kwic_text line, struct kwic_text columns[COLUMNS])
{
    bool tabs = memchr(line.data, '\t', line.size) != NULL;
    size_t count = 0, at = 0;

    while (count <= COLUMNS) {
        while (!tabs && at < line.size && is_blank(line.data[at]))
            at++;
        if (!tabs && at == line.size)
            break;
        size_t start = at;
        while (at < line.size && (tabs ? line.data[at] != '\t' : !is_blank(line.data[at])))
            at++;
        if (count < COLUMNS)
            columns[count] = kw_text_slice(line, start, at);
        count++;
        if (at++ >= line.size)
            break;
    }
    return count;
}

static bool read_grade(struct kwic_text column, int *grade)
{
    char digits[16], *end;

    if (column.size == 0 || column.size >= sizeof digits || is_blank(column.data[0]))
        return false;
    memcpy(digits, column.data, column.size);
    digits[column.size] = '\0';
    long number = strtol(digits, &end, 10);
    *grade = (int)number;
    return end == digits + column.size && number >= INT_MIN && number <= INT_MAX;
}

static bool add(struct kw_qrels *qrels, const struct kw_judgement *judgement)
{
    if (qrels->count == qrels->capacity) {
        size_t capacity = qrels->capacity > 0 ? 2 * qrels->capacity : 1024;
        struct kw_judgement *items = realloc(qrels->items, capacity * sizeof *items);
        if (items == NULL)
            return false;
        qrels->items = items;
        qrels->capacity = capacity;
    }
    qrels->items[qrels->count++] = *judgement;
    return true;
}

static int read_line(struct kw_qrels *qrels, const char *name, struct kwic_text line, size_t number)
{
    struct kwic_text columns[COLUMNS] = {{"", 0}};
    struct kw_judgement judgement = {.line = number};
    size_t count = cut(line, columns);

    if (count < COLUMNS - 1 || count > COLUMNS)
        return kw_message_usage("'%s', line %zu: not a query, a document and a grade", name,
                                number);
    judgement.query = columns[0];
    judgement.document = columns[count - 2];
    if (!read_grade(columns[count - 1], &judgement.grade)) {
        if (number == 1 && count == COLUMNS - 1 && memchr(line.data, '\t', line.size) != NULL)
            return KW_GO_ON;
        return kw_message_usage("'%s', line %zu: the grade '%.*s' is no whole number", name, number,
                                (int)columns[count - 1].size, columns[count - 1].data);
    }
    return add(qrels, &judgement) ? KW_GO_ON : kw_message_memory();
}

static int read_lines(struct kw_qrels *qrels, const char *name, struct kwic_text text)
{
    int status = KW_GO_ON;

    for (size_t number = 1; text.size > 0 && status == KW_GO_ON; number++) {
        const char *feed = memchr(text.data, '\n', text.size);
        size_t size = feed != NULL ? (size_t)(feed - text.data) : text.size;
        struct kwic_text line = {text.data, size};
        text = kw_text_from(text, feed != NULL ? size + 1 : size);
        while (line.size > 0 && is_blank(line.data[line.size - 1]))
            line.size--;
        if (line.size > 0)
            status = read_line(qrels, name, line, number);
    }
    return status;
}

static int refuse_repeats(const struct kw_qrels *qrels, const char *name)
{
    for (size_t i = 1; i < qrels->count; i++) {
        const struct kw_judgement *one = &qrels->items[i - 1], *other = &qrels->items[i];
        if (compare_ids(one->query, other->query) == 0 &&
            compare_ids(one->document, other->document) == 0)
            return kw_message_usage("'%s', line %zu: query '%.*s' has judged '%.*s' in line %zu",
                                    name, other->line, (int)other->query.size, other->query.data,
                                    (int)other->document.size, other->document.data, one->line);
    }
    return KW_GO_ON;
}

int kw_qrels_init(struct kw_qrels *qrels, const char *name)
{
    size_t size;

    *qrels = (struct kw_qrels){0};
    int status = read_file(name, &qrels->text, &size);
    if (status == KW_GO_ON)
        status = read_lines(qrels, name, (struct kwic_text){qrels->text, size});
    if (status == KW_GO_ON && qrels->count > 1)
        qsort(qrels->items, qrels->count, sizeof *qrels->items, compare_judgements);
    return status == KW_GO_ON ? refuse_repeats(qrels, name) : status;
}

void kw_qrels_release(struct kw_qrels *qrels)
{
    free(qrels->text);
    free(qrels->items);
    *qrels = (struct kw_qrels){0};
}

/* ---- Looking up ----------------------------------------------------------------------------- */

struct kw_judged kw_qrels_find(const struct kw_qrels *qrels, struct kwic_text id)
{
    struct kw_judged judged = {NULL, 0};
    const struct kw_judgement *end = qrels->items + qrels->count;
    const struct kw_judgement *any = NULL;

    if (qrels->count > 0)
        any = bsearch(&id, qrels->items, qrels->count, sizeof *any, compare_query);
    if (any == NULL)
        return judged;
    judged.items = any;
    while (judged.items > qrels->items && compare_query(&id, judged.items - 1) == 0)
        judged.items--;
    while (any < end && compare_query(&id, any) == 0)
        any++;
    judged.count = (size_t)(any - judged.items);
    return judged;
}

int kw_qrels_grade(struct kw_judged judged, struct kwic_text document)
{
    const struct kw_judgement *found =
        bsearch(&document, judged.items, judged.count, sizeof *found, compare_document);

    return found != NULL ? found->grade : 0;
}

size_t kw_qrels_queries(const struct kw_qrels *qrels)
{
    size_t queries = 0;
    bool counted = false;

    for (size_t i = 0; i < qrels->count; i++) {
        if (i > 0 && compare_ids(qrels->items[i - 1].query, qrels->items[i].query) != 0)
            counted = false;
        queries += !counted && qrels->items[i].grade > 0;
        counted = counted || qrels->items[i].grade > 0;
    }
    return queries;
}
