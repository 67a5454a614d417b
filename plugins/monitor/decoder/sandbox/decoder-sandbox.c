/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-sandbox.h"

#include "base/booru-error.h"
#include "decoder/protocol/decoder-protocol.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define MAX_FILES 64
/* Processes of the user beyond those that exist at the start. */
#define MORE_PROCESSES 1024
/* Programs and libraries take address space, but no memory of their own, beside the limit. */
#define ROOM_FOR_LIBRARIES (G_GUINT64_CONSTANT (1) << 30)

/* AddressSanitizer reserves terabytes of address space for its shadow. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LIMITS_MEMORY 0
#else
#define LIMITS_MEMORY 1
#endif

static gboolean
set_limit (int resource, const char *name, guint64 value, GError **error)
{
  struct rlimit limit = { value, value };
  struct rlimit old;

  /* Tighter limits are kept. */
  if (getrlimit (resource, &old) == 0 && old.rlim_max != RLIM_INFINITY)
    limit.rlim_cur = limit.rlim_max = MIN (value, old.rlim_max);
  if (setrlimit (resource, &limit) == 0)
    return TRUE;
  return booru_set_errno_error (error, errno, "Cannot limit %s to %" G_GUINT64_FORMAT, name, value);
}

static void *
return_at_once (void *data)
{
  return data;
}

static gboolean
can_make_thread (void)
{
  pthread_t thread;

  return pthread_create (&thread, NULL, return_at_once, NULL) == 0
         && pthread_join (thread, NULL) == 0;
}

/* The kernel counts all processes and threads of the user, even in other containers, and does not
 * report them: try whether a number leaves room. */
static gboolean
limit_processes (GError **error)
{
  struct rlimit limit;
  rlim_t hard, room;

  if (getrlimit (RLIMIT_NPROC, &limit) != 0)
    return booru_set_errno_error (error, errno, "Cannot read the limit on processes");
  hard = limit.rlim_max;
  for (room = MORE_PROCESSES; room < hard / 2; room *= 2)
    {
      limit.rlim_cur = room;
      if (setrlimit (RLIMIT_NPROC, &limit) == 0 && can_make_thread ())
        break;
    }
  return set_limit (RLIMIT_NPROC, "the number of processes", room + MORE_PROCESSES, error);
}

gboolean
decoder_sandbox_limit (GError **error)
{
  signal (SIGXFSZ, SIG_IGN); /* write() fails with EFBIG instead */
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return booru_set_errno_error (error, errno, "Cannot set no_new_privs");
  return set_limit (RLIMIT_CORE, "core dumps", 0, error)
         && set_limit (RLIMIT_FSIZE, "the size of files", DECODER_MAX_OUTPUT, error)
         && set_limit (RLIMIT_NOFILE, "the number of files", MAX_FILES, error)
         && limit_processes (error);
}

gboolean
decoder_sandbox_limit_memory (guint64 limit, GError **error)
{
  if (!LIMITS_MEMORY || limit == 0)
    return TRUE;
  return set_limit (RLIMIT_DATA, "memory", limit, error)
         && set_limit (RLIMIT_AS, "address space", limit + ROOM_FOR_LIBRARIES, error);
}

void
decoder_sandbox_enter (void)
{
  /* Other processes of the user must not read the memory that holds the pictures. */
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  decoder_landlock_enter (NULL, -1);
  decoder_seccomp_enter (FALSE);
}

void
decoder_sandbox_limit_cpu (guint seconds)
{
  struct rusage usage;
  struct rlimit limit;

  if (getrusage (RUSAGE_SELF, &usage) != 0 || getrlimit (RLIMIT_CPU, &limit) != 0)
    return;
  limit.rlim_cur = (rlim_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1 + seconds;
  if (limit.rlim_max != RLIM_INFINITY)
    limit.rlim_cur = MIN (limit.rlim_cur, limit.rlim_max);
  setrlimit (RLIMIT_CPU, &limit);
}
