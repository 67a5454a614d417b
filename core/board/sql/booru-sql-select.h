/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statements that are put together at run time. Nothing but constant texts of the program becomes
 * part of a statement: what users typed is bound to it. */
#pragma once

#include "board/booru-filter.h"
#include "board/sql/booru-sql.h"

G_BEGIN_DECLS

/* The values of a statement, in their order. */
typedef struct _BooruSqlValues BooruSqlValues;

BooruSqlValues *booru_sql_values_new (void);
void booru_sql_values_free (BooruSqlValues *self);
/* Each returns the number by which the statement's text has the value: 1 is "?1". */
guint booru_sql_values_add_number (BooruSqlValues *self, gint64 number);
guint booru_sql_values_add_key (BooruSqlValues *self, gint64 number); /* 0 is NULL */
guint booru_sql_values_add_text (BooruSqlValues *self, const char *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSqlValues, booru_sql_values_free)

/* Begins a statement that is prepared for this once. Transfer none, to be ended like any other. */
BooruSqlStatement *booru_sql_query_text (BooruSql *self,
                                         const char *text,
                                         const BooruSqlValues *values,
                                         GError **error);

/* Begins the statement @name, which is prepared once. */
BooruSqlStatement *booru_sql_query_values (BooruSql *self,
                                           const char *name,
                                           const BooruSqlValues *values,
                                           GError **error);

/* The rows of @from that @filter asks for, in its order; the first of @columns is the id. */
BooruSqlStatement *booru_sql_select (BooruSql *self,
                                     const char *columns,
                                     const char *from,
                                     const BooruFilter *filter,
                                     GError **error);

/* All rows of @from that meet the filter's conditions, in the order of the columns, whatever its
 * page. */
BooruSqlStatement *booru_sql_select_all (BooruSql *self,
                                         const char *columns,
                                         const char *from,
                                         const BooruFilter *filter,
                                         GError **error);

G_END_DECLS
