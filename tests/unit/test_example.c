/* Compiles and runs the ten lines of kwic.h's own example, as they stand there: the build cuts them
 * out of the header. */
#include "lib/kwic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void example(void)
{
#include "tests/unit/example.inc"
}

/* Where the tests run: a folder of their own with articles/ and its index. */
static int set_up(void **state)
{
    static const char text[] = "At the frontier the border guards slept.\n";
    static char folder[] = "/tmp/kwic-example-XXXXXX";
    struct kwic_writer *writer = NULL;
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    if (mkdir("articles", 0777) != 0)
        return -1;
    FILE *file = fopen("articles/a.txt", "w");
    if (!file || fputs(text, file) == EOF || fclose(file) != 0)
        return -1;
    bool built = kwic_writer_new(&writer, "articles/.kwic", NULL, NULL) == KWIC_OK &&
                 kwic_writer_add_path(writer, "articles", NULL) == KWIC_OK &&
                 kwic_writer_commit(writer, NULL) == KWIC_OK;
    kwic_writer_free(writer);
    *state = folder;
    return built ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", (const char *)*state);
    return chdir("/") == 0 ? system(command) : -1;
}

static void example_prints_the_passage(void **state)
{
    char printed[200] = "";
    (void)state;
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    assert_true(kept >= 0);
    assert_non_null(freopen("printed", "w", stdout));
    example();
    fflush(stdout);
    assert_true(dup2(kept, STDOUT_FILENO) >= 0);
    close(kept);
    FILE *file = fopen("printed", "r");
    assert_non_null(file);
    size_t size = fread(printed, 1, sizeof printed - 1, file);
    fclose(file);
    printed[size] = '\0';
    assert_non_null(strstr(printed, "the border guards slept."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(example_prints_the_passage)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
