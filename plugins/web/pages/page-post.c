/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One post: /posts/:id. */
#include "page-post.h"

#include <string.h>

#include "page-done.h"
#include "page-place.h"
#include "page-opinion.h"
#include "page-pool.h"
#include "page-text.h"
#include "board/web-post.h"

#define TITLE_TAGS 6

/* Facts. */

static gboolean
is_web_url (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri ? g_uri_get_scheme (uri) : NULL;

  return scheme && (strcmp (scheme, "http") == 0 || strcmp (scheme, "https") == 0)
         && g_uri_get_host (uri) && *g_uri_get_host (uri);
}

static void
set_source (WebDict *values, const char *source)
{
  web_dict_take_string (values, "source", page_text_from_bytes (source));
  web_dict_set_string (values, "source-href", is_web_url (source) ? source : "");
}

static void
set_family (WebPage *page, const BooruPost *post)
{
  WebDict *values = page->values;
  g_autofree char *children = g_strdup_printf ("parent:%" G_GINT64_FORMAT " status:any", post->id);
  g_autoptr (BooruQuery) query = booru_query_parse (children);
  gboolean exact = TRUE;
  gint64 n_children
      = post->has_children ? web_request_count (page->request, query, &exact, NULL) : 0;

  web_dict_set_int (values, "parent-id", post->parent_id);
  web_dict_take_string (values, "parent-href",
                        post->parent_id ? page_url_from_post (post->parent_id, NULL)
                                        : g_strdup (""));
  web_dict_take_string (values, "children-href",
                        post->has_children ? page_url_from_search ("/posts", children)
                                           : g_strdup (""));
  web_dict_take_string (values, "children-text",
                        exact ? g_strdup_printf ("%" G_GINT64_FORMAT " %s", n_children,
                                                 n_children == 1 ? "post" : "posts")
                              : g_strdup ("posts"));
}

static void
set_facts (WebDict *values, const BooruPost *post)
{
  const BooruMedia *media = &post->media;
  double megapixels = (double)media->width * media->height / 1e6;
  g_autoptr (GDateTime) added
      = booru_time_from_usec (post->created_at / G_USEC_PER_SEC * G_USEC_PER_SEC);
  g_autofree char *rating = g_strdup_printf ("rating:%c", post->rating);

  web_dict_set_int (values, "id", post->id);
  web_dict_take_string (values, "dimensions",
                        g_strdup_printf ("%d × %d", media->width, media->height));
  web_dict_take_string (values, "megapixels",
                        megapixels >= .1 ? g_strdup_printf ("%.1f MP", megapixels) : g_strdup (""));
  web_dict_take_string (values, "duration",
                        media->duration >= 0 ? page_text_from_duration (media->duration)
                                             : g_strdup (""));
  web_dict_take_string (values, "frames",
                        media->frames > 1 ? booru_text_from_count (media->frames) : g_strdup (""));
  if (page_media_is_video (media))
    web_dict_set_static (values, "sound", media->has_sound ? "with sound" : "no sound");
  else
    web_dict_set_static (values, "sound", "");
  web_dict_take_string (values, "file-type", g_ascii_strup (media->ext, -1));
  web_dict_take_string (values, "file-size", g_format_size ((guint64)media->size));
  web_dict_set_static (values, "rating-label", page_text_get_rating (post->rating));
  web_dict_take_string (values, "rating-href", page_url_from_search ("/posts", rating));
  web_dict_take_string (values, "added", page_text_from_time (post->created_at));
  web_dict_take_string (values, "added-iso",
                        added ? g_date_time_format_iso8601 (added) : g_strdup (""));
  web_dict_set_string (values, "md5", media->md5);
  web_dict_take_string (values, "alike-href",
                        g_strdup_printf ("/posts?tags=similar:%" G_GINT64_FORMAT, post->id));
  set_source (values, post->source);
}

static void
add_file (WebDict *values, WebList *list, const BooruFile *file, const BooruFolder *folder)
{
  g_autofree char *path = g_build_filename (folder ? folder->path : "", file->path, NULL);
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  WebDict *dict = web_list_append (list);

  web_dict_take_string (dict, "name", page_text_from_bytes (name));
  web_dict_take_string (dict, "folder", page_text_from_bytes (directory));
  web_dict_set_boolean (dict, "absent", folder && !folder->present);
  if (web_list_get_length (list) == 1)
    web_dict_take_string (values, "download", page_text_from_bytes (name));
}

