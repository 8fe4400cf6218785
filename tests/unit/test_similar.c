/* kwic_similar against a naive twin: it analyses all texts again, counts by hand, weighs every term
 * of the document and scores every other one by the formula in kwic-query(7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

#include <math.h>

enum { DOCUMENTS = 48, STEMS = 8000, WORDS = 90, LONG_WORDS = 6000 };

struct document {
    char id[16];
    char *title;
    char *text;
    bool gone;
    uint32_t length;
    uint32_t *tf; /* of each stem */
};

struct collection {
    struct document documents[DOCUMENTS];
    char *stems[STEMS];
    size_t stem_count;
};

static uint32_t random_below(uint64_t *seed, uint32_t limit)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % limit;
}

/* ---- The collection ------------------------------------------------------------------------- */

static uint32_t number_stem(struct collection *collection, struct kwic_text stem)
{
    for (size_t i = 0; i < collection->stem_count; i++)
        if (text_is(stem, collection->stems[i]))
            return (uint32_t)i;
    assert_true(collection->stem_count < STEMS);
    collection->stems[collection->stem_count] = strndup(stem.data, stem.size);
    return (uint32_t)collection->stem_count++;
}

static void count_text(struct collection *collection, struct document *document, const char *text)
{
    struct kwic_analysis *analysis;
    struct kwic_token token;
    assert_int_equal(kwic_analysis_new(&analysis, "english", false, KWIC_TEXT(text), NULL),
                     KWIC_OK);
    while (kwic_analysis_next(analysis, &token) == KWIC_OK) {
        document->tf[number_stem(collection, token.stem)]++;
        document->length++;
    }
    kwic_analysis_free(analysis);
}

/* Appends a word: frequent ones, their forms, and words that few documents share. */
static char *add_word(char *at, uint64_t *seed)
{
    static const char *const endings[] = {"", "s", "ing", "ed"};
    uint32_t chance = random_below(seed, 8);
    uint32_t word = random_below(seed, 1 + random_below(seed, WORDS));
    if (chance == 0)
        return at + sprintf(at, "rare%uq ", random_below(seed, LONG_WORDS));
    return at + sprintf(at, "%c%ck%c%s ", 'a' + (char)(word % 23), "aeiou"[word % 5],
                        'a' + (char)(word / 5), endings[random_below(seed, 4)]);
}

static void make_document(struct document *document, uint32_t number, uint64_t *seed)
{
    uint32_t words = random_below(seed, 120);
    document->text = calloc(1, 16 * (LONG_WORDS + 200));
    document->title = calloc(1, 100);
    document->tf = calloc(STEMS, sizeof *document->tf);
    snprintf(document->id, sizeof document->id, "d%u", (number * 37) % DOCUMENTS);
    char *at = document->text;
    for (uint32_t i = 0; i < words; i++)
        at = add_word(at, seed);
    if (number == 5) /* more terms than are weighed at a time */
        for (uint32_t i = 0; i < LONG_WORDS; i++)
            at += sprintf(at, "rare%uq %s", i, i % 7 == 0 ? "aakb " : "");
    if (random_below(seed, 2))
        add_word(add_word(document->title, seed), seed);
}

/* Documents [from, to) become a commit of the index `where`. */
static void index_part(struct collection *collection, const char *where, uint32_t from, uint32_t to)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer;
    char name[32];
    snprintf(name, sizeof name, "part%u.jsonl", from);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (uint32_t i = from; i < to; i++) {
        const struct document *document = &collection->documents[i];
        fprintf(file, "{\"id\":\"%s\",\"title\":\"%s\",\"text\":\"%s\"}\n", document->id,
                document->title, document->text);
    }
    fclose(file);
    assert_int_equal(kwic_writer_new(&writer, where, &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, name, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
}

static struct collection *collection_new(uint64_t seed)
{
    struct collection *collection = calloc(1, sizeof *collection);
    assert_non_null(collection);
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        make_document(&collection->documents[i], i, &seed);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        struct document *document = &collection->documents[i];
        count_text(collection, document, document->title);
        count_text(collection, document, document->text);
    }
    return collection;
}

static void collection_free(struct collection *collection)
{
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        free(collection->documents[i].text);
        free(collection->documents[i].title);
        free(collection->documents[i].tf);
    }
    for (size_t i = 0; i < collection->stem_count; i++)
        free(collection->stems[i]);
    free(collection);
}

