/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-tags.h"

#include "base/booru-error.h"

/* Tags kept in memory: some 6 MB. The posts of many pages share a few thousand. */
#define MAX_CACHED_TAGS 50000

typedef struct
{
  BooruTagRef ref;
  guint64 generation; /* of the database, when it was read */
} CachedTag;

struct _BooruSqliteTagCache
{
  GHashTable *by_id; /* &ref.id -> CachedTag */
};

static void
cached_tag_free (gpointer data)
{
  CachedTag *self = data;

  g_free (self->ref.name);
  g_free (self);
}

BooruSqliteTagCache *
booru_sqlite_tag_cache_new (void)
{
  BooruSqliteTagCache *self = g_new0 (BooruSqliteTagCache, 1);

  self->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, cached_tag_free);
  return self;
}

void
booru_sqlite_tag_cache_free (BooruSqliteTagCache *self)
{
  g_hash_table_unref (self->by_id);
  g_free (self);
}

static CachedTag *
cache_slot (BooruSqliteTagCache *self, gint64 id)
{
  CachedTag *tag = g_hash_table_lookup (self->by_id, &id);

  if (tag != NULL)
    return tag;
  if (g_hash_table_size (self->by_id) >= MAX_CACHED_TAGS)
    g_hash_table_remove_all (self->by_id);
  tag = g_new0 (CachedTag, 1);
  tag->ref.id = id;
  g_hash_table_insert (self->by_id, &tag->ref.id, tag);
  return tag;
}

const BooruTagRef *
booru_sqlite_tag_lookup (BooruSqliteDb *db, gint64 id, GError **error)
{
  CachedTag *tag = g_hash_table_lookup (db->tags->by_id, &id);
  g_autoptr (BooruSqliteStatement) statement = NULL;
  const char *name;
  int code;

  if (tag != NULL && tag->generation == db->generation)
    return &tag->ref;

  statement = booru_sqlite_db_statement (db, "get-tag", error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_DONE)
    booru_sqlite_db_fail_corrupt (db, "a post has a tag that does not exist", error);
  if (code != SQLITE_ROW)
    return NULL;
  name = (const char *)sqlite3_column_text (statement, 0);
  if (name == NULL)
    {
      booru_sqlite_db_fail_corrupt (db, "a tag has no name", error);
      return NULL;
    }

  tag = cache_slot (db->tags, id);
  tag->generation = db->generation;
  tag->ref.category = sqlite3_column_int (statement, 1);
  tag->ref.post_count = sqlite3_column_int64 (statement, 2);
  if (tag->ref.name == NULL || strcmp (tag->ref.name, name) != 0)
    {
      g_free (tag->ref.name);
      tag->ref.name = g_strdup (name);
    }
  return &tag->ref;
}

/* The order numbers that the list-tags statements know beside BooruTagOrder's. */
#define ORDER_OLDEST 4

static const char *
list_statement (const BooruTagFilter *filter, gint order)
{
  if (filter->names != NULL)
    return "list-tags-named";
  if (filter->name_matches != NULL)
    return "list-tags-matching";

  switch (order)
    {
    case BOORU_TAG_ORDER_NAME:
      return "list-tags-by-name";
    case BOORU_TAG_ORDER_COUNT:
      return "list-tags-by-count";
    case ORDER_OLDEST:
      return "list-tags-oldest";
    default:
      return "list-tags-newest";
    }
}

static void
append_json_string (GString *json, const char *string)
{
  g_string_append_c (json, '"');
  for (; *string != '\0'; string++)
    if (*string == '"' || *string == '\\')
      g_string_append_printf (json, "\\%c", *string);
    else if ((guchar)*string < 0x20)
      g_string_append_printf (json, "\\u%04x", *string);
    else
      g_string_append_c (json, *string);
  g_string_append_c (json, '"');
}

static char *
names_to_json (const char *const *names)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!g_utf8_validate (names[i], -1, NULL))
        continue; /* no tag is named so */
      if (json->len > 1)
        g_string_append_c (json, ',');
      append_json_string (json, names[i]);
    }
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

/* Only the star is ours; GLOB's other signs stand for themselves. */
static char *
pattern_to_glob (const char *pattern)
{
  GString *glob = g_string_new (NULL);

  for (; *pattern != '\0'; pattern++)
    if (*pattern == '?' || *pattern == '[')
      g_string_append_printf (glob, "[%c]", *pattern);
    else
      g_string_append_c (glob, *pattern);
  return g_string_free (glob, FALSE);
}

static void
bind_filter (BooruSqliteStatement *statement, const BooruTagFilter *filter, gint order)
{
  guint page = MAX (filter->page, 1);

  sqlite3_bind_int (statement, 1, filter->category);
  sqlite3_bind_int (statement, 2, filter->hide_empty);
  sqlite3_bind_int64 (statement, 3, filter->before_id > 0 ? filter->before_id : G_MAXINT64);
  sqlite3_bind_int64 (statement, 4, filter->after_id);
  sqlite3_bind_int64 (statement, 5, filter->limit);
  sqlite3_bind_int64 (statement, 6, (gint64)filter->limit * (page - 1));
  if (filter->names != NULL)
    sqlite3_bind_text (statement, 7, names_to_json (filter->names), -1, g_free);
  else if (filter->name_matches != NULL)
    sqlite3_bind_text (statement, 7, pattern_to_glob (filter->name_matches), -1, g_free);
  if (filter->names != NULL || filter->name_matches != NULL)
    sqlite3_bind_int (statement, 8, order);
  if (filter->names != NULL && filter->name_matches != NULL)
    sqlite3_bind_text (statement, 9, pattern_to_glob (filter->name_matches), -1, g_free);
}

static BooruTag *
read_tag (BooruSqliteStatement *statement)
{
  BooruTag *tag = g_new0 (BooruTag, 1);
  const char *name = (const char *)sqlite3_column_text (statement, 1);

  tag->id = sqlite3_column_int64 (statement, 0);
  tag->name = g_strdup (name != NULL ? name : ""); /* NULL only if damaged */
  tag->category = sqlite3_column_int (statement, 2);
  tag->post_count = sqlite3_column_int64 (statement, 3);
  tag->created_at = sqlite3_column_int64 (statement, 4);
  tag->updated_at = sqlite3_column_int64 (statement, 5);
  tag->is_deprecated = sqlite3_column_int (statement, 6);
  return tag;
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer other = array->pdata[array->len - 1 - i];

      array->pdata[array->len - 1 - i] = array->pdata[i];
      array->pdata[i] = other;
    }
}

/**
 * booru_sqlite_tags_list:
 *
 * See booru_store_list_tags(). As everywhere, a page before or after an id overrides the order, and
 * what comes after an id is the nearest, newest first.
 *
 * Returns: (transfer full): of BooruTag
 */
GPtrArray *
booru_sqlite_tags_list (BooruSqliteDb *db, const BooruTagFilter *filter, GError **error)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_free);
  gint order = filter->after_id > 0    ? ORDER_OLDEST
               : filter->before_id > 0 ? BOORU_TAG_ORDER_NEWEST
                                       : (gint)filter->order;
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, list_statement (filter, order), error);
  int code;

  if (statement == NULL)
    return NULL;
  bind_filter (statement, filter, order);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (tags, read_tag (statement));
  if (code != SQLITE_DONE)
    return NULL;
  if (order == ORDER_OLDEST)
    reverse (tags);
  return g_steal_pointer (&tags);
}
