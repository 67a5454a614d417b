/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gio/gio.h>

#include "base/booru-error.h"
#include "base/booru-fd.h"
#include "host/settings/booru-address.h"

#define BACKLOG 2048

/* The first descriptor that systemd passes: sd_listen_fds(3). */
#define LISTEN_FDS_START 3

struct _BooruListener
{
  int fd;
  char *address;
  guint port;
  char *url;
};

void
booru_listener_free (BooruListener *self)
{
  booru_clear_fd (&self->fd);
  g_free (self->address);
  g_free (self->url);
  g_free (self);
}

static gboolean
bind_and_listen (int fd, GSocketAddress *address, GError **error)
{
  struct sockaddr_storage native;
  gssize length = g_socket_address_get_native_size (address);
  int one = 1;

  if (!g_socket_address_to_native (address, &native, sizeof native, NULL))
    return booru_set_errno_error (error, EINVAL, "Cannot listen");

  /* Connections of the previous run that linger are no reason to refuse to start. */
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (fd, (struct sockaddr *)&native, length) == 0 && listen (fd, BACKLOG) == 0)
    return TRUE;

  if (errno == EADDRINUSE)
    {
      g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));

      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                   "Cannot listen on %s: another program does already. Choose another port with "
                   "--port=N, or --port=0 for any that is free",
                   text);
      return FALSE;
    }
  {
    int errnum = errno;
    g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));

    return booru_set_errno_error (
        error, errnum, "Cannot listen on %s (choose another with --address and --port)", text);
  }
}

typedef struct
{
  BooruListenerGuarded is_guarded; /* NULL: it is not */
  gpointer user_data;
} Guard;

static gboolean
check_guard (const Guard *guard, GInetAddress *address, GError **error)
{
  gboolean guarded = !g_inet_address_get_is_loopback (address) && guard->is_guarded
                     && guard->is_guarded (guard->user_data);

  return booru_address_check (address, guarded, error);
}

static int
open_socket (const char *text, guint port, const Guard *guard, GError **error)
{
  g_autoptr (GInetAddress) address = booru_address_parse (text, error);
  g_autoptr (GSocketAddress) socket_address = NULL;
  booru_autofd int fd = -1;

  if (address == NULL || !check_guard (guard, address, error))
    return -1;

  socket_address = g_inet_socket_address_new (address, port);
  fd = socket (g_socket_address_get_family (socket_address),
               SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    {
      booru_set_errno_error (error, errno, "Cannot listen on %s", text);
      return -1;
    }
  return bind_and_listen (fd, socket_address, error) ? booru_steal_fd (&fd) : -1;
}

/* Fills in address, port and URL from the socket itself: the kernel may have picked the port. */
static gboolean
read_name (BooruListener *self, const Guard *guard, GError **error)
{
  struct sockaddr_storage native;
  socklen_t length = sizeof native;
  g_autoptr (GSocketAddress) address = NULL;
  GInetAddress *inet;

  if (getsockname (self->fd, (struct sockaddr *)&native, &length) == 0)
    address = g_socket_address_new_from_native (&native, length);
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "The socket that was passed in is no TCP socket: correct ListenStream= in the "
                   "socket unit");
      return FALSE;
    }

  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  if (!check_guard (guard, inet, error))
    return FALSE;
  self->address = g_inet_address_to_string (inet);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6)
    self->url = g_strdup_printf ("http://[%s]:%u/", self->address, self->port);
  else
    self->url = g_strdup_printf ("http://%s:%u/", self->address, self->port);
  return TRUE;
}

/* How many sockets were passed to this very process; -1 with @error: what the variables say is
 * nonsense, which is no reason to bind something else in silence. */
static int
count_passed_sockets (GError **error)
{
  const char *pid = g_getenv ("LISTEN_PID");
  const char *count = g_getenv ("LISTEN_FDS");
  guint64 number = 0;

  if (pid == NULL || count == NULL)
    return 0;
  if (!g_ascii_string_to_unsigned (pid, 10, 1, G_MAXINT, &number, NULL))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "LISTEN_PID=%s in the environment is no process id: start the program by a "
                   "socket unit, or unset LISTEN_PID and LISTEN_FDS",
                   pid);
      return -1;
    }
  if (number != (guint64)getpid ())
    return 0;
  if (!g_ascii_string_to_unsigned (count, 10, 0, G_MAXINT - LISTEN_FDS_START, &number, NULL))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "LISTEN_FDS=%s in the environment is no number of sockets: start the program "
                   "by a socket unit, or unset LISTEN_PID and LISTEN_FDS",
                   count);
      return -1;
    }
  return (int)number;
}

/* Without this, a descriptor that is something else would be found out about in a child. */
static gboolean
check_passed_socket (int fd, GError **error)
{
  int type = 0, listening = 0;
  socklen_t length = sizeof type;

  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM
      && getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 && listening)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "What was passed in is no listening TCP socket: the socket unit needs ListenStream= "
               "and Accept=no");
  return FALSE;
}

/* Socket activation, after sd_listen_fds(3). Returns the descriptor; -1: there is none. */
static int
take_passed_socket (GError **error)
{
  int n_fds = count_passed_sockets (error);

  /* Not for our children. */
  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");

  if (n_fds > 1)
    g_set_error (
        error, BOORU_ERROR, BOORU_ERROR_CONFIG,
        "%d sockets were passed in, but one is used: leave one ListenStream= in the socket "
        "unit",
        n_fds);
  if (n_fds != 1 || !check_passed_socket (LISTEN_FDS_START, error))
    return -1;
  fcntl (LISTEN_FDS_START, F_SETFD, FD_CLOEXEC);
  fcntl (LISTEN_FDS_START, F_SETFL, fcntl (LISTEN_FDS_START, F_GETFL) | O_NONBLOCK);
  /* systemd's own Backlog= may be smaller; asking again changes it. */
  listen (LISTEN_FDS_START, BACKLOG);
  return LISTEN_FDS_START;
}

/**
 * booru_listener_new:
 * @address: an IP address, or "localhost"
 * @port: a TCP port; 0: the kernel picks one
 * @guarded: (nullable): whether everybody is asked who it is; %NULL: nobody is
 * @user_data: for @guarded
 * @error: BOORU_ERROR_CONFIG for an address that others reach, unless it is guarded;
 *   BOORU_ERROR_EXISTS for a port that is taken
 *
 * Takes the socket that systemd passed in, or else binds one. It is non-blocking and close-on-exec.
 *
 * Returns: (transfer full): the listener
 */
BooruListener *
booru_listener_new (const char *address,
                    guint port,
                    BooruListenerGuarded guarded,
                    gpointer user_data,
                    GError **error)
{
  g_autoptr (BooruListener) self = g_new0 (BooruListener, 1);
  Guard guard = { guarded, user_data };
  g_autoptr (GError) local_error = NULL;

  self->fd = take_passed_socket (&local_error);
  if (self->fd < 0 && local_error == NULL)
    self->fd = open_socket (address, port, &guard, &local_error);
  if (self->fd < 0 || !read_name (self, &guard, &local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&self);
}

int
booru_listener_get_fd (BooruListener *self)
{
  return self->fd;
}

const char *
booru_listener_get_address (BooruListener *self)
{
  return self->address;
}

guint
booru_listener_get_port (BooruListener *self)
{
  return self->port;
}

const char *
booru_listener_get_url (BooruListener *self)
{
  return self->url;
}
