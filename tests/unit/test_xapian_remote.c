/* libxapian_c: remote databases, by xapian-progsrv and xapian-tcpsrv of Debian's xapian-tools: what
 * they give, what they cannot, and what goes wrong. Skipped where they are not installed. */
#include "tests/unit/xapian_scratch.h"

#include "tests/unit/xapian_servers.h"

#include <fcntl.h>

static void open_program(struct xc_database *database, const char *path)
{
    OK(xc_database_open_program(database, "xapian-progsrv", path, 10000));
}

/* Results of a query as one string: docids and weights to the last bit. */
static void results_of(struct xc_database *database, char *out, size_t size)
{
    const struct xc_text terms[] = {text("apple"), text("elder"), text("cherry")};
    struct xc_enquire *enquire = xc_enquire_new();
    struct xc_query *query = xc_query_new();
    struct xc_mset *mset = xc_mset_new();
    struct xc_item item;
    size_t at = 0;
    OK(xc_query_set_terms(query, XC_OP_OR, terms, 3, 0));
    OK(xc_enquire_start(enquire, database));
    OK(xc_enquire_weight_bm25(enquire, 1.2, 0, 0, 0.75, 0));
    OK(xc_enquire_set_query(enquire, query, 0));
    OK(xc_enquire_search(enquire, 0, 20, 20, NULL, NULL, mset));
    for (uint32_t i = 0; i < xc_mset_size(mset); i++) {
        OK(xc_mset_items(mset, i, 1, &item));
        at += (size_t)snprintf(out + at, size - at, "%u %a %d\n", item.docid, item.weight,
                               item.percent);
    }
    assert_true(at > 0);
    xc_mset_free(mset);
    xc_query_free(query);
    xc_enquire_free(enquire);
}

static void a_program_serves_all_that_can_be_read(void **state)
{
    struct xc_database *database = xc_database_new(), *writer;
    struct xc_document *document = xc_document_new();
    struct xc_postings *postings = xc_postings_new();
    struct xc_positions *positions = xc_positions_new();
    struct xc_terms *terms = xc_terms_new();
    struct xc_statistics statistics;
    struct xc_text found;
    uint32_t numbers[9], number;
    size_t count;
    (void)state;
    scratch_five("five");
    writer = scratch_writer("five");
    OK(xc_database_set_metadata(writer, text("key"), text("value")));
    OK(xc_database_commit(writer));
    xc_database_free(writer);
    open_program(database, "five");
    OK(xc_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 5);
    assert_int_equal(statistics.total_length, 19);
    OK(xc_database_term_frequency(database, text("apple"), &number));
    assert_int_equal(number, 3);
    OK(xc_database_postings(database, text("apple"), postings));
    OK(xc_postings_read(postings, numbers, NULL, NULL, 9, &count));
    assert_int_equal(count, 3);
    OK(xc_database_positions(database, 4, text("fig"), positions));
    OK(xc_positions_read(positions, numbers, 9, &count));
    assert_int_equal(count, 3);
    OK(xc_database_all_terms(database, text("d"), terms));
    assert_string_equal(scratch_terms(terms), "damson");
    OK(xc_database_terms(database, 1, terms));
    assert_string_equal(scratch_terms(terms), "apple banana cherry");
    OK(xc_database_document(database, 2, document));
    OK(xc_document_data(document, &found));
    assert_text(found, "banana cherry damson");
    OK(xc_database_metadata(database, text("key"), &found));
    assert_text(found, "value");
    OK(xc_database_metadata_keys(database, text(""), terms));
    assert_string_equal(scratch_terms(terms), "key");
    OK(xc_database_uuid(database, &found));
    assert_int_equal(found.size, 36);
    OK(xc_database_keep_alive(database));
    GIVES(xc_database_document(database, 77, document), XC_E_DOC_NOT_FOUND);
    assert_string_equal(xc_database_error(database)->type, "DocNotFoundError");
    xc_terms_free(terms);
    xc_positions_free(positions);
    xc_postings_free(postings);
    xc_document_free(document);
    xc_database_free(database);
}

