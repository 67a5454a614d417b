/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-lease.h"

#include <time.h>
#include <unistd.h>

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

void
booru_lease_free (BooruLease *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->role);
  g_free (self->holder);
  g_free (self);
}

gint64
booru_lease_get_time (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gpointer
read_boot_id (gpointer data)
{
  char *id = NULL;

  /* Without /proc a reboot is told by the clock alone, which begins anew. */
  if (!g_file_get_contents (BOOT_ID_FILE, &id, NULL, NULL))
    return g_strdup ("unknown");
  return g_strchomp (id);
}

const char *
booru_lease_get_boot_id (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, read_boot_id, NULL);
}

char *
booru_lease_dup_holder (void)
{
  return g_strdup_printf ("%s, boot %.8s, pid %d", g_get_host_name (), booru_lease_get_boot_id (),
                          (int)getpid ());
}
