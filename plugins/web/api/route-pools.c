/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pools, and their elements. */
#include "route-records.h"
#include "web-routes.h"

#include "board/web-record.h"
#include "http/web-error.h"

/* By "pool_id" or "pool_name"; 0 with @error. */
static gint64
find_pool (WebRequest *request, BooruStore *store, GError **error)
{
  const char *name = booru_request_get_param (BOORU_REQUEST (request), "pool_name");
  const char *id = booru_request_get_param (BOORU_REQUEST (request), "pool_id");

  if (name == NULL || *name == '\0')
    name = id != NULL ? id : "";
  return booru_store_find_pool (store, name, error);
}

static void
put_element (BooruRequest *base, gboolean wanted)
{
  WebRequest *request = WEB_REQUEST (base);
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  gint64 post_id = web_request_get_int (request, "post_id", 0);
  g_autoptr (BooruRecord) pool = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = find_pool (request, store, &error);

  if (id != 0)
    pool = booru_store_put_in_list (store, booru_record_type_get (BOORU_RECORD_POOL), id, post_id,
                                    wanted, booru_request_get_user (base), &error);
  if (pool != NULL)
    web_records_respond (request, wanted ? 201 : 200, pool);
  else
    web_record_fail_write (request, error);
}

static void
handle_add (BooruRequest *request, gpointer user_data)
{
  put_element (request, TRUE);
}

static void
handle_remove (BooruRequest *request, gpointer user_data)
{
  put_element (request, FALSE);
}

static const BooruRoute routes[] = {
  WEB_RECORD_ROUTES ("pools", "pool_versions"),
  { "POST", "/pool_element.json", WEB_RECORD_BODY_LIMIT, handle_add },
  { "DELETE", "/pool_element.json", WEB_RECORD_BODY_LIMIT, handle_remove },
  { NULL },
};

static const WebRecordRoutes pools = { BOORU_RECORD_POOL, routes };

void
web_routes_add_pools (BooruExtensions *extensions)
{
  web_records_add_routes (extensions, &pools);
}
