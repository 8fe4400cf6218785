/* Callbacks of C behind the classes that Xapian calls. C++. What a callback answers is read after
 * it has returned, so that only frames of C++ are ever unwound. */
#ifndef XC_CALLS_H
#define XC_CALLS_H

#include "xapian/handles.h"

namespace xc
{

class CallDecider final : public Xapian::MatchDecider
{
    const xc_decider &decider;

  public:
    explicit CallDecider(const xc_decider &given) : decider(given) {}

    bool operator()(const Xapian::Document &found) const override
    {
        xc_document document(found);
        return call_out([&] { return decider.accept(decider.data, &document); }) > 0;
    }
};

class CallExpandDecider final : public Xapian::ExpandDecider
{
    int (*accept)(void *data, xc_text term);
    void *data;

  public:
    CallExpandDecider(int (*call)(void *, xc_text), void *given) : accept(call), data(given) {}

    bool operator()(const std::string &term) const override
    {
        return call_out([&] { return accept(data, {term.data(), term.size()}); }) > 0;
    }
};

class CallSpy final : public Xapian::MatchSpy
{
    int (*see)(void *data, xc_document *document, double weight);
    void *data;

  public:
    CallSpy(int (*call)(void *, xc_document *, double), void *given) : see(call), data(given) {}

    void operator()(const Xapian::Document &found, double weight) override
    {
        xc_document document(found);
        call_out([&] { return see(data, &document, weight); });
    }
};

class CallKeyMaker final : public Xapian::KeyMaker
{
    int (*make)(void *data, xc_document *document, xc_text *key);
    void *data;

  public:
    CallKeyMaker(int (*call)(void *, xc_document *, xc_text *), void *given)
        : make(call), data(given)
    {
    }

    std::string operator()(const Xapian::Document &found) const override
    {
        xc_text key = {"", 0};
        xc_document document(found);
        call_out([&] { return make(data, &document, &key); });
        return string(key);
    }
};

/* Each copy runs on one shard. */
class CallSource final : public Xapian::PostingSource
{
    xc_source_calls calls;
    xc_source_bounds bounds = {0, 0, 0, 0};
    xc_database shard;
    void *run = nullptr;
    bool running = false;
    Xapian::docid current = 0; /* 0 before the first */
    double weight = 0;
    bool ended = false;

    void stop() noexcept;
    void seek(Xapian::docid from, double weight_min);

  public:
    explicit CallSource(const xc_source_calls &given) : calls(given) {}
    ~CallSource() override
    {
        stop();
    }

    void init(const Xapian::Database &database) override;
    void next(double weight_min) override;
    void skip_to(Xapian::docid docid, double weight_min) override;

    PostingSource *clone() const override
    {
        return new CallSource(calls);
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return bounds.documents_min;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return bounds.documents_likely;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return bounds.documents_max;
    }
    double get_weight() const override
    {
        return weight;
    }
    Xapian::docid get_docid() const override
    {
        return current;
    }
    bool at_end() const override
    {
        return ended;
    }
    std::string get_description() const override
    {
        return "xc_source_calls";
    }
};

} // namespace xc

#endif
