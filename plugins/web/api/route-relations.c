/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /tag_aliases.json and /tag_implications.json. */
#include <string.h>

#include "http/web-error.h"
#include "http/web-request.h"
#include "view/web-fields.h"
#include "view/web-json.h"
#include "web-routes.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000
#define BODY_LIMIT (64 * 1024)

/* As handlers get them: the kind, and how its parameters begin. */
static const struct
{
  BooruRelationKind kind;
  const char *object;
} kinds[] = {
  { BOORU_RELATION_ALIAS, "tag_alias" },
  { BOORU_RELATION_IMPLICATION, "tag_implication" },
};

static const char *const statuses[] = {
  [BOORU_RELATION_ACTIVE] = "active",
  [BOORU_RELATION_DELETED] = "deleted",
};

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static BooruRelationKind
get_kind (gpointer user_data)
{
  return kinds[GPOINTER_TO_UINT (user_data)].kind;
}

static void
write_relation (WebJson *json, const BooruRelation *relation)
{
  web_json_begin_object (json);
  web_json_member_int (json, "id", relation->id);
  web_json_member_string (json, "antecedent_name", relation->antecedent);
  web_json_member_string (json, "reason", relation->reason);
  web_json_member_int (json, "creator_id", relation->creator_id);
  web_json_member_string (json, "consequent_name", relation->consequent);
  web_json_member_string (json, "status", statuses[relation->status]);
  web_json_member_null (json, "forum_topic_id");
  web_json_member_time (json, "created_at", relation->created_at);
  web_json_member_time (json, "updated_at", relation->updated_at);
  web_json_member_int (json, "approver_id", relation->updater_id);
  web_json_member_null (json, "forum_post_id");
  web_json_end_object (json);
}

static WebFields *
parse_fields (WebRequest *request)
{
  return web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
}

static void
respond_relation (WebRequest *request, guint status, const BooruRelation *relation)
{
  g_autoptr (WebFields) fields = parse_fields (request);
  WebJson json;

  web_json_init (&json, fields);
  write_relation (&json, relation);
  web_request_respond_string (request, status, JSON, web_json_finish (&json));
}

/* Names are kept in lower case, with underscores. */
static char *
read_pattern (WebRequest *request, const char *name)
{
  const char *text = web_request_get_search (request, name);

  return text && *text ? g_strdelimit (g_utf8_strdown (text, -1), " ", '_') : NULL;
}

/* A pattern, or a name, in which no * stands for anything. FALSE: nothing can be like that. */
static gboolean
read_name (WebRequest *request, const char *name, const char *matches, char **pattern)
{
  g_autofree char *exact = read_pattern (request, name);

  *pattern = read_pattern (request, matches);
  if (exact == NULL)
    return TRUE;
  g_free (*pattern);
  *pattern = g_steal_pointer (&exact);
  return strchr (*pattern, '*') == NULL;
}

/* FALSE: there is no such status, so that nothing is found. */
static gboolean
read_status (WebRequest *request, gint *status)
{
  const char *text = web_request_get_search (request, "status");

  *status = -1;
  if (text == NULL || *text == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_ascii_strcasecmp (text, statuses[i]) == 0)
      *status = (gint)i;
  return *status >= 0;
}

/* FALSE: it is no number that something could have. */
static gboolean
read_number (WebRequest *request, const char *name, gint64 *number)
{
  const char *text = web_request_get_search (request, name);

  *number = 0;
  return text == NULL || *text == '\0'
         || g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, number, NULL);
}

static gboolean
read_page (WebRequest *request, BooruPage *page)
{
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT);
  g_autoptr (GError) error = NULL;

  limit = limit < 0 ? DEFAULT_LIMIT : MIN (limit, MAX_LIMIT);
  if (booru_page_parse (booru_request_get_param (BOORU_REQUEST (request), "page"), (guint)limit,
                        page, &error))
    return TRUE;
  if (booru_err_limit (error))
    web_request_fail_status (request, 410, web_error_get_class (410), error->message);
  else
    booru_request_fail (BOORU_REQUEST (request), error);
  return FALSE;
}

