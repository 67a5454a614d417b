/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "web-routes.h"
#include "http/web-error.h"
#include "view/web-fields.h"
#include "board/web-post.h"
#include "board/web-record.h"
#include "http/web-request.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 20
#define MAX_LIMIT 200
#define TYPICAL_SIZE 3584 /* bytes of a post's JSON */
#define EDIT_BODY_LIMIT (256 * 1024)

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

/* Only on request: most clients do not want it, and it can be long. */
static gboolean
wants (WebRequest *request, const WebFields *fields, const char *part)
{
  const char *include = booru_request_get_param (BOORU_REQUEST (request), "include");
  g_auto (GStrv) names = include ? g_strsplit_set (include, ", ", -1) : NULL;

  if (fields != NULL)
    return web_fields_wants (fields, part, NULL);
  return names != NULL && g_strv_contains ((const char *const *)names, part);
}

/* What else is written of each post of an answer. */
typedef struct
{
  gboolean metadata, parent, children, uploader, approver;
  guint records; /* a bit for each of those below */
} Wanted;

static const struct
{
  const char *name;
  BooruRecordKind kind;
} records[] = {
  { "notes", BOORU_RECORD_NOTE },
  { "comments", BOORU_RECORD_COMMENT },
  { "artist_commentary", BOORU_RECORD_COMMENTARY },
};

static Wanted
read_wanted (WebRequest *request, const WebFields *fields)
{
  Wanted wanted = { wants (request, fields, "media_metadata"), wants (request, fields, "parent"),
                    wants (request, fields, "children"),       wants (request, fields, "uploader"),
                    wants (request, fields, "approver"),       0 };

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    if (wants (request, fields, records[i].name))
      wanted.records |= 1u << i;
  return wanted;
}

/* What belongs to a post and is kept apart from it. */
typedef struct
{
  WebRequest *request;
  guint records;
  GError *error;
} Records;

static void
write_records (WebJson *json, const BooruPost *post, gpointer data)
{
  Records *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    if (((self->records >> i) & 1) && web_json_member (json, records[i].name)
        && !web_record_write_of_post (self->request, json, records[i].kind, post->id,
                                      self->error ? NULL : &self->error))
      web_json_null (json); /* the answer is an error then */
}

/* The name of an account, as long as it has one. */
static char *
find_name (WebRequest *request, gint64 id)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) names = NULL;
  const char *name;

  g_array_append_val (ids, id);
  names = booru_store_list_user_names (get_store (request), ids, NULL);
  name = names ? g_hash_table_lookup (names, &id) : NULL;
  return g_strdup (name ? name : "owner");
}

static GPtrArray *
find_children (WebRequest *request, const BooruPost *post, GError **error)
{
  g_autofree char *text
      = g_strdup_printf ("parent:%" G_GINT64_FORMAT " -id:%" G_GINT64_FORMAT " order:id status:any",
                         post->id, post->id);
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  BooruPage page = { BOORU_PAGE_NUMBER, 1, MAX_LIMIT };

  return booru_store_search (get_store (request), query, &page, error);
}

static gboolean
write_post (WebRequest *request,
            WebJson *json,
            const BooruPost *post,
            const Wanted *wanted,
            GError **error)
{
  g_autofree char *metadata = NULL, *uploader = NULL, *approver = NULL;
  g_autoptr (BooruPost) parent = NULL;
  g_autoptr (GPtrArray) children = NULL;
  Records more = { request, wanted->records, NULL };
  WebPostParts parts;

  if (wanted->metadata
      && !(metadata = booru_store_get_metadata (get_store (request), post->id, error)))
    return FALSE;
  if (wanted->children && !(children = find_children (request, post, error)))
    return FALSE;
  if (wanted->parent && post->parent_id > 0)
    parent = booru_store_get_post (get_store (request), post->parent_id, NULL);
  if (wanted->uploader)
    uploader = find_name (request, post->uploader_id);
  if (wanted->approver && post->approver_id > 0)
    approver = find_name (request, post->approver_id);
  parts = (WebPostParts){ metadata, parent,         children,      uploader,
                          approver, wanted->parent, write_records, &more };
  web_post_write_json (json, post, &parts, web_request_get_base_url (request));
  if (more.error)
    g_propagate_error (error, more.error);
  return more.error == NULL;
}

static void
respond_written (WebRequest *request, WebJson *json, gboolean written, const GError *error)
{
  GString *text = web_json_finish (json);

  if (written)
    {
      web_request_respond_string (request, 200, JSON, text);
      return;
    }
  g_string_free (text, TRUE);
  booru_request_fail (BOORU_REQUEST (request), error);
}

static void
respond_post (WebRequest *request, const BooruPost *post)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  g_autoptr (GError) error = NULL;
  Wanted wanted = read_wanted (request, fields);
  WebJson json;
  gboolean written;

  web_json_init (&json, fields);
  written = write_post (request, &json, post, &wanted, &error);
  respond_written (request, &json, written, error);
}

