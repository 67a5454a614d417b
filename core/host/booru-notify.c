/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service manager's protocol of sd_notify(3), which is one datagram. */
#include "booru-notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/booru-fd.h"

static char *socket_path; /* NULL: nobody wants to hear */
static guint64 watchdog;  /* microseconds; 0: nobody watches */

/* A manager that is this slow is not waited for. */
#define PATIENCE_USEC 100000

/**
 * booru_notify_init:
 *
 * Takes the service manager's variables out of the environment, so that children do not speak in
 * our name. While there are no threads yet.
 */
void
booru_notify_init (void)
{
  const char *usec = g_getenv ("WATCHDOG_USEC");
  const char *pid = g_getenv ("WATCHDOG_PID");
  guint64 number;

  g_free (socket_path);
  socket_path = g_strdup (g_getenv ("NOTIFY_SOCKET"));
  watchdog = 0;
  if (usec
      && (pid == NULL
          || (g_ascii_string_to_unsigned (pid, 10, 1, G_MAXINT, &number, NULL)
              && number == (guint64)getpid ()))
      && g_ascii_string_to_unsigned (usec, 10, 1, G_MAXUINT64, &number, NULL))
    watchdog = number;
  g_unsetenv ("NOTIFY_SOCKET");
  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("WATCHDOG_PID");
}

/**
 * booru_notify_get_watchdog:
 *
 * Returns: microseconds within which the service manager wants WATCHDOG=1; 0: it does not
 */
guint64
booru_notify_get_watchdog (void)
{
  return watchdog;
}

/**
 * booru_notify:
 * @format: assignments such as "READY=1", one a line; printf style
 *
 * Tells the service manager, if there is one. A manager whose queue is full is waited for a little:
 * a lost READY=1 would have it kill a host that serves.
 */
void
booru_notify (const char *format, ...)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct timeval patience = { .tv_usec = PATIENCE_USEC };
  g_autofree char *message = NULL;
  booru_autofd int fd = -1;
  gsize length;
  va_list args;

  if (socket_path == NULL || (*socket_path != '/' && *socket_path != '@'))
    return;
  length = strlen (socket_path);
  if (length >= sizeof address.sun_path)
    return;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  memcpy (address.sun_path, socket_path, length);
  if (*socket_path == '@')
    address.sun_path[0] = '\0'; /* abstract: its name is as long as the address says */
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd >= 0)
    setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (fd < 0
      || sendto (fd, message, strlen (message), MSG_NOSIGNAL, (struct sockaddr *)&address,
                 (socklen_t)(offsetof (struct sockaddr_un, sun_path) + length))
             < 0)
    g_debug ("The service manager could not be told “%s”", message);
}
