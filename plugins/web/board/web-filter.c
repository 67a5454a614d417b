/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-filter.h"

#include "http/web-error.h"

#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000

typedef struct
{
  BooruFilter *filter;
  const char *const *skipped;
  GError *error;
} Reading;

static void
read_search (const char *name, const char *value, gpointer data)
{
  Reading *reading = data;

  if (reading->error == NULL && !g_strv_contains (reading->skipped, name))
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
  Reading reading = { filter, skipped, NULL };

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
