/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the page of a post shows: a picture, a video or an animation. */
#include <json-glib/json-glib.h>
#include <string.h>

#include "page-post.h"
#include "page-text.h"
#include "board/web-post.h"

#define ALT_TAGS 30

/* Pictures this much higher than wide are comics: they are shown in full width. */
#define TALL_RATIO 2.5

/* An original of at most so many bytes is shown as it is. A larger one is offered only to screens
 * that need more pixels than BOORU_VARIANT_DISPLAY has, and only up to the other limit. */
#define SMALL_ORIGINAL (1024 * 1024)
#define LARGEST_ORIGINAL (4 * 1024 * 1024)

static gboolean
is_vector (const BooruMedia *media)
{
  return strcmp (media->ext, "svg") == 0 || strcmp (media->ext, "svgz") == 0;
}

static gboolean
is_tall (const BooruMedia *media)
{
  return media->height > media->width * TALL_RATIO;
}

/* The original as browsers draw it: of "svgz" that is its other name. */
static char *
dup_shown_url (const BooruPost *post)
{
  char *url = web_post_dup_original_url (post, "");

  if (g_str_has_suffix (url, ".svgz"))
    url[strlen (url) - 1] = '\0';
  return url;
}

static gboolean
has_no_file (const BooruPost *post)
{
  return post->status == BOORU_POST_MISSING || post->status == BOORU_POST_EXPUNGED;
}

/* Browsers turn all but WebP as its EXIF says. */
static gboolean
is_shown_upright (BooruStore *store, const BooruPost *post)
{
  g_autofree char *metadata = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  if (strcmp (post->media.ext, "webp") != 0)
    return TRUE;
  metadata = booru_store_get_metadata (store, post->id, NULL);
  node = metadata ? json_from_string (metadata, NULL) : NULL;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return TRUE;
  object = json_node_get_object (node);
  return json_object_get_int_member_with_default (object, "EXIF:Orientation", 1) == 1;
}

/* The sources of a picture, smallest first. */

static void
append_source (GString *srcset, const char *url, gint width)
{
  g_string_append_printf (srcset, "%s%s %dw", srcset->len ? ", " : "", url, width);
}

static gint
append_variant (GString *srcset, const BooruPost *post, BooruVariant variant)
{
  g_autofree char *url = web_post_dup_variant_url (post, variant, "");
  gint width, height;

  booru_variant_get_size (variant, post->media.width, post->media.height, &width, &height);
  append_source (srcset, url, width);
  return width;
}

/* How wide the picture is drawn, in the terms of app.css. */
static char *
make_sizes (const BooruMedia *media)
{
  g_autofree char *height_bound = NULL;
  char ratio[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (ratio, sizeof ratio, "%.4f", (double)media->width / media->height);
  height_bound = is_tall (media) ? g_strdup ("") : g_strdup_printf (", (100vh - 9rem) * %s", ratio);
  return g_strdup_printf ("(min-width: 960px) min(%dpx, 100vw - 17rem - 56px%s), "
                          "min(%dpx, 100vw - 24px%s)",
                          media->width, height_bound, media->width, height_bound);
}

typedef struct
{
  GString *all;   /* for screens of one pixel a CSS pixel: browsers take the one that is enough */
  GString *sharp; /* for finer ones: there browsers would take one that is not quite enough */
} Sources;

/* A sample is never transparent: where that matters, it is left out. */
static void
list_sources (const BooruPost *post, gboolean original_shown, Sources *sources)
{
  const BooruMedia *media = &post->media;
  g_autofree char *original = dup_shown_url (post);
  gboolean display = booru_variant_has_display (media) && !is_tall (media) && !has_no_file (post);
  gint64 largest = LARGEST_ORIGINAL;
  gint width = append_variant (sources->all, post, BOORU_VARIANT_720);

  if (media->has_sample && !media->has_alpha && width < BOORU_SAMPLE_WIDTH)
    width = append_variant (sources->all, post, BOORU_VARIANT_SAMPLE);
  if (original_shown && media->size <= SMALL_ORIGINAL)
    display = FALSE;
  if (display)
    {
      width = append_variant (sources->all, post, BOORU_VARIANT_DISPLAY);
      append_variant (sources->sharp, post, BOORU_VARIANT_DISPLAY);
    }
  else
    largest = G_MAXINT64;
  if (original_shown && media->size <= largest && media->width > width)
    {
      append_source (sources->all, original, media->width);
      append_source (sources->sharp, original, media->width);
    }
}

static void
set_sources (WebDict *values, const BooruPost *post, gboolean original_shown)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) sharp = g_string_new (NULL);
  Sources sources = { all, sharp };

  list_sources (post, original_shown, &sources);
  web_dict_take_string (values, "srcset", g_strdup (all->str));
  web_dict_take_string (values, "sharp-srcset", g_strdup (sharp->str));
  web_dict_take_string (values, "sizes", make_sizes (&post->media));
}

