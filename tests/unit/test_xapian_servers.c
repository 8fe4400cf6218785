/* Searching databases that servers hold when a server is not there, dies, is slow, or is none: the
 * failure names it, or the rest of the answer is given. Skipped where xapian-tools is not
 * installed; the environment variable KWIC_HELPERS names the folder of the module. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "tests/unit/xapian_servers.h"

#include <netinet/tcp.h>
#include <poll.h>

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

enum { SECOND = 1000000000 };

static const char *const query = "river brid* \"long bridge\" -nowhere";

static void pause_for(double seconds)
{
    long whole = (long)seconds;
    struct timespec time = {whole, (long)((seconds - (double)whole) * SECOND)};
    nanosleep(&time, NULL);
}

/* Three databases, one, two and three, of four documents each. */
static void make_databases(void)
{
    static const char *const names[] = {"one", "two", "three"};
    static const struct kwic_index_options plain = {.no_sync = true};
    for (int i = 0; i < 3; i++) {
        char path[40], record[300];
        struct kwic_writer *writer;
        FILE *file;
        snprintf(path, sizeof path, "%s.jsonl", names[i]);
        file = fopen(path, "w");
        assert_non_null(file);
        for (int k = 0; k < 4; k++) {
            snprintf(record, sizeof record,
                     "{\"id\":\"%s%d\",\"title\":\"The river %d\",\"text\":\"A long bridge%s "
                     "over the river%s.\",\"year\":%d}\n",
                     names[i], k, k, k % 2 ? " of stone" : "", k > 1 ? " and the bridges" : "",
                     2000 + k);
            assert_true(fputs(record, file) >= 0);
        }
        assert_int_equal(fclose(file), 0);
        snprintf(path, sizeof path, "xapian:%s", names[i]);
        assert_int_equal(kwic_writer_new(&writer, path, &plain, NULL), KWIC_OK);
        snprintf(path, sizeof path, "%s.jsonl", names[i]);
        assert_int_equal(kwic_writer_add_path(writer, path, NULL), KWIC_OK);
        assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
        kwic_writer_free(writer);
    }
}

/* A stub file of a database here, and of servers; port 0: none. */
static void write_stub(const char *name, const char *path, unsigned first, unsigned second)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    if (first)
        fprintf(file, "remote 127.0.0.1:%u\n", first);
    if (path)
        fprintf(file, "# here\nauto %s\n", path);
    if (second)
        fprintf(file, "remote 127.0.0.1:%u\n", second);
    assert_int_equal(fclose(file), 0);
}

/* What was found: a line each with the rank, id, score and passage. */
struct answer {
    char text[8000];
    size_t results;
    uint64_t matches;
    enum kwic_status status;
    struct kwic_error error;
};

static void read_results(struct answer *answer, struct kwic_results *results)
{
    struct kwic_result result;
    size_t size = 0;
    answer->matches = kwic_results_matches(results);
    while ((answer->status = kwic_results_next(results, &result, &answer->error)) == KWIC_OK) {
        size += (size_t)snprintf(answer->text + size, sizeof answer->text - size,
                                 "%zu %.*s %.9g %.*s\n", result.rank, (int)result.doc.size,
                                 result.doc.data, result.score, (int)result.text.size,
                                 result.text.data);
        assert_true(size < sizeof answer->text);
        answer->results++;
    }
    if (answer->status == KWIC_END)
        answer->status = KWIC_OK;
}

static void search(struct answer *answer, struct kwic_index *index)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    *answer = (struct answer){.results = 0};
    options.limit = 50;
    answer->status = kwic_search(&results, index, KWIC_TEXT(query), &options, &answer->error);
    if (answer->status == KWIC_OK)
        read_results(answer, results);
    kwic_results_free(results);
}

