/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-fixture.h"

char *
fixture_make_path (const char *pattern)
{
  g_auto (GStrv) segments = g_strsplit (pattern, "/", -1);

  for (char **segment = segments; *segment; segment++)
    if (**segment == ':')
      {
        const char *end = strchr (*segment, '.');
        char *value = g_strconcat ("1", end, NULL);

        g_free (*segment);
        *segment = value;
      }
  return g_strjoinv ("/", segments);
}

BooruAccess
fixture_get_access (const BooruRoute *route)
{
  if (route->access != BOORU_ACCESS_DEFAULT)
    return route->access;
  return g_str_equal (route->method, "GET") ? BOORU_ACCESS_VIEWER : BOORU_ACCESS_EDITOR;
}
