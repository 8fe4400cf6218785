# A misspelled command gets the nearest as a hint.
kwic serach border
