/* Long arrays: in memory and in files they hold the same, and leave nothing behind. */
#include "index/room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

enum { COUNT = 100000, STEP = 777 };

/* Fills a room step by step; *files: it went to a file. */
static void fill(struct kw_room *room, const struct kw_room_place *place)
{
    for (size_t count = STEP; count <= COUNT; count += STEP) {
        assert_int_equal(kw_room_grow(room, count, place, NULL), KW_OK);
        assert_true(room->capacity >= count);
        for (size_t i = count - STEP; i < count; i++)
            room->items[i] = (uint32_t)(i * 2654435761U);
    }
    for (size_t i = 0; i < COUNT / STEP * STEP; i++)
        assert_int_equal(room->items[i], (uint32_t)(i * 2654435761U));
}

static void test_arrays_hold_the_same_anywhere(void **state)
{
    const struct {
        struct kw_room_place place;
        bool filed;
    } cases[] = {{{NULL, 0}, false},
                 {{"room", 0}, true},
                 {{"room", 4096}, true},
                 {{"room", 200000}, true},
                 {{"room", 4 * COUNT}, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kw_room room = {.items = NULL};
        fill(&room, &cases[i].place);
        assert_int_equal(room.file != 0, cases[i].filed);
        assert_int_equal(access("room", F_OK), -1);
        kw_room_release(&room);
        assert_null(room.items);
    }
    struct kw_room room = {.items = NULL};
    fill(&room, NULL);
    kw_room_release(&room);
}

static void test_a_full_disk_is_an_error(void **state)
{
    const struct kw_room_place place = {"room", 0};
    const struct rlimit small = {1 << 17, RLIM_INFINITY};
    struct kw_error error = KW_ERROR_INIT;
    struct rlimit before;
    struct kw_room room = {.items = NULL};
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(kw_room_grow(&room, 1000, &place, NULL), KW_OK);
    room.items[999] = 7;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(kw_room_grow(&room, COUNT, &place, &error), KW_E_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_string_equal(error.message, "cannot write 'room': File too large");
    assert_int_equal(room.items[999], 7);
    assert_int_equal(kw_room_grow(&room, COUNT, &place, NULL), KW_OK);
    assert_int_equal(room.items[999], 7);
    kw_room_release(&room);
    struct kw_room other = {.items = NULL};
    const struct kw_room_place nowhere = {"no/room", 0};
    assert_int_equal(kw_room_grow(&other, COUNT, &nowhere, &error), KW_E_IO);
    kw_room_release(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_arrays_hold_the_same_anywhere),
        TEST(test_a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
