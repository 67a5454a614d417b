/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store in a temporary data folder, and short ways to put things into it. */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

typedef struct
{
  char *data_dir;
  BooruStore *store;
  BooruFolder *folder; /* "/pictures": nothing looks at it */
} BoardFixture;

void board_fixture_set_up (BoardFixture *self, gconstpointer data);
void board_fixture_tear_down (BoardFixture *self, gconstpointer data);
BooruStore *board_fixture_open (BoardFixture *self); /* another connection; transfer full */
char *board_fixture_database (BoardFixture *self);   /* path; transfer full */

/* Asks the database itself, by a connection of its own. */
gint64 board_query_number (BoardFixture *self, const char *sql);
char *board_query_text (BoardFixture *self, const char *sql);
void board_execute (BoardFixture *self, const char *script); /* must succeed */
void board_require_consistent (BoardFixture *self); /* integrity, counts and search index agree */

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