void
web_routes_respond_posts (WebRequest *request, GPtrArray *posts)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  Wanted wanted = read_wanted (request, fields);
  gboolean written = TRUE;
  g_autoptr (GError) error = NULL;
  WebJson json;

  web_json_init (&json, fields);
  if (fields == NULL)
    web_json_reserve (&json, (gsize)posts->len * TYPICAL_SIZE);
  web_json_begin_array (&json);
  for (guint i = 0; i < posts->len && written; i++)
    written = write_post (request, &json, posts->pdata[i], &wanted, &error);
  web_json_end_array (&json);
  respond_written (request, &json, written, error);
}

/* The URL's limit wins over the query's. */
static guint
get_limit (WebRequest *request, const BooruQuery *query)
{
  gint64 limit = web_request_get_int (request, "limit", booru_query_get_limit (query));

  return limit < 0 ? DEFAULT_LIMIT : (guint)MIN (limit, MAX_LIMIT);
}

gboolean
web_routes_read_page (WebRequest *request, guint limit, BooruPage *page)
{
  g_autoptr (GError) error = NULL;

  if (booru_page_parse (booru_request_get_param (BOORU_REQUEST (request), "page"), limit, page,
                        &error))
    return TRUE;
  if (booru_err_limit (error))
    web_request_fail_status (request, 410, web_error_get_class (410), error->message);
  else
    booru_request_fail (BOORU_REQUEST (request), error);
  return FALSE;
}

/* One post out of all that a search finds. */
static void
respond_random (WebRequest *request, const char *tags, guint limit, gboolean as_array)
{
  g_autoptr (BooruQuery) query = booru_query_parse_random (tags, web_request_get_user_id (request));
  BooruPage page = { BOORU_PAGE_NUMBER, 1, limit };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) posts = booru_store_search (get_store (request), query, &page, &error);

  if (posts == NULL)
    booru_request_fail (BOORU_REQUEST (request), error);
  else if (as_array)
    web_routes_respond_posts (request, posts);
  else if (posts->len == 0)
    web_request_fail_status (request, 404, web_error_get_class (404),
                             "No post was found for that search.");
  else
    respond_post (request, posts->pdata[0]);
}

static void
respond_md5 (WebRequest *request, const char *md5)
{
  g_autofree char *lower = g_ascii_strdown (md5, -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = booru_store_get_post_by_md5 (get_store (request), lower, &error);

  if (post)
    respond_post (request, post);
  else
    booru_request_fail (BOORU_REQUEST (request), error);
}

static const char *
get_tags (WebRequest *request)
{
  const char *tags = booru_request_get_param (BOORU_REQUEST (request), "tags");

  return tags ? tags : "";
}

/* These lists are filtered by tags=. FALSE after an answer. */
static gboolean
check_filters (WebRequest *request)
{
  static const char *const none[] = { NULL };

  return web_request_check_search (request, none);
}

static void
handle_index (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *md5 = booru_request_get_param (base, "md5"), *tags = get_tags (request);
  g_autoptr (BooruQuery) query = NULL;
  g_autoptr (GPtrArray) posts = NULL;
  g_autoptr (GError) error = NULL;
  BooruPage page;
  guint limit;

  if (!check_filters (request))
    return;
  if (md5 && *md5)
    {
      respond_md5 (request, md5);
      return;
    }

  query = booru_query_parse_for (tags, web_request_get_user_id (request));
  limit = get_limit (request, query);
  if (web_request_get_flag (request, "random"))
    {
      respond_random (request, tags, limit, TRUE);
      return;
    }
  if (!web_routes_read_page (request, limit, &page))
    return;
  posts = web_request_search (request, query, &page, &error);
  if (posts == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_request_set_cacheable_search (request, tags);
  web_routes_respond_posts (request, posts);
}

static void
handle_random (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);

  if (check_filters (request))
    respond_random (request, get_tags (request), 1, FALSE);
}

/* The post that the path names; NULL after an answer. */
static BooruPost *
find_post (WebRequest *request)
{
  g_autoptr (GError) error = NULL;
  BooruPost *post;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return NULL;
  post = booru_store_get_post (get_store (request), id, &error);
  if (post == NULL)
    booru_request_fail (BOORU_REQUEST (request), error);
  return post;
}

static void
handle_show (BooruRequest *base, gpointer user_data)
{
  g_autoptr (BooruPost) post = find_post (WEB_REQUEST (base));

  if (post == NULL)
    return;
  web_shown_add_post (web_request_get_shown (WEB_REQUEST (base)), post->id);
  web_request_set_timeless (WEB_REQUEST (base));
  respond_post (WEB_REQUEST (base), post);
}

static void
handle_count (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruQuery) query
      = booru_query_parse_for (get_tags (request), web_request_get_user_id (request));
  g_autoptr (GError) error = NULL;
  gint64 n_posts;
  WebJson json;

  if (!check_filters (request))
    return;
  n_posts = web_request_count (request, query, NULL, &error);
  if (n_posts < 0)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member (&json, "counts");
  web_json_begin_object (&json);
  web_json_member_int (&json, "posts", n_posts);
  web_json_end_object (&json);
  web_json_end_object (&json);
  web_request_set_cacheable_search (request, get_tags (request));
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

/* A rating by its letter or name. FALSE after an answer. */
static gboolean
get_rating (WebRequest *request, const char *param, char *rating)
{
  static const char *const names[] = { "general", "sensitive", "questionable", "explicit" };
  const char *text = booru_request_get_param (BOORU_REQUEST (request), param);

  *rating = 0;
  if (text == NULL || *text == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (text, names[i]) == 0
        || (text[1] == '\0' && g_ascii_tolower (*text) == names[i][0]))
      {
        *rating = names[i][0];
        return TRUE;
      }
  web_request_fail_invalid (request, "rating", "Rating not selected: use g, s, q or e");
  return FALSE;
}

/* Danbooru takes an empty value for "no parent". FALSE after an answer. */
static gboolean
get_parent (WebRequest *request, gint64 *parent_id)
{
  const char *text = booru_request_get_param (BOORU_REQUEST (request), "post[parent_id]");

  *parent_id = -1;
  if (text == NULL)
    return TRUE;
  *parent_id = 0;
  if (*text == '\0' || g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, parent_id, NULL))
    return TRUE;
  web_request_fail_invalid (request, "parent_id", "The parent is not a post id");
  return FALSE;
}

