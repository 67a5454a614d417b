/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-commit.h"

#include "process/monitor-timer.h"

#define BATCH_SIZE 64
#define BATCH_TIME (50 * G_TIME_SPAN_MILLISECOND)
#define RETRY_FIRST (250 * G_TIME_SPAN_MILLISECOND)
#define RETRY_LAST (10 * G_TIME_SPAN_SECOND)

typedef struct
{
  BooruFileChange *change;
  MonitorChangeFunc done;
  gpointer data;
} Entry;

struct _MonitorCommit
{
  BooruStore *store;
  MonitorCommitFuncs funcs;
  gpointer user_data;
  MonitorMetrics *metrics;
  GArray *entries;
  GSource *timer;
  gint64 due;         /* monotonic; of the first entry */
  gint64 retry_delay; /* 0: the last attempt went well */
  gboolean flushing;
};

static gboolean
on_timer (gpointer user_data)
{
  MonitorCommit *self = user_data;
  gint64 now = g_get_monotonic_time ();

  g_source_set_ready_time (self->timer, -1);
  if (self->entries->len == 0)
    return G_SOURCE_CONTINUE;
  if (self->due > now && self->entries->len < BATCH_SIZE && self->funcs.is_busy (self->user_data))
    g_source_set_ready_time (self->timer, self->due);
  else
    monitor_commit_flush (self);
  return G_SOURCE_CONTINUE;
}

MonitorCommit *
monitor_commit_new (BooruStore *store,
                    MonitorMetrics *metrics,
                    const MonitorCommitFuncs *funcs,
                    gpointer user_data)
{
  MonitorCommit *self = g_new0 (MonitorCommit, 1);

  self->store = g_object_ref (store);
  self->metrics = metrics;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->timer = monitor_timer_new ("[booru] commit", on_timer, self);
  return self;
}

static void
finish (MonitorCommit *self, GArray *entries, const GError *error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < entries->len && error == NULL; i++)
    {
      const BooruFileChange *change = g_array_index (entries, Entry, i).change;

      if (change->post_id != 0 && change->kind != BOORU_FILE_TOUCH)
        g_array_append_val (ids, change->post_id);
      monitor_metrics_count_change (self->metrics, change);
      self->funcs.written (change, self->user_data);
    }
  if (error == NULL)
    self->funcs.committed (ids, self->user_data);
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);

      if (entry->done)
        entry->done (entry->change, error, entry->data);
      booru_file_change_free (entry->change);
    }
}

void
monitor_commit_free (MonitorCommit *self)
{
  g_autoptr (GArray) entries = g_steal_pointer (&self->entries);
  g_autoptr (GError) error = g_error_new (BOORU_ERROR, BOORU_ERROR_CANCELLED, "The monitor stops");

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  finish (self, entries, error);
  g_array_unref (self->entries);
  monitor_timer_free (self->timer);
  g_object_unref (self->store);
  g_free (self);
}

void
monitor_commit_add (MonitorCommit *self,
                    BooruFileChange *change,
                    MonitorChangeFunc done,
                    gpointer data)
{
  Entry entry = { change, done, data };

  g_array_append_val (self->entries, entry);
  if (self->retry_delay > 0)
    return;
  if (self->entries->len == 1)
    self->due = g_get_monotonic_time () + BATCH_TIME;

  /* The timer looks whether more is coming: after what else this turn of the main loop brings. */
  g_source_set_ready_time (self->timer, 0);
}

/* The store may be able to take it later: locked, out of space, a passing failure of the disk. */
static gboolean
is_passing (const GError *error)
{
  return booru_err_busy (error) || booru_err_limit (error)
         || g_error_matches (error, BOORU_ERROR, BOORU_ERROR_IO);
}

static void
retry_later (MonitorCommit *self, const GError *error)
{
  if (self->retry_delay == 0)
    g_warning ("Changes cannot be stored now; trying again: %s", error->message);
  self->retry_delay = CLAMP (self->retry_delay * 2, RETRY_FIRST, RETRY_LAST);
  self->due = g_get_monotonic_time () + self->retry_delay;
  g_source_set_ready_time (self->timer, self->due);
}

static gboolean
apply (MonitorCommit *self, GArray *entries, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (changes, g_array_index (entries, Entry, i).change);
  return booru_store_apply_file_changes (self->store, changes, error);
}

/* One change spoils the batch: the others are not to suffer from it. */
static void
apply_one_by_one (MonitorCommit *self, GArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (Entry));

      g_array_append_val (one, g_array_index (entries, Entry, i));
      if (!apply (self, one, &error))
        {
          g_autofree char *display
              = g_filename_display_name (g_array_index (one, Entry, 0).change->path ?: "");

          g_warning ("The store refuses a change to %s: %s", display, error->message);
        }
      finish (self, one, error);
    }
}

gboolean
monitor_commit_flush (MonitorCommit *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) entries = NULL;

  if (self->entries->len == 0 || self->flushing)
    return self->entries->len == 0;
  if (self->retry_delay > 0 && g_get_monotonic_time () < self->due)
    return FALSE;

  self->flushing = TRUE;
  entries = g_steal_pointer (&self->entries);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  if (apply (self, entries, &error))
    {
      self->retry_delay = 0;
      finish (self, entries, NULL);
    }
  else if (is_passing (error) || g_error_matches (error, BOORU_ERROR, BOORU_ERROR_CORRUPT))
    {
      g_array_append_vals (entries, self->entries->data, self->entries->len);
      g_array_unref (self->entries);
      self->entries = g_steal_pointer (&entries);
      retry_later (self, error);
      if (!is_passing (error))
        self->funcs.broken (error, self->user_data);
    }
  else if (booru_err_fenced (error))
    {
      /* Whoever has the role now finds the files by itself. */
      finish (self, entries, error);
      self->funcs.broken (error, self->user_data);
    }
  else
    apply_one_by_one (self, entries);
  self->flushing = FALSE;
  return self->entries->len == 0;
}

gboolean
monitor_commit_concerns (MonitorCommit *self, gint64 folder_id, const char *path)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const BooruFileChange *change = g_array_index (self->entries, Entry, i).change;

      if (change->folder_id == folder_id && change->path && g_str_equal (change->path, path))
        return TRUE;
    }
  return FALSE;
}

gboolean
monitor_commit_concerns_file (MonitorCommit *self, gint64 file_id)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_array_index (self->entries, Entry, i).change->file_id == file_id)
      return TRUE;
  return FALSE;
}

guint
monitor_commit_get_n_pending (MonitorCommit *self)
{
  return self->entries->len;
}
