/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saving the form of a post: POST /posts/:id. Where the request comes from was checked before. */
#include <string.h>

#include "page-done.h"
#include "page-place.h"
#include "page-post.h"
#include "page-text.h"
#include "http/web-error.h"

static void
read_form (BooruRequest *request, PageForm *form)
{
  form->tag_string = booru_request_get_param (request, "post[tag_string]");
  form->old_tag_string = booru_request_get_param (request, "post[old_tag_string]");
  form->rating = booru_request_get_param (request, "post[rating]");
  form->old_rating = booru_request_get_param (request, "post[old_rating]");
  form->source = booru_request_get_param (request, "post[source]");
  form->old_source = booru_request_get_param (request, "old_source");
}

static gboolean
is_rating (const char *text)
{
  return strlen (text) == 1 && strchr ("gsqe", *text);
}

static gboolean
make_edit (const PageForm *form, BooruPostEdit *edit, GError **error)
{
  if (form->rating && !is_rating (form->rating))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "“%s” is not a rating. Choose one below.", form->rating);
      return FALSE;
    }

  edit->tag_string = form->tag_string;
  edit->old_tag_string = form->old_tag_string;
  edit->rating = form->rating ? *form->rating : 0;
  edit->old_rating = form->old_rating && is_rating (form->old_rating) ? *form->old_rating : 0;

  /* Left as it was, it does not undo what somebody else wrote meanwhile. */
  if (form->source && g_strcmp0 (form->source, form->old_source) != 0)
    edit->source = form->source;
  return TRUE;
}

/* The form again, with what the user wrote and what is wrong with it. */
static void
show_problem (WebPage *page, gint64 id, const char *query, PageForm *form, const GError *problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = booru_store_get_post (page->store, id, &error);
  g_autofree char *tags = post ? booru_post_dup_tag_string (post) : NULL;
  char rating[2] = { 0 };
  const char *class;

  if (post == NULL)
    {
      booru_request_fail (BOORU_REQUEST (page->request), error);
      return;
    }

  rating[0] = (char)post->rating;
  form->tag_string = form->tag_string ? form->tag_string : tags;
  form->old_tag_string = form->old_tag_string ? form->old_tag_string : tags;
  form->rating = form->rating ? form->rating : rating;
  form->old_rating = form->old_rating ? form->old_rating : rating;
  form->source = form->source ? form->source : post->source;
  form->old_source = form->old_source ? form->old_source : post->source;
  form->problem = problem->message;
  page_post_show (page, post, query, form,
                  booru_err_invalid (problem) ? 422 : web_error_get_status (problem, &class));
}

void
web_page_handle_edit (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;
  const char *query = booru_request_get_param (request, "q");
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  PageForm form = { 0 };
  gint64 id, before;

  web_page_init (&page, request);
  if (!web_request_parse_id (WEB_REQUEST (request), &id))
    {
      web_page_fail (&page, 404, "Posts are addressed by number; no such post.");
      return;
    }

  query = query ? query : "";
  read_form (request, &form);
  edit.editor_id = web_request_get_user_id (page.request);
  before = page_done_find_change (page.store, id);
  if (make_edit (&form, &edit, &error))
    post = booru_store_edit_post (page.store, id, &edit, &error);

  if (post)
    {
      gboolean changed = page_done_find_change (page.store, id) != before;
      gboolean goes_on = page_place_goes_on (page.request, NULL);
      g_autofree char *url = page_place_url_after_form (page.request, id, 1);
      g_autofree char *editing
          = goes_on ? g_strconcat (url, strchr (url, '?') ? "&" : "?", "edit=1", NULL) : NULL;

      page_done_redirect (&page, changed ? PAGE_DONE_SAVED : PAGE_DONE_NOTHING, id,
                          goes_on ? editing : url);
    }
  else if (booru_err_notfound (error))
    web_page_fail (&page, 404, "Post not found; nothing was saved.");
  else
    show_problem (&page, id, query, &form, error);
}
