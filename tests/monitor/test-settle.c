/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "files/monitor-content.h"
#include "files/monitor-names.h"
#include "files/monitor-place.h"
#include "ingest/monitor-queue.h"
#include "files/monitor-settle.h"

#define MS G_TIME_SPAN_MILLISECOND
#define NOW G_GINT64_CONSTANT (1700000000000000000)
#define MS_IN_NS G_GINT64_CONSTANT (1000000)

static MonitorLook
look_of (gint64 size, gint64 change_ns)
{
  MonitorLook look = { .stat = { size, change_ns, 1, 1 }, .change_ns = change_ns };

  return look;
}

static void
test_old_file_is_complete (void)
{
  MonitorSettle settle = { 0 };
  MonitorLook look = look_of (10, NOW - 1000 * MS_IN_NS);

  g_assert_cmpint (monitor_settle_check (&settle, &look, MONITOR_LEASE_GRANTED, FALSE, 1, NOW), ==,
                   0);
}

static void
test_fresh_file_waits_a_moment (void)
{
  MonitorSettle settle = { 0 };
  MonitorLook look = look_of (10, NOW - 5 * MS_IN_NS);
  gint64 wait = monitor_settle_check (&settle, &look, MONITOR_LEASE_GRANTED, TRUE, MS, NOW);

  g_assert_cmpint (wait, >, 0);
  g_assert_cmpint (wait, <=, 30 * MS);
  g_assert_cmpint (monitor_settle_check (&settle, &look, MONITOR_LEASE_GRANTED, TRUE, MS + wait,
                                         NOW + wait * 1000),
                   ==, 0);
}

static void
test_change_starts_over (void)
{
  MonitorSettle settle = { 0 };
  MonitorLook first = look_of (10, NOW + 3600000 * MS_IN_NS); /* the server's clock is ahead */
  MonitorLook second = look_of (11, NOW + 3600000 * MS_IN_NS);

  g_assert_cmpint (monitor_settle_check (&settle, &first, MONITOR_LEASE_UNAVAILABLE, TRUE, MS, NOW),
                   >, 0);
  g_assert_cmpint (
      monitor_settle_check (&settle, &second, MONITOR_LEASE_UNAVAILABLE, TRUE, 40 * MS, NOW), >, 0);
  g_assert_cmpint (
      monitor_settle_check (&settle, &second, MONITOR_LEASE_UNAVAILABLE, TRUE, 80 * MS, NOW), ==,
      0);
}

static void
test_writer_is_waited_for (void)
{
  MonitorSettle settle = { 0 };
  MonitorLook look = look_of (10, NOW - 100000 * MS_IN_NS);
  gint64 previous = 0;

  for (guint i = 0; i < 40; i++)
    {
      gint64 wait = monitor_settle_check (&settle, &look, MONITOR_LEASE_REFUSED, TRUE, MS, NOW);

      g_assert_cmpint (wait, >=, previous);
      g_assert_cmpint (wait, <=, 10 * G_TIME_SPAN_SECOND);
      previous = wait;
    }
}

static void
test_unsure_needs_longer (void)
{
  MonitorSettle settle = { 0 };
  MonitorLook look = look_of (10, NOW - 1000 * MS_IN_NS);

  g_assert_cmpint (monitor_settle_check (&settle, &look, MONITOR_LEASE_UNAVAILABLE, FALSE, MS, NOW),
                   >=, G_TIME_SPAN_SECOND);
  g_assert_cmpint (monitor_settle_check (&settle, &look, MONITOR_LEASE_UNAVAILABLE, FALSE,
                                         MS + 3 * G_TIME_SPAN_SECOND, NOW),
                   ==, 0);
}

