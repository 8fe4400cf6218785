/* The clauses of a query by themselves, held to searches for them alone; and words that no document
 * holds with their spellings, held to a plain look at every term. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/plan.h"
#include "tests/unit/library_scratch.h"
#include "tests/unit/naive_distance.h"
#include "tests/unit/random_text.h"

static struct kwic_results *search(struct kwic_index *index, const char *query,
                                   const struct kwic_search_options *options)
{
    struct kwic_results *results;
    struct kwic_error error = {0};
    if (kwic_search(&results, index, KWIC_TEXT(query), options, &error) != KWIC_OK)
        fail_msg("'%s': %s", query, error.message);
    return results;
}

static uint64_t count(struct kwic_index *index, const char *query,
                      const struct kwic_search_options *options)
{
    struct kwic_results *results = search(index, query, options);
    uint64_t matches = kwic_results_matches(results);
    kwic_results_free(results);
    return matches;
}

/* ---- Clauses -------------------------------------------------------------------------------- */

/* A part of a random query, as a query of its own. */
struct part {
    const char *written;
    const char *alone;
    bool negated;
};

static const struct part parts[] = {
    {"aab", "aab", false},
    {"+abb", "abb", false},
    {"-bba", "bba", true},
    {"\"aab abb\"", "\"aab abb\"", false},
    {"-\"bb aa\"~3", "\"bb aa\"~3", true},
    {"a*", "a*", false},
    {"aba~1", "aba~1", false},
    {"aa NEAR/4 bb", "aa NEAR/4 bb", false},
    {"title:aab", "title:aab", false},
    {"=ab^2", "=ab", false},
    {"ab-ba", "ab-ba", false},
    {"+ab-ba", "\"ab ba\"", false},
    {"-ab-ba", "\"ab ba\"", true},
    {"zz", "zz", false},
};
enum { PARTS = sizeof parts / sizeof *parts };

static void write_documents(const char *name, uint64_t *seed, uint32_t from, uint32_t to)
{
    static const char *const words[] = {"aa", "ab", "ba", "bb", "aab", "abb", "aba", "bba"};
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (uint32_t i = from; i < to; i++) {
        fprintf(file, "{\"id\":\"%u\",\"title\":\"%s\",\"text\":\"", i,
                words[random_below(seed, 8)]);
        for (uint32_t j = (uint32_t)random_below(seed, 8); j > 0; j--)
            fprintf(file, "%s ", words[random_below(seed, 8)]);
        fprintf(file, "\"}\n");
    }
    fclose(file);
    scratch_run(name, NULL);
}

/* Random queries: groups and Boolean operators around the parts. */
static void clauses_find_alone_what_searches_for_them_find(void **state)
{
    (void)state;
    uint64_t seed = 11;
    write_documents("a.jsonl", &seed, 0, 40);
    write_documents("b.jsonl", &seed, 40, 80);
    for (uint32_t i = 0; i < 80; i += 9) {
        char id[8];
        snprintf(id, sizeof id, "%u", i);
        scratch_delete(id);
    }
    struct kwic_index *index = scratch_open(".kwic");
    for (uint32_t round = 0; round < 300; round++) {
        const struct part *chosen[6];
        char query[200] = "";
        size_t used = 0;
        uint32_t size = 1 + (uint32_t)random_below(&seed, 6);
        bool group = size > 2 && (uint32_t)random_below(&seed, 2);
        for (uint32_t i = 0; i < size; i++) {
            chosen[i] = &parts[random_below(&seed, PARTS)];
            used += (size_t)snprintf(query + used, sizeof query - used, "%s%s%s ",
                                     group && i == 1 ? "(" : "", chosen[i]->written,
                                     group && i == 2 ? ")" : "");
        }
        struct kwic_results *results = search(index, query, NULL);
        struct kwic_clause clause;
        for (uint32_t i = size; i-- > 0;) {
            assert_int_equal(kwic_results_clause(results, i, &clause, NULL), KWIC_OK);
            assert_true(text_is(clause.text, chosen[i]->written));
            assert_true(clause.negated == chosen[i]->negated);
            uint64_t expected = count(index, chosen[i]->alone, NULL);
            if (clause.documents != expected)
                fail_msg("%s in %s: %u, expected %u", chosen[i]->written, query,
                         (unsigned)clause.documents, (unsigned)expected);
        }
        assert_int_equal(kwic_results_clause(results, size, &clause, NULL), KWIC_END);
        kwic_results_free(results);
    }
    kwic_index_free(index);
}

