/* Queries: making them, taking them apart, and as bytes. */
#include "xapian/calls.h"

#include <iterator>

using xc::guarded;
using xc::lent;
using xc::string;

namespace
{

/* An iterator over what Xapian::Query takes as parts, which are made on the way: of handles, or of
 * terms. */
template <class From, class To> struct Parts {
    using iterator_category = std::random_access_iterator_tag;
    using value_type = To;
    using difference_type = std::ptrdiff_t;
    using pointer = const To *;
    using reference = To;

    const From *at;

    To operator*() const
    {
        return part(*at);
    }
    Parts &operator++()
    {
        ++at;
        return *this;
    }
    difference_type operator-(const Parts &other) const
    {
        return at - other.at;
    }
    bool operator!=(const Parts &other) const
    {
        return at != other.at;
    }

    static const Xapian::Query *part(const xc_query *query)
    {
        return &query->query;
    }
    static std::string part(xc_text term)
    {
        return string(term);
    }
};

using Queries = Parts<const xc_query *, const Xapian::Query *>;
using Terms = Parts<xc_text, std::string>;

Xapian::Query::op takes_parts(enum xc_operator op)
{
    switch (xc::number(op)) {
    case XC_OP_AND:
    case XC_OP_OR:
    case XC_OP_AND_NOT:
    case XC_OP_XOR:
    case XC_OP_AND_MAYBE:
    case XC_OP_FILTER:
    case XC_OP_NEAR:
    case XC_OP_PHRASE:
    case XC_OP_ELITE_SET:
    case XC_OP_SYNONYM:
    case XC_OP_MAX:
        return static_cast<Xapian::Query::op>(op);
    default:
        throw Xapian::InvalidArgumentError("this operator takes no parts");
    }
}

} // namespace

struct xc_query *xc_query_new(void) noexcept
{
    return xc::made<xc_query>();
}

void xc_query_free(struct xc_query *query) noexcept
{
    delete query;
}

const struct xc_error *xc_query_error(const struct xc_query *query) noexcept
{
    return &query->error;
}

enum xc_status xc_query_set_nothing(struct xc_query *query) noexcept
{
    return guarded(query, [&] { query->query = Xapian::Query(); });
}

enum xc_status xc_query_set_all(struct xc_query *query) noexcept
{
    /* Not Query::MatchAll: its reference count is shared by all threads. */
    return guarded(query, [&] { query->query = Xapian::Query(std::string()); });
}

enum xc_status xc_query_set_copy(struct xc_query *query, const struct xc_query *other) noexcept
{
    return guarded(query, [&] { query->query = other->query; });
}

enum xc_status xc_query_set_term(struct xc_query *query, struct xc_text term, uint32_t wqf,
                                 uint32_t position) noexcept
{
    return guarded(query, [&] { query->query = Xapian::Query(string(term), wqf, position); });
}

enum xc_status xc_query_set_parts(struct xc_query *query, enum xc_operator op,
                                  const struct xc_query *const *parts, size_t count,
                                  uint32_t parameter) noexcept
{
    return guarded(query, [&] {
        query->query =
            Xapian::Query(takes_parts(op), Queries{parts}, Queries{parts + count}, parameter);
    });
}

enum xc_status xc_query_set_terms(struct xc_query *query, enum xc_operator op,
                                  const struct xc_text *terms, size_t count,
                                  uint32_t parameter) noexcept
{
    return guarded(query, [&] {
        query->query =
            Xapian::Query(takes_parts(op), Terms{terms}, Terms{terms + count}, parameter);
    });
}

enum xc_status xc_query_set_scaled(struct xc_query *query, const struct xc_query *part,
                                   double factor) noexcept
{
    return guarded(query, [&] { query->query = Xapian::Query(factor, part->query); });
}

enum xc_status xc_query_set_value_range(struct xc_query *query, uint32_t slot, struct xc_text first,
                                        struct xc_text last) noexcept
{
    return guarded(query, [&] {
        query->query =
            Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot, string(first), string(last));
    });
}

enum xc_status xc_query_set_value_at_least(struct xc_query *query, uint32_t slot,
                                           struct xc_text first) noexcept
{
    return guarded(query, [&] {
        query->query = Xapian::Query(Xapian::Query::OP_VALUE_GE, slot, string(first));
    });
}

