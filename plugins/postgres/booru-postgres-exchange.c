/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Talking to the server. A batch of commands goes out and comes back in one round trip (libpq's
 * pipeline mode). The connection does not block: how long an answer may take is measured here,
 * since no timeout of libpq ends a query on a server that hangs. */
#include "booru-postgres-private.h"

#include <poll.h>
#include <unistd.h>

#define MS 1000

/* TRUE: something has arrived or could be sent. FALSE: silence for @patience. */
static gboolean
wait_for_server (BooruPostgres *self, gboolean sending, guint patience)
{
  gint64 deadline = g_get_monotonic_time () + patience * (gint64)MS;
  struct pollfd fd = { .fd = PQsocket (self->connection) };

  fd.events = (short)(POLLIN | (sending ? POLLOUT : 0));
  for (;;)
    {
      gint64 left = (deadline - g_get_monotonic_time () + MS - 1) / MS;

      if (left <= 0)
        return FALSE;
      if (poll (&fd, 1, (int)(self->progress != NULL ? MIN (left, 1000) : left)) > 0)
        return TRUE;
      if (self->progress != NULL)
        self->progress (self->progress_what, 5, self->progress_data);
    }
}

/* Until the next answer is there. */
static BooruPostgresAnswer
await_answer (BooruPostgres *self, guint patience)
{
  int sending = PQflush (self->connection);

  while (sending >= 0 && PQisBusy (self->connection))
    {
      if (!wait_for_server (self, sending > 0, patience))
        return ANSWER_HUNG;
      if (!PQconsumeInput (self->connection))
        return ANSWER_LOST;
      if (sending > 0)
        sending = PQflush (self->connection);
    }
  return sending >= 0 ? ANSWER_OK : ANSWER_LOST;
}

static gboolean
is_failure (const PGresult *result)
{
  switch (PQresultStatus (result))
    {
    case PGRES_BAD_RESPONSE:
    case PGRES_FATAL_ERROR:
    case PGRES_PIPELINE_ABORTED:
      return TRUE;
    default:
      return FALSE;
    }
}

/* The next answer is taken in. @last: the last command's that succeeded, or the first failure's. */
static void
take_answer (BooruPostgres *self, PGresult *answer, PGresult **last)
{
  if (PQresultStatus (answer) == PGRES_PIPELINE_SYNC)
    {
      PQclear (answer);
      self->unanswered--;
      /* It belonged to an earlier batch, of which nobody wants to know. */
      if (self->unanswered > 0)
        {
          g_clear_pointer (last, PQclear);
          self->n_answers = 0;
        }
    }
  else if (*last != NULL && is_failure (*last))
    PQclear (answer);
  else
    {
      g_clear_pointer (last, PQclear);
      *last = answer;
      self->n_answers += !is_failure (answer);
    }
}

static BooruPostgresAnswer
read_answers (BooruPostgres *self, guint patience, PGresult **last)
{
  gboolean ended = FALSE;

  self->n_answers = 0;
  while (self->unanswered > 0)
    {
      BooruPostgresAnswer answer = await_answer (self, patience);
      PGresult *result;

      if (answer != ANSWER_OK)
        return answer;
      result = PQgetResult (self->connection);
      /* NULL ends the answers to one command; twice, there is nothing more to come. */
      if (result == NULL && ended)
        return ANSWER_LOST;
      ended = result == NULL;
      if (result != NULL)
        take_answer (self, result, last);
      if (PQstatus (self->connection) == CONNECTION_BAD)
        return ANSWER_LOST;
    }
  return *last != NULL && is_failure (*last) ? ANSWER_ERROR : ANSWER_OK;
}

void
booru_postgres_close (BooruPostgres *self)
{
  gboolean was_open;

  /* A child's farewell would end the connection of its parent. */
  if (self->connection != NULL && self->owner == getpid ())
    PQfinish (self->connection);
  was_open = self->connection != NULL;
  self->connection = NULL;
  self->unanswered = 0;
  self->n_posted = 0;
  self->version = -1;
  self->heard = 0;
  self->version_due = 0;
  if (self->transaction != TRANSACTION_NONE && self->begun)
    self->lost = TRUE;
  if (was_open)
    booru_sql_report_news (&self->parent_instance);
}

void
booru_postgres_queue (BooruPostgres *self, const char *text)
{
  /* If it fails, the connection is gone, which exchange() finds out. */
  PQsendQueryParams (self->connection, text, 0, NULL, NULL, NULL, NULL, 1);
}

