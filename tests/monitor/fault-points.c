/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both open() and open64() are defined here: neither is to stand for the other. */
#undef _FILE_OFFSET_BITS

#include "fault-points.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_uint n_points;
static guint kill_at;
static guint fail_from, fail_length; /* ms */
static int fail_errno;               /* 0: none fails */
static _Atomic gint64 failing_until; /* monotonic µs; 0: not begun */
static gboolean armed;

void
fault_points_arm (void)
{
  const char *kill_text = g_getenv (FAULT_POINTS_KILL);
  const char *fail_text = g_getenv (FAULT_POINTS_FAIL);

  if (kill_text != NULL)
    kill_at = (guint)atoi (kill_text);
  if (fail_text != NULL)
    g_assert_cmpint (sscanf (fail_text, "%d:%u:%u", &fail_errno, &fail_from, &fail_length), ==, 3);
  atomic_store (&n_points, 0);
  armed = TRUE;
}

guint
fault_points_count (void)
{
  return atomic_load (&n_points);
}

static void
reach (const char *when, const char *call)
{
  if (!armed || atomic_fetch_add (&n_points, 1) + 1 != kill_at)
    return;
  fprintf (stderr, "killed %s %s()\n", when, call);
  kill (getpid (), SIGKILL);
  pause ();
}

/* Whether the call is to fail; errno is set then. */
static gboolean
enter (const char *call)
{
  gint64 now;

  if (!armed)
    return FALSE;
  if (fail_errno == 0)
    {
      reach ("before", call);
      return FALSE;
    }
  now = g_get_monotonic_time ();
  if (atomic_fetch_add (&n_points, 1) + 1 == fail_from)
    atomic_store (&failing_until, now + MAX (1, fail_length * G_TIME_SPAN_MILLISECOND));
  else if (now >= atomic_load (&failing_until) || fail_length == 0)
    return FALSE;
  fprintf (stderr, "made %s() fail\n", call);
  errno = fail_errno;
  return TRUE;
}

static void
leave (const char *call)
{
  int saved = errno;

  if (fail_errno == 0)
    reach ("after", call);
  errno = saved;
}

/* Sockets, pipes and the main loop's eventfd are no files. */
static gboolean
is_file (int fd)
{
  struct stat st;

  return fstat (fd, &st) == 0 && S_ISREG (st.st_mode);
}

/* The next definition of @name: the sanitizer's, or the C library's. */
static void *
find_real (const char *name)
{
  void *real = dlsym (RTLD_NEXT, name);

  if (real == NULL)
    abort ();
  return real;
}

#define WRAP(result_type, name, parameters, arguments, concerns)                                   \
  result_type name parameters;                                                                     \
  result_type name parameters                                                                      \
  {                                                                                                \
    static result_type (*real) parameters;                                                         \
    gboolean counts = armed && (concerns);                                                         \
    result_type result;                                                                            \
                                                                                                   \
    if (real == NULL)                                                                              \
      real = (result_type (*) parameters)find_real (#name);                                        \
    if (counts && enter (#name))                                                                   \
      return -1;                                                                                   \
    result = real arguments;                                                                       \
    if (counts)                                                                                    \
      leave (#name);                                                                               \
    return result;                                                                                 \
  }

/* Files are opened in three ways, with or without a mode; only those that are made count. */
#define WRAP_OPEN(name, first_parameters, first_arguments)                                         \
  int name first_parameters;                                                                       \
  int name first_parameters                                                                        \
  {                                                                                                \
    static int (*real) first_parameters;                                                           \
    gboolean makes = armed && (flags & O_CREAT) != 0;                                              \
    mode_t mode = 0;                                                                               \
    int result;                                                                                    \
                                                                                                   \
    if (flags & (O_CREAT | __O_TMPFILE))                                                           \
      {                                                                                            \
        va_list args;                                                                              \
                                                                                                   \
        va_start (args, flags);                                                                    \
        mode = va_arg (args, mode_t);                                                              \
        va_end (args);                                                                             \
      }                                                                                            \
    if (real == NULL)                                                                              \
      real = (int (*) first_parameters)find_real (#name);                                          \
    if (makes && enter (#name))                                                                    \
      return -1;                                                                                   \
    result = real first_arguments;                                                                 \
    if (makes)                                                                                     \
      leave (#name);                                                                               \
    return result;                                                                                 \
  }

WRAP (int, rename, (const char *from, const char *to), (from, to), TRUE)
WRAP (int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), TRUE)
WRAP (int,
      renameat2,
      (int a, const char *from, int b, const char *to, unsigned int flags),
      (a, from, b, to, flags),
      TRUE)
WRAP (int,
      linkat,
      (int a, const char *from, int b, const char *to, int flags),
      (a, from, b, to, flags),
      TRUE)
WRAP (int, unlink, (const char *path), (path), TRUE)
WRAP (int, unlinkat, (int dir, const char *path, int flags), (dir, path, flags), TRUE)
WRAP (int, mkdir, (const char *path, mode_t mode), (path, mode), TRUE)
WRAP (int, mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode), TRUE)
WRAP (int, fsync, (int fd), (fd), TRUE)
WRAP (int, fdatasync, (int fd), (fd), TRUE)
WRAP (int, ftruncate64, (int fd, off64_t length), (fd, length), TRUE)
WRAP (ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), is_file (fd))
WRAP (ssize_t,
      pwrite64,
      (int fd, const void *data, size_t size, off64_t offset),
      (fd, data, size, offset),
      TRUE)
WRAP (ssize_t,
      sendfile64,
      (int to, int from, off64_t *offset, size_t count),
      (to, from, offset, count),
      is_file (to))
WRAP_OPEN (open, (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN (open64, (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN (openat, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))
WRAP_OPEN (openat64, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))
