/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-launcher.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-process.h"
#include "decoder-sandbox.h"

#define MAX_WORDS 64

/* The first message, with the file that programs may open. */
typedef struct
{
  guint64 memory_limit;
  guint32 timeout;
} Preparation;

/* Each further one, with three open files. The answer is the process's number, or -errno. */
typedef struct
{
  guint32 max_seconds;
  guint32 size;     /* of words */
  char words[4096]; /* argv, one after the other, each with its end */
} Order;

static int launcher_fd = -1;
static pid_t launcher;

/* A child of the decoder's, which waits for it: not of ours. */
static pid_t
fork_sibling (void)
{
#if defined(__s390__)
  return (pid_t)syscall (SYS_clone, NULL, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL);
#else
  return (pid_t)syscall (SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
#endif
}

/* Dies with the decoder: the sandbox leaves it no choice. */
G_NORETURN static void
become_program (char **argv, const int fds[3], guint max_seconds, pid_t decoder)
{
  struct rlimit limit;

  booru_process_die_with_parent (decoder);
  for (int i = 0; i < 3; i++)
    dup2 (fds[i], i);
  if (max_seconds > 0 && getrlimit (RLIMIT_CPU, &limit) == 0)
    {
      limit.rlim_cur = MIN (limit.rlim_max, max_seconds);
      setrlimit (RLIMIT_CPU, &limit);
    }
  decoder_seccomp_enter (TRUE);
  execv (argv[0], argv);
  dprintf (STDERR_FILENO, "%s\n", g_strerror (errno));
  _exit (DECODER_LAUNCHER_NOT_RUN);
}

static pid_t
run (const char *const *programs, Order *order, const int fds[3], pid_t decoder)
{
  char *argv[MAX_WORDS + 1] = { NULL };
  guint n = 0;
  pid_t pid;

  for (char *word = order->words; word < order->words + order->size && n < MAX_WORDS;
       word += strlen (word) + 1)
    argv[n++] = word;
  if (n == 0 || !g_strv_contains (programs, argv[0]))
    return -EPERM;
  pid = fork_sibling ();
  if (pid == 0)
    become_program (argv, fds, order->max_seconds, decoder);
  return pid > 0 ? pid : -errno;
}

static gboolean
receive (int socket_fd, gpointer message, gsize size, int *fds, guint expected)
{
  guint n_fds = expected;

  return decoder_channel_receive_fds (socket_fd, message, size, fds, &n_fds) == (ssize_t)size
         && n_fds == expected;
}

/* Ends with the decoder, or when it is not needed. */
static void
serve (int socket_fd, const char *const *programs, pid_t decoder)
{
  Preparation preparation;
  Order order;
  int input, fds[3];

  if (!receive (socket_fd, &preparation, sizeof preparation, &input, 1)
      || !decoder_sandbox_limit_memory (preparation.memory_limit, NULL))
    return;
  decoder_sandbox_limit_cpu (preparation.timeout);
  decoder_landlock_enter (programs, input);
  close (input);
  while (receive (socket_fd, &order, sizeof order, fds, 3) && order.size <= sizeof order.words
         && order.size > 0 && order.words[order.size - 1] == '\0')
    {
      gint32 answer = run (programs, &order, fds, decoder);

      for (guint i = 0; i < 3; i++)
        close (fds[i]);
      if (!decoder_channel_send (socket_fd, &answer, sizeof answer))
        return;
    }
}

void
decoder_launcher_start (const char *const *programs)
{
  pid_t decoder = getpid ();
  int sockets[2];

  if (programs[0] == NULL || socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
    return;
  launcher = fork ();
  if (launcher == 0)
    {
      booru_process_die_with_parent (decoder);
      prctl (PR_SET_NAME, "booru-launcher");
      close (DECODER_SOCKET_FD);
      close (sockets[0]);
      serve (sockets[1], programs, decoder);
      _exit (0);
    }
  close (sockets[1]);
  if (launcher < 0)
    close (sockets[0]);
  else
    launcher_fd = sockets[0];
}

void
decoder_launcher_prepare (const DecoderJob *job)
{
  Preparation preparation = { job->request.memory_limit, job->request.timeout };

  if (launcher_fd < 0
      || (job->request.allow_video
          && decoder_channel_send_fds (launcher_fd, &preparation, sizeof preparation, &job->input,
                                       1)))
    return;
  close (launcher_fd);
  launcher_fd = -1;
  waitpid (launcher, NULL, 0);
}

/* FALSE: there are too many words. */
static gboolean
add_words (Order *order, const char *const *argv)
{
  for (guint i = 0; argv[i] != NULL; i++)
    {
      gsize length = strlen (argv[i]) + 1;

      if (i >= MAX_WORDS || length > sizeof order->words - order->size)
        return FALSE;
      memcpy (order->words + order->size, argv[i], length);
      order->size += (guint32)length;
    }
  return TRUE;
}

pid_t
decoder_launcher_run (const char *const *argv, const int fds[3], guint max_seconds, GError **error)
{
  Order order = { .max_seconds = max_seconds };
  gint32 answer = -EPIPE;

  if (!add_words (&order, argv))
    answer = -E2BIG;
  else if (launcher_fd >= 0 && decoder_channel_send_fds (launcher_fd, &order, sizeof order, fds, 3)
           && recv (launcher_fd, &answer, sizeof answer, 0) != sizeof answer)
    answer = -EPIPE;
  if (answer > 0)
    return answer;
  booru_set_errno_error (error, -answer, "Cannot run %s", argv[0]);
  return 0;
}
