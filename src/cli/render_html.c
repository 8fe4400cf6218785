/* The format html: a fragment in which everything is escaped and matches stand in <mark>. */
#include "cli/render.h"

#include "cli/text.h"

#include <inttypes.h>
#include <string.h>

static void write_glyph(struct kw_output *output, struct kwic_text text, struct kw_glyph glyph)
{
    switch (glyph.code) {
    case '&':
        kw_output_string(output, "&amp;");
        break;
    case '<':
        kw_output_string(output, "&lt;");
        break;
    case '>':
        kw_output_string(output, "&gt;");
        break;
    case '"':
        kw_output_string(output, "&quot;");
        break;
    case '\'':
        kw_output_string(output, "&#39;");
        break;
    case '\r':
        if (text.size == 1 || text.data[1] != '\n')
            kw_output_string(output, "\n");
        break;
    default:
        kw_output_clean(output, kw_text_slice(text, 0, glyph.size), KW_CLEAN_SAFE);
        break;
    }
}

static void write_text(struct kw_output *output, struct kwic_text text)
{
    while (text.size > 0) {
        struct kw_glyph glyph = kw_glyph_at(text);
        write_glyph(output, text, glyph);
        text = kw_text_from(text, glyph.size);
    }
}

/* A path as a relative reference (RFC 3986): a colon is escaped too, so that no path can be taken
 * for a scheme such as javascript:. */
static void write_reference(struct kw_output *output, struct kwic_text path)
{
    static const char kept[] = "/-._~";

    for (size_t i = 0; i < path.size; i++) {
        unsigned char byte = (unsigned char)path.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                      (byte >= '0' && byte <= '9');
        if (letter || (byte != '\0' && strchr(kept, byte) != NULL))
            kw_output_bytes(output, &path.data[i], 1);
        else
            kw_output_format(output, "%%%02X", byte);
    }
}

static void write_passage(struct kw_output *output, const struct kwic_result *result)
{
    struct kw_marks marks;
    size_t at = 0;

    for (kw_marks_init(&marks, result); marks.start < result->text.size; kw_marks_next(&marks)) {
        write_text(output, kw_text_slice(result->text, at, marks.start));
        kw_output_string(output, "<mark>");
        write_text(output, kw_text_slice(result->text, marks.start, marks.end));
        kw_output_string(output, "</mark>");
        at = marks.end;
    }
    write_text(output, kw_text_from(result->text, at));
}

static void begin_list(struct kw_render *render)
{
    kw_output_string(render->output, "<ol class=\"kwic\"");
    if (render->batch) {
        kw_output_string(render->output, " data-query=\"");
        write_text(render->output, render->id);
        kw_output_string(render->output, "\"");
    }
    kw_output_string(render->output, ">\n");
}

static enum kwic_status write_item(struct kw_render *render, const struct kwic_result *result,
                                   struct kwic_error *error)
{
    struct kw_output *output = render->output;
    struct kwic_text name = result->path.size > 0 ? result->path : result->doc;

    (void)error;
    kw_output_format(output, "<li value=\"%zu\"><cite>", result->rank);
    if (result->path.size > 0) {
        kw_output_string(output, "<a href=\"");
        write_reference(output, result->path);
        kw_output_string(output, "\">");
    }
    write_text(output, result->title.size > 0 ? result->title : result->doc);
    kw_output_string(output, result->path.size > 0 ? "</a></cite> <span>" : "</cite> <span>");
    write_text(output, name);
    kw_output_format(output, ":%" PRIu64 "</span> <data value=\"", result->line);
    kw_render_score(render, result->score);
    kw_output_string(output, "\">");
    kw_render_score(render, result->score);
    kw_output_string(output, "</data>");
    if (render->fresh)
        kw_output_format(output, " <small>%s</small>", kw_render_fresh(result->file));
    kw_output_string(output, "\n<blockquote>");
    write_passage(output, result);
    kw_output_string(output, "</blockquote></li>\n");
    return KWIC_OK;
}

static void end_list(struct kw_render *render)
{
    kw_output_string(render->output, "</ol>\n");
}

const struct kw_renderer kw_render_html = {false, false, begin_list, write_item, end_list};
