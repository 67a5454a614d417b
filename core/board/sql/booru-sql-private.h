/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sql/booru-sql-driver.h"

G_BEGIN_DECLS

#define BOORU_SQL_DEFAULT_TIMEOUT 5000 /* milliseconds */

typedef struct
{
  GHashTable *statements; /* name -> BooruSqlStatement, freed by the driver */
  GHashTable *texts;      /* name -> text, of those that are defined at run time */
  char *place;
  guint timeout; /* milliseconds */

  guint64 generation; /* of booru_sql_get_generation() */
  gint64 version;     /* of the driver, as last seen */

  gboolean writing;
  gint64 relations;                      /* that the write found: booru_sql_get_relations() */
  GArray *changed[BOORU_N_CHANGE_KINDS]; /* by this write: gint64 ids, in any order */
  gboolean changed_all[BOORU_N_CHANGE_KINDS];

  char *fence_role; /* whose lease each write demands; NULL: none */
  gint64 fence_token;

  BooruSqlOutcome outcome;
  gpointer outcome_data;

  BooruSqlNews news;
  gpointer news_data;
} BooruSqlPrivate;

BooruSqlPrivate *booru_sql_get_private (BooruSql *self);

/* A statement whose values, of these kinds, the caller binds. */
BooruSqlStatement *
booru_sql_begin (BooruSql *self, const char *name, const char *format, GError **error);

/* A statement that is prepared for this once, and forgotten when it ends. */
BooruSqlStatement *
booru_sql_begin_text (BooruSql *self, const char *text, const char *format, GError **error);

G_END_DECLS
