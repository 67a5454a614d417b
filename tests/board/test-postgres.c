/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver of PostgreSQL: values, errors, transactions, news of others, opening. */
#include <string.h>

#include "pg-fixture.h"

#define SECOND G_USEC_PER_SEC

/* Values */

static void
require_values (BooruSql *sql,
                gint64 number,
                double real,
                const char *text,
                GBytes *bytes,
                const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (sql, &error, "test-values", "xdsBy", number, real, text, bytes, path);
  gsize length;
  const void *found;

  g_assert_no_error (error);
  g_assert_cmpint (booru_sql_step (row, &error), ==, BOORU_SQL_ROW);
  g_assert_cmpint (booru_sql_get_number (row, 0), ==, number);
  g_assert_true (memcmp (&real, (double[]){ booru_sql_get_double (row, 1) }, sizeof real) == 0);
  g_assert_cmpstr (booru_sql_get_text (row, 2), ==, text);
  found = booru_sql_get_bytes (row, 3, &length);
  if (bytes != NULL)
    g_assert_cmpmem (found, length, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  else
    g_assert_true (booru_sql_is_null (row, 3) && found == NULL && length == 0);
  g_assert_cmpstr (booru_sql_get_bytes (row, 4, &length), ==, path);
  g_assert_cmpint (length, ==, path != NULL ? strlen (path) : 0);
  g_assert_cmpint (booru_sql_step (row, &error), ==, BOORU_SQL_DONE);
}

static void
test_values (PgFixture *self, gconstpointer data)
{
  g_autoptr (GBytes) binary = g_bytes_new_static ("\0\1\\x\377'", 6);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autofree char *big = g_strnfill (5000000, 'x');
  g_autoptr (GBytes) big_bytes = g_bytes_new_static (big, 5000000);

  require_values (self->sql, 1, 1.5, "a “text” with \\ and '", binary, "/pictures/\xff\xfe.jpg");
  require_values (self->sql, G_MININT64, -0.0, "", empty, "");
  require_values (self->sql, G_MAXINT64, G_MAXDOUBLE, NULL, NULL, NULL);
  require_values (self->sql, -1, 0.1, big, big_bytes, big);
}

static void
test_columns (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, &error, "test-columns", "");
  gsize length;

  g_assert_cmpint (booru_sql_step (row, &error), ==, BOORU_SQL_ROW);
  g_assert_cmpint (booru_sql_get_number (row, 0), ==, 1);
  g_assert_cmpint (booru_sql_get_number (row, 1), ==, -2);
  g_assert_cmpint (booru_sql_get_number (row, 2), ==, -3);
  g_assert_cmpint (booru_sql_get_number (row, 3), ==, 4);
  g_assert_cmpfloat (booru_sql_get_double (row, 3), ==, 4);
  g_assert_cmpfloat (booru_sql_get_double (row, 4), ==, 1.5);
  g_assert_cmpfloat (booru_sql_get_double (row, 5), ==, 2.5);
  g_assert_cmpint (booru_sql_get_number (row, 5), ==, 2);
  g_assert_cmpstr (booru_sql_get_text (row, 6), ==, "é");
  g_assert_cmpmem (booru_sql_get_bytes (row, 7, &length), 2, "\0\377", 2);
  g_assert_cmpint (length, ==, 2);
  g_assert_true (booru_sql_is_null (row, 8));
  g_assert_cmpint (booru_sql_get_number (row, 8), ==, 0);
  g_assert_null (booru_sql_get_text (row, 8));
  g_assert_cmpint (booru_sql_get_number (row, 9), ==, 0);
  g_assert_false (booru_sql_is_null (row, 9));
}

static void
test_several_at_once (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, &error, "test-series", "i", 1000);
  gint64 sum = 0;

  while (booru_sql_step (row, &error) == BOORU_SQL_ROW)
    sum += booru_sql_get_number (row, 0) + pg_count_folders (self->sql, "/none");
  g_assert_no_error (error);
  g_assert_cmpint (sum, ==, 500500);
}

/* Errors */

