/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of everything, for the administrator: /system. */
#include "page-system.h"

#include <math.h>
#include <string.h>

#include "page-text.h"
#include "web-admin.h"
#include "board/web-failures.h"

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

/* Asking */

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
  BooruServiceContext *context = web_service_get_context (web_request_get_service (self->request));

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

/* The page */

static void
add_place (WebList *places, const char *href, const char *label, const char *here)
{
  WebDict *place = web_list_append (places);

  web_dict_set_static (place, "href", href);
  web_dict_set_static (place, "label", label);
  web_dict_set_boolean (place, "here", strcmp (href, here) == 0);
}

void
page_system_init_page (WebPage *page, WebRequest *request, const char *title, const char *here)
{
  WebList *places;

  web_page_init (page, BOORU_REQUEST (request));
  web_page_set_title (page, title);
  web_dict_set_string (page->values, "heading", title);
  web_dict_set_boolean (page->values, "on-system", TRUE);
  web_dict_take_string (page->values, "token", web_admin_dup_token (request));
  web_dict_set_static (page->values, "notice", "");
  web_dict_set_boolean (page->values, "notice-bad", FALSE);
  places = web_dict_add_list (page->values, "places");
  add_place (places, "/system", "Overview", here);
  add_place (places, "/system/failures", "Failures", here);
  add_place (places, "/system/settings", "Settings", here);
}

static const char *
get_done (WebRequest *request)
{
  static const struct
  {
    const char *word, *text;
  } done[] = {
    { "scan", "Scanning all folders." },
    { "retry", "Trying again. Files that still fail stay in the list." },
    { "reload", "Settings reloaded. Restarting web processes one by one." },
    { "restart", "Restarting the service." },
    { "plugin", "Done." },
    { "folder", "Folder added. Scanning it now." },
    { "folder-gone", "Folder removed: it is no longer watched. Its posts and tags are kept." },
    { "ingest", "Ingest folder saved." },
  };
  const char *word = booru_request_get_param (BOORU_REQUEST (request), "done");

  for (gsize i = 0; word && i < G_N_ELEMENTS (done); i++)
    if (strcmp (done[i].word, word) == 0)
      return done[i].text;
  return NULL;
}

char *
page_system_dup_done (WebRequest *request)
{
  const char *done = get_done (request);
  g_autofree char *covered = done ? page_system_describe_covered (request) : NULL;

  return g_strconcat (done ? done : "", covered ? " " : NULL, covered, NULL);
}

/* What was typed stays, with what is wrong with it. @otherwise: NULL: keep what is set. */
static void
set_field (PageSystem *self,
           WebDict *values,
           const char *name,
           const char *error_name,
           const char *otherwise)
{
  gboolean refused = g_strcmp0 (self->field, name) == 0;

  if (refused || otherwise)
    web_dict_set_string (values, name, refused ? self->typed : otherwise);
  web_dict_set_string (values, error_name, refused ? self->wrong : NULL);
}

static void
show (PageSystem *self)
{
  g_auto (WebPage) page = { 0 };
  g_autofree char *done = page_system_dup_done (self->request);

  page_system_init_page (&page, self->request, "System", "/system");
  if (self->notice || *done)
    web_dict_set_string (page.values, "notice", self->notice ? self->notice : done);
  web_dict_set_boolean (page.values, "notice-bad", self->bad);
  web_dict_set_string (page.values, "why", self->status ? NULL : self->why);
  web_dict_set_boolean (page.values, "known", self->status != NULL);
  page_system_add_host (self, page.values);
  page_system_add_progress (self, page.values);
  page_system_add_folders (self, page.values);
  page_system_add_services (self, page.values);
  page_system_add_plugins (self, page.values);
  page_system_add_numbers (self, page.values);
  page_system_add_events (self, page.values);
  set_field (self, page.values, "add-folder", "add-folder-error", "");
  set_field (self, page.values, "ingest-folder", "ingest-folder-error", NULL);
  web_page_respond (&page, self->http_status, "system");
}

void
page_system_show (PageSystem *self)
{
  page_system_ask (self, show);
}

void
page_system_handle_overview (BooruRequest *request, gpointer user_data)
{
  if (web_admin_check (WEB_REQUEST (request)))
    page_system_show (page_system_new (WEB_REQUEST (request)));
}
