/* Enquires: what to search, how to sort it, and the search. */
#include "xapian/calls.h"

using xc::guarded;
using xc::lent;

struct xc_enquire *xc_enquire_new(void) noexcept
{
    return xc::made<xc_enquire>();
}

void xc_enquire_free(struct xc_enquire *enquire) noexcept
{
    delete enquire;
}

const struct xc_error *xc_enquire_error(const struct xc_enquire *enquire) noexcept
{
    return &enquire->error;
}

enum xc_status xc_enquire_start(struct xc_enquire *enquire,
                                const struct xc_database *database) noexcept
{
    return guarded(enquire, [&] {
        enquire->started = Xapian::Enquire(database->shards);
        enquire->key_maker.reset();
        enquire->spies.clear();
    });
}

enum xc_status xc_enquire_set_query(struct xc_enquire *enquire, const struct xc_query *query,
                                    uint32_t length) noexcept
{
    return guarded(enquire, [&] { enquire->enquire().set_query(query->query, length); });
}

enum xc_status xc_enquire_query(struct xc_enquire *enquire, struct xc_query *query) noexcept
{
    return guarded(enquire, [&] { query->query = enquire->enquire().get_query(); });
}

enum xc_status xc_enquire_set_docid_order(struct xc_enquire *enquire,
                                          enum xc_docid_order order) noexcept
{
    return guarded(enquire, [&] {
        int number = xc::number(order);
        if (number < XC_DOCID_DESCENDING || number > XC_DOCID_ANY)
            throw Xapian::InvalidArgumentError("there is no such order of docids");
        enquire->enquire().set_docid_order(static_cast<Xapian::Enquire::docid_order>(number));
    });
}

enum xc_status xc_enquire_set_collapse(struct xc_enquire *enquire, uint32_t slot,
                                       uint32_t most) noexcept
{
    return guarded(enquire, [&] { enquire->enquire().set_collapse_key(slot, most); });
}

enum xc_status xc_enquire_set_cutoff(struct xc_enquire *enquire, int percent,
                                     double weight) noexcept
{
    return guarded(enquire, [&] { enquire->enquire().set_cutoff(percent, weight); });
}

enum xc_status xc_enquire_set_time_limit(struct xc_enquire *enquire, double seconds) noexcept
{
    return guarded(enquire, [&] { enquire->enquire().set_time_limit(seconds); });
}

/* ---- Sorting ------------------------------------------------------------------------------ */

enum xc_status xc_enquire_sort_by_relevance(struct xc_enquire *enquire) noexcept
{
    return guarded(enquire, [&] { enquire->enquire().set_sort_by_relevance(); });
}

enum xc_status xc_enquire_sort_by_value(struct xc_enquire *enquire, uint32_t slot,
                                        bool reverse) noexcept
{
    return guarded(enquire, [&] { enquire->enquire().set_sort_by_value(slot, reverse); });
}

enum xc_status xc_enquire_sort_by_value_then_relevance(struct xc_enquire *enquire, uint32_t slot,
                                                       bool reverse) noexcept
{
    return guarded(enquire,
                   [&] { enquire->enquire().set_sort_by_value_then_relevance(slot, reverse); });
}

enum xc_status xc_enquire_sort_by_relevance_then_value(struct xc_enquire *enquire, uint32_t slot,
                                                       bool reverse) noexcept
{
    return guarded(enquire,
                   [&] { enquire->enquire().set_sort_by_relevance_then_value(slot, reverse); });
}

namespace
{

/* Sorts by a maker of keys, which lives as long as Xapian points to it. */
template <class Sort>
xc_status sort_by(xc_enquire *enquire, const xc_keys *keys, Sort &&sort) noexcept
{
    return guarded(enquire, [&] {
        Xapian::Enquire &started = enquire->enquire();
        std::shared_ptr<Xapian::KeyMaker> maker = keys->key_maker();
        sort(started, maker.get());
        enquire->key_maker = std::move(maker);
    });
}

} // namespace

enum xc_status xc_enquire_sort_by_keys(struct xc_enquire *enquire, const struct xc_keys *keys,
                                       bool reverse) noexcept
{
    return sort_by(enquire, keys, [&](Xapian::Enquire &started, Xapian::KeyMaker *maker) {
        started.set_sort_by_key(maker, reverse);
    });
}

enum xc_status xc_enquire_sort_by_keys_then_relevance(struct xc_enquire *enquire,
                                                      const struct xc_keys *keys,
                                                      bool reverse) noexcept
{
    return sort_by(enquire, keys, [&](Xapian::Enquire &started, Xapian::KeyMaker *maker) {
        started.set_sort_by_key_then_relevance(maker, reverse);
    });
}

enum xc_status xc_enquire_sort_by_relevance_then_keys(struct xc_enquire *enquire,
                                                      const struct xc_keys *keys,
                                                      bool reverse) noexcept
{
    return sort_by(enquire, keys, [&](Xapian::Enquire &started, Xapian::KeyMaker *maker) {
        started.set_sort_by_relevance_then_key(maker, reverse);
    });
}

/* ---- Searching ---------------------------------------------------------------------------- */

enum xc_status xc_enquire_add_spy(struct xc_enquire *enquire, const struct xc_spy *spy) noexcept
{
    return guarded(enquire, [&] {
        Xapian::Enquire &started = enquire->enquire();
        if (!spy->spy)
            throw Xapian::InvalidOperationError("the spy does nothing yet");
        enquire->spies.push_back(spy->spy);
        started.add_matchspy(spy->spy.get());
    });
}

enum xc_status xc_enquire_clear_spies(struct xc_enquire *enquire) noexcept
{
    return guarded(enquire, [&] {
        enquire->enquire().clear_matchspies();
        enquire->spies.clear();
    });
}

enum xc_status xc_enquire_search(struct xc_enquire *enquire, uint32_t first, uint32_t most,
                                 uint32_t check_at_least, const struct xc_rset *rset,
                                 const struct xc_decider *decider, struct xc_mset *mset) noexcept
{
    return guarded(enquire, [&] {
        Xapian::Enquire &started = enquire->enquire();
        const Xapian::RSet *relevant = rset ? &rset->rset : nullptr;
        if (decider) {
            xc::CallDecider asked(*decider);
            mset->mset = started.get_mset(first, most, check_at_least, relevant, &asked);
        } else {
            mset->mset = started.get_mset(first, most, check_at_least, relevant);
        }
    });
}

enum xc_status xc_enquire_matching_terms(struct xc_enquire *enquire, uint32_t docid,
                                         struct xc_terms *terms) noexcept
{
    return guarded(enquire, [&] {
        terms->start([&] { return enquire->enquire().get_matching_terms_begin(docid); });
    });
}

enum xc_status xc_enquire_expand(struct xc_enquire *enquire, uint32_t most,
                                 const struct xc_rset *rset, int flags,
                                 int (*accept)(void *data, struct xc_text term), void *data,
                                 double weight_min, struct xc_eset *eset) noexcept
{
    return guarded(enquire, [&] {
        xc::CallExpandDecider asked(accept, data);
        eset->eset = enquire->enquire().get_eset(most, rset->rset, flags, accept ? &asked : nullptr,
                                                 weight_min);
    });
}

enum xc_status xc_enquire_describe(struct xc_enquire *enquire, struct xc_text *text) noexcept
{
    return lent(enquire, text, [&] { return enquire->enquire().get_description(); });
}
