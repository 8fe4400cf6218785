/* Reads stub files as Xapian does, and keeps a handle for each database. */
#include "xapian/shards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CONNECT_MOST = 10000, /* milliseconds: who does not connect by then is not there */
    MOST_NESTED = 10,     /* stub files, each named by the one before */
};

static void shard_release(struct kw_shard *shard)
{
    xc_database_free(shard->database);
    free(shard->path);
    free(shard->host);
    free(shard->program);
    free(shard->arguments);
    free(shard->name);
    free(shard->context);
    free(shard->lost);
}

/* Adds a shard, with all that it holds, which is released on failure. */
static enum kw_status add(struct kw_shards *shards, struct kw_shard shard, struct kw_error *error)
{
    shard.database = xc_database_new();
    shard.width = 1;
    if (!shard.name || !shard.database || (!shard.path && !shard.context) ||
        !kw_grow(shards, shards->count + 1)) {
        shard_release(&shard);
        return kw_fail_memory(error);
    }
    shards->items[shards->count++] = shard;
    return KW_OK;
}

static char *print(const char *format, const char *first, const char *second)
{
    char *text;
    return asprintf(&text, format, first, second) < 0 ? NULL : text;
}

static enum kw_status add_path(struct kw_shards *shards, const char *path, struct kw_error *error)
{
    return add(shards,
               (struct kw_shard){.path = strdup(path), .name = print("%s%s", "xapian:", path)},
               error);
}

/* Adds a server at HOST:PORT; the context is as Xapian writes it. */
static enum kw_status add_server(struct kw_shards *shards, const char *host, unsigned port,
                                 struct kw_error *error)
{
    char number[12];
    struct kw_shard shard = {.host = strdup(host), .port = port};
    snprintf(number, sizeof number, "%u", port);
    shard.name = print("%s:%s", host, number);
    shard.context = shard.host ? print("remote:tcp(%s:%s)", host, number) : NULL;
    return add(shards, shard, error);
}

static enum kw_status add_program(struct kw_shards *shards, const char *program,
                                  const char *arguments, struct kw_error *error)
{
    struct kw_shard shard = {.program = strdup(program), .arguments = strdup(arguments)};
    shard.name = print("%s %s", program, arguments);
    if (shard.program && shard.arguments)
        shard.context = print("remote:prog(%s %s)", program, arguments);
    return add(shards, shard, error);
}

/* ---- Stub files --------------------------------------------------------------------------- */

/* The stub file that a path is, or holds; NULL if it is a database itself, or nothing. */
static char *find_stub(const char *path, bool *out_of_memory)
{
    static const char *const files[] = {"iamglass", "iamchert", "XAPIANDB"};
    struct stat info;
    char *inside = NULL;
    *out_of_memory = false;
    if (stat(path, &info) != 0)
        return NULL;
    if (S_ISREG(info.st_mode)) {
        inside = strdup(path);
        *out_of_memory = !inside;
        return inside;
    }
    for (int i = 0; i < 3; i++) {
        free(inside);
        inside = kw_path_join(path, files[i]);
        *out_of_memory = !inside;
        if (!inside || access(inside, F_OK) == 0)
            break;
    }
    if (!inside || strcmp(inside + strlen(inside) - 8, "XAPIANDB") != 0 ||
        access(inside, F_OK) != 0) {
        free(inside);
        return NULL;
    }
    return inside;
}

/* Adds the server that a line names behind "remote ". False if it names none. */
static bool read_remote(struct kw_shards *shards, char *text, enum kw_status *status,
                        struct kw_error *error)
{
    char *colon = strrchr(text, ':'), *blank = strchr(text, ' ');
    size_t size = strlen(text);
    if (text[0] == ':') {
        if (blank)
            *blank = 0;
        *status = add_program(shards, text + 1, blank ? blank + 1 : "", error);
        return true;
    }
    unsigned long port = colon ? strtoul(colon + 1, NULL, 10) : 0;
    if (!port || port > 65535 || (text[0] == '[' && text[size - 1] == ']'))
        return false;
    *colon = 0;
    if (text[0] == '[' && colon > text && colon[-1] == ']') {
        colon[-1] = 0;
        text++;
    }
    *status = add_server(shards, text, (unsigned)port, error);
    return true;
}

static enum kw_status read_stub(struct kw_shards *shards, const char *stub, unsigned depth,
                                struct kw_error *error);

/* Adds a database, or what another stub file names. */
static enum kw_status add_nested(struct kw_shards *shards, const char *path, unsigned depth,
                                 struct kw_error *error)
{
    bool out_of_memory;
    size_t before = shards->count;
    char *stub = find_stub(path, &out_of_memory);
    enum kw_status status = KW_OK;
    if (out_of_memory)
        status = kw_fail_memory(error);
    else if (stub && depth == MOST_NESTED)
        status = kw_fail(error, KW_E_IO, "stub file '%s' is inside %u others", stub, depth);
    else if (stub)
        status = read_stub(shards, stub, depth + 1, error);
    free(stub);
    return status == KW_OK && shards->count == before ? add_path(shards, path, error) : status;
}