static void
test_errors (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  PgOutcome outcome = { 0 };
  gint64 number;

  booru_sql_watch_outcome (self->sql, pg_on_outcome, &outcome);
  g_assert_false (booru_sql_read_number (self->sql, &number, &error, "test-divide", "i", 0));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "22012"));
  g_assert_nonnull (strstr (error->message, "database test_"));
  g_assert_cmpint (outcome.n, ==, 1);
  g_assert_false (outcome.lasting);
  g_clear_error (&error);

  /* Text that is none. */
  g_assert_false (booru_sql_run (self->sql, &error, "test-values", "xdsBy", (gint64)1, 0.0, "\xff",
                                 NULL, NULL));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_false (booru_sql_run (self->sql, &error, "test-numeric", ""));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_FAILED);
  g_clear_error (&error);

  /* A rule of the tables. */
  g_assert_false (booru_sql_run (self->sql, &error, "insert-change", "xixxBx",
                                 G_GINT64_CONSTANT (1), 0, (gint64)1, (gint64)1, NULL, (gint64)1)
                  && booru_sql_run (self->sql, &error, "insert-change", "xixxBx",
                                    G_GINT64_CONSTANT (1), 0, (gint64)1, (gint64)1, NULL,
                                    (gint64)1));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "is there already"));
  g_clear_error (&error);

  /* All goes on as before. */
  g_assert_cmpint (pg_require_number (self->sql, "test-divide", 1), ==, 1);
}

/* Statements that nobody waits for are done all the same, and one that fails spoils the whole. */

typedef struct
{
  BooruSql *sql;
  guint n;
  int twice; /* which number is inserted twice; -1: none */
} Posting;

static gboolean
post_changes (gpointer data, GError **error)
{
  const Posting *self = data;

  for (guint i = 0; i < self->n; i++)
    {
      gint64 generation = 1000000 + (int)(i == (guint)self->twice ? i - 1 : i);
      g_autoptr (BooruSqlStatement) insert
          = booru_sql_query (self->sql, error, "insert-change", "xixxBx", generation, 0, (gint64)1,
                             (gint64)1, NULL, (gint64)1);

      if (!booru_sql_post (insert, error))
        return FALSE;
    }
  return TRUE;
}

static gint64
count_posted (BooruSql *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 n;

  booru_sql_define (sql, "count-posted",
                    "SELECT count(*) FROM changes WHERE generation >= 1000000");
  g_assert_true (booru_sql_read_number (sql, &n, &error, "count-posted", ""));
  return n;
}

static void
test_posted (PgFixture *self, gconstpointer data)
{
  static const int bad[] = { 700, 1200 }; /* within the statements, and with the commit */
  g_autoptr (GError) error = NULL;
  Posting posting = { self->sql, 1203, -1 };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      posting.twice = bad[i];
      g_assert_false (
          booru_sql_write (self->sql, BOORU_SQL_DURABLE, post_changes, &posting, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_FAILED);
      g_clear_error (&error);
      g_assert_cmpint (count_posted (self->sql), ==, 0);
    }
  posting.twice = -1;
  booru_sql_write (self->sql, BOORU_SQL_DURABLE, post_changes, &posting, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_posted (self->sql), ==, posting.n);
}

/* Transactions */

