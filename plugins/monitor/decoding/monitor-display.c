/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-display.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-place.h"

/* The cache is trimmed after this many new files. */
#define TRIM_EVERY 100

/* How many failures are remembered, so that they are not decoded at each look. */
#define MAX_FAILED 1000

struct _MonitorDisplay
{
  BooruServiceContext *context; /* unowned: it outlives the service */
  BooruStore *store;
  char *files_dir;
  guint64 limit;
  GHashTable *pending; /* md5 → Order, which its callback frees */
  GHashTable *failed;  /* md5 → GError: the content's fault */
  guint n_made;
  gboolean trimming;
};

typedef struct
{
  MonitorDisplay *display;
  char md5[33];
  int fd;
  struct stat info;
  GCancellable *cancellable;
} Order;

static void
order_free (Order *order)
{
  booru_clear_fd (&order->fd);
  g_object_unref (order->cancellable);
  g_free (order);
}

static void
publish (MonitorDisplay *self, const char *md5, const GError *error)
{
  booru_service_context_publish (self->context, BOORU_EVENT_DISPLAY_MADE,
                                 g_variant_new ("(ss)", md5, error ? error->message : ""));
}

/* The cache's size. */

typedef struct
{
  char *path;
  guint64 size;
  gint64 used; /* seconds since 1970; the kernel notes reading once a day */
} Entry;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *)data)->path);
}

static gint
compare_use (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const Entry *)a)->used, y = ((const Entry *)b)->used;

  return (x > y) - (x < y);
}

/* Thumbnails lie two folders deep. */
static void
list_entries (const char *folder, guint depth, GArray *entries, guint64 *total)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      Entry entry = { g_build_filename (folder, name, NULL), 0, 0 };
      struct stat info;

      if (lstat (entry.path, &info) == 0 && S_ISREG (info.st_mode))
        {
          entry.size = (guint64)info.st_blocks * 512;
          entry.used = MAX (info.st_atime, info.st_mtime);
          *total += entry.size;
          g_array_append_val (entries, entry);
          continue;
        }
      if (depth > 0)
        list_entries (entry.path, depth - 1, entries, total);
      g_free (entry.path);
    }
}

guint64
monitor_display_trim (const char *files_dir, guint64 limit)
{
  g_autofree char *folder = g_build_filename (files_dir, BOORU_DIR_THUMBNAILS,
                                              booru_variant_get_name (BOORU_VARIANT_DISPLAY), NULL);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  guint64 total = 0;

  g_array_set_clear_func (entries, entry_clear);
  list_entries (folder, 2, entries, &total);
  if (total <= limit)
    return total;
  g_array_sort (entries, compare_use);
  for (guint i = 0; i < entries->len && total > limit / 10 * 9; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (unlink (entry->path) == 0)
        total -= entry->size;
    }
  return total;
}

typedef struct
{
  char *files_dir;
  guint64 limit;
} Trim;

static void
trim_free (gpointer data)
{
  g_free (((Trim *)data)->files_dir);
  g_free (data);
}

static void
trim_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Trim *trim = task_data;

  monitor_display_trim (trim->files_dir, trim->limit);
  g_task_return_boolean (task, TRUE);
}

static void
on_trimmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((MonitorDisplay *)user_data)->trimming = FALSE;
}

static void
start_trimming (MonitorDisplay *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_trimmed, self);
  Trim *trim = g_new0 (Trim, 1);

  trim->files_dir = g_strdup (self->files_dir);
  trim->limit = self->limit;
  self->trimming = TRUE;
  g_task_set_source_tag (task, start_trimming);
  g_task_set_task_data (task, trim, trim_free);
  g_task_run_in_thread (task, trim_in_thread);
}

static void
count_made (MonitorDisplay *self)
{
  if (self->n_made++ % TRIM_EVERY == 0 && !self->trimming)
    start_trimming (self);
}

/* Making one. */

static gboolean
is_unchanged (const Order *order)
{
  struct stat now;

  return fstat (order->fd, &now) == 0 && now.st_size == order->info.st_size
         && now.st_mtim.tv_sec == order->info.st_mtim.tv_sec
         && now.st_mtim.tv_nsec == order->info.st_mtim.tv_nsec;
}

static gboolean
place (Order *order, MonitorDecodeResult *result, GError **error)
{
  char *temporary = result->variants[BOORU_VARIANT_DISPLAY];

  if (temporary == NULL || !is_unchanged (order))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                   "The file changed while it was decoded. Try again later");
      return FALSE;
    }
  if (!monitor_place_variant (order->display->files_dir, BOORU_VARIANT_DISPLAY, order->md5,
                              temporary, error))
    return FALSE;
  g_clear_pointer (&result->variants[BOORU_VARIANT_DISPLAY], g_free);
  return TRUE;
}

