/* The databases that a place names: one, or those that a stub file joins, opened one by one, so
 * that each server has its time limit and what fails is named. */
#ifndef KW_XAPIAN_SHARDS_H
#define KW_XAPIAN_SHARDS_H

#include "engine/engine.h"
#include "xapian/opening.h"

enum { KW_NO_SHARD = -1 };

struct kw_shard {
    char *path;      /* a database on this machine; NULL: it is a server, by the next ones */
    char *host;      /* reached by TCP; NULL: by a program */
    char *program;   /* NULL: it is none */
    char *arguments; /* of the program */
    char *name;    /* what messages call it: its place, HOST:PORT, or the program's command line */
    char *context; /* what Xapian calls a server where it fails; NULL: it is none */
    unsigned port;
    struct xc_database *database;
    size_t width; /* databases that it is, a stub file being several */
    char *lost;   /* why it is left out, a line; NULL: it is there */
};

struct kw_shards {
    struct kw_shard *items;
    size_t count;
    size_t capacity;
    size_t width; /* of all together */
    const char *where;
    struct kw_reader_options options;
};

/* Finds and opens what the place names, which has to live as long. Under options->partial what
 * cannot be opened is lost, unless that is all. Release it whatever it returns. KW_E_NO_INDEX,
 * KW_E_VERSION, KW_E_DAMAGED, KW_E_IO (also: a server does not answer), KW_E_MEMORY. */
enum kw_status kw_shards_init(struct kw_shards *shards, const struct kw_xapian_place *place,
                              const struct kw_reader_options *options, struct kw_error *error);
void kw_shards_release(struct kw_shards *shards);

/* Makes a database of all of them, an empty one standing for each that is lost, so that docids stay
 * what they are. *out is the caller's, to be freed before the shards; NULL on failure. KW_E_MEMORY,
 * KW_E_IO. */
enum kw_status kw_shards_join(const struct kw_shards *shards, struct xc_database **out,
                              struct kw_error *error);

/* The number of the first shard that is there; how many are. */
size_t kw_shards_first(const struct kw_shards *shards);
size_t kw_shards_left(const struct kw_shards *shards);
/* Whether servers have any that is there. */
bool kw_shards_served(const struct kw_shards *shards);

/* Whether a failure is one of reaching a server. */
bool kw_is_silence(const struct xc_error *failure);
/* The number of the shard that failed so: the one that the failure names, else the first that does
 * not answer now; KW_NO_SHARD: none. */
int kw_shards_find(const struct kw_shards *shards, const struct xc_error *failure);
/* Records that reading from a shard failed, and how. KW_E_IO. */
enum kw_status kw_shards_fail(const struct kw_shards *shards, size_t number,
                              const struct xc_error *failure, struct kw_error *error);

/* Connects to a shard anew. KW_E_IO and what else opening gives. */
enum kw_status kw_shards_reopen(struct kw_shards *shards, size_t number, struct kw_error *error);
/* Leaves a shard, not the last one, out from now on, for what `error` says. KW_E_MEMORY. */
enum kw_status kw_shards_lose(struct kw_shards *shards, size_t number, struct kw_error *error);

#endif
