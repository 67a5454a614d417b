/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A mount namespace for a test: what is mounted in it goes with the process. */
#pragma once

#include <glib.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static inline gboolean
mount_namespace_enter_private (void)
{
  return unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* In a chroot the kernel may give paths from outside of it once the namespace is another one. */
static inline gboolean
mount_namespace_program_is_at (const struct stat *program)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);
  struct stat now;

  return path && stat (path, &now) == 0 && now.st_dev == program->st_dev
         && now.st_ino == program->st_ino;
}

/* Enters a mount namespace in which mounting works, or stays in the present one: it is tried in a
 * child first. Call it before there is any thread: each would keep the namespace that it began in.
 * Returns NULL, or why the process stayed where it was. */
static inline const char *
mount_namespace_enter (void)
{
  static const char *const reasons[] = {
    NULL,
    "needs root, and a root folder that is a mount point (not a plain chroot)",
    "mounting is not allowed here",
    "a program would not find its own path in a mount namespace of this chroot",
  };
  struct stat program;
  guint code;
  int status;
  pid_t pid;

  g_assert_cmpint (stat ("/proc/self/exe", &program), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      if (!mount_namespace_enter_private ())
        _exit (1);
      if (!mount_namespace_program_is_at (&program))
        _exit (3);
      _exit (mount ("none", g_get_tmp_dir (), "tmpfs", 0, "size=1m") == 0 ? 0 : 2);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  code = WEXITSTATUS (status);
  g_assert_cmpuint (code, <, G_N_ELEMENTS (reasons));
  if (code == 0)
    g_assert_true (mount_namespace_enter_private ());
  return reasons[code];
}
