# An unknown letter, also among others.
kwic search -lx border
