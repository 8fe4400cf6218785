/* The main of a fuzz target that is built without libFuzzer: it runs the target over kept inputs,
 * so that every `make check` replays what fuzzing once found.
 *
 * Arguments are files and folders of inputs. Without any, it takes the folder
 * tests/fuzz/corpus/NAME of the source tree for the program fuzz_NAME. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path, int depth, unsigned long *count);

static int fail(const char *path)
{
    fprintf(stderr, "replay: cannot read '%s': %s\n", path, strerror(errno));
    return -1;
}

/* The input in a buffer of exactly its size, so that a sanitizer sees the first byte beyond. */
static int replay_file(const char *path, size_t size, unsigned long *count)
{
    int result = 0;
    uint8_t *data = malloc(size ? size : 1);
    FILE *file = fopen(path, "rb");
    if (!data || !file || fread(data, 1, size, file) != size) {
        result = fail(path);
        goto done;
    }
    LLVMFuzzerTestOneInput(data, size);
    ++*count;
done:
    if (file)
        fclose(file);
    free(data);
    return result;
}

static int replay_folder(const char *path, int depth, unsigned long *count)
{
    int result = 0;
    struct dirent **entries = NULL;
    int entry_count = scandir(path, &entries, NULL, alphasort);
    if (entry_count < 0)
        return fail(path);
    for (int i = 0; i < entry_count; i++) {
        char *name = NULL;
        if (entries[i]->d_name[0] == '.')
            continue;
        if (asprintf(&name, "%s/%s", path, entries[i]->d_name) < 0) {
            result = -1;
            break;
        }
        if (replay(name, depth + 1, count) != 0)
            result = -1;
        free(name);
    }
    for (int i = 0; i < entry_count; i++)
        free(entries[i]);
    free(entries);
    return result;
}

static int replay(const char *path, int depth, unsigned long *count)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return fail(path);
    if (S_ISDIR(info.st_mode))
        return depth < 8 ? replay_folder(path, depth, count) : 0;
    return replay_file(path, (size_t)info.st_size, count);
}

int main(int argc, char **argv)
{
    unsigned long count = 0;
    int result = 0;
    for (int i = 1; i < argc; i++)
        result |= replay(argv[i], 0, &count);
    if (argc == 1) {
        char *folder = NULL;
        const char *source = getenv("KWIC_SOURCE");
        const char *name = strstr(argv[0], "fuzz_");
        for (const char *next; name && (next = strstr(name + 1, "fuzz_"));)
            name = next;
        if (asprintf(&folder, "%s/tests/fuzz/corpus/%s", source ? source : ".",
                     name ? name + strlen("fuzz_") : "") < 0)
            return 1;
        result = replay(folder, 0, &count);
        free(folder);
    }
    if (count == 0)
        fprintf(stderr, "replay: no inputs\n");
    printf("%lu inputs replayed\n%d passed, %d failed, 0 skipped\n", count, result == 0 && count,
           result != 0 || !count);
    return result != 0 || count == 0;
}
