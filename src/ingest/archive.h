/* Archives and compressed files by way of a helper program, kwic-archive: libarchive reads files of
 * unknown origin, so it does that in a process of its own that can be bounded and may die.
 *
 * The protocol. The helper's standard input is the file or stream, its standard output a socket. It
 * takes one request from the socket: u32 size, and so many bytes that stand before those that its
 * input has left (a stream's that were looked at). Then it sends frames until the end; all integers
 * are little-endian:
 *   u8 kind, u32 size of the contents, u64 compressed bytes read so far, the contents
 * The kinds are enum kw_frame. A member's data is at most KW_FRAME_BYTES a frame. */
#ifndef KW_INGEST_ARCHIVE_H
#define KW_INGEST_ARCHIVE_H

#include "base/bytes.h"

enum {
    KW_FRAME_HEAD = 13,
    KW_FRAME_BYTES = 65536, /* of contents, at most */
    KW_ARCHIVE_NEAR = 512,  /* bytes that kw_archive_begins looks at */
    KW_MEMBER_PATH = 4096,  /* bytes of a member's path, at most */
};

enum kw_frame {
    KW_FRAME_FILE = 'c',     /* what follows is one compressed file, no archive */
    KW_FRAME_MEMBER = 'm',   /* a member begins: i64 seconds since 1970 or INT64_MIN, its path */
    KW_FRAME_DATA = 'd',     /* of the member */
    KW_FRAME_WHOLE = 'e',    /* the member was read to its end, and its checksum is right */
    KW_FRAME_BROKEN = 'b',   /* the member is damaged, or sparse: why */
    KW_FRAME_SKIPPED = 's',  /* a member that cannot be read: why, with its name */
    KW_FRAME_PROGRESS = 'p', /* a sign of life */
    KW_FRAME_END = 'z',      /* all was read */
    KW_FRAME_FAILED = 'f',   /* nothing more can be read: why */
};

/* Whether a file that begins with `front` is compressed (gzip, bzip2, xz, Zstandard) or an archive
 * (tar, zip) of a kind that is read; documents of office programs and the like are no archives,
 * although they are zip files. */
bool kw_archive_begins(struct kw_view front);

/* How long what compressed files have behind their names is at the end of `name` (".gz", in any
 * case); 0: nothing. */
size_t kw_archive_suffix(const char *name);

struct kw_archive;

/* Makes ready to read `fd`, borrowed, before whose bytes those of `prefix` stand, which is copied.
 * `helpers` is the folder of the helper program, NULL for the installed one; `path` is for
 * messages, borrowed. KW_E_MEMORY. */
enum kw_status kw_archive_new(struct kw_archive **out, int fd, struct kw_view prefix,
                              const char *helpers, const char *path, struct kw_error *error);
void kw_archive_free(struct kw_archive *archive); /* accepts NULL */

/* What is told of a member. */
struct kw_member_facts {
    struct kw_view path; /* clean: relative, without ".." and "."; empty: the file is compressed,
                            and its contents have no path. Until the next call */
    int64_t modified;    /* in seconds since 1970; INT64_MIN: not known */
};

/* Goes to the next member, passing over what is left of the one before: KW_OK, KW_END, KW_E_INPUT
 * if the archive is damaged, unpacks to too much, or the helper refuses it, dies of it or cannot be
 * started; KW_E_MEMORY. With *skipped a member was passed over, for the reason that is left in
 * `error`, although the status is KW_OK, and there is no member to read. */
enum kw_status kw_archive_next(struct kw_archive *archive, struct kw_member_facts *facts,
                               bool *skipped, struct kw_error *error);

/* Reads up to `capacity` bytes of the member; *got is 0 at its end. KW_E_INPUT if it is damaged:
 * what it gave so far is worth nothing. KW_E_MEMORY. */
enum kw_status kw_archive_read(struct kw_archive *archive, uint8_t *place, size_t capacity,
                               size_t *got, struct kw_error *error);

/* Whether nothing more can be read, for a failure that was told. */
bool kw_archive_failed(const struct kw_archive *archive);
uint64_t kw_archive_consumed(const struct kw_archive *archive); /* compressed bytes so far */

#endif
