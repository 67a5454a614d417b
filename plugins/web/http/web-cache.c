/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-cache.h"

#include <gio/gio.h>
#include <string.h>

#include "view/web-encoding.h"

/* What an entry takes beside its own bytes: itself, two GBytes, the allocator's rounding. */
#define ENTRY_OVERHEAD 320
/* One entry takes at most this part of the whole. */
#define MAX_SHARE 16

/* Smaller bodies are not worth packing. */
#define MIN_PACKED 4096
/* zlib's fastest: answers are JSON and HTML, and become a tenth of their size by it. */
#define PACK_LEVEL 1
/* Looking for one that can be packed still. */
#define MAX_PICKS 8

typedef struct
{
  char *key;
  GBytes *head, *body;
  gsize unpacked_size; /* 0: the body is as it was given */
  gboolean is_dense;   /* and stays like that: it cannot be packed */
  guint64 state;       /* of the store: then it held */
  WebShown *shown;     /* NULL: not known */
  gint64 expires;
  gconstpointer maker;
  gsize size;
  guint index; /* in the cache's list */
} Entry;

struct _WebCache
{
  GHashTable *entries; /* key → Entry */
  GPtrArray *list;     /* the same, in no order */
  gsize size, max_size;
  GBytes *unpacked; /* handed out by the last lookup */
};

static void
entry_free (Entry *entry)
{
  g_free (entry->key);
  g_bytes_unref (entry->head);
  g_bytes_unref (entry->body);
  g_clear_pointer (&entry->shown, web_shown_free);
  g_free (entry);
}

WebCache *
web_cache_new (gsize max_bytes)
{
  WebCache *self = g_new0 (WebCache, 1);

  self->max_size = max_bytes;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)entry_free);
  self->list = g_ptr_array_new ();
  return self;
}

void
web_cache_free (WebCache *self)
{
  g_clear_pointer (&self->unpacked, g_bytes_unref);
  g_ptr_array_unref (self->list);
  g_hash_table_unref (self->entries);
  g_free (self);
}

void
web_cache_clear (WebCache *self)
{
  g_ptr_array_set_size (self->list, 0);
  g_hash_table_remove_all (self->entries);
  self->size = 0;
}

static void
drop (WebCache *self, Entry *entry)
{
  Entry *last = self->list->pdata[self->list->len - 1];

  self->size -= entry->size;
  last->index = entry->index;
  g_ptr_array_remove_index_fast (self->list, entry->index);
  g_hash_table_remove (self->entries, entry->key);
}

/* Makes an entry smaller, if it can be. */
static gboolean
pack (WebCache *self, Entry *entry)
{
  g_autoptr (GZlibCompressor) compressor = NULL;
  GBytes *packed;
  gsize size = g_bytes_get_size (entry->body);

  if (entry->unpacked_size || entry->is_dense || size < MIN_PACKED)
    return FALSE;
  compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, PACK_LEVEL);
  packed = web_encoding_convert (G_CONVERTER (compressor), entry->body, size / 2);
  if (packed == NULL)
    {
      entry->is_dense = TRUE;
      return FALSE;
    }

  g_bytes_unref (entry->body);
  entry->body = packed;
  entry->unpacked_size = size;
  self->size -= size - g_bytes_get_size (packed);
  entry->size -= size - g_bytes_get_size (packed);
  return TRUE;
}

static GBytes *
unpack (WebCache *self, const Entry *entry)
{
  g_autoptr (GZlibDecompressor) decompressor
      = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);

  g_clear_pointer (&self->unpacked, g_bytes_unref);
  self->unpacked
      = web_encoding_convert (G_CONVERTER (decompressor), entry->body, entry->unpacked_size);
  return self->unpacked;
}

static Entry *
pick (WebCache *self)
{
  return self->list->pdata[g_random_int_range (0, (gint32)self->list->len)];
}

/* One becomes smaller, or one goes. Which one is left to chance: least recently used would be the
 * worst choice where a little more is asked for in turn than fits, and then nothing would ever be
 * found. */
static void
make_room (WebCache *self)
{
  for (guint i = 0; i < MAX_PICKS; i++)
    if (pack (self, pick (self)))
      return;
  drop (self, pick (self));
}

void
web_cache_insert (WebCache *self,
                  const char *key,
                  guint64 state,
                  WebShown *shown,
                  gint64 expires,
                  gconstpointer maker,
                  GBytes *head,
                  GBytes *body)
{
  g_autoptr (WebShown) owned = shown;
  gsize size = strlen (key) + g_bytes_get_size (head) + g_bytes_get_size (body) + ENTRY_OVERHEAD
               + (shown ? web_shown_get_size (shown) : 0);
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry)
    drop (self, entry);
  if (size > self->max_size / MAX_SHARE)
    return;

  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->head = g_bytes_ref (head);
  entry->body = g_bytes_ref (body);
  entry->state = state;
  entry->shown = g_steal_pointer (&owned);
  entry->expires = expires;
  entry->maker = maker;
  entry->size = size;
  while (self->size + size > self->max_size)
    make_room (self);
  entry->index = self->list->len;
  g_ptr_array_add (self->list, entry);
  g_hash_table_insert (self->entries, entry->key, entry);
  self->size += size;
}

gboolean
web_cache_lookup (WebCache *self,
                  const char *key,
                  WebChanges *changes,
                  gint64 now,
                  gconstpointer *maker,
                  GBytes **head,
                  GBytes **body)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL)
    return FALSE;
  if (entry->expires <= now
      || (changes && !web_changes_keep (changes, entry->shown, &entry->state)))
    {
      drop (self, entry);
      return FALSE;
    }

  *maker = entry->maker;
  *head = entry->head;
  *body = entry->unpacked_size ? unpack (self, entry) : entry->body;
  return *body != NULL;
}

gsize
web_cache_get_size (WebCache *self)
{
  return self->size;
}
