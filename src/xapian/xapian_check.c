/* Xapian checks its own files; here documents that kwic wrote are held to their terms. */
#include "xapian/xapian_check.h"

#include "xapian/documents.h"
#include "xapian/schema.h"
#include "xapian/xapian_engine.h"

#include <stdio.h>

struct check {
    struct kw_xapian *xapian;
    struct kw_bytes report; /* a line a problem, each with its NUL; told when all is looked at */
    uint64_t problems;
};

static void tell(struct check *check, const char *problem)
{
    check->problems++;
    kw_bytes_append_text(&check->report, problem);
    kw_bytes_append_byte(&check->report, 0);
}

/* Tells what is wrong with a document. */
static void tell_document(struct check *check, uint32_t docid, const char *problem)
{
    char line[400];
    snprintf(line, sizeof line, "%.150s: document %u: %.200s", check->xapian->where,
             (unsigned)docid, problem);
    tell(check, line);
}

/* How many of the errors that Xapian reports are positions that it left when a document was deleted
 * in the transaction that added it: nothing leads to them, and the next compaction drops them. */
static size_t count_leftovers(struct xc_text report)
{
    static const char line[] = "Position list entry for document ";
    static const char end[] = " which doesn't exist or has no terms";
    const char *at = report.data, *behind = report.data + report.size;
    size_t count = 0;
    while ((at = memmem(at, (size_t)(behind - at), line, sizeof line - 1))) {
        at += sizeof line - 1;
        while (at < behind && *at >= '0' && *at <= '9')
            at++;
        count += (size_t)(behind - at) >= sizeof end - 1 && memcmp(at, end, sizeof end - 1) == 0;
    }
    return count;
}

