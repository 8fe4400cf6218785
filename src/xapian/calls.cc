/* Spies, the keys that results are sorted by, and sources of documents that a caller writes. */
#include "xapian/calls.h"

using xc::guarded;

namespace xc
{

void CallSource::stop() noexcept
{
    if (running && calls.stop) {
        Handle unheard;
        guarded(&unheard, [&] { calls.stop(run); });
    }
    running = false;
}

void CallSource::init(const Xapian::Database &database)
{
    stop();
    shard.shards = database;
    bounds = {0, 0, 0, 0};
    current = 0;
    weight = 0;
    ended = false;
    run = nullptr;
    running = true;
    call_out([&] { return calls.start(calls.data, &shard, &bounds, &run); });
    if (bounds.documents_min > bounds.documents_likely ||
        bounds.documents_likely > bounds.documents_max)
        throw Xapian::InvalidArgumentError("bounds of a source are not in order");
    set_maxweight(bounds.weight_max);
}

void CallSource::seek(Xapian::docid from, double weight_min)
{
    uint32_t found = 0;
    weight = 0;
    call_out([&] { return calls.seek(run, from, weight_min, &found, &weight); });
    if (found != 0 && found < from)
        throw Xapian::InvalidArgumentError("a source went back");
    ended = found == 0;
    current = found;
}

void CallSource::next(double weight_min)
{
    if (current == UINT32_MAX)
        ended = true;
    else
        seek(current + 1, weight_min);
}

void CallSource::skip_to(Xapian::docid docid, double weight_min)
{
    if (docid > current)
        seek(docid, weight_min);
}

} // namespace xc

/* ---- Spies -------------------------------------------------------------------------------- */

struct xc_spy *xc_spy_new(void) noexcept
{
    return xc::made<xc_spy>();
}

void xc_spy_free(struct xc_spy *spy) noexcept
{
    delete spy;
}

const struct xc_error *xc_spy_error(const struct xc_spy *spy) noexcept
{
    return &spy->error;
}

enum xc_status xc_spy_set_values(struct xc_spy *spy, uint32_t slot) noexcept
{
    return guarded(spy, [&] {
        auto counts = std::make_shared<Xapian::ValueCountMatchSpy>(slot);
        spy->counts = counts.get();
        spy->spy = std::move(counts);
    });
}

enum xc_status xc_spy_set_call(struct xc_spy *spy,
                               int (*see)(void *data, struct xc_document *document, double weight),
                               void *data) noexcept
{
    return guarded(spy, [&] {
        spy->spy = std::make_shared<xc::CallSpy>(see, data);
        spy->counts = nullptr;
    });
}

uint64_t xc_spy_total(const struct xc_spy *spy) noexcept
{
    return spy->counts ? spy->counts->get_total() : 0;
}

namespace
{

const Xapian::ValueCountMatchSpy &counts_of(const xc_spy *spy)
{
    if (!spy->counts)
        throw Xapian::InvalidOperationError("the spy counts no values");
    return *spy->counts;
}

} // namespace

enum xc_status xc_spy_values(struct xc_spy *spy, struct xc_terms *values) noexcept
{
    return guarded(spy, [&] { values->start([&] { return counts_of(spy).values_begin(); }); });
}

enum xc_status xc_spy_top(struct xc_spy *spy, size_t most, struct xc_terms *values) noexcept
{
    return guarded(spy,
                   [&] { values->start([&] { return counts_of(spy).top_values_begin(most); }); });
}

/* ---- Keys --------------------------------------------------------------------------------- */

std::shared_ptr<Xapian::KeyMaker> xc_keys::key_maker() const
{
    if (make)
        return std::make_shared<xc::CallKeyMaker>(make, data);
    auto maker = std::make_shared<Xapian::MultiValueKeyMaker>();
    for (const Value &value : values)
        maker->add_value(value.slot, value.reverse, value.other);
    return maker;
}

struct xc_keys *xc_keys_new(void) noexcept
{
    return xc::made<xc_keys>();
}

void xc_keys_free(struct xc_keys *keys) noexcept
{
    delete keys;
}

const struct xc_error *xc_keys_error(const struct xc_keys *keys) noexcept
{
    return &keys->error;
}

enum xc_status xc_keys_add_value(struct xc_keys *keys, uint32_t slot, bool reverse,
                                 struct xc_text other) noexcept
{
    return guarded(keys, [&] {
        keys->values.push_back({slot, reverse, xc::string(other)});
        keys->make = nullptr;
    });
}

enum xc_status xc_keys_set_call(struct xc_keys *keys,
                                int (*make)(void *data, struct xc_document *document,
                                            struct xc_text *key),
                                void *data) noexcept
{
    keys->make = make;
    keys->data = data;
    keys->values.clear();
    return XC_OK;
}
