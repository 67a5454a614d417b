/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-variant.h"

#include "base/booru-names.h"

static const struct
{
  const char *name, *ext;
  gint max_width, max_height; /* 0: any */
} variants[BOORU_N_VARIANTS] = {
  [BOORU_VARIANT_180] = { "180x180", "webp", 180, 180 },
  [BOORU_VARIANT_360] = { "360x360", "webp", 360, 360 },
  [BOORU_VARIANT_720] = { "720x720", "webp", 720, 720 },
  [BOORU_VARIANT_SAMPLE] = { "sample", "jpg", BOORU_SAMPLE_WIDTH, 0 },
  [BOORU_VARIANT_MOTION] = { "motion", "webp", 360, 360 },
  [BOORU_VARIANT_DISPLAY] = { "2048x2048", "webp", 2048, 2048 },
};

const char *
booru_variant_get_name (BooruVariant variant)
{
  g_return_val_if_fail (variant < BOORU_N_VARIANTS, NULL);
  return variants[variant].name;
}

const char *
booru_variant_get_ext (BooruVariant variant)
{
  g_return_val_if_fail (variant < BOORU_N_VARIANTS, NULL);
  return variants[variant].ext;
}

gboolean
booru_variant_from_name (const char *name, BooruVariant *variant)
{
  g_return_val_if_fail (name != NULL && variant != NULL, FALSE);
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    if (g_str_equal (variants[i].name, name))
      {
        *variant = i;
        return TRUE;
      }
  return FALSE;
}

void
booru_variant_get_size (BooruVariant variant,
                        gint width,
                        gint height,
                        gint *out_width,
                        gint *out_height)
{
  double scale = 1;

  g_return_if_fail (variant < BOORU_N_VARIANTS && out_width != NULL && out_height != NULL);
  if (variants[variant].max_width)
    scale = MIN (scale, (double)variants[variant].max_width / MAX (width, 1));
  if (variants[variant].max_height)
    scale = MIN (scale, (double)variants[variant].max_height / MAX (height, 1));

  *out_width = MAX ((gint)(width * scale + 0.5), 1);
  *out_height = MAX ((gint)(height * scale + 0.5), 1);
}

gboolean
booru_variant_has_display (const BooruMedia *media)
{
  g_return_val_if_fail (media != NULL, FALSE);
  return media->frames <= 1 && media->duration < 0 && MAX (media->width, media->height) > 720
         && !g_str_has_prefix (media->ext, "svg");
}

char *
booru_variant_get_path (BooruVariant variant, const char *md5)
{
  g_return_val_if_fail (variant < BOORU_N_VARIANTS && md5 != NULL, NULL);
  return g_strdup_printf (BOORU_DIR_THUMBNAILS "/%s/%.2s/%.2s/%s.%s", variants[variant].name, md5,
                          md5 + 2, md5, variants[variant].ext);
}
