/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SQL as the store speaks it, whatever database answers: statements by name, values by a format. */
#pragma once

#include <glib-object.h>

#include "base/booru-metrics.h"
#include "board/booru-change.h"

G_BEGIN_DECLS

/**
 * BooruSql:
 *
 * A connection to a database, of the kind that a driver knows (booru-sql-driver.h). Belongs to one
 * thread.
 *
 * The texts of statements are files in queries/, the same for all drivers, with ?1, ?2, … for their
 * values; a driver has its own text for those that it needs otherwise. Values are given by a format
 * with a letter for each, GVariant's where it has one:
 *
 * - b: gboolean, i: gint, u: guint, x: gint64, t: guint64 (stored as the signed number of the same
 *   bits), d: double
 * - k: gint64, a key; 0 is NULL
 * - D: double; NULL if it is negative
 * - c: char, as text
 * - s: const char *, text; %NULL is NULL
 * - y: const char *, bytes up to its end, such as a path; %NULL is NULL
 * - B: GBytes *; %NULL is NULL
 * - h: const char *, 32 hex digits, as 16 bytes
 * - l: const GArray *, a list of ids (booru-id-list.h), packed
 *
 * Columns are numbers, doubles, text or bytes; a driver turns its other types into these.
 *
 * Every function can fail with %BOORU_ERROR_BUSY, %BOORU_ERROR_CORRUPT, %BOORU_ERROR_DENIED,
 * %BOORU_ERROR_LIMIT and %BOORU_ERROR_IO.
 */
#define BOORU_TYPE_SQL (booru_sql_get_type ())
G_DECLARE_DERIVABLE_TYPE (BooruSql, booru_sql, BOORU, SQL, GObject)

/**
 * BooruSqlStatement:
 *
 * A statement that runs, and its present row. Kept by the connection; an autoptr ends it, so that
 * it holds neither a view of the database nor memory.
 */
typedef struct _BooruSqlStatement BooruSqlStatement;

typedef enum
{
  BOORU_SQL_ERROR = -1,
  BOORU_SQL_DONE, /* there is no further row */
  BOORU_SQL_ROW,
} BooruSqlStep;

/* Begins the statement @name, whose rows are then read by booru_sql_step(). Transfer none. A
 * statement is not to be begun again before it has ended. */
BooruSqlStatement *
booru_sql_query (BooruSql *self, GError **error, const char *name, const char *format, ...);

/* Makes a statement of a text of the program's own, which is then begun by its name. What users
 * typed never gets into a text. */
void booru_sql_define (BooruSql *self, const char *name, const char *text);

/* To the next row. Of %NULL, which a query that could not begin returned, it is BOORU_SQL_ERROR. */
BooruSqlStep booru_sql_step (BooruSqlStatement *statement, GError **error);

/* Within a write: runs a statement that returns nothing, perhaps together with those that follow,
 * so that many small ones do not each wait for an answer. An error may come with a later statement,
 * or with the commit. */
gboolean booru_sql_post (BooruSqlStatement *statement, GError **error);

void booru_sql_end (BooruSqlStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSqlStatement, booru_sql_end)

/* Runs a statement for what it does; rows are passed over. */
gboolean booru_sql_run (BooruSql *self, GError **error, const char *name, const char *format, ...);

/* Runs a statement for one number: the first column of its first row, such as an id that an INSERT
 * returns. *@number is 0 if there is no row, or NULL in it. */
gboolean booru_sql_read_number (BooruSql *self,
                                gint64 *number,
                                GError **error,
                                const char *name,
                                const char *format,
                                ...);

/* Columns of the present row, from 0. What is NULL is 0, %NULL and no bytes. Pointers are good
 * until the next step. */
gint64 booru_sql_get_number (BooruSqlStatement *statement, guint column);
double booru_sql_get_double (BooruSqlStatement *statement, guint column);
const char *booru_sql_get_text (BooruSqlStatement *statement, guint column);
const void *booru_sql_get_bytes (BooruSqlStatement *statement, guint column, gsize *length);
gboolean booru_sql_is_null (BooruSqlStatement *statement, guint column);

/* Transfer full; "" for NULL. */
char *booru_sql_dup_text (BooruSqlStatement *statement, guint column);
char *booru_sql_dup_bytes (BooruSqlStatement *statement, guint column); /* NUL-terminated */

/* Transfer full: a list as the text of a JSON array, for statements that take many values at once.
 */
char *booru_sql_numbers_to_json (const gint64 *numbers, gsize n_numbers);
char *booru_sql_strings_to_json (const char *const *strings, gsize n_strings);

/* The elements of a JSON array of strings, or of whole numbers (appends them as gint64), that this
 * program or its database wrote; NULL is an empty one. Transfer full. */
GStrv booru_sql_strings_from_json (const char *json);
void booru_sql_numbers_from_json (const char *json, GArray *numbers);

