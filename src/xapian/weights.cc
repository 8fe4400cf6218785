/* How an enquire weighs: all schemes of Xapian 1.4. */
#include "xapian/handles.h"

using xc::guarded;

namespace
{

/* Makes a scheme of Xapian's inside the guard, since some refuse their parameters. */
template <class Scheme, class... Parameters>
xc_status weigh(xc_enquire *enquire, Parameters... parameters) noexcept
{
    return guarded(enquire,
                   [&] { enquire->enquire().set_weighting_scheme(Scheme(parameters...)); });
}

} // namespace

enum xc_status xc_enquire_weight_bm25(struct xc_enquire *enquire, double k1, double k2, double k3,
                                      double b, double min_normlen) noexcept
{
    return weigh<Xapian::BM25Weight>(enquire, k1, k2, k3, b, min_normlen);
}

enum xc_status xc_enquire_weight_bm25_plus(struct xc_enquire *enquire, double k1, double k2,
                                           double k3, double b, double min_normlen,
                                           double delta) noexcept
{
    return weigh<Xapian::BM25PlusWeight>(enquire, k1, k2, k3, b, min_normlen, delta);
}

enum xc_status xc_enquire_weight_bool(struct xc_enquire *enquire) noexcept
{
    return weigh<Xapian::BoolWeight>(enquire);
}

enum xc_status xc_enquire_weight_coord(struct xc_enquire *enquire) noexcept
{
    return weigh<Xapian::CoordWeight>(enquire);
}

enum xc_status xc_enquire_weight_trad(struct xc_enquire *enquire, double k) noexcept
{
    return weigh<Xapian::TradWeight>(enquire, k);
}

enum xc_status xc_enquire_weight_tfidf(struct xc_enquire *enquire, const char *letters) noexcept
{
    return weigh<Xapian::TfIdfWeight>(enquire, letters);
}

enum xc_status xc_enquire_weight_bb2(struct xc_enquire *enquire, double c) noexcept
{
    return weigh<Xapian::BB2Weight>(enquire, c);
}

enum xc_status xc_enquire_weight_dlh(struct xc_enquire *enquire) noexcept
{
    return weigh<Xapian::DLHWeight>(enquire);
}

enum xc_status xc_enquire_weight_dph(struct xc_enquire *enquire) noexcept
{
    return weigh<Xapian::DPHWeight>(enquire);
}

enum xc_status xc_enquire_weight_ifb2(struct xc_enquire *enquire, double c) noexcept
{
    return weigh<Xapian::IfB2Weight>(enquire, c);
}

enum xc_status xc_enquire_weight_ineb2(struct xc_enquire *enquire, double c) noexcept
{
    return weigh<Xapian::IneB2Weight>(enquire, c);
}

enum xc_status xc_enquire_weight_inl2(struct xc_enquire *enquire, double c) noexcept
{
    return weigh<Xapian::InL2Weight>(enquire, c);
}

enum xc_status xc_enquire_weight_pl2(struct xc_enquire *enquire, double c) noexcept
{
    return weigh<Xapian::PL2Weight>(enquire, c);
}

enum xc_status xc_enquire_weight_pl2_plus(struct xc_enquire *enquire, double c,
                                          double delta) noexcept
{
    return weigh<Xapian::PL2PlusWeight>(enquire, c, delta);
}

enum xc_status xc_enquire_weight_lm(struct xc_enquire *enquire, double log,
                                    enum xc_smoothing smoothing, double parameter1,
                                    double parameter2) noexcept
{
    return guarded(enquire, [&] {
        int number = xc::number(smoothing);
        if (number < XC_SMOOTHING_TWO_STAGE || number > XC_SMOOTHING_DIRICHLET_PLUS)
            throw Xapian::InvalidArgumentError("there is no such smoothing");
        auto kind = static_cast<Xapian::Weight::type_smoothing>(number);
        enquire->enquire().set_weighting_scheme(
            Xapian::LMWeight(log, kind, parameter1, parameter2));
    });
}

enum xc_status xc_enquire_set_expansion(struct xc_enquire *enquire, const char *scheme,
                                        double k) noexcept
{
    return guarded(enquire, [&] { enquire->enquire().set_expansion_scheme(scheme, k); });
}
