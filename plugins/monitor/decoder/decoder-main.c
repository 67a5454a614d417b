/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booru-decoder: a child of the monitor that decodes one file at a time, in a sandbox. It receives
 * its requests over a socket (protocol/decoder-protocol.h) and is useless on its own. */
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-process.h"
#include "booru-build-config.h"
#include "decoder-decode.h"
#include "decoder-describe.h"
#include "decoder/pixels/decoder-vips.h"
#include "decoder/sandbox/decoder-launcher.h"
#include "decoder/sandbox/decoder-sandbox.h"
#include "decoder/video/decoder-video.h"

/* Dies with the monitor, and ffmpeg dies with it, being in its process group. If the monitor died
 * before this, the socket is already closed. */
static void
tie_to_parent (void)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setpgid (0, 0);
}

/* Keep memory for the next picture: the kernel would have to clear returned pages again. The
 * monitor ends a decoder that keeps too much. */
static void
keep_memory (void)
{
  mallopt (M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  mallopt (M_TRIM_THRESHOLD, 256 * 1024 * 1024);
}

static guint64
read_resident_size (int statm)
{
  char text[64];
  ssize_t n = statm >= 0 ? pread (statm, text, sizeof text - 1, 0) : -1;
  const char *second;

  if (n <= 0)
    return 0;
  text[n] = '\0';
  second = strchr (text, ' ');
  return second != NULL ? g_ascii_strtoull (second + 1, NULL, 10) * (guint64)getpagesize () : 0;
}

/* The memory limit and the kind of file are only known with the first job. */
static gboolean
prepare (const DecoderJob *job, GError **error)
{
  decoder_launcher_prepare (job);
  return decoder_sandbox_limit_memory (job->request.memory_limit, error);
}

/* Decodes files until the monitor closes its end. */
static int
serve (int statm)
{
  gboolean prepared = FALSE;
  DecoderJob job;
  DecoderReceive received;

  while ((received = decoder_channel_receive (DECODER_SOCKET_FD, &job)) == DECODER_RECEIVE_JOB)
    {
      g_autoptr (GError) error = NULL;
      gboolean last = job.request.allow_video;
      DecoderReply reply;

      if (!prepared && !prepare (&job, &error))
        {
          g_printerr ("%s\n", error->message);
          return EX_OSERR;
        }
      prepared = TRUE;
      decoder_sandbox_limit_cpu (job.request.timeout);
      decoder_decode (&job, &reply);
      decoder_job_clear (&job);
      reply.resident_size = read_resident_size (statm);
      if (!decoder_channel_send (DECODER_SOCKET_FD, &reply, sizeof reply) || last)
        break;
    }
  return received == DECODER_RECEIVE_ERROR ? EX_PROTOCOL : EX_OK;
}

/* For people, and for “booructl doctor”. */
static int
answer (const char *program, const char *question)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (question, "--version") == 0)
    {
      printf ("booru-decoder %s\n", BOORU_VERSION);
      return EX_OK;
    }
  if (g_strcmp0 (question, "--describe") != 0)
    {
      g_printerr ("booru-decoder is started by the monitor of booru-host, not by hand.\n");
      return EX_USAGE;
    }
  if (!decoder_vips_init (program, &error))
    {
      g_printerr ("%s\n", error->message);
      return EX_CONFIG;
    }
  text = decoder_describe ();
  printf ("%s\n", text);
  fflush (stdout);
  _exit (EX_OK); /* as serve() */
}

int
main (int argc, char **argv)
{
  DecoderHello hello = { DECODER_MAGIC, getpid () };
  g_autoptr (GError) error = NULL;
  int statm;

  booru_process_open_standard_files ();
  if (argc > 1 || fcntl (DECODER_SOCKET_FD, F_GETFD) < 0)
    return answer (argv[0], argv[1]);
  booru_process_reset_signals ();
  tie_to_parent ();
  booru_process_set_title (argc, argv, "booru-decoder");
  keep_memory ();
  fcntl (DECODER_SOCKET_FD, F_SETFD, FD_CLOEXEC);
  statm = open ("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (!decoder_sandbox_limit (&error))
    {
      g_printerr ("%s\n", error->message);
      return EX_OSERR;
    }
  decoder_launcher_start (decoder_video_get_programs ());
  decoder_sandbox_enter ();
  if (!decoder_vips_init (argv[0], &error))
    {
      g_printerr ("%s\n", error->message);
      return EX_CONFIG;
    }
  if (g_getenv (DECODER_WARM_UP) != NULL)
    decoder_vips_warm_up ();
  if (!decoder_channel_send (DECODER_SOCKET_FD, &hello, sizeof hello))
    return EX_OK; /* the monitor is gone */
  /* Nothing needs cleaning up, and the sandbox would forbid some of it. */
  _exit (serve (statm));
}
