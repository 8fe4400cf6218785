// What libxapian_c costs: the same work by Xapian's C++ classes and by the C API, in turns.
//
//   xapian_shim_cost index DATABASE <texts, one a line
//   xapian_shim_cost measure DATABASE QUERIES ROUNDS
//
// QUERIES has a query a line: any, all or phrase, and its words. Of all rounds the fastest counts,
// for each query and each list by itself. tools/bench/xapian_shim makes the input and runs it.
#include "xapian/xapian_c.h"

#include <xapian.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <sstream>

namespace
{

enum { PAGE = 10, BATCH = 256, STEPS = 10000000 };

double now()
{
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

void check(xc_status status, const char *what)
{
    if (status >= 0)
        return;
    std::fprintf(stderr, "xapian_shim_cost: %s: %s\n", what, xc_status_name(status));
    std::exit(1);
}

xc_text text_of(const std::string &string)
{
    return {string.data(), string.size()};
}

// ---- The database -----------------------------------------------------------------------------

void index(const char *path)
{
    Xapian::WritableDatabase database(path, Xapian::DB_CREATE_OR_OVERWRITE);
    for (std::string line; std::getline(std::cin, line);) {
        Xapian::Document document;
        std::string word;
        Xapian::termpos position = 0;
        line += ' ';
        for (char byte : line) {
            unsigned char c = static_cast<unsigned char>(byte);
            if (c >= 0x80 || std::isalnum(c)) {
                word += static_cast<char>(c < 0x80 ? std::tolower(c) : c);
            } else if (!word.empty()) {
                if (word.size() <= 64)
                    document.add_posting(word, ++position);
                word.clear();
            }
        }
        document.set_data(line.substr(0, 200));
        database.add_document(document);
    }
    database.commit();
}

// ---- Queries ----------------------------------------------------------------------------------

struct Query {
    std::string kind;
    std::vector<std::string> words;
};

std::vector<Query> read_queries(const char *path)
{
    std::vector<Query> queries;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        Query query;
        words >> query.kind;
        for (std::string word; words >> word;)
            query.words.push_back(word);
        if (!query.words.empty())
            queries.push_back(query);
    }
    return queries;
}

// What a task came to, so that ways can be compared: weights; docids, frequencies and positions;
// and bytes, or steps.
struct Sum {
    double weights = 0;
    size_t numbers = 0;
    size_t count = 0;

    bool operator==(const Sum &other) const
    {
        return weights == other.weights && numbers == other.numbers && count == other.count;
    }
};

Sum search_native(const Xapian::Database &database, const Query &query)
{
    Xapian::Query::op op = query.kind == "any"   ? Xapian::Query::OP_OR
                           : query.kind == "all" ? Xapian::Query::OP_AND
                                                 : Xapian::Query::OP_PHRASE;
    Xapian::Enquire enquire(database);
    enquire.set_query(Xapian::Query(op, query.words.begin(), query.words.end()));
    enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1, 0.75, 0));
    Xapian::MSet mset = enquire.get_mset(0, PAGE);
    Sum sum;
    for (Xapian::MSetIterator item = mset.begin(); item != mset.end(); ++item) {
        sum.weights += item.get_weight();
        sum.numbers += *item + unsigned(item.get_percent());
        sum.count += item.get_document().get_data().size();
    }
    return sum;
}

struct Handles {
    xc_database *database = xc_database_new();
    xc_query *query = xc_query_new();
    xc_enquire *enquire = xc_enquire_new();
    xc_mset *mset = xc_mset_new();
    xc_document *document = xc_document_new();
    xc_postings *postings = xc_postings_new();
    xc_positions *positions = xc_positions_new();

    ~Handles()
    {
        xc_positions_free(positions);
        xc_postings_free(postings);
        xc_document_free(document);
        xc_mset_free(mset);
        xc_enquire_free(enquire);
        xc_query_free(query);
        xc_database_free(database);
    }
};

