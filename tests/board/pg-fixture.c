/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fixture.h"

BooruSql *
pg_open (const char *address, BooruStoreOpenMode mode)
{
  g_autoptr (GError) error = NULL;
  BooruSql *sql = booru_drivers_open (NULL, address, mode, NULL, NULL, &error);

  g_assert_no_error (error);
  return sql;
}

static void
set_up (PgFixture *self, gconstpointer data)
{
  self->address = pg_cluster_add_database ();
  self->sql = pg_open (self->address, BOORU_STORE_CREATE);
}

static void
tear_down (PgFixture *self, gconstpointer data)
{
  g_clear_object (&self->sql);
  g_free (self->address);
}

gint64
pg_require_number (BooruSql *sql, const char *name, gint64 value)
{
  g_autoptr (GError) error = NULL;
  gint64 number;

  booru_sql_read_number (sql, &number, &error, name, "x", value);
  g_assert_no_error (error);
  return number;
}

gint64
pg_get_backend (BooruSql *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 number;

  booru_sql_read_number (sql, &number, &error, "test-backend", "");
  g_assert_no_error (error);
  return number;
}

gint64
pg_count_folders (BooruSql *sql, const char *path)
{
  g_autoptr (GError) error = NULL;
  gint64 number;

  booru_sql_read_number (sql, &number, &error, "test-count-folders", "y", path);
  g_assert_no_error (error);
  return number;
}

gboolean
pg_insert_folder (gpointer data, GError **error)
{
  PgWrite *write = data;
  gint64 number;

  if (!booru_sql_read_number (write->sql, &number, error, "test-insert-folder", "y", write->path))
    return FALSE;
  g_assert_cmpint (number, >, 0);
  if (write->then == NULL)
    return TRUE;
  g_assert_false (booru_sql_read_number (write->sql, &number, write->returned ? NULL : error,
                                         write->then, "i", 0));
  return write->returned;
}

gboolean
pg_add_folder (BooruSql *sql, const char *path, GError **error)
{
  PgWrite write = { .sql = sql, .path = path };

  return booru_sql_write (sql, BOORU_SQL_NORMAL, pg_insert_folder, &write, error);
}

void
pg_on_outcome (const GError *error, gboolean lasting, gpointer data)
{
  PgOutcome *outcome = data;

  if (error == NULL)
    return;
  outcome->n++;
  outcome->code = error->code;
  outcome->lasting = lasting;
}

int
pg_run_tests (const PgTest *tests, guint n_tests)
{
  if (!pg_cluster_exists ())
    {
      g_print ("1..0 # SKIP tests/postgres.py runs this test\n");
      return 0;
    }
  for (guint i = 0; i < n_tests; i++)
    g_test_add (tests[i].path, PgFixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