static const char *
get_fit (const BooruMedia *media)
{
  if (is_vector (media))
    return "vector";
  return is_tall (media) ? "tall" : "whole";
}

/* What moves, what has no pixels, and what is small is shown as it is. */
static void
set_picture (WebPage *page, const BooruPost *post)
{
  const BooruMedia *media = &post->media;
  gboolean original_shown
      = page_media_is_shown (media) && !has_no_file (post) && is_shown_upright (page->store, post);
  BooruVariant variant
      = media->has_sample && !media->has_alpha ? BOORU_VARIANT_SAMPLE : BOORU_VARIANT_720;
  gint width, height;

  booru_variant_get_size (BOORU_VARIANT_720, media->width, media->height, &width, &height);
  web_dict_set_static (page->values, "fit", get_fit (media));
  web_dict_take_string (page->values, "behind",
                        media->has_alpha ? g_strdup ("")
                                         : web_post_dup_variant_url (post, BOORU_VARIANT_360, ""));
  if (media->frames <= 1 && !is_vector (media) && media->width > width)
    {
      set_sources (page->values, post, original_shown);
      web_dict_take_string (page->values, "src", web_post_dup_variant_url (post, variant, ""));
      return;
    }
  web_dict_set_static (page->values, "srcset", "");
  web_dict_set_static (page->values, "sharp-srcset", "");
  web_dict_take_string (page->values, "src",
                        original_shown ? dup_shown_url (post)
                                       : web_post_dup_variant_url (post, BOORU_VARIANT_720, ""));
}

/* What is transparent lies on a checker, of some forty squares a side or of 8 pixels each. */
static void
set_checker (WebDict *values, const BooruMedia *media, gboolean shown)
{
  if (shown && media->has_alpha)
    web_dict_set_int (values, "checker", MAX (MAX (media->width, media->height) / 40, 8));
  else
    web_dict_set_static (values, "checker", "");
}

void
page_picture_set (WebPage *page, const BooruPost *post)
{
  WebDict *values = page->values;
  const BooruMedia *media = &post->media;
  gboolean missing = has_no_file (post);
  gboolean video = page_media_is_video (media) && !missing;
  gboolean ugoira = page_media_is_ugoira (media) && !missing;
  g_autofree char *tags = page_text_list_tags (post, ALT_TAGS);

  web_dict_set_boolean (values, "missing", post->status == BOORU_POST_MISSING);
  web_dict_set_boolean (values, "expunged", post->status == BOORU_POST_EXPUNGED);
  web_dict_set_boolean (values, "deleted", BOORU_POST_IS_DELETED (post->status));
  web_dict_set_boolean (values, "in-trash", post->status == BOORU_POST_DELETED);
  web_dict_set_boolean (values, "video", video);
  web_dict_set_boolean (values, "ugoira", ugoira);
  web_dict_set_boolean (values, "picture", !video && !ugoira);
  web_dict_set_boolean (values, "moves", !video && !ugoira && media->frames > 1);
  web_dict_set_int (values, "frame-count", media->frames);
  web_dict_take_string (
      values, "facts-href",
      g_strdup_printf ("/posts/%" G_GINT64_FORMAT ".json?only=media_metadata", post->id));
  web_dict_set_int (values, "width", media->width);
  web_dict_set_int (values, "height", media->height);
  web_dict_take_string (values, "poster", web_post_dup_variant_url (post, BOORU_VARIANT_720, ""));
  web_dict_take_string (values, "original",
                        missing ? g_strdup ("") : web_post_dup_original_url (post, ""));
  web_dict_take_string (values, "shown", missing ? g_strdup ("") : dup_shown_url (post));
  web_dict_take_string (
      values, "alt",
      *tags ? g_steal_pointer (&tags)
            : g_strdup_printf ("Post %" G_GINT64_FORMAT ", without tags", post->id));
  set_picture (page, post);
  set_checker (values, media, !video && !ugoira);
}
