/* Servers of Xapian databases for tests: xapian-tcpsrv of Debian's xapian-tools on ports of the
 * loopback. Include it behind cmocka.h. */
#ifndef XAPIAN_SERVERS_H
#define XAPIAN_SERVERS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline bool installed(const char *program)
{
    char command[100];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

static inline struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A socket that listens on a free port of the loopback, not inherited by programs. */
static inline int listening(unsigned *port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server >= 0);
    assert_int_equal(bind(server, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server, 4), 0);
    assert_int_equal(getsockname(server, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return server;
}

/* A port that was free a moment ago. */
static inline unsigned free_port(void)
{
    unsigned port;
    close(listening(&port));
    return port;
}

/* A connection to a port of the loopback, -1 if nothing listens there. */
static inline int connected(unsigned port)
{
    struct sockaddr_in address = loopback(port);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(client, (struct sockaddr *)&address, sizeof address) == 0)
        return client;
    close(client);
    return -1;
}

/* Forks a process that ends with this one. */
static inline pid_t fork_bound(void)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return child;
}

/* Starts a server of `path` in a process group of its own, and waits until it takes connections;
 * `how` is one more option. */
static inline pid_t serve(const char *path, unsigned port, const char *how)
{
    char number[12];
    int probe = -1;
    pid_t child = fork_bound();
    snprintf(number, sizeof number, "%u", port);
    if (child == 0) {
        setpgid(0, 0);
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        execlp("xapian-tcpsrv", "xapian-tcpsrv", "--interface", "127.0.0.1", "--port", number, how,
               path, (char *)NULL);
        _exit(127);
    }
    setpgid(child, child);
    for (int tries = 0; tries < 500 && probe < 0; tries++) {
        probe = connected(port);
        if (probe < 0)
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    assert_true(probe >= 0);
    close(probe);
    return child;
}

static inline void end_server(pid_t child)
{
    kill(-child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

#endif