static void clauses_are_planned_as_the_query_has_them(void **state)
{
    (void)state;
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_clause clause;
    scratch_write("a.txt", "multi agent\n");
    scratch_write("b.txt", "agent multi\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    struct kwic_results *results = search(index, "multi-agent x", NULL);
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    assert_int_equal(clause.documents, 2); /* any of them */
    kwic_results_free(results);
    options.all = true;
    results = search(index, "multi-agent x", &options);
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    assert_int_equal(clause.documents, 1); /* the phrase */
    kwic_results_free(results);
    options.literal = true;
    results = search(index, "\"multi", &options);
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    assert_true(text_is(clause.text, "\"multi"));
    assert_int_equal(clause.documents, 2);
    kwic_results_free(results);
    results = search(index, "... a\xff", NULL);
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    assert_int_equal(clause.documents, 0);
    assert_int_equal(kwic_results_clause(results, 1, &clause, NULL), KWIC_OK);
    assert_true(text_is(clause.text, "a\xef\xbf\xbd")); /* repaired */
    kwic_results_free(results);
    kwic_index_free(index);
}

static void clauses_of_similar_documents_are_their_terms(void **state)
{
    (void)state;
    struct kwic_results *results;
    struct kwic_clause clause;
    scratch_write("a.txt", "guarding guards guards\n");
    scratch_write("b.txt", "a guard\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("a.txt"), true, NULL, NULL), KWIC_OK);
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    assert_true(text_is(clause.text, "guards"));
    assert_int_equal(clause.documents, 2);
    assert_int_equal(kwic_results_clause(results, 1, &clause, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
}

/* Writes a document, and a query with a phrase for which looking in it is more than a search may
 * do: of one word, which stands in many places, with a slop. */
static void write_dear_query(struct kw_bytes *query, const char *before, const char *after)
{
    enum { TERMS = 150, PLACES = 200 };
    struct kw_bytes text = KW_BYTES_INIT;
    for (size_t i = 0; i < PLACES; i++)
        kw_bytes_append_text(&text, "echo ");
    kw_bytes_append_byte(&text, 0);
    scratch_write("echo.txt", (const char *)text.data);
    kw_bytes_release(&text);
    kw_bytes_append_text(query, before);
    kw_bytes_append_byte(query, '"');
    for (size_t i = 0; i < TERMS; i++)
        kw_bytes_append_text(query, "echo ");
    kw_bytes_append_text(query, "\"~100");
    kw_bytes_append_text(query, after);
    kw_bytes_append_byte(query, 0);
}

static void clauses_are_not_counted_that_are_too_much_work(void **state)
{
    (void)state;
    struct kw_bytes query = KW_BYTES_INIT;
    struct kwic_error error = {0};
    struct kwic_missing missing;
    struct kwic_clause clause;
    write_dear_query(&query, "zebras AND ", " AND guard");
    scratch_write("b.txt", "a guard\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    struct kwic_results *results = search(index, (const char *)query.data, NULL);
    assert_int_equal(kwic_results_matches(results), 0);
    assert_int_equal(kwic_results_clause(results, 1, &clause, &error), KWIC_E_USAGE);
    assert_string_equal(error.message, "the query asks for too much work on this index");
    assert_int_equal(clause.text.size, strlen("\"\"~100") + 150 * strlen("echo "));
    assert_int_equal(kwic_results_clause(results, 2, &clause, NULL), KWIC_OK);
    assert_int_equal(clause.documents, 1);
    assert_int_equal(kwic_results_next_missing(results, &missing, NULL), KWIC_OK);
    assert_true(text_is(missing.word, "zebras"));
    assert_int_equal(kwic_results_next_missing(results, &missing, NULL), KWIC_END);
    kwic_results_free(results);
    kwic_index_free(index);
    kw_bytes_release(&query);
}

/* All clauses together may take what one search may. */
static void clauses_are_counted_as_long_as_one_search_may_take(void **state)
{
    enum { CLAUSES = 40 };
    (void)state;
    struct kw_bytes query = KW_BYTES_INIT;
    struct kwic_clause clause;
    size_t counted = 0;
    FILE *file = fopen("a.txt", "w");
    assert_non_null(file);
    for (size_t i = 0; i < 400000; i++)
        fputs("echo ", file);
    fclose(file);
    scratch_run(".", NULL);
    kw_bytes_append_text(&query, "+zebra");
    for (size_t i = 0; i < CLAUSES; i++)
        kw_bytes_format(&query, " +\"echo echo echo echo\"~%zu", i + 1);
    kw_bytes_append_byte(&query, 0);
    struct kwic_index *index = scratch_open(".kwic");
    struct kwic_results *results = search(index, (const char *)query.data, NULL);
    while (counted < CLAUSES &&
           kwic_results_clause(results, 1 + counted, &clause, NULL) == KWIC_OK) {
        assert_int_equal(clause.documents, 1);
        counted++;
    }
    assert_in_range(counted, 1, CLAUSES - 1);
    assert_int_equal(kwic_results_clause(results, CLAUSES, &clause, NULL), KWIC_E_USAGE);
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    kwic_results_free(results);
    kwic_index_free(index);
    kw_bytes_release(&query);
}

/* The words of the query's only clause with their documents, each with a space behind it. Static.
 */
static const char *words_of(struct kwic_index *index, const char *query,
                            const struct kwic_search_options *options)
{
    static char words[400];
    struct kwic_results *results = search(index, query, options);
    struct kwic_clause word;
    enum kwic_status status;
    size_t used = 0;
    words[0] = '\0';
    for (size_t i = 0; (status = kwic_results_clause_word(results, 0, i, &word, NULL)) == KWIC_OK;
         i++) {
        char text[100];
        snprintf(text, sizeof text, "%.*s", (int)word.text.size, word.text.data);
        assert_int_equal(word.documents, count(index, text, NULL));
        used += (size_t)snprintf(words + used, sizeof words - used, "%s %u ", text,
                                 (unsigned)word.documents);
    }
    assert_int_equal(status, KWIC_END);
    assert_int_equal(kwic_results_clause_word(results, 1, 0, &word, NULL), KWIC_END);
    kwic_results_free(results);
    return words;
}

static void words_of_a_clause_are_those_that_it_looks_for(void **state)
{
    (void)state;
    struct kwic_search_options all = KWIC_SEARCH_OPTIONS_INIT;
    all.all = true;
    scratch_write("a.jsonl",
                  "{\"id\":\"a\",\"text\":\"the guards guard a gate\",\"note\":\"a gate\"}\n"
                  "{\"id\":\"b\",\"text\":\"the gates, guarding\",\"note\":\"b\"}\n"
                  "{\"id\":\"c\",\"text\":\"gone gates\"}\n");
    scratch_run("a.jsonl", NULL);
    scratch_delete("c");
    struct kwic_index *index = scratch_open(".kwic");
    assert_string_equal(words_of(index, "\"the gates guard the zoo\"~2", NULL),
                        "=the 2 =gates 1 =guard 1 =zoo 0 ");
    assert_string_equal(words_of(index, "+note:\"a gate\"", NULL), "note:=a 1 note:=gate 1 ");
    assert_string_equal(
        words_of(index, "guards NEAR/3 (gate OR =guards OR \"a gate\" OR ga*) NEAR/3 gone~1", NULL),
        "guards 2 gate 2 =guards 1 =a 1 =gate 1 ga* 2 gone~1 0 ");
    assert_string_equal(words_of(index, "note:(a ONEAR b)", NULL), "note:a 1 note:b 1 ");
    assert_string_equal(words_of(index, "guard-zoo", NULL), "guard 2 zoo 0 ");
    assert_string_equal(words_of(index, "guard-zoo", &all), "=guard 1 =zoo 0 ");
    assert_string_equal(words_of(index, "gates", NULL), "gates 2 ");
    assert_string_equal(words_of(index, "...", NULL), "");
    kwic_index_free(index);
}

/* ---- Spellings ------------------------------------------------------------------------------ */

struct candidate {
    char term[64];
    uint32_t edits;
    uint64_t documents;
};

static int by_merit(const void *a, const void *b)
{
    const struct candidate *one = a, *other = b;
    if (one->edits != other->edits)
        return one->edits < other->edits ? -1 : 1;
    if (one->documents != other->documents)
        return one->documents > other->documents ? -1 : 1;
    return strcmp(one->term, other->term);
}

/* Compares the spellings of a word with all terms that live documents hold. */
static void compare_spellings(struct kwic_index *index, const struct kwic_missing *missing)
{
    static struct candidate candidates[2000];
    struct kwic_terms *terms;
    struct kwic_term term;
    size_t count = 0;
    struct kw_view word = {(const uint8_t *)missing->word.data, missing->word.size};
    size_t characters = naive_decode(word).count;
    uint32_t most = characters < 3 ? 0 : characters < 5 ? 1 : 2;
    assert_int_equal(
        kwic_terms_new(&terms, index, missing->field, (struct kwic_text){"", 0}, false, NULL),
        KWIC_OK);
    while (kwic_terms_next(terms, &term, NULL) == KWIC_OK) {
        struct kw_view bytes = {(const uint8_t *)term.term.data, term.term.size};
        uint32_t edits = naive_distance(word, bytes);
        if (edits > most)
            continue;
        assert_true(edits > 0);
        struct candidate *candidate = &candidates[count++];
        snprintf(candidate->term, sizeof candidate->term, "%.*s", (int)bytes.size, bytes.data);
        candidate->edits = edits;
        candidate->documents = term.documents;
    }
    kwic_terms_free(terms);
    qsort(candidates, count, sizeof *candidates, by_merit);
    assert_int_equal(missing->spelling_count, count < KWIC_SPELLINGS ? count : KWIC_SPELLINGS);
    for (size_t i = 0; i < missing->spelling_count; i++) {
        const struct kwic_spelling *spelling = &missing->spellings[i];
        if (!text_is(spelling->term, candidates[i].term))
            fail_msg("%.*s: %.*s, expected %s", (int)word.size, word.data, (int)spelling->term.size,
                     spelling->term.data, candidates[i].term);
        assert_int_equal(spelling->edits, candidates[i].edits);
        assert_int_equal(spelling->documents, candidates[i].documents);
    }
}

/* Words of few different characters, of one to four bytes each. */
static void add_word(struct kw_bytes *text, uint64_t *seed, size_t size)
{
    static const char *const characters[] = {"a", "b", "c", "é", "я", "𐐨", "a", "b"};
    for (; size > 0; size--)
        kw_bytes_append_text(text, characters[random_below(seed, 8)]);
}

static void write_words(FILE *file, uint64_t *seed, uint32_t words)
{
    struct kw_bytes word = KW_BYTES_INIT;
    for (; words > 0; words--) {
        kw_bytes_clear(&word);
        add_word(&word, seed, 2 + random_below(seed, 5));
        fprintf(file, "%.*s ", (int)word.size, word.data);
    }
    kw_bytes_release(&word);
}

static void spellings_are_the_nearest_most_frequent_live_terms(void **state)
{
    (void)state;
    uint64_t seed = 5;
    size_t found = 0;
    for (uint32_t part = 0; part < 3; part++) {
        char name[16];
        snprintf(name, sizeof name, "%u.jsonl", part);
        FILE *file = fopen(name, "w");
        for (uint32_t i = 0; i < 10; i++) {
            fprintf(file, "{\"id\":\"%u%u\",\"text\":\"", part, i);
            write_words(file, &seed, 20);
            fprintf(file, "\",\"note\":\"");
            write_words(file, &seed, 20);
            fprintf(file, "\"}\n");
        }
        fclose(file);
        scratch_run(name, NULL);
    }
    scratch_delete("03");
    scratch_delete("17");
    scratch_delete("18");
    struct kwic_index *index = scratch_open(".kwic");
    for (uint32_t round = 0; round < 400; round++) {
        struct kw_bytes query = KW_BYTES_INIT;
        struct kwic_missing missing;
        kw_bytes_append_text(&query, round % 3 == 0 ? "note:\"" : round % 3 == 1 ? "=" : "\"");
        add_word(&query, &seed, 1 + random_below(&seed, 6));
        kw_bytes_append_text(&query, round % 3 == 1 ? "" : "\"");
        kw_bytes_append_byte(&query, 0);
        const char *text = (const char *)query.data;
        struct kwic_results *results = search(index, text, NULL);
        while (kwic_results_next_missing(results, &missing, NULL) == KWIC_OK) {
            compare_spellings(index, &missing);
            found += missing.spelling_count;
        }
        kwic_results_free(results);
        kw_bytes_release(&query);
    }
    assert_true(found > 200);
    kwic_index_free(index);
}

/* The missing words of a query, each with a space behind it. Static. */
static const char *missing_in(struct kwic_index *index, const char *query)
{
    static char words[4096];
    struct kwic_results *results = search(index, query, NULL);
    struct kwic_missing missing;
    enum kwic_status status;
    size_t used = 0;
    words[0] = '\0';
    while ((status = kwic_results_next_missing(results, &missing, NULL)) == KWIC_OK)
        used += (size_t)snprintf(words + used, sizeof words - used, "%.*s%s%.*s ",
                                 (int)missing.field.size, missing.field.data,
                                 missing.field.size ? ":" : "", (int)missing.word.size,
                                 missing.word.data);
    assert_int_equal(status, KWIC_END);
    kwic_results_free(results);
    return words;
}

static void words_are_missing_that_no_live_document_holds(void **state)
{
    (void)state;
    scratch_make_index();
    scratch_write("gone.txt", "gonner\n");
    scratch_run(".", NULL);
    scratch_delete("gone.txt");
    struct kwic_index *index = scratch_open(".kwic");
    assert_string_equal(missing_in(index, "guarding"), ""); /* by its stem it is there */
    assert_string_equal(missing_in(index, "=guarding"), "guarding ");
    assert_string_equal(missing_in(index, "gonner"), "gonner ");
    assert_string_equal(missing_in(index, "\"Border gards\" gards -gards"), "gards ");
    assert_string_equal(missing_in(index, "bordr NEAR/2 (guard OR \"the feeld\")"), "bordr feeld ");
    assert_string_equal(missing_in(index, "title:border author:lea"), "title:border author:lea ");
    assert_string_equal(missing_in(index, "hex* bordxr~1 bzzzzr~2"), "bzzzzr ");
    assert_string_equal(missing_in(index, "..."), "");
    kwic_index_free(index);
}

static void spellings_of_the_first_twenty_words_are_looked_for(void **state)
{
    (void)state;
    struct kw_bytes query = KW_BYTES_INIT;
    struct kwic_missing missing;
    scratch_write("a.txt", "border\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    kw_bytes_append_text(&query, "=xx "); /* has none, whatever there is */
    for (uint32_t i = 0; i < 21; i++)
        kw_bytes_format(&query, "=border%c ", (char)('a' + i));
    kw_bytes_append_byte(&query, 0);
    struct kwic_results *results = search(index, (const char *)query.data, NULL);
    for (uint32_t i = 0; i < 22; i++) {
        assert_int_equal(kwic_results_next_missing(results, &missing, NULL), KWIC_OK);
        assert_int_equal(missing.spelling_count, i >= 1 && i <= 20);
    }
    assert_int_equal(kwic_results_next_missing(results, &missing, NULL), KWIC_END);
    kwic_results_free(results);
    kw_bytes_release(&query);
    kwic_index_free(index);
}

/* A query of as many words as there can be: its clauses come one by one, and not all are looked at.
 */
static void long_queries_are_looked_at_as_far_as_their_hundredth_clause(void **state)
{
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
    struct kw_bytes query = KW_BYTES_INIT;
    struct kwic_clause clause;
    struct kwic_missing missing;
    for (uint32_t i = 0; i < KW_QUERY_WORDS; i++)
        kw_bytes_format(&query, "x%u ", i);
    kw_bytes_append_byte(&query, 0);
    struct kwic_results *results = search(index, (const char *)query.data, NULL);
    size_t count = 0;
    while (kwic_results_next_missing(results, &missing, NULL) == KWIC_OK)
        count++;
    assert_int_equal(count, 100);
    assert_int_equal(kwic_results_clause(results, KW_QUERY_WORDS - 1, &clause, NULL), KWIC_OK);
    assert_true(text_is(clause.text, "x4999"));
    kwic_results_free(results);
    kw_bytes_release(&query);
    kwic_index_free(index);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(clauses_find_alone_what_searches_for_them_find),
        TEST(clauses_are_planned_as_the_query_has_them),
        TEST(clauses_of_similar_documents_are_their_terms),
        TEST(clauses_are_not_counted_that_are_too_much_work),
        TEST(clauses_are_counted_as_long_as_one_search_may_take),
        TEST(words_of_a_clause_are_those_that_it_looks_for),
        TEST(spellings_are_the_nearest_most_frequent_live_terms),
        TEST(words_are_missing_that_no_live_document_holds),
        TEST(spellings_of_the_first_twenty_words_are_looked_for),
        TEST(long_queries_are_looked_at_as_far_as_their_hundredth_clause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
