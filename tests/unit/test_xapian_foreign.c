/* Databases in the shape of those that other programs make with Xapian, made here by libxapian_c:
 * what is found in them, and what is shown of it. tests/xapian/foreign tries the programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "xapian/xapian_c.h"

#include <math.h>
#include <zlib.h>

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

/* ---- Making ------------------------------------------------------------------------------- */

static struct xc_database *create(const char *path)
{
    struct xc_database *database = xc_database_new();
    assert_int_equal(xc_database_open_writable(database, path, XC_CREATE, 0), XC_OK);
    return database;
}

static void finish(struct xc_database *database)
{
    assert_int_equal(xc_database_commit(database), XC_OK);
    xc_database_free(database);
}

static struct xc_text text_of(const char *string)
{
    return (struct xc_text){string, strlen(string)};
}

static void set_metadata(struct xc_database *database, const char *key, const char *value)
{
    assert_int_equal(xc_database_set_metadata(database, text_of(key), text_of(value)), XC_OK);
}

/* A document that is being made. */
struct making {
    struct xc_document *document;
    uint32_t position;
};

static struct making begin(void)
{
    return (struct making){xc_document_new(), 0};
}

static void add_term(struct making *making, const char *term)
{
    assert_int_equal(xc_document_add_term(making->document, text_of(term), 0), XC_OK);
}

static void set_value(struct making *making, uint32_t slot, const char *value)
{
    assert_int_equal(xc_document_set_value(making->document, slot, text_of(value)), XC_OK);
}

static void set_number(struct making *making, uint32_t slot, double number)
{
    char bytes[9];
    const struct xc_text value = {bytes, xc_number_write(number, bytes)};
    assert_true(xc_number_read(value) == number);
    assert_int_equal(xc_document_set_value(making->document, slot, value), XC_OK);
}

/* Adds words in lower case with blanks between, each behind `prefix` and with a position; with
 * `stems` the stem, which is the word without an s at its end, too. */
static void add_words(struct making *making, const char *prefix, const char *words, bool stems)
{
    char term[100], word[50];
    for (int used; sscanf(words, "%49s%n", word, &used) == 1; words += used) {
        snprintf(term, sizeof term, "%s%s", prefix, word);
        assert_int_equal(
            xc_document_add_posting(making->document, text_of(term), ++making->position, 1), XC_OK);
        if (!stems)
            continue;
        size_t size = strlen(word);
        snprintf(term, sizeof term, "Z%s%.*s", prefix, (int)(size - (word[size - 1] == 's')), word);
        assert_int_equal(xc_document_add_term(making->document, text_of(term), 1), XC_OK);
    }
    making->position += 100;
}

static void end(struct making *making, struct xc_database *database, const char *data)
{
    uint32_t docid;
    assert_int_equal(xc_document_set_data(making->document, text_of(data)), XC_OK);
    assert_int_equal(xc_database_add_document(database, making->document, &docid), XC_OK);
    xc_document_free(making->document);
}

/* ---- Looking ------------------------------------------------------------------------------ */

static struct kwic_index *open_as(const char *where, const char *schema,
                                  const char *const *prefixes, struct scratch_log *log)
{
    const struct kwic_foreign foreign = {.schema = schema,
                                         .prefixes = prefixes,
                                         .remark = log ? scratch_warn : NULL,
                                         .context = log};
    struct kwic_index *index;
    struct kwic_error error = {0};
    if (kwic_index_new_foreign(&index, &where, 1, &foreign, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return index;
}

static enum kwic_status refusal(const char *where, const char *schema, const char *prefix,
                                const char *language, struct kwic_error *error)
{
    const char *const prefixes[] = {prefix, NULL};
    const struct kwic_foreign foreign = {schema, prefix ? prefixes : NULL, language, NULL, NULL};
    struct kwic_index *index;
    enum kwic_status status = kwic_index_new_foreign(&index, &where, 1, &foreign, error);
    assert_null(index);
    return status;
}

/* Holds the ids that a query finds, in their order by id, to what is wanted, a blank before each.
 */
static void expect(struct kwic_index *index, const char *query, const char *wanted)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_result result;
    struct kwic_error error = {0};
    char found[500] = "";
    options.by_id = true;
    options.all = true;
    options.documents = true;
    if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    while (kwic_results_next(results, &result, &error) == KWIC_OK) {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, " %.*s", (int)result.doc.size, result.doc.data);
    }
    kwic_results_free(results);
    assert_string_equal(found, wanted);
}

