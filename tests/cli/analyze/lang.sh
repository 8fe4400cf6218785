# Without stems, and in another language.
kwic analyze --lang none 'running guards'
kwic analyze --lang german 'Häuser laufen'
kwic analyze --lang klingon 'Qapla'
