/* The engine of Xapian databases, as its files share it. What kwic wrote there (schema.h), or
 * another program (foreign.h), is searched by kwic's own ranker: Xapian finds the documents that
 * can match, and an excerpt of their postings (index/excerpt.h) is ranked as a segment of our own
 * is. */
#ifndef KW_XAPIAN_READER_H
#define KW_XAPIAN_READER_H

#include "engine/engine.h"
#include "engine/names.h"
#include "xapian/ids.h"
#include "xapian/opening.h"
#include "xapian/settings.h"
#include "xapian/shards.h"
#include "xapian/stored.h"
#include "xapian/xapian_c.h"

/* A document that was read. */
struct kw_xapian_document {
    uint32_t docid; /* 0: none */
    struct kw_bytes data;
    struct kw_stored stored; /* points into it */
};

/* What all documents have of a field together. */
struct kw_xapian_lengths {
    struct kw_view field;
    uint64_t documents; /* that have words in it */
    uint64_t words;
    uint32_t bits; /* that are set in the length of any of them; of the text: none */
};

/* Fields and languages by the terms that there are, over all shards. */
struct kw_xapian_names {
    bool read;
    struct {
        struct kw_engine_field *items; /* typed ones first */
        size_t count;
        size_t capacity;
    } fields;
    struct {
        struct kw_view *items;
        size_t count;
        size_t capacity;
    } languages;
    struct kw_names known; /* all that there ever were: those of earlier ones may be in use */
};

struct kw_xapian {
    struct kw_engine door;
    struct xc_database *database; /* all that `shards` has, as one */
    struct kw_shards shards;
    char *where;                  /* as it was named */
    struct kw_xapian_place place; /* in it */
    char *folder;                 /* absolute; NULL: none of its own, or on another machine */
    char *base_directory;         /* absolute */
    struct kw_settings settings;
    struct kw_sources sources; /* read when they are asked for */
    bool has_sources;
    bool stale;                  /* what was open is no longer there … */
    int silent;                  /* … or this shard did not answer (KW_NO_SHARD: none): see
                                    kw_xapian_renew */
    int mended;                  /* the shard that was connected to anew for the work at hand */
    bool slow;                   /* it took too long */
    struct kw_error silence;     /* what it failed with */
    bool served;                 /* some of it by servers: what is asked may be a trip */
    struct xc_mset *frequencies; /* of terms that were asked for together; NULL: of none */
    struct {
        struct kw_xapian_lengths *items; /* those that were asked for */
        size_t count;
        size_t capacity;
        struct kw_arena arena;
    } lengths;
    struct kw_ids ids;           /* for ordering */
    enum kw_status order_status; /* of what ordering could not tell at once */
    struct kw_error order_error;
    struct kw_xapian_names names;
    struct kw_xapian_document shown; /* whose record was handed out last */
    struct kw_xapian_document other; /* any other one */
    struct kw_foreign *foreign;      /* another program made it (foreign.h); NULL: kwic did */
};

static inline struct kw_xapian *kw_xapian_of(struct kw_engine *engine)
{
    return (struct kw_xapian *)engine;
}

/* Records what a handle of libxapian_c failed with, which is not NULL, and gives its status; notes
 * if the database has to be reopened, and which server did not answer. */
enum kw_status kw_xapian_failed(struct kw_xapian *xapian, const struct xc_error *cause,
                                struct kw_error *error);
/* The op of engine.h. If the database was changed by its writer, it is reopened. If a server had
 * closed the connection, as they do to who is idle, that is made anew, once; one that still does
 * not answer, or is too slow, is lost under the option `partial`, and a failure without. */
enum kw_status kw_xapian_renew(struct kw_xapian *xapian, unsigned tries, bool alone, bool *renewed,
                               struct kw_error *error);

/* Whether servers have documents that kwic wrote: they are asked about all of them at once. */
static inline bool kw_xapian_is_served(const struct kw_xapian *xapian)
{
    return xapian->served && !xapian->foreign;
}

/* Makes `term` the database's term for one of a plan, or number `number` of several, from 0, any of
 * which stands for it; false if there are no more, or none: it is a stem of another language. A
 * lack of memory marks `term` failed. */
bool kw_xapian_term(const struct kw_xapian *xapian, struct kw_view field, struct kw_view language,
                    struct kw_view bytes, unsigned number, struct kw_bytes *term);

/* What a document's length in Xapian is divided by. */
uint32_t kw_xapian_length_unit(const struct kw_xapian *xapian);

/* How many documents have a term. */
enum kw_status kw_xapian_frequency(struct kw_xapian *xapian, const struct kw_bytes *term,
                                   uint64_t *documents, struct kw_error *error);

/* What there is of a field, "" being the text; read once. *lengths is valid until the next call. */
enum kw_status kw_xapian_lengths(struct kw_xapian *xapian, struct kw_view field,
                                 const struct kw_xapian_lengths **lengths, struct kw_error *error);

/* The slot of a field's values. */
uint32_t kw_xapian_slot(const struct kw_xapian *xapian, struct kw_view field);

static inline struct xc_text kw_xapian_text(struct kw_view view)
{
    return (struct xc_text){view.data ? (const char *)view.data : "", view.size};
}
static inline struct kw_view kw_xapian_view(struct xc_text text)
{
    return (struct kw_view){(const uint8_t *)text.data, text.size};
}

#endif