/* What is shown of the only document that a query finds: its title, its first passage, and the
 * parts of this that are lit up, in brackets. */
static void expect_shown(struct kwic_index *index, const char *query, const char *wanted)
{
    const struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_result result;
    char shown[2000];
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT(query), &options, NULL), KWIC_OK);
    assert_int_equal(kwic_results_matches(results), 1);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    int used = snprintf(shown, sizeof shown, "%.*s: %.*s", (int)result.title.size,
                        result.title.data, (int)result.text.size, result.text.data);
    for (size_t i = 0; i < result.highlight_count; i++) {
        const struct kwic_highlight *mark = &result.highlights[i];
        used += snprintf(shown + used, sizeof shown - (size_t)used, " [%.*s]",
                         (int)(mark->end - mark->start), result.text.data + mark->start);
    }
    kwic_results_free(results);
    assert_string_equal(shown, wanted);
}

/* ---- Omega -------------------------------------------------------------------------------- */

static void make_omega(const char *path)
{
    struct xc_database *database = create(path);
    struct making making = begin();
    add_words(&making, "", "rivers flow to the sea", true);
    add_words(&making, "S", "great rivers", true);
    add_words(&making, "A", "jane doe", true);
    add_term(&making, "U/one.html");
    add_term(&making, "Thtml");
    add_term(&making, "Ehtml");
    set_value(&making, 0, "\x38\x6d\x43\x80"); /* 2000-01-01 */
    set_number(&making, 2, 1234);
    end(&making, database,
        "url=/one.html\nsample=Rivers flow to the sea\ncaption=Great Rivers\nauthor=Jane Doe\n");
    making = begin();
    add_words(&making, "", "a sea of winds", true);
    add_term(&making, "U/two.txt");
    add_term(&making, "Etxt");
    set_value(&making, 0, "\x5e\x0b\xe1\x01"); /* 2020-01-01 */
    set_number(&making, 2, 56);
    end(&making, database, "url=/two.txt\nsample=A sea of winds\n");
    finish(database);
}

static void omegas_documents_are_found(void **state)
{
    struct kwic_index *index;
    (void)state;
    make_omega("db");
    index = open_as("xapian:db", "omega", NULL, NULL);
    expect(index, "sea", " /one.html /two.txt");
    expect(index, "river", " /one.html");
    expect(index, "'rivers'", " /one.html");
    expect(index, "great", " /one.html"); /* in the title alone */
    expect(index, "title:great", " /one.html");
    expect(index, "title:sea", "");
    expect(index, "author:jane", " /one.html");
    expect(index, "\"flow to the sea\"", " /one.html");
    expect(index, "\"flow the sea\"", "");
    expect(index, "sea -river", " /two.txt");
    expect(index, "ext:txt", " /two.txt");
    expect(index, "ext:t*", " /two.txt");
    expect(index, "date:2000", " /one.html");
    expect(index, "date:2001..", " /two.txt");
    expect(index, "size:>1000", " /one.html");
    expect(index, "win*", " /two.txt");
    expect(index, "rivres~2", " /one.html");
    expect(index, "flow NEAR/3 sea", " /one.html");
    expect(index, "flow NEAR/2 sea", "");
    expect_shown(index, "river", "Great Rivers: Rivers flow to the sea [Rivers]");
    expect_shown(index, "+great sea", "Great Rivers: Rivers flow to the sea [sea]");
    kwic_index_free(index);
}

static void scores_are_those_of_xapians_figures(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_result result;
    struct kwic_index *index;
    (void)state;
    make_omega("db");
    index = open_as("xapian:db", "omega", NULL, NULL);
    options.title_weight = 0;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("winds"), &options, NULL), KWIC_OK);
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_OK);
    /* One of two documents has the word, once; it has 8 terms, the two together 26. */
    double idf = log(1 + (2 - 1 + 0.5) / (1 + 0.5));
    double wanted = idf * 2 / (1 + 1 * (0.25 + 0.75 * 8 / 13.0));
    assert_true(fabs(result.score - wanted) < 1e-12);
    kwic_results_free(results);
    kwic_index_free(index);
}

