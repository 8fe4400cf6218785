# One text.
kwic analyze two texts
