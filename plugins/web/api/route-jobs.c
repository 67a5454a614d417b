/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /jobs.json: edits of many posts, and other long work; /bulk_edits.json: how many posts an edit
 * would be about. */
#include "board/web-jobs.h"
#include "http/web-error.h"
#include "http/web-request.h"
#include "view/web-fields.h"
#include "web-routes.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000
#define BODY_LIMIT (64 * 1024)
#define BULK_LIMIT (2 * 1024 * 1024) /* with some 200,000 ids */
#define SHOWN 20                     /* ids of posts, in a preview */

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static WebFields *
parse_fields (WebRequest *request)
{
  return web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
}

static void
respond_job (WebRequest *request, guint status, const BooruJob *job)
{
  g_autoptr (WebFields) fields = parse_fields (request);
  WebJson json;

  web_json_init (&json, fields);
  web_job_write_json (&json, job);
  web_request_respond_string (request, status, JSON, web_json_finish (&json));
}

static void
fail (WebRequest *request, const GError *error)
{
  if (booru_err_invalid (error))
    web_request_fail_invalid (request, "base", error->message);
  else if (booru_err_exists (error))
    web_request_fail_status (request, 409, "ActiveRecord::RecordNotUnique", error->message);
  else if (booru_err_notfound (error))
    booru_request_fail (BOORU_REQUEST (request), error);
  else
    web_request_fail_write (request, error);
}

/* FALSE: nothing can be like that. */
static gboolean
read_filter (WebRequest *request, BooruJobFilter *filter)
{
  const char *state = web_request_get_search (request, "state");
  const char *id = web_request_get_search (request, "id");
  const char *creator = web_request_get_search (request, "creator_id");
  BooruJobState known;

  if (id && *id && !g_ascii_string_to_signed (id, 10, 1, G_MAXINT64, &filter->id, NULL))
    return FALSE;
  if (creator && *creator
      && !g_ascii_string_to_signed (creator, 10, 1, G_MAXINT64, &filter->creator_id, NULL))
    return FALSE;
  if (state == NULL || *state == '\0')
    return TRUE;
  if (!booru_job_state_from_string (state, &known))
    return FALSE;
  filter->state = (gint)known;
  return TRUE;
}

static gboolean
read_page (WebRequest *request, BooruPage *page)
{
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT);
  g_autoptr (GError) error = NULL;

  limit = limit < 0 ? DEFAULT_LIMIT : MIN (limit, MAX_LIMIT);
  if (booru_page_parse (booru_request_get_param (BOORU_REQUEST (request), "page"), (guint)limit,
                        page, &error))
    return TRUE;
  if (booru_err_limit (error))
    web_request_fail_status (request, 410, web_error_get_class (410), error->message);
  else
    booru_request_fail (BOORU_REQUEST (request), error);
  return FALSE;
}

static void
handle_index (BooruRequest *base, gpointer user_data)
{
  static const char *const filters[] = { "id", "state", "creator_id", NULL };
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (WebFields) fields = parse_fields (request);
  BooruJobFilter filter = BOORU_JOB_FILTER_INIT;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;
  gboolean possible = read_filter (request, &filter);
  WebJson json;

  if (!web_request_check_search (request, filters) || !read_page (request, &filter.page))
    return;
  jobs = possible ? booru_store_list_jobs (get_store (request), &filter, &error) : NULL;
  if (possible && jobs == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; jobs && i < jobs->len; i++)
    web_job_write_json (&json, jobs->pdata[i]);
  web_json_end_array (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
handle_show (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruJob) job = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  job = booru_store_get_job (get_store (request), id, &error);
  if (job)
    respond_job (request, 200, job);
  else
    booru_request_fail (base, error);
}

static void
write_ids (WebJson *json, const GArray *ids)
{
  web_json_begin_array (json);
  for (guint i = 0; i < MIN (ids->len, SHOWN); i++)
    web_json_int (json, g_array_index (ids, gint64, i));
  web_json_end_array (json);
}

/* The first of those that are meant. */
static GArray *
list_first (WebRequest *request, const WebBulk *bulk, GError **error)
{
  BooruPage page = { BOORU_PAGE_NUMBER, 1, SHOWN };
  g_autoptr (BooruQuery) query = NULL;

  if (bulk->ids)
    return g_array_ref (bulk->ids);
  query = booru_query_parse (bulk->edit.query);
  return booru_store_find_ids (get_store (request), query, &page, error);
}

static void
handle_preview (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_auto (WebBulk) bulk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) first = NULL;
  gint64 count = -1;
  WebJson json;

  if (web_bulk_read (&bulk, request, &error))
    count = booru_store_check_bulk (get_store (request), &bulk.edit, &error);
  if (count >= 0)
    first = list_first (request, &bulk, &error);
  if (first == NULL)
    {
      fail (request, error);
      return;
    }
  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_int (&json, "count", count);
  web_json_member_string (&json, "action", web_bulk_get_action (&bulk));
  web_json_member_string (&json, "tags", bulk.edit.query);
  web_json_member_string (&json, "script", bulk.edit.script);
  if (web_json_member (&json, "post_ids"))
    write_ids (&json, first);
  web_json_end_object (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
respond_new (WebRequest *request, guint status, const BooruJob *job, const GError *error)
{
  if (job == NULL)
    {
      fail (request, error);
      return;
    }
  web_worker_jobs_changed (web_request_get_worker (request), job->id);
  respond_job (request, status, job);
}

static void
handle_create (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_auto (WebBulk) bulk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = NULL;

  if (web_bulk_read (&bulk, request, &error))
    job = booru_store_add_bulk (get_store (request), &bulk.edit, &error);
  respond_new (request, 201, job, error);
}

static void
handle_undo (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  job = booru_store_undo_job (get_store (request), id, web_request_get_user_id (request), &error);
  respond_new (request, 201, job, error);
}

static void
handle_cancel (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  job = booru_store_cancel_job (get_store (request), id, &error);
  respond_new (request, 200, job, error);
}

static const BooruRoute routes[] = {
  { "GET", "/jobs.json", 0, handle_index, BOORU_ACCESS_EDITOR },
  { "POST", "/jobs.json", BULK_LIMIT, handle_create, BOORU_ACCESS_EDITOR },
  { "GET", "/jobs/:id.json", 0, handle_show, BOORU_ACCESS_EDITOR },
  { "POST", "/jobs/:id/undo.json", BODY_LIMIT, handle_undo, BOORU_ACCESS_EDITOR },
  { "POST", "/jobs/:id/cancel.json", BODY_LIMIT, handle_cancel, BOORU_ACCESS_EDITOR },
  { "POST", "/bulk_edits.json", BULK_LIMIT, handle_preview, BOORU_ACCESS_EDITOR },
};

void
web_routes_add_jobs (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
  booru_extensions_add_report (extensions, &web_jobs_report);
}
