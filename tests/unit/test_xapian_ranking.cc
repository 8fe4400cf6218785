/* libxapian_c: every weighting scheme, with every parameter off its default, gives exactly what
 * Xapian's own classes give; and BM25 is the formula that it is said to be. C++, to have both. */
#include "xapian/xapian_c.h"

#include <xapian.h>

#include <cmath>
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

extern "C" {
#include <cmocka.h>
}

#define OK(call) assert_int_equal((call), XC_OK)

namespace
{

const char *const words[] = {"apple", "banana", "cherry", "damson", "elder"};

/* Documents of unlike lengths and frequencies, always the same. */
void fill(Xapian::WritableDatabase &database)
{
    unsigned seed = 7;
    for (int number = 0; number < 200; number++) {
        Xapian::Document document;
        int length = 1 + number % 37;
        for (int position = 0; position < length; position++) {
            seed = seed * 1103515245 + 12345;
            /* The first word is frequent, so that it counts in all schemes. */
            unsigned word = (seed >> 16) % 30;
            if (word >= 22)
                word = 0;
            document.add_posting(word < 5 ? words[word] : "other" + std::to_string(word),
                                 Xapian::termpos(position));
        }
        database.add_document(document);
    }
    database.commit();
}

struct Scheme {
    const char *name;
    std::function<xc_status(xc_enquire *)> set;
    std::function<void(Xapian::Enquire &)> native;
};

/* A scheme by its function here and its class there, with the same parameters. */
template <class Class, class Function, class... Parameters>
Scheme scheme(const char *name, Function function, Parameters... parameters)
{
    return {name, [=](xc_enquire *enquire) { return function(enquire, parameters...); },
            [=](Xapian::Enquire &enquire) { enquire.set_weighting_scheme(Class(parameters...)); }};
}

const double LOG = 1e5; /* so great that no weight is cut off at 0 */

Scheme language_model(const char *name, xc_smoothing smoothing, double first, double second)
{
    return {name,
            [=](xc_enquire *enquire) {
                return xc_enquire_weight_lm(enquire, LOG, smoothing, first, second);
            },
            [=](Xapian::Enquire &enquire) {
                enquire.set_weighting_scheme(Xapian::LMWeight(
                    LOG, Xapian::Weight::type_smoothing(smoothing), first, second));
            }};
}

std::vector<Scheme> schemes()
{
    return {
        scheme<Xapian::BM25Weight>("bm25", xc_enquire_weight_bm25, 1.3, 0.4, 2.0, 0.8, 0.3),
        scheme<Xapian::BM25PlusWeight>("bm25+", xc_enquire_weight_bm25_plus, 1.3, 0.4, 2.0, 0.8,
                                       0.3, 0.7),
        scheme<Xapian::BoolWeight>("bool", xc_enquire_weight_bool),
        scheme<Xapian::CoordWeight>("coord", xc_enquire_weight_coord),
        scheme<Xapian::TradWeight>("trad", xc_enquire_weight_trad, 0.6),
        scheme<Xapian::TfIdfWeight>("tfidf", xc_enquire_weight_tfidf, "ltn"),
        scheme<Xapian::BB2Weight>("bb2", xc_enquire_weight_bb2, 1.7),
        scheme<Xapian::DLHWeight>("dlh", xc_enquire_weight_dlh),
        scheme<Xapian::DPHWeight>("dph", xc_enquire_weight_dph),
        scheme<Xapian::IfB2Weight>("ifb2", xc_enquire_weight_ifb2, 1.7),
        scheme<Xapian::IneB2Weight>("ineb2", xc_enquire_weight_ineb2, 1.7),
        scheme<Xapian::InL2Weight>("inl2", xc_enquire_weight_inl2, 1.7),
        scheme<Xapian::PL2Weight>("pl2", xc_enquire_weight_pl2, 1.7),
        scheme<Xapian::PL2PlusWeight>("pl2+", xc_enquire_weight_pl2_plus, 1.7, 0.5),
        language_model("two stages", XC_SMOOTHING_TWO_STAGE, 0.6, 1500),
        language_model("dirichlet", XC_SMOOTHING_DIRICHLET, 1500, 0.05),
        language_model("discount", XC_SMOOTHING_ABSOLUTE_DISCOUNT, 0.6, 0.05),
        language_model("jelinek-mercer", XC_SMOOTHING_JELINEK_MERCER, 0.6, 0.05),
        language_model("dirichlet+", XC_SMOOTHING_DIRICHLET_PLUS, 1500, 0.07),
    };
}

struct Fixture {
    xc_database *database = xc_database_new();
    xc_enquire *enquire = xc_enquire_new();
    xc_query *query = xc_query_new();
    xc_mset *mset = xc_mset_new();
    char folder[32] = "/tmp/kwic-xapian-XXXXXX";
    Xapian::Database native;
    Xapian::Query native_query;

    Fixture()
    {
        assert_non_null(mkdtemp(folder));
        std::string path = std::string(folder) + "/db";
        {
            Xapian::WritableDatabase writer(path);
            fill(writer);
        }
        native = Xapian::Database(path);
        OK(xc_database_open(database, path.c_str(), 0));
        OK(xc_enquire_start(enquire, database));
        ask(0);
    }

    /* Asks for all words from number `first` on. */
    void ask(int first)
    {
        native_query = Xapian::Query(Xapian::Query::OP_OR, words + first, words + 5);
        xc_text terms[5];
        for (int i = first; i < 5; i++)
            terms[i] = {words[i], std::string(words[i]).size()};
        OK(xc_query_set_terms(query, XC_OP_OR, terms + first, size_t(5 - first), 0));
        OK(xc_enquire_set_query(enquire, query, 0));
    }

