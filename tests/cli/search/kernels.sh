# Whatever instructions of the processor are forced, what is found is the same; one that it lacks,
# or that there is not, is an error.
kwic index -q data/articles
kwic search --format tsv border OR the >expected
for kernels in portable avx2 avx512; do
    if KWIC_KERNELS=$kernels kwic search --format tsv border OR the >found 2>errors; then
        cmp expected found
    else
        grep -q "runs no kernels '$kernels'" errors || echo "$kernels: failed otherwise"
    fi
done
[ -s expected ] && KWIC_KERNELS=portable kwic check -q
KWIC_KERNELS=mmx kwic search border