static void
test_transactions (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  PgWrite write = { .sql = self->sql, .path = "/bad", .then = "test-divide" };
  g_autoptr (BooruSql) other = pg_open (self->address, BOORU_STORE_READ_WRITE);

  pg_add_folder (self->sql, "/good", &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_count_folders (other, "/good"), ==, 1);

  g_assert_false (booru_sql_write (self->sql, BOORU_SQL_DURABLE, pg_insert_folder, &write, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (pg_count_folders (self->sql, "/bad"), ==, 0);

  /* Nobody can overlook that a statement failed. */
  write.returned = TRUE;
  g_assert_false (booru_sql_write (self->sql, BOORU_SQL_NORMAL, pg_insert_folder, &write, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (pg_count_folders (self->sql, "/bad"), ==, 0);

  /* The same name again: a statement that failed can be prepared, or not. */
  g_assert_false (pg_add_folder (self->sql, "/good", &error));
  g_clear_error (&error);
  pg_add_folder (self->sql, "/better", &error);
  g_assert_no_error (error);
}

static gboolean
check_settings (gpointer data, GError **error)
{
  PgWrite *write = data;
  g_autoptr (BooruSqlStatement) row = booru_sql_query (write->sql, error, "test-durability", "");

  g_assert_cmpint (booru_sql_step (row, error), ==, BOORU_SQL_ROW);
  g_assert_cmpstr (booru_sql_get_text (row, 0), ==, write->path);
  g_assert_cmpstr (booru_sql_get_text (row, 1), ==, write->then);
  return TRUE;
}

static gboolean
fail (gpointer data, GError **error)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, "On purpose");
  return FALSE;
}

static void
test_durability (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  PgWrite write = { .sql = self->sql, .path = "off", .then = "5s" };

  booru_sql_write (self->sql, BOORU_SQL_NORMAL, check_settings, &write, &error);
  g_assert_no_error (error);
  write.path = "on";
  write.then = "70ms";
  booru_sql_set_timeout (self->sql, 70);
  /* What was set does not go with the transaction that it was set for. */
  g_assert_false (booru_sql_write (self->sql, BOORU_SQL_NORMAL, fail, NULL, NULL));
  booru_sql_write (self->sql, BOORU_SQL_DURABLE, check_settings, &write, &error);
  g_assert_no_error (error);
  write.path = "off";
  booru_sql_write (self->sql, BOORU_SQL_NORMAL, check_settings, &write, &error);
  g_assert_no_error (error);
}

static gboolean
write_by_other (gpointer data, GError **error)
{
  BooruSql *other = data;
  g_autoptr (GError) local_error = NULL;
  gint64 began = g_get_monotonic_time ();

  g_assert_false (pg_add_folder (other, "/late", &local_error));
  g_assert_error (local_error, BOORU_ERROR, BOORU_ERROR_BUSY);
  g_assert_cmpint (g_get_monotonic_time () - began, >, SECOND / 5);
  return TRUE;
}

static void
test_busy (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSql) other = pg_open (self->address, BOORU_STORE_READ_WRITE);
  PgOutcome outcome = { 0 };

  booru_sql_watch_outcome (other, pg_on_outcome, &outcome);
  booru_sql_set_timeout (other, 250);
  booru_sql_write (self->sql, BOORU_SQL_NORMAL, write_by_other, other, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome.n, ==, 1);
  g_assert_cmpint (outcome.code, ==, BOORU_ERROR_BUSY);
  g_assert_true (outcome.lasting);
  pg_add_folder (other, "/late", &error);
  g_assert_no_error (error);
}

static void
test_snapshot (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSql) other = pg_open (self->address, BOORU_STORE_READ_WRITE);

  for (guint i = 0; i < 3; i++)
    {
      g_auto (BooruSqlSnapshot) snapshot = booru_sql_snapshot (self->sql);
      g_auto (BooruSqlSnapshot) inner = booru_sql_snapshot (self->sql);
      g_autofree char *path = g_strdup_printf ("/%u", i);

      g_assert_null (inner.sql);
      g_assert_cmpint (pg_count_folders (self->sql, path), ==, 0);
      pg_add_folder (other, path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (pg_count_folders (self->sql, path), ==, 0);
      booru_sql_snapshot_end (&snapshot);
      g_assert_cmpint (pg_count_folders (self->sql, path), ==, 1);
    }
}

/* Who wrote */

static void
await_change (BooruSql *sql, guint64 from)
{
  gint64 deadline = g_get_monotonic_time () + 10 * SECOND;

  while (booru_sql_get_generation (sql) == from)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
}

static void
test_generation (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSql) other = pg_open (self->address, BOORU_STORE_READ_WRITE);
  PgWrite write = { .sql = self->sql, .path = "/bad", .then = "test-divide" };
  guint64 own = booru_sql_get_generation (self->sql), others = booru_sql_get_generation (other);
  gint64 began;

  g_assert_cmpint (booru_sql_get_generation (other), ==, others);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u", i);

      pg_add_folder (self->sql, path, &error);
      g_assert_no_error (error);
      await_change (other, others);
      others = booru_sql_get_generation (other);
      g_assert_cmpint (pg_count_folders (other, path), ==, 1);
      /* What we wrote ourselves comes as news once. */
      g_assert_cmpint (booru_sql_get_generation (self->sql), !=, own);
      own = booru_sql_get_generation (self->sql);
      g_usleep (20000);
      g_assert_cmpint (booru_sql_get_generation (self->sql), ==, own);
      /* Also with the end of a view on its way. */
      if (i % 2 == 0)
        {
          g_auto (BooruSqlSnapshot) snapshot = booru_sql_snapshot (other);

          pg_count_folders (other, path);
        }
      others = booru_sql_get_generation (other);
    }

  /* What was rolled back is no news to others. */
  g_assert_false (booru_sql_write (self->sql, BOORU_SQL_NORMAL, pg_insert_folder, &write, &error));
  g_usleep (50000);
  g_assert_cmpint (booru_sql_get_generation (other), ==, others);

  began = g_get_monotonic_time ();
  for (guint i = 0; i < 10000; i++)
    booru_sql_get_generation (other);
  g_test_message ("generation: %.2f µs", (double)(g_get_monotonic_time () - began) / 10000);
}

