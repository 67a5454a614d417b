/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What users have of posts: favourites, votes, favourite groups, saved searches. Everybody who is
 * signed in may have them. */
#include <string.h>

#include "route-records.h"
#include "web-routes.h"

#include "board/web-filter.h"
#include "board/web-post.h"
#include "board/web-record.h"
#include "http/web-error.h"
#include "view/web-fields.h"

#define BODY_LIMIT (64 * 1024)

static BooruStore *
get_store (BooruRequest *request)
{
  return web_worker_get_store (web_request_get_worker (WEB_REQUEST (request)));
}

static void
respond_post (BooruRequest *base, gint64 id, guint status)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = booru_store_get_post (get_store (base), id, &error);
  WebJson json;

  if (post == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_post_write_json (&json, post, NULL, web_request_get_base_url (request));
  web_request_respond_string (request, status, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

/* Favourites. */

static gboolean
set_favorite (BooruRequest *base, gint64 post_id, gboolean wanted)
{
  g_autoptr (GError) error = NULL;

  if (!web_records_require_user (WEB_REQUEST (base)))
    return FALSE;
  if (booru_store_set_favorite (get_store (base), post_id, wanted, booru_request_get_user (base),
                                &error))
    {
      web_worker_posts_changed (web_request_get_worker (WEB_REQUEST (base)), &post_id, 1);
      return TRUE;
    }
  web_record_fail_write (WEB_REQUEST (base), error);
  return FALSE;
}

static void
handle_add_favorite (BooruRequest *base, gpointer user_data)
{
  gint64 id = web_request_get_int (WEB_REQUEST (base), "post_id", 0);

  if (set_favorite (base, id, TRUE))
    respond_post (base, id, 201);
}

static void
handle_remove_favorite (BooruRequest *base, gpointer user_data)
{
  gint64 id;

  if (web_request_require_id (WEB_REQUEST (base), &id) && set_favorite (base, id, FALSE))
    booru_request_respond (base, 204, NULL, NULL);
}

/* Votes. */

/* 1, -1, up, down; FALSE after an answer. */
static gboolean
read_score (WebRequest *request, gint *score)
{
  const char *text = booru_request_get_param (BOORU_REQUEST (request), "score");

  if (g_strcmp0 (text, "1") == 0 || g_strcmp0 (text, "up") == 0)
    *score = 1;
  else if (g_strcmp0 (text, "-1") == 0 || g_strcmp0 (text, "down") == 0)
    *score = -1;
  else
    {
      g_autoptr (GError) error
          = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_INVALID, "score must be 1 or -1");

      web_record_fail_write (request, error);
      return FALSE;
    }
  return TRUE;
}

typedef struct
{
  BooruVoteTarget target;
  BooruRecordKind kind; /* of the votes */
} VoteRoutes;

static const VoteRoutes on_posts = { BOORU_VOTE_ON_POST, BOORU_RECORD_POST_VOTE };
static const VoteRoutes on_comments = { BOORU_VOTE_ON_COMMENT, BOORU_RECORD_COMMENT_VOTE };

static gboolean
vote (BooruRequest *base, const VoteRoutes *routes, gint64 id, gint score, gint64 *vote_id)
{
  g_autoptr (GError) error = NULL;

  if (!booru_store_vote (get_store (base), routes->target, id, score, booru_request_get_user (base),
                         vote_id, &error))
    {
      web_record_fail_write (WEB_REQUEST (base), error);
      return FALSE;
    }
  if (routes->target == BOORU_VOTE_ON_POST)
    web_worker_posts_changed (web_request_get_worker (WEB_REQUEST (base)), &id, 1);
  return TRUE;
}

static void
handle_vote (BooruRequest *base, gpointer user_data)
{
  const VoteRoutes *routes = user_data;
  g_autoptr (BooruRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id, vote_id;
  gint score;

  if (!web_request_require_id (WEB_REQUEST (base), &id)
      || !web_records_require_user (WEB_REQUEST (base)) || !read_score (WEB_REQUEST (base), &score)
      || !vote (base, routes, id, score, &vote_id))
    return;
  record = booru_store_get_record (get_store (base), booru_record_type_get (routes->kind), vote_id,
                                   booru_request_get_user (base), &error);
  if (record != NULL)
    web_records_respond (WEB_REQUEST (base), 201, record);
  else
    booru_request_fail (base, error);
}

static void
handle_unvote (BooruRequest *base, gpointer user_data)
{
  gint64 id;

  if (web_request_require_id (WEB_REQUEST (base), &id)
      && web_records_require_user (WEB_REQUEST (base)) && vote (base, user_data, id, 0, NULL))
    booru_request_respond (base, 204, NULL, NULL);
}

/* By the number of the vote. */
static void
handle_take_back (BooruRequest *base, gpointer user_data)
{
  const VoteRoutes *routes = user_data;
  const BooruUser *user = booru_request_get_user (base);
  const char *about = routes->target == BOORU_VOTE_ON_POST ? "post_id" : "comment_id";
  g_autoptr (BooruRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_request_require_id (WEB_REQUEST (base), &id)
      || !web_records_require_user (WEB_REQUEST (base)))
    return;
  record = booru_store_get_record (get_store (base), booru_record_type_get (routes->kind), id, user,
                                   &error);
  if (record != NULL && booru_record_get_number (record, "user_id") != user->id)
    g_set_error_literal (&error, BOORU_ERROR, BOORU_ERROR_DENIED, "This vote is another user's");
  if (error != NULL)
    booru_request_fail (base, error);
  else if (booru_record_get_number (record, "is_deleted")
           || vote (base, routes, booru_record_get_number (record, about), 0, NULL))
    booru_request_respond (base, 204, NULL, NULL);
}

/* Favourite groups. */

static void
put_in_group (BooruRequest *base, gboolean wanted)
{
  gint64 id, post_id = web_request_get_int (WEB_REQUEST (base), "post_id", 0);
  g_autoptr (BooruRecord) group = NULL;
  g_autoptr (GError) error = NULL;

  if (!web_request_require_id (WEB_REQUEST (base), &id)
      || !web_records_require_user (WEB_REQUEST (base)))
    return;
  group = booru_store_put_in_list (get_store (base),
                                   booru_record_type_get (BOORU_RECORD_FAVORITE_GROUP), id, post_id,
                                   wanted, booru_request_get_user (base), &error);
  if (group != NULL)
    booru_request_respond (base, 204, NULL, NULL);
  else
    web_record_fail_write (WEB_REQUEST (base), error);
}

static void
handle_add_post (BooruRequest *request, gpointer user_data)
{
  put_in_group (request, TRUE);
}

static void
handle_remove_post (BooruRequest *request, gpointer user_data)
{
  put_in_group (request, FALSE);
}

#define VIEWER BOORU_ACCESS_VIEWER

static const BooruRoute favorite_routes[] = {
  { "GET", "/favorites.json", 0, web_records_handle_index },
  { "GET", "/posts/:id/favorites.json", 0, web_records_handle_of_post },
  { NULL },
};
static const BooruRoute favorite_writes[] = {
  { "POST", "/favorites.json", BODY_LIMIT, handle_add_favorite, VIEWER },
  { "DELETE", "/favorites/:id.json", BODY_LIMIT, handle_remove_favorite, VIEWER },
};

static const BooruRoute vote_routes[] = {
  { "GET", "/post_votes.json", 0, web_records_handle_index },
  { "GET", "/post_votes/:id.json", 0, web_records_handle_show },
  { "GET", "/posts/:id/votes.json", 0, web_records_handle_of_post },
  { NULL },
};
static const BooruRoute post_vote_writes[] = {
  { "POST", "/posts/:id/votes.json", BODY_LIMIT, handle_vote, VIEWER },
  { "DELETE", "/posts/:id/votes.json", BODY_LIMIT, handle_unvote, VIEWER },
  { "DELETE", "/post_votes/:id.json", BODY_LIMIT, handle_take_back, VIEWER },
};

static const BooruRoute comment_vote_routes[] = {
  { "GET", "/comment_votes.json", 0, web_records_handle_index },
  { "GET", "/comment_votes/:id.json", 0, web_records_handle_show },
  { NULL },
};
static const BooruRoute comment_vote_writes[] = {
  { "POST", "/comments/:id/votes.json", BODY_LIMIT, handle_vote, VIEWER },
  { "DELETE", "/comments/:id/votes.json", BODY_LIMIT, handle_unvote, VIEWER },
  { "DELETE", "/comment_votes/:id.json", BODY_LIMIT, handle_take_back, VIEWER },
};

static const BooruRoute group_routes[] = {
  WEB_RECORD_ROUTES_OF_USERS ("favorite_groups"),
  { "GET", "/favorite_group_versions.json", 0, web_records_handle_versions },
  { "PUT", "/favorite_groups/:id/revert.json", BODY_LIMIT, web_records_handle_revert, VIEWER },
  { "PUT", "/favorite_groups/:id/add_post.json", BODY_LIMIT, handle_add_post, VIEWER },
  { "PUT", "/favorite_groups/:id/remove_post.json", BODY_LIMIT, handle_remove_post, VIEWER },
  { NULL },
};

static const char *const search_fields[] = { "label", NULL };

/* One label. */
static gboolean
add_label (WebRequest *request, BooruFilter *filter, GError **error)
{
  const char *label = web_request_get_search (request, "label");

  return label == NULL || booru_filter_add (filter, "labels_include_all_lower", label, error);
}

static const BooruRoute search_routes[] = {
  WEB_RECORD_ROUTES_OF_USERS ("saved_searches"),
  { NULL },
};

static const WebRecordRoutes favorites = { BOORU_RECORD_FAVORITE, favorite_routes };
static const WebRecordRoutes votes = { BOORU_RECORD_POST_VOTE, vote_routes };
static const WebRecordRoutes comment_votes = { BOORU_RECORD_COMMENT_VOTE, comment_vote_routes };
static const WebRecordRoutes groups
    = { BOORU_RECORD_FAVORITE_GROUP, group_routes, .of_users = TRUE };
static const WebRecordRoutes searches
    = { BOORU_RECORD_SAVED_SEARCH, search_routes, .of_users = TRUE, .own = search_fields,
        .add_own = add_label };

static void
add (BooruExtensions *extensions, const BooruRoute *routes, guint n, gconstpointer data)
{
  for (guint i = 0; i < n; i++)
    booru_extensions_add_route (extensions, &routes[i], (gpointer)data);
}

void
web_routes_add_people (BooruExtensions *extensions)
{
  web_records_add_routes (extensions, &favorites);
  web_records_add_routes (extensions, &votes);
  web_records_add_routes (extensions, &comment_votes);
  web_records_add_routes (extensions, &groups);
  web_records_add_routes (extensions, &searches);
  add (extensions, favorite_writes, G_N_ELEMENTS (favorite_writes), NULL);
  add (extensions, post_vote_writes, G_N_ELEMENTS (post_vote_writes), &on_posts);
  add (extensions, comment_vote_writes, G_N_ELEMENTS (comment_vote_writes), &on_comments);
}