/* A notice comes after what it tells of can be read. */
void
booru_postgres_take_notices (BooruPostgres *self)
{
  gboolean others = FALSE;
  PGnotify *notice;

  while ((notice = PQnotifies (self->connection)) != NULL)
    {
      gint64 generation = g_ascii_strtoll (notice->extra, NULL, 10);

      if (generation <= 0)
        self->version_due = 0;
      self->heard = MAX (self->heard, generation);
      others = others || notice->be_pid != PQbackendPID (self->connection);
      PQfreemem (notice);
    }
  if (others)
    booru_sql_report_news (&self->parent_instance);
}

PGresult *
booru_postgres_exchange (BooruPostgres *self, guint patience, GError **error)
{
  g_autoptr (PGresult) last = NULL;
  g_autofree char *message = NULL;

  if (PQpipelineSync (self->connection))
    self->unanswered++;
  self->answer = self->unanswered > 0 ? read_answers (self, patience, &last) : ANSWER_LOST;
  switch (self->answer)
    {
    case ANSWER_OK:
      booru_postgres_take_notices (self);
      return g_steal_pointer (&last);
    case ANSWER_ERROR:
      booru_postgres_fail (self, last, error);
      /* What was prepared, or the server itself, is not what it was: the next use begins anew. */
      if (booru_postgres_is_stale (last))
        booru_postgres_close (self);
      return NULL;
    case ANSWER_LOST:
      message = booru_postgres_dup_message (PQerrorMessage (self->connection));
      booru_postgres_close (self);
      booru_postgres_fail_away (self, message, error);
      return NULL;
    case ANSWER_HUNG:
    default:
      booru_postgres_close (self);
      booru_postgres_fail_hung (self, patience, error);
      return NULL;
    }
}

void
booru_postgres_send (BooruPostgres *self)
{
  if (!PQpipelineSync (self->connection))
    {
      booru_postgres_close (self);
      return;
    }
  self->unanswered++;
  PQflush (self->connection);
}

gboolean
booru_postgres_read_arrived (BooruPostgres *self)
{
  g_autoptr (PGresult) last = NULL;

  if (PQflush (self->connection) < 0 || !PQconsumeInput (self->connection))
    {
      booru_postgres_close (self);
      return FALSE;
    }
  while (self->unanswered > 0 && !PQisBusy (self->connection))
    {
      PGresult *result = PQgetResult (self->connection);

      if (result != NULL)
        take_answer (self, result, &last);
      if (PQstatus (self->connection) == CONNECTION_BAD)
        {
          booru_postgres_close (self);
          return FALSE;
        }
    }
  return TRUE;
}

/* Several commands in one text are for the simple protocol, which pipeline mode has not. */
gboolean
booru_postgres_run_script (BooruPostgres *self, const char *script, GError **error)
{
  g_autoptr (PGresult) failure = NULL;
  PGresult *result;

  self->answer = ANSWER_LOST;
  if (PQexitPipelineMode (self->connection) && PQsendQuery (self->connection, script))
    {
      while ((self->answer = await_answer (self, BOORU_POSTGRES_LONG_PATIENCE)) == ANSWER_OK
             && (result = PQgetResult (self->connection)) != NULL)
        if (failure == NULL && is_failure (result))
          failure = result;
        else
          PQclear (result);
    }
  if (self->answer != ANSWER_OK || !PQenterPipelineMode (self->connection))
    {
      booru_postgres_close (self);
      return booru_postgres_fail_away (self, NULL, error);
    }
  return failure == NULL || booru_postgres_fail (self, failure, error);
}

/* Whoever waits for a lock of another writer gets no answer for that long, and all is well. */
guint
booru_postgres_get_patience (BooruPostgres *sql)
{
  if (sql->bulk)
    return BOORU_POSTGRES_LONG_PATIENCE;
  return BOORU_POSTGRES_PATIENCE
         + (sql->transaction == TRANSACTION_WRITE ? booru_sql_get_timeout (&sql->parent_instance)
                                                  : 0);
}

gboolean
booru_postgres_settle (BooruPostgres *self, GError **error)
{
  g_autoptr (PGresult) result = NULL;

  if (self->n_posted == 0)
    return TRUE;
  self->n_posted = 0;
  result = booru_postgres_exchange (self, booru_postgres_get_patience (self), error);
  return result != NULL;
}