/* Transfer full: a pattern with * as LIKE … ESCAPE '\' takes it. */
char *booru_sql_pattern_to_like (const char *pattern);

/* One state of the database for the statements until it ends. Nests; within a write it is the
 * write's. */
typedef struct
{
  BooruSql *sql; /* NULL: nothing to end */
} BooruSqlSnapshot;
BooruSqlSnapshot booru_sql_snapshot (BooruSql *self);
void booru_sql_snapshot_end (BooruSqlSnapshot *snapshot);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruSqlSnapshot, booru_sql_snapshot_end)

typedef enum
{
  BOORU_SQL_NORMAL,  /* survives a crash of the program; the last of it may go with the power */
  BOORU_SQL_DURABLE, /* on the disk before the function returns */
} BooruSqlDurability;

typedef gboolean (*BooruSqlWriteFunc) (gpointer data, GError **error);

/* The one way to write: runs @func in a transaction of its own, which is committed if that returns
 * TRUE. The transaction takes the next generation of the board, demands the fence, and records what
 * booru_sql_note_change() was told. @error: @func's, or the database's. */
gboolean booru_sql_write (BooruSql *self,
                          BooruSqlDurability durability,
                          BooruSqlWriteFunc func,
                          gpointer data,
                          GError **error);
gboolean booru_sql_is_writing (BooruSql *self);
/* Within a write: the generation in which aliases or implications changed last, before this one. It
 * costs no statement. */
gint64 booru_sql_get_relations (BooruSql *self);

/* Within a write: @id was changed, made or removed. */
void booru_sql_note_change (BooruSql *self, BooruChangeKind kind, gint64 id);
/* Within a write: all posts may have changed. */
void booru_sql_note_change_of_all (BooruSql *self, BooruChangeKind kind);

/* Within a write: runs @func; where that fails, with @failure, undoes what it wrote and nothing
 * else. FALSE with @error: the database cannot go on. */
gboolean booru_sql_attempt (BooruSql *self,
                            BooruSqlWriteFunc func,
                            gpointer data,
                            GError **failure,
                            GError **error);

/* Each write demands from now on that the lease of @role still has @token; NULL: none. */
void booru_sql_set_fence (BooruSql *self, const char *role, gint64 token);
/* BOORU_ERROR_FENCED: that lease was lost. Returns FALSE. */
gboolean booru_sql_fail_fenced (BooruSql *self, const char *role, gint64 token, GError **error);

/* What is in the database cannot be: BOORU_ERROR_CORRUPT, with what to do. Returns FALSE. */
gboolean booru_sql_fail_corrupt (BooruSql *self, const char *what, GError **error);

/* A number of this connection that differs from each earlier one if anybody wrote since; also when
 * a write of ours was rolled back. Takes microseconds. */
guint64 booru_sql_get_generation (BooruSql *self);
/* As booru_sql_get_generation() last returned it. */
guint64 booru_sql_get_seen_generation (BooruSql *self);

/* Whether the database tells its connections of others' writes as they happen. If so, @func is told
 * when somebody else wrote, or the connection is another one or none; what, is in the log of
 * changes. Whoever wants to hear while nothing is asked has to wait for the descriptor (-1: not
 * connected) to be readable, and call booru_sql_read_news() then. NULL: nobody is told. */
typedef void (*BooruSqlNews) (gpointer data);
gboolean booru_sql_tells_news (BooruSql *self);
void booru_sql_watch_news (BooruSql *self, BooruSqlNews func, gpointer data);
int booru_sql_get_news_fd (BooruSql *self);
void booru_sql_read_news (BooruSql *self);

/* A number that differs after the connection was lost and made anew: what the database lost with a
 * crash may have been numbered again. Connects if need be. -1 with @error: it could not. */
gint64 booru_sql_get_serial (BooruSql *self, GError **error);

/* Gives back memory. */
void booru_sql_trim (BooruSql *self);

/* From now on single statements, and commits, may take minutes, such as those over all posts: only
 * after that is a server that does not answer taken for one that hangs. Not for the main loop of a
 * process that others wait for. */
void booru_sql_set_bulk (BooruSql *self, gboolean bulk);

/* How long a write waits for another, in milliseconds. */
guint booru_sql_get_timeout (BooruSql *self);
void booru_sql_set_timeout (BooruSql *self, guint milliseconds);

/* Told of each failure of the database, and with NULL of each write that was committed. @lasting:
 * whether it is of the database rather than of what was asked. NULL: nobody is told. */
typedef void (*BooruSqlOutcome) (const GError *error, gboolean lasting, gpointer data);
void booru_sql_watch_outcome (BooruSql *self, BooruSqlOutcome func, gpointer data);

/* Has waits and sizes counted in @metrics, which outlives the connection; NULL: no longer. */
void booru_sql_set_metrics (BooruSql *self, BooruMetrics *metrics);

/* What it is connected to, for people: "SQLite 3.40.1". */
char *booru_sql_describe (BooruSql *self);

G_END_DECLS
