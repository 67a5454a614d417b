/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which folders there are, and whether they are there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "monitor-library-private.h"

#define UNSAVED_RETRY 2 /* s */

MonitorFolder *
monitor_library_find_folder (MonitorLibrary *self, gint64 id)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->id == id && id != 0)
        return folder;
    }
  return NULL;
}

MonitorFolder *
monitor_library_find_serial (MonitorLibrary *self, guint serial)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->serial == serial)
        return folder;
    }
  return NULL;
}

static gboolean
try_store_state (MonitorLibrary *self, MonitorFolder *folder, GError **error)
{
  guint64 device = folder->device ? folder->device : folder->former_device;

  return booru_store_set_folder_state (self->store, folder->id, folder->present, device, error);
}

/* Each attempt may take a second, so the first that fails is the last for now. */
static gboolean
on_unsaved (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  while (self->unsaved->len > 0
         && try_store_state (self, g_ptr_array_index (self->unsaved, 0), NULL))
    g_ptr_array_remove_index (self->unsaved, 0);
  if (self->unsaved->len > 0)
    return G_SOURCE_CONTINUE;
  self->unsaved_source = 0;
  return G_SOURCE_REMOVE;
}

/* The folder as it is now; what was to be said of it before is old. */
static void
drop_unsaved (MonitorLibrary *self, gint64 id)
{
  for (guint i = self->unsaved->len; i-- > 0;)
    if (((MonitorFolder *)g_ptr_array_index (self->unsaved, i))->id == id)
      g_ptr_array_remove_index (self->unsaved, i);
}

/* A store that is locked hears of it later: ten disks that go at once may not hold up the main loop
 * for as long as it takes to be thought dead. */
static void
store_state (MonitorLibrary *self, MonitorFolder *folder)
{
  g_autoptr (GError) error = NULL;

  if (folder->id == 0)
    return;
  drop_unsaved (self, folder->id);
  if (self->unsaved->len == 0 && try_store_state (self, folder, &error))
    return;
  if (error != NULL)
    g_warning ("%s: that the folder is %s cannot be stored now; trying again: %s", folder->display,
               folder->present ? "there" : "away", error->message);
  g_ptr_array_add (self->unsaved, monitor_folder_ref (folder));
  if (self->unsaved_source == 0)
    self->unsaved_source = g_timeout_add_seconds (UNSAVED_RETRY, on_unsaved, self);
}

/* Nothing in flight for a folder that is not there may be taken for news of its files. */
static void
drop_work (MonitorLibrary *self, MonitorFolder *folder)
{
  monitor_watcher_forget (self->watcher, folder->serial);
  monitor_scanner_cancel (self->scanner, folder);
  monitor_queue_drop_folder (self->queue, folder);
  monitor_absence_drop_folder (self->absence, folder);
}

typedef struct
{
  MonitorLibrary *library;
  MonitorFolder *folder;
} Waiting;

static void
waiting_free (gpointer data, GClosure *closure)
{
  Waiting *waiting = data;

  monitor_folder_unref (waiting->folder);
  g_free (waiting);
}

static void
on_something_above_changed (GFileMonitor *monitor,
                            GFile *file,
                            GFile *other,
                            GFileMonitorEvent event,
                            gpointer user_data)
{
  Waiting *waiting = user_data;

  monitor_library_check_folder (waiting->library, waiting->folder, FALSE);
}

/* Mounts are told of by the kernel's table of mounts. This is for a folder that is renamed back, or
 * made anew; what it misses (its parent is gone too), the reconcile finds. */
static void
wait_for_return (MonitorLibrary *self, MonitorFolder *folder)
{
  g_autofree char *above = g_path_get_dirname (folder->path);
  g_autoptr (GFile) file = g_file_new_for_path (above);
  g_autoptr (GFileMonitor) monitor = NULL;
  Waiting *waiting;

  if (g_hash_table_contains (self->waiting, folder))
    return;
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (monitor == NULL)
    return;
  waiting = g_new0 (Waiting, 1);
  waiting->library = self;
  waiting->folder = monitor_folder_ref (folder);
  g_signal_connect_data (monitor, "changed", G_CALLBACK (on_something_above_changed), waiting,
                         waiting_free, 0);
  g_hash_table_insert (self->waiting, folder, g_steal_pointer (&monitor));
}

static void
suspend (MonitorLibrary *self, MonitorFolder *folder, const char *reason)
{
  wait_for_return (self, folder);
  if (!folder->present && folder->why_gone != NULL)
    return;
  g_warning (
      "The folder %s is not there (%s). Its posts stay; it is taken up again when it is back.",
      folder->display, reason);
  folder->why_gone = g_strdup (reason);
  folder->present = FALSE;
  store_state (self, folder);
  drop_work (self, folder);
  monitor_library_tell_trouble (self);
}

