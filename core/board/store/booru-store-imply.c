/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What aliases and implications make of a post's tags, whoever changes them. */
#include "board/store/booru-store-import-private.h"
#include "board/store/booru-store-relations-private.h"

static gboolean
has_implied (BooruRelations *relations, const BooruPostState *before, const BooruPostState *after)
{
  g_autoptr (GArray) implied = booru_id_list_new ();

  if (!booru_relations_has_implications (relations))
    return FALSE;
  booru_relations_imply (relations, before->tags, implied);
  booru_relations_imply (relations, after->tags, implied);
  return implied->len > 0;
}

gboolean
booru_store_imply (BooruStore *store,
                   const BooruPostState *before,
                   BooruPostState *after,
                   const BooruVersionBy *by,
                   GError **error)
{
  BooruRelations *relations = booru_store_get_relations (store, error);
  g_auto (BooruImportMemory) memory;
  g_autoptr (GBytes) known = NULL, learnt = NULL;

  booru_import_memory_init (&memory);
  if (relations == NULL)
    return FALSE;
  booru_relations_canonicalise (relations, after->tags);
  if (!has_implied (relations, before, after))
    return TRUE;
  if (!by->is_new
      && !booru_store_read_import_memory (store, after->id, BOORU_IMPORT_IMPLICATION, &memory,
                                          error))
    return FALSE;
  known = booru_import_memory_pack (&memory);
  booru_import_memory_imply (&memory, relations, by->refused, by->note == NULL, after->tags);
  learnt = booru_import_memory_pack (&memory);
  return g_bytes_equal (known, learnt)
         || booru_store_write_import_memory (store, after->id, BOORU_IMPORT_IMPLICATION, &memory,
                                             error);
}
