/* The title of a Markdown text, by libcmark. */
#include "ingest/markup.h"

#include "ingest/front_matter.h"
#include "ingest/label.h"

#include <cmark.h>
#include <stdlib.h>

/* Whole lines at the front of `text`, so that no heading is cut; all of one line that is longer. */
static struct kw_view near(struct kw_view text)
{
    if (text.size <= KW_MARKUP_NEAR)
        return text;
    const uint8_t *end = memrchr(text.data, '\n', KW_MARKUP_NEAR);
    return (struct kw_view){text.data, end ? (size_t)(end - text.data) + 1 : KW_MARKUP_NEAR};
}

/* Appends the text below `heading`, one blank for a line's end in it. */
static void append_plain(cmark_iter *iterator, cmark_node *heading, struct kw_bytes *out)
{
    for (cmark_event_type event = cmark_iter_next(iterator); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iterator)) {
        cmark_node *node = cmark_iter_get_node(iterator);
        cmark_node_type type = cmark_node_get_type(node);
        const char *literal = cmark_node_get_literal(node);
        if (event == CMARK_EVENT_EXIT && node == heading)
            return;
        if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            kw_bytes_append_byte(out, ' ');
        else if ((type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) && literal)
            kw_bytes_append_text(out, literal);
    }
}

static void find_title(cmark_node *document, struct kw_bytes *title)
{
    struct kw_bytes plain = KW_BYTES_INIT;
    cmark_iter *iterator = cmark_iter_new(document);
    for (cmark_event_type event = cmark_iter_next(iterator);
         event != CMARK_EVENT_DONE && !title->size; event = cmark_iter_next(iterator)) {
        cmark_node *node = cmark_iter_get_node(iterator);
        if (event != CMARK_EVENT_ENTER || cmark_node_get_type(node) != CMARK_NODE_HEADING)
            continue;
        kw_bytes_clear(&plain);
        append_plain(iterator, node, &plain);
        kw_label_first_line(kw_bytes_view(&plain), title);
    }
    cmark_iter_free(iterator);
    title->failed |= plain.failed;
    kw_bytes_release(&plain);
}

enum kw_status kw_markup_title(struct kw_view text, struct kw_bytes *title, struct kw_error *error)
{
    enum { ROOM = 32 * 1024 * 1024 };
    struct kw_view block;
    kw_bytes_clear(title);
    kw_front_matter_find(text, &block, &text);
    text = near(text);
    if (!text.size)
        return KW_OK;
    void *room = malloc(ROOM); /* libcmark aborts when memory runs out: see that it does not */
    if (!room)
        return kw_fail_memory(error);
    free(room);
    cmark_node *document =
        cmark_parse_document((const char *)text.data, text.size, CMARK_OPT_DEFAULT);
    find_title(document, title);
    cmark_node_free(document);
    return kw_bytes_status(title, error);
}
