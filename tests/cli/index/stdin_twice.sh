# Standard input is named once at most; a second time would index nothing in its place.
echo roses | kwic index - -
status=$?
test -e .kwic && echo "an index was made"
exit $status
