/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the store share. */
#pragma once

#include "board/booru-id-list.h"
#include "board/booru-md5.h"
#include "board/booru-store.h"
#include "board/sql/booru-sql.h"

G_BEGIN_DECLS

typedef struct _BooruTagCache BooruTagCache;
typedef struct _BooruComparison BooruComparison;
typedef struct _BooruTrouble BooruTrouble;
typedef struct _BooruJobRunner BooruJobRunner;
typedef struct _BooruRelationCache BooruRelationCache;
typedef struct _BooruStoreIndex BooruStoreIndex;

struct _BooruStore
{
  GObject parent;

  BooruSql *sql;
  GArray *parts; /* booru_store_own() */

  /* Each is made, and freed, by the file that it is for; NULL: not yet. */
  BooruTagCache *tags;
  BooruRelationCache *relations;
  BooruJobRunner *jobs;
  BooruStoreIndex *index;
  BooruComparison *comparison;
  BooruTrouble *trouble;

  /* Of the log of changes, as last seen: a database that crashed may have lost the end of it. */
  gint64 seen, seen_at; /* generation of the board, and when its last change was made; 0: none */
  gint64 serial;        /* of the connection on which that is known to hold; -1 */
  guint64 history;      /* grows whenever it did not hold any more */
  guint64 index_history;

  char *index_folder;         /* NULL: the index is kept in memory */
  char *originals;            /* of a files folder that was set; NULL: none was */
  gint64 files_folder;        /* the folder that these are; 0 */
  char node[BOORU_NODE_SIZE]; /* who we are among other machines; empty: there are none */
  BooruStoreClock clock;      /* NULL: the machine's */
  gpointer clock_data;
};

/* @sql: (transfer full); @index_folder: where the search index is kept. Transfer full. */
BooruStore *booru_store_new (BooruSql *sql, const char *index_folder);

/* For an operation that reads by more than one statement: all see one state, and what the caches
 * hold is compared with it. */
BooruSqlSnapshot booru_store_look (BooruStore *store);

/* Which board this is, whatever machine it is on. Transfer full. */
char *booru_store_dup_id (BooruStore *store, GError **error);

/* As booru_sql_write(). */
typedef gboolean (*BooruStoreWriteFunc) (BooruStore *store, gpointer data, GError **error);
gboolean booru_store_write (BooruStore *store,
                            BooruSqlDurability durability,
                            BooruStoreWriteFunc func,
                            gpointer data,
                            GError **error);

/* Has a part of the store, of which the file that made it alone knows, freed with the store: the
 * newest first, while there still is the database. */
void booru_store_own (BooruStore *store, gpointer part, GDestroyNotify free_part);

/* Turns a list round: of what comes after an id, the nearest are shown newest first. */
void booru_store_reverse (GPtrArray *array);

G_END_DECLS
