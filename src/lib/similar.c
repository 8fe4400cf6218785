/* Documents like one: its most telling terms, looked for as a query. */
#include "lib/results.h"
#include "lib/status.h"

#include <stdlib.h>

enum {
    PASSAGES_AT_ONCE = 64, /* that are read */
    TERMS_AT_ONCE = 4096,  /* that are weighed */
};

/* The document whose like is looked for. */
struct subject {
    const struct kw_member *member;
    uint64_t number;
    struct kw_record record;
    uint32_t language; /* of the analyzer; KW_NO_LANGUAGE: it has no stems */
    struct {           /* how often it holds each word as written */
        uint32_t *items;
        size_t count;
        size_t capacity;
    } counts;
    struct kw_plan_word *terms; /* distinct; `repeats` is how often it holds them */
    uint32_t term_count;
};

/* A term that may be looked for. */
struct telling {
    const struct kw_plan_word *term;
    double weight;
};

/* The most telling terms so far, best first. */
struct choice {
    struct telling items[KWIC_SIMILAR_TERMS];
    uint32_t count;
};

/* ---- The document's terms ------------------------------------------------------------------- */

static enum kw_status count_text(struct subject *subject, struct kw_analyzer *analyzer,
                                 struct kw_view text, struct kw_error *error)
{
    struct kw_tokens tokens;
    enum kw_status status = kw_analyzer_text(analyzer, text, &tokens, error);
    if (status != KW_OK)
        return status;
    size_t words = kw_analyzer_words(analyzer);
    if (!kw_grow(&subject->counts, words))
        return kw_fail_memory(error);
    while (subject->counts.count < words)
        subject->counts.items[subject->counts.count++] = 0;
    for (size_t i = 0; i < tokens.count; i++)
        subject->counts.items[tokens.word[i]]++;
    return KW_OK;
}

/* Counts the words of the passages, each analysed by itself as when it was indexed. */
static enum kw_status count_passages(struct subject *subject, struct kw_analyzer *analyzer,
                                     struct kw_error *error)
{
    struct kw_engine *engine = subject->member->engine;
    struct kw_border *borders = NULL;
    struct kw_bytes text = KW_BYTES_INIT;
    uint64_t count = subject->record.passage_count, part;
    enum kw_status status = engine->ops->borders(engine, subject->number, &borders, error);
    for (uint64_t first = 0; first < count && status == KW_OK; first += part) {
        size_t at = 0;
        part = count - first < PASSAGES_AT_ONCE ? count - first : PASSAGES_AT_ONCE;
        kw_bytes_clear(&text);
        status = engine->ops->text(engine, subject->number, first, part, &text, error);
        if (status == KW_OK)
            status = kw_bytes_status(&text, error);
        for (uint64_t i = first; i < first + part && status == KW_OK; i++) {
            struct kw_view passage = {text.data + at, borders[i].bytes};
            if (passage.size > text.size - at)
                status = kw_fail(error, KW_E_DAMAGED, "a passage goes beyond its document's text");
            else
                status = count_text(subject, analyzer, passage, error);
            at += passage.size;
        }
    }
    kw_bytes_release(&text);
    free(borders);
    return status;
}

/* Adds a word as written to its term, whose surface is that of its most frequent word. */
static void add_word(struct subject *subject, struct kw_analyzer *analyzer, uint32_t word,
                     uint32_t *most)
{
    uint32_t surface = kw_analyzer_surface_of(analyzer, word);
    uint32_t number = surface, count = subject->counts.items[word];
    struct kw_view bytes = kw_analyzer_surface(analyzer, surface);
    struct kw_plan_word *term;
    if (subject->language != KW_NO_LANGUAGE) {
        number = kw_analyzer_stem_of(analyzer, subject->language, word);
        bytes = kw_analyzer_stem(analyzer, subject->language, number);
    }
    term = &subject->terms[number];
    term->bytes = bytes;
    term->repeats += count;
    if (count > most[number]) {
        most[number] = count;
        term->surface = kw_analyzer_surface(analyzer, surface);
    }
}

