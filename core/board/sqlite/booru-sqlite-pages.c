/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ids of one page of a search, and the random orders that stay as they are. */
#include "board/sqlite/booru-sqlite-search.h"

#include "board/sqlite/booru-sqlite-posts.h"

/* Mixes all bits: splitmix64, https://prng.di.unimi.it/splitmix64.c */
static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* shuffle (seed, id): where a post stands in the random order of the seed. */
static void
shuffle (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  guint64 seed = (guint64)sqlite3_value_int64 (values[0]);

  sqlite3_result_int64 (context,
                        (gint64)(mix (mix (seed) ^ (guint64)sqlite3_value_int64 (values[1])) >> 1));
}

gboolean
booru_sqlite_pages_add_functions (sqlite3 *handle)
{
  return sqlite3_create_function_v2 (handle, "shuffle", 2,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                     shuffle, NULL, NULL, NULL)
         == SQLITE_OK;
}

/**
 * booru_sqlite_dup_sort:
 * @selection: what a search finds
 * @seed: of a random order
 *
 * Returns: (transfer full) (nullable): the expression that it is sorted by before the id; %NULL:
 * none
 */
char *
booru_sqlite_dup_sort (const BooruSqliteSelection *selection, guint seed)
{
  if (!selection->is_random)
    return g_strdup (selection->sort);
  if (seed == 0)
    return NULL;
  return g_strdup_printf ("shuffle (%u, %s)", seed, selection->sorts_all ? "p.id" : selection->id);
}

/* Binds the parameters from @index on; returns the index behind them. */
int
booru_sqlite_bind_parameters (BooruSqliteStatement *statement,
                              int index,
                              const GPtrArray *parameters)
{
  for (guint i = 0; i < parameters->len; i++, index++)
    {
      GVariant *value = parameters->pdata[i];
      guint8 md5[16];

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
        sqlite3_bind_int64 (statement, index, g_variant_get_int64 (value));
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
        sqlite3_bind_double (statement, index, g_variant_get_double (value));
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        sqlite3_bind_text (statement, index, g_variant_get_string (value, NULL), -1,
                           SQLITE_TRANSIENT);
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE ("ax")))
        sqlite3_bind_blob64 (statement, index, g_variant_get_data (value),
                             g_variant_get_size (value), SQLITE_TRANSIENT);
      else if (booru_sqlite_md5_from_hex (g_variant_get_bytestring (value), md5))
        sqlite3_bind_blob (statement, index, md5, sizeof md5, SQLITE_TRANSIENT);
    }
  return index;
}

/* Appends the ids that a statement yields. */
gboolean
booru_sqlite_collect_ids (BooruSqliteDb *db,
                          BooruSqliteStatement *statement,
                          GArray *ids,
                          GError **error)
{
  int code;

  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  return code == SQLITE_DONE;
}

void
booru_sqlite_reverse_ids (GArray *ids)
{
  for (guint i = 0; i < ids->len / 2; i++)
    {
      gint64 *first = &g_array_index (ids, gint64, i);
      gint64 *last = &g_array_index (ids, gint64, ids->len - 1 - i);
      gint64 swapped = *first;

      *first = *last;
      *last = swapped;
    }
}

/* One page in an order that the database makes. */
gboolean
booru_sqlite_find_page (BooruSqliteDb *db,
                        BooruSqliteSelection *selection,
                        const BooruPage *page,
                        GArray *ids,
                        GError **error)
{
  gboolean numbered = page->kind == BOORU_PAGE_NUMBER;
  gboolean after = page->kind == BOORU_PAGE_AFTER;
  gboolean upwards = after != selection->is_negated;
  gint64 bound = selection->is_negated ? -page->value : page->value;
  g_autofree char *shuffle
      = selection->is_random ? booru_sqlite_dup_sort (selection, page->seed) : NULL;
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (BooruSqliteStatement) statement = NULL;
  int index;

  if (numbered && selection->sorts_all)
    g_string_printf (sql, "SELECT p.id %s", selection->all);
  else
    g_string_printf (sql, "SELECT %s %s", selection->id, selection->from);
  if (numbered)
    g_string_append_printf (sql, " ORDER BY %s LIMIT ? OFFSET ?",
                            !selection->is_random ? selection->order
                            : shuffle             ? shuffle
                                                  : "random()");
  else
    g_string_append_printf (sql, " AND %s %s ? ORDER BY %s %s LIMIT ?", selection->key,
                            upwards ? ">" : "<", selection->key, upwards ? "ASC" : "DESC");

  statement = booru_sqlite_db_prepare (db, sql->str, error);
  if (statement == NULL)
    return FALSE;
  index = booru_sqlite_bind_parameters (statement, 1, selection->parameters);
  if (numbered)
    index = booru_sqlite_bind_parameters (statement, index, selection->order_parameters);
  sqlite3_bind_int64 (statement, index, numbered ? page->limit : bound);
  sqlite3_bind_int64 (statement, index + 1,
                      numbered ? (MAX (page->value, 1) - 1) * page->limit : page->limit);
  if (!booru_sqlite_collect_ids (db, statement, ids, error))
    return FALSE;
  if (after)
    booru_sqlite_reverse_ids (ids);
  return TRUE;
}
