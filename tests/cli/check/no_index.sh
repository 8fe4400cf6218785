# None there; no names taken.
kwic check
echo $?
kwic check .kwic
