/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-similar.h"

/* How long a turn is, and how long a pause between two: a million new posts take an hour, and a
 * file that comes meanwhile never waits longer than for a turn. */
#define TURN (5 * G_TIME_SPAN_MILLISECOND)
#define PAUSE 15        /* ms */
#define PAUSE_BUSY 95   /* ms, while files are taken in */
#define FIRST_PAUSE 500 /* ms: what comes together is looked at together */
#define RETRY 10000     /* ms, after the store refused */

struct _MonitorSimilar
{
  BooruStore *store;
  MonitorSimilarBusyFunc is_busy;
  gpointer user_data;
  guint max_distance;
  guint source;
};

static gboolean on_turn (gpointer user_data);

static void
wait_for_turn (MonitorSimilar *self, guint pause)
{
  self->source = g_timeout_add_full (G_PRIORITY_LOW, pause, on_turn, self, NULL);
}

static gboolean
on_turn (gpointer user_data)
{
  MonitorSimilar *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done;

  self->source = 0;
  if (!booru_store_compare_posts (self->store, self->max_distance, TURN, &done, &error))
    {
      /* Whoever has the role now goes on; a damaged store is told of by those who bring in files.
       */
      if (booru_err_fenced (error))
        return G_SOURCE_REMOVE;
      g_info ("The search for similar posts goes on later: %s", error->message);
      wait_for_turn (self, RETRY);
    }
  else if (!done)
    wait_for_turn (self, self->is_busy (self->user_data) ? PAUSE_BUSY : PAUSE);
  return G_SOURCE_REMOVE;
}

MonitorSimilar *
monitor_similar_new (BooruStore *store, MonitorSimilarBusyFunc is_busy, gpointer user_data)
{
  MonitorSimilar *self = g_new0 (MonitorSimilar, 1);

  self->store = g_object_ref (store);
  self->is_busy = is_busy;
  self->user_data = user_data;
  return self;
}

void
monitor_similar_free (MonitorSimilar *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_object_unref (self->store);
  g_free (self);
}

void
monitor_similar_set_distance (MonitorSimilar *self, guint max_distance)
{
  self->max_distance = max_distance;
  monitor_similar_wake (self);
}

void
monitor_similar_wake (MonitorSimilar *self)
{
  if (self->source == 0)
    wait_for_turn (self, FIRST_PAUSE);
}
