/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The limits of the kernel for the user of the host. */
#include "ctl/doctor/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/booru-names.h"

/* The monitor leaves the rest to other programs of the user (monitor-watcher.c). */
#define SHARE_OF_WATCHES 80
/* Descriptors of a web process beside its connections: database, sockets, files being sent. */
#define OTHER_DESCRIPTORS 160

/* The lower one of the system's limit and that of the user namespace, as in a container. */
static guint64
read_limit (const char *name, const char *namespace_name)
{
  const char *folder = g_getenv (BOORU_ENV_SYSCTL_DIR);
  const char *const names[] = { name, namespace_name };
  guint64 limit = G_MAXUINT64;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder ? folder : "/proc/sys", names[i], NULL);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL))
        limit = MIN (limit, g_ascii_strtoull (text, NULL, 10));
    }
  return limit;
}

static void
check_watches (Doctor *self)
{
  guint64 limit = read_limit ("fs/inotify/max_user_watches", "user/max_inotify_watches");
  guint64 interval = doctor_get_number (self, "monitor", "reconcile-interval");
  guint64 usable = limit / 100 * SHARE_OF_WATCHES;
  guint64 needed;
  const char *more;

  if (limit == G_MAXUINT64)
    return; /* no /proc */
  if (limit < G_MAXUINT64 / 100)
    usable = limit * SHARE_OF_WATCHES / 100;
  doctor_walk_libraries (self);
  needed = self->trees.n_directories;
  more = self->trees.complete ? "" : "more than ";
  if (needed > usable)
    {
      doctor_warning (self->report, "inotify watches",
                      "%" G_GUINT64_FORMAT " folders can be watched, but the library has "
                      "%s%" G_GUINT64_FORMAT ": changes in the others are found every "
                      "%" G_GUINT64_FORMAT " s only",
                      usable, more, needed, interval);
      doctor_report_advise (
          self->report,
          "Raise the limit: “sysctl fs.inotify.max_user_watches=%" G_GUINT64_FORMAT
          "” as root, and the same line without “sysctl ” in "
          "/etc/sysctl.d/90-booru-host.conf so that it stays",
          MAX (needed * 2, 524288));
    }
  else if (!self->trees.complete)
    doctor_note (self->report, "inotify watches",
                 "%" G_GUINT64_FORMAT
                 " folders can be watched; the library has more than %" G_GUINT64_FORMAT
                 "; counting all of them would take too long here",
                 usable, needed);
  else
    doctor_ok (self->report, "inotify watches",
               "%" G_GUINT64_FORMAT " folders can be watched, the library has %" G_GUINT64_FORMAT,
               usable, needed);
}

/* Found by creating one: the use by other programs cannot be read anywhere. */
static void
check_instances (Doctor *self)
{
  guint64 limit = read_limit ("fs/inotify/max_user_instances", "user/max_inotify_instances");
  int errnum = 0;
  int fd;

  doctor_user_enter (self);
  fd = limit > 0 ? inotify_init1 (IN_CLOEXEC) : -1;
  errnum = limit > 0 ? errno : EMFILE;
  doctor_user_leave (self);
  if (fd >= 0)
    {
      close (fd);
      doctor_ok (self->report, "inotify", "an inotify instance is available, of %" G_GUINT64_FORMAT,
                 limit);
      return;
    }
  doctor_warning (
      self->report, "inotify",
      "no inotify instance is left for the user %s (%s): changes are only found by scanning",
      self->user.name, g_strerror (errnum));
  doctor_report_advise (self->report,
                        "Raise fs.inotify.max_user_instances by sysctl (it is %" G_GUINT64_FORMAT
                        "), or end programs that watch many folders",
                        limit);
}

/* The limit of the running host, else of one started here. Web processes raise theirs as far as
 * they may. */
static rlim_t
get_descriptors (Doctor *self)
{
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
  pid_t pid = self->ctl->host ? (pid_t)booru_host1_get_pid (self->ctl->host) : 0;

  if (prlimit (pid, RLIMIT_NOFILE, NULL, &limit) != 0 && pid != 0)
    prlimit (0, RLIMIT_NOFILE, NULL, &limit);
  return limit.rlim_max;
}

static void
check_descriptors (Doctor *self)
{
  guint64 connections = doctor_get_number (self, "web", "max-connections");
  rlim_t limit = get_descriptors (self);
  guint64 needed = 2 * connections + OTHER_DESCRIPTORS; /* a file for each */

  if (limit == RLIM_INFINITY || limit >= needed)
    {
      doctor_ok (self->report, "open files",
                 "%" G_GUINT64_FORMAT " per process, %" G_GUINT64_FORMAT " needed", (guint64)limit,
                 needed);
      return;
    }
  doctor_warning (self->report, "open files",
                  "each process may have %" G_GUINT64_FORMAT
                  ", but the setting web.max-connections "
                  "is %" G_GUINT64_FORMAT ": fewer are kept open",
                  (guint64)limit, connections);
  doctor_report_advise (self->report,
                        "Raise it: LimitNOFILE=65536 in the service unit, or “ulimit -n 65536” "
                        "before booru-host is started; or lower web.max-connections");
}

void
doctor_check_limits (Doctor *self)
{
  check_watches (self);
  check_instances (self);
  check_descriptors (self);
}
