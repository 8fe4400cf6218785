/* kwic_why: how random documents fare with random queries, held to searches; and why files are not
 * in an index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "tests/unit/random_text.h"

#include <math.h>

static struct kwic_why *look(struct kwic_index *index, const char *name, const char *query,
                             const struct kwic_search_options *options)
{
    struct kwic_why *why;
    struct kwic_error error = {0};
    if (kwic_why_new(&why, index, KWIC_TEXT(name), false, KWIC_TEXT(query), options, &error) !=
        KWIC_OK)
        fail_msg("'%s': %s", query, error.message);
    return why;
}

/* Whether `query` finds the document; if not NULL, *rank and *score are its own, and *needed the
 * score of the one on rank `page`. */
static bool finds(struct kwic_index *index, const char *query, const char *id, uint64_t *rank,
                  double *score, uint64_t page, double *needed)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_result result;
    struct kwic_error error = {0};
    bool found = false;
    options.limit = 1000;
    options.documents = true;
    if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
        fail_msg("'%s': %s", query, error.message);
    while (kwic_results_next(results, &result, NULL) == KWIC_OK) {
        if (needed && result.rank == page)
            *needed = result.score;
        if (!text_is(result.doc, id))
            continue;
        found = true;
        if (rank) {
            *rank = result.rank;
            *score = result.score;
        }
    }
    kwic_results_free(results);
    return found;
}

/* ---- Documents and queries ------------------------------------------------------------------ */

enum {
    DOCUMENTS = 60,
    WORDS = 7,
    LONGEST = 130, /* positions of a document, with the gap behind its title */
};

static const char *const words[WORDS] = {"aab", "abb", "bba", "bab", "ccc", "dcd", "eed"};

static void write_documents(const char *name, uint64_t *seed, uint32_t from, uint32_t to)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (uint32_t i = from; i < to; i++) {
        fprintf(file, "{\"id\":\"d%u\",\"title\":\"%s\",\"text\":\"", i,
                words[random_below(seed, 2)]);
        for (size_t j = random_below(seed, 14); j > 0; j--)
            fprintf(file, "%s ", words[random_below(seed, WORDS)]);
        fprintf(file, "\"}\n");
    }
    fclose(file);
    scratch_run(name, NULL);
}

static struct kwic_index *random_index(uint64_t *seed)
{
    write_documents("a.jsonl", seed, 0, 40);
    write_documents("b.jsonl", seed, 40, DOCUMENTS);
    scratch_delete("d7");
    scratch_delete("d44");
    return scratch_open(".kwic");
}

/* A random clause without its sign; what it is made of goes to the other arguments: a phrase, or a
 * NEAR, of `count` words, at a distance that is left out of `text`. */
struct clause {
    char text[100];
    const char *words[3];
    size_t count;
    bool phrase, ordered;
    uint32_t distance;
};

static void write_text(struct clause *clause, uint32_t distance, bool ordered)
{
    size_t used = 0, size = sizeof clause->text;
    char near[16];
    snprintf(near, sizeof near, "%sNEAR/%u ", ordered ? "O" : "", distance);
    for (size_t i = 0; i < clause->count; i++)
        used += (size_t)snprintf(clause->text + used, size - used, "%s%s%s%s%s",
                                 clause->phrase && i == 0 ? "\"" : "", clause->words[i],
                                 clause->phrase && i + 1 == clause->count ? "\"" : "",
                                 i + 1 == clause->count ? "" : " ",
                                 clause->phrase || i + 1 == clause->count ? "" : near);
    if (clause->phrase && distance)
        snprintf(clause->text + used, size - used, "~%u", distance);
}

static void draw_clause(struct clause *clause, uint64_t *seed)
{
    *clause = (struct clause){.count = 1 + random_below(seed, 3)};
    for (size_t i = 0; i < clause->count; i++)
        clause->words[i] = words[random_below(seed, WORDS)];
    clause->phrase = clause->count > 1 && random_below(seed, 2);
    clause->ordered = random_below(seed, 2);
    clause->distance =
        clause->phrase ? (uint32_t)random_below(seed, 3) : 1 + (uint32_t)random_below(seed, 3);
    write_text(clause, clause->distance, clause->ordered);
}

