/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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
  g_free (self);
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