static int accept_all(void *data, struct xc_document *document)
{
    (void)data;
    (void)document;
    return 1;
}

static int see_nothing(void *data, struct xc_document *document, double weight)
{
    (void)data;
    (void)document;
    (void)weight;
    return 1;
}

static void what_a_remote_database_cannot(void **state)
{
    const struct xc_decider decider = {accept_all, NULL};
    struct xc_database *database = scratch_writer("db");
    struct xc_enquire *enquire = xc_enquire_new();
    struct xc_query *query = xc_query_new();
    struct xc_mset *mset = xc_mset_new();
    struct xc_spy *spy = xc_spy_new();
    struct xc_terms *terms = xc_terms_new();
    struct xc_text found;
    bool locked;
    (void)state;
    scratch_add(database, "word");
    OK(xc_database_add_spelling(database, text("word"), 1));
    OK(xc_database_add_synonym(database, text("word"), text("term")));
    OK(xc_database_commit(database));
    open_program(database, "db");
    GIVES(xc_database_locked(database, &locked), XC_E_UNIMPLEMENTED);
    OK(xc_query_set_all(query));
    OK(xc_enquire_start(enquire, database));
    OK(xc_enquire_set_query(enquire, query, 0));
    GIVES(xc_enquire_search(enquire, 0, 1, 0, NULL, &decider, mset), XC_E_UNIMPLEMENTED);
    open_program(database, "db");
    OK(xc_enquire_start(enquire, database));
    OK(xc_enquire_set_query(enquire, query, 0));
    OK(xc_spy_set_call(spy, see_nothing, NULL));
    OK(xc_enquire_add_spy(enquire, spy));
    GIVES(xc_enquire_search(enquire, 0, 1, 0, NULL, NULL, mset), XC_E_UNIMPLEMENTED);
    /* Of these Xapian 1.4 says nothing at all. */
    open_program(database, "db");
    OK(xc_database_suggest(database, text("worx"), 2, &found));
    assert_text(found, "");
    OK(xc_database_synonyms(database, text("word"), terms));
    assert_string_equal(scratch_terms(terms), "");
    xc_terms_free(terms);
    xc_spy_free(spy);
    xc_mset_free(mset);
    xc_query_free(query);
    xc_enquire_free(enquire);
    xc_database_free(database);
}

static void values_are_counted_by_the_server(void **state)
{
    struct xc_database *database = xc_database_new();
    struct xc_enquire *enquire = xc_enquire_new();
    struct xc_query *query = xc_query_new();
    struct xc_mset *mset = xc_mset_new();
    struct xc_spy *spy = xc_spy_new();
    struct xc_terms *terms = xc_terms_new();
    (void)state;
    scratch_five("five");
    open_program(database, "five");
    OK(xc_query_set_all(query));
    OK(xc_enquire_start(enquire, database));
    OK(xc_enquire_set_query(enquire, query, 0));
    OK(xc_spy_set_values(spy, 0));
    OK(xc_enquire_add_spy(enquire, spy));
    OK(xc_enquire_search(enquire, 0, 1, 10, NULL, NULL, mset));
    assert_int_equal(xc_spy_total(spy), 5);
    OK(xc_spy_values(spy, terms));
    assert_string_equal(scratch_terms(terms), "apple banana cherry damson");
    xc_terms_free(terms);
    xc_spy_free(spy);
    xc_mset_free(mset);
    xc_query_free(query);
    xc_enquire_free(enquire);
    xc_database_free(database);
}

