# An unknown letter, also among others.
kwic search -lx border
kwic search -heroin border
kwic stats -x
