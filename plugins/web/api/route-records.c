/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The routes that all kinds of records have in common. */
#include "route-records.h"

#include "board/web-filter.h"
#include "board/web-record.h"
#include "http/web-error.h"
#include "view/web-fields.h"

#define JSON "application/json; charset=utf-8"

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static const BooruUser *
get_user (WebRequest *request)
{
  return booru_request_get_user (BOORU_REQUEST (request));
}

static const WebRecordRoutes *
get_routes (gpointer user_data)
{
  return user_data;
}

static const BooruRecordType *
get_type (gpointer user_data)
{
  return booru_record_type_get (get_routes (user_data)->kind);
}

gboolean
web_records_require_user (WebRequest *request)
{
  if (get_user (request)->id != 0)
    return TRUE;
  web_request_fail_status (request, 403, web_error_get_class (403), "Sign in first.");
  return FALSE;
}

/* A change of what belongs to users. FALSE after an answer. */
static gboolean
may_write (WebRequest *request, const WebRecordRoutes *routes)
{
  return !routes->of_users || web_records_require_user (request);
}

/* @routes: NULL: there is nothing special to it. */
static void
write_record (WebRequest *request,
              WebJson *json,
              const WebRecordRoutes *routes,
              const BooruRecord *record)
{
  web_json_begin_object (json);
  web_record_write_members (json, record);
  if (routes != NULL && routes->write_more != NULL)
    routes->write_more (request, json, record);
  web_json_end_object (json);
}

static void
respond_record (WebRequest *request,
                guint status,
                const WebRecordRoutes *routes,
                const BooruRecord *record)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  WebJson json;

  web_json_init (&json, fields);
  write_record (request, &json, routes, record);
  web_request_respond_string (request, status, JSON, web_json_finish (&json));
}

void
web_records_respond (WebRequest *request, guint status, const BooruRecord *record)
{
  respond_record (request, status, NULL, record);
}

/* An answer for one user is not kept for others. */
static void
set_shown (WebRequest *request, const BooruRecordType *type)
{
  if (type->secret || type->public_flag != NULL)
    return;
  web_shown_add_records (web_request_get_shown (request), type->change);
  web_request_set_timeless (request);
}

static gboolean
wants_lists (const BooruRecordType *type, const WebFields *fields)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].rows != NULL && web_fields_wants (fields, type->fields[i].name, NULL))
      return TRUE;
  return FALSE;
}

