/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-feed.h"

#define MAX_IDS (BOORU_EVENT_MAX_SIZE / sizeof (gint64))
#define MAX_TOLD 4096
#define TOLD_FOR (2 * G_TIME_SPAN_SECOND)

struct _MonitorFeed
{
  BooruServiceContext *context; /* not owned */
  void (*uploaded) (gpointer user_data);
  gpointer user_data;
  GHashTable *told; /* gint64 post -> gint64, monotonic: when */
};

void
monitor_feed_note_told (MonitorFeed *self, GVariant *posts)
{
  gint64 now = g_get_monotonic_time ();
  gsize n_ids = 0;
  const gint64 *ids = NULL;

  if (g_variant_is_of_type (posts, G_VARIANT_TYPE ("ax")))
    ids = g_variant_get_fixed_array (posts, &n_ids, sizeof *ids);
  if (g_hash_table_size (self->told) + n_ids > MAX_TOLD)
    g_hash_table_remove_all (self->told);
  for (gsize i = 0; i < MIN (n_ids, MAX_TOLD); i++)
    g_hash_table_insert (self->told, g_memdup2 (&ids[i], sizeof ids[i]),
                         g_memdup2 (&now, sizeof now));
}

static gboolean
was_told (MonitorFeed *self, gint64 id)
{
  const gint64 *when = g_hash_table_lookup (self->told, &id);

  return when != NULL && g_get_monotonic_time () - *when < TOLD_FOR;
}

/* FALSE: too many to list. */
static gboolean
append_ids (MonitorFeed *self, const BooruChangedRange *range, gboolean fresh, GArray *ids)
{
  if ((guint64)(range->last - range->first) >= MAX_IDS)
    return FALSE;
  for (gint64 id = range->first; id <= range->last && ids->len <= MAX_IDS; id++)
    if (!fresh || !was_told (self, id))
      g_array_append_val (ids, id);
  return ids->len <= MAX_IDS;
}

/* None of them stands for any. */
static void
publish (MonitorFeed *self, const char *topic, GArray *ids, gboolean any)
{
  if (ids->len > 0 || any)
    booru_service_context_publish (self->context, topic,
                                   g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids->data,
                                                              any ? 0 : ids->len, sizeof (gint64)));
}

static void
on_changes (const GArray *ranges, gboolean all, gpointer user_data)
{
  MonitorFeed *self = user_data;
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) uploads = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean any = all;

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruChangedRange *range = &g_array_index (ranges, BooruChangedRange, i);

      if (range->kind == BOORU_CHANGE_POST && !any)
        any = !append_ids (self, range, TRUE, posts);
      else if (range->kind == BOORU_CHANGE_UPLOAD)
        append_ids (self, range, FALSE, uploads);
    }
  publish (self, BOORU_EVENT_POSTS_CHANGED, posts, any);
  publish (self, BOORU_EVENT_UPLOADS_CHANGED, uploads, FALSE);
  if (uploads->len > 0 || all)
    self->uploaded (self->user_data);
}

MonitorFeed *
monitor_feed_new (BooruServiceContext *context,
                  BooruStore *store,
                  void (*uploaded) (gpointer user_data),
                  gpointer user_data)
{
  MonitorFeed *self = g_new0 (MonitorFeed, 1);

  self->context = context;
  self->uploaded = uploaded;
  self->user_data = user_data;
  self->told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  booru_store_watch_changes (store, on_changes, self);
  return self;
}

void
monitor_feed_free (MonitorFeed *self)
{
  g_hash_table_unref (self->told);
  g_free (self);
}
