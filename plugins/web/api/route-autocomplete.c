/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /autocomplete.json, as Danbooru answers it. */
#include <string.h>

#include "http/web-error.h"
#include "http/web-request.h"
#include "view/web-fields.h"
#include "view/web-json.h"
#include "web-routes.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 10
#define MAX_LIMIT 100

/* Ten minutes, and a day while it is asked for again, as Danbooru has it. */
#define PUBLIC "public, max-age=600, stale-while-revalidate=86400"
#define PRIVATE "private, max-age=60"

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static guint
read_limit (WebRequest *request, guint fallback, guint most)
{
  gint64 limit = web_request_get_int (request, "limit", fallback);

  return limit < 0 ? fallback : (guint)MIN (limit, most);
}

/* Danbooru leaves out what is blank. */
typedef struct
{
  const char *type, *label, *value, *antecedent;
  const BooruTagRef *tag;
  gint64 within; /* how many posts of the search have it; -1: nobody asked */
} Entry;

static void
write_entry (WebJson *json, const Entry *entry)
{
  web_json_begin_object (json);
  web_json_member_string (json, "type", entry->type);
  web_json_member_string (json, "label", entry->label);
  web_json_member_string (json, "value", entry->value);
  if (entry->tag)
    {
      web_json_member_int (json, "category", entry->tag->category);
      web_json_member_int (json, "post_count", entry->tag->post_count);
    }
  if (entry->within >= 0)
    web_json_member_int (json, "count_within", entry->within);
  if (entry->antecedent)
    web_json_member_string (json, "antecedent", entry->antecedent);
  if (entry->tag && web_json_member (json, "tag"))
    {
      web_json_begin_object (json);
      web_json_member_int (json, "id", entry->tag->id);
      web_json_member_string (json, "name", entry->tag->name);
      web_json_member_int (json, "post_count", entry->tag->post_count);
      web_json_member_int (json, "category", entry->tag->category);
      web_json_end_object (json);
    }
  web_json_end_object (json);
}

/* A name as people read it. */
static char *
make_label (const char *name)
{
  return g_strdelimit (g_strdup (name), "_", ' ');
}

/* What stands in for one request. */
typedef struct
{
  WebRequest *request;
  WebJson *json;
  guint limit, n;
  const char *prefix; /* of each value: "pool:", or "" */
} Answer;

static void
add_plain (Answer *self, const char *type, const char *label, const char *value)
{
  g_autofree char *full = g_strconcat (self->prefix, value, NULL);
  Entry entry = { .type = type, .label = label, .value = full, .within = -1 };

  if (self->n++ < self->limit)
    write_entry (self->json, &entry);
}

static void
add_tag (Answer *self, const BooruCompletion *completion, gint64 within)
{
  static const char *const types[] = {
    [BOORU_COMPLETION_TAG] = "tag-word",
    [BOORU_COMPLETION_WORD] = "tag-word",
    [BOORU_COMPLETION_ALIAS] = "tag-alias",
    [BOORU_COMPLETION_ABBREVIATION] = "tag-abbreviation",
    [BOORU_COMPLETION_CORRECTION] = "tag-autocorrect",
  };
  g_autofree char *label = make_label (completion->tag->name);
  g_autofree char *value = g_strconcat (self->prefix, completion->tag->name, NULL);
  Entry entry
      = { types[completion->kind], label, value, completion->antecedent, completion->tag, within };

  if (within != 0 && self->n++ < self->limit)
    write_entry (self->json, &entry);
}

/* How many posts of the search beside it each of the tags would leave: "search[within]". FALSE
 * after an answer. */
static gboolean
count_within (WebRequest *request, const GPtrArray *found, GArray **counts)
{
  const char *text = web_request_get_search (request, "within");
  g_autoptr (BooruQuery) query = NULL;
  g_autoptr (GPtrArray) tags = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  *counts = NULL;
  if (text == NULL || found->len == 0)
    return TRUE;
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (tags, ((BooruCompletion *)found->pdata[i])->tag);
  query = booru_query_parse_for (text, web_request_get_user_id (request));
  *counts = booru_store_count_tags_within (get_store (request), query, tags, NULL, &error);
  if (*counts == NULL)
    booru_request_fail (BOORU_REQUEST (request), error);
  return *counts != NULL;
}

