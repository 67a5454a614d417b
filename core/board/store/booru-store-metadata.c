/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of posts say of themselves. */
#include "board/store/booru-store-files-private.h"

#include <string.h>

#include "base/booru-error.h"

char *
booru_store_get_metadata (BooruStore *self, gint64 post_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "get-metadata", "x", post_id);
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_ROW)
    return booru_sql_dup_text (row, 0);
  return step == BOORU_SQL_DONE ? g_strdup ("{}") : NULL;
}

/* The web passes it on as it is. */
static gboolean
check (BooruStore *store, const char *metadata, GError **error)
{
  gint64 is_object = FALSE;

  if (g_utf8_validate (metadata, -1, NULL)
      && !booru_sql_read_number (store->sql, &is_object, error, "is-json-object", "s", metadata))
    return FALSE;
  if (is_object)
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "The metadata of a file is not a JSON object; nothing was changed");
  return FALSE;
}

/* A search can ask what is in it. */
static gboolean
write_metadata (BooruStore *store, gint64 post_id, const char *metadata, GError **error)
{
  gint64 changed;
  gboolean done
      = strcmp (metadata, "{}") == 0
            ? booru_sql_read_number (store->sql, &changed, error, "delete-metadata", "x", post_id)
            : booru_sql_read_number (store->sql, &changed, error, "put-metadata", "xs", post_id,
                                     metadata);

  if (changed != 0)
    booru_sql_note_change (store->sql, BOORU_CHANGE_POST, changed);
  return done;
}

gboolean
booru_store_metadata_put (BooruStore *store, gint64 post_id, const char *metadata, GError **error)
{
  return check (store, metadata, error) && write_metadata (store, post_id, metadata, error);
}

static char *
patch_json (BooruStore *store, const char *before, const char *patch, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "patch-json", "ss", before, patch);

  return booru_sql_step (row, error) == BOORU_SQL_ROW ? booru_sql_dup_text (row, 0) : NULL;
}

gboolean
booru_store_metadata_patch (BooruStore *store, gint64 post_id, const char *patch, GError **error)
{
  g_autofree char *before = NULL, *after = NULL;

  if (!check (store, patch, error))
    return FALSE;
  before = booru_store_get_metadata (store, post_id, error);
  after = before != NULL ? patch_json (store, before, patch, error) : NULL;
  return after != NULL && write_metadata (store, post_id, after, error);
}
