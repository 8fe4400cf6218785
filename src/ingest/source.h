/* Sources: from files and streams to documents.
 *
 * kw_source reads one file (or stream) and hands out its documents one by one; kw_walk finds the
 * files of a folder in byte order. Neither knows an index. */
#ifndef KW_INGEST_SOURCE_H
#define KW_INGEST_SOURCE_H

#include "ingest/document.h"

enum kw_format {
    KW_FORMAT_AUTO, /* by file name and content */
    KW_FORMAT_TEXT,
    KW_FORMAT_MARKDOWN, /* the source text is searched; its first heading is the title */
    KW_FORMAT_HTML,     /* read by the helper program kwic-html */
    KW_FORMAT_JSONL,
};

enum kw_encoding {
    KW_ENCODING_AUTO, /* a byte order mark, else valid UTF-8, else Windows-1252 */
    KW_ENCODING_UTF8, /* invalid sequences become U+FFFD */
    KW_ENCODING_UTF16LE,
    KW_ENCODING_UTF16BE,
    KW_ENCODING_WINDOWS_1252,
};

struct kw_html;

enum { KW_RECORD_BYTES = 256 * 1024 * 1024 }; /* larger JSON records and HTML files are skipped */

/* How to read. Zeroed is the default. Strings are borrowed for the life of the source. */
struct kw_source_options {
    enum kw_format format;
    enum kw_encoding encoding;
    const char *map_id;    /* the record's key for the id; NULL: "id" */
    const char *map_title; /* NULL: "title" */
    const char *map_text;  /* NULL: "text" */
    const char *helpers;   /* folder of the helper programs; NULL: the installed one */
    bool archives;         /* open archives and compressed files (helper program kwic-archive);
                              else they are not text. What streams give is always opened */
    /* Called for each record or file that is skipped, and for a source's other remarks; `message`
     * is lower case without a full stop and names the place ("'a.jsonl' line 3: …"). May be NULL.
     */
    void (*warn)(void *context, const char *message);
    void *context;
    /* The helper that sources read one after the other can share (html.h: kw_html_new), borrowed;
     * NULL: a source that needs one starts its own, which costs some milliseconds a file. */
    struct kw_html *html;
};

/* Names a format or encoding ("text", "markdown", "html", "jsonl"; "utf-8", "utf-16le", "utf-16be",
 * "windows-1252", each also "auto"); false if there is none of that name. */
bool kw_format_named(const char *name, enum kw_format *format);
bool kw_encoding_named(const char *name, enum kw_encoding *encoding);

struct kw_source;

/* How members of archives and compressed files are read: each member that is a regular file is a
 * file of its own named ARCHIVE/PATH, which is not opened if it is an archive itself; the contents
 * of a compressed file are read under its own name, with the format of that name without its last
 * part. What is not JSON Lines is read whole, and at most KW_RECORD_BYTES of it.
 *
 * Opens the file `path` to read it as the document or records `name` (its path relative to the
 * index's base: the id of a file, the path of a record). KW_E_INPUT if it is not text ("not a text
 * file"), KW_E_IO or KW_E_NOT_FOUND if it cannot be read. *out is NULL on failure. */
enum kw_status kw_source_new(struct kw_source **out, const char *path, const char *name,
                             const struct kw_source_options *options, struct kw_error *error);

/* The same over a stream that is read to its end (standard input); AUTO takes JSON Lines if the
 * first line that is not blank is a JSON object, else HTML if it begins as such, else text. */
enum kw_status kw_source_new_stream(struct kw_source **out, int fd, const char *name,
                                    const struct kw_source_options *options,
                                    struct kw_error *error);
void kw_source_free(struct kw_source *source); /* accepts NULL */

/* A member of an archive that cannot be read is warned of, counted and passed over, too.
 *
 * The next document: KW_OK with *document filled, KW_END after the last. A malformed record is
 * warned of, counted in kw_source_skipped, and passed over; so is malformed front matter, which
 * leaves its document without fields. KW_E_INPUT for a file that is malformed as a whole (an HTML
 * file the helper cannot read): nothing of it is handed out. Also KW_E_INPUT for an archive that
 * turns out to be damaged: whole members, and of JSON Lines whole records, may have been handed out
 * before. */
