# Only matching files.
kwic index -q --include '*.md' --include 'b*.txt' data
kwic search -l --sort id 'lamp OR border'