static void
set_files (WebPage *page, const BooruPost *post)
{
  g_autoptr (GPtrArray) files = booru_store_list_post_files (page->store, post->id, NULL);
  g_autoptr (GPtrArray) folders = booru_store_list_folders (page->store, NULL);
  WebList *list = web_dict_add_list (page->values, "files");
  guint n_files = files ? files->len : 0;

  web_dict_set_static (page->values, "download", "");
  for (guint i = 0; i < n_files; i++)
    {
      const BooruFile *file = g_ptr_array_index (files, i);

      add_file (page->values, list, file, booru_folder_find (folders, file->folder_id));
    }
  web_dict_set_boolean (page->values, "has-files", n_files > 0);
  web_dict_set_boolean (page->values, "several-files", n_files > 1);
}

/* The form. */

static void
add_ratings (WebDict *values, const char *checked)
{
  static const char ratings[] = "gsqe";
  WebList *list = web_dict_add_list (values, "ratings");

  for (const char *rating = ratings; *rating; rating++)
    {
      WebDict *dict = web_list_append (list);

      web_dict_take_string (dict, "value", g_strdup_printf ("%c", *rating));
      web_dict_set_static (dict, "label", page_text_get_rating ((BooruRating)*rating));
      web_dict_set_boolean (dict, "checked", *rating == *checked);
    }
}

/* Their answers lead back to the same place of the search. */
static void
set_actions (WebPage *page, gint64 id)
{
  g_autofree char *delete = g_strdup_printf ("/posts/%" G_GINT64_FORMAT "/delete", id);
  g_autofree char *undelete = g_strdup_printf ("/posts/%" G_GINT64_FORMAT "/undelete", id);
  PagePlace place;

  page_place_read (&place, page->request);
  web_dict_take_string (page->values, "edit-href", page_place_url_of_post (&place, id, 0));
  web_dict_take_string (page->values, "delete-href", page_place_url (&place, delete, 0));
  web_dict_take_string (page->values, "undelete-href", page_place_url (&place, undelete, 0));
}

static void
set_form (WebPage *page, const PageForm *form)
{
  WebDict *values = page->values;

  /* "Save and next" leads to a post that is to be edited, too. */
  web_dict_set_boolean (values, "edit-open",
                        form->problem || web_request_get_flag (page->request, "edit"));
  web_dict_set_string (values, "edit-error", form->problem);
  web_dict_set_string (values, "tag-string", form->tag_string);
  web_dict_set_string (values, "old-tag-string", form->old_tag_string);
  web_dict_set_string (values, "old-rating", form->old_rating);
  web_dict_set_string (values, "source-text", form->source);
  web_dict_set_string (values, "old-source", form->old_source);
  add_ratings (values, form->rating);
}

static void
set_titles (WebPage *page, const BooruPost *post)
{
  g_autofree char *heading = g_strdup_printf ("Post %" G_GINT64_FORMAT, post->id);
  g_autofree char *tags = page_text_list_tags (post, TITLE_TAGS);

  web_page_set_title (page, *tags ? tags : heading);
  web_dict_set_string (page->values, "heading", heading);
}

void
page_post_show (WebPage *page,
                const BooruPost *post,
                const char *query,
                const PageForm *form,
                guint status)
{
  g_autofree char *tags = booru_post_dup_tag_string (post);
  char rating[2] = { (char)post->rating, '\0' };
  PageForm fresh = { tags, tags, rating, rating, post->source, post->source, NULL };

  web_page_set_query (page, query);
  web_page_set_module (page, "post.js");
  set_titles (page, post);
  page_done_set (page, post->id);
  page_picture_set (page, post);
  set_facts (page->values, post);
  set_family (page, post);
  page_strips_add (page, post);
  set_files (page, post);
  page_metadata_set (page, post->id);
  page_post_set_neighbours (page, post);
  page_pool_set_of_post (page, post->id);
  page_opinion_set (page, post);
  set_actions (page, post->id);
  set_form (page, form ? form : &fresh);
  page_post_add_history (page, post);
  web_page_add_tag_groups (page, post->tags, query, FALSE);
  web_page_respond (page, status, "post");
}

void
web_page_handle_post (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;
  const char *query = booru_request_get_param (request, "q");
  gint64 id;

  web_page_init (&page, request);
  if (!web_request_parse_id (WEB_REQUEST (request), &id))
    {
      web_page_fail (&page, 404, "Posts are addressed by number; no such post.");
      return;
    }

  post = booru_store_get_post (page.store, id, &error);
  if (post)
    {
      web_shown_add_post (web_request_get_shown (page.request), id);
      web_request_set_cacheable_search (page.request, query);
      page_post_show (&page, post, query ? query : "", NULL, 200);
    }
  else if (booru_err_notfound (error))
    {
      g_autofree char *message = g_strdup_printf ("Post %" G_GINT64_FORMAT " doesn't exist.", id);

      web_page_fail (&page, 404, message);
    }
  else
    booru_request_fail (request, error);
}
