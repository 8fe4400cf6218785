/* The format text, for a person: title, place and score, and the passage wrapped to the terminal
 * with its matches lit up. */
#include "cli/render.h"

#include "cli/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 4 };

/* The colours of rg, whose users know them: path magenta, line green, match bold red. */
#define COLOR_OFF "\033[0m"
#define COLOR_TITLE "\033[1m"
#define COLOR_PATH "\033[35m"
#define COLOR_LINE "\033[32m"
#define COLOR_DIM "\033[2m"
#define COLOR_MATCH "\033[1;31m"

static void switch_color(const struct kw_render *render, const char *color)
{
    if (render->color)
        kw_output_string(render->output, color);
}

static void write_colored(const struct kw_render *render, const char *color, struct kwic_text text)
{
    switch_color(render, color);
    kw_output_clean(render->output, text, KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
    switch_color(render, COLOR_OFF);
}

/* ---- The passage, wrapped ------------------------------------------------------------------- */

/* Where the pen stands while a passage is written. */
struct pen {
    const struct kw_render *render;
    struct kwic_text text;
    struct kw_marks marks;
    size_t column; /* columns used of the line, without the indent */
    bool lit;      /* the colour of matches is on */
};

static void light(struct pen *pen, bool on)
{
    if (pen->lit != on)
        switch_color(pen->render, on ? COLOR_MATCH : COLOR_OFF);
    pen->lit = on;
}

static void new_line(struct pen *pen)
{
    light(pen, false);
    kw_output_string(pen->render->output, "\n");
    kw_output_spaces(pen->render->output, INDENT);
    pen->column = 0;
}

/* Whether the byte `at` of the text is lit; `at` never falls. */
static bool is_lit(struct pen *pen, size_t at)
{
    while (at >= pen->marks.end && pen->marks.start != SIZE_MAX)
        kw_marks_next(&pen->marks);
    return at >= pen->marks.start;
}

/* A piece of text between two places where a line may break. */
struct piece {
    size_t start, end;
    size_t columns;
    bool spaced;    /* white space stands before it */
    bool paragraph; /* and an empty line within that */
    bool plain;     /* it is printable ASCII, a column a byte */
};

/* Finds the piece that begins at or after `at`; false at the end of the text. Lines break at white
 * space and between the wide characters of scripts that have none. */
static bool find_piece(struct kwic_text text, size_t at, struct piece *piece)
{
    size_t line_ends = 0;

    *piece = (struct piece){0};
    for (; at < text.size; at++) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(text, at));
        if (!kw_glyph_blank(glyph.code))
            break;
        line_ends += glyph.code == '\n' || glyph.code == 0x2029;
        piece->spaced = true;
        at += glyph.size - 1;
    }
    piece->paragraph = line_ends > 1;
    piece->start = at;
    size_t plain = kw_text_plain_word(kw_text_from(text, at));
    piece->columns = plain;
    piece->end = at + plain;
    while (piece->end < text.size) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(text, piece->end));
        unsigned width = kw_glyph_shown_width(glyph.code);
        if (kw_glyph_blank(glyph.code) || (width == 2 && piece->columns > 0))
            break;
        piece->columns += width;
        piece->end += glyph.size;
        if (width == 2)
            break;
    }
    piece->plain = piece->end == at + plain;
    /* Marks that combine with a wide character stay with it. */
    while (!piece->plain && piece->columns == 2 && piece->end < text.size) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(text, piece->end));
        if (kw_glyph_shown_width(glyph.code) != 0)
            break;
        piece->end += glyph.size;
    }
    return piece->start < text.size;
}

/* A plain piece for which the line has room: what is lit alike is written as a whole. */
static void write_plain_piece(struct pen *pen, const struct piece *piece)
{
    size_t end;

    for (size_t at = piece->start; at < piece->end; at = end) {
        bool lit = is_lit(pen, at);
        end = lit ? pen->marks.end : pen->marks.start;
        if (end > piece->end)
            end = piece->end;
        light(pen, lit);
        kw_output_bytes(pen->render->output, pen->text.data + at, end - at);
    }
    pen->column += piece->columns;
}

static void write_piece(struct pen *pen, const struct piece *piece)
{
    size_t width = pen->render->width - INDENT;

    if (piece->plain && pen->column + piece->columns <= width) {
        write_plain_piece(pen, piece);
        return;
    }
    for (size_t at = piece->start; at < piece->end;) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(pen->text, at));
        unsigned columns = kw_glyph_shown_width(glyph.code);
        if (pen->column + columns > width)
            new_line(pen);
        light(pen, is_lit(pen, at));
        kw_output_clean(pen->render->output, kw_text_slice(pen->text, at, at + glyph.size),
                        KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
        pen->column += columns;
        at += glyph.size;
    }
}

/* Where the passage's first line ends if it repeats the title, which then gets a line of its own;
 * else SIZE_MAX. */
static size_t title_line(const struct kwic_result *result)
{
    struct kwic_text title = result->title, text = result->text;

    if (result->passage > 0 || title.size == 0 || text.size <= title.size ||
        memcmp(text.data, title.data, title.size) != 0 ||
        (text.data[title.size] != '\n' && text.data[title.size] != '\r'))
        return SIZE_MAX;
    return title.size;
}

