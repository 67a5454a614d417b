/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "library-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PICTURE_SIZE 24

static const char *expected_warning;
static int n_expected_warnings;

static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  if (expected_warning == NULL || !g_pattern_match_simple (expected_warning, message))
    return TRUE;
  g_atomic_int_inc (&n_expected_warnings);
  return FALSE;
}

void
expect_warning (const char *pattern)
{
  expected_warning = pattern;
  g_atomic_int_set (&n_expected_warnings, 0);
  g_test_log_set_fatal_handler (is_fatal, NULL);
}

guint
n_warnings_seen (void)
{
  return (guint)g_atomic_int_get (&n_expected_warnings);
}

char *
path_in (const char *dir, const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static int
remove_entry (const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  return remove (path);
}

void
remove_tree (const char *path)
{
  nftw (path, remove_entry, 32, FTW_DEPTH | FTW_PHYS);
}

static char *
make_dir (const char *root, const char *name)
{
  char *path = path_in (root, name);

  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  return path;
}

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  self->told = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  self->root = g_dir_make_tmp ("booru-monitor-XXXXXX", NULL);
  g_assert_nonnull (self->root);
  self->data_dir = make_dir (self->root, "data");
  self->a = make_dir (self->root, "a");
  self->b = make_dir (self->root, "b");
  self->inbox = make_dir (self->root, "inbox");
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  if (self->library)
    fixture_stop (self);
  remove_tree (self->root);
  g_ptr_array_unref (self->told);
  g_free (self->root);
  g_free (self->trouble);
  g_free (self->node);
  g_free (self->data_dir);
  g_free (self->a);
  g_free (self->b);
  g_free (self->inbox);
}

static void
check_missing (Fixture *self)
{
  g_autoptr (BooruQuery) query = NULL;

  if (!self->prohibit_missing || self->store == NULL)
    return;
  query = booru_query_parse ("status:missing");
  g_assert_cmpint (booru_store_count (self->store, query, NULL, NULL), <=, 0);
}

static void
on_posts_changed (GArray *ids, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_announced += ids->len;
  for (guint i = 0; i < ids->len && self->prohibit_missing; i++)
    g_assert_cmpint (post_status (self, g_array_index (ids, gint64, i)), ==, BOORU_POST_ACTIVE);
}

static void
on_progress (GVariant *progress, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GVariant) owned = g_variant_ref_sink (progress);

  /* A monitor that is to be killed has nobody to tell. */
  if (self->told != NULL)
    g_ptr_array_add (self->told, g_steal_pointer (&owned));
}

GVariant *
last_told (Fixture *self, const char *folder)
{
  for (guint i = self->told->len; i-- > 0;)
    {
      const char *of = NULL;

      g_variant_lookup (self->told->pdata[i], "folder", "^&ay", &of);
      if (g_strcmp0 (of, folder) == 0)
        return self->told->pdata[i];
    }
  return NULL;
}

guint64
told_count (GVariant *progress, const char *key)
{
  guint64 count;

  g_assert_true (g_variant_lookup (progress, key, "t", &count));
  return count;
}

gboolean
is_told_running (GVariant *progress)
{
  gboolean running;

  g_assert_true (g_variant_lookup (progress, "running", "b", &running));
  return running;
}

static void
on_broken (const GError *error, gpointer user_data)
{
  Fixture *self = user_data;

  if (self->broken_is_exit == 0)
    g_error ("broken: %s", error->message);
  g_printerr ("broken: %s\n", error->message);
  _exit (self->broken_is_exit);
}

static void
on_trouble (const char *what, gpointer user_data)
{
  Fixture *self = user_data;

  g_free (self->trouble);
  self->trouble = g_strdup (what);
}

static void
on_stopped (gpointer user_data)
{
  ((Fixture *)user_data)->stopped = TRUE;
}

static const MonitorLibraryFuncs funcs = {
  .posts_changed = on_posts_changed,
  .progress = on_progress,
  .ingest_progress = on_progress,
  .trouble_changed = on_trouble,
  .broken = on_broken,
  .stopped = on_stopped,
};

/* What the service does not start with, the host starts again. */
static void
check (Fixture *self, const GError *error)
{
  if (error != NULL)
    on_broken (error, self);
}

static MonitorDecoderOptions
make_decoder_options (const char *output_dir)
{
  return (MonitorDecoderOptions){
    .program = booru_paths_get_decoder_program (),
    .output_dir = output_dir,
    .min = 0,
    .max = 2,
    .idle_timeout = 10,
    .timeout = 60,
    .memory_limit = G_GUINT64_CONSTANT (1) << 30,
    .max_pixels = 100000000,
  };
}

