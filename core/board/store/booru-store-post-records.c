/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is special to comments, notes and commentaries: they belong to posts. */
#include "board/store/booru-store-records-private.h"

#include <string.h>

#include "base/booru-error.h"

/* So many comments bring a post to the front; later ones do not. */
#define BUMPING_COMMENTS 40

static gint64
get_post (const BooruRecordWrite *write)
{
  return booru_record_get_number (write->after != NULL ? write->after : write->before, "post_id");
}

/* The size of the picture; FALSE with @error also if there is no such post. */
static gboolean
read_size (BooruStore *store, gint64 post_id, gint64 *width, gint64 *height, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "get-post-size", "x", post_id);
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "post_id is %" G_GINT64_FORMAT ", and there is no such post", post_id);
  if (step != BOORU_SQL_ROW)
    return FALSE;
  *width = booru_sql_get_number (row, 0);
  *height = booru_sql_get_number (row, 1);
  return TRUE;
}

static gboolean
check_post (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  gint64 width, height;

  return write->before != NULL || read_size (store, get_post (write), &width, &height, error);
}

/* A change of the post, as its times are members of it. */
static gboolean
touch (BooruStore *store,
       const BooruRecordWrite *write,
       const char *statement,
       gint64 value,
       GError **error)
{
  booru_sql_note_change (store->sql, BOORU_CHANGE_POST, get_post (write));
  return booru_sql_run (store->sql, error, statement, "xx", get_post (write), value);
}

/* Comments. */

static gboolean
follow_comment (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  return touch (store, write, "touch-commented", BUMPING_COMMENTS, error);
}

const BooruRecordRules booru_comment_rules = { check_post, follow_comment };

/* Notes. */

static gboolean
check_note (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  gint64 x = booru_record_get_number (write->after, "x");
  gint64 y = booru_record_get_number (write->after, "y");
  gint64 width, height;

  if (!read_size (store, get_post (write), &width, &height, error))
    return FALSE;
  if (x >= 0 && y >= 0 && booru_record_get_number (write->after, "width") > 0
      && booru_record_get_number (write->after, "height") > 0
      && x + booru_record_get_number (write->after, "width") <= width
      && y + booru_record_get_number (write->after, "height") <= height)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "note must be inside the image, which is %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT,
               width, height);
  return FALSE;
}

static gboolean
follow_note (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  booru_record_set_number (write->after, "version",
                           booru_record_get_number (write->after, "version") + 1);
  return booru_sql_run (store->sql, error, "raise-note-version", "x",
                        booru_record_get_id (write->after))
         && touch (store, write, "touch-noted", write->now, error);
}

const BooruRecordRules booru_note_rules = { check_note, follow_note };

/* Commentaries: a post has one. */

static gboolean
check_commentary (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  gint64 found;

  if (write->before != NULL)
    return TRUE;
  if (!check_post (store, write, error)
      || !booru_sql_read_number (store->sql, &found, error, "find-commentary", "x",
                                 get_post (write)))
    return FALSE;
  if (found != 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "post_id is that of another commentary, %" G_GINT64_FORMAT, found);
  return found == 0;
}

const BooruRecordRules booru_commentary_rules = { .check = check_commentary };

gint64
booru_store_find_commentary (BooruStore *self, gint64 post_id, GError **error)
{
  gint64 id;

  g_return_val_if_fail (BOORU_IS_STORE (self), -1);
  return booru_sql_read_number (self->sql, &id, error, "find-commentary", "x", post_id) ? id : -1;
}
