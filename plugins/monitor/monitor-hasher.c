/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-hasher.h"

#include <unistd.h>

struct _MonitorHasher
{
  BooruServiceContext *context; /* unowned: it outlives the service */
  char *data_dir;
  GCancellable *cancellable;
  guint n_pending;
};

typedef struct
{
  MonitorHasher *hasher;
  char *name;
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

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) decoded
      = monitor_decoder_pool_decode_finish (MONITOR_DECODER_POOL (source), result, &error);

  publish (question->hasher, question->name, decoded ? &decoded->media : NULL, error);
  question->hasher->n_pending--;
  g_free (question->name);
  g_free (question);
}

/**
 * monitor_hasher_new:
 * @context: where answers go
 * @data_dir: the data folder
 *
 * Returns: (transfer full): a hasher
 */
MonitorHasher *
monitor_hasher_new (BooruServiceContext *context, const char *data_dir)
{
  MonitorHasher *self = g_new0 (MonitorHasher, 1);

  self->context = context;
  self->data_dir = g_strdup (data_dir);
  self->cancellable = g_cancellable_new ();
  return self;
}

void
monitor_hasher_free (MonitorHasher *self)
{
  g_cancellable_cancel (self->cancellable);
  while (self->n_pending > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_object_unref (self->cancellable);
  g_free (self->data_dir);
  g_free (self);
}

/**
 * monitor_hasher_answer:
 * @self: a hasher
 * @pool: what decodes
 * @name: of a file that was handed over, see booru_spool_take()
 *
 * Decodes it and publishes the answer, or why there is none.
 */
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
  self->n_pending++;
  monitor_decoder_pool_decode_async (pool, fd, NULL, self->cancellable, on_decoded, question);
  close (fd); /* the pool has its own */
}
