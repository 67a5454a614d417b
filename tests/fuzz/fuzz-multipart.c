/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forms out of any bytes, cut at a place that the first byte chooses: nothing crashes, and it does
 * not matter where they were cut. */
#include <booru.h>

#include "fuzz-main.h"
#include "http/web-multipart.h"

static gboolean
on_begin (const char *name, const char *file_name, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "<%s|%s>", name, file_name ? file_name : "-");
  return TRUE;
}

static gboolean
on_data (const void *data, gsize size, gpointer user_data, GError **error)
{
  g_string_append_len (user_data, data, (gssize)size);
  return TRUE;
}

static gboolean
on_end (gpointer user_data, GError **error)
{
  g_string_append (user_data, "</>");
  return TRUE;
}

static const WebMultipartFuncs funcs = { on_begin, on_data, on_end };

static char *
parse (const guint8 *data, gsize size, gsize cut)
{
  GString *out = g_string_new (NULL);
  g_autoptr (WebMultipart) parser
      = web_multipart_new ("multipart/form-data; boundary=B", &funcs, out, NULL);

  if (web_multipart_feed (parser, data, cut, NULL)
      && web_multipart_feed (parser, data + cut, size - cut, NULL)
      && web_multipart_finish (parser, NULL))
    return g_string_free (out, FALSE);
  g_string_free (out, TRUE);
  return NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *whole = NULL;
  g_autofree char *halves = NULL;

  if (size == 0)
    return 0;
  whole = parse (data + 1, size - 1, size - 1);
  halves = parse (data + 1, size - 1, MIN (data[0], size - 1));
  g_assert_cmpstr (whole, ==, halves);
  return 0;
}
