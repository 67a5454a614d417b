/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /jobs: what is being done to many posts, what was done, and the ways back; and asking for it. */
#include "board/web-jobs.h"
#include "page-text.h"
#include "web-page.h"

#define JOBS_PER_PAGE 50

static char *
describe_progress (const BooruJob *job)
{
  g_autofree char *done = booru_text_from_count (job->done);
  g_autofree char *total = booru_text_from_count (MAX (job->total, 0));
  g_autofree char *changed = booru_text_from_count (job->changed);

  if (job->kind == BOORU_JOB_TAG)
    return g_strdup ("");
  if (job->state == BOORU_JOB_QUEUED)
    return g_strdup ("waiting");
  if (job->state == BOORU_JOB_RUNNING)
    return g_strdup_printf ("%s of %s posts", done, total);
  return g_strdup_printf ("%s of %s posts changed", changed, total);
}

static void
add_job (WebList *list, const BooruJob *job)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_int (dict, "id", job->id);
  web_dict_set_string (dict, "title", job->title);
  web_dict_set_static (dict, "state", booru_job_state_to_string (job->state));
  web_dict_set_int (dict, "percent", web_job_get_percent (job));
  web_dict_take_string (dict, "progress", describe_progress (job));
  web_dict_set_string (dict, "error", job->error);
  web_dict_take_string (dict, "time", page_text_from_time (job->created_at));
  web_dict_set_boolean (dict, "running", job->state == BOORU_JOB_RUNNING);
  web_dict_set_boolean (dict, "can-cancel", !booru_job_is_over (job));
  web_dict_set_boolean (dict, "can-undo", booru_job_can_undo (job));
}

static char *
make_page_url (guint page, gpointer user_data)
{
  return page <= 1 ? g_strdup ("/jobs") : g_strdup_printf ("/jobs?page=%u", page);
}

static void
add_pager (WebPage *page, guint number, gboolean more)
{
  g_autofree char *previous = number > 1 ? make_page_url (number - 1, NULL) : NULL;
  g_autofree char *next = more ? make_page_url (number + 1, NULL) : NULL;
  WebPager pager = { .page = number,
                     .previous = previous,
                     .next = next,
                     .previous_label = "Newer",
                     .next_label = "Older" };

  web_page_add_pager (page, &pager);
}

void
web_page_handle_jobs (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  BooruJobFilter filter = BOORU_JOB_FILTER_INIT;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;
  guint number;
  WebList *list;

  web_page_init (&page, request);
  number = (guint)CLAMP (web_request_get_int (page.request, "page", 1), 1, 1000);
  filter.page = (BooruPage){ BOORU_PAGE_NUMBER, number, JOBS_PER_PAGE };
  jobs = booru_store_list_jobs (page.store, &filter, &error);
  if (jobs == NULL)
    {
      booru_request_fail (request, error);
      return;
    }
  web_page_set_title (&page, "Jobs");
  list = web_dict_add_list (page.values, "jobs");
  for (guint i = 0; i < jobs->len; i++)
    add_job (list, jobs->pdata[i]);
  web_dict_set_boolean (page.values, "has-jobs", jobs->len > 0);
  add_pager (&page, number, jobs->len == JOBS_PER_PAGE);
  web_page_respond (&page, 200, "jobs");
}

static void
show_form (WebPage *page, guint status, const WebBulk *bulk, gint64 count, const char *problem)
{
  WebDict *values = page->values;
  BooruRequest *request = BOORU_REQUEST (page->request);

  web_page_set_title (page, "Edit many posts");
  web_dict_set_string (values, "problem", problem);
  web_dict_set_string (values, "search", booru_request_get_param (request, "tags"));
  web_dict_set_string (values, "script", booru_request_get_param (request, "script"));
  web_dict_set_string (values, "ids", booru_request_get_param (request, "ids"));
  web_dict_set_boolean (values, "has-ids", bulk->ids != NULL);
  web_dict_set_boolean (values, "trash", bulk->edit.action == BOORU_BULK_TRASH);
  web_dict_set_boolean (values, "restore", bulk->edit.action == BOORU_BULK_RESTORE);
  web_dict_set_boolean (values, "edit", bulk->edit.action == BOORU_BULK_EDIT);
  web_dict_set_static (values, "action", web_bulk_get_action (bulk));
  web_dict_set_boolean (values, "counted", count >= 0);
  web_dict_set_boolean (values, "has-count", count > 0);
  web_dict_set_int (values, "count", count);
  web_dict_take_string (values, "count-text",
                        count == 1 ? g_strdup ("1 post")
                                   : g_strdup_printf ("%" G_GINT64_FORMAT " posts", count));
  web_page_respond (page, status, "bulk-edit");
}

/* The empty form; with what is to be done, counted. */
void
web_page_handle_bulk (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_auto (WebBulk) bulk = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 count = -1;
  gboolean asked;

  web_page_init (&page, request);
  asked = web_request_get_flag (page.request, "preview");
  if (web_bulk_read (&bulk, page.request, &error) && asked)
    count = booru_store_check_bulk (page.store, &bulk.edit, &error);
  show_form (&page, error ? 422 : 200, &bulk, count, error ? error->message : NULL);
}

void
web_page_handle_do_bulk (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_auto (WebBulk) bulk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = NULL;

  web_page_init (&page, request);
  if (web_request_get_flag (page.request, "preview"))
    {
      web_page_handle_bulk (request, user_data);
      return;
    }
  if (web_bulk_read (&bulk, page.request, &error))
    job = booru_store_add_bulk (page.store, &bulk.edit, &error);
  if (job)
    {
      web_worker_jobs_changed (web_request_get_worker (page.request), job->id);
      web_page_redirect (&page, 303, "/jobs");
    }
  else if (booru_err_exists (error) || booru_err_invalid (error))
    show_form (&page, booru_err_exists (error) ? 409 : 422, &bulk, -1, error->message);
  else
    web_request_fail_write (page.request, error);
}

static void
finish (WebPage *page, const BooruJob *job, const GError *error)
{
  if (job)
    {
      web_worker_jobs_changed (web_request_get_worker (page->request), job->id);
      web_page_redirect (page, 303, "/jobs");
    }
  else if (booru_err_exists (error) || booru_err_invalid (error))
    web_page_fail_with_way_on (page, 409, error->message, "/jobs");
  else
    web_request_fail_write (page->request, error);
}

void
web_page_handle_undo_job (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = NULL;
  gint64 id;

  web_page_init (&page, request);
  if (!web_request_require_id (page.request, &id))
    return;
  job = booru_store_undo_job (page.store, id, web_request_get_user_id (page.request), &error);
  finish (&page, job, error);
}

void
web_page_handle_cancel_job (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = NULL;
  gint64 id;

  web_page_init (&page, request);
  if (!web_request_require_id (page.request, &id))
    return;
  job = booru_store_cancel_job (page.store, id, &error);
  finish (&page, job, error);
}
