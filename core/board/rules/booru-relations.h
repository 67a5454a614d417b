/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All aliases and implications that are in force, and what follows from them.
 *
 * Chains are followed: where a is an alias of b and b of c, a is c; and an implication of an alias
 * is one of the tag that it stands for. So a relation that is removed leaves the others as they
 * were made. */
#pragma once

#include "board/booru-relation.h"

G_BEGIN_DECLS

typedef struct _BooruRelations BooruRelations;

BooruRelations *booru_relations_new (void);
void booru_relations_free (BooruRelations *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruRelations, booru_relations_free)

/* One end of a relation. */
typedef struct
{
  gint64 id; /* 0: no tag has that name */
  const char *name;
} BooruRelationEnd;

/* All aliases come before the first implication. */
void booru_relations_add_alias (BooruRelations *self,
                                const BooruRelationEnd *antecedent,
                                const BooruRelationEnd *consequent);
void booru_relations_add_implication (BooruRelations *self,
                                      const BooruRelationEnd *antecedent,
                                      const BooruRelationEnd *consequent);

/* What a name stands for in the end; NULL: it is no alias. Transfer none. */
const char *booru_relations_resolve (const BooruRelations *self, const char *name);
/* The tag that a tag stands for: mostly itself. */
gint64 booru_relations_get_canonical (const BooruRelations *self, gint64 id);
/* Appends the names of tags that stand for the tag @name; transfer none. */
void booru_relations_list_others (const BooruRelations *self, const char *name, GPtrArray *names);
/* Appends to @names, name by name in their order, the antecedents of aliases that begin with
 * @beginning; transfer none. */
void booru_relations_complete (BooruRelations *self,
                               const char *beginning,
                               guint limit,
                               GPtrArray *names);

/* Replaces ids by those of the tags that they stand for. @ids: stays a list (booru-id-list.h). */
void booru_relations_canonicalise (const BooruRelations *self, GArray *ids);

/* Unites @implied (ids) with all that tags imply, directly or not. */
void booru_relations_imply (BooruRelations *self, const GArray *tags, GArray *implied);
gboolean booru_relations_has_implications (const BooruRelations *self);
/* Unites @ids with all tags that imply one of them. */
void booru_relations_list_implying (BooruRelations *self, GArray *ids);
/* Of a tag with an implication. Transfer none. */
const char *booru_relations_get_name (const BooruRelations *self, gint64 id);

/* Whether the relation can be added. The names are normalised. BOORU_ERROR_EXISTS: it is there, or
 * the antecedent is another tag's alias; BOORU_ERROR_INVALID: it is one of a tag and itself, or
 * closes a circle, which the message names. */
gboolean booru_relations_check (BooruRelations *self,
                                BooruRelationKind kind,
                                const char *antecedent,
                                const char *consequent,
                                GError **error);

G_END_DECLS
