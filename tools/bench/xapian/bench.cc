// Xapian behind the protocol of tools/bench/run (see tools/bench/kwic_serve.c): a glass database of
// postings with positions, the text as the documents' data, compacted, and BM25 with the parameters
// of the others.
#include <xapian.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

// Documents between flushes, which hold their changes in memory: about 256 MB of them.
static const int documents_a_flush = 5000;

static void build(const std::string &corpus, const std::string &index)
{
    static const std::string between = "\",\"text\":\"";
    const std::string raw = index + ".raw";
    Xapian::WritableDatabase database(raw, Xapian::DB_CREATE | Xapian::DB_NO_SYNC);
    std::ifstream lines(corpus);
    std::string line;
    for (int count = 1; std::getline(lines, line); count++) {
        size_t cut = line.find(between), start = cut + between.size(), end = line.size() - 2;
        Xapian::Document document;
        Xapian::termpos position = 0;
        document.set_data(line.substr(7, cut - 7) + '\n' + line.substr(start, end - start));
        while (start < end) {
            size_t stop = std::min(line.find(' ', start), end);
            document.add_posting(line.substr(start, stop - start), ++position);
            start = stop + 1;
        }
        database.add_document(document);
        if (count % documents_a_flush == 0)
            database.commit();
    }
    database.commit();
    database.close();
    Xapian::Database(raw).compact(index);
    std::filesystem::remove_all(raw);
}

static Xapian::Query of_words(Xapian::Query::op op, const std::vector<std::string> &words)
{
    return Xapian::Query(op, words.begin(), words.end());
}

static Xapian::Query parse(const std::string &text)
{
    bool phrase = text[0] == '"';
    std::istringstream rest(phrase ? text.substr(1, text.size() - 2) : text);
    std::vector<std::string> must, must_not, should;
    for (std::string word; rest >> word;) {
        auto &list = word[0] == '+' ? must : word[0] == '-' ? must_not : should;
        list.push_back(&list == &should ? word : word.substr(1));
    }
    if (phrase)
        return of_words(Xapian::Query::OP_PHRASE, should);
    if (must.empty())
        return of_words(Xapian::Query::OP_OR, should);
    Xapian::Query query = of_words(Xapian::Query::OP_AND, must);
    if (!should.empty())
        query = Xapian::Query(Xapian::Query::OP_AND_MAYBE, query,
                              of_words(Xapian::Query::OP_OR, should));
    if (!must_not.empty())
        query = Xapian::Query(Xapian::Query::OP_AND_NOT, query,
                              of_words(Xapian::Query::OP_OR, must_not));
    return query;
}

static std::string ids(const Xapian::MSet &matches)
{
    std::string all;
    for (auto match = matches.begin(); match != matches.end(); ++match) {
        const std::string data = match.get_document().get_data();
        all += (all.empty() ? "" : " ") + data.substr(0, data.find('\n'));
    }
    return all;
}

static std::string answer(const Xapian::Database &database, const std::string &command,
                          const std::string &query)
{
    Xapian::Enquire enquire(database);
    enquire.set_query(parse(query));
    if (command == "COUNT") {
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        return std::to_string(
            enquire.get_mset(0, 0, database.get_doccount()).get_matches_estimated());
    }
    bool counts = command.size() > 6 && command.compare(command.size() - 6, 6, "_COUNT") == 0;
    Xapian::doccount k = std::stoul(command.substr(4));
    enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1, 0.75, 0));
    const Xapian::MSet matches = enquire.get_mset(0, k, counts ? database.get_doccount() : 0);
    if (command[0] == 'I')
        return ids(matches);
    return std::to_string(counts ? matches.get_matches_estimated() : matches.size());
}

static void serve(const std::string &index)
{
    using clock = std::chrono::steady_clock;
    const Xapian::Database database(index);
    for (std::string line; std::getline(std::cin, line);) {
        const auto start = clock::now();
        const size_t tab = line.find('\t');
        const std::string answered = answer(database, line.substr(0, tab), line.substr(tab + 1));
        const std::chrono::nanoseconds taken = clock::now() - start;
        std::cout << answered << '\t' << taken.count() << std::endl;
    }
}

int main(int argc, char **argv)
{
    if (argc == 5 && argv[1] == std::string("build"))
        build(argv[2], argv[3]);
    else if (argc == 3 && argv[1] == std::string("serve"))
        serve(argv[2]);
    else
        return 2;
    return 0;
}