static void a_program_that_writes(void **state)
{
    struct xc_database *database = xc_database_new(), *other;
    struct xc_statistics statistics;
    (void)state;
    scratch_five("five");
    OK(xc_database_open_program_writable(database, "xapian-progsrv", "--writable five", 10000,
                                         XC_OPEN));
    assert_true(xc_database_writable(database));
    assert_int_equal(scratch_add(database, "new words"), 6);
    OK(xc_database_commit(database));
    other = scratch_reader("five");
    OK(xc_database_statistics(other, &statistics));
    assert_int_equal(statistics.documents, 6);
    GIVES(xc_database_open_writable(other, "five", XC_OPEN, 0), XC_E_DATABASE_LOCK);
    OK(xc_database_close(database));
    /* A server that may not write says so. */
    assert_true(xc_database_open_program_writable(database, "xapian-progsrv", "five", 10000, 0) <
                0);
    xc_database_free(other);
    xc_database_free(database);
}

static void two_servers_rank_as_one_database(void **state)
{
    struct xc_database *whole = xc_database_new(), *all = xc_database_new(), *writer;
    unsigned ports[2] = {free_port(), free_port()};
    char expected[2000] = "", found[2000] = "";
    pid_t servers[2];
    (void)state;
    OK(xc_database_open_writable(whole, "whole", 0, 0));
    for (int i = 0; i < 2; i++) {
        writer = scratch_writer(i ? "second" : "first");
        scratch_add(writer, i ? "apple apple elder" : "cherry fig apple");
        scratch_add(writer, i ? "cherry" : "elder elder damson lemon");
        OK(xc_database_commit(writer));
        xc_database_free(writer);
    }
    /* Docids interleave. */
    scratch_add(whole, "cherry fig apple");
    scratch_add(whole, "apple apple elder");
    scratch_add(whole, "elder elder damson lemon");
    scratch_add(whole, "cherry");
    OK(xc_database_commit(whole));
    for (int i = 0; i < 2; i++) {
        struct xc_database *shard = xc_database_new();
        servers[i] = serve(i ? "second" : "first", ports[i], "--quiet");
        OK(xc_database_open_tcp(shard, "127.0.0.1", ports[i], 10000, 10000));
        OK(xc_database_add(all, shard));
        xc_database_free(shard);
    }
    results_of(whole, expected, sizeof expected);
    results_of(all, found, sizeof found);
    assert_string_equal(found, expected);
    end_server(servers[0]);
    end_server(servers[1]);
    xc_database_free(all);
    xc_database_free(whole);
}

static void a_stub_names_servers(void **state)
{
    struct xc_database *database = xc_database_new();
    unsigned port = free_port();
    struct xc_statistics statistics;
    pid_t server;
    FILE *stub;
    (void)state;
    scratch_five("five");
    server = serve("five", port, "--quiet");
    stub = fopen("stub", "w");
    assert_non_null(stub);
    fprintf(stub, "remote 127.0.0.1:%u\nauto five\nremote :xapian-progsrv five\n", port);
    fclose(stub);
    OK(xc_database_open(database, "stub", 0));
    OK(xc_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 15);
    end_server(server);
    xc_database_free(database);
}

static void a_server_that_dies_is_an_error(void **state)
{
    struct xc_database *database = xc_database_new();
    struct xc_document *document = xc_document_new();
    unsigned port = free_port();
    pid_t server;
    char where[40];
    (void)state;
    scratch_five("five");
    server = serve("five", port, "--quiet");
    OK(xc_database_open_tcp(database, "127.0.0.1", port, 10000, 10000));
    OK(xc_database_document(database, 1, document));
    end_server(server);
    GIVES(xc_database_document(database, 2, document), XC_E_NETWORK);
    snprintf(where, sizeof where, "127.0.0.1:%u", port);
    assert_non_null(strstr(xc_database_error(database)->context, where));
    assert_false(xc_database_error(database)->retryable);
    GIVES(xc_database_open_tcp(database, "127.0.0.1", port, 1000, 1000), XC_E_NETWORK);
    assert_true(strlen(xc_database_error(database)->system) > 0);
    xc_document_free(document);
    xc_database_free(database);
}