/* Makes terms of the words that were counted. They point into the analyzer's vocabulary. */
static enum kw_status make_terms(struct subject *subject, struct kw_analyzer *analyzer,
                                 struct kw_error *error)
{
    bool stems = subject->language != KW_NO_LANGUAGE;
    enum kw_status status = kw_analyzer_close(analyzer, error);
    if (status != KW_OK)
        return status;
    uint32_t count =
        stems ? kw_analyzer_stems(analyzer, subject->language) : kw_analyzer_surfaces(analyzer);
    uint32_t *most = calloc((size_t)count + 1, sizeof *most);
    subject->terms = calloc((size_t)count + 1, sizeof *subject->terms);
    if (!most || !subject->terms) {
        free(most);
        return kw_fail_memory(error);
    }
    subject->term_count = count;
    for (uint32_t i = 0; i < count && stems; i++)
        subject->terms[i].language = subject->record.language;
    for (size_t i = 0; i < subject->counts.count; i++)
        add_word(subject, analyzer, (uint32_t)i, most);
    free(most);
    return KW_OK;
}

/* Analyses the document, title and text, in its own language. */
static enum kw_status read_terms(struct subject *subject, struct kw_analyzer *analyzer,
                                 struct kw_error *error)
{
    struct kw_engine *engine = subject->member->engine;
    enum kw_status status = engine->ops->record(engine, subject->number, &subject->record, error);
    if (status != KW_OK)
        return status;
    kw_analyzer_clear(analyzer);
    subject->language = kw_analyzer_find_language(analyzer, subject->record.language);
    if (subject->language != KW_NO_LANGUAGE)
        kw_analyzer_speak(analyzer, subject->language);
    if (subject->record.title_searched)
        status = count_text(subject, analyzer, subject->record.title, error);
    if (status == KW_OK && subject->record.passage_count)
        status = count_passages(subject, analyzer, error);
    if (status == KW_OK)
        status = make_terms(subject, analyzer, error);
    return status;
}

/* ---- The most telling of them --------------------------------------------------------------- */

/* The most frequent first, then by bytes. */
static int compare_terms(const void *a, const void *b)
{
    const struct kw_plan_word *one = a, *other = b;
    if (one->repeats != other->repeats)
        return one->repeats < other->repeats ? 1 : -1;
    return kw_view_compare(one->bytes, other->bytes);
}

/* Keeps the term if it is among the best; equal weights go by bytes. */
static void offer(struct choice *choice, struct telling telling)
{
    uint32_t at = choice->count;
    while (at > 0) {
        const struct telling *before = &choice->items[at - 1];
        if (before->weight > telling.weight ||
            (before->weight == telling.weight &&
             kw_view_compare(before->term->bytes, telling.term->bytes) < 0))
            break;
        at--;
    }
    if (at == KWIC_SIMILAR_TERMS)
        return;
    if (choice->count < KWIC_SIMILAR_TERMS)
        choice->count++;
    for (uint32_t i = choice->count - 1; i > at; i--)
        choice->items[i] = choice->items[i - 1];
    choice->items[at] = telling;
}

/* Whether no term that the document of `length` words holds `repeats` times can be among the best:
 * whatever is weighed stands in two documents at least. */
static bool is_full(const struct choice *choice, struct kw_bm25 bm25,
                    const struct kw_statistics *statistics, uint32_t repeats, uint32_t length)
{
    bm25.weight =
        kw_bm25_weight(1, 1, kw_bm25_idf(statistics->documents, 2), &statistics->parameters);
    return choice->count == KWIC_SIMILAR_TERMS &&
           kw_bm25_score(&bm25, repeats, length) < choice->items[choice->count - 1].weight;
}

/* Weighs `count` terms of the document from `first` on: by the score that each of them gives it.
 * What no other document holds finds nothing and is passed over. Sets *full if none of the terms
 * behind them can be among the best. */
