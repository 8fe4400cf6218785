/* Opening databases, alone, remote or several as one, and what is in them. */
#include "xapian/handles.h"

using xc::guarded;
using xc::lent;
using xc::string;

namespace
{

/* Puts what was opened in place of what was there. */
void put(xc_database *database, Xapian::Database &&opened)
{
    database->writer = Xapian::WritableDatabase();
    database->writable = false;
    database->shards = std::move(opened);
}

void put_writer(xc_database *database, Xapian::WritableDatabase &&opened)
{
    Xapian::Database shards = opened;
    database->writer = std::move(opened);
    database->writable = true;
    database->shards = std::move(shards);
}

} // namespace

struct xc_database *xc_database_new(void) noexcept
{
    return xc::made<xc_database>();
}

void xc_database_free(struct xc_database *database) noexcept
{
    delete database;
}

const struct xc_error *xc_database_error(const struct xc_database *database) noexcept
{
    return &database->error;
}

enum xc_status xc_database_open(struct xc_database *database, const char *path, int flags) noexcept
{
    return guarded(database, [&] { put(database, Xapian::Database(path, flags)); });
}

enum xc_status xc_database_open_fd(struct xc_database *database, int fd, int flags) noexcept
{
    return guarded(database, [&] { put(database, Xapian::Database(fd, flags)); });
}

enum xc_status xc_database_open_writable(struct xc_database *database, const char *path, int flags,
                                         int block_size) noexcept
{
    return guarded(
        database, [&] { put_writer(database, Xapian::WritableDatabase(path, flags, block_size)); });
}

enum xc_status xc_database_open_tcp(struct xc_database *database, const char *host, unsigned port,
                                    unsigned timeout, unsigned connect_timeout) noexcept
{
    return guarded(database, [&] {
        put(database, Xapian::Remote::open(host, port, timeout, connect_timeout));
    });
}

enum xc_status xc_database_open_tcp_writable(struct xc_database *database, const char *host,
                                             unsigned port, unsigned timeout,
                                             unsigned connect_timeout, int flags) noexcept
{
    return guarded(database, [&] {
        put_writer(database,
                   Xapian::Remote::open_writable(host, port, timeout, connect_timeout, flags));
    });
}

enum xc_status xc_database_open_program(struct xc_database *database, const char *program,
                                        const char *arguments, unsigned timeout) noexcept
{
    return guarded(database,
                   [&] { put(database, Xapian::Remote::open(program, arguments, timeout)); });
}

enum xc_status xc_database_open_program_writable(struct xc_database *database, const char *program,
                                                 const char *arguments, unsigned timeout,
                                                 int flags) noexcept
{
    return guarded(database, [&] {
        put_writer(database, Xapian::Remote::open_writable(program, arguments, timeout, flags));
    });
}

enum xc_status xc_database_add(struct xc_database *database,
                               const struct xc_database *other) noexcept
{
    return guarded(database, [&] {
        bool first = database->shards.size() == 0;
        if (!first && database->writable != other->writable)
            throw Xapian::InvalidOperationError(
                "databases for reading and for writing cannot be one");
        /* Built aside, so that a failure leaves all as it was. */
        if (other->writable) {
            Xapian::WritableDatabase all;
            if (!first)
                all.add_database(database->writer);
            all.add_database(other->writer);
            put_writer(database, std::move(all));
        } else {
            Xapian::Database all;
            if (!first)
                all.add_database(database->shards);
            all.add_database(other->shards);
            put(database, std::move(all));
        }
    });
}

enum xc_status xc_database_close(struct xc_database *database) noexcept
{
    return guarded(database, [&] { database->shards.close(); });
}

enum xc_status xc_database_reopen(struct xc_database *database, bool *changed) noexcept
{
    return guarded(database, [&] {
        bool moved = database->shards.reopen();
        if (changed)
            *changed = moved;
    });
}

enum xc_status xc_database_keep_alive(struct xc_database *database) noexcept
{
    return guarded(database, [&] { database->shards.keep_alive(); });
}

size_t xc_database_shards(const struct xc_database *database) noexcept
{
    return database->shards.size();
}

bool xc_database_writable(const struct xc_database *database) noexcept
{
    return database->writable;
}

