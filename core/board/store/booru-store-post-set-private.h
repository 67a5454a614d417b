/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many posts at once, by as many statements as one takes. All within a write. */
#pragma once

#include "board/store/booru-store-post-state-private.h"

G_BEGIN_DECLS

typedef enum
{
  BOORU_MOVE_NONE,
  BOORU_MOVE_TRASH,   /* into the trash */
  BOORU_MOVE_RESTORE, /* out of it */
} BooruPostMove;

/* One of them. */
typedef struct
{
  BooruPostState before, after;
  BooruPostMove move; /* for booru_post_set_settle_moves() */
} BooruPostChange;

typedef struct
{
  GPtrArray *changes; /* BooruPostChange, by ascending id */
  GHashTable *by_id;  /* &id -> BooruPostChange */
  char *ids;          /* a JSON array */
} BooruPostSet;

/* The posts of these ids as they are, those that do not exist left out. NULL: @error. */
BooruPostSet *
booru_post_set_read (BooruStore *store, const gint64 *ids, gsize n_ids, GError **error);
void booru_post_set_free (BooruPostSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruPostSet, booru_post_set_free)

/* Sets the status after each move. */
gboolean booru_post_set_settle_moves (BooruPostSet *self, BooruStore *store, GError **error);

/* Brings rows, versions and counts to what is after, with what follows from that by aliases and
 * implications. @changed: the ids of the posts that are others now are appended. What becomes
 * invalid, as by too many tags, stays as it is. */
gboolean booru_post_set_write (BooruPostSet *self,
                               BooruStore *store,
                               const BooruVersionBy *by,
                               GArray *changed,
                               GError **error);

typedef void (*BooruPostSetFunc) (BooruPostChange *change,
                                  BooruPostAction action,
                                  const BooruPostState *before,
                                  const BooruPostState *after,
                                  gpointer data);

/* Calls @func for each version that statement @name, as list-versions-of-job, has of the posts. */
gboolean booru_post_set_foreach_version (BooruPostSet *self,
                                         BooruStore *store,
                                         const char *name,
                                         gint64 id,
                                         BooruPostSetFunc func,
                                         gpointer data,
                                         GError **error);

G_END_DECLS