static void whose_a_database_is_must_be_said_or_told_by_it(void **state)
{
    struct kwic_error error = {0};
    (void)state;
    make_omega("db");
    assert_int_equal(refusal("xapian:db", NULL, NULL, NULL, &error), KWIC_E_USAGE);
    assert_non_null(strstr(error.message, "nothing in it says whose"));
    assert_non_null(strstr(error.hint, "--schema: omega, notmuch, mu, recoll, plain"));
    assert_int_equal(refusal("xapian:db", "lucene", NULL, NULL, &error), KWIC_E_USAGE);
    assert_string_equal(error.message, "no schema 'lucene'");
    assert_int_equal(refusal("xapian:db", "omega", "subject", NULL, &error), KWIC_E_USAGE);
    assert_string_equal(error.message, "'subject' names no field and prefix");
    assert_int_equal(refusal("xapian:db", "omega", NULL, "klingon", &error), KWIC_E_USAGE);
    assert_int_equal(refusal("xapian:db", "omega", NULL, "auto", &error), KWIC_E_USAGE);
}

static void an_empty_database_is_no_index(void **state)
{
    struct kwic_error error = {0};
    (void)state;
    finish(create("db"));
    assert_int_equal(refusal("xapian:db", NULL, NULL, NULL, &error), KWIC_E_NO_INDEX);
}

/* ---- notmuch ------------------------------------------------------------------------------ */

static void make_notmuch(const char *path)
{
    struct xc_database *database = create(path);
    struct making making;
    set_metadata(database, "version", "3");
    set_metadata(database, "last_thread_id", "0000000000000001");
    making = begin();
    add_term(&making, "XDIRECTORYcur");
    end(&making, database, "cur");
    making = begin();
    add_words(&making, "XSUBJECT", "river trips", true);
    add_words(&making, "XFROM", "alice alice example com", true);
    add_words(&making, "", "we go by boat caf\xC3\xA9 first", true);
    add_term(&making, "Tmail");
    add_term(&making, "Qm1@example.com");
    add_term(&making, "Kinbox");
    add_term(&making, "Kwork");
    add_term(&making, "XFDIRENTRY1:one");
    set_number(&making, 0, 1600000000);
    set_value(&making, 2, "Alice <alice@example.com>");
    set_value(&making, 3, "River trips");
    end(&making, database, "");
    making = begin();
    add_words(&making, "XSUBJECT", "budget", true);
    add_words(&making, "XFROM", "bob bob example com", true);
    add_words(&making, "", "no river here", true);
    add_term(&making, "Tmail");
    add_term(&making, "Qm2@example.com");
    add_term(&making, "Kinbox");
    add_term(&making, "XFDIRENTRY1:two");
    set_number(&making, 0, 1700000000);
    set_value(&making, 2, "Bob <bob@example.com>");
    set_value(&making, 3, "Budget");
    end(&making, database, "");
    finish(database);
}

static void make_mails(void)
{
    assert_int_equal(mkdir("mail", 0777) | mkdir("mail/cur", 0777) | mkdir("mail/.notmuch", 0777),
                     0);
    make_notmuch("mail/.notmuch/xapian");
    scratch_write("mail/cur/one",
                  "From: Alice <alice@example.com>\nSubject: River trips\n"
                  "Message-ID: <m1@example.com>\nMIME-Version: 1.0\n"
                  "Content-Type: text/plain; charset=iso-8859-1\n"
                  "Content-Transfer-Encoding: quoted-printable\n\nWe go by boat, caf=E9 first.\n");
}

static void notmuchs_mails_are_found(void **state)
{
    struct scratch_log log = {"", 0};
    struct kwic_index *index;
    (void)state;
    make_mails();
    index = open_as("xapian:mail/.notmuch/xapian", NULL, NULL, &log);
    assert_string_equal(log.text,
                        "'xapian:mail/.notmuch/xapian' is read as a database of notmuch's\n");
    expect(index, "river", " m1@example.com m2@example.com");
    expect(index, "subject:river", " m1@example.com");
    expect(index, "from:alice@example.com", " m1@example.com");
    expect(index, "tag:inbox", " m1@example.com m2@example.com");
    expect(index, "tag:inbox -tag:work", " m2@example.com");
    expect(index, "-river", ""); /* what is no mail is no document */
    expect(index, "-boat", " m2@example.com");
    expect(index, "date:2020-09-13", " m1@example.com");
    expect(index, "date:2023..", " m2@example.com");
    expect(index, "caf\xC3\xA9", " m1@example.com");
    expect(index, "cafe", "");
    kwic_index_free(index);
}

