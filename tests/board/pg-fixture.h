/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the driver of PostgreSQL share: a database of its own for each test. */
#pragma once

#include <booru.h>

#include "board/drivers/booru-drivers.h"
#include "board/sql/booru-sql-driver.h"
#include "pg-cluster.h"

G_BEGIN_DECLS

typedef struct
{
  char *address;
  BooruSql *sql;
} PgFixture;

typedef struct
{
  const char *path;
  void (*test) (PgFixture *, gconstpointer);
} PgTest;

/* The rest of main(). */
int pg_run_tests (const PgTest *tests, guint n_tests);

BooruSql *pg_open (const char *address, BooruStoreOpenMode mode);

/* Statements of postgres/; all must succeed. */
gint64 pg_require_number (BooruSql *sql, const char *name, gint64 value);
gint64 pg_get_backend (BooruSql *sql);
gint64 pg_count_folders (BooruSql *sql, const char *path);

typedef struct
{
  BooruSql *sql;
  const char *path;
  const char *then;  /* a statement that fails; NULL: none */
  gboolean returned; /* what the function returns after it */
} PgWrite;

gboolean pg_insert_folder (gpointer write, GError **error); /* a BooruSqlWriteFunc */
gboolean pg_add_folder (BooruSql *sql, const char *path, GError **error);

/* What booru_sql_watch_outcome() was told. */
typedef struct
{
  guint n;
  int code;
  gboolean lasting;
} PgOutcome;

void pg_on_outcome (const GError *error, gboolean lasting, gpointer outcome);

G_END_DECLS
