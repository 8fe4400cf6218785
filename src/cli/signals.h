/* Signals: a clean stop, a quiet end, and a message for an index that shrinks under its reader. */
#ifndef KW_CLI_SIGNALS_H
#define KW_CLI_SIGNALS_H

/* For every command: a closed pipe ends the process quietly, and a file that became shorter under
 * its mapping ends it with a message and status 5. */
void kw_signals_init(void);

/* The flag that the handlers of kw_signals_catch set. */
const volatile int *kw_signals_flag(void);

/* For a command that writes: SIGINT, SIGTERM and SIGHUP (unless ignored) set the flag; a second one
 * ends the process at once. A closed pipe no longer ends it. */
void kw_signals_catch(void);

/* Ends the process by the signal that set the flag. Does not return. */
_Noreturn void kw_signals_end(void);

#endif
