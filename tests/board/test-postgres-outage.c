/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver of PostgreSQL and a server that hangs, ends connections, or is away. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "pg-fixture.h"

#define SECOND G_USEC_PER_SEC

static void
test_hung (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time (), number;
  guint64 seen = booru_sql_get_generation (self->sql);
  PgOutcome outcome = { 0 };

  pg_count_folders (self->sql, "/");
  booru_sql_watch_outcome (self->sql, pg_on_outcome, &outcome);
  pg_cluster_signal (SIGSTOP);
  g_assert_false (
      booru_sql_read_number (self->sql, &number, &error, "test-count-folders", "y", "/"));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * SECOND);
  g_assert_true (outcome.lasting);
  g_clear_error (&error);
  g_assert_cmpint (BOORU_SQL_GET_CLASS (self->sql)->get_version (self->sql), ==, -1);
  pg_cluster_signal (SIGCONT);
  g_assert_cmpint (pg_count_folders (self->sql, "/"), ==, 0);
  /* Another connection: that nobody wrote meanwhile cannot be known. */
  g_assert_cmpint (booru_sql_get_generation (self->sql), !=, seen);
  booru_sql_get_generation (self->sql);
  seen = booru_sql_get_generation (self->sql);
  g_assert_cmpint (booru_sql_get_generation (self->sql), ==, seen);
}

static void
test_killed (PgFixture *self, gconstpointer data)
{
  g_autoptr (BooruSql) other = pg_open (self->address, BOORU_STORE_READ_WRITE);
  g_autoptr (GError) error = NULL;
  guint64 seen = booru_sql_get_generation (self->sql);
  gint64 number;

  /* Idle: nobody notices. */
  pg_count_folders (self->sql, "/");
  pg_require_number (other, "test-terminate", pg_get_backend (self->sql));
  g_assert_cmpint (pg_count_folders (self->sql, "/"), ==, 0);
  g_assert_cmpint (booru_sql_get_generation (self->sql), !=, seen);
  pg_require_number (other, "test-terminate", pg_get_backend (self->sql));
  pg_add_folder (self->sql, "/one", &error);
  g_assert_no_error (error);

  /* In a view: it cannot be had back. */
  {
    g_auto (BooruSqlSnapshot) snapshot = booru_sql_snapshot (self->sql);

    pg_require_number (other, "test-terminate", pg_get_backend (self->sql));
    for (guint i = 0; i < 2; i++)
      {
        g_assert_false (
            booru_sql_read_number (self->sql, &number, &error, "test-count-folders", "y", "/"));
        g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
        g_clear_error (&error);
      }
  }
  g_assert_cmpint (pg_count_folders (self->sql, "/one"), ==, 1);
}

static gboolean
kill_writer (gpointer data, GError **error)
{
  PgWrite *write = data;
  BooruSql *other = (BooruSql *)write->then;
  gint64 number;

  g_assert_true (
      booru_sql_read_number (write->sql, &number, error, "test-insert-folder", "y", write->path));
  pg_require_number (other, "test-terminate", pg_get_backend (write->sql));
  if (write->returned)
    return TRUE;
  g_assert_false (
      booru_sql_read_number (write->sql, &number, error, "test-count-folders", "y", "/"));
  return FALSE;
}

static void
test_killed_writer (PgFixture *self, gconstpointer data)
{
  g_autoptr (BooruSql) other = pg_open (self->address, BOORU_STORE_READ_WRITE);
  g_autoptr (GError) error = NULL;
  PgWrite write = { .sql = self->sql, .path = "/lost", .then = (const char *)other };

  g_assert_false (booru_sql_write (self->sql, BOORU_SQL_NORMAL, kill_writer, &write, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpint (pg_count_folders (self->sql, "/lost"), ==, 0);

  /* At the commit nobody knows. */
  write.returned = TRUE;
  g_assert_false (booru_sql_write (self->sql, BOORU_SQL_NORMAL, kill_writer, &write, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_IO);
  g_clear_error (&error);
  g_assert_cmpint (pg_count_folders (self->sql, "/lost"), ==, 0);
  pg_add_folder (self->sql, "/lost", &error);
  g_assert_no_error (error);
}

static void
test_restarted (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  pg_add_folder (self->sql, "/before", &error);
  pg_cluster_pause ();
  pg_cluster_resume ();
  g_assert_cmpint (pg_count_folders (self->sql, "/none"), ==, 0);
  pg_add_folder (self->sql, "/after", &error);
  g_assert_no_error (error);
}

static void
test_away (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 began, deadline, number;
  gboolean back = FALSE;

  pg_cluster_pause ();
  for (guint i = 0; i < 20; i++)
    {
      began = g_get_monotonic_time ();
      g_assert_false (
          booru_sql_read_number (self->sql, &number, &error, "test-count-folders", "y", "/"));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
      g_clear_error (&error);
      g_assert_cmpint (g_get_monotonic_time () - began, <, SECOND);
    }
  pg_cluster_resume ();
  deadline = g_get_monotonic_time () + 20 * SECOND;
  while (!back && g_get_monotonic_time () < deadline)
    {
      back = booru_sql_read_number (self->sql, &number, NULL, "test-count-folders", "y", "/");
      g_usleep (10000);
    }
  g_assert_true (back);
}

static void
test_forked (PgFixture *self, gconstpointer data)
{
  gint64 backend = pg_get_backend (self->sql), number;
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      g_autoptr (GError) error = NULL;

      if (booru_sql_read_number (self->sql, &number, &error, "test-backend", "")
          || !g_error_matches (error, BOORU_ERROR, BOORU_ERROR_FAILED))
        _exit (1);
      g_object_unref (self->sql);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (pg_get_backend (self->sql), ==, backend);
}

int
main (int argc, char **argv)
{
  static const PgTest tests[] = {
    { "/postgres/hung", test_hung },
    { "/postgres/killed", test_killed },
    { "/postgres/killed-writer", test_killed_writer },
    { "/postgres/restarted", test_restarted },
    { "/postgres/away", test_away },
    { "/postgres/forked", test_forked },
  };

  g_test_init (&argc, &argv, NULL);
  return pg_run_tests (tests, G_N_ELEMENTS (tests));
}
