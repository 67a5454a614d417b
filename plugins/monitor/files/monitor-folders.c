/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-folders.h"

#include <gio/gunixmounts.h>
#include <stdlib.h>
#include <string.h>

#define UNSAVED_RETRY 2 /* s */
#define MAX_LISTED 10

struct _MonitorFolders
{
  char *data_dir, *files_dir;
  BooruStore *store;
  MonitorFoldersFuncs funcs;
  gpointer user_data;
  GPtrArray *folders;  /* MonitorFolder; the managed one first */
  GHashTable *waiting; /* MonitorFolder that is gone -> GFileMonitor of the place above it */
  GPtrArray *unsaved;  /* MonitorFolder whose state the store would not take yet */
  guint unsaved_source;
  GUnixMountMonitor *mounts;
  gboolean stopped;
};

const GPtrArray *
monitor_folders_list (MonitorFolders *self)
{
  return self->folders;
}

MonitorFolder *
monitor_folders_get_managed (MonitorFolders *self)
{
  return g_ptr_array_index (self->folders, 0);
}

MonitorFolder *
monitor_folders_find (MonitorFolders *self, gint64 id)
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
monitor_folders_find_serial (MonitorFolders *self, guint serial)
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
try_store_state (MonitorFolders *self, MonitorFolder *folder, GError **error)
{
  guint64 device = folder->device ? folder->device : folder->former_device;

  return booru_store_set_folder_state (self->store, folder->id, folder->present, device, error);
}

/* Each attempt may take a second, so the first that fails is the last for now. */
static gboolean
on_unsaved (gpointer user_data)
{
  MonitorFolders *self = user_data;

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
drop_unsaved (MonitorFolders *self, gint64 id)
{
  for (guint i = self->unsaved->len; i-- > 0;)
    if (((MonitorFolder *)g_ptr_array_index (self->unsaved, i))->id == id)
      g_ptr_array_remove_index (self->unsaved, i);
}

/* A store that is locked hears of it later: ten disks that go at once may not hold up the main loop
 * for as long as it takes to be thought dead. */
static void
store_state (MonitorFolders *self, MonitorFolder *folder)
{
  g_autoptr (GError) error = NULL;

  if (folder->id == 0)
    return;
  drop_unsaved (self, folder->id);
  if (self->unsaved->len == 0 && try_store_state (self, folder, &error))
    return;
  if (error != NULL)
    g_warning ("%s: the state of the folder (%s) cannot be stored now; trying again: %s",
               folder->display, folder->present ? "present" : "missing", error->message);
  g_ptr_array_add (self->unsaved, monitor_folder_ref (folder));
  if (self->unsaved_source == 0)
    self->unsaved_source = g_timeout_add_seconds (UNSAVED_RETRY, on_unsaved, self);
}

typedef struct
{
  MonitorFolders *folders;
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

  monitor_folders_check (waiting->folders, waiting->folder, FALSE);
}

/* Mounts are told of by the kernel's table of mounts. This is for a folder that is renamed back, or
 * made anew; what it misses (its parent is gone too), the reconcile finds. */
static void
wait_for_return (MonitorFolders *self, MonitorFolder *folder)
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
  waiting->folders = self;
  waiting->folder = monitor_folder_ref (folder);
  g_signal_connect_data (monitor, "changed", G_CALLBACK (on_something_above_changed), waiting,
                         waiting_free, 0);
  g_hash_table_insert (self->waiting, folder, g_steal_pointer (&monitor));
}

static void
suspend (MonitorFolders *self, MonitorFolder *folder, const char *reason)
{
  wait_for_return (self, folder);
  if (!folder->present && folder->why_gone != NULL)
    return;
  g_warning (
      "The folder %s is not there (%s). Its posts stay, and are found again when it is back.",
      folder->display, reason);
  folder->why_gone = g_strdup (reason);
  folder->present = FALSE;
  store_state (self, folder);
  self->funcs.lost (folder, self->user_data);
  self->funcs.changed (self->user_data);
}