/* Adds what a line of a stub names, seen from its folder; false if that is for Xapian to read, or
 * to refuse. */
static bool read_line(struct kw_shards *shards, const char *folder, char *line, unsigned depth,
                      enum kw_status *status, struct kw_error *error)
{
    char *blank = strchr(line, ' ');
    if (!line[0] || line[0] == '#')
        return true;
    if (!blank || !blank[1])
        return false;
    *blank++ = 0;
    if (strcmp(line, "remote") == 0)
        return read_remote(shards, blank, status, error);
    bool whole = strcmp(line, "glass") == 0;
    if (strcmp(line, "auto") != 0 && !whole)
        return false;
    char *path = kw_path_join(folder, blank);
    if (!path)
        *status = kw_fail_memory(error);
    else
        *status = whole ? add_path(shards, path, error) : add_nested(shards, path, depth, error);
    free(path);
    return true;
}

/* Takes all shards but the first `count` away. */
static void drop(struct kw_shards *shards, size_t count)
{
    while (shards->count > count)
        shard_release(&shards->items[--shards->count]);
}

/* Adds what a stub file names; nothing if it is not as it should be: that is said by Xapian, which
 * is then given the file itself. */
static enum kw_status read_stub(struct kw_shards *shards, const char *stub, unsigned depth,
                                struct kw_error *error)
{
    enum kw_status status = KW_OK;
    char *line = NULL, *slash = strrchr(stub, '/');
    char *folder = slash ? strndup(stub, (size_t)(slash - stub) + 1) : strdup("");
    size_t room = 0;
    ssize_t size;
    size_t before = shards->count;
    bool plain = true;
    FILE *file = fopen(stub, "re");
    if (!folder)
        status = kw_fail_memory(error);
    while (file && status == KW_OK && plain && (size = getline(&line, &room, file)) > 0) {
        if (line[size - 1] == '\n')
            line[size - 1] = 0;
        plain = !memchr(line, 0, (size_t)size - 1) &&
                read_line(shards, folder, line, depth, &status, error);
    }
    if (status == KW_OK && !plain)
        drop(shards, before);
    if (file)
        fclose(file);
    free(folder);
    free(line);
    return status;
}

static enum kw_status find_all(struct kw_shards *shards, const struct kw_xapian_place *place,
                               struct kw_error *error)
{
    enum kw_status status = KW_OK;
    bool out_of_memory = false;
    if (!place->path)
        return add_server(shards, place->host, place->port, error);
    char *stub = find_stub(place->path, &out_of_memory);
    if (out_of_memory)
        status = kw_fail_memory(error);
    else if (stub)
        status = read_stub(shards, stub, 1, error);
    free(stub);
    return status == KW_OK && !shards->count ? add_path(shards, place->path, error) : status;
}

/* ---- Opening ------------------------------------------------------------------------------ */

bool kw_is_silence(const struct xc_error *failure)
{
    return failure->status == XC_E_NETWORK || failure->status == XC_E_NETWORK_TIMEOUT ||
           failure->status == XC_E_DATABASE_CLOSED;
}

enum kw_status kw_shards_fail(const struct kw_shards *shards, size_t number,
                              const struct xc_error *failure, struct kw_error *error)
{
    const struct kw_shard *shard = &shards->items[number];
    const char *colon = failure->system[0] ? ": " : "";
    if (!kw_is_silence(failure))
        return kw_xapian_fail(error, failure, shard->path ? shard->name : shards->where);
    if (shards->count == 1 && shard->host)
        return kw_fail(error, KW_E_IO, "cannot read from server '%s': %s%s%s", shard->name,
                       failure->message, colon, failure->system);
    kw_fail(error, KW_E_IO, "cannot read from server '%s' of '%s': %s%s%s", shard->name,
            shards->where, failure->message, colon, failure->system);
    if (shards->count > 1 && !shards->options.partial)
        kw_hint(error, "start it again, or leave it out with '--partial'");
    return KW_E_IO;
}

static enum xc_status open_shard(const struct kw_shards *shards, struct kw_shard *shard)
{
    unsigned most = shards->options.timeout;
    unsigned connect = most < CONNECT_MOST ? most : CONNECT_MOST;
    if (shard->path) { /* a writer may be faster than the opening */
        unsigned tries = 0;
        enum xc_status status;
        do {
            status = xc_database_open(shard->database, shard->path, 0);
        } while (status == XC_E_DATABASE_MODIFIED && tries++ < KW_ENGINE_TRIES);
        return status;
    }
    if (shard->host)
        return xc_database_open_tcp(shard->database, shard->host, shard->port, most, connect);
    return xc_database_open_program(shard->database, shard->program, shard->arguments, most);
}

