/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store in a temporary data folder, and short ways to put things into it. Its database is
 * SQLite's, or, if tests/postgres.py runs the test, one of PostgreSQL. */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

typedef struct
{
  char *data_dir;
  char *database; /* as booru_store_open() takes it; NULL: SQLite's */
  BooruStore *store;
  BooruFolder *folder; /* "/pictures": nothing looks at it */
} BoardFixture;

void board_fixture_set_up (BoardFixture *self, gconstpointer data);
void board_fixture_tear_down (BoardFixture *self, gconstpointer data);
BooruStore *board_fixture_open (BoardFixture *self); /* another connection; transfer full */
char *board_fixture_database (BoardFixture *self);   /* SQLite's path; transfer full */
/* TRUE: this test cannot be run on another database, and was skipped. */
gboolean board_skip_but_for_sqlite (BoardFixture *self);

/* For tests without this fixture; transfer full. Opening must succeed. */
char *board_add_database (void);
BooruStore *board_open_store (const char *data_dir, const char *database, BooruStoreOpenMode mode);

/* Asks the database itself, by a connection of its own: a SELECT of one value. */
gint64 board_query_number (BoardFixture *self, const char *sql);
char *board_query_text (BoardFixture *self, const char *sql);
/* Must succeed. On PostgreSQL, x'' and randomblob() are as in SQLite. */
void board_execute (BoardFixture *self, const char *script);
/* SQLite's own checks of the file. */
void board_require_intact (BoardFixture *self);
void board_require_consistent (BoardFixture *self); /* integrity, counts and search index agree */

/* Until it hears that another wrote, which a server tells it a moment after that. */
void board_await_news (BooruStore *store, guint64 generation);

/* The lock of the one writer, as another process would hold it; released by the other function. */
typedef struct _BoardLock BoardLock;
BoardLock *board_take_lock (BoardFixture *self);
void board_release_lock (BoardLock *self);

BooruFileChange *board_add (BoardFixture *self, const char *path, guint content);
BooruFileChange *board_change (BooruFileChangeKind kind, gint64 file_id);

/* Takes them. */
void board_apply (BoardFixture *self, BooruFileChange *first, ...) G_GNUC_NULL_TERMINATED;
gint64 board_add_post (BoardFixture *self, const char *path, guint content); /* returns its id */
gint64 board_file_id (BoardFixture *self, const char *path);                 /* 0: none */
BooruPostStatus board_status (BoardFixture *self, gint64 post_id);

BooruPost *board_edit (BooruStore *store, gint64 id, const char *tags); /* must succeed */
void board_require_tags (BooruStore *store, gint64 id, const char *tags);
gint64 board_count (BooruStore *store, const char *query);
gint64 board_tag_count (BoardFixture *self, const char *name);

G_END_DECLS
