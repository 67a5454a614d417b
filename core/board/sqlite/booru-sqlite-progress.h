/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

void booru_sqlite_progress_begin (BooruSqliteDb *self, BooruStoreProgress progress, gpointer data);
void booru_sqlite_progress_set (BooruSqliteDb *self, char *what);
gboolean booru_sqlite_progress_tell (BooruSqliteDb *self, const char *what);
void booru_sqlite_progress_end (BooruSqliteDb *self);

G_END_DECLS
