# A path that is not there and never was is named, also when vanished files are removed.
kwic index -q data/a.txt 2>/dev/null
kwic index --prune nosuch