/* FALSE after an answer. */
static gboolean
add_tags (Answer *self, const char *text)
{
  gboolean within = web_request_get_search (self->request, "within") != NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) counts = NULL;
  /* Those that would find nothing are left out. */
  g_autoptr (GPtrArray) found = booru_store_complete_tags (
      get_store (self->request), text, within ? MAX_LIMIT : self->limit, &error);

  if (found == NULL)
    {
      booru_request_fail (BOORU_REQUEST (self->request), error);
      return FALSE;
    }
  if (!count_within (self->request, found, &counts))
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    add_tag (self, found->pdata[i], counts ? g_array_index (counts, gint64, i) : -1);
  return TRUE;
}

/* Pools with @text in their names, those of the most posts first. FALSE after an answer. */
static gboolean
add_pools (Answer *self, const char *text)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_POOL);
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  const BooruUser *user = booru_request_get_user (BOORU_REQUEST (self->request));
  BooruPage page = { BOORU_PAGE_NUMBER, 1, self->limit };
  g_autoptr (GPtrArray) pools = NULL;
  g_autoptr (GError) error = NULL;

  booru_filter_set_page (filter, &page);
  if (booru_filter_add (filter, "name_contains", text, &error)
      && booru_filter_add (filter, "is_deleted", "false", &error)
      && booru_filter_add (filter, "order", "post_count", &error))
    pools = booru_store_list_records (get_store (self->request), type, filter, FALSE, user, &error);
  if (pools == NULL)
    {
      booru_request_fail (BOORU_REQUEST (self->request), error);
      return FALSE;
    }
  for (guint i = 0; i < pools->len; i++)
    {
      const char *name = booru_record_get_text (pools->pdata[i], "name");
      g_autofree char *label = make_label (name);

      add_plain (self, "pool", label, name);
    }
  return TRUE;
}

