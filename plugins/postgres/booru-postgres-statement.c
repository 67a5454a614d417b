/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statements. The server is told the types of their values, which the format says, rather than left
 * to guess: it would take ?1 in "?1 = 0" for a 32-bit number. They are prepared by their first use,
 * in the same round trip, and once more on each new connection. */
#include "booru-postgres-private.h"

#include <string.h>

#include "base/booru-error.h"

/* The statement that makes a transaction the board's one writer (core/board/sql). */
#define RAISE_GENERATION "raise-generation"

typedef struct
{
  GByteArray *bytes; /* as they are sent */
  gboolean is_null;
} Value;

typedef struct
{
  BooruSqlStatement head;
  char *text;  /* with $1, $2, … */
  char *label; /* by which the server knows it: a name alone may be in use */
  guint n_values;
  Oid *types;
  Value *values;
  guint prepared_on; /* the serial of the connection; 0: none */

  PGresult *result; /* NULL: has not run */
  int row;
} Statement;

static Oid
get_type (char letter)
{
  switch (letter)
    {
    case 'd':
    case 'D':
      return TYPE_FLOAT8;
    case 'c':
    case 's':
      return TYPE_TEXT;
    case 'y':
    case 'B':
    case 'h':
    case 'l':
      return TYPE_BYTES;
    default:
      return TYPE_INT8;
    }
}

static BooruSqlStatement *
prepare (BooruSql *sql, const char *name, const char *text, const char *format, GError **error)
{
  Statement *self = g_new0 (Statement, 1);

  /* One without a name replaces the one before. */
  self->label = *name != '\0'
                    ? g_strdup_printf ("%u:%s", ++((BooruPostgres *)sql)->n_statements, name)
                    : g_strdup ("");
  self->text = g_strdup (text);
  for (char *at = self->text; *at != '\0'; at++)
    if (at[0] == '?' && g_ascii_isdigit (at[1]))
      *at = '$';
  self->n_values = (guint)strlen (format);
  self->types = g_new (Oid, self->n_values);
  self->values = g_new0 (Value, self->n_values);
  for (guint i = 0; i < self->n_values; i++)
    {
      self->types[i] = get_type (format[i]);
      self->values[i].bytes = g_byte_array_new ();
    }
  return &self->head;
}

static void
free_statement (BooruSqlStatement *statement)
{
  Statement *self = (Statement *)statement;

  for (guint i = 0; i < self->n_values; i++)
    g_byte_array_unref (self->values[i].bytes);
  g_clear_pointer (&self->result, PQclear);
  g_free (self->values);
  g_free (self->types);
  g_free (self->text);
  g_free (self->label);
  g_free (self);
}

static void
reset (BooruSqlStatement *statement)
{
  Statement *self = (Statement *)statement;

  g_clear_pointer (&self->result, PQclear);
}

/* Values */

static void
bind_bytes (BooruSqlStatement *statement, guint index, const void *bytes, gsize length)
{
  Statement *self = (Statement *)statement;
  Value *value = &self->values[index - 1];

  value->is_null = FALSE;
  g_byte_array_set_size (value->bytes, 0);
  g_byte_array_append (value->bytes, bytes, (guint)length);
}

static void
bind_text (BooruSqlStatement *statement, guint index, const char *text, gsize length)
{
  bind_bytes (statement, index, text, length);
}

static void
bind_null (BooruSqlStatement *statement, guint index)
{
  ((Statement *)statement)->values[index - 1].is_null = TRUE;
}

static void
bind_number (BooruSqlStatement *statement, guint index, gint64 number)
{
  gint64 swapped = GINT64_TO_BE (number);

  bind_bytes (statement, index, &swapped, sizeof swapped);
}

static void
bind_double (BooruSqlStatement *statement, guint index, double number)
{
  gint64 bits;

  memcpy (&bits, &number, sizeof bits);
  bind_number (statement, index, bits);
}

/* Running */

static void
queue_statement (BooruPostgres *sql, Statement *self)
{
  const char *values[32];
  int lengths[32], formats[32];

  g_return_if_fail (self->n_values <= G_N_ELEMENTS (values));
  for (guint i = 0; i < self->n_values; i++)
    {
      GByteArray *bytes = self->values[i].bytes;

      values[i] = self->values[i].is_null ? NULL : bytes->len > 0 ? (char *)bytes->data : "";
      lengths[i] = (int)bytes->len;
      formats[i] = 1;
    }
  if (self->prepared_on != sql->serial)
    PQsendPrepare (sql->connection, self->label, self->text, (int)self->n_values, self->types);
  PQsendQueryPrepared (sql->connection, self->label, (int)self->n_values, values, lengths, formats,
                       1);
}

