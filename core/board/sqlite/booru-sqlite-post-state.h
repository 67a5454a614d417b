/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a post can be changed by users and by imports, and the one way to write it. */
#pragma once

#include "board/sqlite/booru-sqlite-posts.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 id;
  BooruPostStatus status;
  GArray *tags; /* ids */
  char rating;
  char *source;
  gint64 parent_id;
} BooruSqlitePostState;

void booru_sqlite_post_state_clear (BooruSqlitePostState *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruSqlitePostState, booru_sqlite_post_state_clear)

/* Who changes it. */
typedef struct
{
  gint64 updater_id;
  const char *note; /* what an import came from; NULL: a user did it */
  gint64 now;
  BooruPostAction action;
} BooruSqliteVersionBy;

/* All within a write. BOORU_ERROR_NOT_FOUND */
gboolean booru_sqlite_post_state_read (BooruSqliteDb *db,
                                       gint64 id,
                                       BooruSqlitePostState *state,
                                       GError **error);

gboolean booru_sqlite_post_state_equal (const BooruSqlitePostState *a,
                                        const BooruSqlitePostState *b);

/* Brings row, versions, search index and @counts, which the caller applies, from @before to @after;
 * writes nothing where these are the same. */
gboolean booru_sqlite_post_state_write (BooruSqliteDb *db,
                                        const BooruSqlitePostState *before,
                                        const BooruSqlitePostState *after,
                                        const BooruSqliteVersionBy *by,
                                        BooruSqliteTagCounts *counts,
                                        GError **error);

/* Writes a version even where nothing differs: of deleting, and the like. */
gboolean booru_sqlite_post_state_note (BooruSqliteDb *db,
                                       const BooruSqlitePostState *state,
                                       const BooruSqliteVersionBy *by,
                                       GError **error);

/* booru-sqlite-status.c */
gboolean booru_sqlite_post_put_deleted (BooruSqliteDb *db,
                                        gint64 id,
                                        gboolean deleted,
                                        const BooruSqliteVersionBy *by,
                                        GError **error);

void booru_sqlite_bind_packed (BooruSqliteStatement *statement, int index, const GArray *tags);

G_END_DECLS
