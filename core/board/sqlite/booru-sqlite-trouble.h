/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

void booru_sqlite_trouble_watch (BooruSqliteDb *self, BooruStoreTrouble func, gpointer user_data);
void booru_sqlite_trouble_clear (BooruSqliteDb *self);

G_END_DECLS