static void
resume (MonitorFolders *self, MonitorFolder *folder)
{
  if (folder->why_gone != NULL)
    g_message ("The folder %s is back", folder->display);
  g_hash_table_remove (self->waiting, folder);
  g_clear_pointer (&folder->why_gone, g_free);
  folder->present = TRUE;
  self->funcs.changed (self->user_data);
  store_state (self, folder);
  self->funcs.found (folder, TRUE, self->user_data);
}

void
monitor_folders_check (MonitorFolders *self, MonitorFolder *folder, gboolean rescan)
{
  g_autofree char *reason = NULL;
  MonitorRootState state;

  if (folder->removed || self->stopped)
    return;
  state = monitor_folder_examine (folder, self->store, &reason);
  if (folder->kind == MONITOR_FOLDER_SPOOL)
    return;
  if (state == MONITOR_ROOT_GONE)
    suspend (self, folder, reason);
  else if (state == MONITOR_ROOT_REPLACED || !folder->present)
    resume (self, folder);
  else if (rescan)
    self->funcs.found (folder, FALSE, self->user_data);
}

void
monitor_folders_check_all (MonitorFolders *self, gboolean rescan)
{
  for (guint i = 0; i < self->folders->len; i++)
    monitor_folders_check (self, g_ptr_array_index (self->folders, i), rescan);
}

/* Of one that is only to be followed otherwise (other places in it are left out), the store need
 * not hear: its files stay where they are. */
static void
remove_folder (MonitorFolders *self, MonitorFolder *folder, gboolean stays)
{
  folder->removed = TRUE;
  folder->present = FALSE;
  if (stays)
    drop_unsaved (self, folder->id);
  else
    store_state (self, folder);
  self->funcs.lost (folder, self->user_data);
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

/* What is to be left out of each folder: all that lie in it. */
static MonitorFolder *
make_folder (MonitorFolders *self, MonitorFolderKind kind, const char *path, GPtrArray *real_paths)
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
      folder->patterns = self->funcs.dup_patterns (canonical, self->user_data);
    }
  return folder;
}

static gboolean
ensure_in_store (MonitorFolders *self, MonitorFolder *folder, GError **error)
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
  folder->elsewhere = *booru_store_get_node (self->store) != '\0';
  folder->seen_elsewhere = folder->elsewhere && *stored->node != '\0'
                           && strcmp (stored->node, booru_store_get_node (self->store)) != 0;
  return TRUE;
}

static gboolean
has_same_place (gconstpointer a, gconstpointer b)
{
  const MonitorFolder *left = a, *right = b;

  return left->kind == right->kind && g_str_equal (left->path, right->path);
}

static gboolean
is_same (gconstpointer a, gconstpointer b)
{
  const MonitorFolder *left = a, *right = b;

  return has_same_place (a, b)
         && g_strv_equal ((const char *const *)left->excluded, (const char *const *)right->excluded)
         && g_strv_equal ((const char *const *)left->patterns,
                          (const char *const *)right->patterns);
}

static gboolean
contains (GPtrArray *folders, const MonitorFolder *folder, GEqualFunc equal)
{
  return g_ptr_array_find_with_equal_func (folders, folder, equal, NULL);
}

/* The real places of all folders, and of what else is never a library's. */
static GPtrArray *
collect_real_paths (MonitorFolders *self, const char *const *folders, const char *inbox)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (paths, real_path (self->data_dir));
  g_ptr_array_add (paths, real_path (self->files_dir));
  if (inbox)
    g_ptr_array_add (paths, real_path (inbox));
  for (guint i = 0; folders[i] != NULL; i++)
    g_ptr_array_add (paths, real_path (folders[i]));
  return paths;
}

static gboolean
is_acceptable (MonitorFolders *self, GPtrArray *wanted, const char *path)
{
  g_autofree char *real = real_path (path);
  g_autofree char *real_data = real_path (self->data_dir);
  g_autofree char *real_files = real_path (self->files_dir);
  g_autofree char *display = g_filename_display_name (path);

  if (monitor_folder_get_below (real, real_data) != NULL
      || monitor_folder_get_below (real, real_files) != NULL)
    {
      g_warning ("The folder %s is ignored, since it lies in the folder of data or files", display);
      return FALSE;
    }
  for (guint i = 0; i < wanted->len; i++)
    {
      g_autofree char *other = real_path (((MonitorFolder *)g_ptr_array_index (wanted, i))->path);

      if (!g_str_equal (other, real))
        continue;
      g_warning ("The folder %s is configured twice; it is watched once", display);
      return FALSE;
    }
  return TRUE;
}