static void
remember_failure (MonitorDisplay *self, const char *md5, const GError *error)
{
  if (g_hash_table_size (self->failed) >= MAX_FAILED)
    g_hash_table_remove_all (self->failed);
  g_hash_table_insert (self->failed, g_strdup (md5), g_error_copy (error));
}

static void
on_decoded (GObject *source, GAsyncResult *async, gpointer user_data)
{
  Order *order = user_data;
  MonitorDisplay *self = order->display;
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) result
      = monitor_decoder_pool_decode_finish (MONITOR_DECODER_POOL (source), async, &error);

  g_hash_table_remove (self->pending, order->md5);
  if (!g_cancellable_is_cancelled (order->cancellable))
    {
      if (result && place (order, result, &error))
        count_made (self);
      else if (booru_err_file (error))
        remember_failure (self, order->md5, error);
      publish (self, order->md5, error);
    }
  order_free (order);
}

/* Opens a file of the post whose size and time are those in the store. */
static int
open_unchanged (MonitorDisplay *self, const BooruPost *post, struct stat *info, GError **error)
{
  g_autoptr (GPtrArray) files = booru_store_list_post_files (self->store, post->id, error);
  g_autoptr (GPtrArray) folders = files ? booru_store_list_folders (self->store, error) : NULL;

  if (folders == NULL)
    return -1;
  for (guint i = 0; i < files->len; i++)
    {
      const BooruFile *file = g_ptr_array_index (files, i);
      const BooruFolder *folder = booru_folder_find (folders, file->folder_id);
      booru_autofd int fd = folder ? booru_file_open (file, folder, info) : -1;

      if (fd >= 0
          && (gint64)info->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info->st_mtim.tv_nsec
                 == file->stat.mtime_ns)
        return booru_steal_fd (&fd);
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "No file of post %" G_GINT64_FORMAT " can be read now", post->id);
  return -1;
}

static Order *
order_new (MonitorDisplay *self, const char *md5, GError **error)
{
  g_autoptr (BooruPost) post = booru_store_get_post_by_md5 (self->store, md5, error);
  struct stat info;
  Order *order;
  int fd;

  if (post == NULL)
    return NULL;
  if (!booru_variant_has_display (&post->media))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                   "Post %" G_GINT64_FORMAT " needs no display rendition", post->id);
      return NULL;
    }
  fd = open_unchanged (self, post, &info, error);
  if (fd < 0)
    return NULL;
  order = g_new0 (Order, 1);
  order->display = self;
  order->fd = fd;
  order->info = info;
  order->cancellable = g_cancellable_new ();
  g_strlcpy (order->md5, post->media.md5, sizeof order->md5);
  return order;
}

static gboolean
is_made (MonitorDisplay *self, const char *md5)
{
  g_autofree char *below = booru_variant_get_path (BOORU_VARIANT_DISPLAY, md5);
  g_autofree char *path = g_build_filename (self->files_dir, below, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

void
monitor_display_make (MonitorDisplay *self, MonitorDecoderPool *pool, const char *md5)
{
  static const MonitorDecodeHints hints = { .display = TRUE, .for_person = TRUE };
  g_autoptr (GError) error = NULL;
  const GError *failure = g_hash_table_lookup (self->failed, md5);
  Order *order;

  if (g_hash_table_contains (self->pending, md5))
    return;
  if (failure != NULL || (strlen (md5) == 32 && is_made (self, md5)))
    {
      publish (self, md5, failure);
      return;
    }
  order = order_new (self, md5, &error);
  if (order == NULL)
    {
      publish (self, md5, error);
      return;
    }
  g_hash_table_insert (self->pending, order->md5, order);
  monitor_decoder_pool_decode_async (pool, order->fd, &hints, order->cancellable, on_decoded,
                                     order);
}

MonitorDisplay *
monitor_display_new (BooruServiceContext *context, BooruStore *store, const char *files_dir)
{
  MonitorDisplay *self = g_new0 (MonitorDisplay, 1);

  self->context = context;
  self->store = g_object_ref (store);
  self->files_dir = g_strdup (files_dir);
  self->limit = G_MAXUINT64;
  self->pending = g_hash_table_new (g_str_hash, g_str_equal);
  self->failed
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_error_free);
  return self;
}

void
monitor_display_free (MonitorDisplay *self)
{
  GHashTableIter iter;
  gpointer order;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, &order))
    g_cancellable_cancel (((Order *)order)->cancellable);
  while (g_hash_table_size (self->pending) > 0 || self->trimming)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_hash_table_unref (self->pending);
  g_hash_table_unref (self->failed);
  g_object_unref (self->store);
  g_free (self->files_dir);
  g_free (self);
}

void
monitor_display_set_limit (MonitorDisplay *self, guint64 bytes)
{
  self->limit = bytes;
}
