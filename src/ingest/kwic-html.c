/* kwic-html: the helper program that reads HTML for kwic, with libxml2. */
#include "ingest/helper.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

/* What goes wrong is told in the answer. */
static void keep_quiet(void *context, xmlErrorPtr cause)
{
    (void)context;
    (void)cause;
}

int main(int argc, char **argv)
{
    xmlInitParser();
    xmlSetStructuredErrorFunc(NULL, keep_quiet);
    int status = kw_helper_run(argc, argv, "HTML", kw_page_read);
    xmlCleanupParser();
    return status;
}
