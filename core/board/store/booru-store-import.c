/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps what sidecars, keywords and rules say of posts: rules/booru-import-memory.h. */
#include "board/store/booru-store-import-private.h"

#include <string.h>

#include "board/rules/booru-tag-edit.h"
#include "board/store/booru-store-post-state-private.h"
#include "board/store/booru-store-relations-private.h"

static gboolean
merge_rest (BooruStore *store,
            BooruImportMemory *memory,
            const BooruImport *import,
            BooruPostState *state,
            GError **error)
{
  g_autoptr (BooruSqlStatement) row = NULL;

  if (import->rating == 0 && import->source == NULL)
    return TRUE;
  row = booru_sql_query (store->sql, error, "was-edited", "x", state->id);
  if (booru_sql_step (row, error) != BOORU_SQL_ROW)
    return FALSE;
  booru_import_memory_merge_rest (memory, import, booru_sql_get_number (row, 0) != 0,
                                  booru_sql_get_number (row, 1) != 0, state);
  return TRUE;
}

/* Most files say nothing, and never did. */
static gboolean
is_silent (const BooruImport *import,
           const GArray *said,
           const BooruImportMemory *memory,
           const GArray *gone)
{
  return said->len == 0 && import->rating == 0 && import->source == NULL && memory->said->len == 0
         && memory->refused->len == 0 && gone->len == 0;
}

gboolean
booru_store_import_apply (BooruStore *store,
                          gint64 post_id,
                          gboolean is_first,
                          gint64 file_id,
                          const BooruImport *import,
                          gint64 now,
                          BooruTagCounts *counts,
                          gboolean *changed,
                          GError **error)
{
  BooruVersionBy by = { .updater_id = BOORU_USER_OWNER,
                        .note = import->note ? import->note : import->origin,
                        .now = now,
                        .is_new = is_first };
  BooruImportSubject subject = { post_id, file_id, import->origin };
  g_autoptr (GHashTable) names = NULL;
  g_autoptr (GArray) said = booru_id_list_new ();
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (BooruPostState) before = { 0 };
  g_auto (BooruPostState) after = { 0 };
  g_autoptr (GBytes) known = NULL, learnt = NULL;
  g_auto (BooruImportMemory) memory;

  booru_import_memory_init (&memory);
  if (!booru_import_check (import, error)
      || (!is_first && !booru_import_memory_read (store, &subject, &memory, gone, error)))
    return FALSE;
  names = booru_tag_edit_parse_import (import->tags ? import->tags : "");
  if (!booru_store_tags_ensure (store, names, TRUE, now, said, error))
    return FALSE;
  if (is_silent (import, said, &memory, gone))
    return TRUE;
  if (!booru_store_read_state (store, post_id, &before, error))
    return FALSE;
  booru_post_state_copy (&after, &before);
  known = booru_import_memory_pack (&memory);
  booru_import_memory_merge_tags (&memory, said, after.tags);
  if (!merge_rest (store, &memory, import, &after, error)
      || !booru_store_write_state (store, &before, &after, &by, counts, error)
      || !booru_import_memory_forget (store, &subject, gone, error))
    return FALSE;
  *changed |= !booru_post_state_equal (&before, &after);
  /* Where rules are applied again, most say what they said before. */
  learnt = booru_import_memory_pack (&memory);
  return (gone->len == 0 && g_bytes_equal (known, learnt))
         || booru_import_memory_write (store, &subject, &memory, error);
}
