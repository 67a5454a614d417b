/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Users: the one who asks, and all. */
#include "web-routes.h"

#include <string.h>

#include "view/web-fields.h"
#include "view/web-json.h"
#include "http/web-error.h"
#include "http/web-request.h"

#define JSON "application/json; charset=utf-8"
#define PER_PAGE 20
#define MAX_LIMIT 1000
#define BODY_LIMIT (256 * 1024)

/* Danbooru's numbers and names. */
static const struct
{
  BooruAccess access;
  gint number;
  const char *name;
} levels[] = {
  { BOORU_ACCESS_PUBLIC, 0, "Anonymous" },
  { BOORU_ACCESS_VIEWER, 20, "Member" },
  { BOORU_ACCESS_EDITOR, 35, "Contributor" },
  { BOORU_ACCESS_ADMIN, 50, "Admin" },
};

static void
write_level (WebJson *json, const BooruAccount *account, WebLoginKind kind)
{
  BooruAccess access = account ? account->access : BOORU_ACCESS_PUBLIC;
  guint i = 0;

  while (levels[i].access != access)
    i++;
  web_json_member_int (json, "level", kind == WEB_LOGIN_LOCAL ? 60 : levels[i].number);
  web_json_member_string (json, "level_string", kind == WEB_LOGIN_LOCAL ? "Owner" : levels[i].name);
}

static void
write_time (WebJson *json, const char *name, gint64 time)
{
  if (time)
    web_json_member_time (json, name, time);
  else
    web_json_member_null (json, name);
}

/* What everybody sees of a user. NULL: one without an account. */
static void
write_public (WebJson *json, const BooruAccount *account, WebLoginKind kind)
{
  const char *name = kind == WEB_LOGIN_LOCAL ? "owner" : "Anonymous";
  gint64 id = kind == WEB_LOGIN_LOCAL ? BOORU_USER_OWNER : 0;

  web_json_member_int_or_null (json, "id", account ? account->id : id);
  web_json_member_string (json, "name", account ? account->name : name);
  write_level (json, account, kind);
  web_json_member_null (json, "inviter_id");
  web_json_member_time (json, "created_at", account ? account->created_at : 0);
  web_json_member_int (json, "post_upload_count", 0);
  web_json_member_int (json, "post_update_count", 0);
  web_json_member_int (json, "note_update_count", 0);
  web_json_member_boolean (json, "is_deleted", account && account->is_deleted);
  web_json_member_boolean (json, "is_banned", FALSE);
}

static void
write_settings (WebJson *json, const BooruAccount *account)
{
  const char *zone_name = g_time_zone_get_identifier (booru_time_get_zone ());

  web_json_member_time (json, "updated_at", account ? account->updated_at : 0);
  write_time (json, "last_logged_in_at", account ? account->last_logged_in_at : 0);
  web_json_member_null (json, "last_forum_read_at");
  web_json_member_int (json, "favorite_count", 0);
  web_json_member_int (json, "comment_threshold", 0);
  web_json_member_string (json, "default_image_size", "large");
  web_json_member_string (json, "blacklisted_tags", account ? account->blacklisted_tags : "");
  web_json_member_string (json, "favorite_tags", account ? account->favorite_tags : "");
  web_json_member_string (json, "time_zone",
                          account && *account->time_zone ? account->time_zone : zone_name);
  web_json_member_int (json, "per_page",
                       account && account->per_page ? account->per_page : PER_PAGE);
  web_json_member_string (json, "theme", account && *account->theme ? account->theme : "auto");
  web_json_member_boolean (json, "show_deleted_children", FALSE);
}

static void
respond (WebRequest *request, WebJson *json)
{
  web_request_respond_string (request, 200, JSON, web_json_finish (json));
}

static void
handle_profile (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const WebLogin *login = web_request_get_login (request);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  gboolean edits = login->user->access >= BOORU_ACCESS_EDITOR;
  WebJson json;

  web_json_init (&json, fields);
  web_json_begin_object (&json);
  write_public (&json, login->account, login->kind);
  write_settings (&json, login->account);
  web_json_member_boolean (&json, "can_upload_free", edits);
  web_json_member_boolean (&json, "can_approve_posts", edits);
  web_json_end_object (&json);
  respond (request, &json);
}

/* Which of the lists' filters are given. FALSE: nobody can be like that. */
static gboolean
read_filter (WebRequest *request, BooruAccountFilter *filter, GArray *ids)
{
  const char *level = web_request_get_search (request, "level");
  const char *id = web_request_get_search (request, "id");
  g_auto (GStrv) each = g_strsplit (id ? id : "", ",", -1);
  gint64 number;

  filter->name = web_request_get_search (request, "name_matches");
  if (filter->name == NULL)
    filter->name = web_request_get_search (request, "name");
  for (guint i = 0; level && *level && i < G_N_ELEMENTS (levels); i++)
    if (atoi (level) == levels[i].number)
      filter->access = levels[i].access;
  for (char **one = each; id && *id && *one; one++)
    {
      if (!g_ascii_string_to_signed (*one, 10, 1, G_MAXINT64, &number, NULL))
        return FALSE;
      g_array_append_val (ids, number);
    }
  filter->ids = ids->len > 0 ? ids : NULL;
  return level == NULL || *level == '\0' || filter->access > BOORU_ACCESS_PUBLIC;
}