static void
respond_list (WebRequest *request, GPtrArray *relations)
{
  g_autoptr (WebFields) fields = parse_fields (request);
  WebJson json;

  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; relations && i < relations->len; i++)
    write_relation (&json, relations->pdata[i]);
  web_json_end_array (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
handle_index (BooruRequest *base, gpointer user_data)
{
  static const char *const filters[] = { "id",
                                         "status",
                                         "creator_id",
                                         "name_matches",
                                         "antecedent_name",
                                         "antecedent_name_matches",
                                         "order",
                                         "consequent_name",
                                         "consequent_name_matches",
                                         NULL };
  WebRequest *request = WEB_REQUEST (base);
  BooruRelationFilter filter = BOORU_RELATION_FILTER_INIT;
  g_autofree char *antecedent = NULL, *consequent = NULL;
  g_autofree char *either = read_pattern (request, "name_matches");
  g_autoptr (GPtrArray) relations = NULL;
  g_autoptr (GError) error = NULL;
  gboolean possible = read_status (request, &filter.status);

  filter.kind = get_kind (user_data);
  possible = read_number (request, "id", &filter.id) && possible;
  possible = read_number (request, "creator_id", &filter.creator_id) && possible;
  possible
      = read_name (request, "antecedent_name", "antecedent_name_matches", &antecedent) && possible;
  possible
      = read_name (request, "consequent_name", "consequent_name_matches", &consequent) && possible;
  filter.antecedent = antecedent;
  filter.consequent = consequent;
  filter.either = either;
  if (!web_request_check_search (request, filters) || !read_page (request, &filter.page))
    return;
  if (possible)
    relations = booru_store_list_relations (get_store (request), &filter, &error);
  if (possible && relations == NULL)
    booru_request_fail (base, error);
  else
    respond_list (request, relations);
}

static void
handle_show (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruRelation) relation = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  relation = booru_store_get_relation (get_store (request), get_kind (user_data), id, &error);
  if (relation)
    respond_relation (request, 200, relation);
  else
    booru_request_fail (base, error);
}

/* "tag_alias[NAME]", else the bare NAME. */
static const char *
get_member (WebRequest *request, gpointer user_data, const char *name)
{
  g_autofree char *full
      = g_strdup_printf ("%s[%s]", kinds[GPOINTER_TO_UINT (user_data)].object, name);
  const char *value = booru_request_get_param (BOORU_REQUEST (request), full);

  return value ? value : booru_request_get_param (BOORU_REQUEST (request), name);
}

static void
handle_create (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *antecedent = get_member (request, user_data, "antecedent_name");
  const char *consequent = get_member (request, user_data, "consequent_name");
  g_autoptr (BooruRelation) relation = NULL;
  g_autoptr (GError) error = NULL;
  gint64 job_id = 0;

  if (antecedent == NULL || consequent == NULL)
    {
      web_request_fail_status (request, 400, web_error_get_class (400),
                               "antecedent_name and consequent_name are needed.");
      return;
    }
  relation = booru_store_add_relation (get_store (request), get_kind (user_data), antecedent,
                                       consequent, get_member (request, user_data, "reason"),
                                       web_request_get_user_id (request), &job_id, &error);
  if (relation && job_id != 0)
    web_worker_jobs_changed (web_request_get_worker (request), job_id);
  if (relation)
    respond_relation (request, 201, relation);
  else if (booru_err_invalid (error) || booru_err_exists (error))
    web_request_fail_invalid (request, "base", error->message);
  else
    web_request_fail_write (request, error);
}

static void
handle_delete (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruRelation) relation = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id, job_id = 0;

  if (!web_request_require_id (request, &id))
    return;
  relation = booru_store_remove_relation (get_store (request), get_kind (user_data), id,
                                          web_request_get_user_id (request), &job_id, &error);
  if (relation && job_id != 0)
    web_worker_jobs_changed (web_request_get_worker (request), job_id);
  if (relation)
    booru_request_respond (base, 204, NULL, NULL);
  else
    web_request_fail_write (request, error);
}

static const struct
{
  BooruRoute route;
  guint kind; /* a place in kinds */
} routes[] = {
  { { "GET", "/tag_aliases.json", 0, handle_index }, 0 },
  { { "POST", "/tag_aliases.json", BODY_LIMIT, handle_create }, 0 },
  { { "GET", "/tag_aliases/:id.json", 0, handle_show }, 0 },
  { { "DELETE", "/tag_aliases/:id.json", BODY_LIMIT, handle_delete }, 0 },
  { { "GET", "/tag_implications.json", 0, handle_index }, 1 },
  { { "POST", "/tag_implications.json", BODY_LIMIT, handle_create }, 1 },
  { { "GET", "/tag_implications/:id.json", 0, handle_show }, 1 },
  { { "DELETE", "/tag_implications/:id.json", BODY_LIMIT, handle_delete }, 1 },
};

void
web_routes_add_relations (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i].route, GUINT_TO_POINTER (routes[i].kind));
}
