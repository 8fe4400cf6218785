/* A phrase alone: documents that hold all its words, the rarest leading, then their positions.
 *
 * Of two neighbours that are frequent words the segment may keep the pair (index/pairs.h): then the
 * pair's list is one of those that have to agree, in place of the words'. A phrase is in a document
 * at most as often as its rarest word or pair there, so what the bounds and the frequency of such a
 * list give with the constants of the phrase bounds what that can give. Positions are read only
 * where this is enough, and never for a phrase that is a pair.
 *
 * The documents of a block of the list that leads are looked for together in the other lists, block
 * by block of these. Positions are compared word by word, the rarest first: most documents are
 * given up before the last word's are read. */
#include "rank/flat.h"
#include "rank/statistics.h"
#include "rank/term.h"

#include <stdlib.h>

enum { SPOTS = 2 }; /* words whose positions are found for all documents before any are read */

/* Documents of a block of the list that leads, by their places in it. */
struct chosen {
    uint32_t count;
    uint8_t slots[KW_POSTING_BLOCK];      /* the places, … */
    uint32_t documents[KW_POSTING_BLOCK]; /* … and the documents */
    double need;                          /* what they all can give, as far as is known */
    uint32_t most[KW_POSTING_BLOCK];      /* by slot: how often the phrase can stand there */
    struct kw_position_spot spots[SPOTS][KW_POSTING_BLOCK]; /* by slot */
};

struct searching {
    struct kw_flat *flat;
    struct kw_pruning *pruning;
    struct kw_list *lead; /* the first of those that must agree */
    struct chosen chosen;
    struct kw_numbers kept; /* places of a word at which those looked at so far agree */
    double passed;          /* documents of which the lead can give so much were judged; 0: none */
    uint64_t *matches;      /* counts all, so that none may be passed over; NULL: nobody asks */
};

/* A word's positions in the document at hand. */
struct run {
    const uint32_t *at;
    uint32_t count;
    uint32_t offset; /* of the word in the phrase */
};

/* The least score that matters. */
static double need_of(const struct searching *this)
{
    return this->matches ? 0 : kw_pruning_need(this->pruning);
}

static enum kw_status miss(const struct kw_list *list, struct kw_error *error)
{
    struct kw_segment *segment = list->postings.segment;
    kw_pages_damage(&segment->pages, segment->pairs, 0, "a pair stands where its words do not");
    return kw_segment_status(segment, error);
}

/* Where word `number` stands in the chosen document of a slot. `run` may be that of the word
 * before. */
static enum kw_status load_run(struct searching *this, uint32_t number, uint32_t slot,
                               struct run *run, struct kw_error *error)
{
    const struct kw_flat_word *word = &this->flat->words[number];
    struct kw_postings *postings = &word->list->postings;
    struct kw_position_spot *spot = &this->chosen.spots[number % SPOTS][slot];
    run->offset = word->offset;
    if (number && word[-1].list == word->list)
        return KW_OK;
    if (number >= SPOTS) {
        uint32_t place, document = this->lead->postings.documents[slot];
        if (!kw_list_find(word->list, document, &place))
            return miss(word->list, error);
        if (!kw_postings_spot(postings, place, spot))
            return kw_segment_status(postings->segment, error);
    }
    run->count = spot->count;
    enum kw_status status = kw_work_spend(this->flat->work, spot->count, error);
    return status == KW_OK ? kw_postings_read_spot(postings, spot, &run->at, error) : status;
}

/* Keeps of the places of a word, at `offset` in the phrase, those that agree with the run. */
static void agree(struct searching *this, const uint32_t *places, uint32_t *count, uint32_t offset,
                  const struct run *run)
{
    uint32_t shift = run->offset - offset; /* modulo 2^32 */
    if (run->offset > offset)
        while (*count && places[*count - 1] > UINT32_MAX - shift)
            --*count;
    for (; *count && run->offset < offset && places[0] < offset - run->offset; places++)
        --*count;
    *count = this->pruning->segment->pages.kernels->keep32(places, *count, shift, run->at,
                                                           run->count, this->kept.items);
}

/* In how many places of the chosen document the words stand at their offsets. */
static enum kw_status count_places(struct searching *this, uint32_t slot, uint32_t *count,
                                   struct kw_error *error)
{
    const struct kw_flat *flat = this->flat;
    struct run first, run;
    enum kw_status status = load_run(this, 0, slot, &first, error);
    run = first;
    *count = first.count;
    for (uint32_t i = 1; i < flat->word_count && status == KW_OK && *count; i++) {
        status = load_run(this, i, slot, &run, error);
        if (status == KW_OK && !kw_grow(&this->kept, *count))
            status = kw_fail_memory(error);
        if (status == KW_OK)
            agree(this, i == 1 ? first.at : this->kept.items, count, first.offset, &run);
    }
    return status;
}

