/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-sandbox.h"

#include "base/booru-error.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* A thumbnail or sample never comes near. */
#define MAX_OUTPUT (64 * 1024 * 1024)
#define MAX_FILES 64
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

  /* What is tighter already stays. */
  if (getrlimit (resource, &old) == 0 && old.rlim_max != RLIM_INFINITY)
    limit.rlim_cur = limit.rlim_max = MIN (value, old.rlim_max);
  if (setrlimit (resource, &limit) == 0)
    return TRUE;
  return booru_set_errno_error (error, errno, "Cannot limit %s to %" G_GUINT64_FORMAT, name, value);
}

static gboolean
set_limits (guint64 memory_limit, GError **error)
{
  signal (SIGXFSZ, SIG_IGN); /* write() fails with EFBIG instead */
  if (LIMITS_MEMORY && memory_limit > 0
      && (!set_limit (RLIMIT_DATA, "memory", memory_limit, error)
          || !set_limit (RLIMIT_AS, "address space", memory_limit + ROOM_FOR_LIBRARIES, error)))
    return FALSE;
  return set_limit (RLIMIT_CORE, "core dumps", 0, error)
         && set_limit (RLIMIT_FSIZE, "the size of files", MAX_OUTPUT, error)
         && set_limit (RLIMIT_NOFILE, "the number of files", MAX_FILES, error);
}

gboolean
decoder_sandbox_enter (const DecoderSandboxOptions *options, GError **error)
{
  if (!set_limits (options->memory_limit, error))
    return FALSE;
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return booru_set_errno_error (error, errno, "Cannot give up gaining privileges");
  /* Nobody of the same user looks into the memory that holds the user's pictures. */
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  decoder_landlock_enter (options);
  decoder_seccomp_enter (options->video_fd >= 0);
  return TRUE;
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
