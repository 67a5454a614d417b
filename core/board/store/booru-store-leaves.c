/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/store/booru-store-leaves-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-record.h"
#include "board/booru-store-accounts.h"
#include "board/sql/booru-sql-select.h"

/* Posts of a user. */

typedef struct
{
  BooruMetatag metatag;
  const char *post, *from, *user;
  const char *where; /* beside the user */
  gint kind;         /* of the versions that they are looked for in; -1: not in versions */
} UserLeaf;

static const UserLeaf user_leaves[] = {
  { BOORU_METATAG_USER, "id", "posts", "uploader_id", "true", -1 },
  { BOORU_METATAG_APPROVER, "id", "posts", "approver_id", "approver_id IS NOT NULL", -1 },
  { BOORU_METATAG_COMMENTER, "post_id", "comments", "creator_id", "is_deleted = 0", -1 },
  { BOORU_METATAG_NOTER, "post_id", "record_versions", "updater_id", "version = 1",
    BOORU_RECORD_NOTE },
  { BOORU_METATAG_NOTEUPDATER, "post_id", "record_versions", "updater_id", "true",
    BOORU_RECORD_NOTE },
  { BOORU_METATAG_COMMENTARYUPDATER, "post_id", "record_versions", "updater_id", "true",
    BOORU_RECORD_COMMENTARY },
  { BOORU_METATAG_UPVOTER, "post_id", "post_votes", "user_id", "is_deleted = 0 AND score > 0", -1 },
  { BOORU_METATAG_DOWNVOTER, "post_id", "post_votes", "user_id", "is_deleted = 0 AND score < 0",
    -1 },
  { BOORU_METATAG_FAV, "post_id", "favorites", "user_id", "true", -1 },
};

