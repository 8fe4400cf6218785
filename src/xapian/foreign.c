/* The table of schemas, and what is particular to each program: where its ids, titles, texts and
 * files are. Of omindex (Omega) 1.4, notmuch 0.37 (database version 3), mu 1.8 (schema 465), Recoll
 * 1.34 with its stripped index. */
#include "xapian/foreign.h"

#include <ctype.h>
#include <stdio.h>
#include <zlib.h>

#define WORDS(name, prefix)                                                                        \
    {                                                                                              \
        name, prefix, KW_TYPE_TEXT, KW_CODE_TEXT, 0                                                \
    }
#define TERMS(name, prefix)                                                                        \
    {                                                                                              \
        name, prefix, KW_TYPE_KEYWORD, KW_CODE_TEXT, 0                                             \
    }
#define SLOT(name, slot, type, code)                                                               \
    {                                                                                              \
        name, NULL, type, code, slot                                                               \
    }

/* Appends what a file's URL names, without its escapes; nothing if it is no file's. */
static void append_path(struct kw_bytes *out, struct kw_view url)
{
    static const char scheme[] = "file://";
    if (url.size < sizeof scheme || memcmp(url.data, scheme, sizeof scheme - 1) != 0)
        return;
    kw_bytes_append(out, url.data + sizeof scheme - 1, url.size - (sizeof scheme - 1));
}

/* ---- Omega -------------------------------------------------------------------------------- */

static enum kw_status number_id(struct kw_foreign_reading *reading)
{
    if (!reading->id.size)
        kw_bytes_format(&reading->id, "#%u", (unsigned)reading->docid);
    return KW_OK;
}

static enum kw_status omega_id(struct kw_foreign_reading *reading, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    kw_reading_line(reading, "url", &reading->id);
    if (!reading->id.size)
        status = kw_reading_term(reading, reading->docid, "Q", &reading->id, error);
    return status == KW_OK ? number_id(reading) : status;
}

static void omega_id_term(struct kw_bytes *out, struct kw_view id)
{
    kw_bytes_append_byte(out, 'U');
    kw_bytes_append_view(out, id);
}

static enum kw_status omega_read(struct kw_foreign_reading *reading, struct kw_error *error)
{
    static const char *const lines[] = {"author", "topic", "type", "size"};
    struct kw_bytes line = KW_BYTES_INIT;
    kw_reading_line(reading, "caption", &reading->title);
    if (!reading->title.size)
        kw_reading_line(reading, "title", &reading->title);
    kw_reading_line(reading, "type", &reading->type);
    kw_reading_line(reading, "sample", &reading->text);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        kw_reading_line(reading, lines[i], &line);
        kw_reading_show(reading, lines[i], kw_bytes_view(&line));
    }
    kw_reading_line(reading, "url", &line);
    append_path(&reading->path, kw_bytes_view(&line));
    enum kw_status status = kw_bytes_status(&line, error);
    kw_bytes_release(&line);
    return status;
}

static const struct kw_foreign_field omega_fields[] = {
    WORDS("title", "S"),
    WORDS("author", "A"),
    WORDS("topic", "B"),
    WORDS("filename", "F"),
    TERMS("ext", "E"),
    TERMS("mime", "T"),
    TERMS("type", "T"),
    TERMS("path", "P"),
    TERMS("host", "H"),
    TERMS("site", "J"),
    TERMS("lang", "L"),
    TERMS("owner", "O"),
    TERMS("keyword", "K"),
    SLOT("date", 0, KW_TYPE_DATE, KW_CODE_BIG),
    SLOT("size", 2, KW_TYPE_NUMBER, KW_CODE_NUMBER),
    {.name = NULL},
};

/* ---- notmuch ------------------------------------------------------------------------------ */

static enum kw_status notmuch_id(struct kw_foreign_reading *reading, struct kw_error *error)
{
    enum kw_status status = kw_reading_term(reading, reading->docid, "Q", &reading->id, error);
    return status == KW_OK ? number_id(reading) : status;
}

static void id_term(struct kw_bytes *out, struct kw_view id)
{
    kw_bytes_append_byte(out, 'Q');
    kw_bytes_append_view(out, id);
}

/* The folder that mails lie in: two above the database's own, .notmuch/xapian. */
static enum kw_status notmuch_base(struct kw_xapian *xapian, struct kw_bytes *out,
                                   struct kw_error *error)
{
    static const char own[] = "/.notmuch/xapian";
    const char *folder = xapian->foreign->folder;
    size_t size = folder ? strlen(folder) : 0;
    (void)error;
    if (size > sizeof own - 1 && strcmp(folder + size - (sizeof own - 1), own) == 0)
        kw_bytes_append(out, folder, size - (sizeof own - 1));
    return KW_OK;
}

