/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is special to pools. */
#include "board/store/booru-store-records-private.h"

#include <string.h>

#include "base/booru-error.h"

static gboolean
is_reserved (const char *name)
{
  static const char *const reserved[] = { "any", "none", "series", "collection", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strv_contains (reserved, lower);
}

/* A search has to tell names from numbers and patterns. */
static gboolean
check_name (const char *name, GError **error)
{
  const char *wrong = NULL;

  if (is_reserved (name))
    wrong = "is a word that searches use";
  else if (strpbrk (name, "*,") != NULL)
    wrong = "cannot contain asterisks (*) or commas";
  else if (strspn (name, "0123456789") == strlen (name))
    wrong = "cannot contain only digits";
  if (wrong != NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "name %s", wrong);
  return wrong == NULL;
}

/* A change of a list is a change of its count. */
static void
count_posts (BooruRecordWrite *write)
{
  booru_record_set_number (write->after, "post_count",
                           booru_record_get_ids (write->after, "post_ids")->len);
}

static gboolean
is_named (const BooruRecordWrite *write)
{
  return write->before == NULL
         || strcmp (booru_record_get_text (write->before, "name"),
                    booru_record_get_text (write->after, "name"))
                != 0;
}

static gboolean
check_free (BooruStore *store, const char *name, gint64 id, GError **error)
{
  gint64 found;

  if (!booru_sql_read_number (store->sql, &found, error, "find-pool", "s", name))
    return FALSE;
  if (found != 0 && found != id)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "name has already been taken by pool %" G_GINT64_FORMAT, found);
  return found == 0 || found == id;
}

static gboolean
check_pool (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  const char *name = booru_record_get_text (write->after, "name");

  booru_record_set_number (write->after, "is_active",
                           !booru_record_get_number (write->after, "is_deleted"));
  count_posts (write);
  if (!is_named (write))
    return TRUE;
  if (g_utf8_strlen (name, -1) < 3)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                           "name is too short (minimum is 3 characters)");
      return FALSE;
    }
  return check_name (name, error)
         && check_free (store, name, booru_record_get_id (write->after), error);
}

const BooruRecordRules booru_pool_rules = { .check = check_pool };

/* Favourite groups: the names of a user's own are all different. */
static gboolean
check_favorite_group (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  const char *name;
  gint64 found;

  if (write->after == NULL)
    return TRUE;
  count_posts (write);
  if (!is_named (write))
    return TRUE;
  name = booru_record_get_text (write->after, "name");
  if (!check_name (name, error)
      || !booru_sql_read_number (store->sql, &found, error, "find-favorite-group", "xs",
                                 booru_record_get_number (write->after, "creator_id"), name))
    return FALSE;
  if (found == 0 || found == booru_record_get_id (write->after))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "name has already been taken by favorite group %" G_GINT64_FORMAT, found);
  return FALSE;
}

const BooruRecordRules booru_favorite_group_rules = { .check = check_favorite_group };

gint64
booru_store_find_pool (BooruStore *self, const char *name, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL, 0);

  g_autofree char *plain = g_strstrip (g_strdup (name));
  gint64 id = 0;

  if (*plain != '\0' && strspn (plain, "0123456789") == strlen (plain))
    {
      if (!booru_sql_read_number (self->sql, &id, error, "has-pool", "x",
                                  g_ascii_strtoll (plain, NULL, 10)))
        return 0;
    }
  else
    {
      g_strdelimit (plain, " ", '_');
      if (!booru_sql_read_number (self->sql, &id, error, "find-pool", "s", plain))
        return 0;
    }
  if (id == 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no pool “%.80s”", plain);
  return id;
}

static void
post_pool_free (gpointer data)
{
  BooruPostPool *self = data;

  g_free (self->name);
  g_free (self);
}

GPtrArray *
booru_store_list_post_pools (BooruStore *self, gint64 post_id, guint limit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GPtrArray) pools = g_ptr_array_new_with_free_func (post_pool_free);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "list-pools-of-post", "xu", post_id, limit);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruPostPool *pool = g_new0 (BooruPostPool, 1);

      pool->id = booru_sql_get_number (rows, 0);
      pool->name = booru_sql_dup_text (rows, 1);
      pool->is_series = g_strcmp0 (booru_sql_get_text (rows, 2), "series") == 0;
      pool->previous = booru_sql_get_number (rows, 3);
      pool->next = booru_sql_get_number (rows, 4);
      g_ptr_array_add (pools, pool);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&pools) : NULL;
}
