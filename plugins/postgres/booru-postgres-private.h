/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the driver share. */
#pragma once

#include <libpq-fe.h>

#include "board/booru-store.h"
#include "board/sql/booru-sql-driver.h"

G_BEGIN_DECLS

/* Answers are waited for this long; then the connection is closed. In milliseconds. */
#define BOORU_POSTGRES_PATIENCE 3000
/* The same where one statement may be about all posts, and for statements that create or migrate
 * the tables. */
#define BOORU_POSTGRES_LONG_PATIENCE (30 * 60 * 1000)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

typedef enum
{
  TRANSACTION_NONE,
  TRANSACTION_READ,
  TRANSACTION_WRITE,
} BooruPostgresTransaction;

typedef enum
{
  ANSWER_OK,
  ANSWER_ERROR, /* by the server, which goes on */
  ANSWER_LOST,  /* the connection was lost */
  ANSWER_HUNG,  /* there was none in time; the connection was closed */
} BooruPostgresAnswer;

#define BOORU_TYPE_POSTGRES (booru_postgres_get_type ())
G_DECLARE_FINAL_TYPE (BooruPostgres, booru_postgres, BOORU, POSTGRES, BooruSql)

struct _BooruPostgres
{
  BooruSql parent_instance;

  char *info;         /* what libpq is told; never holds a password */
  char *place;        /* "the database booru at db.example" */
  pid_t owner;        /* the process that may use the connection */
  PGconn *connection; /* NULL: is made by the next use */
  guint serial;       /* of the connection: what an earlier one prepared, this one has not */
  gboolean renewed;   /* nobody was told yet that this is another one */
  guint timeout;      /* of locks, as the server was told; milliseconds */
  gboolean bulk;      /* statements may take long */
  guint n_posted;     /* statements that nobody has waited for yet */
  guint unanswered;   /* batches whose answers were not read yet */
  guint n_statements;
  guint n_answers;            /* commands of the last batch that succeeded */
  BooruPostgresAnswer answer; /* to the last batch */

  gint64 retry_at; /* monotonic: no connection is tried before; 0: at once */
  guint pause;     /* milliseconds between attempts to connect */
  char *failure;   /* of the last attempt */

  BooruPostgresTransaction transaction;
  gboolean begun; /* the server has begun it */
  gboolean lost;  /* with its connection */
  BooruSqlDurability durability;
  gint64 write_began; /* monotonic */
  gint64 written;     /* the generation of the write that runs; 0: not known */

  gint64 version;     /* the board's generation, as last heard of; -1: not known */
  gint64 heard;       /* the newest generation that a notice told of; 0: none */
  gint64 version_due; /* monotonic: when it is read even if nobody has told of a change */

  BooruStoreProgress progress; /* NULL: nobody wants to know */
  gpointer progress_data;
  const char *progress_what;

  BooruMetric *lock_wait, *busy; /* NULL: nobody counts */
};

/* Connecting */

/* Takes @database apart and sets @info and @place. BOORU_ERROR_CONFIG */
gboolean booru_postgres_set_database (BooruPostgres *self, const char *database, GError **error);
/* Makes sure that there is a connection. */
gboolean booru_postgres_connect (BooruPostgres *self, GError **error);
void booru_postgres_close (BooruPostgres *self);
/* Before anything is sent: connects, unless that would tear a transaction apart. */
gboolean booru_postgres_make_ready (BooruPostgres *self, GError **error);

/* Talking: commands are queued, sent as one batch by exchange(), and answered in one round trip. */

void booru_postgres_queue (BooruPostgres *self, const char *text);
/* The answer to the last command of the batch, transfer full; NULL with @error if one failed, and
 * self->answer says how. @patience: milliseconds of silence. */
PGresult *booru_postgres_exchange (BooruPostgres *self, guint patience, GError **error);
/* Sends the batch, and does not wait for answers, which tell nobody anything. */
void booru_postgres_send (BooruPostgres *self);
/* Reads what has arrived, without waiting. FALSE: the connection was lost. */
gboolean booru_postgres_read_arrived (BooruPostgres *self);
/* Takes the notices that have arrived. */
void booru_postgres_take_notices (BooruPostgres *self);
/* Has the statements that were posted answered. */
gboolean booru_postgres_settle (BooruPostgres *self, GError **error);
/* Milliseconds that a statement, or a commit, may take. */
guint booru_postgres_get_patience (BooruPostgres *self);
/* Queues and exchanges one command. */
PGresult *
booru_postgres_run (BooruPostgres *self, const char *text, guint patience, GError **error);
/* The same for a script of several commands; FALSE with @error. */
gboolean booru_postgres_run_script (BooruPostgres *self, const char *script, GError **error);
/* Queues what begins the transaction; the number of commands. */
guint booru_postgres_queue_begin (BooruPostgres *self);

/* Answers: types of columns that can be read, and numbers of whatever width. */

/* From src/include/catalog/pg_type.dat, where they stay. */
enum
{
  TYPE_BOOL = 16,
  TYPE_BYTES = 17,
  TYPE_NAME = 19,
  TYPE_INT8 = 20,
  TYPE_INT2 = 21,
  TYPE_INT4 = 23,
  TYPE_TEXT = 25,
  TYPE_JSON = 114,
  TYPE_FLOAT4 = 700,
  TYPE_FLOAT8 = 701,
  TYPE_UNKNOWN = 705,
  TYPE_BPCHAR = 1042,
  TYPE_VARCHAR = 1043,
};

gboolean booru_postgres_is_readable (Oid type);
gint64 booru_postgres_get_number (const PGresult *result, int row, int column);
double booru_postgres_get_double (const PGresult *result, int row, int column);

/* Errors */

gboolean booru_postgres_fail (BooruPostgres *self, const PGresult *result, GError **error);
/* Whether the connection is of no use any more after that. */
gboolean booru_postgres_is_stale (const PGresult *result);
/* Of the connection: @why is libpq's, or NULL. */
gboolean booru_postgres_fail_away (BooruPostgres *self, const char *why, GError **error);
gboolean booru_postgres_fail_hung (BooruPostgres *self, guint patience, GError **error);
gboolean booru_postgres_fail_config (BooruPostgres *self, const char *what, GError **error);
/* libpq's message in one line, transfer full. */
char *booru_postgres_dup_message (const char *message);

/* Functions of the class. */
void booru_postgres_transaction_init_class (BooruSqlClass *klass);
void booru_postgres_statement_init_class (BooruSqlClass *klass);

/* Tables: checks that they are there and of this version, or makes them so. */
gboolean booru_postgres_schema_open (BooruPostgres *self, BooruStoreOpenMode mode, GError **error);

G_END_DECLS
