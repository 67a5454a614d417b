/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/supervise/booru-listener.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"

static void
test_any_port (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruListener) listener = booru_listener_new ("127.0.0.1", 0, NULL, NULL, &error);
  g_autofree char *url = NULL;
  int fd;

  g_assert_no_error (error);
  fd = booru_listener_get_fd (listener);
  g_assert_cmpuint (booru_listener_get_port (listener), >, 0);
  url = g_strdup_printf ("http://127.0.0.1:%u/", booru_listener_get_port (listener));
  g_assert_cmpstr (booru_listener_get_url (listener), ==, url);
  g_assert_true (fcntl (fd, F_GETFD) & FD_CLOEXEC);
  g_assert_true (fcntl (fd, F_GETFL) & O_NONBLOCK);
}

static void
test_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruListener) listener = booru_listener_new ("localhost", 0, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (booru_listener_get_address (listener), ==, "127.0.0.1");
}

static void
test_taken_port (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruListener) first = booru_listener_new ("127.0.0.1", 0, NULL, NULL, &error);
  g_autoptr (BooruListener) second
      = booru_listener_new ("127.0.0.1", booru_listener_get_port (first), NULL, NULL, &error);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", booru_listener_get_port (first));

  g_assert_null (second);
  g_assert_cmpint (booru_error_to_exit_code (error), ==, EX_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, address));
  g_assert_nonnull (strstr (error->message, "--port="));
}

static void
assert_refused (const char *address, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruListener) listener = booru_listener_new (address, 0, NULL, NULL, &error);

  g_assert_null (listener);
  g_assert_cmpint (booru_error_to_exit_code (error), ==, EX_CONFIG);
  g_assert_nonnull (strstr (error->message, address));
  g_assert_nonnull (strstr (error->message, words));
}

static gboolean
say_guarded (gpointer user_data)
{
  ++*(guint *)user_data;
  return TRUE;
}

/* Where everybody is asked who it is, others may come. */
static void
test_guarded (void)
{
  guint n_asked = 0;
  g_autoptr (BooruListener) here = booru_listener_new ("127.0.0.1", 0, say_guarded, &n_asked, NULL);
  g_autoptr (BooruListener) everywhere = NULL;

  g_assert_nonnull (here);
  g_assert_cmpuint (n_asked, ==, 0);
  everywhere = booru_listener_new ("0.0.0.0", 0, say_guarded, &n_asked, NULL);
  g_assert_nonnull (everywhere);
  g_assert_cmpuint (n_asked, >, 0);
}

static void
test_only_loopback (void)
{
  assert_refused ("0.0.0.0", "no accounts");
  assert_refused ("::", "reverse proxy");
  assert_refused ("192.0.2.1", "no accounts");
  assert_refused ("example.org", "not an IP address");
  assert_refused ("", "not an IP address");
}

/* Socket activation, as in sd_listen_fds(3): the sockets begin at descriptor 3. */
static void
test_passed_socket (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruListener) systemd = booru_listener_new ("127.0.0.1", 0, NULL, NULL, NULL);
  g_autoptr (BooruListener) listener = NULL;
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  int saved = fcntl (3, F_DUPFD_CLOEXEC, 10);

  g_assert_cmpint (dup2 (booru_listener_get_fd (systemd), 3), ==, 3);
  g_setenv ("LISTEN_PID", pid, TRUE);
  g_setenv ("LISTEN_FDS", "1", TRUE);
  listener = booru_listener_new ("0.0.0.0", 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (booru_listener_get_fd (listener), ==, 3);
  g_assert_cmpuint (booru_listener_get_port (listener), ==, booru_listener_get_port (systemd));
  g_assert_true (fcntl (3, F_GETFD) & FD_CLOEXEC);
  g_assert_null (g_getenv ("LISTEN_FDS"));

  g_clear_pointer (&listener, booru_listener_free);
  if (saved >= 0)
    {
      dup2 (saved, 3);
      close (saved);
    }
}

/* Sockets that were passed to somebody else are not ours. */
static void
test_socket_of_another (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruListener) listener = NULL;

  g_setenv ("LISTEN_PID", "1", TRUE);
  g_setenv ("LISTEN_FDS", "1", TRUE);
  listener = booru_listener_new ("127.0.0.1", 0, NULL, NULL, &error);
  /* Descriptor 3 is no socket here, so taking it would be an error. */
  g_assert_no_error (error);
  g_assert_null (g_getenv ("LISTEN_FDS"));
}

/* What is no number is neither ours nor to be passed over in silence. */
static void
test_nonsense (void)
{
  static const struct
  {
    const char *pid, *count;
  } cases[] = { { "me", "1" },  { "12x", "1" },         { "", "1" },
                { "-1", "1" },  { NULL, "1x" },         { NULL, "" },
                { NULL, "-1" }, { NULL, "4294967297" }, { NULL, "2" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *own = g_strdup_printf ("%d", getpid ());
      g_autoptr (GError) error = NULL;

      g_setenv ("LISTEN_PID", cases[i].pid ? cases[i].pid : own, TRUE);
      g_setenv ("LISTEN_FDS", cases[i].count, TRUE);
      g_assert_null (booru_listener_new ("127.0.0.1", 0, NULL, NULL, &error));
      g_assert_cmpint (booru_error_to_exit_code (error), ==, EX_CONFIG);
      g_assert_null (g_getenv ("LISTEN_PID"));
    }
}

static void
test_passed_something_else (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  int saved = fcntl (3, F_DUPFD_CLOEXEC, 10);
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  dup2 (fd, 3);
  g_setenv ("LISTEN_PID", pid, TRUE);
  g_setenv ("LISTEN_FDS", "1", TRUE);
  g_assert_null (booru_listener_new ("127.0.0.1", 0, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "ListenStream="));
  if (fd != 3)
    close (fd);
  close (3);
  if (saved >= 0)
    {
      dup2 (saved, 3);
      close (saved);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listener/any-port", test_any_port);
  g_test_add_func ("/listener/names", test_names);
  g_test_add_func ("/listener/taken-port", test_taken_port);
  g_test_add_func ("/listener/only-loopback", test_only_loopback);
  g_test_add_func ("/listener/guarded", test_guarded);
  g_test_add_func ("/listener/passed-socket", test_passed_socket);
  g_test_add_func ("/listener/socket-of-another", test_socket_of_another);
  g_test_add_func ("/listener/nonsense", test_nonsense);
  g_test_add_func ("/listener/passed-something-else", test_passed_something_else);
  return g_test_run ();
}
