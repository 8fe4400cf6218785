/* What the handles of xapian_c.h hold, and the one guard that every call of it runs in. C++. */
#ifndef XC_HANDLES_H
#define XC_HANDLES_H

#include "xapian/xapian_c.h"

#include <xapian.h>

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace xc
{

/* The texts of a failure, which Handle::error points to. */
struct Failure {
    std::string type;
    std::string message;
    std::string context;
    std::string system;
};

/* Thrown where a callback asks to stop; callbacks themselves let nothing out. */
struct Stopped {
    const char *why;
};

struct Handle {
    std::string text; /* what a call lent last */
    std::unique_ptr<Failure> failure;
    xc_error error = {XC_OK, false, "", "", "", ""};

    /* Within a catch: keeps what is being handled, and gives its status. */
    [[gnu::cold]] xc_status fail() noexcept;
    /* Fails for want of an item to look at. */
    [[gnu::cold]] xc_status no_item() noexcept;

    void keep(xc_status status, Failure &&found);

    xc_text lend(std::string &&given)
    {
        text = std::move(given);
        return {text.data(), text.size()};
    }
};

/* The guard: runs `work`, which gives a status, and lets nothing out. It costs nothing where
 * nothing is thrown. */
template <class Work> inline xc_status guard(Handle *handle, Work &&work) noexcept
{
    try {
        return work();
    } catch (...) {
        return handle->fail();
    }
}

/* The guard around `work` that gives nothing: XC_OK if it comes to its end. */
template <class Work> inline xc_status guarded(Handle *handle, Work &&work) noexcept
{
    return guard(handle, [&] {
        work();
        return XC_OK;
    });
}

/* Lends what `work` gives, which is a string, in `*out`. */
template <class Work> inline xc_status lent(Handle *handle, xc_text *out, Work &&work) noexcept
{
    return guarded(handle, [&] { *out = handle->lend(work()); });
}

/* A new handle, or NULL where memory is out. */
template <class T> inline T *made() noexcept
{
    T *handle = nullptr;
    Handle none;
    guarded(&none, [&] { handle = new T; });
    return handle;
}

inline std::string string(xc_text text)
{
    return std::string(text.data ? text.data : "", text.size);
}

/* The number of an enum that a caller of C gave, which may be none of it. */
template <class Enum> inline int number(const Enum &given)
{
    static_assert(sizeof(Enum) == sizeof(int), "an enum of C is an int");
    int value;
    std::memcpy(&value, &given, sizeof value);
    return value;
}

/* Calls a callback and lets nothing out of it but Stopped. */
template <class Call> inline int call_out(Call &&call)
{
    int answer;
    try {
        answer = call();
    } catch (...) {
        throw Stopped{"a callback let an exception out"};
    }
    if (answer < 0)
        throw Stopped{"a callback asked to stop"};
    return answer;
}

/* An iteration: where one of Xapian's iterators stands, and what became of it. */
template <class Iterator> struct Walk : Handle {
    enum State { START, AT_ITEM, ENDED, FAILED };

    Iterator at;
    State state = ENDED;
    xc_status failed = XC_OK;

    /* Starts at what `first` gives. What was iterated over goes first: its memory is used again,
     * and if this fails the iteration is at its end. */
    template <class First> void start(First &&first)
    {
        at = Iterator();
        state = ENDED;
        at = first();
        state = START;
    }

    /* Moves to the next item, if there is one, for `take`; a failed iteration stays failed. Most
     * calls are this one, and looked(): what seldom happens is kept out of them. */
    template <class Take> xc_status next(Take &&take) noexcept
    {
        try {
            if (__builtin_expect(state == AT_ITEM, 1))
                ++at;
            else if (state == START)
                state = AT_ITEM;
            else
                return state == ENDED ? XC_END : failed;
            if (__builtin_expect(at == Iterator(), 0)) {
                state = ENDED;
                return XC_END;
            }
            take();
            return XC_OK;
        } catch (...) {
            state = FAILED;
            return failed = fail();
        }
    }

    /* Moves over up to `most` items and hands each to `take` with its number; `done` counts them.
     * The state is kept out of the loop: XC_OK or XC_END. */
    template <class Take> xc_status read(size_t most, size_t &done, Take &&take)
    {
        const Iterator end;
        size_t number = 0;
        if (most == 0)
            return XC_OK;
        if (state == ENDED)
            return XC_END;
        if (state == AT_ITEM)
            ++at;
        while (at != end) {
            take(number);
            done = ++number;
            if (number == most) {
                state = AT_ITEM;
                return XC_OK;
            }
            ++at;
        }
        state = ENDED;
        return number > 0 ? XC_OK : XC_END;
    }

    template <class Where> bool skip_to(const Where &where)
    {
        if (state == ENDED)
            return false;
        if (at != Iterator())
            at.skip_to(where);
        state = at == Iterator() ? ENDED : AT_ITEM;
        return state == AT_ITEM;
    }

    /* The guard around a move: a failed iteration stays failed. */
    template <class Work> xc_status moved(Work &&work) noexcept
    {
        if (state == FAILED)
            return failed;
        xc_status status = guard(this, work);
        if (status < 0) {
            state = FAILED;
            failed = status;
        }
        return status;
    }

    /* The guard around a look at the current item. */
    template <class Work> xc_status looked(Work &&work) noexcept
    {
        return __builtin_expect(state == AT_ITEM, 1) ? guarded(this, work) : no_item();
    }
};

} // namespace xc

