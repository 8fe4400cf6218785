/* Fuzzes the JSON Lines reader: the input is a file in memory. Any bytes must read to the end, and
 * each document must hold what document.h promises. */
#include "ingest/jsonl.h"
#include "stemmers/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool condition)
{
    if (!condition)
        abort();
}

static void check_text(struct kw_view view)
{
    hold(view.size == 0 || view.data != NULL);
    hold(view.size == 0 || kw_utf8_valid(view) == view.size);
}

static void check_document(const struct kw_document *document, uint64_t line)
{
    hold(document->line > line);
    hold(document->id.size > 0);
    check_text(document->id);
    check_text(document->title);
    check_text(document->text);
    for (size_t i = 0; i < document->field_count; i++) {
        const struct kw_field *field = &document->fields[i];
        check_text(field->name);
        check_text(field->value);
        hold(field->kind == KW_FIELD_TEXT || field->kind == KW_FIELD_JSON);
        hold(field->kind == KW_FIELD_TEXT || field->value.size > 0);
    }
}

/* Lines of the input that are not blank, each of which is a document or passed over. */
static uint64_t count_lines(const uint8_t *data, size_t size)
{
    uint64_t count = 0;
    bool blank = true;
    for (size_t i = 0; i <= size; i++) {
        if (i == size || data[i] == '\n') {
            count += !blank;
            blank = true;
        } else if (data[i] != ' ' && data[i] != '\t' && data[i] != '\r') {
            blank = false;
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_lines lines;
    struct kw_jsonl *reader = NULL;
    struct kw_document document;
    struct kw_source_options options = {0};
    uint64_t line = 0;
    uint64_t count = 0;
    kw_lines_init(&lines, (struct kw_view){data, size}, KW_RECORD_BYTES);
    hold(kw_jsonl_new(&reader, &lines, "a.jsonl", "a.jsonl", &options, NULL) == KW_OK);
    enum kw_status status;
    while ((status = kw_jsonl_next(reader, &document, NULL)) == KW_OK) {
        check_document(&document, line);
        line = document.line;
        count++;
    }
    hold(status == KW_END);
    hold(count + kw_jsonl_skipped(reader) == count_lines(data, size));
    kw_jsonl_free(reader);
    kw_lines_release(&lines);
    return 0;
}