/* Finds the mail's file: a term has the docid of its folder's document, whose data is the folder's
 * path below that of all mails, and the file's name. */
static enum kw_status notmuch_path(struct kw_foreign_reading *reading, struct kw_error *error)
{
    struct kw_bytes entry = KW_BYTES_INIT, folder = KW_BYTES_INIT;
    struct kw_foreign_reading other = {.xapian = reading->xapian};
    enum kw_status status = kw_reading_term(reading, reading->docid, "XFDIRENTRY", &entry, error);
    const uint8_t *colon = entry.size ? memchr(entry.data, ':', entry.size) : NULL;
    uint64_t number = 0;
    for (const uint8_t *at = entry.data; colon && at < colon; at++)
        number = isdigit(*at) && number < UINT32_MAX ? number * 10 + (uint64_t)(*at - '0') : 0;
    bool known = strcmp(reading->xapian->base_directory, "/") != 0;
    if (status == KW_OK && known && colon && number && number <= UINT32_MAX) {
        struct xc_document *document = xc_document_new();
        struct xc_text data;
        if (!document)
            status = kw_fail_memory(error);
        else if (xc_database_document(other.xapian->database, (uint32_t)number, document) ==
                     XC_OK &&
                 xc_document_data(document, &data) == XC_OK)
            kw_bytes_append(&folder, data.data, data.size);
        xc_document_free(document);
        kw_bytes_format(&reading->path, "%s/", reading->xapian->base_directory);
        kw_bytes_append_view(&reading->path, kw_bytes_view(&folder));
        if (folder.size)
            kw_bytes_append_byte(&reading->path, '/');
        kw_bytes_append(&reading->path, colon + 1, (size_t)(entry.data + entry.size - colon - 1));
    }
    kw_bytes_release(&entry);
    kw_bytes_release(&folder);
    return status;
}

static enum kw_status notmuch_read(struct kw_foreign_reading *reading, struct kw_error *error)
{
    struct kw_bytes from = KW_BYTES_INIT;
    enum kw_status status = kw_reading_slot(reading, 3, &reading->title, error);
    if (status == KW_OK)
        status = kw_reading_slot(reading, 2, &from, error);
    kw_reading_show(reading, "from", kw_bytes_view(&from));
    kw_bytes_append_text(&reading->type, "message/rfc822");
    if (status == KW_OK)
        status = notmuch_path(reading, error);
    kw_bytes_release(&from);
    return status;
}

static const struct kw_foreign_field notmuch_fields[] = {
    WORDS("title", "XSUBJECT"),
    WORDS("subject", "XSUBJECT"),
    WORDS("from", "XFROM"),
    WORDS("to", "XTO"),
    WORDS("attachment", "XATTACHMENT"),
    WORDS("mimetype", "XMIMETYPE"),
    WORDS("body", ""),
    TERMS("tag", "K"),
    TERMS("is", "K"),
    TERMS("id", "Q"),
    TERMS("thread", "G"),
    TERMS("folder", "XFOLDER:"),
    TERMS("path", "P"),
    TERMS("property", "XPROPERTY"),
    SLOT("date", 0, KW_TYPE_DATE, KW_CODE_NUMBER),
    {.name = NULL},
};

/* ---- mu ----------------------------------------------------------------------------------- */

enum { MU_DATE = 4, MU_FROM = 8, MU_PATH = 13, MU_SIZE = 16, MU_SUBJECT = 17 };

/* The path of the mail's file, below the folder of all mails. */
static enum kw_status mu_id(struct kw_foreign_reading *reading, struct kw_error *error)
{
    const char *base = reading->xapian->base_directory;
    size_t size = strlen(base);
    enum kw_status status = kw_reading_slot(reading, MU_PATH, &reading->id, error);
    if (status == KW_OK && reading->id.size > size + 1 &&
        memcmp(reading->id.data, base, size) == 0 && reading->id.data[size] == '/') {
        memmove(reading->id.data, reading->id.data + size + 1, reading->id.size - size - 1);
        reading->id.size -= size + 1;
    }
    return status == KW_OK ? number_id(reading) : status;
}

static enum kw_status mu_base(struct kw_xapian *xapian, struct kw_bytes *out,
                              struct kw_error *error)
{
    return kw_reading_metadata(xapian, "maildir", out, error);
}