/* Cached before the lock, compared under it. */
static gboolean
require_news (gpointer data, GError **error)
{
  PgWrite *write = data;

  g_assert_cmpint (booru_sql_get_seen_generation (write->sql), !=, 0);
  write->returned
      = booru_sql_get_seen_generation (write->sql) != (guint64)GPOINTER_TO_SIZE (write->path);
  return TRUE;
}

static void
test_generation_under_lock (PgFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSql) other = pg_open (self->address, BOORU_STORE_READ_WRITE);
  PgWrite write = { .sql = self->sql };

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u", i);

      write.path = GSIZE_TO_POINTER ((gsize)booru_sql_get_generation (self->sql));
      write.returned = FALSE;
      pg_add_folder (other, path, &error);
      booru_sql_write (self->sql, BOORU_SQL_NORMAL, require_news, &write, &error);
      g_assert_no_error (error);
      g_assert_true (write.returned);
    }
  /* Nobody else wrote. */
  write.path = GSIZE_TO_POINTER ((gsize)booru_sql_get_generation (self->sql));
  booru_sql_write (self->sql, BOORU_SQL_NORMAL, require_news, &write, &error);
  g_assert_false (write.returned);
}

/* Opening */

static void
require_refused (const char *address, BooruStoreOpenMode mode, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (booru_drivers_open (NULL, address, mode, NULL, NULL, &error));
  g_assert_error (error, BOORU_ERROR, code);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” is not in: %s", word, error->message);
}

/* libpq quotes what it does not understand: no password is in what is said. */
static void
test_passwords (PgFixture *self, gconstpointer data)
{
  static const char *const addresses[] = {
    "postgresql://u:geheim@host:port/name",
    "postgres://u:geheim@host/name?nonsense=1",
    "postgresql://u:geheim@host/name?connect_timeout=1&password=geheim&nonsense",
    "postgres:host=h password=geheim nonsense=1",
    "postgresql:host=h password='geheim",
    "postgres:password=geheim",
    "mysql://u:geheim@host/name",
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          booru_drivers_open (NULL, addresses[i], BOORU_STORE_CREATE, NULL, NULL, &error));
      if (strstr (error->message, "geheim") != NULL)
        g_error ("a password is in: %s", error->message);
    }
}

/* Both schemes, with keywords behind them. */
static void
test_keywords (PgFixture *self, gconstpointer data)
{
  static const char *const schemes[] = { "postgres:", "postgresql:" };
  const char *name = strrchr (self->address, '/') + 1;
  g_autofree char *database = g_strndup (name, strcspn (name, "?"));

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      g_autofree char *address = g_strdup_printf ("%shost=%s user=postgres dbname=%s", schemes[i],
                                                  g_getenv ("BOORU_TEST_CLUSTER"), database);
      g_autoptr (BooruSql) sql = pg_open (address, BOORU_STORE_READ_WRITE);

      g_assert_cmpint (pg_count_folders (sql, "/none"), ==, 0);
    }
}