/* ---- The twin ------------------------------------------------------------------------------- */

/* The least distance at which the clause finds the document, 0 if none does. */
static uint32_t least_distance(struct kwic_index *index, struct clause *clause, const char *id,
                               bool ordered)
{
    for (uint32_t distance = 1; distance <= LONGEST; distance++) {
        write_text(clause, distance, ordered);
        if (finds(index, clause->text, id, NULL, NULL, 0, NULL))
            return distance;
    }
    return 0;
}

/* Compares what is said of a clause with searches for it and for its parts. */
static void compare_clause(struct kwic_index *index, struct clause *clause, const char *id,
                           const struct kwic_why_clause *found)
{
    char lacking[100] = "";
    size_t used = 0;
    bool matches = finds(index, clause->text, id, NULL, NULL, 0, NULL);
    assert_true((found->outcome == KWIC_HOLDS) == matches);
    assert_true((found->frequency > 0) == matches);
    for (size_t i = 0; i < clause->count; i++) {
        char word[16];
        snprintf(word, sizeof word, clause->phrase ? "=%s" : "%s", clause->words[i]);
        if (!finds(index, word, id, NULL, NULL, 0, NULL))
            used += (size_t)snprintf(lacking + used, sizeof lacking - used, "%s%s",
                                     used ? ", " : "", clause->words[i]);
    }
    assert_true((found->outcome == KWIC_LACKS) == (lacking[0] != '\0'));
    if (found->outcome == KWIC_LACKS)
        assert_true(text_is(found->lacking, lacking));
    if (found->outcome != KWIC_APART)
        return;
    bool near = !clause->phrase;
    assert_true(found->moves == clause->phrase);
    uint32_t distance = least_distance(index, clause, id, clause->ordered);
    bool disordered = near && clause->ordered && distance == 0;
    if (disordered)
        distance = least_distance(index, clause, id, false);
    assert_true(found->ordered == (disordered && distance > 0));
    assert_int_equal(found->distance, distance);
}

static void documents_fare_with_clauses_as_searches_say(void **state)
{
    (void)state;
    uint64_t seed = 17;
    size_t apart = 0, lacking = 0;
    struct kwic_index *index = random_index(&seed);
    for (uint32_t round = 0; round < 400; round++) {
        struct clause clause;
        struct kwic_why_clause found;
        char query[130], id[8];
        draw_clause(&clause, &seed);
        snprintf(id, sizeof id, "d%u", (unsigned)random_below(&seed, DOCUMENTS));
        snprintf(query, sizeof query, "%s zzz", clause.text);
        struct kwic_why *why = look(index, id, query, NULL);
        struct kwic_why_info info;
        kwic_why_info(why, &info);
        bool deleted = strcmp(id, "d7") == 0 || strcmp(id, "d44") == 0;
        assert_true((info.absence == KWIC_PRESENT) == !deleted);
        if (deleted) {
            assert_int_equal(info.absence, KWIC_ABSENT_DELETED);
            assert_int_equal(kwic_why_clause(why, 0, &found), KWIC_END);
        } else {
            assert_int_equal(kwic_why_clause(why, 0, &found), KWIC_OK);
            assert_true(text_is(found.text, clause.text));
            compare_clause(index, &clause, id, &found);
            apart += found.outcome == KWIC_APART;
            lacking += found.outcome == KWIC_LACKS;
            assert_int_equal(kwic_why_clause(why, 1, &found), KWIC_OK);
            assert_int_equal(found.outcome, KWIC_LACKS);
            assert_int_equal(kwic_why_clause(why, 2, &found), KWIC_END);
        }
        kwic_why_free(why);
    }
    assert_true(apart > 50 && lacking > 50);
    kwic_index_free(index);
}

