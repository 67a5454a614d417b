/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Server-sent events: open pages hear what happens. */
#include <string.h>

#include "web-routes.h"
#include "view/web-json.h"
#include "http/web-request.h"
#include "board/web-variant.h"

#define MAX_STREAMS 64
#define HEARTBEAT                                                                                  \
  25                /* seconds: keeps proxies from closing, and finds out whom the network lost    \
                     */
#define MAX_IDS 200 /* more than that: "anything may have changed" */

/* The pages that listen in this process. Made with the first one; belongs to the service's
 * context, as "web-events". */
typedef struct
{
  BooruServiceContext *context;
  GPtrArray *streams; /* WebRequest */
  guint heartbeat;
} Events;

static void
events_free (gpointer data)
{
  Events *self = data;

  g_clear_handle_id (&self->heartbeat, g_source_remove);
  g_ptr_array_unref (self->streams);
  g_free (self);
}

static void
send_text (Events *self, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  for (guint i = 0; i < self->streams->len; i++)
    {
      SoupServerMessage *message = web_request_get_message (self->streams->pdata[i]);

      soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
      soup_server_message_unpause (message);
    }
}

static void
send_event (Events *self, const char *topic, GString *data)
{
  g_autofree char *text = g_strdup_printf ("event: %s\ndata: %s\n\n", topic, data->str);

  send_text (self, text);
  g_string_free (data, TRUE);
}

static void
on_ids_changed (Events *self, const char *topic, GVariant *payload)
{
  gsize n_ids = 0;
  const gint64 *ids = NULL;
  WebJson json;

  if (g_variant_is_of_type (payload, G_VARIANT_TYPE ("ax")))
    ids = g_variant_get_fixed_array (payload, &n_ids, sizeof *ids);
  if (n_ids > MAX_IDS)
    n_ids = 0;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member (&json, "ids");
  web_json_begin_array (&json);
  for (gsize i = 0; i < n_ids; i++)
    web_json_int (&json, ids[i]);
  web_json_end_array (&json);
  web_json_end_object (&json);
  send_event (self, topic, web_json_finish (&json));
}

/* What the monitor is at, and how the services are: pages that show it ask for it anew. */
static void
on_state (Events *self, const char *topic, GVariant *payload)
{
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  if (g_variant_is_of_type (payload, G_VARIANT_TYPE_VARDICT))
    web_variant_write_members (&json, payload, FALSE);
  web_json_end_object (&json);
  send_event (self, topic, web_json_finish (&json));
}

static gboolean
on_heartbeat (gpointer user_data)
{
  send_text (user_data, ": still here\n\n");
  return G_SOURCE_CONTINUE;
}

/* Nothing is sent before the main loop runs again, so that the list stays as it is. */
static void
end_stream (gpointer request, gpointer user_data)
{
  SoupServerMessage *message = web_request_get_message (request);

  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

static void
on_quiesce (Events *self)
{
  g_ptr_array_foreach (self->streams, end_stream, NULL);
}

static Events *
ensure_events (BooruServiceContext *context)
{
  Events *self = g_object_get_data (G_OBJECT (context), "web-events");

  if (self)
    return self;
  self = g_new0 (Events, 1);
  self->context = context;
  self->streams = g_ptr_array_new_with_free_func (g_object_unref);
  g_object_set_data_full (G_OBJECT (context), "web-events", self, events_free);
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_POSTS_CHANGED,
                            G_CALLBACK (on_ids_changed), self);
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_JOBS_CHANGED,
                            G_CALLBACK (on_ids_changed), self);
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_STATUS, G_CALLBACK (on_state), self);
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_SERVICES, G_CALLBACK (on_state), self);
  g_signal_connect_swapped (context, "quiesce", G_CALLBACK (on_quiesce), self);
  return self;
}

static void
on_stream_gone (SoupServerMessage *message, gpointer user_data)
{
  Events *self = user_data;

  for (guint i = 0; i < self->streams->len; i++)
    if (web_request_get_message (self->streams->pdata[i]) == message)
      g_ptr_array_remove_index_fast (self->streams, i);
  if (self->streams->len == 0)
    g_clear_handle_id (&self->heartbeat, g_source_remove);
}

/* The stream ends as if it were complete: only a write would find out that the client is gone. */
static void
on_client_left (GCancellable *cancellable, gpointer request)
{
  end_stream (request, NULL);
}

static void
handle_events (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  SoupServerMessage *message = web_request_get_message (request);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  Events *self = ensure_events (web_worker_get_context (web_request_get_worker (request)));

  if (self->streams->len >= MAX_STREAMS)
    {
      web_request_fail_status (request, 503, "RateLimiter::RateLimitError",
                               "Too many pages are listening already.");
      return;
    }

  soup_message_headers_replace (headers, "Content-Type", "text/event-stream");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Accel-Buffering", "no");
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  if (!web_request_begin_answer (request, 200))
    return;
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_ptr_array_add (self->streams, g_object_ref (request));
  g_signal_connect (web_request_watch_client (request), "cancelled", G_CALLBACK (on_client_left),
                    request);
  g_signal_connect (message, "finished", G_CALLBACK (on_stream_gone), self);
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            "retry: 2000\n\n", 13);
  /* A page that comes while the worker takes its leave asks another one in a moment. Browsers do
   * not ask again after an error. */
  if (web_worker_is_quiescing (web_request_get_worker (request)))
    soup_message_body_complete (soup_server_message_get_response_body (message));
  else if (self->heartbeat == 0)
    self->heartbeat = g_timeout_add_seconds (HEARTBEAT, on_heartbeat, self);
  web_request_end_answer (request);
}

static const BooruRoute events = { "GET", "/events", 0, handle_events };

void
web_routes_add_events (BooruExtensions *extensions)
{
  booru_extensions_add_route (extensions, &events, NULL);
}
