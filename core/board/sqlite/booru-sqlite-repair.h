/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean was_sound;   /* nothing was done */
  guint64 n_rows;       /* read from the damaged database */
  guint64 n_gaps;       /* places at which it cannot be read */
  guint64 n_rows_added; /* from the backup */
  guint64 n_remade;     /* posts that were made anew from their files */
  guint64 n_unnamed;    /* tags whose names are lost */
  gint64 n_posts;       /* that there are now */
  char *aside;          /* where the damaged database lies now; NULL if it was sound */
} BooruSqliteRepair;

void booru_sqlite_repair_clear (BooruSqliteRepair *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruSqliteRepair, booru_sqlite_repair_clear)

/**
 * booru_sqlite_repair:
 * @data_dir: the data folder, of a host that does not run
 * @backup: (nullable): a copy to fill the gaps from
 * @repair: (out): what was done
 * @error: BOORU_ERROR_BUSY if a host runs on @data_dir; BOORU_ERROR_NOT_FOUND if there is no
 *   database; BOORU_ERROR_CORRUPT if @backup is damaged too; then nothing has changed
 *
 * Builds a new database from all rows of the damaged one that can be read, of the backup those that
 * are missing, of the versions what happened since the backup, and of the files whose posts are
 * lost. What is derived (counts, the search index) is made anew. The damaged database is kept.
 */
gboolean booru_sqlite_repair (const char *data_dir,
                              const char *backup,
                              BooruSqliteRepair *repair,
                              GError **error);

G_END_DECLS
