/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What went wrong, by the SQLSTATE of the server (PostgreSQL's manual, appendix A). */
#include "booru-postgres-private.h"

#include <string.h>

#include "base/booru-error.h"

typedef struct
{
  const char *state; /* or its first characters; the first that fits counts */
  BooruError code;
  gboolean lasting;
  const char *what;   /* could not be done, "Cannot … %s" */
  const char *advice; /* for whoever reads the message */
} ErrorClass;

#define WRITE "write to"
#define USE "use"

static const ErrorClass classes[] = {
  { "08", BOORU_ERROR_BUSY, TRUE, USE, "Try again later" },
  { "0A000", BOORU_ERROR_BUSY, FALSE, USE, "Its tables were changed; try again" },
  { "22", BOORU_ERROR_INVALID, FALSE, WRITE, "Change the value" },
  { "23505", BOORU_ERROR_FAILED, FALSE, WRITE,
    "Such a row is there already. Nothing was changed; if this comes again, report it" },
  { "23503", BOORU_ERROR_FAILED, FALSE, WRITE,
    "A row that it refers to is not there, or is still referred to. Nothing was changed; if this "
    "comes again, report it" },
  { "23", BOORU_ERROR_FAILED, FALSE, WRITE,
    "The value is not one that its column may have. Nothing was changed; report it" },
  { "25006", BOORU_ERROR_BUSY, TRUE, WRITE,
    "This server only reads, perhaps since another one took over; try again" },
  { "25P02", BOORU_ERROR_FAILED, FALSE, USE, "An earlier statement of the transaction failed" },
  { "25P03", BOORU_ERROR_BUSY, FALSE, USE, "Nothing was changed; try again" },
  { "26", BOORU_ERROR_CONFIG, TRUE, USE,
    "Connect to the server itself, or to a pooler in session mode" },
  { "28", BOORU_ERROR_DENIED, TRUE, USE, "Check the user and its password" },
  { "40", BOORU_ERROR_BUSY, FALSE, WRITE, "Nothing was changed; try again" },
  { "42501", BOORU_ERROR_DENIED, TRUE, WRITE,
    "Give its user the right to, best by making it the "
    "owner of the database" },
  { "53100", BOORU_ERROR_LIMIT, TRUE, WRITE,
    "The disk of the server is full. Nothing was changed; free some space and try again" },
  { "53300", BOORU_ERROR_BUSY, TRUE, USE,
    "Raise max_connections of the server, or use fewer web processes" },
  { "53", BOORU_ERROR_LIMIT, FALSE, USE, "Nothing was changed; try again later" },
  { "54", BOORU_ERROR_LIMIT, FALSE, USE, "Nothing was changed; ask for less" },
  { "55P03", BOORU_ERROR_BUSY, TRUE, WRITE,
    "Another process has kept it locked. Nothing was changed; try again later" },
  { "55", BOORU_ERROR_BUSY, FALSE, USE, "Nothing was changed; try again later" },
  { "57014", BOORU_ERROR_BUSY, FALSE, USE, "Nothing was changed; try again later" },
  { "57", BOORU_ERROR_BUSY, TRUE, USE, "The server stops or starts; try again later" },
  { "58", BOORU_ERROR_IO, TRUE, USE, "Check the log of the server for disk errors" },
  { "XX001", BOORU_ERROR_CORRUPT, TRUE, USE,
    "The database is damaged: check the log of the server, and restore it from a backup" },
  { "XX002", BOORU_ERROR_CORRUPT, TRUE, USE,
    "An index of the database is damaged: check the log of the server, then run REINDEX DATABASE" },
  { "", BOORU_ERROR_FAILED, FALSE, USE, "Check the log of the server" },
};

static const ErrorClass *
find_class (const char *state)
{
  const ErrorClass *class = classes;

  while (!g_str_has_prefix (state, class->state))
    class ++;
  return class;
}

char *
booru_postgres_dup_message (const char *message)
{
  g_auto (GStrv) lines = g_strsplit (message != NULL ? message : "", "\n", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", lines[i]);
  return g_string_free (text, FALSE);
}

static gboolean
report (BooruPostgres *self, GError *failure, gboolean lasting, GError **error)
{
  booru_sql_report (&self->parent_instance, failure, lasting);
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
booru_postgres_fail (BooruPostgres *self, const PGresult *result, GError **error)
{
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const char *detail = PQresultErrorField (result, PG_DIAG_MESSAGE_DETAIL);
  const ErrorClass *class = find_class (state != NULL ? state : "");
  g_autofree char *message
      = booru_postgres_dup_message (PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY));

  if (class->code == BOORU_ERROR_BUSY && g_str_has_prefix (state, "55P03"))
    booru_metric_add (self->busy, 1);
  return report (self,
                 g_error_new (BOORU_ERROR, class->code, "Cannot %s %s: %s%s%s (%s). %s",
                              class->what, self->place, message, detail != NULL ? ": " : "",
                              detail != NULL ? detail : "", state != NULL ? state : "no state",
                              class->advice),
                 class->lasting, error);
}

gboolean
booru_postgres_is_stale (const PGresult *result)
{
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);

  return g_strcmp0 (state, "0A000") == 0 || g_strcmp0 (state, "25006") == 0;
}

gboolean
booru_postgres_fail_away (BooruPostgres *self, const char *why, GError **error)
{
  gboolean known = why != NULL && *why != '\0';

  return report (self,
                 g_error_new (BOORU_ERROR, BOORU_ERROR_BUSY,
                              "The connection to %s was lost%s%s. Nothing was changed; try again "
                              "later",
                              self->place, known ? ": " : "", known ? why : ""),
                 TRUE, error);
}

gboolean
booru_postgres_fail_hung (BooruPostgres *self, guint patience, GError **error)
{
  return report (self,
                 g_error_new (BOORU_ERROR, BOORU_ERROR_BUSY,
                              "No answer from %s within %.1f s; the connection was closed. Nothing "
                              "was changed; try again later",
                              self->place, patience / 1000.0),
                 TRUE, error);
}

gboolean
booru_postgres_fail_config (BooruPostgres *self, const char *what, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "Cannot use %s: %s",
               self->place != NULL ? self->place : "PostgreSQL", what);
  return FALSE;
}
