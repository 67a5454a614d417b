/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Source of the files' format: proc(5). */
#include "booru-process-usage.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *
read_file (GPid pid, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, name);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

/* Seconds since 1970 at which the clock of start times was zero. */
static double
get_boot_time (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL))
    return 0;
  line = strstr (text, "\nbtime ");
  return line ? g_ascii_strtod (line + 7, NULL) : 0;
}

/* The name in parentheses may hold anything; numbers are counted from behind it. */
static gboolean
read_stat (BooruProcessUsage *self, GPid pid)
{
  g_autofree char *text = read_file (pid, "stat");
  const char *end = text ? strrchr (text, ')') : NULL;
  double ticks = (double)sysconf (_SC_CLK_TCK);
  unsigned long user, system;
  unsigned long long started;
  long resident;

  if (end == NULL
      || sscanf (end + 1,
                 " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %u %*d %llu "
                 "%*u %ld",
                 &user, &system, &self->threads, &started, &resident)
             != 5)
    return FALSE;
  self->cpu_seconds = (double)(user + system) / ticks;
  self->start_time = get_boot_time () + (double)started / ticks;
  self->resident = (guint64)resident * (guint64)sysconf (_SC_PAGESIZE);
  return TRUE;
}

static guint64
read_kibibytes (const char *text, const char *key)
{
  const char *line = strstr (text, key);

  return line ? g_ascii_strtoull (line + strlen (key), NULL, 10) * 1024 : 0;
}

static void
read_memory (BooruProcessUsage *self, GPid pid)
{
  g_autofree char *text = read_file (pid, "smaps_rollup");

  if (text)
    self->private_memory
        = read_kibibytes (text, "\nPrivate_Clean:") + read_kibibytes (text, "\nPrivate_Dirty:");
}

static guint
count_fds (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir && g_dir_read_name (dir))
    n++;
  return n;
}

/**
 * booru_process_usage_read:
 * @self: (out): filled in
 * @pid: a process of this user
 *
 * What may not be read is 0.
 *
 * Returns: %FALSE if there is no such process
 */
gboolean
booru_process_usage_read (BooruProcessUsage *self, GPid pid)
{
  *self = (BooruProcessUsage){ 0 };
  if (!read_stat (self, pid))
    return FALSE;
  read_memory (self, pid);
  self->open_fds = count_fds (pid);
  return TRUE;
}

/**
 * booru_process_read_state:
 * @pid: a process
 *
 * Returns: the third field of /proc/PID/stat, after the name in parentheses, which may hold
 *   anything: 'T' for one that was stopped, 't' for one in the hands of a debugger; 0 if there is
 *   none
 */
char
booru_process_read_state (GPid pid)
{
  g_autofree char *text = read_file (pid, "stat");
  const char *end = text ? strrchr (text, ')') : NULL;

  return end && end[1] == ' ' ? end[2] : 0;
}

/**
 * booru_process_read_memory:
 * @pid: a process
 *
 * What booru_process_usage_read() says of private memory takes the kernel a walk over all pages;
 * this is a look at its counters.
 *
 * Returns: bytes of memory that the process holds of its own: what is resident, without files that
 *   are mapped and what is shared; 0 if there is no such process
 */
guint64
booru_process_read_memory (GPid pid)
{
  g_autofree char *text = read_file (pid, "statm");
  unsigned long resident, shared;

  if (text == NULL || sscanf (text, "%*u %lu %lu", &resident, &shared) != 2 || resident < shared)
    return 0;
  return (guint64)(resident - shared) * (guint64)sysconf (_SC_PAGESIZE);
}
