/* The analyzer: from text to terms, in batches.
 *
 * It cuts a text into passages and words and interns each word as written (case-folded NFC, marks
 * kept), so that a token is a number; nothing is called back per token. A word as written has one
 * surface form and one stem; both are computed once per distinct word (stems when the batch
 * closes). The unit of analysis is the passage: analysing a passage alone gives exactly the tokens
 * that it gave within its document, which is what lets a shown passage be tokenised again.
 *
 * A surface form is the word NFKC-case-folded, marks removed where the script's readers expect it.
 * A stem is Snowball's on the case-folded word with its marks, folded afterwards. So "resume" and
 * "résumé" are two words as written, with one surface form and perhaps two stems. */
#ifndef KW_STEMMERS_ANALYZER_H
#define KW_STEMMERS_ANALYZER_H

#include "base/bytes.h"
#include "stemmers/rules.h"

enum {
    KW_ANALYSIS_VERSION = 2, /* changes whenever the same text could give other terms */
    KW_PASSAGE_WORDS = 200,  /* a passage spans at most this many positions … */
    KW_PASSAGE_BYTES = 2000, /* … and at most this many bytes */
    KW_PARAGRAPH_WORDS = 50, /* a paragraph's end closes a passage of this many words */
    KW_WORD_BYTES = 1024,    /* a longer run without a word border is cut (at a character) */
    KW_TERM_BYTES = 200,     /* a longer term is its first bytes and a hash (fold.h) */
    KW_LANGUAGE_SIZE = 24,   /* room for a language's name and its NUL */
    KW_LANGUAGES = 64,       /* that can be in use at once */
};

#define KW_NO_STEM UINT32_MAX
#define KW_NO_LANGUAGE UINT32_MAX
#define KW_EVERY_LANGUAGE UINT32_MAX

/* Settings of an analysis; they live in the index. */
struct kw_analysis {
    uint32_t version;                /* KW_ANALYSIS_VERSION */
    char language[KW_LANGUAGE_SIZE]; /* libstemmer's English name in lower case, "none", or "auto":
                                        each text has its own */
    bool keep_accents;               /* a surface form is the word as written, with all marks */
    enum kw_rules rules; /* other than our own: those of an index that another program made */
};

/* Tokens of one text or window, in order; arrays owned by the analyzer, valid until its next call.
 * Positions count from 0 at the start of the text or window and never fall; tokens may share one.
 * Spans are byte offsets into the text given. */
struct kw_tokens {
    size_t count;
    const uint32_t *word; /* id of the word as written */
    const uint32_t *position;
    const uint32_t *start;
    const uint32_t *end;
    uint32_t positions; /* one past the last position, 0 if there is no token */
};

/* A passage: how far it goes. Passages tile the text; no word crosses their borders. */
struct kw_passage {
    uint32_t bytes; /* 1..KW_PASSAGE_BYTES */
    uint32_t words; /* positions it spans, 0..KW_PASSAGE_WORDS */
    uint32_t lines; /* line feeds in it */
};

struct kw_analyzer;

/* A new analyzer for `settings`. The language of the settings is in use, as number 0; with "none"
 * and "auto" there is none in use yet. KW_E_USAGE if the language is not one of libstemmer's (by
 * English name, or ISO 639 code, which is replaced by the name in *settings), "none" or "auto";
 * KW_E_VERSION if settings->version is not ours. *out is NULL on failure. */
enum kw_status kw_analyzer_new(struct kw_analyzer **out, struct kw_analysis *settings,
                               struct kw_error *error);
void kw_analyzer_free(struct kw_analyzer *analyzer); /* accepts NULL */

/* Takes one more language into use, for as long as the analyzer lives; *number is its own, counted
 * from 0, also if it was in use already. Of a language that libstemmer does not have, and of
 * "none", each word's surface form is its stem: so the words of every language in use have stems.
 * KW_E_USAGE if the name is too long, or KW_LANGUAGES are in use. */
enum kw_status kw_analyzer_use(struct kw_analyzer *analyzer, const char *name, uint32_t *number,
                               struct kw_error *error);

/* How many languages are in use; the name of one; the number of a name, or KW_NO_LANGUAGE. */
uint32_t kw_analyzer_languages(const struct kw_analyzer *analyzer);
const char *kw_analyzer_language(const struct kw_analyzer *analyzer, uint32_t language);
uint32_t kw_analyzer_find_language(const struct kw_analyzer *analyzer, struct kw_view name);

