/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/output/decoder-motion.h"

G_BEGIN_DECLS

/**
 * DecoderUgoira:
 *
 * An animation as Pixiv hands it out: a ZIP archive of frames, JPEG, PNG or WebP, that are numbered
 * without a gap ("000000.jpg", "000001.jpg", …) and of one size, with or without "animation.json",
 * which says how long each is shown. Every other archive is just an archive.
 */
typedef struct _DecoderUgoira DecoderUgoira;

void decoder_ugoira_free (DecoderUgoira *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DecoderUgoira, decoder_ugoira_free)

/**
 * decoder_ugoira_load:
 * @picture: initialised
 * @job: the file, the limits, and delays that are known from elsewhere
 * @error: BOORU_ERROR_UNSUPPORTED if it is another archive; BOORU_ERROR_INVALID, BOORU_ERROR_LIMIT
 *
 * Reads the first frame into @picture, and how long all are shown.
 */
DecoderUgoira *decoder_ugoira_load (DecoderPicture *picture, const DecoderJob *job, GError **error);

gboolean decoder_ugoira_read_motion (DecoderUgoira *self,
                                     DecoderMotion *motion,
                                     const DecoderPicture *picture,
                                     const DecoderJob *job,
                                     GError **error);

/* The delays in the text of an animation.json: {"frames":[{"file":"000000.jpg","delay":100},…]},
 * however deep within other objects, or the bare list. name: of each frame, in order. NULL if it
 * has none for some of them. Pure. */
GArray *decoder_ugoira_parse_delays (const char *text,
                                     gsize length,
                                     const char *const *names,
                                     guint n_names);

G_END_DECLS