static void write_passage(struct kw_render *render, const struct kwic_result *result)
{
    struct pen pen = {.render = render, .text = result->text};
    size_t width = render->width - INDENT, head = title_line(result);
    struct piece piece;

    kw_marks_init(&pen.marks, result);
    for (size_t at = 0; find_piece(pen.text, at, &piece); at = piece.end) {
        bool first = at == 0;
        size_t space = piece.spaced && pen.column > 0 ? 1 : 0;
        if (first || piece.paragraph || at == head || pen.column + space + piece.columns > width) {
            if (!first)
                new_line(&pen);
            else
                kw_output_spaces(render->output, INDENT);
        } else if (space > 0) {
            light(&pen, is_lit(&pen, piece.start - 1));
            kw_output_string(render->output, " ");
            pen.column++;
        }
        write_piece(&pen, &piece);
    }
    light(&pen, false);
    if (pen.column > 0)
        kw_output_string(render->output, "\n");
}

/* ---- A result ------------------------------------------------------------------------------- */

/* One line of it. */
static void write_title(struct kw_render *render, struct kwic_text title)
{
    struct kwic_text shown = kw_text_fitting(title, render->width - INDENT);

    if (shown.size < title.size)
        shown = kw_text_fitting(title, render->width - INDENT - 3);
    write_colored(render, COLOR_TITLE, shown);
    if (shown.size < title.size)
        kw_output_string(render->output, "...");
}

static void write_place(struct kw_render *render, const struct kwic_result *result)
{
    struct kw_output *output = render->output;
    char line[32];

    kw_output_spaces(output, INDENT);
    if (result->path.size > 0) {
        write_colored(render, COLOR_PATH, result->path);
        snprintf(line, sizeof line, "%" PRIu64, result->line);
        kw_output_string(output, ":");
        write_colored(render, COLOR_LINE, KWIC_TEXT(line));
    }
    if (result->record || result->path.size == 0) {
        kw_output_string(output, result->path.size > 0 ? "  id " : "id ");
        write_colored(render, COLOR_PATH, result->doc);
    }
}

/* Of what the score is the sum, a line each. */
static enum kwic_status write_parts(struct kw_render *render, struct kwic_error *error)
{
    struct kw_output *output = render->output;
    enum kwic_status status = KWIC_OK;
    struct kwic_part part;

    for (size_t i = 0; status == KWIC_OK; i++) {
        status = kwic_results_part(render->found, i, &part, error);
        if (status != KWIC_OK)
            break;
        kw_output_spaces(output, INDENT);
        kw_output_format(output, render->precise ? "%s%.17g  " : "%s%-7.4g ", i > 0 ? "+ " : "  ",
                         part.score);
        kw_output_clean(output, part.text, KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
        kw_output_format(output, ": %" PRIu32 " match%s, idf %.4g", part.frequency,
                         part.frequency == 1 ? "" : "es", part.idf);
        if (part.boost != 1)
            kw_output_format(output, ", boost %.6g", part.boost);
        if (part.repeats > 1)
            kw_output_format(output, ", %" PRIu32 " times in the query", part.repeats);
        kw_output_format(output, ", clause %" PRIu32 "\n", part.clause);
    }
    return status == KWIC_END ? KWIC_OK : status;
}

static enum kwic_status write_result(struct kw_render *render, const struct kwic_result *result,
                                     struct kwic_error *error)
{
    struct kw_output *output = render->output;
    enum kwic_status status = KWIC_OK;
    char number[32];

    if (render->results > 0 || render->batch)
        kw_output_string(output, "\n");
    if (result->rank != render->rank) {
        snprintf(number, sizeof number, "%zu.", result->rank);
        kw_output_string(output, number);
        kw_output_spaces(output, strlen(number) < INDENT ? INDENT - strlen(number) : 1);
        write_title(render, result->title.size > 0 ? result->title : result->doc);
        kw_output_string(output, "\n");
        write_place(render, result);
        kw_output_string(output, "  ");
        switch_color(render, COLOR_DIM);
        kw_output_format(output, render->precise ? "score %.17g" : "score %.4g", result->score);
        if (render->fresh)
            kw_output_format(output, "  %s", kw_render_fresh(result->file));
        switch_color(render, COLOR_OFF);
        kw_output_string(output, "\n");
        if (render->explain)
            status = write_parts(render, error);
    } else {
        write_place(render, result);
        kw_output_string(output, "\n");
    }
    write_passage(render, result);
    return status;
}

/* With several queries, each has a heading. */
static void begin_query(struct kw_render *render)
{
    if (!render->batch)
        return;
    if (render->queries > 0)
        kw_output_string(render->output, "\n");
    switch_color(render, COLOR_TITLE);
    kw_output_string(render->output, "== ");
    kw_output_clean(render->output, render->id, KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
    kw_output_string(render->output, ": ");
    kw_output_clean(render->output, render->query, KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
    switch_color(render, COLOR_OFF);
    kw_output_string(render->output, "\n");
}

/* Below the results, each field's values with the documents that have them. */
static void write_facets(struct kw_render *render)
{
    struct kw_output *output = render->output;

    for (size_t i = 0; i < render->facet_count; i++) {
        const struct kwic_facet *facet = &render->facets[i];
        if (render->results > 0 || i > 0 || render->batch)
            kw_output_string(output, "\n");
        write_colored(render, COLOR_TITLE, facet->field);
        kw_output_string(output, "\n");
        for (size_t k = 0; k < facet->count; k++) {
            kw_output_format(output, "%8" PRIu64 "  ", facet->values[k].documents);
            kw_output_clean(output, facet->values[k].value, KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
            kw_output_string(output, "\n");
        }
        if (facet->count < facet->distinct)
            kw_output_format(output, "%8s  (%zu more)\n", "", facet->distinct - facet->count);
    }
}

const struct kw_renderer kw_render_text = {false, false, begin_query, write_result, write_facets};
