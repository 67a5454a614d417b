/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page-alike.h"

#include "page-text.h"
#include "board/web-post.h"

#define ALT_TAGS 10

static void
set_picture (WebDict *dict, const BooruPost *post)
{
  const BooruMedia *media = &post->media;
  g_autofree char *large = web_post_dup_variant_url (post, BOORU_VARIANT_720, "");
  g_autofree char *tags = page_text_list_tags (post, ALT_TAGS);
  gint width, height, large_width, large_height;

  booru_variant_get_size (BOORU_VARIANT_360, media->width, media->height, &width, &height);
  booru_variant_get_size (BOORU_VARIANT_720, media->width, media->height, &large_width,
                          &large_height);
  web_dict_take_string (dict, "src", web_post_dup_variant_url (post, BOORU_VARIANT_360, ""));
  web_dict_take_string (dict, "srcset",
                        large_width > width ? g_strdup_printf ("%s 2x", large) : g_strdup (""));
  web_dict_set_int (dict, "width", width);
  web_dict_set_int (dict, "height", height);
  web_dict_set_boolean (dict, "alpha", media->has_alpha);
  if (*tags)
    web_dict_take_string (dict, "alt", g_steal_pointer (&tags));
  else
    web_dict_take_string (dict, "alt",
                          g_strdup_printf ("Post %" G_GINT64_FORMAT ", without tags", post->id));
}

static char *
describe_motion (const BooruMedia *media)
{
  g_autofree char *duration
      = media->duration >= 0 ? page_text_from_duration (media->duration) : NULL;
  g_autofree char *frames = page_text_from_frames (media->frames);

  if (media->frames <= 1 && duration == NULL)
    return g_strdup ("");
  return g_strconcat (duration ? duration : frames, media->has_sound ? ", with sound" : NULL, NULL);
}

void
page_alike_set (WebDict *dict, const BooruPost *post)
{
  const BooruMedia *media = &post->media;
  double megapixels = (double)media->width * media->height / 1e6;

  web_dict_set_int (dict, "id", post->id);
  web_dict_take_string (dict, "href", page_url_from_post (post->id, ""));
  set_picture (dict, post);
  web_dict_take_string (dict, "dimensions",
                        g_strdup_printf ("%d × %d", media->width, media->height));
  web_dict_take_string (dict, "megapixels",
                        megapixels >= .1 ? g_strdup_printf ("%.1f MP", megapixels) : g_strdup (""));
  web_dict_set_string (dict, "file-type", media->ext);
  web_dict_take_string (dict, "file-size", g_format_size ((guint64)media->size));
  web_dict_take_string (dict, "added", page_text_from_time (post->created_at));
  web_dict_take_string (dict, "moving", describe_motion (media));
}
