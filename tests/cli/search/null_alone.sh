# --null without --list.
kwic search -0 border
