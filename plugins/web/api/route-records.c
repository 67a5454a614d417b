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

void
web_records_respond (WebRequest *request, guint status, const BooruRecord *record)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  WebJson json;

  web_json_init (&json, fields);
  web_record_write_json (&json, record);
  web_request_respond_string (request, status, JSON, web_json_finish (&json));
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

static void
respond_list (WebRequest *request, const BooruRecordType *type, BooruFilter *filter)
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
    web_record_write_json (&json, records->pdata[i]);
  web_json_end_array (&json);
  set_shown (request, type);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

void
web_records_handle_index (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const BooruRecordType *type = get_type (user_data);
  g_autoptr (BooruFilter) filter = web_filter_read (request, type->fields, type->n_fields);

  if (filter != NULL)
    respond_list (request, type, filter);
}

void
web_records_handle_versions (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const BooruRecordType *type = booru_record_type_get_versions (get_type (user_data));
  g_autoptr (BooruFilter) filter = web_filter_read (request, type->fields, type->n_fields);

  if (filter != NULL)
    respond_list (request, type, filter);
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
  web_records_respond (request, 200, record);
}

void
web_records_handle_create (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const WebRecordRoutes *routes = get_routes (user_data);
  const BooruRecordType *type = get_type (user_data);
  g_autoptr (GHashTable) edit = web_record_read_edit (request, type->name, routes->bare);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruRecord) record
      = booru_store_create_record (get_store (request), type, edit, get_user (request), &error);

  if (record != NULL)
    web_records_respond (request, 201, record);
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

  if (!web_records_find_id (request, get_routes (user_data), &id))
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

  if (!web_records_find_id (request, get_routes (user_data), &id))
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