enum xc_status xc_query_set_value_at_most(struct xc_query *query, uint32_t slot,
                                          struct xc_text last) noexcept
{
    return guarded(query, [&] {
        query->query = Xapian::Query(Xapian::Query::OP_VALUE_LE, slot, string(last));
    });
}

enum xc_status xc_query_set_wildcard(struct xc_query *query, struct xc_text prefix, uint32_t most,
                                     enum xc_wildcard_limit limit,
                                     enum xc_operator combiner) noexcept
{
    return guarded(query, [&] {
        int kind = xc::number(limit);
        if (kind < XC_WILDCARD_ERROR || kind > XC_WILDCARD_MOST_FREQUENT)
            throw Xapian::InvalidArgumentError("there is no such limit of wildcards");
        query->query = Xapian::Query(Xapian::Query::OP_WILDCARD, string(prefix), most, kind,
                                     takes_parts(combiner));
    });
}

/* ---- Sources ------------------------------------------------------------------------------ */

namespace
{

void set_source(xc_query *query, Xapian::PostingSource *made)
{
    query->query = Xapian::Query(made->release());
}

} // namespace

enum xc_status xc_query_set_source_fixed(struct xc_query *query, double weight) noexcept
{
    return guarded(query, [&] { set_source(query, new Xapian::FixedWeightPostingSource(weight)); });
}

enum xc_status xc_query_set_source_value(struct xc_query *query, uint32_t slot) noexcept
{
    return guarded(query, [&] { set_source(query, new Xapian::ValueWeightPostingSource(slot)); });
}

enum xc_status xc_query_set_source_falling(struct xc_query *query, uint32_t slot, uint32_t first,
                                           uint32_t last) noexcept
{
    return guarded(query, [&] {
        set_source(query, new Xapian::DecreasingValueWeightPostingSource(slot, first, last));
    });
}

enum xc_status xc_query_set_source_map(struct xc_query *query, uint32_t slot,
                                       const struct xc_text *values, const double *weights,
                                       size_t count, double other) noexcept
{
    return guarded(query, [&] {
        auto source = std::make_unique<Xapian::ValueMapPostingSource>(slot);
        source->set_default_weight(other);
        for (size_t i = 0; i < count; i++)
            source->add_mapping(string(values[i]), weights[i]);
        set_source(query, source.release());
    });
}

enum xc_status xc_query_set_source(struct xc_query *query,
                                   const struct xc_source_calls *calls) noexcept
{
    return guarded(query, [&] { set_source(query, new xc::CallSource(*calls)); });
}

/* ---- What a query is ---------------------------------------------------------------------- */

enum xc_operator xc_query_operator(const struct xc_query *query) noexcept
{
    return static_cast<xc_operator>(query->query.get_type());
}

bool xc_query_empty(const struct xc_query *query) noexcept
{
    return query->query.empty();
}

uint32_t xc_query_length(const struct xc_query *query) noexcept
{
    return query->query.get_length();
}

size_t xc_query_part_count(const struct xc_query *query) noexcept
{
    return query->query.get_num_subqueries();
}

enum xc_status xc_query_part(struct xc_query *query, size_t number, struct xc_query *part) noexcept
{
    return guarded(query, [&] {
        if (number >= query->query.get_num_subqueries())
            throw Xapian::InvalidArgumentError("the query has no such part");
        part->query = Xapian::Query(query->query.get_subquery(number));
    });
}

enum xc_status xc_query_terms(struct xc_query *query, bool unique, struct xc_terms *terms) noexcept
{
    return guarded(query, [&] {
        terms->start([&]() -> Xapian::TermIterator {
            return unique ? query->query.get_unique_terms_begin() : query->query.get_terms_begin();
        });
    });
}

enum xc_status xc_query_serialise(struct xc_query *query, struct xc_text *bytes) noexcept
{
    return lent(query, bytes, [&] { return query->query.serialise(); });
}

enum xc_status xc_query_unserialise(struct xc_query *query, struct xc_text bytes) noexcept
{
    return guarded(query, [&] { query->query = Xapian::Query::unserialise(string(bytes)); });
}

enum xc_status xc_query_describe(struct xc_query *query, struct xc_text *text) noexcept
{
    return lent(query, text, [&] { return query->query.get_description(); });
}
