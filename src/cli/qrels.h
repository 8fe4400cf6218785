/* Judgements of relevance: which documents answer which queries. */
#ifndef KW_CLI_QRELS_H
#define KW_CLI_QRELS_H

#include "cli/message.h"

struct kw_judgement {
    struct kwic_text query; /* ids; white space in them is equal to `_`, as in TREC's runs */
    struct kwic_text document;
    int grade;   /* above 0: relevant, the higher the more */
    size_t line; /* from 1 */
};

struct kw_qrels {
    char *text; /* of the file */
    struct kw_judgement *items;
    size_t count;
    size_t capacity;
};

/* The judgements of one query: a part of the qrels, valid as long as they are. */
struct kw_judged {
    const struct kw_judgement *items;
    size_t count;
};

/* Reads the file `name`: lines of TREC's four columns (query, anything, document, grade) between
 * white space, or of three (query, document, grade) with tabs; a first line that names three such
 * columns instead is passed over. KW_GO_ON, or the exit status after a message that names file and
 * line: KW_EXIT_ERROR for a file that cannot be read, a line of another form, a grade that is no
 * whole number, and a document that is judged twice for one query. Release it in either case. */
int kw_qrels_init(struct kw_qrels *qrels, const char *name);
void kw_qrels_release(struct kw_qrels *qrels);

/* Those of the query `id`; none if it is not judged. */
struct kw_judged kw_qrels_find(const struct kw_qrels *qrels, struct kwic_text id);

/* The grade of a document, 0 if it is not judged. */
int kw_qrels_grade(struct kw_judged judged, struct kwic_text document);

/* The number of queries that have a relevant document. */
size_t kw_qrels_queries(const struct kw_qrels *qrels);

#endif
