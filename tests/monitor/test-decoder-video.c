/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a video is what it shows, whatever its container says or leaves out. */
#include <string.h>

#include "pool-fixture.h"

#define SOURCE "-f lavfi -i testsrc=s=320x240:r=25:d=4 "
#define SOUND "-f lavfi -i sine=d=4 "
#define LONG_SOUND "-f lavfi -i sine=d=15 "
#define H264 " -c:v libx264 -preset ultrafast -pix_fmt yuv420p "
#define VP8 " -c:v libvpx -deadline realtime "
#define FRAGMENTS " -movflags frag_keyframe+empty_moov -g 25 "
#define VARIABLE " -vf \"select='not(mod(n,7))+lt(n,30)'\" -fps_mode vfr "

typedef struct
{
  const char *name;
  const char *first; /* command that makes "first.mp4", which the other may take; or NULL */
  const char *arguments;
  double duration;
  gint frames;
  gint width, height;
} Video;

static const Video videos[] = {
  { "plain.mp4", NULL, SOURCE SOUND H264, 4, 100, 320, 240 },
  { "long-sound.mp4", NULL, SOURCE LONG_SOUND H264, 4, 100, 320, 240 },
  { "long-sound.mkv", NULL, SOURCE LONG_SOUND H264, 4, 100, 320, 240 },
  { "sound-first.mp4", NULL, SOUND SOURCE H264 "-map 0:a -map 1:v", 4, 100, 320, 240 },
  { "late-picture.mkv", NULL, SOUND "-itsoffset 2 " SOURCE H264, 4, 100, 320, 240 },
  { "fragments.mp4", NULL, SOURCE SOUND H264 FRAGMENTS, 4, 100, 320, 240 },
  { "fragments-long-sound.mp4", NULL, SOURCE LONG_SOUND H264 FRAGMENTS, 4, 100, 320, 240 },
  /* As a browser's recorder writes: to where it cannot go back. */
  { "recorded.webm", NULL, SOURCE VP8 "-live 1", 4, 100, 320, 240 },
  { "recorded-long-sound.mkv", NULL, SOURCE LONG_SOUND VP8 "-live 1", 4, 100, 320, 240 },
  { "starts-at-an-hour.mkv", NULL, SOURCE H264 "-output_ts_offset 3600", 4, 100, 320, 240 },
  { "starts-at-an-hour.mp4", NULL, SOURCE SOUND H264 "-output_ts_offset 3600", 4, 100, 320, 240 },
  { "variable-rate.mp4", NULL, SOURCE VARIABLE H264, 3.96, 40, 320, 240 },
  { "variable-rate.mkv", NULL, SOURCE VARIABLE H264, 3.96, 40, 320, 240 },
  { "slow.mp4", NULL, SOURCE H264 "-r 1", 6, 6, 320, 240 },
  { "one-frame.mp4", NULL, SOURCE H264 "-frames:v 1", 0.04, 1, 320, 240 },
  { "cut.mp4", SOURCE H264 "-g 50", "-ss 1.3 -i first.mp4 -c copy", 2.7, 100, 320, 240 },
  { "cover.mkv", SOURCE SOUND H264,
    "-i first.mp4 -attach cover.jpg -metadata:s:t mimetype=image/jpeg -c copy", 4, 100, 320, 240 },
  { "cover-first.mp4", SOURCE SOUND H264,
    "-i cover.jpg -i first.mp4 -map 0 -map 1 -c copy -disposition:v:0 attached_pic", 4, 100, 320,
    240 },
  { "turned.mp4", SOURCE H264, "-i first.mp4 -c copy -metadata:s:v rotate=90", 4, 100, 240, 320 },
  { "wide-pixels.mp4", NULL, SOURCE H264 "-vf setsar=2", 4, 100, 640, 240 },
};

static void
run_ffmpeg (PoolFixture *fixture, const char *arguments, const char *name)
{
  g_autofree char *command = g_strdup_printf ("ffmpeg -nostdin -v error -y %s %s", arguments, name);
  g_auto (GStrv) argv = NULL;
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_shell_parse_argv (command, NULL, &argv, &error));
  g_spawn_sync (fixture->folder, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &said, &status,
                &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("%s: %s", command, said);
}

static gboolean
skip_without_ffmpeg (void)
{
  g_autofree char *program = g_find_program_in_path ("ffmpeg");

  if (program == NULL)
    g_test_skip ("ffmpeg is not installed");
  return program == NULL;
}

/* Also the thumbnail: the frame at a tenth, which a late or wrong start would miss. */
static void
test_facts (PoolFixture *fixture, gconstpointer data)
{
  const Video *video = data;
  g_autofree char *path = g_build_filename (fixture->folder, video->name, NULL);
  g_autoptr (MonitorDecodeResult) result = NULL;

  if (skip_without_ffmpeg ())
    return;
  run_ffmpeg (fixture, "-f lavfi -i color=red:s=100x100:d=0.1 -frames:v 1", "cover.jpg");
  if (video->first != NULL)
    run_ffmpeg (fixture, video->first, "first.mp4");
  run_ffmpeg (fixture, video->arguments, video->name);
  result = decode_well (fixture, path);
  g_assert_cmpfloat_with_epsilon (result->media.duration, video->duration, 0.1);
  g_assert_cmpint (result->media.frames, ==, video->frames);
  g_assert_cmpint (result->media.width, ==, video->width);
  g_assert_cmpint (result->media.height, ==, video->height);
  g_assert_cmpuint (result->media.phash, !=, 0);
  g_assert_nonnull (result->variants[BOORU_VARIANT_180]);
}

/* Only one key frame, and much to decode from there on (slow-ffmpeg.c): that frame will do. */
static void
test_slow_seek (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "slow.mp4", NULL);
  g_autofree char *old_path = g_strdup (g_getenv ("PATH"));
  g_autofree char *path_with_slow
      = g_strconcat (g_getenv ("BOORU_TEST_SLOW_FFMPEG_DIR"), ":", old_path, NULL);
  g_autoptr (MonitorDecodeResult) result = NULL;

  if (skip_without_ffmpeg ())
    return;
  run_ffmpeg (fixture, SOURCE H264, "slow.mp4");
  g_setenv ("PATH", path_with_slow, TRUE);
  result = decode_well (fixture, path);
  g_setenv ("PATH", old_path, TRUE);
  g_assert_cmpfloat_with_epsilon (result->media.duration, 4, 0.1);
  g_assert_nonnull (result->variants[BOORU_VARIANT_180]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (videos); i++)
    {
      g_autofree char *path = g_strconcat ("/decoder/video/", videos[i].name, NULL);

      pool_fixture_add_test (path, &videos[i], test_facts);
    }
  pool_fixture_add_test ("/decoder/video/slow-seek", NULL, test_slow_seek);
  return g_test_run ();
}
