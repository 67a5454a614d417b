/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-program.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "decoder-refusal.h"

/* Between fork and exec. Dies with us, and by SIGXCPU when its time is over. */
static void
prepare_child (gpointer user_data)
{
  guint max_seconds = GPOINTER_TO_UINT (user_data);
  struct rlimit limit;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (max_seconds > 0 && getrlimit (RLIMIT_CPU, &limit) == 0)
    {
      limit.rlim_cur = MIN (limit.rlim_max, max_seconds);
      setrlimit (RLIMIT_CPU, &limit);
    }
}

static gboolean
read_output (int fd, gsize max_output, GByteArray *output, const char *program, GError **error)
{
  guint8 buffer[65536];

  while (TRUE)
    {
      ssize_t n = read (fd, buffer, sizeof buffer);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return booru_set_errno_error (error, errno, "Cannot read what %s writes", program);
      if (n == 0)
        return TRUE;
      if (output->len + (gsize)n > max_output)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "%s writes more than is allowed",
                       program);
          return FALSE;
        }
      g_byte_array_append (output, buffer, (guint)n);
    }
}

/* The last line that the program wrote to stderr, or "". */
static char *
dup_last_words (int fd)
{
  char text[4096];
  off_t size = fd >= 0 ? lseek (fd, 0, SEEK_END) : 0;
  ssize_t n
      = size > 0 ? pread (fd, text, sizeof text - 1, MAX (0, size - (off_t)sizeof text + 1)) : 0;
  g_autofree char *valid = g_utf8_make_valid (text, MAX (0, n));
  const char *line;

  g_strchomp (valid);
  line = strrchr (valid, '\n');
  return g_strdup (line != NULL ? line + 1 : valid);
}

static gboolean
check_status (int status, const char *program, int errors, GError **error)
{
  g_autofree char *words = dup_last_words (errors);

  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;
  if (WIFSIGNALED (status) && WTERMSIG (status) == SIGXCPU)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "%s took more processor time than is allowed (setting decode-timeout)", program);
  else if (WIFSIGNALED (status))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "%s crashed (SIG%s)", program,
                 sigabbrev_np (WTERMSIG (status)));
  else if (strstr (words, "Cannot allocate memory") != NULL)
    decoder_refusal_set_memory (error, words);
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "%s cannot read the file: %s", program,
                 *words ? words : "it does not say why");
  return FALSE;
}

GByteArray *
decoder_program_run (const char *const *argv,
                     int input,
                     gsize max_output,
                     guint max_seconds,
                     GError **error)
{
  g_autoptr (GByteArray) output = g_byte_array_new ();
  g_autoptr (GError) spawn_error = NULL;
  g_autofree char *name = g_path_get_basename (argv[0]);
  /* Words in a file without a name: nobody has to read them while the program runs. */
  int errors = memfd_create ("errors", MFD_CLOEXEC);
  int from_program = -1;
  int status = 0;
  GPid pid;
  gboolean ok;

  /* All our descriptors are closed on exec. */
  if (!g_spawn_async_with_pipes_and_fds (
          NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
          prepare_child, GUINT_TO_POINTER (max_seconds), input, -1, errors, NULL, NULL, 0, &pid,
          NULL, &from_program, NULL, &spawn_error))
    {
      if (errors >= 0)
        close (errors);
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO, "Cannot run %s: %s", argv[0],
                   spawn_error->message);
      return NULL;
    }
  ok = read_output (from_program, max_output, output, name, error);
  close (from_program);
  if (!ok)
    kill (pid, SIGKILL);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  /* What is killed from outside says nothing about the file: let the monitor see that. */
  if (ok && WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL)
    raise (SIGKILL);
  ok = ok && (max_seconds > 0 || check_status (status, name, errors, error));
  if (errors >= 0)
    close (errors);
  return ok ? g_steal_pointer (&output) : NULL;
}