enum xc_status xc_database_locked(struct xc_database *database, bool *locked) noexcept
{
    return guarded(database, [&] { *locked = database->shards.locked(); });
}

enum xc_status xc_database_revision(struct xc_database *database, uint64_t *revision) noexcept
{
    return guarded(database, [&] { *revision = database->shards.get_revision(); });
}

enum xc_status xc_database_uuid(struct xc_database *database, struct xc_text *uuid) noexcept
{
    return lent(database, uuid, [&] { return database->shards.get_uuid(); });
}

enum xc_status xc_database_describe(struct xc_database *database, struct xc_text *text) noexcept
{
    return lent(database, text, [&] {
        return database->writable ? database->writer.get_description()
                                  : database->shards.get_description();
    });
}

/* ---- What is in a database ---------------------------------------------------------------- */

enum xc_status xc_database_statistics(struct xc_database *database,
                                      struct xc_statistics *statistics) noexcept
{
    return guarded(database, [&] {
        const Xapian::Database &shards = database->shards;
        xc_statistics found = {};
        found.documents = shards.get_doccount();
        found.last_docid = shards.get_lastdocid();
        found.total_length = shards.get_total_length();
        found.average_length = shards.get_average_length();
        found.length_min = shards.get_doclength_lower_bound();
        found.length_max = shards.get_doclength_upper_bound();
        found.has_positions = shards.has_positions();
        *statistics = found;
    });
}

enum xc_status xc_database_term_frequency(struct xc_database *database, struct xc_text term,
                                          uint32_t *frequency) noexcept
{
    return guarded(database, [&] { *frequency = database->shards.get_termfreq(string(term)); });
}

enum xc_status xc_database_collection_frequency(struct xc_database *database, struct xc_text term,
                                                uint32_t *frequency) noexcept
{
    return guarded(database,
                   [&] { *frequency = database->shards.get_collection_freq(string(term)); });
}

enum xc_status xc_database_term_exists(struct xc_database *database, struct xc_text term,
                                       bool *exists) noexcept
{
    return guarded(database, [&] { *exists = database->shards.term_exists(string(term)); });
}

enum xc_status xc_database_wdf_bound(struct xc_database *database, struct xc_text term,
                                     uint32_t *bound) noexcept
{
    return guarded(database, [&] { *bound = database->shards.get_wdf_upper_bound(string(term)); });
}

enum xc_status xc_database_document_length(struct xc_database *database, uint32_t docid,
                                           uint32_t *length) noexcept
{
    return guarded(database, [&] { *length = database->shards.get_doclength(docid); });
}

enum xc_status xc_database_unique_terms(struct xc_database *database, uint32_t docid,
                                        uint32_t *count) noexcept
{
    return guarded(database, [&] { *count = database->shards.get_unique_terms(docid); });
}

enum xc_status xc_database_value_frequency(struct xc_database *database, uint32_t slot,
                                           uint32_t *frequency) noexcept
{
    return guarded(database, [&] { *frequency = database->shards.get_value_freq(slot); });
}

enum xc_status xc_database_value_lower_bound(struct xc_database *database, uint32_t slot,
                                             struct xc_text *value) noexcept
{
    return lent(database, value, [&] { return database->shards.get_value_lower_bound(slot); });
}

enum xc_status xc_database_value_upper_bound(struct xc_database *database, uint32_t slot,
                                             struct xc_text *value) noexcept
{
    return lent(database, value, [&] { return database->shards.get_value_upper_bound(slot); });
}

enum xc_status xc_database_document(struct xc_database *database, uint32_t docid,
                                    struct xc_document *document) noexcept
{
    return guarded(database, [&] { document->document = database->shards.get_document(docid); });
}

enum xc_status xc_database_metadata(struct xc_database *database, struct xc_text key,
                                    struct xc_text *value) noexcept
{
    return lent(database, value, [&] { return database->shards.get_metadata(string(key)); });
}

enum xc_status xc_database_suggest(struct xc_database *database, struct xc_text word,
                                   unsigned distance, struct xc_text *suggestion) noexcept
{
    return lent(database, suggestion,
                [&] { return database->shards.get_spelling_suggestion(string(word), distance); });
}
