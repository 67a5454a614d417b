/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-index.h"

/* Milliseconds. What changes together is written together. */
#define FIRST_PAUSE 500
#define QUIET_PAUSE 30000
#define PAUSE 100   /* between two files: each takes about a tenth of a second */
#define RETRY 60000 /* after the store or the disk refused */

struct _MonitorIndex
{
  BooruStore *store;
  MonitorIndexBusyFunc is_busy;
  gpointer user_data;
  gboolean has_failed; /* and said so */
  gboolean is_held;
  guint source;
};

static gboolean on_turn (gpointer user_data);

static void
wait_for_turn (MonitorIndex *self, guint pause)
{
  self->source = g_timeout_add_full (G_PRIORITY_LOW, pause, on_turn, self, NULL);
}

static void
note_failure (MonitorIndex *self, const GError *error)
{
  if (!self->has_failed)
    g_message ("The search index was not written: %s. Searches work without its files, but take "
               "more memory, and longer after a start",
               error->message);
  self->has_failed = TRUE;
}

static gboolean
on_turn (gpointer user_data)
{
  MonitorIndex *self = user_data;
  gboolean busy = self->is_busy (self->user_data), more;
  g_autoptr (GError) error = NULL;

  self->source = 0;
  if (!booru_store_write_index (self->store, busy, &more, &error))
    {
      note_failure (self, error);
      wait_for_turn (self, RETRY);
      return G_SOURCE_REMOVE;
    }
  self->has_failed = FALSE;
  if (more)
    wait_for_turn (self, PAUSE);
  else if (busy)
    wait_for_turn (self, QUIET_PAUSE);
  return G_SOURCE_REMOVE;
}

MonitorIndex *
monitor_index_new (BooruStore *store, MonitorIndexBusyFunc is_busy, gpointer user_data)
{
  MonitorIndex *self = g_new0 (MonitorIndex, 1);

  self->store = g_object_ref (store);
  self->is_busy = is_busy;
  self->user_data = user_data;
  wait_for_turn (self, FIRST_PAUSE);
  return self;
}

void
monitor_index_free (MonitorIndex *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_object_unref (self->store);
  g_free (self);
}

void
monitor_index_hold (MonitorIndex *self, gboolean hold)
{
  if (self->is_held == hold)
    return;
  self->is_held = hold;
  g_clear_handle_id (&self->source, g_source_remove);
  if (!hold)
    wait_for_turn (self, FIRST_PAUSE);
}

void
monitor_index_wake (MonitorIndex *self)
{
  if (self->source == 0 && !self->is_held)
    wait_for_turn (self, QUIET_PAUSE);
}