static PGresult *
try_to_run (BooruPostgres *sql, Statement *self, GError **error)
{
  gboolean begins = sql->transaction != TRANSACTION_NONE && !sql->begun;
  guint n_before = 0;
  PGresult *result;

  if (!booru_postgres_make_ready (sql, error) || !booru_postgres_settle (sql, error))
    return NULL;
  if (begins)
    n_before = booru_postgres_queue_begin (sql);
  queue_statement (sql, self);
  result = booru_postgres_exchange (sql, booru_postgres_get_patience (sql), error);
  if (sql->connection == NULL)
    return NULL;
  sql->begun = sql->begun || (begins && sql->n_answers > 0);
  if (sql->n_answers > n_before)
    self->prepared_on = sql->serial;
  return result;
}

static gboolean
check_columns (Statement *self, GError **error)
{
  for (int i = 0; i < PQnfields (self->result); i++)
    if (!booru_postgres_is_readable (PQftype (self->result, i)))
      {
        g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED,
                     "The statement %s returns column %d as PostgreSQL's type %u, which is read "
                     "nowhere; it needs a CAST",
                     self->head.name, i, PQftype (self->result, i));
        return FALSE;
      }
  return TRUE;
}

/* This write is now the only one, and of that generation. */
static void
note_generation (BooruPostgres *self, const PGresult *result)
{
  if (self->transaction != TRANSACTION_WRITE || PQntuples (result) != 1)
    return;
  booru_metric_observe_since (self->lock_wait, self->write_began);
  self->written = booru_postgres_get_number (result, 0, 0);
  self->version = self->written - 1;
}

static gboolean
run (BooruPostgres *sql, Statement *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  /* A server that was restarted since the last use is no failure: nothing of this batch counts. */
  gboolean repeatable = !sql->begun && sql->connection != NULL;

  self->result = try_to_run (sql, self, &failure);
  if (self->result == NULL && repeatable && sql->connection == NULL && sql->answer == ANSWER_LOST)
    {
      g_clear_error (&failure);
      self->result = try_to_run (sql, self, &failure);
    }
  if (self->result == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  self->row = -1;
  if (self->result != NULL && g_str_equal (self->head.name, RAISE_GENERATION))
    note_generation (sql, self->result);
  return self->result != NULL && check_columns (self, error);
}

static BooruSqlStep
step (BooruSqlStatement *statement, GError **error)
{
  Statement *self = (Statement *)statement;

  if (self->result == NULL && !run ((BooruPostgres *)statement->sql, self, error))
    return BOORU_SQL_ERROR;
  if (self->row + 1 >= PQntuples (self->result))
    return BOORU_SQL_DONE;
  self->row++;
  return BOORU_SQL_ROW;
}

/* So many that the way there and back does not matter, and so few that they need little memory. */
#define POSTED_AT_ONCE 500

static gboolean
post (BooruSqlStatement *statement, GError **error)
{
  Statement *self = (Statement *)statement;
  BooruPostgres *sql = (BooruPostgres *)statement->sql;

  if (!sql->begun || self->prepared_on != sql->serial)
    return step (statement, error) == BOORU_SQL_DONE;
  if (!booru_postgres_make_ready (sql, error))
    return FALSE;
  queue_statement (sql, self);
  return ++sql->n_posted < POSTED_AT_ONCE || booru_postgres_settle (sql, error);
}

static void
set_bulk (BooruSql *sql, gboolean bulk)
{
  ((BooruPostgres *)sql)->bulk = bulk;
}

/* Columns */

static gint64
get_number (BooruSqlStatement *statement, guint column)
{
  Statement *self = (Statement *)statement;

  return booru_postgres_get_number (self->result, self->row, (int)column);
}

static double
get_double (BooruSqlStatement *statement, guint column)
{
  Statement *self = (Statement *)statement;

  return booru_postgres_get_double (self->result, self->row, (int)column);
}

/* libpq puts a NUL behind each value. */
static const void *
get_bytes (BooruSqlStatement *statement, guint column, gsize *length)
{
  Statement *self = (Statement *)statement;

  *length = (gsize)PQgetlength (self->result, self->row, (int)column);
  if (PQgetisnull (self->result, self->row, (int)column))
    return NULL;
  return PQgetvalue (self->result, self->row, (int)column);
}

static const char *
get_text (BooruSqlStatement *statement, guint column)
{
  gsize length;

  return get_bytes (statement, column, &length);
}

static gboolean
is_null (BooruSqlStatement *statement, guint column)
{
  Statement *self = (Statement *)statement;

  return PQgetisnull (self->result, self->row, (int)column);
}

void
booru_postgres_statement_init_class (BooruSqlClass *klass)
{
  klass->prepare = prepare;
  klass->free_statement = free_statement;
  klass->reset = reset;
  klass->bind_null = bind_null;
  klass->bind_number = bind_number;
  klass->bind_double = bind_double;
  klass->bind_text = bind_text;
  klass->bind_bytes = bind_bytes;
  klass->step = step;
  klass->post = post;
  klass->set_bulk = set_bulk;
  klass->get_number = get_number;
  klass->get_double = get_double;
  klass->get_text = get_text;
  klass->get_bytes = get_bytes;
  klass->is_null = is_null;
}
