# One passage; they tile the text.
kwic index -q data/long.txt
kwic show data/long.txt --passage 1
for i in 0 1 2 3; do kwic show --passage $i data/long.txt; done | cmp - data/long.txt && echo same