static struct kwic_index *open_index(const char *where, double timeout, bool partial)
{
    const struct kwic_open_options options = {timeout, partial, NULL};
    struct kwic_error error = {0};
    struct kwic_index *index;
    if (kwic_index_new_with(&index, &where, 1, &options, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return index;
}

/* Searches `where` from its opening on. */
static void search_whole(struct answer *answer, const char *where)
{
    struct kwic_index *index = open_index(where, 30, false);
    search(answer, index);
    assert_int_equal(answer->status, KWIC_OK);
    kwic_index_free(index);
}

/* Whether a message names the server at a port. */
static bool names(const char *message, unsigned port)
{
    char place[40];
    snprintf(place, sizeof place, "'127.0.0.1:%u'", port);
    return message && strstr(message, place);
}

/* Opening must fail with a message that names the server. */
static void assert_no_opening(const char *where, double timeout, unsigned port, const char *part)
{
    const struct kwic_open_options options = {timeout, false, NULL};
    struct kwic_error error = {0};
    struct kwic_index *index;
    assert_int_equal(kwic_index_new_with(&index, &where, 1, &options, &error), KWIC_E_IO);
    assert_null(index);
    assert_true(names(error.message, port));
    assert_non_null(strstr(error.message, part));
    assert_string_equal(error.hint, "start it again, or leave it out with '--partial'");
}

/* Opened partially, `where` must be what `rest` is, and name the server. */
static void assert_rest(const char *where, double timeout, unsigned port, const char *rest)
{
    struct answer found, expected;
    struct kwic_index *index = open_index(where, timeout, true);
    search_whole(&expected, rest);
    search(&found, index);
    assert_int_equal(found.status, KWIC_OK);
    assert_int_equal(found.matches, expected.matches);
    assert_string_equal(found.text, expected.text);
    assert_true(names(kwic_index_lost(index, 0), port));
    assert_null(kwic_index_lost(index, 1));
    kwic_index_free(index);
}

/* ---- Servers that are not there from the beginning ---------------------------------------- */

static void a_stub_is_searched_as_one(void **state)
{
    static const char *const places[] = {"xapian:one", "xapian:two", "xapian:three"};
    unsigned ports[2] = {free_port(), free_port()};
    struct answer found, expected;
    struct kwic_index *index;
    pid_t first, second;
    (void)state;
    make_databases();
    first = serve("one", ports[0], "--quiet");
    second = serve("three", ports[1], "--quiet");
    write_stub("stub", "two", ports[0], ports[1]);
    search_whole(&found, "xapian:stub");
    assert_int_equal(kwic_index_new(&index, places, 3, NULL), KWIC_OK);
    search(&expected, index);
    assert_string_equal(found.text, expected.text);
    assert_int_equal(found.results, 12);
    assert_null(kwic_index_lost(index, 0));
    kwic_index_free(index);
    end_server(first);
    end_server(second);
}

static void a_dead_server_is_named_or_left_out(void **state)
{
    unsigned ports[2] = {free_port(), free_port()};
    pid_t server;
    (void)state;
    make_databases();
    server = serve("three", ports[1], "--quiet");
    write_stub("stub", "two", ports[0], ports[1]);
    write_stub("rest", "two", 0, ports[1]);
    assert_no_opening("xapian:stub", 30, ports[0], "Connection refused");
    assert_rest("xapian:stub", 30, ports[0], "xapian:rest");
    end_server(server);
}

static void nothing_left_is_an_error(void **state)
{
    const struct kwic_open_options partial = {30, true, NULL};
    unsigned ports[2] = {free_port(), free_port()};
    const char *places[] = {"xapian:stub", "xapian:nowhere"};
    struct kwic_error error = {0};
    struct kwic_index *index;
    (void)state;
    write_stub("stub", NULL, ports[0], ports[1]);
    assert_int_equal(kwic_index_new_with(&index, places, 1, &partial, &error), KWIC_E_IO);
    assert_true(names(error.message, ports[1]));
    assert_int_equal(kwic_index_new_with(&index, places, 2, &partial, &error), KWIC_E_NO_INDEX);
    assert_null(index);
}

static void places_that_cannot_be_opened_are_left_out(void **state)
{
    const struct kwic_open_options partial = {30, true, NULL};
    unsigned port = free_port();
    char server[60];
    const char *places[] = {server, "xapian:two", "nowhere"};
    struct answer found, expected;
    struct kwic_index *index;
    (void)state;
    make_databases();
    snprintf(server, sizeof server, "xapian://127.0.0.1:%u", port);
    assert_int_equal(kwic_index_new_with(&index, places, 3, &partial, NULL), KWIC_OK);
    search(&found, index);
    search_whole(&expected, "xapian:two");
    assert_string_equal(found.text, expected.text);
    assert_true(names(kwic_index_lost(index, 0), port));
    assert_non_null(strstr(kwic_index_lost(index, 1), "'nowhere'"));
    assert_null(kwic_index_lost(index, 2));
    kwic_index_free(index);
}

/* Takes one connection after the other, greets, and holds it. */
static pid_t greet(int server, const char *greeting, size_t size)
{
    pid_t child = fork_bound();
    if (child)
        return child;
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0 || write(client, greeting, size) < 0)
            _exit(1);
    }
}