static GPtrArray *
make_wanted (MonitorFolders *self, const char *const *folders, const char *inbox)
{
  GPtrArray *wanted = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) real_paths = collect_real_paths (self, folders, inbox);
  g_autofree char *originals = g_build_filename (self->files_dir, BOORU_DIR_ORIGINALS, NULL);

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
mark_unconfigured (MonitorFolders *self)
{
  g_autoptr (GPtrArray) stored = booru_store_list_folders (self->store, NULL);

  for (guint i = 0; stored != NULL && i < stored->len; i++)
    {
      const BooruFolder *folder = g_ptr_array_index (stored, i);

      if (!folder->present || monitor_folders_find (self, folder->id) != NULL)
        continue;
      if (folder->kind == BOORU_FOLDER_LIBRARY)
        {
          g_autofree char *display = g_filename_display_name (folder->path);

          g_message (
              "The folder %s is not among the library folders of this %s. Its posts stay, but "
              "nobody looks for changes in it",
              display, *folder->node != '\0' ? "machine" : "host");
        }
      booru_store_set_folder_state (self->store, folder->id, FALSE, folder->device, NULL);
    }
}

gboolean
monitor_folders_set (MonitorFolders *self,
                     const char *const *paths,
                     const char *inbox,
                     GError **error)
{
  g_autoptr (GPtrArray) wanted = make_wanted (self, paths, inbox);

  for (guint i = self->folders->len; i-- > 0;)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);

      if (!contains (wanted, folder, is_same))
        remove_folder (self, folder, contains (wanted, folder, has_same_place));
    }
  for (guint i = 0; i < wanted->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (wanted, i);

      if (contains (self->folders, folder, is_same))
        continue;
      if (!ensure_in_store (self, folder, error))
        return FALSE;
      g_ptr_array_add (self->folders, monitor_folder_ref (folder));
      monitor_folders_check (self, folder, FALSE);
    }
  mark_unconfigured (self);
  self->funcs.changed (self->user_data);
  return TRUE;
}

char *
monitor_folders_describe_absent (MonitorFolders *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < self->folders->len; i++)
    {
      const MonitorFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->why_gone != NULL && n++ < MAX_LISTED)
        g_string_append_printf (text, "%sthe folder %s is away (%s)", n > 1 ? "; " : "",
                                folder->display, folder->why_gone);
    }
  if (n > MAX_LISTED)
    g_string_append_printf (text, "; and %u more", n - MAX_LISTED);
  return n > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
on_mounts_changed (GUnixMountMonitor *monitor, gpointer user_data)
{
  monitor_folders_check_all (user_data, FALSE);
}

MonitorFolders *
monitor_folders_new (const char *data_dir,
                     const char *files_dir,
                     BooruStore *store,
                     const MonitorFoldersFuncs *funcs,
                     gpointer user_data)
{
  MonitorFolders *self = g_new0 (MonitorFolders, 1);

  self->data_dir = g_strdup (data_dir);
  self->files_dir = g_strdup (files_dir);
  self->store = g_object_ref (store);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->folders = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);
  self->waiting = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);
  self->mounts = g_unix_mount_monitor_get ();
  g_signal_connect (self->mounts, "mounts-changed", G_CALLBACK (on_mounts_changed), self);
  return self;
}

void
monitor_folders_stop (MonitorFolders *self)
{
  self->stopped = TRUE;
}

void
monitor_folders_free (MonitorFolders *self)
{
  g_clear_handle_id (&self->unsaved_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->mounts, self);
  g_object_unref (self->mounts);
  g_hash_table_unref (self->waiting);
  g_ptr_array_unref (self->folders);
  g_ptr_array_unref (self->unsaved);
  g_object_unref (self->store);
  g_free (self->data_dir);
  g_free (self->files_dir);
  g_free (self);
}
