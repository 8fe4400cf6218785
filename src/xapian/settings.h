/* What a Xapian database of kwic's says of itself in its metadata: settings, types of fields,
 * totals, and the file of sources in pieces (kwic-xapian(7)). */
#ifndef KW_XAPIAN_SETTINGS_H
#define KW_XAPIAN_SETTINGS_H

#include "base/value.h"
#include "stemmers/analyzer.h"

#define KW_SETTINGS_KEY "kwic"         /* of the metadata */
#define KW_SOURCES_KEY "kwic-sources-" /* and a piece's number */

enum { KW_SOURCES_PIECE = 1 << 20 }; /* bytes of each but the last */

/* A field with a type. */
struct kw_settings_field {
    struct kw_view name; /* owned by the settings */
    enum kw_value_type type;
    bool asked;
    uint32_t slot; /* of its values */
};

struct kw_settings {
    struct kw_analysis analysis;
    char *base;        /* the base directory: relative to the database's folder, or absolute */
    uint64_t commit;   /* its number, from 1; 0: none yet */
    uint64_t sources;  /* bytes of its sources, 0: none */
    uint64_t passages; /* of its documents … */
    uint64_t text;     /* … and the bytes of their texts */
    struct kw_settings_field *items; /* in byte order of their names */
    size_t count;
    size_t capacity;
};

#define KW_SETTINGS_INIT                                                                           \
    {                                                                                              \
        {0, "", false, KW_RULES_OWN}, NULL, 0, 0, 0, 0, NULL, 0, 0                                 \
    }

void kw_settings_release(struct kw_settings *settings);

/* Reads the settings that a database has as `text`; `where` is what messages call it. KW_E_VERSION
 * (a newer kwic made it), KW_E_DAMAGED, KW_E_MEMORY. They are as KW_SETTINGS_INIT on
 * failure. */
enum kw_status kw_settings_read(struct kw_settings *settings, struct kw_view text,
                                const char *where, struct kw_error *error);

/* Replaces `out` by the text of the settings. A lack of memory marks it failed. */
void kw_settings_write(const struct kw_settings *settings, struct kw_bytes *out);

/* Adds a field at its place; the name is copied. KW_E_MEMORY. */
enum kw_status kw_settings_add(struct kw_settings *settings, struct kw_view name,
                               enum kw_value_type type, bool asked, uint32_t slot,
                               struct kw_error *error);

/* The field of this name, NULL if there is none. Valid until the next one is added. */
struct kw_settings_field *kw_settings_find(const struct kw_settings *settings, struct kw_view name);

#endif
