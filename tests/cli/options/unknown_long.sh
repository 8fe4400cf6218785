# A misspelled option gets the nearest as a hint.
kwic search --limti 3 border
