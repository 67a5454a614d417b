/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The memory in which the kernel laid the arguments down, one after the other. */
static char *area_start;
static gsize area_size;

static void
take_argument_area (int argc, char **argv)
{
  char *end = argv[0];

  area_start = argv[0];
  for (int i = 0; i < argc && argv[i] == end; i++)
    end = argv[i] + strlen (argv[i]) + 1;
  area_size = (gsize)(end - area_start);

  /* argv stays usable: its strings are copies from here on, and live as long as the process. */
  for (int i = 0; i < argc; i++)
    argv[i] = g_strdup (argv[i]);
  program_invocation_name = argv[0];
  program_invocation_short_name = strrchr (argv[0], '/') ? strrchr (argv[0], '/') + 1 : argv[0];
}

/**
 * booru_process_set_title:
 * @argc: main()'s
 * @argv: main()'s; its strings are replaced by copies
 * @name: the name to show, e.g. "booru-web"
 *
 * Makes ps, top and /proc/PID/comm show @name in place of the program's, followed by the arguments
 * as far as there is room. The kernel shows the first 15 bytes as the short name. To be called from
 * the main thread.
 */
void
booru_process_set_title (int argc, char **argv, const char *name)
{
  char *at;
  gsize room;

  prctl (PR_SET_NAME, name);
  g_set_prgname (name);
  if (argc < 1)
    return;
  if (area_start == NULL)
    take_argument_area (argc, argv);

  /* The last byte stays 0: else the kernel would take the environment for a part of the title. */
  memset (area_start, 0, area_size);
  at = area_start;
  room = area_size;
  for (int i = 0; i < argc && room > 1; i++)
    {
      const char *argument = i == 0 ? name : argv[i];
      gsize length = MIN (strlen (argument), room - 1);

      memcpy (at, argument, length);
      at += length + 1;
      room -= length + 1;
    }
}

/**
 * booru_process_open_standard_files:
 *
 * Opens /dev/null in place of standard input, output and error where they are closed. First thing
 * in main(): else the next file that is opened has their number, and what is printed ends up in it.
 */
void
booru_process_open_standard_files (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close (fd);
}

/**
 * booru_process_reset_signals:
 *
 * Gives all signals their default disposition, but for SIGPIPE, which is ignored, and empties the
 * mask. First thing in a child's main(): both are inherited.
 */
void
booru_process_reset_signals (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL };
  sigset_t none;

  for (int number = 1; number < NSIG; number++)
    {
      action.sa_handler = number == SIGPIPE ? SIG_IGN : SIG_DFL;
      sigaction (number, &action, NULL); /* fails for KILL, STOP and glibc's own: as it should */
    }
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

/**
 * booru_process_die_with_parent:
 * @parent: pid of the process to outlive by nothing, as it told us; 0: the present parent
 *
 * Has the kernel kill this process when the thread that spawned it ends. If @parent is gone
 * already, this process ends here and now. Not inherited by children.
 */
void
booru_process_die_with_parent (pid_t parent)
{
  pid_t present = getppid ();

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != (parent ? parent : present))
    raise (SIGKILL);
}
