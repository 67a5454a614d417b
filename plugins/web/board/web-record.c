/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-record.h"

#include <string.h>

#include "http/web-error.h"

#define MAX_OF_POST 1000

static void
write_ids (WebJson *json, const GArray *ids)
{
  web_json_begin_array (json);
  for (guint i = 0; i < ids->len; i++)
    web_json_int (json, g_array_index (ids, gint64, i));
  web_json_end_array (json);
}

static void
write_names (WebJson *json, const char *const *names)
{
  web_json_begin_array (json);
  for (guint i = 0; names[i] != NULL; i++)
    web_json_string (json, names[i]);
  web_json_end_array (json);
}

static void
write_field (WebJson *json, const BooruRecord *record, const BooruField *field)
{
  switch (field->type)
    {
    case BOORU_FIELD_TEXT:
    case BOORU_FIELD_CHOICE:
      web_json_member_string (json, field->name, booru_record_get_text (record, field->name));
      break;
    case BOORU_FIELD_BOOLEAN:
      web_json_member_boolean (json, field->name,
                               booru_record_get_number (record, field->name) != 0);
      break;
    case BOORU_FIELD_TIME:
      web_json_member_time (json, field->name, booru_record_get_number (record, field->name));
      break;
    case BOORU_FIELD_NAMES:
      if (web_json_member (json, field->name))
        write_names (json, booru_record_get_names (record, field->name));
      break;
    case BOORU_FIELD_IDS:
      if (web_json_member (json, field->name))
        write_ids (json, booru_record_get_ids (record, field->name));
      break;
    default:
      if (field->flags & BOORU_FIELD_NULL)
        web_json_member_int_or_null (json, field->name,
                                     booru_record_get_number (record, field->name));
      else
        web_json_member_int (json, field->name, booru_record_get_number (record, field->name));
      break;
    }
}

void
web_record_write_members (WebJson *json, const BooruRecord *record)
{
  const BooruRecordType *type = booru_record_get_type (record);

  for (guint i = 0; i < type->n_fields; i++)
    if (!(type->fields[i].flags & BOORU_FIELD_HIDDEN) && type->fields[i].type != BOORU_FIELD_ANY)
      write_field (json, record, &type->fields[i]);
}

void
web_record_write_json (WebJson *json, const BooruRecord *record)
{
  web_json_begin_object (json);
  web_record_write_members (json, record);
  web_json_end_object (json);
}

gboolean
web_record_write_of_post (WebRequest *request,
                          WebJson *json,
                          BooruRecordKind kind,
                          gint64 post_id,
                          GError **error)
{
  const BooruRecordType *type = booru_record_type_get (kind);
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  gboolean is_list = kind != BOORU_RECORD_COMMENTARY;
  BooruPage all = { BOORU_PAGE_NUMBER, 1, MAX_OF_POST };
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  g_autoptr (GPtrArray) records = NULL;

  booru_filter_require (filter, type->in_post, post_id);
  booru_filter_set_page (filter, &all);
  records = booru_store_list_records (store, type, filter, FALSE,
                                      booru_request_get_user (BOORU_REQUEST (request)), error);
  if (records == NULL)
    return FALSE;
  web_shown_add_records (web_request_get_shown (request), type->change);
  if (is_list)
    web_json_begin_array (json);
  else if (records->len == 0)
    web_json_null (json);
  for (guint i = 0; i < records->len; i++)
    web_record_write_json (json, records->pdata[i]);
  if (is_list)
    web_json_end_array (json);
  return TRUE;
}

static void
put (const char *name, const char *value, gpointer data)
{
  g_hash_table_insert (data, g_strdup (name), g_strdup (value));
}

GHashTable *
web_record_read_edit (WebRequest *request, const char *name, const char *const *bare)
{
  GHashTable *edit = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; bare != NULL && bare[i] != NULL; i++)
    {
      const char *value = booru_request_get_param (BOORU_REQUEST (request), bare[i]);

      if (value != NULL)
        put (bare[i], value, edit);
    }
  web_request_foreach_in (request, name, put, edit);
  return edit;
}

/* "name can't be blank": the first word is the field. */
static void
respond_invalid (WebRequest *request, const char *message)
{
  const char *blank = strchr (message, ' ');
  gsize length = strspn (message, "abcdefghijklmnopqrstuvwxyz_");
  gboolean has_field = blank != NULL && length > 0 && message + length == blank;
  g_autofree char *field = has_field ? g_strndup (message, length) : g_strdup ("base");
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member (&json, "errors");
  web_json_begin_object (&json);
  web_json_member (&json, field);
  web_json_begin_array (&json);
  web_json_string (&json, has_field ? blank + 1 : message);
  web_json_end_array (&json);
  web_json_end_object (&json);
  web_json_end_object (&json);
  web_request_respond_string (request, 422, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

void
web_record_fail_write (WebRequest *request, const GError *error)
{
  if (booru_err_invalid (error))
    respond_invalid (request, error->message);
  else
    web_request_fail_write (request, error);
}
