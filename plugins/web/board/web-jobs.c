/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-jobs.h"

#include <string.h>

static const char *const actions[] = {
  [BOORU_BULK_EDIT] = "edit",
  [BOORU_BULK_TRASH] = "trash",
  [BOORU_BULK_RESTORE] = "restore",
};

static void
write_time (WebJson *json, const char *name, gint64 time)
{
  if (time > 0)
    web_json_member_time (json, name, time);
  else
    web_json_member_null (json, name);
}

void
web_job_write_json (WebJson *json, const BooruJob *job)
{
  web_json_begin_object (json);
  web_json_member_int (json, "id", job->id);
  web_json_member_string (json, "kind", booru_job_kind_to_string (job->kind));
  web_json_member_string (json, "title", job->title);
  web_json_member_string (json, "state", booru_job_state_to_string (job->state));
  web_json_member_int (json, "creator_id", job->creator_id);
  if (web_json_member (json, "params"))
    web_json_raw (json, job->params);
  if (job->total >= 0)
    web_json_member_int (json, "total", job->total);
  else
    web_json_member_null (json, "total");
  web_json_member_int (json, "done", job->done);
  web_json_member_int (json, "changed", job->changed);
  web_json_member_string (json, "error", job->error);
  web_json_member_time (json, "created_at", job->created_at);
  write_time (json, "started_at", job->started_at);
  write_time (json, "finished_at", job->finished_at);
  web_json_member_int_or_null (json, "undo_of", job->undo_of);
  web_json_member_int_or_null (json, "undone_by", job->undone_by);
  web_json_member_boolean (json, "can_undo", booru_job_can_undo (job));
  web_json_end_object (json);
}

guint
web_job_get_percent (const BooruJob *job)
{
  if (job->state == BOORU_JOB_DONE || job->state == BOORU_JOB_UNDONE)
    return 100;
  return job->total > 0 ? (guint)(job->done * 100 / job->total) : 0;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
read_ids (const char *text, GArray *ids, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, ", \n\r\t", -1);

  for (guint i = 0; words[i]; i++)
    {
      gint64 id;

      if (*words[i] == '\0')
        continue;
      if (!g_ascii_string_to_signed (words[i], 10, 1, G_MAXINT64, &id, NULL))
        return refuse (error, "The ids are not a list of numbers: write 1,2,3");
      g_array_append_val (ids, id);
    }
  return TRUE;
}

static gboolean
read_action (const char *text, BooruBulkAction *action, GError **error)
{
  *action = BOORU_BULK_EDIT;
  if (text == NULL || *text == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (text, actions[i]) == 0)
      {
        *action = (BooruBulkAction)i;
        return TRUE;
      }
  return refuse (error, "The action must be edit, trash or restore");
}

gboolean
web_bulk_read (WebBulk *self, WebRequest *request, GError **error)
{
  BooruRequest *base = BOORU_REQUEST (request);
  const char *ids = booru_request_get_param (base, "ids");

  *self = (WebBulk){ 0 };
  self->edit.query = booru_request_get_param (base, "tags");
  self->edit.script = booru_request_get_param (base, "script");
  self->edit.creator_id = web_request_get_user_id (request);
  self->edit.expected = web_request_get_int (request, "count", -1);
  if (ids && *ids)
    {
      if (self->edit.query)
        return refuse (error, "Either a search (tags) or a list (ids) says which posts are meant");
      self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      self->edit.ids = self->ids;
      if (!read_ids (ids, self->ids, error))
        return FALSE;
    }
  return read_action (booru_request_get_param (base, "action"), &self->edit.action, error);
}

void
web_bulk_clear (WebBulk *self)
{
  g_clear_pointer (&self->ids, g_array_unref);
}

const char *
web_bulk_get_action (const WebBulk *self)
{
  return actions[self->edit.action];
}

static GVariant *
describe (const BooruJob *job)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "x", job->id);
  g_variant_dict_insert (&dict, "kind", "s", booru_job_kind_to_string (job->kind));
  g_variant_dict_insert (&dict, "title", "s", job->title);
  g_variant_dict_insert (&dict, "state", "s", booru_job_state_to_string (job->state));
  g_variant_dict_insert (&dict, "total", "x", job->total);
  g_variant_dict_insert (&dict, "done", "x", job->done);
  g_variant_dict_insert (&dict, "changed", "x", job->changed);
  if (job->error)
    g_variant_dict_insert (&dict, "error", "s", job->error);
  return g_variant_dict_end (&dict);
}

static GVariant *
make_report (BooruServiceContext *context, GVariant *arguments, GError **error)
{
  BooruConfig *config = booru_service_context_get_config (context);
  g_autoptr (BooruStore) store
      = booru_store_open (booru_config_get_path (config, BOORU_CONFIG_DATA_DIR),
                          booru_config_get_string (config, BOORU_CONFIG_DATABASE, NULL),
                          BOORU_STORE_READ_WRITE, NULL, NULL, error);
  BooruJobFilter filter = BOORU_JOB_FILTER_INIT;
  g_autoptr (GPtrArray) jobs = store ? booru_store_list_jobs (store, &filter, error) : NULL;
  GVariantBuilder list;
  GVariantDict dict;

  if (jobs == NULL)
    return NULL;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < jobs->len; i++)
    g_variant_builder_add_value (&list, describe (jobs->pdata[i]));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "jobs", g_variant_builder_end (&list));
  return g_variant_dict_end (&dict);
}

const BooruReport web_jobs_report = { "jobs", make_report };
