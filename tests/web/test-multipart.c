/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forms with files, cut at every place. */
#include <booru.h>
#include <string.h>

#include "http/web-multipart.h"

#define TYPE "multipart/form-data; boundary=B"

/* What was told, as text. */
static gboolean
on_begin (const char *name, const char *file_name, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "[%s%s%s:", name, file_name ? "=" : "",
                          file_name ? file_name : "");
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
  g_string_append_c (user_data, ']');
  return TRUE;
}

static const WebMultipartFuncs funcs = { on_begin, on_data, on_end };

/* Fed in two pieces, cut at @cut; or byte by byte. */
static char *
parse (const char *body, gsize size, gsize cut, GError **error)
{
  GString *out = g_string_new (NULL);
  g_autoptr (WebMultipart) parser = web_multipart_new (TYPE, &funcs, out, error);
  gboolean good = TRUE;

  g_assert_nonnull (parser);
  if (cut <= size)
    good = web_multipart_feed (parser, body, cut, error)
           && web_multipart_feed (parser, body + cut, size - cut, error);
  for (gsize i = 0; good && cut > size && i < size; i++)
    good = web_multipart_feed (parser, body + i, 1, error);
  if (good && web_multipart_finish (parser, error))
    return g_string_free (out, FALSE);
  g_string_free (out, TRUE);
  return NULL;
}

static void
require (const char *body, const char *expected)
{
  gsize size = strlen (body);

  for (gsize cut = 0; cut <= size + 1; cut++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *got = parse (body, size, cut, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (got, ==, expected);
    }
}

static void
prohibit (const char *body)
{
  gsize size = strlen (body);

  for (gsize cut = 0; cut <= size + 1; cut++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *got = parse (body, size, cut, &error);

      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
      g_assert_null (got);
    }
}

#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_(name, file)                                                                          \
  "Content-Disposition: form-data; name=\"" name "\"; filename=\"" file                            \
  "\"\r\nContent-Type: image/png\r\n\r\n"

static void
test_whole (void)
{
  require ("--B\r\n" FIELD ("a") "one\r\n--B--\r\n", "[a:one]");
  require ("preamble\r\n--B\r\n" FIELD ("a") "one\r\n--B--\r\nepilogue\r\n--B\r\n", "[a:one]");
  require ("--B\r\n" FIELD ("a") "\r\n--B\r\n" FILE_ ("f[0]", "x.png") "\r\n--B--",
           "[a:][f[0]=x.png:]");
  require ("--B \t\r\n" FILE_ ("f", "") "\r\n--B--\r\n", "[f=:]");
  /* What only looks like a boundary. */
  require ("--B\r\n" FIELD ("a") "x\r\n-\r\n--\r\n--A\r\n\r\n--B--\r\n",
           "[a:x\r\n-\r\n--\r\n--A\r\n]");
  require ("--B\r\n" FIELD ("a") "\r\r\r\n--B--\r\n", "[a:\r\r]");
}

static void
test_broken (void)
{
  prohibit ("");
  prohibit ("no boundary at all");
  prohibit ("--B\r\n" FIELD ("a") "one");
  prohibit ("--B\r\n" FIELD ("a") "one\r\n--B");
  prohibit ("--B\r\nContent-Type: text/plain\r\n\r\none\r\n--B--\r\n");
  prohibit ("--B\r\n\r\none\r\n--B--\r\n");
  prohibit ("--Bx\r\n" FIELD ("a") "one\r\n--B--\r\n");
}

static void
test_long_headers (void)
{
  g_autoptr (GString) body = g_string_new ("--B\r\nX: ");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_c (body, 'x');
  g_assert_null (parse (body->str, body->len, body->len / 2, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

static void
test_boundary (void)
{
  static const char *const types[]
      = { "multipart/form-data",
          "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"" };
  g_autoptr (GError) long_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (web_multipart_new (types[i], &funcs, NULL, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
    }
  g_assert_null (web_multipart_new ("multipart/form-data; boundary="
                                    "0123456789012345678901234567890123456789"
                                    "0123456789012345678901234567890123456789",
                                    &funcs, NULL, &long_error));
  g_assert_error (long_error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/multipart/whole", test_whole);
  g_test_add_func ("/web/multipart/broken", test_broken);
  g_test_add_func ("/web/multipart/long-headers", test_long_headers);
  g_test_add_func ("/web/multipart/boundary", test_boundary);
  return g_test_run ();
}
