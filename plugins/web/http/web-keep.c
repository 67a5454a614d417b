/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-keep.h"

GBytes *
web_keep_make_head (SoupMessageHeaders *headers, GBytes *body)
{
  GString *text;
  SoupMessageHeadersIter iter;
  const char *name, *value;

  text = g_string_new (NULL);
  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strcasecmp (name, "Connection") != 0 && g_ascii_strcasecmp (name, "Date") != 0)
      g_string_append_printf (text, "%s: %s\r\n", name, value);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          g_bytes_get_size (body));
  return g_string_free_to_bytes (text);
}
