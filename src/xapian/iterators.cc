/* Iterations over postings, positions, terms and values. */
#include "xapian/handles.h"

using xc::guarded;
using xc::string;

/* ---- Where they come from ----------------------------------------------------------------- */

enum xc_status xc_database_postings(struct xc_database *database, struct xc_text term,
                                    struct xc_postings *postings) noexcept
{
    return guarded(database, [&] {
        postings->start([&] { return database->shards.postlist_begin(string(term)); });
    });
}

enum xc_status xc_database_positions(struct xc_database *database, uint32_t docid,
                                     struct xc_text term, struct xc_positions *positions) noexcept
{
    return guarded(database, [&] {
        positions->start([&] { return database->shards.positionlist_begin(docid, string(term)); });
    });
}

enum xc_status xc_database_terms(struct xc_database *database, uint32_t docid,
                                 struct xc_terms *terms) noexcept
{
    return guarded(database,
                   [&] { terms->start([&] { return database->shards.termlist_begin(docid); }); });
}

enum xc_status xc_database_all_terms(struct xc_database *database, struct xc_text prefix,
                                     struct xc_terms *terms) noexcept
{
    return guarded(database, [&] {
        terms->start([&] { return database->shards.allterms_begin(string(prefix)); });
    });
}

enum xc_status xc_database_values(struct xc_database *database, uint32_t slot,
                                  struct xc_values *values) noexcept
{
    return guarded(database, [&] {
        values->start([&] { return database->shards.valuestream_begin(slot); });
        values->by_docid = true;
    });
}

enum xc_status xc_database_metadata_keys(struct xc_database *database, struct xc_text prefix,
                                         struct xc_terms *keys) noexcept
{
    return guarded(database, [&] {
        keys->start([&] { return database->shards.metadata_keys_begin(string(prefix)); });
    });
}

enum xc_status xc_database_spellings(struct xc_database *database, struct xc_terms *words) noexcept
{
    return guarded(database,
                   [&] { words->start([&] { return database->shards.spellings_begin(); }); });
}

enum xc_status xc_database_synonyms(struct xc_database *database, struct xc_text term,
                                    struct xc_terms *synonyms) noexcept
{
    return guarded(database, [&] {
        synonyms->start([&] { return database->shards.synonyms_begin(string(term)); });
    });
}

enum xc_status xc_database_synonym_keys(struct xc_database *database, struct xc_text prefix,
                                        struct xc_terms *terms) noexcept
{
    return guarded(database, [&] {
        terms->start([&] { return database->shards.synonym_keys_begin(string(prefix)); });
    });
}

/* ---- Postings ----------------------------------------------------------------------------- */

struct xc_postings *xc_postings_new(void) noexcept
{
    return xc::made<xc_postings>();
}

void xc_postings_free(struct xc_postings *postings) noexcept
{
    delete postings;
}

const struct xc_error *xc_postings_error(const struct xc_postings *postings) noexcept
{
    return &postings->error;
}

enum xc_status xc_postings_next(struct xc_postings *postings, uint32_t *docid) noexcept
{
    return postings->next([&] { *docid = *postings->at; });
}

enum xc_status xc_postings_skip_to(struct xc_postings *postings, uint32_t docid,
                                   uint32_t *found) noexcept
{
    return postings->moved([&] {
        if (!postings->skip_to(docid))
            return XC_END;
        *found = *postings->at;
        return XC_OK;
    });
}

enum xc_status xc_postings_read(struct xc_postings *postings, uint32_t *docids, uint32_t *wdfs,
                                uint32_t *lengths, size_t most, size_t *count) noexcept
{
    size_t done = 0;
    xc_status status = postings->moved([&] {
        return postings->read(most, done, [&](size_t number) {
            docids[number] = *postings->at;
            if (wdfs)
                wdfs[number] = postings->at.get_wdf();
            if (lengths)
                lengths[number] = postings->at.get_doclength();
        });
    });
    *count = done;
    return status;
}

enum xc_status xc_postings_wdf(struct xc_postings *postings, uint32_t *wdf) noexcept
{
    return postings->looked([&] { *wdf = postings->at.get_wdf(); });
}

enum xc_status xc_postings_document_length(struct xc_postings *postings, uint32_t *length) noexcept
{
    return postings->looked([&] { *length = postings->at.get_doclength(); });
}

enum xc_status xc_postings_unique_terms(struct xc_postings *postings, uint32_t *count) noexcept
{
    return postings->looked([&] { *count = postings->at.get_unique_terms(); });
}

