/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the routes of each kind of record: the handlers that they have in common. */
#pragma once

#include "http/web-request.h"
#include "view/web-json.h"

G_BEGIN_DECLS

#define WEB_RECORD_BODY_LIMIT (1024 * 1024)

/* What the routes of a kind need to know of it; constant. */
typedef struct
{
  BooruRecordKind kind;
  const BooruRoute *routes; /* up to one without a method */
  /* What stands in a path for an id may be a name, which this finds; NULL: ids only. 0 with @error.
   */
  gint64 (*find) (BooruStore *store, const char *name, GError **error);
  const char *const *bare; /* fields that a new one takes from bare parameters, too; NULL: none */
  gboolean of_users;       /* whoever is signed in may have some, but visitors may not */
  /* Filters of its own, and what adds them; NULL: none. */
  const char *const *own;
  gboolean (*add_own) (WebRequest *request, BooruFilter *filter, GError **error);
  /* Writes further members; NULL: there are none. */
  void (*write_more) (WebRequest *request, WebJson *json, const BooruRecord *record);
} WebRecordRoutes;

void web_records_add_routes (BooruExtensions *extensions, const WebRecordRoutes *routes);

/* Handlers of routes; user_data: the WebRecordRoutes. */
void web_records_handle_index (BooruRequest *request, gpointer user_data);
void web_records_handle_show (BooruRequest *request, gpointer user_data);
void web_records_handle_create (BooruRequest *request, gpointer user_data);
void web_records_handle_update (BooruRequest *request, gpointer user_data);
void web_records_handle_delete (BooruRequest *request, gpointer user_data);
void web_records_handle_undelete (BooruRequest *request, gpointer user_data);
void web_records_handle_revert (BooruRequest *request, gpointer user_data);
void web_records_handle_versions (BooruRequest *request, gpointer user_data);
void web_records_handle_of_post (BooruRequest *request, gpointer user_data); /* the path's ":id" */

/* For handlers of a kind's own. FALSE after answering 403 to a visitor. */
gboolean web_records_require_user (WebRequest *request);
gboolean web_records_find_id (WebRequest *request, const WebRecordRoutes *routes, gint64 *id);
void web_records_respond (WebRequest *request, guint status, const BooruRecord *record);

/* The usual routes of records that have versions and can be restored. */
#define WEB_RECORD_ROUTES(plural, versions)                                                        \
  { "GET", "/" plural ".json", 0, web_records_handle_index },                                      \
      { "POST", "/" plural ".json", WEB_RECORD_BODY_LIMIT, web_records_handle_create },            \
      { "GET", "/" plural "/:id.json", 0, web_records_handle_show },                               \
      { "PUT", "/" plural "/:id.json", WEB_RECORD_BODY_LIMIT, web_records_handle_update },         \
      { "PATCH", "/" plural "/:id.json", WEB_RECORD_BODY_LIMIT, web_records_handle_update },       \
      { "DELETE", "/" plural "/:id.json", WEB_RECORD_BODY_LIMIT, web_records_handle_delete },      \
      { "POST", "/" plural "/:id/undelete.json", WEB_RECORD_BODY_LIMIT,                            \
        web_records_handle_undelete },                                                             \
      { "PUT", "/" plural "/:id/revert.json", WEB_RECORD_BODY_LIMIT, web_records_handle_revert },  \
  {                                                                                                \
    "GET", "/" versions ".json", 0, web_records_handle_versions                                    \
  }

/* Those of what users have for themselves. */
#define WEB_RECORD_ROUTES_OF_USERS(plural)                                                         \
  { "GET", "/" plural ".json", 0, web_records_handle_index },                                      \
      { "POST", "/" plural ".json", WEB_RECORD_BODY_LIMIT, web_records_handle_create,              \
        BOORU_ACCESS_VIEWER },                                                                     \
      { "GET", "/" plural "/:id.json", 0, web_records_handle_show },                               \
      { "PUT", "/" plural "/:id.json", WEB_RECORD_BODY_LIMIT, web_records_handle_update,           \
        BOORU_ACCESS_VIEWER },                                                                     \
      { "PATCH", "/" plural "/:id.json", WEB_RECORD_BODY_LIMIT, web_records_handle_update,         \
        BOORU_ACCESS_VIEWER },                                                                     \
  {                                                                                                \
    "DELETE", "/" plural "/:id.json", WEB_RECORD_BODY_LIMIT, web_records_handle_delete,            \
        BOORU_ACCESS_VIEWER                                                                        \
  }

G_END_DECLS
