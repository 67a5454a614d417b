/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of scans and of the ingest. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "library-fixture.h"
#include "reconcile/monitor-count.h"
#include "library/monitor-library-private.h"

static void
require_absent (GVariant *progress, const char *key)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (progress, key, NULL);

  g_assert_null (value);
}

static void
test_end (Fixture *f, gconstpointer data)
{
  GVariant *scan, *ingest;

  write_picture (f->a, "one.bmp", 1);
  write_picture (f->a, "two.bmp", 2);
  write_file (f->a, "broken.jpg", "\xff\xd8\xff nothing", -1);
  write_file (f->a, "notes.txt", "text", -1);
  fixture_start (f);
  scan = last_told (f, f->a);
  g_assert_false (is_told_running (scan));
  g_assert_cmpuint (told_count (scan, "files-seen"), ==, 4);
  g_assert_cmpuint (told_count (scan, "total"), ==, 4);
  g_assert_cmpuint (told_count (scan, "passed"), ==, 4);
  g_assert_cmpuint (told_count (scan, "done"), ==, 4);
  g_assert_cmpuint (told_count (scan, "new"), ==, 2);
  g_assert_cmpuint (told_count (scan, "failed"), ==, 1);
  g_assert_cmpuint (told_count (scan, "waiting"), ==, 0);
  g_assert_cmpuint (told_count (scan, "queued"), ==, 0);
  require_absent (scan, "left");
  require_absent (scan, "current");

  /* Then it is quiet: nothing wakes up to tell that nothing happens. */
  eventually (f, f->library->progress.source == 0);
  ingest = last_told (f, NULL);
  g_assert_false (is_told_running (ingest));
  g_assert_cmpuint (told_count (ingest, "queued"), ==, 0);
  g_assert_cmpuint (told_count (ingest, "working"), ==, 0);

  /* What comes later is told as well, though no scan finds it. */
  write_picture (f->a, "three.bmp", 3);
  eventually (f, last_told (f, NULL) != ingest && !is_told_running (last_told (f, NULL)));
  g_assert_cmpuint (told_count (last_told (f, NULL), "done"), >=, 1);
  eventually (f, f->library->progress.source == 0);
}

/* What the store knew is what is expected; what is new comes on top of it. */
static void
test_total (Fixture *f, gconstpointer data)
{
  MonitorScan scan = { .n_known = 3 };
  GVariant *told;

  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  scan.folder = g_ptr_array_index (monitor_folders_list (f->library->folders), 1);
  scan.n_files = 2;
  scan.n_pending = 1;
  scan.started = g_get_monotonic_time ();
  monitor_progress_tell_scan (&f->library->progress, &scan, TRUE);
  told = last_told (f, f->a);
  g_assert_true (is_told_running (told));
  g_assert_cmpuint (told_count (told, "total"), ==, 3);
  g_assert_cmpuint (told_count (told, "passed"), ==, 1);
  require_absent (told, "left");

  scan.n_files = 4;
  monitor_progress_tell_scan (&f->library->progress, &scan, TRUE);
  require_absent (last_told (f, f->a), "total");

  /* Ten files a second for ten seconds: the 100 that are left take ten more. */
  scan.count = monitor_count_start (scan.folder);
  eventually (f, monitor_count_get (scan.count, &(guint){ 0 }));
  monitor_rate_note (&scan.rate, 1, 0, 0);
  monitor_rate_note (&scan.rate, 1 + 10 * G_TIME_SPAN_SECOND, 100, 1000);
  scan.walked = 1;
  scan.n_files = 200;
  scan.n_pending = 100;
  monitor_progress_tell_scan (&f->library->progress, &scan, TRUE);
  g_assert_cmpuint (told_count (last_told (f, f->a), "left"), ==, 10);
  g_assert_cmpuint (told_count (last_told (f, f->a), "total"), ==, 200);
  monitor_count_stop (scan.count);
}