static void statistics_name_the_schema(void **state)
{
    struct kwic_index *index;
    struct kwic_stats stats;
    (void)state;
    make_mails();
    index = open_as("xapian:mail/.notmuch/xapian", NULL, NULL, NULL);
    assert_int_equal(kwic_index_stats(index, &stats, NULL), KWIC_OK);
    assert_string_equal(stats.schema, "notmuch");
    assert_string_equal(stats.language, "english");
    assert_int_equal(stats.documents, 2);
    kwic_index_free(index);
}

/* Whether the helper that reads mails was built. */
static bool reads_mails(void)
{
    char path[500];
    snprintf(path, sizeof path, "%s/kwic-mail", getenv("KWIC_HELPERS"));
    return access(path, X_OK) == 0;
}

static void mails_are_shown_from_their_files(void **state)
{
    struct scratch_log log = {"", 0};
    struct kwic_index *index;
    (void)state;
    make_mails();
    index = open_as("xapian:mail/.notmuch/xapian", "notmuch", NULL, &log);
    if (!reads_mails())
        skip();
    expect_shown(index, "boat", "River trips: We go by boat, caf\xC3\xA9 first.\n [boat]");
    expect_shown(index, "\"caf\xC3\xA9 first\"",
                 "River trips: We go by boat, caf\xC3\xA9 first.\n [caf\xC3\xA9 first]");
    assert_int_equal(log.count, 0);
    expect_shown(index, "budget", "Budget: ");
    assert_int_equal(log.count, 1);
    assert_non_null(strstr(log.text, "no passages: cannot open '/"));
    assert_non_null(strstr(log.text, "/mail/cur/two': No such file"));
    kwic_index_free(index);
}

/* ---- mu ----------------------------------------------------------------------------------- */

static void mus_mails_are_found(void **state)
{
    struct xc_database *database = create("db");
    struct making making = begin();
    struct kwic_index *index;
    (void)state;
    set_metadata(database, "schema-version", "465");
    set_metadata(database, "maildir", "/nowhere/mail");
    add_words(&making, "B", "we go by boat cafe first", false);
    add_words(&making, "S", "river trips", false);
    add_words(&making, "F", "alice", false);
    add_term(&making, "Falice@example.com");
    add_term(&making, "Gs");
    set_value(&making, 4, "n5f5e1000"); /* 2020-09-13 */
    set_value(&making, 8,
              "alice@example.com\xff"
              "Alice");
    set_value(&making, 13, "/nowhere/mail/cur/one");
    set_value(&making, 17, "River trips");
    end(&making, database, "");
    finish(database);
    index = open_as("xapian:db", NULL, NULL, NULL);
    expect(index, "boat", " cur/one");
    expect(index, "river", " cur/one");
    expect(index, "rivers", "");
    expect(index, "Caf\xC3\xA9", " cur/one");
    expect(index, "subject:river body:boat from:alice", " cur/one");
    expect(index, "body:river", "");
    expect(index, "sender:alice@example.com flag:s", " cur/one");
    expect(index, "date:2020-09", " cur/one");
    expect(index, "date:2021", "");
    expect_shown(index, "boat", "River trips: ");
    kwic_index_free(index);
}

/* ---- Recoll ------------------------------------------------------------------------------- */

/* Deflated "We go by boat, café first.", as Recoll keeps texts. */
static void set_text(struct xc_database *database, const char *key, const char *text)
{
    uint8_t packed[500];
    uLongf size = sizeof packed;
    assert_int_equal(compress(packed, &size, (const Bytef *)text, strlen(text)), Z_OK);
    assert_int_equal(xc_database_set_metadata(database, text_of(key),
                                              (struct xc_text){(const char *)packed, size}),
                     XC_OK);
}

static void make_recoll(void)
{
    struct xc_database *database = create("db");
    struct making making = begin();
    set_metadata(database, "RCL_IDX_VERSION_KEY", "1");
    set_metadata(database, "RCL_IDX_DESCRIPTOR_KEY", "storetext=1");
    set_text(database, "0000000001", "We go by boat, caf\xC3\xA9 first.");
    add_words(&making, "", "we go by boat cafe first", false);
    add_words(&making, "S", "XXST river trips XXND", false);
    add_words(&making, "XP", "nowhere docs", false);
    add_term(&making, "Q/nowhere/docs/one.html|");
    add_term(&making, "XEhtml");
    add_term(&making, "D20200913");
    set_value(&making, 2, "000000001234");
    end(&making, database,
        "url=file:///nowhere/docs/one.html\nmtype=text/html\ncaption=River trips\n");
    making = begin();
    add_words(&making, "", "a sample of it", false);
    add_term(&making, "Q/nowhere/docs/two.pdf|1");
    add_term(&making, "XEpdf");
    end(&making, database,
        "url=file:///nowhere/docs/two.pdf\nmtype=application/pdf\nipath=1\n"
        "abstract=?!#@A sample of it\nfilename=two.pdf\n");
    finish(database);
}

