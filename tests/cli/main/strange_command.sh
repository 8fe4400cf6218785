# Nothing is near.
kwic frobnicate
