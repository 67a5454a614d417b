/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What hangs on posts: comments, notes, artists' commentaries. */
#include "route-records.h"
#include "web-routes.h"

#include "board/web-record.h"
#include "http/web-error.h"

static BooruStore *
get_store (BooruRequest *request)
{
  return web_worker_get_store (web_request_get_worker (WEB_REQUEST (request)));
}

static const BooruRecordType *
get_commentary_type (void)
{
  return booru_record_type_get (BOORU_RECORD_COMMENTARY);
}

/* That of a post; 0 after an answer. */
static gint64
find_commentary (BooruRequest *base, gint64 post_id)
{
  g_autoptr (GError) error = NULL;
  gint64 id = booru_store_find_commentary (get_store (base), post_id, &error);

  if (id == 0)
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no commentary on post %" G_GINT64_FORMAT, post_id);
  if (error == NULL)
    return id;
  booru_request_fail (base, error);
  return 0;
}

static void
handle_commentary_of_post (BooruRequest *base, gpointer user_data)
{
  g_autoptr (BooruRecord) commentary = NULL;
  g_autoptr (GError) error = NULL;
  gint64 post_id, id;

  if (!web_request_require_id (WEB_REQUEST (base), &post_id)
      || (id = find_commentary (base, post_id)) == 0)
    return;
  commentary = booru_store_get_record (get_store (base), get_commentary_type (), id,
                                       booru_request_get_user (base), &error);
  if (commentary != NULL)
    web_records_respond (WEB_REQUEST (base), 200, commentary);
  else
    booru_request_fail (base, error);
}

/* Of the post that the path, or else "artist_commentary[post_id]", names. */
static gint64
get_post_id (WebRequest *request)
{
  gint64 id;

  if (web_request_parse_id (request, &id))
    return id;
  return web_request_get_int (request, "artist_commentary[post_id]",
                              web_request_get_int (request, "post_id", 0));
}

static void
handle_put_commentary (BooruRequest *base, gpointer user_data)
{
  gint64 post_id = get_post_id (WEB_REQUEST (base)), id;
  g_autofree char *post = g_strdup_printf ("%" G_GINT64_FORMAT, post_id);
  g_autoptr (GHashTable) edit
      = web_record_read_edit (WEB_REQUEST (base), "artist_commentary", NULL);
  g_autoptr (BooruRecord) commentary = NULL;
  g_autoptr (GError) error = NULL;

  id = booru_store_find_commentary (get_store (base), post_id, &error);
  g_hash_table_remove (edit, "post_id");
  if (id == 0)
    g_hash_table_insert (edit, g_strdup ("post_id"), g_steal_pointer (&post));
  if (id > 0)
    commentary = booru_store_update_record (get_store (base), get_commentary_type (), id, edit,
                                            booru_request_get_user (base), &error);
  else if (id == 0)
    commentary = booru_store_create_record (get_store (base), get_commentary_type (), edit,
                                            booru_request_get_user (base), &error);
  if (commentary != NULL)
    web_records_respond (WEB_REQUEST (base), id == 0 ? 201 : 200, commentary);
  else
    web_record_fail_write (WEB_REQUEST (base), error);
}

/* By the number of the post, as on Danbooru. */
static void
handle_revert_commentary (BooruRequest *base, gpointer user_data)
{
  gint64 post_id, id, version_id = web_request_get_int (WEB_REQUEST (base), "version_id", 0);
  g_autoptr (BooruRecord) commentary = NULL;
  g_autoptr (GError) error = NULL;

  if (!web_request_require_id (WEB_REQUEST (base), &post_id)
      || (id = find_commentary (base, post_id)) == 0)
    return;
  commentary = booru_store_revert_record (get_store (base), get_commentary_type (), id, version_id,
                                          booru_request_get_user (base), &error);
  if (commentary != NULL)
    booru_request_respond (base, 204, NULL, NULL);
  else
    web_record_fail_write (WEB_REQUEST (base), error);
}

#define LIMIT WEB_RECORD_BODY_LIMIT

static const BooruRoute comment_routes[] = {
  WEB_RECORD_ROUTES ("comments", "comment_versions"),
  { "GET", "/posts/:id/comments.json", 0, web_records_handle_of_post },
  { NULL },
};
static const BooruRoute note_routes[] = {
  WEB_RECORD_ROUTES ("notes", "note_versions"),
  { "GET", "/posts/:id/notes.json", 0, web_records_handle_of_post },
  { NULL },
};
static const BooruRoute commentary_routes[] = {
  { "GET", "/artist_commentaries.json", 0, web_records_handle_index },
  { "GET", "/artist_commentaries/:id.json", 0, web_records_handle_show },
  { "GET", "/artist_commentary_versions.json", 0, web_records_handle_versions },
  { "POST", "/artist_commentaries.json", LIMIT, handle_put_commentary },
  { "PUT", "/artist_commentaries/create_or_update.json", LIMIT, handle_put_commentary },
  { "POST", "/artist_commentaries/create_or_update.json", LIMIT, handle_put_commentary },
  { "PUT", "/artist_commentaries/:id/revert.json", LIMIT, handle_revert_commentary },
  { "GET", "/posts/:id/artist_commentary.json", 0, handle_commentary_of_post },
  { "PUT", "/posts/:id/artist_commentary/create_or_update.json", LIMIT, handle_put_commentary },
  { "PUT", "/posts/:id/artist_commentary/revert.json", LIMIT, handle_revert_commentary },
  { NULL },
};

static const WebRecordRoutes comments = { BOORU_RECORD_COMMENT, comment_routes };
static const WebRecordRoutes notes = { BOORU_RECORD_NOTE, note_routes };
static const WebRecordRoutes commentaries = { BOORU_RECORD_COMMENTARY, commentary_routes };

void
web_routes_add_post_records (BooruExtensions *extensions)
{
  web_records_add_routes (extensions, &comments);
  web_records_add_routes (extensions, &notes);
  web_records_add_routes (extensions, &commentaries);
}
