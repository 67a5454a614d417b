/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deleting a post, taking it back, and emptying the trash. */
#include "page-done.h"
#include "page-place.h"
#include "page-post.h"
#include "page-text.h"
#include "http/web-error.h"

static void
set_deleted (BooruRequest *request, gboolean deleted)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  gint64 id;

  web_page_init (&page, request);
  if (!web_request_parse_id (WEB_REQUEST (request), &id))
    g_set_error_literal (&error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "");
  else if (deleted)
    done = booru_store_delete_post (page.store, id, web_request_get_user_id (page.request), &error);
  else
    done = booru_store_undelete_post (page.store, id, web_request_get_user_id (page.request),
                                      &error);

  if (done)
    {
      g_autofree char *url = page_place_url_after_form (page.request, id, 0);

      page_done_redirect (&page, deleted ? PAGE_DONE_DELETED : PAGE_DONE_RESTORED, id, url);
    }
  else if (booru_err_notfound (error))
    web_page_fail (&page, 404, "Post not found; nothing was changed.");
  else
    web_request_fail_write (page.request, error);
}

void
web_page_handle_delete (BooruRequest *request, gpointer user_data)
{
  set_deleted (request, TRUE);
}

void
web_page_handle_undelete (BooruRequest *request, gpointer user_data)
{
  set_deleted (request, FALSE);
}

static void
set_trash (WebPage *page, const BooruTrash *trash)
{
  web_dict_take_string (page->values, "count-text",
                        trash->n_files == 1
                            ? g_strdup ("1 file")
                            : g_strdup_printf ("%" G_GINT64_FORMAT " files", trash->n_files));
  web_dict_set_int (page->values, "count", trash->n_files);
  web_dict_set_boolean (page->values, "has-files", trash->n_files > 0);
  web_dict_set_boolean (page->values, "one-file", trash->n_files == 1);
  web_dict_take_string (page->values, "size", g_format_size ((guint64)trash->size));
  web_dict_set_boolean (page->values, "has-gone", trash->n_gone > 0);
  web_dict_take_string (page->values, "gone-text", booru_text_from_count (trash->n_gone));
  web_dict_set_boolean (page->values, "can-empty", trash->n_files > 0 || trash->n_gone > 0);
  web_dict_set_boolean (page->values, "has-others", trash->n_others > 0);
  web_dict_take_string (page->values, "others-text", booru_text_from_count (trash->n_others));
}

static void
show_trash (WebPage *page, guint status, const char *problem, const char *done)
{
  g_autoptr (GError) error = NULL;
  BooruTrash trash;

  if (!booru_store_measure_trash (page->store, &trash, &error))
    {
      booru_request_fail (BOORU_REQUEST (page->request), error);
      return;
    }
  web_page_set_title (page, "Empty the trash");
  web_dict_set_string (page->values, "problem", problem);
  web_dict_set_string (page->values, "done", done);
  set_trash (page, &trash);
  web_page_respond (page, status, "trash");
}

void
web_page_handle_trash (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };

  web_page_init (&page, request);
  show_trash (&page, 200, NULL, NULL);
}

static char *
describe_result (const BooruTrashResult *result)
{
  g_autofree char *size = g_format_size ((guint64)result->size);

  const char *files = result->n_removed == 1 ? "file" : "files";

  if (result->n_removed == 0 && result->n_kept == 0)
    return g_strdup ("The trash was emptied.");
  if (result->n_kept == 0)
    return g_strdup_printf ("Permanently deleted %" G_GINT64_FORMAT " %s (%s).", result->n_removed,
                            files, size);
  return g_strdup_printf ("Permanently deleted %" G_GINT64_FORMAT " %s (%s). Kept %" G_GINT64_FORMAT
                          ": other files have taken their place.",
                          result->n_removed, files, size, result->n_kept);
}

void
web_page_handle_empty_trash (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  WebWorker *worker;
  BooruTrashResult result;
  g_autoptr (GError) error = NULL;
  g_autofree char *done = NULL;
  gint64 count;

  web_page_init (&page, request);
  worker = web_request_get_worker (page.request);
  count = web_request_get_int (page.request, "count", -1);
  if (!booru_trash_empty (page.store, web_worker_get_settings (worker)->files_dir, count, &result,
                          &error))
    {
      if (booru_err_exists (error) || booru_err_busy (error))
        show_trash (&page, 409, error->message, NULL);
      else
        web_request_fail_write (page.request, error);
      return;
    }
  web_worker_posts_changed (worker, NULL, 0);
  done = describe_result (&result);
  show_trash (&page, 200, NULL, done);
}
