# A control character here and there does not make a text binary.
printf 'A ferry\f and \001 a barge, with words enough around them to be a text.\n' >data/a.txt
kwic index -q data/a.txt
kwic show data/a.txt | cmp - data/a.txt && echo same
