/* Reads results one by one: a document's passages are looked for when its turn comes, and only
 * those that are handed out are read. */
#include "lib/results.h"
#include "lib/status.h"
#include "query/describe.h"

#include <stdlib.h>

static void close_document(struct kw_current *current)
{
    free(current->borders);
    free(current->choices);
    free(current->parts);
    current->parts = NULL;
    current->part = current->part_at = 0;
    current->borders = NULL;
    current->choices = NULL;
    current->choice_count = 0;
    current->next = 0;
    current->open = false;
    kw_matches_clear(&current->matches);
}

/* ---- Documents held ----------------------------------------------------------------------- */

/* Holds the hits of one member. */
static enum kw_status hold_member(struct kwic_results *results, size_t member, uint64_t *documents,
                                  struct kw_error *error)
{
    struct kw_engine *engine = results->index->members[member].engine;
    size_t count = 0;
    for (size_t i = results->next; i < results->top.count; i++)
        if (results->top.hits[i].engine == member)
            documents[count++] = results->top.hits[i].document;
    if (!count)
        return KW_OK;
    return engine->ops->hold(engine, &results->plan, documents, count, !results->options.documents,
                             &results->held[member], error);
}

enum kw_status kw_results_hold(struct kwic_results *results, struct kw_error *error)
{
    size_t members = results->index->count;
    if (!results->top.count)
        return KW_OK;
    uint64_t *documents = calloc(results->top.count + 1, sizeof *documents);
    enum kw_status status = KW_OK;
    results->held = calloc(members, sizeof(struct kw_engine *));
    if (!documents || !results->held)
        status = kw_fail_memory(error);
    for (size_t i = 0; i < members && status == KW_OK; i++)
        status = hold_member(results, i, documents, error);
    free(documents);
    return status;
}

struct kw_member kw_results_member(const struct kwic_results *results, const struct kw_hit *hit)
{
    struct kw_member member = results->index->members[hit->engine];
    if (results->held[hit->engine])
        member.engine = results->held[hit->engine];
    return member;
}

/* ------------------------------------------------------------------------------------------- */

void kwic_results_free(struct kwic_results *results)
{
    if (!results)
        return;
    close_document(&results->current);
    for (size_t i = 0; results->held && i < results->index->count; i++)
        if (results->held[i])
            results->held[i]->ops->free(results->held[i]);
    free(results->held);
    kw_matches_release(&results->current.matches);
    kw_outside_release(&results->current.outside);
    kw_top_release(&results->top);
    kw_facets_release(&results->facets);
    kw_bytes_release(&results->facet_text);
    free(results->facet_values);
    free(results->public_facets);
    kw_statistics_release(&results->statistics);
    kw_plan_release(&results->plan);
    kw_ast_release(&results->ast);
    kw_clauses_release(results);
    kw_bytes_release(&results->text);
    kw_bytes_release(&results->query);
    kw_bytes_release(&results->part);
    kw_highlights_release(&results->marks);
    free(results->highlights.items);
    free(results->files);
    free(results->note);
    free(results);
}

uint64_t kwic_results_matches(const struct kwic_results *results)
{
    return results->matches;
}

const char *kwic_results_note(const struct kwic_results *results)
{
    return results->note;
}

enum kwic_status kwic_results_query(struct kwic_results *results, struct kwic_text *text,
                                    struct kwic_error *error)
{
    enum { TERMS = 20 };
    struct kw_error inner = KW_ERROR_INIT;
    if (!results->query.size)
        kw_plan_describe(&results->plan, TERMS, &results->query);
    enum kw_status status = kw_bytes_status(&results->query, &inner);
    *text = status == KW_OK ? kw_text_of(kw_bytes_view(&results->query)) : KWIC_TEXT("");
    return kw_publish(status, &inner, error);
}

/* Looks up borders and matches of the document at hand and chooses its passages. */
static enum kw_status choose(struct kwic_results *results, struct kw_engine *engine,
                             struct kw_error *error)
{
    struct kw_current *current = &results->current;
    uint64_t document = current->hit->document;
    if (!current->record.passage_count)
        return KW_OK;
    enum kw_status status = engine->ops->borders(engine, document, &current->borders, error);
    if (status == KW_OK)
        status = engine->ops->matches(engine, &results->plan, &results->statistics, document,
                                      &current->matches, error);
    if (status == KW_OK)
        status = kw_select(current->borders, current->record.passage_count, &current->matches,
                           &results->plan, &results->statistics, results->options.per_doc,
                           &current->choices, &current->choice_count, error);
    return status;
}

