/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-guard.h"

#include <string.h>

char *
web_guard_dup_hostname (const char *host)
{
  const char *end, *colon;

  if (host == NULL || *host == '\0' || strpbrk (host, "/@?#\\ \t") != NULL)
    return NULL;

  if (*host == '[')
    {
      end = strchr (host, ']');
      if (end == NULL || (end[1] != '\0' && end[1] != ':'))
        return NULL;
      return g_ascii_strdown (host + 1, end - host - 1);
    }

  colon = strchr (host, ':');
  end = colon ? colon : host + strlen (host);
  if (end > host && end[-1] == '.')
    end--;
  return end > host ? g_ascii_strdown (host, end - host) : NULL;
}

static gboolean
is_trusted (const WebSettings *settings, const char *name)
{
  if (settings->base_host && g_str_equal (settings->base_host, name))
    return TRUE;
  for (guint i = 0; settings->trusted_hosts[i]; i++)
    if (g_ascii_strcasecmp (settings->trusted_hosts[i], name) == 0)
      return TRUE;
  return FALSE;
}

gboolean
web_guard_check_host (const WebSettings *settings, const char *host)
{
  g_autofree char *name = NULL;

  if (!settings->loopback)
    return TRUE;
  if (host == NULL)
    return TRUE; /* HTTP/1.0 without a Host: no browser sends that */

  name = web_guard_dup_hostname (host);
  return name && (web_settings_is_loopback_host (name) || is_trusted (settings, name));
}

static gboolean
is_same_origin (const WebSettings *settings, const char *url, const char *host)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *authority = NULL;
  const char *name;
  gint port;

  if (uri == NULL || (name = g_uri_get_host (uri)) == NULL)
    return FALSE; /* also "null", the origin of a sandboxed frame */

  if (settings->base_url)
    {
      gsize length = strlen (settings->base_url);

      if (g_ascii_strncasecmp (url, settings->base_url, length) == 0
          && (url[length] == '\0' || url[length] == '/'))
        return TRUE;
      if (settings->base_host && g_ascii_strcasecmp (name, settings->base_host) == 0)
        return TRUE;
    }

  port = g_uri_get_port (uri);
  if (strchr (name, ':'))
    authority = port > 0 ? g_strdup_printf ("[%s]:%d", name, port) : g_strdup_printf ("[%s]", name);
  else
    authority = port > 0 ? g_strdup_printf ("%s:%d", name, port) : g_strdup (name);
  return host && g_ascii_strcasecmp (authority, host) == 0;
}

gboolean
web_guard_check_origin (const WebSettings *settings, const WebOrigin *origin)
{
  if (g_str_equal (origin->method, "GET") || g_str_equal (origin->method, "HEAD")
      || g_str_equal (origin->method, "OPTIONS"))
    return TRUE;

  if (origin->origin)
    return is_same_origin (settings, origin->origin, origin->host);
  if (origin->sec_fetch_site)
    return g_str_equal (origin->sec_fetch_site, "same-origin")
           || g_str_equal (origin->sec_fetch_site, "none");
  if (origin->referer)
    return is_same_origin (settings, origin->referer, origin->host);
  return TRUE;
}

gboolean
web_guard_allows_other_sites (const BooruRoute *route)
{
  static const char *const own[] = { "/system", "/health" };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_str_has_prefix (route->pattern, own[i]))
      return FALSE;
  return g_str_has_suffix (route->pattern, ".json");
}
