/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-seen.h"

#include <string.h>

#define MAX_SEEN 32
#define MAX_METADATA (16 * 1024) /* bytes of one; larger ones are rare */

typedef struct
{
  BooruMedia media;
  char *metadata;
} Seen;

struct _MonitorSeen
{
  GQueue queue; /* Seen, oldest first */
};

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  g_free (seen->metadata);
  g_free (seen);
}

MonitorSeen *
monitor_seen_new (void)
{
  MonitorSeen *self = g_new0 (MonitorSeen, 1);

  g_queue_init (&self->queue);
  return self;
}

void
monitor_seen_free (MonitorSeen *self)
{
  g_queue_clear_full (&self->queue, seen_free);
  g_free (self);
}

static int
compare_md5 (gconstpointer seen, gconstpointer md5)
{
  return strcmp (((const Seen *)seen)->media.md5, md5);
}

void
monitor_seen_put (MonitorSeen *self, const BooruMedia *media, const char *metadata)
{
  GList *known = g_queue_find_custom (&self->queue, media->md5, compare_md5);
  Seen *seen;

  if (known != NULL || (metadata && strlen (metadata) > MAX_METADATA))
    return;
  seen = g_new0 (Seen, 1);
  seen->media = *media;
  seen->metadata = g_strdup (metadata);
  g_queue_push_tail (&self->queue, seen);
  if (self->queue.length > MAX_SEEN)
    seen_free (g_queue_pop_head (&self->queue));
}

gboolean
monitor_seen_take (MonitorSeen *self, const char *md5, BooruMedia *media, char **metadata)
{
  GList *link = g_queue_find_custom (&self->queue, md5, compare_md5);
  Seen *seen;

  if (link == NULL)
    return FALSE;
  seen = link->data;
  g_queue_delete_link (&self->queue, link);
  *media = seen->media;
  *metadata = g_steal_pointer (&seen->metadata);
  seen_free (seen);
  return TRUE;
}
