/* Facets and sorting by a field, over two segments, against counting and sorting all documents. */
#include "rank/facets.h"

#include "index/deletes.h"
#include "rank/search.h"
#include "rank/statistics.h"
#include "tests/unit/values_segment.h"

#include <math.h>

enum { SEGMENTS = 2, ALL = SEGMENTS * VALUES_DOCUMENTS };

static struct scratch scratch;
static struct values_segment values[SEGMENTS];
static uint64_t seed;

static bool is_deleted(uint32_t segment, uint32_t document)
{
    return segment == 0 && document % 11 == 3;
}

static int setup(void **state)
{
    uint32_t deleted[VALUES_DOCUMENTS];
    uint32_t count = 0;
    (void)state;
    seed = 23;
    scratch_init(&scratch);
    values_segment_init(&values[0], scratch_path(&scratch, "segment-0"), &seed, true);
    values_segment_init(&values[1], scratch_path(&scratch, "segment-1"), &seed, false);
    for (uint32_t i = 0; i < VALUES_DOCUMENTS; i++)
        if (is_deleted(0, i))
            deleted[count++] = i;
    const char *path = scratch_path(&scratch, "deletes");
    assert_int_equal(kw_deletes_write(path, values[0].segment, deleted, count, false, NULL), KW_OK);
    assert_int_equal(kw_segment_attach_deletes(values[0].segment, path, NULL), KW_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kw_segment_free(values[0].segment);
    kw_segment_free(values[1].segment);
    scratch_release(&scratch);
    return 0;
}

/* Orders ids of both segments: by rank, those of the first before equal ones of the second. */
static int by_id(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    (void)context;
    uint32_t left = (uint32_t)a->document * 7 % VALUES_DOCUMENTS;
    uint32_t right = (uint32_t)b->document * 7 % VALUES_DOCUMENTS;
    if (left != right)
        return left < right ? -1 : 1;
    return (a->document > b->document) - (a->document < b->document);
}

static const struct values_of_document *document_of(uint64_t number)
{
    return &values[number >> 32].documents[(uint32_t)number];
}

/* The documents with numbers in a range match, all with score 0. */
static bool matches(uint64_t number, const struct kw_filter *filter)
{
    const struct values_of_document *document = document_of(number);
    return !is_deleted((uint32_t)(number >> 32), (uint32_t)number) && document->has_number &&
           document->number >= filter->numbers.least && document->number <= filter->numbers.most;
}

static void run(const struct kw_filter *filter, struct kw_top *top, struct kw_facets *facets,
                uint64_t *found)
{
    struct kw_leaf leaf = {.kind = KW_LEAF_FILTER, .filter = filter, .boost = 1, .repeats = 1};
    struct kw_plan_node root = {.kind = KW_PLAN_LEAF, .occur = KW_MUST};
    struct kw_plan plan = {.root = &root, .leaves = &leaf, .leaf_count = 1, .clause_count = 1};
    const struct kw_parameters none = {0, 0, 0}; /* nothing is scored */
    struct kw_statistics statistics;
    *found = 0;
    assert_int_equal(kw_statistics_init(&statistics, &plan, &none, NULL), KW_OK);
    for (uint32_t i = 0; i < SEGMENTS; i++)
        assert_int_equal(kw_rank_statistics(values[i].segment, &plan, &statistics, NULL), KW_OK);
    for (uint32_t i = 0; i < SEGMENTS; i++)
        assert_int_equal(
            kw_rank_segment(values[i].segment, i, &plan, &statistics, top, found, facets, NULL),
            KW_OK);
    kw_statistics_release(&statistics);
}

static struct kw_filter random_range(void)
{
    struct kw_filter filter = {.field = kw_view_of("number"), .uses = KW_FIELD_NUMBER};
    filter.numbers.least = (double)scratch_below(&seed, 40) - 12;
    filter.numbers.most = filter.numbers.least + (double)scratch_below(&seed, 40);
    return filter;
}

/* ---- Facets ------------------------------------------------------------------------------- */

static bool has_word(const struct values_of_document *document, struct kw_view word)
{
    for (uint32_t i = 0; i < document->word_count; i++)
        if (kw_view_equal(kw_view_of(document->words[i]), word))
            return true;
    return false;
}

static bool has_value(const struct values_of_document *document, const struct kw_facet_value *value)
{
    if (value->type == KW_TYPE_KEYWORD)
        return has_word(document, value->word);
    if (value->type == KW_TYPE_NUMBER)
        return document->has_number && kw_number_key(document->number) == value->key;
    return document->has_date && kw_date_key(document->date) == value->key;
}

/* Each value's count is that of a look at all documents; no match's value is missing; the order
 * holds. */
static void assert_facet(const struct kw_facet *facet, const struct kw_filter *filter)
{
    uint64_t counted = 0;
    uint64_t expected = 0;
    for (size_t i = 0; i < facet->count; i++) {
        uint64_t documents = 0;
        for (uint64_t n = 0; n < ALL; n++) {
            uint64_t number = n / VALUES_DOCUMENTS << 32 | n % VALUES_DOCUMENTS;
            documents +=
                matches(number, filter) && has_value(document_of(number), &facet->items[i]);
        }
        assert_int_equal(facet->items[i].documents, documents);
        assert_true(documents > 0);
        counted += documents;
        if (i) {
            const struct kw_facet_value *before = &facet->items[i - 1];
            assert_true(before->documents >= documents);
            if (before->documents == documents)
                assert_true(before->key < facet->items[i].key ||
                            kw_view_compare(before->word, facet->items[i].word) < 0);
        }
    }
    for (uint64_t n = 0; n < ALL; n++) {
        uint64_t number = n / VALUES_DOCUMENTS << 32 | n % VALUES_DOCUMENTS;
        const struct values_of_document *document = document_of(number);
        if (!matches(number, filter))
            continue;
        if (kw_view_equal(facet->field, kw_view_of("number")))
            expected += document->has_number;
        if (kw_view_equal(facet->field, kw_view_of("date")))
            expected += document->has_date;
        if (kw_view_equal(facet->field, kw_view_of("word")))
            for (uint32_t i = 0; i < document->word_count; i++) {
                bool repeats = false;
                for (uint32_t k = 0; k < i; k++)
                    repeats = repeats || strcmp(document->words[k], document->words[i]) == 0;
                expected += !repeats;
            }
    }
    assert_int_equal(counted, expected);
}

static void facets_count_what_matches(void **state)
{
    const struct kw_view fields[] = {kw_view_of("word"), kw_view_of("date"), kw_view_of("number"),
                                     kw_view_of("none")};
    (void)state;
    for (uint32_t i = 0; i < 60; i++) {
        struct kw_filter filter = random_range();
        struct kw_facets facets;
        struct kw_top top;
        uint64_t found;
        assert_int_equal(kw_top_init(&top, 0, false, by_id, NULL, NULL), KW_OK);
        assert_int_equal(kw_facets_init(&facets, fields, 4, NULL), KW_OK);
        run(&filter, &top, &facets, &found);
        kw_facets_finish(&facets, 0);
        for (size_t k = 0; k < 4; k++)
            assert_facet(&facets.items[k], &filter);
        assert_int_equal(facets.items[3].count, 0);
        kw_facets_release(&facets);
        kw_top_release(&top);
    }
}

/* ---- Sorting ------------------------------------------------------------------------------ */

static const struct kw_sort *sorted_by; /* of compare_documents */

/* The word a document is sorted by, NULL if it has none. */
static const char *word_of(const struct values_of_document *document)
{
    const char *word = NULL;
    for (uint32_t i = 0; i < document->word_count; i++) {
        int order = word ? strcmp(document->words[i], word) : 0;
        if (!word || (sorted_by->descending ? order > 0 : order < 0))
            word = document->words[i];
    }
    return word;
}

static int compare_documents(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    const struct values_of_document *one = document_of(*a);
    const struct values_of_document *other = document_of(*b);
    const char field = (char)sorted_by->field.data[0];
    const char *word = word_of(one);
    const char *other_word = word_of(other);
    bool has = field == 'w' ? word != NULL : field == 'n' ? one->has_number : one->has_date;
    bool other_has = field == 'w'   ? other_word != NULL
                     : field == 'n' ? other->has_number
                                    : other->has_date;
    int order = 0;
    if (has != other_has)
        return has ? -1 : 1;
    if (has && field == 'w')
        order = strcmp(word, other_word);
    else if (has && field == 'n')
        order = (one->number > other->number) - (one->number < other->number);
    else if (has)
        order = (one->date > other->date) - (one->date < other->date);
    if (order)
        return sorted_by->descending ? -order : order;
    struct kw_hit hits[] = {{.document = *a}, {.document = *b}};
    return by_id(NULL, &hits[0], &hits[1]);
}

static void hits_are_sorted_as_all_documents_would_be(void **state)
{
    static const char *const fields[] = {"word", "number", "date"};
    (void)state;
    for (uint32_t i = 0; i < 180; i++) {
        struct kw_sort sort = {kw_view_of(fields[i % 3]), i / 3 % 2};
        struct kw_filter filter = random_range();
        uint64_t expected[ALL];
        size_t count = 0;
        size_t limit = i % 4 ? scratch_below(&seed, 60) + 1 : ALL;
        struct kw_top top;
        uint64_t found;
        for (uint64_t n = 0; n < ALL; n++) {
            uint64_t number = n / VALUES_DOCUMENTS << 32 | n % VALUES_DOCUMENTS;
            if (matches(number, &filter))
                expected[count++] = number;
        }
        sorted_by = &sort;
        qsort(expected, count, sizeof *expected, compare_documents);
        assert_int_equal(kw_top_init(&top, limit, false, by_id, NULL, NULL), KW_OK);
        top.sort = &sort;
        run(&filter, &top, NULL, &found);
        kw_top_sort(&top);
        assert_int_equal(found, count);
        assert_int_equal(top.count, count < limit ? count : limit);
        for (size_t k = 0; k < top.count; k++)
            assert_true(top.hits[k].document == expected[k]);
        kw_top_release(&top);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facets_count_what_matches),
        cmocka_unit_test(hits_are_sorted_as_all_documents_would_be),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
