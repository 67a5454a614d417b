/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-linger.h"

#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINGER_TIME 2        /* seconds */
#define LINGER_BYTES 1048576 /* read and thrown away */
#define MAX_LINGERING 64

typedef struct
{
  guint timeout;
  gsize left;
} Linger;

static guint n_lingering;

static void
linger_free (gpointer data)
{
  Linger *linger = data;

  if (linger->timeout)
    g_source_remove (linger->timeout);
  n_lingering--;
  g_free (linger);
}

static gboolean
on_linger_readable (gint fd, GIOCondition condition, gpointer user_data)
{
  Linger *linger = user_data;
  char buffer[16384];
  gssize got = recv (fd, buffer, sizeof buffer, 0);

  if (got > 0 && (gsize)got < linger->left)
    {
      linger->left -= (gsize)got;
      return G_SOURCE_CONTINUE;
    }
  close (fd);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  int fd;
  guint source;
  Linger *linger;
} LingerTimeout;

static gboolean
on_linger_timeout (gpointer user_data)
{
  LingerTimeout *timeout = user_data;

  timeout->linger->timeout = 0;
  g_source_remove (timeout->source);
  close (timeout->fd);
  return G_SOURCE_REMOVE;
}

void
web_linger (int fd)
{
  Linger *linger;
  LingerTimeout *timeout;

  if (n_lingering >= MAX_LINGERING)
    {
      close (fd);
      return;
    }
  n_lingering++;
  linger = g_new0 (Linger, 1);
  linger->left = LINGER_BYTES;
  timeout = g_new0 (LingerTimeout, 1);
  timeout->fd = fd;
  timeout->linger = linger;
  timeout->source
      = g_unix_fd_add_full (G_PRIORITY_LOW, fd, G_IO_IN, on_linger_readable, linger, linger_free);
  linger->timeout = g_timeout_add_seconds_full (G_PRIORITY_LOW, LINGER_TIME, on_linger_timeout,
                                                timeout, g_free);
}
