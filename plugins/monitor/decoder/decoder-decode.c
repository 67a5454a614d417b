/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-decode.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoder/formats/decoder-load.h"
#include "decoder/formats/decoder-raw-preview.h"
#include "decoder/formats/decoder-svg.h"
#include "decoder/formats/decoder-ugoira.h"
#include "decoder/output/decoder-motion.h"
#include "decoder/output/decoder-variants.h"
#include "decoder/reading/decoder-bytes.h"
#include "decoder/video/decoder-video.h"

static gboolean
sniff_file (int fd, DecoderSniff *sniff, GError **error)
{
  guint8 head[DECODER_SNIFF_LENGTH];
  gssize length = decoder_read_at (fd, head, sizeof head, 0);

  /* Readers start at the beginning of the file, wherever the last one stopped. */
  if (length < 0 || lseek (fd, 0, SEEK_SET) != 0)
    return booru_set_errno_error (error, errno, "Cannot read the file");
  *sniff = decoder_sniff (head, (gsize)length);
  if (sniff->format == DECODER_FORMAT_SVGZ)
    return decoder_svg_look_inside (fd, sniff, error);
  if (sniff->is_undecided && !decoder_svg_look_further (fd, sniff, error))
    return FALSE;
  if (sniff->format != DECODER_FORMAT_UNKNOWN)
    return TRUE;
  if (length == 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The file is empty");
  else if (sniff->refused != NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "This is %s, which is not supported",
                 sniff->refused);
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                 "This is not a picture or a video of a supported format");
  return FALSE;
}

/* The preview is optional: without it the file is still good. */
static void
add_motion (const DecoderPicture *picture,
            DecoderUgoira *ugoira,
            const DecoderJob *job,
            DecoderReply *reply)
{
  g_auto (DecoderMotion) motion = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (picture->frames < 2 || !decoder_motion_init (&motion, picture, &job->request))
    return;
  if (ugoira != NULL)
    ok = decoder_ugoira_read_motion (ugoira, &motion, picture, job, &error);
  else if (decoder_format_is_video (picture->format))
    ok = decoder_video_read_motion (&motion, picture, job, &error);
  else if (picture->format == DECODER_FORMAT_PNG || picture->format == DECODER_FORMAT_AVIF)
    ok = decoder_video_read_animation (&motion, picture, job, &error);
  else
    ok = picture->delays == NULL || decoder_motion_read_pages (&motion, picture, job, &error);
  /* Frames that were read before the error are shown. */
  if (!ok)
    g_debug ("%s", error->message);
  g_clear_error (&error);
  if (!decoder_motion_write (&motion, job, &reply->written, &error))
    g_debug ("%s", error->message);
  reply->n_frame_hashes = motion.n_hashes;
  memcpy (reply->frame_hashes, motion.hashes, sizeof motion.hashes);
}

/* Metadata is optional, too. */
static void
write_metadata (const DecoderMetadata *metadata, const DecoderJob *job, DecoderReply *reply)
{
  g_autoptr (GString) json = decoder_metadata_to_json (metadata);
  gsize written = 0;

  while (written < json->len)
    {
      ssize_t n = write (job->metadata, json->str + written, json->len - written);

      if (n < 0 && errno != EINTR)
        {
          g_warning ("Cannot write metadata: %s", g_strerror (errno));
          return;
        }
      written += MAX (n, 0);
    }
  reply->metadata_size = (guint32)written;
}

static gboolean
load (DecoderPicture *picture,
      const DecoderSniff *sniff,
      const DecoderJob *job,
      DecoderUgoira **ugoira,
      gboolean *has_sound,
      GError **error)
{
  if (decoder_format_is_video (sniff->format))
    return decoder_video_load (picture, sniff, job, has_sound, error);
  if (sniff->format == DECODER_FORMAT_RAW)
    return decoder_raw_preview_load (picture, sniff, job, error);
  if (sniff->format != DECODER_FORMAT_UGOIRA)
    return decoder_load (picture, sniff, job, error);
  *ugoira = decoder_ugoira_load (picture, job, error);
  return *ugoira != NULL;
}

static gboolean
decode (const DecoderJob *job, DecoderReply *reply, GError **error)
{
  g_auto (DecoderPicture) picture = DECODER_PICTURE_INIT;
  g_autoptr (DecoderUgoira) ugoira = NULL;
  DecoderSniff sniff;
  gboolean has_sound = FALSE, has_alpha = FALSE;

  if (!sniff_file (job->input, &sniff, error))
    return FALSE;
  if (!job->request.allow_video
      && (decoder_format_is_video (sniff.format)
          || (sniff.is_animated && decoder_video_is_possible ())))
    {
      reply->status = DECODER_STATUS_NEEDS_VIDEO;
      return TRUE;
    }
  if (!load (&picture, &sniff, job, &ugoira, &has_sound, error))
    return FALSE;
  if (sniff.is_animated && job->request.allow_video)
    decoder_video_measure_animation (&picture, job);

  g_strlcpy (reply->ext, decoder_format_get_ext (picture.format), sizeof reply->ext);
  reply->width = picture.width;
  reply->height = picture.height;
  reply->frames = picture.frames;
  reply->duration = picture.duration;
  reply->has_sound = has_sound;
  reply->is_incomplete = picture.is_cut;
  if (picture.is_cut)
    decoder_metadata_set_text (picture.metadata, "File:Incomplete", "The file ends too early", -1);
  write_metadata (picture.metadata, job, reply);
  if (!decoder_variants_write (&picture, job, &reply->written, &has_alpha, &reply->phash, error))
    return FALSE;
  reply->has_alpha = has_alpha;
  add_motion (&picture, ugoira, job, reply);
  return TRUE;
}

void
decoder_decode (const DecoderJob *job, DecoderReply *reply)
{
  g_autoptr (GError) error = NULL;

  *reply = (DecoderReply){ .magic = DECODER_MAGIC, .status = DECODER_STATUS_OK, .duration = -1 };
  if (decode (job, reply, &error))
    return;
  reply->status = DECODER_STATUS_ERROR;
  reply->code = error->domain == BOORU_ERROR ? error->code : BOORU_ERROR_FAILED;
  g_strlcpy (reply->message, error->message, sizeof reply->message);
}