static void recolls_documents_are_found(void **state)
{
    struct kwic_index *index;
    struct kwic_document *document;
    struct kwic_error error = {0};
    (void)state;
    make_recoll();
    index = open_as("xapian:db", NULL, NULL, NULL);
    expect(index, "Caf\xC3\xA9", " /nowhere/docs/one.html");
    expect(index, "title:river", " /nowhere/docs/one.html");
    expect(index, "title:xxst", "");
    expect(index, "dir:nowhere/docs", " /nowhere/docs/one.html");
    expect(index, "ext:pdf", " /nowhere/docs/two.pdf|1");
    expect(index, "date:2020-09-13", " /nowhere/docs/one.html");
    expect(index, "size:1234", " /nowhere/docs/one.html");
    expect_shown(index, "cafe", "River trips: We go by boat, caf\xC3\xA9 first. [caf\xC3\xA9]");
    expect_shown(index, "sample", "two.pdf: A sample of it [sample]");
    assert_int_equal(
        kwic_document_new(&document, index, KWIC_TEXT("/nowhere/docs/one.html"), false, &error),
        KWIC_OK);
    kwic_document_free(document);
    assert_int_equal(
        kwic_document_new(&document, index, KWIC_TEXT("/nowhere/docs/none"), false, &error),
        KWIC_E_NOT_FOUND);
    kwic_index_free(index);
}

/* ---- Plain -------------------------------------------------------------------------------- */

static void prefixes_name_fields_of_any_database(void **state)
{
    static const char *const prefixes[] = {"name:XN", "kind:XK", ":XN", NULL};
    struct xc_database *database = create("db");
    struct making making = begin();
    struct kwic_index *index;
    (void)state;
    add_words(&making, "", "rivers flow", true);
    add_words(&making, "XN", "rhine", true);
    add_term(&making, "XK:Water");
    add_term(&making, "Q1");
    end(&making, database, "Rivers flow");
    making = begin();
    add_words(&making, "", "bridges stand", true);
    add_term(&making, "XKstone");
    end(&making, database, "Bridges stand");
    finish(database);
    index = open_as("xapian:db", "plain", prefixes, NULL);
    expect(index, "name:rhine", " 1");
    expect(index, "rhine", " 1"); /* of the text, too */
    expect(index, "kind:Water", " 1");
    expect(index, "kind:stone", " #2");
    expect(index, "river", ""); /* without a language there are no stems */
    expect_shown(index, "bridges", ": Bridges stand [Bridges]");
    kwic_index_free(index);
}

static void stems_are_of_the_language_that_is_named(void **state)
{
    struct xc_database *database = create("db");
    struct making making = begin();
    const struct kwic_foreign foreign = {.schema = "plain", .language = "english"};
    const char *where = "xapian:db";
    struct kwic_index *index;
    (void)state;
    add_words(&making, "", "rivers flow", true);
    end(&making, database, "Rivers flow");
    finish(database);
    assert_int_equal(kwic_index_new_foreign(&index, &where, 1, &foreign, NULL), KWIC_OK);
    expect(index, "river", " #1");
    kwic_index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(omegas_documents_are_found),
        IN_SCRATCH(scores_are_those_of_xapians_figures),
        IN_SCRATCH(whose_a_database_is_must_be_said_or_told_by_it),
        IN_SCRATCH(an_empty_database_is_no_index),
        IN_SCRATCH(notmuchs_mails_are_found),
        IN_SCRATCH(statistics_name_the_schema),
        IN_SCRATCH(mails_are_shown_from_their_files),
        IN_SCRATCH(mus_mails_are_found),
        IN_SCRATCH(recolls_documents_are_found),
        IN_SCRATCH(prefixes_name_fields_of_any_database),
        IN_SCRATCH(stems_are_of_the_language_that_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