/* Accounts whose names begin so. FALSE after an answer. */
static gboolean
add_users (Answer *self, const char *text)
{
  g_autofree char *pattern = g_strconcat (text, strchr (text, '*') ? "" : "*", NULL);
  BooruAccountFilter filter = { .name = pattern, .page = { BOORU_PAGE_NUMBER, 1, self->limit } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts
      = booru_store_list_accounts (get_store (self->request), &filter, &error);

  if (accounts == NULL)
    {
      booru_request_fail (BOORU_REQUEST (self->request), error);
      return FALSE;
    }
  for (guint i = 0; i < accounts->len; i++)
    {
      const BooruAccount *account = accounts->pdata[i];
      g_autofree char *label = make_label (account->name);

      add_plain (self, "user", label, account->name);
    }
  return TRUE;
}

/* What the values of these metatags are the names of. */
static gboolean
is_of_users (const char *metatag)
{
  static const char *const names[]
      = { "user",   "approver",          "commenter", "comm",   "noter",    "noteupdater", "fav",
          "ordfav", "commentaryupdater", "artcomm",   "upvote", "downvote", NULL };

  return g_strv_contains (names, metatag);
}

static void
add_metatags (Answer *self, const char *text)
{
  g_autoptr (GPtrArray) names = strlen (text) < 2 ? NULL : booru_query_complete_metatag (text);

  for (guint i = 0; names && i < names->len; i++)
    {
      g_autofree char *value = g_strconcat (names->pdata[i], ":", NULL);

      add_plain (self, "metatag", value, value);
    }
}

static gboolean
add_values (Answer *self, const char *metatag, const char *text)
{
  g_autofree char *lower = g_ascii_strdown (metatag, -1);
  g_autofree char *prefix = g_strconcat (lower, ":", NULL);
  g_autoptr (GPtrArray) values = booru_query_complete_value (lower, text);
  const char *outer = self->prefix;
  gboolean done = TRUE;

  self->prefix = prefix;
  if (g_str_equal (lower, "unaliased"))
    done = add_tags (self, text);
  else if (g_str_equal (lower, "pool") || g_str_equal (lower, "ordpool"))
    done = add_pools (self, text);
  else if (is_of_users (lower))
    done = add_users (self, text);
  for (guint i = 0; i < values->len; i++)
    add_plain (self, "static", values->pdata[i], values->pdata[i]);
  self->prefix = outer;
  return done;
}

/* One term of a search: a tag, or a metatag with its value. */
static gboolean
add_term (Answer *self, const char *text)
{
  const char *colon;
  g_autofree char *name = NULL;

  text += strspn (text, "-~(");
  colon = strchr (text, ':');
  name = g_strndup (text, colon ? (gsize)(colon - text) : 0);
  if (colon && booru_query_is_metatag (name))
    return add_values (self, name, colon + 1 + (colon[1] == '"'));
  if (!add_tags (self, text))
    return FALSE;
  add_metatags (self, text);
  return TRUE;
}

static gboolean
add_all (Answer *self, const char *type, const char *text)
{
  if (g_str_equal (type, "tag_query"))
    return add_term (self, text);
  if (g_str_equal (type, "tag"))
    return add_tags (self, text);
  if (g_str_equal (type, "pool"))
    return add_pools (self, text);
  if (g_str_equal (type, "user"))
    return add_users (self, text);
  return TRUE;
}

/* Whether the client asks without saying who it is, so that others may see the same. */
static gboolean
is_anonymous (BooruRequest *request)
{
  return booru_request_get_header (request, "Cookie") == NULL
         && booru_request_get_header (request, "Authorization") == NULL
         && booru_request_get_param (request, "api_key") == NULL;
}

/* An answer that a client has already is not sent again. */
static void
respond_cached (WebRequest *request, WebJson *json)
{
  BooruRequest *base = BOORU_REQUEST (request);
  GString *text = web_json_finish (json);
  g_autofree char *sum
      = g_compute_checksum_for_data (G_CHECKSUM_MD5, (guchar *)text->str, text->len);
  g_autofree char *tag = g_strdup_printf ("W/\"%s\"", sum);
  const char *known = booru_request_get_header (base, "If-None-Match");

  booru_request_set_header (base, "ETag", tag);
  booru_request_set_header (base, "Cache-Control", is_anonymous (base) ? PUBLIC : PRIVATE);
  if (known && strstr (known, sum))
    {
      g_string_free (text, TRUE);
      booru_request_respond (base, 304, NULL, NULL);
    }
  else
    web_request_respond_string (request, 200, JSON, text);
}

static void
handle_autocomplete (BooruRequest *base, gpointer user_data)
{
  static const char *const filters[] = { "query", "type", "within", NULL };
  WebRequest *request = WEB_REQUEST (base);
  const char *text = web_request_get_search (request, "query");
  const char *type = web_request_get_search (request, "type");
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  WebJson json;
  Answer answer = { request, &json, read_limit (request, DEFAULT_LIMIT, MAX_LIMIT), 0, "" };

  if (!web_request_check_search (request, filters))
    return;
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  if (!add_all (&answer, type && *type ? type : "tag_query", text ? text : ""))
    {
      g_string_free (web_json_finish (&json), TRUE);
      return;
    }
  web_json_end_array (&json);
  /* Nobody says what it shows: it is made again after each write. */
  if (booru_request_get_header (base, "If-None-Match") == NULL)
    web_request_set_cacheable (request);
  respond_cached (request, &json);
}

static const BooruRoute route = { "GET", "/autocomplete.json", 0, handle_autocomplete };

void
web_routes_add_autocomplete (BooruExtensions *extensions)
{
  booru_extensions_add_route (extensions, &route, NULL);
}
