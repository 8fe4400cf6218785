/* A disk that may lose its power: what a program did to the files below one folder, and the states
 * that a cut may leave of it.
 *
 * The model is that of POSIX at its least: what was written to a file is safe once the file was
 * synced, its name once its folder was. Of the rest any part may be there: each piece of a page of
 * a write, each change of a folder, in any order, a piece torn at a sector, a size that was set
 * without the bytes (which read as zeros then). Only a rename is whole or not there at all. See
 * T. S. Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014. */
#ifndef TESTS_CRASH_DISK_H
#define TESTS_CRASH_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum disk_kind {
    DISK_CREATE, /* of `name`, which is `file` now */
    DISK_FOLDER, /* `name` was made as a folder */
    DISK_RENAME, /* `name` to `target` */
    DISK_REMOVE, /* of `name` */
    DISK_WRITE,  /* of `size` bytes at `offset` of `file` */
    DISK_RESIZE, /* of `file` to `size` */
    DISK_SYNC_FILE,
    DISK_SYNC_FOLDER, /* `name`; "" is the folder that is watched */
    DISK_BEGIN,       /* of the commit `size` */
    DISK_DONE,        /* the commit `size` was reported as done */
};

enum { DISK_NAME = 80 };

struct disk_event {
    enum disk_kind kind;
    char name[DISK_NAME]; /* below the folder that is watched */
    char target[DISK_NAME];
    size_t file; /* files are numbered as they are created */
    uint64_t offset;
    uint64_t size;
    uint8_t *data;
};

struct disk_log {
    struct disk_event *events;
    size_t count;
    size_t capacity;
    size_t files;
};

/* ---- recorder.c --------------------------------------------------------------------------- */

/* Which syncs are left out, to see that they are missed: they are reported as done. */
enum disk_omission {
    DISK_OMIT_NOTHING,
    DISK_OMIT_FILES,
    DISK_OMIT_FOLDERS,
    DISK_OMIT_MANIFEST, /* the manifest's alone */
    DISK_OMIT_PARENT,   /* of the folder that is watched alone */
};

/* Begins to take down what this program does below `folder`, an absolute path without symbolic
 * links; `log` must be empty. One at a time. */
void disk_record(struct disk_log *log, const char *folder, enum disk_omission omission);
/* Takes down the beginning or the end of a commit. */
void disk_mark(enum disk_kind kind, uint64_t commit);
void disk_record_end(void);
void disk_log_release(struct disk_log *log);

/* ---- disk.c ------------------------------------------------------------------------------- */

struct disk; /* what is on it and what may be, after some events */

struct disk *disk_new(const struct disk_log *log);
void disk_free(struct disk *disk);

/* Goes on to the next event; false after the last. */
bool disk_step(struct disk *disk);
/* The last commit reported as done, and one that was begun after it (else the same). */
void disk_commits(const struct disk *disk, uint64_t *done, uint64_t *begun);
/* What a cut could undo of what the state picked last has, in pieces of files and changes of
 * folders.
 */
size_t disk_pending(const struct disk *disk);

/* Picks a state that a cut may leave now: the one with all that was done (`which` 0), the one with
 * nothing that is not safe (1), or one at random (others). Returns its hash. */
uint64_t disk_cut(struct disk *disk, uint64_t which, uint64_t *random);
/* Makes the state picked last in `folder`, which disk_make alone writes to, or is empty
 * (`afresh`). */
void disk_make(struct disk *disk, const char *folder, bool afresh);
/* Whether `folder` holds exactly what the state picked last does. */
bool disk_equal(const struct disk *disk, const char *folder);

/* Removes what is in `folder`. */
void disk_clear(const char *folder);

/* A number, the next of the series that *state stands for (splitmix64). */
uint64_t disk_random(uint64_t *state);

#endif
