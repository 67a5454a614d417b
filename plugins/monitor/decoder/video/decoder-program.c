/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "decoder/pixels/decoder-refusal.h"
#include "decoder/sandbox/decoder-launcher.h"

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
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "%s exceeded the limit of output",
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
  off_t size = lseek (fd, 0, SEEK_END);
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
                 "%s exceeded the limit of processor time (setting decode-timeout)", program);
  else if (WIFEXITED (status) && WEXITSTATUS (status) == DECODER_LAUNCHER_NOT_RUN)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO, "Cannot run %s: %s", program, words);
  else if (WIFSIGNALED (status))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "%s crashed (SIG%s)", program,
                 sigabbrev_np (WTERMSIG (status)));
  else if (strstr (words, "Cannot allocate memory") != NULL)
    decoder_refusal_set_memory (error, words);
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "%s cannot read the file: %s", program,
                 *words ? words : "no reason given");
  return FALSE;
}

/* Reads and waits. A program that writes too much is not killed: it cannot write any further. */
static GByteArray *
run (const char *const *argv,
     const int fds[3],
     int from_program,
     gsize max_output,
     guint max_seconds,
     GError **error)
{
  g_autoptr (GByteArray) output = g_byte_array_new ();
  g_autofree char *name = g_path_get_basename (argv[0]);
  pid_t pid = decoder_launcher_run (argv, fds, max_seconds, error);
  int status = 0;
  gboolean ok;

  close (fds[1]);
  ok = pid > 0 && read_output (from_program, max_output, output, name, error);
  close (from_program);
  while (pid > 0 && waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  /* What is killed from outside says nothing about the file: let the monitor see that. */
  if (ok && WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL)
    raise (SIGKILL);
  ok = ok && (max_seconds > 0 || check_status (status, name, fds[2], error));
  return ok ? g_steal_pointer (&output) : NULL;
}

GByteArray *
decoder_program_run (const char *const *argv,
                     int input,
                     gsize max_output,
                     guint max_seconds,
                     GError **error)
{
  /* Errors go to an unnamed file, which need not be read while the program runs. */
  int errors = memfd_create ("errors", MFD_CLOEXEC);
  GByteArray *output = NULL;
  int pipe_fds[2];

  if (errors < 0 || pipe2 (pipe_fds, O_CLOEXEC) != 0)
    booru_set_errno_error (error, errno, "Cannot run %s", argv[0]);
  else
    output = run (argv, (int[]){ input, pipe_fds[1], errors }, pipe_fds[0], max_output, max_seconds,
                  error);
  if (errors >= 0)
    close (errors);
  return output;
}