/* Says which language the texts that follow are in, until the next clear: their words have stems in
 * this one alone, and its capital I is theirs (Turkish). Without it, or with KW_EVERY_LANGUAGE,
 * words have stems in all languages in use, and capitals are those of the only one. To be called
 * before the first text, or not at all. */
void kw_analyzer_speak(struct kw_analyzer *analyzer, uint32_t language);

/* Whether words as written differ from those of KW_EVERY_LANGUAGE if the language is spoken. */
bool kw_analyzer_differs(const struct kw_analyzer *analyzer, uint32_t language);

/* Analyses a short text (a title, a field's value, a query's words, one passage) as one piece,
 * without cutting passages. The text must be valid UTF-8 and below 4 GiB. */
enum kw_status kw_analyzer_text(struct kw_analyzer *analyzer, struct kw_view text,
                                struct kw_tokens *tokens, struct kw_error *error);

/* Only where the tokens of a text are: as kw_analyzer_text gives them, but `word` is NULL and the
 * vocabulary stays as it is. */
enum kw_status kw_analyzer_places(struct kw_analyzer *analyzer, struct kw_view text,
                                  struct kw_tokens *tokens, struct kw_error *error);

/* Analyses the next window of a document's body: as many whole passages as fit in about a MiB from
 * the front of `rest` (valid UTF-8, all that is left of the body). Sets *passages and *count (owned
 * by the analyzer, valid until its next call) and *tokens of just these passages, positions counted
 * from the window's start: passage i covers `words` positions behind those of the passages before
 * it. The caller goes on with the rest of the body behind the passages' bytes; an empty `rest`
 * gives no passage. The result does not depend on where windows end. */
enum kw_status kw_analyzer_window(struct kw_analyzer *analyzer, struct kw_view rest,
                                  struct kw_tokens *tokens, const struct kw_passage **passages,
                                  size_t *count, struct kw_error *error);

/* Sets about how many bytes of a body kw_analyzer_window takes at a time, at least 1; a MiB without
 * it. For tests, which hold the results of all sizes equal. */
void kw_analyzer_set_window(struct kw_analyzer *analyzer, size_t bytes);

/* The vocabulary since the last clear: words as written, their distinct surface forms, and for each
 * language in use their distinct stems, each numbered densely from 0. Stems are known after a
 * close; a word that was not met in the language has KW_NO_STEM. Views are valid until the next
 * clear or free. */
uint32_t kw_analyzer_words(const struct kw_analyzer *analyzer);
struct kw_view kw_analyzer_word(const struct kw_analyzer *analyzer, uint32_t word);
uint32_t kw_analyzer_surfaces(const struct kw_analyzer *analyzer);
uint32_t kw_analyzer_cut(const struct kw_analyzer *analyzer); /* surface forms with a hash */
uint32_t kw_analyzer_surface_of(const struct kw_analyzer *analyzer, uint32_t word);
struct kw_view kw_analyzer_surface(const struct kw_analyzer *analyzer, uint32_t surface);
uint32_t kw_analyzer_stems(const struct kw_analyzer *analyzer, uint32_t language);
uint32_t kw_analyzer_stem_of(const struct kw_analyzer *analyzer, uint32_t language, uint32_t word);
struct kw_view kw_analyzer_stem(const struct kw_analyzer *analyzer, uint32_t language,
                                uint32_t stem);

/* The stems of all words that the last close knew, by their ids; valid until the next close. */
const uint32_t *kw_analyzer_stems_of(const struct kw_analyzer *analyzer, uint32_t language);

/* Folds a piece of a word as the surface form of a word that is just that, and adds nothing to the
 * vocabulary. *surface is valid until the analyzer's next call. KW_E_INPUT if `piece` is not valid
 * UTF-8. */
enum kw_status kw_analyzer_fold(struct kw_analyzer *analyzer, struct kw_view piece,
                                struct kw_view *surface, struct kw_error *error);

/* Closes the batch: computes the stems, in each language, of the words met in it that have none. */
enum kw_status kw_analyzer_close(struct kw_analyzer *analyzer, struct kw_error *error);

/* Closes the last batch and gives back the memory that only texts need: afterwards the analyzer can
 * be asked for its vocabulary, and freed. */
enum kw_status kw_analyzer_seal(struct kw_analyzer *analyzer, struct kw_error *error);

/* Forgets the vocabulary and its stems, and the language spoken; word ids start again from 0. */
void kw_analyzer_clear(struct kw_analyzer *analyzer);

#endif