static enum kw_status mu_read(struct kw_foreign_reading *reading, struct kw_error *error)
{
    struct kw_bytes from = KW_BYTES_INIT;
    enum kw_status status = kw_reading_slot(reading, MU_SUBJECT, &reading->title, error);
    if (status == KW_OK)
        status = kw_reading_slot(reading, MU_PATH, &reading->path, error);
    if (status == KW_OK)
        status = kw_reading_slot(reading, MU_FROM, &from, error);
    for (size_t i = 0; i < from.size; i++) /* an address and a name */
        if (from.data[i] == 0xFF)
            from.data[i] = ' ';
    kw_reading_show(reading, "from", kw_bytes_view(&from));
    kw_bytes_append_text(&reading->type, "message/rfc822");
    kw_bytes_release(&from);
    return status;
}

static const struct kw_foreign_field mu_fields[] = {
    WORDS("title", "S"),
    WORDS("subject", "S"),
    WORDS("from", "F"),
    WORDS("to", "T"),
    WORDS("cc", "C"),
    WORDS("bcc", "H"),
    WORDS("body", "B"),
    TERMS("sender", "F"),
    TERMS("recipient", "T"),
    TERMS("flag", "G"),
    TERMS("msgid", "I"),
    TERMS("maildir", "M"),
    TERMS("mime", "Y"),
    TERMS("prio", "P"),
    TERMS("tag", "X"),
    TERMS("thread", "W"),
    SLOT("date", MU_DATE, KW_TYPE_DATE, KW_CODE_HEX),
    {.name = NULL},
};

/* ---- Recoll ------------------------------------------------------------------------------- */

static enum kw_status recoll_id(struct kw_foreign_reading *reading, struct kw_error *error)
{
    struct kw_bytes *id = &reading->id;
    enum kw_status status = kw_reading_term(reading, reading->docid, "Q", id, error);
    if (status == KW_OK && id->size && id->data[id->size - 1] == '|')
        id->size--; /* a whole file, none of its parts */
    return status == KW_OK ? number_id(reading) : status;
}

static void recoll_id_term(struct kw_bytes *out, struct kw_view id)
{
    kw_bytes_append_text(out, id.size && id.data[0] == '/' ? "Q" : "Q/");
    kw_bytes_append_view(out, id);
    if (!memchr(id.data ? id.data : (const uint8_t *)"", '|', id.size))
        kw_bytes_append_byte(out, '|');
}

/* Inflates the text that metadata keep under a document's number. */
static enum kw_status recoll_text(struct kw_foreign_reading *reading, struct kw_error *error)
{
    enum { MOST = 100 << 20 };
    char key[16];
    struct kw_bytes packed = KW_BYTES_INIT;
    z_stream stream = {.avail_in = 0};
    int result = Z_OK;
    snprintf(key, sizeof key, "%010u", (unsigned)reading->docid);
    enum kw_status status = kw_reading_metadata(reading->xapian, key, &packed, error);
    if (status != KW_OK || !packed.size || inflateInit(&stream) != Z_OK) {
        kw_bytes_release(&packed);
        return status;
    }
    stream.next_in = packed.data;
    stream.avail_in = (uInt)packed.size;
    while (result == Z_OK && reading->text.size < MOST) {
        enum { STEP = 1 << 16 };
        uint8_t *room = kw_bytes_reserve(&reading->text, STEP);
        if (!room)
            break;
        stream.next_out = room;
        stream.avail_out = STEP;
        result = inflate(&stream, Z_NO_FLUSH);
        reading->text.size += STEP - stream.avail_out;
    }
    inflateEnd(&stream);
    kw_bytes_release(&packed);
    reading->whole = result == Z_STREAM_END && reading->text.size;
    return kw_bytes_status(&reading->text, error);
}

/* What Recoll made itself of a text's beginning is marked so. */
static void recoll_abstract(struct kw_foreign_reading *reading)
{
    static const char mark[] = "?!#@";
    struct kw_bytes *text = &reading->text;
    kw_reading_line(reading, "abstract", text);
    if (text->size >= sizeof mark - 1 && memcmp(text->data, mark, sizeof mark - 1) == 0) {
        text->size -= sizeof mark - 1;
        memmove(text->data, text->data + sizeof mark - 1, text->size);
    }
}

