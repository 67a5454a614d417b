/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/store/booru-store-tags-private.h"

#include <string.h>

#include "board/booru-store-changes.h"

/* Tags kept in memory: some 6 MB. The posts of many pages share a few thousand. */
#define MAX_CACHED_TAGS 50000

/* What is cached holds until the log of changes names it. */
struct _BooruTagCache
{
  GHashTable *by_id;  /* &id -> BooruTagRef */
  GArray *unsettled;  /* ids that were read in a write, which may be undone */
  guint64 generation; /* of the board, up to which changes were heeded */
  guint64 seen;       /* of the connection, when that was looked up */
  guint64 history;    /* booru_store_check_history() */
};

static void
cache_free (gpointer data)
{
  BooruTagCache *self = data;

  g_hash_table_unref (self->by_id);
  g_array_unref (self->unsettled);
  g_free (self);
}

static BooruTagCache *
ensure_cache (BooruStore *store)
{
  BooruTagCache *self = store->tags;

  if (self != NULL)
    return self;
  self = store->tags = g_new0 (BooruTagCache, 1);
  self->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                       (GDestroyNotify)booru_tag_ref_free);
  self->unsettled = booru_id_list_new ();
  self->seen = G_MAXUINT64;
  booru_store_own (store, self, cache_free);
  return self;
}

static gboolean
is_in_range (gpointer key, gpointer value, gpointer data)
{
  const BooruChangedRange *range = data;
  gint64 id = *(const gint64 *)key;

  return id >= range->first && id <= range->last;
}

static void
forget_range (BooruTagCache *self, BooruChangedRange *range)
{
  if ((guint64)range->last - (guint64)range->first >= g_hash_table_size (self->by_id))
    g_hash_table_foreach_remove (self->by_id, is_in_range, range);
  else
    for (gint64 id = range->first; id <= range->last; id++)
      g_hash_table_remove (self->by_id, &id);
}

static void
forget_unsettled (BooruTagCache *self)
{
  for (guint i = 0; i < self->unsettled->len; i++)
    g_hash_table_remove (self->by_id, &g_array_index (self->unsettled, gint64, i));
  g_array_set_size (self->unsettled, 0);
}

/* Forgets what was changed since the cache was last used. */
static gboolean
catch_up (BooruStore *store, GError **error)
{
  BooruTagCache *self = ensure_cache (store);
  guint64 seen = booru_sql_get_seen_generation (store->sql);
  g_autoptr (GArray) ranges = NULL;
  gboolean all, same;

  if (self->seen == seen)
    return TRUE;
  if (!booru_store_check_history (store, &self->history, &same, error))
    return FALSE;
  if (!same)
    self->generation = 0;
  ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  if (!booru_store_list_changes (store, BOORU_CHANGE_TAG, &self->generation, ranges, &all, error))
    return FALSE;
  forget_unsettled (self);
  for (guint i = 0; i < ranges->len; i++)
    forget_range (self, &g_array_index (ranges, BooruChangedRange, i));
  if (all)
    g_hash_table_remove_all (self->by_id);
  self->seen = seen;
  return TRUE;
}

static gboolean
read_missing (BooruStore *store, const GArray *ids, GError **error)
{
  g_autofree char *json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, "get-tags", "s", json);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      const char *name = booru_sql_get_text (rows, 1);
      BooruTagRef *tag;

      if (name == NULL)
        return booru_sql_fail_corrupt (store->sql, "a tag has no name", error);
      tag = booru_tag_ref_new (booru_sql_get_number (rows, 0), name,
                               (BooruTagCategory)booru_sql_get_number (rows, 2),
                               booru_sql_get_number (rows, 3));
      g_hash_table_replace (store->tags->by_id, &tag->id, tag);
      if (booru_sql_is_writing (store->sql))
        g_array_append_val (store->tags->unsettled, tag->id);
    }
  return step == BOORU_SQL_DONE;
}

gboolean
booru_store_tags_load (BooruStore *store, const GArray *ids, GError **error)
{
  g_autoptr (GArray) missing = booru_id_list_new ();

  if (!catch_up (store, error))
    return FALSE;
  if (g_hash_table_size (store->tags->by_id) > MAX_CACHED_TAGS)
    g_hash_table_remove_all (store->tags->by_id);
  for (guint i = 0; i < ids->len; i++)
    if (!g_hash_table_contains (store->tags->by_id, &g_array_index (ids, gint64, i)))
      g_array_append_val (missing, g_array_index (ids, gint64, i));
  booru_id_list_sort (missing);
  return missing->len == 0 || read_missing (store, missing, error);
}

