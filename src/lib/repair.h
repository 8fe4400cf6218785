/* Repair, for the files of this folder: repair.c decides and tells, repair_documents.c puts
 * documents back from what is stored of them, repair_files.c from their files. */
#ifndef KW_LIB_REPAIR_H
#define KW_LIB_REPAIR_H

#include "lib/writer.h"

/* What is known of a document of a wreck, and was done about it. */
enum kw_fate {
    KW_FATE_WANTED = 1,   /* named, and not deleted for certain */
    KW_FATE_DOUBTFUL = 2, /* it may be deleted */
    KW_FATE_RESTORED = 4, /* from what is stored, … */
    KW_FATE_BARE = 8,     /* … once files had been read */
};

struct kw_repair {
    struct kwic_writer *writer;
    struct kw_rescue *rescue;
    const struct kwic_repair_options *options;
    struct kwic_repaired done;
    uint8_t **fates;          /* of each wreck's documents, kw_fate */
    uint64_t unnamed;         /* documents without a name, as far as they are to be found yet */
    bool gone_lost;           /* some of what was deleted by hand is not known */
    bool sources_hold;        /* all is known of files that was */
    struct kw_names named;    /* ids of wrecks' documents that are wanted */
    struct kw_names files;    /* to be read again */
    struct kw_names supposed; /* files that must have been documents, though no record tells */
    uint64_t files_read;      /* of `files` */
    uint64_t restored;        /* documents that were added before files were read */
    uint64_t accounted;       /* named documents that came from files */
};

/* Tells the caller (printf) of a document, or of none. */
void kw_repair_tell(const struct kw_repair *repair, enum kwic_repair_event event, struct kw_view id,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Whether the index as it is now holds a live document `id`: *held. KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_repair_held(const struct kw_repair *repair, struct kw_view id, bool *held,
                              struct kw_error *error);

/* Puts a named document of a wreck back if all that is stored of it holds: *whole; with `bare` also
 * if nothing says which size and date its file had. */
enum kw_status kw_repair_restore(struct kw_repair *repair, size_t wreck, uint32_t document,
                                 const struct kw_record *record, bool bare, bool *whole,
                                 struct kw_error *error);

/* Takes what can be read of damaged sources, and adds the files that records name. */
enum kw_status kw_repair_sources(struct kw_repair *repair, struct kw_error *error);
/* If it is lost what was deleted by hand, all that is deleted counts as such, so that reading files
 * again does not bring it back. */
enum kw_status kw_repair_gone(struct kw_repair *repair, struct kw_error *error);

/* Notes that the file `path` is to be read again, if it is there; *there may be NULL. */
enum kw_status kw_repair_want(struct kw_repair *repair, struct kw_view path, bool *there,
                              struct kw_error *error);
/* Reads the files that were noted and were not read yet. */
enum kw_status kw_repair_read(struct kw_repair *repair, struct kw_error *error);
/* Whether a file was read again to its end. */
bool kw_repair_was_read(struct kw_repair *repair, struct kw_view path);

/* Looks for documents without names among the files that are known. */
enum kw_status kw_repair_unnamed(struct kw_repair *repair, struct kw_error *error);

/* Makes sure that a file, of which a document is lost, is read again once it is there. */
enum kw_status kw_repair_missing(struct kw_repair *repair, const struct kw_record *record,
                                 struct kw_error *error);

#endif
