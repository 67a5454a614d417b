/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-config.h"

static BooruConfig *
make_config (void)
{
  const char *folders[] = { "/a", "/\xff", NULL };
  g_auto (GVariantDict) dictionary = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert_value (&dictionary, BOORU_CONFIG_LIBRARY_FOLDERS,
                               g_variant_new_bytestring_array (folders, -1));
  g_variant_dict_insert_value (&dictionary, BOORU_CONFIG_DATA_DIR,
                               g_variant_new_bytestring ("/d\xff"));
  g_variant_dict_insert (&dictionary, "port", "q", 81);
  g_variant_dict_insert (&dictionary, "workers", "u", 3);
  g_variant_dict_insert (&dictionary, "max-pixels", "t", G_GUINT64_CONSTANT (300000000));
  g_variant_dict_insert (&dictionary, "huge", "t", G_MAXUINT64);
  g_variant_dict_insert (&dictionary, "negative", "i", -5);
  g_variant_dict_insert (&dictionary, "ratio", "d", 0.5);
  g_variant_dict_insert (&dictionary, "address", "s", "::1");
  g_variant_dict_insert (&dictionary, "verbose", "b", TRUE);
  return booru_config_new (g_variant_dict_end (&dictionary));
}

static void
test_values (void)
{
  g_autoptr (BooruConfig) config = make_config ();
  g_auto (GStrv) folders = booru_config_dup_paths (config, BOORU_CONFIG_LIBRARY_FOLDERS);

  g_assert_cmpstr (folders[0], ==, "/a");
  g_assert_cmpstr (folders[1], ==, "/\xff");
  g_assert_null (folders[2]);
  g_assert_cmpstr (booru_config_get_path (config, BOORU_CONFIG_DATA_DIR), ==, "/d\xff");
  g_assert_cmpuint (booru_config_get_uint (config, "port", 1), ==, 81);
  g_assert_cmpuint (booru_config_get_uint (config, "workers", 1), ==, 3);
  g_assert_cmpuint (booru_config_get_uint (config, "huge", 1), ==, G_MAXUINT);
  g_assert_cmpuint (booru_config_get_uint (config, "negative", 1), ==, 0);
  g_assert_cmpint (booru_config_get_int64 (config, "huge", 1), ==, G_MAXINT64);
  g_assert_cmpint (booru_config_get_int64 (config, "max-pixels", 1), ==, 300000000);
  g_assert_cmpint (booru_config_get_int64 (config, "negative", 1), ==, -5);
  g_assert_cmpfloat (booru_config_get_double (config, "ratio", 1), ==, 0.5);
  g_assert_cmpstr (booru_config_get_string (config, "address", NULL), ==, "::1");
  g_assert_true (booru_config_get_boolean (config, "verbose", FALSE));
  g_assert_true (booru_config_has (config, "verbose"));
}

/* What is absent, and what is there as another type, is the fallback. */
static void
test_fallbacks (void)
{
  g_autoptr (BooruConfig) config = make_config ();
  g_auto (GStrv) none = booru_config_dup_paths (config, "nothing");

  g_assert_false (booru_config_has (config, "nothing"));
  g_assert_null (none[0]);
  g_assert_null (booru_config_get_path (config, "address"));
  g_assert_cmpuint (booru_config_get_uint (config, "address", 7), ==, 7);
  g_assert_cmpstr (booru_config_get_string (config, "port", "no"), ==, "no");
  g_assert_true (booru_config_get_boolean (config, "nothing", TRUE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/values", test_values);
  g_test_add_func ("/config/fallbacks", test_fallbacks);
  return g_test_run ();
}
