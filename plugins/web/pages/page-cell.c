/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One picture of a gallery. */
#include "page-cell.h"

#include <math.h>
#include <string.h>

#include "page-text.h"
#include "board/web-post.h"

#define ALT_TAGS 10    /* tags read out for a picture */
#define EAGER_POSTS 12 /* pictures that are loaded at once */

/* The heights of the gallery's rows (app.css), times how far a row may be stretched to be filled.
 */
#define ROW_PHONE (92 * 1.3)
#define ROW_TABLET (150 * 1.15)
#define ROW_DESKTOP (190 * 1.15)
#define ROW_LARGE (260 * 1.15)

static void
append_size (GString *sizes, const char *condition, double ratio, double row)
{
  g_string_append_printf (sizes, "%s%dpx", condition, (int)lround (ratio * row));
}

static void
set_sources (WebDict *cell, const BooruPost *post, double ratio)
{
  const BooruMedia *media = &post->media;
  GString *srcset = g_string_sized_new (256), *sizes = g_string_sized_new (96);
  gint last = 0;

  for (BooruVariant variant = BOORU_VARIANT_180; variant <= BOORU_VARIANT_720; variant++)
    {
      g_autofree char *url = web_post_dup_variant_url (post, variant, "");
      gint width, height;

      booru_variant_get_size (variant, media->width, media->height, &width, &height);
      if (width > last)
        g_string_append_printf (srcset, "%s%s %dw", last ? ", " : "", url, width);
      last = MAX (width, last);
      if (variant == BOORU_VARIANT_360)
        {
          web_dict_take_string (cell, "src", g_steal_pointer (&url));
          web_dict_set_int (cell, "width", width);
          web_dict_set_int (cell, "height", height);
        }
    }

  append_size (sizes, "(max-width: 599px) ", ratio, ROW_PHONE);
  append_size (sizes, ", (max-width: 1199px) ", ratio, ROW_TABLET);
  append_size (sizes, ", (max-width: 2399px) ", ratio, ROW_DESKTOP);
  append_size (sizes, ", ", ratio, ROW_LARGE);
  web_dict_take_string (cell, "srcset", g_string_free (srcset, FALSE));
  web_dict_take_string (cell, "sizes", g_string_free (sizes, FALSE));
}

static char *
make_badge (const BooruMedia *media)
{
  g_autofree char *duration
      = media->duration >= 0 ? page_text_from_duration (media->duration) : NULL;

  if (page_media_is_video (media))
    return g_strconcat ("▶", duration ? " " : "", duration ? duration : "",
                        media->has_sound ? " ♪" : NULL, NULL);
  if (media->frames > 1)
    return g_strconcat (strcmp (media->ext, "gif") == 0 ? "GIF"
                        : page_media_is_ugoira (media)  ? "Ugoira"
                                                        : "Animated",
                        duration ? " " : NULL, duration, NULL);
  return g_strdup ("");
}

/* What a pointer that rests on the picture is told, the tags first. */
static char *
make_tooltip (const BooruMedia *media, const char *tags)
{
  g_autofree char *size = g_format_size ((guint64)media->size);
  g_autofree char *frames = page_text_from_frames (media->frames);

  return g_strdup_printf ("%s%s%d × %d%s%s%s, %s, %s", tags, *tags ? "\n" : "", media->width,
                          media->height, media->frames > 1 ? ", " : "",
                          media->frames > 1 ? frames : "", media->has_sound ? ", with sound" : "",
                          media->ext, size);
}

void
page_cell_add (WebList *cells, const BooruPost *post, const PagePlace *place, guint i)
{
  WebDict *cell = web_list_append (cells);
  const BooruMedia *media = &post->media;
  double exact = (double)MAX (media->width, 1) / MAX (media->height, 1);
  int tenths = (int)lround (CLAMP (exact, .5, 3) * 10);
  g_autofree char *tags = page_text_list_tags (post, ALT_TAGS);

  web_dict_take_string (cell, "ratio", g_strdup_printf ("r%d", tenths));
  web_dict_set_int (cell, "id", post->id);
  web_dict_take_string (cell, "anchor", g_strdup_printf ("post-%" G_GINT64_FORMAT, post->id));
  web_dict_take_string (cell, "href", page_place_url_of_post (place, post->id, (gint)i));
  web_dict_take_string (cell, "tooltip", make_tooltip (media, tags));
  if (*tags)
    web_dict_take_string (cell, "alt", g_steal_pointer (&tags));
  else
    web_dict_take_string (cell, "alt",
                          g_strdup_printf ("Post %" G_GINT64_FORMAT ", without tags", post->id));
  web_dict_take_string (cell, "badge", make_badge (media));
  web_dict_take_string (cell, "motion",
                        web_post_has_variant (post, BOORU_VARIANT_MOTION)
                            ? web_post_dup_variant_url (post, BOORU_VARIANT_MOTION, "")
                            : g_strdup (""));
  web_dict_set_boolean (cell, "alpha", media->has_alpha);
  /* What is seen first is not put off. */
  web_dict_set_boolean (cell, "lazy", i >= EAGER_POSTS);
  set_sources (cell, post, tenths / 10.0);
}
