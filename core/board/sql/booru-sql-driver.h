/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a driver implements. Everything else of booru-sql.h is written once, above it. */
#pragma once

#include "board/sql/booru-sql.h"

G_BEGIN_DECLS

/* The head of a driver's own structure for a prepared statement. */
struct _BooruSqlStatement
{
  BooruSql *sql;
  const char *name;
  gboolean running;
  gboolean once; /* to be freed when it ends */
};

/**
 * BooruSqlClass:
 * @resources: the folder of resources that has the driver's own texts of statements
 * @prepare: makes a statement of @text; the caller fills in the head. A @name of "" is that of
 *   statements that are run once, each of which may replace the one before. @format: of its values,
 * as booru_sql_query() takes it, the same at each use
 * @free_statement: forgets a prepared statement
 * @reset: ends a run: no row, no values, no view of the database is held afterwards
 * @bind_null: values are bound from index 1 on; text and bytes are copied if they are needed later
 * @step: runs it, or goes to its next row
 * @post: optional, as booru_sql_post()
 * @set_bulk: optional, as booru_sql_set_bulk()
 * @get_number: columns from 0
 * @begin_read: %FALSE: there is a transaction already, or none can begin, which is harmless
 * @end_read: ends what @begin_read began
 * @begin: begins a write, waiting for other writers up to the timeout; what is read from then on is
 *   the newest state. @error: %BOORU_ERROR_BUSY
 * @commit: on failure nothing was written, as far as can be known, and the transaction is over
 * @rollback: gives a write up
 * @get_version: a number that another connection's commit changes; -1: not known. At the beginning
 *   of a read, that of the state that is read
 * @fail_corrupt: says that the database is damaged, and what to do
 * @set_timeout: optional; @trim: optional; @set_metrics: optional
 * @get_serial: optional, as booru_sql_get_serial(): a connection that is never lost needs none
 * @get_news_fd: optional, as booru_sql_get_news_fd(); @read_news: goes with it, and does not wait
 * @describe: (transfer full): as booru_sql_describe()
 *
 * A driver's functions. Errors are reported by booru_sql_report(), too.
 */
struct _BooruSqlClass
{
  GObjectClass parent_class;

  const char *resources;
  BooruSqlStatement *(*prepare) (BooruSql *self,
                                 const char *name,
                                 const char *text,
                                 const char *format,
                                 GError **error);
  void (*free_statement) (BooruSqlStatement *statement);
  void (*reset) (BooruSqlStatement *statement);
  void (*bind_null) (BooruSqlStatement *statement, guint index);
  void (*bind_number) (BooruSqlStatement *statement, guint index, gint64 value);
  void (*bind_double) (BooruSqlStatement *statement, guint index, double value);
  void (*bind_text) (BooruSqlStatement *statement, guint index, const char *text, gsize length);
  void (*bind_bytes) (BooruSqlStatement *statement, guint index, const void *bytes, gsize length);
  BooruSqlStep (*step) (BooruSqlStatement *statement, GError **error);
  gint64 (*get_number) (BooruSqlStatement *statement, guint column);
  double (*get_double) (BooruSqlStatement *statement, guint column);
  const char *(*get_text) (BooruSqlStatement *statement, guint column);
  const void *(*get_bytes) (BooruSqlStatement *statement, guint column, gsize *length);
  gboolean (*is_null) (BooruSqlStatement *statement, guint column);

  gboolean (*begin_read) (BooruSql *self);
  void (*end_read) (BooruSql *self);
  gboolean (*begin) (BooruSql *self, BooruSqlDurability durability, GError **error);
  gboolean (*commit) (BooruSql *self, GError **error);
  void (*rollback) (BooruSql *self);

  gint64 (*get_version) (BooruSql *self);
  gboolean (*fail_corrupt) (BooruSql *self, const char *what, GError **error);
  gint64 (*get_serial) (BooruSql *self, GError **error);
  int (*get_news_fd) (BooruSql *self);
  void (*read_news) (BooruSql *self);
  gboolean (*post) (BooruSqlStatement *statement, GError **error);
  void (*set_bulk) (BooruSql *self, gboolean bulk);
  void (*set_timeout) (BooruSql *self, guint milliseconds);
  void (*trim) (BooruSql *self);
  void (*set_metrics) (BooruSql *self, BooruMetrics *metrics);
  char *(*describe) (BooruSql *self);
};

/* A driver tells of each failure of its database: see booru_sql_watch_outcome(). */
void booru_sql_report (BooruSql *self, const GError *error, gboolean lasting);

/* Somebody else wrote, or the connection is another one or none: see booru_sql_watch_news(). */
void booru_sql_report_news (BooruSql *self);

/* Before a driver closes its connection: forgets all prepared statements. */
void booru_sql_clear_statements (BooruSql *self);

/* Where errors say that a write failed: "the database /…/booru.db". */
void booru_sql_set_place (BooruSql *self, const char *place);

G_END_DECLS
