/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connecting, and connecting again. */
#include "booru-postgres-private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/booru-error.h"

#define MIN_VERSION 150000

/* Milliseconds between attempts, at first and at last. */
#define FIRST_PAUSE 250
#define LAST_PAUSE 5000

/* Of systemd: LoadCredential=postgres-password:… */
#define CREDENTIAL "postgres-password"

/* Of the whole session. Asynchronous commits are those that a power failure may take the last of; a
 * write that must not be lost asks for the other kind. */
#define SET_UP                                                                                     \
  "SELECT set_config ('synchronous_commit', 'off', false), set_config ('jit', 'off', false),"      \
  " set_config ('idle_in_transaction_session_timeout', '5000', false),"                            \
  " set_config ('client_connection_check_interval', '1000', false)"

static gboolean
check_option (BooruPostgres *self, const PQconninfoOption *option, GError **error)
{
  if (option->val == NULL)
    return TRUE;
  if (g_str_equal (option->keyword, "password") || g_str_equal (option->keyword, "sslpassword"))
    return booru_postgres_fail_config (
        self,
        "its connection string holds a password, which others could read. Put it into a password "
        "file (passfile=/…, ~/.pgpass), a service file, or the systemd credential "
        "“" CREDENTIAL "”",
        error);
  return TRUE;
}

static const char *
find_value (const PQconninfoOption *options, const char *keyword)
{
  for (; options->keyword != NULL; options++)
    if (g_str_equal (options->keyword, keyword))
      return options->val;
  return NULL;
}

static char *
dup_place (const PQconninfoOption *options)
{
  const char *name = find_value (options, "dbname"), *service = find_value (options, "service");
  const char *host = find_value (options, "host");

  if (host == NULL)
    host = find_value (options, "hostaddr");
  if (name == NULL && service != NULL)
    return g_strdup_printf ("the database of the PostgreSQL service %s", service);
  return g_strdup_printf ("the PostgreSQL database %s%s%s", name != NULL ? name : "of this user",
                          host != NULL ? " at " : "", host != NULL ? host : "");
}

/* "postgresql:host=… dbname=…" is the other notation of libpq behind the scheme. */
static const char *
skip_scheme (const char *database)
{
  static const char *const schemes[] = { "postgresql:", "postgres:" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_has_prefix (database, schemes[i])
        && !g_str_has_prefix (database + strlen (schemes[i]), "//"))
      return database + strlen (schemes[i]);
  return database;
}

/* libpq quotes what it does not understand. Transfer full. */
static char *
mask_passwords (const char *message)
{
  g_autoptr (GRegex) in_uri = g_regex_new ("(//[^/:@\"]*:)[^\"]*@", 0, 0, NULL);
  g_autoptr (GRegex) in_keywords
      = g_regex_new ("(password *= *)('[^']*'?|[^&\" ]*)", G_REGEX_CASELESS, 0, NULL);
  g_autofree char *half = g_regex_replace (in_uri, message, -1, 0, "\\1…@", 0, NULL);

  return g_regex_replace (in_keywords, half != NULL ? half : "", -1, 0, "\\1…", 0, NULL);
}

gboolean
booru_postgres_set_database (BooruPostgres *self, const char *database, GError **error)
{
  PQconninfoOption *options;
  char *failure = NULL;
  gboolean ok = TRUE;

  database = skip_scheme (database);
  options = PQconninfoParse (database, &failure);
  if (options == NULL)
    {
      g_autofree char *whole = booru_postgres_dup_message (failure);
      g_autofree char *message = mask_passwords (whole);

      PQfreemem (failure);
      return booru_postgres_fail_config (self, message, error);
    }
  self->info = g_strdup (database);
  self->place = dup_place (options);
  booru_sql_set_place (&self->parent_instance, self->place);
  for (const PQconninfoOption *option = options; ok && option->keyword != NULL; option++)
    ok = check_option (self, option, error);
  PQconninfoFree (options);
  return ok;
}

/* NULL: libpq looks where it usually does. */
static char *
read_credential (void)
{
  const char *folder = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, CREDENTIAL, NULL) : NULL;
  char *password = NULL;

  if (path != NULL && g_file_get_contents (path, &password, NULL, NULL))
    password[strcspn (password, "\r\n")] = '\0';
  return password;
}

/* Of a value that is given twice the last one counts. A host that does not answer is given up after
 * connect_timeout, and the next one is tried. */
static PGconn *
open_connection (BooruPostgres *self)
{
  g_autofree char *password = read_credential ();
  const char *const keywords[] = { "password",
                                   "keepalives_idle",
                                   "keepalives_interval",
                                   "keepalives_count",
                                   "tcp_user_timeout",
                                   "connect_timeout",
                                   "fallback_application_name",
                                   "dbname",
                                   "target_session_attrs",
                                   "client_encoding",
                                   NULL };
  const char *const values[] = { password,     "3",        "1",          "3",    "5000", "3",
                                 "booru-host", self->info, "read-write", "UTF8", NULL };

  return PQconnectdbParams (keywords, values, TRUE);
}

