/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-request.h"

#include <string.h>

#include "web-connection.h"
#include "web-request-private.h"

static void web_request_interface_init (BooruRequestInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WebRequest,
                               web_request,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOORU_TYPE_REQUEST,
                                                      web_request_interface_init))

static void
unwatch_client (WebRequest *self)
{
  if (self->hangup)
    g_source_destroy (self->hangup);
  g_clear_pointer (&self->hangup, g_source_unref);
}

static void
web_request_dispose (GObject *object)
{
  WebRequest *self = WEB_REQUEST (object);

  unwatch_client (self);

  /* A handler that let go without an answer must not leave the client waiting. */
  if (self->message && !self->answered && !self->gone)
    web_request_fail_status (self, 500, "StandardError",
                             "The request was dropped without an answer");

  if (self->message)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  G_OBJECT_CLASS (web_request_parent_class)->dispose (object);
}

static void
web_request_finalize (GObject *object)
{
  WebRequest *self = WEB_REQUEST (object);

  web_match_clear (&self->match);
  web_login_unref (self->login);
  web_incoming_free (self->incoming);
  g_free (self->path);
  g_free (self->base_url);
  g_clear_pointer (&self->params, web_params_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_error (&self->params_error);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->shown, web_shown_free);
  G_OBJECT_CLASS (web_request_parent_class)->finalize (object);
}

static void
web_request_class_init (WebRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = web_request_dispose;
  G_OBJECT_CLASS (klass)->finalize = web_request_finalize;
}

static void
web_request_init (WebRequest *self)
{
}

static void
on_gone (WebRequest *self)
{
  self->gone = TRUE;
  unwatch_client (self);
  if (!self->answered)
    g_cancellable_cancel (self->cancellable);
}

static gboolean
on_hangup (gint fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (WebRequest) self = g_object_ref (user_data);

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* While an answer is awaited nobody reads from the connection, so that its end would not be seen. A
 * client that only shuts its sending side counts as gone, too: from here it looks the same. */
GCancellable *
web_request_watch_client (WebRequest *self)
{
  WebConnection *connection;

  if (self->cancellable)
    return self->cancellable;
  self->cancellable = g_cancellable_new ();
  connection = web_connection_of_message (self->message);
  self->hangup = connection ? web_connection_create_hangup_source (connection) : NULL;
  if (self->hangup == NULL || self->gone)
    {
      g_cancellable_cancel (self->cancellable);
      return self->cancellable;
    }
  g_source_set_callback (self->hangup, G_SOURCE_FUNC (on_hangup), self, NULL);
  g_source_attach (self->hangup, g_main_context_get_thread_default ());
  return self->cancellable;
}

WebRequest *
web_request_new (WebWorker *worker, SoupServerMessage *message, WebIncoming *incoming)
{
  WebRequest *self = g_object_new (WEB_TYPE_REQUEST, NULL);

  self->worker = worker;
  self->incoming = incoming;
  self->login = web_login_ref (incoming->login);
  self->message = g_object_ref (message);
  self->began = g_get_monotonic_time ();
  self->state = web_changes_catch_up (web_worker_get_changes (worker));
  g_signal_connect_swapped (message, "finished", G_CALLBACK (on_gone), self);
  g_signal_connect_swapped (message, "disconnected", G_CALLBACK (on_gone), self);
  return self;
}

void
web_request_handle (WebRequest *self, WebMatch *match)
{
  BooruServiceContext *context = web_worker_get_context (self->worker);
  const BooruRouteEntry *entry = match->entry;

  self->match = *match;
  memset (match, 0, sizeof *match);
  booru_service_context_set_plugin (context, entry->plugin);
  entry->route->handle (BOORU_REQUEST (self), entry->user_data);
  booru_service_context_set_plugin (context, NULL);
}

void
web_request_set_method (WebRequest *self, const char *method)
{
  self->method = method;
}

const WebIncoming *
web_request_get_incoming (WebRequest *self)
{
  return self->incoming;
}

WebBody *
web_request_get_upload (WebRequest *self)
{
  return self->incoming->upload;
}

WebWorker *
web_request_get_worker (WebRequest *self)
{
  return self->worker;
}

SoupServerMessage *
web_request_get_message (WebRequest *self)
{
  return self->message;
}

gboolean
web_request_is_answered (WebRequest *self)
{
  return self->answered;
}

static void
web_request_interface_init (BooruRequestInterface *iface)
{
  iface->get_method = web_request_get_method;
  iface->get_path = web_request_get_path;
  iface->get_capture = web_request_get_capture;
  iface->get_param = web_request_get_param;
  iface->get_header = web_request_get_header;
  iface->get_body = web_request_get_body;
  iface->get_user = web_request_get_user;
  iface->set_header = web_request_set_header;
  iface->respond = web_request_respond;
  iface->fail = web_request_fail;
}
