# Without waiting for the disk.
kwic index -q --no-sync data/articles
kwic check