/* Has Xapian check its files. */
static enum kw_status check_files(struct check *check, struct kw_error *error)
{
    struct kw_xapian *xapian = check->xapian;
    struct xc_text text;
    size_t errors = 0, leftovers = 0;
    char line[300];
    if (!xapian->place.path)
        return KW_OK;
    enum xc_status status =
        xc_database_check(xapian->database, xapian->place.path, 0, &errors, &text);
    if (status == XC_E_DATABASE_CORRUPT)
        errors++;
    else if (status != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    else
        leftovers = count_leftovers(text);
    errors -= leftovers < errors ? leftovers : errors;
    if (errors) {
        snprintf(line, sizeof line, "%.150s: Xapian finds %zu errors in its files", xapian->where,
                 errors);
        tell(check, line);
    }
    return KW_OK;
}

/* Whether a document has a term. */
static enum kw_status has_term(struct check *check, uint32_t docid, struct kw_bytes *term,
                               struct xc_postings *postings, bool *has, struct kw_error *error)
{
    struct kw_xapian *xapian = check->xapian;
    uint32_t found;
    enum kw_status status = kw_bytes_status(term, error);
    if (status != KW_OK)
        return status;
    if (xc_database_postings(xapian->database, kw_xapian_text(kw_bytes_view(term)), postings) !=
        XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    enum xc_status at = xc_postings_skip_to(postings, docid, &found);
    *has = at == XC_OK && found == docid;
    return at < 0 ? kw_xapian_failed(xapian, xc_postings_error(postings), error) : KW_OK;
}

/* Holds one document to its terms and values. */
static enum kw_status check_document(struct check *check, uint32_t docid,
                                     struct xc_postings *postings, struct kw_error *error)
{
    struct kw_xapian *xapian = check->xapian;
    struct kw_error found = KW_ERROR_INIT;
    struct kw_bytes term = KW_BYTES_INIT;
    const struct kw_stored *stored;
    struct kw_view id;
    uint32_t length;
    bool has = false;
    enum kw_status status = kw_xapian_stored(xapian, docid, &stored, &found);
    if (status == KW_E_DAMAGED || status == KW_E_VERSION) {
        tell_document(check, docid, found.message);
        return KW_OK;
    }
    if (status != KW_OK) {
        if (error)
            *error = found;
        return status;
    }
    if (xc_database_document_length(xapian->database, docid, &length) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    if (length != stored->words * KW_XAPIAN_LENGTH)
        tell_document(check, docid, "its terms are not as many as its words");
    status = kw_xapian_read_id(xapian, docid, &id, error);
    if (status == KW_OK && !kw_view_equal(id, stored->record.id))
        tell_document(check, docid, "its id is not that of its data");
    kw_schema_id(&term, stored->record.id);
    if (status == KW_OK)
        status = has_term(check, docid, &term, postings, &has, error);
    if (status == KW_OK && !has)
        tell_document(check, docid, "it cannot be found by its id");
    kw_bytes_release(&term);
    return status;
}

static enum kw_status check_documents(struct check *check, struct kw_error *error)
{
    struct kw_xapian *xapian = check->xapian;
    struct xc_postings *all = xc_postings_new(), *postings = xc_postings_new();
    enum kw_status status = all && postings ? KW_OK : kw_fail_memory(error);
    enum xc_status at = XC_END;
    uint32_t docid;
    if (status == KW_OK &&
        xc_database_postings(xapian->database, (struct xc_text){"", 0}, all) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    while (status == KW_OK && (at = xc_postings_next(all, &docid)) == XC_OK)
        status = check_document(check, docid, postings, error);
    if (status == KW_OK && at != XC_END)
        status = kw_xapian_failed(xapian, xc_postings_error(all), error);
    xc_postings_free(all);
    xc_postings_free(postings);
    return status;
}

/* Looks at all once. What a writer changes meanwhile can look like damage: such a look is to be
 * done again. */
static enum kw_status look(struct check *check, struct kw_error *error)
{
    struct kw_xapian *xapian = check->xapian;
    bool changed = false;
    check->problems = 0;
    kw_bytes_clear(&check->report);
    enum kw_status status = check_files(check, error);
    if (status == KW_OK && !xapian->foreign)
        status = check_documents(check, error);
    if (status != KW_OK || !check->problems)
        return status;
    if (xc_database_reopen(xapian->database, &changed) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    xapian->stale = changed;
    return changed ? kw_fail(error, KW_E_IO, "'%s' was changed meanwhile", xapian->where) : KW_OK;
}

/* Tells the problems. */
static enum kw_status publish(const struct check *check,
                              void (*report)(void *context, const char *problem), void *context,
                              struct kw_error *error)
{
    enum kw_status status = kw_bytes_status(&check->report, error);
    const char *line = (const char *)check->report.data;
    for (uint64_t i = 0; i < check->problems && status == KW_OK && report; i++) {
        report(context, line);
        line += strlen(line) + 1;
    }
    return status;
}

enum kw_status kw_xapian_check(const char *where,
                               void (*report)(void *context, const char *problem), void *context,
                               struct kw_error *error)
{
    struct kw_reader_options options = KW_READER_OPTIONS_INIT;
    struct check check = {.report = KW_BYTES_INIT};
    const struct kw_foreign_options plain = {.schema = "plain"}; /* whoever made it */
    struct kw_engine *engine;
    bool again = true;
    options.foreign = &plain;
    enum kw_status status = kw_xapian_engine_new(&engine, where, &options, error);
    if (status != KW_OK)
        return status;
    check.xapian = kw_xapian_of(engine);
    for (unsigned tries = 0; again; tries++) {
        status = look(&check, error);
        enum kw_status renewed = kw_xapian_renew(check.xapian, tries, true, &again, error);
        if (renewed != KW_OK) {
            status = renewed;
            break;
        }
    }
    if (status == KW_OK)
        status = publish(&check, report, context, error);
    engine->ops->free(engine);
    kw_bytes_release(&check.report);
    if (status == KW_OK && check.problems)
        status = kw_fail(error, KW_E_DAMAGED, "'%s' is damaged: %llu problems", where,
                         (unsigned long long)check.problems);
    return status;
}
