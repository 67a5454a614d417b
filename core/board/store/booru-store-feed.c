/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells of changes as they come, where the database tells of them. What is told may be lost with a
 * connection, and is no more than a hint: what was changed is read from the log, after each hint,
 * each new connection, and now and then. */
#include "board/booru-store-changes.h"

#include <glib-unix.h>

#include "board/store/booru-store-private.h"

#define TICK 30     /* s: a look though nothing was told */
#define AGAIN 2000  /* ms: after a look that failed */
#define TOGETHER 30 /* ms: what is told within these is read at once */

typedef struct
{
  BooruStore *store;
  BooruStoreChangesFunc func;
  gpointer data;
  int fd; /* that @source watches; -1 */
  guint source, look, tick;
  guint64 history;    /* booru_store_check_history() */
  guint64 generation; /* of the board, up to which was told; 0: none */
} Feed;

static void plan_look (Feed *self, guint milliseconds);

static gboolean
on_arrived (int fd, GIOCondition condition, gpointer user_data)
{
  Feed *self = user_data;

  booru_sql_read_news (self->store->sql);
  return G_SOURCE_CONTINUE;
}

/* The connection may be another one, or none, since the last time. */
static void
attach (Feed *self)
{
  int fd = booru_sql_get_news_fd (self->store->sql);

  if (fd == self->fd)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  self->fd = fd;
  if (fd >= 0)
    self->source = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_arrived, self);
}

static gboolean
on_look (gpointer user_data)
{
  Feed *self = user_data;
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  guint64 before = self->generation;
  gboolean all = TRUE, known, same;

  self->look = 0;
  known = booru_store_check_history (self->store, &self->history, &same, NULL);
  if (known && !same)
    self->generation = 0;
  known = known
          && booru_store_list_changes (self->store, BOORU_CHANGE_ANY, &self->generation, ranges,
                                       &all, NULL);
  attach (self);
  if (!known)
    {
      self->generation = before;
      plan_look (self, AGAIN);
    }
  else if (before != 0 && (all || ranges->len > 0))
    self->func (ranges, all, self->data);
  return G_SOURCE_REMOVE;
}

static void
plan_look (Feed *self, guint milliseconds)
{
  if (self->look == 0)
    self->look = g_timeout_add (milliseconds, on_look, self);
}

static gboolean
on_tick (gpointer user_data)
{
  plan_look (user_data, 0);
  return G_SOURCE_CONTINUE;
}

static void
on_news (gpointer user_data)
{
  Feed *self = user_data;

  attach (self);
  plan_look (self, self->fd >= 0 ? TOGETHER : AGAIN);
}

static void
feed_free (gpointer data)
{
  Feed *self = data;

  booru_sql_watch_news (self->store->sql, NULL, NULL);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->look, g_source_remove);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_free (self);
}

void
booru_store_watch_changes (BooruStore *self, BooruStoreChangesFunc func, gpointer user_data)
{
  Feed *feed;

  g_return_if_fail (BOORU_IS_STORE (self) && func != NULL);

  if (!booru_sql_tells_news (self->sql))
    return;
  feed = g_new0 (Feed, 1);
  feed->store = self;
  feed->func = func;
  feed->data = user_data;
  feed->fd = -1;
  booru_store_own (self, feed, feed_free);
  booru_sql_watch_news (self->sql, on_news, feed);
  feed->tick = g_timeout_add_seconds (TICK, on_tick, feed);
  plan_look (feed, 0);
}
