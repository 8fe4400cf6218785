/* Whose rules a text is cut into words and its words are folded by: our own, or those of programs
 * that make Xapian databases, so that these can be searched. They were written from what the
 * programs do, and from the manuals of Xapian (Xapian::TermGenerator), mu 1.8 and Recoll 1.34. */
#ifndef KW_STEMMERS_RULES_H
#define KW_STEMMERS_RULES_H

enum kw_rules {
    KW_RULES_OWN,
    KW_RULES_XAPIAN, /* Xapian's TermGenerator: letters, marks and digits with some signs between;
                        lower case, nothing else folded */
    KW_RULES_MU,     /* the same words, without marks */
    KW_RULES_RECOLL, /* letters and digits alone; without marks, and case-folded */
};

#endif
