/* What kwic-archive reads: a file or stream, unpacked on the way if it is compressed, counted, and
 * checked to its end. Only kwic-archive links this. */
#ifndef KW_INGEST_ARCHIVE_INPUT_H
#define KW_INGEST_ARCHIVE_INPUT_H

#include "base/bytes.h"

#include <archive.h>
#include <sys/types.h>
#include <zlib.h>

/* An archive may unpack to so many bytes, and so many more for each compressed one. */
#define KW_UNPACKED_BASE (256 << 20)
enum { KW_UNPACKED_FACTOR = 100 };

enum { KW_INPUT_BYTES = 65536 };

struct kw_archive_input {
    struct kw_view prefix; /* not yet read */
    int fd;
    bool is_file;             /* can be read at any place */
    bool compressed;          /* by one of the following */
    bool gzip;                /* by zlib */
    bool gzip_inside;         /* before the end of a stream of gzip */
    bool gzip_set_up;         /* `inflater` holds memory */
    bool ended;               /* of the raw input */
    struct archive *unpacker; /* any other compression, by libarchive; else NULL */
    z_stream inflater;
    struct kw_view raw;  /* read and not yet used */
    uint64_t at;         /* place in the file behind `raw` */
    uint64_t furthest;   /* the compressed bytes read */
    uint64_t unpacked;   /* what it gave, in all */
    const char *failure; /* static, or of `unpacker`; NULL: none */
    uint8_t in[KW_INPUT_BYTES];
    uint8_t out[KW_INPUT_BYTES];
};

/* Begins to read `fd` behind `prefix`, borrowed. False with `failure`. The input points into
 * itself: not to be copied. */
bool kw_archive_input_init(struct kw_archive_input *input, int fd, struct kw_view prefix);
void kw_archive_input_release(struct kw_archive_input *input);

/* Makes `archive` read the input; KW_INPUT_BYTES at a time, or by seeking if that can be done.
 * False if libarchive refuses. */
bool kw_archive_input_open(struct kw_archive_input *input, struct archive *archive);

/* Reads what is left, so that checksums at the end are seen. False with `failure`. */
bool kw_archive_input_drain(struct kw_archive_input *input);

/* Whether `unpacked` bytes are more than so much input may unpack to. */
bool kw_archive_input_bursts(const struct kw_archive_input *input, uint64_t unpacked);

#endif