Sum search_shim(const Handles &with, const Query &query)
{
    xc_operator op = query.kind == "any"   ? XC_OP_OR
                     : query.kind == "all" ? XC_OP_AND
                                           : XC_OP_PHRASE;
    xc_text words[64];
    size_t count = std::min<size_t>(query.words.size(), 64);
    for (size_t i = 0; i < count; i++)
        words[i] = text_of(query.words[i]);
    check(xc_query_set_terms(with.query, op, words, count, 0), "query");
    check(xc_enquire_start(with.enquire, with.database), "start");
    check(xc_enquire_set_query(with.enquire, with.query, 0), "set_query");
    check(xc_enquire_weight_bm25(with.enquire, 1.2, 0, 1, 0.75, 0), "weight");
    check(xc_enquire_search(with.enquire, 0, PAGE, 0, nullptr, nullptr, with.mset), "search");
    xc_item items[PAGE];
    uint32_t size = xc_mset_size(with.mset);
    check(xc_mset_items(with.mset, 0, size, items), "items");
    Sum sum;
    for (uint32_t i = 0; i < size; i++) {
        xc_text data;
        sum.weights += items[i].weight;
        sum.numbers += items[i].docid + unsigned(items[i].percent);
        check(xc_mset_document(with.mset, i, with.document), "document");
        check(xc_document_data(with.document, &data), "data");
        sum.count += data.size;
    }
    return sum;
}

// ---- Lists ------------------------------------------------------------------------------------

// The terms in most documents, as many as give `STEPS` steps if each list is gone through once, or
// all of them.
std::vector<std::string> frequent_terms(const Xapian::Database &database, size_t most)
{
    std::vector<std::pair<Xapian::doccount, std::string>> terms;
    for (auto at = database.allterms_begin(); at != database.allterms_end(); ++at)
        terms.push_back({at.get_termfreq(), *at});
    std::sort(terms.begin(), terms.end(), std::greater<>());
    std::vector<std::string> found;
    for (size_t i = 0; i < terms.size() && i < most; i++)
        found.push_back(terms[i].second);
    return found;
}

Sum postings_native(const Xapian::Database &database, const std::string &term)
{
    Sum sum;
    for (auto at = database.postlist_begin(term); at != database.postlist_end(term); ++at) {
        sum.numbers += *at + at.get_wdf();
        sum.count++;
    }
    return sum;
}

Sum postings_batches(const Handles &with, const std::string &term)
{
    uint32_t docids[BATCH], wdfs[BATCH];
    size_t count;
    Sum sum;
    check(xc_database_postings(with.database, text_of(term), with.postings), "postings");
    while (xc_postings_read(with.postings, docids, wdfs, nullptr, BATCH, &count) == XC_OK) {
        for (size_t i = 0; i < count; i++)
            sum.numbers += docids[i] + wdfs[i];
        sum.count += count;
    }
    return sum;
}

Sum postings_steps(const Handles &with, const std::string &term)
{
    uint32_t docid, wdf;
    Sum sum;
    check(xc_database_postings(with.database, text_of(term), with.postings), "postings");
    while (xc_postings_next(with.postings, &docid) == XC_OK) {
        check(xc_postings_wdf(with.postings, &wdf), "wdf");
        sum.numbers += docid + wdf;
        sum.count++;
    }
    return sum;
}

Sum positions_native(const Xapian::Database &database, const std::string &term)
{
    Sum sum;
    for (auto at = database.postlist_begin(term); at != database.postlist_end(term); ++at) {
        sum.numbers += *at;
        for (auto position = at.positionlist_begin(); position != at.positionlist_end();
             ++position) {
            sum.numbers += *position;
            sum.count++;
        }
    }
    return sum;
}

Sum positions_batches(const Handles &with, const std::string &term)
{
    static std::vector<uint32_t> array(BATCH);
    uint32_t docid;
    size_t count;
    Sum sum;
    check(xc_database_postings(with.database, text_of(term), with.postings), "postings");
    while (xc_postings_next(with.postings, &docid) == XC_OK) {
        sum.numbers += docid;
        check(xc_postings_read_positions(with.postings, array.data(), array.size(), &count),
              "read_positions");
        if (count > array.size()) {
            array.resize(2 * count);
            check(xc_postings_read_positions(with.postings, array.data(), array.size(), &count),
                  "read_positions");
        }
        for (size_t i = 0; i < count; i++)
            sum.numbers += array[i];
        sum.count += count;
    }
    return sum;
}

