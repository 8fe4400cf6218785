# stats takes no names.
kwic stats data
