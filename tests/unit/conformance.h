/* The engines on which the public API must be the same: a case of the conformance suite runs once
 * on each, in a folder of its own, and expects the same answers. */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include "tests/unit/library_scratch.h"

struct engine {
    const char *name;
    const char *prefix;   /* of its places */
    const char *where;    /* the index that the functions of library_scratch.h are about */
    const char *postings; /* the file of it with these */
    bool module;          /* it is one, which a build may lack */
};

static const struct engine engines[] = {
    {"native folder", "", ".kwic", ".kwic/segment-1", false},
    {"Xapian database", "xapian:", "xapian:.kwic", ".kwic/postlist.glass", true},
};

enum { ENGINES = sizeof engines / sizeof *engines, PLACE_SIZE = 64 };

static const struct engine *engine; /* at hand */

/* The place of the engine at hand in a folder. Static, until the call after the next. */
static inline const char *place(const char *folder)
{
    static char places[2][PLACE_SIZE];
    static size_t turn;
    char *found = places[turn++ % 2];
    snprintf(found, PLACE_SIZE, "%s%s", engine->prefix, folder);
    return found;
}

/* Searches and gives the first result, whose results the caller frees. */
static inline struct kwic_results *first_result(struct kwic_index *index, const char *query,
                                                struct kwic_result *result)
{
    struct kwic_results *results;
    struct kwic_error error = {0};
    if (kwic_search(&results, index, KWIC_TEXT(query), NULL, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    assert_int_equal(kwic_results_next(results, result, &error), KWIC_OK);
    return results;
}

/* Turns to an engine. If this build lacks it, that is said test by test; a module that was built
 * but cannot be opened is no reason to skip anything. */
static inline bool turn_to(const struct engine *next, const struct CMUnitTest *tests, size_t count)
{
    struct kwic_index *index;
    struct kwic_error error;
    const char *built = getenv("KWIC_XAPIAN");
    engine = next;
    scratch_where = next->where;
    enum kwic_status status = kwic_index_new(&index, &scratch_where, 1, &error);
    kwic_index_free(index);
    print_message("On a %s:\n", next->name);
    if (!next->module || status != KWIC_E_USAGE || (built && *built))
        return true;
    for (size_t i = 0; i < count; i++)
        print_message("[  SKIPPED ] %s, %s: %s\n", next->name, tests[i].name, error.message);
    return false;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

#endif