static void
resume (MonitorLibrary *self, MonitorFolder *folder)
{
  if (folder->why_gone != NULL)
    g_message ("The folder %s is back", folder->display);
  g_hash_table_remove (self->waiting, folder);
  monitor_watcher_forget (self->watcher, folder->serial);
  g_clear_pointer (&folder->why_gone, g_free);
  folder->present = TRUE;
  monitor_library_tell_trouble (self);
  store_state (self, folder);
  monitor_library_scan (self, folder, "");
}

/**
 * monitor_library_check_folder:
 * @self: a library
 * @folder: a folder
 * @rescan: whether it is looked through even if it is where it was
 *
 * Finds out whether the folder is there, and suspends it or takes it up again.
 */
void
monitor_library_check_folder (MonitorLibrary *self, MonitorFolder *folder, gboolean rescan)
{
  g_autofree char *reason = NULL;
  MonitorRootState state;

  if (folder->removed || self->stopping)
    return;
  state = monitor_folder_examine (folder, self->store, &reason);
  if (folder->kind == MONITOR_FOLDER_SPOOL)
    return;
  if (state == MONITOR_ROOT_GONE)
    suspend (self, folder, reason);
  else if (state == MONITOR_ROOT_REPLACED || !folder->present)
    resume (self, folder);
  else if (rescan)
    monitor_library_scan (self, folder, "");
}

/* Of one that is only to be followed otherwise (other places in it are left out), the store need
 * not hear: its files stay where they are. */
static void
remove_folder (MonitorLibrary *self, MonitorFolder *folder, gboolean stays)
{
  folder->removed = TRUE;
  folder->present = FALSE;
  if (stays)
    drop_unsaved (self, folder->id);
  else
    store_state (self, folder);
  drop_work (self, folder);
  g_hash_table_remove (self->waiting, folder);
  g_ptr_array_remove (self->folders, folder);
}

/* The place as the kernel sees it; a folder that is not there is taken by its name. */
static char *
real_path (const char *path)
{
  char *resolved = realpath (path, NULL);
  char *copy = resolved ? g_strdup (resolved) : g_canonicalize_filename (path, "/");

  free (resolved);
  return copy;
}

static gboolean
lies_in (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  return g_str_has_prefix (path, folder) && (path[length] == '/' || path[length] == '\0');
}

/* What is to be left out of each folder: all that lie in it. */
static MonitorFolder *
make_folder (MonitorLibrary *self, MonitorFolderKind kind, const char *path, GPtrArray *real_paths)
{
  g_autofree char *canonical = g_canonicalize_filename (path, "/");
  g_autofree char *real = real_path (path);
  MonitorFolder *folder = monitor_folder_new (kind, canonical);
  g_autoptr (MonitorFolder) at_real = monitor_folder_new (kind, real);

  for (guint i = 0; i < real_paths->len; i++)
    if (!g_str_equal (g_ptr_array_index (real_paths, i), real))
      monitor_folder_exclude (at_real, g_ptr_array_index (real_paths, i));
  g_strfreev (folder->excluded);
  folder->excluded = g_steal_pointer (&at_real->excluded);
  at_real->excluded = g_new0 (char *, 1);

  if (kind == MONITOR_FOLDER_INBOX)
    {
      g_autofree char *duplicates = g_build_filename (canonical, "duplicates", NULL);
      g_autofree char *failed = g_build_filename (canonical, "failed", NULL);

      monitor_folder_exclude (folder, duplicates);
      monitor_folder_exclude (folder, failed);
    }
  if (kind != MONITOR_FOLDER_MANAGED)
    {
      g_strfreev (folder->patterns);
      folder->patterns = monitor_ingest_dup_excluded (self->ingest, canonical);
    }
  return folder;
}

static gboolean
ensure_in_store (MonitorLibrary *self, MonitorFolder *folder, GError **error)
{
  BooruFolderKind kind
      = folder->kind == MONITOR_FOLDER_MANAGED ? BOORU_FOLDER_MANAGED : BOORU_FOLDER_LIBRARY;
  g_autoptr (BooruFolder) stored = NULL;

  if (folder->kind == MONITOR_FOLDER_INBOX)
    return TRUE;
  stored = booru_store_ensure_folder (self->store, folder->path, kind, error);
  if (stored == NULL)
    return FALSE;
  folder->id = stored->id;
  folder->former_device = stored->device;
  return TRUE;
}

static gboolean
same_setup (const MonitorFolder *a, const MonitorFolder *b)
{
  return a->kind == b->kind && g_str_equal (a->path, b->path)
         && g_strv_equal ((const char *const *)a->excluded, (const char *const *)b->excluded)
         && g_strv_equal ((const char *const *)a->patterns, (const char *const *)b->patterns);
}

