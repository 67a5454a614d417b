/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decoder/decoder-protocol.h"
#include "monitor-json.h"

static void
set_error (GError **error, int errnum, const char *what, const char *path)
{
  gboolean full = errnum == ENOSPC || errnum == EDQUOT || errnum == EMFILE || errnum == ENFILE;

  g_set_error (error, BOORU_ERROR, full ? BOORU_ERROR_BUSY : BOORU_ERROR_IO, "%s %s: %s", what,
               path, g_strerror (errnum));
}

/* Names are unique in the folder: an earlier process of the same number may have left some behind.
 */
static int
create_file (const char *folder, BooruVariant variant, char **path, GError **error)
{
  static guint serial;
  int fd;

  do
    {
      g_free (*path);
      *path = g_strdup_printf ("%s/decode-%d-%u-%s.%s", folder, (int)getpid (), serial++,
                               booru_variant_get_name (variant), booru_variant_get_ext (variant));
      fd = open (*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    }
  while (fd < 0 && (errno == EEXIST || errno == EINTR));
  if (fd < 0)
    {
      set_error (error, errno, "Cannot create", *path);
      g_clear_pointer (path, g_free);
    }
  return fd;
}

MonitorDecoderOutput *
monitor_decoder_output_new (const char *folder, GError **error)
{
  g_autoptr (MonitorDecoderOutput) self = g_new0 (MonitorDecoderOutput, 1);

  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    self->fds[i] = -1;
  self->metadata = memfd_create ("metadata", MFD_CLOEXEC);
  if (self->metadata < 0)
    {
      set_error (error, errno, "Cannot create", "a file in memory");
      return NULL;
    }
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      self->fds[i] = create_file (folder, i, &self->paths[i], error);
      if (self->fds[i] < 0)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
monitor_decoder_output_free (MonitorDecoderOutput *self)
{
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      if (self->fds[i] >= 0)
        close (self->fds[i]);
      if (self->paths[i] != NULL)
        unlink (self->paths[i]);
      g_free (self->paths[i]);
    }
  if (self->metadata >= 0)
    close (self->metadata);
  g_free (self);
}

char *
monitor_decoder_output_read_metadata (MonitorDecoderOutput *self, gsize size)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (size == 0 || size > DECODER_MAX_METADATA)
    return NULL;
  text = g_malloc0 (size + 1);
  if (pread (self->metadata, text, size, 0) != (ssize_t)size)
    return NULL;
  node = monitor_json_parse (text, size, NULL);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&text) : NULL;
}

gboolean
monitor_decoder_output_sync (MonitorDecoderOutput *self, guint32 written, GError **error)
{
  /* All are on their way to the disk before the first is waited for. */
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    if (written & 1u << i)
      sync_file_range (self->fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    if ((written & 1u << i) && fsync (self->fds[i]) != 0)
      {
        set_error (error, errno, "Cannot write", self->paths[i]);
        return FALSE;
      }
  return TRUE;
}
