/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-video.h"

const char *const *
decoder_video_get_programs (void)
{
  static const char *const none[] = { NULL };
  return none;
}

gboolean
decoder_video_load (DecoderPicture *self,
                    const DecoderSniff *sniff,
                    const DecoderJob *job,
                    gboolean *has_sound,
                    GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "ffmpeg is not installed");
  return FALSE;
}
