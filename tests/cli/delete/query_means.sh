# The options of a query say what it means; what does not parse is told.
kwic index -q data
kwic delete --dry-run -q --query 'the bridge' --all | wc -l
kwic delete --dry-run -q --query 'the bridge' | wc -l
kwic delete --dry-run --query '"the bridge' | wc -l
kwic delete --strict --query '"the bridge'
echo $?
kwic delete --query ' '
