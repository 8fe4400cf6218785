/* Remarks: how sources and walks tell the caller of what they pass over. */
#ifndef KW_INGEST_WARN_H
#define KW_INGEST_WARN_H

/* Formats a message of at most 1,000 bytes, replaces its control characters by '?' (file names and
 * quoted input must not steer a terminal) and hands it to `warn`, if that is not NULL. */
void kw_warn(void (*warn)(void *context, const char *message), void *context, const char *format,
             ...) __attribute__((format(printf, 3, 4)));

#endif
