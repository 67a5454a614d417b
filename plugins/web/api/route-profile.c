/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-routes.h"
#include "view/web-fields.h"
#include "view/web-json.h"
#include "http/web-request.h"

#define LEVEL_OWNER 60 /* Danbooru's number for the one who may do everything */
#define PER_PAGE 20

/* There are no accounts yet: every client is the owner. */
static void
handle_show (BooruRequest *base, gpointer user_data)
{
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  WebJson json;

  web_json_init (&json, fields);
  web_json_begin_object (&json);
  web_json_member_int (&json, "id", BOORU_USER_OWNER);
  web_json_member_string (&json, "name", "owner");
  web_json_member_int (&json, "level", LEVEL_OWNER);
  web_json_member_string (&json, "level_string", "Owner");
  web_json_member_time (&json, "created_at", 0);
  web_json_member_time (&json, "updated_at", 0);
  web_json_member_null (&json, "inviter_id");
  web_json_member_null (&json, "last_logged_in_at");
  web_json_member_null (&json, "last_forum_read_at");
  web_json_member_int (&json, "post_upload_count", 0);
  web_json_member_int (&json, "post_update_count", 0);
  web_json_member_int (&json, "note_update_count", 0);
  web_json_member_int (&json, "favorite_count", 0);
  web_json_member_int (&json, "comment_threshold", 0);
  web_json_member_string (&json, "default_image_size", "large");
  web_json_member_string (&json, "blacklisted_tags", "");
  web_json_member_string (&json, "favorite_tags", "");
  web_json_member_string (&json, "time_zone", g_time_zone_get_identifier (booru_time_get_zone ()));
  web_json_member_int (&json, "per_page", PER_PAGE);
  web_json_member_string (&json, "theme", "auto");
  web_json_member_boolean (&json, "is_deleted", FALSE);
  web_json_member_boolean (&json, "is_banned", FALSE);
  web_json_member_boolean (&json, "can_upload_free", TRUE);
  web_json_member_boolean (&json, "can_approve_posts", TRUE);
  web_json_member_boolean (&json, "show_deleted_children", FALSE);
  web_json_end_object (&json);
  web_request_respond_string (WEB_REQUEST (base), 200, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

static const BooruRoute show = { "GET", "/profile.json", 0, handle_show, BOORU_ACCESS_PUBLIC };

void
web_routes_add_profile (BooruExtensions *extensions)
{
  booru_extensions_add_route (extensions, &show, NULL);
}
