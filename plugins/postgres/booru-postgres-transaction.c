/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transactions, and how a connection learns that somebody wrote.
 *
 * BEGIN travels with the first statement of its transaction, and the COMMIT of a view is not waited
 * for: neither costs a round trip. Each write tells all connections its generation (NOTIFY). */
#include "booru-postgres-private.h"

#include "base/booru-error.h"

/* The generation is read this often, should a notice have been lost; microseconds. */
#define VERSION_PERIOD (30 * G_USEC_PER_SEC)

#define READ_GENERATION "SELECT generation FROM board WHERE id = 1"

guint
booru_postgres_queue_begin (BooruPostgres *self)
{
  guint n = 1, timeout = MAX (1, booru_sql_get_timeout (&self->parent_instance));

  if (self->transaction == TRANSACTION_READ)
    {
      booru_postgres_queue (self, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      return n;
    }
  if (self->timeout != timeout)
    {
      /* A batch of its own: what one batch begins with is part of its transaction, and would be
       * rolled back with it. */
      g_autofree char *text = g_strdup_printf ("SET lock_timeout = %u", timeout);

      booru_postgres_queue (self, text);
      booru_postgres_send (self);
      self->timeout = timeout;
    }
  booru_postgres_queue (self, "BEGIN");
  if (self->durability == BOORU_SQL_DURABLE)
    {
      booru_postgres_queue (self, "SET LOCAL synchronous_commit = on");
      n++;
    }
  return n;
}

static void
set_transaction (BooruPostgres *self, BooruPostgresTransaction transaction)
{
  self->transaction = transaction;
  self->begun = FALSE;
  self->lost = FALSE;
  self->written = 0;
}

static gboolean
begin_read (BooruSql *sql)
{
  BooruPostgres *self = (BooruPostgres *)sql;

  if (self->transaction != TRANSACTION_NONE)
    return FALSE;
  set_transaction (self, TRANSACTION_READ);
  return TRUE;
}

static void
end_without_answer (BooruPostgres *self, const char *command)
{
  gboolean told = self->begun && self->connection != NULL;

  set_transaction (self, TRANSACTION_NONE);
  if (told)
    {
      /* In a batch with one that failed, the command would be passed over. */
      if (self->n_posted > 0)
        booru_postgres_send (self);
      self->n_posted = 0;
      booru_postgres_queue (self, command);
      booru_postgres_send (self);
    }
}

static void
end_read (BooruSql *sql)
{
  end_without_answer ((BooruPostgres *)sql, "COMMIT");
}

static gboolean
begin (BooruSql *sql, BooruSqlDurability durability, GError **error)
{
  BooruPostgres *self = (BooruPostgres *)sql;

  g_return_val_if_fail (self->transaction == TRANSACTION_NONE, FALSE);
  if (!booru_postgres_make_ready (self, error))
    return FALSE;
  set_transaction (self, TRANSACTION_WRITE);
  self->durability = durability;
  self->write_began = g_get_monotonic_time ();
  return TRUE;
}

static void
rollback (BooruSql *sql)
{
  end_without_answer ((BooruPostgres *)sql, "ROLLBACK");
}

/* Without an answer nobody knows. */
static gboolean
fail_commit (BooruPostgres *self, GError *failure, GError **error)
{
  if (self->answer == ANSWER_LOST || self->answer == ANSWER_HUNG)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO,
                   "The connection to %s was lost while it committed; whether it did is not known. "
                   "Look, and try again",
                   self->place);
      g_error_free (failure);
      return FALSE;
    }
  /* What was to come before COMMIT failed, so that it was passed over. */
  if (self->connection != NULL)
    {
      booru_postgres_queue (self, "ROLLBACK");
      booru_postgres_send (self);
    }
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
commit (BooruSql *sql, GError **error)
{
  BooruPostgres *self = (BooruPostgres *)sql;
  g_autoptr (PGresult) result = NULL;
  GError *failure = NULL;
  gint64 written = self->written;
  gboolean begun = self->begun, ready = booru_postgres_make_ready (self, error);

  ready = ready && booru_postgres_settle (self, error);
  set_transaction (self, TRANSACTION_NONE);
  if (!ready && begun && self->connection != NULL)
    {
      booru_postgres_queue (self, "ROLLBACK");
      booru_postgres_send (self);
    }
  if (!ready || !begun)
    return ready;
  if (written > 0)
    {
      g_autofree char *notice = g_strdup_printf ("NOTIFY booru, '%" G_GINT64_FORMAT "'", written);

      booru_postgres_queue (self, notice);
    }
  booru_postgres_queue (self, "COMMIT");
  result = booru_postgres_exchange (
      self, self->bulk ? BOORU_POSTGRES_LONG_PATIENCE : BOORU_POSTGRES_PATIENCE, &failure);
  if (result == NULL)
    return fail_commit (self, failure, error);
  if (!g_str_equal (PQcmdStatus (result), "COMMIT"))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED,
                   "Nothing was written to %s: an earlier statement of the transaction failed",
                   self->place);
      return FALSE;
    }
  if (written > 0)
    self->version = written;
  return TRUE;
}

