/* From the groups of a plan to Xapian's operators, over leaves that are made as one likes. */
#ifndef KW_XAPIAN_TREE_H
#define KW_XAPIAN_TREE_H

#include "xapian/reader.h"

/* A part of a query, made of a leaf or a group. */
struct kw_tree_part {
    struct xc_query *query; /* owned by who has the part */
    bool exact;             /* it matches what the plan's does, no more and no less */
};

/* Zeroed is none. */
struct kw_tree_parts {
    struct kw_tree_part *items;
    size_t count;
    size_t capacity;
};

/* Adds a part that is still to be made, of a query that matches nothing. NULL when memory is out.
 */
struct kw_tree_part *kw_tree_parts_add(struct kw_tree_parts *parts);
void kw_tree_parts_release(struct kw_tree_parts *parts);
/* Whether all of them are exact. */
bool kw_tree_parts_exact(const struct kw_tree_parts *parts);

/* Makes `query` the parts under an operator; no parts match nothing, one is itself. KW_E_MEMORY,
 * KW_E_IO. */
enum kw_status kw_tree_parts_join(struct kw_xapian *xapian, struct xc_query *query,
                                  enum xc_operator op, const struct kw_tree_parts *parts,
                                  struct kw_error *error);
/* Makes `query` it and another one under an operator of two. KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_tree_combine(struct kw_xapian *xapian, struct xc_query *query,
                               enum xc_operator op, const struct xc_query *other,
                               struct kw_error *error);

/* How a plan becomes a query. Parts come as kw_tree_parts_add makes them. */
struct kw_tree {
    struct kw_xapian *xapian;
    const struct kw_plan *plan;
    enum kw_status (*leaf)(const struct kw_tree *tree, uint32_t leaf, struct kw_tree_part *part,
                           struct kw_error *error);
    enum kw_status (*group)(const struct kw_tree *tree, const struct kw_plan_node *node,
                            struct kw_tree_part *part, struct kw_error *error);
    const void *context; /* of `leaf` */
    bool once; /* what is asked for twice of a group is made once: weights do not matter */
};

enum kw_status kw_tree_node(const struct kw_tree *tree, const struct kw_plan_node *node,
                            struct kw_tree_part *part, struct kw_error *error);
/* Adds the children of one occurrence. */
enum kw_status kw_tree_children(const struct kw_tree *tree, const struct kw_plan_node *node,
                                enum kw_occur occur, struct kw_tree_parts *parts,
                                struct kw_error *error);
/* A `group` that matches what the plan's does, as far as Xapian has operators for that, and weighs
 * the sum of what its leaves do. It has none for some of several parts that must match. */
enum kw_status kw_tree_group(const struct kw_tree *tree, const struct kw_plan_node *node,
                             struct kw_tree_part *part, struct kw_error *error);

#endif