static void a_server_of_another_version_is_named_or_left_out(void **state)
{
    /* A message of type 0 and 3 bytes, that speaks of protocol 47.0. */
    static const char greeting[] = {0, 3, 47, 0, 0};
    unsigned port;
    int server = listening(&port);
    pid_t child = greet(server, greeting, sizeof greeting);
    (void)state;
    make_databases();
    write_stub("stub", "two", port, 0);
    assert_no_opening("xapian:stub", 30, port, "protocol version");
    assert_rest("xapian:stub", 30, port, "xapian:two");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(server);
}

static void a_silent_server_is_named_or_left_out(void **state)
{
    unsigned port;
    int server = listening(&port);
    (void)state;
    make_databases();
    write_stub("stub", "two", port, 0);
    assert_no_opening("xapian:stub", 0.1, port, "Timeout");
    assert_rest("xapian:stub", 0.1, port, "xapian:two");
    close(server);
}

static void a_stub_file_inside_another_has_the_same_limits(void **state)
{
    unsigned port;
    int server = listening(&port);
    struct answer found, expected;
    (void)state;
    make_databases();
    write_stub("inner", "two", port, 0);
    write_stub("outer", "inner", 0, 0);
    assert_no_opening("xapian:outer", 0.1, port, "Timeout");
    assert_rest("xapian:outer", 0.1, port, "xapian:two");
    close(server);
    write_stub("inner", "two", 0, 0);
    search_whole(&found, "xapian:outer");
    search_whole(&expected, "xapian:two");
    assert_string_equal(found.text, expected.text);
}

static void stub_files_that_name_each_other_are_an_error(void **state)
{
    const char *place = "xapian:this";
    struct kwic_error error = {0};
    struct kwic_index *index;
    (void)state;
    write_stub("this", "other", 0, 0);
    write_stub("other", "this", 0, 0);
    assert_int_equal(kwic_index_new(&index, &place, 1, &error), KWIC_E_IO);
    assert_string_equal(error.message, "stub file 'this' is inside 10 others");
}

/* ---- Servers that fail later -------------------------------------------------------------- */

static void a_server_that_dies_before_the_search(void **state)
{
    unsigned ports[2] = {free_port(), free_port()};
    struct answer found, rest;
    (void)state;
    make_databases();
    for (int partial = 0; partial < 2; partial++) {
        pid_t first = serve("one", ports[0], "--quiet"),
              second = serve("three", ports[1], "--quiet");
        write_stub("stub", "two", ports[0], ports[1]);
        write_stub("rest", "two", 0, ports[1]);
        search_whole(&rest, "xapian:rest");
        struct kwic_index *index = open_index("xapian:stub", 30, partial);
        end_server(first);
        search(&found, index);
        if (partial) {
            assert_int_equal(found.status, KWIC_OK);
            assert_string_equal(found.text, rest.text);
            assert_true(names(kwic_index_lost(index, 0), ports[0]));
        } else {
            assert_int_equal(found.status, KWIC_E_IO);
            assert_true(names(found.error.message, ports[0]));
            assert_null(kwic_index_lost(index, 0));
        }
        kwic_index_free(index);
        end_server(second);
    }
}

/* A place is left out as a whole when its last server dies, as long as there is another place. */
static void the_last_server_of_a_place_that_dies(void **state)
{
    const struct kwic_open_options partial = {30, true, NULL};
    unsigned ports[2] = {free_port(), free_port()};
    char servers[2][60];
    const char *places[] = {servers[0], "xapian:two", servers[1]};
    struct answer found, rest;
    struct kwic_index *index;
    (void)state;
    make_databases();
    search_whole(&rest, "xapian:two");
    pid_t first = serve("one", ports[0], "--quiet"), second = serve("three", ports[1], "--quiet");
    for (int i = 0; i < 2; i++)
        snprintf(servers[i], sizeof servers[i], "xapian://127.0.0.1:%u", ports[i]);
    assert_int_equal(kwic_index_new_with(&index, places, 3, &partial, NULL), KWIC_OK);
    end_server(first);
    end_server(second);
    for (int again = 0; again < 2; again++) {
        search(&found, index);
        assert_int_equal(found.status, KWIC_OK);
        assert_string_equal(found.text, rest.text);
        assert_int_equal(found.matches, rest.matches);
        assert_true(names(kwic_index_lost(index, 0), ports[0]));
        assert_true(names(kwic_index_lost(index, 1), ports[1]));
        assert_null(kwic_index_lost(index, 2));
    }
    kwic_index_free(index);
}