Sum positions_steps(const Handles &with, const std::string &term)
{
    uint32_t docid, position;
    Sum sum;
    check(xc_database_postings(with.database, text_of(term), with.postings), "postings");
    while (xc_postings_next(with.postings, &docid) == XC_OK) {
        sum.numbers += docid;
        check(xc_postings_positions(with.postings, with.positions), "positions");
        while (xc_positions_next(with.positions, &position) == XC_OK) {
            sum.numbers += position;
            sum.count++;
        }
    }
    return sum;
}

// ---- Taking turns -----------------------------------------------------------------------------

using Way = std::function<Sum(size_t)>;

// Prints the sum of the fastest times of `count` tasks for each way, and its ratio to the first.
// `STEPS`, if a step is counted, says how many steps all rounds have to come to at least.
void compare(const char *what, size_t count, const std::vector<std::pair<const char *, Way>> &ways,
             size_t rounds, bool steps)
{
    std::vector<std::vector<double>> fastest(
        ways.size(), std::vector<double>(count, std::numeric_limits<double>::infinity()));
    size_t once = 0;
    for (size_t round = 0; round < rounds || (steps && round * once < STEPS); round++) {
        once = 0;
        for (size_t task = 0; task < count; task++) {
            Sum first;
            for (size_t turn = 0; turn < ways.size(); turn++) {
                size_t way = (turn + round) % ways.size();
                double start = now();
                Sum sum = ways[way].second(task);
                fastest[way][task] = std::min(fastest[way][task], now() - start);
                if (turn == 0)
                    first = sum;
                else if (!(sum == first)) {
                    std::fprintf(stderr, "xapian_shim_cost: %s differ\n", what);
                    std::exit(1);
                }
            }
            once += first.count;
        }
    }
    double base = 0;
    for (size_t way = 0; way < ways.size(); way++) {
        double seconds = 0;
        for (double time : fastest[way])
            seconds += time;
        if (way == 0)
            base = seconds;
        std::printf("%-10s %-22s %9.1f ms", what, ways[way].first, seconds * 1e3);
        if (steps)
            std::printf(" %6.2f ns a step", seconds * 1e9 / double(once));
        std::printf(" %7.3f\n", seconds / base);
    }
    if (steps)
        std::printf("%-10s %zu steps a round\n", what, once);
}

void measure(const char *path, const char *queries_path, size_t rounds)
{
    Xapian::Database database(path);
    Handles with;
    check(xc_database_open(with.database, path, 0), "open");
    std::vector<Query> queries = read_queries(queries_path);
    std::printf("%zu queries, %zu rounds\n", queries.size(), rounds);
    compare("queries", queries.size(),
            {{"C++", [&](size_t i) { return search_native(database, queries[i]); }},
             {"C", [&](size_t i) { return search_shim(with, queries[i]); }}},
            rounds, false);
    std::vector<std::string> terms = frequent_terms(database, 1000);
    compare("postings", terms.size(),
            {{"C++", [&](size_t i) { return postings_native(database, terms[i]); }},
             {"C, in batches", [&](size_t i) { return postings_batches(with, terms[i]); }},
             {"C, step by step", [&](size_t i) { return postings_steps(with, terms[i]); }}},
            rounds, true);
    compare("positions", terms.size(),
            {{"C++", [&](size_t i) { return positions_native(database, terms[i]); }},
             {"C, in batches", [&](size_t i) { return positions_batches(with, terms[i]); }},
             {"C, step by step", [&](size_t i) { return positions_steps(with, terms[i]); }}},
            rounds, true);
}

} // namespace

int main(int count, char **arguments)
{
    std::string task = count > 1 ? arguments[1] : "";
    try {
        if (task == "index" && count == 3) {
            index(arguments[2]);
            return 0;
        }
        if (task == "measure" && count == 5) {
            measure(arguments[2], arguments[3], std::strtoul(arguments[4], nullptr, 10));
            return 0;
        }
    } catch (const Xapian::Error &error) {
        std::cerr << "xapian_shim_cost: " << error.get_description() << '\n';
        return 1;
    }
    std::cerr << "usage: xapian_shim_cost index DATABASE | measure DATABASE QUERIES ROUNDS\n";
    return 2;
}