static void ranks_and_scores_are_those_of_the_search(void **state)
{
    (void)state;
    uint64_t seed = 23;
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_index *index = random_index(&seed);
    options.limit = 3;
    for (uint32_t round = 0; round < 200; round++) {
        char query[400] = "", id[8];
        size_t used = 0, count = 1 + random_below(&seed, 4);
        static const char *const signs[] = {"", "", "", "+", "-"};
        for (size_t i = 0; i < count; i++) {
            struct clause clause;
            draw_clause(&clause, &seed);
            used += (size_t)snprintf(query + used, sizeof query - used, "%s%s ",
                                     i ? signs[random_below(&seed, 5)] : "", clause.text);
        }
        snprintf(id, sizeof id, "d%u", 8 + (unsigned)random_below(&seed, 36));
        uint64_t rank = 0;
        double score = 0, needed = 0, sum = 0;
        bool found = finds(index, query, id, &rank, &score, 3, &needed);
        struct kwic_why *why = look(index, id, query, &options);
        struct kwic_why_info info;
        struct kwic_why_clause clause;
        kwic_why_info(why, &info);
        assert_int_equal(info.absence, KWIC_PRESENT);
        assert_int_equal(info.rank, rank);
        assert_true(info.score == score);
        assert_true(info.needed == (rank > 3 ? needed : 0));
        for (size_t i = 0; kwic_why_clause(why, i, &clause) == KWIC_OK; i++) {
            sum += clause.score;
            if (found && clause.required)
                assert_true((clause.outcome == KWIC_HOLDS) == !clause.negated);
        }
        sum += info.titles + info.neighbours + info.characters;
        if (fabs(sum - score) > 1e-9)
            fail_msg("%s: %.12g, expected %.12g", query, sum, score);
        kwic_why_free(why);
    }
    kwic_index_free(index);
}

static void optional_parts_are_counted(void **state)
{
    (void)state;
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_why_info info;
    scratch_write("a.txt", "one two\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    options.minimum = 3;
    struct kwic_why *why = look(index, "a.txt", "one two three (four OR one)", &options);
    kwic_why_info(why, &info);
    assert_int_equal(info.rank, 1);
    assert_int_equal(info.minimum, 3);
    assert_int_equal(info.matched, 3);
    kwic_why_free(why);
    options.minimum = 4;
    why = look(index, "a.txt", "one two three (four OR one)", &options);
    kwic_why_info(why, &info);
    assert_int_equal(info.rank, 0);
    assert_int_equal(info.matched, 3);
    kwic_why_free(why);
    kwic_index_free(index);
}

static void words_in_operands_and_patterns_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        enum kwic_outcome outcome;
        const char *lacking;
    } cases[] = {
        {"guards NEAR/3 (trian OR cat)", KWIC_LACKS, "trian, cat"},
        {"guards NEAR/3 \"the trian\"", KWIC_LACKS, "trian"},
        {"trai* NEAR/3 gards~1", KWIC_LACKS, "trai*"},
        {"bodrer~1", KWIC_HOLDS, ""},
        {"bxxder~1", KWIC_LACKS, "bxxder~1"},
        {"+red-border", KWIC_LACKS, "red"},
        {"guards NEAR/3 (slept NEAR/1 the)", KWIC_APART, ""},
        {"title:guards", KWIC_LACKS, "guards"},
        {"...", KWIC_LACKS, ""},
    };
    scratch_write("a.txt", "The border guards slept.\n");
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kwic_why *why = look(index, "a.txt", cases[i].query, NULL);
        struct kwic_why_clause clause;
        assert_int_equal(kwic_why_clause(why, 0, &clause), KWIC_OK);
        if (clause.outcome != cases[i].outcome ||
            (clause.outcome == KWIC_LACKS && !text_is(clause.lacking, cases[i].lacking)))
            fail_msg("%s: outcome %d, lacking %.*s", cases[i].query, (int)clause.outcome,
                     (int)clause.lacking.size, clause.lacking.data);
        kwic_why_free(why);
    }
    kwic_index_free(index);
}

/* ---- Files ---------------------------------------------------------------------------------- */

static void assert_absent(struct kwic_index *index, const char *name, enum kwic_absence absence,
                          const char *place)
{
    struct kwic_why *why = look(index, name, "x", NULL);
    struct kwic_why_info info;
    kwic_why_info(why, &info);
    if (info.absence != absence || !text_is(info.place, place))
        fail_msg("%s: absence %d of '%.*s', expected %d of '%s'", name, (int)info.absence,
                 (int)info.place.size, info.place.data, (int)absence, place);
    kwic_why_free(why);
}

