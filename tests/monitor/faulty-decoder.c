/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for booru-decoder in the tests of the pool: what it does wrong is the content of the
 * file that it is given, after what makes it a GIF. */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "decoder/protocol/decoder-channel.h"

#define ORDER_AT 6 /* after "GIF89a" */

/* A thumbnail of 16 by 16, as far as anybody looks. */
static const char thumbnail[] = "RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x0f\0\0";
static const char large_thumbnail[] = "RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\0\x0f\0\0";

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
lie_about_the_format (const char *what, DecoderReply *reply)
{
  static const char *const exts[][2] = {
    { "path", "../../x" },      { "slash", "a/b" },      { "control", "g\nf" }, { "upper", "GIF" },
    { "other", "svg" },         { "empty", "" },         { "unknown", "html" }, { "dot", ".gif" },
    { "not-utf8", "\xff\xfe" }, { "longer", "gif.exe" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (exts); i++)
    if (g_str_equal (what, exts[i][0]))
      memcpy (reply->ext, exts[i][1], strlen (exts[i][1]) + 1);
  if (g_str_equal (what, "endless"))
    memset (reply->ext, 'a', sizeof reply->ext);
}

static void
lie_about_numbers (const char *what, DecoderReply *reply)
{
  if (g_str_equal (what, "width-zero"))
    reply->width = 0;
  else if (g_str_equal (what, "width-negative"))
    reply->width = G_MININT;
  else if (g_str_equal (what, "height-zero"))
    reply->height = 0;
  else if (g_str_equal (what, "huge"))
    reply->width = reply->height = G_MAXINT;
  else if (g_str_equal (what, "frames-negative"))
    reply->frames = -1;
  else if (g_str_equal (what, "duration-nan"))
    reply->duration = NAN;
  else if (g_str_equal (what, "duration-infinite"))
    reply->duration = INFINITY;
  else if (g_str_equal (what, "duration-huge"))
    reply->duration = 1e300;
  else if (g_str_equal (what, "frame-hashes"))
    reply->n_frame_hashes = G_MAXUINT32;
  else if (g_str_equal (what, "variants"))
    reply->written = G_MAXUINT32;
  else if (g_str_equal (what, "metadata-size"))
    reply->metadata_size = G_MAXUINT32;
  else if (g_str_equal (what, "status"))
    reply->status = 1000;
  else if (g_str_equal (what, "code"))
    {
      reply->status = DECODER_STATUS_ERROR;
      reply->code = 1000;
    }
}

static void
lie_about_thumbnails (const char *what, const DecoderJob *job, DecoderReply *reply)
{
  int fd = job->outputs[0];

  if (g_str_equal (what, "thumbnail-not-written"))
    reply->written = 2;
  else if (g_str_equal (what, "thumbnail-cut"))
    ftruncate (fd, 20);
  else if (g_str_equal (what, "thumbnail-text"))
    pwrite (fd, "<html>", 6, 0);
  else if (g_str_equal (what, "thumbnail-endless"))
    ftruncate (fd, DECODER_MAX_OUTPUT + 1);
  else if (g_str_equal (what, "thumbnail-large"))
    pwrite (fd, large_thumbnail, sizeof large_thumbnail - 1, 0);
  else if (g_str_equal (what, "thumbnail-mapped"))
    mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  else if (g_str_equal (what, "thumbnail-sealed"))
    fcntl (fd, F_ADD_SEALS, F_SEAL_SEAL);
}

/* Metadata that a page or a reader of tags should not see. */
static void
write_metadata (const char *what, const DecoderJob *job, DecoderReply *reply)
{
  g_autofree char *text = NULL;

  if (g_str_equal (what, "metadata"))
    text = g_strdup ("{\"a\":\"text\",\"b\":[1,\"two\"]}");
  else if (g_str_equal (what, "metadata-control"))
    text = g_strdup ("{\"a\":\"\\u001b[2J\"}");
  else if (g_str_equal (what, "metadata-nested"))
    text = g_strdup ("{\"a\":{\"b\":[[]]}}");
  else if (g_str_equal (what, "metadata-list"))
    text = g_strdup ("[1]");
  else if (g_str_equal (what, "metadata-name"))
    text = g_strdup_printf ("{\"%0300d\":1}", 0);
  else
    return;
  reply->metadata_size = (guint32)strlen (text);
  pwrite (job->metadata, text, reply->metadata_size, 0);
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
      char name[16];

      /* The test recognises its own. */
      snprintf (name, sizeof name, "faulty-%d", (int)getppid ());
      if (fork () == 0)
        prctl (PR_SET_NAME, name);
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
  const gssize size = sizeof thumbnail - 1;

  reply->written = 1;
  return write (job->outputs[0], thumbnail, (gsize)size) == size;
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
        .magic = DECODER_MAGIC, .ext = "gif", .width = getpid (), .height = 1, .frames = ++n_files
      };
      char order[256] = { 0 };

      if (pread (job.input, order, sizeof order - 1, ORDER_AT) < 0
          || !write_first_variant (&job, &reply))
        return 1;
      misbehave (order, &reply);
      lie_about_the_format (order, &reply);
      lie_about_numbers (order, &reply);
      lie_about_thumbnails (order, &job, &reply);
      write_metadata (order, &job, &reply);
      decoder_job_clear (&job);
      decoder_channel_send (DECODER_SOCKET_FD, &reply, sizeof reply);
    }
  return 0;
}
