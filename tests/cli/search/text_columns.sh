# Wrapped to the width.
cd data && kwic index -q articles
COLUMNS=40 kwic search smugglers
