/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FDS (DECODER_N_FDS + DECODER_MAX_VARIANTS)

/* Takes the file descriptors that came with @message; closes those that exceed @room. */
static guint
take_fds (struct msghdr *message, int *fds, guint room)
{
  guint n_fds = 0;

  for (struct cmsghdr *control = CMSG_FIRSTHDR (message); control != NULL;
       control = CMSG_NXTHDR (message, control))
    {
      gsize n;

      if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
        continue;
      n = (control->cmsg_len - CMSG_LEN (0)) / sizeof (int);
      for (gsize i = 0; i < n; i++)
        {
          int fd;

          memcpy (&fd, CMSG_DATA (control) + i * sizeof fd, sizeof fd);
          if (n_fds < room)
            fds[n_fds++] = fd;
          else
            close (fd);
        }
    }
  return n_fds;
}

ssize_t
decoder_channel_receive_fds (int socket_fd, gpointer buffer, gsize size, int *fds, guint *n_fds)
{
  union
  {
    char bytes[CMSG_SPACE (MAX_FDS * sizeof (int))];
    struct cmsghdr align;
  } control;
  struct iovec vector = { buffer, size };
  struct msghdr message = {
    .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };
  ssize_t n;

  do
    n = recvmsg (socket_fd, &message, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  *n_fds = n < 0 ? 0 : take_fds (&message, fds, *n_fds);
  return n;
}

DecoderReceive
decoder_channel_receive (int socket_fd, DecoderJob *job)
{
  int fds[MAX_FDS];
  guint n_fds = MAX_FDS;
  ssize_t n
      = decoder_channel_receive_fds (socket_fd, &job->request, sizeof job->request, fds, &n_fds);

  job->input = job->metadata = -1;
  for (guint i = 0; i < DECODER_MAX_VARIANTS; i++)
    job->outputs[i] = -1;
  if (n == 0 || (n < 0 && errno == ECONNRESET))
    return DECODER_RECEIVE_END;
  if (n < 0)
    {
      g_warning ("Cannot receive a request: %s", g_strerror (errno));
      return DECODER_RECEIVE_ERROR;
    }

  if (n_fds > 0)
    job->input = fds[0];
  if (n_fds > 1)
    job->metadata = fds[1];
  for (guint i = DECODER_N_FDS; i < n_fds; i++)
    job->outputs[i - DECODER_N_FDS] = fds[i];
  if (n != sizeof job->request || job->request.magic != DECODER_MAGIC
      || job->request.n_variants > DECODER_MAX_VARIANTS
      || n_fds != DECODER_N_FDS + job->request.n_variants)
    {
      g_warning ("A request of %zd bytes with %u files does not match this program's version", n,
                 n_fds);
      decoder_job_clear (job);
      return DECODER_RECEIVE_ERROR;
    }
  return DECODER_RECEIVE_JOB;
}

gboolean
decoder_channel_send (int socket_fd, gconstpointer message, gsize size)
{
  ssize_t n;

  do
    n = send (socket_fd, message, size, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)size;
}

gboolean
decoder_channel_send_fds (int socket_fd,
                          gconstpointer message,
                          gsize size,
                          const int *fds,
                          guint n_fds)
{
  union
  {
    char bytes[CMSG_SPACE (MAX_FDS * sizeof (int))];
    struct cmsghdr align;
  } control = { 0 };
  struct iovec vector = { (gpointer)message, size };
  struct msghdr header = { .msg_iov = &vector,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = CMSG_SPACE (n_fds * sizeof (int)) };
  ssize_t n;

  g_return_val_if_fail (n_fds <= MAX_FDS, FALSE);
  control.align.cmsg_level = SOL_SOCKET;
  control.align.cmsg_type = SCM_RIGHTS;
  control.align.cmsg_len = CMSG_LEN (n_fds * sizeof (int));
  memcpy (CMSG_DATA (&control.align), fds, n_fds * sizeof (int));
  do
    n = sendmsg (socket_fd, &header, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)size;
}

void
decoder_job_clear (DecoderJob *job)
{
  if (job->input >= 0)
    close (job->input);
  if (job->metadata >= 0)
    close (job->metadata);
  job->input = job->metadata = -1;
  for (guint i = 0; i < DECODER_MAX_VARIANTS; i++)
    {
      if (job->outputs[i] >= 0)
        close (job->outputs[i]);
      job->outputs[i] = -1;
    }
}