static void a_server_that_is_silent_is_a_timeout(void **state)
{
    struct xc_database *database = xc_database_new();
    unsigned port;
    int server = listening(&port);
    (void)state;
    GIVES(xc_database_open_tcp(database, "127.0.0.1", port, 200, 200), XC_E_NETWORK_TIMEOUT);
    assert_true(xc_database_error(database)->retryable);
    GIVES(xc_database_open_tcp_writable(database, "127.0.0.1", port, 200, 200, 0),
          XC_E_NETWORK_TIMEOUT);
    close(server);
    xc_database_free(database);
}

/* A greeting of protocol 47, as Xapian 2 has it. */
static void a_server_of_another_version_is_an_error(void **state)
{
    struct xc_database *database = xc_database_new();
    unsigned port;
    int server = listening(&port), status;
    pid_t child = fork();
    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        int client = accept(server, NULL, NULL);
        const char greeting[] = "\000\003\x2f\x00x";
        _exit(write(client, greeting, 5) == 5 && read(client, &status, 1) >= 0 ? 0 : 1);
    }
    status = xc_database_open_tcp(database, "127.0.0.1", port, 5000, 5000);
    GIVES(status, XC_E_NETWORK);
    assert_non_null(strstr(xc_database_error(database)->message, "protocol"));
    xc_database_free(database);
    waitpid(child, NULL, 0);
    close(server);
}

static void a_program_that_is_not_there_is_an_error(void **state)
{
    struct xc_database *database = xc_database_new();
    (void)state;
    GIVES(xc_database_open_program(database, "/nowhere/xapian-progsrv", "db", 1000), XC_E_NETWORK);
    GIVES(xc_database_open_program(database, "xapian-progsrv", "nowhere", 10000),
          XC_E_DATABASE_NOT_FOUND);
    xc_database_free(database);
}

/* What a writer does on the server's machine reaches the client as it is. */
static void a_writer_under_a_server_is_an_error(void **state)
{
    struct xc_database *database = scratch_writer("many"), *writer;
    struct xc_document *document = xc_document_new();
    (void)state;
    for (int i = 0; i < 400; i++)
        scratch_add(database, "some words");
    OK(xc_database_commit(database));
    open_program(database, "many");
    writer = scratch_writer("many");
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 1; i <= 400; i++) {
            scratch_words(document, "other words");
            OK(xc_database_replace_document(writer, i, document));
        }
        OK(xc_database_commit(writer));
    }
    xc_database_free(writer);
    GIVES(xc_database_document(database, 300, document), XC_E_DATABASE_MODIFIED);
    assert_true(xc_database_error(database)->retryable);
    OK(xc_database_reopen(database, NULL));
    OK(xc_database_document(database, 300, document));
    xc_document_free(document);
    xc_database_free(database);
}

static void a_server_that_writes(void **state)
{
    struct xc_database *database = xc_database_new();
    struct xc_statistics statistics;
    unsigned port = free_port();
    pid_t server;
    (void)state;
    scratch_five("five");
    server = serve("five", port, "--writable");
    OK(xc_database_open_tcp_writable(database, "127.0.0.1", port, 10000, 10000, XC_OPEN));
    assert_int_equal(scratch_add(database, "word"), 6);
    OK(xc_database_commit(database));
    OK(xc_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 6);
    xc_database_free(database);
    end_server(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_program_serves_all_that_can_be_read),
        IN_SCRATCH(what_a_remote_database_cannot),
        IN_SCRATCH(values_are_counted_by_the_server),
        IN_SCRATCH(a_program_that_writes),
        IN_SCRATCH(two_servers_rank_as_one_database),
        IN_SCRATCH(a_stub_names_servers),
        IN_SCRATCH(a_server_that_dies_is_an_error),
        IN_SCRATCH(a_server_that_is_silent_is_a_timeout),
        IN_SCRATCH(a_server_of_another_version_is_an_error),
        IN_SCRATCH(a_program_that_is_not_there_is_an_error),
        IN_SCRATCH(a_writer_under_a_server_is_an_error),
        IN_SCRATCH(a_server_that_writes),
    };
    if (!installed("xapian-progsrv") || !installed("xapian-tcpsrv")) {
        puts("SKIP remote databases: xapian-tools is not installed");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
