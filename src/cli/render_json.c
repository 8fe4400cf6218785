/* The formats jsonl and json. */
#include "cli/json.h"
#include "cli/render.h"

#include <inttypes.h>

static void write_key(struct kw_output *output, const char *key, struct kwic_text value)
{
    kw_output_format(output, ",\"%s\":", key);
    kw_json_string(output, value);
}

static void write_part(struct kw_render *render, const struct kwic_part *part)
{
    static const char *const kinds[] = {
        [KWIC_PART_QUERY] = "query",
        [KWIC_PART_TITLE] = "title",
        [KWIC_PART_NEIGHBOURS] = "neighbours",
        [KWIC_PART_CHARACTER] = "character",
    };
    struct kw_output *output = render->output;

    kw_output_format(output, "{\"part\":\"%s\"", kinds[part->kind]);
    write_key(output, "text", part->text);
    kw_output_format(output, ",\"clause\":%" PRIu32 ",\"boost\":", part->clause);
    kw_render_score(render, part->boost);
    kw_output_format(output, ",\"repeats\":%" PRIu32 ",\"idf\":", part->repeats);
    kw_render_score(render, part->idf);
    kw_output_format(output, ",\"frequency\":%" PRIu32 ",\"score\":", part->frequency);
    kw_render_score(render, part->score);
    kw_output_string(output, "}");
}

/* Of what the score is the sum. */
static enum kwic_status write_parts(struct kw_render *render, struct kwic_error *error)
{
    enum kwic_status status = KWIC_OK;
    struct kwic_part part;

    kw_output_string(render->output, ",\"explain\":[");
    for (size_t i = 0; status == KWIC_OK; i++) {
        status = kwic_results_part(render->found, i, &part, error);
        if (status == KWIC_OK && i > 0)
            kw_output_string(render->output, ",");
        if (status == KWIC_OK)
            write_part(render, &part);
    }
    kw_output_string(render->output, "]");
    return status == KWIC_END ? KWIC_OK : status;
}

/* Whether servers were left out of the answer, so far. */
static void write_partial(struct kw_render *render)
{
    if (kwic_index_lost(render->index, 0) != NULL)
        kw_output_string(render->output, ",\"partial\":true");
}

/* The keys and their order are a promise: new ones only ever follow. */
static enum kwic_status write_result(struct kw_render *render, const struct kwic_result *result,
                                     struct kwic_error *error)
{
    struct kw_output *output = render->output;
    enum kwic_status status = KWIC_OK;

    kw_output_string(output, "{");
    if (render->batch) {
        kw_output_string(output, "\"query\":");
        kw_json_string(output, render->id);
        kw_output_string(output, ",");
    }
    kw_output_format(output, "\"rank\":%zu,\"score\":", result->rank);
    kw_render_score(render, result->score);
    write_key(output, "doc", result->doc);
    write_key(output, "path", result->path);
    write_key(output, "title", result->title);
    kw_output_format(output,
                     ",\"passage\":%" PRIu64 ",\"line\":%" PRIu64 ",\"start\":%" PRIu64
                     ",\"end\":%" PRIu64,
                     result->passage, result->line, result->start, result->end);
    write_key(output, "text", result->text);
    kw_output_string(output, ",\"highlights\":[");
    for (size_t i = 0; i < result->highlight_count; i++)
        kw_output_format(output, "%s[%zu,%zu,%" PRIu32 "]", i > 0 ? "," : "",
                         result->highlights[i].start, result->highlights[i].end,
                         result->highlights[i].clause);
    kw_output_string(output, "],\"fields\":");
    kw_json_fields(output, result->fields, result->field_count);
    if (render->explain)
        status = write_parts(render, error);
    if (render->fresh)
        kw_output_format(output, ",\"fresh\":\"%s\"", kw_render_fresh(result->file));
    write_partial(render);
    kw_output_string(output, "}");
    return status;
}

static enum kwic_status write_line(struct kw_render *render, const struct kwic_result *result,
                                   struct kwic_error *error)
{
    enum kwic_status status = write_result(render, result, error);

    kw_output_string(render->output, "\n");
    return status;
}

static void begin_object(struct kw_render *render)
{
    struct kw_output *output = render->output;

    kw_output_string(output, "{");
    if (render->batch) {
        kw_output_string(output, "\"id\":");
        kw_json_string(output, render->id);
        kw_output_string(output, ",");
    }
    kw_output_string(output, "\"query\":");
    kw_json_string(output, render->query);
    kw_output_format(output, ",\"matches\":%" PRIu64 ",\"time_ms\":%.3f,\"results\":[",
                     render->matches, render->milliseconds);
}

static enum kwic_status write_item(struct kw_render *render, const struct kwic_result *result,
                                   struct kwic_error *error)
{
    if (render->results > 0)
        kw_output_string(render->output, ",");
    return write_result(render, result, error);
}

/* A field's values, the most documents first; a number as a number. */
static void write_facet(struct kw_render *render, const struct kwic_facet *facet)
{
    struct kw_output *output = render->output;

    kw_json_string(output, facet->field);
    kw_output_format(output, ":{\"distinct\":%zu,\"values\":[", facet->distinct);
    for (size_t i = 0; i < facet->count; i++) {
        kw_output_string(output, i > 0 ? ",{\"value\":" : "{\"value\":");
        if (facet->values[i].type == KWIC_TYPE_NUMBER)
            kw_output_text(output, facet->values[i].value);
        else
            kw_json_string(output, facet->values[i].value);
        kw_output_format(output, ",\"documents\":%" PRIu64 "}", facet->values[i].documents);
    }
    kw_output_string(output, "]}");
}

static void end_object(struct kw_render *render)
{
    struct kw_output *output = render->output;

    kw_output_string(output, "]");
    if (render->facets != NULL)
        kw_output_string(output, ",\"facets\":{");
    for (size_t i = 0; i < render->facet_count; i++) {
        kw_output_string(output, i > 0 ? "," : "");
        write_facet(render, &render->facets[i]);
    }
    if (render->facets != NULL)
        kw_output_string(output, "}");
    write_partial(render);
    kw_output_string(output, "}\n");
}

const struct kw_renderer kw_render_jsonl = {false, false, kw_render_nothing, write_line,
                                            kw_render_nothing};
const struct kw_renderer kw_render_json = {false, true, begin_object, write_item, end_object};
