/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /system.json: what the page shows, for scripts. */
#include <math.h>

#include "page-system.h"
#include "web-form-token.h"
#include "board/web-failures.h"
#include "board/web-variant.h"

static BooruServiceContext *
get_context (PageSystem *self)
{
  return web_worker_get_context (web_request_get_worker (self->request));
}

static void
add_folder (WebJson *json, const BooruFolder *folder, char **followed)
{
  gboolean managed = folder->kind == BOORU_FOLDER_MANAGED;

  web_json_begin_object (json);
  web_json_member_string (json, "path", folder->path);
  web_json_member_string (json, "kind", managed ? "originals" : "library");
  web_json_member_boolean (
      json, "followed", managed || g_strv_contains ((const char *const *)followed, folder->path));
  web_json_member_boolean (json, "present", folder->present);
  web_json_member_int (json, "files", folder->n_files);
  web_json_member_int (json, "failures", folder->n_failed);
  web_json_member_int (json, "ignored", folder->n_ignored);
  web_json_end_object (json);
}

static void
add_folders (PageSystem *self, WebJson *json)
{
  BooruConfig *config = booru_service_context_get_config (get_context (self));
  g_autoptr (BooruFolders) followed = booru_folders_new (config, FALSE);
  g_autoptr (GPtrArray) folders = booru_store_list_folders (
      web_worker_get_store (web_request_get_worker (self->request)), NULL);
  gint64 n_failed = (gint64)web_failures_count_set_aside (followed->ingest);

  web_json_member (json, "folders");
  web_json_begin_array (json);
  for (guint i = 0; folders && i < folders->len; i++)
    {
      add_folder (json, folders->pdata[i], followed->library);
      n_failed += ((BooruFolder *)folders->pdata[i])->n_failed;
    }
  web_json_end_array (json);
  web_json_member_string (json, "ingest_folder", followed->ingest);
  web_json_member_int (json, "failures", n_failed);
}

static void
add_metric (PageSystem *self, WebJson *json, const char *member, const char *metric)
{
  double value = page_system_get_metric (self, metric);

  if (isnan (value))
    web_json_member_null (json, member);
  else
    web_json_member_int (json, member, (gint64)value);
}

static void
add_events (PageSystem *self, WebJson *json)
{
  web_json_member (json, "events");
  web_json_begin_array (json);
  for (gsize i = 0; self->events && i < g_variant_n_children (self->events); i++)
    {
      const char *topic, *text;
      guint64 serial;
      gint64 time;

      g_variant_get_child (self->events, i, "(tx&s&s)", &serial, &time, &topic, &text);
      web_json_begin_object (json);
      web_json_member_int (json, "serial", (gint64)serial);
      web_json_member_time (json, "time", time);
      web_json_member_string (json, "topic", topic);
      web_json_member_string (json, "text", text);
      web_json_end_object (json);
    }
  web_json_end_array (json);
}

static void
answer (PageSystem *self)
{
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_string (&json, "error", self->status ? NULL : self->why);
  if (self->status)
    web_variant_write_members (&json, self->status, TRUE);
  add_folders (self, &json);
  add_metric (self, &json, "decoders", "booru_decoders");
  add_metric (self, &json, "posts", "booru_posts{status=\"active\"}");
  add_metric (self, &json, "database_size", "booru_store_database_size_bytes");
  add_metric (self, &json, "wal_size", "booru_store_wal_size_bytes");
  add_events (self, &json);
  web_json_end_object (&json);
  booru_request_set_header (BOORU_REQUEST (self->request), "Cache-Control", "no-store");
  web_request_respond_string (self->request, 200, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

void
page_system_handle_json (BooruRequest *request, gpointer user_data)
{
  page_system_ask (page_system_new (WEB_REQUEST (request)), answer);
}
