# What matches is deleted, and stays out of refreshes.
kwic index -q data
kwic search -l --sort id 'ferry OR bridge'
kwic delete --query 'ferry OR bridge' --dry-run
kwic delete --query 'ferry OR bridge'
kwic search -c 'ferry OR bridge'
kwic index -q
kwic search -c 'ferry OR bridge'
kwic delete --query 'ferry OR bridge'
echo $?
kwic check -q