static void
test_lease (void)
{
  g_autofree char *path = NULL;
  int writer = g_file_open_tmp ("booru-lease-XXXXXX", &path, NULL);
  int reader = open (path, O_RDONLY | O_CLOEXEC);

  if (monitor_settle_ask_lease (reader) == MONITOR_LEASE_UNAVAILABLE)
    {
      g_test_skip ("this file system gives no leases");
    }
  else
    {
      g_assert_cmpint (monitor_settle_ask_lease (reader), ==, MONITOR_LEASE_REFUSED);
      close (writer);
      writer = -1;
      g_assert_cmpint (monitor_settle_ask_lease (reader), ==, MONITOR_LEASE_GRANTED);
    }
  if (writer >= 0)
    close (writer);
  close (reader);
  unlink (path);
}

static void
test_left_out (void)
{
  g_assert_true (monitor_path_is_left_out (".hidden.jpg", FALSE));
  g_assert_true (monitor_path_is_left_out ("a/.git/b.jpg", FALSE));
  g_assert_true (monitor_path_is_left_out ("a/b.jpg.part", FALSE));
  g_assert_true (monitor_path_is_left_out ("b.JPG.CRDOWNLOAD", FALSE));
  g_assert_true (monitor_path_is_left_out ("b.jpg~", FALSE));
  g_assert_false (monitor_path_is_left_out ("a/b.jpg", FALSE));
  g_assert_false (monitor_path_is_left_out ("a.part/b.jpg", FALSE));
  g_assert_false (monitor_path_is_left_out ("party.jpg", FALSE));
  g_assert_false (monitor_path_is_left_out ("a/b.part", TRUE));
  g_assert_true (monitor_path_is_left_out ("a/@eaDir", TRUE));
  g_assert_true (monitor_path_is_left_out ("a/#Recycle/b/c.jpg", FALSE));
  g_assert_false (monitor_path_is_left_out ("a/lost+found", FALSE));
  g_assert_true (monitor_name_is_media ("a/b.JPeG"));
  g_assert_false (monitor_name_is_media ("a.jpg/b"));
  g_assert_false (monitor_name_is_media ("jpg"));
}

/* The queue */

static void
count (MonitorJob *job, gpointer user_data)
{
  ++*(guint *)user_data;
}

static void
ignore (gpointer user_data)
{
}

