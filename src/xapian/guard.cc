/* What a failure is called: from the class of an exception to a status and its texts. */
#include "xapian/handles.h"

#include <new>
#include <string_view>
#include <typeinfo>

namespace
{

struct Name {
    xc_status status;
    const char *constant;
    const char *type; /* as Xapian::Error::get_type() says, or NULL */
};

const Name names[] = {
    {XC_OK, "XC_OK", nullptr},
    {XC_END, "XC_END", nullptr},
    {XC_E_ASSERTION, "XC_E_ASSERTION", "AssertionError"},
    {XC_E_INVALID_ARGUMENT, "XC_E_INVALID_ARGUMENT", "InvalidArgumentError"},
    {XC_E_INVALID_OPERATION, "XC_E_INVALID_OPERATION", "InvalidOperationError"},
    {XC_E_UNIMPLEMENTED, "XC_E_UNIMPLEMENTED", "UnimplementedError"},
    {XC_E_DATABASE, "XC_E_DATABASE", "DatabaseError"},
    {XC_E_DATABASE_CORRUPT, "XC_E_DATABASE_CORRUPT", "DatabaseCorruptError"},
    {XC_E_DATABASE_CREATE, "XC_E_DATABASE_CREATE", "DatabaseCreateError"},
    {XC_E_DATABASE_LOCK, "XC_E_DATABASE_LOCK", "DatabaseLockError"},
    {XC_E_DATABASE_MODIFIED, "XC_E_DATABASE_MODIFIED", "DatabaseModifiedError"},
    {XC_E_DATABASE_OPENING, "XC_E_DATABASE_OPENING", "DatabaseOpeningError"},
    {XC_E_DATABASE_VERSION, "XC_E_DATABASE_VERSION", "DatabaseVersionError"},
    {XC_E_DOC_NOT_FOUND, "XC_E_DOC_NOT_FOUND", "DocNotFoundError"},
    {XC_E_FEATURE_UNAVAILABLE, "XC_E_FEATURE_UNAVAILABLE", "FeatureUnavailableError"},
    {XC_E_INTERNAL, "XC_E_INTERNAL", "InternalError"},
    {XC_E_NETWORK, "XC_E_NETWORK", "NetworkError"},
    {XC_E_NETWORK_TIMEOUT, "XC_E_NETWORK_TIMEOUT", "NetworkTimeoutError"},
    {XC_E_QUERY_PARSER, "XC_E_QUERY_PARSER", "QueryParserError"},
    {XC_E_SERIALISATION, "XC_E_SERIALISATION", "SerialisationError"},
    {XC_E_RANGE, "XC_E_RANGE", "RangeError"},
    {XC_E_WILDCARD, "XC_E_WILDCARD", "WildcardError"},
    {XC_E_DATABASE_NOT_FOUND, "XC_E_DATABASE_NOT_FOUND", "DatabaseNotFoundError"},
    {XC_E_DATABASE_CLOSED, "XC_E_DATABASE_CLOSED", "DatabaseClosedError"},
    {XC_E_LOGIC, "XC_E_LOGIC", nullptr},
    {XC_E_RUNTIME, "XC_E_RUNTIME", nullptr},
    {XC_E_MEMORY, "XC_E_MEMORY", nullptr},
    {XC_E_CALLBACK, "XC_E_CALLBACK", nullptr},
    {XC_E_STANDARD, "XC_E_STANDARD", nullptr},
    {XC_E_FOREIGN, "XC_E_FOREIGN", nullptr},
};

/* By the name of the class; a class that has been added since is known by `nearest`, the nearest of
 * its bases. */
xc_status status_of(const Xapian::Error &error, xc_status nearest)
{
    std::string_view type = error.get_type();
    for (const Name &name : names)
        if (name.type && type == name.type)
            return name.status;
    return nearest;
}

xc::Failure texts_of(const Xapian::Error &error)
{
    const char *system = error.get_error_string();
    return {error.get_type(), error.get_msg(), error.get_context(), system ? system : ""};
}

} // namespace

namespace xc
{

/* Throws where there is no memory for the texts; the status stands by then. */
void Handle::keep(xc_status status, Failure &&found)
{
    failure.reset();
    error = {status, xc_status_retryable(status), "", "", "", ""};
    failure = std::make_unique<Failure>(std::move(found));
    error.type = failure->type.c_str();
    error.message = failure->message.c_str();
    error.context = failure->context.c_str();
    error.system = failure->system.c_str();
}

xc_status Handle::no_item() noexcept
{
    return guarded(this, [] { throw Xapian::InvalidOperationError("there is no current item"); });
}

xc_status Handle::fail() noexcept
{
    xc_status status = XC_E_FOREIGN;
    try {
        try {
            throw;
        } catch (const Xapian::DatabaseOpeningError &caught) {
            status = status_of(caught, XC_E_DATABASE_OPENING);
            keep(status, texts_of(caught));
        } catch (const Xapian::DatabaseError &caught) {
            status = status_of(caught, XC_E_DATABASE);
            keep(status, texts_of(caught));
        } catch (const Xapian::NetworkError &caught) {
            status = status_of(caught, XC_E_NETWORK);
            keep(status, texts_of(caught));
        } catch (const Xapian::LogicError &caught) {
            status = status_of(caught, XC_E_LOGIC);
            keep(status, texts_of(caught));
        } catch (const Xapian::Error &caught) {
            status = status_of(caught, XC_E_RUNTIME);
            keep(status, texts_of(caught));
        } catch (const Stopped &caught) {
            status = XC_E_CALLBACK;
            keep(status, {"", caught.why, "", ""});
        } catch (const std::bad_alloc &) {
            status = XC_E_MEMORY;
            keep(status, {"", "out of memory", "", ""});
        } catch (const std::exception &caught) {
            status = XC_E_STANDARD;
            keep(status, {typeid(caught).name(), caught.what(), "", ""});
        } catch (...) {
            keep(status,
                 {"", "something that is no exception of C++'s library was thrown", "", ""});
        }
    } catch (...) {
        failure.reset();
        error = {status, xc_status_retryable(status), "", "", "", ""};
    }
    return status;
}

} // namespace xc

const char *xc_status_name(enum xc_status status) noexcept
{
    for (const Name &name : names)
        if (name.status == xc::number(status))
            return name.constant;
    return "unknown status";
}

bool xc_status_retryable(enum xc_status status) noexcept
{
    int number = xc::number(status);
    return number == XC_E_DATABASE_LOCK || number == XC_E_DATABASE_MODIFIED ||
           number == XC_E_NETWORK_TIMEOUT;
}

const char *xc_xapian_version(void) noexcept
{
    return Xapian::version_string();
}
