/* Changing databases: documents, metadata, spellings, synonyms; compaction and checks. */
#include "xapian/handles.h"

#include <sstream>

using xc::guarded;
using xc::string;

enum xc_status xc_database_commit(struct xc_database *database) noexcept
{
    return guarded(database, [&] { database->to_write().commit(); });
}

enum xc_status xc_database_begin_transaction(struct xc_database *database, bool flushed) noexcept
{
    return guarded(database, [&] { database->to_write().begin_transaction(flushed); });
}

enum xc_status xc_database_commit_transaction(struct xc_database *database) noexcept
{
    return guarded(database, [&] { database->to_write().commit_transaction(); });
}

enum xc_status xc_database_cancel_transaction(struct xc_database *database) noexcept
{
    return guarded(database, [&] { database->to_write().cancel_transaction(); });
}

enum xc_status xc_database_add_document(struct xc_database *database,
                                        const struct xc_document *document,
                                        uint32_t *docid) noexcept
{
    return guarded(database, [&] {
        Xapian::docid added = database->to_write().add_document(document->document);
        if (docid)
            *docid = added;
    });
}

enum xc_status xc_database_replace_document(struct xc_database *database, uint32_t docid,
                                            const struct xc_document *document) noexcept
{
    return guarded(database,
                   [&] { database->to_write().replace_document(docid, document->document); });
}

enum xc_status xc_database_replace_by_term(struct xc_database *database, struct xc_text term,
                                           const struct xc_document *document,
                                           uint32_t *docid) noexcept
{
    return guarded(database, [&] {
        Xapian::docid put = database->to_write().replace_document(string(term), document->document);
        if (docid)
            *docid = put;
    });
}

enum xc_status xc_database_delete_document(struct xc_database *database, uint32_t docid) noexcept
{
    return guarded(database, [&] { database->to_write().delete_document(docid); });
}

enum xc_status xc_database_delete_by_term(struct xc_database *database,
                                          struct xc_text term) noexcept
{
    return guarded(database, [&] { database->to_write().delete_document(string(term)); });
}

enum xc_status xc_database_set_metadata(struct xc_database *database, struct xc_text key,
                                        struct xc_text value) noexcept
{
    return guarded(database,
                   [&] { database->to_write().set_metadata(string(key), string(value)); });
}

enum xc_status xc_database_add_spelling(struct xc_database *database, struct xc_text word,
                                        uint32_t frequency) noexcept
{
    return guarded(database, [&] { database->to_write().add_spelling(string(word), frequency); });
}

enum xc_status xc_database_remove_spelling(struct xc_database *database, struct xc_text word,
                                           uint32_t frequency) noexcept
{
    return guarded(database,
                   [&] { database->to_write().remove_spelling(string(word), frequency); });
}

enum xc_status xc_database_add_synonym(struct xc_database *database, struct xc_text term,
                                       struct xc_text synonym) noexcept
{
    return guarded(database,
                   [&] { database->to_write().add_synonym(string(term), string(synonym)); });
}

enum xc_status xc_database_remove_synonym(struct xc_database *database, struct xc_text term,
                                          struct xc_text synonym) noexcept
{
    return guarded(database,
                   [&] { database->to_write().remove_synonym(string(term), string(synonym)); });
}

enum xc_status xc_database_clear_synonyms(struct xc_database *database,
                                          struct xc_text term) noexcept
{
    return guarded(database, [&] { database->to_write().clear_synonyms(string(term)); });
}

/* ---- Upkeep ------------------------------------------------------------------------------- */

namespace
{

xc_text lent_text(const std::string &text)
{
    return {text.data(), text.size()};
}

class Calls final : public Xapian::Compactor
{
    const xc_compact_calls &calls;

  public:
    explicit Calls(const xc_compact_calls &given) : calls(given) {}

    void set_status(const std::string &table, const std::string &status) override
    {
        if (calls.progress)
            xc::call_out(
                [&] { return calls.progress(calls.data, lent_text(table), lent_text(status)); });
    }

    std::string resolve_duplicate_metadata(const std::string &key, size_t count,
                                           const std::string values[]) override
    {
        if (!calls.resolve)
            return Compactor::resolve_duplicate_metadata(key, count, values);
        std::vector<xc_text> texts;
        for (size_t i = 0; i < count; i++)
            texts.push_back(lent_text(values[i]));
        xc_text value = texts[0];
        /* Glass hands out the key of its table, which has two bytes before that of the caller. */
        bool marked = key.size() >= 2 && key[0] == '\0' && key[1] == '\xc0';
        std::string own = key.substr(marked ? 2 : 0);
        xc::call_out(
            [&] { return calls.resolve(calls.data, lent_text(own), texts.data(), count, &value); });
        return string(value);
    }
};

/* Compacts to a path or a descriptor. */
template <class Where>
void compact(xc_database *database, const Where &where, unsigned flags, int block_size,
             const xc_compact_calls *calls)
{
    if (calls) {
        Calls compactor(*calls);
        database->shards.compact(where, flags, block_size, compactor);
    } else {
        database->shards.compact(where, flags, block_size);
    }
}

} // namespace

enum xc_status xc_database_compact(struct xc_database *database, const char *path, unsigned flags,
                                   int block_size, const struct xc_compact_calls *calls) noexcept
{
    return guarded(database,
                   [&] { compact(database, std::string(path), flags, block_size, calls); });
}

enum xc_status xc_database_compact_fd(struct xc_database *database, int fd, unsigned flags,
                                      int block_size, const struct xc_compact_calls *calls) noexcept
{
    return guarded(database, [&] { compact(database, fd, flags, block_size, calls); });
}

enum xc_status xc_database_check(struct xc_database *database, const char *path, int options,
                                 size_t *errors, struct xc_text *report) noexcept
{
    return guarded(database, [&] {
        std::ostringstream out;
        size_t found = Xapian::Database::check(path, options, &out);
        xc_text said = database->lend(out.str());
        *errors = found;
        if (report)
            *report = said;
    });
}
