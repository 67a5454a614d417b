/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The address: whether the host will accept it, and whether the port is free. */
#include "ctl/doctor/doctor.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/booru-paths.h"

/* Binds like the host, but does not listen, so nobody can connect. Returns an errno. */
static int
try_to_bind (GInetAddress *address, guint port)
{
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new (address, port);
  struct sockaddr_storage native;
  gssize length = g_socket_address_get_native_size (socket_address);
  int one = 1;
  int errnum = 0;
  int fd;

  if (!g_socket_address_to_native (socket_address, &native, sizeof native, NULL))
    return EINVAL;
  fd = socket (g_socket_address_get_family (socket_address), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (fd, (struct sockaddr *)&native, length) != 0)
    errnum = errno;
  close (fd);
  return errnum;
}

static void
check_port (Doctor *self, GInetAddress *address, guint port)
{
  g_autofree char *subject = g_strdup_printf ("port %u", port);
  int errnum;

  doctor_user_enter (self);
  errnum = try_to_bind (address, port);
  doctor_user_leave (self);
  if (errnum == 0)
    doctor_ok (self->report, subject, "is free");
  else if (errnum == EADDRINUSE)
    {
      doctor_warning (self->report, subject, "is in use by another program, or by a socket unit");
      doctor_report_advise (self->report,
                            "Fine if booru-host.socket holds it. Otherwise “ss -ltnp” shows who "
                            "does; stop that, or set another port");
    }
  else if (errnum == EACCES)
    {
      doctor_error (self->report, subject, "can't be used by the user %s", self->user.name);
      doctor_report_advise (self->report, "Set a port of 1024 or higher");
    }
  else
    {
      doctor_error (self->report, subject, "cannot be used: %s", g_strerror (errnum));
      doctor_report_advise (self->report, "Set another address or port");
    }
}

/* Asked of the program that the host asks, too. */
static gboolean
is_guarded (Doctor *self)
{
  g_autofree char *header = doctor_get_text (self, NULL, "user-header");
  g_autofree char *data_dir = g_strconcat ("--data-dir=", self->data_dir, NULL);
  g_autofree char *database = doctor_get_text (self, NULL, "database");
  g_autofree char *option = g_strconcat ("--database=", database, NULL);
  const char *command[] = { booru_paths_get_accounts_program (), data_dir, option, "check", NULL };
  gboolean has_accounts;
  int status;

  doctor_user_enter (self);
  has_accounts = g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                               NULL, NULL, &status, NULL)
                 && g_spawn_check_wait_status (status, NULL);
  doctor_user_leave (self);
  return *header || has_accounts;
}

void
doctor_check_address (Doctor *self)
{
  g_autofree char *text = doctor_get_text (self, NULL, "address");
  guint port = (guint)doctor_get_number (self, NULL, "port");
  g_autoptr (GInetAddress) address = g_str_equal (text, "localhost")
                                         ? g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4)
                                         : g_inet_address_new_from_string (text);

  if (address == NULL)
    doctor_error (self->report, "address", "“%s” is not an IP address", text);
  else if (!g_inet_address_get_is_loopback (address) && !is_guarded (self))
    doctor_error (
        self->report, "address",
        "is %s, which others can reach: there are no accounts yet, and booru-host refuses "
        "to serve it",
        text);
  else
    {
      doctor_ok (self->report, "address",
                 g_inet_address_get_is_loopback (address) ? "is %s: this computer only"
                                                          : "is %s: whoever signs in may use it",
                 text);
      if (self->ctl->host == NULL && port > 0)
        check_port (self, address, port);
      return;
    }
  doctor_report_advise (
      self->report, "Create an account: “booructl user add NAME”. Or set the address to 127.0.0.1 "
                    "or ::1, with a reverse proxy that asks for a password in front: “Behind "
                    "nginx” in docs/administration.md");
}
