/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parent reads (or does not read) what a child, this program again, logs. */
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-log.h"
#include "test-util.h"

#define FLOOD 20000 /* lines: far more than a pipe holds */

/* What the child does; the first argument names it. */
static int
child (const char *what)
{
  booru_log_init ("booru-test", g_str_equal (what, "verbose"));

  if (g_str_equal (what, "levels") || g_str_equal (what, "verbose"))
    {
      g_message ("a message");
      g_warning ("a warning");
      g_info ("an info");
      g_debug ("a debug");
      g_log ("Other", G_LOG_LEVEL_DEBUG, "a debug of others");
      g_log ("Other", G_LOG_LEVEL_WARNING, "a warning of others");
    }
  else if (g_str_equal (what, "hostile"))
    g_message ("file “%s”", "a\n2026-01-01 forged\x1b[31m\xff\tend é\x7f\r");
  else
    {
      char byte;

      for (int i = 0; i < FLOOD; i++)
        g_message ("line %d of a flood that nobody reads", i);
      /* "The flood is over; say when you have read." */
      if (write (STDOUT_FILENO, "!", 1) != 1 || read (STDIN_FILENO, &byte, 1) != 1)
        return 1;
      g_message ("after the flood");
    }
  return 0;
}

static pid_t
start (const char *what, int in, int out, int err)
{
  g_autoptr (GError) error = NULL;
  const char *command[] = { "/proc/self/exe", "--child", what, NULL };
  GPid pid;

  g_spawn_async_with_pipes_and_fds (NULL, command, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, in,
                                    out, err, NULL, NULL, 0, &pid, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return pid;
}

static void
assert_ended_well (pid_t pid)
{
  int status;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static char *
read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);
  return g_string_free (text, FALSE);
}

static char *
log_to_pipe (const char *what)
{
  int fds[2];
  char *text;
  pid_t pid;

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  pid = start (what, -1, -1, fds[1]);
  close (fds[1]);
  text = read_all (fds[0]);
  close (fds[0]);
  assert_ended_well (pid);
  return text;
}

static void
assert_matches (const char *pattern, const char *text)
{
  if (!g_regex_match_simple (pattern, text, G_REGEX_MULTILINE, 0))
    g_error ("“%s” does not match “%s”", text, pattern);
}

#define STAMP "^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d booru-test\\[\\d+\\]"

static void
test_pipe (void)
{
  g_autofree char *text = log_to_pipe ("levels");

  assert_matches (STAMP ": a message$", text);
  assert_matches (STAMP " WARNING: a warning$", text);
  assert_matches (STAMP " WARNING: Other: a warning of others$", text);
  g_assert_null (strstr (text, "an info"));
  g_assert_null (strstr (text, "a debug"));
  g_assert_null (strchr (text, '\033'));
}

static void
test_verbose (void)
{
  g_autofree char *text = log_to_pipe ("verbose");

  assert_matches (STAMP " INFO: an info$", text);
  assert_matches (STAMP " DEBUG: a debug$", text);
  g_assert_null (strstr (text, "a debug of others"));
}

/* A file's name can neither start a line of its own nor steer a terminal. */
static void
test_hostile (void)
{
  g_autofree char *text = log_to_pipe ("hostile");

  test_assert_contains (text, "“a\n  2026-01-01 forged\\x1b[31m\\xff\tend é\\x7f\\x0d”\n");
}

static void
test_terminal (void)
{
  g_autofree char *text = NULL;
  int controller, terminal;
  pid_t pid;

  if (openpty (&controller, &terminal, NULL, NULL, NULL) < 0)
    {
      g_test_skip ("There are no pseudo-terminals here");
      return;
    }
  fcntl (controller, F_SETFD, FD_CLOEXEC);
  fcntl (terminal, F_SETFD, FD_CLOEXEC);
  g_setenv ("TERM", "xterm", TRUE);
  g_unsetenv ("NO_COLOR");
  pid = start ("levels", -1, -1, terminal);
  close (terminal);
  text = read_all (controller); /* ends with EIO when nobody has the other side any more */
  close (controller);
  assert_ended_well (pid);
  assert_matches ("\033\\[1mbooru-test\033\\[0m a message", text);
  assert_matches ("\033\\[1;33mWARNING:\033\\[0m a warning", text);
}

/* The child gets through its flood though nobody reads, and tells how much was lost when somebody
 * does again. If it waited for its reader, this would never end. */
static void
flood (int reader, int writer)
{
  g_autofree char *text = NULL;
  g_autofree char *drained = NULL;
  int to_child[2], from_child[2];
  pid_t pid;
  char byte;

  g_assert_cmpint (pipe2 (to_child, O_CLOEXEC), ==, 0);
  g_assert_cmpint (pipe2 (from_child, O_CLOEXEC), ==, 0);
  pid = start ("flood", to_child[0], from_child[1], writer);
  close (writer);
  close (to_child[0]);
  close (from_child[1]);
  g_assert_cmpint (read (from_child[0], &byte, 1), ==, 1);

  fcntl (reader, F_SETFL, O_NONBLOCK);
  drained = read_all (reader);
  fcntl (reader, F_SETFL, 0);
  g_assert_cmpint (write (to_child[1], "!", 1), ==, 1);
  text = read_all (reader);
  assert_ended_well (pid);
  close (reader);
  close (to_child[1]);
  close (from_child[0]);

  test_assert_contains (drained, "line 0 of a flood");
  assert_matches ("^booru-test\\[\\d+\\]: \\d+ log lines were lost", text);
  assert_matches (STAMP ": after the flood$", text);
}

static void
test_sleeping_pipe (void)
{
  int fds[2];

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  flood (fds[0], fds[1]);
}

static void
test_sleeping_socket (void)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  flood (fds[0], fds[1]);
}

/* A reader that is gone is no reason to end. */
static void
test_no_reader (void)
{
  int fds[2];
  pid_t pid;

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  close (fds[0]);
  pid = start ("levels", -1, -1, fds[1]);
  close (fds[1]);
  assert_ended_well (pid);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--child"))
    return child (argv[2]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/pipe", test_pipe);
  g_test_add_func ("/log/verbose", test_verbose);
  g_test_add_func ("/log/hostile", test_hostile);
  g_test_add_func ("/log/terminal", test_terminal);
  g_test_add_func ("/log/sleeping-reader/pipe", test_sleeping_pipe);
  g_test_add_func ("/log/sleeping-reader/socket", test_sleeping_socket);
  g_test_add_func ("/log/no-reader", test_no_reader);
  return g_test_run ();
}
