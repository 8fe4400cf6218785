/* Cuts the power of a writer at every point of a run of commits, merges and deletes, and looks at
 * what is left: exactly the last commit that was reported as done, or the one at hand.
 *
 *   power_cuts [STATES [SEED]]
 *
 * looks at so many distinct states (2,000), those of other runs by and by. Each is opened, checked
 * (kwic_check) and compared with the commit: its documents, their texts, the scores of a search. On
 * every tenth the next run goes on, and must leave a whole index and no file too many. Then syncs
 * are left out, one kind after another, and that must be found out. */
#include "lib/kwic.h"
#include "tests/crash/contents.h"
#include "tests/crash/disk.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMMITS = 40, SOURCES = 6, STATES_OF_RUN = 10000, STATES_OF_MUTANT = 1500 };

struct place {
    char root[100];
    char disk[120];  /* where the run's index is */
    char state[120]; /* where states are made */
    char sources[120];
};

struct run {
    struct disk_log log;
    uint64_t digests[COMMITS + 1]; /* of commit 0, no index, and each that was made */
    uint64_t commits;
};

struct tally {
    uint64_t tried, distinct, wrong, resumed;
};

static void must(bool held, const char *what)
{
    if (!held) {
        fprintf(stderr, "power_cuts: %s\n", what);
        exit(1);
    }
}

static void must_be_ok(enum kwic_status status, const struct kwic_error *error, const char *what)
{
    if (status != KWIC_OK) {
        fprintf(stderr, "power_cuts: %s: %s\n", what, error->message);
        exit(1);
    }
}

/* ---- The run ------------------------------------------------------------------------------ */

/* Writes a file of records, of which each writing has others. */
static void write_source(const struct place *place, uint64_t number, uint64_t *random)
{
    static const char *const words[] = {"apple",  "pear",   "plum", "cherry",
                                        "quince", "medlar", "fig",  "sloe"};
    char path[200];
    snprintf(path, sizeof path, "%s/%d.jsonl", place->sources, (int)number);
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    for (uint64_t i = 0, count = 1 + disk_random(random) % 4; i < count; i++) {
        fprintf(file, "{\"id\":\"%d-%d\",\"title\":\"%s\",\"text\":\"", (int)number, (int)i,
                words[disk_random(random) % 8]);
        for (uint64_t j = 0, length = 3 + disk_random(random) % 60; j < length; j++)
            fprintf(file, "%s%s", j ? " " : "", words[disk_random(random) % 8]);
        fprintf(file, "\",\"year\":%d}\n", 1990 + (int)(disk_random(random) % 20));
    }
    must(fclose(file) == 0, path);
}

/* Changes sources and takes them in, deletes a document, or merges; what comes of it is one commit.
 */
static void write_something(const struct place *place, struct kwic_writer *writer, uint64_t commit,
                            uint64_t *random)
{
    char path[200], id[20];
    struct kwic_error error = {0};
    for (uint64_t i = 0, count = 1 + disk_random(random) % 2; i < count; i++) {
        uint64_t number = commit == 1 ? i : disk_random(random) % SOURCES;
        write_source(place, number, random);
        snprintf(path, sizeof path, "%s/%d.jsonl", place->sources, (int)number);
        must_be_ok(kwic_writer_add_path(writer, path, &error), &error, "adding");
    }
    snprintf(id, sizeof id, "%d-0", (int)(disk_random(random) % SOURCES));
    if (disk_random(random) % 3 == 0) {
        enum kwic_status status = kwic_writer_delete(writer, KWIC_TEXT(id), true, &error);
        if (status != KWIC_E_NOT_FOUND)
            must_be_ok(status, &error, "deleting");
    }
}

/* The commits of a run, one writer for about three of them. */
static void record(const struct place *place, struct run *run, uint64_t seed,
                   enum disk_omission omission)
{
    char index[200];
    struct kwic_error error = {0};
    struct kwic_writer *writer = NULL;
    uint64_t random = seed;
    *run = (struct run){.commits = 0};
    disk_clear(place->disk);
    snprintf(index, sizeof index, "%s/.kwic", place->disk);
    disk_record(&run->log, place->disk, omission);
    for (uint64_t commit = 1; commit <= COMMITS; commit++) {
        if (!writer)
            must_be_ok(kwic_writer_new(&writer, index, NULL, &error), &error, "opening");
        write_something(place, writer, commit, &random);
        disk_mark(DISK_BEGIN, commit);
        must_be_ok(disk_random(&random) % 6 ? kwic_writer_commit(writer, &error)
                                            : kwic_writer_optimize(writer, 2, NULL, &error),
                   &error, "committing");
        disk_mark(DISK_DONE, commit);
        must_be_ok(crash_digest(index, &run->digests[commit], &error), &error, "reading");
        if (disk_random(&random) % 3 == 0) {
            kwic_writer_free(writer);
            writer = NULL;
        }
    }
    kwic_writer_free(writer);
    disk_record_end();
    run->commits = COMMITS;
}

