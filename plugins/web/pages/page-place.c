/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page-place.h"

#include <string.h>

#include "page-text.h"

static guint
read_number (WebRequest *request, const char *name)
{
  return (guint)CLAMP (web_request_get_int (request, name, 0), 0, G_MAXINT);
}

void
page_place_read (PagePlace *self, WebRequest *request)
{
  const char *query = booru_request_get_param (BOORU_REQUEST (request), "q");

  self->query = query ? query : "";
  self->seed = read_number (request, "seed");
  self->limit = read_number (request, "limit");
  self->before = read_number (request, "n");
}

/* Appends NAME=VALUE, if it is not 0. */
static char *
add_number (char *url, const char *name, guint value)
{
  char *longer;

  if (value == 0)
    return url;
  longer = g_strdup_printf ("%s%c%s=%u", url, strchr (url, '?') ? '&' : '?', name, value);
  g_free (url);
  return longer;
}

char *
page_place_url (const PagePlace *self, const char *path, gint step)
{
  char *url = page_url_with_query (path, self->query);
  gint before = (gint)self->before + step;

  url = add_number (url, "seed", self->seed);
  url = add_number (url, "limit", self->limit);
  return add_number (url, "n", (guint)MAX (before, 0));
}

char *
page_place_url_of_post (const PagePlace *self, gint64 id, gint step)
{
  g_autofree char *path = g_strdup_printf ("/posts/%" G_GINT64_FORMAT, id);

  return page_place_url (self, path, step);
}

char *
page_place_url_of_page (const PagePlace *self, const char *page)
{
  g_autofree char *url = page_url_from_page (self->query, self->limit, page);

  return add_number (g_steal_pointer (&url), "seed", self->seed);
}

/* Only the number in the address is believed. */
gboolean
page_place_goes_on (WebRequest *request, gint64 *next)
{
  const char *url = booru_request_get_param (BOORU_REQUEST (request), "next");
  guint64 id = url && g_str_has_prefix (url, "/posts/")
                   ? g_ascii_strtoull (url + strlen ("/posts/"), NULL, 10)
                   : 0;

  if (id == 0 || id > G_MAXINT64)
    return FALSE;
  if (next)
    *next = (gint64)id;
  return TRUE;
}

char *
page_place_url_after_form (WebRequest *request, gint64 id, gint step)
{
  PagePlace place;
  gint64 next;

  page_place_read (&place, request);
  if (page_place_goes_on (request, &next))
    return page_place_url_of_post (&place, next, step);
  return page_place_url_of_post (&place, id, 0);
}

char *
page_place_url_of_gallery (const PagePlace *self, gint64 id)
{
  guint limit = self->limit ? self->limit : WEB_PAGE_POSTS;
  guint page = self->before / limit + 1;
  g_autofree char *text = g_strdup_printf ("%u", page);
  g_autofree char *url = NULL;

  if (self->before == 0 || page > BOORU_PAGE_MAX_NUMBER)
    return page_place_url_of_page (self, NULL);
  url = page_place_url_of_page (self, page > 1 ? text : NULL);
  return g_strdup_printf ("%s#post-%" G_GINT64_FORMAT, url, id);
}
