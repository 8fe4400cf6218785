/* Command lines: one table of options a command, from which parsing and --help follow. */
#ifndef KW_CLI_OPTIONS_H
#define KW_CLI_OPTIONS_H

#include "cli/output.h"

/* A growing list of borrowed strings. Zeroed is empty; items[count] is NULL once there is any. */
struct kw_strings {
    const char **items;
    size_t count;
};

/* False if out of memory. */
bool kw_strings_add(struct kw_strings *strings, const char *string);
void kw_strings_release(struct kw_strings *strings);

/* The strings from number `first` on, joined by spaces; the caller frees it. NULL if out of memory.
 */
char *kw_strings_join(const struct kw_strings *strings, size_t first);

/* What an option does to the member of the settings that it names. */
enum kw_option_kind {
    KW_OPTION_FLAG,   /* bool: true */
    KW_OPTION_VALUE,  /* int: the option's `number` */
    KW_OPTION_CHOICE, /* int: place of the argument among `choices` */
    KW_OPTION_SIZE,   /* size_t: a whole number */
    KW_OPTION_NUMBER, /* double: a number from `least` to `most` */
    KW_OPTION_STRING, /* const char * */
    KW_OPTION_LIST,   /* struct kw_strings: the argument is added */
};

struct kw_option {
    char letter;      /* 0: none */
    const char *name; /* without the dashes */
    enum kw_option_kind kind;
    size_t offset;              /* of the member in the command's settings */
    const char *argument;       /* its name in --help; NULL for flags and values */
    const char *help;           /* one line of --help */
    const char *const *choices; /* NULL-terminated */
    int number;                 /* KW_OPTION_VALUE */
    double least, most;         /* KW_OPTION_NUMBER; KW_OPTION_SIZE, where most is not 0 */
};

/* What every command's settings begin with. */
struct kw_common {
    bool help;
    bool version;
    bool quiet;
    bool verbose;
    int color;     /* enum kw_color */
    bool attached; /* an option of one letter has its value in the same argument, as in -n5 */
};

/* A table of options that several commands have, and where in the settings of this one the struct
 * is that its offsets count in. */
struct kw_shared_options {
    const struct kw_option *options; /* ended by a NULL name; NULL: no table */
    size_t at;
};

enum { KW_SHARED_OPTIONS = 5 }; /* tables a command, at most */

struct kw_command {
    const char *name;
    const char *operands;            /* as the usage line shows them */
    const char *summary;             /* one line: what it does */
    const struct kw_option *options; /* its own, beside the common ones; ended by a NULL name */
    struct kw_shared_options shared[KW_SHARED_OPTIONS]; /* those it has with others */
    bool free_words; /* after the first operand, only what begins with "--" is an option */
    /* argv[0] is the command's name. Returns the exit status. */
    int (*run)(int argc, char **argv, struct kw_output *output);
};

extern const struct kw_command kw_command_index, kw_command_search, kw_command_similar,
    kw_command_why, kw_command_show, kw_command_delete, kw_command_stats, kw_command_terms,
    kw_command_analyze, kw_command_eval, kw_command_check, kw_command_optimize, kw_command_repair;

enum { KW_GO_ON = -1 };

/* Reads the options of `argv` into `settings` (which begins with a struct kw_common and holds the
 * defaults) and the rest into `operands`. Later options win. KW_GO_ON if the command is to run;
 * else the exit status, with --help or --version written to `output` or an error to standard
 * error. */
int kw_options_parse(const struct kw_command *command, int argc, char **argv, void *settings,
                     struct kw_strings *operands, struct kw_output *output);

/* Says what is wrong with the use of `command` and how to get help; returns KW_EXIT_ERROR. */
int kw_options_wrong(const struct kw_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Among the NULL-terminated `names` the one nearest to `word`: within a third of its letters, at
 * least one change; NULL if none is near. */
const char *kw_nearest(const char *word, const char *const *names);

#endif
