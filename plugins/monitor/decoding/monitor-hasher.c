/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-hasher.h"

#include <unistd.h>

struct _MonitorHasher
{
  BooruServiceContext *context; /* unowned: it outlives the service */
  char *data_dir;
  GHashTable *pending; /* name of the file → Question, which its callback frees */
};

typedef struct
{
  MonitorHasher *hasher;
  char *name;
  int fd;
  MonitorDecodeHints hints;
  GCancellable *cancellable;
} Question;

static void
publish (MonitorHasher *self, const char *name, const BooruMedia *media, const GError *error)
{
  guint64 hashes[1 + BOORU_MAX_FRAME_HASHES];
  guint n = 0;

  if (media)
    {
      hashes[n++] = media->phash;
      for (guint i = 0; i < media->n_frame_hashes; i++)
        hashes[n++] = media->frame_hashes[i];
    }
  booru_service_context_publish (
      self->context, BOORU_EVENT_HASHES_FOUND,
      g_variant_new ("(s@atus)", name,
                     g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, hashes, n, sizeof *hashes),
                     error ? (guint)error->code : 0, error ? error->message : ""));
}

static void on_decoded (GObject *source, GAsyncResult *result, gpointer user_data);

static void
decode (Question *question, MonitorDecoderPool *pool)
{
  monitor_decoder_pool_decode_async (pool, question->fd, &question->hints, question->cancellable,
                                     on_decoded, question);
}

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) decoded
      = monitor_decoder_pool_decode_finish (MONITOR_DECODER_POOL (source), result, &error);

  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_PREEMPTED))
    {
      question->hints.slow = TRUE;
      decode (question, MONITOR_DECODER_POOL (source));
      return;
    }
  if (!g_cancellable_is_cancelled (question->cancellable))
    publish (question->hasher, question->name, decoded ? &decoded->media : NULL, error);
  g_hash_table_remove (question->hasher->pending, question->name);
  g_object_unref (question->cancellable);
  close (question->fd);
  g_free (question->name);
  g_free (question);
}

MonitorHasher *
monitor_hasher_new (BooruServiceContext *context, const char *data_dir)
{
  MonitorHasher *self = g_new0 (MonitorHasher, 1);

  self->context = context;
  self->data_dir = g_strdup (data_dir);
  self->pending = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
monitor_hasher_free (MonitorHasher *self)
{
  GHashTableIter iter;
  gpointer question;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, &question))
    g_cancellable_cancel (((Question *)question)->cancellable);
  while (g_hash_table_size (self->pending) > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_hash_table_unref (self->pending);
  g_free (self->data_dir);
  g_free (self);
}

void
monitor_hasher_answer (MonitorHasher *self, MonitorDecoderPool *pool, const char *name)
{
  g_autoptr (GError) error = NULL;
  int fd = booru_spool_take (self->data_dir, name, &error);
  Question *question;

  if (fd < 0)
    {
      publish (self, name, NULL, error);
      return;
    }
  question = g_new0 (Question, 1);
  question->hasher = self;
  question->name = g_strdup (name);
  question->fd = fd;
  question->hints.for_person = TRUE;
  question->cancellable = g_cancellable_new ();
  g_hash_table_insert (self->pending, question->name, question);
  decode (question, pool);
}

void
monitor_hasher_cancel (MonitorHasher *self, const char *name)
{
  Question *question = g_hash_table_lookup (self->pending, name);

  if (question != NULL)
    g_cancellable_cancel (question->cancellable);
}