const BooruTagRef *
booru_store_tag_lookup (BooruStore *store, gint64 id, GError **error)
{
  g_autoptr (GArray) ids = NULL;
  const BooruTagRef *tag;

  if (!catch_up (store, error))
    return NULL;
  tag = g_hash_table_lookup (store->tags->by_id, &id);
  if (tag != NULL)
    return tag;
  ids = booru_id_list_new ();
  g_array_append_val (ids, id);
  if (!booru_store_tags_load (store, ids, error))
    return NULL;
  tag = g_hash_table_lookup (store->tags->by_id, &id);
  if (tag == NULL)
    booru_sql_fail_corrupt (store->sql, "a post has a tag that does not exist", error);
  return tag;
}

gint64
booru_store_get_tag_count (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), -1);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  const BooruTagRef *tag = booru_store_tag_lookup (self, id, error);

  return tag ? tag->post_count : -1;
}

/* Lists */

/* Above every character that a name can have. */
#define LAST_CHARACTER "\xf4\x8f\xbf\xbf"

/* A pattern with * for a statement. All that it matches lies between @first and @last, which
 * narrows the search to a part of an index. */
typedef struct
{
  char *like, *first, *last;
} Pattern;

static void
pattern_clear (Pattern *self)
{
  g_free (self->like);
  g_free (self->first);
  g_free (self->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pattern, pattern_clear)

static void
pattern_init (Pattern *self, const char *pattern)
{
  gsize n = strcspn (pattern, "*");

  self->like = booru_sql_pattern_to_like (pattern);
  self->first = g_strndup (pattern, n);
  self->last = g_strconcat (self->first, pattern[n] != '\0' ? LAST_CHARACTER : "", NULL);
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

static char *
names_to_json (const char *const *names)
{
  g_autoptr (GPtrArray) valid = g_ptr_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    if (g_utf8_validate (names[i], -1, NULL)) /* no tag is named otherwise */
      g_ptr_array_add (valid, (gpointer)names[i]);
  return booru_sql_strings_to_json ((const char *const *)valid->pdata, valid->len);
}

static BooruTag *
read_tag (BooruSqlStatement *row)
{
  BooruTag *tag = g_new0 (BooruTag, 1);

  tag->id = booru_sql_get_number (row, 0);
  tag->name = booru_sql_dup_text (row, 1); /* NULL only if damaged */
  tag->category = (gint)booru_sql_get_number (row, 2);
  tag->post_count = booru_sql_get_number (row, 3);
  tag->created_at = booru_sql_get_number (row, 4);
  tag->updated_at = booru_sql_get_number (row, 5);
  tag->is_deprecated = booru_sql_get_number (row, 6) != 0;
  return tag;
}

static BooruSqlStatement *
query_list (BooruStore *store, const BooruTagFilter *filter, gint order, GError **error)
{
  gint64 before = filter->before_id > 0 ? filter->before_id : G_MAXINT64;
  gint64 limit = filter->limit, offset = limit * (MAX (filter->page, 1) - 1);
  g_autofree char *names = filter->names != NULL ? names_to_json (filter->names) : NULL;
  g_auto (Pattern) pattern = { NULL };

  if (filter->name_matches != NULL)
    pattern_init (&pattern, filter->name_matches);
  return booru_sql_query (store->sql, error, list_statement (filter, order),
                          filter->names != NULL          ? "ibxxxxissss"
                          : filter->name_matches != NULL ? "ibxxxxisss"
                                                         : "ibxxxx",
                          filter->category, filter->hide_empty, before, filter->after_id, limit,
                          offset, order, pattern.like, pattern.first, pattern.last, names);
}

GPtrArray *
booru_store_list_tags (BooruStore *self, const BooruTagFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);

  gint order = filter->after_id > 0    ? ORDER_OLDEST
               : filter->before_id > 0 ? BOORU_TAG_ORDER_NEWEST
                                       : (gint)filter->order;
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_free);
  g_autoptr (BooruSqlStatement) rows = query_list (self, filter, order, error);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (tags, read_tag (rows));
  if (step != BOORU_SQL_DONE)
    return NULL;
  if (order == ORDER_OLDEST)
    booru_store_reverse (tags);
  return g_steal_pointer (&tags);
}