static enum kw_status weigh(const struct kwic_results *results, const struct subject *subject,
                            uint32_t first, uint32_t count, uint64_t length, struct choice *choice,
                            bool *full, struct kw_error *error)
{
    const struct kw_parameters parameters = kw_results_parameters(results);
    const struct kw_plan_word *terms = subject->terms + first;
    struct kw_statistics statistics = {.arena = KW_ARENA_INIT};
    struct kw_plan plan;
    enum kw_status status = kw_plan_words(&plan, terms, count, error);
    if (status == KW_OK)
        status = kw_statistics_init(&statistics, &plan, &parameters, error);
    if (status == KW_OK)
        status = kw_index_statistics(results->index, &plan, &statistics, error);
    for (uint32_t i = 0; i < count && status == KW_OK; i++) {
        struct kw_bm25 bm25 = kw_bm25_leaf(&statistics, &plan, i);
        uint64_t frequency = statistics.leaves[i].frequencies[0];
        bm25.weight =
            kw_bm25_weight(1, 1, kw_bm25_idf(statistics.documents, frequency), &parameters);
        if (frequency > 1)
            offer(choice, (struct telling){
                              &terms[i], kw_bm25_score(&bm25, terms[i].repeats, (uint32_t)length)});
        if (i + 1 == count)
            *full = is_full(choice, bm25, &statistics, terms[i].repeats, (uint32_t)length);
    }
    kw_statistics_release(&statistics);
    kw_plan_release(&plan);
    return status;
}

/* Chooses the terms to look for. */
static enum kw_status choose(const struct kwic_results *results, const struct subject *subject,
                             struct choice *choice, struct kw_error *error)
{
    uint64_t length = 0;
    bool full = false;
    struct kw_engine *engine = subject->member->engine;
    enum kw_status status = engine->ops->words(engine, subject->number, &length, error);
    if (status == KW_OK && subject->term_count > 1)
        qsort(subject->terms, subject->term_count, sizeof *subject->terms, compare_terms);
    for (uint32_t first = 0; first < subject->term_count && !full && status == KW_OK;) {
        uint32_t rest = subject->term_count - first;
        uint32_t count = rest < TERMS_AT_ONCE ? rest : TERMS_AT_ONCE;
        status = weigh(results, subject, first, count, length, choice, &full, error);
        first += count;
    }
    return status;
}

/* ---- The search ----------------------------------------------------------------------------- */

static enum kw_status plan(struct kwic_results *results, struct subject *subject,
                           struct kw_error *error)
{
    struct choice choice = {.count = 0};
    struct kw_plan_word words[KWIC_SIMILAR_TERMS];
    enum kw_status status = read_terms(subject, results->index->analyzer, error);
    if (status == KW_OK)
        status = choose(results, subject, &choice, error);
    if (status != KW_OK)
        return status;
    for (uint32_t i = 0; i < choice.count; i++)
        words[i] = *choice.items[i].term;
    return kw_plan_words(&results->plan, words, choice.count, error);
}

/* One round: from the document to those like it. */
static enum kw_status search(struct kwic_results **out, struct kwic_index *index,
                             struct kw_view name, bool id_only,
                             const struct kwic_search_options *options, struct kw_error *error)
{
    struct kwic_results *results;
    struct subject subject = {.member = NULL};
    size_t member;
    *out = NULL;
    enum kw_status status = kw_results_new(&results, index, options, error);
    if (status == KW_OK && results->options.parity != KWIC_PARITY_NONE)
        status = kw_fail(error, KW_E_USAGE, "similar documents are found by kwic's own formula");
    if (status == KW_OK)
        status = kw_index_find(index, name, id_only, &member, &subject.number, error);
    if (status == KW_OK) {
        subject.member = &index->members[member];
        results->leaves_out = true;
        results->options.k3 = 1; /* w(q) is then at most 2, as the page says */
        results->left_out = (struct kw_hit){.document = subject.number, .engine = (uint32_t)member};
        status = plan(results, &subject, error);
    }
    if (status == KW_OK)
        status = kw_results_rank(results, error);
    if (status == KW_OK)
        status = kw_results_hold(results, error);
    if (status == KW_OK)
        *out = results;
    else
        kwic_results_free(results);
    kw_analyzer_clear(index->analyzer);
    free(subject.counts.items);
    free(subject.terms);
    return status;
}

enum kwic_status kwic_similar(struct kwic_results **out, struct kwic_index *index,
                              struct kwic_text name, bool id_only,
                              const struct kwic_search_options *options, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    enum kw_status status;
    do {
        status = search(out, index, kw_view_of_text(name), id_only, options, &inner);
    } while (kw_index_again(index, &tries, &status, &inner));
    return kw_publish(status, &inner, error);
}
