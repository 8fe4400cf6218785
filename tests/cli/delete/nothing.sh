# No document given; no index there.
kwic delete
kwic delete -i nowhere x
