/* The guard of libxapian_c: whatever is thrown into it comes out as its status, with its texts, and
 * nothing gets past it. C++, since only C++ can throw; guard.cc is linked in by itself. */
#include "xapian/handles.h"

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstring>
#include <functional>
#include <new>
#include <stdexcept>

extern "C" {
#include <cmocka.h>
}

namespace
{

/* Of classes that a later Xapian might bring: known by their nearest base. */
struct NewOpeningError : Xapian::DatabaseOpeningError {
    NewOpeningError() : DatabaseOpeningError("m", "c", "\026NewOpeningError", 0) {}
};
struct NewDatabaseError : Xapian::DatabaseError {
    NewDatabaseError() : DatabaseError("m", "c", "\027NewDatabaseError", 0) {}
};
struct NewNetworkError : Xapian::NetworkError {
    NewNetworkError() : NetworkError("m", "c", "\030NewNetworkError", 0) {}
};
struct NewLogicError : Xapian::LogicError {
    NewLogicError() : LogicError("m", "c", "\031NewLogicError", 0) {}
};
struct NewRuntimeError : Xapian::RuntimeError {
    NewRuntimeError() : RuntimeError("m", "c", "\032NewRuntimeError", 0) {}
};

struct Case {
    xc_status status;
    bool retryable;
    const char *type;
    std::function<void()> thrower;
};

template <class Error> void throw_error()
{
    throw Error("message", "context", 0);
}

/* tests/house/exports holds this table to Xapian's error.h. */
const Case classes[] = {
    {XC_E_ASSERTION, false, "AssertionError", throw_error<Xapian::AssertionError>},
    {XC_E_INVALID_ARGUMENT, false, "InvalidArgumentError",
     throw_error<Xapian::InvalidArgumentError>},
    {XC_E_INVALID_OPERATION, false, "InvalidOperationError",
     throw_error<Xapian::InvalidOperationError>},
    {XC_E_UNIMPLEMENTED, false, "UnimplementedError", throw_error<Xapian::UnimplementedError>},
    {XC_E_DATABASE, false, "DatabaseError", throw_error<Xapian::DatabaseError>},
    {XC_E_DATABASE_CORRUPT, false, "DatabaseCorruptError",
     throw_error<Xapian::DatabaseCorruptError>},
    {XC_E_DATABASE_CREATE, false, "DatabaseCreateError", throw_error<Xapian::DatabaseCreateError>},
    {XC_E_DATABASE_LOCK, true, "DatabaseLockError", throw_error<Xapian::DatabaseLockError>},
    {XC_E_DATABASE_MODIFIED, true, "DatabaseModifiedError",
     throw_error<Xapian::DatabaseModifiedError>},
    {XC_E_DATABASE_OPENING, false, "DatabaseOpeningError",
     throw_error<Xapian::DatabaseOpeningError>},
    {XC_E_DATABASE_VERSION, false, "DatabaseVersionError",
     throw_error<Xapian::DatabaseVersionError>},
    {XC_E_DOC_NOT_FOUND, false, "DocNotFoundError", throw_error<Xapian::DocNotFoundError>},
    {XC_E_FEATURE_UNAVAILABLE, false, "FeatureUnavailableError",
     throw_error<Xapian::FeatureUnavailableError>},
    {XC_E_INTERNAL, false, "InternalError", throw_error<Xapian::InternalError>},
    {XC_E_NETWORK, false, "NetworkError", throw_error<Xapian::NetworkError>},
    {XC_E_NETWORK_TIMEOUT, true, "NetworkTimeoutError", throw_error<Xapian::NetworkTimeoutError>},
    {XC_E_QUERY_PARSER, false, "QueryParserError", throw_error<Xapian::QueryParserError>},
    {XC_E_SERIALISATION, false, "SerialisationError", throw_error<Xapian::SerialisationError>},
    {XC_E_RANGE, false, "RangeError", throw_error<Xapian::RangeError>},
    {XC_E_WILDCARD, false, "WildcardError", throw_error<Xapian::WildcardError>},
    {XC_E_DATABASE_NOT_FOUND, false, "DatabaseNotFoundError",
     throw_error<Xapian::DatabaseNotFoundError>},
    {XC_E_DATABASE_CLOSED, false, "DatabaseClosedError", throw_error<Xapian::DatabaseClosedError>},
};

void each_class_has_its_status(void **)
{
    int expected = -1;
    for (const Case &thrown : classes) {
        xc::Handle handle;
        assert_int_equal(thrown.status, expected--);
        assert_int_equal(xc::guarded(&handle, thrown.thrower), thrown.status);
        assert_int_equal(handle.error.status, thrown.status);
        assert_int_equal(handle.error.retryable, thrown.retryable);
        assert_int_equal(xc_status_retryable(thrown.status), thrown.retryable);
        assert_string_equal(handle.error.type, thrown.type);
        assert_string_equal(handle.error.message, "message");
        assert_string_equal(handle.error.context, "context");
        assert_string_equal(handle.error.system, "");
    }
    assert_int_equal(expected, -23);
}

void unknown_classes_have_that_of_a_base(void **)
{
    const Case cases[] = {
        {XC_E_DATABASE_OPENING, false, "NewOpeningError", [] { throw NewOpeningError(); }},
        {XC_E_DATABASE, false, "NewDatabaseError", [] { throw NewDatabaseError(); }},
        {XC_E_NETWORK, false, "NewNetworkError", [] { throw NewNetworkError(); }},
        {XC_E_LOGIC, false, "NewLogicError", [] { throw NewLogicError(); }},
        {XC_E_RUNTIME, false, "NewRuntimeError", [] { throw NewRuntimeError(); }},
    };
    for (const Case &thrown : cases) {
        xc::Handle handle;
        assert_int_equal(xc::guarded(&handle, thrown.thrower), thrown.status);
        assert_string_equal(handle.error.type, thrown.type);
        assert_string_equal(handle.error.context, "c");
    }
}

struct NoException {
    int number;
};

void all_else_is_caught_too(void **)
{
    const Case cases[] = {
        {XC_E_MEMORY, false, "", [] { throw std::bad_alloc(); }},
        {XC_E_MEMORY, false, "", [] { throw std::bad_array_new_length(); }},
        {XC_E_CALLBACK, false, "", [] { throw xc::Stopped{"why"}; }},
        {XC_E_STANDARD, false, nullptr, [] { throw std::exception(); }},
        {XC_E_STANDARD, false, nullptr, [] { throw std::length_error("what"); }},
        {XC_E_STANDARD, false, nullptr, [] { throw std::out_of_range("what"); }},
        {XC_E_FOREIGN, false, "", [] { throw 42; }},
        {XC_E_FOREIGN, false, "", [] { throw "text"; }},
        {XC_E_FOREIGN, false, "", [] { throw NoException{1}; }},
        {XC_E_FOREIGN, false, "", [] { throw nullptr; }},
    };
    for (const Case &thrown : cases) {
        xc::Handle handle;
        assert_int_equal(xc::guarded(&handle, thrown.thrower), thrown.status);
        assert_int_equal(handle.error.status, thrown.status);
        assert_int_equal(handle.error.retryable, false);
        assert_true(std::strlen(handle.error.message) > 0);
        if (thrown.type)
            assert_string_equal(handle.error.type, thrown.type);
    }
}

void words_of_the_system_are_kept(void **)
{
    xc::Handle handle;
    assert_int_equal(
        xc::guarded(&handle, [] { throw Xapian::DatabaseLockError("locked", "db", EACCES); }),
        XC_E_DATABASE_LOCK);
    assert_string_equal(handle.error.system, std::strerror(EACCES));
    xc::guarded(&handle, [] { throw Xapian::NetworkError("gone", "db", -100000); });
    assert_string_equal(handle.error.message, "gone");
    /* A success leaves the last failure. */
    assert_int_equal(xc::guarded(&handle, [] {}), XC_OK);
    assert_int_equal(handle.error.status, XC_E_NETWORK);
    assert_int_equal(xc::guard(&handle, [] { return XC_END; }), XC_END);
}

void a_callback_lets_nothing_out(void **)
{
    xc::Handle handle;
    assert_int_equal(xc::guarded(&handle, [] { xc::call_out([]() -> int { throw 1; }); }),
                     XC_E_CALLBACK);
    assert_string_equal(handle.error.message, "a callback let an exception out");
    assert_int_equal(xc::guarded(&handle, [] { xc::call_out([] { return -7; }); }), XC_E_CALLBACK);
    assert_int_equal(
        xc::guarded(&handle, [] { assert_int_equal(xc::call_out([] { return 7; }), 7); }), XC_OK);
}

/* An iteration that failed once stays failed, and is never taken for one that ended. */
void a_failed_iteration_stays_failed(void **)
{
    xc::Walk<Xapian::PositionIterator> walk;
    int runs = 0;
    auto fail = [&]() -> xc_status {
        runs++;
        throw Xapian::DatabaseModifiedError("m");
    };
    assert_int_equal(walk.next([] {}), XC_END);
    walk.start([] { return Xapian::PositionIterator(); });
    assert_int_equal(walk.moved(fail), XC_E_DATABASE_MODIFIED);
    assert_int_equal(walk.next([] {}), XC_E_DATABASE_MODIFIED);
    assert_int_equal(walk.looked([] {}), XC_E_INVALID_OPERATION);
    assert_int_equal(walk.moved(fail), XC_E_DATABASE_MODIFIED);
    assert_int_equal(runs, 1);
    walk.start([] { return Xapian::PositionIterator(); });
    assert_int_equal(walk.next([] {}), XC_END);
}

struct CostlyToMake {
    CostlyToMake()
    {
        throw std::bad_alloc();
    }
};

void a_handle_that_cannot_be_made_is_null(void **)
{
    assert_null(xc::made<CostlyToMake>());
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(each_class_has_its_status),
        cmocka_unit_test(unknown_classes_have_that_of_a_base),
        cmocka_unit_test(all_else_is_caught_too),
        cmocka_unit_test(words_of_the_system_are_kept),
        cmocka_unit_test(a_callback_lets_nothing_out),
        cmocka_unit_test(a_failed_iteration_stays_failed),
        cmocka_unit_test(a_handle_that_cannot_be_made_is_null),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