/* What the chosen document of a slot can give. */
static double score_of(const struct searching *this, uint32_t slot, uint32_t frequency)
{
    const struct kw_list *lead = this->lead;
    uint32_t length =
        kw_segment_length(this->pruning->segment, &lead->field, lead->postings.documents[slot]);
    return kw_bm25_score(&lead->bm25, frequency, length);
}

/* Whether a chosen document can give enough, as far as is known. */
static bool can_matter(const struct searching *this, uint32_t slot)
{
    double need = need_of(this);
    return need <= 0 || score_of(this, slot, this->chosen.most[slot]) >= need;
}

/* Takes a chosen document if it holds the phrase. */
static enum kw_status judge(struct searching *this, uint32_t slot, struct kw_error *error)
{
    struct kw_pruning *pruning = this->pruning;
    uint32_t frequency = this->chosen.most[slot];
    if (need_of(this) > this->chosen.need && !can_matter(this, slot))
        return KW_OK;
    if (this->flat->word_count) {
        enum kw_status status = count_places(this, slot, &frequency, error);
        if (status != KW_OK || !frequency)
            return status;
    }
    if (this->matches)
        ++*this->matches;
    if (!pruning->top->limit)
        return KW_OK;
    return pruning->take(pruning->context, this->lead->postings.documents[slot],
                         score_of(this, slot, frequency), error);
}

/* Where the spots of a list's positions are put; NULL if they are not among those found early. */
static struct kw_position_spot *spots_of(struct searching *this, const struct kw_list *list)
{
    const struct kw_flat *flat = this->flat;
    for (uint32_t i = 0; i < flat->word_count && i < SPOTS; i++)
        if (flat->words[i].list == list)
            return this->chosen.spots[i];
    return NULL;
}

/* Finds the positions of a posting of the current block, if they are wanted. */
static bool find_spot(struct kw_list *list, uint32_t place, struct kw_position_spot *spots,
                      uint32_t slot)
{
    if (!spots)
        return true;
    if (!kw_postings_spot(&list->postings, place, &spots[slot]))
        return false;
    kw_postings_prefetch_positions(&list->postings, &spots[slot]);
    return true;
}

/* Looks for the chosen documents from `first` on in the block of a list that can hold that.
 * Returns the first one behind the block; those found are put from *kept on, which moves on. */
static uint32_t look_in_block(struct chosen *chosen, struct kw_list *list,
                              struct kw_position_spot *spots, uint32_t first, uint32_t *kept)
{
    const struct kw_postings *postings = &list->postings;
    uint8_t which[KW_POSTING_BLOCK], places[KW_POSTING_BLOCK];
    uint32_t end = first + 1;
    list->block = kw_list_seek(list, list->block, chosen->documents[first]);
    if (list->block >= list->block_count || !kw_list_enter(list, list->block))
        return chosen->count;
    uint32_t last = postings->documents[postings->count - 1];
    while (end < chosen->count && chosen->documents[end] <= last)
        end++;
    uint32_t found = postings->segment->pages.kernels->find32(postings->documents, postings->count,
                                                              chosen->documents + first,
                                                              end - first, which, places);
    for (uint32_t i = 0; i < found; i++) {
        uint32_t from = first + which[i], slot = chosen->slots[from];
        uint32_t frequency = kw_list_frequency(list, places[i]);
        chosen->most[slot] = frequency < chosen->most[slot] ? frequency : chosen->most[slot];
        chosen->slots[*kept] = (uint8_t)slot;
        chosen->documents[*kept] = chosen->documents[from];
        *kept += find_spot(list, places[i], spots, slot);
    }
    return end;
}

/* Leaves those of the chosen documents that the list holds. It can be asked for them again. */
static void look(struct searching *this, struct kw_list *list)
{
    struct kw_position_spot *spots = spots_of(this, list);
    uint32_t block = list->block, kept = 0;
    for (uint32_t first = 0; first < this->chosen.count;)
        first = look_in_block(&this->chosen, list, spots, first, &kept);
    this->chosen.count = kept;
    list->block = block;
}

