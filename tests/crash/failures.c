/* Lets each call of the system and of memory fail in turn, in a small run of a writer and in a
 * search: nothing may crash, what fails says so, and the index holds what the last commit said.
 *
 *   failures [STEP]
 *
 * tries every STEP-th call for memory (1, slow sanitized builds 25) and all others, first failing
 * alone, then with all calls of its kind that follow.
 */
#include "lib/kwic.h"
#include "tests/crash/contents.h"
#include "tests/crash/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { MEMORY, WRITE, SYNC, MAP, OPEN, RENAME, KINDS };

static const char *const kind_names[] = {"memory", "write", "fsync", "mmap", "open", "rename"};
static const int kind_errors[] = {ENOMEM, ENOSPC, EIO, ENOMEM, EMFILE, EIO};

/* Which calls fail: of `kind`, the one with number `first`, and with `all` those behind it. */
static struct {
    enum kind kind;
    uint64_t first; /* from 1; 0: none */
    bool all;
    uint64_t counts[KINDS];
} faults;

static bool fails(enum kind kind)
{
    uint64_t number = ++faults.counts[kind];
    if (!faults.first || kind != faults.kind || number < faults.first ||
        (number > faults.first && !faults.all))
        return false;
    errno = kind_errors[kind];
    return true;
}

/* ---- The calls, wrapped by the linker ----------------------------------------------------- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *string);
ssize_t __real_write(int fd, const void *data, size_t size);
int __real_fsync(int fd);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __real_open(const char *path, int flags, ...);
int __real_rename(const char *from, const char *to);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *string);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __wrap_fsync(int fd);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __wrap_open(const char *path, int flags, ...);
int __wrap_rename(const char *from, const char *to);

void *__wrap_malloc(size_t size)
{
    return fails(MEMORY) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails(MEMORY) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails(MEMORY) ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
    return fails(MEMORY) ? NULL : __real_reallocarray(old, count, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails(MEMORY) ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *string)
{
    return fails(MEMORY) ? NULL : __real_strdup(string);
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    if (!fails(WRITE))
        return __real_write(fd, data, size);
    ssize_t part = size > 1 && !faults.all ? __real_write(fd, data, size / 2) : 0;
    errno = kind_errors[WRITE];
    return part > 0 && faults.counts[WRITE] % 2 ? part : -1;
}

int __wrap_fsync(int fd)
{
    (void)fd; /* nobody cuts the power here */
    return fails(SYNC) ? -1 : 0;
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return fails(MAP) ? MAP_FAILED : __real_mmap(at, size, protection, flags, fd, offset);
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return fails(OPEN) ? -1 : __real_open(path, flags, mode);
}

int __wrap_rename(const char *from, const char *to)
{
    return fails(RENAME) ? -1 : __real_rename(from, to);
}

/* ---- What is done ------------------------------------------------------------------------- */

/* Exit statuses of children. WARNED: a source could not be read and was passed over, as told. */
enum outcome { WELL, WARNED, REFUSED, SILENT, WRONG, OUTCOMES };

static char base[200], work[200]; /* folders of the index as it was, and as it is written to */
static uint64_t digests[4];       /* before, after each of two commits, and after merging */

static void must(bool held, const char *what)
{
    if (!held) {
        fprintf(stderr, "failures: %s\n", what);
        exit(9);
    }
}

static void write_source(const char *path, int first, int count)
{
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    for (int i = first; i < first + count; i++)
        fprintf(file,
                "{\"id\":\"%d\",\"title\":\"pear %d\",\"text\":\"apple pear plum cherry %d fig "
                "plums cherries\",\"year\":%d,\"tags\":[\"a\",\"b\"]}\n",
                i, i % 3, i * i, 1990 + i);
    must(fclose(file) == 0, path);
}

static void count_warning(void *context, const char *message)
{
    (void)message;
    ++*(int *)context;
}

/* Takes a source in and commits; deletes, takes another in and commits; merges: so many `steps` of
 * these. *warnings counts them. */
static enum kwic_status write_index(const char *folder, int steps, int *warnings,
                                    struct kwic_error *error)
{
    struct kwic_index_options options = {
        .replace = true, .threads = 1, .warn = count_warning, .context = warnings};
    struct kwic_writer *writer = NULL;
    enum kwic_status status = kwic_writer_new(&writer, folder, &options, error);
    if (status == KWIC_OK && steps > 0)
        status = kwic_writer_add_path(writer, "one.jsonl", error);
    if (status == KWIC_OK && steps > 0)
        status = kwic_writer_commit(writer, error);
    if (status == KWIC_OK && steps > 1)
        status = kwic_writer_delete(writer, KWIC_TEXT("2"), true, error);
    if (status == KWIC_OK && steps > 1)
        status = kwic_writer_add_path(writer, "two.jsonl", error);
    if (status == KWIC_OK && steps > 1)
        status = kwic_writer_commit(writer, error);
    if (status == KWIC_OK && steps > 2)
        status = kwic_writer_optimize(writer, 1, NULL, error);
    kwic_writer_free(writer);
    return status;
}

/* The index as it was before: links, as nothing is ever written to a file that is there. */
static void begin_work(void)
{
    char from[600], to[600];
    struct dirent *item;
    disk_clear(work);
    DIR *stream = opendir(base);
    must(stream != NULL, base);
    while ((item = readdir(stream))) {
        if (item->d_name[0] == '.' || strcmp(item->d_name, "lock") == 0)
            continue;
        snprintf(from, sizeof from, "%s/%s", base, item->d_name);
        snprintf(to, sizeof to, "%s/%s", work, item->d_name);
        must(link(from, to) == 0, to);
    }
    closedir(stream);
}

