# Two files, no more and no less.
kwic eval
kwic eval a
kwic eval a b c