static gboolean
fail_to_connect (BooruPostgres *self, BooruError code, GError **error)
{
  GError *failure;

  if (self->pause == 0)
    self->pause = FIRST_PAUSE;
  self->retry_at = g_get_monotonic_time ()
                   + g_random_int_range ((gint32)self->pause * 500, (gint32)self->pause * 1000);
  self->pause = MIN (self->pause * 2, LAST_PAUSE);
  failure = g_error_new (
      BOORU_ERROR, code, "Cannot connect to %s: %s. %s", self->place, self->failure,
      code == BOORU_ERROR_DENIED ? "Put the password into a password file, a service file or the "
                                   "systemd credential “" CREDENTIAL "”"
                                 : "Check that the server runs and can be reached");
  booru_sql_report (&self->parent_instance, failure, TRUE);
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
check_server (BooruPostgres *self, const PGresult *facts, GError **error)
{
  const char *collation = PQgetvalue (facts, 0, 2);
  g_autofree char *what = NULL;

  if (PQserverVersion (self->connection) < MIN_VERSION)
    what = g_strdup_printf ("it is version %d of PostgreSQL; %d or later is needed",
                            PQserverVersion (self->connection) / 10000, MIN_VERSION / 10000);
  else if (g_strcmp0 (PQgetvalue (facts, 0, 1), "UTF8") != 0
           || (g_strcmp0 (collation, "C") != 0 && g_strcmp0 (collation, "POSIX") != 0))
    what
        = g_strdup_printf ("its encoding is %s and its collation %s; UTF8 and C are needed. Create "
                           "it by “createdb --template=template0 --encoding=UTF8 --locale=C NAME”",
                           PQgetvalue (facts, 0, 1), collation);
  return what == NULL || booru_postgres_fail_config (self, what, error);
}

static gint64
read_backend (BooruPostgres *self)
{
  g_autoptr (PGresult) result = NULL;

  booru_postgres_queue (self, "SELECT pg_backend_pid ()");
  result = booru_postgres_exchange (self, BOORU_POSTGRES_PATIENCE, NULL);
  return result != NULL ? booru_postgres_get_number (result, 0, 0) : -1;
}

static gboolean
set_up (BooruPostgres *self, gint64 *backend, GError **error)
{
  g_autoptr (PGresult) facts = NULL;

  if (PQsetnonblocking (self->connection, TRUE) != 0 || !PQenterPipelineMode (self->connection))
    return booru_postgres_fail_away (self, PQerrorMessage (self->connection), error);
  self->unanswered = 0;
  booru_postgres_queue (self, SET_UP);
  booru_postgres_queue (self, "LISTEN booru");
  booru_postgres_queue (self, "SELECT pg_backend_pid (), pg_encoding_to_char (encoding), datcollate"
                              " FROM pg_database WHERE datname = current_database ()");
  facts = booru_postgres_exchange (self, BOORU_POSTGRES_PATIENCE, error);
  if (facts == NULL || !check_server (self, facts, error))
    return FALSE;
  *backend = booru_postgres_get_number (facts, 0, 0);
  return TRUE;
}

/* Between us and the server somebody passes messages on. If that is done a transaction at a time,
 * nothing that belongs to a session can be relied on: a second client then gets the backend that
 * was ours, or we another one. */
static gboolean
check_pooler (BooruPostgres *self, gint64 backend, GError **error)
{
  PGconn *own = g_steal_pointer (&self->connection), *other;
  gint64 others = -1;
  gboolean shared;

  self->connection = open_connection (self);
  if (PQstatus (self->connection) == CONNECTION_OK && set_up (self, &others, error))
    {
      booru_postgres_queue (self, "BEGIN");
      others = read_backend (self);
    }
  other = self->connection;
  self->connection = own;
  shared = others == backend || read_backend (self) != backend;
  PQfinish (other);
  if (others < 0)
    return error != NULL && *error != NULL ? FALSE : booru_postgres_fail_away (self, NULL, error);
  return !shared
         || booru_postgres_fail_config (
             self,
             "a pooler in transaction mode is between it and us. Connect to the server itself, or "
             "set the pooler to session mode",
             error);
}

static gboolean
fail_after_attempt (BooruPostgres *self, GError **error)
{
  gboolean denied
      = PQconnectionNeedsPassword (self->connection) || PQconnectionUsedPassword (self->connection);

  g_free (self->failure);
  self->failure = booru_postgres_dup_message (PQerrorMessage (self->connection));
  booru_postgres_close (self);
  return fail_to_connect (self, denied ? BOORU_ERROR_DENIED : BOORU_ERROR_BUSY, error);
}

gboolean
booru_postgres_connect (BooruPostgres *self, GError **error)
{
  gint64 backend = 0;

  if (self->connection != NULL)
    return TRUE;
  if (self->retry_at > g_get_monotonic_time ())
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                   "%s could not be reached just now: %s. Try again in some seconds", self->place,
                   self->failure);
      return FALSE;
    }
  self->connection = open_connection (self);
  if (PQstatus (self->connection) != CONNECTION_OK)
    return fail_after_attempt (self, error);
  self->serial++;
  if (!set_up (self, &backend, error)
      || (backend != PQbackendPID (self->connection) && !check_pooler (self, backend, error)))
    {
      booru_postgres_close (self);
      return FALSE;
    }
  self->renewed = self->serial > 1;
  self->retry_at = 0;
  self->pause = 0;
  self->timeout = 0;
  booru_sql_report_news (&self->parent_instance);
  return TRUE;
}

gboolean
booru_postgres_make_ready (BooruPostgres *self, GError **error)
{
  if (self->owner != getpid ())
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED,
                   "%s was opened by process %d and cannot be used by its child %d; open it again "
                   "after fork()",
                   self->place, (int)self->owner, (int)getpid ());
      return FALSE;
    }
  if (self->lost)
    return booru_postgres_fail_away (self, "it was in the middle of a transaction", error);
  return booru_postgres_connect (self, error);
}

PGresult *
booru_postgres_run (BooruPostgres *self, const char *text, guint patience, GError **error)
{
  if (!booru_postgres_make_ready (self, error))
    return NULL;
  booru_postgres_queue (self, text);
  return booru_postgres_exchange (self, patience, error);
}
