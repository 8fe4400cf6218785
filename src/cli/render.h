/* Rendering the results of a search: a renderer a format, behind one table. */
#ifndef KW_CLI_RENDER_H
#define KW_CLI_RENDER_H

#include "cli/output.h"

/* In the order of --format's choices; the last two are -c and -l. */
enum kw_format_kind {
    KW_RENDER_TEXT,
    KW_RENDER_JSONL,
    KW_RENDER_JSON,
    KW_RENDER_TSV,
    KW_RENDER_GREP,
    KW_RENDER_TREC,
    KW_RENDER_HTML,
    KW_RENDER_COUNT,
    KW_RENDER_LIST,
};

/* What a renderer knows. Everything is borrowed. */
struct kw_render {
    struct kw_output *output;
    struct kwic_index *index;
    bool color;
    size_t width; /* of the text format, in columns */
    bool precise; /* scores with 17 significant digits instead of 6 */
    bool null;    /* the list ends its lines with NUL */
    bool batch;   /* several queries, each with its id */
    const char *tag;
    bool explain;   /* the parts of each score too */
    bool fresh;     /* and what became of the files */
    size_t queries; /* rendered before this one */
    /* Of the query at hand: */
    struct kwic_text id;
    struct kwic_text query;
    uint64_t matches;
    double milliseconds; /* that the search took */
    struct kwic_results *found;
    const struct kwic_facet *facets; /* NULL: none were asked for */
    size_t facet_count;
    size_t results; /* written so far */
    size_t rank;    /* of the last one, 0 before the first */
};

struct kw_renderer {
    bool documents; /* it shows documents, not passages */
    bool counts;    /* it shows how many match */
    void (*begin)(struct kw_render *render);
    /* KWIC_OK, or a failure to read what the result needs. */
    enum kwic_status (*result)(struct kw_render *render, const struct kwic_result *result,
                               struct kwic_error *error);
    void (*end)(struct kw_render *render);
};

extern const struct kw_renderer kw_render_text, kw_render_jsonl, kw_render_json, kw_render_tsv,
    kw_render_grep, kw_render_trec, kw_render_html, kw_render_count, kw_render_list;

/* For begin and end where there is nothing to do. */
void kw_render_nothing(struct kw_render *render);

void kw_render_score(struct kw_render *render, double score);

/* What became of a result's file, in a word. Static. */
const char *kw_render_fresh(enum kwic_file file);

/* The parts of a text to light up, one by one: the union of overlapping highlights. */
struct kw_marks {
    const struct kwic_highlight *highlights;
    size_t count;
    size_t start; /* bytes [start, end) of the part at hand; both SIZE_MAX after the last */
    size_t end;
};

/* Sets *marks to the first part of the result's text. */
void kw_marks_init(struct kw_marks *marks, const struct kwic_result *result);
void kw_marks_next(struct kw_marks *marks);

#endif