/* ---- The states --------------------------------------------------------------------------- */

/* Goes on with an index that a cut left: a document more, and nothing else. */
static bool resumes(const char *index, size_t *files)
{
    struct kwic_error error = {0};
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer = NULL;
    struct kwic_stats stats;
    struct kwic_index *reader = NULL;
    uint64_t digest;
    int ends[2];
    must(pipe(ends) == 0 && write(ends[1], "zinnia", 6) == 6 && close(ends[1]) == 0, "a pipe");
    bool good = kwic_writer_new(&writer, index, &options, &error) == KWIC_OK &&
                kwic_writer_add_stream(writer, ends[0], "more", &error) == KWIC_OK &&
                kwic_writer_commit(writer, &error) == KWIC_OK;
    kwic_writer_free(writer);
    close(ends[0]);
    good = good && crash_digest(index, &digest, &error) == KWIC_OK && digest != 0 &&
           kwic_index_new(&reader, &index, 1, &error) == KWIC_OK &&
           kwic_index_stats(reader, &stats, &error) == KWIC_OK;
    if (good)
        *files = stats.segments;
    kwic_index_free(reader);
    if (!good)
        fprintf(stderr, "power_cuts: cannot go on: %s\n", error.message);
    return good;
}

static size_t files_there;

static int count_file(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)path;
    (void)info;
    (void)where;
    files_there += kind == FTW_F;
    return 0;
}

/* Whether the next run goes on, and leaves no file but manifest, lock, sources, and at most two a
 * segment. */
static bool goes_on(const struct place *place, const char *index)
{
    size_t segments = 0;
    if (!resumes(index, &segments))
        return false;
    files_there = 0;
    nftw(place->state, count_file, 16, FTW_PHYS);
    if (files_there > 3 + 2 * segments)
        fprintf(stderr, "power_cuts: %zu files of %zu segments\n", files_there, segments);
    return files_there <= 3 + 2 * segments;
}

/* Whether the state is what it may be; says on `out` what it is otherwise. */
static bool state_is_right(const struct run *run, const char *index, uint64_t done, uint64_t begun,
                           FILE *out)
{
    struct kwic_error error = {0};
    uint64_t digest;
    enum kwic_status status = crash_digest(index, &digest, &error);
    if (status != KWIC_OK) {
        if (out)
            fprintf(out, "after commit %d: %s\n", (int)done, error.message);
        return false;
    }
    if (digest == run->digests[done] || digest == run->digests[begun])
        return true;
    if (out)
        fprintf(out, "after commit %d: neither it nor commit %d\n", (int)done, (int)begun);
    return false;
}

/* Numbers that were met before, by open addressing. */
struct met {
    uint64_t *items;
    size_t capacity; /* a power of two */
};

static bool met_before(struct met *met, uint64_t number)
{
    number |= 1;
    for (size_t i = number >> 20 & (met->capacity - 1);; i = (i + 1) & (met->capacity - 1)) {
        if (met->items[i] == number)
            return true;
        if (!met->items[i]) {
            met->items[i] = number;
            return false;
        }
    }
}

