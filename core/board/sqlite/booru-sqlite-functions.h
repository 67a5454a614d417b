/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* For statements: pack_hash (slot, hash), an aggregate that makes a row of phash_blocks. */
gboolean booru_sqlite_add_functions (sqlite3 *handle);

G_END_DECLS