static void
edit_post (WebRequest *request, gint64 id, const BooruPostEdit *edit)
{
  WebWorker *worker = web_request_get_worker (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) edited = booru_store_edit_post (get_store (request), id, edit, &error);

  if (edited)
    {
      web_worker_posts_changed (worker, &id, 1);
      respond_post (request, edited);
    }
  else if (booru_err_invalid (error))
    web_request_fail_invalid (request, "base", error->message);
  else
    web_request_fail_write (request, error);
}

static void
handle_update (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruPost) post = NULL;

  post = find_post (request);
  if (post == NULL)
    return;

  edit.editor_id = web_request_get_user_id (request);
  edit.tag_string = booru_request_get_param (base, "post[tag_string]");
  edit.old_tag_string = booru_request_get_param (base, "post[old_tag_string]");
  edit.source = booru_request_get_param (base, "post[source]");
  if (get_rating (request, "post[rating]", &edit.rating)
      && get_rating (request, "post[old_rating]", &edit.old_rating)
      && get_parent (request, &edit.parent_id))
    edit_post (request, post->id, &edit);
}

static gboolean
set_deleted (WebRequest *request, gint64 id, gboolean deleted)
{
  BooruStore *store = get_store (request);
  g_autoptr (GError) error = NULL;

  if (deleted ? booru_store_delete_post (store, id, web_request_get_user_id (request), &error)
              : booru_store_undelete_post (store, id, web_request_get_user_id (request), &error))
    {
      web_worker_posts_changed (web_request_get_worker (request), &id, 1);
      return TRUE;
    }
  web_request_fail_write (request, error);
  return FALSE;
}

static void
handle_delete (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruPost) deleted = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id) || !set_deleted (request, id, TRUE))
    return;
  deleted = find_post (request);
  if (deleted)
    respond_post (request, deleted);
}

static void
handle_undelete (BooruRequest *base, gpointer user_data)
{
  gint64 id;

  if (web_request_require_id (WEB_REQUEST (base), &id)
      && set_deleted (WEB_REQUEST (base), id, FALSE))
    booru_request_respond (base, 204, NULL, NULL);
}

/* An approval of a post in the trash takes it out again. */
static void
handle_approve (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  gint64 now = g_get_real_time ();
  gint64 id = web_request_get_int (request, "post_approval[post_id]",
                                   web_request_get_int (request, "post_id", 0));
  WebJson json;

  if (id <= 0)
    {
      web_request_fail_invalid (request, "post", "must exist");
      return;
    }
  if (!set_deleted (request, id, FALSE))
    return;
  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_int (&json, "id", id);
  web_json_member_int (&json, "user_id", web_request_get_user_id (request));
  web_json_member_int (&json, "post_id", id);
  web_json_member_time (&json, "created_at", now);
  web_json_member_time (&json, "updated_at", now);
  web_json_end_object (&json);
  web_request_respond_string (request, 201, JSON, web_json_finish (&json));
}

static const BooruRoute routes[] = {
  { "GET", "/posts.json", 0, handle_index },
  { "GET", "/posts/random.json", 0, handle_random },
  { "GET", "/posts/:id.json", 0, handle_show },
  { "PUT", "/posts/:id.json", EDIT_BODY_LIMIT, handle_update },
  { "PATCH", "/posts/:id.json", EDIT_BODY_LIMIT, handle_update },
  { "DELETE", "/posts/:id.json", EDIT_BODY_LIMIT, handle_delete },
  { "PUT", "/posts/:id/undelete.json", EDIT_BODY_LIMIT, handle_undelete },
  { "GET", "/counts/posts.json", 0, handle_count },
  { "POST", "/post_approvals.json", EDIT_BODY_LIMIT, handle_approve },
};

void
web_routes_add_posts (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
