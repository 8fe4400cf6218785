/* A phrase alone: documents that hold all its words, the rarest leading, then their positions.
 *
 * Of two neighbours that are frequent words the segment may keep the pair (index/pairs.h): then the
 * pair's list is one of those that have to agree, in place of the words'. A phrase is in a document
 * at most as often as its rarest word or pair there, so what the bounds and the frequency of such a
 * list give with the constants of the phrase bounds what that can give. Positions are read only
 * where this is enough, and never for a phrase that is a pair. */
#include "rank/flat.h"
#include "rank/statistics.h"
#include "rank/term.h"

/* A word's positions in the document at hand. */
struct run {
    const uint32_t *at;
    const uint32_t *end;
    uint64_t offset; /* of the word in the phrase */
};

struct searching {
    struct kw_flat *flat;
    struct kw_pruning *pruning;
    struct run *runs;  /* by word, the one with the fewest positions first */
    uint32_t *places;  /* by list that must agree: of the document at hand in its block */
    uint64_t *matches; /* counts all, so that none may be passed over; NULL: nobody asks */
};

/* The least score that matters. */
static double need_of(const struct searching *this)
{
    return this->matches ? 0 : kw_pruning_need(this->pruning);
}

/* Looks for the document, which the first list holds, in the others. *most is how often the phrase
 * can stand there. */
static bool find_all(struct searching *this, uint32_t document, uint32_t *most)
{
    struct kw_pruning *pruning = this->pruning;
    *most = kw_list_frequency(pruning->must[0], this->places[0]);
    for (uint32_t i = 1; i < pruning->must_count; i++) {
        if (!kw_list_find(pruning->must[i], document, &this->places[i]))
            return false;
        uint32_t frequency = kw_list_frequency(pruning->must[i], this->places[i]);
        *most = frequency < *most ? frequency : *most;
    }
    return true;
}

/* Where the words stand in the document, which all lists hold. */
static enum kw_status load_runs(struct searching *this, uint32_t document, struct kw_error *error)
{
    struct kw_flat *flat = this->flat;
    struct run run = {NULL, NULL, 0};
    for (uint32_t i = 0; i < flat->word_count; i++) {
        const struct kw_flat_word *word = &flat->words[i];
        struct kw_postings *postings = &word->list->postings;
        const uint32_t *positions;
        if (i == 0 || word->list != flat->words[i - 1].list) {
            if (!kw_list_find(word->list, document, &postings->at)) {
                kw_pages_damage(&postings->segment->pages, postings->segment->pairs, 0,
                                "a pair stands where its words do not");
                return kw_segment_status(postings->segment, error);
            }
            enum kw_status status = kw_find_positions(postings, flat->work, &positions, error);
            if (status != KW_OK)
                return status;
            run.at = positions;
            run.end = positions + kw_postings_frequency_at(postings, postings->at);
        }
        run.offset = word->offset;
        this->runs[i] = run;
        if (run.end - run.at < this->runs[0].end - this->runs[0].at) {
            this->runs[i] = this->runs[0];
            this->runs[0] = run;
        }
    }
    return KW_OK;
}

/* In how many places the words stand at their offsets. */
static uint32_t count_places(const struct searching *this)
{
    struct run *runs = this->runs;
    uint32_t count = 0;
    for (const uint32_t *at = runs[0].at; at < runs[0].end; at++) {
        uint32_t agreed = 1;
        for (; agreed < this->flat->word_count && *at >= runs[0].offset; agreed++) {
            struct run *run = &runs[agreed];
            uint64_t wanted = *at - runs[0].offset + run->offset;
            while (run->at < run->end && *run->at < wanted)
                run->at++;
            if (run->at == run->end)
                return count;
            if (*run->at != wanted)
                break;
        }
        count += agreed == this->flat->word_count;
    }
    return count;
}

/* Looks whether the document, which is at the place of the first list's block, holds the phrase. */
static enum kw_status judge(struct searching *this, uint32_t place, struct kw_error *error)
{
    struct kw_pruning *pruning = this->pruning;
    struct kw_list *lead = pruning->must[0];
    uint32_t document = lead->postings.documents[place], most;
    this->places[0] = place;
    if (!find_all(this, document, &most) || kw_segment_deleted(pruning->segment, document))
        return KW_OK;
    uint32_t length = kw_segment_length(pruning->segment, &lead->field, document);
    if (kw_bm25_score(&lead->bm25, most, length) < need_of(this))
        return KW_OK;
    enum kw_status status = load_runs(this, document, error);
    uint32_t frequency = this->flat->word_count ? 0 : most;
    if (status == KW_OK && this->flat->word_count)
        frequency = count_places(this);
    if (!frequency)
        return status;
    if (this->matches)
        ++*this->matches;
    double score = kw_bm25_score(&lead->bm25, frequency, length);
    return pruning->top->limit ? pruning->take(pruning->context, document, score, error) : KW_OK;
}

static enum kw_status judge_block(struct searching *this, uint32_t block, struct kw_error *error)
{
    struct kw_list *lead = this->pruning->must[0];
    enum kw_status status = KW_OK;
    struct kw_sieve sieve;
    if (!kw_list_sift(lead, block, need_of(this), &sieve))
        return KW_OK;
    for (uint32_t word = 0; word < KW_POSTING_BLOCK / 64; word++)
        for (uint64_t bits = sieve.bits[word]; bits && status == KW_OK; bits &= bits - 1)
            status = judge(this, word * 64 + (uint32_t)__builtin_ctzll(bits), error);
    return status;
}

enum kw_status kw_flat_find_phrase(struct kw_flat *flat, const struct kw_top *top,
                                   uint64_t *matches, kw_pruning_take *take, void *context,
                                   struct kw_error *error)
{
    struct kw_pruning *pruning = &flat->pruning;
    struct searching this = {.flat = flat, .pruning = pruning, .matches = matches};
    enum kw_status status = KW_OK;
    if (flat->hopeless)
        return KW_OK;
    if (matches && !flat->word_count) {
        *matches += kw_live_documents(pruning->segment, &pruning->must[0]->postings.term);
        this.matches = NULL;
        if (!top->limit)
            return KW_OK;
    }
    kw_pruning_begin(pruning, top, take, context);
    this.runs = kw_arena_alloc(&flat->arena, flat->word_count * sizeof *this.runs);
    this.places = kw_arena_alloc(&flat->arena, pruning->must_count * sizeof *this.places);
    if (!this.runs || !this.places)
        return kw_fail_memory(error);
    for (uint32_t block = 0; status == KW_OK; block++) {
        block = kw_list_strong(pruning->must[0], block, need_of(&this));
        if (block >= pruning->must[0]->block_count)
            break;
        status = judge_block(&this, block, error);
    }
    return status;
}
