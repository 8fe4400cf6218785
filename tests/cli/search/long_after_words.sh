# But two dashes are an option, until -- alone.
kwic index -q data/articles
kwic search heroin --list -iraq
kwic search --list -- heroin --iraq
kwic search --list -- -heroin
