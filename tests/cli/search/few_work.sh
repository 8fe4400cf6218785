# A part that takes too long to count says so, and the others are counted all the same.
yes echo | head -n 200 >echo.txt
kwic index -q echo.txt
kwic search -c "zebra AND \"$(yes echo | head -n 150 | tr '\n' ' ')\"~100 AND echo"
