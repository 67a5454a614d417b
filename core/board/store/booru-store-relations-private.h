/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aliases and implications as the store uses them. */
#pragma once

#include "board/booru-store-relations.h"
#include "board/rules/booru-relations.h"
#include "board/store/booru-store-jobs-private.h"
#include "board/store/booru-store-post-set-private.h"

G_BEGIN_DECLS

/* Those that are in force in the view that the caller reads from, or in its write. They are kept
 * until somebody changes one; that nobody did is known without a statement, or within a read, by
 * one for each generation of the store. Transfer none, until the next call. */
BooruRelations *booru_store_get_relations (BooruStore *store, GError **error);

/* Those that are in force, for the caller to add to. Transfer full. */
BooruRelations *booru_store_load_relations (BooruStore *store, GError **error);

/* After a write that changed some, whether it was committed or not. */
void booru_store_forget_relations (BooruStore *store);

/* The board's generations: of its last write, and of the last one that changed relations. */
typedef struct
{
  guint64 board;
  gint64 relations;
} BooruGenerations;

/* Outside of a write: of the view that the caller reads from. */
gboolean
booru_store_read_generations (BooruStore *store, BooruGenerations *generations, GError **error);

/* Within a write: what aliases and implications make of the tags of a post that goes from @before
 * to @after. */
gboolean booru_store_imply (BooruStore *store,
                            const BooruPostState *before,
                            BooruPostState *after,
                            const BooruVersionBy *by,
                            GError **error);

/* Likewise of many. A post that would have too many tags stays as it is. */
gboolean booru_store_imply_all (BooruStore *store,
                                BooruPostSet *set,
                                const BooruVersionBy *by,
                                GError **error);

/* The tags of which posts may change by relations: @params of a job names these. Appended to
 * @tags. */
gboolean
booru_store_list_touched_tags (BooruStore *store, GVariant *params, GArray *tags, GError **error);

/* Within a write that makes @undo, which takes a job back: puts its relations into force or out of
 * it. */
gboolean booru_store_turn_relations (BooruStore *store,
                                     GVariant *params,
                                     gint64 user_id,
                                     BooruJobDraft *undo,
                                     GError **error);

G_END_DECLS
