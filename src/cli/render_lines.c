/* The formats of a line a result: tsv, grep, trec, the list of documents and their number. */
#include "cli/render.h"

#include "cli/text.h"

#include <inttypes.h>
#include <string.h>

/* With several queries, lines that do not name theirs by themselves begin with its id. */
static void write_query_id(struct kw_render *render)
{
    if (!render->batch)
        return;
    kw_output_result(render->output, render->id, KW_CLEAN_ONE_LINE);
    kw_output_string(render->output, "\t");
}

static void write_column(struct kw_output *output, struct kwic_text text)
{
    kw_output_string(output, "\t");
    kw_output_result(output, text, KW_CLEAN_ONE_LINE);
}

static enum kwic_status write_tsv(struct kw_render *render, const struct kwic_result *result,
                                  struct kwic_error *error)
{
    struct kw_output *output = render->output;

    (void)error;
    write_query_id(render);
    kw_output_format(output, "%zu\t", result->rank);
    kw_render_score(render, result->score);
    write_column(output, result->doc);
    kw_output_format(output, "\t%" PRIu64 "\t%" PRIu64, result->passage, result->line);
    write_column(output, result->text);
    kw_output_string(output, "\n");
    return KWIC_OK;
}

/* ---- grep ----------------------------------------------------------------------------------- */

/* Bytes of the passage's first line that stand before the passage: *bytes. Reads backwards, a
 * passage at a time, until a line ends. */
static enum kwic_status bytes_before(struct kw_render *render, const struct kwic_result *result,
                                     uint64_t *bytes, struct kwic_error *error)
{
    struct kwic_document *document = NULL;
    struct kwic_text text;
    const char *line_end = NULL;
    enum kwic_status status;

    *bytes = 0;
    if (result->line <= 1) {
        *bytes = result->start;
        return KWIC_OK;
    }
    status = kwic_document_new(&document, render->index, result->doc, true, error);
    for (uint64_t i = result->passage; i-- > 0 && status == KWIC_OK && line_end == NULL;) {
        status = kwic_document_text(document, i, 1, &text, error);
        if (status != KWIC_OK)
            break;
        line_end = memrchr(text.data, '\n', text.size);
        *bytes += line_end != NULL ? (size_t)(text.data + text.size - line_end - 1) : text.size;
    }
    kwic_document_free(document);
    return status;
}

/* The line and column, both from 1, of the first highlight, or of the passage if it has none. */
static enum kwic_status find_place(struct kw_render *render, const struct kwic_result *result,
                                   uint64_t *line, uint64_t *column, struct kwic_error *error)
{
    size_t first = result->highlight_count > 0 ? result->highlights[0].start : 0;
    const char *end = result->text.data + first;
    const char *line_start = NULL;

    *line = result->line;
    *column = 1;
    if (result->record)
        return KWIC_OK;
    for (const char *at = result->text.data; at < end; at++)
        if (*at == '\n') {
            line_start = at + 1;
            ++*line;
        }
    if (line_start == NULL) {
        enum kwic_status status = bytes_before(render, result, column, error);
        *column += first + 1;
        return status;
    }
    *column = (uint64_t)(end - line_start) + 1;
    return KWIC_OK;
}

static enum kwic_status write_grep(struct kw_render *render, const struct kwic_result *result,
                                   struct kwic_error *error)
{
    struct kw_output *output = render->output;
    uint64_t line, column;
    enum kwic_status status = find_place(render, result, &line, &column, error);

    if (status != KWIC_OK)
        return status;
    kw_output_result(output, result->path.size > 0 ? result->path : result->doc, KW_CLEAN_ONE_LINE);
    kw_output_format(output, ":%" PRIu64 ":%" PRIu64 ":", line, column);
    kw_output_result(output, result->text, KW_CLEAN_ONE_LINE);
    kw_output_string(output, "\n");
    return KWIC_OK;
}

/* ---- trec, list, count ---------------------------------------------------------------------- */

/* trec_eval splits its lines at white space, so an id must not hold any. */
static void write_word(struct kw_output *output, struct kwic_text text)
{
    size_t start = 0;

    for (size_t i = 0; i < text.size; i++)
        if (kw_glyph_blank((unsigned char)text.data[i]) && text.data[i] != '\x85') {
            kw_output_result(output, kw_text_slice(text, start, i), KW_CLEAN_AS_IS);
            kw_output_string(output, "_");
            start = i + 1;
        }
    kw_output_result(output, kw_text_from(text, start), KW_CLEAN_AS_IS);
}

static enum kwic_status write_trec(struct kw_render *render, const struct kwic_result *result,
                                   struct kwic_error *error)
{
    struct kw_output *output = render->output;

    (void)error;
    write_word(output, render->id);
    kw_output_string(output, " Q0 ");
    write_word(output, result->doc);
    kw_output_format(output, " %zu ", result->rank);
    kw_render_score(render, result->score);
    kw_output_string(output, " ");
    write_word(output, KWIC_TEXT(render->tag));
    kw_output_string(output, "\n");
    return KWIC_OK;
}

static enum kwic_status write_list(struct kw_render *render, const struct kwic_result *result,
                                   struct kwic_error *error)
{
    bool by_id = result->record || result->path.size == 0;

    (void)error;
    write_query_id(render);
    kw_output_result(render->output, by_id ? result->doc : result->path, KW_CLEAN_AS_IS);
    kw_output_bytes(render->output, render->null ? "\0" : "\n", 1);
    return KWIC_OK;
}

static enum kwic_status count_nothing(struct kw_render *render, const struct kwic_result *result,
                                      struct kwic_error *error)
{
    (void)render;
    (void)result;
    (void)error;
    return KWIC_OK;
}

static void write_count(struct kw_render *render)
{
    write_query_id(render);
    kw_output_format(render->output, "%" PRIu64 "\n", render->matches);
}

const struct kw_renderer kw_render_tsv = {false, false, kw_render_nothing, write_tsv,
                                          kw_render_nothing};
const struct kw_renderer kw_render_grep = {false, false, kw_render_nothing, write_grep,
                                           kw_render_nothing};
const struct kw_renderer kw_render_trec = {true, false, kw_render_nothing, write_trec,
                                           kw_render_nothing};
const struct kw_renderer kw_render_list = {true, false, kw_render_nothing, write_list,
                                           kw_render_nothing};
const struct kw_renderer kw_render_count = {true, true, write_count, count_nothing,
                                            kw_render_nothing};
