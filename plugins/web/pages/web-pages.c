/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pages/web-pages.h"

void
web_pages_add_routes (BooruExtensions *extensions)
{
}

GBytes *
web_pages_render_error (WebRequest *request, guint status, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  char *html = g_strdup_printf ("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                                "<title>%u</title><h1>%u</h1><p>%s</p></html>\n",
                                status, status, escaped);

  return g_bytes_new_take (html, strlen (html));
}