static void files_are_absent_for_the_rule_that_walks_go_by(void **state)
{
    (void)state;
    const char *exclude[] = {"*.bak", "old/", NULL};
    struct kwic_index_options options = {.no_sync = true, .exclude = exclude};
    struct kwic_why_info info;
    scratch_make_index();
    mkdir("top", 0777);
    mkdir("top/old", 0777);
    mkdir("top/deep", 0777);
    mkdir("top/.git", 0777);
    mkdir("elsewhere", 0777);
    scratch_write("top/.gitignore", "# nothing\n\n*.log\n!kept.log\n");
    scratch_write("top/deep/.ignore", "/secret.txt\n");
    scratch_write("top/deep/secret.txt", "a\n");
    scratch_write("top/deep/a.log", "a\n");
    scratch_write("top/deep/kept.log", "a\n");
    scratch_write("top/deep/.dot.txt", "a\n");
    scratch_write("top/a.bak", "a\n");
    scratch_write("top/old/a.txt", "a\n");
    scratch_write("top/binary", "\x01\x02\x03\x04\x05\n");
    scratch_write("top/gone.txt", "a\n");
    scratch_write("elsewhere/a.txt", "a\n");
    assert_int_equal(symlink("gone.txt", "top/link"), 0);
    assert_int_equal(system("rm .kwic/* && rmdir .kwic"), 0);
    scratch_run("top", &options);
    scratch_run("r.jsonl", NULL);
    scratch_delete("top/gone.txt");
    scratch_write("top/new.txt", "a\n");
    struct kwic_index *index = scratch_open(".kwic");
    assert_absent(index, "top/deep/secret.txt", KWIC_ABSENT_IGNORED, "top/deep/secret.txt");
    assert_absent(index, "top/deep/a.log", KWIC_ABSENT_IGNORED, "top/deep/a.log");
    assert_absent(index, "top/deep/kept.log", KWIC_PRESENT, "");
    assert_absent(index, "top/deep/.dot.txt", KWIC_ABSENT_HIDDEN, "top/deep/.dot.txt");
    assert_absent(index, "top/.git/x", KWIC_ABSENT_NO_FILE, "top/.git/x");
    assert_absent(index, "top/a.bak", KWIC_ABSENT_EXCLUDED, "top/a.bak");
    assert_absent(index, "top/old/a.txt", KWIC_ABSENT_EXCLUDED, "top/old");
    assert_absent(index, "top/link", KWIC_ABSENT_KIND, "top/link");
    assert_absent(index, "top/gone.txt", KWIC_ABSENT_DELETED, "top/gone.txt");
    assert_absent(index, "top/new.txt", KWIC_ABSENT_NEW, "top/new.txt");
    assert_absent(index, "top", KWIC_ABSENT_FOLDER, "top");
    assert_absent(index, "elsewhere/a.txt", KWIC_ABSENT_OUTSIDE, "elsewhere/a.txt");
    assert_absent(index, "r.jsonl", KWIC_ABSENT_RECORDS, "r.jsonl");
    assert_absent(index, "r1", KWIC_PRESENT, "");
    assert_absent(index, "r9", KWIC_ABSENT_NO_FILE, "r9");
    assert_absent(index, ".kwic/manifest", KWIC_ABSENT_NEVER, ".kwic/manifest");
    scratch_write("top/.git/x", "a\n");
    assert_absent(index, "top/.git/x", KWIC_ABSENT_NEVER, "top/.git");
    struct kwic_why *why = look(index, "top/deep/a.log", "x", NULL);
    kwic_why_info(why, &info);
    assert_true(text_is(info.rules, "top/.gitignore"));
    assert_true(text_is(info.rule, "*.log"));
    assert_int_equal(info.line, 3);
    kwic_why_free(why);
    assert_int_equal(chdir("top/deep"), 0); /* places are seen from here */
    assert_absent(index, "secret.txt", KWIC_ABSENT_IGNORED, "secret.txt");
    assert_absent(index, "../a.bak", KWIC_ABSENT_EXCLUDED, "../a.bak");
    kwic_index_free(index);
}

