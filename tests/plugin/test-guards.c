/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A caller's mistake is reported, and costs nothing else. */
#include <booru.h>

#define expect_guard(domain)                                                                       \
  g_test_expect_message (domain, G_LOG_LEVEL_CRITICAL, "*assertion*failed")

static void
test_base (void)
{
  expect_guard ("booru");
  g_assert_cmpstr (booru_dict_get_text (NULL, "name"), ==, "");
  expect_guard ("booru");
  g_assert_null (booru_spool_new (NULL, NULL));
  expect_guard ("booru");
  g_assert_false (booru_paths_is_inside ("/data", NULL));
  g_test_assert_expected_messages ();
}

static void
test_plugin (void)
{
  g_autoptr (BooruConfig) config = booru_config_new (g_variant_new ("a{sv}", NULL));

  expect_guard ("booru");
  g_assert_cmpstr (booru_config_get_string (config, NULL, "fallback"), ==, "fallback");
  expect_guard ("booru");
  g_assert_cmpuint (booru_config_get_uint (NULL, BOORU_CONFIG_PORT, 80), ==, 80);
  expect_guard ("booru");
  booru_request_respond (NULL, 200, NULL, NULL);
  g_test_assert_expected_messages ();
}

static void
test_board (void)
{
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);
  BooruPage page;

  expect_guard (NULL);
  g_assert_false (booru_page_parse ("1", 20, NULL, NULL));
  expect_guard (NULL);
  g_assert_null (booru_store_get_post ((BooruStore *)other, 1, NULL));
  expect_guard (NULL);
  g_assert_null (booru_variant_get_name (BOORU_N_VARIANTS));
  g_test_assert_expected_messages ();

  g_assert_true (booru_page_parse ("1", 20, &page, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guards/base", test_base);
  g_test_add_func ("/guards/plugin", test_plugin);
  g_test_add_func ("/guards/board", test_board);
  return g_test_run ();
}
