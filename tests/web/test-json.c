/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "view/web-json.h"

static void
require_string (const char *value, gsize length, const char *expected)
{
  WebJson json;
  g_autofree char *text = NULL;

  web_json_init (&json, NULL);
  web_json_string_length (&json, value, length);
  text = g_string_free (web_json_finish (&json), FALSE);
  g_assert_cmpstr (text, ==, expected);
}

#define REQUIRE_STRING(literal, expected) require_string (literal, sizeof literal - 1, expected)

static void
test_escapes (void)
{
  REQUIRE_STRING ("", "\"\"");
  REQUIRE_STRING ("plain_tag", "\"plain_tag\"");
  REQUIRE_STRING ("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
  REQUIRE_STRING ("\n\r\t\b\x01\x1f\x7f", "\"\\n\\r\\t\\u0008\\u0001\\u001f\\u007f\"");
  REQUIRE_STRING ("é€😀", "\"é€😀\"");
  REQUIRE_STRING ("a\xe2\x80\xa8"
                  "b\xe2\x80\xa9"
                  "c\xe2\x80\xaa",
                  "\"a\\u2028b\\u2029c\xe2\x80\xaa\"");
  REQUIRE_STRING ("a\0b", "\"a\\u0000b\"");
}

static void
test_invalid_utf8 (void)
{
  REQUIRE_STRING ("a\xff"
                  "b",
                  "\"a\xef\xbf\xbd"
                  "b\"");
  REQUIRE_STRING ("\xe2\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  REQUIRE_STRING ("\xe2", "\"\xef\xbf\xbd\"");
  REQUIRE_STRING ("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void
test_structure (void)
{
  WebJson json;
  g_autofree char *text = NULL;

  web_json_init (&json, NULL);
  web_json_begin_array (&json);
  web_json_begin_object (&json);
  web_json_member_int (&json, "a", G_MININT64);
  web_json_member_string (&json, "b", "x:");
  web_json_member_null (&json, "c");
  web_json_member_boolean (&json, "d", TRUE);
  web_json_member_int_or_null (&json, "e", 0);
  web_json_member (&json, "f");
  web_json_begin_array (&json);
  web_json_string (&json, ":");
  web_json_int (&json, 0);
  web_json_double (&json, 2);
  web_json_double (&json, 0.5);
  web_json_double (&json, NAN);
  web_json_end_array (&json);
  web_json_end_object (&json);
  web_json_begin_object (&json);
  web_json_end_object (&json);
  web_json_string (&json, NULL);
  web_json_end_array (&json);
  text = g_string_free (web_json_finish (&json), FALSE);
  g_assert_cmpstr (text, ==,
                   "[{\"a\":-9223372036854775808,\"b\":\"x:\",\"c\":null,\"d\":true,\"e\":null,"
                   "\"f\":[\":\",0,2.0,0.5,null]},{},null]");
}

static void
require_time (gint64 microseconds, const char *expected)
{
  WebJson json;
  g_autofree char *text = NULL;
  g_autofree char *whole = g_strdup_printf ("{\"t\":\"%s\"}", expected);

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_time (&json, "t", microseconds);
  web_json_end_object (&json);
  text = g_string_free (web_json_finish (&json), FALSE);
  g_assert_cmpstr (text, ==, whole);
}

static void
test_times (void)
{
  require_time (0, "1970-01-01T00:00:00.000+00:00");
  require_time (G_GINT64_CONSTANT (1706659199123999), "2024-01-30T23:59:59.123+00:00");
  require_time (-1, "1969-12-31T23:59:59.999+00:00");
}

static char *
write_with (const char *only)
{
  g_autoptr (WebFields) fields = web_fields_parse (only);
  WebJson json;

  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; i < 2; i++)
    {
      web_json_begin_object (&json);
      web_json_member_int (&json, "id", i);
      web_json_member_string (&json, "md5", "m");
      if (web_json_member (&json, "media_asset"))
        {
          web_json_begin_object (&json);
          web_json_member_int (&json, "id", 10 + i);
          if (web_json_member (&json, "variants"))
            {
              web_json_begin_array (&json);
              for (guint j = 0; j < 2; j++)
                {
                  web_json_begin_object (&json);
                  web_json_member_int (&json, "url", j);
                  web_json_member_int (&json, "width", j);
                  web_json_end_object (&json);
                }
              web_json_end_array (&json);
            }
          web_json_end_object (&json);
        }
      web_json_member_int (&json, "score", 0);
      web_json_end_object (&json);
    }
  web_json_end_array (&json);
  return g_string_free (web_json_finish (&json), FALSE);
}

static void
require_only (const char *only, const char *expected)
{
  g_autofree char *text = write_with (only);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_only (void)
{
  g_autofree char *everything = write_with (NULL);

  require_only ("id,md5", "[{\"id\":0,\"md5\":\"m\"},{\"id\":1,\"md5\":\"m\"}]");
  require_only (" score , id ", "[{\"id\":0,\"score\":0},{\"id\":1,\"score\":0}]");
  require_only ("id,media_asset[variants[url]],score",
                "[{\"id\":0,\"media_asset\":{\"variants\":[{\"url\":0},{\"url\":1}]},\"score\":0},"
                "{\"id\":1,\"media_asset\":{\"variants\":[{\"url\":0},{\"url\":1}]},\"score\":0}]");
  require_only ("media_asset[id]", "[{\"media_asset\":{\"id\":10}},{\"media_asset\":{\"id\":11}}]");
  require_only ("nonsense", "[{},{}]");
  require_only ("", everything);
  require_only (",,", everything);
}

static void
test_broken_only (void)
{
  static const char *const broken[] = {
    "id]",
    "]id",
    "id[",
    "[[[[[[[[[[[[[[[[[[[[id",
    "id[]]],md5[[",
    "[id]",
    "a[b[c[d[e[f[g[h[i[j[k]]]]]]]]]]],id",
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (WebFields) fields = web_fields_parse (broken[i]);

      g_assert_true (fields == NULL || !web_fields_wants (fields, "nothing", NULL));
    }
  require_only ("id]]", "[{\"id\":0},{\"id\":1}]");
  require_only ("a[b[c[d[e[f[g[h[i[j[k]]]]]]]]]]],id", "[{\"id\":0},{\"id\":1}]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/json/escapes", test_escapes);
  g_test_add_func ("/web/json/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/web/json/structure", test_structure);
  g_test_add_func ("/web/json/times", test_times);
  g_test_add_func ("/web/json/only", test_only);
  g_test_add_func ("/web/json/broken-only", test_broken_only);
  return g_test_run ();
}
