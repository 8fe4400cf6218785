/* The writer of a Xapian database, for the files of this folder: writer_open.c opens it,
 * xapian_writer.c writes. */
#ifndef KW_XAPIAN_WRITER_STATE_H
#define KW_XAPIAN_WRITER_STATE_H

#include "engine/writer.h"
#include "xapian/maker.h"
#include "xapian/opening.h"
#include "xapian/settings.h"

struct kw_xapian_writer {
    struct kw_engine_writer door;
    char *where; /* as it was named; the place points into it */
    struct kw_xapian_place place;
    char *folder; /* absolute, without symbolic links; NULL: remote, or a stub file */
    char *base;   /* absolute */
    struct xc_database *database;
    struct xc_document *document; /* scratch */
    struct xc_postings *postings; /* scratch */
    bool open;                    /* and in a transaction */
    bool made;                    /* what is in the folder is this writer's … */
    bool made_folder;             /* … and so is the folder */
    bool changed;                 /* since the last commit */
    struct kw_settings settings;  /* of the last commit, but for its totals */
    struct kw_field_types types;
    struct {
        uint32_t *items; /* by number of a type's name */
        size_t count;
        size_t capacity;
    } slots;
    struct kw_analyzer *analyzer;
    struct kw_maker maker;
    struct kw_misfits misfits; /* of the last document */
    struct kw_searched searched;
    struct kw_sources *sources; /* of the last commit; NULL: none. They may not be moved */
    struct kw_names removed;    /* ids that were there when it began, and were deleted since */
    uint32_t before;            /* the last docid when it began: its own documents are behind it */
    uint64_t added;
    uint64_t words;
    uint64_t closed;       /* batches of input since the last commit … */
    uint64_t input;        /* … and bytes of the one at hand */
    struct kw_bytes key;   /* scratch: a term */
    struct kw_bytes shown; /* the path last handed out */
};

/* Records what the database says of its last call, which failed. */
static inline enum kw_status kw_xapian_writer_failed(const struct kw_xapian_writer *writer,
                                                     struct kw_error *error)
{
    return kw_xapian_fail(error, xc_database_error(writer->database), writer->where);
}

/* Opens what writer->where names. Errors as kw_xapian_writer_new. */
enum kw_status kw_xapian_writer_open(struct kw_xapian_writer *writer,
                                     const struct kw_writer_options *options,
                                     struct kw_error *error);

/* Gives up what is not committed, closes the database and removes one that was made for nothing. */
void kw_xapian_writer_close(struct kw_xapian_writer *writer);

/* Gives the fields that have none yet their slots. KW_E_MEMORY. */
enum kw_status kw_xapian_writer_slots(struct kw_xapian_writer *writer, struct kw_error *error);

#endif
