/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of what this board has none of. Clients ask for many of them whenever a post is opened, and
 * take an error for one of the whole. Added last, and only where there is no route that has
 * something. */
#include <string.h>

#include "web-routes.h"

static void
handle (BooruRequest *request, gpointer user_data)
{
  static const char empty[] = "[]";
  g_autoptr (GBytes) body = g_bytes_new_static (empty, strlen (empty));

  booru_request_respond (request, 200, "application/json; charset=utf-8", body);
}

#define EMPTY(name)                                                                                \
  {                                                                                                \
    "GET", "/" name ".json", 0, handle                                                             \
  }

static const BooruRoute routes[] = {
  EMPTY ("ai_tags"),
  EMPTY ("artist_commentaries"),
  EMPTY ("artist_commentary_versions"),
  EMPTY ("artist_urls"),
  EMPTY ("artist_versions"),
  EMPTY ("artists"),
  EMPTY ("bans"),
  EMPTY ("bulk_update_requests"),
  EMPTY ("comment_votes"),
  EMPTY ("comments"),
  EMPTY ("dmails"),
  EMPTY ("dtext_links"),
  EMPTY ("favorite_groups"),
  EMPTY ("favorites"),
  EMPTY ("forum_post_votes"),
  EMPTY ("forum_posts"),
  EMPTY ("forum_topics"),
  EMPTY ("mod_actions"),
  EMPTY ("news_updates"),
  EMPTY ("note_versions"),
  EMPTY ("notes"),
  EMPTY ("post_appeals"),
  EMPTY ("post_approvals"),
  EMPTY ("post_disapprovals"),
  EMPTY ("post_events"),
  EMPTY ("post_flags"),
  EMPTY ("post_replacements"),
  EMPTY ("post_votes"),
  EMPTY ("reactions"),
  EMPTY ("saved_searches"),
  EMPTY ("tag_versions"),
  EMPTY ("user_feedbacks"),
  EMPTY ("user_name_change_requests"),
  EMPTY ("users"),
  EMPTY ("wiki_page_versions"),
  EMPTY ("wiki_pages"),
};

static gboolean
has_route (BooruExtensions *extensions, const char *pattern)
{
  gsize n;
  const BooruRouteEntry *entries = booru_extensions_get_routes (extensions, &n);

  for (gsize i = 0; i < n; i++)
    if (g_str_equal (entries[i].route->method, "GET")
        && g_str_equal (entries[i].route->pattern, pattern))
      return TRUE;
  return FALSE;
}

void
web_routes_add_empty (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (!has_route (extensions, routes[i].pattern))
      booru_extensions_add_route (extensions, &routes[i], NULL);
}