static void
test_queue (void)
{
  guint n_removed = 0;
  g_autoptr (MonitorFolder) folder = monitor_folder_new (MONITOR_FOLDER_LIBRARY, "/nowhere");
  g_autoptr (MonitorQueue) queue = monitor_queue_new (ignore, count, &n_removed);
  MonitorJob *job;

  /* What happens now goes first, and a path is there once. */
  monitor_queue_push (queue, folder, "bulk", 0, 0);
  monitor_queue_push (queue, folder, "now", MONITOR_JOB_URGENT, 0);
  monitor_queue_push (queue, folder, "bulk", 0, 0);
  monitor_queue_push (queue, folder, "later", 0, G_TIME_SPAN_HOUR);
  g_assert_cmpuint (monitor_queue_get_length (queue), ==, 3);
  job = monitor_queue_take (queue);
  g_assert_cmpstr (job->path, ==, "now");

  /* Seen again while it is worked on: it comes again. */
  monitor_queue_push (queue, folder, "now", MONITOR_JOB_URGENT, 0);
  g_assert_cmpstr (monitor_queue_take (queue)->path, ==, "bulk");
  g_assert_null (monitor_queue_take (queue));
  monitor_queue_finish (queue, job);
  g_assert_cmpuint (n_removed, ==, 0);
  while ((job = monitor_queue_take (queue)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (job->path, ==, "now");

  /* Renamed while it is worked on. */
  g_assert_false (monitor_queue_rename (queue, job, folder, "later"));
  g_assert_true (monitor_queue_rename (queue, job, folder, "new"));
  g_assert_null (monitor_queue_lookup (queue, folder, "now"));
  monitor_queue_finish (queue, job);
  g_assert_cmpuint (n_removed, ==, 1);
  g_assert_cmpuint (monitor_queue_get_n_urgent (queue), ==, 0);

  monitor_queue_drop_folder (queue, folder);
  g_assert_cmpuint (monitor_queue_get_length (queue), ==, 1);
  monitor_queue_finish (queue, monitor_queue_lookup (queue, folder, "bulk"));
  g_assert_cmpuint (n_removed, ==, 3);
}

/* No source keeps the others waiting; uploads get most turns; what is slow is asked for by itself.
 */
static void
test_queue_turns (void)
{
  static const char *const expected[]
      = { "u0", "i0", "u1", "a0", "u2", "i1", "u3", "a1", "i2", "a2", "i3", "a3" };
  guint n_removed = 0, n_ready;
  g_autoptr (MonitorFolder) a = monitor_folder_new (MONITOR_FOLDER_LIBRARY, "/a");
  g_autoptr (MonitorFolder) inbox = monitor_folder_new (MONITOR_FOLDER_INBOX, "/i");
  g_autoptr (MonitorFolder) uploads = monitor_folder_new (MONITOR_FOLDER_SPOOL, "/u");
  g_autoptr (MonitorQueue) queue = monitor_queue_new (ignore, count, &n_removed);
  MonitorFolder *const folders[] = { a, inbox, uploads };

  monitor_queue_push (queue, a, "slow", MONITOR_JOB_SLOW | MONITOR_JOB_URGENT, 0);
  for (guint i = 0; i < 12; i++)
    {
      MonitorFolder *folder = folders[i / 4];
      g_autofree char *name = g_strdup_printf ("%c%u", folder->path[1], i % 4);

      monitor_queue_push (queue, folder, name, MONITOR_JOB_URGENT, 0);
    }
  g_assert_cmpuint (monitor_queue_get_n_uploads (queue, &n_ready), ==, 4);
  g_assert_cmpuint (n_ready, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      MonitorJob *job = monitor_queue_take (queue);

      g_assert_cmpstr (job->path, ==, expected[i]);
      monitor_queue_finish (queue, job);
    }
  g_assert_false (monitor_queue_has_ready (queue));
  g_assert_null (monitor_queue_take (queue));
  g_assert_cmpstr (monitor_queue_take_slow (queue)->path, ==, "slow");
  g_assert_null (monitor_queue_take_slow (queue));
  g_assert_cmpuint (monitor_queue_get_n_uploads (queue, &n_ready), ==, 0);
}

static void
test_place_never_replaces (void)
{
  g_autofree char *dir = g_dir_make_tmp ("booru-place-XXXXXX", NULL);
  g_autofree char *aside_dir = g_build_filename (dir, "duplicates", NULL);
  g_autofree char *name = g_strnfill (240, 'x');
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer key;
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; i < 3; i++)
    {
      char *aside;

      g_assert_true (g_file_set_contents (path, "x", 1, NULL));
      aside = monitor_place_aside (fd, name, "duplicates", NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_hash_table_add (names, aside));
    }

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_assert_cmpint (unlinkat (fd, key, 0), ==, 0);
  close (fd);
  g_assert_cmpint (g_rmdir (aside_dir), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/settle/old-file-is-complete", test_old_file_is_complete);
  g_test_add_func ("/monitor/settle/fresh-file-waits-a-moment", test_fresh_file_waits_a_moment);
  g_test_add_func ("/monitor/settle/change-starts-over", test_change_starts_over);
  g_test_add_func ("/monitor/settle/writer-is-waited-for", test_writer_is_waited_for);
  g_test_add_func ("/monitor/settle/unsure-needs-longer", test_unsure_needs_longer);
  g_test_add_func ("/monitor/settle/lease", test_lease);
  g_test_add_func ("/monitor/content/left-out", test_left_out);
  g_test_add_func ("/monitor/queue", test_queue);
  g_test_add_func ("/monitor/queue-turns", test_queue_turns);
  g_test_add_func ("/monitor/place/never-replaces", test_place_never_replaces);
  return g_test_run ();
}
