/* Sets of results, of terms that would expand a query, and of relevant documents. */
#include "xapian/handles.h"

using xc::guarded;
using xc::lent;
using xc::string;

namespace
{

/* Item `number` of the page; throws if there is none. */
Xapian::MSetIterator item(const xc_mset *mset, uint32_t number)
{
    if (number >= mset->mset.size())
        throw Xapian::InvalidArgumentError("the page has no such item");
    return mset->mset[number];
}

} // namespace

struct xc_mset *xc_mset_new(void) noexcept
{
    return xc::made<xc_mset>();
}

void xc_mset_free(struct xc_mset *mset) noexcept
{
    delete mset;
}

const struct xc_error *xc_mset_error(const struct xc_mset *mset) noexcept
{
    return &mset->error;
}

uint32_t xc_mset_size(const struct xc_mset *mset) noexcept
{
    return mset->mset.size();
}

enum xc_status xc_mset_counts(struct xc_mset *mset, struct xc_match_counts *counts) noexcept
{
    return guarded(mset, [&] {
        const Xapian::MSet &found = mset->mset;
        *counts = {found.get_matches_lower_bound(),
                   found.get_matches_estimated(),
                   found.get_matches_upper_bound(),
                   found.get_uncollapsed_matches_lower_bound(),
                   found.get_uncollapsed_matches_estimated(),
                   found.get_uncollapsed_matches_upper_bound(),
                   found.get_max_possible(),
                   found.get_max_attained()};
    });
}

enum xc_status xc_mset_items(struct xc_mset *mset, uint32_t first, uint32_t count,
                             struct xc_item *items) noexcept
{
    return guarded(mset, [&] {
        if (first > mset->mset.size() || count > mset->mset.size() - first)
            throw Xapian::InvalidArgumentError("the page has not so many items");
        Xapian::MSetIterator at = mset->mset[first];
        for (uint32_t i = 0; i < count; i++, ++at) {
            double weight = at.get_weight();
            items[i] = {*at, at.get_rank(), at.get_collapse_count(),
                        mset->mset.convert_to_percent(weight), weight};
        }
    });
}

enum xc_status xc_mset_document(struct xc_mset *mset, uint32_t number,
                                struct xc_document *document) noexcept
{
    return guarded(mset, [&] { document->document = item(mset, number).get_document(); });
}

enum xc_status xc_mset_fetch(struct xc_mset *mset) noexcept
{
    return guarded(mset, [&] { mset->mset.fetch(); });
}

enum xc_status xc_mset_collapse_key(struct xc_mset *mset, uint32_t number,
                                    struct xc_text *key) noexcept
{
    return lent(mset, key, [&] { return item(mset, number).get_collapse_key(); });
}

enum xc_status xc_mset_sort_key(struct xc_mset *mset, uint32_t number, struct xc_text *key) noexcept
{
    return lent(mset, key, [&] { return item(mset, number).get_sort_key(); });
}

enum xc_status xc_mset_percent(struct xc_mset *mset, double weight, int *percent) noexcept
{
    return guarded(mset, [&] { *percent = mset->mset.convert_to_percent(weight); });
}

enum xc_status xc_mset_term_frequency(struct xc_mset *mset, struct xc_text term,
                                      uint32_t *frequency) noexcept
{
    return guarded(mset, [&] { *frequency = mset->mset.get_termfreq(string(term)); });
}

enum xc_status xc_mset_term_weight(struct xc_mset *mset, struct xc_text term,
                                   double *weight) noexcept
{
    return guarded(mset, [&] { *weight = mset->mset.get_termweight(string(term)); });
}

enum xc_status xc_mset_snippet(struct xc_mset *mset, struct xc_text text,
                               const struct xc_snippet_options *options,
                               struct xc_text *snippet) noexcept
{
    return lent(mset, snippet, [&] {
        if (!options)
            return mset->mset.snippet(string(text));
        bool stems = options->language && *options->language;
        return mset->mset.snippet(
            string(text), options->size, stems ? Xapian::Stem(options->language) : Xapian::Stem(),
            options->flags, string(options->start), string(options->end), string(options->omit));
    });
}

enum xc_status xc_mset_describe(struct xc_mset *mset, struct xc_text *text) noexcept
{
    return lent(mset, text, [&] { return mset->mset.get_description(); });
}

/* ---- Terms that would expand a query ------------------------------------------------------ */

struct xc_eset *xc_eset_new(void) noexcept
{
    return xc::made<xc_eset>();
}

void xc_eset_free(struct xc_eset *eset) noexcept
{
    delete eset;
}

const struct xc_error *xc_eset_error(const struct xc_eset *eset) noexcept
{
    return &eset->error;
}

uint32_t xc_eset_size(const struct xc_eset *eset) noexcept
{
    return eset->eset.size();
}

enum xc_status xc_eset_bound(struct xc_eset *eset, uint32_t *bound) noexcept
{
    return guarded(eset, [&] { *bound = eset->eset.get_ebound(); });
}

enum xc_status xc_eset_item(struct xc_eset *eset, uint32_t number, struct xc_text *term,
                            double *weight) noexcept
{
    return guarded(eset, [&] {
        if (number >= eset->eset.size())
            throw Xapian::InvalidArgumentError("the set has no such term");
        Xapian::ESetIterator at = eset->eset[number];
        double found = at.get_weight();
        *term = eset->lend(*at);
        *weight = found;
    });
}

/* ---- Relevant documents ------------------------------------------------------------------- */

struct xc_rset *xc_rset_new(void) noexcept
{
    return xc::made<xc_rset>();
}

void xc_rset_free(struct xc_rset *rset) noexcept
{
    delete rset;
}

const struct xc_error *xc_rset_error(const struct xc_rset *rset) noexcept
{
    return &rset->error;
}

enum xc_status xc_rset_add(struct xc_rset *rset, uint32_t docid) noexcept
{
    return guarded(rset, [&] { rset->rset.add_document(docid); });
}

enum xc_status xc_rset_remove(struct xc_rset *rset, uint32_t docid) noexcept
{
    return guarded(rset, [&] { rset->rset.remove_document(docid); });
}

enum xc_status xc_rset_contains(struct xc_rset *rset, uint32_t docid, bool *contains) noexcept
{
    return guarded(rset, [&] { *contains = rset->rset.contains(docid); });
}

enum xc_status xc_rset_size(struct xc_rset *rset, uint32_t *size) noexcept
{
    return guarded(rset, [&] { *size = rset->rset.size(); });
}
