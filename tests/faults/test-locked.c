/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another process keeps the database locked, by the lock file and by a transaction, for far longer
 * than a main loop may hang. Files wait; nothing is restarted, and nothing is lost. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "faults.h"

#define N_BEFORE 3
#define N_MEANWHILE 12
#define HEARTBEAT_LIMIT "3" /* seconds */

typedef struct
{
  int fd;
  sqlite3 *db;
} Lock;

static void
lock (Lock *self, TestHost *host)
{
  const char *data_dir = test_host_get_data_dir (host);
  g_autofree char *lock_path = g_build_filename (data_dir, "booru.write-lock", NULL);
  g_autofree char *path = g_build_filename (data_dir, "booru.sqlite", NULL);

  self->fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (self->fd, >=, 0);
  while (flock (self->fd, LOCK_EX) != 0)
    g_assert_cmpint (errno, ==, EINTR);
  g_assert_cmpint (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_busy_timeout (self->db, 10000);
  g_assert_cmpint (sqlite3_exec (self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
unlock (Lock *self)
{
  g_assert_cmpint (sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (self->db);
  close (self->fd);
}

static gboolean
has_passed (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *)data;
}

static void
let_pass (TestHost *host, guint seconds)
{
  gint64 until = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;

  test_host_await (host, "the lock to have lasted", has_passed, &until);
}

static char *
make_folder (TestHost *host, guint i)
{
  char *path = g_strdup_printf ("%s-%u", test_host_get_library (host), i);
  g_autofree char *picture = g_build_filename (path, "there.bmp", NULL);

  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  faults_write_picture (picture, 1000 + i);
  return path;
}

static void
check_processes (TestHost *host, GArray *before)
{
  g_autoptr (GArray) now = test_host_list_processes (host, NULL);

  g_assert_cmpmem (now->data, now->len * sizeof (GPid), before->data, before->len * sizeof (GPid));
}

static gboolean
folders_are_away (gpointer data)
{
  return faults_query (data, "SELECT count(*) FROM folders WHERE present = 0") == 2;
}

/* Files come, one goes, and two whole folders are taken away meanwhile: of each, the store hears
 * later. */
static void
test_locked (guint seconds)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *first = make_folder (host, 1);
  g_autofree char *second = make_folder (host, 2);
  g_autofree char *first_away = g_strconcat (first, ".away", NULL);
  g_autofree char *second_away = g_strconcat (second, ".away", NULL);
  g_autofree char *gone = g_strdup_printf ("%s/0.bmp", test_host_get_library (host));
  g_autoptr (GArray) before = NULL;
  g_autoptr (JsonNode) health = NULL;
  Lock held;

  test_host_setenv (host, "BOORU_HEARTBEAT_LIMIT", HEARTBEAT_LIMIT);
  test_host_start (host, "--workers=1", "--bus=none", test_host_get_library (host), first, second,
                   NULL);
  test_host_await_ready (host);
  for (guint i = 0; i < N_BEFORE; i++)
    faults_drop_picture (host, i);
  test_host_await_posts (host, "", N_BEFORE + 2);
  before = test_host_list_processes (host, NULL);

  lock (&held, host);
  for (guint i = 0; i < N_MEANWHILE; i++)
    faults_drop_picture (host, N_BEFORE + i);
  g_assert_cmpint (g_unlink (gone), ==, 0);
  test_host_await_log (host, "cannot be stored now", 1);
  g_assert_cmpint (g_rename (first, first_away), ==, 0);
  g_assert_cmpint (g_rename (second, second_away), ==, 0);
  test_host_await_log (host, "is not there", 2);
  let_pass (host, seconds);
  check_processes (host, before);
  g_assert_cmpint (test_host_count_posts (host, ""), ==, N_BEFORE + 2);
  health = test_host_get_json (host, "/health"); /* answered with 200, that is */

  unlock (&held);
  test_host_await_posts (host, "", N_BEFORE + N_MEANWHILE + 2 - 1);
  test_host_await_posts (host, "status:missing", 1);
  test_host_await (host, "the folders to be known as away", folders_are_away, host);
  check_processes (host, before);
  g_assert_cmpint (g_rename (first_away, first), ==, 0);
  g_assert_cmpint (g_rename (second_away, second), ==, 0);
  test_host_await_log (host, "is back", 2);
  test_host_await_ready (host);
  test_host_stop (host);
}

static void
test_for_a_while (void)
{
  test_locked (12);
}

static void
test_for_a_minute (void)
{
  test_locked (60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_test_slow ())
    g_test_add_func ("/faults/locked/for-a-minute", test_for_a_minute);
  else
    g_test_add_func ("/faults/locked/for-a-while", test_for_a_while);
  return g_test_run ();
}
