/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states of a post in the database, and the one way to change them. All within a write. */
#pragma once

#include "board/rules/booru-post-state.h"
#include "board/store/booru-store-tags-private.h"

G_BEGIN_DECLS

/* Who changes it. */
typedef struct
{
  gint64 updater_id;
  const char *note; /* what an import came from; NULL: a user did it */
  gint64 now;
  BooruPostAction action;
  gint64 job_id;         /* the job that does it; 0: none */
  gboolean is_new;       /* nothing was ever said of the post */
  gboolean again;        /* what is implied is looked at though no tag has changed */
  const GArray *refused; /* ids of tags that are not wanted though others imply them; or NULL */
} BooruVersionBy;

/* BOORU_ERROR_NOT_FOUND */
gboolean
booru_store_read_state (BooruStore *store, gint64 id, BooruPostState *state, GError **error);

/* @row: of get-post-state. state->id is set. */
gboolean booru_store_get_state (BooruStore *store,
                                BooruSqlStatement *row,
                                BooruPostState *state,
                                GError **error);

/* What a search can ask of the post changes, and what it asks of its parents; @counts, too. */
void booru_store_note_states (BooruStore *store,
                              const BooruPostState *before,
                              const BooruPostState *after,
                              BooruTagCounts *counts);

/* Brings row, versions and @counts, which the caller applies, from @before to @wanted with what its
 * tags imply; writes nothing where these are the same. */
gboolean booru_store_write_state (BooruStore *store,
                                  const BooruPostState *before,
                                  const BooruPostState *wanted,
                                  const BooruVersionBy *by,
                                  BooruTagCounts *counts,
                                  GError **error);

/* Writes a version even where nothing differs: of deleting, and the like. */
gboolean booru_store_note_state (BooruStore *store,
                                 const BooruPostState *state,
                                 const BooruVersionBy *by,
                                 GError **error);

/* @state: what is known of the post; its status is set. */
gboolean booru_store_set_status (BooruStore *store,
                                 BooruPostState *state,
                                 BooruPostStatus status,
                                 BooruTagCounts *counts,
                                 gint64 now,
                                 GError **error);

/* See booru_store_delete_post() and booru_store_undelete_post(); the version is one of deleting or
 * undeleting, whatever @by's action is. */
gboolean booru_store_put_deleted (BooruStore *store,
                                  gint64 id,
                                  gboolean deleted,
                                  const BooruVersionBy *by,
                                  GError **error);

gboolean
booru_store_post_has_file (BooruStore *store, gint64 id, gboolean *present, GError **error);

/* The new post of a file whose content was replaced takes over what the former one has, and is its
 * child. That is a version, which can be undone like any other. */
gboolean booru_store_post_inherit (BooruStore *store,
                                   gint64 post_id,
                                   gint64 former_id,
                                   gint64 now,
                                   BooruTagCounts *counts,
                                   GError **error);

/* Whether a post was added after @since, and nobody has done anything to it. */
gboolean booru_store_post_is_fresh (BooruStore *store,
                                    gint64 post_id,
                                    gint64 since,
                                    gboolean *fresh,
                                    GError **error);

/* Tags are added to those that the post has; the rest is as in an edit. */
gboolean booru_store_post_merge (BooruStore *store,
                                 gint64 id,
                                 const BooruPostEdit *edit,
                                 gint64 now,
                                 GError **error);

/* All that can be wrong with an edit by itself. */
gboolean booru_post_edit_check (const BooruPostEdit *edit, GError **error);

/* Id 0: of a post to come. */
gboolean booru_store_check_parent (BooruStore *store, gint64 id, gint64 parent_id, GError **error);

G_END_DECLS
