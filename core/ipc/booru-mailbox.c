/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipc/booru-mailbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-fd.h"

/* One more than the length goes before the letter, and is written after it. 0: none. */
#define HEADER sizeof (guint64)

int
booru_sealed_memory_new (const char *name, gsize size, GError **error)
{
  booru_autofd int fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0 || ftruncate (fd, (off_t)size) < 0
      || fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
    {
      booru_set_errno_error (error, errno, "Cannot make memory to share with a child");
      return -1;
    }
  return booru_steal_fd (&fd);
}

static gboolean
put_header (int fd, guint64 header)
{
  return pwrite (fd, &header, HEADER, 0) == HEADER;
}

gboolean
booru_mailbox_put (int fd, GVariant *letter, GError **error)
{
  g_autoptr (GVariant) sunk = letter ? g_variant_ref_sink (letter) : NULL;
  gsize length = letter ? g_variant_get_size (letter) : 0;

  if (length > BOORU_MAILBOX_SIZE - HEADER)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "%" G_GSIZE_FORMAT " bytes are too many to tell the host", length);
      return FALSE;
    }
  if (put_header (fd, 0)
      && (length == 0 || pwrite (fd, g_variant_get_data (letter), length, HEADER) == (gssize)length)
      && put_header (fd, letter ? length + 1 : 0))
    return TRUE;
  return booru_set_errno_error (error, errno, "Cannot write to the host");
}

GVariant *
booru_mailbox_get (int fd, const GVariantType *type, GError **error)
{
  g_autoptr (GVariant) letter = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *data = NULL;
  guint64 length = 0;

  if (pread (fd, &length, HEADER, 0) != HEADER || length-- == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "Nothing was written");
      return NULL;
    }
  if (length <= BOORU_MAILBOX_SIZE - HEADER)
    {
      data = g_malloc (length);
      if (pread (fd, data, length, HEADER) == (gssize)length)
        bytes = g_bytes_new_take (g_steal_pointer (&data), length);
    }
  if (bytes)
    letter = g_variant_ref_sink (g_variant_new_from_bytes (type, bytes, FALSE));
  if (letter && g_variant_is_normal_form (letter))
    return g_steal_pointer (&letter);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "What was written cannot be understood");
  return NULL;
}
