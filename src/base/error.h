/* Statuses and messages: how every floor says what went wrong.
 *
 * A function that can fail returns an enum kw_status and takes a `struct kw_error *` last, which
 * may be NULL. On failure it fills that error once, at the place that knows the cause; callers hand
 * the status on. Misuse leaves all state as it was. */
#ifndef KW_BASE_ERROR_H
#define KW_BASE_ERROR_H

/* The numbers equal those of enum kwic_status in kwic.h (src/lib asserts it) and never change. */
enum kw_status {
    KW_OK = 0,
    KW_END = 1,            /* an iterator has no more; not a failure */
    KW_E_USAGE = -1,       /* the caller asked for something that makes no sense */
    KW_E_IO = -2,          /* the system refused: open, read, write, rename, … */
    KW_E_MEMORY = -3,      /* out of memory */
    KW_E_NO_INDEX = -4,    /* no index there, or not an index */
    KW_E_LOCKED = -5,      /* another process is writing to the index */
    KW_E_DAMAGED = -6,     /* a checksum or cross-reference of the index does not hold */
    KW_E_VERSION = -7,     /* the index is of a newer or too old format or analysis */
    KW_E_NOT_FOUND = -8,   /* no such document, term or passage */
    KW_E_INTERRUPTED = -9, /* the caller asked to stop */
    KW_E_SYNTAX = -10,     /* a query that does not parse, in strict mode */
    KW_E_INPUT = -11,      /* input that cannot be read as what it claims to be */
};

struct kw_error {
    enum kw_status status;
    char message[1000]; /* lower case, no full stop, subject quoted */
    char hint[300];     /* what to do next, or empty */
};

#define KW_ERROR_INIT                                                                              \
    {                                                                                              \
        KW_OK, "", ""                                                                              \
    }

/* Records `status` and the formatted message in `error` (if not NULL) and returns `status`. */
enum kw_status kw_fail(struct kw_error *error, enum kw_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As kw_fail with KW_E_IO (KW_E_MEMORY for ENOMEM), with ": " and the text of errno behind the
 * message. */
enum kw_status kw_fail_errno(struct kw_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As kw_fail with KW_E_MEMORY and a fixed message. */
enum kw_status kw_fail_memory(struct kw_error *error);

/* Adds a hint line to a recorded error; does nothing if `error` is NULL. */
void kw_hint(struct kw_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
