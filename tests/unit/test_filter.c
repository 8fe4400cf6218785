/* Filters: the documents that pass are those a look at every value finds. */
#include "rank/filter.h"

#include "tests/unit/values_segment.h"

#include <math.h>

static struct scratch scratch;
static struct values_segment values;
static uint64_t seed;

static int setup(void **state)
{
    (void)state;
    seed = 11;
    scratch_init(&scratch);
    values_segment_init(&values, scratch_path(&scratch, "segment"), &seed, true);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kw_segment_free(values.segment);
    scratch_release(&scratch);
    return 0;
}

/* ---- Wildcards ---------------------------------------------------------------------------- */

/* The bytes of the character at the front: by the table of well-formed sequences' first bytes. */
static size_t character(const char *text)
{
    size_t size = (uint8_t)*text >= 0xE0 ? 3 : (uint8_t)*text >= 0xC0 ? 2 : 1;
    for (size_t i = 1; i < size; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 1;
    return size;
}

/* The plain twin: tries every way a star can go. */
static bool fits(const char *pattern, const char *text)
{
    if (!*pattern)
        return !*text;
    if (*pattern == '*')
        return fits(pattern + 1, text) || (*text && fits(pattern, text + character(text)));
    if (*pattern == '?')
        return *text && fits(pattern + 1, text + character(text));
    return *pattern == *text && fits(pattern + 1, text + 1);
}

static void random_pattern(char pattern[24])
{
    static const char *const parts[] = {"a", "b", "*", "?", "é", "/", "本", "\xff"};
    pattern[0] = 0;
    for (uint32_t i = scratch_below(&seed, 7); i > 0; i--) {
        const char *part = parts[scratch_below(&seed, 8)];
        memcpy(pattern + strlen(pattern), part, strlen(part) + 1);
    }
}

static void wildcards_match_as_trying_all_does(void **state)
{
    char pattern[24];
    char text[16];
    size_t matched = 0;
    (void)state;
    for (uint32_t i = 0; i < 200000; i++) {
        random_pattern(pattern);
        values_word(&seed, text);
        bool expected = fits(pattern, text);
        matched += expected;
        if (kw_wildcard_match(kw_view_of(pattern), kw_view_of(text)) != expected)
            fail_msg("'%s' and '%s'", pattern, text);
    }
    assert_true(matched > 1000);
    assert_true(kw_wildcard_match(kw_view_of(""), kw_view_of("")));
    assert_true(kw_wildcard_match(kw_view_of("**"), kw_view_of("")));
    assert_false(kw_wildcard_match(kw_view_of("?"), kw_view_of("")));
}

static void many_stars_take_little_time(void **state)
{
    struct kw_bytes pattern = KW_BYTES_INIT;
    struct kw_bytes text = KW_BYTES_INIT;
    (void)state;
    for (uint32_t i = 0; i < 2000; i++)
        kw_bytes_append_text(&pattern, "*a");
    kw_bytes_append_text(&pattern, "b");
    for (uint32_t i = 0; i < 4000; i++)
        kw_bytes_append_byte(&text, 'a');
    assert_false(kw_wildcard_match(kw_bytes_view(&pattern), kw_bytes_view(&text)));
    kw_bytes_release(&pattern);
    kw_bytes_release(&text);
}

/* ---- Cursors ------------------------------------------------------------------------------ */

static bool passes(const struct values_of_document *document, const struct kw_filter *filter)
{
    const char *field = (const char *)filter->field.data;
    char keyword[64];
    if (strcmp(field, "number") == 0)
        return filter->uses & KW_FIELD_NUMBER && document->has_number &&
               document->number >= filter->numbers.least &&
               document->number <= filter->numbers.most;
    if (strcmp(field, "date") == 0)
        return filter->uses & KW_FIELD_DATE && document->has_date &&
               document->date >= filter->dates.first && document->date <= filter->dates.last;
    if (strcmp(field, "word") != 0 || !(filter->uses & KW_FIELD_KEYWORD))
        return false;
    memcpy(keyword, filter->keyword.data, filter->keyword.size);
    keyword[filter->keyword.size] = 0;
    for (uint32_t i = 0; i < document->word_count; i++)
        if (filter->wildcards ? fits(keyword, document->words[i])
                              : strcmp(keyword, document->words[i]) == 0)
            return true;
    return false;
}

/* Asserts that a cursor finds what passes, in steps of all sizes. Returns how many do. */
static uint32_t assert_filter(const struct kw_filter *filter)
{
    struct kw_leaf leaf = {.kind = KW_LEAF_FILTER, .filter = filter, .boost = 1, .repeats = 1};
    struct kw_plan_node root = {.kind = KW_PLAN_LEAF, .occur = KW_MUST};
    struct kw_plan plan = {.root = &root, .leaves = &leaf, .leaf_count = 1, .clause_count = 1};
    uint32_t found = 0;
    for (uint32_t step = 0; step < 40; step += 1 + step / 2) {
        struct kw_evaluation evaluation;
        assert_int_equal(kw_evaluation_init(&evaluation, values.segment, &plan, NULL, NULL, NULL),
                         KW_OK);
        struct kw_contributions contributions = kw_evaluation_contributions(&evaluation);
        struct kw_cursor *cursor = evaluation.root;
        uint32_t target = step;
        found = 0;
        for (;;) {
            uint32_t expected = target;
            while (expected < VALUES_DOCUMENTS && !passes(&values.documents[expected], filter))
                expected++;
            if (expected >= VALUES_DOCUMENTS)
                expected = KW_NO_DOCUMENT;
            int64_t at = step ? cursor->ops->advance(cursor, target) : cursor->ops->next(cursor);
            assert_true(at == (int64_t)expected && cursor->document == at);
            if (expected == KW_NO_DOCUMENT)
                break;
            cursor->ops->collect(cursor, &contributions);
            assert_true(cursor->ops->advance(cursor, expected / 2) == (int64_t)expected);
            found++;
            target = expected + (step ? step : 1);
        }
        assert_int_equal(contributions.count, 0);
        assert_true(cursor->cost >= found);
        assert_int_equal(kw_evaluation_status(&evaluation, NULL), KW_OK);
        kw_evaluation_release(&evaluation);
    }
    return found;
}

static void ranges_pass_what_lies_in_them(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 300; i++) {
        struct kw_filter filter = {.field = kw_view_of(i % 2 ? "number" : "date"),
                                   .uses =
                                       i % 5 ? KW_FIELD_NUMBER | KW_FIELD_DATE : KW_FIELD_KEYWORD,
                                   .keyword = kw_view_of("a")};
        filter.numbers.least = i % 7 ? (double)scratch_below(&seed, 60) - 12 : -INFINITY;
        filter.numbers.most = i % 3 ? (double)scratch_below(&seed, 60) - 12 : INFINITY;
        filter.dates.first =
            i % 7 ? ((int64_t)scratch_below(&seed, 500) - 150) * 86400000000 + i % 2 : INT64_MIN;
        filter.dates.last =
            i % 3 ? ((int64_t)scratch_below(&seed, 500) - 150) * 86400000000 - i % 2 : INT64_MAX;
        assert_filter(&filter);
    }
}