static enum kw_status recoll_read(struct kw_foreign_reading *reading, struct kw_error *error)
{
    static const char *const lines[] = {"author", "keywords", "recipient", "mtype"};
    struct kw_bytes line = KW_BYTES_INIT;
    enum kw_status status = recoll_text(reading, error);
    if (status == KW_OK && !reading->whole)
        recoll_abstract(reading);
    kw_reading_line(reading, "caption", &reading->title);
    if (!reading->title.size)
        kw_reading_line(reading, "title", &reading->title);
    if (!reading->title.size)
        kw_reading_line(reading, "filename", &reading->title);
    kw_reading_line(reading, "mtype", &reading->type);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        kw_reading_line(reading, lines[i], &line);
        kw_reading_show(reading, lines[i], kw_bytes_view(&line));
    }
    kw_reading_line(reading, "url", &line);
    append_path(&reading->path, kw_bytes_view(&line));
    kw_reading_line(reading, "ipath", &line);
    reading->whole = reading->whole || line.size; /* a part of its file, which is not read for it */
    if (status == KW_OK)
        status = kw_bytes_status(&line, error);
    kw_bytes_release(&line);
    return status;
}

static const struct kw_foreign_field recoll_fields[] = {
    WORDS("title", "S"),
    WORDS("author", "A"),
    WORDS("from", "A"),
    WORDS("keyword", "K"),
    WORDS("recipient", "XTO"),
    WORDS("to", "XTO"),
    WORDS("filename", "XSFN"),
    WORDS("containerfilename", "XCFN"),
    WORDS("dir", "XP"),
    TERMS("ext", "XE"),
    TERMS("mime", "T"),
    {"date", "D", KW_TYPE_DATE, KW_CODE_DAY, 0},
    SLOT("size", 2, KW_TYPE_NUMBER, KW_CODE_DIGITS),
    {.name = NULL},
};

/* ---- Plain -------------------------------------------------------------------------------- */

static enum kw_status plain_id(struct kw_foreign_reading *reading, struct kw_error *error)
{
    enum kw_status status = kw_reading_term(reading, reading->docid, "Q", &reading->id, error);
    return status == KW_OK ? number_id(reading) : status;
}

/* Data with a sample is as Omega's; any other is the text. */
static enum kw_status plain_read(struct kw_foreign_reading *reading, struct kw_error *error)
{
    enum kw_status status = omega_read(reading, error);
    if (status == KW_OK && !reading->text.size) {
        kw_bytes_append_view(&reading->text, kw_bytes_view(&reading->data));
        reading->whole = true;
    }
    return status;
}

static const struct kw_foreign_field plain_fields[] = {{.name = NULL}};

/* ---- The table ---------------------------------------------------------------------------- */

static enum kw_status root_base(struct kw_xapian *xapian, struct kw_bytes *out,
                                struct kw_error *error)
{
    (void)xapian;
    (void)error;
    kw_bytes_append_text(out, "/");
    return KW_OK;
}

static const struct kw_foreign_schema schemas[] = {
    {
        .name = "omega",
        .language = "english",
        .rules = KW_RULES_XAPIAN,
        .text = {"", "S", "B", "F"},
        .fields = omega_fields,
        .read_id = omega_id,
        .read = omega_read,
        .id_term = omega_id_term,
        .base = root_base,
    },
    {
        .name = "notmuch",
        .language = "english",
        .rules = KW_RULES_XAPIAN,
        .text = {"", "XSUBJECT", "XFROM", "XTO", "XATTACHMENT", "XMIMETYPE"},
        .all = "Tmail",
        .fields = notmuch_fields,
        .marks = {"last_thread_id", "version"},
        .read_id = notmuch_id,
        .read = notmuch_read,
        .id_term = id_term,
        .base = notmuch_base,
    },
    {
        .name = "mu",
        .language = "none",
        .rules = KW_RULES_MU,
        .text = {"B", "S", "F", "T", "C", "H"},
        .fields = mu_fields,
        .marks = {"schema-version", "maildir"},
        .read_id = mu_id,
        .read = mu_read,
        .base = mu_base,
    },
    {
        .name = "recoll",
        .language = "none",
        .rules = KW_RULES_RECOLL,
        .text = {""},
        .fields = recoll_fields,
        .marks = {"RCL_IDX_VERSION_KEY", "RCL_IDX_DESCRIPTOR_KEY"},
        .read_id = recoll_id,
        .read = recoll_read,
        .id_term = recoll_id_term,
        .base = root_base,
    },
    {
        .name = "plain",
        .language = "none",
        .rules = KW_RULES_XAPIAN,
        .text = {""},
        .fields = plain_fields,
        .read_id = plain_id,
        .read = plain_read,
        .id_term = id_term,
        .base = root_base,
    },
};

const struct kw_foreign_schema *kw_foreign_schema_at(size_t number)
{
    return number < sizeof schemas / sizeof *schemas ? &schemas[number] : NULL;
}

const struct kw_foreign_schema *kw_foreign_schema_named(const char *name)
{
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        if (strcmp(schemas[i].name, name) == 0)
            return &schemas[i];
    return NULL;
}
