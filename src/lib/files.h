/* Reading the files that a foreign index names, for the passages of its documents. */
#ifndef KW_LIB_FILES_H
#define KW_LIB_FILES_H

#include "engine/foreign.h"
#include "lib/kwic.h"

struct kw_html;

/* The helpers that read files, each started when it is needed. Zeroed is none. */
struct kw_files {
    struct kw_html *html;
    struct kw_html *mail;
    void (*remark)(void *context, const char *message);
    void *context;
};

/* What an engine is lent, for as long as `files` lives; `foreign` may be NULL. */
struct kw_foreign_options kw_files_options(struct kw_files *files,
                                           const struct kwic_foreign *foreign);
void kw_files_release(struct kw_files *files);

#endif
