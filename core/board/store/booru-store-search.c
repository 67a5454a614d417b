/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searching: the index finds ids, the posts of a page are read by id. */
#include "base/booru-error.h"
#include "board/store/booru-store-changes-private.h"
#include "board/store/booru-store-index-private.h"
#include "board/store/booru-store-posts-private.h"

GArray *
booru_store_find_ids (BooruStore *self,
                      const BooruQuery *query,
                      const BooruPage *page,
                      GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && query != NULL && page != NULL, NULL);

  gint cap = booru_query_get_cap (query);
  gint64 before = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruIndex *index = booru_store_get_index (self, error);

  if (index == NULL || !booru_index_search (index, query, page, ids, error))
    return NULL;
  if (cap >= 0 && before + ids->len > cap)
    g_array_set_size (ids, (guint)MAX (cap - before, 0));
  return g_steal_pointer (&ids);
}

GPtrArray *
booru_store_search (BooruStore *self,
                    const BooruQuery *query,
                    const BooruPage *page,
                    GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (GArray) ids = booru_store_find_ids (self, query, page, error);

  return ids != NULL ? booru_store_posts_get (self, ids, error) : NULL;
}

gint64
booru_store_count (BooruStore *self, const BooruQuery *query, gboolean *exact, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && query != NULL, -1);

  gint cap = booru_query_get_cap (query);
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruIndex *index = booru_store_get_index (self, error);
  gint64 count;

  if (exact)
    *exact = TRUE;
  count = index != NULL ? booru_index_count (index, query, exact, error) : -1;

  return cap >= 0 ? MIN (count, cap) : count;
}

static gboolean
write_file (BooruStore *self, gboolean much, gboolean *more, GError **error)
{
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruIndex *index = booru_store_get_index (self, error);

  return index != NULL
         && booru_index_write (index, much ? BOORU_INDEX_MANY_CHANGES : 1, more, error);
}

/* What the files know nobody has to read from the log any more: once a day it is made shorter. */
static gboolean
prune_daily (BooruStore *self, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (self->index->pruned != 0 && now - self->index->pruned < G_TIME_SPAN_DAY)
    return TRUE;
  self->index->pruned = now;
  return booru_store_prune_changes (self, error);
}

gboolean
booru_store_write_index (BooruStore *self, gboolean much, gboolean *more, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && more != NULL, FALSE);

  return write_file (self, much, more, error) && (*more || prune_daily (self, error));
}