static void the_last_server_of_all_that_dies(void **state)
{
    const struct kwic_open_options partial = {30, true, NULL};
    unsigned ports[2] = {free_port(), free_port()};
    char servers[2][60];
    const char *places[] = {servers[0], servers[1]};
    struct answer found;
    struct kwic_index *index;
    (void)state;
    make_databases();
    pid_t first = serve("one", ports[0], "--quiet"), second = serve("three", ports[1], "--quiet");
    for (int i = 0; i < 2; i++)
        snprintf(servers[i], sizeof servers[i], "xapian://127.0.0.1:%u", ports[i]);
    assert_int_equal(kwic_index_new_with(&index, places, 2, &partial, NULL), KWIC_OK);
    end_server(first);
    end_server(second);
    search(&found, index);
    assert_int_equal(found.status, KWIC_E_IO);
    assert_true(names(found.error.message, ports[1]));
    kwic_index_free(index);
}

/* What was found is read with the search: nothing of it is missing then. */
static void a_server_that_dies_after_the_search(void **state)
{
    unsigned ports[2] = {free_port(), free_port()};
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    (void)state;
    make_databases();
    options.limit = 50;
    for (int partial = 0; partial < 2; partial++) {
        struct answer found = {.results = 0}, whole;
        struct kwic_results *results;
        pid_t first = serve("one", ports[0], "--quiet"),
              second = serve("three", ports[1], "--quiet");
        write_stub("stub", "two", ports[0], ports[1]);
        search_whole(&whole, "xapian:stub");
        struct kwic_index *index = open_index("xapian:stub", 30, partial);
        assert_int_equal(kwic_search(&results, index, KWIC_TEXT(query), &options, NULL), KWIC_OK);
        end_server(second);
        read_results(&found, results);
        assert_int_equal(found.status, KWIC_OK);
        assert_string_equal(found.text, whole.text);
        assert_null(kwic_index_lost(index, 0));
        kwic_results_free(results);
        kwic_index_free(index);
        end_server(first);
    }
}

static void a_server_that_becomes_slow(void **state)
{
    unsigned port = free_port();
    struct answer found;
    (void)state;
    make_databases();
    pid_t server = serve("one", port, "--quiet");
    write_stub("stub", "two", port, 0);
    struct kwic_index *strict = open_index("xapian:stub", 0.3, false);
    struct kwic_index *partial = open_index("xapian:stub", 0.3, true);
    pause_for(0.05); /* until both connections have a process */
    kill(-server, SIGSTOP);
    search(&found, strict);
    assert_int_equal(found.status, KWIC_E_IO);
    assert_true(names(found.error.message, port));
    assert_non_null(strstr(found.error.message, "Timeout"));
    search(&found, partial);
    assert_int_equal(found.results, 4);
    assert_true(names(kwic_index_lost(partial, 0), port));
    kwic_index_free(strict);
    kwic_index_free(partial);
    end_server(server);
}

static void a_connection_that_was_closed_is_made_again(void **state)
{
    unsigned port = free_port();
    struct answer found;
    (void)state;
    make_databases();
    pid_t server = serve("one", port, "--idle-timeout=50");
    write_stub("stub", "two", port, 0);
    struct kwic_index *index = open_index("xapian:stub", 30, false);
    pause_for(0.3);
    search(&found, index);
    assert_int_equal(found.status, KWIC_OK);
    assert_int_equal(found.results, 8);
    kwic_index_free(index);
    end_server(server);
}

/* ---- Whatever the message ----------------------------------------------------------------- */

/* Hands bytes on from one socket to another; false at the end. */
static bool hand_on(int from, int to)
{
    char bytes[65536];
    ssize_t size = read(from, bytes, sizeof bytes);
    return size > 0 && write(to, bytes, (size_t)size) == size;
}

