/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-process.h"
#include "test-util.h"

/* Run as a child: takes a name and shows what others see of it. */
static int
show_title (int argc, char **argv)
{
  g_autofree char *shown = NULL;
  g_autofree char *comm = NULL;
  gsize length;

  booru_process_set_title (argc, argv, "booru-fixture");
  if (g_str_equal (argv[2], "twice"))
    booru_process_set_title (argc, argv, "booru-renamed");
  if (!g_file_get_contents ("/proc/self/cmdline", &shown, &length, NULL)
      || !g_file_get_contents ("/proc/self/comm", &comm, NULL, NULL))
    return 1;
  while (length > 0 && shown[length - 1] == '\0')
    length--;
  for (gsize i = 0; i < length; i++)
    {
      if (shown[i] == '\0')
        shown[i] = '|';
    }
  /* What main() still reads its arguments from is intact. */
  g_print ("%.*s;%s;%s;%s", (int)length, shown, g_strchomp (comm), argv[1], argv[2]);
  return 0;
}

static void
assert_shows (const char *program, const char *argument, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  char *command[] = { "/proc/self/exe", (char *)program, "--title", (char *)argument, NULL };

  g_spawn_sync (NULL, command, NULL, G_SPAWN_FILE_AND_ARGV_ZERO, NULL, NULL, &output, NULL, NULL,
                &error);
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, expected);
}

static void
test_title (void)
{
  assert_shows ("/usr/libexec/booru/booru-worker", "web",
                "booru-fixture|--title|web;booru-fixture;--title;web");
  assert_shows ("/usr/libexec/booru/booru-worker", "twice",
                "booru-renamed|--title|twice;booru-renamed;--title;twice");
}

/* With less room than the title needs, its end is cut off. */
static void
test_title_too_long (void)
{
  assert_shows ("x", "y", "booru-fixtu;booru-fixture;--title;y");
}

static void
test_signals (void)
{
  struct sigaction action;
  sigset_t all;
  sigset_t mask;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  sigfillset (&all);
  sigprocmask (SIG_SETMASK, &all, NULL);
  signal (SIGTERM, SIG_IGN);
  signal (SIGCHLD, SIG_IGN);
  signal (SIGPIPE, SIG_DFL);

  booru_process_reset_signals ();

  sigprocmask (SIG_SETMASK, NULL, &mask);
  for (int number = 1; number < SIGRTMIN; number++)
    g_assert_false (sigismember (&mask, number));
  sigaction (SIGTERM, NULL, &action);
  g_assert_true (action.sa_handler == SIG_DFL);
  sigaction (SIGCHLD, NULL, &action);
  g_assert_true (action.sa_handler == SIG_DFL);
  sigaction (SIGPIPE, NULL, &action);
  g_assert_true (action.sa_handler == SIG_IGN);
}

/* A grandchild that nobody ends: its end of the pipe closes when its parent was killed. */
static void
test_dies_with_parent (void)
{
  int fds[2];
  char byte;
  pid_t parent;

  g_assert_cmpint (pipe (fds), ==, 0);
  parent = fork ();
  if (parent == 0)
    {
      pid_t self = getpid ();

      if (fork () == 0)
        {
          booru_process_die_with_parent (self);
          if (write (fds[1], "!", 1) != 1)
            _exit (1);
        }
      else
        close (fds[1]);
      for (;;)
        pause ();
    }
  close (fds[1]);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 1);
  kill (parent, SIGKILL);
  waitpid (parent, NULL, 0);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 0);
  close (fds[0]);
}

/* The parent ended before the kernel was told to watch it. */
static void
test_parent_gone (void)
{
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      booru_process_die_with_parent (getpid ()); /* somebody else than its parent */
      _exit (0);
    }
  waitpid (child, &status, 0);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

/* Closed ones are /dev/null, and what is open stays. */
static void
test_standard_files (void)
{
  for (int closed = 0; closed < 8; closed++)
    {
      int status;
      pid_t child = fork ();

      if (child == 0)
        {
          struct stat before[3], after, null;
          gboolean good = stat ("/dev/null", &null) == 0;

          for (int fd = 0; fd < 3; fd++)
            {
              good = good && dup2 (STDERR_FILENO, fd) == fd && fstat (fd, &before[fd]) == 0;
              if (closed & 1 << fd)
                before[fd] = null;
            }
          for (int fd = 0; fd < 3; fd++)
            if (closed & 1 << fd)
              close (fd);
          booru_process_open_standard_files ();
          for (int fd = 0; fd < 3; fd++)
            good = good && fstat (fd, &after) == 0 && after.st_rdev == before[fd].st_rdev
                   && after.st_ino == before[fd].st_ino;
          _exit (good ? 0 : 1);
        }
      waitpid (child, &status, 0);
      g_assert_cmpint (status, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--title"))
    return show_title (argc, argv);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process/title", test_title);
  g_test_add_func ("/process/title-too-long", test_title_too_long);
  g_test_add_func ("/process/standard-files", test_standard_files);
  g_test_add_func ("/process/signals", test_signals);
  g_test_add_func ("/process/dies-with-parent", test_dies_with_parent);
  g_test_add_func ("/process/parent-gone", test_parent_gone);
  return g_test_run ();
}
