/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aliases and implications of tags. */
#pragma once

#include "board/booru-relation.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * booru_store_list_relations:
 * @self: a store
 * @filter: which relations
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruRelation): the relations, the newest first
 */
GPtrArray *
booru_store_list_relations (BooruStore *self, const BooruRelationFilter *filter, GError **error);

/**
 * booru_store_get_relation:
 * @self: a store
 * @kind: of which kind
 * @id: its number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the relation, in force or not
 */
BooruRelation *
booru_store_get_relation (BooruStore *self, BooruRelationKind kind, gint64 id, GError **error);

/**
 * booru_store_add_relation:
 * @self: a store
 * @kind: of which kind
 * @antecedent: a tag's name, as typed
 * @consequent: a tag's name, as typed; if it is an alias, the tag that it stands for is meant
 * @reason: (nullable): why, for people
 * @creator_id: who makes it
 * @job_id: (out) (optional): the job that applies it to the posts that are there
 * @error: %BOORU_ERROR_INVALID: a name that cannot be a tag, a relation of a tag with itself, or
 *   one that closes a circle, which the message names; %BOORU_ERROR_EXISTS: it is there already, or
 *   contradicts one that is. Then nothing has changed
 *
 * Puts a relation in force: for all that is tagged, searched and imported from now on. A job
 * applies it to past posts; booru_store_undo_job() takes both back.
 *
 * Returns: (transfer full): the relation
 */
BooruRelation *booru_store_add_relation (BooruStore *self,
                                         BooruRelationKind kind,
                                         const char *antecedent,
                                         const char *consequent,
                                         const char *reason,
                                         gint64 creator_id,
                                         gint64 *job_id,
                                         GError **error);

/**
 * booru_store_remove_relation:
 * @self: a store
 * @kind: of which kind
 * @id: its number
 * @user_id: who removes it
 * @job_id: (out) (optional): the job that takes away what posts have by it alone; 0: it was out of
 *   force already
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Puts a relation out of force; it is kept as history.
 *
 * Returns: (transfer full): the relation
 */
BooruRelation *booru_store_remove_relation (BooruStore *self,
                                            BooruRelationKind kind,
                                            gint64 id,
                                            gint64 user_id,
                                            gint64 *job_id,
                                            GError **error);

/**
 * booru_store_add_relations:
 * @self: a store
 * @kind: of which kind
 * @items: (element-type BooruRelationItem): a list, whose outcomes are filled in
 * @creator_id: who makes them
 * @dry_run: only looks what would become of them
 * @report: (out caller-allocates): filled in
 * @error: return location
 *
 * Puts a list of relations into force as one, which one job applies. What cannot be is left out,
 * with the reason.
 *
 * Returns: %TRUE on success, also if nothing was added
 */
gboolean booru_store_add_relations (BooruStore *self,
                                    BooruRelationKind kind,
                                    GPtrArray *items,
                                    gint64 creator_id,
                                    gboolean dry_run,
                                    BooruRelationReport *report,
                                    GError **error);

/**
 * booru_store_resolve_alias:
 * @self: a store
 * @name: a normalised name
 * @resolved: (out) (transfer full) (nullable): the name of the tag that it stands for; %NULL: it is
 *   no alias
 * @error: return location
 *
 * Takes microseconds.
 *
 * Returns: %TRUE on success
 */
gboolean
booru_store_resolve_alias (BooruStore *self, const char *name, char **resolved, GError **error);

/**
 * BooruAliasName:
 * @antecedent: the name that was looked for
 * @consequent: the name of the tag that it stands for
 *
 * An alias, as completion shows it.
 */
typedef struct
{
  char *antecedent, *consequent;
} BooruAliasName;

/**
 * booru_alias_name_free:
 * @self: (transfer full): an alias
 */
void booru_alias_name_free (BooruAliasName *self);

/**
 * booru_store_complete_alias:
 * @self: a store
 * @beginning: of a normalised name
 * @limit: how many at most
 * @error: return location
 *
 * Takes microseconds.
 *
 * Returns: (transfer full) (element-type BooruAliasName): the aliases in force whose antecedents
 *   begin so, by the order of their names
 */
GPtrArray *
booru_store_complete_alias (BooruStore *self, const char *beginning, guint limit, GError **error);

/**
 * booru_store_list_relations_of:
 * @self: a store
 * @kind: of which kind
 * @names: names of tags, %NULL-terminated
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruRelation): the relations in force whose antecedents
 *   or consequents these are, the oldest first
 */
GPtrArray *booru_store_list_relations_of (BooruStore *self,
                                          BooruRelationKind kind,
                                          const char *const *names,
                                          GError **error);

G_END_DECLS
