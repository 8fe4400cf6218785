/* What the terminal at standard output can do: colours and width. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { WIDTH_LEAST = 20, WIDTH_USUAL = 80, WIDTH_MOST = 1000 };

bool kw_terminal_color(enum kw_color wish, bool is_terminal)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (wish != KW_COLOR_AUTO)
        return wish == KW_COLOR_ALWAYS;
    return is_terminal && (no_color == NULL || *no_color == '\0') && term != NULL &&
           *term != '\0' && strcmp(term, "dumb") != 0;
}

size_t kw_terminal_width(int fd, bool is_terminal)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size = {0};
    long width = columns != NULL ? strtol(columns, NULL, 10) : 0;

    if (width <= 0 && is_terminal && ioctl(fd, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        return WIDTH_USUAL;
    return width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : (size_t)width;
}
