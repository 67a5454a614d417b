/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-judge.h"

#include <string.h>
#include <time.h>

#include "api/web-routes.h"
#include "web-file.h"
#include "web-guard.h"
#include "web-negotiate.h"
#include "web-request.h"

/* What a request may bring along that no route wants: it is read, so that the client reads the
 * answer, and thrown away. */
#define UNROUTED_BODY_LIMIT 65536
#define MAX_KEY 8192

static void
refuse (WebVerdict *verdict, guint status, const char *reason)
{
  verdict->refuse = status;
  verdict->reason = reason;
}

static void
judge_body (WebService *service, WebRouter *router, const WebHead *head, WebVerdict *verdict)
{
  g_autofree char *method = g_strndup (head->method.data, head->method.length);
  g_autofree char *path = g_strndup (head->target.data, head->target.length);

  path[strcspn (path, "?#")] = '\0';
  verdict->body_limit = web_negotiate_body_limit (
      router, method, web_settings_skip_base_path (web_service_get_settings (service), path),
      UNROUTED_BODY_LIMIT);
  if (verdict->body_limit == WEB_BODY_UPLOAD)
    verdict->body_limit = web_service_get_settings (service)->max_upload_size;
  if (head->content_length > (gint64)verdict->body_limit)
    refuse (verdict, 413, "The request body is too large.");
}

/* The key under which web-request.c keeps an answer. FALSE: it is too long for one. */
static gboolean
make_key (const WebHead *head, char *buffer, gsize size)
{
  if (head->host.data == NULL || head->host.length + head->target.length + 2 > size)
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
answer_kept (WebService *service, const WebHead *head, WebVerdict *verdict)
{
  char key[MAX_KEY];
  GBytes *kept, *body;
  gsize size;
  const char *data;

  if (!make_key (head, key, sizeof key)
      || !web_cache_lookup (web_service_get_cache (service), key,
                            booru_store_get_generation (web_service_get_store (service)),
                            g_get_monotonic_time (), &verdict->route, &kept, &body))
    return FALSE;
  booru_metric_inc (web_service_get_metrics (service)->cache_hits);

  data = g_bytes_get_data (kept, &size);
  verdict->head = g_string_sized_new (size + 128);
  begin_head (verdict->head);
  g_string_append_len (verdict->head, data, (gssize)size);
  verdict->body = g_bytes_ref (body);
  return TRUE;
}

static gboolean
answer_thumbnail (WebService *service, const WebHead *head, WebVerdict *verdict)
{
  const WebSettings *settings = web_service_get_settings (service);
  gsize base_length = strlen (settings->base_path);
  WebSlice target = head->target;
  g_autofree char *host = NULL;

  if (base_length && target.length > base_length
      && memcmp (target.data, settings->base_path, base_length) == 0)
    target = (WebSlice){ target.data + base_length, target.length - base_length };
  if (target.length < 12 || memcmp (target.data, "/thumbnails/", 12) != 0)
    return FALSE;
  host = g_strndup (head->host.data, head->host.length);
  if (!web_guard_check_host (settings, host))
    return FALSE;
  verdict->head = g_string_sized_new (768);
  begin_head (verdict->head);
  if (web_settings_is_private (settings))
    g_string_append (verdict->head, WEB_HEADER_PRIVATE ": " WEB_VALUE_PRIVATE "\r\n");
  if (web_files_answer_thumbnail (service, &target, verdict))
    return TRUE;
  g_string_free (g_steal_pointer (&verdict->head), TRUE);
  return FALSE;
}

/**
 * web_judge:
 * @service: the service
 * @router: its routes
 * @head: a request's head
 * @verdict: (out): filled in
 *
 * Decides what becomes of a request before its body is read.
 */
void
web_judge (WebService *service, WebRouter *router, const WebHead *head, WebVerdict *verdict)
{
  gboolean is_get = web_slice_equal (&head->method, "GET");
  gboolean has_body = head->chunked || head->content_length > 0;

  if (has_body && (is_get || web_slice_equal (&head->method, "HEAD")))
    {
      refuse (verdict, 400, "A GET request has no body.");
      return;
    }
  if (has_body)
    {
      judge_body (service, router, head, verdict);
      return;
    }

  if (!is_get || !head->plain || head->minor_version == 0 || head->host.data == NULL
      || web_service_is_quiescing (service))
    return;
  if (!answer_thumbnail (service, head, verdict))
    answer_kept (service, head, verdict);
}
