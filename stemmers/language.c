/* The languages of libstemmer with their ISO 639 codes. */
#include "stemmers/language.h"

#include <libstemmer.h>
#include <string.h>
#include <strings.h>

/* Name, ISO 639-1, ISO 639-2 (terminology), ISO 639-2 (bibliography) where it differs. */
static const char *const languages[][4] = {
    {"arabic", "ar", "ara"},          {"armenian", "hy", "hye", "arm"},
    {"basque", "eu", "eus", "baq"},   {"catalan", "ca", "cat"},
    {"danish", "da", "dan"},          {"dutch", "nl", "nld", "dut"},
    {"english", "en", "eng"},         {"finnish", "fi", "fin"},
    {"french", "fr", "fra", "fre"},   {"german", "de", "deu", "ger"},
    {"greek", "el", "ell", "gre"},    {"hindi", "hi", "hin"},
    {"hungarian", "hu", "hun"},       {"indonesian", "id", "ind"},
    {"irish", "ga", "gle"},           {"italian", "it", "ita"},
    {"lithuanian", "lt", "lit"},      {"nepali", "ne", "nep"},
    {"norwegian", "no", "nor"},       {"norwegian", "nb", "nob"},
    {"norwegian", "nn", "nno"},       {"portuguese", "pt", "por"},
    {"romanian", "ro", "ron", "rum"}, {"russian", "ru", "rus"},
    {"serbian", "sr", "srp"},         {"spanish", "es", "spa"},
    {"swedish", "sv", "swe"},         {"tamil", "ta", "tam"},
    {"turkish", "tr", "tur"},         {"yiddish", "yi", "yid"},
};

const char *kw_language_name(size_t i)
{
    const char **names = sb_stemmer_list();

    for (size_t k = 0; names[k]; k++)
        if (k == i)
            return names[k];
    return NULL;
}

const char *kw_language_code(const char *name)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (strcmp(name, languages[i][0]) == 0)
            return languages[i][1];
    return NULL;
}

const char *kw_language_find(const char *name)
{
    const char *own;

    if (strcasecmp(name, "none") == 0)
        return "none";
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        for (size_t k = 1; k < 4 && languages[i][k]; k++)
            if (strcasecmp(name, languages[i][k]) == 0)
                return kw_language_find(languages[i][0]);
    for (size_t i = 0; (own = kw_language_name(i)) != NULL; i++)
        if (strcasecmp(name, own) == 0)
            return own;
    return NULL;
}