static void
prepare_with (Fixture *self, const char *const *folders, const char *inbox)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *output_dir = path_in (self->data_dir, BOORU_DIR_TEMPORARY);
  MonitorDecoderOptions decoder = make_decoder_options (output_dir);
  MonitorLibraryOptions options = { .data_dir = self->data_dir,
                                    .max_watches = self->max_watches,
                                    .cut_patience = self->patient ? 0 : G_TIME_SPAN_MILLISECOND };

  self->store = booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  check (self, error);
  if (self->node != NULL)
    booru_store_join_nodes (self->store, self->node, &error);
  check (self, error);
  self->pool = monitor_decoder_pool_new (&decoder);
  options.store = self->store;
  options.pool = self->pool;
  self->stopped = FALSE;
  self->library = monitor_library_new (&options, &funcs, self, &error);
  check (self, error);
  monitor_library_set_folders (self->library, folders, inbox, &error);
  check (self, error);
}

void
fixture_start_with (Fixture *self, const char *const *folders, const char *inbox)
{
  prepare_with (self, folders, inbox);
  fixture_wait_idle (self);
}

void
fixture_limit_pixels (Fixture *self, guint64 max_pixels)
{
  g_autofree char *output_dir = path_in (self->data_dir, BOORU_DIR_TEMPORARY);
  MonitorDecoderOptions decoder = make_decoder_options (output_dir);

  decoder.max_pixels = max_pixels;
  monitor_decoder_pool_set_options (self->pool, &decoder);
}

void
fixture_limit_time (Fixture *self, guint seconds)
{
  g_autofree char *output_dir = path_in (self->data_dir, BOORU_DIR_TEMPORARY);
  MonitorDecoderOptions decoder = make_decoder_options (output_dir);

  decoder.timeout = seconds;
  monitor_decoder_pool_set_options (self->pool, &decoder);
}

void
fixture_prepare (Fixture *self)
{
  const char *const folders[] = { self->a, self->b, NULL };

  prepare_with (self, folders, self->inbox);
}

void
fixture_start (Fixture *self)
{
  fixture_prepare (self);
  fixture_wait_idle (self);
}

void
fixture_start_as (Fixture *self, const char *node)
{
  g_free (self->node);
  self->node = g_strdup (node);
  fixture_start (self);
}

void
fixture_set_device (Fixture *self, gint64 file_id, guint64 device)
{
  g_autoptr (BooruStore) store
      = booru_store_open (self->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, NULL);
  g_autoptr (BooruFile) file = booru_store_get_file (store, file_id, NULL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_TOUCH);

  change->file_id = file_id;
  change->folder_id = file->folder_id;
  change->path = g_strdup (file->path);
  change->stat = file->stat;
  change->stat.device = device;
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (store, changes, NULL));
}

void
fixture_stop (Fixture *self)
{
  monitor_library_stop (self->library);
  eventually (self, self->stopped);
  g_clear_pointer (&self->library, monitor_library_free);
  g_clear_object (&self->pool);
  g_clear_object (&self->store);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* One turn of the main loop; FALSE after the deadline. */
gboolean
fixture_iterate (Fixture *self, gint64 deadline)
{
  guint tick = g_timeout_add (10, on_tick, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  check_missing (self);
  return g_get_monotonic_time () < deadline;
}

/* Quiet for three looks in a row: an event may be on its way from the kernel. */
void
fixture_become_child (Fixture *self, const char *root)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  self->root = g_strdup (root);
  self->data_dir = path_in (root, "data");
  self->a = path_in (root, "a");
  self->b = path_in (root, "b");
  self->inbox = path_in (root, "inbox");
}

void
fixture_run_child (int argc, char **argv)
{
  Fixture f = { 0 };

  if (argc != 3 || !g_str_equal (argv[1], "--run"))
    return;
  fixture_become_child (&f, argv[2]);
  fixture_start (&f);
  while (TRUE)
    fixture_iterate (&f, G_MAXINT64);
}

GPid
fixture_start_child (Fixture *self)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { program, "--run", self->root, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
                 NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

void
fixture_wait_idle (Fixture *self)
{
  guint quiet = 0;

  eventually (self, (quiet = monitor_library_is_idle (self->library) ? quiet + 1 : 0) > 3);
}

void
write_file (const char *dir, const char *name, const void *bytes, gssize length)
{
  g_autofree char *path = path_in (dir, name);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

  g_assert_cmpint (fd, >=, 0);
  if (length < 0)
    length = (gssize)strlen (bytes);
  g_assert_cmpint (write (fd, bytes, (gsize)length), ==, length);
  close (fd);
}

static void
put_le32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

/* A BMP: 24 bits, no compression, so that a few lines make a real picture. */
void
write_picture (const char *dir, const char *name, guint seed)
{
  guint8 bmp[54 + PICTURE_SIZE * PICTURE_SIZE * 3] = { 'B', 'M' };
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  put_le32 (bmp + 2, sizeof bmp);
  put_le32 (bmp + 10, 54);
  put_le32 (bmp + 14, 40);
  put_le32 (bmp + 18, PICTURE_SIZE);
  put_le32 (bmp + 22, PICTURE_SIZE);
  bmp[26] = 1;
  bmp[28] = 24;
  for (gsize i = 54; i < sizeof bmp; i++)
    bmp[i] = (guint8)g_rand_int (rand);
  write_file (dir, name, bmp, sizeof bmp);
}

void
copy_file (const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  write_file ("/", to, bytes, (gssize)length);
}

void
move_file (const char *from, const char *to)
{
  g_assert_cmpint (rename (from, to), ==, 0);
}

void
delete_file (const char *path)
{
  g_assert_cmpint (unlink (path), ==, 0);
}

char *
file_md5 (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guchar *)bytes, length);
}

