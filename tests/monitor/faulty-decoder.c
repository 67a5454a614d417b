/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for booru-decoder in the tests of the pool: what it does wrong is the content of the
 * file that it is given. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "decoder-channel.h"

static void
crash (int number)
{
  struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  signal (number, SIG_DFL);
  raise (number);
}

/* Children of the test that run, this one among them. */
static int
count_siblings (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task/%d/children", getppid (), getppid ());
  g_autofree char *text = NULL;
  g_auto (GStrv) pids = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;
  pids = g_strsplit (g_strstrip (text), " ", -1);
  return (int)g_strv_length (pids);
}

/* The first time, as somebody from outside would end it; the file @marker tells of that. */
static void
be_killed_once (const char *marker, DecoderReply *reply)
{
  if (!g_file_test (marker, G_FILE_TEST_EXISTS))
    {
      g_file_set_contents (marker, "", 0, NULL);
      crash (SIGKILL);
    }
  reply->height = count_siblings ();
}

static void
misbehave (const char *order, DecoderReply *reply)
{
  if (g_str_equal (order, "crash"))
    crash (SIGSEGV);
  else if (g_str_equal (order, "abort"))
    crash (SIGABRT);
  else if (g_str_equal (order, "loop"))
    for (volatile int again = 1; again;)
      ;
  else if (g_str_has_prefix (order, "killed once "))
    be_killed_once (order + strlen ("killed once "), reply);
  else if (g_str_equal (order, "killed"))
    crash (SIGKILL);
  else if (g_str_equal (order, "terminated"))
    crash (SIGTERM);
  else if (g_str_equal (order, "processor time"))
    crash (SIGXCPU);
  else if (g_str_equal (order, "out of memory"))
    {
      fprintf (stderr, "GLib-ERROR: failed to allocate 4294967296 bytes\n");
      crash (SIGABRT);
    }
  else if (g_str_equal (order, "exit"))
    {
      fprintf (stderr, "first line\nlast words\n");
      _exit (3);
    }
  else if (g_str_equal (order, "garble"))
    decoder_channel_send (DECODER_SOCKET_FD, "what?", 5);
  else if (g_str_equal (order, "hang with a child"))
    {
      if (fork () == 0)
        prctl (PR_SET_NAME, "faulty-child");
      while (TRUE)
        pause ();
    }
  else if (g_str_equal (order, "no room"))
    {
      reply->status = DECODER_STATUS_ERROR;
      reply->code = 5; /* BOORU_ERROR_BUSY */
      g_strlcpy (reply->message, "No room", sizeof reply->message);
    }
  else if (g_str_equal (order, "flood"))
    for (int i = 0; i < 100000; i++)
      fprintf (stderr, "line %d of what nobody wants to know\n", i);
  else if (g_str_equal (order, "large"))
    reply->resident_size = G_GUINT64_CONSTANT (1) << 40;
  else if (g_str_equal (order, "video"))
    reply->status = DECODER_STATUS_NEEDS_VIDEO;
}

/* Of a thumbnail. */
static gboolean
write_first_variant (const DecoderJob *job, DecoderReply *reply)
{
  reply->written = 1;
  return write (job->outputs[0], "thumbnail", 9) == 9;
}

int
main (void)
{
  DecoderHello hello = { DECODER_MAGIC, getpid () };
  DecoderJob job;
  gint n_files = 0;

  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  decoder_channel_send (DECODER_SOCKET_FD, &hello, sizeof hello);
  while (decoder_channel_receive (DECODER_SOCKET_FD, &job) == DECODER_RECEIVE_JOB)
    {
      DecoderReply reply = {
        .magic = DECODER_MAGIC, .ext = "png", .width = getpid (), .height = 1, .frames = ++n_files
      };
      char order[256] = { 0 };

      if (pread (job.input, order, sizeof order - 1, 0) < 0 || !write_first_variant (&job, &reply))
        return 1;
      misbehave (order, &reply);
      decoder_job_clear (&job);
      decoder_channel_send (DECODER_SOCKET_FD, &reply, sizeof reply);
    }
  return 0;
}
