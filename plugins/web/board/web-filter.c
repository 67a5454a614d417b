/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-filter.h"

#include <string.h>

#include "http/web-error.h"

#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000

typedef struct
{
  BooruStore *store;
  BooruFilter *filter;
  const char *const *skipped;
  GError *error;
} Reading;

/* "creator_name" and the like: the user's number, or one that nobody has. */
static gboolean
add_user (const Reading *reading, const char *name, const char *value, GError **error)
{
  g_autofree char *who = g_strndup (name, strlen (name) - strlen ("_name"));
  g_autofree char *field = g_strconcat (who, "_id", NULL);
  g_autoptr (BooruAccount) account = NULL;
  g_autofree char *id = NULL;

  if (*value == '\0')
    return TRUE;
  account = booru_store_find_account (reading->store, value, NULL, NULL);
  id = g_strdup_printf ("%" G_GINT64_FORMAT, account != NULL ? account->id : -1);
  return booru_filter_add (reading->filter, field, id, error);
}

static gboolean
is_user (const char *name)
{
  static const char *const names[]
      = { "creator_name", "updater_name", "user_name", "uploader_name", NULL };

  return g_strv_contains (names, name);
}

static void
read_search (const char *name, const char *value, gpointer data)
{
  Reading *reading = data;

  if (reading->error != NULL || g_strv_contains (reading->skipped, name))
    return;
  if (is_user (name))
    add_user (reading, name, value, &reading->error);
  else
    booru_filter_add (reading->filter, name, value, &reading->error);
}

void
web_filter_fail (WebRequest *request, const GError *error)
{
  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED) || booru_err_invalid (error)
      || booru_err_limit (error))
    web_request_fail_status (request, 422, web_error_get_class (422), error->message);
  else
    booru_request_fail (BOORU_REQUEST (request), error);
}

static gboolean
read_page (WebRequest *request, BooruFilter *filter)
{
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT);
  g_autoptr (GError) error = NULL;
  BooruPage page;

  if (!booru_page_parse (booru_request_get_param (BOORU_REQUEST (request), "page"),
                         (guint)CLAMP (limit, 0, MAX_LIMIT), &page, &error))
    {
      if (booru_err_limit (error))
        web_request_fail_status (request, 410, web_error_get_class (410), error->message);
      else
        booru_request_fail (BOORU_REQUEST (request), error);
      return FALSE;
    }
  booru_filter_set_page (filter, &page);
  return TRUE;
}

BooruFilter *
web_filter_read_but (WebRequest *request,
                     const BooruField *fields,
                     guint n_fields,
                     const char *const *skipped)
{
  g_autoptr (BooruFilter) filter = booru_filter_new (fields, n_fields);
  Reading reading
      = { web_worker_get_store (web_request_get_worker (request)), filter, skipped, NULL };

  web_request_foreach_search (request, read_search, &reading);
  if (reading.error != NULL)
    {
      web_filter_fail (request, reading.error);
      g_error_free (reading.error);
      return NULL;
    }
  return read_page (request, filter) ? g_steal_pointer (&filter) : NULL;
}

BooruFilter *
web_filter_read (WebRequest *request, const BooruField *fields, guint n_fields)
{
  static const char *const none[] = { NULL };

  return web_filter_read_but (request, fields, n_fields, none);
}