static gboolean
is_place_of (GPtrArray *folders, const MonitorFolder *folder)
{
  for (guint i = 0; i < folders->len; i++)
    {
      const MonitorFolder *other = g_ptr_array_index (folders, i);

      if (other->kind == folder->kind && g_str_equal (other->path, folder->path))
        return TRUE;
    }
  return FALSE;
}

static MonitorFolder *
find_same (GPtrArray *folders, const MonitorFolder *wanted)
{
  for (guint i = 0; i < folders->len; i++)
    if (same_setup (g_ptr_array_index (folders, i), wanted))
      return g_ptr_array_index (folders, i);
  return NULL;
}

/* The real places of all folders, and of what else is never a library's. */
static GPtrArray *
collect_real_paths (MonitorLibrary *self, const char *const *folders, const char *inbox)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (paths, real_path (self->data_dir));
  if (inbox)
    g_ptr_array_add (paths, real_path (inbox));
  for (guint i = 0; folders[i] != NULL; i++)
    g_ptr_array_add (paths, real_path (folders[i]));
  return paths;
}

static gboolean
is_acceptable (MonitorLibrary *self, GPtrArray *wanted, const char *path)
{
  g_autofree char *real = real_path (path);
  g_autofree char *real_data = real_path (self->data_dir);
  g_autofree char *display = g_filename_display_name (path);

  if (lies_in (real, real_data))
    {
      g_warning ("The folder %s lies in the data folder, and is not followed: what lies there is "
                 "not the user's",
                 display);
      return FALSE;
    }
  for (guint i = 0; i < wanted->len; i++)
    {
      g_autofree char *other = real_path (((MonitorFolder *)g_ptr_array_index (wanted, i))->path);

      if (!g_str_equal (other, real))
        continue;
      g_warning ("The folder %s is configured twice; it is followed once", display);
      return FALSE;
    }
  return TRUE;
}

static GPtrArray *
make_wanted (MonitorLibrary *self, const char *const *folders, const char *inbox)
{
  GPtrArray *wanted = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) real_paths = collect_real_paths (self, folders, inbox);
  g_autofree char *originals = g_build_filename (self->data_dir, BOORU_DIR_ORIGINALS, NULL);

  g_ptr_array_add (wanted, make_folder (self, MONITOR_FOLDER_MANAGED, originals, none));
  for (guint i = 0; folders[i] != NULL; i++)
    if (is_acceptable (self, wanted, folders[i]))
      g_ptr_array_add (wanted, make_folder (self, MONITOR_FOLDER_LIBRARY, folders[i], real_paths));
  if (inbox && is_acceptable (self, wanted, inbox))
    g_ptr_array_add (wanted, make_folder (self, MONITOR_FOLDER_INBOX, inbox, real_paths));
  return wanted;
}

/* What was followed once, and is not any more (set while no monitor ran). */
static void
mark_unconfigured (MonitorLibrary *self)
{
  g_autoptr (GPtrArray) stored = booru_store_list_folders (self->store, NULL);

  for (guint i = 0; stored != NULL && i < stored->len; i++)
    {
      const BooruFolder *folder = g_ptr_array_index (stored, i);

      if (folder->present && monitor_library_find_folder (self, folder->id) == NULL)
        booru_store_set_folder_state (self->store, folder->id, FALSE, folder->device, NULL);
    }
}

/**
 * monitor_library_set_folders:
 * @self: a library
 * @folders: absolute paths of library folders
 * @inbox: (nullable): absolute path of the ingest folder
 * @error: of the store
 *
 * Says which folders to follow, from now on. A folder inside another is followed by itself, and
 * left out of the other; a library inside the inbox is never emptied by it.
 */
gboolean
monitor_library_set_folders (MonitorLibrary *self,
                             const char *const *folders,
                             const char *inbox,
                             GError **error)
{
  g_autoptr (GPtrArray) wanted = make_wanted (self, folders, inbox);

  for (guint i = self->folders->len; i-- > 0;)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);

      if (find_same (wanted, folder) == NULL)
        remove_folder (self, folder, is_place_of (wanted, folder));
    }
  for (guint i = 0; i < wanted->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (wanted, i);

      if (find_same (self->folders, folder) != NULL)
        continue;
      if (!ensure_in_store (self, folder, error))
        return FALSE;
      g_ptr_array_add (self->folders, monitor_folder_ref (folder));
      monitor_library_check_folder (self, folder, FALSE);
    }
  mark_unconfigured (self);
  monitor_library_tell_trouble (self);
  monitor_uploads_clean (self->uploads);
  monitor_uploads_look (self->uploads);
  return TRUE;
}