enum kw_status kw_shards_reopen(struct kw_shards *shards, size_t number, struct kw_error *error)
{
    struct kw_shard *shard = &shards->items[number];
    struct xc_database *fresh = xc_database_new();
    enum kw_status status = KW_OK;
    if (!fresh)
        return kw_fail_memory(error);
    xc_database_free(shard->database);
    shard->database = fresh;
    if (open_shard(shards, shard) != XC_OK)
        status = kw_shards_fail(shards, number, xc_database_error(shard->database), error);
    return status;
}

enum kw_status kw_shards_lose(struct kw_shards *shards, size_t number, struct kw_error *error)
{
    struct kw_shard *shard = &shards->items[number];
    free(shard->lost);
    shard->lost = strdup(error->message);
    return shard->lost ? KW_OK : kw_fail_memory(error);
}

static enum kw_status open_first(struct kw_shards *shards, size_t number, struct kw_error *error)
{
    struct kw_shard *shard = &shards->items[number];
    if (open_shard(shards, shard) != XC_OK)
        return kw_shards_fail(shards, number, xc_database_error(shard->database), error);
    shard->width = xc_database_shards(shard->database);
    return KW_OK;
}

enum kw_status kw_shards_init(struct kw_shards *shards, const struct kw_xapian_place *place,
                              const struct kw_reader_options *options, struct kw_error *error)
{
    *shards = (struct kw_shards){.where = place->where, .options = *options};
    enum kw_status status = find_all(shards, place, error);
    for (size_t i = 0; i < shards->count && status == KW_OK; i++) {
        struct kw_error found = KW_ERROR_INIT;
        bool others = i + 1 < shards->count || kw_shards_first(shards) < i;
        status = open_first(shards, i, &found);
        shards->width += shards->items[i].width;
        if (status != KW_OK && status != KW_E_MEMORY && options->partial && others)
            status = kw_shards_lose(shards, i, &found);
        if (status != KW_OK && error)
            *error = found;
    }
    return status;
}

void kw_shards_release(struct kw_shards *shards)
{
    drop(shards, 0);
    free(shards->items);
    *shards = (struct kw_shards){.items = NULL};
}

/* ---- As one ------------------------------------------------------------------------------- */

/* Adds a shard, or as many empty databases. */
static enum xc_status join(struct xc_database *all, const struct kw_shard *shard,
                           const struct xc_database *empty)
{
    enum xc_status status = XC_OK;
    if (!shard->lost)
        return xc_database_add(all, shard->database);
    for (size_t i = 0; i < shard->width && status == XC_OK; i++)
        status = xc_database_add(all, empty);
    return status;
}

enum kw_status kw_shards_join(const struct kw_shards *shards, struct xc_database **out,
                              struct kw_error *error)
{
    struct xc_database *all = xc_database_new(), *empty = xc_database_new();
    enum kw_status status = all && empty ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && xc_database_open(empty, "", XC_BACKEND_INMEMORY) != XC_OK)
        status = kw_xapian_fail(error, xc_database_error(empty), shards->where);
    for (size_t i = 0; i < shards->count && status == KW_OK; i++)
        if (join(all, &shards->items[i], empty) != XC_OK)
            status = kw_xapian_fail(error, xc_database_error(all), shards->where);
    xc_database_free(empty);
    *out = status == KW_OK ? all : NULL;
    if (status != KW_OK)
        xc_database_free(all);
    return status;
}

size_t kw_shards_first(const struct kw_shards *shards)
{
    size_t number = 0;
    while (number < shards->count && shards->items[number].lost)
        number++;
    return number;
}

size_t kw_shards_left(const struct kw_shards *shards)
{
    size_t left = 0;
    for (size_t i = 0; i < shards->count; i++)
        left += !shards->items[i].lost;
    return left;
}

bool kw_shards_served(const struct kw_shards *shards)
{
    bool served = false;
    for (size_t i = 0; i < shards->count; i++)
        served |= !shards->items[i].lost && shards->items[i].context;
    return served;
}

int kw_shards_find(const struct kw_shards *shards, const struct xc_error *failure)
{
    for (size_t i = 0; i < shards->count; i++) {
        const struct kw_shard *shard = &shards->items[i];
        if (!shard->lost && shard->context && strcmp(shard->context, failure->context) == 0)
            return (int)i;
    }
    for (size_t i = 0; i < shards->count; i++) {
        const struct kw_shard *shard = &shards->items[i];
        if (!shard->lost && shard->context && xc_database_keep_alive(shard->database) != XC_OK)
            return (int)i;
    }
    return KW_NO_SHARD;
}
