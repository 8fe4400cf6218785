/* Text as the program writes it: what is copied as runs of ASCII, against a plain twin that goes
 * character by character, on random and hostile texts. */
#include "cli/render.h"
#include "cli/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random_text.h"

enum { ROUNDS = 3000, PIECES = 60, ROOM = 4096 };

/* Words, blanks, line ends, and what no terminal should be sent. */
static const char *const pieces[] = {
    "a",
    "of",
    "the",
    "eightlet",
    "ninelette",
    "sixteen_letters_",
    "https://example.org/a/very/long/address/that/no/line/of/the/terminal/can/hold?q=1&r=2",
    "~",
    "!",
    "\"<&>'",
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    "\v",
    "\x01",
    "\x1B[31m",
    "\x7F",
    "\xC3\xA9",
    "\xC2\xAD",
    "e\xCC\x81",
    "\xCC\x81",
    "\xE4\xB8\xAD",
    "\xE4\xB8\xAD\xCC\x81",
    "\xF0\x9F\x98\x80",
    "\xE2\x80\x8B",
    "\xE2\x80\xA8",
    "\xE2\x80\xAE",
    "\xC2\x85",
    "\xC2\x9B",
    "\xFF",
    "\xC3",
    "\xE4\xB8",
    "\xED\xA0\x80",
    "\xF4\x90\x80\x80",
};

struct text {
    char data[ROOM];
    size_t size;
};

static struct kwic_text view(const struct text *text)
{
    return (struct kwic_text){text->data, text->size};
}

/* A text of up to `most` pieces, half of them words and spaces. */
static void make_text(struct text *text, size_t most, uint64_t *state)
{
    text->size = 0;
    for (size_t count = random_below(state, most + 1); count > 0; count--) {
        size_t usual = random_below(state, 2) ? 14 : sizeof pieces / sizeof *pieces;
        const char *piece = pieces[random_below(state, usual)];
        size_t size = strlen(piece);
        if (size > ROOM - text->size)
            break;
        memcpy(text->data + text->size, piece, size);
        text->size += size;
    }
}

static void init_output(struct kw_output *output)
{
    output->fd = -1;
    output->error = 0;
    output->terminal = false;
    output->used = 0;
}

/* ---- Runs of ASCII -------------------------------------------------------------------------- */

static void runs_end_at_the_first_byte_that_is_not_plain(void **state)
{
    char bytes[40];

    (void)state;
    for (size_t size = 0; size < 24; size++)
        for (size_t at = 0; at <= size; at++)
            for (unsigned byte = 0; byte < 256; byte++) {
                memset(bytes, 'x', sizeof bytes);
                bytes[at] = (char)byte;
                bool plain = byte >= ' ' && byte <= '~';
                size_t expected = plain ? size : at;
                assert_int_equal(kw_text_plain((struct kwic_text){bytes, size}), expected);
                expected = plain && byte != ' ' ? size : at;
                assert_int_equal(kw_text_plain_word((struct kwic_text){bytes, size}), expected);
            }
}

/* ---- Cleaning and fitting ------------------------------------------------------------------- */

static void clean_plainly(struct kw_output *output, struct kwic_text text, unsigned cleaning)
{
    bool one_line = cleaning & KW_CLEAN_ONE_LINE, safe = cleaning & KW_CLEAN_SAFE;

    while (text.size > 0) {
        struct kw_glyph glyph = kw_glyph_at(text);
        bool unsafe = !glyph.valid ||
                      (kw_glyph_unsafe(glyph.code) && glyph.code != '\n' && glyph.code != '\t');
        bool break_off = text.data[0] == '\r' && text.size > 1 && text.data[1] == '\n';
        if (one_line && (glyph.code == '\n' || glyph.code == '\r' || glyph.code == '\t'))
            kw_output_string(output, " ");
        else if (safe && unsafe)
            kw_output_string(output, break_off ? "" : KW_GLYPH_REPLACEMENT);
        else
            kw_output_bytes(output, text.data, glyph.size);
        text = kw_text_from(text, glyph.size);
    }
}

static size_t fit_plainly(struct kwic_text text, size_t columns)
{
    size_t size = 0;

    while (size < text.size) {
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(text, size));
        size_t width = kw_glyph_shown_width(glyph.code);
        if (width > columns)
            break;
        columns -= width;
        size += glyph.size;
    }
    return size;
}