/* Leaves those that live and can give enough. */
static void tighten(struct searching *this)
{
    struct chosen *chosen = &this->chosen;
    uint32_t kept = 0;
    chosen->need = need_of(this);
    for (uint32_t i = 0; i < chosen->count; i++) {
        uint32_t slot = chosen->slots[i];
        chosen->slots[kept] = (uint8_t)slot;
        chosen->documents[kept] = chosen->documents[i];
        kept += can_matter(this, slot) &&
                !kw_segment_deleted(this->pruning->segment, chosen->documents[i]);
    }
    chosen->count = kept;
}

/* Chooses the postings of a block that can give enough, and in the second of two passes less than
 * was enough in the first; false if there are none. */
static bool choose(struct searching *this, uint32_t block, double need)
{
    struct kw_list *lead = this->lead;
    struct chosen *chosen = &this->chosen;
    struct kw_position_spot *spots = spots_of(this, lead);
    struct kw_sieve sieve, before = {{0}};
    chosen->count = 0;
    if (!kw_list_sift(lead, block, need, &sieve))
        return false;
    if (this->passed > 0)
        (void)kw_list_sift(lead, block, this->passed, &before);
    for (uint32_t word = 0; word < KW_POSTING_BLOCK / 64; word++)
        for (uint64_t bits = sieve.bits[word] & ~before.bits[word]; bits; bits &= bits - 1) {
            uint32_t slot = word * 64 + (uint32_t)__builtin_ctzll(bits);
            chosen->slots[chosen->count] = (uint8_t)slot;
            chosen->documents[chosen->count] = lead->postings.documents[slot];
            chosen->most[slot] = kw_list_frequency(lead, slot);
            chosen->count += find_spot(lead, slot, spots, slot);
        }
    return chosen->count;
}

/* Looks for the words whose positions are needed first and that are not among the lists that must
 * agree, but in pairs that are. */
static enum kw_status look_for_words(struct searching *this, struct kw_error *error)
{
    const struct kw_flat *flat = this->flat;
    uint32_t count = this->chosen.count;
    for (uint32_t i = 0; i < flat->word_count && i < SPOTS; i++) {
        struct kw_list *list = flat->words[i].list;
        bool done = i && list == flat->words[i - 1].list;
        for (uint32_t j = 0; j < this->pruning->must_count && !done; j++)
            done = list == this->pruning->must[j];
        if (done)
            continue;
        look(this, list);
        if (this->chosen.count != count)
            return miss(list, error);
    }
    return KW_OK;
}

static enum kw_status judge_block(struct searching *this, uint32_t block, double need,
                                  struct kw_error *error)
{
    struct kw_pruning *pruning = this->pruning;
    struct chosen *chosen = &this->chosen;
    if (!choose(this, block, need))
        return KW_OK;
    for (uint32_t i = 1; i < pruning->must_count; i++)
        look(this, pruning->must[i]);
    tighten(this);
    enum kw_status status = look_for_words(this, error);
    for (uint32_t i = 0; i < chosen->count && status == KW_OK; i++)
        status = judge(this, chosen->slots[i], error);
    return status;
}

/* Judges the documents that can give enough, and `least`. */
static enum kw_status judge_list(struct searching *this, double least, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t block = 0; status == KW_OK; block++) {
        double need = need_of(this);
        need = need > least ? need : least;
        block = kw_list_strong(this->lead, block, need);
        if (block >= this->lead->block_count)
            break;
        status = judge_block(this, block, need, error);
    }
    return status;
}

/* What the documents judged in a pass of their own, before all others, can give at least: where
 * many are looked through for the best few, the strongest raise what is needed. 0: no such pass. */
static double strong_of(const struct searching *this)
{
    enum { BLOCKS = 8, PART = 8 };
    const struct kw_list *lead = this->lead;
    if (this->matches || lead->scores || lead->block_count < BLOCKS)
        return 0;
    return kw_list_least(lead, lead->postings.term.documents / PART);
}

static void rewind_lists(struct kw_pruning *pruning)
{
    for (uint32_t i = 0; i < pruning->list_count; i++) {
        pruning->lists[i].block = 0;
        pruning->lists[i].postings.at = 0;
    }
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
    this.lead = pruning->must[0];
    double strong = strong_of(&this);
    if (strong > 0) {
        status = judge_list(&this, strong, error);
        rewind_lists(pruning);
        this.passed = strong;
    }
    if (status == KW_OK)
        status = judge_list(&this, 0, error);
    free(this.kept.items);
    return status;
}