/* @routes: NULL: of versions. */
static void
respond_list (WebRequest *request,
              const BooruRecordType *type,
              const WebRecordRoutes *routes,
              BooruFilter *filter)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = booru_store_list_records (
      get_store (request), type, filter, fields == NULL || wants_lists (type, fields),
      get_user (request), &error);
  WebJson json;

  if (records == NULL)
    {
      booru_request_fail (BOORU_REQUEST (request), error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; i < records->len; i++)
    write_record (request, &json, routes, records->pdata[i]);
  web_json_end_array (&json);
  set_shown (request, type);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

/* NULL after an answer. */
static BooruFilter *
read_filter (WebRequest *request, const WebRecordRoutes *routes)
{
  static const char *const none[] = { NULL };
  const BooruRecordType *type = booru_record_type_get (routes->kind);
  g_autoptr (BooruFilter) filter = web_filter_read_but (request, type->fields, type->n_fields,
                                                        routes->own != NULL ? routes->own : none);
  g_autoptr (GError) error = NULL;

  if (filter == NULL || routes->add_own == NULL || routes->add_own (request, filter, &error))
    return g_steal_pointer (&filter);
  web_filter_fail (request, error);
  return NULL;
}

void
web_records_handle_index (BooruRequest *base, gpointer user_data)
{
  g_autoptr (BooruFilter) filter = read_filter (WEB_REQUEST (base), get_routes (user_data));

  if (filter != NULL)
    respond_list (WEB_REQUEST (base), get_type (user_data), get_routes (user_data), filter);
}

void
web_records_handle_of_post (BooruRequest *base, gpointer user_data)
{
  g_autoptr (BooruFilter) filter = NULL;
  gint64 id;

  if (!web_request_require_id (WEB_REQUEST (base), &id))
    return;
  filter = read_filter (WEB_REQUEST (base), get_routes (user_data));
  if (filter == NULL)
    return;
  booru_filter_require (filter, "post_id", id);
  respond_list (WEB_REQUEST (base), get_type (user_data), get_routes (user_data), filter);
}

void
web_records_handle_versions (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const BooruRecordType *type = booru_record_type_get_versions (get_type (user_data));
  g_autoptr (BooruFilter) filter = web_filter_read (request, type->fields, type->n_fields);

  if (filter != NULL)
    respond_list (request, type, NULL, filter);
}

gboolean
web_records_find_id (WebRequest *request, const WebRecordRoutes *routes, gint64 *id)
{
  g_autoptr (GError) error = NULL;

  if (routes->find == NULL || web_request_parse_id (request, id))
    return web_request_require_id (request, id);
  *id = routes->find (get_store (request),
                      booru_request_get_capture (BOORU_REQUEST (request), "id"), &error);
  if (*id == 0)
    booru_request_fail (BOORU_REQUEST (request), error);
  return *id != 0;
}

void
web_records_handle_show (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const BooruRecordType *type = get_type (user_data);
  g_autoptr (BooruRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_records_find_id (request, get_routes (user_data), &id))
    return;
  record = booru_store_get_record (get_store (request), type, id, get_user (request), &error);
  if (record == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  set_shown (request, type);
  respond_record (request, 200, get_routes (user_data), record);
}

void
web_records_handle_create (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const WebRecordRoutes *routes = get_routes (user_data);
  const BooruRecordType *type = get_type (user_data);
  g_autoptr (GHashTable) edit = NULL;
  g_autoptr (BooruRecord) record = NULL;
  g_autoptr (GError) error = NULL;

  if (!may_write (request, routes))
    return;
  edit = web_record_read_edit (request, type->name, routes->bare);
  record = booru_store_create_record (get_store (request), type, edit, get_user (request), &error);
  if (record != NULL)
    respond_record (request, 201, routes, record);
  else
    web_record_fail_write (request, error);
}

static void
answer_done (WebRequest *request, gboolean done, const GError *error)
{
  if (done)
    booru_request_respond (BOORU_REQUEST (request), 204, NULL, NULL);
  else
    web_record_fail_write (request, error);
}

void
web_records_handle_update (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const BooruRecordType *type = get_type (user_data);
  g_autoptr (GHashTable) edit = web_record_read_edit (request, type->name, NULL);
  g_autoptr (BooruRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_records_find_id (request, get_routes (user_data), &id))
    return;
  record
      = booru_store_update_record (get_store (request), type, id, edit, get_user (request), &error);
  answer_done (request, record != NULL, error);
}

static void
set_deleted (BooruRequest *base, gpointer user_data, gboolean deleted)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (GError) error = NULL;
  gboolean done;
  gint64 id;

  if (!may_write (request, get_routes (user_data))
      || !web_records_find_id (request, get_routes (user_data), &id))
    return;
  done = booru_store_set_record_deleted (get_store (request), get_type (user_data), id, deleted,
                                         get_user (request), &error);
  answer_done (request, done, error);
}

void
web_records_handle_delete (BooruRequest *base, gpointer user_data)
{
  set_deleted (base, user_data, TRUE);
}

void
web_records_handle_undelete (BooruRequest *base, gpointer user_data)
{
  set_deleted (base, user_data, FALSE);
}

void
web_records_handle_revert (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  gint64 id, version_id = web_request_get_int (request, "version_id", 0);
  g_autoptr (BooruRecord) record = NULL;
  g_autoptr (GError) error = NULL;

  if (!may_write (request, get_routes (user_data))
      || !web_records_find_id (request, get_routes (user_data), &id))
    return;
  record = booru_store_revert_record (get_store (request), get_type (user_data), id, version_id,
                                      get_user (request), &error);
  answer_done (request, record != NULL, error);
}

void
web_records_add_routes (BooruExtensions *extensions, const WebRecordRoutes *routes)
{
  for (const BooruRoute *route = routes->routes; route->method != NULL; route++)
    booru_extensions_add_route (extensions, route, (gpointer)routes);
}
