# The options of eval.
kwic eval --help