static void
test_count (Fixture *f, gconstpointer data)
{
  g_autoptr (MonitorFolder) folder = monitor_folder_new (MONITOR_FOLDER_LIBRARY, f->a);
  g_autofree char *deep = path_in (f->a, "x/y");
  g_autofree char *out = path_in (f->a, "x/out");
  g_autofree char *link = path_in (f->a, "x/link");
  g_autofree char *reason = NULL;
  MonitorCount *count;
  guint n_files = 0;

  g_assert_cmpint (g_mkdir_with_parents (deep, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (out, 0755), ==, 0);
  g_assert_cmpint (symlink (f->root, link), ==, 0);
  monitor_folder_exclude (folder, out);
  write_file (f->a, "1", "", 0);
  write_file (deep, "2", "", 0);
  write_file (deep, ".hidden", "", 0);
  write_file (out, "3", "", 0);

  g_assert_cmpint (monitor_folder_examine (folder, NULL, &reason), ==, MONITOR_ROOT_REPLACED);
  count = monitor_count_start (folder);
  eventually (f, monitor_count_get (count, &n_files));
  g_assert_cmpuint (n_files, ==, 3);
  monitor_count_stop (count);
  monitor_count_stop (monitor_count_start (folder));
}

/* Somebody writes it: the scan does not wait, and says so. */
static void
test_open_file (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_in (f->a, "open.bmp");
  int writer;

  write_picture (f->a, "one.bmp", 1);
  write_picture (f->a, "open.bmp", 2);
  writer = open (path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (writer, >=, 0);
  {
    int reader = open (path, O_RDONLY | O_CLOEXEC);
    MonitorLease lease = monitor_settle_ask_lease (reader);

    close (reader);
    if (lease != MONITOR_LEASE_REFUSED)
      {
        close (writer);
        g_test_skip ("this file system gives no leases");
        return;
      }
  }
  fixture_prepare (f);
  eventually (f, last_told (f, f->a) && !is_told_running (last_told (f, f->a)));
  g_assert_cmpuint (told_count (last_told (f, f->a), "new"), ==, 1);
  g_assert_cmpuint (told_count (last_told (f, f->a), "waiting"), ==, 1);
  /* Waiting is no work. */
  eventually (f, f->library->progress.source == 0);
  close (writer);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 2);
}

static void
drop_lease_capability (void)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct sets[2];

  g_assert_cmpint (syscall (SYS_capget, &header, sets), ==, 0);
  sets[0].effective &= ~(1u << CAP_LEASE);
  g_assert_cmpint (syscall (SYS_capset, &header, sets), ==, 0);
}

/* As a user whom the files do not belong to: without a lease they have to be watched for two
 * seconds. The scan's end tells of them all the same. */
static void
test_foreign_files (Fixture *f, gconstpointer data)
{
  g_autofree char *one = path_in (f->a, "one.bmp");
  g_autofree char *two = path_in (f->a, "two.bmp");

  if (!g_test_subprocess ())
    {
      if (geteuid () != 0)
        {
          g_test_skip ("needs root, to make files of somebody else");
          return;
        }
      /* Threads that were started before would keep the capability. */
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  drop_lease_capability ();
  write_picture (f->a, "one.bmp", 1);
  write_picture (f->a, "two.bmp", 2);
  g_assert_cmpint (chown (one, 65534, 65534), ==, 0);
  g_assert_cmpint (chown (two, 65534, 65534), ==, 0);
  fixture_start (f);
  g_assert_false (is_told_running (last_told (f, f->a)));
  g_assert_cmpuint (told_count (last_told (f, f->a), "new"), ==, 2);
  g_assert_cmpuint (told_count (last_told (f, f->a), "waiting"), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/progress/foreign-files", test_foreign_files);
  fixture_add ("/monitor/progress/end", test_end);
  fixture_add ("/monitor/progress/total", test_total);
  fixture_add ("/monitor/progress/count", test_count);
  fixture_add ("/monitor/progress/open-file", test_open_file);
  return g_test_run ();
}