struct xc_database : xc::Handle {
    Xapian::Database shards;         /* all of them, for reading */
    Xapian::WritableDatabase writer; /* the same shards, if `writable` */
    bool writable = false;

    /* The writer; throws if there is none. */
    Xapian::WritableDatabase &to_write()
    {
        if (!writable)
            throw Xapian::InvalidOperationError("the database is not open for writing");
        return writer;
    }
};

struct xc_document : xc::Handle {
    Xapian::Document document;

    xc_document() = default;
    /* What a callback is handed: Xapian may have the document itself on the stack, so that no copy
     * of it may outlive the call. */
    explicit xc_document(const Xapian::Document &found) : document(found) {}
};

struct xc_postings : xc::Walk<Xapian::PostingIterator> {
};

struct xc_positions : xc::Walk<Xapian::PositionIterator> {
};

struct xc_terms : xc::Walk<Xapian::TermIterator> {
};

struct xc_values : xc::Walk<Xapian::ValueIterator> {
    bool by_docid = false; /* of a slot, not of a document */
};

struct xc_query : xc::Handle {
    Xapian::Query query;
};

struct xc_mset : xc::Handle {
    Xapian::MSet mset;
};

struct xc_eset : xc::Handle {
    Xapian::ESet eset;
};

struct xc_rset : xc::Handle {
    Xapian::RSet rset;
};

struct xc_spy : xc::Handle {
    std::shared_ptr<Xapian::MatchSpy> spy;
    Xapian::ValueCountMatchSpy *counts = nullptr; /* `spy`, if it counts values */
};

struct xc_keys : xc::Handle {
    struct Value {
        Xapian::valueno slot;
        bool reverse;
        std::string other;
    };
    std::vector<Value> values;
    int (*make)(void *data, struct xc_document *document, struct xc_text *key) = nullptr;
    void *data = nullptr;

    std::shared_ptr<Xapian::KeyMaker> key_maker() const;
};

struct xc_enquire : xc::Handle {
    /* What `started` keeps pointers to. */
    std::shared_ptr<Xapian::KeyMaker> key_maker;
    std::vector<std::shared_ptr<Xapian::MatchSpy>> spies;
    std::optional<Xapian::Enquire> started;

    Xapian::Enquire &enquire()
    {
        if (!started)
            throw Xapian::InvalidOperationError("the enquire has no database yet");
        return *started;
    }
};

static_assert(sizeof(Xapian::docid) == 4 && sizeof(Xapian::termpos) == 4 &&
                  sizeof(Xapian::termcount) == 4,
              "this libxapian was built with other integers than xapian_c.h has");

#endif