static void
handle_index (BooruRequest *base, gpointer user_data)
{
  static const char *const filters[] = { "name", "name_matches", "id", "level", "order", NULL };
  WebRequest *request = WEB_REQUEST (base);
  gint64 limit = web_request_get_int (request, "limit", PER_PAGE);
  BooruAccountFilter filter = { .deleted = TRUE };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GError) error = NULL;
  WebJson json;

  if (!web_request_check_search (request, filters))
    return;
  if (!booru_page_parse (booru_request_get_param (base, "page"), (guint)CLAMP (limit, 1, MAX_LIMIT),
                         &filter.page, &error))
    {
      booru_request_fail (base, error);
      return;
    }
  if (!read_filter (request, &filter, ids))
    accounts = g_ptr_array_new ();
  else
    accounts = booru_store_list_accounts (web_worker_get_store (web_request_get_worker (request)),
                                          &filter, &error);
  if (accounts == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; i < accounts->len; i++)
    {
      web_json_begin_object (&json);
      write_public (&json, accounts->pdata[i], WEB_LOGIN_VISITOR);
      web_json_end_object (&json);
    }
  web_json_end_array (&json);
  respond (request, &json);
}

static void
handle_show (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const WebLogin *login = web_request_get_login (request);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  g_autoptr (BooruAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_local;
  WebJson json;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  is_local = login->kind == WEB_LOGIN_LOCAL && id == BOORU_USER_OWNER;
  if (!is_local
      && !(account = booru_store_get_account (
               web_worker_get_store (web_request_get_worker (request)), id, &error)))
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_object (&json);
  write_public (&json, account, is_local ? WEB_LOGIN_LOCAL : WEB_LOGIN_VISITOR);
  web_json_end_object (&json);
  respond (request, &json);
}

static void
read_change (WebRequest *request, BooruAccountChange *change)
{
  BooruRequest *base = BOORU_REQUEST (request);

  change->blacklisted_tags = booru_request_get_param (base, "user[blacklisted_tags]");
  change->favorite_tags = booru_request_get_param (base, "user[favorite_tags]");
  change->per_page = (gint)CLAMP (web_request_get_int (request, "user[per_page]", -1), -1, 200);
}

/* One's own settings; by an API key only if that may do all that its user may. */
static void
handle_update (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const WebLogin *login = web_request_get_login (request);
  g_autofree char *address = web_request_dup_address (request);
  BooruActor actor = { login->user->id, address };
  BooruAccountChange change = BOORU_ACCOUNT_CHANGE_INIT;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  if (login->account == NULL || id != login->user->id
      || login->user->access < login->account->access)
    {
      web_request_fail_status (request, 403, web_error_get_class (403),
                               "Only users themselves change their settings.");
      return;
    }
  read_change (request, &change);
  if (booru_store_change_account (web_worker_get_store (web_request_get_worker (request)), id,
                                  &change, 0, &actor, &error))
    booru_request_respond (base, 204, NULL, NULL);
  else
    web_request_fail_write (request, error);
}

/* Without the keys themselves, which are not stored. */
static void
handle_keys (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys
      = booru_store_list_api_keys (web_worker_get_store (web_request_get_worker (request)),
                                   web_request_get_user_id (request), &error);
  WebJson json;

  if (keys == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; i < keys->len; i++)
    {
      const BooruApiKey *key = keys->pdata[i];

      web_json_begin_object (&json);
      web_json_member_int (&json, "id", key->id);
      web_json_member_int (&json, "user_id", key->user_id);
      web_json_member_string (&json, "name", key->name);
      web_json_member_time (&json, "created_at", key->created_at);
      write_time (&json, "last_used_at", key->last_used_at);
      web_json_end_object (&json);
    }
  web_json_end_array (&json);
  respond (request, &json);
}

static const BooruRoute routes[] = {
  { "GET", "/profile.json", 0, handle_profile, BOORU_ACCESS_PUBLIC },
  { "GET", "/users.json", 0, handle_index },
  { "GET", "/users/:id.json", 0, handle_show },
  { "PUT", "/users/:id.json", BODY_LIMIT, handle_update, BOORU_ACCESS_VIEWER },
  { "GET", "/api_keys.json", 0, handle_keys },
};

void
web_routes_add_users (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