/* Hands on one connection, until *left times something came from the client. */
static void hand_on_all(int client, int server, size_t *left)
{
    struct pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    const int at_once = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    while (*left && poll(both, 2, -1) > 0) {
        if (both[1].revents && !hand_on(server, client))
            return;
        if (both[0].revents && (--*left == 0 || !hand_on(client, server)))
            return;
    }
}

/* A process that stands between a client and the server at `port`. It closes the connection when
 * something comes from the client for the `left`th time, and takes no other unless `again`. */
static pid_t stand_between(int server, unsigned port, size_t left, bool again)
{
    pid_t child = fork_bound();
    if (child)
        return child;
    while (left) {
        int client = accept(server, NULL, NULL), other = connected(port);
        if (client < 0 || other < 0)
            _exit(1);
        hand_on_all(client, other, &left);
        if (!left && again)
            left = SIZE_MAX;
        else if (!left)
            close(server);
        close(other);
        close(client);
    }
    _exit(0);
}

/* Opens and searches while the connection breaks at message `number`. */
static void break_at(unsigned port, size_t number, bool again, bool partial, struct answer *found,
                     bool *lost)
{
    const struct kwic_open_options options = {30, partial, NULL};
    const char *where = "xapian:stub";
    struct kwic_index *index;
    unsigned place;
    int server = listening(&place);
    pid_t child = stand_between(server, port, number, again);
    close(server);
    write_stub("stub", "two", place, 0);
    *found = (struct answer){.results = 0};
    found->status = kwic_index_new_with(&index, &where, 1, &options, &found->error);
    if (found->status == KWIC_OK)
        search(found, index);
    *lost = found->status == KWIC_OK && kwic_index_lost(index, 0);
    if (*lost)
        assert_true(names(kwic_index_lost(index, 0), place));
    if (found->status != KWIC_OK) {
        assert_int_equal(found->status, KWIC_E_IO);
        assert_true(names(found->error.message, place));
    }
    kwic_index_free(index);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* How many messages there are differs a little: several may come at once. */
static void a_connection_may_break_at_any_message(void **state)
{
    enum { LEAST = 20, ONE_BY_ONE = 16 };
    unsigned port = free_port();
    struct answer whole, rest, found;
    size_t number = 0;
    bool done = false, lost;
    (void)state;
    make_databases();
    pid_t server = serve("one", port, "--quiet");
    write_stub("whole", "two", port, 0);
    search_whole(&whole, "xapian:whole");
    search_whole(&rest, "xapian:two");
    while (!done) {
        number += 1 + number / ONE_BY_ONE;
        break_at(port, number, false, false, &found, &lost);
        done = found.status == KWIC_OK;
        if (done)
            assert_string_equal(found.text, whole.text);
        break_at(port, number, false, true, &found, &lost);
        assert_int_equal(found.status, KWIC_OK);
        assert_string_equal(found.text, lost ? rest.text : whole.text);
        break_at(port, number, true, false, &found, &lost);
        if (found.status == KWIC_OK)
            assert_string_equal(found.text, whole.text);
    }
    print_message("%zu\n", number);
    assert_true(number > LEAST);
    end_server(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_stub_is_searched_as_one),
        IN_SCRATCH(a_dead_server_is_named_or_left_out),
        IN_SCRATCH(nothing_left_is_an_error),
        IN_SCRATCH(places_that_cannot_be_opened_are_left_out),
        IN_SCRATCH(a_server_of_another_version_is_named_or_left_out),
        IN_SCRATCH(a_silent_server_is_named_or_left_out),
        IN_SCRATCH(a_stub_file_inside_another_has_the_same_limits),
        IN_SCRATCH(stub_files_that_name_each_other_are_an_error),
        IN_SCRATCH(a_server_that_dies_before_the_search),
        IN_SCRATCH(the_last_server_of_a_place_that_dies),
        IN_SCRATCH(the_last_server_of_all_that_dies),
        IN_SCRATCH(a_server_that_dies_after_the_search),
        IN_SCRATCH(a_server_that_becomes_slow),
        IN_SCRATCH(a_connection_that_was_closed_is_made_again),
        IN_SCRATCH(a_connection_may_break_at_any_message),
    };
    if (!installed("xapian-tcpsrv")) {
        puts("SKIP servers: xapian-tools is not installed");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
