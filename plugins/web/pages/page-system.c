/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of everything, for the administrator: /system. */
#include "page-system.h"

#include <string.h>

#include "page-text.h"
#include "web-form-token.h"

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
  web_dict_take_string (page->values, "token", web_form_token_dup (request));
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
  page_system_add_versions (self, &page);
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
  page_system_show (page_system_new (WEB_REQUEST (request)));
}