enum xc_status xc_postings_positions(struct xc_postings *postings,
                                     struct xc_positions *positions) noexcept
{
    return postings->looked(
        [&] { positions->start([&] { return postings->at.positionlist_begin(); }); });
}

enum xc_status xc_postings_read_positions(struct xc_postings *postings, uint32_t *array,
                                          size_t most, size_t *count) noexcept
{
    return postings->looked([&] {
        const Xapian::PositionIterator end;
        size_t number = 0;
        for (Xapian::PositionIterator at = postings->at.positionlist_begin(); at != end; ++at) {
            if (number < most)
                array[number] = *at;
            number++;
        }
        *count = number;
    });
}

/* ---- Positions ---------------------------------------------------------------------------- */

struct xc_positions *xc_positions_new(void) noexcept
{
    return xc::made<xc_positions>();
}

void xc_positions_free(struct xc_positions *positions) noexcept
{
    delete positions;
}

const struct xc_error *xc_positions_error(const struct xc_positions *positions) noexcept
{
    return &positions->error;
}

enum xc_status xc_positions_next(struct xc_positions *positions, uint32_t *position) noexcept
{
    return positions->next([&] { *position = *positions->at; });
}

enum xc_status xc_positions_skip_to(struct xc_positions *positions, uint32_t position,
                                    uint32_t *found) noexcept
{
    return positions->moved([&] {
        if (!positions->skip_to(position))
            return XC_END;
        *found = *positions->at;
        return XC_OK;
    });
}

enum xc_status xc_positions_read(struct xc_positions *positions, uint32_t *array, size_t most,
                                 size_t *count) noexcept
{
    size_t done = 0;
    xc_status status = positions->moved([&] {
        return positions->read(most, done, [&](size_t number) { array[number] = *positions->at; });
    });
    *count = done;
    return status;
}

/* ---- Terms -------------------------------------------------------------------------------- */

struct xc_terms *xc_terms_new(void) noexcept
{
    return xc::made<xc_terms>();
}

void xc_terms_free(struct xc_terms *terms) noexcept
{
    delete terms;
}

const struct xc_error *xc_terms_error(const struct xc_terms *terms) noexcept
{
    return &terms->error;
}

enum xc_status xc_terms_next(struct xc_terms *terms, struct xc_text *term) noexcept
{
    return terms->next([&] { *term = terms->lend(*terms->at); });
}

enum xc_status xc_terms_skip_to(struct xc_terms *terms, struct xc_text term,
                                struct xc_text *found) noexcept
{
    return terms->moved([&] {
        if (!terms->skip_to(string(term)))
            return XC_END;
        *found = terms->lend(*terms->at);
        return XC_OK;
    });
}

enum xc_status xc_terms_wdf(struct xc_terms *terms, uint32_t *wdf) noexcept
{
    return terms->looked([&] { *wdf = terms->at.get_wdf(); });
}

enum xc_status xc_terms_frequency(struct xc_terms *terms, uint32_t *frequency) noexcept
{
    return terms->looked([&] { *frequency = terms->at.get_termfreq(); });
}

enum xc_status xc_terms_position_count(struct xc_terms *terms, uint32_t *count) noexcept
{
    return terms->looked([&] { *count = terms->at.positionlist_count(); });
}

enum xc_status xc_terms_positions(struct xc_terms *terms, struct xc_positions *positions) noexcept
{
    return terms->looked([&] { positions->start([&] { return terms->at.positionlist_begin(); }); });
}

/* ---- Values ------------------------------------------------------------------------------- */

namespace
{

void give(xc_values *values, uint32_t *where, xc_text *value)
{
    *where = values->by_docid ? values->at.get_docid() : values->at.get_valueno();
    *value = values->lend(*values->at);
}

} // namespace

struct xc_values *xc_values_new(void) noexcept
{
    return xc::made<xc_values>();
}

void xc_values_free(struct xc_values *values) noexcept
{
    delete values;
}

const struct xc_error *xc_values_error(const struct xc_values *values) noexcept
{
    return &values->error;
}

enum xc_status xc_values_next(struct xc_values *values, uint32_t *where,
                              struct xc_text *value) noexcept
{
    return values->next([&] { give(values, where, value); });
}

enum xc_status xc_values_skip_to(struct xc_values *values, uint32_t where, uint32_t *found,
                                 struct xc_text *value) noexcept
{
    return values->moved([&] {
        if (!values->skip_to(where))
            return XC_END;
        give(values, found, value);
        return XC_OK;
    });
}