/* Opens the next document. KW_END if there is none. */
static enum kw_status open_document(struct kwic_results *results, struct kw_error *error)
{
    struct kw_current *current = &results->current;
    if (results->next >= results->top.count)
        return KW_END;
    current->hit = &results->top.hits[results->next];
    const struct kw_member member = kw_results_member(results, current->hit);
    enum kw_status status =
        member.engine->ops->record(member.engine, current->hit->document, &current->record, error);
    if (status == KW_OK)
        status = kw_outside_fill(&current->outside, &member, &current->record, error);
    if (status == KW_OK && !results->options.documents)
        status = kw_outside_fields(&current->outside, &member, current->hit->document,
                                   &current->record, error);
    if (status == KW_OK && !results->options.documents)
        status = choose(results, member.engine, error);
    if (status != KW_OK) {
        close_document(current);
        return status;
    }
    results->next++;
    current->open = true;
    return KW_OK;
}

/* Fills what a result says of its document. */
static void describe(const struct kwic_results *results, struct kwic_result *result)
{
    const struct kw_current *current = &results->current;
    *result = (struct kwic_result){
        .rank = results->next,
        .score = current->hit->score,
        .doc = kw_text_of(current->record.id),
        .path = KWIC_TEXT(current->outside.path),
        .record = kw_is_one_of_many(&current->record),
        .title = kw_text_of(current->record.title),
        .text = {"", 0},
        .fields = current->outside.items,
        .field_count = current->outside.count,
        .file = results->files ? results->files[results->next - 1] : KWIC_FILE_UNKNOWN,
    };
}

/* Copies the marks to the public form. */
static enum kw_status publish_marks(struct kwic_results *results, struct kwic_result *result,
                                    struct kw_error *error)
{
    size_t count = results->marks.count;
    if (!kw_grow(&results->highlights, count))
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const struct kw_highlight *mark = &results->marks.items[i];
        results->highlights.items[i] =
            (struct kwic_highlight){mark->start, mark->end, mark->clause};
    }
    result->highlights = results->highlights.items;
    result->highlight_count = count;
    return KW_OK;
}

/* Reads the passages of a choice and marks them. */
static enum kw_status read_choice(struct kwic_results *results, const struct kw_choice *choice,
                                  struct kwic_result *result, struct kw_error *error)
{
    const struct kw_current *current = &results->current;
    struct kw_engine *engine = kw_results_member(results, current->hit).engine;
    const struct kw_border *first = &current->borders[choice->first];
    const struct kw_border *last = &current->borders[choice->first + choice->count - 1];
    kw_bytes_clear(&results->text);
    enum kw_status status = engine->ops->text(engine, current->hit->document, choice->first,
                                              choice->count, &results->text, error);
    if (status == KW_OK)
        status = kw_bytes_status(&results->text, error);
    if (status == KW_OK)
        status =
            kw_highlight(results->index->analyzer, kw_bytes_view(&results->text), first,
                         choice->count, &current->matches, &results->plan, &results->marks, error);
    if (status == KW_OK)
        status = publish_marks(results, result, error);
    if (status != KW_OK)
        return status;
    result->text = kw_text_of(kw_bytes_view(&results->text));
    result->passage = choice->first;
    result->start = first->start;
    result->end = last->start + last->bytes;
    result->line = result->record ? current->record.line : first->line + 1;
    return KW_OK;
}

static enum kw_status next(struct kwic_results *results, struct kwic_result *result,
                           struct kw_error *error)
{
    struct kw_current *current = &results->current;
    enum kw_status status = KW_OK;
    if (current->open && current->next >= current->choice_count)
        close_document(current);
    if (!current->open)
        status = open_document(results, error);
    if (status != KW_OK)
        return status;
    describe(results, result);
    if (results->options.documents)
        return KW_OK;
    if (current->choice_count)
        return read_choice(results, &current->choices[current->next++], result, error);
    result->line = result->record ? current->record.line : 1; /* an empty text has no passage */
    return KW_OK;
}

enum kwic_status kwic_results_next(struct kwic_results *results, struct kwic_result *result,
                                   struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    return kw_publish(next(results, result, &inner), &inner, error);
}
