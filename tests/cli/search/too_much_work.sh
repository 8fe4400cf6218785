# A phrase whose words are in each other's way at every place is refused before it is looked for.
yes echo | head -n 200 >echo.txt
kwic index -q echo.txt
echo "\"$(yes echo | head -n 150 | tr '\n' ' ')\"~100" >queries
kwic search --batch queries -c