enum kw_status kw_source_next(struct kw_source *source, struct kw_document *document,
                              struct kw_error *error);
uint64_t kw_source_skipped(const struct kw_source *source); /* what was passed over so far */
bool kw_source_is_records(const struct kw_source *source);  /* JSON Lines: many documents a file */
bool kw_source_is_archive(const struct kw_source *source);  /* or a compressed file */
/* Of an archive: members that are not text, and the compressed bytes read, so far; else 0. */
uint64_t kw_source_not_text(const struct kw_source *source);
uint64_t kw_source_consumed(const struct kw_source *source);

/* What a walk may visit. Zeroed is the default: hidden files, version-control folders, `.kwic` and
 * what .gitignore and .ignore name are skipped; one file system; symbolic links are not followed.
 */
struct kw_walk_options {
    bool hidden; /* visit names that begin with a dot (never `.kwic`, never `.git` and its like) */
    bool no_ignore; /* do not read .gitignore and .ignore */
    const char *
        *include; /* NULL-terminated globs: a file must match one of them, if there are any */
    const char **exclude; /* NULL-terminated globs: what matches is skipped, folders whole */
    /* Called for what cannot be read (a folder without permission); the walk goes on. May be NULL.
     */
    void (*warn)(void *context, const char *message);
    void *context;
};

struct kw_walk;

/* Walks the folder `root`. KW_E_IO or KW_E_NOT_FOUND if it cannot be opened. */
enum kw_status kw_walk_new(struct kw_walk **out, const char *root,
                           const struct kw_walk_options *options, struct kw_error *error);
void kw_walk_free(struct kw_walk *walk); /* accepts NULL */

/* The next regular file in byte order of whole paths: KW_OK with *path ("root/…", borrowed until
 * the next call), or KW_END. */
enum kw_status kw_walk_next(struct kw_walk *walk, const char **path, struct kw_error *error);
uint64_t kw_walk_unreadable(const struct kw_walk *walk); /* folders that could not be read so far */

/* Why a walk does not come to a file. */
enum kw_refusal {
    KW_REFUSAL_NONE,         /* it does */
    KW_REFUSAL_ABSENT,       /* it is not there */
    KW_REFUSAL_UNREADABLE,   /* the folder cannot be read */
    KW_REFUSAL_KIND,         /* it is neither a regular file nor a folder: a symbolic link, … */
    KW_REFUSAL_NEVER,        /* it belongs to version control, or is an index */
    KW_REFUSAL_IGNORED,      /* by a rule of .gitignore or .ignore */
    KW_REFUSAL_HIDDEN,       /* its name begins with a dot */
    KW_REFUSAL_EXCLUDED,     /* by a glob */
    KW_REFUSAL_NOT_INCLUDED, /* there are globs to include, and it matches none */
    KW_REFUSAL_FILE_SYSTEM,  /* the folder is on another file system */
};

struct kw_reason {
    enum kw_refusal refusal;
    struct kw_bytes
        path; /* what is refused: the file, or the folder above it, as a walk names it */
    struct kw_bytes rule;  /* IGNORED: the line of the ignore file; EXCLUDED: the glob */
    struct kw_bytes rules; /* IGNORED: the ignore file */
    uint64_t line;         /* IGNORED: of it, from 1 */
};

#define KW_REASON_INIT                                                                             \
    {                                                                                              \
        KW_REFUSAL_NONE, KW_BYTES_INIT, KW_BYTES_INIT, KW_BYTES_INIT, 0                            \
    }

/* Finds out whether and why a walk of the folder `root` would not come to the file `below` it, a
 * path from there. `reason` must be as KW_REASON_INIT. KW_E_MEMORY; KW_E_IO or KW_E_NOT_FOUND if
 * the root cannot be opened. */
enum kw_status kw_walk_why(const char *root, const struct kw_walk_options *options,
                           const char *below, struct kw_reason *reason, struct kw_error *error);
void kw_reason_release(struct kw_reason *reason);

#endif