static void
test_refused (PgFixture *self, gconstpointer data)
{
  g_autofree char *empty = pg_cluster_add_database ();
  g_autofree char *admin = pg_cluster_dup_address ("postgres");
  g_autofree char *missing = pg_cluster_dup_address ("missing");
  g_autofree char *wrong = pg_cluster_dup_address ("latin");
  g_autofree char *output = NULL;

  require_refused ("mysql://host/name", BOORU_STORE_CREATE, BOORU_ERROR_INVALID, "mysql");
  require_refused ("postgresql://u:secret@host/name", BOORU_STORE_CREATE, BOORU_ERROR_CONFIG,
                   "password");
  require_refused ("postgresql:host=h password=secret", BOORU_STORE_CREATE, BOORU_ERROR_CONFIG,
                   "password");
  require_refused ("postgresql:nonsense=1", BOORU_STORE_CREATE, BOORU_ERROR_CONFIG, "nonsense");
  require_refused (missing, BOORU_STORE_CREATE, BOORU_ERROR_BUSY, "does not exist");
  require_refused (empty, BOORU_STORE_READ_WRITE, BOORU_ERROR_NOT_FOUND, "not ready");

  output = pg_cluster_query (empty, "CREATE TABLE posts (id integer)");
  require_refused (empty, BOORU_STORE_CREATE, BOORU_ERROR_CONFIG, "another program");
  g_free (output);
  output = pg_cluster_query (admin, "CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1");
  require_refused (wrong, BOORU_STORE_CREATE, BOORU_ERROR_CONFIG, "createdb");
  g_free (output);
  output = pg_cluster_query (self->address, "INSERT INTO schema_versions VALUES (99, 0)");
  require_refused (self->address, BOORU_STORE_CREATE, BOORU_ERROR_TOO_NEW, "99");
}

static gpointer
create_in_thread (gpointer address)
{
  return pg_open (address, BOORU_STORE_CREATE);
}

static void
test_created_twice (PgFixture *self, gconstpointer data)
{
  g_autofree char *address = pg_cluster_add_database ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("create", create_in_thread, address);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_object_unref (g_thread_join (threads[i]));
}

/* Not before it listens. */
static char *
dup_pooled_address (void)
{
  g_autofree char *address = pg_cluster_dup_address ("postgres");
  g_autofree char *socket
      = g_build_filename (g_getenv ("BOORU_TEST_POOLER"), ".s.PGSQL.6432", NULL);

  for (guint i = 0; !g_file_test (socket, G_FILE_TEST_EXISTS); i++)
    {
      g_assert_cmpuint (i, <, 1000);
      g_usleep (10000);
    }
  return g_strconcat (address, "&port=6432", NULL);
}

static void
test_pooler (PgFixture *self, gconstpointer data)
{
  g_autofree char *address = NULL;

  if (g_getenv ("BOORU_TEST_POOLER") == NULL)
    {
      g_test_skip ("PgBouncer is not installed");
      return;
    }
  address = dup_pooled_address ();
  require_refused (address, BOORU_STORE_CREATE, BOORU_ERROR_CONFIG, "session mode");
}

static void
test_described (PgFixture *self, gconstpointer data)
{
  g_autofree char *text = booru_sql_describe (self->sql);

  g_assert_true (g_str_has_prefix (text, "PostgreSQL 1"));
}

int
main (int argc, char **argv)
{
  static const PgTest tests[] = {
    { "/postgres/values", test_values },
    { "/postgres/columns", test_columns },
    { "/postgres/several-at-once", test_several_at_once },
    { "/postgres/errors", test_errors },
    { "/postgres/transactions", test_transactions },
    { "/postgres/durability", test_durability },
    { "/postgres/busy", test_busy },
    { "/postgres/snapshot", test_snapshot },
    { "/postgres/generation", test_generation },
    { "/postgres/generation-under-lock", test_generation_under_lock },
    { "/postgres/refused", test_refused },
    { "/postgres/passwords", test_passwords },
    { "/postgres/keywords", test_keywords },
    { "/postgres/posted", test_posted },
    { "/postgres/created-twice", test_created_twice },
    { "/postgres/pooler", test_pooler },
    { "/postgres/described", test_described },
  };

  g_test_init (&argc, &argv, NULL);
  return pg_run_tests (tests, G_N_ELEMENTS (tests));
}
