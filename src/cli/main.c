/* kwic: finds the command that is meant, and sees that its output arrived. */
#include "cli/message.h"
#include "cli/options.h"
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static const struct kw_command *const commands[] = {
    &kw_command_index,  &kw_command_search,  &kw_command_similar,  &kw_command_why,
    &kw_command_show,   &kw_command_delete,  &kw_command_optimize, &kw_command_stats,
    &kw_command_terms,  &kw_command_analyze, &kw_command_eval,     &kw_command_check,
    &kw_command_repair,
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void write_help(struct kw_output *output)
{
    kw_output_string(output, "usage: kwic COMMAND [options] [arguments]\n\n"
                             "Full-text search: ranked, highlighted passages of your own text.\n\n"
                             "commands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        kw_output_format(output, "  %-10s%s\n", commands[i]->name, commands[i]->summary);
    kw_output_string(output,
                     "\noptions:\n"
                     "  -h, --help                show this help; after a command, its help\n"
                     "  -V, --version             show the version\n");
}

static int unknown(const char *name)
{
    const char *names[COMMANDS + 1] = {NULL};

    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i]->name;
    const char *nearest = name[0] == '-' ? NULL : kw_nearest(name, names);
    kw_message("unknown %s '%s'", name[0] == '-' ? "option" : "command", name);
    if (nearest != NULL)
        kw_message_hint("did you mean 'kwic %s'?", nearest);
    else
        kw_message_hint("'kwic --help' lists the commands");
    return KW_EXIT_ERROR;
}

static int dispatch(int argc, char **argv, struct kw_output *output)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    if (name == NULL) {
        kw_message("no command given");
        kw_message_hint("'kwic --help' lists the commands");
        return KW_EXIT_ERROR;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        write_help(output);
        return KW_EXIT_DONE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        kw_output_format(output, "kwic %s\n", kwic_version());
        return KW_EXIT_DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i]->run(argc - 1, argv + 1, output);
    return unknown(name);
}

/* A standard descriptor that is closed would be the number of the next file opened, and messages
 * would go into an index. It becomes /dev/null, opened so that what cannot arrive fails. */
static void fill_standard_descriptors(void)
{
    struct pollfd standard[] = {{STDIN_FILENO, 0, 0}, {STDOUT_FILENO, 0, 0}, {STDERR_FILENO, 0, 0}};

    if (poll(standard, 3, 0) < 1) /* of what is asked for nothing, only faults are told */
        return;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (standard[fd].revents & POLLNVAL)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    struct kw_output output;

    fill_standard_descriptors();
    kw_signals_init();
    kw_output_init(&output, STDOUT_FILENO);
    int status = dispatch(argc, argv, &output);
    if (!kw_output_flush(&output)) {
        if (output.error != EPIPE)
            kw_message("cannot write to standard output: %s", strerror(output.error));
        status = KW_EXIT_ERROR;
    }
    return status;
}