/* Looks at about `wanted` distinct states, as many of each point of the run. */
static void cut_everywhere(const struct place *place, const struct run *run, uint64_t wanted,
                           uint64_t seed, FILE *out, struct tally *tally)
{
    char index[200];
    struct met met = {NULL, 1 << 10};
    struct disk *disk = disk_new(&run->log);
    uint64_t done, begun, random = seed;
    bool afresh = true;
    while (met.capacity < 4 * (wanted + 2 * run->log.count)) /* two of each point at least */
        met.capacity *= 2;
    met.items = calloc(met.capacity, sizeof *met.items);
    must(met.items != NULL, "out of memory");
    snprintf(index, sizeof index, "%s/.kwic", place->state);
    *tally = (struct tally){0, 0, 0, 0};
    for (size_t point = 1; disk_step(disk); point++) {
        /* Points of which little is left open give few states; later ones make up for it. */
        uint64_t due = wanted * point / run->log.count;
        uint64_t most = 2 + 4 * wanted / run->log.count + 8 * disk_pending(disk);
        disk_commits(disk, &done, &begun);
        for (uint64_t i = 0; i < most && (i < 2 || tally->distinct < due); i++) {
            uint64_t hash = disk_cut(disk, i, &random);
            tally->tried++;
            if (met_before(&met, hash * 0x9E3779B97F4A7C15 + done * 64 + begun))
                continue;
            tally->distinct++;
            disk_make(disk, place->state, afresh);
            afresh = false;
            bool right = state_is_right(run, index, done, begun, tally->wrong < 5 ? out : NULL);
            if (right && tally->distinct % 10 == 0) {
                right = goes_on(place, index);
                tally->resumed++;
                afresh = true;
            }
            tally->wrong += !right;
        }
    }
    disk_cut(disk, 0, &random);
    must(disk_equal(disk, place->disk), "something was written that was not taken down");
    disk_free(disk);
    free(met.items);
}

/* ---- The program -------------------------------------------------------------------------- */

static void make_place(struct place *place)
{
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(place->root, sizeof place->root, "%s/kwic-power-XXXXXX", parent);
    must(mkdtemp(place->root) != NULL, "cannot make a folder");
    snprintf(place->disk, sizeof place->disk, "%s/disk", place->root);
    snprintf(place->state, sizeof place->state, "%s/state", place->root);
    snprintf(place->sources, sizeof place->sources, "%s/sources", place->root);
    must(mkdir(place->disk, 0700) == 0 && mkdir(place->state, 0700) == 0 &&
             mkdir(place->sources, 0700) == 0 && chdir(place->root) == 0,
         "cannot make folders");
}

/* Whether files of a kind were made in the run. */
static bool made(const struct run *run, const char *kind)
{
    for (size_t i = 0; i < run->log.count; i++)
        if (run->log.events[i].kind == DISK_CREATE && strstr(run->log.events[i].name, kind))
            return true;
    return false;
}

/* Looks at the states of as many runs as it takes. */
static bool test_program(const struct place *place, uint64_t states, uint64_t seed)
{
    struct tally all = {0, 0, 0, 0};
    while (all.distinct < states) {
        struct run run;
        struct tally tally;
        uint64_t rest = states - all.distinct;
        record(place, &run, seed, DISK_OMIT_NOTHING);
        must(made(&run, "/segment-") && made(&run, "/deletes-") && made(&run, "/sources-"),
             "the run does too little");
        cut_everywhere(place, &run, rest < STATES_OF_RUN ? rest : STATES_OF_RUN, seed++, stderr,
                       &tally);
        printf("%zu calls of %d commits; %d states, %d distinct, %d gone on with; %d wrong\n",
               run.log.count, COMMITS, (int)tally.tried, (int)tally.distinct, (int)tally.resumed,
               (int)tally.wrong);
        disk_log_release(&run.log);
        all.distinct += tally.distinct;
        all.wrong += tally.wrong;
    }
    printf("%d distinct states, %d wrong\n", (int)all.distinct, (int)all.wrong);
    return all.wrong == 0;
}

static bool test_mutant(const struct place *place, enum disk_omission omission, const char *what)
{
    struct run run;
    struct tally tally;
    record(place, &run, 1, omission);
    cut_everywhere(place, &run, STATES_OF_MUTANT, 1, NULL, &tally);
    printf("without syncs of %s: %d of %d states wrong\n", what, (int)tally.wrong,
           (int)tally.distinct);
    disk_log_release(&run.log);
    return tally.wrong > 0;
}

int main(int count, char **arguments)
{
    struct place place;
    uint64_t states = count > 1 ? strtoull(arguments[1], NULL, 10) : 2000;
    uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    make_place(&place);
    int passed = test_program(&place, states, seed) + //
                 test_mutant(&place, DISK_OMIT_FILES, "files") +
                 test_mutant(&place, DISK_OMIT_FOLDERS, "folders") +
                 test_mutant(&place, DISK_OMIT_MANIFEST, "the manifest") +
                 test_mutant(&place, DISK_OMIT_PARENT, "the folder around the index");
    int failed = 5 - passed;
    must(chdir("/") == 0, "cannot leave");
    disk_clear(place.root);
    rmdir(place.root);
    printf("%d passed, %d failed, 0 skipped\n", passed, failed);
    return failed != 0;
}