static void included_files_and_the_newest_root_count(void **state)
{
    (void)state;
    const char *include[] = {"*.md", NULL};
    struct kwic_index_options options = {.no_sync = true, .include = include};
    mkdir("sub", 0777);
    scratch_write("sub/a.txt", "a\n");
    scratch_write("sub/b.md", "b\n");
    scratch_write("sub/.c.md", "c\n");
    scratch_run("sub", &options);
    struct kwic_index *index = scratch_open(".kwic");
    assert_absent(index, "sub/a.txt", KWIC_ABSENT_NOT_INCLUDED, "sub/a.txt");
    assert_absent(index, "sub/b.md", KWIC_PRESENT, "");
    assert_absent(index, "sub/.c.md", KWIC_ABSENT_HIDDEN, "sub/.c.md");
    kwic_index_free(index);
    scratch_write("sub/z.txt", "z\n"); /* named by itself: no rule applies */
    scratch_run("sub/z.txt", NULL);
    scratch_delete("sub/z.txt");
    scratch_run("sub/z.txt", NULL);
    index = scratch_open(".kwic");
    assert_absent(index, "sub/z.txt", KWIC_PRESENT, "");
    kwic_index_free(index);
}

static void changes_of_a_file_are_told(void **state)
{
    (void)state;
    struct kwic_why_info info;
    static const enum kwic_file expected[] = {KWIC_FILE_SAME, KWIC_FILE_CHANGED,
                                              KWIC_FILE_VANISHED};
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
    for (int i = 0; i < 3; i++) {
        if (i == 1)
            scratch_write("a.txt", "Changed and longer than it was.\n");
        if (i == 2)
            assert_int_equal(unlink("a.txt"), 0);
        struct kwic_why *why = look(index, "a.txt", "border", NULL);
        kwic_why_info(why, &info);
        assert_int_equal(info.absence, KWIC_PRESENT);
        assert_int_equal(info.file, expected[i]);
        assert_true(text_is(info.path, "a.txt"));
        kwic_why_free(why);
    }
    kwic_index_free(index);
}

static void queries_are_checked_as_in_a_search(void **state)
{
    (void)state;
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_error error;
    struct kwic_why *why;
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(
        kwic_why_new(&why, index, KWIC_TEXT("a.txt"), false, KWIC_TEXT(" "), NULL, &error),
        KWIC_E_USAGE);
    assert_null(why);
    options.strict = true;
    assert_int_equal(
        kwic_why_new(&why, index, KWIC_TEXT("a.txt"), false, KWIC_TEXT("a AND"), &options, &error),
        KWIC_E_SYNTAX);
    assert_int_equal(error.at, 2);
    kwic_why_free(NULL);
    kwic_index_free(index);
}

/* The search is none: no document holds the exact phrase. */
static void looking_how_far_words_are_apart_can_be_too_much(void **state)
{
    (void)state;
    struct kw_bytes query = KW_BYTES_INIT;
    struct kwic_error error = {0};
    struct kwic_why *why;
    FILE *file = fopen("a.txt", "w");
    assert_non_null(file);
    for (size_t i = 0; i < 1000; i++)
        fputs("the of and ", file);
    fclose(file);
    scratch_run(".", NULL);
    struct kwic_index *index = scratch_open(".kwic");
    kw_bytes_append_byte(&query, '"');
    for (size_t i = 0; i < 30; i++)
        kw_bytes_append_text(&query, "the of ");
    kw_bytes_append_text(&query, "\"");
    kw_bytes_append_byte(&query, 0);
    assert_int_equal(kwic_why_new(&why, index, KWIC_TEXT("a.txt"), false,
                                  KWIC_TEXT((const char *)query.data), NULL, &error),
                     KWIC_E_USAGE);
    assert_null(why);
    assert_string_equal(error.message, "the query asks for too much work on this index");
    kw_bytes_release(&query);
    kwic_index_free(index);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(documents_fare_with_clauses_as_searches_say),
        TEST(ranks_and_scores_are_those_of_the_search),
        TEST(optional_parts_are_counted),
        TEST(words_in_operands_and_patterns_are_named),
        TEST(files_are_absent_for_the_rule_that_walks_go_by),
        TEST(included_files_and_the_newest_root_count),
        TEST(changes_of_a_file_are_told),
        TEST(queries_are_checked_as_in_a_search),
        TEST(looking_how_far_words_are_apart_can_be_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
