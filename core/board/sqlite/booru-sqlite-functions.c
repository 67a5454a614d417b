/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-functions.h"

#define BLOCK_LENGTH 500 /* part of the format: see schema/004-similar.sql */

typedef struct
{
  guint n; /* slots up to the last one with a hash */
  guint64 hashes[BLOCK_LENGTH];
} Block;

static void
pack_hash_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  Block *block = sqlite3_aggregate_context (context, sizeof (Block));
  gint64 slot = sqlite3_value_int64 (values[0]);
  guint64 hash = (guint64)sqlite3_value_int64 (values[1]);

  if (block == NULL || slot < 0 || slot >= BLOCK_LENGTH || hash == 0)
    return;
  block->hashes[slot] = GUINT64_TO_LE (hash);
  block->n = MAX (block->n, (guint)slot + 1);
}

static void
pack_hash_final (sqlite3_context *context)
{
  Block *block = sqlite3_aggregate_context (context, 0);

  if (block == NULL || block->n == 0)
    sqlite3_result_zeroblob (context, 0);
  else
    sqlite3_result_blob (context, block->hashes, (int)(block->n * sizeof (guint64)),
                         SQLITE_TRANSIENT);
}

/* The bytes of hex digits: SQLite has it itself from 3.41 on. NULL: it is no such text. */
static void
unhex (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const guchar *text = sqlite3_value_text (values[0]);
  int length = sqlite3_value_bytes (values[0]);
  guint8 *bytes;

  if (text == NULL || length % 2 != 0)
    return;
  bytes = sqlite3_malloc (length / 2 + 1);
  for (int i = 0; bytes != NULL && i < length / 2; i++)
    {
      int high = g_ascii_xdigit_value ((char)text[2 * i]);
      int low = g_ascii_xdigit_value ((char)text[2 * i + 1]);

      if (high < 0 || low < 0)
        {
          sqlite3_free (bytes);
          return;
        }
      bytes[i] = (guint8)(high << 4 | low);
    }
  if (bytes != NULL)
    sqlite3_result_blob (context, bytes, length / 2, sqlite3_free);
  else
    sqlite3_result_error_nomem (context);
}

gboolean
booru_sqlite_add_functions (sqlite3 *handle)
{
  if (sqlite3_create_function_v2 (handle, "unhex", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                  unhex, NULL, NULL, NULL)
      != SQLITE_OK)
    return FALSE;
  return sqlite3_create_function_v2 (handle, "pack_hash", 2,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                     NULL, pack_hash_step, pack_hash_final, NULL)
         == SQLITE_OK;
}
