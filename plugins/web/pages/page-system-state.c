/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the host says of the state of everything. */
#include "page-system.h"

#include <math.h>
#include <string.h>

PageSystem *
page_system_new (WebRequest *request)
{
  PageSystem *self = g_new0 (PageSystem, 1);

  self->request = g_object_ref (request);
  self->http_status = 200;
  return self;
}

static void
page_system_free (PageSystem *self)
{
  g_clear_pointer (&self->status, g_variant_unref);
  g_clear_pointer (&self->events, g_variant_unref);
  g_free (self->metrics);
  g_free (self->why);
  g_free (self->notice);
  g_free (self->field);
  g_free (self->typed);
  g_free (self->wrong);
  g_object_unref (self->request);
  g_free (self);
}

static void
answered (PageSystem *self, const GError *error)
{
  if (error && self->why == NULL)
    self->why = g_strdup (error->message);
  if (--self->n_pending > 0)
    return;
  self->done (self);
  page_system_free (self);
}

static void
on_status (GObject *context, GAsyncResult *result, gpointer user_data)
{
  PageSystem *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    self->status = g_variant_get_child_value (answer, 0);
  answered (self, error);
}

static void
on_events (GObject *context, GAsyncResult *result, gpointer user_data)
{
  PageSystem *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a(txss))")))
    self->events = g_variant_get_child_value (answer, 0);
  answered (self, error);
}

static void
on_metrics (GObject *context, GAsyncResult *result, gpointer user_data)
{
  PageSystem *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE_STRING))
    self->metrics = g_variant_dup_string (answer, NULL);
  answered (self, error);
}

void
page_system_ask (PageSystem *self, PageSystemFunc done)
{
  BooruServiceContext *context = web_worker_get_context (web_request_get_worker (self->request));

  self->done = done;
  self->n_pending = 3;
  booru_service_context_control_host_async (context, "GetStatus", g_variant_new ("()"), on_status,
                                            self);
  booru_service_context_control_host_async (context, "ListEvents",
                                            g_variant_new ("(t)", (guint64)0), on_events, self);
  booru_service_context_ask_host_async (context, BOORU_HOST_METRICS, on_metrics, self);
}

GVariant *
page_system_get_list (PageSystem *self, const char *name)
{
  GVariant *list = self->status
                       ? g_variant_lookup_value (self->status, name, G_VARIANT_TYPE ("aa{sv}"))
                       : NULL;

  return list ? list : g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
}

GVariant *
page_system_get_host (PageSystem *self)
{
  GVariant *host
      = self->status ? g_variant_lookup_value (self->status, "host", G_VARIANT_TYPE_VARDICT) : NULL;

  return host ? host : g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

double
page_system_get_metric (PageSystem *self, const char *name)
{
  gsize length = strlen (name);

  for (const char *line = self->metrics; line && *line;
       line = strchr (line, '\n') ? strchr (line, '\n') + 1 : NULL)
    {
      const char *value;

      if (strncmp (line, name, length) != 0 || (line[length] != '{' && line[length] != ' '))
        continue;
      value = strchr (line + length, ' ');
      if (line[length] == '{')
        {
          value = strstr (line + length, "} ");
          value = value ? value + 1 : NULL;
        }
      return value ? g_ascii_strtod (value, NULL) : NAN;
    }
  return NAN;
}