/* What others wrote */

static int
get_news_fd (BooruSql *sql)
{
  BooruPostgres *self = (BooruPostgres *)sql;

  return self->connection != NULL ? PQsocket (self->connection) : -1;
}

static void
read_news (BooruSql *sql)
{
  BooruPostgres *self = (BooruPostgres *)sql;

  if (self->connection != NULL && booru_postgres_read_arrived (self))
    booru_postgres_take_notices (self);
}

static gint64
get_serial (BooruSql *sql, GError **error)
{
  BooruPostgres *self = (BooruPostgres *)sql;

  return booru_postgres_make_ready (self, error) ? (gint64)self->serial : -1;
}

static PGresult *
try_to_begin_view (BooruPostgres *self)
{
  PGresult *result;

  if (!booru_postgres_make_ready (self, NULL))
    return NULL;
  booru_postgres_queue_begin (self);
  booru_postgres_queue (self, READ_GENERATION);
  result = booru_postgres_exchange (self, BOORU_POSTGRES_PATIENCE, NULL);
  self->begun = self->connection != NULL && self->n_answers > 0;
  return result;
}

/* What is derived is compared with the very state that is read from now on: a notice may come after
 * what it tells of can be read. */
static void
begin_view (BooruPostgres *self)
{
  gboolean was_connected = self->connection != NULL;
  g_autoptr (PGresult) result = try_to_begin_view (self);

  /* A server that was restarted since the last use is no failure. */
  if (result == NULL && was_connected && self->connection == NULL && self->answer == ANSWER_LOST)
    result = try_to_begin_view (self);
  self->version = -1;
  if (result != NULL && PQntuples (result) == 1)
    self->version = booru_postgres_get_number (result, 0, 0);
  /* The statements of this read need not wait for the same server once more. */
  self->lost = result == NULL;
}

static gint64
get_version (BooruSql *sql)
{
  BooruPostgres *self = (BooruPostgres *)sql;
  g_autoptr (PGresult) result = NULL;

  if (self->transaction == TRANSACTION_READ && !self->begun && !self->lost)
    begin_view (self);
  if (self->connection == NULL || self->lost)
    return -1;
  /* A server that crashed may have lost the last generations and given their numbers anew: the same
   * one on another connection proves nothing. */
  if (self->renewed)
    {
      self->renewed = FALSE;
      return -1;
    }
  if (self->begun)
    return self->version;
  if (!booru_postgres_read_arrived (self))
    return -1;
  booru_postgres_take_notices (self);
  if (self->version >= 0)
    self->version = MAX (self->version, self->heard);
  if (self->version >= 0 && g_get_monotonic_time () < self->version_due)
    return self->version;
  result = booru_postgres_run (self, READ_GENERATION, BOORU_POSTGRES_PATIENCE, NULL);
  if (result == NULL || PQntuples (result) != 1)
    return -1;
  self->version = booru_postgres_get_number (result, 0, 0);
  self->version_due = g_get_monotonic_time () + VERSION_PERIOD;
  return self->version;
}

void
booru_postgres_transaction_init_class (BooruSqlClass *klass)
{
  klass->begin_read = begin_read;
  klass->end_read = end_read;
  klass->begin = begin;
  klass->commit = commit;
  klass->rollback = rollback;
  klass->get_version = get_version;
  klass->get_serial = get_serial;
  klass->get_news_fd = get_news_fd;
  klass->read_news = read_news;
}
