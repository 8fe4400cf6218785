# No line of help is wider than 80 columns.
for command in index search similar why show delete stats terms analyze eval check; do
    kwic "$command" --help
done | awk 'length > 80'
kwic --help | awk 'length > 80'
