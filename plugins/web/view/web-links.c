/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-links.h"

#include <string.h>

#include "web-template.h"

static gboolean
is_link (const char *name, gsize length)
{
  static const char *const names[]
      = { "href",       "src",    "srcset",       "imagesrcset", "action",
          "formaction", "poster", "data-archive", "data-facts",  "data-motion" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && memcmp (names[i], name, length) == 0)
      return TRUE;
  return FALSE;
}

/* The length of the attribute's name that ends before @end. */
static gsize
get_name_length (const char *start, const char *end)
{
  const char *at = end;

  while (at > start && (g_ascii_islower (at[-1]) || at[-1] == '-'))
    at--;
  return (gsize)(end - at);
}

/* A value is one URL, or with srcset several. */
static void
append_value (GString *out, const char *value, gsize length, const char *base)
{
  const char *end = value + length, *comma;

  while ((comma = memmem (value, (gsize)(end - value), ", /", 3)) != NULL)
    {
      g_string_append_printf (out, "%s%.*s", base, (int)(comma + 2 - value), value);
      value = comma + 2;
    }
  g_string_append_printf (out, "%s%.*s", base, (int)(end - value), value);
}

void
web_links_add_base_path (GString *html, const char *base_path)
{
  g_autoptr (GString) base = g_string_new (NULL);
  GString *out;
  const char *at = html->str, *found;

  if (*base_path == '\0')
    return;
  web_template_escape (base, base_path, strlen (base_path));
  out = g_string_sized_new (html->len + html->len / 8);
  while ((found = strstr (at, "=\"/")) != NULL)
    {
      const char *value = found + 2, *end = strchrnul (value, '"');
      gsize length = get_name_length (at, found);

      g_string_append_len (out, at, value - at);
      if (value[1] != '/' && is_link (found - length, length))
        append_value (out, value, (gsize)(end - value), base->str);
      else
        g_string_append_len (out, value, end - value);
      at = end;
    }
  g_string_append (out, at);
  g_string_assign (html, out->str);
  g_string_free (out, TRUE);
}

void
web_links_add_token (GString *html, const char *token)
{
  GString *out = g_string_sized_new (html->len + 512);
  const char *at = html->str, *found;

  while ((found = strstr (at, "<form ")) != NULL)
    {
      const char *end = strchr (found, '>');

      if (end == NULL)
        break;
      g_string_append_len (out, at, end + 1 - at);
      if (memmem (found, (gsize)(end - found), "method=\"post\"", 13))
        g_string_append_printf (out, "<input type=\"hidden\" name=\"token\" value=\"%s\">", token);
      at = end + 1;
    }
  g_string_append (out, at);
  g_string_assign (html, out->str);
  g_string_free (out, TRUE);
}
