/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of tags themselves, and lists of aliases and implications. */
#include "board/web-relation-list.h"
#include "http/web-error.h"
#include "http/web-request.h"
#include "view/web-json.h"
#include "web-routes.h"

#define JSON "application/json; charset=utf-8"
#define BODY_LIMIT (64 * 1024)
#define LIST_LIMIT (16 * 1024 * 1024) /* Danbooru's, as JSON, is some 10 MB */
#define MAX_SHOWN 1000                /* items that were not added */

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static void
fail (WebRequest *request, const char *field, const GError *error)
{
  if (booru_err_invalid (error) || booru_err_exists (error) || booru_err_limit (error))
    web_request_fail_invalid (request, field, error->message);
  else
    web_request_fail_write (request, error);
}

/* "tag[NAME]", else the bare NAME. */
static const char *
get_member (WebRequest *request, const char *name)
{
  g_autofree char *full = g_strdup_printf ("tag[%s]", name);
  const char *value = booru_request_get_param (BOORU_REQUEST (request), full);

  return value ? value : booru_request_get_param (BOORU_REQUEST (request), name);
}

/* FALSE after an answer. */
static gboolean
read_change (WebRequest *request, BooruTagChange *change)
{
  static const char *const yes[] = { "1", "true", "t", "yes", "y", "on", NULL };
  const char *category = get_member (request, "category");
  const char *deprecated = get_member (request, "is_deprecated");
  BooruTagCategory known;

  *change = (BooruTagChange)BOORU_TAG_CHANGE_INIT;
  change->name = get_member (request, "name");
  if (deprecated && *deprecated)
    change->is_deprecated = g_strv_contains (yes, deprecated);
  if (category == NULL || *category == '\0')
    return TRUE;
  if (!booru_tag_category_from_string (category, &known))
    {
      web_request_fail_invalid (request, "category", "Category is not included in the list");
      return FALSE;
    }
  change->category = (gint)known;
  return TRUE;
}

static void
handle_update (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruTag) tag = NULL;
  g_autoptr (GError) error = NULL;
  BooruTagChange change;
  gint64 id, job_id = 0;

  if (!web_request_require_id (request, &id) || !read_change (request, &change))
    return;
  tag = booru_store_edit_tag (get_store (request), id, &change, web_request_get_user_id (request),
                              &job_id, &error);
  if (tag == NULL)
    {
      fail (request, change.name ? "name" : "base", error);
      return;
    }
  if (job_id != 0)
    web_worker_jobs_changed (web_request_get_worker (request), job_id);
  booru_request_respond (base, 204, NULL, NULL);
}

/* Lists */

static void
write_item (WebJson *json, const BooruRelationItem *item)
{
  web_json_begin_object (json);
  web_json_member_int (json, "line", item->line);
  web_json_member_string (json, "antecedent_name", item->antecedent);
  web_json_member_string (json, "consequent_name", item->consequent);
  web_json_member_string (json, "message", item->message);
  web_json_end_object (json);
}

static void
write_items (WebJson *json, const char *name, GPtrArray *items, BooruRelationOutcome outcome)
{
  guint n = 0;

  if (!web_json_member (json, name))
    return;
  web_json_begin_array (json);
  for (guint i = 0; i < items->len && n < MAX_SHOWN; i++)
    if (((BooruRelationItem *)items->pdata[i])->outcome == outcome)
      {
        write_item (json, items->pdata[i]);
        n++;
      }
  web_json_end_array (json);
}

static void
respond_report (WebRequest *request,
                gboolean dry_run,
                const BooruRelationReport *report,
                GPtrArray *items)
{
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_boolean (&json, "dry_run", dry_run);
  web_json_member_int (&json, "added", report->n_added);
  web_json_member_int (&json, "known", report->n_known);
  web_json_member_int (&json, "refused", report->n_refused);
  if (dry_run)
    web_json_member_int (&json, "posts", report->n_posts);
  else
    web_json_member_int_or_null (&json, "job_id", report->job_id);
  write_items (&json, "known_items", items, BOORU_RELATION_ITEM_KNOWN);
  write_items (&json, "refused_items", items, BOORU_RELATION_ITEM_REFUSED);
  web_json_end_object (&json);
  web_request_respond_string (request, dry_run ? 200 : 201, JSON, web_json_finish (&json));
}

static void
handle_import (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *text = booru_request_get_param (base, "list");
  gboolean dry_run = web_request_get_flag (request, "dry_run");
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  BooruRelationReport report = { 0 };

  if (text == NULL)
    {
      web_request_fail_status (request, 400, web_error_get_class (400),
                               "list is missing: CSV (antecedent,consequent) or Danbooru's JSON.");
      return;
    }
  items = web_relation_list_parse (text, &error);
  if (items == NULL
      || !booru_store_add_relations (get_store (request),
                                     (BooruRelationKind)GPOINTER_TO_UINT (user_data), items,
                                     web_request_get_user_id (request), dry_run, &report, &error))
    {
      fail (request, "list", error);
      return;
    }
  if (report.job_id != 0)
    web_worker_jobs_changed (web_request_get_worker (request), report.job_id);
  respond_report (request, dry_run, &report, items);
}

static const BooruRoute update_routes[] = {
  { "PUT", "/tags/:id.json", BODY_LIMIT, handle_update, BOORU_ACCESS_EDITOR },
  { "PATCH", "/tags/:id.json", BODY_LIMIT, handle_update, BOORU_ACCESS_EDITOR },
};

static const BooruRoute aliases_route
    = { "POST", "/tag_aliases/import.json", LIST_LIMIT, handle_import, BOORU_ACCESS_EDITOR };
static const BooruRoute implications_route
    = { "POST", "/tag_implications/import.json", LIST_LIMIT, handle_import, BOORU_ACCESS_EDITOR };

void
web_routes_add_tag_edit (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (update_routes); i++)
    booru_extensions_add_route (extensions, &update_routes[i], NULL);
  booru_extensions_add_route (extensions, &aliases_route, GUINT_TO_POINTER (BOORU_RELATION_ALIAS));
  booru_extensions_add_route (extensions, &implications_route,
                              GUINT_TO_POINTER (BOORU_RELATION_IMPLICATION));
}