static BooruFile *
find (Fixture *self, const char *dir, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) folders = booru_store_list_folders (self->store, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < folders->len; i++)
    {
      BooruFolder *folder = g_ptr_array_index (folders, i);

      if (g_str_equal (folder->path, dir))
        return booru_store_find_file (self->store, folder->id, name, NULL);
    }
  return NULL;
}

gint64
post_at (Fixture *self, const char *dir, const char *name)
{
  g_autoptr (BooruFile) file = find (self, dir, name);

  return file ? file->post_id : 0;
}

gint64
file_id_at (Fixture *self, const char *dir, const char *name)
{
  g_autoptr (BooruFile) file = find (self, dir, name);

  return file ? file->id : 0;
}

char *
failure_at (Fixture *self, const char *dir, const char *name)
{
  g_autoptr (BooruFile) file = find (self, dir, name);

  return file ? g_strdup (file->failure) : NULL;
}

static BooruPost *
get_post (Fixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;
  BooruPost *post = booru_store_get_post (self->store, id, &error);

  g_assert_no_error (error);
  return post;
}

BooruPostStatus
post_status (Fixture *self, gint64 id)
{
  g_autoptr (BooruPost) post = get_post (self, id);

  return post->status;
}

guint
n_files_of (Fixture *self, gint64 id)
{
  g_autoptr (GPtrArray) files = booru_store_list_post_files (self->store, id, NULL);

  return files->len;
}

guint
n_posts (Fixture *self)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("");

  return (guint)booru_store_count (self->store, query, NULL, NULL);
}

void
add_tag (Fixture *self, gint64 id, const char *tag)
{
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = NULL;

  edit.tag_string = tag;
  post = booru_store_edit_post (self->store, id, &edit, &error);
  g_assert_no_error (error);
}

gboolean
has_tag (Fixture *self, gint64 id, const char *tag)
{
  g_autoptr (BooruPost) post = get_post (self, id);
  g_autofree char *tags = booru_post_dup_tag_string (post);
  g_auto (GStrv) names = g_strsplit (tags, " ", -1);

  return g_strv_contains ((const char *const *)names, tag);
}

gboolean
has_thumbnails (Fixture *self, gint64 id)
{
  g_autoptr (BooruPost) post = get_post (self, id);

  for (guint i = 0; i <= BOORU_VARIANT_720; i++)
    {
      g_autofree char *path = booru_variant_get_path ((BooruVariant)i, post->media.md5);
      g_autofree char *full = path_in (self->data_dir, path);

      if (access (full, R_OK) != 0)
        return FALSE;
    }
  return TRUE;
}

guint
count_files (const char *dir)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;
  guint n = 0;

  while (entries && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = path_in (dir, name);

      n += g_file_test (path, G_FILE_TEST_IS_DIR) ? count_files (path) : 1;
    }
  return n;
}

gboolean
exists (const char *dir, const char *name)
{
  g_autofree char *path = path_in (dir, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gint64
begin_with_picture (Fixture *f, const char *name)
{
  gint64 post;

  write_picture (f->a, name, 1);
  if (f->library == NULL)
    fixture_start (f);
  eventually (f, post_at (f, f->a, name) != 0);
  post = post_at (f, f->a, name);
  add_tag (f, post, "kept");
  fixture_wait_idle (f);
  return post;
}

gboolean
is_present (Fixture *f, const char *dir)
{
  g_autoptr (GPtrArray) folders = booru_store_list_folders (f->store, NULL);

  for (guint i = 0; i < folders->len; i++)
    {
      const BooruFolder *folder = g_ptr_array_index (folders, i);

      if (g_str_equal (folder->path, dir))
        return folder->present;
    }
  return FALSE;
}
