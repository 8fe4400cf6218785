/* Signals: a clean stop, a quiet end, and a message for an index that shrinks under its reader. */
#include "cli/signals.h"

#include "cli/message.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* A handler can reach nothing but statics: the signal that asked to stop, or 0. */
static volatile int stopped_by;

/* Only what POSIX allows in a signal handler. */
static void say_and_exit(const char *message, size_t size, int status)
{
    ssize_t written = write(STDERR_FILENO, message, size);

    (void)written;
    _exit(status);
}

static void on_bus_error(int number)
{
    static const char message[] = "kwic: index is damaged: a file became shorter while in use\n";

    (void)number;
    say_and_exit(message, sizeof message - 1, KW_EXIT_DAMAGED);
}

/* While writing, it may also be a file that is being read as input. */
static void on_bus_error_writing(int number)
{
    static const char message[] = "kwic: a file became shorter while in use\n";

    (void)number;
    say_and_exit(message, sizeof message - 1, KW_EXIT_ERROR);
}

static void on_stop(int number)
{
    stopped_by = number;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void kw_signals_init(void)
{
    handle(SIGPIPE, SIG_DFL, 0);
    handle(SIGBUS, on_bus_error, 0);
}

const volatile int *kw_signals_flag(void)
{
    return &stopped_by;
}

void kw_signals_catch(void)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        struct sigaction old;
        if (sigaction(stops[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            handle(stops[i], on_stop, (int)(SA_RESETHAND | SA_RESTART));
    }
    handle(SIGPIPE, SIG_IGN, 0);
    handle(SIGBUS, on_bus_error_writing, 0);
}

_Noreturn void kw_signals_end(void)
{
    int number = stopped_by != 0 ? stopped_by : SIGINT;

    handle(number, SIG_DFL, 0);
    raise(number);
    exit(128 + number); /* the signal is blocked */
}
