/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What posts were before: /post_versions.json, and ways back. */
#include "web-routes.h"
#include "http/web-error.h"
#include "view/web-fields.h"
#include "view/web-json.h"
#include "http/web-request.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000
#define BODY_LIMIT (64 * 1024)

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static void
write_names (WebJson *json, const char *member, GPtrArray *names)
{
  if (!web_json_member (json, member))
    return;
  web_json_begin_array (json);
  for (guint i = 0; names && i < names->len; i++)
    web_json_string (json, names->pdata[i]);
  web_json_end_array (json);
}

static void
write_unchanged (WebJson *json, const BooruVersion *version)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; version->tags_after[i]; i++)
    if (g_strv_contains ((const char *const *)version->tags_before, version->tags_after[i]))
      g_ptr_array_add (names, version->tags_after[i]);
  g_ptr_array_add (names, NULL);
  if (web_json_member (json, "unchanged_tags"))
    {
      g_autofree char *joined = g_strjoinv (" ", (char **)names->pdata);

      web_json_string (json, joined);
    }
}

static void
write_tags (WebJson *json, const BooruVersion *version)
{
  g_autoptr (GPtrArray) added = booru_version_get_added (version);
  g_autoptr (GPtrArray) removed = booru_version_get_removed (version);

  if (web_json_member (json, "tags"))
    {
      g_autofree char *tags = g_strjoinv (" ", version->tags_after);

      web_json_string (json, tags);
    }
  write_names (json, "added_tags", added);
  write_names (json, "removed_tags", removed);
  write_unchanged (json, version);
}

/* Danbooru's object, and what of it is ours: "action". */
static void
write_version (WebJson *json, const BooruVersion *version)
{
  static const char *const actions[] = {
    [BOORU_ACTION_EDIT] = "edit",
    [BOORU_ACTION_DELETE] = "delete",
    [BOORU_ACTION_UNDELETE] = "undelete",
    [BOORU_ACTION_INHERIT] = "inherit",
  };
  const char rating[2] = { version->rating_after, '\0' };

  web_json_begin_object (json);
  web_json_member_int (json, "id", version->id);
  web_json_member_int (json, "post_id", version->post_id);
  web_json_member_int (json, "version", version->number);
  web_json_member_int (json, "updater_id", version->updater_id);
  web_json_member_time (json, "updated_at", version->created_at);
  write_tags (json, version);
  web_json_member_string (json, "rating", rating);
  web_json_member_boolean (json, "rating_changed", version->rating_before != version->rating_after);
  web_json_member_string (json, "source", version->source_after);
  web_json_member_boolean (json, "source_changed",
                           !g_str_equal (version->source_before, version->source_after));
  web_json_member_int_or_null (json, "parent_id", version->parent_after);
  web_json_member_boolean (json, "parent_changed", version->parent_before != version->parent_after);
  web_json_member_string (
      json, "action", version->action < G_N_ELEMENTS (actions) ? actions[version->action] : "edit");
  web_json_end_object (json);
}

static gint64
get_search_int (WebRequest *request, const char *name)
{
  const char *text = web_request_get_search (request, name);
  gint64 value;

  if (text == NULL || *text == '\0')
    return 0;
  /* Anything but a number matches nothing. */
  return g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, &value, NULL) ? value : -1;
}

static gboolean
read_filter (WebRequest *request, BooruVersionFilter *filter)
{
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT);
  g_autoptr (GError) error = NULL;

  limit = limit < 0 ? DEFAULT_LIMIT : MIN (limit, MAX_LIMIT);
  filter->id = get_search_int (request, "id");
  filter->post_id = get_search_int (request, "post_id");
  filter->updater_id = get_search_int (request, "updater_id");
  if (booru_page_parse (booru_request_get_param (BOORU_REQUEST (request), "page"), (guint)limit,
                        &filter->page, &error))
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
  static const char *const filters[] = { "id", "post_id", "updater_id", NULL };
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  BooruVersionFilter filter = { 0 };
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GError) error = NULL;
  WebJson json;

  if (!web_request_check_search (request, filters) || !read_filter (request, &filter))
    return;
  versions = booru_store_list_versions (get_store (request), &filter, &error);
  if (versions == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; i < versions->len; i++)
    write_version (&json, versions->pdata[i]);
  web_json_end_array (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
answer_changed (WebRequest *request, const BooruPost *post, const GError *error)
{
  if (post == NULL)
    {
      if (booru_err_invalid (error))
        web_request_fail_status (request, 422, web_error_get_class (422), error->message);
      else
        web_request_fail_write (request, error);
      return;
    }
  web_worker_posts_changed (web_request_get_worker (request), &post->id, 1);
  booru_request_respond (BOORU_REQUEST (request), 204, NULL, NULL);
}

static void
handle_revert (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  gint64 id, version_id = web_request_get_int (request, "version_id", -1);
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;

  if (!web_request_require_id (request, &id))
    return;
  if (version_id < 0)
    {
      web_request_fail_status (request, 400, web_error_get_class (400),
                               "version_id is missing: the id of a version of the post, or 0 for "
                               "the post as it was added.");
      return;
    }
  post = booru_store_revert_post (get_store (request), id, version_id,
                                  web_request_get_user_id (request), &error);
  answer_changed (request, post, error);
}

static void
handle_undo (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  post = booru_store_undo_version (get_store (request), id, web_request_get_user_id (request),
                                   &error);
  answer_changed (request, post, error);
}

static const BooruRoute routes[] = {
  { "GET", "/post_versions.json", 0, handle_index },
  { "PUT", "/post_versions/:id/undo.json", BODY_LIMIT, handle_undo },
  { "PUT", "/posts/:id/revert.json", BODY_LIMIT, handle_revert },
};

void
web_routes_add_versions (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
