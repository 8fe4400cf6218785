/* What the renderers share. */
#include "cli/render.h"

void kw_render_nothing(struct kw_render *render)
{
    (void)render;
}

void kw_render_score(struct kw_render *render, double score)
{
    kw_output_format(render->output, render->precise ? "%.17g" : "%.6g", score);
}

const char *kw_render_fresh(enum kwic_file file)
{
    static const char *const words[] = {[KWIC_FILE_SAME] = "fresh",
                                        [KWIC_FILE_CHANGED] = "changed",
                                        [KWIC_FILE_VANISHED] = "gone",
                                        [KWIC_FILE_UNKNOWN] = "unverified"};
    return words[file];
}

void kw_marks_init(struct kw_marks *marks, const struct kwic_result *result)
{
    *marks = (struct kw_marks){result->highlights, result->highlight_count, 0, 0};
    kw_marks_next(marks);
}

void kw_marks_next(struct kw_marks *marks)
{
    if (marks->count == 0) {
        marks->start = marks->end = SIZE_MAX;
        return;
    }
    marks->start = marks->highlights->start;
    marks->end = marks->highlights->end;
    while (marks->count > 0 && marks->highlights->start <= marks->end) {
        if (marks->highlights->end > marks->end)
            marks->end = marks->highlights->end;
        marks->highlights++;
        marks->count--;
    }
}