static void texts_are_cleaned_and_fitted_as_character_by_character(void **state)
{
    static struct kw_output output, expected;
    struct text text;
    uint64_t seed = 1;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        make_text(&text, PIECES, &seed);
        for (unsigned cleaning = 0; cleaning < 4; cleaning++) {
            init_output(&output);
            init_output(&expected);
            kw_output_clean(&output, view(&text), cleaning);
            clean_plainly(&expected, view(&text), cleaning);
            assert_int_equal(output.used, expected.used);
            assert_memory_equal(output.data, expected.data, output.used);
        }
        size_t columns = random_below(&seed, 100);
        assert_int_equal(kw_text_fitting(view(&text), columns).size,
                         fit_plainly(view(&text), columns));
    }
}

static void spaces_are_as_many_as_asked_for(void **state)
{
    static struct kw_output output;

    (void)state;
    for (size_t count = 0; count < 40; count++) {
        init_output(&output);
        kw_output_spaces(&output, count);
        assert_int_equal(output.used, count);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(output.data[i], ' ');
    }
}

/* ---- Results -------------------------------------------------------------------------------- */

/* The twin of a text in which each of '!' to '~' is a letter of two bytes and one column, which
 * goes the general way; places[i] is where byte i went. */
static void disguise(const struct text *text, struct text *twin, size_t places[ROOM + 1])
{
    twin->size = 0;
    for (size_t i = 0; i < text->size; i++) {
        unsigned char byte = (unsigned char)text->data[i];
        places[i] = twin->size;
        if (byte >= '!' && byte <= '~') {
            twin->data[twin->size++] = (char)(0xD0 | byte >> 6);
            byte = 0x80 | (byte & 0x3F);
        }
        twin->data[twin->size++] = (char)byte;
        assert_true(twin->size < ROOM);
    }
    places[text->size] = twin->size;
}

/* Takes what was disguised back, in place. */
static void uncover(struct kw_output *output)
{
    size_t size = 0;

    for (size_t i = 0; i < output->used; i++) {
        unsigned char byte = (unsigned char)output->data[i];
        if ((byte == 0xD0 || byte == 0xD1) && i + 1 < output->used)
            byte = (unsigned char)(byte << 6 | ((unsigned char)output->data[++i] & 0x3F));
        output->data[size++] = (char)byte;
    }
    output->used = size;
}

static void results_look_the_same_in_letters_that_are_not_ascii(void **state)
{
    static struct kw_output output, expected;
    static struct text text, title, twin, title_twin;
    static size_t places[ROOM + 1], title_places[ROOM + 1];
    struct kwic_highlight marks[4], twin_marks[4];
    struct kwic_error error;
    uint64_t seed = 2;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        make_text(&title, 12, &seed);
        make_text(&text, PIECES - 14, &seed);
        if (random_below(&seed, 4) == 0) { /* the passage begins with the title */
            memmove(text.data + title.size + 1, text.data, text.size);
            memcpy(text.data, title.data, title.size);
            text.data[title.size] = '\n';
            text.size += title.size + 1;
        }
        disguise(&text, &twin, places);
        disguise(&title, &title_twin, title_places);
        size_t count = random_below(&seed, 5), at = 0;
        for (size_t i = 0; i < count; i++) {
            at += random_below(&seed, text.size - at + 1);
            size_t end = at + random_below(&seed, text.size - at + 1);
            marks[i] = (struct kwic_highlight){at, end, 0};
            twin_marks[i] = (struct kwic_highlight){places[at], places[end], 0};
        }
        struct kwic_result result = {.rank = 1,
                                     .score = 1.5,
                                     .line = 1,
                                     .title = view(&title),
                                     .text = view(&text),
                                     .highlights = marks,
                                     .highlight_count = count};
        struct kw_render render = {.output = &output,
                                   .color = random_below(&seed, 2) == 0,
                                   .width = 20 + random_below(&seed, 80)};
        init_output(&output);
        assert_int_equal(kw_render_text.result(&render, &result, &error), KWIC_OK);
        result.title = view(&title_twin);
        result.text = view(&twin);
        result.highlights = twin_marks;
        render.output = &expected;
        init_output(&expected);
        assert_int_equal(kw_render_text.result(&render, &result, &error), KWIC_OK);
        uncover(&expected);
        assert_int_equal(output.used, expected.used);
        assert_memory_equal(output.data, expected.data, output.used);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_end_at_the_first_byte_that_is_not_plain),
        cmocka_unit_test(texts_are_cleaned_and_fitted_as_character_by_character),
        cmocka_unit_test(spaces_are_as_many_as_asked_for),
        cmocka_unit_test(results_look_the_same_in_letters_that_are_not_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