/* ---- The naive twin ------------------------------------------------------------------------- */

struct weighed {
    const char *stem;
    uint32_t number;
    double weight;
};

struct scored {
    const struct document *document;
    double score;
};

static int by_weight(const void *a, const void *b)
{
    const struct weighed *one = a, *other = b;
    if (one->weight != other->weight)
        return one->weight > other->weight ? -1 : 1;
    return strcmp(one->stem, other->stem);
}

static int by_score(const void *a, const void *b)
{
    const struct scored *one = a, *other = b;
    if (fabs(one->score - other->score) > 1e-9)
        return one->score > other->score ? -1 : 1;
    return strcmp(one->document->id, other->document->id);
}

static double idf(double all, double frequency)
{
    return log(1 + (all - frequency + 0.5) / (frequency + 0.5));
}

static double tf_part(double tf, double length, double average)
{
    return tf * 2 / (tf + 0.25 + 0.75 * length / average);
}

/* Fills `scored` with the documents like `subject`, best first; their number. */
static size_t find_similar(const struct collection *collection, const struct document *subject,
                           struct scored *scored)
{
    static struct weighed weighed[STEMS];
    double all = 0, words = 0, holders = 0;
    size_t count = 0, found = 0;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        const struct document *document = &collection->documents[i];
        all += !document->gone;
        holders += !document->gone && document->length > 0;
        words += document->gone ? 0 : document->length;
    }
    double average = words / holders;
    static uint32_t frequency[STEMS];
    for (uint32_t stem = 0; stem < collection->stem_count; stem++) {
        frequency[stem] = 0;
        for (size_t i = 0; i < DOCUMENTS; i++)
            frequency[stem] +=
                !collection->documents[i].gone && collection->documents[i].tf[stem] > 0;
        if (subject->tf[stem] && frequency[stem] > 1)
            weighed[count++] = (struct weighed){
                collection->stems[stem], stem,
                idf(all, frequency[stem]) * tf_part(subject->tf[stem], subject->length, average)};
    }
    qsort(weighed, count, sizeof *weighed, by_weight);
    if (count > KWIC_SIMILAR_TERMS)
        count = KWIC_SIMILAR_TERMS;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        const struct document *document = &collection->documents[i];
        double score = 0;
        for (size_t j = 0; j < count && !document->gone; j++) {
            uint32_t stem = weighed[j].number;
            double q = subject->tf[stem];
            if (document->tf[stem])
                score += 2 * q / (1 + q) * idf(all, frequency[stem]) *
                         tf_part(document->tf[stem], document->length, average);
        }
        if (document != subject && score > 0)
            scored[found++] = (struct scored){document, score};
    }
    qsort(scored, found, sizeof *scored, by_score);
    return found;
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static struct kwic_results *similar(struct kwic_index *index, const char *id, size_t limit,
                                    size_t offset)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_error error = {0};
    options.limit = limit;
    options.offset = offset;
    options.documents = true;
    if (kwic_similar(&results, index, KWIC_TEXT(id), true, &options, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return results;
}

/* Compares a page of the documents like one with the twin's. */
static void compare(struct kwic_index *index, const struct document *subject,
                    const struct scored *scored, size_t found, size_t limit, size_t offset)
{
    struct kwic_results *results = similar(index, subject->id, limit, offset);
    struct kwic_result result;
    size_t at = offset;
    assert_int_equal(kwic_results_matches(results), found);
    while (kwic_results_next(results, &result, NULL) == KWIC_OK) {
        assert_true(at < found && at < offset + limit);
        if (!text_is(result.doc, scored[at].document->id) ||
            fabs(result.score - scored[at].score) > 1e-9)
            fail_msg("like %s at %zu: %.*s %.12g, expected %s %.12g", subject->id, at,
                     (int)result.doc.size, result.doc.data, result.score, scored[at].document->id,
                     scored[at].score);
        assert_int_equal(result.rank, at + 1);
        at++;
    }
    size_t end = found < offset + limit ? found : offset + limit;
    assert_int_equal(at, end > offset ? end : offset);
    kwic_results_free(results);
}

static void compare_all(const struct collection *collection, struct kwic_index *index)
{
    struct scored scored[DOCUMENTS];
    for (size_t i = 0; i < DOCUMENTS; i++) {
        const struct document *subject = &collection->documents[i];
        if (subject->gone)
            continue;
        size_t found = find_similar(collection, subject, scored);
        compare(index, subject, scored, found, DOCUMENTS, 0);
        compare(index, subject, scored, found, 3, 0);
        compare(index, subject, scored, found, 4, 3);
        compare(index, subject, scored, found, 0, 0);
    }
}

static void similar_documents_are_those_of_the_naive_twin(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 4; seed++) {
        struct collection *collection = collection_new(seed);
        const char *places[] = {"one", "two"};
        struct kwic_index *index;
        index_part(collection, "one", 0, 20);
        index_part(collection, "one", 20, 30);
        index_part(collection, "two", 30, DOCUMENTS);
        for (uint32_t i = 1; i < 20; i += 4) {
            struct kwic_index_options options = {.no_sync = true};
            struct kwic_writer *writer;
            if (i == 5)
                continue;
            collection->documents[i].gone = true;
            assert_int_equal(kwic_writer_new(&writer, "one", &options, NULL), KWIC_OK);
            assert_int_equal(
                kwic_writer_delete(writer, KWIC_TEXT(collection->documents[i].id), true, NULL),
                KWIC_OK);
            assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
            kwic_writer_free(writer);
        }
        assert_int_equal(kwic_index_new(&index, places, 2, NULL), KWIC_OK);
        compare_all(collection, index);
        kwic_index_free(index);
        collection_free(collection);
        assert_int_equal(system("rm -r one two"), 0);
    }
}

