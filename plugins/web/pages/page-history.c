/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a post was before, and the buttons that lead back. */
#include <string.h>

#include "page-done.h"
#include "page-place.h"
#include "page-post.h"
#include "page-text.h"

#define MAX_VERSIONS 50

static void
add_tags (WebDict *dict, const char *name, GPtrArray *tags)
{
  WebList *list = web_dict_add_list (dict, name);

  for (guint i = 0; i < tags->len; i++)
    web_dict_take_string (web_list_append (list), "label", page_text_from_tag (tags->pdata[i]));
}

static char *
describe_parent (const BooruVersion *version)
{
  if (version->parent_before == version->parent_after)
    return g_strdup ("");
  if (version->parent_after == 0)
    return g_strdup ("no parent");
  return g_strdup_printf ("parent: post %" G_GINT64_FORMAT, version->parent_after);
}

static void
add_version (WebList *list, const BooruVersion *version, const PagePlace *place, gboolean newest)
{
  g_autoptr (GPtrArray) added = booru_version_get_added (version);
  g_autoptr (GPtrArray) removed = booru_version_get_removed (version);
  gboolean moved
      = version->action == BOORU_ACTION_DELETE || version->action == BOORU_ACTION_UNDELETE;
  g_autofree char *undo = g_strdup_printf ("/post_versions/%" G_GINT64_FORMAT "/undo", version->id);
  gboolean same_source = strcmp (version->source_before, version->source_after) == 0;
  WebDict *dict = web_list_append (list);

  web_dict_set_int (dict, "number", version->number);
  web_dict_take_string (dict, "time", page_text_from_time (version->created_at));
  web_dict_set_boolean (dict, "deletion", version->action == BOORU_ACTION_DELETE);
  web_dict_set_boolean (dict, "undeletion", version->action == BOORU_ACTION_UNDELETE);
  web_dict_set_string (dict, "note", version->note);
  web_dict_set_boolean (dict, "inheritance", version->action == BOORU_ACTION_INHERIT);
  add_tags (dict, "added", added);
  add_tags (dict, "removed", removed);
  web_dict_set_static (dict, "rating",
                       version->rating_before != version->rating_after
                           ? page_text_get_rating ((BooruRating)version->rating_after)
                           : "");
  web_dict_set_boolean (dict, "has-source", !same_source && *version->source_after);
  web_dict_set_boolean (dict, "no-source", !same_source && !*version->source_after);
  web_dict_set_string (dict, "source", version->source_after);
  web_dict_take_string (dict, "parent", describe_parent (version));
  web_dict_take_string (dict, "undo-href", page_place_url (place, undo, 0));
  web_dict_set_int (dict, "id", version->id);
  web_dict_set_boolean (dict, "may-undo", !moved);
  web_dict_set_boolean (dict, "may-revert", !moved && !newest);
}

void
page_post_add_history (WebPage *page, const BooruPost *post)
{
  BooruVersionFilter filter
      = { .post_id = post->id, .page = { BOORU_PAGE_NUMBER, 1, MAX_VERSIONS } };
  g_autoptr (GPtrArray) versions = booru_store_list_versions (page->store, &filter, NULL);
  WebList *list = web_dict_add_list (page->values, "versions");
  guint n = versions ? versions->len : 0;
  g_autofree char *revert = g_strdup_printf ("/posts/%" G_GINT64_FORMAT "/revert", post->id);
  PagePlace place;

  page_place_read (&place, page->request);
  for (guint i = 0; i < n; i++)
    add_version (list, versions->pdata[i], &place, i == 0);
  web_dict_set_boolean (page->values, "has-versions", n > 0);
  web_dict_take_string (page->values, "revert-href", page_place_url (&place, revert, 0));
  web_dict_take_string (
      page->values, "older-versions",
      n == MAX_VERSIONS ? g_strdup_printf (
          "/post_versions.json?search[post_id]=%" G_GINT64_FORMAT "&limit=1000", post->id)
                        : g_strdup (""));
}

static void
show_result (WebPage *page, PageDone done, const BooruPost *post, const GError *error)
{
  if (post)
    {
      g_autofree char *url = NULL;
      PagePlace place;

      page_place_read (&place, page->request);
      url = page_place_url_of_post (&place, post->id, 0);

      page_done_redirect (page, done, post->id, url);
    }
  else if (booru_err_invalid (error))
    web_page_fail (page, 422, error->message);
  else if (booru_err_notfound (error))
    web_page_fail (page, 404, "Version not found; nothing was changed.");
  else
    web_request_fail_write (page->request, error);
}

void
web_page_handle_revert (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  gint64 id = 0, version_id;
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;

  web_page_init (&page, request);
  version_id = web_request_get_int (page.request, "version_id", -1);
  if (web_request_parse_id (WEB_REQUEST (request), &id) && version_id >= 0)
    post = booru_store_revert_post (page.store, id, version_id,
                                    web_request_get_user_id (page.request), &error);
  else
    g_set_error_literal (&error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "");
  show_result (&page, PAGE_DONE_REVERTED, post, error);
}

void
web_page_handle_undo (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  web_page_init (&page, request);
  if (web_request_parse_id (WEB_REQUEST (request), &id))
    post
        = booru_store_undo_version (page.store, id, web_request_get_user_id (page.request), &error);
  else
    g_set_error_literal (&error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "");
  show_result (&page, PAGE_DONE_UNDONE, post, error);
}
