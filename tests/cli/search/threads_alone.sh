# One query is answered by one thread.
kwic search --threads 2 border