static void results_of_an_order_by_id_leave_the_document_out(void **state)
{
    (void)state;
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_result result;
    scratch_write("a.txt", "border guards\n");
    scratch_write("b.txt", "border guards\n");
    scratch_write("c.txt", "guards\n");
    scratch_write("d.txt", "something else\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    options.by_id = true;
    options.limit = 1;
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("b.txt"), false, &options, NULL),
                     KWIC_OK);
    assert_int_equal(kwic_results_matches(results), 2);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    assert_true(text_is(result.doc, "a.txt"));
    assert_int_equal(result.highlight_count, 2);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void stems_are_those_of_the_documents_own_language(void **state)
{
    (void)state;
    struct kwic_index_options options = {.no_sync = true, .language = "auto"};
    struct kwic_results *results;
    struct kwic_result result;
    scratch_write("de1.txt",
                  "Die Häuser stehen in den kleinen Städten am Fluss, und die Leute sind "
                  "nicht mehr dort.\n");
    scratch_write("de2.txt", "Das Haus steht in der kleinen Stadt, aber niemand ist mehr da, und "
                             "das ist schade.\n");
    scratch_write("en.txt", "The weather was fine and nobody had thought of anything better than "
                            "that.\n");
    scratch_run(".", &options);
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("de1.txt"), false, NULL, NULL),
                     KWIC_OK);
    assert_int_equal(kwic_results_matches(results), 1);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    assert_true(text_is(result.doc, "de2.txt"));
    bool house = false;
    for (size_t i = 0; i < result.highlight_count; i++)
        house |= memcmp(result.text.data + result.highlights[i].start, "Haus", 4) == 0;
    assert_true(house);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void a_document_without_words_is_like_no_other(void **state)
{
    (void)state;
    struct kwic_results *results;
    struct kwic_result result;
    struct kwic_error error;
    scratch_write("empty.txt", "");
    scratch_write("alone.txt", "singular\n");
    scratch_write("other.txt", "different\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    static const char *const names[] = {"empty.txt", "alone.txt"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(kwic_similar(&results, index, KWIC_TEXT(names[i]), false, NULL, NULL),
                         KWIC_OK);
        assert_int_equal(kwic_results_matches(results), 0);
        assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
        kwic_results_free(results);
    }
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("none"), false, NULL, &error),
                     KWIC_E_NOT_FOUND);
    assert_null(results);
    struct kwic_search_options wrong = KWIC_SEARCH_OPTIONS_INIT;
    wrong.b = 2;
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("alone.txt"), false, &wrong, &error),
                     KWIC_E_USAGE);
    kwic_index_free(index);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(similar_documents_are_those_of_the_naive_twin),
        TEST(results_of_an_order_by_id_leave_the_document_out),
        TEST(stems_are_those_of_the_documents_own_language),
        TEST(a_document_without_words_is_like_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
