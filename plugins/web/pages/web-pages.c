/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-pages.h"

#include "page-account.h"
#include "page-login.h"
#include "page-opinion.h"
#include "page-pool.h"
#include "page-system.h"
#include "web-page.h"
#include "web-plugin-pages.h"
#include "web-skin.h"
#include "board/web-failures.h"

/* The form with a post's tags; a post has a few hundred at most. */
#define FORM_LIMIT (256 * 1024)
/* That, with a form that was interrupted, whose fields have longer names now. */
#define LOGIN_LIMIT (512 * 1024)
/* The ids of some 200,000 posts. */
#define BULK_LIMIT (2 * 1024 * 1024)

/* The form with the posts of a pool; there may be tens of thousands. */
#define POOL_LIMIT (1024 * 1024)

static const BooruRoute routes[] = {
  { "GET", "/", 0, web_page_handle_posts },
  { "GET", "/posts", 0, web_page_handle_posts },
  { "GET", "/posts/random", 0, web_page_handle_random },
  { "GET", "/posts/:id", 0, web_page_handle_post },
  { "POST", "/posts/:id", FORM_LIMIT, web_page_handle_edit },
  { "POST", "/posts/:id/delete", FORM_LIMIT, web_page_handle_delete },
  { "POST", "/posts/:id/undelete", FORM_LIMIT, web_page_handle_undelete },
  { "POST", "/posts/:id/revert", FORM_LIMIT, web_page_handle_revert },
  { "POST", "/post_versions/:id/undo", FORM_LIMIT, web_page_handle_undo },
  { "GET", "/upload", 0, web_page_handle_upload },
  { "POST", "/upload", WEB_BODY_UPLOAD, web_page_handle_do_upload },
  { "GET", "/uploads/new", 0, web_page_handle_upload },
  { "GET", "/uploads", 0, web_page_handle_uploads },
  { "GET", "/uploads/:id", 0, web_page_handle_one_upload },
  { "POST", "/posts", FORM_LIMIT, web_page_handle_post_upload },
  { "GET", "/trash/empty", 0, web_page_handle_trash, BOORU_ACCESS_ADMIN },
  { "POST", "/trash/empty", FORM_LIMIT, web_page_handle_empty_trash, BOORU_ACCESS_ADMIN },
  { "GET", "/tags", 0, web_page_handle_tags },
  { "GET", "/favorites", 0, page_opinion_handle_favorites },
  { "POST", "/posts/:id/favorite", FORM_LIMIT, page_opinion_handle_favorite, BOORU_ACCESS_VIEWER },
  { "POST", "/posts/:id/vote", FORM_LIMIT, page_opinion_handle_vote, BOORU_ACCESS_VIEWER },
  { "GET", "/pools", 0, page_pool_handle_index },
  { "POST", "/pools", POOL_LIMIT, page_pool_handle_create },
  { "GET", "/pools/gallery", 0, page_pool_handle_gallery },
  { "GET", "/pools/new", 0, page_pool_handle_new },
  { "GET", "/pools/:id", 0, page_pool_handle_show },
  { "POST", "/pools/:id", POOL_LIMIT, page_pool_handle_update },
  { "GET", "/pools/:id/edit", 0, page_pool_handle_edit },
  { "POST", "/pools/:id/delete", FORM_LIMIT, page_pool_handle_delete },
  { "POST", "/pools/:id/undelete", FORM_LIMIT, page_pool_handle_undelete },
  { "POST", "/pools/:id/posts", FORM_LIMIT, page_pool_handle_element },
  { "GET", "/duplicates", 0, web_page_handle_duplicates },
  { "POST", "/duplicates", FORM_LIMIT, web_page_handle_verdict },
  { "GET", "/iqdb_queries", 0, web_page_handle_iqdb },
  { "POST", "/iqdb_queries", WEB_BODY_UPLOAD, web_page_handle_iqdb, BOORU_ACCESS_VIEWER },
  { "GET", "/jobs", 0, web_page_handle_jobs, BOORU_ACCESS_EDITOR },
  { "POST", "/jobs/:id/undo", FORM_LIMIT, web_page_handle_undo_job, BOORU_ACCESS_EDITOR },
  { "POST", "/jobs/:id/cancel", FORM_LIMIT, web_page_handle_cancel_job, BOORU_ACCESS_EDITOR },
  { "GET", "/bulk_edits/new", 0, web_page_handle_bulk, BOORU_ACCESS_EDITOR },
  { "POST", "/bulk_edits", BULK_LIMIT, web_page_handle_do_bulk, BOORU_ACCESS_EDITOR },
  { "GET", "/system", 0, page_system_handle_overview, BOORU_ACCESS_ADMIN },
  { "GET", "/system.json", 0, page_system_handle_json, BOORU_ACCESS_ADMIN },
  { "GET", "/system/failures", 0, page_system_handle_failures, BOORU_ACCESS_ADMIN },
  { "GET", "/system/failures.json", 0, page_system_handle_failures, BOORU_ACCESS_ADMIN },
  { "GET", "/system/settings", 0, page_system_handle_settings, BOORU_ACCESS_ADMIN },
  { "POST", "/system/settings", FORM_LIMIT, page_system_handle_change, BOORU_ACCESS_ADMIN },
  { "POST", "/system/:action", FORM_LIMIT, page_system_handle_action, BOORU_ACCESS_ADMIN },
  { "GET", "/account", 0, web_page_handle_account },
  { "POST", "/account/:action", FORM_LIMIT, web_page_handle_account_action, BOORU_ACCESS_VIEWER },
  { "GET", "/users", 0, web_page_handle_users, BOORU_ACCESS_ADMIN },
  { "POST", "/users/:action", FORM_LIMIT, web_page_handle_users_action, BOORU_ACCESS_ADMIN },
  { "GET", "/audit", 0, web_page_handle_audit, BOORU_ACCESS_ADMIN },
  { "GET", "/login", 0, web_page_handle_login, BOORU_ACCESS_PUBLIC },
  { "POST", "/login", LOGIN_LIMIT, web_page_handle_do_login, BOORU_ACCESS_PUBLIC },
  { "POST", "/logout", FORM_LIMIT, web_page_handle_logout, BOORU_ACCESS_PUBLIC },
  { "GET", "/setup", 0, web_page_handle_setup, BOORU_ACCESS_PUBLIC },
  { "POST", "/setup", FORM_LIMIT, web_page_handle_do_setup, BOORU_ACCESS_PUBLIC },
  { "GET", "/invitations/:code", 0, web_page_handle_setup, BOORU_ACCESS_PUBLIC },
  { "POST", "/invitations/:code", FORM_LIMIT, web_page_handle_do_setup, BOORU_ACCESS_PUBLIC },
  { "GET", "/assets/:name", 0, web_page_handle_asset, BOORU_ACCESS_PUBLIC },
  { "GET", "/assets/:plugin/:name", 0, web_page_handle_asset, BOORU_ACCESS_PUBLIC },
};

gboolean
web_pages_add_routes (BooruExtensions *extensions, GError **error)
{
  if (!web_skin_load (NULL, FALSE, error))
    return FALSE;

  booru_extensions_add_report (extensions, &web_failures_report);
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
  return TRUE;
}

gboolean
web_pages_start (BooruExtensions *extensions, gboolean dev, GError **error)
{
  if (!web_skin_load (extensions, dev, error))
    return FALSE;
  web_plugin_pages_add_routes (extensions);
  return TRUE;
}
