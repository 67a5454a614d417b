/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The object: its operations are functions of the file that their subject names. */
#include "board/booru-store-changes.h"
#include "board/store/booru-store-private.h"

G_DEFINE_FINAL_TYPE (BooruStore, booru_store, G_TYPE_OBJECT)

typedef struct
{
  gpointer data;
  GDestroyNotify free;
} Part;

void
booru_store_own (BooruStore *store, gpointer part, GDestroyNotify free_part)
{
  Part owned = { part, free_part };

  g_array_append_val (store->parts, owned);
}

static void
booru_store_finalize (GObject *object)
{
  BooruStore *self = BOORU_STORE (object);

  for (guint i = self->parts->len; i > 0; i--)
    {
      const Part *part = &g_array_index (self->parts, Part, i - 1);

      part->free (part->data);
    }
  g_array_unref (self->parts);
  g_free (self->index_folder);
  g_free (self->originals);
  g_clear_object (&self->sql);
  G_OBJECT_CLASS (booru_store_parent_class)->finalize (object);
}

static void
booru_store_class_init (BooruStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_store_finalize;
}

static void
booru_store_init (BooruStore *self)
{
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
}

BooruStore *
booru_store_new (BooruSql *sql, const char *index_folder)
{
  BooruStore *self = g_object_new (BOORU_TYPE_STORE, NULL);

  self->sql = sql;
  self->serial = -1;
  self->index_folder = g_strdup (index_folder);
  return self;
}

BooruSqlSnapshot
booru_store_look (BooruStore *store)
{
  BooruSqlSnapshot snapshot = booru_sql_snapshot (store->sql);

  booru_sql_get_generation (store->sql);
  return snapshot;
}

typedef struct
{
  BooruStore *store;
  BooruStoreWriteFunc func;
  gpointer data;
} Write;

static gboolean
run_write (gpointer data, GError **error)
{
  const Write *write = data;

  return write->func (write->store, write->data, error);
}

gboolean
booru_store_write (BooruStore *store,
                   BooruSqlDurability durability,
                   BooruStoreWriteFunc func,
                   gpointer data,
                   GError **error)
{
  Write write = { store, func, data };

  return booru_sql_write (store->sql, durability, run_write, &write, error);
}

guint64
booru_store_get_generation (BooruStore *self)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), 0);

  return booru_sql_get_generation (self->sql);
}

void
booru_store_trim (BooruStore *self)
{
  g_return_if_fail (BOORU_IS_STORE (self));

  booru_sql_trim (self->sql);
}

void
booru_store_set_busy_timeout (BooruStore *self, guint milliseconds)
{
  g_return_if_fail (BOORU_IS_STORE (self));

  booru_sql_set_timeout (self->sql, milliseconds);
}

char *
booru_store_describe (BooruStore *self)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  return booru_sql_describe (self->sql);
}

void
booru_store_reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer other = array->pdata[array->len - 1 - i];

      array->pdata[array->len - 1 - i] = array->pdata[i];
      array->pdata[i] = other;
    }
}
