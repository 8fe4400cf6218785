# The options of a query say what it means; one that does not parse deletes nothing, although it
# could be searched for.
kwic index -q data
kwic delete --dry-run -q --query 'the bridge' --all | wc -l
kwic delete --dry-run -q --query 'the bridge' | wc -l
kwic delete --dry-run --query '"the bridge'
echo $?
kwic delete --query '"the bridge'
echo $?
kwic delete --strict --query 'bridge AND'
echo $?
kwic search --count bridge
kwic delete --query ' '
