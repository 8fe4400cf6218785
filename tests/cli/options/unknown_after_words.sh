# After the query's first word a long option is still one.
kwic search border --frobnicate
