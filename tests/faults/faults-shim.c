/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preloaded into the program by a test: stands before libc, and does as the page says that it
 * shares with the test. Without one, and in what it does not know of, it is libc. */
#include "faults-shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__ ((visibility ("default")))

static FaultsShim *shim;

__attribute__ ((constructor)) static void
set_up (void)
{
  const char *path = getenv (FAULTS_SHIM_VARIABLE);
  int fd = path ? open (path, O_RDWR | O_CLOEXEC) : -1;
  void *page;

  if (fd < 0)
    return;
  page = mmap (NULL, sizeof *shim, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close (fd);
  if (page != MAP_FAILED)
    shim = page;
}

/* The clock: what people read, and nothing else. */

EXPORT int
clock_gettime (clockid_t id, struct timespec *now)
{
  int result = (int)syscall (SYS_clock_gettime, id, now);

  if (result == 0 && shim && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
    now->tv_sec += shim->clock_offset;
  return result;
}

EXPORT int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  struct timespec precise;

  clock_gettime (CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

EXPORT time_t
time (time_t *now)
{
  struct timespec precise;

  clock_gettime (CLOCK_REALTIME, &precise);
  if (now)
    *now = precise.tv_sec;
  return precise.tv_sec;
}

/* Processes and threads. */

static int
is_refused (void)
{
  if (!shim || !shim->no_processes)
    return 0;
  __atomic_fetch_add (&shim->n_refused, 1, __ATOMIC_SEQ_CST);
  return 1;
}

EXPORT pid_t
fork (void)
{
  pid_t (*real) (void) = (pid_t (*) (void))dlsym (RTLD_NEXT, "fork");

  if (!is_refused ())
    return real ();
  errno = EAGAIN;
  return -1;
}

typedef int (*SpawnFunc) (pid_t *,
                          const char *,
                          const posix_spawn_file_actions_t *,
                          const posix_spawnattr_t *,
                          char *const[],
                          char *const[]);

EXPORT int
posix_spawn (pid_t *pid,
             const char *path,
             const posix_spawn_file_actions_t *actions,
             const posix_spawnattr_t *attributes,
             char *const argv[],
             char *const environment[])
{
  SpawnFunc real = (SpawnFunc)dlsym (RTLD_NEXT, "posix_spawn");

  return is_refused () ? EAGAIN : real (pid, path, actions, attributes, argv, environment);
}

EXPORT int
posix_spawnp (pid_t *pid,
              const char *name,
              const posix_spawn_file_actions_t *actions,
              const posix_spawnattr_t *attributes,
              char *const argv[],
              char *const environment[])
{
  SpawnFunc real = (SpawnFunc)dlsym (RTLD_NEXT, "posix_spawnp");

  return is_refused () ? EAGAIN : real (pid, name, actions, attributes, argv, environment);
}

EXPORT int
pthread_create (pthread_t *thread,
                const pthread_attr_t *attributes,
                void *(*start) (void *),
                void *data)
{
  int (*real) (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *)
      = (int (*) (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym (
          RTLD_NEXT, "pthread_create");

  return is_refused () ? EAGAIN : real (thread, attributes, start, data);
}
