# One that is not there is named, the others are shown.
kwic index -q data/notes
kwic show nowhere data/notes/readme.md
