/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-prefilter.h"

#include <string.h>

#include "web-file.h"
#include "web-guard.h"
#include "web-negotiate.h"

/* The largest body of a request without a route: it is read and thrown away, so that the client
 * reads the answer. */
#define UNROUTED_BODY_LIMIT 65536
#define MAX_KEY 8192

static void
refuse (WebPrefilter *result, guint status, const char *reason)
{
  result->refuse = status;
  result->reason = reason;
}

/* The key under which its answer is kept. FALSE: it is too long for one. */
static gboolean
make_key (const WebHead *head, char *buffer, gsize size)
{
  if (head->host.length + head->target.length + 2 > size)
    return FALSE;
  memcpy (buffer, head->host.data, head->host.length);
  buffer[head->host.length] = WEB_CACHE_SEPARATOR (head->gzip);
  memcpy (buffer + head->host.length + 1, head->target.data, head->target.length);
  buffer[head->host.length + 1 + head->target.length] = '\0';
  return TRUE;
}

/* "HTTP/1.1 200 OK" and the date, made once a second. */
static void
begin_head (GString *head)
{
  static char start[80];
  static gint64 made;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (now != made)
    {
      char date[40];

      web_file_format_time (now, date, sizeof date);
      g_snprintf (start, sizeof start, "HTTP/1.1 200 OK\r\nDate: %s\r\n", date);
      made = now;
    }
  g_string_append (head, start);
}

static gboolean
answer_kept (WebWorker *worker, const char *key, WebPrefilter *result)
{
  GBytes *kept, *body;
  gsize size;
  const char *data;

  if (!web_cache_lookup (web_worker_get_cache (worker), key, web_worker_get_changes (worker),
                         g_get_monotonic_time (), &result->route, &kept, &body))
    return FALSE;
  booru_metric_inc (web_worker_get_metrics (worker)->cache_hits);

  data = g_bytes_get_data (kept, &size);
  result->head = g_string_sized_new (size + 128);
  begin_head (result->head);
  g_string_append_len (result->head, data, (gssize)size);
  result->body = g_bytes_ref (body);
  return TRUE;
}

static gboolean
answer_thumbnail (WebWorker *worker, const WebHead *head, WebPrefilter *result)
{
  const WebSettings *settings = web_worker_get_settings (worker);
  gsize base_length = strlen (settings->base_path);
  WebSlice path = head->path;
  g_autofree char *host = NULL;

  if (base_length && path.length > base_length
      && memcmp (path.data, settings->base_path, base_length) == 0)
    path = (WebSlice){ path.data + base_length, path.length - base_length };
  if (path.length < 12 || memcmp (path.data, "/thumbnails/", 12) != 0)
    return FALSE;
  host = g_strndup (head->host.data, head->host.length);
  if (!web_guard_check_host (settings, host))
    return FALSE;
  result->head = g_string_sized_new (768);
  begin_head (result->head);
  if (web_settings_is_private (settings))
    g_string_append (result->head, WEB_HEADER_PRIVATE ": " WEB_VALUE_PRIVATE "\r\n");
  if (web_worker_get_hooks (worker)->answer_thumbnail (worker, &path, result))
    return TRUE;
  g_string_free (g_steal_pointer (&result->head), TRUE);
  return FALSE;
}

static WebIncoming *
make_incoming (WebWorker *worker, const WebRouter *router, const WebHead *head)
{
  WebIncoming *incoming = g_new0 (WebIncoming, 1);
  g_autofree char *path = g_strndup (head->path.data, head->path.length);

  incoming->path = g_strdup (web_settings_skip_base_path (web_worker_get_settings (worker), path));
  incoming->lookup = web_lookup_new (router, incoming->path);
  incoming->accepts_gzip = head->gzip;
  return incoming;
}

static void
limit_body (WebWorker *worker, const WebHead *head, WebPrefilter *result)
{
  WebIncoming *incoming = result->incoming;
  g_autofree char *method = g_strndup (head->method.data, head->method.length);

  result->body_limit = web_negotiate_body_limit (incoming->lookup, method, UNROUTED_BODY_LIMIT);
  incoming->takes_upload = result->body_limit == WEB_BODY_UPLOAD;
  if (incoming->takes_upload)
    result->body_limit = web_worker_get_settings (worker)->max_upload_size;
  if (head->content_length > (gint64)result->body_limit)
    {
      refuse (result, 413, "The request body is too large.");
      g_clear_pointer (&result->incoming, web_incoming_free);
    }
}

void
web_prefilter (WebWorker *worker,
               const WebRouter *router,
               const WebHead *head,
               WebPrefilter *result)
{
  gboolean is_get = web_slice_equal (&head->method, "GET");
  gboolean is_read = is_get || web_slice_equal (&head->method, "HEAD");
  gboolean plain
      = is_get && head->plain && head->minor_version == 1 && !web_worker_is_quiescing (worker);
  char key[MAX_KEY];
  gboolean has_key = plain && make_key (head, key, sizeof key);

  if (is_read && (head->chunked || head->content_length > 0))
    {
      refuse (result, 400, "A GET request has no body.");
      return;
    }
  if (plain && answer_thumbnail (worker, head, result))
    return;
  if (has_key && answer_kept (worker, key, result))
    return;

  result->incoming = make_incoming (worker, router, head);
  result->incoming->cache_key = has_key ? g_strdup (key) : NULL;
  if (!is_read)
    limit_body (worker, head, result);
}
