# Without a command: bad usage.
kwic
