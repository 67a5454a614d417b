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
is_shown_to (const WebLogin *login)
{
  return login->user->access >= BOORU_ACCESS_VIEWER && login->routes == NULL;
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

/* An answer is kept for all of a level, or for one login. key: what both begin with; with room for
 * their tags behind it. */
static gboolean
answer_kept_for (WebWorker *worker, char *key, const WebLogin *login, WebPrefilter *result)
{
  char *end = key + strlen (key);
  gboolean found;

  if (login->account == NULL)
    return answer_kept (worker, key, result);
  g_strlcpy (end, login->own_tag, sizeof login->own_tag);
  found = answer_kept (worker, key, result);
  if (!found)
    {
      g_strlcpy (end, login->level_tag, sizeof login->level_tag);
      found = answer_kept (worker, key, result);
    }
  *end = '\0';
  return found;
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
make_incoming (WebWorker *worker, const WebRouter *router, const WebHead *head, WebLogin *login)
{
  WebIncoming *incoming = g_new0 (WebIncoming, 1);
  g_autofree char *path = g_strndup (head->path.data, head->path.length);

  incoming->path = g_strdup (web_settings_skip_base_path (web_worker_get_settings (worker), path));
  incoming->lookup = web_lookup_new (router, incoming->path);
  incoming->accepts_gzip = head->gzip;
  incoming->login = web_login_ref (login);
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

/* They take part in finding out who asks. */
static gboolean
has_credentials (const WebSlice *target)
{
  return memmem (target->data, target->length, "api_key", 7) != NULL
         || memmem (target->data, target->length, "login", 5) != NULL;
}

void
web_prefilter (WebWorker *worker,
               const WebRouter *router,
               const WebHead *head,
               WebPrefilter *result)
{
  gboolean is_get = web_slice_equal (&head->method, "GET");
  gboolean is_read = is_get || web_slice_equal (&head->method, "HEAD");
  gboolean plain = is_get && head->plain && head->minor_version == 1
                   && !web_worker_is_quiescing (worker) && !has_credentials (&head->target);
  WebLogins *logins = web_worker_get_logins (worker);
  g_autoptr (WebLogin) login = web_logins_find (logins, head);
  gboolean is_bad = login == NULL;
  char key[MAX_KEY + sizeof login->own_tag];
  gboolean has_key = plain && make_key (head, key, MAX_KEY);

  if (is_read && (head->chunked || head->content_length > 0))
    {
      refuse (result, 400, "A GET request has no body.");
      return;
    }
  if (is_bad)
    login = web_login_ref (web_logins_get_visitor (logins));
  plain = plain && !is_bad && is_shown_to (login);
  if (plain && answer_thumbnail (worker, head, result))
    {
      if (login->account && !web_worker_get_settings (worker)->is_public)
        g_string_replace (result->head, "\r\nCache-Control: public", "\r\nCache-Control: private",
                          1);
      return;
    }
  has_key = has_key && !is_bad;
  if (has_key && plain && answer_kept_for (worker, key, login, result))
    return;

  result->incoming = make_incoming (worker, router, head, login);
  if (is_bad)
    result->incoming->refusal = &web_refusal_bad_login;
  result->incoming->cache_key = has_key ? g_strdup (key) : NULL;
  if (!is_read)
    limit_body (worker, head, result);
}