/* 0 if there is no such user, and for visitors. */
static gboolean
find_user (BooruStore *store, const BooruQueryNode *node, gint64 *id, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (BooruAccount) account = NULL;

  *id = 0;
  if (g_ascii_strcasecmp (node->words->pdata[0], "self") == 0)
    {
      *id = node->asker;
      return TRUE;
    }
  account = booru_store_find_account (store, node->words->pdata[0], NULL, &problem);
  if (account != NULL)
    *id = account->id;
  else if (!booru_err_notfound (problem) && !booru_err_invalid (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_user_leaf (BooruStore *store,
                const UserLeaf *leaf,
                const BooruQueryNode *node,
                GArray *hits,
                GError **error)
{
  gboolean any = node->presence == BOORU_QUERY_ANY;
  g_autofree char *of_kind
      = leaf->kind >= 0 ? g_strdup_printf ("kind = %d", leaf->kind) : g_strdup ("true");
  g_autofree char *text
      = g_strdup_printf ("SELECT DISTINCT %s, 0 FROM %s WHERE (?1 < 0 OR %s = ?1) AND %s AND %s"
                         " ORDER BY %s",
                         leaf->post, leaf->from, leaf->user, leaf->where, of_kind, leaf->post);
  g_autofree char *one
      = g_strdup_printf ("SELECT DISTINCT %s, 0 FROM %s WHERE %s = ?1 AND %s AND %s ORDER BY %s",
                         leaf->post, leaf->from, leaf->user, leaf->where, of_kind, leaf->post);
  g_autofree char *name = g_strdup_printf ("posts by %s %s%s", leaf->from, leaf->where, of_kind);
  gint64 user_id = -1;

  if (!any && !find_user (store, node, &user_id, error))
    return FALSE;
  if (user_id == 0)
    return TRUE;
  if (any)
    {
      g_autofree char *of_any = g_strconcat ("any ", name, NULL);

      booru_sql_define (store->sql, of_any, text);
      return booru_store_collect_hits (booru_sql_query (store->sql, error, of_any, "x", user_id),
                                       hits, error);
    }
  booru_sql_define (store->sql, name, one);
  return booru_store_collect_hits (booru_sql_query (store->sql, error, name, "x", user_id), hits,
                                   error);
}

/* The newest first. */
static gboolean
read_ordered_favorites (BooruStore *store, const BooruQueryNode *node, GArray *hits, GError **error)
{
  gint64 user_id, newest = 0;

  if (!find_user (store, node, &user_id, error) || user_id == 0)
    return user_id == 0;
  if (!booru_store_collect_hits (
          booru_sql_query (store->sql, error, "list-favorites", "x", user_id), hits, error))
    return FALSE;
  for (guint i = 0; i < hits->len; i++)
    newest = MAX (newest, g_array_index (hits, BooruIndexHit, i).rank);
  for (guint i = 0; i < hits->len; i++)
    g_array_index (hits, BooruIndexHit, i).rank
        = newest - g_array_index (hits, BooruIndexHit, i).rank;
  return TRUE;
}

/* Posts by the words of what is written on them. */

static gboolean
read_matching (BooruStore *store,
               BooruRecordKind kind,
               const char *field,
               const BooruQueryNode *node,
               GArray *hits,
               GError **error)
{
  const BooruRecordType *type = booru_record_type_get (kind);
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  g_autoptr (GError) problem = NULL;

  if (type->deleted != NULL)
    booru_filter_require (filter, type->deleted, strcmp (type->deleted, "is_active") == 0);
  /* Too many words find nothing. */
  if (node->presence != BOORU_QUERY_ANY
      && !booru_filter_add (filter, field, node->words->pdata[0], &problem))
    return TRUE;
  return booru_store_collect_hits (
      booru_sql_select_all (store->sql, "DISTINCT post_id, 0", type->table, filter, error), hits,
      error);
}

#define TRANSLATED "(translated_title <> '' OR translated_description <> '')"
#define ORIGINAL "(original_title <> '' OR original_description <> '')"

static gboolean
read_commentaries (BooruStore *store, const BooruQueryNode *node, GArray *hits, GError **error)
{
  const char *name = node->mask == 1   ? "posts with translated commentaries"
                     : node->mask == 2 ? "posts with untranslated commentaries"
                                       : "posts with commentaries";
  const char *where = node->mask == 1   ? TRANSLATED
                      : node->mask == 2 ? ORIGINAL " AND NOT " TRANSLATED
                                        : ORIGINAL " OR " TRANSLATED;
  g_autofree char *text = NULL;

  if (node->mask == 0 && node->presence != BOORU_QUERY_ANY)
    return read_matching (store, BOORU_RECORD_COMMENTARY, "text_matches", node, hits, error);
  text = g_strdup_printf ("SELECT post_id, 0 FROM artist_commentaries WHERE %s ORDER BY post_id",
                          where);
  booru_sql_define (store->sql, name, text);
  return booru_store_collect_hits (booru_sql_query (store->sql, error, name, ""), hits, error);
}

/* How many of something posts have; each order is one by the metatag's number. */

typedef struct
{
  BooruMetatag metatag;
  BooruQueryOrder order;
  const char *from, *where;
} CountLeaf;

#define POOLS "pool_posts JOIN pools ON pools.id = pool_id"

static const CountLeaf count_leaves[] = {
  { BOORU_METATAG_COMMENT_COUNT, BOORU_ORDER_COMMENT_COUNT, "comments", "true" },
  { BOORU_METATAG_ACTIVE_COMMENT_COUNT, BOORU_ORDER_ACTIVE_COMMENT_COUNT, "comments",
    "is_deleted = 0" },
  { BOORU_METATAG_DELETED_COMMENT_COUNT, BOORU_ORDER_DELETED_COMMENT_COUNT, "comments",
    "is_deleted = 1" },
  { BOORU_METATAG_NOTE_COUNT, BOORU_ORDER_NOTE_COUNT, "notes", "true" },
  { BOORU_METATAG_ACTIVE_NOTE_COUNT, BOORU_ORDER_ACTIVE_NOTE_COUNT, "notes", "is_active = 1" },
  { BOORU_METATAG_DELETED_NOTE_COUNT, BOORU_ORDER_DELETED_NOTE_COUNT, "notes", "is_active = 0" },
  { BOORU_METATAG_POOL_COUNT, BOORU_ORDER_POOL_COUNT, "pool_posts", "true" },
  { BOORU_METATAG_ACTIVE_POOL_COUNT, BOORU_ORDER_ACTIVE_POOL_COUNT, POOLS, "is_deleted = 0" },
  { BOORU_METATAG_DELETED_POOL_COUNT, BOORU_ORDER_DELETED_POOL_COUNT, POOLS, "is_deleted = 1" },
  { BOORU_METATAG_SERIES_POOL_COUNT, BOORU_ORDER_SERIES_POOL_COUNT, POOLS, "category = 'series'" },
  { BOORU_METATAG_COLLECTION_POOL_COUNT, BOORU_ORDER_COLLECTION_POOL_COUNT, POOLS,
    "category = 'collection'" },
  { BOORU_METATAG_APPROVAL_COUNT, BOORU_ORDER_APPROVAL_COUNT,
    "(SELECT id AS post_id FROM posts WHERE approver_id IS NOT NULL) AS approved", "true" },
};

static gboolean
read_counts (BooruStore *store, const CountLeaf *leaf, GArray *hits, GError **error)
{
  g_autofree char *name = g_strdup_printf ("counts of %s where %s", leaf->from, leaf->where);
  g_autofree char *text = g_strdup_printf (
      "SELECT post_id, count (*) FROM %s WHERE %s GROUP BY post_id ORDER BY post_id", leaf->from,
      leaf->where);

  booru_sql_define (store->sql, name, text);
  return booru_store_collect_hits (booru_sql_query (store->sql, error, name, ""), hits, error);
}

static gboolean
is_in (const GArray *ranges, gint64 number)
{
  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      if (number >= range->low && number <= range->high)
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_count_leaf (BooruStore *store,
                 const CountLeaf *leaf,
                 const BooruQueryNode *node,
                 GArray *hits,
                 GError **error)
{
  guint n = 0;

  if (!read_counts (store, leaf, hits, error))
    return FALSE;
  for (guint i = 0; i < hits->len; i++)
    {
      const BooruIndexHit *hit = &g_array_index (hits, BooruIndexHit, i);

      if (is_in (node->ranges, hit->rank))
        g_array_index (hits, BooruIndexHit, n++) = (BooruIndexHit){ hit->id, 0 };
    }
  g_array_set_size (hits, n);
  return TRUE;
}

gboolean
booru_store_read_record_leaf (BooruStore *store,
                              const BooruQueryNode *node,
                              GArray *hits,
                              GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (user_leaves); i++)
    if (user_leaves[i].metatag == node->metatag)
      return read_user_leaf (store, &user_leaves[i], node, hits, error);
  for (guint i = 0; i < G_N_ELEMENTS (count_leaves); i++)
    if (count_leaves[i].metatag == node->metatag)
      return read_count_leaf (store, &count_leaves[i], node, hits, error);
  switch (node->metatag)
    {
    case BOORU_METATAG_ORDFAV:
      return read_ordered_favorites (store, node, hits, error);
    case BOORU_METATAG_NOTE:
      return read_matching (store, BOORU_RECORD_NOTE, "body_matches", node, hits, error);
    case BOORU_METATAG_COMMENT:
      return read_matching (store, BOORU_RECORD_COMMENT, "body_matches", node, hits, error);
    case BOORU_METATAG_COMMENTARY:
      return read_commentaries (store, node, hits, error);
    default:
      return booru_store_read_list_leaf (store, node, hits, error);
    }
}

gboolean
booru_store_read_record_order (BooruStore *store,
                               BooruQueryOrder order,
                               GArray *hits,
                               GError **error)
{
  static const struct
  {
    BooruQueryOrder order;
    const char *statement;
  } times[] = { { BOORU_ORDER_COMMENT, "list-posts-by-comment" },
                { BOORU_ORDER_COMMENT_BUMPED, "list-posts-by-bump" },
                { BOORU_ORDER_NOTE, "list-posts-by-note" },
                { BOORU_ORDER_ARTCOMM, "list-posts-by-commentary" } };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    if (times[i].order == order)
      return booru_store_collect_hits (booru_sql_query (store->sql, error, times[i].statement, ""),
                                       hits, error);
  for (guint i = 0; i < G_N_ELEMENTS (count_leaves); i++)
    if (count_leaves[i].order == order)
      return read_counts (store, &count_leaves[i], hits, error);
  return TRUE;
}