    /* The weight of the best match by what the enquire is set to. */
    double best()
    {
        xc_match_counts counts;
        OK(xc_enquire_search(enquire, 0, 1, 0, nullptr, nullptr, mset));
        OK(xc_mset_counts(mset, &counts));
        return counts.weight_attained;
    }

    ~Fixture()
    {
        std::string remove = std::string("rm -rf ") + folder;
        xc_mset_free(mset);
        xc_query_free(query);
        xc_enquire_free(enquire);
        xc_database_free(database);
        native.close();
        assert_int_equal(std::system(remove.c_str()), 0);
    }
};

void compare(Fixture &fixture, const Scheme &scheme)
{
    Xapian::Enquire enquire(fixture.native);
    enquire.set_query(fixture.native_query);
    scheme.native(enquire);
    Xapian::MSet expected = enquire.get_mset(0, 300);
    OK(scheme.set(fixture.enquire));
    OK(xc_enquire_search(fixture.enquire, 0, 300, 0, nullptr, nullptr, fixture.mset));
    assert_int_equal(xc_mset_size(fixture.mset), expected.size());
    for (Xapian::doccount i = 0; i < expected.size(); i++) {
        xc_item item;
        OK(xc_mset_items(fixture.mset, i, 1, &item));
        assert_int_equal(item.docid, *expected[i]);
        assert_true(item.weight == expected[i].get_weight());
        assert_int_equal(item.percent, expected[i].get_percent());
    }
}

/* Some schemes give nothing where a word comes more than once a document, others where none does:
 * once with the frequent word, and once without. */
void each_scheme_is_the_class_of_its_name(void **)
{
    Fixture fixture;
    for (int first = 0; first < 2; first++) {
        fixture.ask(first);
        for (const Scheme &scheme : schemes())
            compare(fixture, scheme);
    }
    assert_int_equal(schemes().size(), 19);
}

/* Two schemes that give the same weights would hide that one was set for the other. */
void schemes_differ(void **)
{
    Fixture fixture;
    std::vector<std::pair<double, double>> weights;
    for (const Scheme &scheme : schemes()) {
        OK(scheme.set(fixture.enquire));
        fixture.ask(0);
        double with = fixture.best();
        fixture.ask(1);
        std::pair<double, double> both(with, fixture.best());
        for (const auto &others : weights)
            assert_true(others != both);
        weights.push_back(both);
    }
}

void parameters_out_of_range_are_refused(void **)
{
    Fixture fixture;
    xc_enquire *enquire = fixture.enquire;
    assert_int_equal(xc_enquire_weight_tfidf(enquire, "xxx"), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_enquire_weight_bb2(enquire, 0), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_enquire_weight_ifb2(enquire, -1), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_enquire_weight_ineb2(enquire, 0), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_enquire_weight_inl2(enquire, 0), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_enquire_weight_pl2(enquire, 0), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_enquire_weight_pl2_plus(enquire, 1, 0), XC_E_INVALID_ARGUMENT);
    assert_int_equal(xc_enquire_weight_lm(enquire, 0, xc_smoothing(0), -1, -1),
                     XC_E_INVALID_ARGUMENT);
    assert_string_equal(xc_enquire_error(enquire)->type, "InvalidArgumentError");
}

/* The formula, from nothing but what the C API says of the database; and with leaves scaled by s,
 * weights are s times as high. */
double bm25(const Fixture &fixture, uint32_t docid, double k1, double b)
{
    xc_statistics statistics;
    OK(xc_database_statistics(fixture.database, &statistics));
    double sum = 0;
    for (const char *word : words) {
        xc_text term = {word, std::string(word).size()};
        uint32_t n, length, found = 0, wdf;
        xc_postings *postings = xc_postings_new();
        OK(xc_database_term_frequency(fixture.database, term, &n));
        OK(xc_database_document_length(fixture.database, docid, &length));
        OK(xc_database_postings(fixture.database, term, postings));
        if (xc_postings_skip_to(postings, docid, &found) == XC_OK && found == docid) {
            OK(xc_postings_wdf(postings, &wdf));
            double w = (statistics.documents - n + 0.5) / (n + 0.5);
            if (w < 2)
                w = w / 2 + 1;
            double norm = k1 * (length / statistics.average_length * b + 1 - b);
            sum += std::log(w) * (k1 + 1) * wdf / (norm + wdf);
        }
        xc_postings_free(postings);
    }
    return sum;
}

void bm25_is_its_formula(void **)
{
    Fixture fixture;
    OK(xc_query_set_scaled(fixture.query, fixture.query, 0.375));
    OK(xc_enquire_set_query(fixture.enquire, fixture.query, 0));
    OK(xc_enquire_weight_bm25(fixture.enquire, 1.2, 0, 0, 0.75, 0));
    OK(xc_enquire_search(fixture.enquire, 0, 300, 0, nullptr, nullptr, fixture.mset));
    for (uint32_t i = 0; i < xc_mset_size(fixture.mset); i++) {
        xc_item item;
        OK(xc_mset_items(fixture.mset, i, 1, &item));
        assert_true(std::fabs(item.weight - 0.375 * bm25(fixture, item.docid, 1.2, 0.75)) < 1e-12);
    }
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(each_scheme_is_the_class_of_its_name),
        cmocka_unit_test(schemes_differ),
        cmocka_unit_test(parameters_out_of_range_are_refused),
        cmocka_unit_test(bm25_is_its_formula),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
