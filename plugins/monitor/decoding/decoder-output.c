/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decoder-check.h"
#include "files/monitor-place.h"

static void
set_error (GError **error, int errnum, const char *what, const char *path)
{
  gboolean full = errnum == ENOSPC || errnum == EDQUOT || errnum == EMFILE || errnum == ENFILE;

  g_set_error (error, BOORU_ERROR, full ? BOORU_ERROR_BUSY : BOORU_ERROR_IO, "%s %s: %s", what,
               path, g_strerror (errnum));
}

static int
create_in_memory (const char *name, GError **error)
{
  int fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    set_error (error, errno, "Cannot create a file in memory:", name);
  return fd;
}

MonitorDecoderOutput *
monitor_decoder_output_new (GError **error)
{
  g_autoptr (MonitorDecoderOutput) self = g_new0 (MonitorDecoderOutput, 1);

  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    self->fds[i] = -1;
  self->metadata = create_in_memory ("metadata", error);
  if (self->metadata < 0)
    return NULL;
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      self->fds[i] = create_in_memory (booru_variant_get_name (i), error);
      if (self->fds[i] < 0)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
monitor_decoder_output_free (MonitorDecoderOutput *self)
{
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    booru_clear_fd (&self->fds[i]);
  booru_clear_fd (&self->metadata);
  g_free (self);
}

char *
monitor_decoder_output_read_metadata (MonitorDecoderOutput *self, gsize size)
{
  g_autofree char *text = NULL;

  if (size == 0 || size > DECODER_MAX_METADATA)
    return NULL;
  text = g_malloc0 (size + 1);
  if (pread (self->metadata, text, size, 0) != (ssize_t)size)
    return NULL;
  return monitor_decoder_check_metadata (text, size) ? g_steal_pointer (&text) : NULL;
}

/* Names are unique in the folder: an earlier process of the same number may have left some behind.
 */
static int
create_file (const char *folder, BooruVariant variant, char **path, GError **error)
{
  static guint serial; /* of all threads */
  int fd;

  do
    {
      g_free (*path);
      *path = g_strdup_printf ("%s/decode-%d-%u-%s.%s", folder, (int)getpid (),
                               (guint)g_atomic_int_add (&serial, 1),
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

gboolean
monitor_decoder_output_save (MonitorDecoderOutput *self,
                             const char *folder,
                             guint32 written,
                             char *paths[BOORU_N_VARIANTS],
                             GError **error)
{
  int fds[BOORU_N_VARIANTS];
  gboolean saved = TRUE;

  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      fds[i] = -1;
      if (!saved || !(written & 1u << i))
        continue;
      fds[i] = create_file (folder, i, &paths[i], error);
      saved = fds[i] >= 0;
      if (saved && !monitor_place_copy_bytes (self->fds[i], fds[i]))
        {
          set_error (error, errno, "Cannot write", paths[i]);
          saved = FALSE;
        }
      /* All are on their way to the disk before the first is waited for. */
      if (saved)
        sync_file_range (fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
    }
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      if (fds[i] < 0)
        continue;
      if (saved && fsync (fds[i]) != 0)
        {
          set_error (error, errno, "Cannot write", paths[i]);
          saved = FALSE;
        }
      close (fds[i]);
    }
  return saved;
}
