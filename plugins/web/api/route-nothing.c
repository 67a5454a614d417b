/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of Danbooru's that are empty on every board of this kind. Clients ask for all that there is
 * about a post when it is opened, and take anything but an empty list for a failure. */
#include "http/web-request.h"
#include "web-routes.h"

static void
handle_list (BooruRequest *request, gpointer user_data)
{
  web_request_set_timeless (WEB_REQUEST (request));
  web_request_respond_string (WEB_REQUEST (request), 200, "application/json; charset=utf-8",
                              g_string_new ("[]"));
}

#define LIST(name)                                                                                 \
  {                                                                                                \
    "GET", "/" name ".json", 0, handle_list                                                        \
  }

static const BooruRoute routes[] = {
  LIST ("ai_tags"),
  LIST ("bans"),
  LIST ("bulk_update_requests"),
  LIST ("dmails"),
  LIST ("dtext_links"),
  LIST ("forum_post_votes"),
  LIST ("forum_posts"),
  LIST ("forum_topic_visits"),
  LIST ("forum_topics"),
  LIST ("ip_addresses"),
  LIST ("ip_bans"),
  LIST ("mod_actions"),
  LIST ("moderation_reports"),
  LIST ("news_updates"),
  LIST ("post_appeals"),
  LIST ("post_approvals"),
  LIST ("post_disapprovals"),
  LIST ("post_events"),
  LIST ("post_flags"),
  LIST ("post_replacements"),
  LIST ("reactions"),
  LIST ("recommended_posts"),
  LIST ("tag_versions"),
  LIST ("user_feedbacks"),
  LIST ("user_name_change_requests"),
};

void
web_routes_add_nothing (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