static void keywords_pass_whole_or_by_pattern(void **state)
{
    char word[24];
    (void)state;
    for (uint32_t i = 0; i < 600; i++) {
        struct kw_filter filter = {.field = kw_view_of("word"),
                                   .uses = i % 10 ? KW_FIELD_KEYWORD : KW_FIELD_NUMBER,
                                   .wildcards = i % 2};
        if (filter.wildcards)
            random_pattern(word);
        else
            values_word(&seed, word);
        filter.keyword = kw_view_of(word);
        assert_filter(&filter);
    }
    struct kw_filter all = {.field = kw_view_of("word"),
                            .uses = KW_FIELD_KEYWORD,
                            .keyword = kw_view_of("*"),
                            .wildcards = true};
    assert_true(assert_filter(&all) > 0);
}

static void a_field_without_a_column_passes_nothing(void **state)
{
    struct kw_filter filter = {.field = kw_view_of("none"),
                               .uses = KW_FIELD_NUMBER | KW_FIELD_KEYWORD | KW_FIELD_DATE,
                               .numbers = {-INFINITY, INFINITY}};
    (void)state;
    assert_int_equal(assert_filter(&filter), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards_match_as_trying_all_does),
        cmocka_unit_test(many_stars_take_little_time),
        cmocka_unit_test(ranges_pass_what_lies_in_them),
        cmocka_unit_test(keywords_pass_whole_or_by_pattern),
        cmocka_unit_test(a_field_without_a_column_passes_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