static enum outcome try_writing(void)
{
    struct kwic_error error = {0};
    int warnings = 0;
    enum kwic_status status = write_index(work, 3, &warnings, &error);
    if (status == KWIC_OK)
        return warnings ? WARNED : WELL;
    return error.message[0] ? REFUSED : SILENT;
}

static enum outcome try_searching(void)
{
    struct kwic_error error = {0};
    uint64_t digest;
    enum kwic_status status = crash_digest(work, &digest, &error);
    if (status == KWIC_OK)
        return digest == digests[0] ? WELL : WRONG;
    return error.message[0] ? REFUSED : SILENT;
}

/* ---- Trying ------------------------------------------------------------------------------- */

static uint64_t *shared_counts; /* of the last child's calls, by kind */

/* Runs `action` in a child with the fault set; its outcome, or OUTCOMES if it crashed. */
static enum outcome run(enum outcome (*action)(void), enum kind kind, uint64_t first, bool all)
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        memset(&faults, 0, sizeof faults);
        faults.kind = kind;
        faults.all = all;
        faults.first = first;
        enum outcome outcome = action();
        faults.first = 0;
        memcpy(shared_counts, faults.counts, sizeof faults.counts);
        exit(outcome);
    }
    must(waitpid(child, &status, 0) == child, "waitpid");
    return WIFEXITED(status) && WEXITSTATUS(status) < OUTCOMES ? WEXITSTATUS(status) : OUTCOMES;
}

/* Whether the index is what it may be after a writer that ended so; it goes on in any case. */
static bool left_well(enum outcome outcome)
{
    struct kwic_error error = {0};
    uint64_t digest;
    int warnings = 0;
    bool known = outcome == WARNED;
    must(faults.first == 0, "a fault is left");
    if (crash_digest(work, &digest, &error) != KWIC_OK) {
        fprintf(stderr, "failures: %s\n", error.message);
        return false;
    }
    for (size_t i = outcome == WELL ? 2 : 0; i < 3; i++)
        known = known || digest == digests[i];
    if (!known)
        return false;
    return write_index(work, 2, &warnings, &error) == KWIC_OK && warnings == 0 &&
           crash_digest(work, &digest, &error) == KWIC_OK && digest == digests[2];
}

/* Tries all calls of a kind; true if all went as it should. */
static bool try_kind(const char *what, enum outcome (*action)(void), bool writes, enum kind kind,
                     uint64_t step)
{
    uint64_t outcomes[OUTCOMES + 1] = {0}, wrong = 0, tried = 0;
    begin_work();
    must(run(action, kind, 0, false) == WELL, "it fails by itself");
    uint64_t calls = shared_counts[kind];
    for (uint64_t first = 1; first <= calls; first += step) {
        for (int all = 0; all < 2; all++, tried++) {
            if (writes)
                begin_work();
            enum outcome outcome = run(action, kind, first, all);
            outcomes[outcome]++;
            bool good = outcome < SILENT && (!writes || left_well(outcome));
            wrong += !good;
            if (!good && wrong <= 3)
                fprintf(stderr, "failures: %s, %s %d%s: outcome %d\n", what, kind_names[kind],
                        (int)first, all ? " and on" : "", (int)outcome);
        }
    }
    printf("%s: %d failures of %s in %d calls: %d reported, %d warned of, %d overcome, %d wrong\n",
           what, (int)tried, kind_names[kind], (int)calls, (int)outcomes[REFUSED],
           (int)outcomes[WARNED], (int)outcomes[WELL], (int)wrong);
    return wrong == 0 && (calls == 0 || outcomes[REFUSED] > 0);
}

static void make_base(void)
{
    struct kwic_error error = {0};
    char path[300];
    int warnings = 0;
    write_source("one.jsonl", 0, 12);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s-%d", base, i);
        const char *folder = i ? path : base;
        must(mkdir(folder, 0700) == 0, folder);
        write_source("one.jsonl", 0, 8);
        must(write_index(folder, 1, &warnings, &error) == KWIC_OK, error.message);
        write_source("one.jsonl", 0, 12);
        write_source("two.jsonl", 10, 6);
        must(write_index(folder, i, &warnings, &error) == KWIC_OK &&
                 crash_digest(folder, &digests[i], &error) == KWIC_OK,
             error.message);
    }
    must(digests[0] != digests[1] && digests[1] != digests[2], "the run does too little");
}

int main(int count, char **arguments)
{
    char root[] = "/tmp/kwic-failures-XXXXXX";
    const char *sanitized = getenv("KWIC_SANITIZED");
    uint64_t step = count > 1 ? strtoull(arguments[1], NULL, 10) : sanitized && *sanitized ? 25 : 1;
    int passed = 0, failed = 0;
    must(step > 0 && mkdtemp(root) && chdir(root) == 0, "cannot make a folder");
    snprintf(base, sizeof base, "%s/base", root);
    snprintf(work, sizeof work, "%s/work", root);
    must(mkdir(work, 0700) == 0, work);
    shared_counts = __real_mmap(NULL, sizeof faults.counts, PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(shared_counts != MAP_FAILED, "mmap");
    make_base();
    for (int kind = 0; kind < KINDS; kind++) {
        uint64_t of_kind = kind == MEMORY ? step : 1;
        bool good = try_kind("writing", try_writing, true, kind, of_kind);
        if (kind == MEMORY || kind == MAP || kind == OPEN)
            good = try_kind("searching", try_searching, false, kind, of_kind) && good;
        passed += good;
        failed += !good;
    }
    must(chdir("/") == 0, "cannot leave");
    disk_clear(root);
    rmdir(root);
    printf("%d passed, %d failed, 0 skipped\n", passed, failed);
    return failed != 0;
}
